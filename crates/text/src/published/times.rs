//! Dates that the page shows its readers: `time` elements, lines round the headline, parts that are
//! called date.

use courant_model::{DateSource, Dated, Precision};
use scraper::node::Element;

use super::DAY;
use super::reader::Reader;
use crate::fold::fold;
use crate::html::dom::value_of;
use crate::html::tokens::Tokens;
use crate::lexicon;
use crate::page::Page;
use crate::script::is_cjk;
use crate::title::Title;

/// Dates on the page itself.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// Of a `time` element.
    pub(super) published: Option<Dated>,
    pub(super) modified: Option<Dated>,
    /// Of the microformat, where no words tell one.
    titled: Option<Dated>,
    /// Of words round the headline, or in a part that is called date.
    pub(super) text: Option<Dated>,
}

/// Blocks between the headline and a `time` element that may date it.
const NEAR: usize = 40;

/// An element that tells a date.
struct Found {
    /// From the headline, in blocks; those before it count double.
    distance: usize,
    /// Of a change.
    updates: bool,
    /// By its `title`.
    titled: bool,
    dated: Dated,
}

impl Times {
    pub(super) fn of(page: &Page<'_>, title: &Title, body: &[usize], reader: &Reader<'_>) -> Self {
        let mut times = Self::default();
        let from = title.part.map(|part| page.blocks.parts[part].blocks.start).or(body.first().copied());
        let change_is_near = times.elements(page, from, reader);
        let Some(from) = from else { return times };
        let first = body.first().copied().unwrap_or(from);
        // A headline tells of days that were: it is asked last.
        let headline = title.part.map_or(from..from, |part| page.blocks.parts[part].blocks.clone());
        let head = headline.end.max(from)..(from + 10).max(first + 1).min(from + 25);
        let before = from.saturating_sub(4)..from;
        let last = body.last().copied().unwrap_or(from);
        for at in before.clone().chain(head.clone()) {
            times.says_published(page, at, reader);
        }
        let near: Vec<usize> = match title.part {
            Some(_) => head.chain(before.rev()).collect(),
            // The headline was not found on the page: the date stands between it and the story.
            None => before.rev().chain(head).collect(),
        };
        for at in near {
            times.line(page, at, reader);
        }
        if times.text.is_none() {
            times.text =
                opening_words(&title.text.replace(" - ", "–")).and_then(|words| reader.day(words, DateSource::Text));
        }
        for at in last..last + 3 {
            times.line(page, at, reader);
        }
        if times.text.is_none() {
            times.named(page, from, reader);
        }
        for at in headline {
            times.line(page, at, reader);
        }
        // Nothing was published after it was changed.
        let late = |text: Dated, changed: Dated| text.instant.as_second() > changed.instant.as_second() + DAY;
        if change_is_near && times.text.zip(times.modified).is_some_and(|(text, changed)| late(text, changed)) {
            times.text = None;
        }
        if times.text.is_none() {
            times.published = times.published.or(times.titled);
        }
        times
    }

    /// A line near the headline that begins by saying that it was published then.
    fn says_published(&mut self, page: &Page<'_>, at: usize, reader: &Reader<'_>) {
        let Some(block) = page.blocks.blocks.get(at).filter(|block| (6..=160).contains(&block.weight)) else { return };
        if self.text.is_some() || !block.text.chars().any(char::is_numeric) || reader.is_elsewhere(block.part) {
            return;
        }
        let said = pieces(&block.text).filter(|piece| begins_with_publication(&fold(piece)));
        self.text = said.filter_map(|piece| reader.day(before_update(piece), DateSource::Text)).next();
    }

