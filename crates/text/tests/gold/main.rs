//! The gold set: whole pages of our own (`tests/fixtures/pages`), one a hard case, each beside what it
//! must yield. Every page is read, every field scored, and compared with the committed floors.
//!
//! The test fails where a page's score drops below its floor, and where it rises above it: a gain is
//! pinned at once. It says which page lost what. To pin what is reached now:
//!
//! ```sh
//! FLOORS=write cargo test -p courant-text --test gold
//! ```
//!
//! and look at what changes in `floors.toml`: a floor that sinks needs its reason in the commit
//! message. With `-- --nocapture` the means are printed, and all that is not read right.

mod case;
mod floors;
mod measure;

use std::collections::BTreeMap;
use std::path::PathBuf;

use floors::{Floors, Means};

/// Scores of every page, by its name: measure to score, 0 to 1.
type Scores = BTreeMap<String, BTreeMap<&'static str, f64>>;

/// What was missed, for a reader, by page and measure.
type Misses = BTreeMap<(String, &'static str), String>;

/// How floors are moved.
const HOW: &str = "\nTo pin what is reached now: FLOORS=write cargo test -p courant-text --test gold\n\
                   (a floor that sinks needs its reason in the commit message)";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/pages")
}

#[test]
fn no_page_is_read_worse_than_it_was() {
    let mut scores = Scores::new();
    let mut misses = Misses::new();
    for case in case::all(&folder()) {
        let scored = measure::all(&case, &case.read());
        misses.extend(scored.misses.into_iter().map(|(measure, told)| ((case.name.clone(), measure), told)));
        scores.insert(case.name, scored.scores);
    }
    for ((page, measure), told) in &misses {
        println!("{page}: {measure} {:.3}: {told}", scores[page][measure]);
    }
    println!("\n{}", Means::of(&scores));
    let file = folder().join("floors.toml");
    if std::env::var("FLOORS").is_ok_and(|value| value == "write") {
        std::fs::write(&file, floors::text(&scores)).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        return println!("written: {}", file.display());
    }
    let wrong = Floors::open(&file).compare(&scores, &misses);
    assert!(wrong.is_empty(), "\n{}\n{HOW}", wrong.join("\n"));
}
