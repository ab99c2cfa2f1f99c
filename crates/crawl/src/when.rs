//! Dates as machines write them: in headers, feeds and sitemaps.
//!
//! One lenient reader for RFC 822 and its kin (`Fri, 20 Nov 2026 12:05:00 GMT`, asctime, RFC 850)
//! and for ISO 8601 and its kin (`2026-11-20`, `2026-11-20 12:05`, `20261120T120500Z`). Dates that
//! are written for people are left to `courant_text::dates`.

use courant_model::{DateSource, Dated, Language, Precision};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

/// A date that was read, before it is known what it is a date of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The first moment that the date can mean; without a zone, in UTC.
    pub(crate) instant: Timestamp,
    /// The zone as written.
    pub(crate) offset: Option<Offset>,
    /// How much was written.
    pub(crate) precision: Precision,
}

impl Moment {
    pub(crate) fn dated(self, source: DateSource) -> Dated {
        Dated { instant: self.instant, offset: self.offset, precision: self.precision, source }
    }
}

/// Reads a date of a feed or sitemap: as machines write it, else as people do.
pub(crate) fn read_date(text: &str, language: Option<Language>, source: DateSource) -> Option<Dated> {
    if let Some(moment) = machine_date(text) {
        return Some(moment.dated(source));
    }
    let parsed = courant_text::dates::parse(text, language, None)?;
    Some(Dated { instant: parsed.instant, offset: parsed.offset, precision: parsed.precision, source })
}

/// Reads a date as machines write it; `None` for anything else.
pub(crate) fn machine_date(text: &str) -> Option<Moment> {
    let text = text.trim();
    // Nothing of this kind is longer, and what is longer costs time.
    if text.len() > 100 || !text.is_ascii() {
        return None;
    }
    iso(text).or_else(|| words(text))
}

/// A clock time and a zone, as far as they were written.
#[derive(Debug, Clone, Copy, Default)]
struct Clock {
    time: Option<Time>,
    seconds: bool,
    next_day: bool,
    offset: Option<Offset>,
}

fn moment(date: Date, clock: Clock, day_precision: Precision) -> Option<Moment> {
    let date = if clock.next_day { date.tomorrow().ok()? } else { date };
    let local = DateTime::from_parts(date, clock.time.unwrap_or_else(Time::midnight));
    let instant = clock.offset.unwrap_or(Offset::UTC).to_timestamp(local).ok()?;
    let precision = match clock.time {
        None => day_precision,
        Some(_) if clock.seconds => Precision::Second,
        Some(_) => Precision::Minute,
    };
    Some(Moment { instant, offset: clock.time.and(clock.offset), precision })
}

fn iso(text: &str) -> Option<Moment> {
    let split = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (day, rest) = (&text[..split], text.get(split + 1..).unwrap_or_default().trim());
    let (date, precision) = iso_day(day)?;
    if rest.is_empty() {
        return moment(date, Clock::default(), precision);
    }
    (precision == Precision::Day).then_some(())?;
    moment(date, clock(rest)?, precision)
}

fn iso_day(text: &str) -> Option<(Date, Precision)> {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i16>().ok()).flatten();
    let small = |part: &str| digits(part).and_then(|n| i8::try_from(n).ok());
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let day = |year, month: i8, day: i8| Date::new(year, month, day).ok();
    match parts[..] {
        [year] if year.len() == 4 => Some((day(digits(year)?, 1, 1)?, Precision::Year)),
        [all] if all.len() == 8 => {
            Some((day(digits(&all[..4])?, small(&all[4..6])?, small(&all[6..])?)?, Precision::Day))
        }
        [year, month] if year.len() == 4 && month.len() <= 2 => {
            Some((day(digits(year)?, small(month)?, 1)?, Precision::Month))
        }
        // The day of the year.
        [year, number] if year.len() == 4 && number.len() == 3 => {
            let first = day(digits(year)?, 1, 1)?;
            let date = first.checked_add(jiff::Span::new().try_days(digits(number)? - 1).ok()?).ok()?;
            (date.year() == first.year()).then_some((date, Precision::Day))
        }
        [year, month, number] if year.len() == 4 => {
            Some((day(digits(year)?, small(month)?, small(number)?)?, Precision::Day))
        }
        _ => None,
    }
}

