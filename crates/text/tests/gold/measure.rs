//! How a reading is scored against what was expected: one score from 0 to 1 a field. Text as in
//! scrapinghub's article-extraction-benchmark: F1 of runs of four words; all else is right or wrong,
//! save lists, which score the F1 of their entries.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use courant_model::{Dated, Precision, Reading};
use icu_normalizer::ComposingNormalizerBorrowed;
use jiff::Timestamp;
use jiff::civil::Date;

use serde_json::{Value, json};

use crate::case::Case;

/// The fields that a case may expect.
pub(crate) const FIELDS: &[&str] = &[
    "kind",
    "title",
    "standfirst",
    "authors",
    "published",
    "modified",
    "section",
    "tags",
    "language",
    "text",
    "without",
    "images",
    "links",
    "credits",
    "translations",
    "paywalled",
    "canonical",
    "dateline",
    "agency",
    "site_name",
    "encoding",
];

/// What a page scored.
#[derive(Debug, Default)]
pub(crate) struct Scored {
    /// By measure, for what the case expects.
    pub(crate) scores: BTreeMap<&'static str, f64>,
    /// What was not wholly right: measure, and expected and read for a reader.
    pub(crate) misses: Vec<(&'static str, String)>,
}

impl Scored {
    fn add(&mut self, measure: &'static str, score: f64, told: impl FnOnce() -> String) {
        if score < 1.0 {
            self.misses.push((measure, told()));
        }
        self.scores.insert(measure, score);
    }

    fn equal(&mut self, measure: &'static str, expected: &Value, found: &Value) {
        let right = f64::from(u8::from(expected == found));
        self.add(measure, right, || format!("expected {expected}, read {found}"));
    }

