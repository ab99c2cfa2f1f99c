//! What a run of the collect line came to, in words and numbers.

use std::fmt;

use courant_store::contract::{BatchReport, Recorded};

/// Counts of one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// Visits that ended.
    pub(crate) visits: u64,
    /// Articles seen for the first time.
    pub(crate) new: u64,
    /// Articles that say something else now.
    pub(crate) revised: u64,
    /// Articles taken away by their outlets.
    pub(crate) withdrawn: u64,
    /// Addresses that answered with something that is not for us, or may not be asked for.
    pub(crate) blocked: u64,
    /// Addresses where nothing stands.
    pub(crate) gone: u64,
    /// Visits that failed.
    pub(crate) failed: u64,
    /// Visits put off for the sake of a host.
    pub(crate) put_off: u64,
}

impl Report {
    /// Counts what the record made of a batch.
    pub(crate) fn count(&mut self, batch: &BatchReport) {
        for recorded in &batch.recorded {
            match recorded {
                Recorded::New(_) => self.new += 1,
                Recorded::Revised(_) | Recorded::Returned(_) => self.revised += 1,
                Recorded::Same(_) => {}
            }
        }
        self.withdrawn += batch.withdrawn.len() as u64;
    }

    /// Both together.
    pub(crate) fn add(&mut self, other: Self) {
        self.visits += other.visits;
        self.new += other.new;
        self.revised += other.revised;
        self.withdrawn += other.withdrawn;
        self.blocked += other.blocked;
        self.gone += other.gone;
        self.failed += other.failed;
        self.put_off += other.put_off;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} visits, {} new articles", self.visits, self.new)?;
        for (count, what) in [
            (self.revised, "revised"),
            (self.withdrawn, "withdrawn"),
            (self.blocked, "not for us"),
            (self.gone, "gone"),
            (self.failed, "failed"),
            (self.put_off, "put off"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_tells_only_what_happened() {
        let report = Report { visits: 3, new: 2, gone: 1, ..Report::default() };
        assert_eq!(report.to_string(), "3 visits, 2 new articles, 1 gone");
    }
}
