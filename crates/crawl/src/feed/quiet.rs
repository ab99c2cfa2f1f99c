//! Hours and days at which a feed asks to be left alone (RSS 2.0, `skipHours` and `skipDays`; both in
//! GMT, hours from 0 to 23, where 24 is read as 0).

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// When a feed is not to be asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quiet {
    /// A bit for each hour.
    hours: u32,
    /// A bit for each day, Monday first.
    days: u8,
}

impl Quiet {
    pub(super) fn add_hour(&mut self, text: &str) {
        if let Ok(hour) = text.trim().parse::<u32>()
            && hour <= 24
        {
            self.hours |= 1 << (hour % 24);
        }
    }

    pub(super) fn add_day(&mut self, text: &str) {
        const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let text = text.trim().to_lowercase();
        if let Some(day) = DAYS.iter().position(|day| text.starts_with(day)) {
            self.days |= 1 << day;
        }
    }

    /// The first moment from `moment` on at which the feed may be asked for. One that is quiet at all
    /// times cannot mean it: then `moment` itself.
    pub fn over(&self, moment: Timestamp) -> Timestamp {
        let mut at = moment;
        for _ in 0..=7 * 24 {
            let local = Offset::UTC.to_datetime(at);
            let day = local.date().weekday().to_monday_zero_offset();
            let is_quiet = self.days >> day & 1 == 1 || self.hours >> local.hour() & 1 == 1;
            if !is_quiet {
                return at;
            }
            let into = i64::from(local.minute()) * 60 + i64::from(local.second());
            at = crate::politeness::later(at, SignedDuration::from_secs(3600 - into));
        }
        moment
    }
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
        assert_eq!(quiet.over(at("2026-11-20T03:20:30Z")), at("2026-11-20T03:20:30Z"));
        for hour in ["0", "1", "2", "3", "24", "99", "x"] {
            quiet.add_hour(hour);
        }
        assert_eq!(quiet.over(at("2026-11-20T02:20:30Z")), at("2026-11-20T04:00:00Z"));
        assert_eq!(quiet.over(at("2026-11-20T05:20:30Z")), at("2026-11-20T05:20:30Z"));
        quiet.add_day("Saturday");
        quiet.add_day(" sunday ");
        quiet.add_day("someday");
        // A Friday's last hour leads past the weekend and the first hours of Monday.
        assert_eq!(quiet.over(at("2026-11-21T09:00:00Z")), at("2026-11-23T04:00:00Z"));
    }

    #[test]
    fn a_feed_that_is_always_quiet_is_not_believed() {
        let mut quiet = Quiet::default();
        (0..24).for_each(|hour| quiet.add_hour(&hour.to_string()));
        assert_eq!(quiet.over(at("2026-11-20T02:20:30Z")), at("2026-11-20T02:20:30Z"));
    }
}
