//! The one place that asks what time it is. Everything below takes `now` as an argument.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Tells the time. Clones tell the same time.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    /// Microseconds that this clock is ahead of the system's.
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock.
    pub(crate) fn system() -> Self {
        Self { ahead: Arc::new(AtomicI64::new(0)) }
    }

    /// Sets this clock and its clones to `moment`, from where it runs on at the usual pace.
    pub(crate) fn set(&self, moment: Timestamp) {
        let ahead = moment.as_microsecond() - Timestamp::now().as_microsecond();
        self.ahead.store(ahead, Ordering::Relaxed);
    }

    /// The time, to the microsecond, as the record keeps it.
    pub(crate) fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_micros(self.ahead.load(Ordering::Relaxed));
        let now = Timestamp::now().checked_add(ahead).unwrap_or(Timestamp::MAX);
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_clock_runs_on_from_there_in_all_its_clones() {
        let clock = Clock::system();
        let clone = clock.clone();
        let moment: Timestamp = "2021-10-08T08:00:00Z".parse().expect("a time");
        clock.set(moment);
        let told = clone.now();
        assert!(told >= moment && told < moment + SignedDuration::from_secs(60), "{told}");
        assert!(clone.now() >= told);
    }
}
