//! The frontier as people look at it: its targets by outlet, state and kind; counts; which lists are
//! silent.
//!
//! All of it is served by the index `targets_shown`, which begins with kind and state: a question that
//! leaves one of them open names all of its values, so that SQLite looks each up in the index instead
//! of walking through the table.

use std::collections::HashMap;

use courant_model::{OutletId, Target, TargetKind, TargetState};
use jiff::SignedDuration;
use rusqlite::types::ToSql;
use rusqlite::{Transaction, params};

use super::fault::Kept;
use super::frontier::{TARGET, target_from};
use super::rows;
use crate::contract::{BlockedCount, FrontierCount, HostCount};

/// `IN` all of these.
fn any_of<const N: usize>(names: [&str; N]) -> String {
    format!("IN ('{}')", names.join("', '"))
}

fn any_kind() -> String {
    any_of(TargetKind::ALL.map(TargetKind::as_str))
}

fn any_state() -> String {
    any_of(TargetState::ALL.map(TargetState::as_str))
}

fn listing(outlet: bool, state: bool, kind: bool) -> String {
    let kind = if kind { "= ?1".to_owned() } else { any_kind() };
    let state = if state { "= ?2".to_owned() } else { any_state() };
    let outlet = if outlet { "AND outlet = ?3" } else { "" };
    format!(
        "SELECT {TARGET} FROM targets WHERE kind {kind} AND state {state} {outlet}
         ORDER BY visited DESC NULLS LAST, key LIMIT ?4"
    )
}

pub(super) fn targets(
    tx: &Transaction<'_>,
    outlet: Option<&OutletId>,
    state: Option<TargetState>,
    kind: Option<TargetKind>,
    limit: usize,
) -> Kept<Vec<Target>> {
    let mut statement = tx.prepare_cached(&listing(outlet.is_some(), state.is_some(), kind.is_some()))?;
    let (kind, state) = (kind.map(TargetKind::as_str), state.map(TargetState::as_str));
    let (outlet, limit) = (outlet.map(OutletId::as_str), rows::signed(limit));
    let values: [(usize, Option<&dyn ToSql>); 4] = [
        (1, kind.as_ref().map(|kind| kind as _)),
        (2, state.as_ref().map(|state| state as _)),
        (3, outlet.as_ref().map(|outlet| outlet as _)),
        (4, Some(&limit)),
    ];
    for (place, value) in values {
        if let Some(value) = value {
            statement.raw_bind_parameter(place, value)?;
        }
    }
    let mut found = statement.raw_query();
    let mut targets = Vec::new();
    while let Some(row) = found.next()? {
        targets.push(target_from(row)?);
    }
    Ok(targets)
}

fn counting(outlet: bool) -> String {
    let which = if outlet {
        format!("kind {} AND state {} AND outlet = ?2", any_kind(), any_state())
    } else {
        "true".to_owned()
    };
    format!(
        "SELECT kind, state, count(*), count(*) FILTER (WHERE due <= ?1) FROM targets WHERE {which}
         GROUP BY kind, state ORDER BY kind, state"
    )
}

pub(super) fn counts(tx: &Transaction<'_>, outlet: Option<&OutletId>, now: i64) -> Kept<Vec<FrontierCount>> {
    let mut statement = tx.prepare_cached(&counting(outlet.is_some()))?;
    let mut found = match outlet {
        Some(outlet) => statement.query(params![now, outlet.as_str()])?,
        None => statement.query([now])?,
    };
    let mut counts = Vec::new();
    while let Some(row) = found.next()? {
        counts.push(FrontierCount {
            kind: rows::named("kind of target", row.get_ref(0)?, TargetKind::parse)?,
            state: rows::named("state of target", row.get_ref(1)?, TargetState::parse)?,
            count: rows::number("count", row.get(2)?)?,
            due: rows::number("count", row.get(3)?)?,
        });
    }
    Ok(counts)
}

const BLOCKED: &str = "SELECT outlet, count(*) FROM targets WHERE kind = 'page' AND state = 'blocked'
     GROUP BY outlet ORDER BY count(*) DESC, outlet LIMIT ?1";

