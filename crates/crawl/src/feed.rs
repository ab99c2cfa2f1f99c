//! What a feed says: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed, in any state of repair.
//!
//! One lenient reader for all of XML (see `markup` and `tree`): a feed that breaks off yields what
//! stands before the break, and a mixture of dialects is read as a mixture. Titles, authors and
//! summaries come out as plain text, links absolute, dates with their precision. Never an error;
//! what was odd is in the notes.

mod json;
pub(crate) mod quiet;
mod value;

use courant_model::{DateSource, Dated, Language, Quiet};
use jiff::SignedDuration;
use url::Url;

use crate::discover::adverts;
use crate::markup::collapse;
use crate::tree::{Id, Space, Tree};
use crate::when::read_date;
use value::{Value, value};

/// What a feed says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeedReading {
    /// The feed's own title.
    pub title: Option<String>,
    /// The language that the feed says it is in.
    pub language: Option<Language>,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
    /// The feed asks not to be fetched again sooner.
    pub ttl: Option<SignedDuration>,
    /// When it asks not to be fetched at all.
    pub quiet: Quiet,
    /// The character encoding that it was read by (WHATWG name).
    pub encoding: String,
    /// What was odd, and how it was read all the same.
    pub notes: Vec<String>,
}

/// One entry of a feed. All text is plain.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// As given; no address unless it happens to be one.
    pub id: Option<String>,
    /// The page, absolute where that could be told.
    pub url: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Names, in order, each once.
    pub authors: Vec<String>,
    /// First published.
    pub published: Option<Dated>,
    /// Last changed.
    pub updated: Option<Dated>,
    /// The summary, else the content.
    pub summary: Option<String>,
    /// The language that the entry or the feed says.
    pub language: Option<Language>,
    /// It says of itself that it is an advertisement, by a category or before its title.
    pub sponsored: bool,
}

/// So many entries are read of one feed.
const MAX_ENTRIES: usize = 20_000;

/// Reads a feed that was found at `url`. `content_type` is the header's value.
pub fn read_feed(bytes: &[u8], content_type: Option<&str>, url: &Url) -> FeedReading {
    let decoded = courant_text::charset::decode_xml(bytes, content_type, tld(url));
    let text = decoded.text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    let mut reading = if text.starts_with('{') { json::read(text, url) } else { read_xml(text, url) };
    reading.encoding = decoded.encoding.to_owned();
    reading.notes.extend(decoded.note);
    reading
}

/// The last label of the URL's host, by which a charset is guessed.
pub(crate) fn tld(url: &Url) -> Option<&str> {
    url.domain()?.rsplit('.').next()
}

fn read_xml(text: &str, url: &Url) -> FeedReading {
    let tree = Tree::build(text);
    let mut reading = FeedReading::default();
    if tree.cut {
        reading.notes.push("the feed is larger than is read; its end is missing".to_owned());
    }
    let document = Document { tree: &tree, url };
    let head = document.head();
    if let Some(head) = head {
        reading.title = document.title(head);
        reading.language = document.language(head);
        reading.ttl = document.ttl(head);
        reading.quiet = document.quiet(head);
    }
    let entries = tree.ids().filter(|id| is_entry(&tree, *id));
    for id in entries.take(MAX_ENTRIES) {
        reading.entries.push(document.entry(id, head, reading.language));
    }
    if reading.entries.is_empty() {
        reading.notes.push(emptiness(&tree, head));
    }
    reading
}

/// Why there are no entries.
fn emptiness(tree: &Tree<'_>, head: Option<Id>) -> String {
    let root = tree.ids().next().map(|id| tree.node(id).name.clone());
    match (head, root.as_deref()) {
        (Some(_), _) => "the feed has no entries".to_owned(),
        (None, Some("html")) => "this is an HTML page, not a feed".to_owned(),
        (None, Some(root)) => format!("this is no feed: its first element is {root}"),
        (None, None) => "this is no feed: it has no elements".to_owned(),
    }
}

