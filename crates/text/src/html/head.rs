//! What the head says: `meta` elements by key, `<title>`, canonical address, translations, language.
//! Elements are taken wherever they stand: many pages put some of them into the body.

use courant_model::{CanonicalUrl, Language, Translation};
use scraper::{Html, Node};
use url::Url;

use super::dom::{attribute, plain, text_of};

/// The facts of a head.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// Key in lower case and plain content, in order.
    metas: Vec<(String, String)>,
    /// What `<title>` says.
    pub(crate) title: String,
    /// The address that the page gives itself.
    pub(crate) canonical: Option<CanonicalUrl>,
    /// Translations; its own address is not among them.
    pub(crate) translations: Vec<Translation>,
    /// `html lang`, else `content-language`, else `og:locale`.
    pub(crate) language: Option<Language>,
    /// The tag that language was told by: `de-AT`, `pt_BR`.
    pub(crate) language_tag: Option<String>,
    /// What relative addresses are relative to.
    pub(crate) base: Option<Url>,
    /// `meta http-equiv=refresh` to another page at once.
    pub(crate) refreshes: bool,
}

impl Head {
    /// Gathers the facts of a page found at `url`.
    pub(crate) fn of(html: &Html, url: &Url) -> Self {
        let mut head = Self::default();
        let mut canonical = None;
        let mut alternates = Vec::new();
        let mut lang = None;
        // As they were parsed: no walk along links, and the order of the page but for misplaced tables.
        for node in html.tree.nodes() {
            let Node::Element(element) = node.value() else { continue };
            match element.name() {
                "html" => lang = lang.or_else(|| attribute(element, "lang").or_else(|| attribute(element, "xml:lang"))),
                "title" if head.title.is_empty() && !in_svg(node) => head.title = plain(&text_of(node)),
                "base" => head.base = head.base.or_else(|| url.join(attribute(element, "href")?).ok()),
                "meta" => head.meta(element),
                "link" => {
                    let (Some(rel), Some(href)) = (attribute(element, "rel"), attribute(element, "href")) else {
                        continue;
                    };
                    let is = |name: &str| rel.split_ascii_whitespace().any(|part| part.eq_ignore_ascii_case(name));
                    if is("canonical") {
                        canonical = canonical.or(Some(href));
                    } else if is("alternate")
                        && let Some(language) = attribute(element, "hreflang")
                    {
                        alternates.push((language, href));
                    }
                }
                _ => {}
            }
        }
        head.canonical = canonical.or_else(|| head.meta_value("og:url")).and_then(|href| own_address(href, url));
        head.translations = translations(&alternates, url, head.canonical.as_ref());
        let said = lang
            .or_else(|| head.first(&["content-language", "og:locale", "dc.language", "dcterms.language", "language"]));
        let region = |tag: &&str| tag.contains(['-', '_']) && tag.len() <= 12;
        let tag = said.filter(region).or_else(|| head.first(&["og:locale"]).filter(region)).map(str::to_owned);
        head.language = said.map(Language::parse).filter(|language| *language != Language::UND);
        head.language_tag = tag;
        head
    }

    fn meta(&mut self, element: &scraper::node::Element) {
        let Some(content) = attribute(element, "content") else { return };
        let pragma = attribute(element, "http-equiv").map(str::to_ascii_lowercase);
        if pragma.as_deref() == Some("refresh") {
            let seconds = content.split([';', ',']).next().and_then(|s| s.trim().parse::<f32>().ok());
            self.refreshes |= seconds.is_some_and(|s| s <= 5.0) && content.to_ascii_lowercase().contains("url");
        }
        let keys = ["property", "name", "itemprop"].into_iter().filter_map(|key| attribute(element, key));
        // `property="og:title twitter:title"` is two keys.
        let keys = keys.flat_map(str::split_ascii_whitespace).map(str::to_ascii_lowercase).chain(pragma);
        for key in keys {
            if self.metas.len() < 500 {
                self.metas.push((key, plain(content)));
            }
        }
    }

