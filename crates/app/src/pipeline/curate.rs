//! The curate line: changes after my cursor -> place in a story -> index.
//!
//! One process at a time, under the curator's lock. Both steps are cursors over the log: placing
//! keeps its own in the record, moved in the same transaction as the placements; the index carries
//! its own in each commit. A crash anywhere is healed by reading on from there.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context, Result};
use courant_model::{Article, ArticleId, Change, ChangeKind, Placement, Revision, Seq, StoryFeatures, StoryId};
use courant_search::contract::Feed;
use courant_store::contract::{Held, PlacementBatch, Role};
use courant_story::Placer;
use tokio_util::sync::CancellationToken;

use super::index::{index_once, pair, texts};
use crate::place::Place;

/// Rows of the log taken at a time.
const STEP: usize = 500;
/// The placer's memory is kept after so many rows, and at an orderly end.
const SNAPSHOT_EVERY: u64 = 5_000;
/// How long to rest when there is nothing to read.
const REST: Duration = Duration::from_millis(200);

/// When to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    /// All that is recorded is placed and indexed.
    CaughtUp,
    /// Somebody says stop.
    Stopped,
}

/// A curator at work. Whoever has one holds the lock.
pub(crate) struct Curator {
    place: Place,
    placer: Placer,
    feed: Box<dyn Feed>,
    /// The index has taken in the log up to here.
    indexed: Seq,
    /// Placing has read the log up to here.
    placed: Seq,
    /// The snapshot in the record stands for this cursor.
    kept: Seq,
    _role: Box<dyn Held>,
}

