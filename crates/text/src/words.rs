//! The word cut that documents and queries share: whatever the engine, it indexes these words.
//!
//! Most scripts are cut at Unicode word boundaries, Thai, Lao, Khmer and Burmese by dictionary, and
//! folded. Ideographs and kana are cut into overlapping pairs: every piece of a title is found by
//! any two of its characters, and no dictionary has to agree with itself on title and query. Hangul
//! words keep their particles and offer their pairs beside.
//!
//! Several forms at one position are alternatives. A document offers all forms, a query only those
//! that it means: [`words`] is for documents, [`query_words`] for what a reader typed. [`forms`] is
//! where stemming will add its forms.

use std::sync::LazyLock;

use courant_model::{Language, Token, Words};
use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

use crate::fold::fold;
use crate::lexicon;
use crate::script::{Script, is_cjk};

/// Grows whenever the cut changes.
const VERSION: u32 = 1;

/// The longest word that is indexed, in characters. What is longer is an address, a hash or an
/// accident; its beginning is kept.
const LONGEST: usize = 64;

static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));

/// The fingerprint of the cut. An index that was made by another one has to be made anew.
pub fn analyser() -> String {
    // The segmenter's version stands for its Unicode data and its dictionaries.
    format!("words-{VERSION} icu_segmenter-2.4 icu_normalizer-2.4 particles-{}", lexicon::particles().len())
}

/// The words of a document, with every form that a query may mean.
pub fn words(text: &str, language: Language) -> Words {
    cut(text, language, Purpose::Document)
}

/// The words of a query: the same cut, with only the forms that the query means. Two characters of
/// an ideographic word stand for the word; a single one stands for itself only when it is alone.
pub fn query_words(text: &str, language: Language) -> Words {
    cut(text, language, Purpose::Query)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Document,
    Query,
}

fn cut(text: &str, language: Language, purpose: Purpose) -> Words {
    let mut cutter = Cutter { language, purpose, position: 0, tokens: Vec::with_capacity(text.len() / 6) };
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        let cjk = rest.chars().next().is_some_and(is_cjk);
        let length = rest.char_indices().find(|(_, c)| is_cjk(*c) != cjk).map_or(rest.len(), |(at, _)| at);
        if cjk {
            cutter.ideographs(&rest[..length], start);
        } else {
            cutter.segments(&rest[..length], start);
        }
        start += length;
    }
    Words { tokens: cutter.tokens }
}

struct Cutter {
    language: Language,
    purpose: Purpose,
    position: u32,
    tokens: Vec<Token>,
}

impl Cutter {
    fn push(&mut self, text: &str, start: usize, end: usize) {
        let text: String = match text.char_indices().nth(LONGEST) {
            Some((at, _)) => text[..at].to_owned(),
            None => text.to_owned(),
        };
        let token = Token { text, position: self.position, start: offset(start), end: offset(end) };
        if !self.tokens.iter().rev().take_while(|t| t.position == token.position).any(|t| t.text == token.text) {
            self.tokens.push(token);
        }
    }

    /// A run of ideographs and kana: each character begins a pair.
    fn ideographs(&mut self, run: &str, at: usize) {
        let characters: Vec<(usize, char)> = run.char_indices().collect();
        let end_of = |index: usize| characters.get(index).map_or(run.len(), |(at, _)| *at);
        for (index, (start, _)) in characters.iter().enumerate() {
            let pair = index + 1 < characters.len();
            if pair {
                let end = end_of(index + 2);
                self.push(&fold(&run[*start..end]), at + start, at + end);
            }
            // The last character of a query's run stands in the pair before it.
            let alone = self.purpose == Purpose::Document || characters.len() == 1;
            if alone {
                let end = end_of(index + 1);
                self.push(&fold(&run[*start..end]), at + start, at + end);
            }
            // It counts all the same, so that phrases reach over punctuation as documents do.
            self.position += 1;
        }
    }

    /// A run of anything else, cut at word boundaries.
    fn segments(&mut self, run: &str, at: usize) {
        let mut start = 0;
        for end in SEGMENTER.segment_str(run) {
            // Not the segmenter's own word type: it calls some Devanagari words none.
            if run[start..end].contains(char::is_alphanumeric) {
                self.segment(&run[start..end], at + start);
            }
            start = end;
        }
    }

