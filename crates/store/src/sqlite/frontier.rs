//! The frontier's table.
//!
//! Leasing is fair by construction: it takes the targets in order of due time but at most so many
//! of one host. A host with a hundred thousand due pages must not cost a scan of them, so the
//! search has two gears, described at [`Search`].

use std::collections::{BTreeSet, HashMap, HashSet};

use async_trait::async_trait;
use courant_model::{
    CanonicalUrl, Language, Outcome, OutletId, Polling, Quiet, Target, TargetKind, TargetState, Validators,
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use url::Url;

use super::fault::Kept;
use super::{Sqlite, hosts, overview, rows};
use crate::StoreError;
use crate::contract::{BlockedCount, Frontier, FrontierCount, HostCount, LeaseAsk};

/// The columns that [`target_from`] reads, in its order.
pub(super) const TARGET: &str = "url, ask, kind, outlet, found_via, language, published, etag, last_modified, due, visited, \
                      failures, unchanged, state, reason, changed, since, \
                      fresh_for, quiet_hours, quiet_days";

/// Rows that the first gear of [`Search`] looks at before it changes up: about 2 ms.
const BUDGET: usize = 4_000;

fn rank(kind: TargetKind) -> i64 {
    match kind {
        TargetKind::Feed | TargetKind::Sitemap | TargetKind::Section => 0,
        TargetKind::Page => 1,
    }
}

/// The rank of the last that is wanted.
fn last_rank(lists_only: bool) -> i64 {
    if lists_only { rank(TargetKind::Feed) } else { rank(TargetKind::Page) }
}

/// The host that a visit to the target begins at, as politeness names it. Not the canonical URL's:
/// that may have lost its `www.`.
fn host_of(target: &Target) -> String {
    match Url::parse(&target.ask) {
        Ok(url) => courant_model::authority(&url),
        Err(_) => target.url.host_and_path().split('/').next().unwrap_or_default().to_owned(),
    }
}

pub(super) fn target_from(row: &Row<'_>) -> Kept<Target> {
    Ok(Target {
        url: rows::url(row.get_ref(0)?)?,
        ask: row.get(1)?,
        kind: rows::named("kind of target", row.get_ref(2)?, TargetKind::parse)?,
        outlet: OutletId::new(rows::text("outlet", row.get_ref(3)?)?),
        found_via: row.get(4)?,
        language: row.get::<_, Option<String>>(5)?.map(|tag| Language::parse(&tag)),
        published: rows::read_option("date", row.get_ref(6)?)?,
        validators: Validators { etag: row.get(7)?, last_modified: row.get(8)? },
        due: rows::timestamp(row.get(9)?)?,
        visited: rows::timestamp_option(row.get(10)?)?,
        failures: rows::number("failures", row.get(11)?)?,
        unchanged: rows::number("unchanged", row.get(12)?)?,
        state: rows::named("state of target", row.get_ref(13)?, TargetState::parse)?,
        reason: row.get(14)?,
        changed: rows::timestamp_option(row.get(15)?)?,
        since: rows::timestamp_option(row.get(16)?)?,
        polling: Polling {
            fresh_for: row.get::<_, Option<i64>>(17)?.map(SignedDuration::from_secs),
            quiet: Quiet { hours: row.get(18)?, days: row.get(19)? },
        },
    })
}

/// Adds the targets whose address is not there yet; returns how many.
pub(super) fn add(tx: &Transaction<'_>, targets: &[Target]) -> Kept<usize> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO targets (key, url, ask, kind, rank, outlet, host, found_via, language, published, etag,
             last_modified, due, visited, failures, unchanged, state, reason, changed, since,
             fresh_for, quiet_hours, quiet_days)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
             ?23)
         ON CONFLICT (key) DO NOTHING",
    )?;
    let mut added = 0;
    for target in targets {
        added += statement.execute(params![
            target.url.key(),
            target.url.as_str(),
            target.ask,
            target.kind.as_str(),
            rank(target.kind),
            target.outlet.as_str(),
            host_of(target),
            target.found_via,
            target.language.as_ref().map(Language::as_str),
            target.published.as_ref().map(rows::write),
            target.validators.etag,
            target.validators.last_modified,
            rows::micros(target.due),
            target.visited.map(rows::micros),
            target.failures,
            target.unchanged,
            target.state.as_str(),
            target.reason,
            target.changed.map(rows::micros),
            target.since.map(rows::micros),
            target.polling.fresh_for.map(|time| time.as_secs()),
            target.polling.quiet.hours,
            target.polling.quiet.days,
        ])?;
    }
    Ok(added)
}

