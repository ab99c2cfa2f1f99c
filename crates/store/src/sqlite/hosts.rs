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

/// The hosts that other workers have, by themselves or by the address they were last asked at, and
/// those that may not be asked before `rested_by`.
pub(super) fn out_of_reach(tx: &Transaction<'_>, worker: &str, rested_by: i64, now: i64) -> Kept<HashSet<String>> {
    let mut statement = tx.prepare_cached(
        "WITH others AS (SELECT name FROM claims WHERE worker <> ?1 AND until > ?2 AND NOT abandoned)
         SELECT name FROM others WHERE name NOT LIKE '@%'
         UNION SELECT host FROM hosts JOIN others ON address = substr(name, 2) WHERE name LIKE '@%'
         UNION SELECT host FROM hosts WHERE next > ?3",
    )?;
    let mut hosts = HashSet::new();
    let mut found = statement.query(params![worker, now, rested_by])?;
    while let Some(row) = found.next()? {
        hosts.insert(row.get(0)?);
    }
    Ok(hosts)
}

/// Claims hosts of which targets are leased. One that was asked under an earlier claim, which ended
/// otherwise than in order, stays as it is: [`claim`] has to see it.
pub(super) fn claim_unasked(tx: &Transaction<'_>, worker: &str, hosts: &BTreeSet<String>, until: i64) -> Kept<()> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO claims (name, worker, until, asked, abandoned) VALUES (?1, ?2, ?3, 0, 0)
         ON CONFLICT (name) DO UPDATE SET worker = ?2, until = max(until, ?3), abandoned = 0
         WHERE worker = ?2 OR NOT asked",
    )?;
    for host in hosts {
        statement.execute(params![host, worker, until])?;
    }
    Ok(())
}

/// Gives up the claims of a worker under which nothing was asked, and marks the others.
pub(super) fn abandon(tx: &Transaction<'_>, worker: &str) -> Kept<()> {
    tx.prepare_cached("DELETE FROM claims WHERE worker = ?1 AND NOT asked")?.execute([worker])?;
    tx.prepare_cached("UPDATE claims SET abandoned = 1 WHERE worker = ?1")?.execute([worker])?;
    Ok(())
}

/// A claim as it stands.
struct Standing {
    worker: String,
    until: i64,
    asked: bool,
    abandoned: bool,
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
        let Some(standing) = standing(tx, name)?.filter(|standing| standing.worker != claim.worker) else { continue };
        if !standing.abandoned && standing.until > moment {
            let until = rows::timestamp(standing.until)?;
            return Ok(Claimed::Taken { name: name.clone(), worker: standing.worker, until });
        }
        taken_over |= standing.asked;
    }
    let mut hold = tx.prepare_cached(
        "INSERT INTO claims (name, worker, until, asked, abandoned) VALUES (?1, ?2, ?3, 1, 0)
         ON CONFLICT (name) DO UPDATE SET worker = ?2, until = ?3, asked = 1, abandoned = 0",
    )?;
    for name in &names {
        hold.execute(params![name, claim.worker, rows::micros(claim.until)])?;
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
    let mut free = tx.prepare_cached("DELETE FROM claims WHERE name = ?1 AND worker = ?2")?;
    for state in hosts {
        put(tx, state)?;
        free.execute([&state.host, worker])?;
    }
    let mut lives_on =
        tx.prepare_cached("SELECT 1 FROM hosts JOIN claims ON name = host WHERE address = ?1 AND worker = ?2 LIMIT 1")?;
    for address in hosts.iter().filter_map(|state| state.address).collect::<BTreeSet<_>>() {
        if !lives_on.exists([&address.to_string(), worker])? {
            free.execute([&at(address), worker])?;
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

fn host(tx: &Transaction<'_>, host: &str, now: Timestamp) -> Kept<Option<HostState>> {
    let mut statement = tx.prepare_cached(&format!("SELECT {HOST} FROM hosts WHERE host = ?1"))?;
    let mut found = statement.query([host])?;
    let Some(state) = found.next()?.map(host_from).transpose()? else { return Ok(None) };
    let now = rows::micros(now);
    let mut count =
        tx.prepare_cached("SELECT count(*) FROM requests WHERE host = ?1 AND at >= ?2 AND took IS NOT NULL")?;
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
                "UPDATE claims SET until = max(until, ?2) WHERE worker = ?1 AND asked AND NOT abandoned",
            )?
            .execute(params![worker, rows::micros(until)])?;
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
            let mut statement = tx.prepare_cached(
                "SELECT host, at, url, robots, waited, gap, took, status, bytes, failure FROM requests
                 WHERE host = ?1 ORDER BY at DESC, rowid DESC LIMIT ?2",
            )?;
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
        self.write(move |tx| {
            Ok(tx.prepare_cached("DELETE FROM requests WHERE at < ?1")?.execute([rows::micros(before)])?)
        })
        .await
    }
}
