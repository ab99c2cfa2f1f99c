//! The bundled newsroom against its gold: everything is found, read, placed and revised as it must
//! be, and what is not for us never becomes an article.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::time::Duration;

use courant_tests::gold::{self, Page, at_port};
use courant_tests::{Demo, bcubed, demo, http};
use jiff::Timestamp;
use serde_json::Value;

use crate::corpus::{self, array, text};

/// What a debug build, beside other tests, may take until edition one is searchable. The measure
/// itself (20 s) is of a release build; docs/QUALITY.md has it.
const SEARCHABLE_WITHIN: Duration = Duration::from_secs(20);

/// Every article of the served demo, whole, by address.
fn read() -> &'static BTreeMap<String, Value> {
    static READ: OnceLock<BTreeMap<String, Value>> = OnceLock::new();
    READ.get_or_init(|| {
        let whole = |hit: &Value| demo().get(&format!("/api/v1/articles/{}", text(&hit["id"]))).json();
        corpus::articles(&demo().site).iter().map(|(url, hit)| (url.clone(), whole(hit))).collect()
    })
}

/// The gold pages of a kind, each with the address it has in this demo.
fn gold_of(kind: &str) -> Vec<(String, Page)> {
    let port = demo().newsroom;
    let pages = gold::pages().into_values().filter(|page| page.kind == kind);
    pages.map(|page| (at_port(&page.url, port), page)).collect()
}

/// Holds each of the gold's articles to `check`, and shows all that fail, not only the first.
fn check_each(what: &str, check: impl Fn(&Page, &Value) -> Result<(), String>) {
    let mut faults = Vec::new();
    for (url, page) in gold_of("article") {
        let fault = match read().get(&url) {
            Some(article) => check(&page, article).err(),
            None => Some("is not there".to_owned()),
        };
        faults.extend(fault.map(|fault| format!("{url}: {fault}")));
    }
    assert!(faults.is_empty(), "{what}: {} articles:\n{}", faults.len(), faults.join("\n"));
}

#[expect(clippy::needless_pass_by_value, reason = "what is compared is mostly made on the spot")]
fn same<T: PartialEq + std::fmt::Debug>(got: T, wanted: T) -> Result<(), String> {
    if got == wanted { Ok(()) } else { Err(format!("{got:?} instead of {wanted:?}")) }
}

#[test]
fn edition_one_is_searchable_in_time() {
    let took = demo().searchable_after;
    assert!(took < SEARCHABLE_WITHIN, "{took:?}");
}

#[test]
fn it_says_what_to_try() {
    let Demo { talk, .. } = demo();
    let advice = talk.iter().filter(|line| line.starts_with(|c: char| ('1'..='6').contains(&c)));
    assert_eq!(advice.count(), 6, "{talk:#?}");
}

#[test]
fn every_search_that_it_advises_finds_something() {
    let mut tried = 0;
    for line in &demo().talk {
        for query in line.split("q=").skip(1) {
            let query = query.split([' ', '&', ':']).next().unwrap_or_default();
            let found = demo().get(&format!("/api/v1/search?q={}", http::encoded(&query.replace('+', " ")))).json();
            assert!(found["total"].as_u64() > Some(0), "'{query}' of: {line}");
            tried += 1;
        }
    }
    assert!(tried >= 5, "{:?}", demo().talk);
}

