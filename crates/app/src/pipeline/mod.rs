//! The lines: each readable in a minute.

mod before;
pub(crate) mod collect;
pub(crate) mod curate;
mod lists;
pub(crate) mod reading;
pub(crate) mod rebuild;
mod report;
mod visit;

pub(crate) use visit::AGENT;
