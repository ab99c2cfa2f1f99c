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

/// A paragraph that is a story.
fn story() -> String {
    "A paragraph of the article, long enough to be one, and with words enough to be told from a line. ".repeat(4)
}

#[test]
fn a_line_beside_the_headline_knows_better_than_the_document() {
    let document = "<meta name='dcterms.date' content='2021-07-01T09:43'>";
    check(&format!("{document}<h1>Head line</h1><p>July 19, 2021</p><p>{}</p>", story()), "2021-07-19 text");
    check(&format!("{document}<h1>Head line</h1><p>July 1, 2021</p><p>{}</p>", story()), "2021-07-01T09:43:00Z meta");
    check(
        "<meta name='citation_publication_date' content='2021/07'><meta name='dc.date' content='2021-07-19'>",
        "2021-07-19 meta",
    );
}

#[test]
fn what_a_time_element_shows_outweighs_what_it_tells_machines() {
    check("<h1>Head</h1><time datetime='2021-07-23T10:18:46Z'>Published July 19, 2021</time>", "2021-07-19 time");
    // A day apart is a matter of zones.
    check("<h1>Head</h1><time datetime='2021-07-19T23:18:46Z'>July 20, 2021</time>", "2021-07-19T23:18:46Z time");
}

#[test]
fn times_are_shown_by_the_clock_that_the_page_goes_by() {
    let none = Hints::default();
    let meta = |time: &str| format!("<meta property='article:published_time' content='{time}'>");
    let line = format!("{}<h1>Head line</h1><p>19 July 2021</p>", meta("2021-07-19T22:42:00Z"));
    assert_eq!(found("https://example.at/a", &none, &line).0, "2021-07-19T22:42:00Z meta");
    let central = format!("<html lang=en-US>{}", meta("2021-07-20T04:42:00Z"));
    assert_eq!(found("https://example.com/2021/07/19/a", &none, &central).0, "2021-07-19T23:42:00-05:00 meta");
    let days_apart = meta("2021-07-22T04:42:00Z");
    assert_eq!(found("https://example.com/2021/07/19/a", &none, &days_apart).0, "2021-07-22T04:42:00Z meta");
}

#[test]
fn local_time_called_utc_gives_way_to_the_right_one() {
    let json = "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2021-07-19T17:25:06.000Z\"}</script>";
    let of = |meta: &str| {
        let html = format!("{json}<meta property='article:published_time' content='{meta}'>");
        found("https://example.com.au/a", &Hints::default(), &html).0
    };
    assert_eq!(of("2021-07-19T07:25:06+00:00"), "2021-07-19T17:25:06+10:00 meta");
    assert_eq!(of("2021-07-19T07:25:09+00:00"), "2021-07-20T03:25:06+10:00 json-ld");
    // What names no zone may as well be UTC.
    assert_eq!(of("2021-07-19T17:25:06"), "2021-07-20T03:25:06+10:00 json-ld");
}

#[test]
fn a_headline_is_asked_last_for_its_date() {
    let story = story();
    check(
        &format!("<h1>Races of July 11, 2021</h1><p>Category: Horses, 12 July 2021</p><p>{story}</p>"),
        "2021-07-12 text",
    );
    check(&format!("<h1>Races of July 11, 2021</h1><p>{story}</p>"), "2021-07-11 text");
}

#[test]
fn a_line_that_says_published_comes_before_other_lines() {
    let html = format!("<p>Posted the September 1, 2021</p><h1>Head line</h1><p>July 13, 2021</p><p>{}</p>", story());
    check(&html, "2021-09-01 text");
}

#[test]
fn paragraphs_begin_with_their_date() {
    let story = story();
    check(&format!("<h1>Head line</h1><p>(19 July 2021) {story}</p>"), "2021-07-19 text");
    let german = Hints { outlet_languages: vec![Language::parse("de")], ..Hints::default() };
    let html = format!("<h1>Die Schlagzeile</h1><p>19. Juli 2021. {story}</p>");
    assert_eq!(found("https://example.org/a", &german, &html).0, "2021-07-19 text");
}

#[test]
fn what_holds_the_headline_is_no_furniture_whatever_its_name() {
    let html = format!(
        "<div class='banner'><h1>Head line</h1><p>July 19, 2021</p><p>{}</p></div><p>July 9, 2021</p>",
        story()
    );
    check(&html, "2021-07-19 text");
}

#[test]
fn nothing_is_published_after_it_was_changed() {
    let html = format!("<h1>Head line</h1><p>Updated: July 19, 2021</p><p>{}</p><p>July 29, 2021</p>", story());
    check(&html, "2021-07-19 text");
}

#[test]
fn a_change_may_be_told_within_a_line() {
    let french = Hints { outlet_languages: vec![Language::parse("fr")], ..Hints::default() };
    let html = "<h1>Gros titre</h1><p>Article mis à jour le 7 janvier 2020</p><p>30 septembre 2018</p>";
    let (published, modified) = found("https://example.org/a", &french, html);
    assert_eq!((published.as_str(), modified.as_str()), ("2018-09-30 text", "2020-01-07 text"));
}

#[test]
fn microformats_tell_dates_where_no_words_do() {
    let abbr = "<abbr class='published' title='2021-07-19T18:42:00+02:00'>then</abbr>";
    check(&format!("<h1>Head line</h1>{abbr}"), "2021-07-19T18:42:00+02:00 time");
    check(&format!("<h1>Head line</h1><p>July 18, 2021</p>{abbr}"), "2021-07-18 text");
}

#[test]
fn the_line_that_blogs_put_under_an_entry_is_read() {
    let line = "<p class=postmetadata>This entry was posted on Monday, July 19th, 2021 and is filed under things, \
                news and other matters. You can follow any responses to this entry through the feed, and \
                comments are closed for the time being, as are trackbacks from your own site.</p>";
    check(&format!("<h1>Head line</h1><p>{}</p><p>x</p><p>y</p><p>z</p>{line}", story()), "2021-07-19 text");
}

#[test]
fn a_story_may_appear_in_the_month_after_its_address() {
    let html = "<h1>Head</h1><p>10 August 2021</p>";
    assert_eq!(found("https://example.org/2021/07/slug", &Hints::default(), html).0, "2021-08-10 text");
}

#[test]
fn addresses_may_put_the_day_first_or_join_it_to_the_month() {
    let of = |url: &str| found(url, &Hints::default(), "<h1>Head</h1>").0;
    assert_eq!(of("https://example.org/19-07-2021-slug"), "2021-07-19 url");
    assert_eq!(of("https://example.org/2021/0719/c1.html"), "2021-07-19 url");
    // Which of the two is the month?
    assert_eq!(of("https://example.org/09-07-2021-slug"), "none");
    assert_eq!(of("https://example.org/19-07-20215"), "none");
    assert_eq!(of("https://example.org/2021/9919/c1.html"), "none");
}
