//! `/changes`, the log, and `/status` with the log of requests to a host.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use courant_exchange::{Change, Changes, HostAccount, Status};
use courant_model::Seq;

use crate::Site;
use crate::api::{ChangesParams, HostParams};
use crate::asked::{Asked, Nothing};
use crate::fault::{Fault, Faults};
use crate::health;

/// The log behind a position: ask again with `next`, and nothing is missed.
#[utoipa::path(
    get, path = "/changes", tag = "log", params(ChangesParams),
    responses((status = 200, body = Changes, description = "A piece of the log"), Faults)
)]
pub(crate) async fn changes(
    State(site): State<Arc<Site>>,
    Asked(asked): Asked<ChangesParams>,
) -> Result<Json<Changes>, Fault> {
    let limit = asked.limit.unwrap_or(100);
    if !(1..=1000).contains(&limit) {
        return Err(Fault::bad_parameter("limit", format!("limit={limit} is out of bounds"), "give 1 to 1000"));
    }
    let after = asked.after.unwrap_or_default();
    if i64::try_from(after).is_err() {
        let detail = format!("after={after} is out of bounds");
        return Err(Fault::bad_parameter("after", detail, "give `next` of the piece before, or 0"));
    }
    let after = Seq(after);
    let as_of = site.record.last_seq().await?.0;
    let rows = site.record.changes(after, limit).await?;
    let next = rows.last().map_or(after.0, |row| row.seq.0);
    Ok(Json(Changes { changes: rows.iter().map(Change::from).collect(), next, as_of }))
}

/// How Courant is doing: positions, counts, hosts with work and hosts that are left alone, lists that bring
/// nothing, pages that are not for us.
#[utoipa::path(get, path = "/status", tag = "log", responses((status = 200, body = Status, description = "How Courant is doing"), Faults))]
pub(crate) async fn status(State(site): State<Arc<Site>>, _: Asked<Nothing>) -> Result<Json<Status>, Fault> {
    Ok(Json(health::status(&site).await?))
}

/// What is remembered of a host: when it may be asked again and why, and the last requests made to it, each
/// with what robots.txt said of it and how long it waited.
#[utoipa::path(
    get, path = "/status/hosts/{host}", tag = "log",
    params(("host" = String, Path, description = "The host, with its port where that is not the usual one"), HostParams),
    responses((status = 200, body = HostAccount, description = "The host and its log of requests"), Faults)
)]
pub(crate) async fn host(
    State(site): State<Arc<Site>>,
    Path(host): Path<String>,
    Asked(asked): Asked<HostParams>,
) -> Result<Json<HostAccount>, Fault> {
    let limit = asked.limit.unwrap_or(100);
    if !(1..=1000).contains(&limit) {
        return Err(Fault::bad_parameter("limit", format!("limit={limit} is out of bounds"), "give 1 to 1000"));
    }
    let (state, log) = health::host(&site, &host, limit).await?;
    Ok(Json(HostAccount::new(&state, &log)))
}
