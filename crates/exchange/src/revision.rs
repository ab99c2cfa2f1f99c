//! Revisions: what an article said at one time, and what differs between two of them.

use courant_model as model;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::instant;

/// What an article said at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Revision {
    /// The article's id.
    pub article: String,
    /// 1, 2, 3 …
    pub number: u32,
    /// When it was first seen.
    #[schema(format = DateTime)]
    pub seen: String,
    /// Version of the extractor that read it.
    pub extractor: u32,
    /// The headline.
    pub title: String,
    /// The paragraph under the headline.
    pub standfirst: Option<String>,
    /// The authors as one line.
    pub byline: String,
    /// What changed since the one before: of `title`, `standfirst`, `byline`, `body`.
    pub changed: Vec<String>,
    /// The capture it was read from; `null` where none is kept.
    pub capture: Option<Capture>,
    /// Its text; only for readers who may have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Revision {
    /// The revision, with its text where the reader may have it.
    pub fn new(revision: &model::Revision, with_text: bool) -> Self {
        Self {
            article: revision.article.to_string(),
            number: revision.number,
            seen: instant(revision.seen),
            extractor: revision.extractor,
            title: revision.title.clone(),
            standfirst: revision.standfirst.clone(),
            byline: revision.byline.clone(),
            changed: revision.changed.clone(),
            capture: revision.capture.as_ref().map(Capture::from),
            text: with_text.then(|| revision.body.clone()),
        }
    }
}

/// The revisions of an article, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Revisions {
    /// Oldest first.
    pub revisions: Vec<Revision>,
    /// The log position that the answer stands on.
    pub as_of: u64,
}

/// Where a capture lies in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Capture {
    /// Name of the WARC file.
    pub file: String,
    /// Where its gzip member begins, in bytes.
    pub offset: u64,
    /// Digest of the payload, as in `WARC-Payload-Digest`.
    pub digest: String,
    /// When it was fetched.
    #[schema(format = DateTime)]
    pub at: String,
}

impl From<&model::Capture> for Capture {
    fn from(capture: &model::Capture) -> Self {
        Self {
            file: capture.file.clone(),
            offset: capture.offset,
            digest: capture.digest.clone(),
            at: instant(capture.at),
        }
    }
}

/// A run of words with one fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DiffPart {
    /// `same`, `removed` or `added`.
    pub kind: String,
    /// The words, with the spaces and marks between them.
    pub text: String,
}

/// What differs between two revisions. In each list, all parts but the added ones, joined, are the
/// old words; all but the removed ones are the new words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Diff {
    /// The article's id.
    pub article: String,
    /// The older revision's number.
    pub from: u32,
    /// The newer revision's number.
    pub to: u32,
    /// Whether both were read by one version of the extractor. Where not, a difference may be the
    /// reader's and not the outlet's.
    pub comparable: bool,
    /// What is to be known of the comparison, for a person: that the texts are too long to be compared
    /// word by word. Left out where there is nothing to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The headline.
    pub title: Vec<DiffPart>,
    /// The paragraph under it.
    pub standfirst: Vec<DiffPart>,
    /// The authors as one line.
    pub byline: Vec<DiffPart>,
    /// The text; left out for readers who may not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Vec<DiffPart>>,
}
