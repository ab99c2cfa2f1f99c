//! All sites and articles of the bundled newsroom, read and checked as one.
//!
//! The files are written by hand, in fifteen languages, so everything that can be checked is: a mistake is named
//! with its file, and all of them are told at once. After [`Press::load`] every reference resolves.

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use url::Url;

use super::article::{Article, ArticleFile};
use super::body::{self, Block};
use super::site::Site;
use super::{moment::edition_moment, sources};

/// The whole press landscape, addresses with their port put in.
#[derive(Debug)]
pub(super) struct Press {
    pub(super) sites: Vec<Site>,
    /// By site, then by slug.
    pub(super) articles: Vec<Article>,
    port: u16,
}

impl Press {
    /// Reads `data/demo`; `port` goes into every address.
    ///
    /// # Errors
    /// All mistakes found, one a line.
    pub(super) fn load(port: u16) -> anyhow::Result<Press> {
        Press::of(port, &sources::toml_files("articles/")?)
    }

    /// The press of the bundled sites with these articles: (`outlet/slug`, TOML).
    fn of(port: u16, articles: &[(String, String)]) -> anyhow::Result<Press> {
        let mut problems = Vec::new();
        let mut sites = Vec::new();
        for (id, outlet) in sources::outlet_files()? {
            keep(&mut problems, &mut sites, Site::load(&id, &outlet));
        }
        let mut press = Press { sites, articles: Vec::new(), port };
        for (name, toml) in articles {
            keep(&mut problems, &mut press.articles, read_article(&press.sites, port, name, toml));
        }
        let projects = project_ids()?;
        let by_name: HashMap<String, usize> =
            press.articles.iter().enumerate().map(|(i, a)| (press.name(a), i)).collect();
        for at in 0..press.articles.len() {
            let article = &press.articles[at];
            let name = press.name(article);
            let found = press.check(article, &by_name, &projects).and_then(|()| press.texts(article, &by_name));
            match found {
                Ok(texts) => press.articles[at].texts = texts,
                Err(e) => problems.push(format!("data/demo/articles/{name}.toml: {e:#}")),
            }
        }
        press.join_translations(&by_name);
        press.check_addresses(&mut problems);
        if problems.is_empty() { Ok(press) } else { bail!(problems.join("\n")) }
    }

    /// `http://lanterne.localhost:8090`.
    pub(super) fn base(&self, site: &Site) -> String {
        base(&site.host, self.port)
    }

    /// `outlet/slug`.
    pub(super) fn name(&self, article: &Article) -> String {
        format!("{}/{}", self.sites[article.site].id, article.slug)
    }

    /// What one article's file says of itself and of others.
    fn check(&self, a: &Article, by_name: &HashMap<String, usize>, projects: &HashSet<String>) -> anyhow::Result<()> {
        let file = &a.file;
        let site = &self.sites[a.site];
        if !(1..=2).contains(&file.edition) {
            bail!("edition {} is neither 1 nor 2", file.edition);
        }
        if file.title.trim().is_empty() || file.story.trim().is_empty() || file.body.trim().is_empty() {
            bail!("title, story and body must say something");
        }
        if !site.languages.contains(&file.language) {
            bail!("language \"{}\" is not one of its outlet's", file.language);
        }
        if file.published.at >= edition_moment(file.edition) {
            bail!("published after its edition's moment, {}", edition_moment(file.edition));
        }
        if file.modified.as_ref().is_some_and(|m| m.at < file.published.at || m.at >= edition_moment(file.edition)) {
            bail!("modified before it was published, or after its edition's moment");
        }
        if let Some(correction) = &file.edition2 {
            if file.edition == 2 {
                bail!("first published in edition 2, it cannot change there");
            }
            if correction.gone != correction.is_empty() {
                bail!("edition2 either withdraws the article (gone = true, alone) or changes something");
            }
            if correction.modified.as_ref().is_some_and(|m| m.at < edition_moment(1) || m.at >= edition_moment(2)) {
                bail!("edition2 is modified between the two editions' moments");
            }
        }
        if let Some(project) = file.project.as_ref().filter(|p| !projects.contains(*p)) {
            bail!("no network has the project \"{project}\"");
        }
        if let Some(agency) = file.agency.as_ref().filter(|a| !self.sites.iter().any(|s| s.id == **a)) {
            bail!("no outlet is called \"{agency}\"");
        }
        if let Some(original) = &file.copy_of {
            let original = self.find(by_name, original)?;
            if original.file.language != file.language {
                bail!("a copy is in its original's language");
            }
        }
        for other in &file.translations {
            if self.find(by_name, other)?.file.language == file.language {
                bail!("{other} is in the same language: a translation is not");
            }
        }
        if let Some(src) = a.pictures().into_iter().find(|src| !src.starts_with('/')) {
            bail!("the picture \"{src}\" is not a path on its own host");
        }
        Ok(())
    }

