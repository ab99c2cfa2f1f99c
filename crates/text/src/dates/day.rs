//! The day: found in what is left of the tokens once the time of day is taken out. With signs
//! (`2021年7月19日`), with a month's name, or in digits alone.

use courant_model::{Language, Precision};
use jiff::civil::Date;

use super::Order;
use super::eras::{is_solar_hijri, solar_hijri, thai_year};
use super::months::{self, Month};
use super::tokens::Tokens;

/// A day, or the first of a month or year.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    /// In the Gregorian calendar.
    pub(super) date: Date,
    /// Day, month or year.
    pub(super) precision: Precision,
    /// The first token behind it.
    pub(super) end: usize,
}

/// Finds the first day. `today` gives a day without a year its year.
pub(super) fn find(tokens: &Tokens, language: Option<Language>, order: Order, today: Option<Date>) -> Option<Day> {
    (0..tokens.len())
        .find_map(|at| signed(tokens, at, today))
        .or_else(|| (0..tokens.len()).find_map(|at| digits(tokens, at, language, order)))
        .or_else(|| (0..tokens.len()).find_map(|at| named(tokens, months::at(tokens, at, language)?, language, today)))
        .or_else(|| year_and_month(tokens))
}

fn date(year: i32, month: u32, day: u32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `2021年7月19日`, `2021년 7월 19일`, `7月19日`.
fn signed(tokens: &Tokens, at: usize, today: Option<Date>) -> Option<Day> {
    let part = |at: usize, signs: &[&str]| {
        let (value, _) = tokens.number(at)?;
        tokens.word(at + 1).filter(|word| signs.contains(word)).map(|_| value)
    };
    let year = part(at, &["年", "년"]);
    let rest = if year.is_some() { at + 2 } else { at };
    let month = part(rest, &["月", "월"])?;
    let day = part(rest + 2, &["日", "일", "号", "號"]);
    match (year, day) {
        (Some(year), Some(day)) => {
            let year = full_year(year, i32::try_from(year).ok()?);
            Some(Day { date: date(year, month, day)?, precision: Precision::Day, end: rest + 4 })
        }
        (Some(year), None) => {
            Some(Day { date: date(i32::try_from(year).ok()?, month, 1)?, precision: Precision::Month, end: rest + 2 })
        }
        (None, Some(day)) => Some(Day { date: latest(month, day, today?)?, precision: Precision::Day, end: rest + 4 }),
        (None, None) => None,
    }
}

/// The latest `day` of `month` that is not after tomorrow.
fn latest(month: u32, day: u32, today: Date) -> Option<Date> {
    let this_year = i32::from(today.year());
    (this_year - 4..=this_year)
        .rev()
        .filter_map(|year| date(year, month, day))
        .find(|found| *found <= today.tomorrow().unwrap_or(today))
}

/// Years of two digits are of this century up to 68, of the last from 69 on (as POSIX has it).
fn full_year(value: u32, otherwise: i32) -> i32 {
    match value {
        0..=68 => otherwise + 2000,
        69..=99 => otherwise + 1900,
        _ => otherwise,
    }
}

/// `2021-07-19`, `19.7.2021`, `7/19/21`.
fn digits(tokens: &Tokens, at: usize, language: Option<Language>, order: Order) -> Option<Day> {
    let (first, first_digits) = tokens.number(at)?;
    let mark = ['-', '.', '/', '،'].into_iter().find(|mark| tokens.is_mark(at + 1, *mark))?;
    let (second, second_digits) = tokens.number(at + 2)?;
    let same_mark = tokens.is_mark(at + 3, mark);
    let (third, third_digits) = tokens.number(at + 4).filter(|_| same_mark)?;
    // A fourth part: a version, an address, a telephone number.
    if tokens.is_mark(at + 5, mark) && mark != '.' && tokens.number(at + 6).is_some() && !tokens.spaced(at + 6) {
        return None;
    }
    if second_digits > 2 || (first_digits != 4 && third_digits != 4 && (first_digits > 2 || third_digits != 2)) {
        return None;
    }
    let end = at + 5;
    let found = |date: Option<Date>| date.map(|date| Day { date, precision: Precision::Day, end });
    if first_digits == 4 {
        return found(year_first(first, second, third, language).filter(|_| third_digits <= 2));
    }
    let year = era_year(third, third_digits, language)?;
    let month_first = date(year, first, second);
    let day_first = date(year, second, first);
    let two_digits_first = (first_digits == 2 && third_digits == 2)
        .then(|| date(full_year(first, i32::try_from(first).unwrap_or_default()), second, third))
        .flatten();
    // Whoever writes stops between the numbers writes the day first.
    found(match order {
        Order::Month if mark != '.' => month_first.or(day_first).or(two_digits_first),
        Order::Year => two_digits_first.or(day_first).or(month_first),
        _ => day_first.or(month_first).or(two_digits_first),
    })
}

fn year_first(year: u32, month: u32, day: u32, language: Option<Language>) -> Option<Date> {
    let value = i32::try_from(year).ok()?;
    if is_solar_hijri(value) && language.is_none_or(|language| matches!(language.as_str(), "fa" | "ps" | "ckb")) {
        return solar_hijri(value, month, day);
    }
    date(era_year(year, 4, language)?, month, day)
}

/// The Gregorian year of a year as printed.
fn era_year(value: u32, digits: usize, language: Option<Language>) -> Option<i32> {
    let year = i32::try_from(value).ok()?;
    match digits {
        2 => Some(full_year(value, year)),
        4 if language.is_some_and(|language| language.as_str() == "th") => Some(thai_year(year)),
        4 => Some(year),
        _ => None,
    }
}

/// `19 July 2021`, `July 19, 2021`, `2021. július 19.`, `July 2021`, `19 July`.
fn named(tokens: &Tokens, month: Month, language: Option<Language>, today: Option<Date>) -> Option<Day> {
    // `يوليو/تموز`: one month by two names.
    let end = match tokens.is_mark(month.end, '/') {
        true => months::at(tokens, month.end + 1, language)
            .filter(|second| second.number == month.number)
            .map_or(month.end, |second| second.end),
        false => month.end,
    };
    let before = numbers(tokens, (month.start.saturating_sub(4)..month.start).rev());
    let after = numbers(tokens, end..end + 8);
    let is_day = |number: &&Number| number.digits <= 2 && (1..=31).contains(&number.value);
    let is_year = |number: &&Number| number.digits == 4 && (1000..3000).contains(&number.value);
    let day_before = before.first().filter(is_day).filter(|number| month.start - number.at <= 3);
    let day_after = after.first().filter(is_day).filter(|number| number.at - end <= 2);
    let day = day_before.or(day_after);
    let year = after
        .iter()
        .find(is_year)
        .or_else(|| before.iter().find(is_year))
        .map(|number| (number, number.digits))
        .or_else(|| {
            // Two digits are a year only behind day and month: `19 Jul 21`, `Jul 19, 21`.
            let behind = after.iter().find(|number| day.is_some_and(|day| day.at != number.at))?;
            (behind.digits == 2 && behind.at - end <= 3).then_some((behind, 2))
        });
    let last = [Some(end), day.map(|day| day.at + 1), year.map(|(year, _)| year.at + 1)].into_iter().flatten().max()?;
    let (date, precision) = match (day, year) {
        (Some(day), Some((year, digits))) if month.solar_hijri || persian_year(year.value, language) => {
            let year = if digits == 2 { year.value + 1300 } else { year.value };
            (solar_hijri(i32::try_from(year).ok()?, month.number, day.value)?, Precision::Day)
        }
        (Some(day), Some((year, digits))) => {
            (date(era_year(year.value, digits, language)?, month.number, day.value)?, Precision::Day)
        }
        (Some(_), None) if month.solar_hijri => return None,
        (Some(day), None) => (latest(month.number, day.value, today?)?, Precision::Day),
        (None, Some((year, 4))) if !month.solar_hijri => {
            (date(era_year(year.value, 4, language)?, month.number, 1)?, Precision::Month)
        }
        _ => return None,
    };
    Some(Day { date, precision, end: last })
}

fn persian_year(year: u32, language: Option<Language>) -> bool {
    language.is_some_and(|language| language.as_str() == "fa") && i32::try_from(year).is_ok_and(is_solar_hijri)
}

/// A number among the tokens.
#[derive(Debug)]
struct Number {
    at: usize,
    value: u32,
    digits: usize,
}

fn numbers(tokens: &Tokens, range: impl Iterator<Item = usize>) -> Vec<Number> {
    range.filter_map(|at| tokens.number(at).map(|(value, digits)| Number { at, value, digits })).collect()
}

/// `2021-07`, alone.
fn year_and_month(tokens: &Tokens) -> Option<Day> {
    let (year, 4) = tokens.number(0)? else { return None };
    let (month, 2) = tokens.number(2)? else { return None };
    let alone = tokens.len() == 3 && (tokens.is_mark(1, '-') || tokens.is_mark(1, '/'));
    let date = date(i32::try_from(year).ok()?, month, 1).filter(|_| alone)?;
    Some(Day { date, precision: Precision::Month, end: 3 })
}
