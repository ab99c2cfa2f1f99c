//! Corpora from WARC files: what is in them is found, and once is enough.

use std::collections::BTreeMap;
use std::time::Duration;

use courant_tests::{Courant, Finished, eval, http, wait, warc};
use serde_json::Value;

use crate::corpus::{self, array, text};

/// Reading real pages takes a debug build a while.
const PATIENCE: Duration = Duration::from_secs(600);

/// Zulu and Xhosa, or two Scandinavian languages, may be taken for each other on a short page; no
/// more than that.
const WRONG_LANGUAGES: usize = 3;

fn import(courant: &Courant, path: &std::path::Path) -> Finished {
    let imported = courant.start(&["import", "warc", path.to_str().expect("UTF-8")]).end(PATIENCE).done();
    imported.did_not_panic();
    imported
}

fn search(courant: &Courant, args: &[&str]) -> Value {
    let mut all = vec!["search", "--json"];
    all.extend(args);
    let found = courant.run(&all);
    found.did_not_panic();
    found.json()
}

fn page(language: &str, title: &str, paragraph: &str) -> String {
    let body = format!("<p>{paragraph}</p>\n").repeat(5);
    format!(
        "<!doctype html><html lang={language}><head><meta charset=utf-8><title>{title}</title>\
         <meta property=og:type content=article><meta property=og:title content=\"{title}\">\
         <meta property=article:published_time content=\"2021-07-19T16:00:00Z\"></head>\
         <body><article><h1>{title}</h1>{body}</article></body></html>"
    )
}

#[test]
fn pages_of_a_warc_are_found_by_keyword_outlet_and_language() {
    let courant = Courant::new("");
    let pages = [
        (
            "https://www.lemonde.fr/un-test/article/2021/07/19/le-port-et-ses-contrats.html",
            "le-monde",
            page(
                "fr",
                "Le port et ses contrats",
                "La mairie a rouvert mardi le dossier du dragage, après que deux élus ont demandé comment le prix avait \
                 été fixé et qui avait signé pour le port.",
            ),
        ),
        (
            "https://www.theguardian.com/a-test/2021/jul/19/the-harbour-and-its-contracts",
            "guardian",
            page(
                "en",
                "The harbour and its contracts",
                "The council reopened the dredging file on Tuesday after two members had asked how the price came about \
                 and who had signed for the harbour.",
            ),
        ),
        (
            "https://gazette.example/seite/der-hafen",
            "gazette.example",
            page(
                "de",
                "Der Hafen und seine Verträge",
                "Der Rat hat am Dienstag die Akte über die Baggerarbeiten wieder geöffnet, nachdem zwei Mitglieder nach \
                 dem Preis und den Unterschriften gefragt hatten.",
            ),
        ),
    ];
    let path = courant.home().join("small.warc.gz");
    let records: Vec<(String, String)> = pages.iter().map(|(url, _, html)| ((*url).to_owned(), html.clone())).collect();
    warc::write(&path, "2021-07-20T08:00:00Z", &records);
    import(&courant, &path);

    for (query, lang, (url, outlet, _)) in
        [("dragage", "fr", &pages[0]), ("dredging", "en", &pages[1]), ("Hafen", "de", &pages[2])]
    {
        let found = search(&courant, &["--lang", lang, "--", query]);
        let hit = &found["hits"][0];
        assert_eq!((found["total"].as_u64(), text(&hit["url"])), (Some(1), *url), "{query}: {found}");
        assert!(text(&hit["outlet"]).starts_with(outlet.trim_end_matches(".example")), "{query}: {hit}");
        let outlet = text(&hit["outlet"]).to_owned();
        assert_eq!(search(&courant, &["--outlet", &outlet])["total"], 1, "{outlet}");
        assert!(text(&hit["published"]["date"]).starts_with("2021-07-19"), "{hit}");
    }
    let before = search(&courant, &[""]);
    import(&courant, &path);
    assert_eq!(search(&courant, &[""]), before, "a second import changed something");
    courant.run(&["verify"]).done();
}

