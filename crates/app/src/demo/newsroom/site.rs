//! How one outlet's server behaves: `data/demo/sites/<id>/site.toml` with what the catalogue says of the outlet.

use std::collections::BTreeMap;

use anyhow::Context as _;
use encoding_rs::Encoding;
use serde::Deserialize;

use super::{moment::When, sources};

/// One site of the newsroom.
#[derive(Debug)]
pub(super) struct Site {
    /// The outlet's id, which is the name of its folders.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) languages: Vec<String>,
    /// `lanterne.localhost`, without a port.
    pub(super) host: String,
    /// What its pages are written in.
    pub(super) encoding: &'static Encoding,
    pub(super) file: SiteFile,
}

/// `site.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteFile {
    /// The small line of every page: a fictional newsroom, in the page's language.
    pub(super) notice: String,
    /// Month names as the outlet's dates use them, January first; empty where dates are in figures.
    pub(super) months: Vec<String>,
    /// Names of the days, Monday first.
    #[serde(default)]
    pub(super) weekdays: Vec<String>,
    #[serde(default = "left_to_right")]
    pub(super) direction: String,
    /// A label of the WHATWG Encoding Standard; what bytes are written in, whatever headers and pages say of it.
    #[serde(default = "utf8")]
    charset: String,
    /// The `Content-Type` of pages.
    #[serde(default = "html_type")]
    pub(super) html_type: String,
    pub(super) validators: Validators,
    /// Article pages are a consent wall to everyone.
    #[serde(default)]
    pub(super) wall: bool,
    /// Path prefixes that robots.txt refuses to everyone.
    #[serde(default)]
    pub(super) refuses: Vec<String>,
    /// Other outlets as this one prints their names.
    #[serde(default)]
    pub(super) agencies: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) feeds: Vec<Feed>,
    #[serde(default)]
    pub(super) sitemaps: Vec<Sitemap>,
    #[serde(default)]
    pub(super) lists: Vec<List>,
    #[serde(default)]
    pub(super) redirects: Vec<Redirect>,
    /// Articles that the feeds list and the server no longer has.
    #[serde(default)]
    pub(super) dead: Vec<Dead>,
}

/// Which of the headers that allow a 304 the server sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Validators {
    Both,
    Etag,
    LastModified,
    None,
}

/// A feed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Feed {
    pub(super) path: String,
    pub(super) format: FeedFormat,
    pub(super) title: String,
    pub(super) description: String,
    /// Addresses in it are without scheme and host.
    #[serde(default)]
    pub(super) relative: bool,
    /// Hung on every article's address, as feeds do to count their readers.
    pub(super) query: Option<String>,
    /// Whether its entries name authors.
    #[serde(default = "yes")]
    pub(super) authors: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum FeedFormat {
    Rss2,
    Rss1,
    Atom,
    Json,
}

/// A sitemap.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sitemap {
    pub(super) path: String,
    pub(super) format: SitemapFormat,
    /// Index pages stand in it beside the articles.
    #[serde(default)]
    pub(super) lists: bool,
    /// The sitemaps that an index names.
    #[serde(default)]
    pub(super) parts: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SitemapFormat {
    Urlset,
    News,
    Index,
}

/// A page that lists articles: all, or those of one project, section or language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub(super) path: String,
    pub(super) title: String,
    pub(super) project: Option<String>,
    pub(super) section: Option<String>,
    pub(super) language: Option<String>,
}

/// An old address that leads to an article.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Redirect {
    pub(super) from: String,
    /// The article's slug.
    pub(super) to: String,
    /// 301, 302, 307 or 308.
    pub(super) status: u16,
    /// The feeds still name the old address.
    #[serde(default)]
    pub(super) in_feeds: bool,
}

/// An address that is listed and gives 404.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dead {
    pub(super) path: String,
    pub(super) title: String,
    pub(super) published: When,
}

/// The part of a catalogue entry that its pages need; the catalogue itself checks the whole.
#[derive(Deserialize)]
struct OutletFile {
    name: String,
    languages: Vec<String>,
    hosts: Vec<String>,
}

impl Site {
    /// Reads the outlet's entry and its site.
    pub(super) fn load(id: &str, outlet: &str) -> anyhow::Result<Site> {
        let outlet: OutletFile = sources::parse(&format!("outlets/{id}.toml"), outlet)?;
        let path = format!("sites/{id}/site.toml");
        let file: SiteFile = sources::parse(&path, &sources::text(&path)?)?;
        let encoding = Encoding::for_label(file.charset.as_bytes())
            .with_context(|| format!("data/demo/{path}: unknown charset \"{}\"", file.charset))?;
        let host = outlet.hosts.into_iter().next();
        let host = host.with_context(|| format!("data/demo/outlets/{id}.toml: names no host"))?;
        Ok(Site { id: id.to_owned(), name: outlet.name, languages: outlet.languages, host, encoding, file })
    }

    /// Whether robots.txt refuses this path to everyone.
    pub(super) fn refuses(&self, path: &str) -> bool {
        self.file.refuses.iter().any(|prefix| path.starts_with(prefix))
    }
}

fn left_to_right() -> String {
    "ltr".to_owned()
}

fn utf8() -> String {
    "utf-8".to_owned()
}

fn html_type() -> String {
    "text/html; charset=utf-8".to_owned()
}

fn yes() -> bool {
    true
}
