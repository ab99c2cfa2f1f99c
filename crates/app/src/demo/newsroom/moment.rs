//! Dates as a newsroom knows them: an instant, and the clock on its own wall.
//!
//! Templates put the parts together in their outlet's style (`19. Juli 2021, 18:42 Uhr`), with month names from the
//! site's file and digits by the [`digits`] filter; no date style is written in code.

use anyhow::Context as _;
use jiff::{Timestamp, civil, fmt::rfc2822, fmt::temporal::Pieces};
use minijinja::Value;
use serde::{Deserialize, Serialize, de};

/// The newsroom's clock when edition 1 or 2 is out: 2021-10-08 at 08:00 and at 09:00 UTC.
pub(crate) fn edition_moment(edition: u8) -> Timestamp {
    let hour = if edition < 2 { 8 } else { 9 };
    let local = civil::date(2021, 10, 8).at(hour, 0, 0, 0);
    jiff::tz::Offset::UTC.to_timestamp(local).expect("a fixed date of 2021 is in range")
}

/// A moment, in the parts that templates print.
#[derive(Clone, Debug, Serialize)]
pub(super) struct When {
    #[serde(skip)]
    pub(super) at: Timestamp,
    /// RFC 3339 as the article's file has it, with the outlet's own offset.
    iso: String,
    /// RFC 3339 in UTC.
    utc: String,
    /// As RSS 2.0 wants it.
    rfc2822: String,
    /// `+02:00`.
    offset: String,
    year: i16,
    month: i8,
    day: i8,
    hour: i8,
    minute: i8,
    /// 1 is Monday.
    weekday: i8,
}

impl When {
    fn parse(text: &str) -> anyhow::Result<When> {
        let what = || format!("\"{text}\" is not a date with time and offset, like 2021-07-19T18:42:00+02:00");
        let at: Timestamp = text.parse().with_context(what)?;
        let offset = Pieces::parse(text).with_context(what)?.to_numeric_offset().with_context(what)?;
        let local = offset.to_datetime(at);
        let zoned = at.to_zoned_datetime(offset.to_time_zone());
        Ok(When {
            at,
            iso: text.to_owned(),
            utc: at.to_string(),
            rfc2822: rfc2822::to_string(&zoned).with_context(what)?,
            offset: text.strip_suffix('Z').map_or(&text[text.len().saturating_sub(6)..], |_| "+00:00").to_owned(),
            year: local.year(),
            month: local.month(),
            day: local.day(),
            hour: local.hour(),
            minute: local.minute(),
            weekday: local.weekday().to_monday_one_offset(),
        })
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<When, D::Error> {
        When::parse(&String::deserialize(deserializer)?).map_err(|e| de::Error::custom(format!("{e:#}")))
    }
}

/// The date of an HTTP header (RFC 9110, 5.6.7).
pub(super) fn http_date(at: Timestamp) -> String {
    rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap_or_default()
}

/// Reads the date of an HTTP header; `None` where it is none.
pub(super) fn from_http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// Template filter: a number of at least two digits.
pub(super) fn two(number: i64) -> String {
    format!("{number:02}")
}

/// Template filter: the digits of `text` as the script `arab` (Arabic-Indic) or `deva` (Devanagari) writes them.
pub(super) fn digits(text: &Value, script: &str) -> Result<String, minijinja::Error> {
    let zero = match script {
        "arab" => '\u{660}',
        "deva" => '\u{966}',
        _ => {
            let detail = format!("digits knows the scripts arab and deva, not {script}");
            return Err(minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, detail));
        }
    };
    let shift = |c: char| c.to_digit(10).and_then(|d| char::from_u32(zero as u32 + d)).unwrap_or(c);
    Ok(text.to_string().chars().map(shift).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_keeps_the_wall_clock_of_its_offset() {
        let when = When::parse("2021-07-20T01:12:00+08:00").unwrap();
        assert_eq!((when.day, when.hour, when.weekday), (20, 1, 2));
        assert_eq!(when.utc, "2021-07-19T17:12:00Z");
        assert_eq!(when.rfc2822, "Tue, 20 Jul 2021 01:12:00 +0800");
        assert_eq!(when.offset, "+08:00");
        assert_eq!(When::parse("2021-07-19T18:42:00Z").unwrap().offset, "+00:00");
    }

    #[test]
    fn a_date_without_an_offset_is_refused_in_words() {
        let error = When::parse("2021-07-20").unwrap_err().to_string();
        assert!(error.contains("\"2021-07-20\" is not a date with time and offset"), "{error}");
    }

    #[test]
    fn digits_take_the_script_asked_for() {
        assert_eq!(digits(&Value::from(2021), "arab").unwrap(), "٢٠٢١");
        assert_eq!(digits(&Value::from("19"), "deva").unwrap(), "१९");
        assert!(digits(&Value::from(19), "roman").is_err());
        assert_eq!(two(7), "07");
    }

    #[test]
    fn an_http_date_goes_there_and_back() {
        let at = edition_moment(1);
        assert_eq!(http_date(at), "Fri, 08 Oct 2021 08:00:00 GMT");
        assert_eq!(from_http_date(&http_date(at)), Some(at));
        assert_eq!(from_http_date("yesterday"), None);
    }
}
