//! The harness of the journeys: the binary found and run, a rude newsroom of our own on loopback, a rig
//! of many quick ones, a small HTTP reader, a browser, the demo's gold, a score for clusters.
//!
//! One idea: nothing waits blindly. [`wait`] asks again and again until an answer is there or a
//! deadline has passed, and says then what it was waiting for. Courant itself is known here only as
//! its users know it; what must hold is said in `journeys`.

pub mod audit;
pub mod browser;
mod cluster;
mod command;
mod demo;
pub mod eval;
pub mod gate;
pub mod gold;
pub mod http;
mod newsroom;
pub mod press;
pub mod rig;
pub mod usage;
mod wait;
pub mod warc;

pub use cluster::bcubed;
pub use command::{Courant, Finished, Running, binary, is_optimised};
pub use demo::{Demo, demo};
pub use newsroom::{Answer, Newsroom, Request, Visit};
pub use wait::{wait, wait_for};

use std::io::Write as _;

/// Says that something is not tested here, and why. It goes past the test runner's capture, so that
/// no run is green in silence; `scripts/test` counts these lines.
pub fn skipped(what: &str, why: &str) {
    // Whoever closed stderr does not want to hear.
    let _ = writeln!(std::io::stderr(), "skipped: {what}: {why}");
}

/// The root of the repository.
pub fn root() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the repository").to_owned()
}

/// A port that nobody listens on at this moment.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback can be listened on");
    listener.local_addr().expect("a bound socket has an address").port()
}
