//! What can go wrong with the index, named by what the caller can do about it.

/// A failed call. What was committed before it stands.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SearchError {
    /// The place cannot be an index's: a person must look at it.
    #[error("cannot open the index at {place}: {why}")]
    Unusable {
        /// Folder or address.
        place: String,
        /// What the system said.
        why: String,
    },
    /// Another process feeds this index: leave it to that one.
    #[error("another courant feeds the index at {place}: stop it first, or use another data directory")]
    Taken {
        /// Folder or address.
        place: String,
    },
    /// The index cannot be read. It is a cache: make it anew.
    #[error("the index at {place} is damaged ({why}): run `courant rebuild index`")]
    Corrupt {
        /// Folder or address.
        place: String,
        /// What was found.
        why: String,
    },
    /// The index was laid out by another version of Courant: it can be searched once it is made anew.
    #[error("the index at {place} was made by another version of courant: run `courant rebuild index`")]
    Outdated {
        /// Folder or address.
        place: String,
    },
    /// The disk is full or failing: stop taking new work.
    #[error("the index at {place} cannot be written: {why}")]
    Storage {
        /// Folder or address.
        place: String,
        /// What the system said.
        why: String,
    },
    /// Something passing: drop the feed, open it again, go on from its stamp.
    #[error("the index at {place} did not answer: {why}")]
    Busy {
        /// Folder or address.
        place: String,
        /// What the engine said.
        why: String,
    },
    /// The cursor is none that this search gave out: ask for the first page.
    #[error("'{cursor}' is no cursor of this search: leave it out to see the first page")]
    Cursor {
        /// As it came in.
        cursor: String,
    },
}
