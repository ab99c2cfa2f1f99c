//! Rows of the log.

use std::collections::BTreeMap;

use courant_model as model;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::instant;

/// One row of the log: what happened to an article or a story. It holds no text: read the current
/// state of what it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// Its position in the log.
    pub seq: u64,
    /// When the record was written.
    #[schema(format = DateTime)]
    pub at: String,
    /// `article.new`, `article.revised`, `article.updated`, `article.withdrawn`, `article.returned`,
    /// `article.purged`, `story.created`, `story.joined`, `story.merged`, `story.split`,
    /// `story.renamed` or `decision`.
    pub kind: String,
    /// To which article.
    pub article: Option<String>,
    /// To which story.
    pub story: Option<String>,
    /// Small facts, by name.
    pub facts: BTreeMap<String, String>,
}

impl From<&model::Change> for Change {
    fn from(change: &model::Change) -> Self {
        Self {
            seq: change.seq.0,
            at: instant(change.at),
            kind: change.kind.as_str().to_owned(),
            article: change.article.map(|id| id.to_string()),
            story: change.story.map(|id| id.to_string()),
            facts: change.facts.0.iter().cloned().collect(),
        }
    }
}

/// A piece of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Changes {
    /// In order of `seq`.
    pub changes: Vec<Change>,
    /// `after` of the next piece: ask again with it at any time, nothing is missed.
    pub next: u64,
    /// The log's last row when the answer was made.
    pub as_of: u64,
}
