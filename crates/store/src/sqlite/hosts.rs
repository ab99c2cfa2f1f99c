//! What politeness remembers of hosts: claims of workers, hosts, the files of origins, the log of
//! requests.
//!
//! A claim is a row under the host's name and one under `@` and its address. The rows of a worker
//! that died stay, marked as abandoned: they are what tells the next worker to wait before it asks.

use std::collections::{BTreeSet, HashSet};
use std::net::IpAddr;

use async_trait::async_trait;
use courant_model::{HostState, KeptFile, OriginFile, RequestLine, Validators};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::fault::Kept;
use super::{Sqlite, rows};
use crate::StoreError;
use crate::contract::{Claimed, HostClaim, Hosts, LOST_GAP};

const DAY: i64 = 24 * 60 * 60 * 1_000_000;

fn at(address: IpAddr) -> String {
    format!("@{address}")
}

const OUT_OF_REACH: &str =
    "WITH others AS (SELECT name FROM claims WHERE worker <> ?1 AND until > ?2 AND NOT abandoned)
     SELECT name FROM others WHERE name NOT LIKE '@%'
     UNION ALL SELECT host FROM hosts JOIN others ON address = substr(name, 2) WHERE name LIKE '@%'
     UNION ALL SELECT host FROM hosts WHERE next > ?3";

/// The hosts that other workers have, by themselves or by the address they were last asked at, and
/// those that may not be asked before `rested_by`.
pub(super) fn out_of_reach(tx: &Transaction<'_>, worker: &str, rested_by: i64, now: i64) -> Kept<HashSet<String>> {
    let mut statement = tx.prepare_cached(OUT_OF_REACH)?;
    let mut hosts = HashSet::new();
    let mut found = statement.query(params![worker, now, rested_by])?;
    while let Some(row) = found.next()? {
        hosts.insert(row.get(0)?);
    }
    Ok(hosts)
}

/// Under a claim nothing was asked; or something may have been.
const UNASKED: u8 = 0;
const ASKED: u8 = 1;
/// Nothing was asked under this claim, but under one before that was not given up in order: its rest
/// is still owed.
const OWING: u8 = 2;

/// Claims hosts of which targets are leased, but for those that another living worker has after all.
pub(super) fn claim_unasked(
    tx: &Transaction<'_>,
    worker: &str,
    hosts: &BTreeSet<String>,
    until: i64,
    now: i64,
) -> Kept<()> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO claims (name, worker, until, asked, abandoned) VALUES (?1, ?2, ?3, ?5, 0)
         ON CONFLICT (name) DO UPDATE SET worker = ?2, abandoned = 0,
             until = CASE WHEN worker = ?2 AND NOT abandoned THEN max(until, ?3) ELSE ?3 END,
             asked = CASE WHEN worker = ?2 AND NOT abandoned THEN asked WHEN asked <> ?5 THEN ?6 ELSE ?5 END
         WHERE worker = ?2 OR abandoned OR until <= ?4",
    )?;
    for host in hosts {
        statement.execute(params![host, worker, until, now, UNASKED, OWING])?;
    }
    Ok(())
}

/// Gives up the claims of a worker under which nothing was asked, and marks the others.
pub(super) fn abandon(tx: &Transaction<'_>, worker: &str) -> Kept<()> {
    tx.prepare_cached("DELETE FROM claims WHERE worker = ?1 AND asked = ?2")?.execute(params![worker, UNASKED])?;
    tx.prepare_cached("UPDATE claims SET abandoned = 1 WHERE worker = ?1")?.execute([worker])?;
    Ok(())
}

/// A claim as it stands.
struct Standing {
    worker: String,
    until: i64,
    asked: u8,
    abandoned: bool,
}

impl Standing {
    /// Whether it keeps `worker` out.
    fn keeps_out(&self, worker: &str, now: i64) -> bool {
        self.worker != worker && !self.abandoned && self.until > now
    }

    /// Whether `worker`, who takes it, has to rest first.
    fn owes_a_rest(&self, worker: &str) -> bool {
        self.asked == OWING || (self.asked == ASKED && (self.abandoned || self.worker != worker))
    }
}