pub(super) fn blocked(tx: &Transaction<'_>, limit: usize) -> Kept<Vec<BlockedCount>> {
    let mut statement = tx.prepare_cached(BLOCKED)?;
    let mut found = statement.query([rows::signed(limit)])?;
    let mut counts = Vec::new();
    while let Some(row) = found.next()? {
        let outlet = OutletId::new(rows::text("outlet", row.get_ref(0)?)?);
        counts.push(BlockedCount { outlet, count: rows::number("count", row.get(1)?)? });
    }
    Ok(counts)
}

fn silence() -> String {
    // A sitemap may well be of a month long past: nobody misses anything there. One that is new has had
    // no second visit yet.
    format!(
        "SELECT {TARGET} FROM targets WHERE kind IN ('feed', 'section') AND state = 'open' AND visited IS NOT NULL
             AND unchanged > 0 AND (changed IS NULL OR changed <= visited - ?1)
         ORDER BY changed NULLS FIRST, key LIMIT ?2"
    )
}

pub(super) fn silent(tx: &Transaction<'_>, quiet: SignedDuration, limit: usize) -> Kept<Vec<Target>> {
    let mut statement = tx.prepare_cached(&silence())?;
    let mut found = statement.query(params![rows::signed(quiet.as_micros()), rows::signed(limit)])?;
    let mut targets = Vec::new();
    while let Some(row) = found.next()? {
        targets.push(target_from(row)?);
    }
    Ok(targets)
}

const DUE_HOSTS: &str = "SELECT host, count(*) FROM targets INDEXED BY targets_order
     WHERE worker IS NULL AND rank IN (0, 1) AND due <= ?1 GROUP BY host";

const HELD_HOSTS: &str =
    "SELECT host, count(*) FROM targets INDEXED BY targets_held WHERE worker IS NOT NULL GROUP BY host";

pub(super) fn host_counts(tx: &Transaction<'_>, now: i64, limit: usize) -> Kept<Vec<HostCount>> {
    let mut counts: HashMap<String, HostCount> = HashMap::new();
    let mut see = |host: String, due: u64, held: u64| {
        let count = counts.entry(host.clone()).or_insert(HostCount { host, due: 0, held: 0 });
        count.due += due;
        count.held += held;
    };
    let mut due = tx.prepare_cached(DUE_HOSTS)?;
    let mut found = due.query([now])?;
    while let Some(row) = found.next()? {
        see(row.get(0)?, rows::number("count", row.get(1)?)?, 0);
    }
    let mut held = tx.prepare_cached(HELD_HOSTS)?;
    let mut found = held.query([])?;
    while let Some(row) = found.next()? {
        see(row.get(0)?, 0, rows::number("count", row.get(1)?)?);
    }
    let mut counts: Vec<HostCount> = counts.into_values().collect();
    counts.sort_by(|a, b| (b.due + b.held, &a.host).cmp(&(a.due + a.held, &b.host)));
    counts.truncate(limit);
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::tests::{open, plan};

    #[tokio::test]
    async fn what_is_shown_is_looked_up_not_walked_for() {
        let folder = tempfile::TempDir::new().unwrap();
        let record = open(&folder).await;
        for outlet in [true, false] {
            for state in [true, false] {
                for kind in [true, false] {
                    let steps = plan(&record, &listing(outlet, state, kind)).await;
                    let by = if outlet { "(kind=? AND state=? AND outlet=?)" } else { "(kind=? AND state=?)" };
                    let expected = format!("SEARCH targets USING INDEX targets_shown {by}");
                    assert!(steps.contains(&expected), "{outlet} {state} {kind}: {steps:?}");
                }
            }
        }
        let sorts = plan(&record, &listing(true, true, true)).await;
        assert!(!sorts.iter().any(|step| step.ends_with("FOR ORDER BY")), "the index has the order: {sorts:?}");
        for (sql, expected) in [
            (counting(true), "SEARCH targets USING COVERING INDEX targets_shown (kind=? AND state=? AND outlet=?)"),
            (counting(false), "SCAN targets USING COVERING INDEX targets_shown"),
            (BLOCKED.to_owned(), "SEARCH targets USING COVERING INDEX targets_shown (kind=? AND state=?)"),
            (silence(), "SEARCH targets USING INDEX targets_shown (kind=? AND state=?)"),
            (DUE_HOSTS.to_owned(), "SEARCH targets USING COVERING INDEX targets_order (rank=? AND due<?)"),
        ] {
            let steps = plan(&record, &sql).await;
            assert!(steps.iter().any(|step| step.starts_with(expected)), "{sql}: {steps:?}");
        }
    }
}
