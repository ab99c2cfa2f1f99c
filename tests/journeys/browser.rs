//! The site of the served demo in a real browser, at a desk's width and at a phone's.

use std::collections::BTreeSet;
use std::path::PathBuf;

use courant_tests::browser::{Browser, installed};
use courant_tests::{demo, skipped};
use serde_json::Value;

use crate::corpus::{self, text};

const DESK: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);

fn browser(what: &str) -> Option<Browser> {
    let Some(program) = installed() else {
        skipped(&format!("browser: {what}"), "no chromium is installed");
        return None;
    };
    Some(Browser::start(&program))
}

/// One page of each kind, articles and stories of several scripts among them.
fn pages() -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = [
        ("front", "/"),
        ("search", "/search?q=pegasus"),
        ("search-ar", "/search?q=%D8%A8%D9%8A%D8%BA%D8%A7%D8%B3%D9%88%D8%B3"),
        ("search-ja", "/search?q=CloudFront&lang=ja"),
        ("stories", "/stories"),
        ("outlets", "/outlets"),
        ("outlet", "/outlets/al-fanar"),
        ("project", "/projects/pegasus-project"),
        ("status", "/status"),
        ("not-found", "/articles/00000000000000000000000000000000"),
    ]
    .map(|(name, path)| (name.to_owned(), path.to_owned()))
    .into();
    let articles = corpus::articles(&demo().site);
    let mut seen = BTreeSet::new();
    for article in articles.values().filter(|article| seen.insert(text(&article["language"]).to_owned())) {
        pages.push((format!("article-{}", text(&article["language"])), format!("/articles/{}", text(&article["id"]))));
    }
    let revised = articles.values().find(|article| article["revision"] == 2).expect("a revised article");
    pages.push(("diff".to_owned(), format!("/articles/{}/diff", text(&revised["id"]))));
    let widest =
        corpus::stories(&demo().site).into_iter().max_by_key(|story| story["languages"].as_array().map(Vec::len));
    pages.push(("story".to_owned(), format!("/stories/{}", text(&widest.expect("stories")["id"]))));
    pages
}

#[test]
fn pages_are_quiet_self_contained_and_fit_their_window() {
    let Some(mut browser) = browser("every kind of page") else { return };
    let mut faults = Vec::new();
    for (name, path) in pages() {
        for (width, height) in [DESK, PHONE] {
            let seen = browser.see(&format!("{}{path}", demo().site), width, height);
            let mut fault = |what: String| faults.push(format!("{name} at {width}: {what}"));
            // A page that is not there is told so by its status, which the console repeats.
            let expected = |told: &&String| name == "not-found" && told.contains("404");
            if let Some(complaint) = seen.complaints.iter().find(|told| !expected(told)) {
                fault(complaint.clone());
            }
            if let Some(outside) =
                seen.requests.iter().find(|url| !url.starts_with(&demo().site) && !url.starts_with("data:"))
            {
                fault(format!("asked for {outside}"));
            }
            if seen.content_width > seen.window_width {
                fault(format!("content is {} wide in a window of {}", seen.content_width, seen.window_width));
            }
            if browser.evaluate("document.title").as_str().is_none_or(str::is_empty) {
                fault("no title".to_owned());
            }
            keep_picture(&mut browser, &name, width);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Keeps a picture for whoever looks, where `COURANT_PICTURES` names a folder.
fn keep_picture(browser: &mut Browser, name: &str, width: u32) {
    if let Some(folder) = std::env::var_os("COURANT_PICTURES").map(PathBuf::from) {
        std::fs::create_dir_all(&folder).expect("made");
        std::fs::write(folder.join(format!("{name}-{width}.png")), browser.picture()).expect("written");
    }
}

#[test]
fn words_stand_in_their_own_direction_and_language() {
    let Some(mut browser) = browser("directions") else { return };
    for article in corpus::articles(&demo().site).values() {
        let language = text(&article["language"]);
        if !matches!(language, "ar" | "he" | "en" | "ja" | "hi") {
            continue;
        }
        browser.see(&format!("{}/articles/{}", demo().site, text(&article["id"])), PHONE.0, PHONE.1);
        let style = browser.evaluate(
            "(() => { const h = document.querySelector('h1'); const own = h.closest('[lang]'); \
             return [getComputedStyle(h).direction, own ? own.lang : '']; })()",
        );
        let direction = if matches!(language, "ar" | "he") { "rtl" } else { "ltr" };
        assert_eq!(style[0], direction, "{language}: {style}");
        assert!(style[1].as_str().is_some_and(|lang| lang.starts_with(language)), "{language}: {style}");
        let marked = browser.evaluate("document.querySelectorAll('[dir=rtl]').length");
        assert!(direction == "ltr" || marked.as_u64() > Some(0), "{language}: no right-to-left run");
    }
}

#[test]
fn every_page_says_that_it_is_a_demonstration() {
    for (name, path) in pages() {
        let page = demo().get(&path).text().to_lowercase();
        assert!(page.contains("demonstration"), "{name}");
    }
}

#[test]
fn a_reader_gets_from_the_front_page_to_a_diff() {
    let Some(mut browser) = browser("a reader's way") else { return };
    let site = &demo().site;
    browser.see(&format!("{site}/"), DESK.0, DESK.1);
    assert_eq!(browser.evaluate("document.querySelectorAll('form [name=q]').length > 0"), Value::Bool(true));
    browser.see(&format!("{site}/search?q=Wauters&sort=changed"), DESK.0, DESK.1);
    let first = browser.evaluate("(document.querySelector('main a[href^=\"/articles/\"]') || {}).href || ''");
    browser.see(text(&first), DESK.0, DESK.1);
    let diff = browser.evaluate("(document.querySelector('a[href*=\"/diff\"]') || {}).href || ''");
    assert!(!text(&diff).is_empty(), "no way from {first} to what changed");
    browser.see(text(&diff), DESK.0, DESK.1);
    let marks = browser.evaluate("document.querySelectorAll('ins, del').length");
    assert!(marks.as_u64() > Some(0), "nothing is marked at {diff}");
}
