//! JSON-LD: what `script type="application/ld+json"` says of the article. Broken JSON is mended as
//! far as outlets break it in practice; references by `@id` are followed; of several articles the one
//! that is about this page is taken.

use std::collections::HashMap;

use scraper::{Html, Node};
use serde_json::{Map, Value};

use super::claims::{self, Review};
use super::dom::{DomNode, attribute, plain};

/// An author as structured data names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Plain text.
    pub(crate) name: String,
    /// Whether it is typed as an organisation.
    pub(crate) organisation: bool,
}

/// A picture as structured data describes one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Picture {
    /// As written.
    pub(crate) url: String,
    /// Plain text.
    pub(crate) caption: Option<String>,
    /// Plain text.
    pub(crate) credit: Option<String>,
}

/// What structured data says of an article. All texts are plain.
#[derive(Debug, Default)]
pub(crate) struct Structured {
    /// Whether an article is described at all.
    pub(crate) is_article: bool,
    /// Whether a list or a front page is described instead (`ItemList`, `CollectionPage`).
    pub(crate) is_list: bool,
    /// The headline.
    pub(crate) headline: Option<String>,
    /// The description.
    pub(crate) description: Option<String>,
    /// The authors, in order.
    pub(crate) authors: Vec<Named>,
    /// First published, as written.
    pub(crate) published: Option<String>,
    /// Last changed, as written.
    pub(crate) modified: Option<String>,
    /// The section.
    pub(crate) section: Option<String>,
    /// Keywords.
    pub(crate) keywords: Vec<String>,
    /// The text; its paragraphs as it parts them.
    pub(crate) body: Option<String>,
    /// Pictures.
    pub(crate) pictures: Vec<Picture>,
    /// `isAccessibleForFree`.
    pub(crate) free: Option<bool>,
    /// Name of the publisher.
    pub(crate) publisher: Option<String>,
    /// `inLanguage`.
    pub(crate) language: Option<String>,
    /// The claims that the page reviews.
    pub(crate) reviews: Vec<Review>,
}

/// How much JSON a page may bring, in bytes.
const LONGEST: usize = 1_500_000;

/// Types that are articles, most telling first.
const ARTICLES: &[&str] = &[
    "NewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "AskPublicNewsArticle",
    "Article",
    "BlogPosting",
    "LiveBlogPosting",
    "Report",
    "SatiricalArticle",
    "ScholarlyArticle",
    "TechArticle",
    "SocialMediaPosting",
];

/// Reads all JSON-LD of a page. `about` tells which address and title the page has.
pub(crate) fn read(html: &Html, title: &str) -> Structured {
    let mut nodes: Vec<Map<String, Value>> = Vec::new();
    let mut left = LONGEST;
    let mut reviews = false;
    // As they were parsed: no walk along links, and the order of the page but for misplaced tables.
    for node in html.tree.nodes() {
        let Some(script) = script(node) else { continue };
        let Some(rest) = left.checked_sub(script.len()) else { break };
        left = rest;
        reviews |= memchr::memmem::find(script.as_bytes(), b"laim").is_some();
        if let Some(value) = parse(&script) {
            flatten(value, &mut nodes, 0);
        }
    }
    structured(&nodes, title, reviews)
}

fn script(node: DomNode<'_>) -> Option<String> {
    let element = node.value().as_element().filter(|element| element.name() == "script")?;
    let kind = attribute(element, "type")?.to_ascii_lowercase();
    if !kind.contains("ld+json") {
        return None;
    }
    let texts = node.children().filter_map(|child| match child.value() {
        Node::Text(text) => Some(&**text),
        _ => None,
    });
    Some(texts.collect())
}

/// JSON as outlets write it: in comments, with raw control characters, with a semicolon or comma too
/// many, several values in one element.
fn parse(script: &str) -> Option<Value> {
    let script = script.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let script = script.trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let script = script.trim_end_matches("//]]>").trim_end_matches("]]>").trim().trim_end_matches(';');
    if let Ok(value) = serde_json::from_str(script) {
        return Some(value);
    }
    let mended = mend(script);
    let values = serde_json::Deserializer::from_str(&mended).into_iter::<Value>();
    let values: Vec<Value> = values.map_while(Result::ok).collect();
    (!values.is_empty()).then_some(Value::Array(values))
}

