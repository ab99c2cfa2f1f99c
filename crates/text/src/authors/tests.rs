//! Bylines as outlets print them.

use courant_model::Language;
use url::Url;

use super::find;
use crate::agencies::{Agencies, Agency};
use crate::page::Page;
use crate::{Hints, body, title};

fn authors(language: &str, html: &str) -> Vec<String> {
    let agency = |name: &str, credit: &str| Agency { name: name.to_owned(), credits: vec![credit.to_owned()] };
    let agencies = Agencies::new(vec![agency("Agence France-Presse", "AFP"), agency("Deutsche Presse-Agentur", "dpa")]);
    let hints =
        Hints { agencies: agencies.into(), outlet_languages: vec![Language::parse(language)], ..Hints::default() };
    let url = Url::parse("https://www.northern-ledger.example/a").expect("an address");
    let (html, _) = crate::html::dom::parse(html);
    let page = Page::of(&html, &url, &hints);
    let title = title::find(&page);
    let body = body::find(&page, &title, &body::Lines::of(&page, &title), body::Trees::shipped());
    let shown =
        |author: courant_model::Author| if author.organisation { format!("[{}]", author.name) } else { author.name };
    find(&page, &title, &body.blocks).0.into_iter().map(shown).collect()
}

fn check_line(language: &str, line: &str, expected: &[&str]) {
    let paragraph =
        "A paragraph of the article that says enough to be taken for one, and then some more words, too. ".repeat(3);
    let html = format!("<h1>A headline of five words</h1><div>{line}</div><p>{paragraph}</p><p>{paragraph}</p>");
    assert_eq!(authors(language, &html), expected, "{line}");
}

#[test]
fn bylines_begin_with_a_word_of_their_language() {
    check_line("en", "By Ada Bell and Jon Orr, Northern Ledger staff", &["Ada Bell", "Jon Orr"]);
    check_line("de", "Von Anna Weber und Kai von der Tann, Berlin", &["Anna Weber", "Kai von der Tann"]);
    check_line("fr", "Par Victoria Beurnez", &["Victoria Beurnez"]);
    check_line("es", "Por Lucía Peña y Juan de la Cruz / con información de AFP", &["Lucía Peña", "Juan de la Cruz"]);
    check_line("pt", "Texto de Rui Sá e Inês Lobo", &["Rui Sá", "Inês Lobo"]);
    check_line("it", "di Carla Rossi", &["Carla Rossi"]);
    check_line("ru", "Автор: Анна Петрова", &["Анна Петрова"]);
    check_line("hu", "Írta: Kovács Éva | 2021. július 19.", &["Kovács Éva"]);
    check_line("ar", "بقلم: سامر عيتاني", &["سامر عيتاني"]);
    check_line("he", "מאת: דנה לוי", &["דנה לוי"]);
    check_line("zh", "記者:王小明、李大同", &["王小明", "李大同"]);
    check_line("ko", "김철수 기자", &["김철수"]);
    check_line("en", "By the numbers", &[]);
    check_line("en", "BY ADA BELL", &["Ada Bell"]);
}

#[test]
fn structured_data_comes_first_and_desks_are_no_persons() {
    let json = |author: &str| {
        format!(
            "<h1>Head</h1><script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"Head\",\"author\":{author}}}</script>"
        )
    };
    assert_eq!(
        authors(
            "en",
            &json(r#"[{"@type":"Person","name":"Ada Bell, Senior Editor"},{"@type":"Organization","name":"AFP"}]"#)
        ),
        ["Ada Bell", "[AFP]"]
    );
    assert_eq!(authors("en", &json(r#"{"@type":"Person","name":"https://example.org/ada"}"#)), Vec::<String>::new());
    assert_eq!(authors("en", &json(r#"{"@type":"Organization","name":"Northern Ledger"}"#)), ["[Northern Ledger]"]);
    assert_eq!(authors("de", &json(r#"{"@type":"Person","name":"Redaktion"}"#)), ["[Redaktion]"]);
    assert_eq!(authors("de", &json(r#"{"@type":"Person","name":"dpa"}"#)), ["[dpa]"]);
}

#[test]
fn names_are_found_where_outlets_put_them() {
    check_line("en", "Posted on September 21, 2020 by Ada Bell", &["Ada Bell"]);
    check_line("en", "By Ada Bell @adabell", &["Ada Bell"]);
    check_line("de", "<h5>Autor:</h5>Kai Moor/dpa", &["Kai Moor"]);
    check_line("de", "<p class=byline>Ähnliche Beiträge</p>", &[]);
    let text = "Ein Absatz des Artikels, der lang genug ist, um für einen gehalten zu werden, und mehr. ".repeat(3);
    let html = format!("<h1>Eine Überschrift aus Worten</h1><div><p>{text}</p><p>{text} (Anna P. Weber) +++</p></div>");
    assert_eq!(authors("de", &html), ["Anna P. Weber"]);
    let html = "<h1>Head</h1><p class=author>By <a rel=author href=/a>Northern Ledger</a></p>";
    assert_eq!(authors("en", html), ["[Northern Ledger]"]);
}

#[test]
fn metas_and_marks_are_read() {
    assert_eq!(
        authors("hu", "<meta name='DC.creator' content='Kovács Éva'><meta name='DC.creator' content='Nagy Pál'>"),
        ["Kovács Éva", "Nagy Pál"]
    );
    assert_eq!(authors("en", "<meta name=citation_author content='Bell, Ada'>"), ["Ada Bell"]);
    let html = "<h1>A headline of five words</h1><p class=byline>By <a rel=author href=/a>Ada Bell</a>, <a rel=author href=/b>Jon Orr</a></p>\
                <div class=related><span class=author>Some Body</span></div>";
    assert_eq!(authors("en", html), ["Ada Bell", "Jon Orr"]);
}
