//! A page taken apart: what its head, its structured data and its blocks say, before anybody decides
//! what it means. Everything that reads an article takes this as its one argument.

use courant_model::Language;
use scraper::Html;
use url::Url;

use crate::Hints;
use crate::evidence::Trace;
use crate::fold::fold;
use crate::html::blocks::Blocks;
use crate::html::head::Head;
use crate::html::json_ld::{self, Structured};
use crate::html::microdata::{self, Microdata};
use crate::rules::Ruled;

/// A page taken apart.
pub(crate) struct Page<'a> {
    /// Where it was found.
    pub(crate) url: &'a Url,
    /// What is known beside it.
    pub(crate) hints: &'a Hints,
    /// Its head.
    pub(crate) head: Head,
    /// Its JSON-LD.
    pub(crate) structured: Structured,
    /// Its microdata.
    pub(crate) microdata: Microdata,
    /// Its parts and blocks.
    pub(crate) blocks: Blocks<'a>,
    /// The language that it says it is in.
    pub(crate) language: Option<Language>,
    /// The DOM, for selectors.
    pub(crate) html: &'a Html,
    /// What the outlet's own rule says of it.
    pub(crate) rule: Ruled,
    /// Told what is taken and what is not.
    pub(crate) trace: Trace,
}

impl<'a> Page<'a> {
    /// Takes a page apart.
    pub(crate) fn of(html: &'a Html, url: &'a Url, hints: &'a Hints) -> Self {
        let head = Head::of(html, url);
        let about = format!("{} {}", head.title, head.meta_value("og:title").unwrap_or_default());
        let structured = json_ld::read(html, &about);
        let said = structured.language.as_deref().map(Language::parse).filter(|language| *language != Language::UND);
        let language = head.language.or(said);
        let (microdata, blocks) = (microdata::read(html), Blocks::of(html));
        let (rule, trace) = (Ruled::default(), Trace::default());
        Self { url, hints, structured, microdata, blocks, language, head, html, rule, trace }
    }

    /// An address on the page, absolute.
    pub(crate) fn resolve(&self, href: &str) -> Option<Url> {
        self.head.base.as_ref().unwrap_or(self.url).join(href.trim()).ok()
    }

    /// What the outlet calls itself, as the page says it.
    pub(crate) fn site_name(&self) -> Option<&str> {
        self.head
            .first(&["og:site_name", "application-name", "apple-mobile-web-app-title"])
            .or(self.structured.publisher.as_deref())
            .or_else(|| self.head.first(&["dc.publisher", "publisher"]))
            .filter(|name| name.len() < 100 && !name.starts_with("http"))
    }

    /// The descriptions that the page gives of itself.
    pub(crate) fn said_of_itself(&self) -> impl Iterator<Item = &str> {
        let metas = ["og:description", "description", "twitter:description", "dc.description", "sailthru.description"];
        metas
            .into_iter()
            .filter_map(|key| self.head.meta_value(key))
            .chain(self.structured.description.as_deref())
            .chain(self.microdata.description.as_deref())
    }

    /// The descriptions that the page gives of itself, folded.
    pub(crate) fn descriptions(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for text in self.said_of_itself().map(fold).filter(|text| text.chars().count() >= 20) {
            if !found.contains(&text) {
                found.push(text);
            }
        }
        found
    }

    /// The parts that are elements of this name and hold text.
    pub(crate) fn parts_named<'b>(&'b self, name: &'b str) -> impl Iterator<Item = usize> + 'b {
        let parts = &self.blocks.parts;
        (0..parts.len())
            .filter(move |at| parts[*at].name() == name && self.blocks.weight(parts[*at].blocks.clone()) > 0)
    }
}

/// The words of a short text, folded: for comparing titles.
pub(crate) fn title_words(text: &str) -> Vec<String> {
    crate::words::query_words(text, Language::UND).tokens.into_iter().map(|token| token.text).collect()
}

/// How much two lists of words have in common: the share of words met, harmonic mean of both sides.
pub(crate) fn overlap(a: &[String], b: &[String]) -> f32 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let met = |from: &[String], to: &[String]| {
        from.iter().filter(|word| to.contains(word)).count() as f32 / from.len() as f32
    };
    let (left, right) = (met(a, b), met(b, a));
    if left + right == 0.0 { 0.0 } else { 2.0 * left * right / (left + right) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_overlap_by_their_words() {
        let of = |a: &str, b: &str| overlap(&title_words(a), &title_words(b));
        assert!(of("The Pegasus leak", "The Pegasus leak | Outlet") > 0.8);
        assert!(of("间谍软件公司被起诉", "间谍软件公司被起诉_新闻") > 0.7);
        assert_eq!(of("", "x"), 0.0);
    }
}
