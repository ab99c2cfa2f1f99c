//! Reads [`Quiet`] times, and finds the moments between them. Hours are from 0 to 23, where 24 is read as
//! 0.

use courant_model::Quiet;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

pub(super) fn add_hour(quiet: &mut Quiet, text: &str) {
    if let Ok(hour) = text.trim().parse::<u32>()
        && hour <= 24
    {
        quiet.hours |= 1 << (hour % 24);
    }
}

pub(super) fn add_day(quiet: &mut Quiet, text: &str) {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let text = text.trim().to_lowercase();
    if let Some(day) = DAYS.iter().position(|day| text.starts_with(day)) {
        quiet.days |= 1 << day;
    }
}

/// The first moment from `moment` on that is not quiet. What is quiet at all times cannot mean it: then
/// `moment` itself.
pub(crate) fn over(quiet: Quiet, moment: Timestamp) -> Timestamp {
    let mut at = moment;
    for _ in 0..=7 * 24 {
        let local = Offset::UTC.to_datetime(at);
        let day = local.date().weekday().to_monday_zero_offset();
        let is_quiet = quiet.days >> day & 1 == 1 || quiet.hours >> local.hour() & 1 == 1;
        if !is_quiet {
            return at;
        }
        let into = i64::from(local.minute()) * 60 + i64::from(local.second());
        at = crate::politeness::later(at, SignedDuration::from_secs(3600 - into));
    }
    moment
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn quiet_hours_and_days_are_passed_over() {
        let mut quiet = Quiet::default();
        assert_eq!(over(quiet, at("2026-11-20T03:20:30Z")), at("2026-11-20T03:20:30Z"));
        for hour in ["0", "1", "2", "3", "24", "99", "x"] {
            add_hour(&mut quiet, hour);
        }
        assert_eq!(over(quiet, at("2026-11-20T02:20:30Z")), at("2026-11-20T04:00:00Z"));
        assert_eq!(over(quiet, at("2026-11-20T05:20:30Z")), at("2026-11-20T05:20:30Z"));
        add_day(&mut quiet, "Saturday");
        add_day(&mut quiet, " sunday ");
        add_day(&mut quiet, "someday");
        // A Friday's last hour leads past the weekend and the first hours of Monday.
        assert_eq!(over(quiet, at("2026-11-21T09:00:00Z")), at("2026-11-23T04:00:00Z"));
    }

    #[test]
    fn a_feed_that_is_always_quiet_is_not_believed() {
        let mut quiet = Quiet::default();
        (0..24).for_each(|hour| add_hour(&mut quiet, &hour.to_string()));
        assert_eq!(over(quiet, at("2026-11-20T02:20:30Z")), at("2026-11-20T02:20:30Z"));
    }
}
