//! What pages are made of: the frame around every page, an article as one entry of a list, a run of
//! text, a badge's worth of facts. Views hold only what a template writes.

use courant_exchange::{Run, runs};
use courant_model::{Article, Catalogue, OutletId, Story};

use crate::Site;
use crate::account::HitAccount;
use crate::tongue::Tongue;
use crate::when::{self, When};

/// The frame around every page.
pub(crate) struct Frame {
    /// For `title`.
    pub(crate) title: String,
    /// Which entry of the navigation is this page.
    pub(crate) place: &'static str,
    /// What the search box in the head holds.
    pub(crate) words: String,
    /// The feeds of this page: of its list, in the formats that readers take.
    pub(crate) feeds: Option<Feeds>,
    /// Whether what is shown is fiction.
    pub(crate) demonstration: bool,
    /// Courant's version.
    pub(crate) version: String,
    /// Address of the stylesheet.
    pub(crate) style: String,
}

impl Frame {
    pub(crate) fn new(site: &Site, title: impl Into<String>, place: &'static str) -> Self {
        Self {
            title: title.into(),
            place,
            words: String::new(),
            feeds: None,
            demonstration: site.demonstration,
            version: site.version.clone(),
            style: crate::assets::style_address(),
        }
    }

    pub(crate) fn with_feeds(self, feeds: Feeds) -> Self {
        Self { feeds: Some(feeds), ..self }
    }
}

/// The feed addresses of a list.
#[derive(Debug, Clone)]
pub(crate) struct Feeds {
    pub(crate) atom: String,
    pub(crate) rss: String,
    pub(crate) json: String,
}

impl Feeds {
    /// The feeds of the list at `path`, narrowed by `query` (with its `?`, or empty).
    pub(crate) fn of(path: &str, query: &str) -> Self {
        let at = |format: &str| format!("{path}.{format}{query}");
        Self { atom: at("atom"), rss: at("rss"), json: at("json") }
    }
}

/// An outlet by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutletName {
    pub(crate) id: String,
    pub(crate) name: String,
}

impl OutletName {
    pub(crate) fn of(id: &OutletId, catalogue: &Catalogue) -> Self {
        let name = catalogue.outlet(id).map_or(id.as_str(), |outlet| &outlet.name);
        Self { id: id.to_string(), name: name.to_owned() }
    }
}

/// An article as one entry of a list.
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) title: Vec<Run>,
    pub(crate) tongue: Tongue,
    pub(crate) outlet: OutletName,
    pub(crate) when: When,
    /// No date of its own: `when` is the time it was first seen.
    pub(crate) undated: bool,
    pub(crate) byline: String,
    pub(crate) snippet: Vec<Run>,
    pub(crate) agency: Option<String>,
    pub(crate) paywalled: bool,
    pub(crate) withdrawn: bool,
    pub(crate) edits: u32,
    /// How it stands in time to the other articles of a story, where that is shown: `+3 h`.
    pub(crate) lag: Option<String>,
    /// It is the first of a story.
    pub(crate) first: bool,
    pub(crate) story: Option<String>,
    /// How wide that story is, where that is shown: `6 articles, 3 outlets`.
    pub(crate) width: Option<String>,
    /// Near copies of it, each with whose it is.
    pub(crate) copies: Vec<(String, OutletName)>,
}

impl Entry {
    /// The article, with its standfirst for a snippet.
    pub(crate) fn of(article: &Article, catalogue: &Catalogue) -> Self {
        Self {
            id: article.id.to_string(),
            source: article.url.to_string(),
            title: plain(titled(&article.title)),
            tongue: Tongue::from(article.language),
            outlet: OutletName::of(&article.outlet, catalogue),
            when: article.published.as_ref().map_or_else(|| When::from(article.first_seen), When::from),
            undated: article.published.is_none(),
            byline: article.byline(),
            snippet: plain(standfirst(article)),
            agency: article.agency.clone(),
            paywalled: article.paywalled,
            withdrawn: article.withdrawn.is_some(),
            edits: article.revision.saturating_sub(1),
            lag: None,
            first: false,
            story: article.story.map(|story| story.to_string()),
            width: None,
            copies: Vec::new(),
        }
    }

