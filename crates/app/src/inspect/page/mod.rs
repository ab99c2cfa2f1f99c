//! `inspect page`: what Courant reads on a page. For one page it tells a person what was taken from
//! where, and what was not and why; `--json` gives the same, a batch the readings alone.

mod shown;

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use courant_model::{CanonicalUrl, Catalogue, Image, Link, Reading};
use courant_text::{Agencies, Candidate, Hints, Newsrooms, Passage};
use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use super::Document;
use crate::catalogue::RulesOf;
use crate::{Ended, output};

/// What pages are read with.
pub(super) struct Reader<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) agencies: &'a Arc<Agencies>,
    pub(super) newsrooms: Arc<Newsrooms>,
    pub(super) rules: &'a RulesOf,
    /// Rules are judged by it.
    pub(super) now: Timestamp,
}

/// The answer of a batch.
pub(super) fn answer(reader: &Reader<'_>, request: &Document, dir: &Path) -> Result<Value> {
    let (url, bytes) = (request.address()?, request.bytes(dir)?);
    Ok(shape(&courant_text::read(&bytes, request.content_type.as_deref(), &url, &reader.hints(&url))))
}

/// Shows one page: in JSON, with its evidence, or for a person.
pub(super) fn show(
    reader: &Reader<'_>,
    bytes: &[u8],
    content_type: Option<&str>,
    url: &Url,
    json: bool,
) -> Result<Ended> {
    let (reading, evidence) = courant_text::read_with_evidence(bytes, content_type, url, &reader.hints(url));
    if json {
        let mut value = shape(&reading);
        value["candidates"] = evidence.candidates.iter().map(candidate).collect();
        value["passages"] = evidence.passages.iter().map(passage).collect();
        output::line(serde_json::to_string_pretty(&value)?);
    } else {
        shown::tell(url, &reading, &evidence);
    }
    Ok(Ended::Done)
}

fn candidate(found: &Candidate) -> Value {
    json!({ "field": found.field, "source": found.source, "value": found.value, "rejected": found.rejected })
}

fn passage(passage: &Passage) -> Value {
    json!({ "place": passage.place, "likely": passage.likely, "dropped": passage.dropped, "text": passage.text })
}

impl Reader<'_> {
    fn hints(&self, url: &Url) -> Hints {
        let outlet = CanonicalUrl::parse(url.as_str()).and_then(|url| self.catalogue.outlet_of(&url));
        Hints {
            outlet_languages: outlet.map(|outlet| outlet.languages.clone()).unwrap_or_default(),
            time_zone: outlet.and_then(|outlet| outlet.time_zone.clone()),
            agencies: Arc::clone(self.agencies),
            newsrooms: Arc::clone(&self.newsrooms),
            rules: outlet.and_then(|outlet| self.rules.get(&outlet.id).cloned()),
            rules_at: self.now,
            ..Hints::default()
        }
    }
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