/// Writes back how visits ended and gives up their leases.
pub(super) fn finish(tx: &Transaction<'_>, outcomes: &[Outcome], now: Timestamp) -> Kept<()> {
    let mut statement = tx.prepare_cached(
        "UPDATE targets SET visited = coalesce(?2, visited), due = ?3, state = ?4, reason = ?5,
             etag = CASE WHEN ?6 THEN ?7 ELSE etag END,
             last_modified = CASE WHEN ?6 THEN ?8 ELSE last_modified END,
             failures = ?9, unchanged = ?10, worker = NULL, leased_until = NULL,
             changed = CASE WHEN ?11 THEN ?2 ELSE changed END,
             since = CASE WHEN state = ?4 THEN since ELSE coalesce(?2, ?12) END,
             fresh_for = CASE WHEN ?13 THEN ?14 ELSE fresh_for END,
             quiet_hours = CASE WHEN ?13 THEN ?15 ELSE quiet_hours END,
             quiet_days = CASE WHEN ?13 THEN ?16 ELSE quiet_days END
         WHERE key = ?1",
    )?;
    for outcome in outcomes {
        let validators = outcome.validators.as_ref();
        let polling = outcome.polling.unwrap_or_default();
        let written = statement.execute(params![
            outcome.url.key(),
            outcome.visited.map(rows::micros),
            rows::micros(outcome.due),
            outcome.state.as_str(),
            outcome.reason,
            validators.is_some(),
            validators.and_then(|validators| validators.etag.as_deref()),
            validators.and_then(|validators| validators.last_modified.as_deref()),
            outcome.failures,
            outcome.unchanged,
            outcome.visited.is_some() && outcome.changed,
            rows::micros(now),
            outcome.polling.is_some(),
            polling.fresh_for.map(|time| time.as_secs()),
            polling.quiet.hours,
            polling.quiet.days,
        ])?;
        // The visit happened all the same: what else it brought must not be lost over this.
        if written == 0 {
            tracing::warn!(url = %outcome.url, "a visit ended at an address that is no target: not noted");
        }
    }
    Ok(())
}

/// A target that may be leased: its row, and what decides its turn.
struct Candidate {
    rank: i64,
    due: i64,
    row: i64,
}

/// The free targets of one outlet on one host and of one rank, by the first of them.
struct Queue {
    outlet: String,
    host: String,
    rank: i64,
    due: i64,
}

/// The search for targets that are due and that nobody holds.
///
/// First gear walks the due targets in order and takes what the ask allows: exact, and done after a
/// few rows where hosts alternate. Where one host's targets fill the front of the line it would
/// walk them all, so after [`BUDGET`] rows second gear looks at the head of every [`Queue`], at one
/// index probe each. No host whose head stands behind the heads of `limit` others can have its
/// turn, so that only the first few hosts' queues are read on: exact as well. An ask for some
/// outlets alone begins in second gear.
struct Search<'a> {
    tx: &'a Transaction<'a>,
    ask: &'a LeaseAsk,
    /// Hosts of which nothing is wanted, and those that other workers have.
    not_hosts: HashSet<String>,
    now: i64,
}

