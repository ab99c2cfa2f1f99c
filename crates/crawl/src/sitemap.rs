//! What a sitemap says (sitemaps.org protocol 0.9, Google's news extension, hreflang): an urlset, an
//! index, a list of addresses as text, or a feed used as one; plain or gzipped.
//!
//! Read as a stream, so that a map of fifty thousand pages costs little more than its own size.
//! Never an error: a map that breaks off yields what stands before the break, with a note.

use std::io::Read;

use courant_model::{DateSource, Dated, Language};
use url::Url;

use crate::feed::{read_feed, tld};
use crate::markup::{Piece, collapse, pieces, plain};
use crate::when::read_date;

/// So many addresses are read of one map, and so many maps of one index (the protocol's limit).
const MAX_URLS: usize = 50_000;
/// A map is read so far, unpacked (the protocol's limit).
const MAX_BYTES: u64 = 50 * 1024 * 1024;
/// So many other languages of one page are read.
const MAX_ALTERNATES: usize = 200;

/// What a sitemap says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SitemapReading {
    /// The pages it names, in its order.
    pub urls: Vec<SitemapEntry>,
    /// The sitemaps it names: it is an index.
    pub sitemaps: Vec<SitemapEntry>,
    /// What was odd, and how it was read all the same.
    pub notes: Vec<String>,
}

/// One page of a sitemap, or one sitemap of an index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SitemapEntry {
    /// Absolute.
    pub url: String,
    /// Last changed.
    pub lastmod: Option<Dated>,
    /// What a news sitemap says of it.
    pub news: Option<News>,
    /// The same page in other languages, as `hreflang` says, with their addresses.
    pub alternates: Vec<(String, String)>,
}

/// Google's news extension.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct News {
    /// The headline.
    pub title: Option<String>,
    /// The language of the publication.
    pub language: Option<Language>,
    /// First published.
    pub published: Option<Dated>,
}

/// Reads a sitemap that was found at `url`. `content_type` is the header's value.
pub fn read_sitemap(bytes: &[u8], content_type: Option<&str>, url: &Url) -> SitemapReading {
    let mut notes = Vec::new();
    let unpacked = bytes.starts_with(&[0x1f, 0x8b]).then(|| unpack(bytes, &mut notes));
    let bytes = unpacked.as_deref().unwrap_or(bytes);
    // A map that came packed has a content type that speaks of the packing.
    let content_type = if unpacked.is_some() { None } else { content_type };
    let decoded = courant_text::charset::decode_xml(bytes, content_type, tld(url));
    let text = decoded.text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    let mut reading = match text.starts_with('<') {
        true => read_xml(text, bytes, content_type, url),
        false => read_lines(text, url),
    };
    reading.notes.splice(0..0, notes);
    reading.notes.extend(decoded.note);
    if reading.urls.is_empty() && reading.sitemaps.is_empty() && reading.notes.is_empty() {
        reading.notes.push("the sitemap names no pages".to_owned());
    }
    reading
}

fn unpack(bytes: &[u8], notes: &mut Vec<String>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(bytes).take(MAX_BYTES);
    if let Err(error) = decoder.read_to_end(&mut out) {
        notes.push(format!("the gzip breaks off after {} bytes: {error}", out.len()));
    }
    if out.len() as u64 == MAX_BYTES {
        notes.push("the sitemap is larger than is read; its end is missing".to_owned());
    }
    out
}

/// One address a line; other lines are passed over.
fn read_lines(text: &str, base: &Url) -> SitemapReading {
    let mut reading = SitemapReading::default();
    let urls = text.lines().map(str::trim).filter(|line| line.starts_with("http://") || line.starts_with("https://"));
    for line in urls.take(MAX_URLS) {
        if let Some(url) = absolute(base, line) {
            reading.urls.push(SitemapEntry { url, ..SitemapEntry::default() });
        }
    }
    if reading.urls.is_empty() {
        reading.notes.push("this is no sitemap: neither XML nor a list of addresses".to_owned());
    }
    reading
}

