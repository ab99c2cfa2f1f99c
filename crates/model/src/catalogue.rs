//! The catalogue: outlets, the networks that they form and the investigations (projects) that they
//! share, and the one rule of attribution: an article belongs to the outlet whose host and path
//! prefix is the longest that its final address begins with.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{CanonicalUrl, Language, NetworkId, OutletId, ProjectId};

/// Where an outlet's entry came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutletOrigin {
    /// The catalogue names it.
    Listed,
    /// A person added it.
    Added,
    /// Nobody did: an article of its site was met.
    Found,
}

impl OutletOrigin {
    /// The name that the record and the outside shapes use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Added => "added",
            Self::Found => "found",
        }
    }

    /// Reads what [`Self::as_str`] wrote.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Listed, Self::Added, Self::Found].into_iter().find(|origin| origin.as_str() == name)
    }
}

/// A host and a path prefix of an outlet: `lemonde.fr` (and its subdomains), `lemonde.fr/en`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostRule {
    host: String,
    path: String,
}

impl HostRule {
    /// Reads `host` or `host/path`. A port in `host` must then be the article's port.
    pub fn parse(text: &str) -> Self {
        let text = text.trim().trim_end_matches('/');
        let (host, path) = text.split_once('/').unwrap_or((text, ""));
        let path = if path.is_empty() { String::new() } else { format!("/{path}") };
        Self { host: host.to_ascii_lowercase(), path }
    }

    /// The rule as it is written in the catalogue.
    pub fn as_text(&self) -> String {
        format!("{}{}", self.host, self.path)
    }

    /// The host without a path.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// How much of `authority` (host, maybe with a port) and of `path` the rule covers, in bytes:
    /// the host counts before the path. `None` where it does not apply.
    pub fn covers(&self, authority: &str, path: &str) -> Option<(usize, usize)> {
        let host = match self.host.contains(':') {
            true => authority,
            false => authority.split(':').next().unwrap_or_default(),
        };
        let same_host = host == self.host || host.strip_suffix(&self.host).is_some_and(|rest| rest.ends_with('.'));
        let same_path = match path.strip_prefix(&self.path) {
            Some(rest) => self.path.is_empty() || rest.is_empty() || rest.starts_with('/'),
            None => false,
        };
        (same_host && same_path).then_some((self.host.len(), self.path.len()))
    }
}

/// A newsroom.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlet {
    /// Its id.
    pub id: OutletId,
    /// Its own name.
    pub name: String,
    /// Its names in other languages.
    pub aliases: BTreeMap<Language, Vec<String>>,
    /// ISO 3166-1 alpha-2, where known.
    pub country: Option<String>,
    /// The languages it publishes in, first the main one.
    pub languages: Vec<Language>,
    /// Its front page.
    pub homepage: Option<String>,
    /// Which addresses are its own.
    pub hosts: Vec<HostRule>,
    /// Its feeds; patterns (`{year}`) are allowed.
    pub feeds: Vec<String>,
    /// Its sitemaps; patterns are allowed.
    pub sitemaps: Vec<String>,
    /// Pages that list its articles, for an outlet without feeds; patterns are allowed.
    pub sections: Vec<String>,
    /// IANA name of the clock that its pages tell time by.
    pub time_zone: Option<String>,
    /// What whoever keeps the catalogue should know.
    pub notes: Option<String>,
    /// Where this entry came from.
    pub origin: OutletOrigin,
}

impl Outlet {
    /// The outlet of a site that nobody listed: its id and name are the site's.
    pub fn found(site: &str) -> Self {
        Self {
            id: OutletId::new(site),
            name: site.to_owned(),
            aliases: BTreeMap::new(),
            country: None,
            languages: Vec::new(),
            homepage: None,
            hosts: vec![HostRule::parse(site)],
            feeds: Vec::new(),
            sitemaps: Vec::new(),
            sections: Vec::new(),
            time_zone: None,
            notes: None,
            origin: OutletOrigin::Found,
        }
    }
}

/// An outlet's place in a network. One partner may be several outlets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The outlet.
    pub outlet: OutletId,
    /// Member from this day on, where known.
    pub since: Option<Date>,
    /// Member up to this day, where it left.
    pub until: Option<Date>,
}

/// An investigation that outlets share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its names, by language.
    pub names: BTreeMap<Language, Vec<String>>,
    /// The day of its first publication.
    pub start: Option<Date>,
    /// Pages of partners that list its articles.
    pub series: Vec<String>,
    /// Its own sites.
    pub sites: Vec<String>,
    /// The outlets that took part.
    pub partners: Vec<OutletId>,
}

impl Project {
    /// Its English name, else any, else its id.
    pub fn name(&self) -> &str {
        let english = self.names.get(&Language::parse("en"));
        english.or_else(|| self.names.values().next()).and_then(|names| names.first()).map_or(self.id.as_str(), |n| n)
    }
}

/// Outlets that work together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Its id.
    pub id: NetworkId,
    /// Its own name.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<Language, Vec<String>>,
    /// Its front page.
    pub homepage: Option<String>,
    /// Who belongs to it.
    pub members: Vec<Member>,
    /// What they investigated together.
    pub projects: Vec<Project>,
}

