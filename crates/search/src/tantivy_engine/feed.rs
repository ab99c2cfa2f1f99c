//! Feeding: one writer, one commit for each batch, a stamp on every commit.

use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use courant_model::Seq;
use tantivy::IndexWriter;
use tantivy::merge_policy::LogMergePolicy;

use super::apart;
use super::generation::{self, Generation};
use super::place::Place;
use crate::SearchError;
use crate::contract::{Feed, IndexBatch};

/// Memory for documents that are not on disk yet, in bytes. One thread: the other core crawls.
const MEMORY: usize = 50_000_000;
/// Segments with more replaced documents than this are merged; tantivy's own setting never does.
const REPLACED: f32 = 0.25;

/// The one feed of a place.
pub(super) struct Feeding {
    place: Arc<Place>,
    generation: u64,
    /// Shared with the threads that block on it, so that a caller who stops waiting loses nothing.
    writing: Arc<Mutex<Writing>>,
    /// Held as long as the feed lives.
    _lock: File,
}

/// What feeding is done with.
pub(super) struct Writing {
    writer: Option<IndexWriter>,
    generation: Arc<Generation>,
}

impl Feeding {
    /// Goes on with the generation in use, from its stamp. Begins a first one, or one beside where
    /// that in use is not ours to go on with.
    pub(super) fn go_on(place: Arc<Place>) -> Result<(Self, Seq), SearchError> {
        let lock = place.lock()?;
        let current = match place.current() {
            Ok(Some(number)) => number,
            Ok(None) => {
                let feeding = Self::begin(place.clone(), lock)?;
                place.set_current(feeding.generation)?;
                return Ok((feeding, Seq::START));
            }
            // It names nothing that could be kept.
            Err(SearchError::Corrupt { .. }) => return Ok((Self::begin(place, lock)?, Seq::START)),
            Err(error) => return Err(error),
        };
        match place.generation() {
            Ok(Some(open)) if open.number == current => {
                let (searcher, _) = open.searcher();
                let own = open.stamp().filter(|stamp| place.is_own(stamp)).map(|stamp| stamp.seq);
                let seq = own.or((open.stamp().is_none() && searcher.num_docs() == 0).then_some(Seq::START));
                if let Some(seq) = seq {
                    place.remove_others(&[current]);
                    // Anew: what was opened for reading may know less of the folder than another
                    // process has written since.
                    let generation = Arc::new(Generation::open(&place, current)?);
                    return Ok((Self::with(place, generation, lock)?, seq));
                }
            }
            Ok(_) | Err(SearchError::Corrupt { .. } | SearchError::Outdated { .. }) => (),
            Err(error) => return Err(error),
        }
        tracing::warn!(place = %place.name(), "the index is being made anew, beside the one in use");
        Ok((Self::begin(place, lock)?, Seq::START))
    }

    /// Begins a new generation beside the one in use.
    pub(super) fn beside(place: Arc<Place>) -> Result<Self, SearchError> {
        let lock = place.lock()?;
        Self::begin(place, lock)
    }

    fn begin(place: Arc<Place>, lock: File) -> Result<Self, SearchError> {
        // What a crash left half made is of no use: only a whole one is ever named.
        match place.current() {
            Ok(current) => place.remove_others(&current.into_iter().collect::<Vec<_>>()),
            Err(error) => tracing::warn!(place = %place.name(), %error, "cannot tell which generation is in use"),
        }
        let number = place.next_number()?;
        let generation = Arc::new(Generation::create(&place, number)?);
        Self::with(place, generation, lock)
    }

    fn with(place: Arc<Place>, generation: Arc<Generation>, lock: File) -> Result<Self, SearchError> {
        let writer: IndexWriter =
            generation.index.writer_with_num_threads(1, MEMORY).map_err(|error| place.engine(error))?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(REPLACED);
        writer.set_merge_policy(Box::new(policy));
        // A feed that was killed leaves files that no commit names. One that lists replaced documents
        // bears the number of its operation: the same operation, told again, would find it there.
        writer.garbage_collect_files().wait().map_err(|error| place.engine(error))?;
        let number = generation.number;
        let writing = Arc::new(Mutex::new(Writing { writer: Some(writer), generation }));
        Ok(Self { place, generation: number, writing, _lock: lock })
    }

    /// Runs `work` on the writer, where blocking is allowed.
    pub(super) async fn writing<T, F>(&self, work: F) -> Result<T, SearchError>
    where
        T: Send + 'static,
        F: FnOnce(&Place, &mut Writing) -> Result<T, SearchError> + Send + 'static,
    {
        let (place, writing) = (self.place.clone(), self.writing.clone());
        let blocking = move || {
            // A writer whose last call panicked reports it by itself.
            let mut writing = writing.lock().unwrap_or_else(PoisonError::into_inner);
            work(&place, &mut writing)
        };
        apart(&self.place, blocking).await
    }
}

impl Writing {
    /// Tells the writer about `batch`; nothing of it stands before a commit.
    pub(super) fn tell(&mut self, batch: &IndexBatch) -> tantivy::Result<&mut IndexWriter> {
        let fields = &self.generation.fields;
        let Some(writer) = self.writer.as_mut() else {
            return Err(tantivy::TantivyError::ErrorInThread("the feed was closed".to_owned()));
        };
        for article in &batch.remove {
            writer.delete_term(fields.id_term(*article));
        }
        for document in &batch.put {
            writer.delete_term(fields.id_term(document.article));
            writer.add_document(fields.document(document))?;
        }
        Ok(writer)
    }

    fn apply(&mut self, place: &Place, batch: &IndexBatch, seq: Seq) -> tantivy::Result<()> {
        let writer = self.tell(batch)?;
        let payload = generation::payload(seq, &place.analyser)?;
        let mut commit = writer.prepare_commit()?;
        // A commit without a payload would take the one before it away.
        commit.set_payload(&payload);
        commit.commit()?;
        Ok(())
    }
}

#[async_trait]
impl Feed for Feeding {
    async fn apply(&mut self, batch: IndexBatch, seq: Seq) -> Result<(), SearchError> {
        self.writing(move |place, writing| {
            writing.apply(place, &batch, seq).map_err(|error| place.engine(error))?;
            // Opens the new segments here rather than in the next reader's search, which would
            // meet and report what is wrong with them.
            if let Err(error) = place.generation() {
                tracing::warn!(place = %place.name(), %error, "cannot open what was committed");
            }
            Ok(())
        })
        .await
    }

    async fn publish(&mut self) -> Result<(), SearchError> {
        let number = self.generation;
        self.writing(move |place, _| {
            if place.current().ok() == Some(Some(number)) {
                return Ok(());
            }
            place.set_current(number)?;
            place.generation()?;
            place.remove_others(&[number]);
            Ok(())
        })
        .await
    }

    async fn close(self: Box<Self>) -> Result<(), SearchError> {
        self.writing(|place, writing| match writing.writer.take() {
            Some(writer) => writer.wait_merging_threads().map_err(|error| place.engine(error)),
            None => Ok(()),
        })
        .await
    }
}