#[test]
fn an_import_beside_a_running_curator_is_curated_by_it() {
    let courant = Courant::new("");
    let mut curator = courant.start(&["curate"]);
    let lock = courant.data().join("locks/curator.lock");
    wait("the curator at work", Duration::from_secs(30), || lock.exists().then_some(()));
    let path = courant.home().join("one.warc.gz");
    let html = page(
        "en",
        "A piece for the curator",
        "The winch was inspected on Tuesday and found to be older than the pier it stands on.",
    );
    warc::write(&path, "2021-07-20T08:00:00Z", &[("https://gazette.example/winch".to_owned(), html)]);
    import(&courant, &path);
    assert_eq!(search(&courant, &["winch"])["total"], 1, "an import ends when its articles can be found");
    assert!(curator.is_alive());
    curator.stop(Duration::from_secs(30)).done();
}

#[test]
fn a_cut_off_warc_gives_what_it_has() {
    let courant = Courant::new("");
    let path = courant.home().join("cut.warc.gz");
    let piece = |n: u32| {
        page(
            "en",
            &format!("Piece number {n}"),
            &format!("The {n}th hawser was counted on Tuesday by the harbour's own clerk, who signed."),
        )
    };
    let pages: Vec<(String, String)> =
        (0..5).map(|n| (format!("https://gazette.example/hawser/{n}"), piece(n))).collect();
    warc::write(&path, "2021-07-20T08:00:00Z", &pages);
    let bytes = std::fs::read(&path).expect("written");
    std::fs::write(&path, &bytes[..bytes.len() - 100]).expect("cut");
    let imported = courant.run(&["import", "warc", path.to_str().expect("UTF-8")]);
    imported.did_not_panic();
    assert!(search(&courant, &["hawser"])["total"].as_u64() >= Some(4), "{imported:?}");
}

/// The languages of real pages, by address, as the evaluation data says.
fn expected_languages() -> BTreeMap<String, String> {
    let read = |name: &str| {
        eval::file("import: languages of real pages", name).map(|path| std::fs::read_to_string(path).expect("text"))
    };
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let batch = read("pages/batch.jsonl").unwrap_or_default();
    let pages = batch.lines().map(json).filter_map(|page| {
        let expected = json(&read(&format!("pages/cases/{}/expected.json", text(&page["id"])))?);
        Some((text(&page["url"]).to_owned(), expected["language"].as_str()?.to_owned()))
    });
    pages.collect()
}

#[test]
fn real_pages_are_found_by_keyword_outlet_and_language() {
    let Some(path) = eval::file("import: real pages", "real.warc.gz") else { return };
    let courant = Courant::new("");
    import(&courant, &path);
    let mut serving = courant.start(&["serve", "--bind", "127.0.0.1:0"]);
    let line = serving.line("the site is at", Duration::from_secs(60));
    let site = line.split("at ").last().expect("an address").trim_end_matches('/').to_owned();

    let articles = corpus::articles(&site);
    assert!(articles.len() >= 150, "{} of 171 pages are articles", articles.len());
    let expected = expected_languages();
    let mut wrong = Vec::new();
    let mut missed = Vec::new();
    for (url, article) in &articles {
        let (title, outlet, language) = (text(&article["title"]), text(&article["outlet"]), text(&article["language"]));
        // Norwegian is told as such where Bokmål and Nynorsk are not told apart.
        if expected.get(url).is_some_and(|known| known != language && !(language == "no" && known.starts_with('n'))) {
            wrong.push(format!("{url}: {language} instead of {}", expected[url]));
        }
        let query = http::encoded(title);
        let found =
            http::get(&format!("{site}/api/v1/search?q={query}&outlet={outlet}&lang={language}&limit=20")).json();
        if !array(&found["hits"]).iter().any(|hit| hit["url"] == url.as_str()) {
            missed.push(format!("{url}: {title}: {}", found["understood"]));
        }
    }
    assert!(missed.is_empty(), "{} are not found:\n{}", missed.len(), missed.join("\n"));
    assert!(wrong.len() <= WRONG_LANGUAGES, "{} languages are wrong:\n{}", wrong.len(), wrong.join("\n"));
    serving.stop(Duration::from_secs(30)).done();
    courant.run(&["verify"]).done();
}
