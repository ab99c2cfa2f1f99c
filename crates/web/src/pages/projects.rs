//! `/networks/ID` and `/projects/ID`: outlets that work together, what they investigated, and what
//! they published of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use courant_model::{Catalogue, Network, Project};
use courant_search::Filters;

use super::outlets::LATEST;
use super::{Page, html};
use crate::Site;
use crate::account::{self, SearchAccount};
use crate::fault::Fault;
use crate::feeds::{self, Format};
use crate::tongue::Tongue;
use crate::view::{Entry, Feeds, Frame, OutletName, count, web_address};
use crate::when::day;

#[derive(Template)]
#[template(path = "network.html")]
struct NetworkView {
    frame: Frame,
    id: String,
    name: String,
    names: Vec<(Tongue, String)>,
    homepage: Option<String>,
    members: Vec<Member>,
    projects: Vec<(String, String, Option<String>)>,
    total: String,
    entries: Vec<Entry>,
    feeds: Feeds,
}

/// An outlet's place in the network.
struct Member {
    outlet: OutletName,
    since: Option<String>,
    until: Option<String>,
}

pub(crate) async fn network(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Result<Response, Fault> {
    let (id, format) = Format::split(&id);
    let catalogue = site.catalogue();
    let network = account::network(&catalogue, id)?;
    let filters = Filters { networks: vec![network.id.clone()], ..Filters::default() };
    let latest = account::latest(&site, filters, LATEST).await?;
    match format {
        Some(format) => {
            let path = format!("/networks/{}", network.id);
            feeds::answer(&site, &feeds::of_articles(&site, &network.name, &path, "", &latest), format)
        }
        None => network_page(&site, network, &catalogue, &latest).map(Html::into_response),
    }
}

fn network_page(site: &Site, network: &Network, catalogue: &Catalogue, latest: &SearchAccount) -> Page {
    let feeds = Feeds::of(&format!("/networks/{}", network.id), "");
    let member = |member: &courant_model::Member| Member {
        outlet: OutletName::of(&member.outlet, catalogue),
        since: member.since.map(day),
        until: member.until.map(day),
    };
    let projects = network.projects.iter();
    html(&NetworkView {
        frame: Frame::new(site, network.name.clone(), "outlets").with_feeds(feeds.clone()),
        id: network.id.to_string(),
        name: network.name.clone(),
        names: named(&network.names),
        homepage: network.homepage.as_deref().and_then(web_address),
        members: network.members.iter().map(member).collect(),
        projects: projects.map(|p| (p.id.to_string(), p.name().to_owned(), p.start.map(day))).collect(),
        total: count(latest.total, "article"),
        entries: latest.hits.iter().map(|hit| Entry::of(&hit.article, catalogue)).collect(),
        feeds,
    })
}

fn named(names: &std::collections::BTreeMap<courant_model::Language, Vec<String>>) -> Vec<(Tongue, String)> {
    names.iter().flat_map(|(language, names)| names.iter().map(|n| (Tongue::from(*language), n.clone()))).collect()
}

#[derive(Template)]
#[template(path = "project.html")]
struct ProjectView {
    frame: Frame,
    id: String,
    name: String,
    names: Vec<(Tongue, String)>,
    network: (String, String),
    start: Option<String>,
    partners: Vec<OutletName>,
    series: Vec<(String, Option<String>)>,
    sites: Vec<(String, Option<String>)>,
    total: String,
    entries: Vec<Entry>,
    feeds: Feeds,
}

pub(crate) async fn project(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Result<Response, Fault> {
    let (id, format) = Format::split(&id);
    let catalogue = site.catalogue();
    let (network, project) = account::project(&catalogue, id)?;
    let filters = Filters { projects: vec![project.id.clone()], ..Filters::default() };
    let latest = account::latest(&site, filters, LATEST).await?;
    match format {
        Some(format) => {
            let path = format!("/projects/{}", project.id);
            feeds::answer(&site, &feeds::of_articles(&site, project.name(), &path, "", &latest), format)
        }
        None => project_page(&site, network, project, &catalogue, &latest).map(Html::into_response),
    }
}

fn project_page(
    site: &Site,
    network: &Network,
    project: &Project,
    catalogue: &Catalogue,
    latest: &SearchAccount,
) -> Page {
    let feeds = Feeds::of(&format!("/projects/{}", project.id), "");
    let addresses = |list: &[String]| list.iter().map(|text| (text.clone(), web_address(text))).collect();
    html(&ProjectView {
        frame: Frame::new(site, project.name(), "outlets").with_feeds(feeds.clone()),
        id: project.id.to_string(),
        name: project.name().to_owned(),
        names: named(&project.names),
        network: (network.id.to_string(), network.name.clone()),
        start: project.start.map(day),
        partners: project.partners.iter().map(|id| OutletName::of(id, catalogue)).collect(),
        series: addresses(&project.series),
        sites: addresses(&project.sites),
        total: count(latest.total, "article"),
        entries: latest.hits.iter().map(|hit| Entry::of(&hit.article, catalogue)).collect(),
        feeds,
    })
}
