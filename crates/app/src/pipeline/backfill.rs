//! Back-fill: what an outlet published since a day, by its sitemaps. First the lists alone, then an
//! account of how long the pages will take, then the pages, at the pace that the hosts allow.
//!
//! What is found is in the frontier: whoever stops halfway has lost nothing, and a crawl goes on with it.

use std::collections::HashMap;

use anyhow::{Result, bail};
use courant_model::{OutletId, Target, TargetKind, TargetState};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::collect::{self, Ask, Report};
use crate::output;
use crate::place::Place;

/// Pages to be visited that are looked at for the account.
const MOST: usize = 1_000_000;
/// What a request takes beside the pause before it, about.
const REQUEST: SignedDuration = SignedDuration::from_millis(700);

/// Visits what `outlet` published since then. With `dry_run`, says how long it would take.
pub(crate) async fn run(
    place: &Place,
    outlet: &OutletId,
    since: Timestamp,
    dry_run: bool,
    stop: &CancellationToken,
) -> Result<Report> {
    let now = place.clock.now();
    let lists = Ask {
        outlets: vec![outlet.clone()],
        once: true,
        lists_only: true,
        count_only: dry_run,
        since: Some(since),
        patient: true,
    };
    // What a sitemap answered last time was read back to another day.
    place.record.hasten(outlet, &[TargetKind::Sitemap], now).await?;
    output::say(format!("reading the sitemaps of {outlet} back to {}", since.strftime("%Y-%m-%d")));
    let (report, counted) = collect::count(place, &lists, stop).await?;
    let pages = if dry_run { counted } else { unvisited(place, outlet).await? };
    if pages.is_empty() && place.record.targets(Some(outlet), None, Some(TargetKind::Sitemap), 1).await?.is_empty() {
        bail!(
            "outlet '{outlet}' has no sitemap: name one in its file of the catalogue, or `courant outlets check {outlet}`"
        );
    }
    output::say(estimate(place, &pages, now).await?);
    if dry_run || pages.is_empty() || stop.is_cancelled() {
        return Ok(report);
    }
    let all = Ask { lists_only: false, ..lists };
    collect::collect(place, &all, stop).await
}

/// The pages of an outlet that nobody has visited yet, by host.
async fn unvisited(place: &Place, outlet: &OutletId) -> Result<HashMap<String, u64>> {
    let open = place.record.targets(Some(outlet), Some(TargetState::Open), Some(TargetKind::Page), MOST).await?;
    let mut counts = HashMap::new();
    for target in open.iter().filter(|target| target.visited.is_none()) {
        *counts.entry(host_of(target)).or_default() += 1;
    }
    Ok(counts)
}

fn host_of(target: &Target) -> String {
    Url::parse(&target.ask).map(|url| courant_model::authority(&url)).unwrap_or_default()
}

/// How long the pages will take, in words.
async fn estimate(place: &Place, pages: &HashMap<String, u64>, now: Timestamp) -> Result<String> {
    let budget = u64::from(place.settings.crawl.day_budget);
    let own = SignedDuration::from_millis((place.settings.crawl.gap_seconds * 1000.0) as i64);
    let (mut longest, mut slowest) = (SignedDuration::ZERO, SignedDuration::ZERO);
    for (host, count) in pages {
        let gap = place.record.host(host, now).await?.map_or(own, |state| state.gap);
        let days = if budget > 0 { (count - 1) / budget } else { 0 };
        let pages = i32::try_from(*count).unwrap_or(i32::MAX);
        let takes = ((gap + REQUEST) * pages).max(SignedDuration::from_hours(24 * i64::try_from(days).unwrap_or(0)));
        if takes > longest {
            (longest, slowest) = (takes, gap);
        }
    }
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
