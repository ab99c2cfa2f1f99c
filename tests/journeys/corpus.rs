//! All that a served site shows, read through its API: how the suites look at a whole corpus.

use std::collections::{BTreeMap, BTreeSet};

use courant_tests::http;
use serde_json::Value;

/// Every article in search results, short, by address. An address that stands there twice fails.
pub(crate) fn articles(site: &str) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for hit in pages(site, "/api/v1/search?q=&sort=oldest&limit=100", "hits") {
        let url = text(&hit["url"]).to_owned();
        assert!(all.insert(url.clone(), hit).is_none(), "{url} is found twice");
    }
    all
}

/// Every story that stands.
pub(crate) fn stories(site: &str) -> Vec<Value> {
    pages(site, "/api/v1/stories?limit=100", "stories")
}

/// The log, from its start.
pub(crate) fn changes(site: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    loop {
        let after = rows.last().map_or(0, |row: &Value| row["seq"].as_u64().expect("a seq"));
        let answer = http::get(&format!("{site}/api/v1/changes?after={after}&limit=1000")).json();
        let piece = array(&answer["changes"]);
        if piece.is_empty() {
            return rows;
        }
        rows.extend(piece.iter().cloned());
    }
}

/// Who stands in which story, as a log's `story.*` rows say when they are read from the start:
/// story id to article ids.
pub(crate) fn replay(changes: &[Value]) -> BTreeMap<String, BTreeSet<String>> {
    let mut story_of: BTreeMap<String, String> = BTreeMap::new();
    for row in changes {
        match text(&row["kind"]) {
            "story.created" | "story.joined" => {
                story_of.insert(text(&row["article"]).to_owned(), text(&row["story"]).to_owned());
            }
            "story.merged" => {
                let (from, into) = (text(&row["story"]), text(&row["facts"]["into"]));
                for story in story_of.values_mut().filter(|story| *story == from) {
                    *story = into.to_owned();
                }
            }
            _ => {}
        }
    }
    let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (article, story) in story_of {
        members.entry(story).or_default().insert(article);
    }
    members
}

/// A string of an answer.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no string: {value}"))
}

/// A list of an answer.
pub(crate) fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

fn pages(site: &str, path: &str, list: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let answered = http::get(&format!("{site}{path}{cursor}"));
        assert_eq!(answered.status, 200, "{path}{cursor}: {}", answered.text());
        let answer = answered.json();
        all.extend(array(&answer[list]).iter().cloned());
        match answer["next"].as_str() {
            Some(next) => cursor = format!("&cursor={}", http::encoded(next)),
            None => return all,
        }
    }
}
