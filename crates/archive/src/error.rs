//! What can go wrong, named by what the caller can do about it.

/// A failed call on our own archive.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The folder cannot be made, read or written: a person must look.
    #[error("cannot use the archive at {place}: {why} (it has to be a folder that this user may read and write)")]
    Unusable {
        /// The folder or file.
        place: String,
        /// What the system said.
        why: String,
    },
    /// The disk is full or failing: stop taking new work. Nothing of the write is kept.
    #[error(
        "cannot write {file}: {why} (make room on that disk or mend it, then start again; what was archived before is \
         whole)"
    )]
    Storage {
        /// The file, with its folder.
        file: String,
        /// What the system said.
        why: String,
    },
    /// The capture's file is not in the archive.
    #[error("the archive has no file {file} (put it back from a backup)")]
    Missing {
        /// The file.
        file: String,
    },
    /// There is no such capture where it should be, or its bytes are not what was written.
    #[error("the archive file {file} holds no readable capture at byte {offset}: {why}")]
    Corrupt {
        /// The file.
        file: String,
        /// Where the record should begin.
        offset: u64,
        /// What stands there.
        why: String,
    },
}

/// Where a WARC file of somebody's cannot be read, and why. Records before it were read; records
/// after it may follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("record {record}: {why}")]
pub struct WarcFault {
    /// The number of the record, from 1.
    pub record: u64,
    /// What is wrong.
    pub why: String,
}
