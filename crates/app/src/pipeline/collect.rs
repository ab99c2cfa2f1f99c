//! The collect line: due -> discover -> fetch -> archive -> read -> record.
//!
//! Targets are leased from the frontier, visited side by side (each host by one visit at a time),
//! and what they came to is written in batches: articles, revisions, rows of the log, new targets
//! and the ends of the visits in one transaction. Whatever happens before that transaction is
//! forgotten by a crash, and done again.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use courant_model::{OutletId, Target, TargetKind};
use courant_store::StoreError;
use courant_store::contract::{Batch, Held, LEASE, LeaseAsk};
use indicatif::ProgressBar;
use jiff::{SignedDuration, Timestamp};
use tokio::task::{self, JoinSet};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::portions::Portions;
use super::visit::{Visited, Visitor};
use crate::output;
use crate::place::Place;

pub(crate) use super::report::Report;

/// A batch is written when it holds so many visits,
const BATCH: usize = 64;
/// or when its first has waited so long.
const BATCH_WAIT: Duration = Duration::from_millis(250);
/// The next portion of a long list is written when the others have had the record for so long.
const PORTION_WAIT: Duration = Duration::from_millis(50);
/// How long to rest at most when nothing is due: what others add is then seen.
const REST: Duration = Duration::from_secs(2);
/// The catalogue's patterns are expanded anew so often (a new month has a new sitemap).
const SEED_EVERY: Duration = Duration::from_secs(15 * 60);
/// `once` waits for what is due so soon: the pauses that hosts ask for between two requests, not
/// those of a host in trouble.
const SOON: SignedDuration = SignedDuration::from_secs(45);
/// Claims to hosts are renewed, and idle ones given up, so often.
const TEND_EVERY: Duration = Duration::from_secs(20);
/// A host that was not asked for so long is anybody's.
const IDLE: SignedDuration = SignedDuration::from_secs(60);
/// The log of requests is shortened so often.
const SHORTEN_EVERY: Duration = Duration::from_secs(60 * 60);
/// Visits under way have so long to end when the line is told to stop; what has not ended by then
/// is done again by whoever comes next.
const GRACE: Duration = Duration::from_secs(3);
/// Of one host, so many targets are leased at a time: its turns come one after the other, and one is
/// read while the next is asked for.
const PER_HOST: usize = 2;

/// What to collect.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    /// Only these outlets' targets; empty for all.
    pub(crate) outlets: Vec<OutletId>,
    /// End when nothing more is due.
    pub(crate) once: bool,
    /// Only feeds, sitemaps and sections.
    pub(crate) lists_only: bool,
    /// The pages that lists name are counted and left.
    pub(crate) count_only: bool,
    /// Sitemaps are read back to then.
    pub(crate) since: Option<Timestamp>,
    /// Hosts that are parked are waited for, however long.
    pub(crate) patient: bool,
}

impl Ask {
    /// Everything, until told to stop.
    pub(crate) fn forever() -> Self {
        Self::default()
    }

    /// Everything that is due.
    pub(crate) fn once() -> Self {
        Self { once: true, ..Self::default() }
    }
}

/// Runs the line until nothing is due or until told to stop; visits under way have a moment to end.
pub(crate) async fn collect(place: &Place, ask: &Ask, stop: &CancellationToken) -> Result<Report> {
    Ok(count(place, ask, stop).await?.0)
}

/// The same, and the pages that were counted ([`Ask::count_only`]): how many of which host.
pub(crate) async fn count(
    place: &Place,
    ask: &Ask,
    stop: &CancellationToken,
) -> Result<(Report, HashMap<String, u64>)> {
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
    under_way: JoinSet<Result<Visited>>,
    /// What each of them visits.
    targets: HashMap<task::Id, Target>,
    batch: Batch,
    portions: Portions,
    waiting_since: Option<Instant>,
    seeded: Instant,
    tended: Instant,
    /// When the log of requests was shortened last; never yet.
    shortened: Option<Instant>,
    report: Report,
    /// Pages that were counted: their keys, and their hosts.
    counted: HashMap<String, String>,
    /// Tells a person at the terminal how a run that ends is coming on.
    progress: ProgressBar,
    _alive: Box<dyn Held>,
}

