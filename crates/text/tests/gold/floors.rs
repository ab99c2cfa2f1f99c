//! The committed floors: the mean of each measure, and what each page reaches that is not read wholly
//! right. All others reach 1 throughout.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::path::Path;

use crate::{Misses, Scores};

/// Scores that differ by no more are the same; the file holds three digits.
const SAME: f64 = 0.001;

/// A score that is further above its floor has to be pinned: any gain of a field that is right or
/// wrong, and that of a text where it is more than a word.
const SLACK: f64 = 0.01;

/// Means over the pages that give a field, by measure: mean, pages.
#[derive(Debug)]
pub(crate) struct Means(BTreeMap<String, (f64, usize)>);

impl Means {
    pub(crate) fn of(scores: &Scores) -> Self {
        let mut sums: BTreeMap<String, (f64, usize)> = BTreeMap::new();
        for (measure, score) in scores.values().flatten() {
            let sum = sums.entry((*measure).to_owned()).or_default();
            *sum = (sum.0 + score, sum.1 + 1);
        }
        Self(sums.into_iter().map(|(measure, (sum, pages))| (measure, (sum / pages as f64, pages))).collect())
    }
}

impl fmt::Display for Means {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{:20} {:>6} {:>6}", "measure", "mean", "pages")?;
        self.0.iter().try_for_each(|(measure, (mean, pages))| writeln!(out, "{measure:20} {mean:6.3} {pages:6}"))
    }
}

/// What `floors.toml` says.
#[derive(Debug)]
pub(crate) struct Floors {
    means: Means,
    pages: BTreeMap<String, BTreeMap<String, f64>>,
}

impl Floors {
    /// # Panics
    /// Where the file is not as `text` writes it.
    pub(crate) fn open(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let inner = |key: &str| table.get(key).and_then(toml::Value::as_table).cloned().unwrap_or_default();
        let number = |value: &toml::Value| value.as_float().unwrap_or_else(|| panic!("{}: {value}", file.display()));
        let mean = |value: &toml::Value| (number(&value["mean"]), value["pages"].as_integer().unwrap_or(0) as usize);
        let page = |value: &toml::Value| {
            let scores = value.as_table().into_iter().flatten();
            scores.map(|(measure, score)| (measure.clone(), number(score))).collect()
        };
        Self {
            means: Means(inner("means").iter().map(|(measure, value)| (measure.clone(), mean(value))).collect()),
            pages: inner("pages").iter().map(|(name, value)| (name.clone(), page(value))).collect(),
        }
    }

    fn of_page(&self, name: &str, measure: &str) -> f64 {
        self.pages.get(name).and_then(|page| page.get(measure)).copied().unwrap_or(1.0)
    }

    /// What is below its floor, with what was missed, and what is so far above that it has to be pinned.
    pub(crate) fn compare(&self, scores: &Scores, misses: &Misses) -> Vec<String> {
        let mut wrong = Vec::new();
        for (name, page) in scores {
            for (measure, score) in page {
                let floor = self.of_page(name, measure);
                if *score < floor - SAME {
                    let told = misses.get(&(name.clone(), *measure)).map_or("", String::as_str);
                    wrong.push(format!("lost: {name}: {measure} {score:.3}, its floor is {floor:.3}: {told}"));
                } else if *score > floor + SLACK {
                    wrong.push(format!("won: {name}: {measure} {score:.3}, its floor is only {floor:.3}: pin it"));
                }
            }
        }
        let reached = Means::of(scores);
        for (measure, (floor, pages)) in &self.means.0 {
            let (mean, now) = reached.0.get(measure).copied().unwrap_or_default();
            if mean < floor - SAME {
                wrong.push(format!("lost: the mean of {measure} is {mean:.3}, its floor is {floor:.3}"));
            } else if mean > floor + SLACK {
                wrong.push(format!("won: the mean of {measure} is {mean:.3}, its floor is only {floor:.3}: pin it"));
            }
            if now < *pages {
                wrong.push(format!("lost: {measure} is expected on {now} pages, before on {pages}"));
            }
        }
        let unpinned = reached.0.iter().filter(|(measure, _)| !self.means.0.contains_key(*measure));
        wrong.extend(unpinned.map(|(measure, _)| format!("won: {measure} has no floor yet: pin it")));
        let gone = self.pages.keys().filter(|name| !scores.contains_key(*name));
        wrong.extend(gone.map(|name| format!("lost: there is no page {name}")));
        wrong
    }
}

/// The file for these scores.
pub(crate) fn text(scores: &Scores) -> String {
    let mut text =
        "# What the gold set reaches, held by crates/text/tests/gold; not to be edited by hand, but written by\n\
                    #   FLOORS=write cargo test -p courant-text --test gold\n\n\
                    # Means over the pages that give a field.\n[means]\n"
            .to_owned();
    let down = |score: f64| (score * 1000.0 + 1e-6).floor() / 1000.0;
    for (measure, (mean, pages)) in Means::of(scores).0 {
        let _ = writeln!(text, "{:20} = {{ mean = {:.3}, pages = {pages} }}", format!("\"{measure}\""), down(mean));
    }
    text.push_str(
        "\n# Pages that are not read wholly right; every other score is 1. Each line is something to mend.\n[pages]\n",
    );
    for (name, page) in scores {
        let short: Vec<String> = page
            .iter()
            .filter(|(_, score)| **score < 1.0)
            .map(|(measure, score)| format!("\"{measure}\" = {:.3}", down(*score)))
            .collect();
        if !short.is_empty() {
            let _ = writeln!(text, "{name} = {{ {} }}", short.join(", "));
        }
    }
    text
}
