//! `inspect page`: what Courant reads on a page.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use courant_model::{CanonicalUrl, Image, Link, Reading};
use courant_text::{Hints, Newsrooms};
use serde_json::{Value, json};

use super::Document;
use crate::catalogue::Known;
use crate::cli::BatchArgs;

pub(super) fn one(args: &BatchArgs, input: &str) -> Result<Document> {
    Ok(Document::named(args, input))
}

pub(super) fn answer(
    known: &Known,
    newsrooms: &Arc<Newsrooms>,
    request: &Document,
    dir: &Path,
) -> Result<Value> {
    let url = request.address()?;
    let bytes = request.bytes(dir)?;
    let outlet = CanonicalUrl::parse(url.as_str()).and_then(|url| known.catalogue.outlet_of(&url).cloned());
    let hints = Hints {
        outlet_languages: outlet.as_ref().map(|outlet| outlet.languages.clone()).unwrap_or_default(),
        time_zone: outlet.and_then(|outlet| outlet.time_zone),
        agencies: Arc::clone(&known.agencies),
        newsrooms: Arc::clone(newsrooms),
        ..Hints::default()
    };
    Ok(shape(&courant_text::read(&bytes, request.content_type.as_deref(), &url, &hints)))
}

fn shape(reading: &Reading) -> Value {
    let url = |url: &CanonicalUrl| url.as_str().to_owned();
    let translations: Vec<Value> = reading
        .translations
        .iter()
        .map(|translation| json!({ "language": translation.language.as_str(), "url": url(&translation.url) }))
        .collect();
    json!({
        "kind": reading.kind.as_str(),
        "canonical": reading.canonical.as_ref().map(url),
        "title": reading.title,
        "standfirst": reading.standfirst,
        "authors": reading.authors.iter().map(|author| author.name.as_str()).collect::<Vec<_>>(),
        "published": reading.published.map(|dated| dated.to_text()),
        "published_source": reading.published.map(|dated| dated.source.as_str()),
        "modified": reading.modified.map(|dated| dated.to_text()),
        "section": reading.section,
        "tags": reading.tags,
        "language": reading.language.as_str(),
        "confidence": reading.confidence,
        "text": text(reading),
        "images": reading.images.iter().map(image).collect::<Vec<_>>(),
        "links": reading.links.iter().map(link).collect::<Vec<_>>(),
        "credits": reading.credits.iter().map(courant_exchange::Credit::from).collect::<Vec<_>>(),
        "claims": reading.claims.iter().map(courant_exchange::Claim::from).collect::<Vec<_>>(),
        "translations": translations,
        "paywalled": reading.paywalled,
        "dateline": reading.dateline,
        "agency": reading.agency,
        "site_name": reading.site_name,
        "encoding": reading.encoding,
        "extractor": reading.extractor,
        "notes": reading.notes,
    })
}

/// All that an article says under its headline: the standfirst, then the body.
fn text(reading: &Reading) -> String {
    let parts = reading.standfirst.iter().chain(std::iter::once(&reading.body));
    parts.map(String::as_str).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn image(image: &Image) -> Value {
    json!({ "url": image.url, "caption": image.caption, "credit": image.credit })
}

fn link(link: &Link) -> Value {
    json!({ "url": link.url.as_str(), "anchor": link.anchor, "sentence": link.sentence })
}
