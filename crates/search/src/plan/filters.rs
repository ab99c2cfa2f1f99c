//! Filters beside the query: what neither scores nor marks.

use courant_model::NetworkId;
use courant_text::folded;

use super::values::{fact, same};
use super::words::Meant;
use super::{Fact, Flag, Planner, Scope, Want, When};
use crate::{Facet, Filters};

impl Planner<'_> {
    /// The filters, each with the facet whose counts lift it.
    pub(super) fn filters(&mut self, filters: &Filters) -> Vec<(Option<Facet>, Want)> {
        let mut wanted = Vec::new();
        let mut any = |facet, what: Fact, values: Vec<String>| {
            if !values.is_empty() {
                wanted.push((Some(facet), fact(what, values)));
            }
        };
        any(Facet::Outlet, Fact::Outlet, filters.outlets.iter().map(ToString::to_string).collect());
        any(Facet::Language, Fact::Language, filters.languages.iter().map(ToString::to_string).collect());
        any(Facet::Project, Fact::Project, filters.projects.iter().map(ToString::to_string).collect());
        any(Facet::Story, Fact::Story, filters.story.iter().map(ToString::to_string).collect());
        any(Facet::Cites, Fact::Cites, filters.cites.iter().map(ToString::to_string).collect());
        any(Facet::Agency, Fact::Agency, filters.agencies.clone());
        any(Facet::Kind, Fact::Kind, filters.kinds.clone());
        let all_folded = |labels: &[String]| labels.iter().map(|label| folded(label)).collect();
        any(Facet::Section, Fact::Section, all_folded(&filters.sections));
        any(Facet::Tag, Fact::Tag, all_folded(&filters.tags));
        any(Facet::Author, Fact::Byline, all_folded(&filters.authors));
        if !filters.networks.is_empty() {
            wanted.push((Some(Facet::Network), self.members(&filters.networks)));
        }
        if !filters.countries.is_empty() {
            wanted.push((Some(Facet::Country), self.country(&filters.countries)));
        }
        for (facet, flag, value) in
            [(Facet::Paywalled, Flag::Paywalled, filters.paywalled), (Facet::Edited, Flag::Edited, filters.edited)]
        {
            wanted.extend(value.map(|value| (Some(facet), Want::Flag(flag, value))));
        }
        if let Some(author) = &filters.author {
            let names = author.split_whitespace().filter_map(|name| self.words(name, Scope::Author, Meant::Named));
            wanted.push((None, Want::All(names.collect())));
        }
        if filters.from.is_some() || filters.to.is_some() {
            wanted.push((None, Want::Moment(When::Published, filters.from, filters.to)));
        }
        wanted
    }

    /// Articles of outlets that are or were members of one of these networks.
    pub(super) fn members(&self, networks: &[NetworkId]) -> Want {
        let networks = networks.iter().filter_map(|id| self.catalogue.network(id));
        fact(Fact::Outlet, networks.flat_map(|network| &network.members).map(|member| member.outlet.to_string()))
    }

    pub(super) fn country(&self, countries: &[String]) -> Want {
        let of_these = |country: &String| countries.iter().any(|wanted| same(wanted, country));
        let outlets = self.catalogue.outlets().filter(|outlet| outlet.country.as_ref().is_some_and(of_these));
        fact(Fact::Outlet, outlets.map(|outlet| outlet.id.to_string()))
    }
}
