//! Feeds of lists: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, made from one [`Feed`].
//!
//! Ids are made of content (`urn:uuid:` of the article's or the story's 128 bits), so that a reader
//! program shows an entry once, whichever address or port it was fetched from. Entries hold title,
//! link, snippet and metadata, never the text. Validators are set for all of them; unchanged feeds
//! answer 304 (see `guard`).

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use courant_model::Article;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Site;
use crate::account::{self, SearchAccount, StoryAccount};
use crate::api::StoriesParams;
use crate::ask::SearchParams;
use crate::asked::Viewed;
use crate::fault::Fault;
use crate::view::{count, standfirst, titled};

/// A feed's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Atom,
    Rss,
    Json,
}

impl Format {
    const ALL: [Self; 3] = [Self::Atom, Self::Rss, Self::Json];

    /// How it ends an address.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Atom => "atom",
            Self::Rss => "rss",
            Self::Json => "json",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Json => "application/feed+json",
        }
    }

    /// Parts `ID.atom` into the id and the format that the address ends with.
    pub(crate) fn split(segment: &str) -> (&str, Option<Self>) {
        let parted = segment.rsplit_once('.').and_then(|(id, suffix)| {
            Self::ALL.into_iter().find(|format| format.as_str() == suffix).map(|format| (id, format))
        });
        parted.map_or((segment, None), |(id, format)| (id, Some(format)))
    }
}

/// A list, on its way into a feed.
pub(crate) struct Feed {
    title: String,
    id: String,
    /// Address of the page that shows the list.
    page: String,
    /// Address of the feed without its format: path, and query with its `?`.
    path: String,
    query: String,
    updated: Timestamp,
    entries: Vec<FeedEntry>,
}

struct FeedEntry {
    id: String,
    title: String,
    language: String,
    /// Where the entry leads: the outlet's own page, or the story here.
    link: String,
    /// The entry's page here.
    here: String,
    summary: String,
    authors: Vec<String>,
    published: Option<Timestamp>,
    updated: Timestamp,
}

impl FeedEntry {
    /// RSS has one date only.
    fn dated(&self) -> &Timestamp {
        self.published.as_ref().unwrap_or(&self.updated)
    }

    fn of(site: &Site, article: &Article, snippet: &str) -> Self {
        let catalogue = site.catalogue();
        let outlet = catalogue.outlet(&article.outlet).map_or(article.outlet.as_str(), |outlet| &outlet.name);
        let mut authors: Vec<String> = article.authors.iter().map(|author| clean(&author.name)).collect();
        // RFC 4287 wants an author; the newsroom is one.
        authors.retain(|name| !name.trim().is_empty());
        if authors.is_empty() {
            authors.push(clean(outlet));
        }
        Self {
            id: urn(article.id.bytes()),
            title: clean(titled(&article.title)),
            language: article.language.to_string(),
            link: article.url.to_string(),
            here: format!("{}/articles/{}", site.base_url, article.id),
            summary: clean(&format!("{outlet}: {snippet}")),
            authors,
            published: article.published.map(|dated| dated.instant),
            updated: article.withdrawn.unwrap_or(article.revised),
        }
    }
}

/// The feed of a story: its articles, latest first.
pub(crate) async fn of_story(site: &Site, told: &StoryAccount) -> Result<Feed, Fault> {
    let entries = told.members.iter().rev().take(ENTRIES);
    let entries = entries.map(|(_, article)| FeedEntry::of(site, article, standfirst(article))).collect();
    Ok(Feed {
        title: clean(titled(&told.story.title)),
        id: urn(told.story.id.bytes()),
        page: format!("{}/stories/{}", site.base_url, told.story.id),
        path: format!("{}/stories/{}", site.base_url, told.story.id),
        query: String::new(),
        updated: told.story.changed,
        entries,
    })
}

/// The most entries of a feed.
const ENTRIES: usize = 100;

/// The feed of a list of articles, shown at `path` (and `query`, with its `?`).
pub(crate) fn of_articles(site: &Site, title: &str, path: &str, query: &str, found: &SearchAccount) -> Feed {
    let entry = |hit: &account::HitAccount| FeedEntry::of(site, &hit.article, &hit.snippet.text);
    let entries: Vec<FeedEntry> = found.hits.iter().map(entry).collect();
    Feed {
        title: clean(title),
        id: named_urn(&format!("{path}{query}")),
        page: format!("{}{path}{query}", site.base_url),
        path: format!("{}{path}", site.base_url),
        query: query.to_owned(),
        // An empty list has been so for ever.
        updated: entries.iter().map(|entry| entry.updated).max().unwrap_or(Timestamp::UNIX_EPOCH),
        entries,
    }
}

/// `/search.atom` and its kin: the latest articles that match, whatever order the page shows.
async fn of_search(site: &Site, asked: &SearchParams) -> Result<Feed, Fault> {
    let newest = asked.with(|search| {
        search.sort = Some("newest".to_owned());
        search.limit = Some(search.limit.unwrap_or(50));
    });
    let found = account::search(site, newest.words(), &newest.page()?).await?;
    let title = match asked.words() {
        "" => "Courant: articles".to_owned(),
        words => format!("Courant: {words}"),
    };
    // The list is the same however long or sorted it was shown.
    let listed = asked.with(|search| (search.limit, search.sort) = (None, None));
    Ok(of_articles(site, &title, "/search", &listed.address(""), &found))
}