impl Line {
    async fn begin(place: &Place, ask: &Ask) -> Result<Self> {
        let worker = super::worker_name();
        let alive = place.record.enter(&worker).await?;
        let visitor = Arc::new(Visitor::new(place, &worker)?.reading_back_to(ask.since));
        seed(place, ask).await?;
        Ok(Self {
            place: place.clone(),
            ask: ask.clone(),
            visitor,
            worker,
            under_way: JoinSet::new(),
            targets: HashMap::new(),
            batch: Batch::default(),
            portions: Portions::default(),
            waiting_since: None,
            seeded: Instant::now(),
            tended: Instant::now(),
            shortened: None,
            report: Report::default(),
            counted: HashMap::new(),
            progress: if ask.once { output::spinner() } else { ProgressBar::hidden() },
            _alive: alive,
        })
    }

    async fn run(&mut self, stop: &CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            self.tend().await?;
            let leased = self.lease().await?;
            if self.under_way.is_empty() {
                // What the batch found may be due at once.
                if !self.flush().await? && leased == 0 && !self.wait_for_due(stop).await? {
                    return Ok(());
                }
                continue;
            }
            let batch_wait = if self.portions.is_empty() { BATCH_WAIT } else { PORTION_WAIT };
            let patience = self.waiting_since.map_or(REST, |since| batch_wait.saturating_sub(since.elapsed()));
            tokio::select! {
                ended = self.under_way.join_next_with_id() => self.take_in(ended)?,
                () = tokio::time::sleep(patience) => {}
                () = stop.cancelled() => {}
            }
            let waited = self.waiting_since.is_some_and(|since| since.elapsed() >= batch_wait);
            if waited || self.batch.outcomes.len() >= BATCH {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// What has to be done now and then.
    async fn tend(&mut self) -> Result<()> {
        let now = self.place.clock.now();
        if self.seeded.elapsed() >= SEED_EVERY {
            seed(&self.place, &self.ask).await?;
            self.seeded = Instant::now();
        }
        if self.tended.elapsed() >= TEND_EVERY {
            let busy: Vec<String> = self.targets.values().map(host_of).collect();
            let idle = now.checked_sub(IDLE).unwrap_or(now);
            self.visitor.tend(idle, &busy).await?;
            self.tended = Instant::now();
        }
        if self.shortened.is_none_or(|shortened| shortened.elapsed() >= SHORTEN_EVERY) {
            let days = i64::from(self.place.settings.crawl.request_log_days);
            if let Ok(before) = now.checked_sub(SignedDuration::from_hours(24 * days.max(1))) {
                self.place.record.forget_requests(before).await?;
            }
            self.shortened = Some(Instant::now());
        }
        Ok(())
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
            lists_only: self.ask.lists_only,
            rested_by: self.visitor.patient_until(now),
            not_hosts: self.busy_hosts().into_iter().chain(self.visitor.parked_hosts(now)).collect(),
        };
        let targets = self.place.record.lease(&ask, now).await?;
        let leased = targets.len();
        for target in targets {
            let (visitor, visited) = (Arc::clone(&self.visitor), target.clone());
            let task = self.under_way.spawn(async move { visitor.visit(&visited).await });
            self.targets.insert(task.id(), target);
        }
        Ok(leased)
    }

    /// Hosts with as many targets under way as one host may have.
    fn busy_hosts(&self) -> Vec<String> {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for target in self.targets.values() {
            *counts.entry(host_of(target)).or_default() += 1;
        }
        counts.into_iter().filter(|(_, count)| *count >= PER_HOST).map(|(host, _)| host).collect()
    }

    /// Takes in what a visit came to. Only what is wrong with the place itself ends the line: one
    /// page, however bad, is a failed visit.
    fn take_in(&mut self, ended: Option<Result<(task::Id, Result<Visited>), task::JoinError>>) -> Result<()> {
        let Some(ended) = ended else { return Ok(()) };
        let id = ended.as_ref().map_or_else(task::JoinError::id, |(id, _)| *id);
        let Some(target) = self.targets.remove(&id) else { return Ok(()) };
        let visited = match ended {
            Ok((_, Ok(visited))) => visited,
            Ok((_, Err(error))) if matches!(error.downcast_ref(), Some(StoreError::Corrupt(_))) => {
                Visited::failed(&target, output::one_line(&error), self.place.clock.now())
            }
            Ok((_, Err(error))) => return Err(error),
            Err(error) if error.is_cancelled() => return Ok(()),
            Err(error) => {
                tracing::error!(%error, url = %target.url, "a visit broke off");
                Visited::failed(&target, "the visit broke off".to_owned(), self.place.clock.now())
            }
        };
        self.report.add(visited.tally);
        self.batch.drafts.extend(visited.drafts);
        self.batch.gone.extend(visited.gone);
        self.batch.unchanged.extend(visited.unchanged);
        let mut found = visited.found;
        if self.ask.count_only {
            let pages = found.extract_if(.., |target| target.kind == TargetKind::Page);
            self.counted.extend(pages.map(|page| (page.url.key().to_owned(), host_of(&page))));
        }
        self.portions.take_in(found, visited.outcome, &mut self.batch);
        self.batch.requests.extend(visited.requests);
        self.waiting_since.get_or_insert_with(Instant::now);
        Ok(())
    }

    /// Records the batch, and the next portion of what long lists named. Returns whether there was any.
    async fn flush(&mut self) -> Result<bool> {
        if self.waiting_since.take().is_none() {
            return Ok(false);
        }
        // The captures that the batch points to must outlive a power cut before the record does.
        self.visitor.sync().await?;
        self.portions.fill(&mut self.batch);
        self.waiting_since = (!self.portions.is_empty()).then(Instant::now);
        let batch = std::mem::take(&mut self.batch);
        let written = self.place.record.record(&batch, self.place.clock.now()).await?;
        self.report.count(&written);
        self.progress.set_message(format!("{} ({} under way)", self.report, self.under_way.len()));
        self.progress.tick();
        Ok(true)
    }

    /// Rests until something may be due. Returns whether there is anything left to wait for.
    async fn wait_for_due(&mut self, stop: &CancellationToken) -> Result<bool> {
        let now = self.place.clock.now();
        let next = self.place.record.next_due(&self.ask.outlets, self.ask.lists_only, now).await?;
        // It was not leased just now: its host is parked, or another worker's.
        let due_but_parked = next.is_some_and(|next| next <= now);
        let next = if due_but_parked { self.visitor.next_free(now) } else { next };
        if self.ask.once && !(due_but_parked && self.ask.patient) {
            let soon = now.checked_add(SOON).unwrap_or(Timestamp::MAX);
            if next.is_none_or(|next| next > soon) {
                return Ok(false);
            }
        }
        let rest = match next {
            Some(next) => {
                let until_due = Duration::try_from(now.duration_until(next)).unwrap_or(Duration::ZERO);
                until_due.clamp(Duration::from_millis(20), REST)
            }
            None => REST,
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(rest) => {}
        }
        Ok(true)
    }

    async fn finish(mut self) -> Result<(Report, HashMap<String, u64>)> {
        let grace = tokio::time::sleep(GRACE);
        tokio::pin!(grace);
        while !self.under_way.is_empty() {
            tokio::select! {
                ended = self.under_way.join_next_with_id() => self.take_in(ended)?,
                () = &mut grace => self.under_way.shutdown().await,
            }
        }
        while self.flush().await? {}
        self.visitor.leave().await?;
        self.place.record.release(&self.worker).await?;
        self.progress.finish_and_clear();
        let mut counts = HashMap::new();
        for host in self.counted.into_values() {
            *counts.entry(host).or_default() += 1;
        }
        Ok((self.report, counts))
    }
}

/// Adds what the catalogue names to the frontier; what is there already stays as it is.
async fn seed(place: &Place, ask: &Ask) -> Result<()> {
    let now = place.clock.now();
    place.learn_outlets().await?;
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

/// The host that a visit to the target begins at, as politeness names it.
fn host_of(target: &Target) -> String {
    Url::parse(&target.ask).map(|url| courant_model::authority(&url)).unwrap_or_default()
}
