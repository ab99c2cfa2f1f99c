//! The folder: which generation is searched, where a new one goes, who feeds.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::count::Known;
use super::generation::Generation;
use super::schema;
use crate::SearchError;
use crate::contract::Stamp;

const CURRENT: &str = "current";
const LOCK: &str = "feed.lock";
/// How often a generation may be replaced while it is being opened.
const PATIENCE: usize = 5;

/// An index's folder, and the generation that this process has open.
pub(super) struct Place {
    folder: PathBuf,
    /// The fingerprint that documents must have been cut by.
    pub(super) analyser: String,
    open: Mutex<Option<Arc<Generation>>>,
    /// What countings remember.
    pub(super) known: Known,
}

impl Place {
    pub(super) fn new(folder: &Path, analyser: String) -> Self {
        Self { folder: folder.to_owned(), analyser, open: Mutex::new(None), known: Known::default() }
    }

    pub(super) fn name(&self) -> String {
        self.folder.display().to_string()
    }

    pub(super) fn generation_folder(&self, number: u64) -> PathBuf {
        self.folder.join(number.to_string())
    }

    /// Says early what a person must look at.
    pub(super) fn check(&self) -> Result<(), SearchError> {
        let unusable = |why: String| SearchError::Unusable { place: self.name(), why };
        match fs::metadata(&self.folder) {
            Ok(found) if !found.is_dir() => Err(unusable("it is no folder".to_owned())),
            Ok(_) => fs::read_dir(&self.folder).map(|_| ()).map_err(|error| unusable(error.to_string())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(unusable(error.to_string())),
        }
    }

    fn opened(&self) -> MutexGuard<'_, Option<Arc<Generation>>> {
        // The slot is replaced whole: it is right even if another thread failed.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number in `current`; `None` before the first feed.
    pub(super) fn current(&self) -> Result<Option<u64>, SearchError> {
        match fs::read_to_string(self.folder.join(CURRENT)) {
            Ok(text) => match text.trim().parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(self.corrupt(&format!("'{CURRENT}' does not hold a number"))),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.disk(&error)),
        }
    }

    /// The generation in use as of its last commit; `None` before the first feed.
    pub(super) fn generation(&self) -> Result<Option<Arc<Generation>>, SearchError> {
        let mut tries = 0;
        loop {
            let Some(number) = self.current()? else { return Ok(None) };
            let fresh = self.open_at(number);
            tries += 1;
            match fresh {
                Ok(generation) => return Ok(Some(generation)),
                // A published generation's forerunner is removed: look again which it is now.
                Err(_) if tries < PATIENCE && self.current()? != Some(number) => (),
                Err(error) => return Err(error),
            }
        }
    }

    fn open_at(&self, number: u64) -> Result<Arc<Generation>, SearchError> {
        let mut slot = self.opened();
        let generation = match slot.as_ref().filter(|open| open.number == number) {
            Some(open) => open.clone(),
            None => Arc::new(Generation::open(self, number)?),
        };
        generation.refresh(self)?;
        *slot = Some(generation.clone());
        Ok(generation)
    }

    /// The stamp of the generation in use, where this program made it.
    pub(super) fn own_stamp(&self) -> Result<Option<Stamp>, SearchError> {
        let stamp = self.generation()?.and_then(|generation| generation.stamp());
        Ok(stamp.filter(|stamp| self.is_own(stamp)))
    }

    pub(super) fn is_own(&self, stamp: &Stamp) -> bool {
        stamp.analyser == self.analyser && stamp.schema == schema::VERSION
    }

    /// Takes the right to feed; given back when the file is dropped, or its process ends.
    pub(super) fn lock(&self) -> Result<File, SearchError> {
        fs::create_dir_all(&self.folder)
            .map_err(|error| SearchError::Unusable { place: self.name(), why: error.to_string() })?;
        let file = File::options().create(true).truncate(false).write(true).open(self.folder.join(LOCK));
        let file = file.map_err(|error| self.disk(&error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(SearchError::Taken { place: self.name() }),
            Err(TryLockError::Error(error)) => Err(self.disk(&error)),
        }
    }

    /// A number for a new generation, above every one that is there.
    pub(super) fn next_number(&self) -> Result<u64, SearchError> {
        let highest = self.generations()?.into_iter().chain(self.current().ok().flatten()).max();
        Ok(highest.unwrap_or(0) + 1)
    }

    /// Makes `number` the generation that is searched. After a crash `current` is the old or the
    /// new one, whole.
    pub(super) fn set_current(&self, number: u64) -> Result<(), SearchError> {
        let write = || -> io::Result<()> {
            let draft = self.folder.join("current.new");
            let mut file = File::create(&draft)?;
            writeln!(file, "{number}")?;
            file.sync_all()?;
            fs::rename(&draft, self.folder.join(CURRENT))?;
            // The name is on disk only once its folder is; Windows opens no folders.
            if cfg!(unix) { File::open(&self.folder)?.sync_all() } else { Ok(()) }
        };
        write().map_err(|error| self.disk(&error))
    }

    /// Removes every generation but `kept`: forerunners, and those that a crash left half made.
    /// Only for whoever holds the lock. What another process still has open stays readable to it
    /// (not so on Windows, where removing fails and is tried again at the next feed).
    pub(super) fn remove_others(&self, kept: &[u64]) {
        for number in self.generations().unwrap_or_default() {
            if !kept.contains(&number)
                && let Err(error) = fs::remove_dir_all(self.generation_folder(number))
            {
                tracing::warn!(place = %self.name(), generation = number, %error, "cannot remove an old generation of the index");
            }
        }
    }

    fn generations(&self) -> Result<Vec<u64>, SearchError> {
        let entries = fs::read_dir(&self.folder).map_err(|error| self.disk(&error))?;
        Ok(entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect())
    }
}
