//! Dates as pages and feeds write them: machine forms (RFC 3339, RFC 2822, ISO 8601, `Date`'s own
//! `toString`, seconds since 1970) and the words of some sixty languages, with their digits.
//!
//! One engine for all: the text becomes tokens; [`clock`] takes time of day and zone out of them,
//! [`day`] finds the day in what is left. Nothing is completed silently: a date says how much of it
//! was said, and a day without a year is only read where `now` is known, as are times told from now
//! ("two hours ago", [`relative`]).

mod clock;
mod day;
mod eras;
mod months;
mod relative;
mod tokens;

use courant_model::{Language, Precision};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use tokens::Tokens;

/// How much of a text is looked at, in characters: dates stand in short texts.
const LOOKED_AT: usize = 160;

/// A date that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed {
    /// The first moment that the date can mean: in the offset that the text names, else as if its
    /// clock were UTC.
    pub instant: Timestamp,
    /// The offset that the text names.
    pub offset: Option<Offset>,
    /// How much was said.
    pub precision: Precision,
}

/// Reads the first date in a short text. `language` settles which month a word is and whether
/// `3/4/2021` is in March (English) or in April; `now` gives a day without a year its year, the
/// latest that is not in the future, and is what "two hours ago" counts from.
///
/// ```
/// use courant_text::dates::parse;
/// let german = courant_model::Language::parse("de");
/// let read = parse("19. Juli 2021, 18:42 Uhr", Some(german), None).map(|date| date.instant.to_string());
/// assert_eq!(read.as_deref(), Some("2021-07-19T18:42:00Z"));
/// ```
pub fn parse(text: &str, language: Option<Language>, now: Option<Timestamp>) -> Option<Parsed> {
    let order = match language {
        Some(language) if language.as_str() == "en" => Order::Month,
        Some(language) if matches!(language.as_str(), "zh" | "ja" | "ko" | "hu" | "lt" | "fa") => Order::Year,
        Some(_) => Order::Day,
        None => Order::Month,
    };
    parse_in_order(text, language, now, order).or_else(|| parse_relative(text, language, now))
}

/// Reads a time told from `now`: "2 hours ago", "gestern".
pub(crate) fn parse_relative(text: &str, language: Option<Language>, now: Option<Timestamp>) -> Option<Parsed> {
    relative::find(text.trim(), language, now.filter(|now| *now != Timestamp::MAX)?)
}

/// What comes first in a date of digits alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// `7/19/2021`.
    Month,
    /// `19/7/2021`.
    Day,
    /// `21/7/19`.
    Year,
}

/// As [`parse`], for a page that is known to write its digits in this order.
pub(crate) fn parse_in_order(
    text: &str,
    language: Option<Language>,
    now: Option<Timestamp>,
    order: Order,
) -> Option<Parsed> {
    let text = text.trim();
    if let Some(compact) = compact(text) {
        return Some(compact);
    }
    let mut tokens = Tokens::of(text, LOOKED_AT);
    let mut clock = clock::take(&mut tokens, language);
    let today = now.filter(|now| *now != Timestamp::MAX).map(|now| Offset::UTC.to_datetime(now).date());
    let found = day::find(&tokens, language, order, today)?;
    if clock.is_none() && found.precision == Precision::Day {
        clock = clock::take_dotted(&tokens, found.end);
    }
    match clock {
        Some(clock) if found.precision == Precision::Day => {
            let precision = if clock.seconds { Precision::Second } else { Precision::Minute };
            let offset = clock.zone.and_then(|zone| zone.offset(found.date, clock.time));
            at(found.date, clock.time, offset, precision)
        }
        _ => at(found.date, Time::midnight(), None, found.precision),
    }
}

fn at(date: Date, time: Time, offset: Option<Offset>, precision: Precision) -> Option<Parsed> {
    let instant = offset.unwrap_or(Offset::UTC).to_timestamp(date.to_datetime(time)).ok()?;
    Some(Parsed { instant, offset, precision })
}