impl Search<'_> {
    fn run(&self) -> Kept<Vec<Candidate>> {
        if self.ask.limit == 0 || self.ask.per_host == 0 {
            return Ok(Vec::new());
        }
        if self.ask.outlets.is_empty()
            && let Some(found) = self.in_order()?
        {
            return Ok(found);
        }
        self.by_queue()
    }

    /// First gear; `None` where the budget ended before the ask was filled.
    fn in_order(&self) -> Kept<Option<Vec<Candidate>>> {
        let mut found = Vec::new();
        let mut of_host: HashMap<String, usize> = HashMap::new();
        let mut walked = 0;
        for rank in 0..=last_rank(self.ask.lists_only) {
            let mut statement = self.tx.prepare_cached(
                "SELECT rowid, due, host FROM targets INDEXED BY targets_order
                 WHERE worker IS NULL AND rank = ?1 AND due <= ?2 ORDER BY due, host",
            )?;
            let mut due = statement.query(params![rank, self.now])?;
            while let Some(row) = due.next()? {
                walked += 1;
                if walked > BUDGET {
                    return Ok(None);
                }
                let host = rows::text("host", row.get_ref(2)?)?;
                if self.is_unwanted(host) {
                    continue;
                }
                match of_host.get_mut(host) {
                    Some(taken) if *taken == self.ask.per_host => continue,
                    Some(taken) => *taken += 1,
                    None => drop(of_host.insert(host.to_owned(), 1)),
                }
                found.push(Candidate { rank, due: row.get(1)?, row: row.get(0)? });
                if found.len() == self.ask.limit {
                    return Ok(Some(found));
                }
            }
        }
        Ok(Some(found))
    }

    /// Second gear.
    fn by_queue(&self) -> Kept<Vec<Candidate>> {
        let mut queues = queues(self.tx, &self.ask.outlets)?;
        let last = last_rank(self.ask.lists_only);
        queues.retain(|queue| queue.rank <= last && queue.due <= self.now && !self.is_unwanted(&queue.host));
        queues.sort_by(|a, b| (a.rank, a.due, &a.host).cmp(&(b.rank, b.due, &b.host)));
        let mut of_host: HashMap<&str, Vec<Candidate>> = HashMap::new();
        for queue in &queues {
            if of_host.len() < self.ask.limit {
                of_host.entry(&queue.host).or_default();
            }
            if let Some(candidates) = of_host.get_mut(queue.host.as_str()) {
                self.read_on(queue, candidates)?;
            }
        }
        let mut found = Vec::new();
        for (_, mut candidates) in of_host {
            sort(&mut candidates);
            candidates.truncate(self.ask.per_host);
            found.append(&mut candidates);
        }
        sort(&mut found);
        found.truncate(self.ask.limit);
        Ok(found)
    }

    /// Adds as many of a queue's targets as one host may give.
    fn read_on(&self, queue: &Queue, candidates: &mut Vec<Candidate>) -> Kept<()> {
        let mut statement = self.tx.prepare_cached(
            "SELECT rowid, due FROM targets INDEXED BY targets_queue
             WHERE worker IS NULL AND outlet = ?1 AND host = ?2 AND rank = ?3 AND due <= ?4
             ORDER BY due LIMIT ?5",
        )?;
        let limit = rows::signed(self.ask.per_host);
        let mut due = statement.query(params![queue.outlet, queue.host, queue.rank, self.now, limit])?;
        while let Some(row) = due.next()? {
            candidates.push(Candidate { rank: queue.rank, due: row.get(1)?, row: row.get(0)? });
        }
        Ok(())
    }

    fn is_unwanted(&self, host: &str) -> bool {
        self.not_hosts.contains(host)
    }
}

fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by_key(|candidate| (candidate.rank, candidate.due, candidate.row));
}

