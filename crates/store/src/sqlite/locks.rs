//! Roles, and which workers live, as locked files. The operating system gives up the lock of a
//! process that dies, so that no lock is ever stale; a file that nobody has locked means nothing.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::Sqlite;
use crate::StoreError;
use crate::contract::{Frontier, Held, Locks, Role};

/// An open, locked file holds what it stands for until it is closed.
impl Held for File {}

/// The file in `folder` whose lock says that `worker` lives. Named by a hash, as a worker's name
/// may be anything; the name stands in the file.
fn worker_file(folder: &Path, worker: &str) -> PathBuf {
    let hash = blake3::hash(worker.as_bytes()).to_hex();
    folder.join(format!("worker-{}.lock", &hash.as_str()[..32]))
}

fn open(path: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).read(true).write(true).open(path)
}

/// Locks `path` if nobody has; `None` where somebody has.
fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The files of workers that entered and live no more, each locked by us now, and their names.
fn the_dead(folder: &Path) -> io::Result<Vec<(PathBuf, File, String)>> {
    let mut dead = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_worker = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("worker-"));
        if is_worker && let Some(mut file) = try_lock(&path)? {
            let mut name = Vec::new();
            file.read_to_end(&mut name)?;
            dead.push((path, file, String::from_utf8_lossy(&name).into_owned()));
        }
    }
    Ok(dead)
}

impl Sqlite {
    fn lock_folder(&self) -> Result<PathBuf, StoreError> {
        let folder = self.folder.join("locks");
        fs::create_dir_all(&folder).map_err(|error| unusable(&folder, &error))?;
        Ok(folder)
    }
}

fn unusable(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Unusable { place: path.display().to_string(), why: error.to_string() }
}

#[async_trait]
impl Locks for Sqlite {
    async fn take(&self, role: Role) -> Result<Box<dyn Held>, StoreError> {
        let path = self.lock_folder()?.join(format!("{}.lock", role.as_str()));
        match try_lock(&path).map_err(|error| unusable(&path, &error))? {
            Some(file) => Ok(Box::new(file)),
            None => Err(StoreError::Taken { role: role.as_str(), place: self.folder.display().to_string() }),
        }
    }

    async fn enter(&self, worker: &str) -> Result<Box<dyn Held>, StoreError> {
        let folder = self.lock_folder()?;
        let failed = |error: io::Error| unusable(&folder, &error);
        // One enters at a time, so that two that look for the dead do not take each other for them.
        let door = open(&folder.join("entering.lock")).map_err(failed)?;
        let door = tokio::task::spawn_blocking(move || door.lock().map(|()| door)).await;
        let _door = door.map_err(io::Error::other).and_then(|locked| locked).map_err(failed)?;

        let path = worker_file(&folder, worker);
        let Some(mut file) = try_lock(&path).map_err(failed)? else {
            let place = format!("{} called '{worker}'", self.folder.display());
            return Err(StoreError::Taken { role: "worker", place });
        };
        // Whoever bore this name before is dead, or we would not hold its file.
        self.release(worker).await?;
        file.set_len(0).and_then(|()| file.write_all(worker.as_bytes())).map_err(failed)?;
        for (path, _locked, name) in the_dead(&folder).map_err(failed)? {
            self.release(&name).await?;
            fs::remove_file(&path).map_err(failed)?;
        }
        Ok(Box::new(file))
    }
}