    /// `time` elements, the nearest to the headline first. Whether a change that they tell is near it.
    fn elements(&mut self, page: &Page<'_>, from: Option<usize>, reader: &Reader<'_>) -> bool {
        let blocks = &page.blocks;
        let mut found: Vec<Found> = Vec::new();
        for (at, part) in blocks.parts.iter().enumerate() {
            let machine = machine(part.element);
            let titled = microformat(part.element).filter(|_| machine.is_none());
            if part.name() != "time" && machine.is_none() && titled.is_none() || reader.is_elsewhere(at) {
                continue;
            }
            if titled.is_some() && blocks.weight(part.blocks.clone()) > 160 {
                continue;
            }
            let text = blocks.text(at);
            let said = machine.or(titled).filter(|said| said.len() >= 8);
            let said = said.and_then(|text| reader.dated(text, DateSource::Time));
            let shown = || reader.dated(&text, DateSource::Time);
            let contradicted = said.and_then(|said| shown().filter(|shown| contradict(&said, shown)));
            let dated = contradicted.or(said).or_else(shown).or_else(|| reader.relative(&text, DateSource::Time));
            let Some(dated) = dated else { continue };
            let block = part.blocks.start;
            let from = from.unwrap_or(block);
            let distance = if block >= from { block - from } else { (from - block) * 2 + 2 };
            found.push(Found { distance, updates: is_update(page, at, &text), titled: titled.is_some(), dated });
        }
        let nearest = |updates: bool, titled: bool| {
            let fits = found.iter().filter(|found| found.updates == updates && found.titled == titled);
            fits.min_by_key(|found| found.distance)
        };
        let is_near = |found: &&Found| found.distance <= NEAR;
        self.published = nearest(false, false).filter(is_near).map(|found| found.dated);
        self.titled = nearest(false, true).filter(is_near).map(|found| found.dated);
        let change = nearest(true, false).or_else(|| nearest(true, true));
        self.modified = change.map(|found| found.dated);
        change.as_ref().is_none_or(is_near)
    }

    /// A short line near the headline.
    fn line(&mut self, page: &Page<'_>, at: usize, reader: &Reader<'_>) {
        let Some(block) = page.blocks.blocks.get(at).filter(|block| block.weight >= 6) else { return };
        if block.weight > 160 {
            return self.opening(page, at, reader);
        }
        if !block.text.chars().any(|c| c.is_numeric()) || reader.is_elsewhere(block.part) {
            return;
        }
        for piece in pieces(&block.text) {
            let folded = fold(piece);
            let updates = begins_with_update(&folded);
            let slot = if updates { &mut self.modified } else { &mut self.text };
            if slot.is_some() {
                continue;
            }
            let before = before_update(piece);
            *slot = reader.day(before, DateSource::Text);
            if slot.is_none() && before.len() < piece.len() && self.modified.is_none() {
                self.modified = reader.day(&piece[before.len()..], DateSource::Text);
            }
        }
    }

    /// A paragraph that begins with its date: "29.11.2022 – …", "Press release of 25 January 2022 | …".
    fn opening(&mut self, page: &Page<'_>, at: usize, reader: &Reader<'_>) {
        let block = &page.blocks.blocks[at];
        let head: String = block.text.chars().take(60).collect();
        let head = head.replace(" - ", "–");
        let Some(head) = opening_words(&head) else { return };
        let dated = || reader.day(head, DateSource::Text);
        let letters = head.chars().filter(|c| c.is_alphabetic()).count();
        if self.text.is_none()
            && letters <= 36
            && head.chars().any(char::is_numeric)
            && !reader.is_elsewhere(block.part)
        {
            self.text = dated();
        }
    }

    /// Parts that are called date or published, wherever they stand behind the headline.
    fn named(&mut self, page: &Page<'_>, from: usize, reader: &Reader<'_>) {
        for (at, part) in page.blocks.parts.iter().enumerate() {
            let block = part.blocks.start;
            if !(part.tokens.meets(Tokens::META) || is_named(part.element))
                || block + 30 < from
                || page.blocks.weight(part.blocks.clone()) > 400
                || reader.is_elsewhere(at)
            {
                continue;
            }
            let text = page.blocks.text(at);
            if text.len() < 600 && !is_update(page, at, &text) {
                self.text = reader.day(&text, DateSource::Text);
            }
            if self.text.is_some() {
                return;
            }
        }
    }
}