/// Every queue of these outlets, or of all, by jumping from the head of one to the head of the next.
fn queues(tx: &Transaction<'_>, outlets: &[OutletId]) -> Kept<Vec<Queue>> {
    let mut found: Vec<Queue> = Vec::new();
    let mut next = tx.prepare_cached(
        "SELECT outlet, host, rank, due FROM targets INDEXED BY targets_queue
         WHERE worker IS NULL AND (outlet, host, rank, due) > (?1, ?2, ?3, ?4)
         ORDER BY outlet, host, rank, due LIMIT 1",
    )?;
    // To the far end of a queue: without the greatest `due`, SQLite walks through all of its rows.
    let mut jump = |outlet: &str, host: &str, rank: i64| {
        let head =
            |row: &Row<'_>| Ok(Queue { outlet: row.get(0)?, host: row.get(1)?, rank: row.get(2)?, due: row.get(3)? });
        next.query_row(params![outlet, host, rank, i64::MAX], head).optional()
    };
    let outlets: BTreeSet<&str> = outlets.iter().map(OutletId::as_str).collect();
    // Without outlets, one walk over all of them: none comes before the empty name.
    let starts = if outlets.is_empty() { BTreeSet::from([""]) } else { outlets.clone() };
    for start in starts {
        let mut at = jump(start, "", -1)?;
        while let Some(queue) = at {
            if !outlets.is_empty() && queue.outlet != start {
                break;
            }
            at = jump(&queue.outlet, &queue.host, queue.rank)?;
            found.push(queue);
        }
    }
    Ok(found)
}

fn lease(tx: &Transaction<'_>, ask: &LeaseAsk, now: Timestamp) -> Kept<Vec<Target>> {
    let now = rows::micros(now);
    tx.prepare_cached(
        "UPDATE targets INDEXED BY targets_ending SET worker = NULL, leased_until = NULL
         WHERE worker IS NOT NULL AND leased_until <= ?1",
    )?
    .execute([now])?;
    let mut not_hosts = hosts::out_of_reach(tx, &ask.worker, rows::micros(ask.rested_by), now)?;
    not_hosts.extend(ask.not_hosts.iter().cloned());
    let found = Search { tx, ask, not_hosts, now }.run()?;
    let mut hold = tx.prepare_cached("UPDATE targets SET worker = ?2, leased_until = ?3 WHERE rowid = ?1")?;
    let mut read = tx.prepare_cached(&format!("SELECT {TARGET} FROM targets WHERE rowid = ?1"))?;
    let mut targets = Vec::with_capacity(found.len());
    for candidate in found {
        hold.execute(params![candidate.row, ask.worker, rows::micros(ask.until)])?;
        let mut leased = read.query([candidate.row])?;
        if let Some(row) = leased.next()? {
            targets.push(target_from(row)?);
        }
    }
    let leased: BTreeSet<String> = targets.iter().map(host_of).collect();
    hosts::claim_unasked(tx, &ask.worker, &leased, rows::micros(ask.until), now)?;
    Ok(targets)
}

fn next_due(tx: &Transaction<'_>, outlets: &[OutletId], lists_only: bool, now: i64) -> Kept<Option<Timestamp>> {
    let last = last_rank(lists_only);
    let mut earliest: Option<i64> = None;
    let mut see = |due: Option<i64>| earliest = earliest.into_iter().chain(due).min();
    if outlets.is_empty() {
        let mut statement = tx.prepare_cached(
            "SELECT due FROM targets INDEXED BY targets_order WHERE worker IS NULL AND rank = ?1
             ORDER BY due LIMIT 1",
        )?;
        for rank in 0..=last {
            see(statement.query_row([rank], |row| row.get(0)).optional()?);
        }
    } else {
        for queue in queues(tx, outlets)?.into_iter().filter(|queue| queue.rank <= last) {
            see(Some(queue.due));
        }
    }
    // Leases that ran out count as none, though the next lease is what clears them away.
    let mut statement = tx.prepare_cached(
        "SELECT due, outlet FROM targets INDEXED BY targets_ending
         WHERE worker IS NOT NULL AND leased_until <= ?1 AND rank <= ?2",
    )?;
    let mut ran_out = statement.query([now, last])?;
    while let Some(row) = ran_out.next()? {
        let outlet = rows::text("outlet", row.get_ref(1)?)?;
        if outlets.is_empty() || outlets.iter().any(|wanted| wanted.as_str() == outlet) {
            see(row.get(0)?);
        }
    }
    rows::timestamp_option(earliest)
}

