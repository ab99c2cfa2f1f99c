//! The index, as whichever engine keeps it must keep it. One test story (`tests/story.rs`) is told
//! to every implementation.
//!
//! What holds for all of it:
//! - The index is a cache of the record. It carries, with each commit, the last row of the log it
//!   has taken in ([`Stamp`]); whoever feeds it goes on from there after a crash.
//! - It is given words, already cut ([`crate::Document`]); it never cuts text by itself.
//! - A commit that returned is found by the next search.

use async_trait::async_trait;
use courant_model::{ArticleId, Catalogue, Seq};

use crate::{Document, Found, Query, SearchError, SearchPage};

/// What a commit stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The last row of the log that the index has taken in.
    pub seq: Seq,
    /// The analyser's fingerprint: another one means that queries and documents are cut differently.
    pub analyser: String,
    /// The index's own schema.
    pub schema: u32,
}

/// Finding.
#[async_trait]
pub trait Search: Send + Sync {
    /// The articles that match `query`, as `page` wants them. The catalogue expands `network:` and
    /// `country:`.
    async fn find(&self, query: &Query, page: &SearchPage, catalogue: &Catalogue) -> Result<Found, SearchError>;

    /// The articles whose words are most like those of `article`, best first, as `page` wants them (its
    /// order and cursor are not looked at); `None` where the index has no such article. Nothing is marked in
    /// them.
    async fn similar(
        &self,
        article: ArticleId,
        page: &SearchPage,
        catalogue: &Catalogue,
    ) -> Result<Option<Found>, SearchError>;

    /// The stamp of the last commit; `None` for an index that never had one, or whose analyser or
    /// schema is not this program's.
    async fn stamp(&self) -> Result<Option<Stamp>, SearchError>;

    /// Ids and revisions of all articles in the index, in no order: for `courant verify`.
    async fn contents(&self) -> Result<Vec<(ArticleId, u32)>, SearchError>;
}

/// One step of the index line.
#[derive(Debug, Clone, Default)]
pub struct IndexBatch {
    /// Articles as they are now; each replaces the one with its id.
    pub put: Vec<Document>,
    /// Articles to forget.
    pub remove: Vec<ArticleId>,
}

/// Feeding. At most one exists at a time, under the curator's lock.
#[async_trait]
pub trait Feed: Send {
    /// Applies `batch` and commits it with `seq` in its stamp. Idempotent.
    async fn apply(&mut self, batch: IndexBatch, seq: Seq) -> Result<(), SearchError>;

    /// Makes the generation being fed the one that is searched (after a rebuild beside the live
    /// one); nothing to do where it already is.
    async fn publish(&mut self) -> Result<(), SearchError>;

    /// Ends feeding in order: merges in flight are waited for.
    async fn close(self: Box<Self>) -> Result<(), SearchError>;
}

/// An index at some place.
#[async_trait]
pub trait Index: Send + Sync {
    /// For finding. Follows commits and new generations by itself.
    fn search(&self) -> std::sync::Arc<dyn Search>;

    /// For feeding the generation in use, or a first one. If the one in use was written by another
    /// analyser or schema, this begins a new generation beside it with an empty stamp: feed it from
    /// the log's start, then [`Feed::publish`].
    async fn feed(&self) -> Result<(Box<dyn Feed>, Seq), SearchError>;

    /// For feeding a new generation beside the one in use, from the log's start.
    async fn rebuild(&self) -> Result<Box<dyn Feed>, SearchError>;
}
