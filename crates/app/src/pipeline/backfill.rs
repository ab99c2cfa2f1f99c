//! Back-fill: what an outlet published since a day, by its sitemaps. First the lists alone, then an
//! account of how long the pages will take, then the pages, at the pace that the hosts allow.
//!
//! What is found is in the frontier: whoever stops halfway has lost nothing, and a crawl goes on with it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use anyhow::{Result, bail};
use courant_crawl::{Robots, discover};
use courant_model::{OriginFile, Outcome, Outlet, OutletId, Target, TargetKind, TargetState, origin};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::collect::{self, Ask, Report};
use super::probe::Probe;
use crate::output;
use crate::place::Place;

/// Targets that are looked at, at most.
const MOST: usize = 1_000_000;
/// What a request takes beside the pause before it, about.
const REQUEST: SignedDuration = SignedDuration::from_millis(700);
/// How often it is looked whether pages are left, and told how many.
const LOOK: Duration = Duration::from_secs(15);
const TELL: u32 = 4;
/// An archive's maps are left alone so long once they are read: the outlet's own lists tell its news.
const REST: SignedDuration = SignedDuration::from_hours(30 * 24);
const RESTS: &str = "read for a back-fill";
/// As if they had brought nothing so often.
const PATIENT: u32 = 31;

/// Visits what `outlet` published since then. With `dry_run`, says how long it would take.
pub(crate) async fn run(
    place: &Place,
    outlet: &Outlet,
    since: Timestamp,
    dry_run: bool,
    stop: &CancellationToken,
) -> Result<Report> {
    output::say(format!("reading the sitemaps of {} back to {}", outlet.id, since.strftime("%Y-%m-%d")));
    let followed = maps(place, &outlet.id).await?.into_iter().filter(|map| map.reason.as_deref() != Some(RESTS));
    let followed: HashSet<String> = followed.map(|map| map.ask).collect();
    add_what_robots_name(place, outlet).await?;
    // What a sitemap answered last time was read back to another day.
    place.record.hasten(&outlet.id, &[TargetKind::Sitemap], place.clock.now()).await?;
    let lists = Ask {
        outlets: vec![outlet.id.clone()],
        once: true,
        lists_only: true,
        count_only: dry_run,
        since: Some(since),
        patient: true,
    };
    let (mut report, counted) = collect::count(place, &lists, stop).await?;
    let pages = if dry_run { counted } else { unvisited(place, &outlet.id).await? };
    if pages.is_empty() && maps(place, &outlet.id).await?.is_empty() {
        bail!(
            "outlet '{}' has no sitemap: name one in its file of the catalogue, or `courant outlets check {}`",
            outlet.id,
            outlet.id
        );
    }
    output::say(estimate(place, &pages).await?);
    if dry_run {
        // The pages that were counted are not in the frontier, and no list may answer that it is unchanged.
        let all = [TargetKind::Feed, TargetKind::Sitemap, TargetKind::Section];
        place.record.hasten(&outlet.id, &all, place.clock.now()).await?;
    } else if !pages.is_empty() && !stop.is_cancelled() {
        report.add(visit(place, &Ask { lists_only: false, ..lists }, stop).await?);
    }
    if !outlet.feeds.is_empty() || !outlet.sitemaps.is_empty() {
        lay_to_rest(place, &outlet.id, &followed).await?;
    }
    Ok(report)
}

/// Visits the pages until none is left that nobody has visited, waiting for hosts that are parked.
async fn visit(place: &Place, ask: &Ask, stop: &CancellationToken) -> Result<Report> {
    let [outlet] = ask.outlets.as_slice() else { return Ok(Report::default()) };
    let begun = place.clock.now();
    let mut report = Report::default();
    loop {
        let done = stop.child_token();
        let line = async {
            let ended = collect::collect(place, ask, &done).await;
            done.cancel();
            ended
        };
        // What is due again while the rest is visited is any crawl's, not this one's.
        let (ended, watched) = tokio::join!(line, end_when_visited(place, outlet, begun, &done));
        report.add(ended?);
        watched?;
        let left = unvisited_pages(place, outlet).await?;
        let Some(next) = left.iter().map(|page| page.due).min().filter(|_| !stop.is_cancelled()) else {
            return Ok(report);
        };
        let host = left.iter().min_by_key(|page| page.due).map(host_of).unwrap_or_default();
        let wait = Duration::try_from(place.clock.now().duration_until(next)).unwrap_or_default();
        if !wait.is_zero() {
            let until = next.strftime("%Y-%m-%d %H:%M:%S UTC");
            output::say(format!("{} pages left; {host} is left alone until {until}: waiting", left.len()));
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(report),
            () = tokio::time::sleep(wait.max(Duration::from_secs(1))) => {}
        }
    }
}

/// Cancels `done` when no page is left that was due at `begun`: one that was visited is due later.
/// Tells how many there are, now and then.
async fn end_when_visited(place: &Place, outlet: &OutletId, begun: Timestamp, done: &CancellationToken) -> Result<()> {
    for look in 1_u32.. {
        tokio::select! {
            () = done.cancelled() => break,
            () = tokio::time::sleep(LOOK) => {}
        }
        let counts = place.record.frontier_counts(Some(outlet), begun).await?;
        let pages = counts.iter().filter(|c| c.kind == TargetKind::Page && c.state == TargetState::Open);
        match pages.map(|count| count.due).sum::<u64>() {
            0 => done.cancel(),
            left if look % TELL == 0 => output::say(format!("{left} pages left")),
            _ => {}
        }
    }
    Ok(())
}

