//! JSON Feed, versions 1 and 1.1 (jsonfeed.org), and what comes near it.

use courant_model::{DateSource, Language};
use serde_json::Value;
use url::Url;

use super::{Entry, FeedReading, MAX_ENTRIES, push_name};
use crate::discover::adverts;
use crate::markup::{collapse, plain};
use crate::when::read_date;

pub(super) fn read(text: &str, url: &Url) -> FeedReading {
    let mut reading = FeedReading::default();
    let feed: Value = match serde_json::from_str(text) {
        Ok(feed) => feed,
        Err(error) => {
            reading.notes.push(format!("cannot read the JSON: {error}"));
            return reading;
        }
    };
    reading.title = word(&feed, "title");
    reading.language = language(&feed);
    let feed_authors = authors(&feed);
    let items = feed.get("items").and_then(Value::as_array);
    if items.is_none() {
        reading.notes.push("this is no feed: the JSON has no items".to_owned());
    }
    for item in items.into_iter().flatten().take(MAX_ENTRIES) {
        let language = language(item).or(reading.language);
        let date = |name| word(item, name).and_then(|text| read_date(&text, language, DateSource::Feed));
        let mut authors = authors(item);
        if authors.is_empty() {
            authors.clone_from(&feed_authors);
        }
        let link = word(item, "url").or_else(|| word(item, "external_url"));
        let html = || item.get("content_html").and_then(Value::as_str).map(plain).filter(|text| !text.is_empty());
        let title = word(item, "title").map(|title| plain(&title));
        let mut tags = item.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        reading.entries.push(Entry {
            id: word(item, "id"),
            url: link.map(|link| url.join(&link).map_or(link, String::from)),
            sponsored: title.as_deref().is_some_and(adverts::is_marked) || tags.any(adverts::is_label),
            title,
            authors,
            published: date("date_published"),
            updated: date("date_modified"),
            summary: word(item, "summary").or_else(|| word(item, "content_text")).or_else(html),
            language,
        });
    }
    reading
}

/// A string that says something; numbers count (ids are often numbers).
fn word(of: &Value, name: &str) -> Option<String> {
    let text = match of.get(name)? {
        Value::String(text) => collapse(text),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn language(of: &Value) -> Option<Language> {
    let language = Language::parse(&word(of, "language")?);
    (language != Language::UND).then_some(language)
}

/// `authors` (1.1) and `author` (1.0), each an object with a name.
fn authors(of: &Value) -> Vec<String> {
    let mut names = Vec::new();
    let list = of.get("authors").and_then(Value::as_array).into_iter().flatten();
    for author in list.chain(of.get("author")) {
        let name = word(author, "name").or_else(|| author.as_str().map(str::to_owned));
        push_name(&mut names, &name.unwrap_or_default());
    }
    names
}
