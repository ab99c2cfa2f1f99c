//! One generation: a tantivy index, followed commit by commit.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use courant_model::Seq;
use serde::{Deserialize, Serialize};
use tantivy::tokenizer::TokenizerManager;
use tantivy::{Index, IndexReader, IndexSettings, ReloadPolicy, Searcher};

use super::place::Place;
use super::schema::{self, Fields};
use super::tokens;
use crate::SearchError;
use crate::contract::Stamp;

/// The stamp as each commit carries it.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    seq: u64,
    analyser: String,
    schema: u32,
}

/// The payload of a commit at `seq`.
pub(super) fn payload(seq: Seq, analyser: &str) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Payload { seq: seq.0, analyser: analyser.to_owned(), schema: schema::VERSION })
}

/// A generation that is open.
pub(super) struct Generation {
    pub(super) number: u64,
    pub(super) index: Index,
    pub(super) fields: Fields,
    reader: IndexReader,
    meta: PathBuf,
    seen: Mutex<Seen>,
    held: Mutex<VecDeque<Pinned>>,
}

/// What a page stood on whose next page may be asked for.
struct Pinned {
    as_of: Seq,
    searcher: Searcher,
    since: Instant,
}

/// So many are held,
const HELD: usize = 8;
/// so long. Files of theirs that were merged away stay on disk until then.
const HELD_FOR: Duration = Duration::from_secs(15 * 60);

/// The commit that the reader stands on, or an earlier one: never a later one.
#[derive(Default)]
struct Seen {
    mark: Option<Mark>,
    stamp: Option<Stamp>,
}

/// What changes whenever a file is replaced.
#[derive(PartialEq, Eq)]
struct Mark {
    file: u64,
    length: u64,
    written: Option<SystemTime>,
}

impl Mark {
    fn of(path: &Path) -> std::io::Result<Self> {
        let found = fs::metadata(path)?;
        #[cfg(unix)]
        let file = std::os::unix::fs::MetadataExt::ino(&found);
        #[cfg(not(unix))]
        let file = 0;
        Ok(Self { file, length: found.len(), written: found.modified().ok() })
    }
}

pub(crate) fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(tokens::NAME, tokens::GivenWords::default());
    tokenizers
}

impl Generation {
    /// Makes an empty generation in a new folder.
    pub(super) fn create(place: &Place, number: u64) -> Result<Self, SearchError> {
        let folder = place.generation_folder(number);
        fs::create_dir_all(&folder).map_err(|error| place.disk(&error))?;
        let index = Index::builder()
            .schema(Fields::new().schema)
            .settings(IndexSettings::default())
            .tokenizers(tokenizers())
            .create_in_dir(&folder);
        let index = index.map_err(|error| place.engine(error))?;
        Self::of(place, number, index)
    }

    /// Opens the generation of this number.
    pub(super) fn open(place: &Place, number: u64) -> Result<Self, SearchError> {
        let mut index = Index::open_in_dir(place.generation_folder(number)).map_err(|error| place.engine(error))?;
        index.set_tokenizers(tokenizers());
        if index.schema() != Fields::new().schema {
            return Err(SearchError::Outdated { place: place.name() });
        }
        Self::of(place, number, index)
    }

    fn of(place: &Place, number: u64, index: Index) -> Result<Self, SearchError> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let reader = reader.map_err(|error| place.engine(error))?;
        let meta = place.generation_folder(number).join("meta.json");
        Ok(Self { number, index, fields: Fields::new(), reader, meta, seen: Mutex::default(), held: Mutex::default() })
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // Both values are replaced together, at the end of `refresh`.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in the last commit, whoever made it.
    pub(super) fn refresh(&self, place: &Place) -> Result<(), SearchError> {
        let mark = Mark::of(&self.meta).map_err(|error| place.disk(&error))?;
        let mut seen = self.seen();
        if seen.mark.as_ref() == Some(&mark) {
            return Ok(());
        }
        // In this order: a commit in between makes the stamp too early, never too late, and is
        // taken in by the next search.
        let payload = self.index.load_metas().map_err(|error| place.engine(error))?.payload;
        self.reader.reload().map_err(|error| place.engine(error))?;
        let payload = payload.and_then(|payload| serde_json::from_str::<Payload>(&payload).ok());
        let stamp =
            payload.map(|payload| Stamp { seq: Seq(payload.seq), analyser: payload.analyser, schema: payload.schema });
        *seen = Seen { mark: Some(mark), stamp };
        Ok(())
    }

    /// The last commit's stamp, whoever's.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        self.seen().stamp.clone()
    }

    /// Holds what a page stood on, so that its next page stands on the same.
    pub(super) fn hold(&self, searcher: &Searcher, as_of: Seq) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|known| known.as_of != as_of && known.since.elapsed() < HELD_FOR);
        if held.len() == HELD {
            held.pop_front();
        }
        held.push_back(Pinned { as_of, searcher: searcher.clone(), since: Instant::now() });
    }

    /// The articles as a page before saw them, where they are still held.
    pub(super) fn searcher_at(&self, as_of: Seq) -> Option<(Searcher, Seq)> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.iter().find(|known| known.as_of == as_of).map(|known| (known.searcher.clone(), as_of))
    }

    /// The articles of the last commit, and the log position that they at least stand on.
    pub(super) fn searcher(&self) -> (Searcher, Seq) {
        let seen = self.seen();
        (self.reader.searcher(), seen.stamp.as_ref().map_or(Seq::START, |stamp| stamp.seq))
    }
}
