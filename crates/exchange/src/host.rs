//! A host as politeness knows it, and what it was asked.

use courant_model as model;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::instant;

/// What is remembered of a host, and the log of requests to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HostAccount {
    /// Host, with its port where that is not the usual one.
    pub host: String,
    /// The address it was last asked at.
    pub address: Option<String>,
    /// No request before this moment.
    #[schema(format = DateTime)]
    pub until: String,
    /// The pause between two requests, in milliseconds.
    pub gap_ms: u64,
    /// Requests in a row that failed or were turned away.
    pub failures: u32,
    /// Requests made since the day (UTC) began.
    pub requests: u32,
    /// Why it is left alone, where it is.
    pub reason: Option<String>,
    /// The last requests, newest first.
    pub log: Vec<RequestLine>,
}

impl HostAccount {
    /// The account of a host with these requests.
    pub fn new(state: &model::HostState, log: &[model::RequestLine]) -> Self {
        Self {
            host: state.host.clone(),
            address: state.address.map(|address| address.to_string()),
            until: instant(state.next),
            gap_ms: millis(state.gap),
            failures: state.failures,
            requests: state.requests,
            reason: state.reason.clone(),
            log: log.iter().map(RequestLine::from).collect(),
        }
    }
}

/// One request: by whose leave, after what wait, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestLine {
    /// When it began; for one that was never made, when it was refused.
    #[schema(format = DateTime)]
    pub at: String,
    /// What was asked for.
    pub url: String,
    /// What robots.txt says of it, in words.
    pub robots: String,
    /// How long it waited for its turn.
    pub waited_ms: u64,
    /// The pause that had to lie between it and the request before.
    pub gap_ms: u64,
    /// From its start to the last byte; `null` for one that was never made.
    pub took_ms: Option<u64>,
    /// The status that was answered.
    pub status: Option<u16>,
    /// Bytes of the body as transferred.
    pub bytes: u64,
    /// Why there is no answer, where there is none.
    pub failure: Option<String>,
}

impl From<&model::RequestLine> for RequestLine {
    fn from(line: &model::RequestLine) -> Self {
        Self {
            at: instant(line.at),
            url: line.url.clone(),
            robots: line.robots.clone(),
            waited_ms: millis(line.waited),
            gap_ms: millis(line.gap),
            took_ms: line.took.map(millis),
            status: line.status,
            bytes: line.bytes,
            failure: line.failure.clone(),
        }
    }
}

fn millis(duration: jiff::SignedDuration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or_default()
}
