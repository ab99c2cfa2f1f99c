//! What can go wrong with the record, named by what the caller can do about it.

use courant_model::Seq;

/// A failed call. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The record's place cannot be opened or is not a record: a person must look.
    #[error("cannot open the record at {place}: {why}")]
    Unusable {
        /// Folder, file or address.
        place: String,
        /// What the system said.
        why: String,
    },
    /// The record was written by a newer Courant.
    #[error("the record at {place} has schema {found}, this courant knows up to {known}: use the newer courant")]
    Newer {
        /// Folder, file or address.
        place: String,
        /// The schema found.
        found: u32,
        /// The newest schema known here.
        known: u32,
    },
    /// Another process holds the role.
    #[error("another courant is the {role} of {place}: stop it first, or use another data directory")]
    Taken {
        /// The role's name.
        role: &'static str,
        /// Folder, file or address.
        place: String,
    },
    /// Another curator went on: read the cursor again, or stop.
    #[error("another curator moved the cursor from {expected} to {found}")]
    Deposed {
        /// Where this curator thought it stood.
        expected: Seq,
        /// Where the record stands.
        found: Seq,
    },
    /// The record is busy or short of something; the same call may succeed later.
    #[error("the record did not take the write: {0}")]
    Busy(String),
    /// The disk is full or failing: stop taking new work.
    #[error("the record cannot be written: {0}")]
    Storage(String),
    /// What the record holds cannot be read back: `courant verify` tells more.
    #[error("the record holds something unreadable: {0}")]
    Corrupt(String),
}
