//! What a guest asks of whoever keeps the record: whose host it is, and what is to outlive the process.
//!
//! The guest tells before it goes on, not after: a process may be killed between any two requests,
//! and the next one must know what this one was told. The crate knows no record; `app` is between.

use std::error::Error;
use std::net::IpAddr;

use async_trait::async_trait;
use courant_model::{HostState, KeptFile, OriginFile};
use jiff::{SignedDuration, Timestamp};

/// The keeper itself failed: the visit ends, and nothing is said about the target.
pub type Fault = Box<dyn Error + Send + Sync>;

/// Whose a host is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Ours until then, with what is remembered of it.
    Ours {
        /// What is remembered.
        state: HostState,
        /// The claim's end, unless it is made again.
        until: Timestamp,
    },
    /// Another worker asks this host or this address.
    Taken {
        /// When to come back.
        until: Timestamp,
        /// Who, for a person.
        why: String,
    },
}

/// Keeps what must outlive the guest.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Claims `host` at `address` for this process, before its first request there. `gap` is our own
    /// pause between two requests.
    async fn claim(&self, host: &str, address: IpAddr, gap: SignedDuration) -> Result<Claim, Fault>;

    /// Remembers how a host stands. It is kept when this returns.
    async fn keep_host(&self, state: &HostState) -> Result<(), Fault>;

    /// The file kept for an origin.
    async fn file(&self, origin: &str, file: OriginFile) -> Result<Option<KeptFile>, Fault>;

    /// Keeps a file. It is kept when this returns.
    async fn keep_file(&self, file: &KeptFile) -> Result<(), Fault>;
}

/// A ledger of one process alone, which remembers nothing: every host is its own for good.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

#[async_trait]
impl Ledger for Alone {
    async fn claim(&self, host: &str, _: IpAddr, gap: SignedDuration) -> Result<Claim, Fault> {
        let state = HostState::new(host, Timestamp::MIN, gap);
        Ok(Claim::Ours { state, until: Timestamp::MAX })
    }

    async fn keep_host(&self, _: &HostState) -> Result<(), Fault> {
        Ok(())
    }

    async fn file(&self, _: &str, _: OriginFile) -> Result<Option<KeptFile>, Fault> {
        Ok(None)
    }

    async fn keep_file(&self, _: &KeptFile) -> Result<(), Fault> {
        Ok(())
    }
}
