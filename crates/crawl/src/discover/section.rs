//! Articles that a section or front page links to, for outlets without a feed: links of the page's own
//! that look like articles by their address, in the page's order.

use courant_model::CanonicalUrl;
use url::Url;

use crate::markup::{Piece, pieces};

/// So many links are taken from one page.
const MOST: usize = 100;

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
            "meta"
                if get("name").is_some_and(|name| name.eq_ignore_ascii_case("robots")) && forbids(get("content")) =>
            {
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

fn sponsored(rel: Option<&str>) -> bool {
    rel.unwrap_or_default().split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("sponsored"))
}

/// Path segments of pages that list, sell or explain.
const NO_ARTICLES: &[&str] = &[
    "about",
    "account",
    "archive",
    "archives",
    "author",
    "authors",
    "autor",
    "auteur",
    "category",
    "categories",
    "contact",
    "cookies",
    "donate",
    "events",
    "help",
    "jobs",
    "login",
    "newsletter",
    "newsletters",
    "page",
    "podcast",
    "podcasts",
    "privacy",
    "profile",
    "register",
    "rss",
    "search",
    "section",
    "shop",
    "signin",
    "subscribe",
    "tag",
    "tags",
    "team",
    "terms",
    "topic",
    "topics",
    "user",
    "wp-content",
    "wp-admin",
];
const NO_PAGES: &[&str] = &["jpg", "jpeg", "png", "gif", "webp", "svg", "pdf", "mp3", "mp4", "zip", "xml", "css", "js"];

/// Whether an address looks like that of an article: a date, a number or a slug of several words.
pub fn looks_like_an_article(url: &Url) -> bool {
    let segments: Vec<&str> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let Some((last, before)) = segments.split_last() else { return false };
    if segments.iter().any(|part| NO_ARTICLES.contains(&part.to_ascii_lowercase().as_str())) {
        return false;
    }
    let (stem, extension) = last.rsplit_once('.').map_or((*last, ""), |(stem, extension)| (stem, extension));
    if NO_PAGES.contains(&extension.to_ascii_lowercase().as_str()) {
        return false;
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let words = stem.split(['-', '_', '+']).filter(|word| word.chars().count() > 1 && !digits(word)).count();
    // Letters of other alphabets are escaped, three characters a byte.
    let long = stem.len() > 60 && stem.contains('%');
    let dated = before.windows(2).any(|pair| {
        let year = pair[0].len() == 4 && digits(pair[0]) && pair[0].starts_with(['1', '2']);
        year && digits(pair[1]) && pair[1].len() <= 2
    });
    let numbered = stem.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= 5);
    words >= 3 || long || numbered || (dated && words >= 1)
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
        let many: String = (0..300).map(|n| format!("<a href=/news/the-story-number-{n}>x</a>")).collect();
        assert_eq!(links(&many).len(), MOST);
    }
}
