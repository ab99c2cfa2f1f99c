//! Times told from now: "2 hours ago", "gestern", "3 ヶ月前". The wordings are the Unicode CLDR's, a
//! line each in `data/relative.tsv`; a number in the words is counted back from `now`.
//!
//! What such words leave open stays open: an hour ago is known to the minute, last week to its day,
//! two months ago to the month.

use std::collections::HashMap;
use std::sync::LazyLock;

use courant_model::{Language, Precision};
use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use super::Parsed;
use crate::fold::fold;
use crate::script::is_cjk;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// A wording, folded.
#[derive(Debug)]
struct Wording {
    unit: Unit,
    /// How many units before now, where the words are always the same.
    count: Option<i64>,
    /// The words before the number, or all of them.
    before: String,
    /// The words behind the number.
    behind: String,
}

/// More of a unit than this is no time of news.
const MOST: i64 = 1_000;
/// Texts that are longer tell something else as well.
const LONGEST: usize = 60;

static WORDINGS: LazyLock<HashMap<Language, Vec<Wording>>> = LazyLock::new(|| {
    let mut found: HashMap<Language, Vec<Wording>> = HashMap::new();
    for line in include_str!("../../../../data/relative.tsv").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [language, unit, count, words] = fields[..] else { continue };
        if let Some(wording) = wording(unit, count, words) {
            found.entry(Language::parse(language)).or_default().push(wording);
        }
    }
    // The longest first: "the day before yesterday" holds "yesterday".
    for wordings in found.values_mut() {
        wordings.sort_by_key(|wording| std::cmp::Reverse(wording.before.len() + wording.behind.len()));
    }
    found
});

fn wording(unit: &str, count: &str, words: &str) -> Option<Wording> {
    let unit = match unit {
        "second" => Unit::Second,
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "day" => Unit::Day,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        _ => return None,
    };
    let words = fold(words);
    let (before, behind) = words.split_once('#').unwrap_or((&words, ""));
    let (before, behind) = (before.trim().to_owned(), behind.trim().trim_end_matches('.').to_owned());
    Some(Wording { unit, count: count.parse().ok(), before, behind })
}

/// Numbers in words, folded: those that stand before the unit of a time in the larger languages.
const NUMBERS: &[(&str, u8)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("funf", 5),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("due", 2),
    ("tre", 3),
    ("quattro", 4),
    ("dois", 2),
    ("duas", 2),
    ("одну", 1),
    ("одна", 1),
    ("два", 2),
    ("две", 2),
    ("три", 3),
    ("четыре", 4),
    ("пять", 5),
    ("дві", 2),
    ("чотири", 4),
    ("dwa", 2),
    ("dwie", 2),
    ("trzy", 3),
];

