//! Which month a word is. A word that is one month here and another there (`listopad`) is only read
//! in a known language.

use std::collections::HashMap;
use std::sync::LazyLock;

use courant_model::Language;

use super::tokens::{Kind, Tokens};
use crate::lexicon;

/// Spellings of months, each a list of words, with the month; `None` where languages disagree.
type Months = HashMap<Vec<String>, Option<u32>>;

static BY_LANGUAGE: LazyLock<HashMap<Language, Months>> =
    LazyLock::new(|| lexicon::languages().map(|(language, lexicon)| (language, months_of(&lexicon.months))).collect());

/// All languages together.
static ANY: LazyLock<Months> = LazyLock::new(|| {
    let mut any = Months::new();
    for (spelling, month) in BY_LANGUAGE.values().flatten() {
        let entry = any.entry(spelling.clone()).or_insert(*month);
        if entry != month {
            *entry = None;
        }
    }
    any
});

/// The months of the solar hijri calendar, folded.
const SOLAR_HIJRI: [&[&str]; 12] = [
    &["فروردين", "حمل"],
    &["ارديبهشت", "ثور"],
    &["خرداد", "جوزا"],
    &["تير", "سرطان"],
    &["مرداد", "امرداد", "اسد"],
    &["شهريور", "سنبله"],
    &["مهر", "ميزان"],
    &["ابان", "عقرب"],
    &["اذر", "قوس"],
    &["دي", "جدي"],
    &["بهمن", "دلو"],
    &["اسفند", "حوت"],
];

fn months_of(rows: &[Vec<String>]) -> Months {
    let mut months = Months::new();
    for (index, spellings) in rows.iter().enumerate() {
        let month = u32::try_from(index + 1).ok();
        for spelling in spellings {
            let entry = months.entry(cut(spelling)).or_insert(month);
            if *entry != month {
                *entry = None;
            }
        }
    }
    months
}

fn cut(spelling: &str) -> Vec<String> {
    let tokens = Tokens::of(spelling, 60);
    let mut words = Vec::new();
    for token in tokens.0 {
        match token.kind {
            Kind::Word(word) => words.push(word),
            Kind::Number(value, _) => words.push(value.to_string()),
            _ => {}
        }
    }
    words
}

/// A month that was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Month {
    /// 1 to 12.
    pub(super) number: u32,
    /// Where it begins.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Of the solar hijri calendar.
    pub(super) solar_hijri: bool,
}

/// The month whose name begins at `at`: of `language`, of English, of any language.
pub(super) fn at(tokens: &Tokens, at: usize, language: Option<Language>) -> Option<Month> {
    tokens.word(at)?;
    let english = Language::parse("en");
    let persian = language.is_some_and(|language| matches!(language.as_str(), "fa" | "ps" | "ckb"));
    for length in (1..=3).rev() {
        let Some(words) = words(tokens, at, length) else { continue };
        let month = |number, solar_hijri| Some(Month { number, start: at, end: at + length, solar_hijri });
        let of = |language: Language| BY_LANGUAGE.get(&language).and_then(|months| look_up(months, &words, language));
        if persian && let Some(index) = SOLAR_HIJRI.iter().position(|names| names.contains(&words.concat().as_str())) {
            return month(u32::try_from(index).ok()? + 1, true);
        }
        if let Some(number) = language.and_then(of).or_else(|| of(english)) {
            return month(number, false);
        }
        if let Some(number) = ANY.get(&words).copied().flatten() {
            return month(number, false);
        }
    }
    None
}

fn look_up(months: &Months, words: &[String], language: Language) -> Option<u32> {
    if let Some(found) = months.get(words) {
        return *found;
    }
    // Hebrew ties its prepositions to the month: `בינואר`.
    let bare = words.first().filter(|_| language.as_str() == "he")?.strip_prefix(['ב', 'ל', 'מ'])?;
    let mut bare = vec![bare.to_owned()];
    bare.extend(words[1..].iter().cloned());
    months.get(&bare).copied().flatten()
}

fn words(tokens: &Tokens, at: usize, length: usize) -> Option<Vec<String>> {
    (at..at + length)
        .map(|index| match tokens.kind(index) {
            Kind::Word(word) => Some(word.clone()),
            Kind::Number(value, 1 | 2) if index > at => Some(value.to_string()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(language: Option<&str>, text: &str) -> Option<u32> {
        at(&Tokens::of(text, 50), 0, language.map(Language::parse)).map(|month| month.number)
    }

    #[test]
    fn names_of_several_words_are_one_month() {
        assert_eq!(month(Some("ar"), "كانون الثاني"), Some(1));
        assert_eq!(month(Some("vi"), "tháng 12"), Some(12));
        assert_eq!(month(Some("he"), "בינואר"), Some(1));
        assert_eq!(month(Some("fa"), "آذر"), Some(9));
        assert_eq!(month(Some("ar"), "آذار"), Some(3));
    }

    #[test]
    fn what_languages_disagree_on_needs_a_language() {
        assert_eq!(month(None, "listopad"), None);
        assert_eq!(month(Some("cs"), "listopad"), Some(11));
        assert_eq!(month(None, "juillet"), Some(7));
        assert_eq!(month(Some("nb"), "desember"), Some(12));
    }
}
