//! `data/demo/gold.jsonl`: what each page of the bundled newsroom must yield.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One page of the bundled newsroom.
#[derive(Debug, Clone, Deserialize)]
pub struct Page {
    /// Its address, without the port that the newsroom listens on.
    pub url: String,
    /// Other addresses of the same article.
    #[serde(default)]
    pub also_at: Vec<String>,
    /// The outlet's id.
    pub outlet: String,
    /// The edition that has it first.
    pub edition: u8,
    /// `article`, `index`, `refused`, `dead`, `consent-wall`, or `withdrawn` (by edition two).
    pub kind: String,
    /// ISO 639-1.
    pub language: String,
    /// The headline in edition one.
    pub title: String,
    /// The paragraph below it.
    #[serde(default)]
    pub standfirst: Option<String>,
    /// As printed in edition one.
    #[serde(default)]
    pub authors: Vec<String>,
    /// RFC 3339.
    #[serde(default)]
    pub published: Option<String>,
    /// Captions and credits in edition one.
    #[serde(default)]
    pub images: Vec<Image>,
    /// The event, across languages.
    #[serde(default)]
    pub story: String,
    /// The event and the language.
    #[serde(default)]
    pub story_by_language: String,
    /// Addresses of translations.
    #[serde(default)]
    pub translations: Vec<String>,
    /// Address of the wire text that this is a copy of.
    #[serde(default)]
    pub copy_of: Option<String>,
    /// The credited agency's id.
    #[serde(default)]
    pub agency: Option<String>,
    /// A teaser for who does not pay.
    #[serde(default)]
    pub paywalled: bool,
    /// What edition two changes.
    #[serde(default)]
    pub edition2: Option<Edition2>,
}

/// A picture's words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Image {
    /// Under the picture.
    pub caption: Option<String>,
    /// Photographer and agency.
    pub credit: Option<String>,
}

/// What edition two changes; what is not there stays.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Edition2 {
    /// A new headline.
    pub title: Option<String>,
    /// A new standfirst.
    pub standfirst: Option<String>,
    /// A new byline.
    pub authors: Option<Vec<String>>,
    /// New pictures.
    pub images: Option<Vec<Image>>,
    /// The text was corrected.
    #[serde(default)]
    pub text_changed: bool,
    /// The page is gone (410).
    #[serde(default)]
    pub gone: bool,
}

impl Page {
    /// Whether it is an article that stands after both editions.
    pub fn stands(&self) -> bool {
        self.kind == "article"
    }

    /// Its headline after both editions.
    pub fn last_title(&self) -> &str {
        self.edition2.as_ref().and_then(|new| new.title.as_deref()).unwrap_or(&self.title)
    }

    /// Its authors after both editions.
    pub fn last_authors(&self) -> &[String] {
        self.edition2.as_ref().and_then(|new| new.authors.as_deref()).unwrap_or(&self.authors)
    }

    /// Its pictures after both editions.
    pub fn last_images(&self) -> &[Image] {
        self.edition2.as_ref().and_then(|new| new.images.as_deref()).unwrap_or(&self.images)
    }

    /// Whether edition two changed title, standfirst, byline or text: what makes a revision.
    pub fn is_revised(&self) -> bool {
        self.edition2.as_ref().is_some_and(|new| {
            new.title.is_some() || new.standfirst.is_some() || new.authors.is_some() || new.text_changed
        })
    }
}

/// All pages, by their address without a port.
///
/// # Panics
/// Where the file is not as described.
pub fn pages() -> BTreeMap<String, Page> {
    let path = crate::root().join("data/demo/gold.jsonl");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("gold.jsonl: {error}: {line}"));
    text.lines().map(read).map(|page: Page| (page.url.clone(), page)).collect()
}

/// `url` with the newsroom's `port` in it.
pub fn at_port(url: &str, port: u16) -> String {
    match url.find(".localhost/") {
        Some(at) => format!("{}.localhost:{port}{}", &url[..at], &url[at + ".localhost".len()..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gold_is_readable_and_an_address_takes_a_port() {
        assert!(pages().values().filter(|page| page.stands()).count() >= 60);
        assert_eq!(at_port("http://lanterne.localhost/a?b", 81), "http://lanterne.localhost:81/a?b");
    }
}
