//! Reading a corpus in. Each format yields [`Item`]s; whoever calls runs them through the line, as
//! if they had been fetched.

use std::path::Path;

use courant_model::{Capture, Rights};
use jiff::Timestamp;
use url::Url;

/// A page out of a file, as if it had been fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The address that it was fetched from.
    pub url: Url,
    /// `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// `Content-Language`, as sent.
    pub content_language: Option<String>,
    /// What the header asks of archives and indexes.
    pub rights: Rights,
    /// The body, decoded, under a cap.
    pub body: Vec<u8>,
    /// The body is longer than is read.
    pub truncated: bool,
    /// Where it is kept, in an archive of ours.
    pub capture: Option<Capture>,
    /// When it was fetched.
    pub at: Timestamp,
    /// The file that it is from.
    pub found_via: String,
}

/// What keeps a file, or one record of it, from being read.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened.
    #[error("cannot open {0}")]
    Unreadable(String),
}

/// The pages of a WARC file: its responses with status 200 and its resources, that are HTML.
pub fn warc(path: &Path) -> Result<impl Iterator<Item = Result<Item, ImportError>>, ImportError> {
    let _ = path;
    Ok(std::iter::empty())
}
