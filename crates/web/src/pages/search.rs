//! `/search`: one box, filters as links with counts, hits with what matched marked, feeds of the
//! same search. Every state is in the address.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use courant_model::{Catalogue, Language, NetworkId, OutletId, ProjectId};
use courant_search::{Facet, Facets};

use super::{Page, html};
use crate::Site;
use crate::account::{self, HitAccount};
use crate::ask::{SORTS, SearchParams, values};
use crate::asked::Viewed;
use crate::fault::Fault;
use crate::tongue::Tongue;
use crate::view::{Entry, Feeds, Frame, OutletName, count, grouped};

/// One value that a search can be narrowed to, or is.
pub(crate) struct Choice {
    pub(crate) label: String,
    /// The label's own language, for `lang` and `dir`; `None` for English.
    pub(crate) own: Option<(&'static str, Tongue)>,
    pub(crate) value: String,
    pub(crate) count: String,
    pub(crate) href: String,
    pub(crate) chosen: bool,
}

/// A filter in force, and the address of the search without it.
struct Chip {
    name: &'static str,
    label: String,
    href: String,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchView {
    frame: Frame,
    asked: SearchParams,
    total: String,
    any: bool,
    entries: Vec<Entry>,
    understood: String,
    notes: Vec<String>,
    chips: Vec<Chip>,
    outlets: Vec<Choice>,
    languages: Vec<Choice>,
    networks: Vec<Choice>,
    projects: Vec<Choice>,
    sorts: Vec<Choice>,
    /// A field of the form is in use.
    narrowed: bool,
    /// Filters that the form does not show, kept in it.
    kept: Vec<(&'static str, String)>,
    next: Option<String>,
    first: Option<String>,
    started: bool,
}

pub(crate) async fn search(State(site): State<Arc<Site>>, Viewed(asked): Viewed<SearchParams>) -> Page {
    let mut page = asked.page()?;
    page.facets = vec![Facet::Outlet, Facet::Language];
    page.collapse = asked.collapse.unwrap_or(true);
    let found = account::search(&site, asked.words(), &page).await?;
    let catalogue = site.catalogue();
    let (outlets, languages) = facet_options(&found.facets, &asked, &catalogue);
    let chips = chips(&asked, &catalogue);
    let query = asked.with(|_| {}).address("");
    let title = if asked.words().is_empty() { "All articles".to_owned() } else { format!("“{}”", asked.words()) };
    let mut frame = Frame::new(&site, title, "search").with_feeds(Feeds::of("/search", &query));
    asked.words().clone_into(&mut frame.words);
    html(&SearchView {
        frame,
        total: count(found.total, "article"),
        any: found.total > 0,
        entries: entries(&site, &found.hits, &catalogue).await?,
        understood: found.understood,
        notes: found.notes,
        outlets,
        languages,
        networks: network_options(&asked, &catalogue),
        projects: project_options(&asked, &catalogue),
        sorts: sort_options(&asked)?,
        narrowed: chips.iter().any(|chip| !matches!(chip.name, "outlet" | "language" | "country" | "story")),
        kept: kept(&asked),
        next: found.next.map(|cursor| SearchParams { cursor: Some(cursor), ..asked.clone() }.address("/search")),
        first: asked.cursor.as_ref().map(|_| asked.with(|_| {}).address("/search")),
        started: !asked.words().is_empty() || !chips.is_empty(),
        chips,
        asked,
    })
}

/// The hits; those whose story has other articles say how wide it is.
async fn entries(site: &Site, hits: &[HitAccount], catalogue: &Catalogue) -> Result<Vec<Entry>, Fault> {
    let ids: Vec<_> = hits.iter().filter_map(|hit| hit.article.story).collect();
    let stories = site.record.stories(&ids).await?;
    let width = |hit: &HitAccount| {
        let story = stories.iter().find(|story| Some(story.id) == hit.article.story && story.articles > 1)?;
        Some(format!("{}, {}", count(story.articles, "article"), count(story.outlets.len(), "outlet")))
    };
    Ok(hits.iter().map(|hit| Entry { width: width(hit), ..Entry::found(hit, catalogue) }).collect())
}

/// The outlets and the languages that hits have, most first, as links that narrow the search (or,
/// where chosen, widen it again).
pub(crate) fn facet_options(
    facets: &Facets,
    asked: &SearchParams,
    catalogue: &Catalogue,
) -> (Vec<Choice>, Vec<Choice>) {
    let outlets = facets.of(Facet::Outlet).iter().map(|facet| {
        let chosen = values(&asked.outlet).any(|value| value == facet.value);
        let next = asked.with(|search| toggle(&mut search.outlet, &facet.value));
        Choice {
            label: OutletName::of(&OutletId::new(&facet.value), catalogue).name,
            own: None,
            value: facet.value.clone(),
            count: grouped(facet.count),
            href: next.address("/search"),
            chosen,
        }
    });
    let languages = facets.of(Facet::Language).iter().map(|facet| {
        let tongue = Tongue::from(Language::parse(&facet.value));
        let chosen = values(&asked.lang).any(|value| value == facet.value);
        let next = asked.with(|search| toggle(&mut search.lang, &facet.value));
        Choice {
            label: tongue.name.clone(),
            own: tongue.own.map(|own| (own, tongue)),
            value: facet.value.clone(),
            count: grouped(facet.count),
            href: next.address("/search"),
            chosen,
        }
    });
    (outlets.collect(), languages.collect())
}

/// Adds the value to the list, or takes it away.
fn toggle(list: &mut Vec<String>, value: &str) {
    let mut flat: Vec<String> = values(list).map(str::to_owned).collect();
    match flat.iter().position(|known| known == value) {
        Some(at) => drop(flat.remove(at)),
        None => flat.push(value.to_owned()),
    }
    *list = flat;
}

fn choice(label: &str, value: &str, chosen: bool) -> Choice {
    let (label, value) = (label.to_owned(), value.to_owned());
    Choice { label, own: None, value, count: String::new(), href: String::new(), chosen }
}

fn network_options(asked: &SearchParams, catalogue: &Catalogue) -> Vec<Choice> {
    let chosen = |id: &NetworkId| values(&asked.network).any(|value| value == id.as_str());
    catalogue.networks().map(|network| choice(&network.name, network.id.as_str(), chosen(&network.id))).collect()
}

fn project_options(asked: &SearchParams, catalogue: &Catalogue) -> Vec<Choice> {
    let chosen = |id: &ProjectId| values(&asked.project).any(|value| value == id.as_str());
    let projects = catalogue.networks().flat_map(|network| &network.projects);
    projects.map(|project| choice(project.name(), project.id.as_str(), chosen(&project.id))).collect()
}

fn sort_options(asked: &SearchParams) -> Result<Vec<Choice>, Fault> {
    let current = asked.order()?;
    let named = |(name, order): (&'static str, _)| {
        let label = match name {
            "relevance" => "best match",
            "changed" => "last changed",
            other => other,
        };
        let href = asked.with(|search| search.sort = Some(name.to_owned())).address("/search");
        Choice { href, ..choice(label, name, order == current) }
    };
    Ok(SORTS.into_iter().map(named).collect())
}

/// The filters in force, each with the address of the search without it.
fn chips(asked: &SearchParams, catalogue: &Catalogue) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add = |name, label: String, without: SearchParams| {
        chips.push(Chip { name, label, href: without.address("/search") });
    };
    for id in values(&asked.outlet) {
        let label = OutletName::of(&OutletId::new(id), catalogue).name;
        add("outlet", label, asked.with(|search| toggle(&mut search.outlet, id)));
    }
    for code in values(&asked.lang) {
        let label = Tongue::from(Language::parse(code)).name;
        add("language", label, asked.with(|search| toggle(&mut search.lang, code)));
    }
    for id in values(&asked.network) {
        let label = catalogue.network(&NetworkId::new(id)).map_or(id, |network| &network.name).to_owned();
        add("network", label, asked.with(|search| toggle(&mut search.network, id)));
    }
    for id in values(&asked.project) {
        let label = catalogue.project(&ProjectId::new(id)).map_or(id, |(_, project)| project.name()).to_owned();
        add("project", label, asked.with(|search| toggle(&mut search.project, id)));
    }
    for code in values(&asked.country) {
        add("country", code.to_owned(), asked.with(|search| toggle(&mut search.country, code)));
    }
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    if let Some(from) = given(&asked.from) {
        add("from", from, asked.with(|search| search.from = None));
    }
    if let Some(to) = given(&asked.to) {
        add("to", to, asked.with(|search| search.to = None));
    }
    if let Some(author) = given(&asked.author) {
        add("author", author, asked.with(|search| search.author = None));
    }
    if given(&asked.story).is_some() {
        add("story", "one story".to_owned(), asked.with(|search| search.story = None));
    }
    chips
}

/// Filters that are links, not fields, carried along when the form is sent.
fn kept(asked: &SearchParams) -> Vec<(&'static str, String)> {
    let mut kept = Vec::new();
    for (name, list) in [("outlet", &asked.outlet), ("lang", &asked.lang), ("country", &asked.country)] {
        kept.extend(values(list).map(|value| (name, value.to_owned())));
    }
    kept.extend(asked.story.clone().filter(|id| !id.is_empty()).map(|id| ("story", id)));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_value_is_taken_away_again() {
        let mut list = vec!["a,b".to_owned()];
        toggle(&mut list, "c");
        assert_eq!(list, ["a", "b", "c"]);
        toggle(&mut list, "a");
        assert_eq!(list, ["b", "c"]);
    }
}