/// Escapes control characters within strings, and drops commas before a closing bracket.
fn mend(script: &str) -> String {
    let mut out = String::with_capacity(script.len() + 16);
    let (mut quoted, mut escaped) = (false, false);
    for c in script.chars() {
        match c {
            _ if escaped => {
                escaped = false;
                // JSON knows no `\'`.
                if c == '\'' {
                    out.pop();
                }
                out.push(c);
                continue;
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '\n' | '\r' | '\t' if quoted => {
                out.push_str(if c == '\n' { "\\n" } else { " " });
                continue;
            }
            c if quoted && c.is_control() => continue,
            '}' | ']' if !quoted => {
                let kept = out.trim_end().trim_end_matches(',').len();
                out.truncate(kept);
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// All objects of `value` that stand on their own or in `@graph`, `mainEntity` and the like.
fn flatten(value: Value, nodes: &mut Vec<Map<String, Value>>, depth: usize) {
    if depth > 8 || nodes.len() > 2_000 {
        return;
    }
    match value {
        Value::Array(values) => values.into_iter().for_each(|value| flatten(value, nodes, depth + 1)),
        Value::Object(mut object) => {
            if let Some(graph) = object.remove("@graph") {
                flatten(graph, nodes, depth + 1);
            }
            for key in ["mainEntity", "mainEntityOfPage"] {
                if object.get(key).is_some_and(Value::is_object)
                    && let Some(inner) = object.get(key).cloned()
                {
                    flatten(inner, nodes, depth + 1);
                }
            }
            nodes.push(object);
        }
        _ => {}
    }
}

pub(super) fn types(object: &Map<String, Value>) -> Vec<&str> {
    let short = |name: &'_ str| -> usize { name.rfind(['/', ':', '#']).map_or(0, |at| at + 1) };
    match object.get("@type") {
        Some(Value::String(name)) => vec![&name[short(name)..]],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(|name| &name[short(name)..]).collect(),
        _ => Vec::new(),
    }
}

fn structured(nodes: &[Map<String, Value>], title: &str, reviews: bool) -> Structured {
    let ids: HashMap<&str, &Map<String, Value>> = nodes
        .iter()
        .rev()
        .filter(|node| node.len() > 1)
        .filter_map(|node| Some((node.get("@id")?.as_str()?, node)))
        .collect();
    let reader = Reader { ids };
    let is = |node: &Map<String, Value>, names: &[&str]| types(node).iter().any(|kind| names.contains(kind));
    let articles = nodes.iter().filter(|node| is(node, ARTICLES));
    // The headline that the title of the page repeats is this page's; else the first with a date.
    let rank = |node: &&Map<String, Value>| {
        let headline = reader.text(node.get("headline").or_else(|| node.get("name"))).unwrap_or_default();
        let fits = !headline.is_empty() && (title.contains(&headline) || headline.contains(title) && !title.is_empty());
        (fits, node.contains_key("datePublished"), node.contains_key("headline"))
    };
    let mut best: Option<&Map<String, Value>> = None;
    for article in articles {
        if best.is_none_or(|known| rank(&article) > rank(&known)) {
            best = Some(article);
        }
    }
    let mut found = match best {
        Some(article) => reader.article(article),
        None => Structured::default(),
    };
    found.is_list =
        best.is_none() && nodes.iter().any(|node| is(node, &["ItemList", "CollectionPage", "SearchResultsPage"]));
    // A page or a player without an article still knows its title, date and language.
    if best.is_none()
        && let Some(page) =
            nodes.iter().find(|node| is(node, &["WebPage", "ItemPage", "VideoObject", "Recipe", "Review"]))
    {
        let page = reader.article(page);
        found = Structured { is_article: false, is_list: found.is_list, ..page };
    }
    if reviews {
        found.reviews = claims::find(&reader, nodes);
    }
    found
}

/// Reads values of the objects of one page.
pub(super) struct Reader<'a> {
    ids: HashMap<&'a str, &'a Map<String, Value>>,
}

impl<'a> Reader<'a> {
    fn article(&self, node: &Map<String, Value>) -> Structured {
        let text = |key: &str| self.text(node.get(key));
        let raw = |key: &str| node.get(key).and_then(|value| self.first_string(value)).map(str::to_owned);
        let authors = [node.get("author"), node.get("creator")];
        Structured {
            is_article: true,
            is_list: false,
            headline: text("headline").or_else(|| text("name")),
            description: text("description"),
            authors: authors
                .into_iter()
                .flatten()
                .map(|value| self.names(value, 0))
                .find(|a| !a.is_empty())
                .unwrap_or_default(),
            published: raw("datePublished").or_else(|| raw("dateCreated")).or_else(|| raw("uploadDate")),
            modified: raw("dateModified"),
            section: text("articleSection"),
            keywords: node.get("keywords").map(|value| self.keywords(value)).unwrap_or_default(),
            body: raw("articleBody").filter(|body| !body.trim().is_empty()),
            pictures: node.get("image").map(|value| self.pictures(value, 0)).unwrap_or_default(),
            free: node.get("isAccessibleForFree").and_then(truth),
            publisher: node
                .get("publisher")
                .and_then(|value| self.names(value, 0).into_iter().next())
                .map(|found| found.name),
            language: raw("inLanguage"),
            reviews: Vec::new(),
        }
    }

    /// The object that `value` is, or that it refers to.
    fn resolve<'v>(&'v self, value: &'v Value) -> Option<&'v Map<String, Value>> {
        let object = value.as_object()?;
        let id = object.get("@id").and_then(Value::as_str);
        match id {
            // A reference brings no name of its own.
            Some(id) if !object.contains_key("name") => self.ids.get(id).copied().or(Some(object)),
            _ => Some(object),
        }
    }

    fn first_string<'v>(&self, value: &'v Value) -> Option<&'v str> {
        match value {
            Value::String(text) => Some(text),
            Value::Array(values) => values.iter().find_map(|value| self.first_string(value)),
            Value::Object(object) => ["@value", "name"].iter().find_map(|key| object.get(*key)?.as_str()),
            _ => None,
        }
    }

    /// A text, plain; of a list the first.
    pub(super) fn text(&self, value: Option<&Value>) -> Option<String> {
        let text = plain(self.first_string(value?)?);
        (!text.is_empty()).then_some(text)
    }

    /// The names of the people and organisations that a value is or lists.
    pub(super) fn people(&self, value: &Value) -> Vec<String> {
        let names = self.names(value, 0).into_iter().map(|named| named.name);
        names.filter(|name| !name.is_empty()).collect()
    }

    fn names(&self, value: &Value, depth: usize) -> Vec<Named> {
        if depth > 4 {
            return Vec::new();
        }
        match value {
            Value::String(name) => vec![Named { name: plain(name), organisation: false }],
            Value::Array(values) => values.iter().take(50).flat_map(|value| self.names(value, depth + 1)).collect(),
            Value::Object(_) => {
                let Some(object) = self.resolve(value) else { return Vec::new() };
                let kinds = types(object);
                let organisation = kinds.iter().any(|kind| kind.contains("Organization") || *kind == "Corporation");
                match object.get("name") {
                    Some(Value::String(name)) => vec![Named { name: plain(name), organisation }],
                    Some(inner @ (Value::Array(_) | Value::Object(_))) => self.names(inner, depth + 1),
                    _ => match (self.text(object.get("givenName")), self.text(object.get("familyName"))) {
                        (Some(given), Some(family)) => vec![Named { name: format!("{given} {family}"), organisation }],
                        _ => Vec::new(),
                    },
                }
            }
            _ => Vec::new(),
        }
    }

    fn keywords(&self, value: &Value) -> Vec<String> {
        match value {
            Value::String(text) => {
                text.split([',', ';', '、']).map(plain).filter(|word| !word.is_empty()).take(50).collect()
            }
            Value::Array(values) => values
                .iter()
                .filter_map(|value| self.text(Some(value)))
                .filter(|word| word.len() < 200)
                .take(50)
                .collect(),
            _ => Vec::new(),
        }
    }

    fn pictures(&self, value: &Value, depth: usize) -> Vec<Picture> {
        if depth > 3 {
            return Vec::new();
        }
        match value {
            Value::String(url) => vec![Picture { url: url.clone(), ..Picture::default() }],
            Value::Array(values) => values.iter().take(30).flat_map(|value| self.pictures(value, depth + 1)).collect(),
            Value::Object(_) => {
                let Some(object) = self.resolve(value) else { return Vec::new() };
                let url = ["url", "contentUrl", "@id"].iter().find_map(|key| self.first_string(object.get(*key)?));
                let text = |keys: &[&str]| keys.iter().find_map(|key| self.text(object.get(*key)));
                let Some(url) = url else { return Vec::new() };
                let author = || object.get("author").or_else(|| object.get("creator"));
                let author =
                    || author().and_then(|value| self.names(value, 0).into_iter().next()).map(|found| found.name);
                vec![Picture {
                    url: url.to_owned(),
                    caption: text(&["caption", "description"]),
                    credit: text(&["creditText", "copyrightNotice"]).or_else(author),
                }]
            }
            _ => Vec::new(),
        }
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "http://schema.org/true" | "https://schema.org/true" => Some(true),
            "false" | "no" | "http://schema.org/false" | "https://schema.org/false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_json(json: &str) -> Structured {
        let page = format!("<script type='application/ld+json'>{json}</script>");
        read(&super::super::dom::parse(&page).0, "A title - Outlet")
    }

    #[test]
    fn a_graph_with_references_is_followed() {
        let found = read_json(
            r##"{"@graph":[{"@type":"WebPage","@id":"#page","name":"Other"},
            {"@type":["NewsArticle"],"headline":"A title","author":[{"@id":"#ada"},{"@type":"Organization","name":"AFP"}],
             "datePublished":"2021-07-19T10:00:00Z","articleSection":["Tech","World"],"keywords":"a, b","isAccessibleForFree":"False",
             "image":{"@id":"#img"},"publisher":{"@id":"#org"}},
            {"@type":"Person","@id":"#ada","name":"Ada &amp; Bell"},{"@type":"Organization","@id":"#org","name":"Outlet"},
            {"@type":"ImageObject","@id":"#img","url":"/a.jpg","caption":"C","creditText":"X / AFP"}]}"##,
        );
        assert!(found.is_article);
        let names: Vec<_> = found.authors.iter().map(|author| (author.name.as_str(), author.organisation)).collect();
        assert_eq!(names, [("Ada & Bell", false), ("AFP", true)]);
        assert_eq!(found.section.as_deref(), Some("Tech"));
        assert_eq!(found.keywords, ["a", "b"]);
        assert_eq!(found.free, Some(false));
        assert_eq!(found.publisher.as_deref(), Some("Outlet"));
        assert_eq!(found.pictures[0].credit.as_deref(), Some("X / AFP"));
    }

    #[test]
    fn broken_json_is_mended() {
        let found =
            read_json("//<![CDATA[\n{\"@type\":\"Article\",\"headline\":\"Line\nbreak\",\"author\":\"Ada\",};\n//]]>");
        assert_eq!(found.headline.as_deref(), Some("Line break"));
        assert_eq!(found.authors[0].name, "Ada");
    }

    #[test]
    fn of_several_articles_the_pages_own_is_taken() {
        let found = read_json(
            r#"[{"@type":"Article","headline":"Another","datePublished":"2020-01-01"},
                {"@type":"NewsArticle","headline":"A title","datePublished":"2021-01-01"}]"#,
        );
        assert_eq!(found.headline.as_deref(), Some("A title"));
    }

    #[test]
    fn odd_json_is_nothing() {
        for odd in [
            "",
            "null",
            "[]",
            "{\"@type\":5}",
            "{\"@type\":\"Article\",\"author\":{\"name\":{\"name\":{}}}}",
            "{{{{",
            "\u{0}",
        ] {
            assert!(read_json(odd).authors.is_empty(), "{odd}");
        }
        assert!(!read_json(&"[".repeat(100_000)).is_article);
        assert!(read_json(r#"{"@type":"ItemList"}"#).is_list);
    }
}
