//! The catalogue from its files: `data/outlets`, `data/networks` and `data/agencies.toml`, embedded
//! in the binary, and a folder of the same layout that the settings lay over them.
//!
//! A wrong file is an error that names it: a catalogue that silently loses an outlet would look
//! like a newsroom that fell silent.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use courant_model::{
    Catalogue, HostRule, Language, Member, Network, NetworkId, Outlet, OutletId, OutletOrigin, Project, ProjectId,
};
use courant_text::{Agencies, Newsroom, Newsrooms, RuleText, Rules};
use jiff::civil::Date;
use serde::Deserialize;

use crate::settings::CatalogueSettings;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../data"]
#[include = "outlets/*.toml"]
#[include = "networks/*.toml"]
#[include = "agencies.toml"]
struct Bundled;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutletFile {
    name: String,
    country: Option<String>,
    #[serde(default)]
    languages: Vec<String>,
    homepage: Option<String>,
    hosts: Vec<String>,
    #[serde(default)]
    feeds: Vec<String>,
    #[serde(default)]
    sitemaps: Vec<String>,
    #[serde(default)]
    sections: Vec<String>,
    time_zone: Option<String>,
    notes: Option<String>,
    #[serde(default)]
    aliases: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    rules: Vec<RuleFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    valid_until: Date,
    #[serde(default)]
    paths: Vec<String>,
    body: Option<String>,
    remove: Option<String>,
    title: Option<String>,
    standfirst: Option<String>,
    authors: Option<String>,
    published: Option<String>,
}

