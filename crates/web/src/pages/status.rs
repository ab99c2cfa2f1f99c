//! `/status`: where the log, the stories and the index stand; what waits; who is left alone, and why; which
//! lists bring nothing. `/status/hosts/HOST`: what is remembered of a host, and every request of late.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use courant_exchange::{HostAccount, Status};

use super::{Page, html};
use crate::Site;
use crate::account;
use crate::view::Frame;
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
}

/// A host that is left alone.
struct Parked {
    host: String,
    until: When,
    reason: String,
}

pub(crate) async fn status(State(site): State<Arc<Site>>) -> Page {
    let status = account::status(&site).await?;
    let parked = site.record.parked_hosts(site.now()).await?;
    let parked = parked.into_iter().map(|state| Parked {
        until: When::from(state.next),
        reason: state.reason.unwrap_or_else(|| "waiting for its turn".to_owned()),
        host: state.host,
    });
    html(&StatusView {
        frame: Frame::new(&site, "Status", "status"),
        unplaced: status.as_of.saturating_sub(status.placed),
        unindexed: status.indexed.map(|indexed| status.as_of.saturating_sub(indexed)),
        parked: parked.collect(),
        status,
    })
}

#[derive(Template)]
#[template(path = "host.html")]
struct HostView {
    frame: Frame,
    told: HostAccount,
}

/// Requests on a host's page.
const LATEST: usize = 200;

pub(crate) async fn host(State(site): State<Arc<Site>>, Path(host): Path<String>) -> Page {
    let told = account::host(&site, &host, LATEST).await?;
    html(&HostView { frame: Frame::new(&site, told.host.clone(), "status"), told })
}
