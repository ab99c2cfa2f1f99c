//! Reading a corpus in. Each format yields [`Item`]s; whoever calls runs them through the line, as
//! if they had been fetched just then, but with the time that the corpus says.

mod warc;

use std::path::PathBuf;

use jiff::Timestamp;
use url::Url;

pub use warc::{WarcItems, warc};

/// A page out of a corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The address that gave it.
    pub url: Url,
    /// The status it was given with; 200 where the corpus keeps bare pages.
    pub status: u16,
    /// The header fields it was given with, names in lower case; none where the corpus keeps none.
    pub headers: Vec<(String, String)>,
    /// `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// `Content-Language`, as sent.
    pub content_language: Option<String>,
    /// The page, without transfer and content codings.
    pub body: Vec<u8>,
    /// The body is the beginning of a longer one.
    pub truncated: bool,
    /// When it was captured.
    pub at: Timestamp,
    /// Where it stood: the file's name and the number of the record.
    pub found_via: String,
}

/// What can go wrong with a corpus.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened: name another.
    #[error("cannot open {path}: {why}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
    /// One record cannot be read; others may follow.
    #[error("{file}: {why}")]
    Record {
        /// The file's name.
        file: String,
        /// Which record, and what is wrong with it.
        why: String,
    },
}