    /// The first value of `key`.
    pub(crate) fn meta_value(&self, key: &str) -> Option<&str> {
        self.metas.iter().find(|(name, value)| name == key && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// All values of `key`, in order, none empty.
    pub(crate) fn values<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.metas.iter().filter(move |(name, value)| name == key && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The first value of the first of `keys` that has one.
    pub(crate) fn first(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.meta_value(key))
    }

    /// All keys and values.
    pub(crate) fn metas(&self) -> impl Iterator<Item = (&str, &str)> {
        self.metas.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

fn in_svg(node: super::dom::DomNode<'_>) -> bool {
    node.ancestors().any(|above| above.value().as_element().is_some_and(|element| element.name() == "svg"))
}

/// The page's own address, where it may be believed: an address of the same site. A front page as
/// the address of an article is a template's mistake.
fn own_address(href: &str, url: &Url) -> Option<CanonicalUrl> {
    let address = url.join(href).ok()?;
    let fits = |host: Option<&str>| host.map(|host| courant_model::site(host).unwrap_or(host).to_owned());
    let same_site = fits(address.host_str()) == fits(url.host_str());
    let front_page = matches!(address.path(), "" | "/") && address.query().is_none();
    let at_front_page = matches!(url.path(), "" | "/");
    (same_site && (!front_page || at_front_page)).then(|| CanonicalUrl::parse(address.as_str())).flatten()
}

fn translations(alternates: &[(&str, &str)], url: &Url, canonical: Option<&CanonicalUrl>) -> Vec<Translation> {
    let own = courant_model::canonical(url);
    let mut found: Vec<Translation> = Vec::new();
    for (language, href) in alternates.iter().take(100) {
        let language = Language::parse(language);
        let Some(address) = url.join(href).ok().and_then(|address| CanonicalUrl::parse(address.as_str())) else {
            continue;
        };
        let is_own = address.key() == own.key() || canonical.is_some_and(|canonical| canonical.key() == address.key());
        // A front page is the home of a language, no translation of an article.
        let front_page = Url::parse(address.as_str()).is_ok_and(|url| url.path().len() <= 1 && url.query().is_none());
        if language != Language::UND && !is_own && !front_page && !found.iter().any(|known| known.url == address) {
            found.push(Translation { language, url: address });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(html: &str) -> Head {
        let url = Url::parse("https://www.example.org/news/a?utm_source=x").expect("an address");
        Head::of(&super::super::dom::parse(html).0, &url)
    }

    #[test]
    fn metas_are_found_by_any_key() {
        let head = head(
            "<meta property='og:title' content='A &amp;amp; B'><meta name=Author content=' Ada  Bell '>\
             <meta itemprop=datePublished content=2021-07-19><body><meta property='og:title' content=second>",
        );
        assert_eq!(head.meta_value("og:title"), Some("A & B"));
        assert_eq!(head.values("og:title").count(), 2);
        assert_eq!(head.first(&["dc.creator", "author"]), Some("Ada Bell"));
        assert_eq!(head.meta_value("datepublished"), Some("2021-07-19"));
    }

    #[test]
    fn a_page_speaks_for_its_own_site_only() {
        let canonical = |href: &str| head(&format!("<link rel=canonical href='{href}'>")).canonical;
        assert_eq!(
            canonical("/news/a").map(|url| url.as_str().to_owned()).as_deref(),
            Some("https://www.example.org/news/a")
        );
        assert!(canonical("https://m.example.org/b").is_some());
        assert_eq!(canonical("https://elsewhere.net/a"), None);
        assert_eq!(canonical("https://www.example.org/"), None);
    }

    #[test]
    fn translations_are_other_pages() {
        let head = head(
            "<html lang=fr-FR><link rel=alternate hreflang=fr href='/news/a'><link rel=alternate hreflang=en-GB href='/en/a'>\
             <link rel=alternate hreflang=x-default href='/'><link rel=alternate hreflang=de href='/de/'>",
        );
        assert_eq!(head.language, Some(Language::parse("fr")));
        let found: Vec<_> =
            head.translations.iter().map(|t| (t.language.as_str().to_owned(), t.url.key().to_owned())).collect();
        assert_eq!(found[0], ("en".to_owned(), "example.org/en/a".to_owned()));
        assert!(found.iter().all(|(language, _)| language != "fr"));
    }
}
