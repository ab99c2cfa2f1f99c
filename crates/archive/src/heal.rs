//! Files that a process left behind when it died, made whole again: cut after the last whole record.
//!
//! Beside each file that is being written lies `<name>.open`, which holds how many of its bytes are
//! surely on the disk and how much of its index goes with them, and the writer holds the lock of the
//! file itself. A mark whose file nobody has locked was left by the dead. Healing begins where the
//! mark says, so that it takes no longer for a full file than for a new one.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::index::{self, Written};

const SUFFIX: &str = ".open";

/// The mark of an archive file that is being written.
pub(crate) fn mark_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(SUFFIX);
    PathBuf::from(name)
}

/// Writes how many bytes of `file` are surely on the disk, and what of its index is about them.
pub(crate) fn set_mark(file: &Path, synced: u64, index: Written) -> io::Result<()> {
    fs::write(mark_of(file), format!("{synced} {} {:08x}\n", index.bytes, index.crc))
}

/// What a mark says; `None` for one that was torn itself.
fn read_mark(mark: &Path) -> Option<(u64, Written)> {
    let text = fs::read_to_string(mark).ok()?;
    let mut words = text.strip_suffix('\n')?.split(' ');
    let synced = words.next()?.parse().ok()?;
    let bytes = words.next()?.parse().ok()?;
    let crc = u32::from_str_radix(words.next()?, 16).ok()?;
    Some((synced, Written { bytes, crc }))
}

/// Taken by whoever begins a file or heals, so that a file just begun is not taken for a dead one's.
/// Held until the returned file is closed.
pub(crate) fn door(folder: &Path) -> io::Result<File> {
    let door = File::options().create(true).truncate(false).write(true).open(folder.join("archive.lock"))?;
    door.lock()?;
    Ok(door)
}

/// Heals every file in `folder` that no living process writes, and makes the indexes that are missing.
pub(crate) fn heal(folder: &Path) -> io::Result<()> {
    let _door = door(folder)?;
    let mut whole = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if let Some(name) = name.strip_suffix(SUFFIX) {
            let file = folder.join(name);
            heal_one(&file, &path).map_err(|error| naming(&file, &error))?;
        } else if name.ends_with(".warc.gz") {
            whole.push(path);
        }
    }
    for file in whole {
        if file.exists() && !mark_of(&file).exists() && !index::index_of(&file).exists() {
            let made = File::open(&file).and_then(|open| index::rebuild(&file, &open, 0, Written::default()));
            made.map_err(|error| naming(&file, &error))?;
        }
    }
    Ok(())
}

fn naming(file: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", file.display()))
}

fn heal_one(path: &Path, mark: &Path) -> io::Result<()> {
    let file = match File::options().read(true).write(true).open(path) {
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
    let marked = read_mark(mark).filter(|(synced, _)| *synced <= length);
    let (synced, known) = marked.unwrap_or_default();
    let whole = index::rebuild(path, &file, synced, known)?;
    if whole < length {
        file.set_len(whole)?;
    }
    file.sync_all()?;
    if whole == 0 {
        fs::remove_file(path)?;
        fs::remove_file(index::index_of(path))?;
    }
    fs::remove_file(mark)
}