fn is_entry(tree: &Tree<'_>, id: Id) -> bool {
    let node = tree.node(id);
    node.space == Space::Core && matches!(node.name.as_str(), "item" | "entry")
}

/// A feed's elements, and where it was found.
struct Document<'a> {
    tree: &'a Tree<'a>,
    url: &'a Url,
}

impl Document<'_> {
    /// The element that speaks for the feed as a whole.
    fn head(&self) -> Option<Id> {
        let named = |names: &[&str]| {
            self.tree.ids().find(|id| {
                let node = self.tree.node(*id);
                matches!(node.space, Space::Core | Space::Rdf) && names.contains(&node.name.as_str())
            })
        };
        named(&["channel", "feed"]).or_else(|| named(&["rss", "rdf"]))
    }

    fn title(&self, id: Id) -> Option<String> {
        self.first_value(id, &[(Space::Core, "title"), (Space::Dc, "title"), (Space::Media, "title")])
            .or_else(|| self.grouped(id, "title"))
    }

    /// What Media RSS says of an entry within a group.
    fn grouped(&self, id: Id, name: &str) -> Option<String> {
        self.tree.named(id, Space::Media, "group").find_map(|group| self.first_value(group, &[(Space::Media, name)]))
    }

    fn first_value(&self, id: Id, names: &[(Space, &str)]) -> Option<String> {
        names.iter().find_map(|(space, name)| {
            // Of two with one name, the first that says something.
            self.tree.named(id, *space, name).find_map(|child| value(self.tree, child).into_plain())
        })
    }

    fn first_text(&self, id: Id, names: &[(Space, &str)]) -> Option<String> {
        names.iter().find_map(|(space, name)| {
            self.tree.named(id, *space, name).find_map(|child| full(self.tree.text(child).trim()))
        })
    }

    fn language(&self, id: Id) -> Option<Language> {
        let said = self.tree.attribute(id, "xml:lang").map(str::to_owned);
        let said = said.or_else(|| self.first_text(id, &[(Space::Core, "language"), (Space::Dc, "language")]));
        let said = said.or_else(|| self.tree.inherited(id, "xml:lang").map(str::to_owned))?;
        let language = Language::parse(said.trim());
        (language != Language::UND).then_some(language)
    }

    /// RSS `ttl` (minutes), else the update period of the syndication module.
    fn ttl(&self, id: Id) -> Option<SignedDuration> {
        if let Some(minutes) = self.first_text(id, &[(Space::Core, "ttl")]).and_then(|text| text.parse::<u32>().ok()) {
            return Some(SignedDuration::from_mins(minutes.min(60 * 24 * 30).into()));
        }
        let period = self.first_text(id, &[(Space::Syndication, "updateperiod")])?;
        let hours = match period.to_lowercase().as_str() {
            "hourly" => 1,
            "daily" => 24,
            "weekly" => 24 * 7,
            "monthly" => 24 * 30,
            "yearly" => 24 * 365,
            _ => return None,
        };
        let times = self.first_text(id, &[(Space::Syndication, "updatefrequency")]);
        let times = times.and_then(|text| text.parse::<i32>().ok()).filter(|times| *times > 0).unwrap_or(1);
        Some(SignedDuration::from_hours(hours) / times)
    }

    fn quiet(&self, id: Id) -> Quiet {
        let mut found = Quiet::default();
        for list in self.tree.named(id, Space::Core, "skiphours") {
            self.tree
                .named(list, Space::Core, "hour")
                .for_each(|hour| quiet::add_hour(&mut found, &self.tree.text(hour)));
        }
        for list in self.tree.named(id, Space::Core, "skipdays") {
            self.tree.named(list, Space::Core, "day").for_each(|day| quiet::add_day(&mut found, &self.tree.text(day)));
        }
        found
    }

    fn entry(&self, id: Id, head: Option<Id>, feed_language: Option<Language>) -> Entry {
        let language = self.language(id).or(feed_language);
        let date = |names: &[(Space, &str)]| {
            names.iter().find_map(|(space, name)| {
                // Of two with one name, the last: it was added later.
                let found = self.tree.named(id, *space, name);
                found.filter_map(|child| read_date(self.tree.text(child).trim(), language, DateSource::Feed)).last()
            })
        };
        let mut authors = self.authors(id);
        if authors.is_empty() {
            // RFC 4287 section 4.2.1: an entry without authors has its source's, else the feed's.
            let source = self.tree.named(id, Space::Core, "source").next();
            authors = source.map(|source| self.authors(source)).filter(|found| !found.is_empty()).unwrap_or_default();
        }
        if let (true, Some(head)) = (authors.is_empty(), head) {
            authors = self.atom_authors(head);
        }
        let title = self.title(id);
        Entry {
            id: self.id(id),
            url: self.link(id),
            sponsored: title.as_deref().is_some_and(adverts::is_marked) || self.is_labelled(id),
            title,
            authors,
            published: date(&[
                (Space::Core, "published"),
                (Space::Core, "pubdate"),
                (Space::Core, "issued"),
                (Space::Dc, "issued"),
                (Space::Dc, "date"),
                (Space::Dc, "created"),
                (Space::Core, "created"),
                (Space::Core, "date"),
            ]),
            updated: date(&[(Space::Core, "updated"), (Space::Core, "modified"), (Space::Dc, "modified")]),
            summary: self
                .first_value(
                    id,
                    &[
                        (Space::Core, "description"),
                        (Space::Core, "summary"),
                        (Space::Dc, "description"),
                        (Space::Itunes, "summary"),
                        (Space::Media, "description"),
                        (Space::Core, "content"),
                        (Space::Content, "encoded"),
                        (Space::Core, "fullitem"),
                        (Space::Xhtml, "body"),
                        (Space::Xhtml, "div"),
                        (Space::Core, "body"),
                        (Space::Core, "abstract"),
                        (Space::Core, "tagline"),
                        (Space::Itunes, "subtitle"),
                    ],
                )
                .or_else(|| self.grouped(id, "description")),
            language,
        }
    }

    /// Whether a category calls the entry an advertisement.
    fn is_labelled(&self, id: Id) -> bool {
        let categories = self.tree.named(id, Space::Core, "category").chain(self.tree.named(id, Space::Dc, "subject"));
        categories.into_iter().any(|category| {
            // Atom's stand in attributes, all others' in the element.
            let said = ["term", "label"].iter().filter_map(|name| self.tree.attribute(category, name));
            said.into_iter().any(adverts::is_label) || adverts::is_label(&self.tree.text(category))
        })
    }

    fn id(&self, id: Id) -> Option<String> {
        let text = self.first_text(id, &[(Space::Core, "guid"), (Space::Core, "id")]);
        let text = text.or_else(|| self.tree.attribute(id, "rdf:about").and_then(full));
        text.or_else(|| self.first_text(id, &[(Space::Dc, "identifier")]))
    }

    /// The page of an entry: Atom's alternate link, RSS's link, a guid that is one.
    fn link(&self, id: Id) -> Option<String> {
        let mut best: Option<(u8, Id, String)> = None;
        let links = self.tree.children(id).filter(|child| {
            let node = self.tree.node(*child);
            node.space == Space::Core && matches!(node.name.as_str(), "link" | "guid" | "url")
        });
        for child in links {
            let Some((rank, text)) = self.link_rank(child) else { continue };
            if best.as_ref().is_none_or(|(known, ..)| rank < *known) {
                best = Some((rank, child, text));
            }
        }
        if let Some((_, child, text)) = best {
            return Some(self.absolute(child, &text));
        }
        // RDF names an item by its address, CDF links from the item itself.
        if let Some(text) = ["rdf:about", "href"].iter().find_map(|name| self.tree.attribute(id, name)).and_then(full) {
            return Some(self.absolute(id, &text));
        }
        // An entry whose content lies elsewhere is that place.
        let content = self
            .tree
            .named(id, Space::Core, "content")
            .find_map(|child| self.tree.attribute(child, "src").and_then(full).map(|text| (child, text)));
        content.map(|(child, text)| self.absolute(child, &text))
    }

    /// How good a link is (lower is better), and where it leads.
    fn link_rank(&self, id: Id) -> Option<(u8, String)> {
        let node = self.tree.node(id);
        if node.name == "guid" {
            let says_no = self.tree.attribute(id, "ispermalink").is_some_and(|said| said.eq_ignore_ascii_case("false"));
            let text = full(self.tree.text(id).trim())?;
            return (!says_no && looks_absolute(&text)).then_some((4, text));
        }
        let Some(href) = self.tree.attribute(id, "href").and_then(full) else {
            return full(self.tree.text(id).trim()).map(|text| (2, text));
        };
        let kind = self.tree.attribute(id, "type").unwrap_or_default();
        match self.tree.attribute(id, "rel").map(|rel| rel.trim().to_lowercase()).as_deref() {
            None | Some("" | "alternate" | "http://www.iana.org/assignments/relation/alternate") => {
                Some((if kind.is_empty() || kind.contains("html") { 1 } else { 3 }, href))
            }
            Some("related" | "via" | "self") => Some((5, href)),
            Some(_) => None,
        }
    }

    /// `text` against every `xml:base` above it and the feed's own address.
    fn absolute(&self, id: Id, text: &str) -> String {
        let mut base = self.url.clone();
        let bases: Vec<&str> = self.tree.ancestors(id).filter_map(|id| self.tree.attribute(id, "xml:base")).collect();
        // Nothing nests deeper than this in good faith.
        for step in bases.iter().rev().take(32) {
            if let Ok(joined) = base.join(step.trim()) {
                base = joined;
            }
        }
        base.join(text.trim()).map_or_else(|_| text.trim().to_owned(), String::from)
    }

    fn authors(&self, id: Id) -> Vec<String> {
        let mut names = self.atom_authors(id);
        for (space, name) in [(Space::Dc, "creator"), (Space::Dc, "author"), (Space::Itunes, "author")] {
            for child in self.tree.named(id, space, name) {
                push_name(&mut names, &value(self.tree, child).into_plain().unwrap_or_default());
            }
            if !names.is_empty() {
                break;
            }
        }
        names
    }

    /// `author` with a `name` inside, or RSS's with a mail address and a name.
    fn atom_authors(&self, id: Id) -> Vec<String> {
        let mut names = Vec::new();
        for child in self.tree.named(id, Space::Core, "author") {
            let inside = self.first_value(child, &[(Space::Core, "name"), (Space::Core, "email")]);
            match inside {
                Some(name) => push_name(&mut names, &name),
                None => push_name(&mut names, &value(self.tree, child).into_plain().unwrap_or_default()),
            }
        }
        names
    }
}

/// Adds a name as people write it: `jo@example.org (Jo Bell)` is Jo Bell.
fn push_name(names: &mut Vec<String>, text: &str) {
    let name = match text.trim().strip_suffix(')').and_then(|text| text.split_once('(')) {
        Some((mail, name)) if mail.contains('@') => name,
        _ => text,
    };
    let name = match name.split_once('<') {
        Some((before, mail)) if mail.contains('@') && !before.trim().is_empty() => before,
        _ => name,
    };
    let name = collapse(name);
    if !name.is_empty() && !names.contains(&name) {
        names.push(name);
    }
}

fn looks_absolute(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| matches!(scheme.to_lowercase().as_str(), "http" | "https"))
}

/// `None` for nothing.
fn full(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

impl Value {
    fn into_plain(self) -> Option<String> {
        full(&self.0)
    }
}

#[cfg(test)]
mod tests;
