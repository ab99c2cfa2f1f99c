//! `courant verify`: proof that what is derived says what the record says.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use anyhow::{Result, bail};
use courant_model::{ArticleId, Seq, StoryId};
use serde::Serialize;

use crate::cli::JsonArgs;
use crate::place::Place;
use crate::settings::Settings;
use crate::{Ended, output};

use super::open_existing;

/// Articles looked at in one go.
const STEP: usize = 500;
/// So many ids of each kind of fault are named.
const NAMED: usize = 5;

/// What was compared, and what does not agree.
#[derive(Debug, Default, Serialize)]
struct Report {
    articles: u64,
    indexed: u64,
    as_of: u64,
    /// The curator has not read to the end of the log: what follows may only be late.
    behind: bool,
    /// In the record, and by their own wish not in the index.
    unindexed: u64,
    /// In the record, not in the index.
    missing: Vec<String>,
    /// In the index, not in the record (or not to be found).
    extra: Vec<String>,
    /// Of another revision in the index.
    stale: Vec<String>,
    /// Whose story does not have them as a member, or that have no story.
    unplaced: Vec<String>,
}

impl Report {
    fn faults(&self) -> usize {
        self.missing.len() + self.extra.len() + self.stale.len() + self.unplaced.len()
    }
}

pub(super) async fn verify(settings: Settings, args: &JsonArgs) -> Result<Ended> {
    let place = open_existing(settings).await?;
    let report = compare(&place).await?;
    if args.json {
        output::json(&report)?;
    } else {
        tell(&report);
    }
    match report.faults() {
        0 if !report.behind => Ok(Ended::Done),
        0 => bail!("the curator has not read the whole log yet: run `courant curate --once`, then verify again"),
        faults => bail!("{faults} articles do not agree: run `courant rebuild index`, or `courant rebuild stories`"),
    }
}

async fn compare(place: &Place) -> Result<Report> {
    let search = place.index.search();
    let mut indexed: BTreeMap<ArticleId, u32> = search.contents().await?.into_iter().collect();
    let last = place.record.last_seq().await?;
    let stamp = search.stamp().await?.map_or(Seq::START, |stamp| stamp.seq);
    let mut report = Report {
        indexed: indexed.len() as u64,
        as_of: last.0,
        behind: stamp < last || place.record.cursor("place").await? < last,
        ..Report::default()
    };
    let mut members: BTreeMap<StoryId, Vec<ArticleId>> = BTreeMap::new();
    let mut after = None;
    loop {
        let ids = place.record.article_ids(after, STEP).await?;
        let Some(end) = ids.last() else { break };
        after = Some(*end);
        report.articles += ids.len() as u64;
        for article in place.record.articles(&ids).await? {
            let hidden = article.rights.hidden(place.clock.now());
            report.unindexed += u64::from(hidden);
            match indexed.remove(&article.id) {
                Some(_) if article.rights.noindex => report.extra.push(article.id.to_string()),
                // One that is hidden by its date may be there still: whoever reads the index looks at that.
                None if !hidden => report.missing.push(article.id.to_string()),
                Some(revision) if revision != article.revision => report.stale.push(article.id.to_string()),
                _ => {}
            }
            if !is_member(place, &mut members, article.id, article.story).await? {
                report.unplaced.push(article.id.to_string());
            }
        }
    }
    report.extra.extend(indexed.keys().map(ToString::to_string));
    Ok(report)
}

async fn is_member(
    place: &Place,
    members: &mut BTreeMap<StoryId, Vec<ArticleId>>,
    article: ArticleId,
    story: Option<StoryId>,
) -> Result<bool> {
    let Some(story) = story else { return Ok(false) };
    let ids = match members.entry(story) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(unknown) => {
            let members = place.record.members(story).await?;
            unknown.insert(members.into_iter().map(|member| member.article).collect())
        }
    };
    Ok(ids.contains(&article))
}

fn tell(report: &Report) {
    output::line(format!("{} articles in the record, {} in the index", report.articles, report.indexed));
    if report.unindexed > 0 {
        output::line(format!("{} whose publisher wants them in no index", report.unindexed));
    }
    for (fault, ids) in [
        ("missing in the index", &report.missing),
        ("in the index, but not to be", &report.extra),
        ("of another revision in the index", &report.stale),
        ("in no story that knows them", &report.unplaced),
    ] {
        if !ids.is_empty() {
            let more = if ids.len() > NAMED { ", …" } else { "" };
            let named = ids.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
            output::line(format!("{} {fault}: {named}{more}", ids.len()));
        }
    }
    if report.faults() == 0 && !report.behind {
        output::line("they agree");
    }
}