/// `/stories.atom` and its kin: each story an entry, which is updated as the story grows.
async fn of_stories(site: &Site, asked: &StoriesParams) -> Result<Feed, Fault> {
    let (stories, _, _) = account::stories(site, asked.ask(2)?).await?;
    let entries: Vec<FeedEntry> = stories
        .iter()
        .map(|story| FeedEntry {
            id: urn(story.id.bytes()),
            title: clean(titled(&story.title)),
            language: story.language.to_string(),
            link: format!("{}/stories/{}", site.base_url, story.id),
            here: format!("{}/stories/{}", site.base_url, story.id),
            summary: format!(
                "{}, {}, {}",
                count(story.articles, "article"),
                count(story.outlets.len(), "outlet"),
                count(story.languages.len(), "language")
            ),
            authors: vec!["Courant".to_owned()],
            published: Some(story.first),
            updated: story.changed,
        })
        .collect();
    Ok(Feed {
        title: "Courant: stories".to_owned(),
        id: named_urn("/stories"),
        page: format!("{}/stories", site.base_url),
        path: format!("{}/stories", site.base_url),
        query: asked.address(""),
        updated: entries.iter().map(|entry| entry.updated).max().unwrap_or(Timestamp::UNIX_EPOCH),
        entries,
    })
}

macro_rules! feed_routes {
    ($($name:ident: $params:ty, $make:path, $format:expr;)*) => {
        $(pub(crate) async fn $name(State(site): State<Arc<Site>>, Viewed(asked): Viewed<$params>) -> Result<Response, Fault> {
            let feed = $make(&site, &asked).await?;
            answer(&site, &feed, $format)
        })*
    };
}

feed_routes! {
    search_atom: SearchParams, of_search, Format::Atom;
    search_rss: SearchParams, of_search, Format::Rss;
    search_json: SearchParams, of_search, Format::Json;
    stories_atom: StoriesParams, of_stories, Format::Atom;
    stories_rss: StoriesParams, of_stories, Format::Rss;
    stories_json: StoriesParams, of_stories, Format::Json;
}

#[derive(Template)]
#[template(path = "feed.atom.xml")]
struct Atom<'a> {
    feed: &'a Feed,
    version: &'a str,
}

#[derive(Template)]
#[template(path = "feed.rss.xml")]
struct Rss<'a> {
    feed: &'a Feed,
    version: &'a str,
}

/// The feed in this format, with its `Last-Modified`.
pub(crate) fn answer(site: &Site, feed: &Feed, format: Format) -> Result<Response, Fault> {
    let version = site.version.as_str();
    let body = match format {
        Format::Atom => Atom { feed, version }.render(),
        Format::Rss => Rss { feed, version }.render(),
        Format::Json => Ok(json_feed(feed).to_string()),
    };
    let body = body.map_err(|why| Fault::internal("the feed cannot be written", why))?;
    let modified = feed.updated.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    Ok(([(header::CONTENT_TYPE, format.content_type().to_owned()), (header::LAST_MODIFIED, modified)], body)
        .into_response())
}

fn json_feed(feed: &Feed) -> Value {
    let item = |entry: &FeedEntry| {
        json!({
            "id": entry.id,
            "url": entry.here,
            "external_url": entry.link,
            "title": entry.title,
            "language": entry.language,
            "content_text": entry.summary,
            "date_published": entry.dated().to_string(),
            "date_modified": entry.updated.to_string(),
            "authors": entry.authors.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
        })
    };
    json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address("json"),
        "items": feed.entries.iter().map(item).collect::<Vec<_>>(),
    })
}

impl Feed {
    fn address(&self, format: &str) -> String {
        format!("{}.{format}{}", self.path, self.query)
    }
}

/// RFC 822 dates, as RSS has them.
fn rfc822(moment: &Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// Sixteen bytes as a `urn:uuid:` (RFC 9562).
fn urn(bytes: [u8; 16]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// A `urn:uuid:` made of a name.
fn named_urn(name: &str) -> String {
    let hash = blake3::hash(format!("feed\0{name}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_bytes()[..16]);
    urn(bytes)
}

/// Without the characters that XML 1.0 section 2.2 cannot hold, escaped or not.
fn clean(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\t' | '\n' | ' '..='\u{FFFD}' | '\u{10000}'..)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_with_its_format() {
        assert_eq!(Format::split("0af3.atom"), ("0af3", Some(Format::Atom)));
        assert_eq!(Format::split("www.example.org"), ("www.example.org", None));
        assert_eq!(Format::split("www.example.org.rss"), ("www.example.org", Some(Format::Rss)));
        assert_eq!(Format::split("x.json"), ("x", Some(Format::Json)));
        assert_eq!(Format::split(""), ("", None));
    }

    #[test]
    fn ids_are_made_of_content() {
        assert_eq!(urn([0xab; 16]), "urn:uuid:abababab-abab-abab-abab-abababababab");
        assert_eq!(named_urn("/search?q=a"), named_urn("/search?q=a"));
        assert_ne!(named_urn("/search?q=a"), named_urn("/search?q=b"));
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(clean("a\u{0}b\u{1b}c\u{ffff}\n😀"), "abc\n😀");
    }
}