#[test]
fn every_article_is_found_first_by_its_title() {
    let mut faults = Vec::new();
    for (url, page) in gold_of("article") {
        let query = http::encoded(page.last_title());
        let answer = demo().get(&format!("/api/v1/search?q={query}&limit=5")).json();
        let first = &answer["hits"][0];
        if first["url"] != url.as_str() {
            faults.push(format!("{} ({url}): first is {} {}", page.last_title(), first["url"], answer["understood"]));
        }
    }
    assert!(faults.is_empty(), "{} titles:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn nothing_but_the_articles_is_there() {
    let wanted: BTreeSet<String> = ["article", "withdrawn"].into_iter().flat_map(gold_of).map(|(url, _)| url).collect();
    let stray: Vec<&String> = read().keys().filter(|url| !wanted.contains(*url)).collect();
    assert!(stray.is_empty(), "{stray:#?}");
}

#[test]
fn outlets_and_languages_are_right() {
    check_each("outlet and language", |page, article| {
        same((text(&article["outlet"]), text(&article["language"])), (page.outlet.as_str(), page.language.as_str()))
    });
}

#[test]
fn filters_find_what_the_gold_counts() {
    let count = |filter: &str| demo().get(&format!("/api/v1/search?q=&limit=1&{filter}")).json()["total"].as_u64();
    let mut outlets: BTreeMap<String, u64> = BTreeMap::new();
    let mut languages: BTreeMap<String, u64> = BTreeMap::new();
    for (_, page) in gold_of("article") {
        *outlets.entry(page.outlet).or_default() += 1;
        *languages.entry(page.language).or_default() += 1;
    }
    let withdrawn = gold_of("withdrawn");
    let more = |name: &str, of: fn(&Page) -> &str| withdrawn.iter().filter(|(_, page)| of(page) == name).count() as u64;
    for (outlet, wanted) in outlets {
        // Whether a withdrawn article counts is said on its own page; a filter may show it.
        let found = count(&format!("outlet={outlet}")).unwrap_or_default();
        assert!(
            (wanted..=wanted + more(&outlet, |page| &page.outlet)).contains(&found),
            "{outlet}: {found} not {wanted}"
        );
    }
    for (language, wanted) in languages {
        let found = count(&format!("lang={language}")).unwrap_or_default();
        let most = wanted + more(&language, |page| &page.language);
        assert!((wanted..=most).contains(&found), "{language}: {found} not {wanted}");
    }
}

#[test]
fn titles_bylines_dates_and_credits_are_read() {
    check_each("title", |page, article| same(text(&article["title"]), page.last_title()));
    check_each("authors", |page, article| {
        let people = array(&article["authors"]).iter().filter(|author| author["organisation"] != true);
        let names: Vec<&str> = people.map(|author| text(&author["name"])).collect();
        same(names, page.last_authors().iter().map(String::as_str).collect())
    });
    check_each("published", |page, article| {
        let dated = &article["published"];
        let (Some(date), Some(wanted)) = (dated["date"].as_str(), page.published.as_deref()) else {
            return same(dated["date"].as_str(), page.published.as_deref());
        };
        match dated["precision"].as_str() {
            Some("minute" | "second") => same(minute(date), minute(wanted)),
            _ => same(date, &wanted[..date.len()]),
        }
    });
    check_each("pictures", |page, article| {
        let said =
            |image: &Value| (image["caption"].as_str().map(str::to_owned), image["credit"].as_str().map(str::to_owned));
        let got: Vec<_> = array(&article["images"]).iter().map(said).collect();
        same(got, page.last_images().iter().map(|image| (image.caption.clone(), image.credit.clone())).collect())
    });
}

fn minute(date: &str) -> i64 {
    let moment: Timestamp = date.parse().unwrap_or_else(|error| panic!("{date}: {error}"));
    moment.as_second() / 60
}

#[test]
fn paywalled_pages_are_marked_and_the_others_are_not() {
    check_each("paywalled", |page, article| same(article["paywalled"].as_bool(), Some(page.paywalled)));
}

#[test]
fn what_is_not_for_us_is_told_with_its_reason() {
    for (kind, reason) in [("refused", "robots"), ("consent-wall", "consent")] {
        for (url, page) in gold_of(kind) {
            let outlet = demo().get(&format!("/api/v1/outlets/{}", page.outlet)).json();
            let blocked = array(&outlet["blocked"]).iter().find(|source| source["url"] == url.as_str());
            let blocked = blocked.unwrap_or_else(|| panic!("{url} is not among {}", outlet["blocked"]));
            assert!(text(&blocked["reason"]).to_lowercase().contains(reason), "{blocked}");
        }
    }
    for (url, page) in gold_of("dead") {
        let outlet = demo().get(&format!("/api/v1/outlets/{}", page.outlet)).json();
        let gone = array(&outlet["frontier"]).iter().find(|row| row["kind"] == "page" && row["state"] == "gone");
        assert!(gone.is_some_and(|row| row["count"].as_u64() >= Some(1)), "{url}: {}", outlet["frontier"]);
    }
}

#[test]
fn a_withdrawn_article_says_so_and_keeps_its_history() {
    for (url, page) in gold_of("withdrawn") {
        let log = corpus::changes(&demo().site);
        let withdrawn: Vec<&Value> = log.iter().filter(|row| row["kind"] == "article.withdrawn").collect();
        assert_eq!(withdrawn.len(), 1, "{withdrawn:#?}");
        let article = demo().get(&format!("/api/v1/articles/{}", text(&withdrawn[0]["article"]))).json();
        assert_eq!(
            (article["url"].as_str(), article["title"].as_str()),
            (Some(url.as_str()), Some(page.title.as_str()))
        );
        assert!(article["withdrawn"].is_string(), "{article}");
    }
}

#[test]
fn corrections_are_revisions_and_nothing_else_is() {
    check_each("revision", |page, article| {
        let number = article["revision"].as_u64();
        match (&page.edition2, page.is_revised()) {
            (_, true) => same(number, Some(2)),
            (None, _) => same(number, Some(1)),
            // A new picture or dateline: whether that is an edit depends on where the page says it.
            (Some(_), false) => Ok(()),
        }
    });
    check_each("difference", |page, article| {
        if !page.is_revised() {
            return Ok(());
        }
        let id = text(&article["id"]);
        let diff = demo().get(&format!("/api/v1/articles/{id}/diff?from=1&to=2")).json();
        let new = page.edition2.clone().unwrap_or_default();
        let changed = |part: &str| array(&diff[part]).iter().any(|run| run["kind"] != "same");
        same(changed("title"), new.title.is_some())?;
        same(changed("byline"), new.authors.is_some())?;
        if new.text_changed && !changed("text") {
            return Err(format!("no difference in the text: {}", diff["text"]));
        }
        if let Some(title) = &new.title {
            let kept = array(&diff["title"]).iter().filter(|run| run["kind"] != "removed");
            same(kept.map(|run| text(&run["text"])).collect::<String>(), title.clone())?;
        }
        Ok(())
    });
}

#[test]
fn other_addresses_lead_to_the_one_article() {
    // A copy under a second address would have been found twice, or stand beside the gold.
    for (url, page) in gold_of("article").into_iter().filter(|(_, page)| !page.also_at.is_empty()) {
        for other in &page.also_at {
            let other = at_port(other, demo().newsroom);
            assert!(read().contains_key(&url) && !read().contains_key(&other), "{other} beside {url}");
        }
    }
}

#[test]
fn stories_of_one_language_are_exact() {
    let mut by_language: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (url, page) in gold_of("article") {
        let story = read()[&url]["story"].as_str().unwrap_or("none").to_owned();
        by_language.entry(page.language).or_default().push((page.story_by_language, story));
    }
    let mut faults = Vec::new();
    for (language, items) in by_language {
        let (precision, recall, f1) = bcubed(&items);
        if f1 < 1.0 {
            faults.push(format!("{language}: precision {precision:.3}, recall {recall:.3}: {}", confusion(&items)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Gold stories that were cut or mixed, in words.
fn confusion(items: &[(String, String)]) -> String {
    let mut found: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut gold: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (g, f) in items {
        *found.entry(f).or_default().entry(g).or_default() += 1;
        gold.entry(g).or_default().insert(f);
    }
    let mixed = found.values().filter(|labels| labels.len() > 1).map(|labels| format!("mixed {labels:?}"));
    let cut = gold.iter().filter(|(_, ids)| ids.len() > 1).map(|(label, ids)| format!("{label} cut in {}", ids.len()));
    mixed.chain(cut).collect::<Vec<_>>().join("; ")
}

#[test]
fn translations_stand_in_one_story() {
    check_each("translations", |page, article| {
        for other in &page.translations {
            let other = at_port(other, demo().newsroom);
            let Some(translation) = read().get(&other) else { return Err(format!("{other} is not there")) };
            if translation["story"] != article["story"] {
                return Err(format!("not with {other}"));
            }
        }
        Ok(())
    });
}

#[test]
fn the_command_line_finds_what_the_site_finds() {
    let courant = demo().courant();
    let mut seen = BTreeSet::new();
    for (url, page) in gold_of("article").into_iter().filter(|(_, page)| seen.insert(page.language.clone())) {
        let title = page.last_title();
        let found =
            courant.run(&["search", "--lang", &page.language, "--outlet", &page.outlet, "--json", "--", title]).done();
        assert_eq!(found.json()["hits"][0]["url"], url.as_str(), "{title}");
    }
    let nothing = courant.run(&["search", "--json", "zzxqvw"]);
    assert_eq!(nothing.code, Some(1), "{nothing:?}");
    assert_eq!(nothing.json()["total"], 0);
}

#[test]
fn the_index_says_what_the_record_says() {
    let report = demo().courant().run(&["verify", "--json"]).done().json();
    assert_eq!(report["articles"], report["indexed"], "{report}");
    assert_eq!(report["articles"].as_u64(), Some(read().len() as u64), "{report}");
}
