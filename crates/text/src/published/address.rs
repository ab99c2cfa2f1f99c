//! The date in an address.

use courant_model::Precision;
use jiff::tz::Offset;
use url::Url;

use super::FIRST_YEAR;
use crate::dates::{self, Parsed};

/// The date in an address: `/2021/07/19/`, `/2021-07-19-`, `/20210719/`, `/2021/0719/`, `/2021/07/`,
/// `/19-07-2021-`. Like marks between the numbers, or it is a number of something else.
pub(super) fn find(url: &Url) -> Option<Parsed> {
    let path = url.path();
    let bytes = path.as_bytes();
    let mut month = None;
    for at in 0..bytes.len() {
        let starts = bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
        if !starts {
            continue;
        }
        let digits = |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
        let year_digits = digits(at);
        let text = match year_digits {
            8 => Some(format!("{}-{}-{}", &path[at..at + 4], &path[at + 4..at + 6], &path[at + 6..at + 8])),
            4 => {
                let mark = bytes.get(at + 4).filter(|b| matches!(**b, b'/' | b'-' | b'_')).copied();
                let month_at = at + 5;
                let month_digits = digits(month_at);
                let day_at = month_at + month_digits + 1;
                let day_digits = digits(day_at);
                let same = mark.is_some() && bytes.get(month_at + month_digits).copied() == mark;
                let month_text = path
                    .get(month_at..month_at + month_digits)
                    .filter(|_| mark.is_some() && (1..=2).contains(&month_digits));
                match month_text {
                    Some(month) if same && (1..=2).contains(&day_digits) => {
                        Some(format!("{}-{month}-{}", &path[at..at + 4], &path[day_at..day_at + day_digits]))
                    }
                    None if mark == Some(b'/') && month_digits == 4 => {
                        Some(format!("{}-{}-{}", &path[at..at + 4], &path[at + 5..at + 7], &path[at + 7..at + 9]))
                    }
                    Some(month_text) if month.is_none() && mark == Some(b'/') => {
                        month = dates::parse(&format!("{}-{month_text:0>2}", &path[at..at + 4]), None, None);
                        None
                    }
                    _ => None,
                }
            }
            1 | 2 => day_first(path, at, year_digits),
            _ => None,
        };
        let parsed =
            text.and_then(|text| dates::parse(&text, None, None)).filter(|parsed| parsed.precision == Precision::Day);
        let plausible = |parsed: &Parsed| (FIRST_YEAR..2100).contains(&Offset::UTC.to_datetime(parsed.instant).year());
        if let Some(parsed) = parsed.filter(plausible) {
            return Some(parsed);
        }
    }
    month
}

/// The day first, where the numbers can mean no other order.
fn day_first(path: &str, at: usize, digits: usize) -> Option<String> {
    let mark = path[at + digits..].chars().next().filter(|mark| matches!(mark, '-' | '.' | '_'))?;
    let mut numbers = path[at..].splitn(3, mark);
    let (day, month, rest) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let year = rest.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()))?;
    let behind = rest[4..].chars().next();
    let whole = behind.is_none_or(|c| !c.is_alphanumeric()) && month.len() <= 2;
    let only = day.parse::<u8>().ok()? > 12 && month.parse::<u8>().is_ok();
    (whole && only).then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}
