//! What an operator asks: how the whole is doing, which hosts are busy or left alone, which lists bring
//! nothing, and what a host was asked. The API and the status pages tell the same.

use std::cmp::Reverse;

use courant_exchange as exchange;
use courant_model::{HostState, RequestLine, Target, TargetKind, TargetState};
use courant_store::contract::{StoryAsk, StoryOrder};
use jiff::SignedDuration;

use crate::Site;
use crate::account;
use crate::fault::Fault;

/// Rows of each kind that are told at most.
const SHOWN: usize = 100;

/// How the whole is doing.
pub(crate) async fn status(site: &Site) -> Result<exchange::Status, Fault> {
    let now = site.now();
    let record = &site.record;
    let stamp = site.search.stamp().await?;
    let no_stories = StoryAsk { order: StoryOrder::Latest, at_least: 1, language: None, offset: 0, limit: 1 };
    Ok(exchange::Status {
        version: site.version.clone(),
        demonstration: site.demonstration,
        as_of: record.last_seq().await?.0,
        placed: record.cursor("place").await?.0,
        indexed: stamp.as_ref().map(|stamp| stamp.seq.0),
        analyser: stamp.as_ref().map(|stamp| stamp.analyser.clone()),
        index_schema: stamp.as_ref().map(|stamp| stamp.schema),
        extractor: courant_text::EXTRACTOR,
        articles: record.outlet_counts().await?.iter().map(|count| count.articles).sum(),
        stories: record.story_list(&no_stories).await?.1,
        outlets: account::outlets(site).await?.len() as u64,
        frontier: record.frontier_counts(None, now).await?.iter().map(exchange::FrontierCount::from).collect(),
        hosts: record.host_counts(now, SHOWN).await?.iter().map(exchange::BusyHost::from).collect(),
        parked: record.parked_hosts(now).await?.iter().map(exchange::ParkedHost::from).collect(),
        ailing: ailing(site).await?.iter().map(exchange::AilingList::from).collect(),
        blocked: record.blocked_counts(SHOWN).await?.iter().map(exchange::BlockedPages::from).collect(),
    })
}

/// A list that had brought nothing new for so long when it was visited last is silent.
const SILENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The lists that bring nothing, worst first: those that fail, most often first; those that are not for
/// us, not there or elsewhere; the silent, longest first.
pub(crate) async fn ailing(site: &Site) -> Result<Vec<Target>, Fault> {
    let kinds = [TargetKind::Feed, TargetKind::Sitemap, TargetKind::Section];
    let mut found = Vec::new();
    for state in [TargetState::Failing, TargetState::Blocked, TargetState::Gone, TargetState::Moved] {
        let mut of_state = Vec::new();
        for kind in kinds {
            of_state.extend(site.record.targets(None, Some(state), Some(kind), SHOWN).await?);
        }
        of_state.sort_by_key(|target| Reverse(target.failures));
        found.append(&mut of_state);
    }
    found.extend(site.record.silent_lists(SILENT, SHOWN).await?);
    Ok(found)
}

/// What is remembered of a host, and its last requests, newest first.
pub(crate) async fn host(site: &Site, host: &str, limit: usize) -> Result<(HostState, Vec<RequestLine>), Fault> {
    let log = site.record.requests(host, limit).await?;
    let state = site.record.host(host, site.now()).await?;
    // One that was only ever refused before it was asked is not remembered as a host.
    let state = state.or_else(|| log.first().map(|line| HostState::new(host, line.at, line.gap)));
    Ok((state.ok_or_else(|| Fault::unknown_host(host))?, log))
}