    /// The article's text in both editions, links resolved.
    fn texts(&self, a: &Article, by_name: &HashMap<String, usize>) -> anyhow::Result<[Vec<Block>; 2]> {
        let cut = |markdown: &str, edition: u8| {
            body::blocks(markdown, |to| {
                let Some(name) = to.strip_prefix("demo:") else {
                    let url = Url::parse(to).with_context(|| format!("the link \"{to}\" is not an address"))?;
                    return Ok(url.into());
                };
                let other = self.find(by_name, name)?;
                if other.file.edition > edition {
                    bail!("links to {name}, which is not out before edition {}", other.file.edition);
                }
                Ok(other.url.clone())
            })
        };
        let first = cut(&a.file.body, a.file.edition)?;
        let corrected = a.file.edition2.as_ref().and_then(|c| c.body.as_deref());
        let second = corrected.map_or_else(|| Ok(first.clone()), |body| cut(body, 2))?;
        Ok([first, second])
    }

    fn find(&self, by_name: &HashMap<String, usize>, name: &str) -> anyhow::Result<&Article> {
        let at = by_name.get(name).with_context(|| format!("there is no article {name}"))?;
        Ok(&self.articles[*at])
    }

    /// A translation is one both ways, and so is a translation's translation.
    fn join_translations(&mut self, by_name: &HashMap<String, usize>) {
        let mut group: Vec<usize> = (0..self.articles.len()).collect();
        for (at, article) in self.articles.iter().enumerate() {
            for other in article.file.translations.iter().filter_map(|name| by_name.get(name)) {
                let (from, to) = (group[*other], group[at]);
                group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
            }
        }
        for at in 0..self.articles.len() {
            let same = (0..group.len()).filter(|other| group[*other] == group[at] && *other != at);
            self.articles[at].alternates = same.collect();
        }
    }

    /// No two things of one site at one address, and every redirect leads to an article.
    fn check_addresses(&self, problems: &mut Vec<String>) {
        for (at, site) in self.sites.iter().enumerate() {
            let file = &site.file;
            let own = || self.articles.iter().filter(move |a| a.site == at);
            let mut seen = HashSet::new();
            let served = own().map(|a| a.path.as_str());
            let served = served.chain(file.feeds.iter().map(|f| f.path.as_str()));
            let served = served.chain(file.sitemaps.iter().map(|s| s.path.as_str()));
            let served = served.chain(file.lists.iter().map(|l| l.path.as_str()));
            let served = served.chain(file.redirects.iter().map(|r| r.from.as_str()));
            for path in served.chain(file.dead.iter().map(|d| d.path.as_str())) {
                if !seen.insert(path) {
                    problems.push(format!("data/demo/sites/{}: two things are at {path}", site.id));
                }
            }
            for redirect in file.redirects.iter().filter(|r| !own().any(|a| a.slug == r.to)) {
                problems.push(format!("data/demo/sites/{}: no article {} to redirect to", site.id, redirect.to));
            }
            let parts = file.sitemaps.iter().flat_map(|s| &s.parts);
            for part in parts.filter(|p| !file.sitemaps.iter().any(|s| s.path == **p)) {
                problems.push(format!("data/demo/sites/{}: no sitemap is at {part}", site.id));
            }
        }
    }
}

/// `http://lanterne.localhost:8090`, without the port where it is http's own.
fn base(host: &str, port: u16) -> String {
    if port == 80 { format!("http://{host}") } else { format!("http://{host}:{port}") }
}

fn keep<T>(problems: &mut Vec<String>, found: &mut Vec<T>, read: anyhow::Result<T>) {
    match read {
        Ok(value) => found.push(value),
        Err(e) => problems.push(format!("{e:#}")),
    }
}

fn read_article(sites: &[Site], port: u16, name: &str, toml: &str) -> anyhow::Result<Article> {
    let path = format!("articles/{name}.toml");
    let file: ArticleFile = sources::parse(&path, toml)?;
    let place = name.split_once('/').and_then(|(id, slug)| Some((sites.iter().position(|s| s.id == id)?, slug)));
    let (site, slug) = place.with_context(|| format!("data/demo/{path}: its folder is no outlet's"))?;
    let base = base(&sites[site].host, port);
    let what = || format!("data/demo/{path}: \"{}\" is not a path on its outlet's host", file.path);
    let url = Url::parse(&base).and_then(|b| b.join(&file.path)).ok().filter(|_| file.path.starts_with('/'));
    let url = url.filter(|u| u.host_str() == Some(&sites[site].host)).with_context(what)?;
    Ok(Article {
        site,
        slug: slug.to_owned(),
        path: url[url::Position::BeforePath..].to_owned(),
        url: url.into(),
        alternates: Vec::new(),
        texts: [Vec::new(), Vec::new()],
        file,
    })
}

