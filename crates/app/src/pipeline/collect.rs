//! The collect line: due -> discover -> fetch -> archive -> read -> record.
//!
//! Targets are leased from the frontier, visited side by side (each host by one visit at a time),
//! and what they came to is written in batches: articles, revisions, rows of the log, new targets
//! and the ends of the visits in one transaction. Whatever happens before that transaction is
//! forgotten by a crash, and done again.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use courant_model::{OutletId, Target};
use courant_store::contract::{Batch, Held, LEASE, LeaseAsk};
use indicatif::ProgressBar;
use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::visit::{Visited, Visitor};
use crate::output;
use crate::place::Place;

pub(crate) use super::report::Report;

/// A batch is written when it holds so many visits,
const BATCH: usize = 64;
/// or when its first has waited so long.
const BATCH_WAIT: Duration = Duration::from_millis(250);
/// How long to rest at most when nothing is due: what others add is then seen.
const REST: Duration = Duration::from_secs(2);
/// The catalogue's patterns are expanded anew so often (a new month has a new sitemap).
const SEED_EVERY: Duration = Duration::from_secs(15 * 60);
/// Of one host, so many targets are leased at a time: its turns come one after the other.
const PER_HOST: usize = 4;

/// What to collect.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// Only these outlets' targets; empty for all.
    pub(crate) outlets: Vec<OutletId>,
    /// End when nothing more is due.
    pub(crate) once: bool,
}

impl Ask {
    /// Everything, until told to stop.
    pub(crate) fn forever() -> Self {
        Self { outlets: Vec::new(), once: false }
    }

    /// Everything that is due.
    pub(crate) fn once() -> Self {
        Self { outlets: Vec::new(), once: true }
    }
}

/// Runs the line until nothing is due or until told to stop; visits under way are finished.
pub(crate) async fn collect(place: &Place, ask: &Ask, stop: &CancellationToken) -> Result<Report> {
    let mut line = Line::begin(place, ask).await?;
    let ended = line.run(stop).await;
    // Also after an error: what was visited is worth keeping, and its leases are worth giving up.
    let flushed = line.finish().await;
    ended?;
    flushed
}

struct Line {
    place: Place,
    ask: Ask,
    visitor: Arc<Visitor>,
    worker: String,
    under_way: JoinSet<(Target, Result<Visited>)>,
    /// Hosts of the targets under way, once for each.
    hosts: Vec<String>,
    batch: Batch,
    waiting_since: Option<Instant>,
    seeded: Instant,
    report: Report,
    /// Tells a person at the terminal how a run that ends is coming on.
    progress: ProgressBar,
    _alive: Box<dyn Held>,
}

impl Line {
    async fn begin(place: &Place, ask: &Ask) -> Result<Self> {
        let worker = super::worker_name();
        let alive = place.record.enter(&worker).await?;
        let visitor = Arc::new(Visitor::new(place, &worker)?);
        seed(place, ask).await?;
        Ok(Self {
            place: place.clone(),
            ask: ask.clone(),
            visitor,
            worker,
            under_way: JoinSet::new(),
            hosts: Vec::new(),
            batch: Batch::default(),
            waiting_since: None,
            seeded: Instant::now(),
            report: Report::default(),
            progress: if ask.once { output::spinner() } else { ProgressBar::hidden() },
            _alive: alive,
        })
    }

    async fn run(&mut self, stop: &CancellationToken) -> Result<()> {
        loop {
            let leased = if stop.is_cancelled() { 0 } else { self.lease().await? };
            if self.under_way.is_empty() {
                self.flush().await?;
                if stop.is_cancelled() {
                    return Ok(());
                }
                if leased == 0 && !self.wait_for_due(stop).await? {
                    return Ok(());
                }
                continue;
            }
            let patience = self.waiting_since.map_or(REST, |since| BATCH_WAIT.saturating_sub(since.elapsed()));
            tokio::select! {
                ended = self.under_way.join_next() => self.take_in(ended).await?,
                () = tokio::time::sleep(patience) => {}
            }
            let waited = self.waiting_since.is_some_and(|since| since.elapsed() >= BATCH_WAIT);
            if waited || self.batch.outcomes.len() >= BATCH {
                self.flush().await?;
            }
        }
    }