/// Adds the sitemaps that the outlet's robots.txt names, whatever its file names: news maps go back two
/// days, archives are named there. An outlet whose home nobody has visited yet is looked at once.
async fn add_what_robots_name(place: &Place, outlet: &Outlet) -> Result<()> {
    let now = place.clock.now();
    let seeds = discover::seeds(outlet, now);
    let home = outlet.homepage.as_deref().and_then(|home| Url::parse(home).ok());
    if let Some(home) = &home
        && place.record.origin_file(&origin(home), OriginFile::Robots).await?.is_none()
    {
        let probe = Probe::begin(place).await?;
        let looked = probe.home(outlet, home).await;
        probe.end().await?;
        // What it says does not matter here: its robots.txt was asked for first.
        let _ = looked?;
    }
    let lists = seeds.iter().filter_map(|seed| Url::parse(&seed.ask).ok());
    let origins: HashSet<String> = lists.chain(home).map(|url| origin(&url)).collect();
    let unnamed = Outlet { sitemaps: Vec::new(), ..outlet.clone() };
    for origin in origins {
        if let Some(kept) = place.record.origin_file(&origin, OriginFile::Robots).await? {
            let named = discover::sitemaps_of_robots(&Robots::parse(&kept.body), &unnamed, now);
            place.record.add_targets(&named).await?;
        }
    }
    Ok(())
}

/// Leaves the sitemaps alone that were found for this, where the outlet's own lists tell its news: an
/// archive is read once, not followed.
async fn lay_to_rest(place: &Place, outlet: &OutletId, followed: &HashSet<String>) -> Result<()> {
    let now = place.clock.now();
    let due = now.checked_add(REST).unwrap_or(Timestamp::MAX);
    let read =
        maps(place, outlet).await?.into_iter().filter(|map| map.visited.is_some() && !followed.contains(&map.ask));
    let rested = read.filter(|map| map.state == TargetState::Open).map(|map| Outcome {
        due,
        state: map.state,
        reason: Some(RESTS.to_owned()),
        validators: None,
        polling: None,
        changed: false,
        failures: 0,
        unchanged: PATIENT,
        visited: map.visited,
        url: map.url,
    });
    place.record.finish(&rested.collect::<Vec<_>>(), now).await?;
    Ok(())
}

async fn maps(place: &Place, outlet: &OutletId) -> Result<Vec<Target>> {
    Ok(place.record.targets(Some(outlet), None, Some(TargetKind::Sitemap), MOST).await?)
}

/// The pages of an outlet that nobody has visited yet.
async fn unvisited_pages(place: &Place, outlet: &OutletId) -> Result<Vec<Target>> {
    let mut open = place.record.targets(Some(outlet), Some(TargetState::Open), Some(TargetKind::Page), MOST).await?;
    open.retain(|target| target.visited.is_none());
    Ok(open)
}

/// How many there are, by host.
async fn unvisited(place: &Place, outlet: &OutletId) -> Result<HashMap<String, u64>> {
    let mut counts = HashMap::new();
    for target in unvisited_pages(place, outlet).await? {
        *counts.entry(host_of(&target)).or_default() += 1;
    }
    Ok(counts)
}

fn host_of(target: &Target) -> String {
    Url::parse(&target.ask).map(|url| courant_model::authority(&url)).unwrap_or_default()
}

/// How long the pages will take, in words. Hosts at one address wait for each other.
async fn estimate(place: &Place, pages: &HashMap<String, u64>) -> Result<String> {
    let budget = u64::from(place.settings.crawl.day_budget);
    let own = SignedDuration::from_millis((place.settings.crawl.gap_seconds * 1000.0) as i64);
    let now = place.clock.now();
    let mut queues: HashMap<String, (SignedDuration, SignedDuration)> = HashMap::new();
    for (host, count) in pages {
        let known = place.record.host(host, now).await?;
        let gap = known.as_ref().map_or(own, |state| state.gap);
        let address = known.and_then(|state| state.address).map_or_else(|| host.clone(), |address| address.to_string());
        let days = count.saturating_sub(1).checked_div(budget).unwrap_or(0);
        let pages = i32::try_from(*count).unwrap_or(i32::MAX);
        let takes = ((gap + REQUEST) * pages).max(SignedDuration::from_hours(24 * i64::try_from(days).unwrap_or(0)));
        let queue = queues.entry(address).or_default();
        *queue = (queue.0 + takes, queue.1.max(gap));
    }
    let (longest, slowest) = queues.into_values().max().unwrap_or_default();
    let all: u64 = pages.values().sum();
    Ok(match pages.len() {
        0 => "no page is to be visited".to_owned(),
        hosts => format!(
            "{all} pages of {hosts} {} are to be visited, one each {} s on the slowest: about {}",
            if hosts == 1 { "host" } else { "hosts" },
            slowest.as_millis() as f64 / 1000.0,
            in_words(longest)
        ),
    })
}

/// `2 days and 3 h`, `1 h 43 min`, `2 min`, `40 s`.
fn in_words(takes: SignedDuration) -> String {
    let (days, hours, minutes) = (takes.as_hours() / 24, takes.as_hours() % 24, takes.as_mins() % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{} s", takes.as_secs()),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, hours, _) => format!("1 day and {hours} h"),
        (days, hours, _) => format!("{days} days and {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_as_people_tell_them() {
        for (seconds, told) in
            [(40, "40 s"), (125, "2 min"), (6180, "1 h 43 min"), (90_000, "1 day and 1 h"), (200_000, "2 days and 7 h")]
        {
            assert_eq!(in_words(SignedDuration::from_secs(seconds)), told);
        }
    }
}