/// Forms that are digits alone: `2021`, `20210719`, `20210719T184200Z`, seconds or milliseconds
/// since 1970.
fn compact(text: &str) -> Option<Parsed> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = || text[..digits].parse::<i64>().ok();
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i8>().ok();
    let day = || Date::new(text.get(..4)?.parse().ok()?, part(4, 6)?, part(6, 8)?).ok();
    let rest = &text[digits..];
    match (digits, rest) {
        (4, "") => {
            let year = number().filter(|year| (1000..3000).contains(year))?;
            at(Date::new(i16::try_from(year).ok()?, 1, 1).ok()?, Time::midnight(), None, Precision::Year)
        }
        (8, "") => at(day()?, Time::midnight(), None, Precision::Day),
        (8, rest) if rest.starts_with(['T', 't']) && rest.len() >= 5 => {
            let second = part(13, 15);
            let time = Time::new(part(9, 11)?, part(11, 13)?, second.unwrap_or(0), 0).ok()?;
            let offset = rest.ends_with(['Z', 'z']).then_some(Offset::UTC);
            at(day()?, time, offset, if second.is_some() { Precision::Second } else { Precision::Minute })
        }
        (12 | 14, "") if day().is_some_and(|day| (1970..2100).contains(&day.year())) => {
            let second = if digits == 14 { part(12, 14)? } else { 0 };
            let time = Time::new(part(8, 10)?, part(10, 12)?, second, 0).ok()?;
            at(day()?, time, None, if digits == 14 { Precision::Second } else { Precision::Minute })
        }
        (10, "") => since_1970(Timestamp::from_second(number()?).ok()?),
        (13, "") => since_1970(Timestamp::from_millisecond(number()?).ok()?),
        _ => None,
    }
}

