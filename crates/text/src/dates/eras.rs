//! Other calendars that outlets print: the Buddhist years of Thailand, and the solar hijri calendar
//! of Iran and Afghanistan.

use jiff::civil::Date;

/// The Gregorian year of a Thai one: 543 years less.
pub(super) fn thai_year(year: i32) -> i32 {
    if (2400..2700).contains(&year) { year - 543 } else { year }
}

/// Whether `year` can only be one of the solar hijri calendar: 1250 to 1500 are 1871 to 2122.
pub(super) fn is_solar_hijri(year: i32) -> bool {
    (1250..1500).contains(&year)
}

/// The Gregorian day of a day in the solar hijri calendar.
///
/// By the 33-year cycle of Omar Khayyam, which agrees with the astronomical calendar from 1799 to
/// 2256; only those years are asked for, see [`is_solar_hijri`].
pub(super) fn solar_hijri(year: i32, month: u32, day: u32) -> Option<Date> {
    let longest = if month <= 6 { 31 } else { 30 };
    if !(1..=12).contains(&month) || !(1..=longest).contains(&day) {
        return None;
    }
    let before = i64::from(month - 1);
    let days_of_months = if month <= 7 { before * 31 } else { before * 30 + 6 };
    let days = i64::from(year) * 365 + (8 * i64::from(year) + 21).div_euclid(33) + days_of_months + i64::from(day);
    // 1 Farvardin 1400 was 21 March 2021.
    let anchor = 1400 * 365 + (8 * 1400 + 21) / 33 + 1;
    let spring = Date::constant(2021, 3, 21);
    spring.checked_add(jiff::Span::new().try_days(days - anchor).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persian_new_years_fall_on_their_days() {
        for (year, gregorian) in [
            (1357, "1978-03-21"),
            (1375, "1996-03-20"),
            (1399, "2020-03-20"),
            (1400, "2021-03-21"),
            (1403, "2024-03-20"),
            (1404, "2025-03-21"),
        ] {
            assert_eq!(solar_hijri(year, 1, 1).map(|day| day.to_string()).as_deref(), Some(gregorian), "{year}");
        }
        assert_eq!(solar_hijri(1400, 4, 28).map(|day| day.to_string()).as_deref(), Some("2021-07-19"));
        assert_eq!(solar_hijri(1399, 12, 30).map(|day| day.to_string()).as_deref(), Some("2021-03-20"));
        assert_eq!(solar_hijri(1400, 7, 31), None);
    }

    #[test]
    fn thai_years_are_543_ahead() {
        assert_eq!((thai_year(2564), thai_year(2021)), (2021, 2021));
    }
}