/// The ids of all investigations that the fictional networks follow.
fn project_ids() -> anyhow::Result<HashSet<String>> {
    #[derive(Deserialize)]
    struct Network {
        #[serde(default)]
        projects: Vec<Project>,
    }
    #[derive(Deserialize)]
    struct Project {
        id: String,
    }
    let mut ids = HashSet::new();
    for (id, toml) in sources::network_files()? {
        let network: Network = sources::parse(&format!("networks/{id}.toml"), &toml)?;
        ids.extend(network.projects.into_iter().map(|p| p.id));
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of the bundled articles with this one beside them; its lines replace those of a sound one.
    fn problems(lines: &[&str], tail: &str) -> String {
        let mut sound = vec![
            "path = \"/probe.html\"",
            "edition = 1",
            "story = \"probe\"",
            "language = \"fr\"",
            "title = \"Essai\"",
            "authors = []",
            "published = \"2021-10-01T10:00:00+02:00\"",
            "body = \"Un texte.\"",
        ];
        for line in lines {
            let key = line.split('=').next().unwrap();
            sound.retain(|kept| kept.split('=').next() != Some(key));
        }
        sound.extend(lines);
        let mut articles = sources::toml_files("articles/").unwrap();
        articles.push(("lanterne/probe".to_owned(), format!("{}\n{tail}", sound.join("\n"))));
        Press::of(80, &articles).map_or_else(|e| e.to_string(), |_| String::new())
    }

    #[test]
    fn a_sound_article_is_taken() {
        assert_eq!(problems(&[], ""), "");
        assert_eq!(problems(&[], "[edition2]\ngone = true"), "");
    }

    #[test]
    fn each_mistake_is_named_with_its_file() {
        let told = |lines: &[&str], words: &str| {
            let problems = problems(lines, "");
            assert!(problems.contains("lanterne/probe"), "{lines:?}: {problems}");
            assert!(problems.contains(words), "{lines:?}: {problems}");
        };
        told(&["headline = \"x\""], "unknown field `headline`");
        told(&["edition = 3"], "edition 3 is neither 1 nor 2");
        told(&["title = \" \""], "must say something");
        told(&["language = \"de\""], "not one of its outlet's");
        told(&["published = \"2021-10-08T10:00:00+02:00\""], "published after its edition's moment");
        told(&["published = \"2021-10-01\""], "not a date with time and offset");
        told(&["modified = \"2021-09-01T10:00:00+02:00\""], "modified before it was published");
        told(&["project = \"nothing\""], "no network has the project");
        told(&["agency = \"nobody\""], "no outlet is called");
        told(&["copy_of = \"meridian/none\""], "there is no article meridian/none");
        told(&["translations = [\"lanterne/probe\"]"], "is in the same language");
        told(&["body = \"[x](demo:meridian/none)\""], "there is no article meridian/none");
        told(&["body = \"[x](report.html)\""], "is not an address");
        told(&["path = \"probe.html\""], "is not a path");
        told(&["path = \"//elsewhere.example/probe\""], "is not a path");
        told(&["images = [{ src = \"https://x.org/a.jpg\" }]"], "not a path on its own host");
    }

    #[test]
    fn the_second_edition_changes_something_or_withdraws() {
        let correct = |words: &str| problems(&[], &format!("[edition2]\n{words}"));
        assert!(correct("").contains("either withdraws the article"));
        assert!(correct("gone = true\ntitle = \"x\"").contains("either withdraws the article"));
        let early = "title = \"x\"\nmodified = \"2021-10-08T09:00:00+02:00\"";
        assert!(correct(early).contains("between the two editions' moments"));
        let twice = problems(&["edition = 2"], "[edition2]\ngone = true");
        assert!(twice.contains("cannot change there"), "{twice}");
    }

    #[test]
    fn a_link_waits_for_its_edition() {
        let press = Press::load(80).unwrap();
        let later = press.articles.iter().find(|a| a.file.edition == 2).unwrap();
        let link = format!("body = \"[x](demo:{})\"", press.name(later));
        assert!(problems(&[&link], "").contains("which is not out before edition 2"));
        assert_eq!(problems(&["edition = 2", &link], ""), "");
    }

    #[test]
    fn two_things_are_never_at_one_address() {
        let twice = problems(&["path = \"/rss.xml\""], "");
        assert_eq!(twice, "data/demo/sites/lanterne: two things are at /rss.xml");
    }
}