fn since_1970(instant: Timestamp) -> Option<Parsed> {
    Some(Parsed { instant, offset: Some(Offset::UTC), precision: Precision::Second })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the reading of `text`, written as model's `Dated` writes it.
    fn check(language: &str, text: &str, expected: &str) {
        let language = (language != "-").then(|| Language::parse(language));
        let now = "2026-11-01T12:00:00Z".parse().ok();
        let shown = parse(text, language, now).map(|parsed| {
            courant_model::Dated {
                instant: parsed.instant,
                offset: parsed.offset,
                precision: parsed.precision,
                source: courant_model::DateSource::Text,
            }
            .to_text()
        });
        assert_eq!(shown.as_deref().unwrap_or("none"), expected, "{text}");
    }

    #[test]
    fn machines_write() {
        check("-", "2021-07-19T18:42:05+02:00", "2021-07-19T18:42:05+02:00");
        check("-", "2021-07-19T18:42:05.123Z", "2021-07-19T18:42:05Z");
        check("-", "2021-07-19T18:42", "2021-07-19T18:42:00Z");
        check("-", "2021-07-19 18:42:05 +0530", "2021-07-19T18:42:05+05:30");
        check("-", "2021-07-19", "2021-07-19");
        check("-", "2021-07", "2021-07");
        check("-", "2021", "2021");
        check("-", "20210719", "2021-07-19");
        check("-", "20210719T184205Z", "2021-07-19T18:42:05Z");
        check("-", "1626712925", "2021-07-19T16:42:05Z");
        check("-", "1626712925000", "2021-07-19T16:42:05Z");
        check("-", "Mon, 19 Jul 2021 18:42:05 +0200", "2021-07-19T18:42:05+02:00");
        check("-", "Mon, 19 Jul 21 18:42 GMT", "2021-07-19T18:42:00Z");
        check("-", "Mon Jul 19 2021 18:42:05 GMT+0200 (CEST)", "2021-07-19T18:42:05+02:00");
        check("-", "Mon Jul 19 18:42:05 EDT 2021", "2021-07-19T18:42:05-04:00");
    }

    #[test]
    fn people_write() {
        check("en", "July 19, 2021 6:42 pm EDT", "2021-07-19T18:42:00-04:00");
        check("en", "Published: 19th July 2021 at 6.42pm", "2021-07-19T18:42:00Z");
        check("en", "Monday, Jul. 5, 2021", "2021-07-05");
        check("en", "12:05 a.m. ET, July 19, 2021", "2021-07-19T00:05:00-04:00");
        check("de", "Montag, 19. Juli 2021, 18:42 Uhr", "2021-07-19T18:42:00Z");
        check("de", "19.07.21", "2021-07-19");
        check("de", "3. März 2021, 7.05 Uhr MEZ", "2021-03-03T07:05:00+01:00");
        check("fr", "Publié le lundi 19 juillet 2021 à 18h42", "2021-07-19T18:42:00Z");
        check("fr", "1er août 2021", "2021-08-01");
        check("es", "19 de julio de 2021 - 18:42 h", "2021-07-19T18:42:00Z");
        check("pt", "19/07/2021 às 18h42", "2021-07-19T18:42:00Z");
        check("it", "19 luglio 2021 alle 18.42", "2021-07-19T18:42:00Z");
        check("nl", "maandag 19 juli 2021 om 18:42", "2021-07-19T18:42:00Z");
        check("ru", "19 июля 2021, 18:42", "2021-07-19T18:42:00Z");
        check("uk", "Понеділок, 19 липня 2021, 18:42", "2021-07-19T18:42:00Z");
        check("pl", "19 lipca 2021, godz. 18:42", "2021-07-19T18:42:00Z");
        check("cs", "19. července 2021 18:42", "2021-07-19T18:42:00Z");
        check("sk", "19. júla 2021 o 18:42", "2021-07-19T18:42:00Z");
        check("hu", "2021. július 19. 18:42", "2021-07-19T18:42:00Z");
        check("ro", "19 iulie 2021, ora 18:42", "2021-07-19T18:42:00Z");
        check("bg", "19 юли 2021 г., 18:42", "2021-07-19T18:42:00Z");
        check("el", "19 Ιουλίου 2021, 6:42 μ.μ.", "2021-07-19T18:42:00Z");
        check("tr", "19 Temmuz 2021 Pazartesi, 18:42", "2021-07-19T18:42:00Z");
        check("ar", "الاثنين ١٩ تموز ٢٠٢١ - ١٨:٤٢", "2021-07-19T18:42:00Z");
        check("ar", "19 يوليو/تموز 2021", "2021-07-19");
        check("he", "19 ביולי 2021, 18:42", "2021-07-19T18:42:00Z");
        check("hi", "१९ जुलाई २०२१, शाम 6:42", "2021-07-19T18:42:00Z");
        check("zh", "2021年7月19日 18:42", "2021-07-19T18:42:00Z");
        check("zh", "二〇二一年七月十九日", "2021-07-19");
        check("ja", "2021年7月19日 午後6時42分", "2021-07-19T18:42:00Z");
        check("ko", "2021년 7월 19일 오후 6:42", "2021-07-19T18:42:00Z");
        check("ko", "2021.07.19 18:42", "2021-07-19T18:42:00Z");
        check("sv", "19 juli 2021 kl. 18.42", "2021-07-19T18:42:00Z");
        check("da", "19. jul. 2021 kl. 18.42", "2021-07-19T18:42:00Z");
        check("no", "19. juli 2021 18:42", "2021-07-19T18:42:00Z");
        check("fi", "19.7.2021 klo 18.42", "2021-07-19T18:42:00Z");
        check("th", "19 กรกฎาคม 2564", "2021-07-19");
        check("fa", "۲۸ تیر ۱۴۰۰، ۱۸:۴۲", "2021-07-19T18:42:00Z");
        check("fa", "1400/04/28", "2021-07-19");
        check("fa", "19 ژوئیهٔ 2021", "2021-07-19");
        check("vi", "19 tháng 7 năm 2021", "2021-07-19");
        check("lt", "2021 m. liepos 19 d. 18:42", "2021-07-19T18:42:00Z");
    }

    #[test]
    fn a_word_is_the_month_that_its_language_means() {
        check("hr", "19. listopada 2021.", "2021-10-19");
        check("pl", "19 listopada 2021", "2021-11-19");
        check("-", "19 listopada 2021", "none");
        check("-", "19 juillet 2021", "2021-07-19");
    }

    #[test]
    fn digits_are_read_in_the_order_of_their_language() {
        check("en", "03/04/2021", "2021-03-04");
        check("fr", "03/04/2021", "2021-04-03");
        check("en", "19/07/2021", "2021-07-19");
        check("hu", "21.07.19", "2021-07-19");
        check("de", "2021/07/19", "2021-07-19");
    }

    #[test]
    fn what_is_left_out_stays_left_out() {
        check("en", "July 2021", "2021-07");
        check("en", "July 19", "2026-07-19");
        check("en", "December 24", "2025-12-24");
        assert_eq!(parse("July 19", Some(Language::parse("en")), None), None);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "Pegasus",
            "12:30",
            "99/99/9999",
            "31 February 2021",
            "1,234,567",
            "2021-13-45",
            "-",
            "١",
            "年月日",
            "May",
            "v1.2.3",
        ] {
            check("en", text, "none");
        }
    }
}