fn read_xml(text: &str, bytes: &[u8], content_type: Option<&str>, url: &Url) -> SitemapReading {
    let mut reader =
        Reader { base: url, reading: SitemapReading::default(), open: Vec::new(), entry: None, words: String::new() };
    let mut root = None;
    for piece in pieces(text) {
        if let (None, Piece::Open { name, .. }) = (&root, &piece) {
            let name = local(name);
            if matches!(name.as_str(), "rss" | "feed" | "rdf") {
                return from_feed(bytes, content_type, url);
            }
            root = Some(name);
        }
        reader.take(piece);
        if reader.reading.urls.len() >= MAX_URLS || reader.reading.sitemaps.len() >= MAX_URLS {
            reader
                .reading
                .notes
                .push(format!("the sitemap names more than {MAX_URLS} addresses; the rest is not read"));
            break;
        }
    }
    // An entry that the end cut in two is left for the next time.
    if reader.entry.is_some() {
        reader.reading.notes.push("the sitemap breaks off".to_owned());
    }
    let mut reading = reader.reading;
    match root.as_deref() {
        Some("urlset" | "sitemapindex") => {}
        Some("html") => reading.notes.push("this is an HTML page, not a sitemap".to_owned()),
        Some(root) => reading.notes.push(format!("the first element is {root}, which no sitemap has")),
        None => reading.notes.push("this is no sitemap: it has no elements".to_owned()),
    }
    reading
}

fn from_feed(bytes: &[u8], content_type: Option<&str>, url: &Url) -> SitemapReading {
    let feed = read_feed(bytes, content_type, url);
    let entry = |entry: crate::feed::Entry| {
        let url = entry.url?;
        let published = entry.published.map(|date| Dated { source: DateSource::Sitemap, ..date });
        let lastmod = entry.updated.map(|date| Dated { source: DateSource::Sitemap, ..date }).or(published);
        Some(SitemapEntry { url, lastmod, news: None, alternates: Vec::new() })
    };
    SitemapReading {
        urls: feed.entries.into_iter().filter_map(entry).collect(),
        sitemaps: Vec::new(),
        notes: feed.notes,
    }
}

/// Which list an entry goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Page,
    Map,
}

struct Reader<'a> {
    base: &'a Url,
    reading: SitemapReading,
    /// Local names of the elements that are open.
    open: Vec<String>,
    entry: Option<(Kind, SitemapEntry)>,
    /// The text of the innermost element.
    words: String,
}

/// Deeper elements are of no sitemap's.
const MAX_DEPTH: usize = 16;

impl Reader<'_> {
    fn take(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Open { name, attributes, empty } => {
                let name = local(name);
                match name.as_str() {
                    "url" => self.begin(Kind::Page),
                    "sitemap" => self.begin(Kind::Map),
                    "link" => self.alternate(&attributes),
                    "news" => {
                        if let Some((_, entry)) = &mut self.entry {
                            entry.news.get_or_insert_default();
                        }
                    }
                    _ => {}
                }
                self.words.clear();
                if !empty && self.open.len() < MAX_DEPTH {
                    self.open.push(name);
                }
            }
            Piece::Close(name) => {
                let name = local(name);
                if let Some(at) = self.open.iter().rposition(|open| *open == name) {
                    let parent = at.checked_sub(1).map(|at| self.open[at].clone()).unwrap_or_default();
                    self.open.truncate(at);
                    if at == 0 {
                        self.finish_entry();
                    }
                    self.close(&name, &parent);
                }
                self.words.clear();
            }
            Piece::Text(text) => self.words.push_str(&text),
            Piece::Cdata(text) => self.words.push_str(text),
        }
    }

    fn begin(&mut self, kind: Kind) {
        self.finish_entry();
        self.entry = Some((kind, SitemapEntry::default()));
    }

    fn finish_entry(&mut self) {
        match self.entry.take() {
            Some((Kind::Page, entry)) if !entry.url.is_empty() => self.reading.urls.push(entry),
            Some((Kind::Map, entry)) if !entry.url.is_empty() => self.reading.sitemaps.push(entry),
            _ => {}
        }
    }

    fn close(&mut self, name: &str, parent: &str) {
        let words = self.words.trim();
        match (name, &mut self.entry) {
            ("url" | "sitemap", _) => self.finish_entry(),
            (_, None) => {}
            ("loc", Some((_, entry))) if matches!(parent, "url" | "sitemap") => {
                entry.url = absolute(self.base, words).unwrap_or_default();
            }
            ("lastmod", Some((_, entry))) => entry.lastmod = read_date(words, None, DateSource::Sitemap),
            (_, Some((_, entry))) => {
                let Some(news) = entry.news.as_mut().filter(|_| matches!(parent, "news" | "publication")) else {
                    return;
                };
                match name {
                    "title" => news.title = Some(plain(words)).filter(|title| !title.is_empty()),
                    "language" => {
                        news.language = Some(Language::parse(words)).filter(|language| *language != Language::UND);
                    }
                    "publication_date" => news.published = read_date(words, None, DateSource::Sitemap),
                    _ => {}
                }
            }
        }
    }

    fn alternate(&mut self, attributes: &[(&str, std::borrow::Cow<'_, str>)]) {
        let Some((_, entry)) = &mut self.entry else { return };
        let get =
            |name: &str| attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
        if let (Some(language), Some(href)) = (get("hreflang"), get("href"))
            && let Some(href) = absolute(self.base, href)
            && entry.alternates.len() < MAX_ALTERNATES
        {
            entry.alternates.push((language.to_owned(), href));
        }
    }
}

/// The name without its prefix, in lower case.
fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase()
}