fn standing(tx: &Transaction<'_>, name: &str) -> Kept<Option<Standing>> {
    let mut statement = tx.prepare_cached("SELECT worker, until, asked, abandoned FROM claims WHERE name = ?1")?;
    let read = |row: &Row<'_>| {
        Ok(Standing { worker: row.get(0)?, until: row.get(1)?, asked: row.get(2)?, abandoned: row.get(3)? })
    };
    Ok(statement.query_row([name], read).optional()?)
}

fn claim(tx: &Transaction<'_>, claim: &HostClaim, now: Timestamp) -> Kept<Claimed> {
    let moment = rows::micros(now);
    let names = [claim.host.clone(), at(claim.address)];
    let mut taken_over = false;
    for name in &names {
        let Some(standing) = standing(tx, name)? else { continue };
        if standing.keeps_out(&claim.worker, moment) {
            let until = rows::timestamp(standing.until)?;
            return Ok(Claimed::Taken { name: name.clone(), worker: standing.worker, until });
        }
        taken_over |= standing.owes_a_rest(&claim.worker);
    }
    let mut hold = tx.prepare_cached(
        "INSERT INTO claims (name, worker, until, asked, abandoned) VALUES (?1, ?2, ?3, ?4, 0)
         ON CONFLICT (name) DO UPDATE SET worker = ?2, until = ?3, asked = ?4, abandoned = 0",
    )?;
    for name in &names {
        hold.execute(params![name, claim.worker, rows::micros(claim.until), ASKED])?;
    }
    let mut state = host(tx, &claim.host, now)?.unwrap_or_else(|| HostState::new(&claim.host, now, claim.gap));
    state.gap = state.gap.max(claim.gap);
    state.address = Some(claim.address);
    if taken_over {
        let rest = if knows_robots(tx, &claim.host)? { state.gap } else { state.gap.max(LOST_GAP) };
        state.next = state.next.max(now.checked_add(rest).unwrap_or(Timestamp::MAX));
    }
    put(tx, &state)?;
    Ok(Claimed::Yes(state))
}

fn knows_robots(tx: &Transaction<'_>, host: &str) -> Kept<bool> {
    let mut statement = tx.prepare_cached(
        "SELECT 1 FROM origin_files WHERE file = 'robots' AND origin IN ('https://' || ?1, 'http://' || ?1)",
    )?;
    Ok(statement.exists([host])?)
}

fn unclaim(tx: &Transaction<'_>, worker: &str, hosts: &[HostState]) -> Kept<()> {
    let mut free = tx.prepare_cached("DELETE FROM claims WHERE name = ?1 AND worker = ?2 AND asked <> ?3")?;
    for state in hosts {
        if standing(tx, &state.host)?.is_none_or(|standing| standing.worker == worker) {
            put(tx, state)?;
        }
        free.execute(params![state.host, worker, OWING])?;
    }
    let mut lives_on =
        tx.prepare_cached("SELECT 1 FROM hosts JOIN claims ON name = host WHERE address = ?1 AND worker = ?2 LIMIT 1")?;
    for address in hosts.iter().filter_map(|state| state.address).collect::<BTreeSet<_>>() {
        if !lives_on.exists([&address.to_string(), worker])? {
            free.execute(params![at(address), worker, OWING])?;
        }
    }
    Ok(())
}

const HOST: &str = "host, next, gap, reason, address, failures";

fn host_from(row: &Row<'_>) -> Kept<HostState> {
    Ok(HostState {
        host: row.get(0)?,
        next: rows::timestamp(row.get(1)?)?,
        gap: SignedDuration::from_micros(row.get(2)?),
        reason: row.get(3)?,
        address: row.get::<_, Option<String>>(4)?.and_then(|address| address.parse().ok()),
        failures: rows::number("failures", row.get(5)?)?,
        requests: 0,
    })
}

const OF_THE_DAY: &str = "SELECT count(*) FROM requests WHERE host = ?1 AND at >= ?2 AND took IS NOT NULL";

fn host(tx: &Transaction<'_>, host: &str, now: Timestamp) -> Kept<Option<HostState>> {
    let mut statement = tx.prepare_cached(&format!("SELECT {HOST} FROM hosts WHERE host = ?1"))?;
    let mut found = statement.query([host])?;
    let Some(state) = found.next()?.map(host_from).transpose()? else { return Ok(None) };
    let now = rows::micros(now);
    let mut count = tx.prepare_cached(OF_THE_DAY)?;
    let requests = count.query_row(params![host, now - now.rem_euclid(DAY)], |row| row.get(0))?;
    Ok(Some(HostState { requests: rows::number("count", requests)?, ..state }))
}

