//! Files that a process left behind when it died, made whole again: cut after the last whole record.
//!
//! Beside each file that is being written lies `<name>.open`, which holds how many of its bytes are
//! surely on the disk, and the writer holds the lock of the file itself. A mark whose file nobody
//! has locked was left by the dead. Healing begins where the mark says, so that it takes no longer
//! for a full file than for a new one.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::index;
use crate::member::whole_bytes;

const SUFFIX: &str = ".open";

/// The mark of an archive file that is being written.
pub(crate) fn mark_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(SUFFIX);
    PathBuf::from(name)
}

/// Writes how many bytes of `file` are surely on the disk.
pub(crate) fn set_mark(file: &Path, synced: u64) -> io::Result<()> {
    fs::write(mark_of(file), format!("{synced}\n"))
}

/// Taken by whoever begins a file or heals, so that a file just begun is not taken for a dead one's.
/// Held until the returned file is closed.
pub(crate) fn door(folder: &Path) -> io::Result<File> {
    let door = File::options().create(true).truncate(false).write(true).open(folder.join("archive.lock"))?;
    door.lock()?;
    Ok(door)
}

/// Heals every file in `folder` that no living process writes.
pub(crate) fn heal(folder: &Path) -> io::Result<()> {
    let _door = door(folder)?;
    for entry in fs::read_dir(folder)? {
        let mark = entry?.path();
        let Some(name) = mark.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(SUFFIX))
        else {
            continue;
        };
        let file = folder.join(name);
        heal_one(&file, &mark).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))?;
    }
    Ok(())
}

fn heal_one(path: &Path, mark: &Path) -> io::Result<()> {
    let mut file = match File::options().read(true).write(true).open(path) {
        Ok(file) => file,
        // The mark comes first: its writer died before it made the file.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return fs::remove_file(mark),
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let length = file.metadata()?.len();
    let synced = fs::read_to_string(mark).ok().and_then(|text| text.trim().parse().ok()).filter(|at| *at <= length);
    let start = synced.unwrap_or(0);
    file.seek(SeekFrom::Start(start))?;
    let whole = start + whole_bytes(BufReader::new(&file));
    if whole < length {
        file.set_len(whole)?;
    }
    file.sync_all()?;
    if whole == 0 {
        fs::remove_file(path)?;
        match fs::remove_file(index::index_of(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    } else {
        index::rebuild(path)?;
    }
    fs::remove_file(mark)
}
