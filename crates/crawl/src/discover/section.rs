//! Articles that a section or front page links to, for outlets without a feed: links of the page's own
//! that look like articles by their address, in the page's order.

use courant_model::CanonicalUrl;
use url::Url;

use crate::markup::{Piece, pieces};

/// So many links are taken from one page.
const MOST: usize = 100;
/// The product token that pages know us by.
const AGENT: &str = "Courant";

/// The addresses that a page links to and that look like articles, each once. None where the page
/// asks that its links are not followed, and none that its link says not to follow.
pub fn articles_of_section(html: &str, url: &Url) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut base = url.clone();
    let mut seen = std::collections::HashSet::new();
    for piece in pieces(html) {
        let Piece::Open { name, attributes, .. } = piece else { continue };
        let get = |wanted: &str| {
            attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
        };
        let forbids = |value: Option<&str>| {
            let mut words = value.unwrap_or_default().split(|c: char| c == ',' || c.is_whitespace());
            words.any(|word| word.eq_ignore_ascii_case("nofollow") || word.eq_ignore_ascii_case("none"))
        };
        match name.to_ascii_lowercase().as_str() {
            "base" => base = get("href").and_then(|href| url.join(href).ok()).unwrap_or(base),
            "meta" if get("name").is_some_and(concerns_us) && forbids(get("content")) => {
                return Vec::new();
            }
            "a" if !forbids(get("rel")) && !sponsored(get("rel")) => {
                let Some(link) = get("href").and_then(|href| base.join(href).ok()) else { continue };
                let Some(known) = CanonicalUrl::parse(link.as_str()) else { continue };
                if looks_like_an_article(&link) && seen.insert(known) {
                    found.push(link.into());
                }
            }
            _ => {}
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// A wish for all robots, or for ours.
fn concerns_us(name: &str) -> bool {
    name.eq_ignore_ascii_case("robots") || name.eq_ignore_ascii_case(AGENT)
}

fn sponsored(rel: Option<&str>) -> bool {
    rel.unwrap_or_default().split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("sponsored"))
}

/// Path segments of pages that list, sell or explain.
const NO_ARTICLES: &[&str] = &[
    "abo",
    "abonnement",
    "about",
    "account",
    "archive",
    "archives",
    "auteur",
    "author",
    "authors",
    "autor",
    "autore",
    "avtor",
    "cart",
    "categoria",
    "categories",
    "category",
    "comments",
    "contact",
    "contacto",
    "contatti",
    "cookies",
    "datenschutz",
    "donate",
    "etiqueta",
    "etiquetas",
    "events",
    "feed",
    "feeds",
    "help",
    "impressum",
    "jobs",
    "kategoria",
    "kategorie",
    "kontakt",
    "login",
    "newsletter",
    "newsletters",
    "page",
    "podcast",
    "podcasts",
    "print",
    "privacy",
    "profile",
    "register",
    "rss",
    "schlagwort",
    "search",
    "section",
    "share",
    "shop",
    "signin",
    "sitemap",
    "subscribe",
    "suscripcion",
    "tag",
    "tags",
    "team",
    "tema",
    "temas",
    "terms",
    "thema",
    "themen",
    "topic",
    "topics",
    "user",
    "wp-admin",
    "wp-content",
];
const NO_PAGES: &[&str] = &["jpg", "jpeg", "png", "gif", "webp", "svg", "pdf", "mp3", "mp4", "zip", "xml", "css", "js"];

/// Names of pages that every site has.
const NO_SLUGS: &[&str] = &[
    "code-of-conduct",
    "code-of-ethics",
    "how-to-donate",
    "privacy-and-cookies",
    "qui-sommes-nous",
    "terms-and-conditions",
    "terms-of-service",
    "terms-of-use",
    "who-we-are",
    "work-with-us",
];
/// Words that join two subjects in a section's name: `arts-and-culture`.
const JOINTS: &[&str] = &["and", "et", "und", "en", "og", "och", "ja", "oraz", "amp"];
/// Parameters that say which article is meant.
const NUMBERED: &[&str] = &["aid", "article", "article_id", "articleid", "artid", "id", "newsid", "nid", "p", "story"];

/// Whether an address looks like that of an article: a date, a number or a slug of several words.
pub fn looks_like_an_article(url: &Url) -> bool {
    let segments: Vec<&str> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    if segments.iter().any(|part| NO_ARTICLES.contains(&part.to_ascii_lowercase().as_str())) {
        return false;
    }
    if url.query_pairs().any(|(name, value)| {
        value.len() >= 3 && is_number(&value) && NUMBERED.contains(&name.to_ascii_lowercase().as_str())
    }) {
        return true;
    }
    let Some((last, before)) = segments.split_last() else { return false };
    let (stem, extension) = last.rsplit_once('.').map_or((*last, ""), |(stem, extension)| (stem, extension));
    if NO_PAGES.contains(&extension.to_ascii_lowercase().as_str())
        || NO_SLUGS.contains(&stem.to_ascii_lowercase().as_str())
    {
        return false;
    }
    let words: Vec<&str> = stem.split(['-', '_', '+']).filter(|w| w.chars().count() > 1 && !is_number(w)).collect();
    let is_section = words.len() == 3 && JOINTS.contains(&words[1]);
    // Letters of other alphabets are escaped, three characters a byte.
    let long = stem.len() > 60 && stem.contains('%');
    let dated = before.iter().any(|part| is_day(part))
        || before.windows(2).any(|pair| is_year(pair[0]) && is_number(pair[1]) && pair[1].len() <= 2);
    let numbered = stem.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= 5);
    (words.len() >= 3 && !is_section) || long || numbered || (dated && !words.is_empty())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_year(part: &str) -> bool {
    part.len() == 4 && is_number(part) && part.starts_with(['1', '2'])
}

/// `2026-11-20` or `20261120`.
fn is_day(part: &str) -> bool {
    let whole = part.len() == 8 && is_number(part) && part.get(..4).is_some_and(is_year);
    let mut cut = part.split('-');
    whole || (cut.next().is_some_and(is_year) && cut.clone().count() == 2 && cut.all(|n| n.len() <= 2 && is_number(n)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(html: &str) -> Vec<String> {
        articles_of_section(html, &Url::parse("https://press.example/world/").expect("an address"))
    }

    #[test]
    fn addresses_of_articles_are_told_from_others() {
        for (path, article) in [
            ("/2026/11/the-harbour", true),
            ("/world/minister-paid-by-island-company", true),
            ("/article/1234567", true),
            ("/news/story_12345.html", true),
            ("/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8-%D0%BF%D0%BE%D1%80%D1%82%D0%B0-%D0%B8", true),
            ("/", false),
            ("/world/", false),
            ("/about/our-very-long-history-page", false),
            ("/tag/offshore-leaks-and-more", false),
            ("/author/ada-fictional-reporter-name", false),
            ("/files/report-of-the-year-2026.pdf", false),
            ("/2026/11/", false),
            ("/news/2026-11-20/harbour", true),
            ("/20261120/harbour.html", true),
            ("/news/2026-11-20", false),
            ("/story.php?id=4711", true),
            ("/?p=12345", true),
            ("/list.php?page=12345", false),
            ("/world/arts-and-culture", false),
            ("/terms-of-use.html", false),
            ("/world/how-and-why-the-harbour-closed", true),
        ] {
            let url = Url::parse(&format!("https://press.example{path}")).expect("an address");
            assert_eq!(looks_like_an_article(&url), article, "{path}");
        }
    }

    #[test]
    fn links_are_taken_in_order_and_once() {
        let html = "<base href='/news/'><a href='one-two-three'>x</a><a href='/news/one-two-three#top'>again</a>\
                    <a rel=nofollow href='/news/no-not-this'>x</a><a rel='sponsored noopener' href=/ad/buy-this-now>x</a>\
                    <a href='https://other.example/four-five-six'>x</a><a href='mailto:a@b.example'>x</a>";
        assert_eq!(links(html), ["https://press.example/news/one-two-three", "https://other.example/four-five-six"]);
    }

    #[test]
    fn a_page_that_forbids_it_leads_nowhere() {
        assert!(links("<meta name=robots content='index, nofollow'><a href=/a-b-c/one-two-three>x</a>").is_empty());
        assert!(links("<meta name=courant content=nofollow><a href=/a-b-c/one-two-three>x</a>").is_empty());
        assert_eq!(links("<meta name=otherbot content=nofollow><a href=/a-b-c/one-two-three>x</a>").len(), 1);
        let many: String = (0..300).map(|n| format!("<a href=/news/the-story-number-{n}>x</a>")).collect();
        assert_eq!(links(&many).len(), MOST);
    }
}
