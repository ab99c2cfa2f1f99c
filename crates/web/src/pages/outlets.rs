//! `/outlets`: every newsroom that is followed. `/outlets/ID`: how its feeds stand, what of it is not
//! for us and why, and its latest articles.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use courant_model::{Outlet, Target, TargetState};
use courant_search::Filters;

use super::{Page, html};
use crate::Site;
use crate::account::{self, OutletAccount, SearchAccount};
use crate::fault::Fault;
use crate::feeds::{self, Format};
use crate::tongue::Tongue;
use crate::view::{Entry, Feeds, Frame, count, grouped, web_address};
use crate::when::When;

#[derive(Template)]
#[template(path = "outlets.html")]
struct OutletsView {
    frame: Frame,
    rows: Vec<Row>,
    total: String,
    with_articles: usize,
    networks: Vec<(String, String, usize)>,
}

/// An outlet as a row of the list.
struct Row {
    id: String,
    name: String,
    country: String,
    languages: Vec<Tongue>,
    articles: String,
    newest: Option<When>,
    found: bool,
}

pub(crate) async fn outlets(State(site): State<Arc<Site>>) -> Page {
    let catalogue = site.catalogue();
    let all = account::outlets(&site).await?;
    let total = count(all.len(), "outlet");
    let with_articles = all.iter().filter(|(_, count)| count.is_some()).count();
    let row = |(outlet, counted): (Outlet, Option<courant_store::contract::OutletCount>)| Row {
        id: outlet.id.to_string(),
        name: outlet.name.clone(),
        country: outlet.country.clone().unwrap_or_default(),
        languages: outlet.languages.iter().copied().map(Tongue::from).collect(),
        articles: grouped(counted.as_ref().map_or(0, |counted| counted.articles)),
        newest: counted.and_then(|counted| counted.newest).map(When::from),
        found: outlet.origin == courant_model::OutletOrigin::Found,
    };
    let mut rows: Vec<Row> = all.into_iter().map(row).collect();
    rows.sort_by_cached_key(|row| row.name.to_lowercase());
    let networks = catalogue.networks();
    let networks = networks.map(|n| (n.id.to_string(), n.name.clone(), n.members.len())).collect();
    html(&OutletsView { frame: Frame::new(&site, "Outlets", "outlets"), rows, total, with_articles, networks })
}

#[derive(Template)]
#[template(path = "outlet.html")]
struct OutletView {
    frame: Frame,
    id: String,
    name: String,
    aliases: Vec<(Tongue, String)>,
    country: Option<String>,
    languages: Vec<Tongue>,
    homepage: Option<String>,
    hosts: String,
    /// The hosts that its feeds, sitemaps and pages are asked of.
    asked: BTreeSet<String>,
    notes: Option<String>,
    origin: &'static str,
    networks: Vec<(String, String)>,
    articles: String,
    newest: Option<When>,
    sources: Vec<Source>,
    blocked: Vec<Source>,
    gone: Vec<Source>,
    pages: Vec<(String, String)>,
    entries: Vec<Entry>,
    feeds: Feeds,
}

/// An address that is visited.
pub(super) struct Source {
    url: String,
    kind: &'static str,
    state: &'static str,
    good: bool,
    reason: Option<String>,
    visited: Option<When>,
    due: When,
    failures: u32,
}

impl From<&Target> for Source {
    fn from(target: &Target) -> Self {
        Self {
            url: target.ask.clone(),
            kind: target.kind.as_str(),
            state: match (target.state, target.visited) {
                (TargetState::Open, None) => "not visited yet",
                (TargetState::Open, Some(_)) => "works",
                (TargetState::Blocked, _) => "blocked",
                (TargetState::Gone, _) => "gone",
                (TargetState::Failing, _) => "failing",
                (TargetState::Moved, _) => "moved",
            },
            good: target.state == TargetState::Open,
            reason: target.reason.clone(),
            visited: target.visited.map(When::from),
            due: When::from(target.due),
            failures: target.failures,
        }
    }
}

/// The host of an address that was visited, as politeness and the log of requests know it.
fn asked_host(target: &Target) -> Option<String> {
    target.visited?;
    url::Url::parse(&target.ask).ok().map(|url| courant_model::authority(&url)).filter(|host| !host.is_empty())
}

/// Latest articles on an outlet's page, and in its feed.
pub(super) const LATEST: usize = 20;

pub(crate) async fn outlet(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Result<Response, Fault> {
    let (id, format) = Format::split(&id);
    let told = account::outlet(&site, id).await?;
    let filters = Filters { outlets: vec![told.outlet.id.clone()], ..Filters::default() };
    let latest = account::latest(&site, filters, LATEST).await?;
    match format {
        Some(format) => {
            let path = format!("/outlets/{}", told.outlet.id);
            feeds::answer(&site, &feeds::of_articles(&site, &told.outlet.name, &path, "", &latest), format)
        }
        None => page(&site, &told, &latest).map(Html::into_response),
    }
}

fn page(site: &Site, told: &OutletAccount, latest: &SearchAccount) -> Page {
    let catalogue = site.catalogue();
    let outlet = &told.outlet;
    let feeds = Feeds::of(&format!("/outlets/{}", outlet.id), "");
    let aliases = outlet.aliases.iter();
    let aliases = aliases.flat_map(|(language, names)| names.iter().map(|n| (Tongue::from(*language), n.clone())));
    let pages = told.frontier.iter().filter(|row| row.kind == courant_model::TargetKind::Page);
    html(&OutletView {
        frame: Frame::new(site, outlet.name.clone(), "outlets").with_feeds(feeds.clone()),
        id: outlet.id.to_string(),
        name: outlet.name.clone(),
        aliases: aliases.collect(),
        country: outlet.country.clone(),
        languages: outlet.languages.iter().copied().map(Tongue::from).collect(),
        homepage: outlet.homepage.as_deref().and_then(web_address),
        asked: told.sources.iter().chain(&told.blocked).filter_map(asked_host).collect(),
        hosts: outlet.hosts.iter().map(courant_model::HostRule::as_text).collect::<Vec<_>>().join(", "),
        notes: outlet.notes.clone(),
        origin: outlet.origin.as_str(),
        networks: catalogue.networks_of(&outlet.id).map(|n| (n.id.to_string(), n.name.clone())).collect(),
        articles: count(told.count.as_ref().map_or(0, |count| count.articles), "article"),
        newest: told.count.as_ref().and_then(|count| count.newest).map(When::from),
        sources: told.sources.iter().map(Source::from).collect(),
        blocked: told.blocked.iter().map(Source::from).collect(),
        gone: told.gone.iter().map(Source::from).collect(),
        pages: pages.map(|row| (row.state.as_str().to_owned(), grouped(row.count))).collect(),
        entries: latest.hits.iter().map(|hit| Entry::of(&hit.article, &catalogue)).collect(),
        feeds,
    })
}
