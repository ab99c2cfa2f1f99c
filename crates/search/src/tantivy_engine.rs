//! The engine in the box: tantivy, in a folder.
//!
//! ```text
//! index/current      the number of the generation that is searched
//! index/<n>/         a generation: one tantivy index, by one analyser and one schema
//! index/feed.lock    held by whoever feeds
//! ```
//!
//! Searching never locks and never writes; it looks at `current` and at the generation's `meta.json`
//! before each search, so that commits and new generations of any process are followed at once.

mod best;
mod count;
mod feed;
mod find;
mod generation;
mod histogram;
mod hits;
mod names;
mod nearly;
mod place;
mod schema;
mod similar;
mod terms;
mod tokens;
mod translate;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use courant_model::{ArticleId, Catalogue, Seq};
use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError};

use crate::contract::{Feed, Index, Search, Stamp};
use crate::{Found, Order, Query, SearchError, SearchPage, everything};
use place::Place;

pub(crate) use generation::tokenizers;
pub(crate) use schema::Fields;
pub(crate) use tokens::written;

/// The tree of a plan, with all its filters.
pub(crate) fn translate(plan: &crate::plan::Plan, fields: &Fields) -> Box<dyn tantivy::query::Query> {
    translate::query(plan, fields, &terms::Terms::all(), None)
}

/// The index in this folder.
pub(crate) fn open(folder: &Path) -> Result<Arc<dyn Index>, SearchError> {
    let place = Place::new(folder, courant_text::analyser());
    place.check()?;
    Ok(Arc::new(Engine { place: Arc::new(place) }))
}

struct Engine {
    place: Arc<Place>,
}

#[async_trait]
impl Index for Engine {
    fn search(&self) -> Arc<dyn Search> {
        Arc::new(Engine { place: self.place.clone() })
    }

    async fn feed(&self) -> Result<(Box<dyn Feed>, Seq), SearchError> {
        let place = self.place.clone();
        let (feed, seq) = apart(&self.place, move || feed::Feeding::go_on(place)).await?;
        Ok((Box::new(feed), seq))
    }

    async fn rebuild(&self) -> Result<Box<dyn Feed>, SearchError> {
        let place = self.place.clone();
        Ok(Box::new(apart(&self.place, move || feed::Feeding::beside(place)).await?))
    }
}

#[async_trait]
impl Search for Engine {
    async fn find(&self, query: &Query, page: &SearchPage, catalogue: &Catalogue) -> Result<Found, SearchError> {
        let asked = find::Asked::new(query, page, catalogue)?;
        let place = self.place.clone();
        apart(&self.place, move || find::find(&place, asked)).await
    }

    async fn similar(
        &self,
        article: ArticleId,
        page: &SearchPage,
        catalogue: &Catalogue,
    ) -> Result<Option<Found>, SearchError> {
        let page = SearchPage { order: Order::Relevance, after: None, ..page.clone() };
        let asked = find::Asked::new(&everything(), &page, catalogue)?.like(article);
        let place = self.place.clone();
        apart(&self.place, move || find::similar(&place, asked)).await
    }

    async fn stamp(&self) -> Result<Option<Stamp>, SearchError> {
        let place = self.place.clone();
        apart(&self.place, move || place.own_stamp()).await
    }

    async fn contents(&self) -> Result<Vec<(ArticleId, u32)>, SearchError> {
        let place = self.place.clone();
        apart(&self.place, move || find::contents(&place)).await
    }
}

/// Runs `work` where blocking is allowed. tantivy panics on some damaged files: that is told as
/// damage, and the caller lives on.
async fn apart<T, F>(place: &Place, work: F) -> Result<T, SearchError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, SearchError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failure) if failure.is_panic() => Err(place.corrupt("the engine failed on what it read")),
        Err(failure) => Err(SearchError::Busy { place: place.name(), why: failure.to_string() }),
    }
}

impl Place {
    fn corrupt(&self, why: &str) -> SearchError {
        SearchError::Corrupt { place: self.name(), why: why.to_owned() }
    }

