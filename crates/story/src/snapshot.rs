//! Freezing the placer into bytes and waking it: so that a restart reads on from a point of the
//! log instead of from its start. Whoever keeps the bytes need not know what is in them.

use crate::memory::Memory;
use crate::{Placer, Settings};

/// First bytes of every snapshot; another shape of memory gets another number.
const HEAD: &[u8] = b"courant placer 1\n";

/// Bytes that are no snapshot of this version. The log can be read from its start instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotError(String);

impl std::fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a snapshot of this placer: {}", self.0)
    }
}

impl std::error::Error for SnapshotError {}

impl Placer {
    /// All that the placer remembers.
    pub fn snapshot(&self) -> Vec<u8> {
        let mut bytes = HEAD.to_vec();
        // Serialising plain maps and numbers into memory cannot fail.
        bytes.extend(postcard::to_allocvec(&self.memory).unwrap_or_default());
        bytes
    }

    /// A placer that remembers what `bytes` hold and goes by `settings`.
    pub fn restore(bytes: &[u8], settings: Settings) -> Result<Self, SnapshotError> {
        let rest = bytes.strip_prefix(HEAD).ok_or_else(|| SnapshotError("another version".to_owned()))?;
        let memory: Memory = postcard::from_bytes(rest).map_err(|error| SnapshotError(error.to_string()))?;
        Ok(Self { settings, memory })
    }
}