fn put(tx: &Transaction<'_>, state: &HostState) -> Kept<()> {
    tx.prepare_cached(&format!("INSERT OR REPLACE INTO hosts ({HOST}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"))?.execute(
        params![
            state.host,
            rows::micros(state.next),
            rows::signed(state.gap.as_micros()),
            state.reason,
            state.address.map(|address| address.to_string()),
            state.failures,
        ],
    )?;
    Ok(())
}

/// Adds to the log of requests.
pub(super) fn log(tx: &Transaction<'_>, lines: &[RequestLine]) -> Kept<()> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO requests (host, at, url, robots, waited, gap, took, status, bytes, failure)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for line in lines {
        statement.execute(params![
            line.host,
            rows::micros(line.at),
            line.url,
            line.robots,
            rows::signed(line.waited.as_micros()),
            rows::signed(line.gap.as_micros()),
            line.took.map(|took| rows::signed(took.as_micros())),
            line.status,
            rows::signed(line.bytes),
            line.failure,
        ])?;
    }
    Ok(())
}

const LATEST: &str = "SELECT host, at, url, robots, waited, gap, took, status, bytes, failure FROM requests
     WHERE host = ?1 ORDER BY at DESC, rowid DESC LIMIT ?2";

fn line_from(row: &Row<'_>) -> Kept<RequestLine> {
    Ok(RequestLine {
        host: row.get(0)?,
        at: rows::timestamp(row.get(1)?)?,
        url: row.get(2)?,
        robots: row.get(3)?,
        waited: SignedDuration::from_micros(row.get(4)?),
        gap: SignedDuration::from_micros(row.get(5)?),
        took: row.get::<_, Option<i64>>(6)?.map(SignedDuration::from_micros),
        status: row.get(7)?,
        bytes: rows::number("bytes", row.get(8)?)?,
        failure: row.get(9)?,
    })
}

#[async_trait]
impl Hosts for Sqlite {
    async fn claim(&self, ask: &HostClaim, now: Timestamp) -> Result<Claimed, StoreError> {
        let ask = ask.clone();
        self.write(move |tx| claim(tx, &ask, now)).await
    }

    async fn renew_claims(&self, worker: &str, until: Timestamp) -> Result<(), StoreError> {
        let worker = worker.to_owned();
        self.write(move |tx| {
            tx.prepare_cached(
                "UPDATE claims SET until = max(until, ?2) WHERE worker = ?1 AND asked = ?3 AND NOT abandoned
                 AND (name NOT LIKE '@%' OR EXISTS (
                     SELECT 1 FROM hosts JOIN claims AS own ON own.name = host
                     WHERE address = substr(claims.name, 2) AND own.worker = ?1))",
            )?
            .execute(params![worker, rows::micros(until), ASKED])?;
            Ok(())
        })
        .await
    }

    async fn unclaim(&self, worker: &str, hosts: &[HostState]) -> Result<(), StoreError> {
        let (worker, hosts) = (worker.to_owned(), hosts.to_vec());
        self.write(move |tx| unclaim(tx, &worker, &hosts)).await
    }

    async fn host(&self, name: &str, now: Timestamp) -> Result<Option<HostState>, StoreError> {
        let name = name.to_owned();
        self.read(move |tx| host(tx, &name, now)).await
    }

    async fn put_host(&self, state: &HostState) -> Result<(), StoreError> {
        let state = state.clone();
        self.write(move |tx| put(tx, &state)).await
    }

