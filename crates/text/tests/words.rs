//! Inflected words of the news meet their base form in every language that has any, and others do
//! not: `inflections.txt` holds the words, all of our own choice.

use std::fmt::Write as _;

use courant_model::Language;
use courant_text::{is_stem, literal_words, query_words, stemmed, words};

/// Whether a document that says `text` is found by `query`, both in `language`.
fn meets(language: Language, query: &str, text: &str) -> bool {
    let document = words(text, language).tokens;
    let query = query_words(query, language).tokens;
    !query.is_empty()
        && query
            .chunk_by(|one, next| one.position == next.position)
            .all(|forms| forms.iter().any(|form| document.iter().any(|token| token.text == form.text)))
}

#[test]
fn inflected_words_meet_and_others_do_not() {
    let mut language = Language::UND;
    let mut wrong = String::new();
    for line in include_str!("inflections.txt").lines() {
        if let Some(code) = line.strip_prefix('[') {
            language = Language::parse(code.trim_end_matches(']'));
            continue;
        }
        let Some((sign, forms)) = line.split_once(' ').filter(|(sign, _)| *sign != "#" && !sign.is_empty()) else {
            continue;
        };
        let mut forms = forms.split_whitespace();
        let first = forms.next().unwrap_or_default();
        for other in forms {
            let (there, back) = (meets(language, first, other), meets(language, other, first));
            if (there && back) != matches!(sign, "=" | "~") || there != back {
                let forms = |text| words(text, language).texts().collect::<Vec<_>>().join("|");
                let _ = writeln!(wrong, "{language} {sign} {} / {}", forms(first), forms(other));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_language_of_the_list_is_asked_where_it_is_not_known() {
    for (code, word) in [("pl", "Putin"), ("hu", "Orbán"), ("cs", "Moskva"), ("sr", "Вучић"), ("he", "ממשלה")]
    {
        let language = Language::parse(code);
        assert!(stemmed(word).contains(&language), "{code}");
    }
    assert!(stemmed("政府").is_empty() && stemmed("2021").is_empty() && stemmed("").is_empty());
    let found = stemmed("Putin").iter().any(|language| *language == Language::parse("hr"));
    assert!(!found, "Croatian shares the stems of Serbian");
}

#[test]
fn literal_words_are_those_of_the_text() {
    let polish = Language::parse("pl");
    let exact: Vec<String> = literal_words("Śledztwa Putina", polish).texts().map(str::to_owned).collect();
    assert_eq!(exact, ["sledztwa", "putina"]);
    let document = words("Śledztwa Putina", polish);
    assert!(exact.iter().all(|word| document.texts().any(|text| text == word)));
    assert!(document.texts().any(is_stem) && !document.texts().next().is_some_and(is_stem));
}

#[test]
fn no_word_is_too_odd() {
    // Every language meets every script, marks alone, and words without end.
    let odd = [
        "",
        "'",
        "’’’",
        "ss'",
        "ıI",
        "İİİ",
        "ñ̃̃",
        "aaaaaaaaaa",
        "yyyyy",
        "ءءءء",
        "ــــ",
        "वववव्",
        "்்்",
        "ъьъь",
        "ααα",
        "ﷺ",
        "ééééé",
        "ieieie",
        "ngngng",
        "kkkk",
        "ssss",
        "ğğğğ",
        "ﬁﬂﬀ",
        "𝓅𝓊𝓉𝒾𝓃",
        "\u{301}\u{301}\u{301}",
        "քքքքքու",
        "нььь",
    ];
    let tests = include_str!("inflections.txt");
    for code in tests.lines().filter_map(|line| line.strip_prefix('[')?.strip_suffix(']')) {
        let language = Language::parse(code);
        for word in odd.iter().copied().chain(tests.split_whitespace()) {
            for length in 0..=word.chars().count() {
                let part: String = word.chars().take(length).collect();
                words(&part, language);
            }
        }
        words(&odd.concat(), language);
    }
}