/// `12:05:00.5+02:00`, `12:05 GMT`, `120500Z`, `12:05:00 PM -0500`.
fn clock(text: &str) -> Option<Clock> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | ','))).unwrap_or(text.len());
    let (time, mut rest) = (&text[..end], text[end..].trim());
    let mut clock = time_of_day(time)?;
    let lower = rest.to_ascii_lowercase();
    for (mark, afternoon) in [("am", false), ("a.m.", false), ("pm", true), ("p.m.", true)] {
        if lower.starts_with(mark) && !lower[mark.len()..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            rest = rest[mark.len()..].trim();
            clock.time = Some(half_day(clock.time?, afternoon)?);
            break;
        }
    }
    clock.offset = if rest.is_empty() { None } else { Some(zone(rest)?) };
    Some(clock)
}

fn half_day(time: Time, afternoon: bool) -> Option<Time> {
    match (time.hour(), afternoon) {
        (12, false) => time.with().hour(0).build().ok(),
        (hour @ 1..=11, true) => time.with().hour(hour + 12).build().ok(),
        _ => Some(time),
    }
}

fn time_of_day(text: &str) -> Option<Clock> {
    let (whole, _fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let parts: Vec<&str> = match whole.split(':').collect::<Vec<_>>()[..] {
        [all] if matches!(all.len(), 4 | 6) && all.is_ascii() => {
            (0..all.len()).step_by(2).map(|at| &all[at..at + 2]).collect()
        }
        ref parts => parts.to_vec(),
    };
    let number = |part: &str| (1..=2).contains(&part.len()).then(|| part.parse::<i8>().ok()).flatten();
    let (hour, minute, second) = match parts[..] {
        [hour, minute] => (number(hour)?, number(minute)?, 0),
        [hour, minute, second] => (number(hour)?, number(minute)?, number(second)?),
        _ => return None,
    };
    // 24:00 is the midnight that ends the day; 60 a leap second.
    let next_day = hour == 24 && minute == 0 && second == 0;
    let time = Time::new(if next_day { 0 } else { hour }, minute, second.min(59), 0).ok()?;
    Some(Clock { time: Some(time), seconds: parts.len() == 3, next_day, offset: None })
}

/// Zones by name, in minutes east of UTC. North America as RFC 822 has it, Europe as feeds do.
const ZONES: &[(&str, i32)] = &[
    ("gmt", 0),
    ("utc", 0),
    ("ut", 0),
    ("z", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("ast", -240),
    ("adt", -180),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("cest", 120),
    ("met", 60),
    ("mest", 120),
    ("mez", 60),
    ("mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("sast", 120),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
];

fn zone(text: &str) -> Option<Offset> {
    // "+0100 (CET)" says it twice.
    let text = text.split('(').next().unwrap_or_default().trim();
    let lower = text.to_ascii_lowercase();
    let letters = lower.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(lower.len());
    let (name, number) = (&lower[..letters], lower[letters..].trim());
    let named = match name {
        "" => Some(0),
        // RFC 822's military letters were defined with the wrong sign, and mean nothing now (RFC
        // 5322 section 4.3).
        _ if name.len() == 1 => Some(0),
        _ => ZONES.iter().find(|(zone, _)| *zone == name).map(|(_, minutes)| *minutes),
    }?;
    let minutes = if number.is_empty() { named } else { named + signed_minutes(number)? };
    Offset::from_seconds(minutes * 60).ok()
}

/// `+02:00`, `-0500`, `+2`.
fn signed_minutes(text: &str) -> Option<i32> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    let number = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<i32>().ok()).flatten()?;
    let (hours, minutes) = if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    (hours <= 15 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `Fri, 20 Nov 2026 12:05:00 GMT`, `Friday, 20-Nov-26 …`, `Fri Nov 20 12:05:00 2026`.
fn words(text: &str) -> Option<Moment> {
    let spaced = text.replace(',', " ");
    let mut parts: Vec<&str> = spaced.split_ascii_whitespace().collect();
    let month_of = |part: &str| {
        let head = part.get(..3)?.to_ascii_lowercase();
        let index = MONTHS.iter().position(|month| *month == head)?;
        part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'.').then(|| i8::try_from(index + 1).ok()).flatten()
    };
    // "20-Nov-26" and "20/Nov/2026" are three parts.
    let glued: Option<Vec<&str>> = parts.iter().position(|part| part.split(['-', '/']).count() == 3).and_then(|at| {
        let pieces: Vec<&str> = parts[at].split(['-', '/']).collect();
        month_of(pieces[1])?;
        let mut all = parts[..at].to_vec();
        all.extend(pieces);
        all.extend(&parts[at + 1..]);
        Some(all)
    });
    if let Some(glued) = glued {
        parts = glued;
    }
    // The weekday tells nothing.
    if parts.first().is_some_and(|part| month_of(part).is_none() && !part.starts_with(|c: char| c.is_ascii_digit())) {
        parts.remove(0);
    }
    let (date, rest) = match parts[..] {
        [first, second, third, ref rest @ ..] => match (month_of(first), month_of(second)) {
            // Nov 20 12:05:00 2026 (asctime), the zone before the year or after it.
            (Some(month), _) if third.contains(':') => {
                let at = rest.iter().position(|part| part.len() == 4 && year(part).is_some())?;
                let mut clock = vec![third];
                clock.extend(rest.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, part)| *part));
                (Date::new(year(rest[at])?, month, second.parse().ok()?).ok()?, clock)
            }
            (Some(month), _) => (Date::new(year(third)?, month, second.parse().ok()?).ok()?, rest.to_vec()),
            (None, Some(month)) => (Date::new(year(third)?, month, first.parse().ok()?).ok()?, rest.to_vec()),
            (None, None) => return None,
        },
        _ => return None,
    };
    let clock = if rest.is_empty() { Clock::default() } else { clock(&rest.join(" "))? };
    moment(date, clock, Precision::Day)
}

