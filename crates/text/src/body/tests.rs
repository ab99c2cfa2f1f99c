//! Bodies of pages in structures as found, each of our own writing.

use url::Url;

use crate::page::Page;
use crate::{Hints, body, title};

const FIRST: &str = "The first paragraph of the article says what happened, to whom, and when, at some length.";
const SECOND: &str = "The second paragraph of the article says why it happened, and who says so, at some length.";
const THIRD: &str = "The third paragraph of the article says what will happen next, as far as anybody knows.";

fn paragraphs(html: &str) -> Vec<String> {
    let (html, _) = crate::html::dom::parse(html);
    let url = Url::parse("https://example.org/2021/07/a-headline-of-words").expect("an address");
    let hints = Hints::default();
    let page = Page::of(&html, &url, &hints);
    let title = title::find(&page);
    let body = body::find(&page, &title, &body::Lines::of(&page, &title), body::Trees::shipped());
    if body.structured.is_empty() {
        body.blocks.iter().map(|at| page.blocks.blocks[*at].text.clone()).collect()
    } else {
        body.structured
    }
}

fn with_page(html: &str, look: impl Fn(&Page<'_>)) {
    let (html, _) = crate::html::dom::parse(html);
    let url = Url::parse("https://example.org/a").expect("an address");
    look(&Page::of(&html, &url, &Hints::default()));
}

fn check(html: &str, expected: &[&str]) {
    assert_eq!(paragraphs(html), expected, "{html}");
}

#[test]
fn what_surrounds_the_article_is_left_out() {
    check(
        &format!(
            "<nav><a href=/>Home</a><a href=/world>World</a></nav><div id=cookie-consent><p>We use cookies to make this site work for you and for us, and for our partners.</p></div>\
             <h1>A headline of words</h1><div class=share><a href=#>Share</a></div>\
             <div class=article-body><p>{FIRST}</p><p>{SECOND}</p><div class=newsletter-signup><p>Get the best of our reporting in your mailbox, every Friday morning.</p></div>\
             <h2>A subheading</h2><p>{THIRD}</p></div>\
             <section class=related-articles><h3>Related</h3><ul><li><a href=/b>Another story of another day</a></li></ul></section>\
             <div class=comments><p>I do not believe a word of this article, and I never will, says the troll.</p></div>\
             <footer><p>© Outlet. All rights reserved. No part of this site may be reproduced without permission.</p></footer>"
        ),
        &[FIRST, SECOND, "A subheading", THIRD],
    );
}

#[test]
fn lists_and_quotes_of_the_article_stay() {
    const POINTS: [&str; 2] = [
        "One point that is made at some length, with a number, 50,000, and a name in it.",
        "Another point that is made, which says what follows from the first one of the two.",
    ];
    check(
        &format!(
            "<title>A headline of words</title><article><h1>A headline of words</h1><div class=article-body><p>{FIRST}</p><p>{THIRD} These are the points:</p>\
             <ul><li>{}</li><li>{}</li></ul><blockquote><p>{SECOND}</p></blockquote><p>{FIRST} Again.</p></div></article>",
            POINTS[0], POINTS[1]
        ),
        &[FIRST, &format!("{THIRD} These are the points:"), POINTS[0], POINTS[1], SECOND, &format!("{FIRST} Again.")],
    );
}

#[test]
fn lines_that_lead_elsewhere_and_captions_go() {
    check(
        &format!(
            "<html lang=de><h1>Eine Überschrift aus Worten</h1><div><p>{FIRST}</p><p>Lesen Sie auch: <a href=/b>Eine andere Geschichte</a></p>\
             <figure><img src=/a.jpg><figcaption>Das Gericht in Paris, im Juli.</figcaption></figure><p>{SECOND}</p><p>Foto: Kai Moor / dpa</p>\
             <div class=bild><img src=/b.jpg><br>Zwei Richter (Foto: X)</div><p>{THIRD}</p></div>"
        ),
        &[FIRST, SECOND, THIRD],
    );
}

#[test]
fn a_division_with_line_breaks_is_paragraphs() {
    check(
        &format!("<h1>A headline of words</h1><div id=text>{FIRST}<br><br>{SECOND}<br><br>{THIRD}</div>"),
        &[FIRST, SECOND, THIRD],
    );
}

#[test]
fn a_table_for_layout_is_no_obstacle() {
    check(
        &format!(
            "<table><tr><td width=160><a href=/a>Politics</a><br><a href=/b>Economy</a></td><td><h1>A headline of words</h1>\
             <p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><hr><font>Print | Send | Discuss (12)</font></td>\
             <td><a href=/c>Another story of another day</a></td></tr></table>"
        ),
        &[FIRST, SECOND, THIRD],
    );
}

#[test]
fn the_next_article_is_another() {
    let more = "Text of the other article, which is appended for those who scroll on and on and on. ".repeat(5);
    check(
        &format!(
            "<article><h1>A headline of words</h1><p>{FIRST}</p><p>{SECOND}</p></article><article><h1>Something else entirely now</h1><p>{more}</p></article>"
        ),
        &[FIRST, SECOND],
    );
}

#[test]
fn an_article_that_bears_an_odd_name_is_read() {
    check(
        &format!("<h1>A headline of words</h1><div class=sidebar><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div>"),
        &[FIRST, SECOND, THIRD],
    );
}

#[test]
fn a_text_that_only_structured_data_holds_is_taken() {
    check(
        &format!(
            "<h1>A headline of words</h1><div id=app></div><script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"A headline of words\",\"articleBody\":\"{FIRST}\\n\\n{SECOND}\\n{THIRD}\"}}</script>"
        ),
        &[FIRST, SECOND, THIRD],
    );
}

#[test]
fn ideographs_say_much_in_little() {
    check(
        "<html lang=zh><h1>間諜軟體公司被起訴</h1><div><p>法院週二受理了對一家間諜軟體公司的訴訟,原告是四名記者。</p><p>該公司否認了所有指控。</p></div><div><a href=/a>首頁</a> <a href=/b>訂閱</a></div>",
        &["法院週二受理了對一家間諜軟體公司的訴訟,原告是四名記者。", "該公司否認了所有指控。"],
    );
}

#[test]
fn an_article_in_parts_of_one_odd_name_is_read() {
    let slide = |number: usize, text: &str| {
        format!(
            "<div class=\"gallery-slide slide-{number}\"><img src=/{number}.jpg><div class=text><p>{text}</p></div></div>"
        )
    };
    check(
        &format!(
            "<title>A headline of words</title><article><h1>A headline of words</h1><div class=article-body>{}{}{}</div></article>\
             <footer><p>© Outlet. All rights reserved. No part of this site may be reproduced without permission.</p></footer>",
            slide(1, &format!("{FIRST} {SECOND}")),
            slide(2, &format!("{SECOND} {THIRD}")),
            slide(3, &format!("{THIRD} {FIRST}"))
        ),
        &[&format!("{FIRST} {SECOND}"), &format!("{SECOND} {THIRD}"), &format!("{THIRD} {FIRST}")],
    );
}

#[test]
fn rows_of_a_table_stay_or_go_together() {
    let html = "<p>Before</p><table><tr><td>1<td>Kai Moor</tr><tr><td>2<td>Ada Bell</tr></table><p>Behind</p>";
    with_page(html, |page| {
        let mut judged = vec![(0, 0.2), (1, 0.9), (2, 0.3), (3, 0.1)];
        super::tables_as_wholes(page, &mut judged);
        assert_eq!(
            judged.iter().map(|(_, likely)| (likely * 100.0).round()).collect::<Vec<_>>(),
            [20.0, 60.0, 60.0, 10.0]
        );
    });
}

#[test]
fn a_question_put_to_each_stays_and_what_stands_twice_does_not() {
    const QUESTION: &str = "What did you feel when you heard of the verdict of the court in Paris?";
    let ask = |answer: &str| format!("<p>{QUESTION}</p><p>{answer}</p>");
    let page = |text: String| {
        format!(
            "<title>A headline of words</title><article><h1>A headline of words</h1><div class=article-body>{text}</div></article>"
        )
    };
    check(&page([FIRST, SECOND, THIRD].map(ask).concat()), &[QUESTION, FIRST, QUESTION, SECOND, QUESTION, THIRD]);
    check(&page(format!("<p>{FIRST}</p><p>{SECOND}</p><p>{FIRST}</p><p>{THIRD}</p>")), &[FIRST, SECOND, THIRD]);
}

#[test]
fn headings_of_nothing_go_and_points_set_as_headings_stay() {
    let html = "<p>Text</p><h3>1. The firm owned more than 1300 buildings.</h3><h3>2. The firm owed 300 billion to the banks.</h3>";
    with_page(html, |page| assert_eq!(super::without_stray_headings(page, vec![0, 1, 2]), [0, 1, 2]));
    with_page("<h2>One</h2><h2>Two</h2><h2>Three</h2><p>Text</p><h2>Nothing</h2>", |page| {
        assert_eq!(super::without_stray_headings(page, vec![0, 1, 2, 3, 4]), [1, 2, 3]);
    });
}