    /// One segment: a word, or several that marks hold together.
    fn segment(&mut self, segment: &str, at: usize) {
        if segment.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return self.word(segment, at);
        }
        let is_joint = |c: char| matches!(c, '.' | '_' | ':' | '·' | '・' | '@' | '/');
        let initials = segment.split('.').all(|part| part.chars().count() <= 1);
        let number = segment.starts_with(|c: char| c.is_numeric());
        if initials || number || !segment.contains(is_joint) {
            return self.word(segment, at);
        }
        let mut start = 0;
        for part in segment.split_inclusive(is_joint) {
            let word = part.trim_end_matches(is_joint);
            if !word.is_empty() {
                self.word(word, at + start);
            }
            start += part.len();
        }
    }

    fn word(&mut self, word: &str, at: usize) {
        let (skip, kept) = without_elision(word);
        let (start, end) = (at + skip, at + skip + kept.len());
        let folded = if kept.starts_with(|c: char| c.is_numeric()) { number(kept) } else { letters(kept) };
        if folded.is_empty() {
            return;
        }
        self.push(&folded, start, end);
        for form in forms(&folded, self.language, self.purpose) {
            self.push(&form, start, end);
        }
        self.position += 1;
    }
}

/// Offsets are 32 bits wide: texts are capped far below.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// `word` without the article or conjunction that an apostrophe ties to its front (`l'`, `qu'`,
/// `dell'`) and without the `'s` of English: how many bytes go in front, and what is left.
fn without_elision(word: &str) -> (usize, &str) {
    let is_apostrophe = |c: char| matches!(c, '\'' | '’' | 'ʼ' | '‘');
    let Some((at, mark)) = word.char_indices().find(|(_, c)| is_apostrophe(*c)) else {
        return (0, word);
    };
    let (head, tail) = (&word[..at], &word[at + mark.len_utf8()..]);
    if tail.eq_ignore_ascii_case("s") {
        return (0, head);
    }
    if tail.chars().nth(1).is_some() && lexicon::elisions().contains(fold(head).as_str()) {
        return (at + mark.len_utf8(), tail);
    }
    (0, word)
}

fn letters(word: &str) -> String {
    let mut folded = fold(word);
    if !folded.is_ascii() || folded.bytes().any(|b| !b.is_ascii_alphanumeric()) {
        folded.retain(|c| !matches!(c, '\'' | '.' | '·' | ':' | '"'));
    }
    folded
}

/// A number without the marks that part its thousands: `1.250.000`, `1,250,000` and `1250000` are
/// one number, `3.5` stays.
fn number(word: &str) -> String {
    let folded = fold(word);
    let groups: Vec<&str> = folded.split(['.', ',', '\'', '٬']).collect();
    let thousands = groups.len() > 1
        && groups[0].len() <= 3
        && groups[1..].iter().all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()));
    if thousands { groups.concat() } else { folded }
}

/// Further forms of a folded word at the same position. Stemming belongs here.
fn forms(word: &str, _language: Language, purpose: Purpose) -> Vec<String> {
    let hangul = word.chars().next_back().is_some_and(|c| Script::of(c) == Script::Hangul);
    if hangul { hangul_forms(word, purpose) } else { Vec::new() }
}