/// Four digits, or two of this century or the last (RFC 5322 section 4.3).
fn year(text: &str) -> Option<i16> {
    let year: i16 = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()?;
    match text.len() {
        4 => Some(year),
        2 if year < 50 => Some(2000 + year),
        2 | 3 => Some(1900 + year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let said = machine_date(text).map_or("none".to_owned(), |moment| moment.dated(DateSource::Feed).to_text());
        assert_eq!(said, expected, "{text}");
    }

    #[test]
    fn dates_of_mail_and_their_kin() {
        check("Fri, 20 Nov 2026 12:05:00 GMT", "2026-11-20T12:05:00Z");
        check("20 Nov 2026 12:05 +0200", "2026-11-20T12:05:00+02:00");
        check("Friday, 20-Nov-26 12:05:00 UTC", "2026-11-20T12:05:00Z");
        check("Fri Nov 20 12:05:00 2026", "2026-11-20T12:05:00Z");
        check("Fri, 20 November 2026 1:05:00 PM EST", "2026-11-20T13:05:00-05:00");
        check("Mon, 1 Jan 2024 00:00:00 GMT+1", "2024-01-01T00:00:00+01:00");
        check("Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z");
        check("Nov 20, 2026", "2026-11-20");
        check("Wed, 31 Feb 2026 12:00:00 GMT", "none");
    }

    #[test]
    fn dates_of_iso_and_their_kin() {
        check("2026", "2026");
        check("2026-11", "2026-11");
        check("2026-11-20", "2026-11-20");
        check("20261120", "2026-11-20");
        check("2026-324", "2026-11-20");
        check("2026-11-20T12:05Z", "2026-11-20T12:05:00Z");
        check("2026-11-20 12:05:00", "2026-11-20T12:05:00Z");
        check("2026-11-20T12:05:00.123+05:30", "2026-11-20T12:05:00+05:30");
        check("20261120T120500Z", "2026-11-20T12:05:00Z");
        check("2026-11-20T24:00:00Z", "2026-11-21T00:00:00Z");
        check("2026/11/20 12:05:00 PST", "2026-11-20T12:05:00-08:00");
        check("2026-13-01", "none");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for odd in ["", "yesterday", "120", "-1", "12:05", "2026-11-20Tnoon", "20 2026 Nov", "১০ মে ২০২৬", "a b c d"]
        {
            check(odd, "none");
        }
    }
}
