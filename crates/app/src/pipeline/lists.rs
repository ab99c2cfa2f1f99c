//! What a feed or a sitemap names: the *discover* step of the collect line.

use anyhow::Result;
use courant_crawl::{discover, read_feed, read_sitemap};
use courant_model::{Target, TargetKind};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::place::Place;

/// An answered feed or sitemap.
pub(super) struct Answer {
    pub(super) target: Target,
    pub(super) url: Url,
    pub(super) body: Vec<u8>,
    pub(super) content_type: Option<String>,
    /// What a sitemap dates further back is left; 0 takes all.
    pub(super) sitemap_days: u32,
}

/// What it names.
pub(super) struct Named {
    pub(super) found: Vec<Target>,
    /// It asks not to be asked again sooner.
    pub(super) ttl: Option<SignedDuration>,
}

/// Reads it; `Err` says in words why there is nothing in it.
pub(super) fn read(answer: &Answer, now: Timestamp) -> Result<Named, String> {
    let content_type = answer.content_type.as_deref();
    match answer.target.kind {
        TargetKind::Sitemap => {
            let reading = read_sitemap(&answer.body, content_type, &answer.url);
            let since = now.checked_sub(SignedDuration::from_hours(24 * i64::from(answer.sitemap_days))).ok();
            let since = since.filter(|_| answer.sitemap_days > 0);
            let found = discover::from_sitemap(&reading, &answer.target, since, now);
            if reading.urls.is_empty() && reading.sitemaps.is_empty() {
                return Err(reading.notes.into_iter().next().unwrap_or_else(|| "it names no addresses".to_owned()));
            }
            Ok(Named { found, ttl: None })
        }
        TargetKind::Feed | TargetKind::Section | TargetKind::Page => {
            let reading = read_feed(&answer.body, content_type, &answer.url);
            if reading.entries.is_empty() && reading.title.is_none() {
                return Err(reading.notes.into_iter().next().unwrap_or_else(|| "it is no feed".to_owned()));
            }
            Ok(Named { found: discover::from_feed(&reading, &answer.target, now), ttl: reading.ttl })
        }
    }
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
