//! A case: a page, what is known beside it, and what it must yield. `tests/fixtures/pages/README.md`
//! describes the files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use courant_model::{Language, OutletId, Reading};
use courant_text::{Agencies, Agency, Hints, Newsroom, Newsrooms};
use serde_json::{Map, Value};
use url::Url;

/// What a case may give beside the fields that are scored (`measure::FIELDS`).
const BESIDE: &[&str] = &["case", "url", "content_type", "outlet", "now"];

/// One page, and what it must yield.
#[derive(Debug)]
pub(crate) struct Case {
    /// The name of its files.
    pub(crate) name: String,
    /// Its JSON.
    pub(crate) expected: Map<String, Value>,
    page: PathBuf,
    hints: Hints,
}

/// All cases, by name.
///
/// # Panics
/// Where a file is not as described, or a page has no expectations, or the reverse.
pub(crate) fn all(folder: &Path) -> Vec<Case> {
    let agencies = Arc::new(agencies());
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let with = |extension: &str| {
        let named = files.iter().filter(|file| file.extension().is_some_and(|found| found == extension));
        named.map(|file| file.with_extension("")).collect::<Vec<_>>()
    };
    assert_eq!(with("html"), with("json"), "each page has its .html and its .json");
    with("json").iter().map(|stem| Case::open(stem, &agencies)).collect()
}

impl Case {
    fn open(stem: &Path, agencies: &Arc<Agencies>) -> Self {
        let name = stem.file_name().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(stem.with_extension("json")).unwrap_or_else(|e| panic!("{name}.json: {e}"));
        let expected: Map<String, Value> =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}.json: {error}"));
        for key in expected.keys() {
            let known = BESIDE.contains(&key.as_str()) || crate::measure::FIELDS.contains(&key.as_str());
            assert!(known, "{name}.json: unknown key '{key}'");
        }
        let outlet = &expected.get("outlet").cloned().unwrap_or_default();
        let languages = outlet["languages"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut hints = Hints {
            outlet_languages: languages.map(Language::parse).collect(),
            time_zone: outlet["time_zone"].as_str().map(str::to_owned),
            agencies: Arc::clone(agencies),
            newsrooms: Arc::new(newsrooms()),
            ..Hints::default()
        };
        if let Some(now) = expected.get("now").and_then(Value::as_str) {
            hints.now = now.parse().unwrap_or_else(|error| panic!("{name}.json: now: {error}"));
        }
        Self { name, page: stem.with_extension("html"), expected, hints }
    }

    /// Reads the page.
    pub(crate) fn read(&self) -> Reading {
        let bytes = std::fs::read(&self.page).unwrap_or_else(|error| panic!("{}: {error}", self.page.display()));
        let said = |key: &str| self.expected.get(key).and_then(Value::as_str);
        let url = said("url").unwrap_or_else(|| panic!("{}.json: no url", self.name));
        let url = Url::parse(url).unwrap_or_else(|error| panic!("{}.json: {url}: {error}", self.name));
        courant_text::read(&bytes, said("content_type"), &url, &self.hints)
    }

    /// The paragraphs expected for a key, or none.
    pub(crate) fn lines(&self, key: &str) -> Vec<&str> {
        let list = self.expected.get(key).and_then(Value::as_array);
        list.into_iter().flatten().map(|line| line.as_str().unwrap_or_else(|| panic!("{}: {key}", self.name))).collect()
    }
}

/// Those whom the pages credit, as a catalogue would list them, and one whom none does.
fn newsrooms() -> Newsrooms {
    let known = [
        ("vice", "en", "Vice"),
        ("amnesty", "en", "Amnesty International"),
        ("vartovyi", "uk", "Вартовий"),
        ("meduza", "ru", "Meduza"),
    ];
    let newsroom = |(id, language, name): (&str, &str, &str)| Newsroom {
        id: OutletId::new(id),
        languages: vec![Language::parse(language)],
        names: vec![(None, name.to_owned())],
        hosts: Vec::new(),
    };
    Newsrooms::new(known.into_iter().map(newsroom).collect())
}

/// The agencies that Courant ships.
fn agencies() -> Agencies {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/agencies.toml");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let words = |value: &toml::Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|word| word.as_str().map(str::to_owned)).collect()
    };
    let agencies = table["agencies"].as_array().into_iter().flatten();
    let agency = |agency: &toml::Value| Agency {
        name: agency["name"].as_str().unwrap_or_default().to_owned(),
        credits: words(&agency["credits"]),
    };
    Agencies::new(agencies.map(agency).collect())
}
