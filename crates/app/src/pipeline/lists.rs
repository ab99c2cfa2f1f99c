//! What a feed, a sitemap or a section page names: the *discover* step of the collect line.

use std::sync::Arc;

use anyhow::Result;
use courant_crawl::discover::{Naming, Whose};
use courant_crawl::{discover, read_feed, read_sitemap};
use courant_model::{CanonicalUrl, Catalogue, OutletOrigin, Polling, Target, TargetKind};
use courant_text::charset::decode_html;
use jiff::Timestamp;
use url::Url;

use crate::place::Place;

/// An answered feed or sitemap.
pub(super) struct Answer {
    pub(super) target: Target,
    pub(super) url: Url,
    pub(super) body: Vec<u8>,
    pub(super) content_type: Option<String>,
    /// How many indexes led to it ([`depth`]).
    pub(super) depth: usize,
    /// Its header asks that its links are not followed.
    pub(super) nofollow: bool,
    /// What a sitemap dates before then is left; `None` takes all.
    pub(super) since: Option<Timestamp>,
    /// Whose addresses are.
    pub(super) catalogue: Arc<Catalogue>,
}

/// What it names.
pub(super) struct Named {
    pub(super) found: Vec<Target>,
    /// When it asks to be polled.
    pub(super) polling: Polling,
}

/// Reads it; `Err` says in words why there is nothing in it.
pub(super) fn read(answer: &Answer, now: Timestamp) -> Result<Named, String> {
    let (naming, polling) = match answer.target.kind {
        TargetKind::Sitemap => (sitemap(answer, now)?, Polling::default()),
        TargetKind::Section if answer.nofollow => return Err("its header says nofollow".to_owned()),
        TargetKind::Section => (section(answer, now), Polling::default()),
        TargetKind::Feed | TargetKind::Page => feed(answer, now)?,
    };
    let whose = |url: &CanonicalUrl| match answer.catalogue.outlet_of(url) {
        Some(outlet) if outlet.id == answer.target.outlet => Whose::Own,
        // A site that was once found is nobody's newsroom yet.
        Some(outlet) if outlet.origin != OutletOrigin::Found => Whose::Anothers,
        _ => Whose::Nobodys,
    };
    let naming = discover::without_foreign(naming, answer.target.kind, whose);
    for (why, left) in &naming.left {
        tracing::info!(list = %answer.url, left, why, "addresses of a list are left");
    }
    Ok(Named { found: naming.targets, polling })
}

fn sitemap(answer: &Answer, now: Timestamp) -> Result<Naming, String> {
    let mut reading = read_sitemap(&answer.body, answer.content_type.as_deref(), &answer.url);
    if reading.urls.is_empty() && reading.sitemaps.is_empty() {
        return Err(reading.notes.into_iter().next().unwrap_or_else(|| "it names no addresses".to_owned()));
    }
    if answer.depth >= DEEPEST {
        // An index of indexes is odd; what nests deeper makes itself.
        reading.sitemaps.clear();
    }
    Ok(discover::from_sitemap(&reading, &answer.target, answer.since, now))
}

fn feed(answer: &Answer, now: Timestamp) -> Result<(Naming, Polling), String> {
    let reading = read_feed(&answer.body, answer.content_type.as_deref(), &answer.url);
    if reading.entries.is_empty() && reading.title.is_none() {
        return Err(reading.notes.into_iter().next().unwrap_or_else(|| "it is no feed".to_owned()));
    }
    let polling = Polling { fresh_for: reading.ttl, quiet: reading.quiet };
    Ok((discover::from_feed(&reading, &answer.target, now), polling))
}

/// A section page may well link to nothing that looks like an article, today.
fn section(answer: &Answer, now: Timestamp) -> Naming {
    let decoded = decode_html(&answer.body, answer.content_type.as_deref(), answer.url.domain());
    discover::from_section(&decoded.text, &answer.url, &answer.target, now)
}

/// Maps that so many indexes lead to name no further ones.
const DEEPEST: usize = 3;

/// How many indexes led to a sitemap, as far as it matters.
pub(super) async fn depth(place: &Place, target: &Target) -> Result<usize> {
    let mut via = target.found_via.clone().filter(|_| target.kind == TargetKind::Sitemap);
    for depth in 0..DEEPEST {
        let Some(index) = via.as_deref().and_then(CanonicalUrl::parse) else { return Ok(depth) };
        let Some(index) = place.record.target(&index).await? else { return Ok(depth) };
        if index.kind != TargetKind::Sitemap {
            return Ok(depth);
        }
        via = index.found_via;
    }
    Ok(DEEPEST)
}

/// Whether any of these is new to the frontier.
pub(super) async fn brings_news(place: &Place, found: &[Target]) -> Result<bool> {
    for target in found {
        if place.record.target(&target.url).await?.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}
