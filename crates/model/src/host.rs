//! A host as politeness knows it: what must be remembered of it, the files that speak for a whole
//! origin, and the log of requests made to it.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use crate::Validators;

/// What is remembered of a host, so that politeness outlives a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostState {
    /// Host, with its port where that is not the usual one.
    pub host: String,
    /// The address it was last asked at.
    pub address: Option<IpAddr>,
    /// No request before this moment.
    pub next: Timestamp,
    /// The pause between two requests that is in force.
    pub gap: SignedDuration,
    /// Requests in a row that failed or were turned away.
    pub failures: u32,
    /// Requests made since the day (UTC) began.
    pub requests: u32,
    /// Why the host is parked, where it is.
    pub reason: Option<String>,
}

impl HostState {
    /// A host that nothing is known of: it may be asked from `next` on.
    pub fn new(host: impl Into<String>, next: Timestamp, gap: SignedDuration) -> Self {
        Self { host: host.into(), address: None, next, gap, failures: 0, requests: 0, reason: None }
    }
}

/// One line of the request log: what was asked, by whose leave, after what wait, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    /// Host, with its port where that is not the usual one.
    pub host: String,
    /// When the request began; for one that was never made, when it was refused.
    pub at: Timestamp,
    /// What was asked for.
    pub url: String,
    /// What robots.txt says of it, in words: `allowed by 'Allow: /a' (line 3)`.
    pub robots: String,
    /// How long it waited for its turn.
    pub waited: SignedDuration,
    /// The pause that had to lie between this request and the one before.
    pub gap: SignedDuration,
    /// From its start to the last byte; `None` where it was never made.
    pub took: Option<SignedDuration>,
    /// The status that was answered.
    pub status: Option<u16>,
    /// Bytes of the body as transferred.
    pub bytes: u64,
    /// Why there is no answer, where there is none.
    pub failure: Option<String>,
}

impl RequestLine {
    /// Whether a request was made at all, not only meant.
    pub fn was_made(&self) -> bool {
        self.took.is_some()
    }
}

/// A file that speaks for all of an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OriginFile {
    /// `/robots.txt` (RFC 9309).
    Robots,
    /// `/.well-known/tdmrep.json` (TDMRep, W3C Community Group report).
    Reservations,
}

impl OriginFile {
    /// Where it lies.
    pub fn path(self) -> &'static str {
        match self {
            Self::Robots => "/robots.txt",
            Self::Reservations => "/.well-known/tdmrep.json",
        }
    }

    /// The name that the record uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Robots => "robots",
            Self::Reservations => "tdmrep",
        }
    }
}

/// Such a file as it was answered, kept until it is too old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// `https://example.org`.
    pub origin: String,
    /// Which file.
    pub file: OriginFile,
    /// The final status; `None` where the server could not be reached.
    pub status: Option<u16>,
    /// The file, cut at the size limit; empty where there was none.
    pub body: Vec<u8>,
    /// To recognise an unchanged file by.
    pub validators: Validators,
    /// When it was asked for last.
    pub fetched: Timestamp,
}
