//! Times as a page writes them: in words, at the precision that is known, on the page's own clock
//! where it named one, and beside it the machine's spelling for `datetime`.

use courant_model::{Dated, Precision};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// A time, ready for a `time` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct When {
    /// For `datetime`.
    pub(crate) iso: String,
    /// For people: `19 July 2021, 18:42 (UTC+2)`.
    pub(crate) text: String,
}

impl When {
    /// To the second, for tables: `2021-07-19 18:42:09 UTC`.
    pub(crate) fn exactly(moment: Timestamp) -> Self {
        Self { text: moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(), ..Self::from(moment) }
    }
}

impl From<Timestamp> for When {
    fn from(moment: Timestamp) -> Self {
        let local = Offset::UTC.to_datetime(moment);
        let text = format!("{}, {:02}:{:02} UTC", day(local.date()), local.hour(), local.minute());
        // Seconds are enough for a page.
        Self { iso: moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), text }
    }
}

impl From<&Dated> for When {
    fn from(dated: &Dated) -> Self {
        let offset = dated.offset.unwrap_or(Offset::UTC);
        let local = offset.to_datetime(dated.instant);
        let text = match dated.precision {
            Precision::Year => local.year().to_string(),
            Precision::Month => format!("{} {}", MONTHS[usize::from(local.month().unsigned_abs()) - 1], local.year()),
            Precision::Day => day(local.date()),
            Precision::Minute | Precision::Second => {
                format!("{}, {:02}:{:02} {}", day(local.date()), local.hour(), local.minute(), zone(offset))
            }
        };
        Self { iso: dated.to_text(), text }
    }
}

/// The day of `moment` in UTC.
pub(crate) fn date(moment: Timestamp) -> Date {
    Offset::UTC.to_datetime(moment).date()
}

/// `19 July 2021`.
pub(crate) fn day(date: Date) -> String {
    format!("{} {} {}", date.day(), MONTHS[usize::from(date.month().unsigned_abs()) - 1], date.year())
}

/// From one day to another: `19 July 2021`, `19–21 July 2021`, `19 July – 2 August 2021`.
pub(crate) fn span(first: Timestamp, last: Timestamp) -> String {
    let (first, last) = (date(first), date(last));
    let month = |date: Date| MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    match (first.year() == last.year(), first.month() == last.month()) {
        _ if first == last => day(first),
        (true, true) => format!("{}–{}", first.day(), day(last)),
        (true, false) => format!("{} {} – {}", first.day(), month(first), day(last)),
        _ => format!("{} – {}", day(first), day(last)),
    }
}

/// How long after: `+35 min`, `+3 h`, `+2 days`; `None` for nothing worth telling.
pub(crate) fn lag(first: Timestamp, then: Timestamp) -> Option<String> {
    let minutes = then.duration_since(first).as_mins();
    match minutes {
        ..1 => None,
        1..60 => Some(format!("+{minutes} min")),
        60..2880 => Some(format!("+{} h", minutes / 60)),
        _ => Some(format!("+{} days", minutes / 1440)),
    }
}

fn zone(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() % 3600 / 60);
    let sign = if seconds < 0 { '−' } else { '+' };
    match (seconds, minutes) {
        (0, _) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
mod tests {
    use courant_model::DateSource;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn check(instant: &str, offset: Option<i32>, precision: Precision, expected: &str) {
        let offset = offset.map(|minutes| Offset::from_seconds(60 * minutes).expect("an offset"));
        let dated = Dated { instant: at(instant), offset, precision, source: DateSource::Meta };
        assert_eq!(When::from(&dated).text, expected);
    }

    #[test]
    fn a_date_is_told_as_precisely_as_it_is_known() {
        check("2021-01-01T00:00:00Z", None, Precision::Year, "2021");
        check("2021-07-01T00:00:00Z", None, Precision::Month, "July 2021");
        check("2021-07-18T22:00:00Z", Some(120), Precision::Day, "19 July 2021");
        check("2021-07-19T16:42:00Z", Some(120), Precision::Minute, "19 July 2021, 18:42 UTC+2");
        check("2021-07-19T16:42:09Z", Some(330), Precision::Second, "19 July 2021, 22:12 UTC+5:30");
        check("2021-07-19T16:42:09Z", Some(-180), Precision::Second, "19 July 2021, 13:42 UTC−3");
        check("2021-07-19T16:42:09Z", None, Precision::Second, "19 July 2021, 16:42 UTC");
    }

    #[test]
    fn a_span_says_what_its_ends_share_once() {
        for (first, last, expected) in [
            ("2021-07-19", "2021-07-19", "19 July 2021"),
            ("2021-07-19", "2021-07-21", "19–21 July 2021"),
            ("2021-07-19", "2021-08-02", "19 July – 2 August 2021"),
            ("2020-07-19", "2021-07-19", "19 July 2020 – 19 July 2021"),
            ("2020-12-31", "2021-01-01", "31 December 2020 – 1 January 2021"),
        ] {
            let (from, to) = (at(&format!("{first}T01:00:00Z")), at(&format!("{last}T23:00:00Z")));
            assert_eq!(span(from, to), expected);
        }
    }

    #[test]
    fn a_lag_is_told_in_its_largest_unit() {
        let first = at("2021-07-19T16:00:00Z");
        for (then, expected) in [
            ("2021-07-19T16:00:30Z", None),
            ("2021-07-19T15:00:00Z", None),
            ("2021-07-19T16:35:00Z", Some("+35 min")),
            ("2021-07-19T19:20:00Z", Some("+3 h")),
            ("2021-07-21T17:00:00Z", Some("+2 days")),
        ] {
            assert_eq!(lag(first, at(then)).as_deref(), expected, "{then}");
        }
    }
}
