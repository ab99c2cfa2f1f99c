//! Feeds, sitemaps and robots.txt: what a site says it has.
//!
//! Their text is in `data/demo/listings`; this module gathers the entries, with the flaws that real listings have
//! where the site's file asks for them: dead links, old addresses, addresses without a host, a query for counting.

use jiff::Timestamp;
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::article::{Article, Teaser, Version};
use super::moment::{When, edition_moment};
use super::page::{ListView, SiteView, lists, on_site};
use super::press::Press;
use super::site::{Feed, FeedFormat, Site, Sitemap, SitemapFormat};

/// One entry of a feed.
#[derive(Serialize)]
struct Entry<'a> {
    title: &'a str,
    /// As the feed prints it.
    link: String,
    id: String,
    summary: Option<&'a str>,
    authors: &'a [String],
    section: Option<&'a str>,
    published: &'a When,
    modified: Option<&'a When>,
}

impl FeedFormat {
    /// The template's path and the `Content-Type`.
    pub(super) fn template(self) -> (&'static str, &'static str) {
        match self {
            FeedFormat::Rss2 => ("listings/rss2.xml", "application/rss+xml"),
            FeedFormat::Rss1 => ("listings/rss1.xml", "application/rdf+xml"),
            FeedFormat::Atom => ("listings/atom.xml", "application/atom+xml"),
            FeedFormat::Json => ("listings/feed.json", "application/feed+json"),
        }
    }
}

impl SitemapFormat {
    /// The template's path.
    pub(super) fn template(self) -> &'static str {
        match self {
            SitemapFormat::Urlset => "listings/urlset.xml",
            SitemapFormat::News => "listings/news.xml",
            SitemapFormat::Index => "listings/index.xml",
        }
    }
}

/// What a feed's template is told.
pub(super) fn feed(press: &Press, at: usize, feed: &Feed, edition: u8) -> Value {
    #[derive(Serialize)]
    struct Page<'a> {
        site: SiteView<'a>,
        charset: &'a str,
        feed: Channel<'a>,
        items: Vec<Entry<'a>>,
    }
    #[derive(Serialize)]
    struct Channel<'a> {
        title: &'a str,
        description: &'a str,
        url: String,
        updated: Option<&'a When>,
    }
    let site = &press.sites[at];
    let base = press.base(site);
    let here = on_site(press, at, edition);
    let mut entries: Vec<Entry> = here.iter().map(|(a, v)| entry(site, feed, &base, a, *v)).collect();
    entries.extend(site.file.dead.iter().map(|dead| Entry {
        title: &dead.title,
        link: link(feed, &base, &dead.path),
        id: format!("{base}{}", dead.path),
        summary: None,
        authors: &[],
        section: None,
        published: &dead.published,
        modified: None,
    }));
    entries.sort_by_key(|e| std::cmp::Reverse(e.published.at));
    let newest = newest(&here);
    Value::from(Serde(Page {
        site: SiteView::of(press, site),
        charset: site.encoding.name(),
        feed: Channel {
            title: &feed.title,
            description: &feed.description,
            url: format!("{base}{}", feed.path),
            updated: newest,
        },
        items: entries,
    }))
}

fn entry<'a>(site: &Site, feed: &Feed, base: &str, article: &'a Article, version: Version<'a>) -> Entry<'a> {
    let old = site.file.redirects.iter().find(|r| r.in_feeds && r.to == article.slug);
    Entry {
        title: version.title,
        link: link(feed, base, old.map_or(article.path.as_str(), |r| &r.from)),
        id: article.url.clone(),
        summary: version.standfirst,
        authors: if feed.authors { version.authors } else { &[] },
        section: article.file.section.as_deref(),
        published: &article.file.published,
        modified: version.modified,
    }
}

fn link(feed: &Feed, base: &str, path: &str) -> String {
    let host = if feed.relative { "" } else { base };
    match &feed.query {
        Some(query) => format!("{host}{path}{}{query}", if path.contains('?') { '&' } else { '?' }),
        None => format!("{host}{path}"),
    }
}