fn hasten(tx: &Transaction<'_>, outlet: &OutletId, kinds: &[TargetKind], now: Timestamp) -> Kept<usize> {
    let mut statement = tx.prepare_cached(
        "UPDATE targets SET due = min(due, ?3), etag = NULL, last_modified = NULL
         WHERE outlet = ?1 AND kind = ?2 AND worker IS NULL",
    )?;
    let mut hastened = 0;
    for kind in kinds {
        hastened += statement.execute(params![outlet.as_str(), kind.as_str(), rows::micros(now)])?;
    }
    Ok(hastened)
}

#[async_trait]
impl Frontier for Sqlite {
    async fn add_targets(&self, targets: &[Target]) -> Result<usize, StoreError> {
        let targets = targets.to_vec();
        self.write(move |tx| add(tx, &targets)).await
    }

    async fn lease(&self, ask: &LeaseAsk, now: Timestamp) -> Result<Vec<Target>, StoreError> {
        let ask = ask.clone();
        self.write(move |tx| lease(tx, &ask, now)).await
    }

    async fn finish(&self, outcomes: &[Outcome], now: Timestamp) -> Result<(), StoreError> {
        let outcomes = outcomes.to_vec();
        self.write(move |tx| finish(tx, &outcomes, now)).await
    }

    async fn target(&self, url: &CanonicalUrl) -> Result<Option<Target>, StoreError> {
        let url = url.clone();
        self.read(move |tx| {
            let mut statement = tx.prepare_cached(&format!("SELECT {TARGET} FROM targets WHERE key = ?1"))?;
            let mut found = statement.query([url.key()])?;
            found.next()?.map(target_from).transpose()
        })
        .await
    }

    async fn targets(
        &self,
        outlet: Option<&OutletId>,
        state: Option<TargetState>,
        kind: Option<TargetKind>,
        limit: usize,
    ) -> Result<Vec<Target>, StoreError> {
        let outlet = outlet.cloned();
        self.read(move |tx| overview::targets(tx, outlet.as_ref(), state, kind, limit)).await
    }

    async fn next_due(
        &self,
        outlets: &[OutletId],
        lists_only: bool,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let outlets = outlets.to_vec();
        self.read(move |tx| next_due(tx, &outlets, lists_only, rows::micros(now))).await
    }

    async fn frontier_counts(
        &self,
        outlet: Option<&OutletId>,
        now: Timestamp,
    ) -> Result<Vec<FrontierCount>, StoreError> {
        let outlet = outlet.cloned();
        self.read(move |tx| overview::counts(tx, outlet.as_ref(), rows::micros(now))).await
    }

    async fn release(&self, worker: &str) -> Result<(), StoreError> {
        let worker = worker.to_owned();
        self.write(move |tx| {
            tx.prepare_cached("UPDATE targets SET worker = NULL, leased_until = NULL WHERE worker = ?1")?
                .execute([&worker])?;
            hosts::abandon(tx, &worker)
        })
        .await
    }

    async fn hasten(&self, outlet: &OutletId, kinds: &[TargetKind], now: Timestamp) -> Result<usize, StoreError> {
        let (outlet, kinds) = (outlet.clone(), kinds.to_vec());
        self.write(move |tx| hasten(tx, &outlet, &kinds, now)).await
    }

    async fn host_counts(&self, now: Timestamp, limit: usize) -> Result<Vec<HostCount>, StoreError> {
        self.read(move |tx| overview::host_counts(tx, rows::micros(now), limit)).await
    }

    async fn blocked_counts(&self, limit: usize) -> Result<Vec<BlockedCount>, StoreError> {
        self.read(move |tx| overview::blocked(tx, limit)).await
    }

    async fn silent_lists(&self, quiet: SignedDuration, limit: usize) -> Result<Vec<Target>, StoreError> {
        self.read(move |tx| overview::silent(tx, quiet, limit)).await
    }
}
