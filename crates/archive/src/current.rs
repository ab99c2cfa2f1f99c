//! The one file of a folder that a process writes: begun under its mark, its end cut off where a write
//! failed, synced with its index, closed.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::error::ArchiveError;
use crate::exchange::WarcInfo;
use crate::index::Written;
use crate::{heal, index, records};

/// The file being written.
pub(crate) struct Current {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) file: File,
    pub(crate) length: u64,
    pub(crate) warcinfo: String,
    pub(crate) index: index::Open,
}

impl Current {
    /// Begins the file with its `warcinfo` record. The mark comes first, so that a file without one
    /// is always whole.
    pub(crate) fn begin(folder: &Path, name: &str, info: &WarcInfo, at: Timestamp) -> io::Result<Self> {
        let _door = heal::door(folder)?;
        let path = folder.join(name);
        if path.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let begun = heal::set_mark(&path, 0, Written::default()).and_then(|()| Self::under_mark(&path, name, info, at));
        if begun.is_err() {
            // A full disk should not be left with a file for every try. What stays is healed.
            let _ = fs::remove_file(index::index_of(&path));
            let _ = fs::remove_file(&path);
            let _ = fs::remove_file(heal::mark_of(&path));
        }
        begun
    }

    fn under_mark(path: &Path, name: &str, info: &WarcInfo, at: Timestamp) -> io::Result<Self> {
        let file = File::options().read(true).append(true).create_new(true).open(path)?;
        file.lock()?;
        let warcinfo = records::new_id();
        let mut bytes = Vec::new();
        records::warcinfo(&mut bytes, info, &warcinfo, name, at)?;
        let index = index::Open::begin(path)?;
        let mut current = Self { name: name.to_owned(), path: path.to_owned(), file, length: 0, warcinfo, index };
        current.append(&bytes)?;
        // The name of the file has to survive as well.
        File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(current)
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    pub(crate) fn undo(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.length = length;
        Ok(())
    }

    pub(crate) fn sync(&mut self) -> Result<(), ArchiveError> {
        self.file.sync_data().map_err(|error| storage(&self.path, &error))?;
        let indexed = self.index.flush().map_err(|error| storage(self.index.path(), &error))?;
        let marked = heal::set_mark(&self.path, self.length, indexed);
        marked.map_err(|error| storage(&heal::mark_of(&self.path), &error))
    }

    /// Syncs the file, and leaves it and its index as a finished one.
    pub(crate) fn close(mut self) -> Result<(), ArchiveError> {
        self.sync()?;
        let place = self.index.path().to_owned();
        // The mark goes last: an index without one is sorted.
        self.index.close().map_err(|error| storage(&place, &error))?;
        fs::remove_file(heal::mark_of(&self.path)).map_err(|error| storage(&self.path, &error))
    }
}

/// The error of a disk that does not take a write.
pub(crate) fn storage(file: &Path, error: &io::Error) -> ArchiveError {
    ArchiveError::Storage { file: file.display().to_string(), why: error.to_string() }
}
