//! The word cut that documents and queries share: whatever the engine, it indexes these words.
//!
//! Most scripts are cut at Unicode word boundaries, Thai, Lao, Khmer and Burmese by dictionary, and
//! folded. Ideographs and kana are cut into overlapping pairs: every piece of a title is found by
//! any two of its characters, and no dictionary has to agree with itself on title and query. Hangul
//! words keep their particles and offer their pairs beside.
//!
//! Several forms at one position are alternatives, the word as written first. Inflected words also
//! offer their stem, which [`is_stem`] tells from a spelling, and names what they sound like, which
//! [`is_sound`] tells. A document offers all forms, a query only those that it means: [`words`] is for
//! documents, [`query_words`] for what a reader typed, [`literal_words`] for what must stand in the
//! text as typed, [`sounds_like`] for the names that a word may be in other scripts.

mod cut;
mod cyrillic;
mod endings;
mod forms;
mod normalise;
mod sounds;
mod stems;

use courant_model::{Language, Words};

pub use sounds::{is_sound, sounds_like};
pub use stems::{is_stem, stemmed};

use crate::lexicon;

/// Grows whenever the cut changes.
const VERSION: u32 = 3;

/// The fingerprint of the cut. An index that was made by another one has to be made anew.
pub fn analyser() -> String {
    // The segmenter's version stands for its Unicode data and its dictionaries, the stemmer's for
    // its algorithms.
    format!(
        "words-{VERSION} icu_segmenter-2.4 icu_normalizer-2.4 frostem-2.20261016 rules-{:08x}",
        lexicon::rules(sounds::rules())
    )
}

/// The words of a document, with every form that a query may mean.
pub fn words(text: &str, language: Language) -> Words {
    cut::cut(text, language, Purpose::Document)
}

/// The words of a query: the same cut, with only the forms that the query means. Two characters of
/// an ideographic word stand for the word; a single one stands for itself only when it is alone.
/// Where the language is not known, [`stemmed`] names those that the query may be in.
pub fn query_words(text: &str, language: Language) -> Words {
    cut::cut(text, language, Purpose::Query)
}

/// The words of a query that means what it says: no stems.
pub fn literal_words(text: &str, language: Language) -> Words {
    cut::cut(text, language, Purpose::Literal)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Document,
    Query,
    Literal,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &Words) -> String {
        let mut out = String::new();
        let mut last = None;
        for token in words.tokens.iter().filter(|token| !is_stem(&token.text) && !is_sound(&token.text)) {
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
            let same = |other: &&courant_model::Token| other.start == token.start && other.text == token.text;
            let twin = document.iter().find(same).expect("a query's word is the document's");
            assert_eq!(twin.position, token.position, "{}", token.text);
        }
    }

    #[test]
    fn long_words_are_cut_and_odd_input_is_read() {
        let long = "x".repeat(10_000);
        assert_eq!(words(&long, Language::UND).tokens[0].text.len(), cut::LONGEST);
        assert!(words("", Language::UND).tokens.is_empty());
        assert!(words(" \u{301}\u{200D}…—' ’s ", Language::UND).tokens.len() <= 1);
    }
}