    /// The F1 of two lists.
    fn list(&mut self, measure: &'static str, expected: &[Value], found: &[Value]) {
        let (expected, found) = (expected.iter().map(Value::to_string), found.iter().map(Value::to_string));
        let (expected, found): (Vec<_>, Vec<_>) = (expected.collect(), found.collect());
        self.add(measure, f1(&expected, &found), || {
            let lost: Vec<_> = expected.iter().filter(|entry| !found.contains(entry)).collect();
            let more: Vec<_> = found.iter().filter(|entry| !expected.contains(entry)).collect();
            format!("missed {lost:?}, too much {more:?}")
        });
    }
}

/// Scores all that the case expects.
pub(crate) fn all(case: &Case, reading: &Reading) -> Scored {
    let mut scored = Scored::default();
    let array = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for (field, expected) in &case.expected {
        match field.as_str() {
            "kind" => scored.equal("kind", expected, &json!(reading.kind.as_str())),
            "title" => scored.equal("title", expected, &json!(reading.title)),
            "standfirst" => scored.equal("standfirst", expected, &json!(reading.standfirst)),
            "authors" => scored.equal("authors", expected, &authors(reading)),
            "published" => dates(&mut scored, &case.name, expected, reading.published.as_ref()),
            "modified" => {
                let right = is_dated(&case.name, expected, reading.modified.as_ref()).1;
                let found = reading.modified.map(|dated| dated.to_text());
                let told = || format!("expected {expected}, read {found:?}");
                scored.add("modified", f64::from(u8::from(right)), told);
            }
            "section" => scored.equal("section", expected, &json!(reading.section)),
            "tags" => scored.equal("tags", expected, &json!(reading.tags)),
            "language" => scored.equal("language", expected, &json!(reading.language.as_str())),
            "text" => text(&mut scored, case, reading),
            "without" => without(&mut scored, case, reading),
            "images" => scored.list("images", &array(expected), &images(reading)),
            "links" => scored.list("links", &array(expected), &links(reading)),
            "credits" => scored.list("credits", &array(expected), &credits(reading)),
            "translations" => {
                let translation = |t: &courant_model::Translation| json!([t.language.as_str(), t.url.as_str()]);
                let found: Vec<Value> = reading.translations.iter().map(translation).collect();
                scored.list("translations", &array(expected), &found);
            }
            "paywalled" => scored.equal("paywalled", expected, &json!(reading.paywalled)),
            "canonical" => {
                scored.equal("canonical", expected, &json!(reading.canonical.as_ref().map(|url| url.as_str())));
            }
            "dateline" => scored.equal("dateline", expected, &json!(reading.dateline)),
            "agency" => scored.equal("agency", expected, &json!(reading.agency)),
            "site_name" => scored.equal("site name", expected, &json!(reading.site_name)),
            "encoding" => scored.equal("encoding", expected, &json!(reading.encoding)),
            _ => {}
        }
    }
    scored
}

/// Names; an organisation is an object that says so.
fn authors(reading: &Reading) -> Value {
    let one = |author: &courant_model::Author| match author.organisation {
        true => json!({ "organisation": author.name }),
        false => json!(author.name),
    };
    reading.authors.iter().map(one).collect()
}

fn images(reading: &Reading) -> Vec<Value> {
    reading.images.iter().map(|image| json!([image.caption, image.credit])).collect()
}

fn links(reading: &Reading) -> Vec<Value> {
    reading.links.iter().map(|link| json!([link.anchor, link.url.as_str(), link.sentence])).collect()
}

/// Whom the text credits, by link or by name, each with its sentence: `[name, sentence]`.
fn credits(reading: &Reading) -> Vec<Value> {
    reading.credits.iter().map(|credit| json!([credit.name, credit.sentence])).collect()
}

/// The day by the page's own clock, and the instant where the case gives one.
fn dates(scored: &mut Scored, name: &str, expected: &Value, found: Option<&Dated>) {
    let (day, instant) = is_dated(name, expected, found);
    let told = || format!("expected {expected}, read {:?}", found.map(Dated::to_text));
    scored.add("date, the day", f64::from(u8::from(day)), told);
    if expected.as_str().is_some_and(|expected| expected.contains('T')) {
        scored.add("date, the instant", f64::from(u8::from(instant)), told);
    }
}

/// Whether day and instant are right. A day or nothing at all has to be no more than that.
fn is_dated(name: &str, expected: &Value, found: Option<&Dated>) -> (bool, bool) {
    let Some(expected) = expected.as_str() else { return (found.is_none(), found.is_none()) };
    let day = expected.get(..10).and_then(|day| day.parse::<Date>().ok());
    let day = day.unwrap_or_else(|| panic!("{name}.json: '{expected}' is no date"));
    let Some(found) = found else { return (false, false) };
    let own = found.offset.unwrap_or(jiff::tz::Offset::UTC).to_datetime(found.instant).date();
    let timed = found.precision >= Precision::Minute;
    let instant = match expected.contains('T') {
        true => {
            let at: Timestamp = expected.parse().unwrap_or_else(|error| panic!("{name}.json: '{expected}': {error}"));
            timed && (found.instant.as_second() - at.as_second()).abs() < 60
        }
        false => !timed && own == day,
    };
    (own == day && found.precision >= Precision::Day, instant)
}

/// The text with its standfirst as runs of words, and the body's paragraphs one by one.
fn text(scored: &mut Scored, case: &Case, reading: &Reading) {
    let paragraphs = case.lines("text");
    let standfirst = case.expected.get("standfirst").and_then(Value::as_str);
    let expected = [standfirst.unwrap_or_default(), &paragraphs.join("\n\n")].join("\n\n");
    let found = [reading.standfirst.as_deref().unwrap_or_default(), &reading.body].join("\n\n");
    scored.add("text", f1(&shingles(&expected), &shingles(&found)), || "see the paragraphs".to_owned());
    let paragraphs: Vec<Value> = paragraphs.iter().map(|line| json!(line)).collect();
    let found: Vec<Value> =
        reading.body.split("\n\n").filter(|line| !line.is_empty()).map(|line| json!(line)).collect();
    scored.list("paragraphs", &paragraphs, &found);
}

/// Nothing of this stands in text or standfirst.
fn without(scored: &mut Scored, case: &Case, reading: &Reading) {
    let unwanted = case.lines("without");
    let kept = |line: &&&str| {
        reading.body.contains(**line) || reading.standfirst.as_deref().is_some_and(|text| text.contains(**line))
    };
    let kept: Vec<_> = unwanted.iter().filter(kept).collect();
    scored.add("without", 1.0 - kept.len() as f64 / unwanted.len() as f64, || format!("kept {kept:?}"));
}

/// Runs of four words; a sign of a script that parts no words is a word.
fn shingles(text: &str) -> Vec<Vec<String>> {
    let words = words(text);
    let most = words.len().saturating_sub(3).max(1);
    (0..most).map(|at| words[at..words.len().min(at + 4)].to_vec()).filter(|run| !run.is_empty()).collect()
}

fn words(text: &str) -> Vec<String> {
    let unspaced = |c: char| {
        matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
            | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
    };
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for c in ComposingNormalizerBorrowed::new_nfkc().normalize(text).chars() {
        if unspaced(c) {
            words.push(c.to_string());
            open = false;
        } else if c.is_alphanumeric() || c == '_' {
            if !open {
                words.push(String::new());
            }
            words.last_mut().expect("a word").push(c);
            open = true;
        } else {
            open = false;
        }
    }
    words
}

/// The F1 of two multisets; of two empty ones, 1.
fn f1<T: Hash + Eq>(expected: &[T], found: &[T]) -> f64 {
    if expected.is_empty() && found.is_empty() {
        return 1.0;
    }
    let mut left: HashMap<&T, usize> = HashMap::new();
    for entry in expected {
        *left.entry(entry).or_default() += 1;
    }
    let mut both = 0;
    for entry in found {
        if let Some(count) = left.get_mut(entry).filter(|count| **count > 0) {
            *count -= 1;
            both += 1;
        }
    }
    2.0 * f64::from(both) / (expected.len() + found.len()) as f64
}
