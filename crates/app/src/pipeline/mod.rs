//! The lines: each readable in a minute.

pub(crate) mod backfill;
mod before;
pub(crate) mod collect;
pub(crate) mod curate;
pub(crate) mod index;
mod ledger;
mod lists;
mod past;
mod portions;
pub(crate) mod probe;
pub(crate) mod reading;
pub(crate) mod rebuild;
mod report;
mod visit;

pub(crate) use visit::AGENT;

/// A name that no other living process has: this one's number and when it began.
pub(crate) fn worker_name() -> String {
    format!("{}-{:x}", std::process::id(), jiff::Timestamp::now().as_microsecond())
}
