//! `/outlets`, `/networks` and `/projects`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use courant_exchange::{FrontierCount, Network, Networks, Outlet, OutletAccount, Outlets, Project, Source};

use crate::Site;
use crate::account;
use crate::asked::{Asked, Nothing};
use crate::fault::{Fault, Faults};

/// All outlets, with the counts of their articles.
#[utoipa::path(get, path = "/outlets", tag = "outlets", responses((status = 200, body = Outlets, description = "The outlets"), Faults))]
pub(crate) async fn outlets(State(site): State<Arc<Site>>, _: Asked<Nothing>) -> Result<Json<Outlets>, Fault> {
    let as_of = site.record.last_seq().await?.0;
    let catalogue = site.catalogue();
    let outlets = account::outlets(&site).await?;
    let outlets = outlets.iter().map(|(outlet, count)| Outlet::new(outlet, &catalogue, count.as_ref())).collect();
    Ok(Json(Outlets { outlets, as_of }))
}

/// One outlet: how its feeds and sitemaps stand, and which of its pages are not for us, and why.
#[utoipa::path(
    get, path = "/outlets/{id}", tag = "outlets", params(("id" = String, Path, description = "The outlet's id")),
    responses((status = 200, body = OutletAccount, description = "The outlet and how its sources stand"), Faults)
)]
pub(crate) async fn outlet(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    _: Asked<Nothing>,
) -> Result<Json<OutletAccount>, Fault> {
    let as_of = site.record.last_seq().await?.0;
    let told = account::outlet(&site, &id).await?;
    Ok(Json(OutletAccount {
        outlet: Outlet::new(&told.outlet, &site.catalogue(), told.count.as_ref()),
        sources: told.sources.iter().map(Source::from).collect(),
        blocked: told.blocked.iter().map(Source::from).collect(),
        gone: told.gone.iter().map(Source::from).collect(),
        frontier: told.frontier.iter().map(FrontierCount::from).collect(),
        as_of,
    }))
}

/// All networks, with their members and projects.
#[utoipa::path(get, path = "/networks", tag = "outlets", responses((status = 200, body = Networks, description = "The networks"), Faults))]
pub(crate) async fn networks(State(site): State<Arc<Site>>, _: Asked<Nothing>) -> Result<Json<Networks>, Fault> {
    let as_of = site.record.last_seq().await?.0;
    let catalogue = site.catalogue();
    let networks = catalogue.networks().map(|network| Network::new(network, &catalogue)).collect();
    Ok(Json(Networks { networks, as_of }))
}

/// One network.
#[utoipa::path(
    get, path = "/networks/{id}", tag = "outlets", params(("id" = String, Path, description = "The network's id")),
    responses((status = 200, body = Network, description = "The network"), Faults)
)]
pub(crate) async fn network(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    _: Asked<Nothing>,
) -> Result<Json<Network>, Fault> {
    let catalogue = site.catalogue();
    Ok(Json(Network::new(account::network(&catalogue, &id)?, &catalogue)))
}

/// One project: an investigation that outlets share.
#[utoipa::path(
    get, path = "/projects/{id}", tag = "outlets", params(("id" = String, Path, description = "The project's id")),
    responses((status = 200, body = Project, description = "The project"), Faults)
)]
pub(crate) async fn project(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    _: Asked<Nothing>,
) -> Result<Json<Project>, Fault> {
    let catalogue = site.catalogue();
    let (network, project) = account::project(&catalogue, &id)?;
    Ok(Json(Project::new(project, network)))
}