/// All outlets and networks that are known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    outlets: BTreeMap<OutletId, Outlet>,
    networks: BTreeMap<NetworkId, Network>,
}

impl Catalogue {
    /// A catalogue of these. Of two entries with one id the later holds, so that a reader's own
    /// file replaces a bundled one.
    pub fn new(outlets: impl IntoIterator<Item = Outlet>, networks: impl IntoIterator<Item = Network>) -> Self {
        Self {
            outlets: outlets.into_iter().map(|outlet| (outlet.id.clone(), outlet)).collect(),
            networks: networks.into_iter().map(|network| (network.id.clone(), network)).collect(),
        }
    }

    /// Adds an outlet, or replaces the one with its id.
    pub fn put(&mut self, outlet: Outlet) {
        self.outlets.insert(outlet.id.clone(), outlet);
    }

    /// Takes an outlet out; its networks still name it.
    pub fn remove(&mut self, id: &OutletId) {
        self.outlets.remove(id);
    }

    /// All outlets, by id.
    pub fn outlets(&self) -> impl Iterator<Item = &Outlet> {
        self.outlets.values()
    }

    /// All networks, by id.
    pub fn networks(&self) -> impl Iterator<Item = &Network> {
        self.networks.values()
    }

    /// The outlet with this id.
    pub fn outlet(&self, id: &OutletId) -> Option<&Outlet> {
        self.outlets.get(id)
    }

    /// The network with this id.
    pub fn network(&self, id: &NetworkId) -> Option<&Network> {
        self.networks.get(id)
    }

    /// The project with this id, and the network that carried it.
    pub fn project(&self, id: &ProjectId) -> Option<(&Network, &Project)> {
        self.networks.values().find_map(|network| {
            network.projects.iter().find(|project| project.id == *id).map(|project| (network, project))
        })
    }

    /// The networks that `outlet` is or was a member of.
    pub fn networks_of(&self, outlet: &OutletId) -> impl Iterator<Item = &Network> {
        let outlet = outlet.clone();
        self.networks.values().filter(move |network| network.members.iter().any(|member| member.outlet == outlet))
    }

    /// The outlet that `url` belongs to: the longest host and path prefix wins, and of two with the same
    /// one that somebody named wins over one that was met. `None` where no outlet has it.
    pub fn outlet_of(&self, url: &CanonicalUrl) -> Option<&Outlet> {
        let place = url.host_and_path();
        let (authority, path) = place.find('/').map_or((place, ""), |at| place.split_at(at));
        let longest = |outlet: &Outlet| outlet.hosts.iter().filter_map(|rule| rule.covers(authority, path)).max();
        self.outlets
            .values()
            .filter_map(|outlet| longest(outlet).map(|covered| (covered, outlet)))
            .max_by_key(|(covered, outlet)| (*covered, outlet.origin != OutletOrigin::Found))
            .map(|(_, outlet)| outlet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outlet(id: &str, hosts: &[&str]) -> Outlet {
        Outlet { hosts: hosts.iter().map(|h| HostRule::parse(h)).collect(), ..Outlet::found(id) }
    }

    fn owner(catalogue: &Catalogue, url: &str) -> Option<String> {
        let url = CanonicalUrl::parse(url).expect("a web address");
        catalogue.outlet_of(&url).map(|outlet| outlet.id.to_string())
    }

    #[test]
    fn the_longest_prefix_decides_whose_an_article_is() {
        let catalogue = Catalogue::new(
            [
                outlet("le-monde", &["lemonde.fr"]),
                outlet("le-monde-en", &["lemonde.fr/en"]),
                outlet("port", &["press.localhost:8421"]),
            ],
            [],
        );
        for (url, expected) in [
            ("https://www.lemonde.fr/pixels/a.html", Some("le-monde")),
            ("https://lemonde.fr/en/a.html", Some("le-monde-en")),
            ("https://lemonde.fr/en", Some("le-monde-en")),
            ("https://lemonde.fr/entreprises/a.html", Some("le-monde")),
            ("https://notlemonde.fr/a", None),
            ("http://press.localhost:8421/a", Some("port")),
            ("http://press.localhost:9000/a", None),
            ("http://lemonde.fr:8080/a", Some("le-monde")),
        ] {
            assert_eq!(owner(&catalogue, url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn an_outlet_that_was_named_wins_over_one_that_was_met() {
        let named = Outlet { origin: OutletOrigin::Added, ..outlet("a-ledger", &["press.example"]) };
        let mut catalogue = Catalogue::new([named, outlet("press.example", &["press.example"])], []);
        assert_eq!(owner(&catalogue, "https://press.example/x").as_deref(), Some("a-ledger"));
        catalogue.remove(&OutletId::new("a-ledger"));
        assert_eq!(owner(&catalogue, "https://press.example/x").as_deref(), Some("press.example"));
    }

    #[test]
    fn a_later_entry_replaces_an_earlier_one() {
        let catalogue = Catalogue::new([outlet("a", &["one.example"]), outlet("a", &["two.example"])], []);
        assert_eq!(owner(&catalogue, "https://one.example/"), None);
        assert_eq!(owner(&catalogue, "https://two.example/").as_deref(), Some("a"));
    }
}
