//! `/status`: where the log, the stories and the index stand; what waits; who is left alone, and why;
//! which lists bring nothing. `/status/hosts/HOST`: what is remembered of a host, and every request of
//! late.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use courant_exchange::Status;
use courant_model::{Catalogue, HostState, OutletId, RequestLine, Target, TargetState};

use super::{Page, html};
use crate::Site;
use crate::health;
use crate::view::{Frame, OutletName};
use crate::when::When;

#[derive(Template)]
#[template(path = "status.html")]
struct StatusView {
    frame: Frame,
    status: Status,
    /// Rows of the log that stories, and the index, have still to take in.
    unplaced: u64,
    unindexed: Option<u64>,
    parked: Vec<Parked>,
    ailing: Vec<Ailing>,
    blocked: Vec<(OutletName, u64)>,
}

/// A host that is left alone.
struct Parked {
    host: String,
    until: When,
    gap: String,
    reason: String,
}

impl From<HostState> for Parked {
    fn from(state: HostState) -> Self {
        Self {
            until: When::from(state.next),
            gap: pause(state.gap),
            reason: state.reason.unwrap_or_else(|| "waiting for its turn".to_owned()),
            host: state.host,
        }
    }
}

/// A list that brings nothing.
struct Ailing {
    outlet: OutletName,
    kind: &'static str,
    url: String,
    state: &'static str,
    warn: bool,
    failures: u32,
    reason: Option<String>,
    /// Since when it stands so, or is silent.
    since: Option<When>,
}

impl Ailing {
    fn of(list: Target, catalogue: &Catalogue) -> Self {
        let silent = list.state == TargetState::Open;
        Self {
            outlet: OutletName::of(&list.outlet, catalogue),
            kind: list.kind.as_str(),
            state: if silent { "silent" } else { list.state.as_str() },
            warn: !matches!(list.state, TargetState::Open | TargetState::Moved),
            failures: list.failures,
            since: if silent { list.changed } else { list.since }.map(When::from),
            reason: match (list.reason, list.changed) {
                _ if silent && list.changed.is_none() => Some("it never brought anything new".to_owned()),
                _ if silent => Some("nothing new".to_owned()),
                (reason, _) => reason,
            },
            url: list.ask,
        }
    }
}

pub(crate) async fn status(State(site): State<Arc<Site>>) -> Page {
    let catalogue = site.catalogue();
    let status = health::status(&site).await?;
    let parked = site.record.parked_hosts(site.now()).await?;
    let ailing = health::ailing(&site).await?;
    let blocked = status.blocked.iter().map(|row| (OutletName::of(&OutletId::new(&row.outlet), &catalogue), row.pages));
    html(&StatusView {
        frame: Frame::new(&site, "Status", "status"),
        unplaced: status.as_of.saturating_sub(status.placed),
        unindexed: status.indexed.map(|indexed| status.as_of.saturating_sub(indexed)),
        parked: parked.into_iter().map(Parked::from).collect(),
        ailing: ailing.into_iter().map(|list| Ailing::of(list, &catalogue)).collect(),
        blocked: blocked.collect(),
        status,
    })
}

#[derive(Template)]
#[template(path = "host.html")]
struct HostView {
    frame: Frame,
    host: String,
    address: Option<String>,
    until: When,
    gap: String,
    requests: u32,
    failures: u32,
    reason: Option<String>,
    log: Vec<Line>,
}

/// One request.
struct Line {
    at: When,
    url: String,
    robots: String,
    answer: String,
    /// There was an answer, and it was what was asked for, elsewhere or unchanged.
    good: bool,
    waited: String,
    took: String,
    bytes: u64,
}

impl From<RequestLine> for Line {
    fn from(line: RequestLine) -> Self {
        Self {
            at: When::exactly(line.at),
            good: line.status.is_some_and(|status| status < 400),
            answer: match (line.status, line.failure, line.took) {
                (Some(status), Some(failure), _) => format!("{status}, {failure}"),
                (Some(status), None, _) => status.to_string(),
                (None, Some(failure), Some(_)) => failure,
                (None, Some(failure), None) => format!("not asked: {failure}"),
                (None, None, Some(_)) => "no answer".to_owned(),
                (None, None, None) => "not asked".to_owned(),
            },
            url: line.url,
            robots: line.robots,
            waited: pause(line.waited),
            took: line.took.map(pause).unwrap_or_default(),
            bytes: line.bytes,
        }
    }
}

/// Requests on a host's page.
const LATEST: usize = 200;

pub(crate) async fn host(State(site): State<Arc<Site>>, Path(host): Path<String>) -> Page {
    let (state, log) = health::host(&site, &host, LATEST).await?;
    html(&HostView {
        frame: Frame::new(&site, state.host.clone(), "status"),
        host: state.host,
        address: state.address.map(|address| address.to_string()),
        until: When::exactly(state.next),
        gap: pause(state.gap),
        requests: state.requests,
        failures: state.failures,
        reason: state.reason,
        log: log.into_iter().map(Line::from).collect(),
    })
}

/// `340 ms`, `2.5 s`, `17 s`.
fn pause(duration: jiff::SignedDuration) -> String {
    let millis = duration.as_millis();
    match (millis, millis % 1000 / 100) {
        (..1000, _) => format!("{millis} ms"),
        (_, 0) => format!("{} s", millis / 1000),
        (_, tenths) => format!("{}.{tenths} s", millis / 1000),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_pause_is_told_in_its_unit() {
        for (millis, expected) in
            [(0, "0 ms"), (999, "999 ms"), (1000, "1 s"), (2540, "2.5 s"), (2040, "2 s"), (17_000, "17 s")]
        {
            assert_eq!(pause(SignedDuration::from_millis(millis)), expected);
        }
    }
}
