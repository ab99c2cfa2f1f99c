//! Newsrooms' servers as the crate meets them: a guest's visits on loopback, and the readers over
//! public suites of cases.

mod semantics;
mod server;
mod suites;
mod visits;
