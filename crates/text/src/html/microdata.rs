//! Microdata and RDFa: `itemprop` and `property` on the elements that readers see. Scopes are
//! followed as far as outlets keep to them: what lies in the scope of something else than the
//! article (a comment, a related teaser, the publisher) is not the article's.

use scraper::{Html, Node};

use super::dom::{DomNode, attribute, text_of, value_of};
use super::json_ld::Named;

/// What the markup says of the article.
#[derive(Debug, Default)]
pub(crate) struct Microdata {
    /// The headline.
    pub(crate) headline: Option<String>,
    /// The authors, in order.
    pub(crate) authors: Vec<Named>,
    /// First published, as written.
    pub(crate) published: Option<String>,
    /// A date of publication in the scope of something else: a recording, a teaser.
    pub(crate) published_elsewhere: Option<String>,
    /// Last changed, as written.
    pub(crate) modified: Option<String>,
    /// The section.
    pub(crate) section: Option<String>,
    /// The description.
    pub(crate) description: Option<String>,
    /// Whether an article's scope was opened.
    pub(crate) is_article: bool,
}

/// Gathers the properties of the page's article.
pub(crate) fn read(html: &Html) -> Microdata {
    let mut found = Microdata::default();
    // As they were parsed: no walk along links, and the order of the page but for misplaced tables.
    for node in html.tree.nodes() {
        let Node::Element(element) = node.value() else { continue };
        if let Some(kind) = attribute(element, "itemtype").or_else(|| attribute(element, "typeof")) {
            found.is_article |= is_article(kind);
        }
        let Some(names) = attribute(element, "itemprop").or_else(|| attribute(element, "property")) else { continue };
        if element.name() == "meta" && value_of(element, "itemprop").is_none() {
            continue;
        }
        if elsewhere(node) {
            if names == "datePublished" {
                set(&mut found.published_elsewhere, value(node));
            }
            continue;
        }
        for name in names.split_ascii_whitespace() {
            let name = name.rsplit([':', '/']).next().unwrap_or(name);
            match name {
                "headline" => set(&mut found.headline, value(node)),
                "author" | "creator" if found.authors.len() < 20 => author(node, &mut found.authors),
                "datePublished" | "dateCreated" => set(&mut found.published, value(node)),
                "dateModified" => set(&mut found.modified, value(node)),
                "articleSection" => set(&mut found.section, value(node)),
                "description" => set(&mut found.description, value(node)),
                _ => {}
            }
        }
    }
    found
}

fn set(slot: &mut Option<String>, value: Option<String>) {
    if slot.is_none() {
        *slot = value;
    }
}

fn is_article(kind: &str) -> bool {
    ["Article", "BlogPosting", "Report"].iter().any(|name| kind.ends_with(name))
}

/// Whether `node` lies in the scope of something else: an author, a comment, a publisher, another
/// article within the article.
fn elsewhere(node: DomNode<'_>) -> bool {
    let mut scopes = node.ancestors().filter_map(|above| {
        let element = above.value().as_element()?;
        value_of(element, "itemscope").map(|_| attribute(element, "itemtype").unwrap_or_default())
    });
    match scopes.next() {
        Some(nearest) if is_article(nearest) => scopes.any(is_article),
        Some(nearest) => !(nearest.ends_with("WebPage") || nearest.is_empty() || nearest.ends_with("Blog")),
        None => false,
    }
}

fn value(node: DomNode<'_>) -> Option<String> {
    let element = node.value().as_element()?;
    let from = ["content", "datetime", "title"].into_iter().find_map(|name| attribute(element, name));
    let text = from.map_or_else(|| text_of(node), super::dom::plain);
    (!text.is_empty()).then_some(text)
}

fn author(node: DomNode<'_>, authors: &mut Vec<Named>) {
    let Some(element) = node.value().as_element() else { return };
    let organisation = attribute(element, "itemtype").is_some_and(|kind| kind.ends_with("Organization"));
    let named = node.descendants().skip(1).filter(|inner| {
        inner.value().as_element().and_then(|element| attribute(element, "itemprop")).is_some_and(|name| name == "name")
    });
    let mut names: Vec<String> = named.filter_map(value).collect();
    if names.is_empty() {
        names.extend(value(node));
    }
    for name in names {
        if !authors.iter().any(|known| known.name == name) {
            authors.push(Named { name, organisation });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Microdata {
        read(&super::super::dom::parse(html).0)
    }

    #[test]
    fn properties_of_the_article_are_found() {
        let found = found(
            "<main itemscope itemtype='http://schema.org/NewsArticle'><h1 itemprop=headline>Título</h1>\
             <span itemprop=author itemscope itemtype='http://schema.org/Person'><b itemprop=name>Rui Sá</b>, jornalista</span>\
             <time itemprop=datePublished datetime='2021-07-19T10:00'>19 de julho</time>\
             <div itemprop=comment itemscope itemtype='http://schema.org/Comment'><b itemprop=author>Troll</b></div></main>",
        );
        assert!(found.is_article);
        assert_eq!(found.headline.as_deref(), Some("Título"));
        assert_eq!(found.authors.iter().map(|author| author.name.as_str()).collect::<Vec<_>>(), ["Rui Sá"]);
        assert_eq!(found.published.as_deref(), Some("2021-07-19T10:00"));
    }

    #[test]
    fn a_teaser_within_is_another_article() {
        let found = found(
            "<article itemscope itemtype='https://schema.org/Article'>\
             <div itemscope itemtype='https://schema.org/Article'><h3 itemprop=headline>Other</h3></div>\
             <h1 itemprop=headline>Own</h1></article>",
        );
        assert_eq!(found.headline.as_deref(), Some("Own"));
    }
}
