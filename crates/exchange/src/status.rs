//! How a Courant is doing.

use courant_model as model;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::instant;

/// The state of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// Courant's version.
    pub version: String,
    /// Whether what it shows is the bundled, fictional newsroom.
    pub demonstration: bool,
    /// The log's last row.
    pub as_of: u64,
    /// The last row that has been placed in stories.
    pub placed: u64,
    /// The last row that the index has taken in; `null` for an index that must be rebuilt.
    pub indexed: Option<u64>,
    /// The fingerprint of the word cut that the index was made with.
    pub analyser: Option<String>,
    /// The index's own schema.
    pub index_schema: Option<u32>,
    /// Version of the extractor that reads pages now.
    pub extractor: u32,
    /// Articles that stand.
    pub articles: u64,
    /// Stories that stand.
    pub stories: u64,
    /// Outlets known.
    pub outlets: u64,
    /// Counts of the addresses to visit.
    pub frontier: Vec<FrontierCount>,
    /// Hosts of which something is due or in flight, most first; at most a hundred.
    pub hosts: Vec<BusyHost>,
    /// Hosts that are left alone for now, longest first.
    pub parked: Vec<ParkedHost>,
    /// Feeds, sitemaps and sections that bring nothing, and why, worst first; at most a hundred of each
    /// kind and state.
    pub ailing: Vec<AilingList>,
    /// Outlets of which pages answered with something that is not for us, most first; at most a hundred.
    pub blocked: Vec<BlockedPages>,
}

/// How many pages of an outlet answered with something that is not for us: a wall, a refusal, a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlockedPages {
    /// The outlet.
    pub outlet: String,
    /// How many.
    pub pages: u64,
}

impl From<&courant_store::contract::BlockedCount> for BlockedPages {
    fn from(count: &courant_store::contract::BlockedCount) -> Self {
        Self { outlet: count.outlet.to_string(), pages: count.count }
    }
}

/// A host of which something is due or in flight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BusyHost {
    /// Host, with its port where that is not the usual one.
    pub host: String,
    /// Addresses of it that are due and wait.
    pub due: u64,
    /// Addresses of it that a collector holds.
    pub in_flight: u64,
}

impl From<&courant_store::contract::HostCount> for BusyHost {
    fn from(count: &courant_store::contract::HostCount) -> Self {
        Self { host: count.host.clone(), due: count.due, in_flight: count.held }
    }
}

/// A feed, sitemap or section that brings nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AilingList {
    /// The outlet.
    pub outlet: String,
    /// `feed`, `sitemap` or `section`.
    pub kind: String,
    /// Its address.
    pub url: String,
    /// `failing`, `gone`, `blocked`, `moved`, or `silent`: it answers, and has brought nothing new for a month.
    pub state: String,
    /// Since when it stands so; `null` where it always did, and where it is silent.
    #[schema(format = DateTime)]
    pub since: Option<String>,
    /// Why, where it is not silent.
    pub reason: Option<String>,
    /// When it last brought something new; `null` where it never did.
    #[schema(format = DateTime)]
    pub changed: Option<String>,
    /// Visits in a row that failed.
    pub failures: u32,
}

/// The account of a list that brings nothing: one that is open is silent.
impl From<&model::Target> for AilingList {
    fn from(target: &model::Target) -> Self {
        let silent = target.state == model::TargetState::Open;
        Self {
            outlet: target.outlet.to_string(),
            kind: target.kind.as_str().to_owned(),
            url: target.ask.clone(),
            state: if silent { "silent".to_owned() } else { target.state.as_str().to_owned() },
            since: target.since.filter(|_| !silent).map(instant),
            reason: target.reason.clone().filter(|_| !silent),
            changed: target.changed.map(instant),
            failures: target.failures,
        }
    }
}

/// How many addresses of one kind stand in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FrontierCount {
    /// `feed`, `sitemap`, `section` or `page`.
    pub kind: String,
    /// `open`, `blocked`, `gone`, `failing` or `moved`.
    pub state: String,
    /// How many.
    pub count: u64,
    /// How many of them are due.
    pub due: u64,
}

impl From<&courant_store::contract::FrontierCount> for FrontierCount {
    fn from(row: &courant_store::contract::FrontierCount) -> Self {
        Self {
            kind: row.kind.as_str().to_owned(),
            state: row.state.as_str().to_owned(),
            count: row.count,
            due: row.due,
        }
    }
}

/// A host that is left alone for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ParkedHost {
    /// Host, with its port where that is not the usual one.
    pub host: String,
    /// No request before this moment.
    #[schema(format = DateTime)]
    pub until: String,
    /// The pause between two requests, in milliseconds.
    pub gap_ms: u64,
    /// Why.
    pub reason: Option<String>,
}

impl From<&model::HostState> for ParkedHost {
    fn from(state: &model::HostState) -> Self {
        Self {
            host: state.host.clone(),
            until: instant(state.next),
            gap_ms: u64::try_from(state.gap.as_millis()).unwrap_or_default(),
            reason: state.reason.clone(),
        }
    }
}
