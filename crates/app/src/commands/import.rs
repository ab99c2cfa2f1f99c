//! `courant import`: articles from files, run through the same line as a crawl from reading on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use courant_archive::{Archive, Exchange};
use courant_crawl::headers;
use courant_exchange::import::{self, Item};
use courant_model::{CanonicalUrl, Capture, Language, PageKind};
use courant_store::StoreError;
use courant_store::contract::{Batch, Recorded};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::pipeline::curate::{self, Curator, Until};
use crate::pipeline::reading::{self, Page, Read};
use crate::pipeline::{self, AGENT};
use crate::place::Place;
use crate::settings::Settings;
use crate::{Ended, output};

use super::open;

/// So many articles are recorded at a time.
const BATCH: usize = 50;

/// A curator that was waited for so long may have died: see whether its role is free.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// What an import came to.
#[derive(Debug, Default)]
struct Tally {
    pages: u64,
    new: u64,
    revised: u64,
    same: u64,
    /// Pages that are no articles, by kind.
    left: BTreeMap<&'static str, u64>,
    /// Records that could not be read, and the first reason.
    unreadable: u64,
    first_fault: Option<String>,
}

pub(super) async fn warc(settings: Settings, paths: &[PathBuf]) -> Result<Ended> {
    for path in paths {
        if !path.is_file() {
            bail!("no file {}", path.display());
        }
    }
    let place = open(settings).await?;
    let mut tally = Tally::default();
    let mut archive = place.archive(&pipeline::worker_name())?;
    for path in paths {
        import_file(&place, &mut archive, path, &mut tally)
            .await
            .with_context(|| format!("cannot import {}", path.display()))?;
    }
    follow(&place).await?;
    output::say(tally.told());
    Ok(if tally.new + tally.revised + tally.same == 0 { Ended::NothingFound } else { Ended::Done })
}

async fn import_file(place: &Place, archive: &mut Archive, path: &Path, tally: &mut Tally) -> Result<()> {
    let bar = output::progress("pages");
    let mut batch = Batch::default();
    for item in import::warc(path)? {
        bar.inc(1);
        let item = match item {
            Ok(item) => item,
            Err(error) => {
                tally.unreadable += 1;
                tally.first_fault.get_or_insert_with(|| error.to_string());
                continue;
            }
        };
        tally.pages += 1;
        match reading::read(place, page(item.clone(), place.clock.now())).await? {
            Read::Article(mut draft) => {
                if !draft.reading.rights.noarchive {
                    draft.capture = Some(keep(place, archive, &item).await?);
                }
                batch.drafts.push(*draft);
            }
            Read::NotAnArticle { kind, .. } => *tally.left.entry(kind.as_str()).or_default() += 1,
        }
        if batch.drafts.len() >= BATCH {
            record(place, archive, &mut batch, tally).await?;
        }
    }
    record(place, archive, &mut batch, tally).await?;
    bar.finish_and_clear();
    Ok(())
}

/// Keeps the page in the archive, as it was captured; a page that is kept already, byte for byte,
/// is not kept twice.
async fn keep(place: &Place, archive: &mut Archive, item: &Item) -> Result<Capture> {
    if let Some(capture) = kept_before(place, archive, item).await? {
        return Ok(capture);
    }
    // The body is without its codings by now, so the fields that tell of them would not be true.
    let untrue = ["content-encoding", "transfer-encoding", "content-length"];
    let told: Vec<(String, String)> =
        item.headers.iter().filter(|(name, _)| !untrue.contains(&name.as_str())).cloned().collect();
    let status_line = format!("HTTP/1.1 {}", item.status);
    let exchange = Exchange {
        url: item.url.as_str(),
        asked: None,
        status_line: &status_line,
        response_headers: &told,
        body: &item.body,
        at: item.at,
        truncated: item.truncated,
        told: None,
    };
    Ok(archive.write(&exchange)?)
}

async fn kept_before(place: &Place, archive: &Archive, item: &Item) -> Result<Option<Capture>> {
    let Some(url) = CanonicalUrl::parse(item.url.as_str()) else { return Ok(None) };
    let Some(article) = place.record.article_at(&url).await? else { return Ok(None) };
    let capture = place.record.texts(&[article]).await?.pop().and_then(|text| text.capture);
    Ok(capture.filter(|capture| archive.read(capture).is_ok_and(|kept| kept.body == item.body)))
}

fn page(item: Item, now: Timestamp) -> Page {
    Page {
        asked: CanonicalUrl::parse(item.url.as_str()).into_iter().collect(),
        url: item.url,
        content_type: item.content_type,
        content_language: item.content_language.as_deref().map(Language::parse).filter(|l| !l.is_unknown()),
        rights: headers::rights(&item.headers, AGENT),
        body: item.body,
        truncated: item.truncated,
        capture: None,
        // A capture from the future would never be followed by a newer one.
        seen: item.at.min(now),
        found_via: Some(item.found_via),
        feed_language: None,
        feed_published: None,
    }
}

async fn record(place: &Place, archive: &mut Archive, batch: &mut Batch, tally: &mut Tally) -> Result<()> {
    if batch.drafts.is_empty() {
        return Ok(());
    }
    // The captures that the batch points to must outlive a power cut before the record does.
    archive.sync()?;
    let report = place.record.record(&std::mem::take(batch), place.clock.now()).await?;
    for recorded in report.recorded {
        match recorded {
            Recorded::New(_) => tally.new += 1,
            Recorded::Revised(_) | Recorded::Returned(_) => tally.revised += 1,
            Recorded::Same(_) => tally.same += 1,
        }
    }
    Ok(())
}

/// Waits until the running curator has placed and indexed what was imported, or does so itself
/// where none runs, or none any more.
async fn follow(place: &Place) -> Result<()> {
    loop {
        match Curator::take(place).await {
            Ok(curator) => return curator.run(Until::CaughtUp, &CancellationToken::new()).await,
            Err(error) if matches!(error.downcast_ref(), Some(StoreError::Taken { .. })) => {}
            Err(error) => return Err(error),
        }
        let never = CancellationToken::new();
        let caught_up = curate::caught_up(place, &never);
        if let Ok(done) = tokio::time::timeout(LOOK_AGAIN, caught_up).await {
            return done;
        }
    }
}

impl Tally {
    fn told(&self) -> String {
        let mut told = format!("{} pages: {} new articles", self.pages, self.new);
        let mut add = |count: u64, what: &str| {
            if count > 0 {
                told.push_str(&format!(", {count} {what}"));
            }
        };
        add(self.revised, "revised");
        add(self.same, "unchanged");
        for (kind, count) in &self.left {
            let name = if *kind == PageKind::Other.as_str() { "no articles" } else { kind };
            add(*count, name);
        }
        add(self.unreadable, "unreadable records");
        if let Some(fault) = &self.first_fault {
            told.push_str(&format!(" (the first: {fault})"));
        }
        told
    }
}
