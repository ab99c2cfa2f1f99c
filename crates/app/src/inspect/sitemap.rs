//! `inspect sitemap`: the addresses that Courant finds in a sitemap.

use std::path::Path;

use anyhow::Result;
use courant_crawl::{News, SitemapEntry, read_sitemap};
use serde_json::{Value, json};

use super::Document;
use crate::cli::BatchArgs;

pub(super) fn one(args: &BatchArgs, input: &str) -> Result<Document> {
    Ok(Document::named(args, input))
}

pub(super) fn answer(request: &Document, dir: &Path) -> Result<Value> {
    let reading = read_sitemap(&request.bytes(dir)?, request.content_type.as_deref(), &request.address()?);
    Ok(json!({
        "urls": reading.urls.iter().map(entry).collect::<Vec<_>>(),
        "sitemaps": reading.sitemaps.iter().map(|child| child.url.as_str()).collect::<Vec<_>>(),
        "notes": reading.notes,
    }))
}

fn entry(entry: &SitemapEntry) -> Value {
    json!({
        "url": entry.url,
        "lastmod": entry.lastmod.map(|dated| dated.to_text()),
        "news": entry.news.as_ref().map(news),
    })
}

fn news(news: &News) -> Value {
    json!({
        "title": news.title,
        "language": news.language.map(|language| language.to_string()),
        "published": news.published.map(|dated| dated.to_text()),
    })
}