impl RuleFile {
    fn text(self) -> RuleText {
        let Self { valid_until, paths, body, remove, title, standfirst, authors, published } = self;
        RuleText { valid_until, paths, body, remove, title, standfirst, authors, published }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkFile {
    name: String,
    homepage: Option<String>,
    #[serde(default)]
    names: BTreeMap<String, String>,
    #[serde(default)]
    members: Vec<MemberFile>,
    #[serde(default)]
    projects: Vec<ProjectFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberFile {
    outlet: String,
    since: Option<Date>,
    until: Option<Date>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectFile {
    id: String,
    start: Option<Date>,
    #[serde(default)]
    series: Vec<String>,
    #[serde(default)]
    sites: Vec<String>,
    #[serde(default)]
    partners: Vec<String>,
    #[serde(default)]
    names: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AgenciesFile {
    #[serde(default)]
    agencies: Vec<AgencyFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AgencyFile {
    name: String,
    credits: Vec<String>,
    // For readers of the file; nothing here needs them yet.
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "kind")]
    _kind: String,
    #[serde(rename = "country")]
    _country: Option<String>,
    #[serde(default, rename = "names")]
    _names: BTreeMap<String, Vec<String>>,
}

/// Who is followed, and the agencies whose credits are known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// All of it is fictional.
    pub(crate) demonstration: bool,
    pub(crate) catalogue: Catalogue,
    pub(crate) agencies: Arc<Agencies>,
    pub(crate) rules: RulesOf,
}

/// How pages of single outlets are read, where they need rules of their own.
pub(crate) type RulesOf = Arc<BTreeMap<OutletId, Arc<Rules>>>;

/// The names by which others credit the outlets of `catalogue` that somebody named. Those that are
/// written plainly stand before editions told apart in brackets.
pub(crate) fn newsrooms(catalogue: &Catalogue) -> Newsrooms {
    let named = catalogue.outlets().filter(|outlet| outlet.origin != OutletOrigin::Found);
    let mut outlets: Vec<&Outlet> = named.collect();
    outlets.sort_by_key(|outlet| outlet.name.contains(" ("));
    let newsroom = |outlet: &Outlet| {
        let aliases = outlet.aliases.iter();
        let aliases = aliases.flat_map(|(language, names)| names.iter().map(|name| (Some(*language), name.clone())));
        Newsroom {
            id: outlet.id.clone(),
            languages: outlet.languages.clone(),
            names: std::iter::once((None, outlet.name.clone())).chain(aliases).collect(),
            hosts: outlet.hosts.clone(),
        }
    };
    Newsrooms::new(outlets.into_iter().map(newsroom).collect())
}

/// Files by path below the data folder (`outlets/le-monde.toml`), each with its text.
pub(crate) type Files = BTreeMap<String, String>;

/// Reads what the settings ask for: the bundled catalogue, the folder over it.
pub(crate) fn load(settings: &CatalogueSettings) -> Result<Known> {
    let mut files = Files::new();
    if settings.bundled {
        files.extend(bundled());
    }
    if !settings.folder.as_os_str().is_empty() {
        files.extend(folder(&settings.folder)?);
    }
    known(&files)
}

/// The catalogue that these files make.
pub(crate) fn known(files: &Files) -> Result<Known> {
    let mut outlets = Vec::new();
    let mut networks = Vec::new();
    let mut agencies = Vec::new();
    let mut rules = BTreeMap::new();
    for (path, text) in files {
        let told = || format!("catalogue file {path}");
        match (path.split_once('/'), path.as_str()) {
            (Some(("outlets", file)), _) => {
                let (outlet, own) = outlet(file, text).with_context(told)?;
                rules.extend(own.map(|own| (outlet.id.clone(), Arc::new(own))));
                outlets.push(outlet);
            }
            (Some(("networks", file)), _) => networks.push(network(file, text).with_context(told)?),
            (_, "agencies.toml") => agencies = self::agencies(text).with_context(told)?,
            _ => {}
        }
    }
    let catalogue = Catalogue::new(outlets, networks);
    for network in catalogue.networks() {
        let partners = network.projects.iter().flat_map(|project| &project.partners);
        for id in network.members.iter().map(|member| &member.outlet).chain(partners) {
            if catalogue.outlet(id).is_none() {
                bail!("catalogue file networks/{}.toml: no outlet '{id}' in outlets/", network.id);
            }
        }
    }
    let agencies = Arc::new(Agencies::new(agencies));
    Ok(Known { demonstration: false, catalogue, agencies, rules: Arc::new(rules) })
}

fn bundled() -> impl Iterator<Item = (String, String)> {
    Bundled::iter().filter_map(|path| {
        let file = Bundled::get(&path)?;
        Some((path.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
    })
}

fn folder(root: &Path) -> Result<Files> {
    if !root.is_dir() {
        bail!("catalogue.folder {} is not a folder", root.display());
    }
    let mut files = Files::new();
    for part in ["outlets", "networks"] {
        let dir = root.join(part);
        if !dir.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                files.insert(format!("{part}/{name}"), read(&path)?);
            }
        }
    }
    let agencies = root.join("agencies.toml");
    if agencies.is_file() {
        files.insert("agencies.toml".to_owned(), read(&agencies)?);
    }
    Ok(files)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// An outlet, and its rules where it has any.
fn outlet(file: &str, text: &str) -> Result<(Outlet, Option<Rules>)> {
    let read: OutletFile = toml::from_str(text).map_err(|error| one_line(&error))?;
    for url in read.feeds.iter().chain(&read.sitemaps).chain(&read.sections).chain(&read.homepage) {
        courant_crawl::discover::check_pattern(url).map_err(|why| anyhow::anyhow!("address {url}: {why}"))?;
    }
    if let Some(zone) = &read.time_zone {
        jiff::tz::TimeZone::get(zone).map_err(|_| anyhow::anyhow!("time_zone '{zone}' is no IANA time zone"))?;
    }
    let rules: Vec<RuleText> = read.rules.into_iter().map(RuleFile::text).collect();
    let rules = match rules.is_empty() {
        true => None,
        false => Some(Rules::compile(&rules).map_err(anyhow::Error::msg)?),
    };
    let outlet = Outlet {
        id: OutletId::new(stem(file)),
        name: read.name,
        aliases: by_language(read.aliases)?,
        country: read.country,
        languages: read.languages.iter().map(|code| language(code)).collect::<Result<_>>()?,
        homepage: read.homepage,
        hosts: read.hosts.iter().map(|host| HostRule::parse(host)).collect(),
        feeds: read.feeds,
        sitemaps: read.sitemaps,
        sections: read.sections,
        time_zone: read.time_zone,
        notes: read.notes,
        origin: OutletOrigin::Listed,
    };
    Ok((outlet, rules))
}

fn network(file: &str, text: &str) -> Result<Network> {
    let read: NetworkFile = toml::from_str(text).map_err(|error| one_line(&error))?;
    let project = |project: ProjectFile| -> Result<Project> {
        Ok(Project {
            id: ProjectId::new(&project.id),
            names: by_language(project.names)?,
            start: project.start,
            series: project.series,
            sites: project.sites,
            partners: project.partners.iter().map(|id| OutletId::new(id)).collect(),
        })
    };
    let member =
        |member: MemberFile| Member { outlet: OutletId::new(&member.outlet), since: member.since, until: member.until };
    Ok(Network {
        id: NetworkId::new(stem(file)),
        name: read.name,
        names: by_language(read.names.into_iter().map(|(code, name)| (code, vec![name])).collect())?,
        homepage: read.homepage,
        members: read.members.into_iter().map(member).collect(),
        projects: read.projects.into_iter().map(project).collect::<Result<_>>()?,
    })
}

fn agencies(text: &str) -> Result<Vec<courant_text::Agency>> {
    let read: AgenciesFile = toml::from_str(text).map_err(|error| one_line(&error))?;
    let agency = |agency: AgencyFile| courant_text::Agency { name: agency.name, credits: agency.credits };
    Ok(read.agencies.into_iter().map(agency).collect())
}

fn by_language(names: BTreeMap<String, Vec<String>>) -> Result<BTreeMap<Language, Vec<String>>> {
    names.into_iter().map(|(code, names)| Ok((language(&code)?, names))).collect()
}

fn language(code: &str) -> Result<Language> {
    let language = Language::parse(code);
    if language.is_unknown() {
        bail!("'{code}' is no language code");
    }
    Ok(language)
}

fn stem(file: &str) -> &str {
    file.strip_suffix(".toml").unwrap_or(file)
}

fn one_line(error: &toml::de::Error) -> anyhow::Error {
    anyhow::anyhow!("{}", error.message().lines().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_catalogue_is_whole() {
        let known = load(&CatalogueSettings::default()).expect("the bundled files are right");
        assert!(known.catalogue.outlets().count() >= 91);
        let url = |text| courant_model::CanonicalUrl::parse(text).expect("a web address");
        for (address, outlet) in [
            ("https://www.theguardian.com/news/2021/jul/18/a", "guardian"),
            ("https://www.bfmtv.com/tech/a.html", "bfm-techco"),
            ("https://www.haaretz.co.il/a", "haaretz-he"),
        ] {
            let found = known.catalogue.outlet_of(&url(address)).map(|outlet| outlet.id.to_string());
            assert_eq!(found.as_deref(), Some(outlet), "{address}");
        }
        let (network, project) = known.catalogue.project(&ProjectId::new("pegasus-project")).expect("a project");
        assert!(project.partners.len() >= 17, "{}", network.name);
    }

    fn refused(path: &str, text: &str, told: &str) {
        let error = format!("{:#}", known(&Files::from([(path.to_owned(), text.to_owned())])).expect_err("refused"));
        assert!(error.contains(told) && error.contains(path) && !error.contains('\n'), "{error}");
    }

    #[test]
    fn a_wrong_file_is_named() {
        refused("outlets/a.toml", "name = \"A\"\nhosts = []\nfeed = []", "unknown field");
        refused("outlets/a.toml", "name = \"A\"\nhosts = []\nlanguages = [\"French\"]", "no language code");
        refused("outlets/a.toml", "name = \"A\"\nhosts = []\nfeeds = [\"https://a.example/{week}\"]", "{week}");
        let ruled = |rule: &str| format!("name = \"A\"\nhosts = []\n[[rules]]\n{rule}");
        refused("outlets/a.toml", &ruled("valid_until = \"2027-01-01\"\nbody = \"p[\""), "rule 1: body: 'p['");
        refused("outlets/a.toml", &ruled("body = \"p\""), "valid_until");
        refused("outlets/a.toml", &ruled("valid_until = \"2027-01-01\"\nbodies = \"p\""), "bodies");
        refused("networks/n.toml", "name = \"N\"\n[[members]]\noutlet = \"ghost\"", "ghost");
    }

    #[test]
    fn an_outlet_brings_its_rules() {
        let text = "name = \"A\"\nhosts = []\n[[rules]]\nvalid_until = \"2027-01-01\"\nbody = \"div.text\"";
        let known = known(&Files::from([("outlets/a.toml".to_owned(), text.to_owned())])).expect("right");
        assert!(known.rules.contains_key(&OutletId::new("a")));
    }

    #[test]
    fn a_folder_replaces_and_adds() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(dir.path().join("outlets")).expect("made");
        let write =
            |name: &str, text: &str| std::fs::write(dir.path().join("outlets").join(name), text).expect("written");
        write("guardian.toml", "name = \"Mine\"\nhosts = [\"guardian.example\"]");
        write("extra.toml", "name = \"Extra\"\nhosts = [\"extra.example\"]");
        let settings = CatalogueSettings { folder: dir.path().to_owned(), bundled: true };
        let known = load(&settings).expect("loaded");
        let name = |id: &str| known.catalogue.outlet(&OutletId::new(id)).map(|outlet| outlet.name.clone());
        assert_eq!(name("guardian").as_deref(), Some("Mine"));
        assert_eq!(name("extra").as_deref(), Some("Extra"));
        assert!(name("le-monde").is_some());
    }
}
