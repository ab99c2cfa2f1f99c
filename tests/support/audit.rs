//! Politeness, judged from the server's log alone: what a newsroom's administrator could hold against
//! a crawler.
//!
//! The rules: robots.txt before anything else and not again within a day; nothing that it disallows;
//! from the end of an answer to the next request at least the pause that was declared; one request and
//! one connection at a time to a host; after `Retry-After`, nothing before it has passed.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::rig::{Manner, Seen};

/// How far two clocks on one machine may differ: the server notes an answer's end after its last
/// byte may already have been read.
const SLACK: Duration = Duration::from_millis(5);
/// An answer is written down within so long, or was lost with its process.
const UNWRITTEN: Duration = Duration::from_millis(500);

/// What is held against the crawler, each a line for a person. `kills` are the moments at which one was
/// killed: what it had been answered just then it could not write down.
pub fn audit(log: &[Seen], manners: &[Manner], gap: Duration, kills: &[Duration]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut by_host: BTreeMap<usize, Vec<&Seen>> = BTreeMap::new();
    for seen in log {
        by_host.entry(seen.host).or_default().push(seen);
    }
    for (host, seen) in by_host {
        audit_host(host, &seen, &manners[host], gap, kills, &mut faults);
    }
    faults
}

fn audit_host(
    host: usize,
    log: &[&Seen],
    manner: &Manner,
    gap: Duration,
    kills: &[Duration],
    faults: &mut Vec<String>,
) {
    let mut fault =
        |seen: &Seen, what: String| faults.push(format!("host {host}, {:?}: {} {what}", seen.began, seen.path));
    let is_robots = |seen: &Seen| seen.path == "/robots.txt";
    // Nothing is declared before robots.txt was answered.
    let declared = manner.crawl_delay.map_or(Duration::ZERO, Duration::from_secs_f64);
    let mut declares = false;
    let mut answered_robots: Option<Duration> = None;
    let mut not_before = Duration::ZERO;
    let mut last: Option<&Seen> = None;
    for seen in log {
        if !is_robots(seen) && answered_robots.is_none() {
            fault(seen, "before robots.txt was answered".to_owned());
        }
        if manner.no_robots && !is_robots(seen) {
            fault(seen, "though nobody knows its robots.txt".to_owned());
        }
        if seen.path.starts_with("/private/") {
            fault(seen, "is disallowed".to_owned());
        }
        if let Some(last) = last {
            let pause = if declares { gap.max(declared) } else { gap };
            let kept = seen.began.saturating_sub(last.ended);
            if seen.began < last.ended {
                fault(seen, format!("while {} was being answered", last.path));
            } else if kept + SLACK < pause {
                fault(seen, format!("after {kept:?}, not {pause:?}"));
            }
        }
        if seen.began + SLACK < not_before {
            fault(seen, format!("before its Retry-After had passed, at {not_before:?}"));
        }
        if is_robots(seen) && seen.status == 200 {
            let lost = |at: Duration| kills.iter().any(|kill| (at..at + UNWRITTEN).contains(kill));
            if answered_robots.is_some_and(|at| !lost(at)) {
                fault(seen, "again within a day".to_owned());
            }
            answered_robots = Some(seen.ended);
            declares = true;
        }
        if let Some(seconds) = seen.retry_after {
            not_before = not_before.max(seen.ended + Duration::from_secs(seconds));
        }
        last = Some(seen);
    }
    connections(log, &mut fault);
}

/// A connection may be used while another is idle, but no two are in turns: that would be two visitors.
fn connections(log: &[&Seen], fault: &mut impl FnMut(&Seen, String)) {
    let mut done = Vec::new();
    let mut current = None;
    for seen in log {
        if current == Some(seen.connection) {
            continue;
        }
        if done.contains(&seen.connection) {
            fault(seen, "over a connection that another had taken the place of".to_owned());
        }
        done.extend(current);
        current = Some(seen.connection);
    }
}

/// Of the polls of feeds in a log: how many there were, and how many were answered 304.
pub fn unchanged(log: &[Seen]) -> (usize, usize) {
    let polls = log.iter().filter(|seen| seen.path == "/feed.xml" && matches!(seen.status, 200 | 304));
    polls.fold((0, 0), |(all, unchanged), seen| (all + 1, unchanged + usize::from(seen.status == 304)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: Duration = Duration::from_millis(100);

    fn seen(path: &str, began: u64, ended: u64) -> Seen {
        Seen {
            host: 0,
            connection: 1,
            began: Duration::from_millis(began),
            ended: Duration::from_millis(ended),
            path: path.to_owned(),
            status: 200,
            conditional: false,
            retry_after: None,
        }
    }

    /// What is held against robots.txt and then this.
    fn faults(manner: Manner, rest: &[Seen]) -> String {
        let log: Vec<Seen> = [seen("/robots.txt", 0, 10)].into_iter().chain(rest.iter().cloned()).collect();
        audit(&log, &[manner], GAP, &[]).join("; ")
    }

    #[test]
    fn a_good_guest_has_nothing_held_against_it() {
        let fresh = Seen { connection: 2, ..seen("/b", 300, 310) };
        assert_eq!(faults(Manner::default(), &[seen("/a", 110, 120), fresh]), "");
        let patient = Manner { crawl_delay: Some(2.0), ..Manner::default() };
        assert_eq!(faults(patient, &[seen("/a", 2010, 2020), seen("/b", 4020, 4030)]), "");
    }

    #[test]
    fn every_rule_can_be_broken() {
        let check = |told: String, words: &str| assert!(told.contains(words), "{words}: {told}");
        let free = Manner::default;
        check(audit(&[seen("/a", 0, 10)], &[free()], GAP, &[]).join(""), "before robots.txt");
        check(faults(free(), &[seen("/private/1", 200, 210)]), "is disallowed");
        check(faults(free(), &[seen("/a", 50, 60)]), "after 40ms, not 100ms");
        check(faults(free(), &[seen("/a", 200, 400), seen("/b", 300, 310)]), "while /a was being answered");
        let slow = Manner { crawl_delay: Some(2.0), ..free() };
        check(faults(slow, &[seen("/a", 1000, 1010)]), "after 990ms, not 2s");
        check(faults(free(), &[seen("/robots.txt", 200, 210)]), "again within a day");
        let twice = [seen("/robots.txt", 0, 10), seen("/robots.txt", 900, 910)];
        assert!(audit(&twice, &[free()], GAP, &[Duration::from_millis(60)]).is_empty(), "it was lost with its process");
        check(faults(Manner { no_robots: true, ..free() }, &[seen("/a", 200, 210)]), "nobody knows");
        let turned = Seen { status: 429, retry_after: Some(3), ..seen("/a", 200, 210) };
        check(faults(free(), &[turned, seen("/b", 3000, 3010)]), "Retry-After");
        let other = Seen { connection: 2, ..seen("/b", 400, 410) };
        check(faults(free(), &[seen("/a", 200, 210), other, seen("/c", 600, 610)]), "another had taken");
    }

    #[test]
    fn polls_of_feeds_are_counted() {
        let feed = |began, status| Seen { status, ..seen("/feed.xml", began, began + 1) };
        let other = seen("/news/1", 5, 6);
        assert_eq!(unchanged(&[feed(0, 200), other, feed(10, 304), feed(20, 503), feed(30, 304)]), (3, 2));
    }
}
