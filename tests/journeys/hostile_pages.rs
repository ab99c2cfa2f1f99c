//! Pages made to hurt whoever reads them: nesting without end, attributes, entities and words by the
//! million, markup that wants to run. Each is read, however little of it, in bounded time and memory.
//!
//! The pages are a public generator's and public payloads' (`$COURANT_EVAL`), and some of our own.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use courant_tests::{Courant, eval, is_optimised, usage};
use serde_json::{Value, json};

/// What one page may take of a processor. An unoptimised build is some twenty times slower.
const TIME: Duration = Duration::from_secs(2);
const UNOPTIMISED: u32 = 20;
const MEMORY_MB: u64 = 300;

#[test]
fn a_page_takes_neither_time_nor_memory_without_end() {
    let Some(generator) = eval::file("reading hostile pages", "tools/gen_hostile.py") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let written = Command::new("python3").arg(&generator).arg("write").arg(folder.path()).output().expect("python3");
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let mut pages: Vec<PathBuf> = ["html", "xml", "json", "text"]
        .iter()
        .flat_map(|kind| std::fs::read_dir(folder.path().join(kind)).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .collect();
    pages.extend(our_own(folder.path()));
    pages.sort();
    assert!(pages.len() > 30, "{pages:?}");
    let courant = Courant::new("");
    let allowed = if is_optimised() { TIME } else { TIME * UNOPTIMISED };
    let (mut longest, mut largest) = ((Duration::ZERO, ""), (0, ""));
    let names: Vec<String> =
        pages.iter().map(|page| page.file_name().unwrap_or_default().to_string_lossy().into()).collect();
    for (page, name) in pages.iter().zip(&names) {
        let path = page.display().to_string();
        let mut running = courant.start(&["inspect", "page", &path, "--url", "https://press.example/2026/a-page"]);
        let (mut peak, mut took) = (0, Duration::ZERO);
        while running.is_alive() && took < 2 * allowed {
            peak = peak.max(usage::peak_mb(running.pid()).unwrap_or_default());
            took = took.max(usage::processor_time(running.pid()).unwrap_or_default());
            std::thread::sleep(Duration::from_millis(2));
        }
        running.end(Duration::from_secs(1)).done().did_not_panic();
        assert!(took <= allowed, "{name} took {took:?}");
        assert!(peak <= MEMORY_MB, "{name} took {peak} MB");
        longest = longest.max((took, name));
        largest = largest.max((peak, name));
    }
    let _ = writeln!(
        std::io::stderr(),
        "hostile pages: {}, the longest in {:.2} s ({}), {} MB at most ({})",
        pages.len(),
        longest.0.as_secs_f64(),
        longest.1,
        largest.0,
        largest.1
    );
}

/// Fifty million bytes of tags, and what nests in structured data and in text.
fn our_own(folder: &Path) -> Vec<PathBuf> {
    let tags = "<div class=article><p><b>x</b>".repeat(50_000_000 / 30);
    let graph = format!("<script type=application/ld+json>{}</script><p>x", "{\"@graph\":[".repeat(100_000));
    let mut lists = String::new();
    for depth in 0..30_000 {
        let _ = write!(lists, "<ul><li class='related share comment caption' id=n{depth}>The minister said, ");
    }
    let mut paths = Vec::new();
    for (name, page) in [("tags_50MB.html", tags), ("graph_deep.html", graph), ("lists_deep.html", lists)] {
        let path = folder.join(name);
        std::fs::write(&path, page).expect("a page can be written");
        paths.push(path);
    }
    paths
}

#[test]
fn what_wants_to_run_is_read_as_text() {
    let Some(payloads) = eval::file("reading payloads", "suites/xss_payloads.jsonl") else { return };
    let payloads = std::fs::read_to_string(payloads).expect("payloads");
    let mut batch = String::new();
    for line in payloads.lines() {
        let case: Value = serde_json::from_str(line).expect("a line of JSON");
        let payload = case["input"]["payload"].as_str().expect("a payload");
        let story = "The ministry paid for the surveillance of journalists, documents show. ".repeat(6);
        let article = format!(
            "<title>A page of the day</title><article><h1>A page of the day</h1><p>{story}</p><p>{payload}</p></article>"
        );
        for page in [payload, &article] {
            let line = json!({
                "id": case["id"], "url": "https://press.example/2026/a-page", "content_type": "text/html",
                "body_b64": STANDARD.encode(page),
            });
            let _ = writeln!(batch, "{line}");
        }
    }
    let courant = Courant::new("");
    let path = courant.home().join("batch.jsonl");
    std::fs::write(&path, &batch).expect("a batch can be written");
    let read = courant.run(&["inspect", "page", "--batch", &path.display().to_string()]).done();
    read.did_not_panic();
    let answers: Vec<Value> = read.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), batch.lines().count());
    for answer in &answers {
        assert_eq!(answer.get("error"), None, "{answer}");
        for link in answer["links"].as_array().into_iter().flatten() {
            let url = link["url"].as_str().unwrap_or_default();
            assert!(url.starts_with("http://") || url.starts_with("https://"), "{url}");
        }
    }
    let articles = answers.iter().filter(|answer| answer["kind"] == "article").count();
    assert!(articles * 9 >= answers.len() * 4, "{articles} of {} were read as articles", answers.len());
}