/// A Korean word without its particle, and, for documents, each pair of its syllables.
fn hangul_forms(word: &str, purpose: Purpose) -> Vec<String> {
    let mut forms = Vec::new();
    let particle =
        lexicon::particles().iter().filter(|particle| word.ends_with(particle.as_str())).max_by_key(|p| p.len());
    if let Some(bare) = particle.and_then(|particle| word.strip_suffix(particle.as_str()))
        && bare.chars().nth(1).is_some()
    {
        forms.push(bare.to_owned());
    }
    if purpose == Purpose::Document {
        let syllables: Vec<char> = word.chars().collect();
        forms.extend(syllables.windows(2).map(|pair| pair.iter().collect::<String>()));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &Words) -> String {
        let mut out = String::new();
        let mut last = None;
        for token in &words.tokens {
            if let Some(position) = last {
                out.push(if position == token.position { '|' } else { ' ' });
            }
            last = Some(token.position);
            out.push_str(&token.text);
        }
        out
    }

    fn check(text: &str, language: &str, expected: &str) {
        let words = words(text, Language::parse(language));
        assert_eq!(shown(&words), expected, "{text}");
        for token in &words.tokens {
            let piece = text.get(token.start as usize..token.end as usize);
            assert!(piece.is_some_and(|piece| !piece.is_empty()), "offsets of '{}' in '{text}'", token.text);
        }
    }

    fn check_query(text: &str, expected: &str) {
        assert_eq!(shown(&query_words(text, Language::UND)), expected, "{text}");
    }

    #[test]
    fn words_are_folded_and_marks_go() {
        check("The U.S. said: “Größe” — covid-19!", "en", "the us said grosse covid 19");
        check("L’économie de l'État qu’il aujourd'hui", "fr", "economie de etat il aujourdhui");
        check("Dell'Utri e un'altra", "it", "utri e altra");
        check("Macron's O'Brien don't", "en", "macron obrien dont");
        check("м'яч Київ", "uk", "мяч київ");
        check("example.com/a_b foo@bar.org", "en", "example com a b foo bar org");
    }

    #[test]
    fn numbers_lose_only_the_marks_of_thousands() {
        check("1.250.000 1,250,000 3.5 2021 ١٩", "en", "1250000 1250000 3.5 2021 19");
    }

    #[test]
    fn abjads_and_indic_words_stay_whole() {
        check("وَزارة الدّاخلية", "ar", "وزاره الداخليه");
        check("שָׁלוֹם עולם", "he", "שלום עולם");
        check("हिन्दी क्षेत्र", "hi", "हिन्दी क्षेत्र");
        check("می‌شود", "fa", "ميشود");
    }

    #[test]
    fn ideographs_are_pairs() {
        check("大数据", "zh", "大数|大 数据|数 据");
        check("NSO社の", "ja", "nso 社の|社 の");
        check_query("大数据", "大数 数据");
        check_query("税", "税");
        check_query("数据", "数据");
    }

    #[test]
    fn korean_words_offer_their_stem_and_pairs() {
        check("정부는", "ko", "정부는|정부|부는");
        check_query("정부가", "정부가|정부");
    }

    #[test]
    fn thai_is_cut_by_dictionary() {
        let words = words("รัฐบาลไทยประกาศ", Language::parse("th"));
        assert!(words.texts().count() >= 3, "{:?}", words.texts().collect::<Vec<_>>());
    }

    #[test]
    fn a_query_meets_its_document() {
        let meets = |title: &str, query: &str| {
            let document = words(title, Language::UND);
            query_words(query, Language::UND).tokens.iter().all(|token| document.texts().any(|text| text == token.text))
        };
        assert!(meets("以色列间谍软件公司被起诉", "间谍"));
        assert!(meets("以色列间谍软件公司被起诉", "间谍软件"));
        assert!(meets("スパイウェアの開発会社", "スパイ"));
        assert!(meets("대통령이 사임했다", "대통령"));
        assert!(meets("L'État français", "état"));
        assert!(meets("ПЕГАСУС: слежка", "пегасус"));
    }

    #[test]
    fn a_query_keeps_the_distances_of_its_document() {
        let title = "檔案外洩：銀行NSO社の可疑，仍照匯";
        let document = words(title, Language::UND).tokens;
        let query = query_words(title, Language::UND).tokens;
        for token in &query {
            let same = |other: &&Token| other.start == token.start && other.text == token.text;
            let twin = document.iter().find(same).expect("a query's word is the document's");
            assert_eq!(twin.position, token.position, "{}", token.text);
        }
    }

    #[test]
    fn long_words_are_cut_and_odd_input_is_read() {
        let long = "x".repeat(10_000);
        assert_eq!(words(&long, Language::UND).tokens[0].text.len(), LONGEST);
        assert!(words("", Language::UND).tokens.is_empty());
        assert!(words(" \u{301}\u{200D}…—' ’s ", Language::UND).tokens.len() <= 1);
    }
}