/// What a sitemap's template is told.
pub(super) fn sitemap(press: &Press, at: usize, sitemap: &Sitemap, edition: u8) -> Value {
    #[derive(Serialize)]
    struct Page<'a> {
        site: SiteView<'a>,
        lists: Vec<ListView<'a>>,
        items: Vec<Teaser<'a>>,
        parts: Vec<Part<'a>>,
    }
    /// One sitemap that an index names.
    #[derive(Serialize)]
    struct Part<'a> {
        url: String,
        updated: Option<&'a When>,
    }
    let site = &press.sites[at];
    let base = press.base(site);
    let here = on_site(press, at, edition);
    let updated = newest(&here);
    let listed = here.iter().filter(|(a, _)| !site.refuses(&a.path));
    Value::from(Serde(Page {
        site: SiteView::of(press, site),
        lists: if sitemap.lists { lists(press, site) } else { Vec::new() },
        items: listed.map(|(a, v)| Teaser::of(a, *v)).collect(),
        parts: sitemap.parts.iter().map(|p| Part { url: format!("{base}{p}"), updated }).collect(),
    }))
}

/// The last date that these articles show.
fn newest<'a>(articles: &[(&'a Article, Version<'a>)]) -> Option<&'a When> {
    articles.iter().map(|(a, v)| v.modified.unwrap_or(&a.file.published)).max_by_key(|w| w.at)
}

/// A site's robots.txt.
pub(super) fn robots(press: &Press, site: &Site) -> String {
    let mut text = format!("# {}\nUser-agent: *\n", site.host);
    if site.file.refuses.is_empty() {
        text.push_str("Disallow:\n");
    }
    for prefix in &site.file.refuses {
        text.push_str(&format!("Disallow: {prefix}\n"));
    }
    for sitemap in &site.file.sitemaps {
        text.push_str(&format!("\nSitemap: {}{}\n", press.base(site), sitemap.path));
    }
    text
}

/// When an article's page last changed, as its server knows it: also where the page itself does not say so.
pub(super) fn changed(article: &Article, version: Version<'_>, edition: u8) -> Timestamp {
    let said = version.modified.unwrap_or(&article.file.published).at;
    let silently = edition >= 2 && (article.file.edition == 2 || article.file.edition2.is_some());
    if silently { said.max(between_editions()) } else { said }
}

/// When a site's lists last changed.
pub(super) fn site_changed(press: &Press, site: usize, edition: u8) -> Timestamp {
    let own = press.articles.iter().filter(|a| a.site == site);
    let times = own.map(|a| match a.here(edition) {
        Some(version) => changed(a, version, edition),
        None if edition >= a.file.edition => between_editions(),
        None => Timestamp::MIN,
    });
    times.max().unwrap_or_else(|| edition_moment(1))
}

/// Half an hour after edition 1: the server's date of what changed without a word.
fn between_editions() -> Timestamp {
    edition_moment(1) + jiff::SignedDuration::from_mins(30)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(tail: &str) -> Article {
        let file = format!(
            "path = \"/a\"\nedition = 1\nstory = \"s\"\nlanguage = \"fr\"\ntitle = \"T\"\nauthors = []\n\
             published = \"2021-07-19T18:42:00+02:00\"\nbody = \"B\"\n{tail}"
        );
        let file = toml::from_str(&file).unwrap();
        let (slug, path, url) = ("a".to_owned(), "/a".to_owned(), "http://x.localhost/a".to_owned());
        Article { site: 0, slug, file, path, url, alternates: Vec::new(), texts: [Vec::new(), Vec::new()] }
    }

    #[test]
    fn a_silent_correction_moves_the_server_s_date() {
        let changed = |tail: &str, edition| {
            let article = article(tail);
            changed(&article, article.here(edition).unwrap(), edition).to_string()
        };
        let silent = "[edition2]\nauthors = [\"X\"]";
        assert_eq!(changed(silent, 1), "2021-07-19T16:42:00Z");
        assert_eq!(changed(silent, 2), "2021-10-08T08:30:00Z");
        assert_eq!(changed("", 2), "2021-07-19T16:42:00Z");
        let said = "[edition2]\ntitle = \"X\"\nmodified = \"2021-10-08T10:50:00+02:00\"";
        assert_eq!(changed(said, 2), "2021-10-08T08:50:00Z");
    }
}