/// `text` with its number in words as digits.
fn with_digits(text: &str) -> String {
    let words = text.split(' ').map(|word| match NUMBERS.iter().find(|(name, _)| *name == word) {
        Some((_, value)) => value.to_string(),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Reads a text that tells a time from `now`, and nothing much else.
pub(super) fn find(text: &str, language: Option<Language>, now: Timestamp) -> Option<Parsed> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let text = with_digits(fold(text).trim());
    let text = text.as_str();
    let english = Language::parse("en");
    language.into_iter().chain([english]).find_map(|language| {
        let wordings = WORDINGS.get(&language)?;
        wordings.iter().find_map(|wording| wording.read(text, now))
    })
}

impl Wording {
    fn read(&self, text: &str, now: Timestamp) -> Option<Parsed> {
        let count = match self.count {
            Some(count) => self.is_all_of(text).then_some(count)?,
            None => self.counted(text).or_else(|| self.one(text).then_some(1))?,
        };
        before(now, self.unit, count)
    }

    /// Whether the text is these words; a time of day or a mark may follow.
    fn is_all_of(&self, text: &str) -> bool {
        let rest = text.strip_prefix(self.before.as_str());
        rest.is_some_and(|rest| !rest.chars().any(char::is_alphanumeric))
    }

    /// The number between the words.
    fn counted(&self, text: &str) -> Option<i64> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let length = text[start..].bytes().take_while(u8::is_ascii_digit).count();
        let (head, tail) = (text[..start].trim_end(), text[start + length..].trim_start());
        let count: i64 = text[start..start + length].parse().ok().filter(|count| *count <= MOST)?;
        let tail = match self.behind.is_empty() {
            true => tail,
            false => tail.strip_prefix(self.behind.as_str())?,
        };
        let ends = !tail.starts_with(|c: char| c.is_alphabetic() && !is_cjk(c));
        let begins = head.ends_with(self.before.as_str()) && {
            let rest = &head[..head.len() - self.before.len()];
            self.before.is_empty() || !rest.ends_with(|c: char| c.is_alphabetic() && !is_cjk(c))
        };
        (ends && begins).then_some(count)
    }

    /// Whether the text is the words without any number: "неделю назад".
    fn one(&self, text: &str) -> bool {
        let words = [self.before.as_str(), self.behind.as_str()];
        let whole = words.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
        whole.contains(' ') && text == whole
    }
}

/// `count` units before `now`, and no more exact than that.
fn before(now: Timestamp, unit: Unit, count: i64) -> Option<Parsed> {
    let clock = Offset::UTC.to_datetime(now);
    let span = Span::new();
    let span = match unit {
        Unit::Second => span.try_seconds(count),
        Unit::Minute => span.try_minutes(count),
        Unit::Hour => span.try_hours(count),
        Unit::Day => span.try_days(count),
        Unit::Week => span.try_weeks(count),
        Unit::Month => span.try_months(count),
        Unit::Year => span.try_years(count),
    };
    let then = clock.checked_sub(span.ok()?).ok()?;
    let (year, month, day) = (then.year(), then.month(), then.day());
    let (first, precision) = match unit {
        Unit::Second | Unit::Minute | Unit::Hour => {
            (DateTime::new(year, month, day, then.hour(), then.minute(), 0, 0), Precision::Minute)
        }
        Unit::Day | Unit::Week => (DateTime::new(year, month, day, 0, 0, 0, 0), Precision::Day),
        Unit::Month => (DateTime::new(year, month, 1, 0, 0, 0, 0), Precision::Month),
        Unit::Year => (DateTime::new(year, 1, 1, 0, 0, 0, 0), Precision::Year),
    };
    let timed = precision >= Precision::Minute;
    let instant = Offset::UTC.to_timestamp(first.ok()?).ok()?;
    Some(Parsed { instant, offset: timed.then_some(Offset::UTC), precision })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, text: &str, expected: &str) {
        let now = "2026-11-25T09:30:40Z".parse().expect("a moment");
        let found = find(text, Some(Language::parse(language)), now).map(|parsed| {
            let shown = parsed.instant.to_string();
            match parsed.precision {
                Precision::Year => shown[..4].to_owned(),
                Precision::Month => shown[..7].to_owned(),
                Precision::Day => shown[..10].to_owned(),
                _ => shown[..16].to_owned(),
            }
        });
        assert_eq!(found.as_deref().unwrap_or("none"), expected, "{text}");
    }

    #[test]
    fn numbers_are_counted_back() {
        check("en", "2 hours ago", "2026-11-25T07:30");
        check("en", "Published 15 minutes ago", "2026-11-25T09:15");
        check("de", "vor 3 Tagen", "2026-11-22");
        check("fr", "il y a 2 mois", "2026-09");
        check("ru", "5 часов назад", "2026-11-25T04:30");
        check("ja", "2 か月前", "2026-09");
        check("ar", "قبل 10 دقائق", "2026-11-25T09:20");
        check("fi", "2 viikkoa sitten", "2026-11-11");
    }

    #[test]
    fn words_for_days_are_days() {
        check("de", "vorgestern", "2026-11-23");
        check("de", "Gestern", "2026-11-24");
        check("ru", "неделю назад", "2026-11-18");
        check("ru", "две недели назад", "2026-11-11");
        check("sv", "i går", "2026-11-24");
        check("zh", "昨天", "2026-11-24");
        check("en", "last year", "2025");
    }

    #[test]
    fn other_texts_are_none() {
        for text in ["2 hours", "ago", "yesterday's paper of the day", "in 2 hours", "99999 years ago", "", "12"] {
            check("en", text, "none");
        }
    }
}