    /// What a failure of the file system means to the caller.
    fn disk(&self, error: &std::io::Error) -> SearchError {
        use std::io::ErrorKind;
        let (place, why) = (self.name(), error.to_string());
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::ReadOnlyFilesystem => {
                SearchError::Storage { place, why }
            }
            ErrorKind::PermissionDenied | ErrorKind::NotADirectory => SearchError::Unusable { place, why },
            ErrorKind::NotFound | ErrorKind::UnexpectedEof | ErrorKind::InvalidData => {
                SearchError::Corrupt { place, why }
            }
            _ => SearchError::Busy { place, why },
        }
    }

    /// What a failure of the engine means to the caller.
    fn engine(&self, error: TantivyError) -> SearchError {
        let place = self.name();
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => SearchError::Taken { place },
            TantivyError::IoError(error) => self.disk(&error),
            TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => self.disk(&io_error),
            TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. }) => self.disk(&io_error),
            error @ (TantivyError::DataCorruption(_)
            | TantivyError::IncompatibleIndex(_)
            | TantivyError::OpenReadError(_)
            | TantivyError::OpenDirectoryError(_)
            | TantivyError::DeserializeError(_)
            | TantivyError::SchemaError(_)
            | TantivyError::FieldNotFound(_)) => self.corrupt(&error.to_string()),
            error => SearchError::Busy { place, why: error.to_string() },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::Document;
    use crate::contract::IndexBatch;

    fn engine(folder: &Path, analyser: &str) -> Engine {
        Engine { place: Arc::new(Place::new(folder, analyser.to_owned())) }
    }

    fn batch(n: u8) -> IndexBatch {
        let moment = jiff::Timestamp::UNIX_EPOCH;
        let (article, outlet) = (ArticleId::from_bytes([n; 16]), courant_model::OutletId::new("outlet"));
        let document = Document::empty(article, outlet, courant_model::Language::UND, moment);
        let document = document.saying("Title".to_owned(), String::new(), String::new(), "");
        IndexBatch { put: vec![document], remove: Vec::new() }
    }

    async fn fill(engine: &Engine, seq: u64) {
        let (mut feed, _) = engine.feed().await.expect("a feed");
        feed.apply(batch(1), Seq(seq)).await.expect("applied");
        feed.close().await.expect("closed");
    }

    async fn total(engine: &Engine) -> u64 {
        let page = SearchPage::default();
        engine.find(&everything(), &page, &Catalogue::default()).await.expect("an answer").total
    }

    fn generations(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .filter(|name| name.bytes().all(|b| b.is_ascii_digit()))
            .collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn another_analyser_begins_beside_and_is_searched_once_published() {
        let folder = tempfile::tempdir().expect("a folder");
        fill(&engine(folder.path(), "old"), 9).await;
        let new = engine(folder.path(), "new");
        assert_eq!(new.stamp().await.expect("a stamp"), None, "not this program's");
        assert_eq!(total(&new).await, 1, "searched all the same until then");
        let (mut feed, seq) = new.feed().await.expect("a feed");
        assert_eq!(seq, Seq::START);
        assert_eq!(generations(folder.path()), ["1", "2"]);
        feed.apply(batch(1), Seq(9)).await.expect("applied");
        feed.apply(batch(2), Seq(10)).await.expect("applied");
        assert_eq!(total(&new).await, 1);
        feed.publish().await.expect("published");
        assert_eq!(total(&new).await, 2);
        assert_eq!(new.stamp().await.expect("a stamp").map(|stamp| stamp.seq), Some(Seq(10)));
        assert_eq!(generations(folder.path()), ["2"], "the old one is gone");
    }

    #[tokio::test]
    async fn documents_without_a_commit_are_as_if_never_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = engine(folder.path(), "a");
        fill(&engine, 5).await;
        let (feeding, _) = feed::Feeding::go_on(engine.place.clone()).expect("a feed");
        feeding
            .writing(|place, writing| {
                for n in 1..50 {
                    writing.tell(&batch(n)).map_err(|error| place.engine(error))?;
                }
                Ok(())
            })
            .await
            .expect("written");
        drop(feeding);
        assert_eq!(total(&engine).await, 1);
        let (_feed, seq) = engine.feed().await.expect("a feed");
        assert_eq!(seq, Seq(5));
    }

    #[tokio::test]
    async fn a_damaged_index_is_told_and_fed_anew() {
        for damage in ["current", "generation", "meta"] {
            let folder = tempfile::tempdir().expect("a folder");
            let live = engine(folder.path(), "a");
            fill(&live, 5).await;
            match damage {
                "current" => fs::write(folder.path().join("current"), "one").expect("written"),
                "generation" => fs::remove_dir_all(folder.path().join("1")).expect("removed"),
                _ => fs::write(folder.path().join("1/meta.json"), "{").expect("written"),
            }
            let engine = engine(folder.path(), "a");
            let error = engine.stamp().await.expect_err(damage);
            assert!(matches!(error, SearchError::Corrupt { .. }), "{damage}: {error}");
            assert!(error.to_string().contains("courant rebuild index"), "{error}");
            let (mut feed, seq) = engine.feed().await.expect(damage);
            assert_eq!(seq, Seq::START, "{damage}");
            feed.apply(batch(1), Seq(6)).await.expect("applied");
            feed.publish().await.expect("published");
            assert_eq!(total(&engine).await, 1);
            assert_eq!(live.stamp().await.expect("healed").map(|stamp| stamp.seq), Some(Seq(6)), "{damage}");
        }
    }

    #[tokio::test]
    async fn another_schema_is_outdated_and_made_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut schema = tantivy::schema::Schema::builder();
        schema.add_text_field("text", tantivy::schema::TEXT);
        fs::create_dir_all(folder.path().join("4")).expect("a folder");
        tantivy::Index::create_in_dir(folder.path().join("4"), schema.build()).expect("an index");
        fs::write(folder.path().join("current"), "4\n").expect("written");
        let engine = engine(folder.path(), "a");
        assert!(matches!(engine.stamp().await, Err(SearchError::Outdated { .. })));
        fill(&engine, 3).await;
        assert_eq!(generations(folder.path()), ["4", "5"]);
    }

    #[tokio::test]
    async fn replaced_documents_are_merged_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = engine(folder.path(), "a");
        let (mut feed, _) = engine.feed().await.expect("a feed");
        let many = IndexBatch { put: (1..=10).flat_map(|n| batch(n).put).collect(), remove: Vec::new() };
        feed.apply(many, Seq(1)).await.expect("applied");
        for seq in 2..=4 {
            feed.apply(batch(seq as u8), Seq(seq)).await.expect("applied");
        }
        feed.close().await.expect("closed");
        let generation = engine.place.generation().expect("open").expect("fed");
        let (searcher, seq) = generation.searcher();
        assert_eq!((searcher.num_docs(), seq), (10, Seq(4)), "merging keeps the stamp");
        let dead: u32 = searcher.segment_readers().iter().map(|segment| segment.num_deleted_docs()).sum();
        assert_eq!(dead, 0, "three of ten were replaced");
    }
}