/// What an element tells machines.
fn machine(element: &Element) -> Option<&str> {
    ["datetime", "data-datetime", "data-utime"].into_iter().find_map(|name| value_of(element, name))
}

/// The microformat: `<abbr class="published" title="2021-07-19T18:42:00+02:00">`, a date and nothing else.
fn microformat(element: &Element) -> Option<&str> {
    value_of(element, "title").filter(|title| {
        let bytes = title.as_bytes();
        (10..=32).contains(&bytes.len())
            && bytes[..4].iter().all(u8::is_ascii_digit)
            && bytes[4] == b'-'
            && bytes[7] == b'-'
    })
}

/// Whether an element shows its readers another day than it tells machines: by more than zones explain.
fn contradict(said: &Dated, shown: &Dated) -> bool {
    shown.precision >= Precision::Day
        && said.precision >= Precision::Day
        && (said.instant.as_second() - shown.instant.as_second()).abs() > 2 * DAY
}

/// The words of a paragraph before the story begins: `29.11.2022 – …`, `(21 November 2022) …`,
/// `31. Oktober 2023. …`.
fn opening_words(head: &str) -> Option<&str> {
    if let Some(inner) = head.strip_prefix('(') {
        return inner.split_once(')').map(|(inner, _)| inner);
    }
    let mark = head.find(['–', '—', '|', ':', '\n', '„', '“', '"']);
    let year = head.match_indices(". ").map(|(at, _)| at).find(|at| {
        let digits = head[..*at].bytes().rev().take_while(u8::is_ascii_digit).count();
        digits == 4
    });
    mark.into_iter().chain(year).min().map(|at| &head[..at])
}

pub(super) fn begins_with_publication(folded: &str) -> bool {
    let bare = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
    lexicon::every().published.iter().any(|word| word.len() >= 4 && bare.starts_with(word.as_str()))
}

/// Whether a part is called as blogs' themes call the line that dates an entry.
fn is_named(element: &Element) -> bool {
    let names = value_of(element, "class").unwrap_or_default().split(|c: char| !c.is_alphanumeric());
    names.take(20).any(|name| matches!(name, "postmetadata" | "submitted" | "posted" | "postinfo" | "postdate"))
}

/// A line cut where outlets part one fact from the next.
pub(super) fn pieces(line: &str) -> impl Iterator<Item = &str> {
    line.split(['|', '•', '·', '\n', '\u{3000}']).flat_map(|piece| piece.split(" / "))
}

/// `text` up to where it begins to speak of a change.
fn before_update(text: &str) -> &str {
    /// No phrase is longer, in characters.
    const PHRASE: usize = 40;
    let updated = &lexicon::walls().updated;
    let mut in_word = true;
    for (at, c) in text.char_indices() {
        let begins = !in_word && c.is_alphanumeric() || is_cjk(c);
        in_word = c.is_alphanumeric();
        if !begins || at == 0 {
            continue;
        }
        let ahead = fold(&text[at..].chars().take(PHRASE).collect::<String>());
        if updated.places(&ahead).take_while(|(place, _)| *place == 0).any(|(_, phrase)| phrase.len() >= 6) {
            return &text[..at];
        }
    }
    text
}

pub(super) fn begins_with_update(folded: &str) -> bool {
    let bare = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
    lexicon::walls().updated.begin(bare)
}

fn is_update(page: &Page<'_>, at: usize, text: &str) -> bool {
    if begins_with_update(&fold(text)) {
        return true;
    }
    let part = &page.blocks.parts[at];
    let named =
        ["class", "itemprop", "id", "property"].iter().filter_map(|name| value_of(part.element, name)).any(|name| {
            let name = name.to_ascii_lowercase();
            name.contains("updat") || name.contains("modif")
        });
    // The word stands before the element: `<span>Updated: <time>`.
    let parent = part.parent.map(|parent| page.blocks.text(parent)).filter(|text| text.len() < 80);
    named || parent.is_some_and(|text| begins_with_update(&fold(&text)))
}
