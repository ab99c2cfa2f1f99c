//! Dates of whole pages.

use super::find;
use crate::page::Page;
use crate::{Hints, body, title};
use courant_model::{Dated, Language};
use url::Url;

fn found(url: &str, hints: &Hints, html: &str) -> (String, String) {
    let url = Url::parse(url).expect("an address");
    let (html, _) = crate::html::dom::parse(html);
    let page = Page::of(&html, &url, hints);
    let title = title::find(&page);
    let body = body::find(&page, &title, &body::Lines::of(&page, &title), body::Trees::shipped());
    let dates = find(&page, &title, &body.blocks);
    let shown = |dated: Option<Dated>| {
        dated.map_or("none".to_owned(), |dated| format!("{} {}", dated.to_text(), dated.source.as_str()))
    };
    (shown(dates.published), shown(dates.modified))
}

fn check(html: &str, published: &str) {
    assert_eq!(found("https://example.org/a", &Hints::default(), html).0, published, "{html}");
}

#[test]
fn the_most_telling_source_wins() {
    let json = "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2021-07-19T18:42:00+02:00\"}</script>";
    check(
        &format!("{json}<meta property='article:published_time' content='2020-01-01'>"),
        "2021-07-19T18:42:00+02:00 json-ld",
    );
    check("<meta property='article:published_time' content='2021-07-19T10:00:00Z'>", "2021-07-19T10:00:00Z meta");
    check("<h1>H</h1><time datetime='2021-07-19'>yesterday</time>", "2021-07-19 time");
    check("<h1>Head line</h1><p>Published on July 19, 2021 | Updated July 21, 2021</p>", "2021-07-19 text");
    check("<h1>Head</h1><aside><time datetime='2021-07-19'></time></aside>", "none");
}

#[test]
fn the_outlets_clock_tells_what_the_page_leaves_open() {
    let hints = Hints { time_zone: Some("Europe/Paris".to_owned()), ..Hints::default() };
    let html = "<meta name=date content='x'><meta property='article:published_time' content='2021-07-19 18:42'>";
    assert_eq!(found("https://example.org/a", &hints, html).0, "2021-07-19T18:42:00+02:00 meta");
}

#[test]
fn times_in_utc_are_shown_by_the_countrys_clock() {
    let html = "<meta property='article:published_time' content='2021-07-19T22:42:00Z'>";
    let of = |url: &str, html: &str| found(url, &Hints::default(), html).0;
    assert_eq!(of("https://example.at/a", html), "2021-07-20T00:42:00+02:00 meta");
    assert_eq!(of("https://example.org/a", &format!("<html lang=en-US>{html}")), "2021-07-19T18:42:00-04:00 meta");
    assert_eq!(of("https://example.org/a", html), "2021-07-19T22:42:00Z meta");
    assert_eq!(of("https://example.at/2021/07/19/a", html), "2021-07-19T22:42:00Z meta");
    let midnight = "<meta property='article:published_time' content='2021-07-19T00:00:00Z'>";
    assert_eq!(of("https://example.br/a", midnight), "2021-07-19T00:00:00Z meta");
}

#[test]
fn a_date_is_looked_for_everywhere_before_there_is_none() {
    let text = "A paragraph of the article, long enough to be one, and with words enough to be told from a line. ";
    let text = text.repeat(4);
    check(&format!("<h1>Head line</h1><p>July 19, 2021 – {text}</p>"), "2021-07-19 text");
    let far = "<p>x</p>".repeat(60);
    check(
        &format!("<h1>Head line</h1><p>{text}</p>{far}<p>Published: July 19, 2021</p><footer>© July 1, 2026</footer>"),
        "2021-07-19 text",
    );
}

#[test]
fn the_future_is_no_date() {
    let hints = Hints { now: "2021-07-20T00:00:00Z".parse().expect("a timestamp"), ..Hints::default() };
    let html =
        "<meta property='article:published_time' content='2031-07-19'><h1>Head</h1><time datetime='2021-07-19'></time>";
    assert_eq!(found("https://example.org/a", &hints, html).0, "2021-07-19 time");
}

#[test]
fn addresses_carry_dates() {
    let none = Hints::default();
    let of = |url: &str| found(url, &none, "<h1>Head</h1>").0;
    assert_eq!(of("https://example.org/2021/07/19/slug"), "2021-07-19 url");
    assert_eq!(of("https://example.org/news-20210719-a"), "2021-07-19 url");
    assert_eq!(of("https://example.org/a-2021-7-9-b"), "2021-07-09 url");
    assert_eq!(of("https://example.org/2021/07/slug"), "2021-07 url");
    assert_eq!(of("https://example.org/2021-07/19"), "none");
    assert_eq!(of("https://example.org/article/20219999"), "none");
}

#[test]
fn words_that_contradict_the_address_are_no_date() {
    let html = "<h1>Head</h1><p>In the leak of 3 May 2016</p>";
    assert_eq!(found("https://example.org/2021/07/slug", &Hints::default(), html).0, "2021-07 url");
}

#[test]
fn a_change_is_told_from_the_publication() {
    let hints = Hints { outlet_languages: vec![Language::parse("hu")], ..Hints::default() };
    let html = "<h1>Főcím szavai</h1><div>2021. július 19. 18:42 | Frissítve: 2021. július 20. 9:00</div>";
    let (published, modified) = found("https://example.org/a", &hints, html);
    assert_eq!(published, "2021-07-19T18:42:00Z text");
    assert_eq!(modified, "2021-07-20T09:00:00Z text");
}