/// An http or https address; spaces and breaks within it, which careless makers leave, removed.
fn absolute(base: &Url, text: &str) -> Option<String> {
    let url = base.join(&collapse(text)).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> SitemapReading {
        read_sitemap(bytes, None, &Url::parse("https://press.example/maps/a.xml").expect("a URL"))
    }

    fn urls(entries: &[SitemapEntry]) -> Vec<&str> {
        entries.iter().map(|entry| entry.url.as_str()).collect()
    }

    const NEWS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
          xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">
        <url><loc> https://press.example/a?x=1&amp;y=2 </loc><lastmod>2026-11-20</lastmod>
          <image:image><image:loc>https://press.example/a.jpg</image:loc></image:image>
          <xhtml:link rel="alternate" hreflang="fr" href="https://press.example/fr/a"/>
          <news:news><news:publication><news:name>Press</news:name><news:language>zh-cn</news:language></news:publication>
          <news:publication_date>2026-11-20T10:00:00+08:00</news:publication_date>
          <news:title><![CDATA[A &amp; B]]></news:title></news:news></url>
        <url><loc>/b</loc></url></urlset>"#;

    #[test]
    fn a_news_sitemap_is_read() {
        let reading = read(NEWS.as_bytes());
        assert_eq!(urls(&reading.urls), ["https://press.example/a?x=1&y=2", "https://press.example/b"]);
        let first = &reading.urls[0];
        assert_eq!(first.lastmod.expect("a date").to_text(), "2026-11-20");
        assert_eq!(first.alternates, [("fr".to_owned(), "https://press.example/fr/a".to_owned())]);
        let news = first.news.as_ref().expect("news");
        assert_eq!(news.title.as_deref(), Some("A & B"));
        assert_eq!(news.language, Some(Language::parse("zh")));
        assert_eq!(news.published.expect("a date").to_text(), "2026-11-20T10:00:00+08:00");
        assert_eq!(reading.urls[1].news, None);
        assert_eq!(reading.notes, Vec::<String>::new());
    }

    #[test]
    fn a_packed_sitemap_is_unpacked() {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(NEWS.as_bytes()).expect("in memory");
        let packed = encoder.finish().expect("in memory");
        assert_eq!(read(&packed), read(NEWS.as_bytes()));
        let broken = read(&packed[..packed.len() / 2]);
        assert!(broken.notes[0].contains("breaks off"), "{:?}", broken.notes);
    }

    #[test]
    fn an_index_names_sitemaps() {
        let reading = read(b"<sitemapindex><sitemap><loc>https://a.example/1.xml</loc><lastmod>2026-11-20</lastmod></sitemap><sitemap><loc>2.xml</loc></sitemapindex><sitemap><loc>3.xml</loc>");
        assert_eq!(urls(&reading.sitemaps), ["https://a.example/1.xml", "https://press.example/maps/2.xml"]);
        assert!(reading.urls.is_empty());
        assert_eq!(reading.notes, ["the sitemap breaks off"]);
    }

    #[test]
    fn lists_and_feeds_are_sitemaps_too() {
        assert_eq!(
            urls(&read(b"https://a.example/1\r\n\n# no\nhttps://a.example/2").urls),
            ["https://a.example/1", "https://a.example/2"]
        );
        let feed = read(b"<rss><channel><item><link>https://a.example/1</link></item><item/></channel></rss>");
        assert_eq!(urls(&feed.urls), ["https://a.example/1"]);
    }

    #[test]
    fn what_is_no_sitemap_says_so() {
        for (text, note) in [
            ("<html><body><a href='/x'>x</a></body></html>", "HTML page"),
            ("nothing of the kind", "no sitemap"),
            ("", "no sitemap"),
            ("<urlset></urlset>", "names no pages"),
            ("<urlset><url><loc>javascript:alert(1)</loc></url></urlset>", "names no pages"),
        ] {
            let notes = read(text.as_bytes()).notes.join("; ");
            assert!(notes.contains(note), "{text}: {notes}");
        }
    }

    #[test]
    fn no_more_than_the_limit_is_read() {
        let map = format!("<urlset>{}", "<url><loc>https://a.example/x</loc></url>".repeat(MAX_URLS + 10));
        let reading = read(map.as_bytes());
        assert_eq!(reading.urls.len(), MAX_URLS);
        assert!(reading.notes[0].contains("more than"), "{:?}", reading.notes);
    }
}
