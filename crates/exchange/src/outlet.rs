//! Outlets with their sources' health; networks and projects.

use std::collections::BTreeMap;

use courant_model as model;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::article::outlet_name;
use crate::instant;

/// A newsroom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Outlet {
    /// Its id.
    pub id: String,
    /// Its own name.
    pub name: String,
    /// Its names in other languages, by language.
    pub aliases: BTreeMap<String, Vec<String>>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The languages it publishes in, first the main one.
    pub languages: Vec<String>,
    /// Its front page.
    pub homepage: Option<String>,
    /// The hosts, and path prefixes, that are its own.
    pub hosts: Vec<String>,
    /// Its feeds as the catalogue writes them; `{year}` and its kin are patterns.
    pub feeds: Vec<String>,
    /// Its sitemaps, likewise.
    pub sitemaps: Vec<String>,
    /// Pages that list its articles, likewise.
    pub sections: Vec<String>,
    /// IANA name of the clock that its pages tell time by.
    pub time_zone: Option<String>,
    /// What whoever keeps the catalogue should know.
    pub notes: Option<String>,
    /// `listed` (the catalogue names it), `added` (a person did) or `found` (an article of it was met).
    pub origin: String,
    /// The ids of the networks that it is or was a member of.
    pub networks: Vec<String>,
    /// Articles of it that stand.
    pub articles: u64,
    /// When its latest article was first seen.
    #[schema(format = DateTime)]
    pub newest: Option<String>,
}

impl Outlet {
    /// The outlet, with the count of its articles where it has any.
    pub fn new(
        outlet: &model::Outlet,
        catalogue: &model::Catalogue,
        count: Option<&courant_store::contract::OutletCount>,
    ) -> Self {
        Self {
            id: outlet.id.to_string(),
            name: outlet.name.clone(),
            aliases: by_language(&outlet.aliases),
            country: outlet.country.clone(),
            languages: outlet.languages.iter().map(ToString::to_string).collect(),
            homepage: outlet.homepage.clone(),
            hosts: outlet.hosts.iter().map(model::HostRule::as_text).collect(),
            feeds: outlet.feeds.clone(),
            sitemaps: outlet.sitemaps.clone(),
            sections: outlet.sections.clone(),
            time_zone: outlet.time_zone.clone(),
            notes: outlet.notes.clone(),
            origin: outlet.origin.as_str().to_owned(),
            networks: catalogue.networks_of(&outlet.id).map(|network| network.id.to_string()).collect(),
            articles: count.map_or(0, |count| count.articles),
            newest: count.and_then(|count| count.newest).map(instant),
        }
    }
}

fn by_language(names: &BTreeMap<model::Language, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    names.iter().map(|(language, names)| (language.to_string(), names.clone())).collect()
}

/// All outlets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Outlets {
    /// By id.
    pub outlets: Vec<Outlet>,
    /// The log position that the answer stands on.
    pub as_of: u64,
}

/// An address that Courant visits for an outlet, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// The address.
    pub url: String,
    /// `feed`, `sitemap`, `section` or `page`.
    pub kind: String,
    /// `open` (visited when due), `blocked` (answered, but not for us), `gone`, `failing` or `moved`.
    pub state: String,
    /// Why it stands so.
    pub reason: Option<String>,
    /// The last visit.
    #[schema(format = DateTime)]
    pub visited: Option<String>,
    /// The next visit.
    #[schema(format = DateTime)]
    pub due: String,
    /// Visits in a row that failed.
    pub failures: u32,
    /// Visits in a row that found nothing new.
    pub unchanged: u32,
    /// The feed or sitemap that named it.
    pub found_via: Option<String>,
}

impl From<&model::Target> for Source {
    fn from(target: &model::Target) -> Self {
        Self {
            url: target.ask.clone(),
            kind: target.kind.as_str().to_owned(),
            state: target.state.as_str().to_owned(),
            reason: target.reason.clone(),
            visited: target.visited.map(instant),
            due: instant(target.due),
            failures: target.failures,
            unchanged: target.unchanged,
            found_via: target.found_via.clone(),
        }
    }
}

/// An outlet with the health of what Courant visits for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutletAccount {
    /// The outlet itself.
    #[serde(flatten)]
    pub outlet: Outlet,
    /// Its feeds and sitemaps.
    pub sources: Vec<Source>,
    /// Pages that answered, but with something that is not for us, latest first.
    pub blocked: Vec<Source>,
    /// Its pages that are not there any more (404, 410), last visited first.
    pub gone: Vec<Source>,
    /// Counts of its addresses by kind and state.
    pub frontier: Vec<crate::FrontierCount>,
    /// The log position that the answer stands on.
    pub as_of: u64,
}

/// An outlet's place in a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// The outlet's id.
    pub outlet: String,
    /// The outlet's name.
    pub name: String,
    /// Member from this day on.
    #[schema(format = Date)]
    pub since: Option<String>,
    /// Member up to this day.
    #[schema(format = Date)]
    pub until: Option<String>,
}

/// Outlets that work together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Network {
    /// Its id.
    pub id: String,
    /// Its own name.
    pub name: String,
    /// Its names in other languages, by language.
    pub names: BTreeMap<String, Vec<String>>,
    /// Its front page.
    pub homepage: Option<String>,
    /// Who belongs to it.
    pub members: Vec<Member>,
    /// What they investigated together.
    pub projects: Vec<Project>,
}

impl Network {
    /// The network, with names from `catalogue`.
    pub fn new(network: &model::Network, catalogue: &model::Catalogue) -> Self {
        let member = |member: &model::Member| Member {
            outlet: member.outlet.to_string(),
            name: outlet_name(&member.outlet, catalogue),
            since: member.since.map(|day| day.to_string()),
            until: member.until.map(|day| day.to_string()),
        };
        Self {
            id: network.id.to_string(),
            name: network.name.clone(),
            names: by_language(&network.names),
            homepage: network.homepage.clone(),
            members: network.members.iter().map(member).collect(),
            projects: network.projects.iter().map(|project| Project::new(project, network)).collect(),
        }
    }
}

/// All networks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Networks {
    /// By id.
    pub networks: Vec<Network>,
    /// The log position that the answer stands on.
    pub as_of: u64,
}

/// An investigation that outlets share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Project {
    /// Its id.
    pub id: String,
    /// Its English name, else any, else its id.
    pub name: String,
    /// Its names, by language.
    pub names: BTreeMap<String, Vec<String>>,
    /// The id of the network that carried it.
    pub network: String,
    /// The day of its first publication.
    #[schema(format = Date)]
    pub start: Option<String>,
    /// Pages of partners that list its articles.
    pub series: Vec<String>,
    /// Its own sites.
    pub sites: Vec<String>,
    /// The ids of the outlets that took part.
    pub partners: Vec<String>,
}

impl Project {
    /// The project, carried by `network`.
    pub fn new(project: &model::Project, network: &model::Network) -> Self {
        Self {
            id: project.id.to_string(),
            name: project.name().to_owned(),
            names: by_language(&project.names),
            network: network.id.to_string(),
            start: project.start.map(|day| day.to_string()),
            series: project.series.clone(),
            sites: project.sites.clone(),
            partners: project.partners.iter().map(ToString::to_string).collect(),
        }
    }
}
