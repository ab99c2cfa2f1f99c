//! The piece of an article that a hit is shown with: some 240 columns around the best matches, cut
//! where a sentence or at least a word begins and ends.
//!
//! A long text is not cut into words whole: it is read paragraph by paragraph until one holds every
//! word of the query, and no further than [`READ`]. Thirty thousand characters are where reporters'
//! long reads end; what only matches behind them is shown with the start of its text.

use std::ops::Range;

use courant_model::{Language, Words};
use courant_text::words;

use crate::Snippet;
use crate::mark::{Marker, Matches};

/// Columns shown; a Chinese or Japanese character takes two.
const SHOWN: usize = 240;
/// Columns kept before the first match where its sentence begins further off.
const BEFORE: usize = 60;
/// Bytes of a text that are looked through.
const READ: usize = 60_000;
/// Longest piece that is cut into words at a time, in bytes.
const PIECE: usize = 2_000;

/// `text` whole, with matches marked.
pub(crate) fn title(text: &str, language: Language, marker: &Marker) -> Snippet {
    Snippet { text: text.to_owned(), marks: marker.title(&words(text, language), language).ranges }
}

/// The best piece of standfirst and text; the start where nothing matches in them.
pub(crate) fn passage(standfirst: &str, body: &str, language: Language, marker: &Marker) -> Snippet {
    let mut best: Option<(Piece<'_>, Matches)> = None;
    let wanted = marker.in_text(language);
    if wanted > 0 {
        for piece in pieces(standfirst).chain(pieces(body)) {
            let matches = marker.text(&words(piece.text(), language), language);
            let (distinct, all) = (matches.distinct, matches.distinct == wanted);
            if distinct > best.as_ref().map_or(0, |(_, matches)| matches.distinct) {
                best = Some((piece, matches));
            }
            if all {
                break;
            }
        }
    }
    match best {
        Some((piece, matches)) => shown(&piece, &words(piece.text(), language), &matches),
        None => {
            let start = [standfirst, body].into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default();
            match pieces(start).next() {
                Some(piece) => shown(&piece, &words(piece.text(), language), &Matches::default()),
                None => Snippet::default(),
            }
        }
    }
}

/// The paragraphs of a text as far as it is read, in parts where they are long.
pub(crate) fn texts(whole: &str) -> impl Iterator<Item = &str> {
    pieces(whole).map(|piece| &whole[piece.range])
}

/// A paragraph of a text, or a part of a long one.
struct Piece<'a> {
    whole: &'a str,
    range: Range<usize>,
}

impl<'a> Piece<'a> {
    fn text(&self) -> &'a str {
        &self.whole[self.range.clone()]
    }
}

fn pieces(whole: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        while start < whole.len().min(READ) {
            let line = whole[start..].find('\n').map_or(whole.len(), |at| start + at);
            let end = if line - start > PIECE { border(whole, start) } else { line };
            let range = start..end;
            start = if end == line { line + 1 } else { end };
            if !whole[range.clone()].trim().is_empty() {
                return Some(Piece { whole, range });
            }
        }
        None
    })
}

/// Where a piece that begins at `start` of a long paragraph ends: behind its last sentence, else
/// its last blank, else anywhere between two characters.
fn border(whole: &str, start: usize) -> usize {
    // Called where more than a piece is left.
    let mut end = start + PIECE;
    while !whole.is_char_boundary(end) {
        end -= 1;
    }
    let part = &whole[start..end];
    let sentence = part.char_indices().rev().find(|(_, c)| ends_sentence(*c)).map(|(at, c)| at + c.len_utf8());
    let blank = || part.rfind(char::is_whitespace).filter(|at| *at > 0);
    let at = sentence.filter(|at| *at > PIECE / 2).or_else(blank).unwrap_or(part.len());
    start + at.max(1)
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '।' | '॥' | '؟' | '۔' | '።' | '။')
}

/// Columns that a character takes.
fn width(c: char) -> usize {
    let wide = matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0xfe30..=0xfe4f | 0xff00..=0xff60 | 0x1f300..=0x1faff | 0x20000..=0x3fffd);
    if wide { 2 } else { 1 }
}

fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// Cuts what is shown out of `piece`. `matches` are ranges of the piece's text.
fn shown(piece: &Piece<'_>, words: &Words, matches: &Matches) -> Snippet {
    let text = piece.text();
    let start = begin(text, words, densest(text, &matches.ranges));
    let end = finish(text, words, start);
    let mut cut = String::with_capacity(end - start + 8);
    if !begins_sentence(text, start) {
        cut.push('…');
    }
    let lead = cut.len();
    cut.push_str(&text[start..end]);
    let marks = matches.ranges.iter().filter(|range| range.start >= start && range.end <= end);
    let marks = marks.map(|range| lead + range.start - start..lead + range.end - start).collect();
    if !text[end..].trim().is_empty() && !cut.ends_with(ends_sentence) {
        cut.push('…');
    }
    Snippet { text: cut, marks }
}

/// The match from which on most others fit into what is shown.
fn densest(text: &str, ranges: &[Range<usize>]) -> usize {
    let fitting = |nth: usize| {
        let first = &ranges[nth];
        ranges[nth..].iter().take_while(|range| columns(&text[first.start..range.end]) <= SHOWN - BEFORE).count()
    };
    // Of equals the first: `max_by_key` would give the last.
    (0..ranges.len()).rev().max_by_key(|nth| fitting(*nth)).map_or(0, |nth| ranges[nth].start)
}

/// Where to begin so that `first` is shown: at its sentence if that is near, else at a word.
fn begin(text: &str, words: &Words, first: usize) -> usize {
    let (mut width_before, mut furthest) = (0, first);
    for (at, c) in text[..first].char_indices().rev() {
        width_before += width(c);
        if width_before > BEFORE {
            break;
        }
        furthest = at;
    }
    if furthest == 0 {
        return text.len() - text.trim_start().len();
    }
    let sentence =
        text[furthest..first].char_indices().map(|(at, _)| furthest + at).find(|at| begins_sentence(text, *at));
    let word = || words.tokens.iter().map(|token| token.start as usize).find(|start| *start >= furthest);
    sentence.or_else(word).unwrap_or(first).min(first)
}

/// Whether a sentence begins at this byte.
fn begins_sentence(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let bare = before.trim_end();
    if bare.is_empty() {
        return true;
    }
    // Scripts without blanks begin the next sentence behind the stop itself.
    let parted = bare.len() < before.len() || bare.ends_with(['。', '！', '？']);
    let fresh = text[at..].starts_with(|c: char| !c.is_whitespace());
    parted && fresh && bare.trim_end_matches(['"', '”', '»', '」', '』', ')', '’']).ends_with(ends_sentence)
}

