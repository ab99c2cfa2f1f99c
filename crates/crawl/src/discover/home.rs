//! What a home page tells of its newsroom: its name, its language, the feeds it links; and where feeds
//! and sitemaps lie by custom when it links none.

use courant_model::Language;
use url::Url;

use crate::markup::{Piece, collapse, pieces};

/// A home page, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Homepage {
    /// What the newsroom calls itself: `og:site_name`, else the shortest part of the title.
    pub name: Option<String>,
    /// The language that the page says it is in.
    pub language: Option<Language>,
    /// Feeds that its head names (`link rel=alternate`), absolute, in its order, those of comments left out;
    /// where it names none, those of its own that its text links to.
    pub feeds: Vec<String>,
}

/// Paths at which feeds lie by custom, the most usual first.
pub const COMMON_FEEDS: &[&str] = &["/feed/", "/rss.xml", "/feed.xml", "/rss", "/atom.xml", "/index.xml"];
/// Paths at which sitemaps lie by custom.
pub const COMMON_SITEMAPS: &[&str] = &["/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml"];

/// Reads a home page.
pub fn read_home(html: &str, url: &Url) -> Homepage {
    let mut home = Homepage { feeds: feeds_of_page(html, url), ..Homepage::default() };
    let (mut title, mut in_title) = (String::new(), false);
    for piece in pieces(html) {
        match piece {
            Piece::Open { name, attributes, .. } => {
                let get = |wanted: &str| {
                    let found = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
                    found.map(|(_, value)| value.trim().to_owned())
                };
                match name.to_ascii_lowercase().as_str() {
                    "html" => home.language = get("lang").map(|lang| Language::parse(&lang)),
                    "title" => in_title = title.is_empty(),
                    "body" => break,
                    "meta" if get("property").is_some_and(|p| p.eq_ignore_ascii_case("og:site_name")) => {
                        home.name = get("content").filter(|name| !name.is_empty()).or(home.name);
                    }
                    _ => {}
                }
            }
            Piece::Text(text) if in_title => title.push_str(&text),
            Piece::Close { .. } => in_title = false,
            _ => {}
        }
    }
    if home.feeds.is_empty() {
        home.feeds = feeds_in_text(html, url);
    }
    home.language = home.language.filter(|language| *language != Language::UND);
    home.name = home.name.or_else(|| shortest_part(&collapse(&title)));
    home
}

/// `The Ledger` of `The Ledger | News that counts, since 1890`.
fn shortest_part(title: &str) -> Option<String> {
    let mut parts = vec![title];
    for mark in [" | ", " - ", " – ", " — ", " · ", ": "] {
        parts = parts.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    let parts = parts.into_iter().map(str::trim).filter(|part| part.chars().count() > 1);
    parts.min_by_key(|part| part.chars().count()).map(str::to_owned)
}

/// The feeds that a page names (`link rel=alternate`), absolute, in its order.
pub fn feeds_of_page(html: &str, url: &Url) -> Vec<String> {
    let mut feeds = Vec::new();
    let mut base = url.clone();
    for piece in pieces(html) {
        let Piece::Open { name, attributes, .. } = piece else { continue };
        let get = |wanted: &str| {
            let found = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.trim().to_lowercase())
        };
        let href = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case("href")).map(|(_, value)| value.trim());
        match name.to_ascii_lowercase().as_str() {
            // Links to feeds stand in the head.
            "body" => break,
            "base" => base = href.and_then(|href| url.join(href).ok()).unwrap_or(base),
            "link" if get("rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel == "alternate")) => {
                let kind = get("type").unwrap_or_default();
                let kind = kind.split(';').next().unwrap_or_default().trim();
                let of_comments = |text: &str| text.contains("comment") || text.contains("commentaire");
                // What else is JSON is some interface's answer about this page.
                let is_feed = FEED_TYPES.contains(&kind)
                    || kind == "application/json" && href.is_some_and(|href| href.to_lowercase().contains("feed"));
                if is_feed
                    && let Some(feed) = href.and_then(|href| base.join(href).ok()).map(String::from)
                    && !feeds.contains(&feed)
                    && !of_comments(&feed.to_lowercase())
                    && !of_comments(&get("title").unwrap_or_default())
                {
                    feeds.push(feed);
                }
            }
            _ => {}
        }
    }
    feeds
}

/// So many links of a page's text are taken for feeds.
const MOST_LINKED: usize = 4;
/// What a feed's file or folder is called.
const FEED_NAMES: &[&str] = &[
    "atom",
    "atom.xml",
    "feed",
    "feed.json",
    "feed.xml",
    "index.rdf",
    "index.rss",
    "rss",
    "rss.php",
    "rss.xml",
    "rss2.xml",
];

/// Links to what is called as feeds are, on the page's own host.
fn feeds_in_text(html: &str, url: &Url) -> Vec<String> {
    let mut feeds = Vec::new();
    for piece in pieces(html) {
        let Piece::Open { name, attributes, .. } = piece else { continue };
        if !name.eq_ignore_ascii_case("a") {
            continue;
        }
        let href = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case("href")).map(|(_, value)| value.trim());
        let Some(link) = href.and_then(|href| url.join(href).ok()) else { continue };
        let last = link.path_segments().into_iter().flatten().rfind(|part| !part.is_empty()).map(str::to_lowercase);
        let is_named = last.is_some_and(|last| FEED_NAMES.contains(&last.as_str()));
        if is_named && link.host() == url.host() && !feeds.contains(&String::from(link.clone())) {
            feeds.push(link.into());
        }
        if feeds.len() == MOST_LINKED {
            break;
        }
    }
    feeds
}

const FEED_TYPES: &[&str] = &[
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/xml",
    "text/xml",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn home(html: &str) -> Homepage {
        read_home(html, &Url::parse("https://press.example/").expect("an address"))
    }

    #[test]
    fn a_home_page_tells_name_language_and_feeds() {
        let home = home(
            "<html lang=pt-BR><head><title>A Folha de Ontem | Jornalismo desde 1890</title>\
             <link rel=alternate type=application/rss+xml href=/rss title='Artigos'>\
             <link rel=alternate type=application/rss+xml href=/comments/feed title='Comentários'>\
             <link rel=alternate hreflang=en href=/en></head><body>\
             <link rel=alternate type=application/rss+xml href=/late></body></html>",
        );
        assert_eq!(home.name.as_deref(), Some("A Folha de Ontem"));
        assert_eq!(home.language, Some(Language::parse("pt")));
        assert_eq!(home.feeds, ["https://press.example/rss"]);
    }

    #[test]
    fn a_home_page_without_such_a_head_may_link_its_feeds() {
        let told = home(
            "<head><link rel=alternate type=application/json href=/wp-json/wp/v2/pages/2></head><body>\
             <a href=/news/rss.xml>RSS</a><a href='/news/rss.xml'>again</a><a href='/feed/'>Feed</a>\
             <a href=https://elsewhere.example/feed>x</a><a href=/about-our-feed>x</a><a href=/>x</a></body>",
        );
        assert_eq!(told.feeds, ["https://press.example/news/rss.xml", "https://press.example/feed/"]);
        let told = home("<link rel=alternate type=application/json href=/feed.json><body><a href=/rss>x</a>");
        assert_eq!(told.feeds, ["https://press.example/feed.json"]);
    }

    #[test]
    fn a_name_given_as_such_wins() {
        let told = home("<head><title>News</title><meta property='og:site_name' content='The Ledger'></head>");
        assert_eq!(told.name.as_deref(), Some("The Ledger"));
        assert_eq!(home(""), Homepage::default());
    }
}
