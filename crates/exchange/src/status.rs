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
    /// Hosts that are left alone for now, longest first.
    pub parked: Vec<ParkedHost>,
}

/// How many addresses of one kind stand in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FrontierCount {
    /// `feed`, `sitemap` or `page`.
    pub kind: String,
    /// `open`, `blocked`, `gone` or `failing`.
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