    /// Leases what is due, as far as there is room, and sends a visitor to each.
    async fn lease(&mut self) -> Result<usize> {
        let room = self.place.settings.crawl.visits.saturating_sub(self.under_way.len());
        if room == 0 {
            return Ok(0);
        }
        let now = self.place.clock.now();
        let ask = LeaseAsk {
            worker: self.worker.clone(),
            until: now.checked_add(LEASE).unwrap_or(Timestamp::MAX),
            limit: room,
            per_host: PER_HOST,
            outlets: self.ask.outlets.clone(),
            not_hosts: self.busy_hosts(),
        };
        let targets = self.place.record.lease(&ask, now).await?;
        let leased = targets.len();
        for target in targets {
            self.hosts.push(host_of(&target));
            let visitor = Arc::clone(&self.visitor);
            self.under_way.spawn(async move {
                let visited = visitor.visit(&target).await;
                (target, visited)
            });
        }
        Ok(leased)
    }

    /// Hosts with as many targets under way as one host may have.
    fn busy_hosts(&self) -> Vec<String> {
        let distinct: HashSet<&String> = self.hosts.iter().collect();
        let busy = |host: &&&String| self.hosts.iter().filter(|other| *other == **host).count() >= PER_HOST;
        distinct.iter().filter(busy).map(|host| (*host).clone()).collect()
    }

    async fn take_in(
        &mut self,
        ended: Option<Result<(Target, Result<Visited>), tokio::task::JoinError>>,
    ) -> Result<()> {
        let Some(ended) = ended else { return Ok(()) };
        // A visit that panicked is one bad page: its lease runs out, and it is tried again.
        let (target, visited) = match ended {
            Ok(ended) => ended,
            Err(error) => {
                tracing::error!(%error, "a visit broke off");
                return Ok(());
            }
        };
        let host = host_of(&target);
        if let Some(at) = self.hosts.iter().position(|other| *other == host) {
            self.hosts.swap_remove(at);
        }
        let visited = visited?;
        self.report.add(visited.tally);
        self.batch.drafts.extend(visited.drafts);
        self.batch.gone.extend(visited.gone);
        self.batch.unchanged.extend(visited.unchanged);
        self.batch.outcomes.push(visited.outcome);
        self.batch.found.extend(visited.found);
        self.waiting_since.get_or_insert_with(Instant::now);
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        if self.waiting_since.take().is_none() {
            return Ok(());
        }
        // The captures that the batch points to must outlive a power cut before the record does.
        self.visitor.sync().await?;
        let batch = std::mem::take(&mut self.batch);
        let written = self.place.record.record(&batch, self.place.clock.now()).await?;
        self.report.count(&written);
        self.progress.set_message(format!("{} ({} under way)", self.report, self.under_way.len()));
        self.progress.tick();
        Ok(())
    }

    /// Rests until something may be due. Returns whether there is anything left to wait for.
    async fn wait_for_due(&mut self, stop: &CancellationToken) -> Result<bool> {
        let now = self.place.clock.now();
        let next = self.place.record.next_due(&self.ask.outlets, now).await?;
        if self.ask.once && next.is_none_or(|next| next > now) {
            return Ok(false);
        }
        if self.seeded.elapsed() >= SEED_EVERY {
            seed(&self.place, &self.ask).await?;
            self.seeded = Instant::now();
        }
        let until_due = next.map_or(REST, |next| {
            Duration::try_from(now.duration_until(next))
                .unwrap_or(Duration::ZERO)
                .clamp(Duration::from_millis(20), REST)
        });
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(until_due) => {}
        }
        Ok(true)
    }

    async fn finish(mut self) -> Result<Report> {
        while let Some(ended) = self.under_way.join_next().await {
            self.take_in(Some(ended)).await?;
        }
        self.flush().await?;
        self.place.record.release(&self.worker).await?;
        self.progress.finish_and_clear();
        Ok(self.report)
    }
}

/// Adds what the catalogue names to the frontier; what is there already stays as it is.
async fn seed(place: &Place, ask: &Ask) -> Result<()> {
    let now = place.clock.now();
    let catalogue = place.catalogue();
    let wanted = |id: &OutletId| ask.outlets.is_empty() || ask.outlets.contains(id);
    let targets: Vec<Target> = catalogue
        .outlets()
        .filter(|outlet| wanted(&outlet.id))
        .flat_map(|outlet| courant_crawl::discover::seeds(outlet, now))
        .collect();
    place.record.add_targets(&targets).await?;
    Ok(())
}

fn host_of(target: &Target) -> String {
    target.url.host_and_path().split('/').next().unwrap_or_default().to_owned()
}
