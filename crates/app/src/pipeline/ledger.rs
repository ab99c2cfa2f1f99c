//! The guest's ledger, kept in the record: which worker asks which host, and what politeness must
//! remember beyond this process.

use std::net::IpAddr;
use std::sync::Arc;

use anyhow::Result;
use async_trait::async_trait;
use courant_crawl::{Claim, Fault, Hosts, Ledger};
use courant_model::{HostState, KeptFile, OriginFile};
use courant_store::contract::{Claimed, HostClaim, LEASE, Record};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::place::Place;

/// A host that another worker asks is looked at again after so long.
const TAKEN: SignedDuration = SignedDuration::from_secs(10);

/// A worker's ledger.
pub(super) struct RecordLedger {
    record: Arc<dyn Record>,
    clock: Clock,
    worker: String,
    /// Claims are made and given up one at a time: else a claim made anew could be taken away by the
    /// giving up of the one before.
    claims: Mutex<()>,
}

impl RecordLedger {
    pub(super) fn new(place: &Place, worker: &str) -> Self {
        let (record, clock) = (Arc::clone(&place.record), place.clock.clone());
        Self { record, clock, worker: worker.to_owned(), claims: Mutex::default() }
    }

    /// Gives up hosts that were not used since `before`, but for those that are `busy`.
    pub(super) async fn give_up(&self, hosts: &Hosts, before: Timestamp, busy: &[String]) -> Result<()> {
        let _one_at_a_time = self.claims.lock().await;
        let idle = hosts.retire(before, busy);
        if !idle.is_empty() {
            self.record.unclaim(&self.worker, &idle).await?;
        }
        Ok(())
    }

    /// Makes all claims last on.
    pub(super) async fn renew(&self, hosts: &Hosts) -> Result<()> {
        let _one_at_a_time = self.claims.lock().await;
        let now = self.clock.now();
        let until = ends(now);
        self.record.renew_claims(&self.worker, until).await?;
        hosts.renewed(until, now);
        Ok(())
    }
}

fn ends(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(Timestamp::MAX)
}

#[async_trait]
impl Ledger for RecordLedger {
    async fn claim(&self, host: &str, address: IpAddr, gap: SignedDuration) -> Result<Claim, Fault> {
        let _one_at_a_time = self.claims.lock().await;
        let now = self.clock.now();
        let until = ends(now);
        let claim = HostClaim { worker: self.worker.clone(), host: host.to_owned(), address, gap, until };
        Ok(match self.record.claim(&claim, now).await? {
            Claimed::Yes(state) => Claim::Ours { state, until },
            Claimed::Taken { name, until, .. } => {
                let soon = now.checked_add(TAKEN).unwrap_or(Timestamp::MAX);
                let name = name.trim_start_matches('@');
                Claim::Taken { until: until.min(soon), why: format!("another worker is visiting {name}") }
            }
        })
    }

    async fn keep_host(&self, state: &HostState) -> Result<(), Fault> {
        Ok(self.record.put_host(state).await?)
    }

    async fn file(&self, origin: &str, file: OriginFile) -> Result<Option<KeptFile>, Fault> {
        Ok(self.record.origin_file(origin, file).await?)
    }

    async fn keep_file(&self, file: &KeptFile) -> Result<(), Fault> {
        Ok(self.record.put_origin_file(file).await?)
    }
}