/// Waits until whoever curates has placed and indexed all that is recorded.
pub(crate) async fn caught_up(place: &Place, stop: &CancellationToken) -> Result<()> {
    let search = place.index.search();
    while !stop.is_cancelled() {
        let last = place.record.last_seq().await?;
        let placed = place.record.cursor("place").await?;
        let indexed = search.stamp().await?.map_or(Seq::START, |stamp| stamp.seq);
        if placed >= last && indexed >= last {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

impl Curator {
    /// Takes the role, wakes the placer and opens the index for writing.
    pub(crate) async fn take(place: &Place) -> Result<Self> {
        let role = place.record.take(Role::Curator).await?;
        let (placer, kept) = wake(place).await?;
        let placed = place.record.cursor("place").await?;
        let (feed, indexed) = place.index.feed().await.context("cannot open the index for writing")?;
        Ok(Self { place: place.clone(), placer, feed, indexed, placed, kept, _role: role })
    }

    /// Runs the line until there is nothing left to read, or until told to stop; then what is
    /// recorded by that moment is still placed and indexed.
    pub(crate) async fn run(mut self, until: Until, stop: &CancellationToken) -> Result<()> {
        loop {
            if self.step().await? {
                continue;
            }
            // A generation that was fed from the log's start takes the place of the one in use;
            // nothing to do where it is in use already.
            self.feed.publish().await?;
            if stop.is_cancelled() || until == Until::CaughtUp {
                return self.close().await;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(REST) => {}
            }
        }
    }

    /// Reads on once. Returns whether there was anything to read.
    async fn step(&mut self) -> Result<bool> {
        let placed = self.place_step().await?;
        let indexed = self.index_step().await?;
        Ok(placed || indexed)
    }

    /// Keeps the placer's memory and closes the index in order.
    async fn close(mut self) -> Result<()> {
        if self.kept < self.placed {
            self.keep(self.placed, Vec::new(), Vec::new(), true).await?;
        }
        self.feed.close().await?;
        Ok(())
    }

    async fn place_step(&mut self) -> Result<bool> {
        let changes = self.place.record.changes(self.placed, STEP).await?;
        let Some(last) = changes.last().map(|change| change.seq) else { return Ok(false) };
        let features = features_of(&self.place, changes.iter().filter(|c| c.kind.concerns_placing())).await?;
        let mut placements = Vec::new();
        let mut touched = BTreeSet::new();
        for change in &changes {
            let Some(article) = change.article.filter(|_| change.kind.concerns_placing()) else { continue };
            let known = self.placer.story_of(article);
            let placed = matches!(
                change.kind,
                ChangeKind::ArticleNew
                    | ChangeKind::ArticleReturned
                    | ChangeKind::ArticleRevised
                    | ChangeKind::ArticleUpdated
            );
            if let Some(features) = features.get(&article).filter(|_| placed) {
                placements.extend(self.placer.place(features));
            }
            touched.extend(known);
        }
        let snapshot = last.0 >= self.kept.0 + SNAPSHOT_EVERY;
        self.keep(last, placements, touched.into_iter().collect(), snapshot).await?;
        Ok(true)
    }

    async fn keep(
        &mut self,
        to: Seq,
        placements: Vec<Placement>,
        touched: Vec<StoryId>,
        with_snapshot: bool,
    ) -> Result<()> {
        let snapshot = with_snapshot.then(|| self.placer.snapshot());
        let batch = PlacementBatch { from: self.placed, to, placements, touched, snapshot };
        self.place.record.place(&batch, self.place.clock.now()).await?;
        self.placed = to;
        if with_snapshot {
            self.kept = to;
        }
        Ok(())
    }

    async fn index_step(&mut self) -> Result<bool> {
        let next = index_once(&self.place, self.feed.as_mut(), self.indexed).await?;
        let moved = next > self.indexed;
        self.indexed = next;
        Ok(moved)
    }
}

/// What placing may know of the articles of these changes, as they are now.
async fn features_of<'a>(
    place: &Place,
    changes: impl Iterator<Item = &'a Change>,
) -> Result<BTreeMap<ArticleId, StoryFeatures>> {
    let ids: Vec<ArticleId> = changes.filter_map(|c| c.article).collect::<BTreeSet<_>>().into_iter().collect();
    let articles = place.record.articles(&ids).await?;
    let texts = texts(place, &ids).await?;
    let mut work = Vec::new();
    for (article, text) in pair(articles, texts) {
        let urls = place.record.addresses(article.id).await?;
        work.push((article, text, urls.into_iter().map(|url| url.key().to_owned()).collect::<Vec<_>>()));
    }
    let features = move || work.into_iter().map(features).map(|features| (features.article, features)).collect();
    Ok(tokio::task::spawn_blocking(features).await?)
}

fn features((article, text, urls): (Article, Revision, Vec<String>)) -> StoryFeatures {
    courant_text::features(
        article.id,
        &article.outlet,
        article.language,
        article.moment(),
        &text.title,
        text.standfirst.as_deref(),
        &text.body,
        urls,
        article.translations.iter().map(|translation| translation.url.key().to_owned()).collect(),
        article.links.iter().map(|link| link.url.key().to_owned()).collect(),
    )
}

/// The placer as it was: its last snapshot, and what the log says was decided since.
async fn wake(place: &Place) -> Result<(Placer, Seq)> {
    let settings = place.settings.placing();
    let (mut placer, kept) = match place.record.snapshot().await? {
        Some((seq, bytes)) => match Placer::restore(&bytes, settings.clone()) {
            Ok(placer) => (placer, seq),
            Err(error) => {
                tracing::info!(%error, "reading the log from its start");
                (Placer::new(settings), Seq::START)
            }
        },
        None => (Placer::new(settings), Seq::START),
    };
    let mut from = kept;
    loop {
        let changes = place.record.changes(from, STEP).await?;
        let Some(last) = changes.last() else { return Ok((placer, kept)) };
        from = last.seq;
        let decided = |change: &&Change| matches!(change.kind, ChangeKind::StoryCreated | ChangeKind::StoryJoined);
        let features = features_of(place, changes.iter().filter(decided)).await?;
        for change in &changes {
            if let Some(placement) = placement(change) {
                placer.apply(&placement, change.article.and_then(|article| features.get(&article)));
            }
        }
    }
}

/// The decision that a row of the log tells of, without its evidence.
fn placement(change: &Change) -> Option<Placement> {
    let story = change.story?;
    match (change.kind, change.article) {
        (ChangeKind::StoryCreated, Some(article)) => Some(Placement::Founded { article, story }),
        (ChangeKind::StoryJoined, Some(article)) => Some(Placement::Joined { article, story, evidence: Vec::new() }),
        (ChangeKind::StoryMerged, _) => {
            let into = change.facts.get("into")?.parse().ok()?;
            Some(Placement::Merged { from: story, into, evidence: Vec::new() })
        }
        _ => None,
    }
}
