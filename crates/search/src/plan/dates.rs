//! What a reader means by `2021-07..2021-09`, `>2020`, `7d`. Days are those of UTC; a period holds
//! its first day and its last.

use courant_text::folded;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// What a text says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// From this moment on, and before that one; `None` is open.
    Period(Option<Timestamp>, Option<Timestamp>),
    /// The same of a period whose end stood before its start.
    TurnedRound(Option<Timestamp>, Option<Timestamp>),
    /// It counts from today, and nobody said when that is.
    NeedsNow,
    /// No date.
    Unreadable,
}

/// Reads a period.
pub(super) fn period(text: &str, now: Option<Timestamp>) -> Reading {
    // Digits of other scripts, and `…`, come out as the plain ones.
    let text = folded(text.trim()).replace('–', "..");
    match whole(&text, now) {
        Some(reading) => reading,
        None if now.is_none() && whole(&text, Some(Timestamp::UNIX_EPOCH)).is_some() => Reading::NeedsNow,
        None => Reading::Unreadable,
    }
}

/// A year, a month or a day, whole, by UTC: where it begins, and where the next one does, if time goes on so
/// far. As queries write them: `2021`, `2021-07`, `2021-07-18`, `18.7.2021`.
pub fn whole_date(text: &str) -> Option<(Timestamp, Option<Timestamp>)> {
    Point::dated(text).map(|point| (point.start, point.end))
}

fn whole(text: &str, now: Option<Timestamp>) -> Option<Reading> {
    if let Some((from, to)) = text.split_once("..") {
        let (from, to) = (from.trim().trim_end_matches('.'), to.trim().trim_start_matches('.'));
        if from.is_empty() && to.is_empty() {
            return None;
        }
        let point = |text: &str| if text.is_empty() { Some(None) } else { Point::read(text, now).map(Some) };
        return Some(match (point(from)?, point(to)?) {
            (Some(from), Some(to)) if from.start > to.start => Reading::TurnedRound(Some(to.start), from.end),
            (from, to) => Reading::Period(from.map(|from| from.start), to.and_then(|to| to.end)),
        });
    }
    let operators = [">=", "≥", "<=", "≤", ">", "<", "="];
    let parted = operators.iter().find_map(|operator| Some((*operator, text.strip_prefix(operator)?.trim())));
    let (operator, rest) = parted.unwrap_or(("", text));
    let point = Point::read(rest, now)?;
    let (from, to) = match operator {
        ">=" | "≥" => (Some(point.start), None),
        ">" => (Some(point.end?), None),
        "<=" | "≤" => (None, point.end),
        "<" => (None, Some(point.start)),
        // "Seven days" are all since then, not the first of them.
        _ if point.ago => (Some(point.start), None),
        _ => (Some(point.start), point.end),
    };
    Some(Reading::Period(from, to))
}

/// A year, a month, a day or a moment.
struct Point {
    start: Timestamp,
    /// Where the next one begins; `None` at the end of time.
    end: Option<Timestamp>,
    /// Told as so long ago.
    ago: bool,
}

impl Point {
    fn read(text: &str, now: Option<Timestamp>) -> Option<Self> {
        Self::relative(text, now).or_else(|| Self::dated(text)).or_else(|| Self::moment(text))
    }

    fn days(first: Date, next: Option<Date>) -> Option<Self> {
        Some(Self { start: begin(first)?, end: next.and_then(begin), ago: false })
    }

    fn relative(text: &str, now: Option<Timestamp>) -> Option<Self> {
        let back = match text {
            "today" | "now" => 0.days(),
            "yesterday" => 1.day(),
            _ => {
                let unit = text.chars().next_back()?;
                let count = text.strip_suffix(unit)?.trim();
                let count: i64 = Some(count).filter(|count| (1..=4).contains(&count.len()))?.parse().ok()?;
                match unit {
                    _ if count < 0 => return None,
                    'd' => count.days(),
                    'w' => count.weeks(),
                    'm' => count.months(),
                    'y' => count.years(),
                    _ => return None,
                }
            }
        };
        let day = TimeZone::UTC.to_datetime(now?).date().saturating_sub(back);
        let ago = text.starts_with(|c: char| c.is_ascii_digit());
        Some(Self { ago, ..Self::days(day, day.tomorrow().ok())? })
    }

