//! What is derived, made anew: it says the same as before.

use std::collections::{BTreeMap, BTreeSet};

use courant_tests::Courant;
use serde_json::Value;

use crate::corpus::{array, text};

/// A demo of our own, read to its end.
fn filled() -> Courant {
    let courant = Courant::new("");
    courant.run(&["demo", "--once", "--bind", "127.0.0.1:0", "--newsroom", "127.0.0.1:0"]).done();
    courant
}

/// The articles of each story with more than one, whatever the story's id.
fn partition(courant: &Courant) -> BTreeSet<BTreeSet<String>> {
    let mut by_story: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for hit in hits(courant) {
        by_story.entry(text(&hit["story"]).to_owned()).or_default().insert(text(&hit["id"]).to_owned());
    }
    by_story.into_values().filter(|articles| articles.len() > 1).collect()
}

fn hits(courant: &Courant) -> Vec<Value> {
    // Two orders reach every article of a corpus of less than two hundred.
    let of = |sort: &str| {
        let answer = courant.run(&["search", "--json", "--limit", "100", "--sort", sort, "--", ""]).done().json();
        array(&answer["hits"]).to_vec()
    };
    let mut all = of("newest");
    all.extend(of("oldest"));
    all
}

#[test]
fn stories_placed_anew_hold_the_same_articles() {
    let courant = filled();
    let before = partition(&courant);
    assert!(before.len() > 10, "{} stories", before.len());
    courant.run(&["rebuild", "stories"]).done().did_not_panic();
    courant.run(&["verify"]).done();
    assert_eq!(partition(&courant), before);
    // And a curator that wakes after it goes on from there.
    courant.run(&["curate", "--once"]).done().did_not_panic();
    assert_eq!(partition(&courant), before);
}

#[test]
fn an_index_made_anew_finds_the_same() {
    let courant = filled();
    let before = partition(&courant);
    courant.run(&["rebuild", "index"]).done().did_not_panic();
    courant.run(&["verify"]).done();
    assert_eq!(partition(&courant), before);
}

#[test]
fn an_index_of_another_analyser_is_replaced_by_whoever_curates() {
    let courant = filled();
    let before = partition(&courant);
    let index = courant.data().join("index");
    let generation = std::fs::read_to_string(index.join("current")).expect("a generation is in use");
    let meta = index.join(generation.trim()).join("meta.json");
    let told = std::fs::read_to_string(&meta).expect("the engine's file");
    std::fs::write(&meta, told.replace("words-", "other-words-")).expect("written");
    courant.run(&["curate", "--once"]).done().did_not_panic();
    courant.run(&["verify"]).done();
    assert_eq!(partition(&courant), before);
    let now = std::fs::read_to_string(index.join("current")).expect("a generation is in use");
    assert_ne!(now, generation, "a new generation is in use");
}