/// Where to end: behind the last sentence that fits if it fills most of the room, else behind a word.
fn finish(text: &str, words: &Words, start: usize) -> usize {
    let (mut room, mut last, mut sentence) = (SHOWN, text.len(), None);
    for (at, c) in text[start..].char_indices() {
        let (at, after) = (start + at, start + at + c.len_utf8());
        if width(c) > room {
            last = at;
            break;
        }
        room -= width(c);
        let stops =
            ends_sentence(c) && text[after..].starts_with(|next: char| next.is_whitespace() || width(next) == 2);
        if stops && room < SHOWN / 3 {
            sentence = Some(after);
        }
    }
    if last == text.len() {
        return start + text[start..].trim_end().len();
    }
    // A word that begins before the limit and ends behind it is left out.
    let word = words.tokens.iter().map(|token| token.end as usize).filter(|end| *end > start && *end <= last).max();
    sentence.or(word).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use courant_model::Catalogue;

    use super::*;
    use crate::plan::Plan;
    use crate::{Filters, Query};

    fn marker(query: &str) -> Marker {
        Marker::new(&Plan::new(&Query::parse(query), &Filters::default(), &Catalogue::default()))
    }

    fn cut(query: &str, language: &str, standfirst: &str, body: &str) -> (String, Vec<String>) {
        let snippet = passage(standfirst, body, Language::parse(language), &marker(query));
        let marked = snippet.marks.iter().map(|mark| snippet.text[mark.clone()].to_owned()).collect();
        assert!(columns(&snippet.text) <= SHOWN + 2, "{}", snippet.text);
        (snippet.text, marked)
    }

    const FILLER: &str = "The minister did not answer any of our many questions about it. ";

    #[test]
    fn a_short_text_is_shown_whole() {
        assert_eq!(cut("nso", "en", "", "NSO denied it."), ("NSO denied it.".to_owned(), vec!["NSO".to_owned()]));
        assert_eq!(cut("nso", "en", "", ""), (String::new(), vec![]));
    }

    #[test]
    fn a_piece_begins_and_ends_with_sentences_where_it_can() {
        let body = format!("{}Then NSO denied it all. {}", FILLER.repeat(9), FILLER.repeat(9));
        let (text, marked) = cut("nso", "en", "", &body);
        assert!(text.starts_with("Then NSO denied it all. The minister"), "{text}");
        assert!(text.ends_with("about it."), "{text}");
        assert_eq!(marked, ["NSO"]);
    }

    #[test]
    fn else_it_begins_and_ends_with_words() {
        let clause = "and so the report went on and on without a stop ";
        let body = format!("{}before NSO denied {}", clause.repeat(5), clause.repeat(9));
        let (text, _) = cut("nso", "en", "", &body);
        assert!(text.starts_with('…') && text.ends_with('…'), "{text}");
        let inner = text.trim_matches('…');
        assert!(body.contains(&format!(" {inner} ")), "{text}");
        assert!(text.find("NSO").is_some_and(|at| at < 80), "{text}");
    }

    #[test]
    fn the_paragraph_with_the_most_words_of_the_query_is_shown() {
        let body = format!("Amazon sells books.\n{FILLER}\nAmazon shut the servers of NSO.\nNSO denied it.");
        let (text, marked) = cut("amazon nso", "en", "Amazon in the news.", &body);
        assert_eq!(text, "Amazon shut the servers of NSO.");
        assert_eq!(marked, ["Amazon", "NSO"]);
        assert_eq!(cut("denied", "en", "", &body).0, "NSO denied it.");
    }

    #[test]
    fn the_start_is_shown_where_only_the_title_matches() {
        assert_eq!(cut("pegasus", "en", "", "\n\nFirst words.\nMore.").0, "First words.");
        assert_eq!(cut("pegasus", "en", "Standfirst.", "First words.").0, "Standfirst.");
        assert_eq!(cut("", "en", "", &FILLER.repeat(20)).0.matches("minister").count(), 3);
    }

    #[test]
    fn long_paragraphs_without_blanks_are_cut_between_characters() {
        let body = format!("{}间谍软件{}", "调查显示记者的手机被监控。".repeat(100), "调查还在继续中".repeat(60));
        let (text, marked) = cut("间谍软件", "zh", "", &body);
        assert_eq!(marked, ["间谍软件"]);
        assert!(!text.starts_with('…'), "at a sentence: {text}");
        let hindi = format!("{}जासूसी {}", "पत्रकारों ने कहा कि ".repeat(30), "क्षेत्र में ".repeat(60));
        let (text, marked) = cut("जासूसी", "hi", "", &hindi);
        assert_eq!(marked, ["जासूसी"]);
        assert!(hindi.contains(&format!(" {} ", text.trim_matches('…'))), "{text}");
        let arabic = format!("{}برنامج التجسس {}", "قال الصحفيون إن ".repeat(30), "كثير من الناس ".repeat(40));
        let (text, marked) = cut("التجسس", "ar", "", &arabic);
        assert_eq!(marked, ["التجسس"]);
        assert!(arabic.contains(&format!(" {} ", text.trim_matches('…'))), "{text}");
    }

    #[test]
    fn a_match_far_down_is_found_and_one_without_end_is_not_waited_for() {
        let body = format!("{}The last word is quartz.", FILLER.repeat(600));
        assert_eq!(cut("quartz", "en", "", &body).1, ["quartz"]);
        let endless = format!("{} quartz", "x".repeat(3 * READ));
        assert!(cut("quartz", "en", "", &endless).1.is_empty());
        assert!(cut("quartz", "en", "", &"\u{301}".repeat(9_000)).1.is_empty());
    }
}