    /// `2021`, `2021-07`, `2021-07-18`, also with `/` or `.`, and `18.7.2021`.
    fn dated(text: &str) -> Option<Self> {
        if !text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.')) {
            return None;
        }
        let mut parts: Vec<&str> = text.split(['-', '/', '.']).collect();
        if let ([_, _, year], true) = (parts.as_slice(), text.contains('.'))
            && year.len() == 4
        {
            parts.reverse();
        }
        let year: i16 = parts.first().filter(|year| year.len() == 4)?.parse().ok()?;
        let small = |part: &str| part.parse::<i8>().ok().filter(|_| part.len() <= 2);
        match parts[1..] {
            [] => Self::days(Date::new(year, 1, 1).ok()?, Date::new(year + 1, 1, 1).ok()),
            [month] => {
                let first = Date::new(year, small(month)?, 1).ok()?;
                Self::days(first, first.checked_add(1.month()).ok())
            }
            [month, day] => {
                let day = Date::new(year, small(month)?, small(day)?).ok()?;
                Self::days(day, day.tomorrow().ok())
            }
            _ => None,
        }
    }

    /// A moment with its time of day, by UTC where it says nothing else.
    fn moment(text: &str) -> Option<Self> {
        let text = text.to_ascii_uppercase();
        let local = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
        let start = text.parse::<Timestamp>().ok().or_else(local).filter(|_| text.contains(':'))?;
        Some(Self { start, end: start.checked_add(1.second()).ok(), ago: false })
    }
}

fn begin(day: Date) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2021-07-20T15:30:00Z";

    fn shown(text: &str) -> String {
        let day = |at: Option<Timestamp>| at.map_or(String::new(), |at| at.to_string().replace("T00:00:00Z", ""));
        match period(text, Some(NOW.parse().expect("a moment"))) {
            Reading::Period(from, to) => format!("{} {}", day(from), day(to)),
            Reading::TurnedRound(from, to) => format!("turned {} {}", day(from), day(to)),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn years_months_and_days_are_whole() {
        assert_eq!(shown("2021"), "2021-01-01 2022-01-01");
        assert_eq!(shown("2021-12"), "2021-12-01 2022-01-01");
        assert_eq!(shown("2021-7-18"), "2021-07-18 2021-07-19");
        assert_eq!(shown("2021/07/18"), "2021-07-18 2021-07-19");
        assert_eq!(shown("18.7.2021"), "2021-07-18 2021-07-19");
        assert_eq!(shown("٢٠٢١-٠٧"), "2021-07-01 2021-08-01");
        assert_eq!(shown("2021-07-18T10:00"), "2021-07-18T10:00:00Z 2021-07-18T10:00:01Z");
        assert_eq!(shown("2021-07-18T10:00:00+02:00"), "2021-07-18T08:00:00Z 2021-07-18T08:00:01Z");
        assert_eq!(shown("9999"), "9999-01-01 ");
    }

    #[test]
    fn periods_hold_their_last_day_and_may_be_open() {
        assert_eq!(shown("2021-07..2021-09"), "2021-07-01 2021-10-01");
        assert_eq!(shown("2021-07…2021-09-02"), "2021-07-01 2021-09-03");
        assert_eq!(shown("2021–2022"), "2021-01-01 2023-01-01");
        assert_eq!(shown("..2021"), " 2022-01-01");
        assert_eq!(shown("2021.."), "2021-01-01 ");
        assert_eq!(shown(">2021-07"), "2021-08-01 ");
        assert_eq!(shown(">=2021-07"), "2021-07-01 ");
        assert_eq!(shown("<2021-07"), " 2021-07-01");
        assert_eq!(shown("≤2021-07"), " 2021-08-01");
        assert_eq!(shown("2022..2021-03"), "turned 2021-03-01 2023-01-01");
    }

    #[test]
    fn what_counts_from_today_needs_to_know_when_that_is() {
        assert_eq!(shown("today"), "2021-07-20 2021-07-21");
        assert_eq!(shown("yesterday"), "2021-07-19 2021-07-20");
        assert_eq!(shown("7d"), "2021-07-13 ");
        assert_eq!(shown("2w"), "2021-07-06 ");
        assert_eq!(shown("5m"), "2021-02-20 ");
        assert_eq!(shown("1y"), "2020-07-20 ");
        assert_eq!(shown("1y..1m"), "2020-07-20 2021-06-21");
        assert_eq!(shown("<1y"), " 2020-07-20");
        assert_eq!(shown("9999y"), "-007978-07-20 ");
        assert_eq!(period("7d", None), Reading::NeedsNow);
        assert_eq!(period("..yesterday", None), Reading::NeedsNow);
        assert_ne!(period("2021", None), Reading::NeedsNow);
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in [
            "",
            "..",
            "...",
            "soon",
            "21",
            "2021-13",
            "2021-02-30",
            "99999",
            "-1d",
            "1.5d",
            "2021..x",
            ">",
            "2021-07-18-19",
            "é",
            "d",
        ] {
            assert_eq!(shown(text), "Unreadable", "{text}");
        }
    }
}
