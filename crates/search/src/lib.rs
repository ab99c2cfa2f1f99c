//! The index: find the articles that hold these words.
//!
//! [`contract`] says what an engine must hold to; `tantivy` is the engine in the box. Both ends get
//! the same words, cut by `text::words`. This crate knows neither the record nor stories.
//!
//! Read in this order: what is asked ([`Query`], [`SearchPage`]), what an engine is to look for
//! (`plan`), how the engine in the box does it (`tantivy_engine`), what a hit is shown with (`mark`,
//! `passage`).

#[doc(hidden)]
pub mod bench;
pub mod contract;
mod counts;
mod cursor;
mod distance;
mod document;
mod error;
mod mark;
mod passage;
mod plan;
pub mod query;
mod readings;
mod shape;
mod sounds;
mod tantivy_engine;
mod why;

use std::sync::Arc;

use contract::Index;

pub use counts::{Bucket, Facet, FacetCount, Facets, Histogram, HistogramAsk, Interval, MOST_BUCKETS};
pub use document::{Document, Past};
pub use error::SearchError;
pub use plan::{Alternative, Expanded, Expansion, How, whole_date};
pub use query::Query;
pub use shape::{Copy, Filters, Found, Hit, Order, SearchPage, Snippet, everything};
pub use why::Why;

/// The index at `place`: `tantivy:FOLDER`, or just a folder. Nothing is written before the index is
/// fed; a folder that is not there yet is an empty index.
pub fn open(place: &str) -> Result<Arc<dyn Index>, SearchError> {
    let unusable = |why: &str| SearchError::Unusable { place: place.to_owned(), why: why.to_owned() };
    // One letter before the colon is a drive.
    let scheme = place.split_once(':').filter(|(scheme, _)| {
        scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    let folder = match scheme {
        Some(("tantivy", folder)) => folder,
        Some((scheme, _)) => return Err(unusable(&format!("there is no engine '{scheme}', only 'tantivy:FOLDER'"))),
        None => place,
    };
    if folder.is_empty() {
        return Err(unusable("it names no folder: write 'tantivy:FOLDER'"));
    }
    tantivy_engine::open(folder.as_ref())
}
