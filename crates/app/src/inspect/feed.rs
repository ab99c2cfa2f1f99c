//! `inspect feed`: the entries that Courant finds in a feed.

use std::path::Path;

use anyhow::Result;
use courant_crawl::{Entry, read_feed};
use serde_json::{Value, json};

use super::Document;
use crate::cli::BatchArgs;

pub(super) fn one(args: &BatchArgs, input: &str) -> Result<Document> {
    Ok(Document::named(args, input))
}

pub(super) fn answer(request: &Document, dir: &Path) -> Result<Value> {
    let reading = read_feed(&request.bytes(dir)?, request.content_type.as_deref(), &request.address()?);
    Ok(json!({
        "title": reading.title,
        "language": reading.language.map(|language| language.to_string()),
        "entries": reading.entries.iter().map(entry).collect::<Vec<_>>(),
        "encoding": reading.encoding,
        "notes": reading.notes,
    }))
}

fn entry(entry: &Entry) -> Value {
    json!({
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "authors": entry.authors,
        "published": entry.published.map(|dated| dated.to_text()),
        "updated": entry.updated.map(|dated| dated.to_text()),
        "summary": entry.summary,
        "language": entry.language.map(|language| language.to_string()),
    })
}
