//! The readers over public test suites, where they are at hand: under `$COURANT_EVAL`, by default
//! `../shared/eval` beside the repository. Each prints its figure and holds its floor.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use courant_crawl::{Robots, agent_valid, read_feed, read_sitemap};
use serde_json::Value;
use url::Url;

#[test]
fn robots_decide_as_the_rfc_has_it() {
    let mut rfc = Figure::new("robots_match", "rfc9309");
    let mut google = Figure::new("robots_match", "google");
    for row in rows("robots_match") {
        let input = &row["input"];
        let url = text(&input["url"]);
        let robots = Robots::parse(&body(&input["robots"]));
        let right = Some(robots.allowed(text(&input["user_agent"]), url)) == row["expected"]["allowed"].as_bool();
        // Addresses that are not escaped are contested, and stand in neither figure.
        if url.is_ascii() {
            (if row["level"] == "rfc9309" { &mut rfc } else { &mut google }).add(right, &row);
        }
    }
    rfc.end(1.0);
    google.end(0.98);
}

#[test]
fn robots_of_real_sites_decide_as_others_do() {
    let mut figure = Figure::new("robots_real", "queries");
    for row in rows("robots_real") {
        let robots = Robots::parse(&body(&row["input"]["robots"]));
        for (query, allowed) in list(&row["input"]["queries"]).iter().zip(list(&row["expected"]["allowed"])) {
            let said = robots.allowed(text(&query["user_agent"]), text(&query["url"]));
            figure.add(Some(said) == allowed.as_bool(), query);
        }
    }
    figure.end(0.9999);
}

#[test]
fn robots_are_counted_and_paths_cut_as_others_do() {
    let mut figure = Figure::new("robots_parse", "lines");
    for row in rows("robots_parse") {
        let robots = Robots::parse(&body(&row["input"]["robots"]));
        let expected = row["expected"].as_object().expect("an object");
        for (key, want) in expected {
            let stats = robots.stats();
            let got = match key.as_str() {
                "sitemaps" => Value::from(robots.sitemaps()),
                "valid_directives" => Value::from(stats.directives),
                "unknown_directives" => Value::from(stats.unknown),
                _ => Value::from(stats.lines),
            };
            figure.add(got == *want, &row);
        }
    }
    figure.end(1.0);
    let mut figure = Figure::new("robots_url_path", "absolute");
    for row in rows("robots_url_path") {
        let (url, path) = (text(&row["input"]["url"]), text(&row["expected"]["path"]));
        for (pattern, allowed) in [(path.to_owned(), false), (format!("{path}x"), true)] {
            let robots = Robots::parse(format!("User-agent: *\nDisallow: {pattern}$\n").as_bytes());
            figure.add(robots.allowed("foo", url) == allowed, &row);
        }
    }
    figure.end(1.0);
    let mut figure = Figure::new("robots_product_token", "valid");
    for row in rows("robots_product_token") {
        let valid = agent_valid(text(&row["input"]["user_agent"]));
        figure.add(Some(valid) == row["expected"]["valid_product_token"].as_bool(), &row);
    }
    figure.end(1.0);
}

#[test]
fn every_feed_is_answered_soon_and_wellformed_ones_in_full() {
    let mut slowest = Duration::ZERO;
    for suite in [
        "feed_feedparser",
        "feed_gofeed",
        "feed_realfixtures",
        "feed_sanitize_feedparser",
        "feed_encoding_feedparser",
        "feed_w3c_validator_corpus",
    ] {
        let mut titles = Figure::new(suite, "titles");
        let mut count = Figure::new(suite, "entries");
        for row in rows(suite) {
            let url = row["input"]["document_url"].as_str().unwrap_or("http://feed.test/");
            let url = Url::parse(url).expect("a URL");
            let begun = Instant::now();
            let reading = read_feed(&body(&row["input"]["body"]), None, &url);
            slowest = slowest.max(begun.elapsed());
            let told = &row["expected"]["feedparser"];
            if let Some(entries) = told["n"].as_u64().filter(|entries| *entries > 0) {
                count.add(reading.entries.len() as u64 == entries, &row);
            }
            if let Some(title) = told["title"].as_str().filter(|title| !title.is_empty() && !title.contains('<')) {
                let same = reading.title.as_deref().map(squeezed) == Some(squeezed(title));
                titles.add(same, &row);
            }
        }
        titles.end(0.95);
        count.end(0.98);
    }
    assert!(slowest < Duration::from_secs(2), "the slowest feed took {slowest:?}");
}

#[test]
fn sitemaps_name_what_others_find_in_them() {
    let mut figure = Figure::new("sitemap_files", "files");
    for row in rows("sitemap_files").iter().filter(|row| row["expected"]["type"] != "PagesAtomSitemap") {
        let url = Url::parse("http://sitemap.test/").and_then(|base| base.join(text(&row["input"]["file"])));
        let reading = read_sitemap(&body(&row["input"]["body"]), None, &url.expect("a URL"));
        if text(&row["expected"]["type"]).starts_with("Index") {
            figure.add(reading.urls.is_empty() && !reading.sitemaps.is_empty(), row);
            continue;
        }
        let normal = |url: &str| Url::parse(url).map_or(url.to_owned(), String::from);
        let mut found: Vec<String> = reading.urls.iter().map(|entry| normal(&entry.url)).collect();
        let mut wanted: Vec<String> =
            list(&row["expected"]["pages"]).iter().map(|page| normal(text(&page["url"]))).collect();
        for list in [&mut found, &mut wanted] {
            list.sort();
            list.dedup();
        }
        figure.add(found == wanted, row);
    }
    figure.end(0.9);
}

/// How many of how many hold.
pub(crate) struct Figure {
    name: String,
    right: usize,
    all: usize,
    missed: Vec<String>,
}

impl Figure {
    pub(crate) fn new(suite: &str, figure: &str) -> Self {
        Self { name: format!("{suite} {figure}"), right: 0, all: 0, missed: Vec::new() }
    }

    pub(crate) fn add(&mut self, right: bool, row: &Value) {
        self.all += 1;
        self.right += usize::from(right);
        if !right {
            self.missed.push(row.to_string().chars().take(200).collect());
        }
    }

    /// Says the figure and holds it to `floor`. Nothing is said where no row was at hand.
    pub(crate) fn end(self, floor: f64) {
        if self.all == 0 {
            return;
        }
        say(&format!("eval {} {}/{}", self.name, self.right, self.all));
        let rate = self.right as f64 / self.all as f64;
        assert!(rate >= floor, "{}: {rate} is less than {floor}: {:#?}", self.name, self.missed);
    }
}

/// The rows of a suite; none, and a word, where it is not there.
pub(crate) fn rows(suite: &str) -> Vec<Value> {
    let root = std::env::var_os("COURANT_EVAL")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval"), PathBuf::from);
    let path = root.join(format!("suites/{suite}.jsonl"));
    let Ok(lines) = std::fs::read_to_string(&path) else {
        say(&format!("skipped {suite}: {} is not there", path.display()));
        return Vec::new();
    };
    lines.lines().map(|line| serde_json::from_str(line).expect("one JSON object a line")).collect()
}

/// Past the test harness, which keeps the words of tests that pass to itself.
pub(crate) fn say(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A body as the suites write one: text, or base64.
fn body(value: &Value) -> Vec<u8> {
    match value["b64"].as_str() {
        Some(encoded) => from_base64(encoded),
        None => value["text"].as_str().unwrap_or_else(|| text(value)).as_bytes().to_vec(),
    }
}

pub(crate) fn from_base64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}