    /// The article found, with what it was found by marked.
    pub(crate) fn found(hit: &HitAccount, catalogue: &Catalogue) -> Self {
        let title = runs(&hit.title.text, &hit.title.marks);
        let entry = Self::of(&hit.article, catalogue);
        Self {
            title: if title.is_empty() { entry.title } else { title },
            snippet: runs(&hit.snippet.text, &hit.snippet.marks),
            copies: hit
                .copies
                .iter()
                .map(|copy| (copy.article.to_string(), OutletName::of(&copy.outlet, catalogue)))
                .collect(),
            ..entry
        }
    }
}

/// The standfirst, as far as the publisher lets lists show words of the article.
pub(crate) fn standfirst(article: &Article) -> &str {
    article.rights.excerpt(article.standfirst.as_deref().unwrap_or_default())
}

/// A story as a card of a list, with a few of its articles.
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) tongue: Tongue,
    pub(crate) articles: u32,
    pub(crate) outlets: Vec<OutletName>,
    pub(crate) languages: Vec<Tongue>,
    pub(crate) span: String,
    pub(crate) latest: Vec<Entry>,
}

impl Card {
    /// The story, with these articles under it.
    pub(crate) fn of(story: &Story, latest: Vec<Entry>, catalogue: &Catalogue) -> Self {
        Self {
            id: story.id.to_string(),
            title: titled(&story.title).to_owned(),
            tongue: Tongue::from(story.language),
            articles: story.articles,
            outlets: story.outlets.iter().map(|id| OutletName::of(id, catalogue)).collect(),
            languages: story.languages.iter().copied().map(Tongue::from).collect(),
            span: when::span(story.first, story.last),
            latest,
        }
    }
}

/// One run that matches nothing.
pub(crate) fn plain(text: &str) -> Vec<Run> {
    runs(text, &[])
}

/// The title, or words that say that there is none: a link needs something to hold on to.
pub(crate) fn titled(title: &str) -> &str {
    if title.trim().is_empty() { "(no title)" } else { title }
}

/// `address`, if a browser may follow it: http and https only.
pub(crate) fn web_address(address: &str) -> Option<String> {
    let lower = address.trim().to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://")).then(|| address.trim().to_owned())
}

/// Any whole number; templates pass them by reference.
pub(crate) trait Figure {
    fn figure(&self) -> u64;
}

impl Figure for u64 {
    fn figure(&self) -> u64 {
        *self
    }
}

impl Figure for u32 {
    fn figure(&self) -> u64 {
        u64::from(*self)
    }
}

impl Figure for usize {
    fn figure(&self) -> u64 {
        *self as u64
    }
}

impl<T: Figure> Figure for &T {
    fn figure(&self) -> u64 {
        (**self).figure()
    }
}

/// `1 article`, `1,204 articles`.
pub(crate) fn count(number: impl Figure, noun: &str) -> String {
    let number = number.figure();
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// `1,204`.
pub(crate) fn grouped(number: impl Figure) -> String {
    let digits = number.figure().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_counted() {
        assert_eq!(count(1_u32, "article"), "1 article");
        assert_eq!(count(0_u32, "article"), "0 articles");
        assert_eq!(count(1_234_567_u32, "article"), "1,234,567 articles");
        assert_eq!(grouped(999_u32), "999");
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(web_address(" HTTPS://example.org/a ").as_deref(), Some("HTTPS://example.org/a"));
        for odd in ["javascript:alert(1)", "data:text/html,x", "/a", "", "java\nscript:x", "mailto:a@example.org"] {
            assert_eq!(web_address(odd), None, "{odd}");
        }
    }
}
