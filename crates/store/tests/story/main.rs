//! The contract of the record as one story, told to every implementation: each chapter's tests start
//! on an empty record. `support` opens them; a new keeper of the record is added there and nowhere
//! else.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod articles;
mod frontier;
mod holding;
mod hosts;
mod kill;
mod relations;
mod stories;
mod support;
mod updates;