    async fn parked_hosts(&self, now: Timestamp) -> Result<Vec<HostState>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.prepare_cached(&format!(
                "SELECT {HOST} FROM hosts WHERE next > ?1 AND reason IS NOT NULL ORDER BY next DESC, host"
            ))?;
            let mut found = statement.query([rows::micros(now)])?;
            let mut hosts = Vec::new();
            while let Some(row) = found.next()? {
                hosts.push(host_from(row)?);
            }
            Ok(hosts)
        })
        .await
    }

    async fn origin_file(&self, origin: &str, file: OriginFile) -> Result<Option<KeptFile>, StoreError> {
        let origin = origin.to_owned();
        self.read(move |tx| {
            let mut statement = tx.prepare_cached(
                "SELECT status, body, etag, last_modified, fetched FROM origin_files WHERE origin = ?1 AND file = ?2",
            )?;
            let mut found = statement.query([&origin, file.as_str()])?;
            let Some(row) = found.next()? else { return Ok(None) };
            Ok(Some(KeptFile {
                file,
                status: row.get(0)?,
                body: row.get(1)?,
                validators: Validators { etag: row.get(2)?, last_modified: row.get(3)? },
                fetched: rows::timestamp(row.get(4)?)?,
                origin: origin.clone(),
            }))
        })
        .await
    }

    async fn put_origin_file(&self, file: &KeptFile) -> Result<(), StoreError> {
        let file = file.clone();
        self.write(move |tx| {
            tx.prepare_cached(
                "INSERT OR REPLACE INTO origin_files (origin, file, status, body, etag, last_modified, fetched)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                file.origin,
                file.file.as_str(),
                file.status,
                file.body,
                file.validators.etag,
                file.validators.last_modified,
                rows::micros(file.fetched),
            ])?;
            Ok(())
        })
        .await
    }

    async fn requests(&self, host: &str, limit: usize) -> Result<Vec<RequestLine>, StoreError> {
        let host = host.to_owned();
        self.read(move |tx| {
            let mut statement = tx.prepare_cached(LATEST)?;
            let mut found = statement.query(params![host, rows::signed(limit)])?;
            let mut lines = Vec::new();
            while let Some(row) = found.next()? {
                lines.push(line_from(row)?);
            }
            Ok(lines)
        })
        .await
    }

    async fn forget_requests(&self, before: Timestamp) -> Result<usize, StoreError> {
        let before = rows::micros(before);
        let mut forgotten = 0;
        loop {
            let step = self
                .write(move |tx| Ok(tx.prepare_cached(FORGET)?.execute(params![before, rows::signed(STEP)])?))
                .await?;
            forgotten += step;
            if step < STEP {
                return Ok(forgotten);
            }
        }
    }
}

/// Requests that are forgotten at once: about 50 ms.
const STEP: usize = 10_000;

const FORGET: &str =
    "DELETE FROM requests WHERE rowid IN (SELECT rowid FROM requests WHERE at < ?1 ORDER BY at LIMIT ?2)";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::tests::{open, plan};

    #[tokio::test]
    async fn a_lease_takes_no_host_from_a_living_worker() {
        let folder = tempfile::TempDir::new().unwrap();
        let record = open(&folder).await;
        let hosts = BTreeSet::from(["a.example".to_owned()]);
        for (worker, until, now, expected) in
            [("one", 10, 0, ("one", 10)), ("two", 20, 9, ("one", 10)), ("three", 30, 10, ("three", 30))]
        {
            let hosts = hosts.clone();
            let whose = record.write(move |tx| {
                claim_unasked(tx, worker, &hosts, until, now)?;
                standing(tx, "a.example")
            });
            let standing = whose.await.unwrap().unwrap();
            assert_eq!((standing.worker.as_str(), standing.until), expected, "{worker}");
        }
    }

    #[tokio::test]
    async fn what_is_asked_often_is_looked_up_not_walked_for() {
        let folder = tempfile::TempDir::new().unwrap();
        let record = open(&folder).await;
        for (sql, expected) in [
            (OUT_OF_REACH, "SEARCH hosts USING INDEX hosts_at (address=?)"),
            (OUT_OF_REACH, "SEARCH hosts USING INDEX hosts_parked (next>?)"),
            (OF_THE_DAY, "SEARCH requests USING COVERING INDEX requests_of_host (host=? AND at>?)"),
            (FORGET, "SEARCH requests USING COVERING INDEX requests_at (at<?)"),
            (LATEST, "SEARCH requests USING INDEX requests_of_host (host=?)"),
        ] {
            let steps = plan(&record, sql).await;
            assert!(steps.iter().any(|step| step == expected), "{sql}: {steps:?}");
            assert!(!steps.iter().any(|step| step.ends_with("FOR ORDER BY")), "{sql}: {steps:?}");
        }
    }
}
