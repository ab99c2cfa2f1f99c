//! Politeness, judged from the server's log alone: what a newsroom's administrator could hold against
//! a crawler.
//!
//! The rules: robots.txt before anything else and not again within a day; nothing that it disallows;
//! from the end of an answer to the next request at least the pause that was declared; one request and
//! one connection at a time to a host, and one request to an address, whoever lives there; after
//! `Retry-After`, nothing before it has passed; a robots.txt that cannot be had is not asked for again
//! and again. What a process was answered just before it was killed it could not write down, so that is
//! not held against the next.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::rig::{Manner, Seen};

/// How far two clocks on one machine may differ. An answer's end is noted before its last byte is sent,
/// and a request when it was there in full: so what lies between is never less than the crawler's own
/// measure of it.
const SLACK: Duration = Duration::from_millis(1);
/// An answer is written down within so long, or was lost with its process.
const UNWRITTEN: Duration = Duration::from_millis(500);
/// How long robots.txt is good for (RFC 9309 section 2.4).
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A robots.txt that answers 5xx is left alone for so long at least.
const AILING: Duration = Duration::from_secs(30);

/// What is held against the crawler, each a line for a person. `kills` are the moments at which one was
/// killed.
pub fn audit(log: &[Seen], manners: &[Manner], gap: Duration, kills: &[Duration]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut by_host: BTreeMap<usize, Vec<&Seen>> = BTreeMap::new();
    let mut sharing = Vec::new();
    for seen in log {
        by_host.entry(seen.host).or_default().push(seen);
        if manners[seen.host].shares {
            sharing.push(seen);
        }
    }
    one_at_a_time(&sharing, "at an address that hosts share", &mut faults);
    for seen in by_host.values() {
        one_at_a_time(seen, "at a host", &mut faults);
        connections(seen, &mut faults);
        let mut host = Host::new(&manners[seen[0].host], gap, kills);
        for seen in seen {
            host.check(seen, &mut faults);
        }
    }
    faults
}

fn fault(seen: &Seen, what: &str) -> String {
    format!("host {}, {:?}: {} {what}", seen.host, seen.began, seen.path)
}

fn one_at_a_time(log: &[&Seen], place: &str, faults: &mut Vec<String>) {
    let mut longest: Option<&Seen> = None;
    for seen in log {
        if let Some(other) = longest.filter(|other| seen.began < other.ended) {
            faults.push(fault(seen, &format!("while {} was being answered {place}", other.path)));
        }
        if longest.is_none_or(|other| other.ended < seen.ended) {
            longest = Some(seen);
        }
    }
}

/// A host, from request to request.
struct Host<'a> {
    manner: &'a Manner,
    gap: Duration,
    kills: &'a [Duration],
    /// When robots.txt was answered last, and whether that was lost with a process.
    robots: Option<(Duration, bool)>,
    /// When robots.txt could not be had last.
    ailing: Option<Duration>,
    /// Nothing before, says a `Retry-After`.
    not_before: Duration,
    ended: Option<Duration>,
}

impl<'a> Host<'a> {
    fn new(manner: &'a Manner, gap: Duration, kills: &'a [Duration]) -> Self {
        Self { manner, gap, kills, robots: None, ailing: None, not_before: Duration::ZERO, ended: None }
    }

    /// The answer may never have been written down.
    fn lost(&self, seen: &Seen) -> bool {
        self.kills.iter().any(|kill| (seen.began..seen.ended + UNWRITTEN).contains(kill))
    }

    /// The pause that we were told of so far.
    fn pause(&self) -> Duration {
        let declared = self.manner.crawl_delay.map_or(Duration::ZERO, Duration::from_secs_f64);
        if self.robots.is_some_and(|(_, lost)| !lost) { self.gap.max(declared) } else { self.gap }
    }

    fn check(&mut self, seen: &Seen, faults: &mut Vec<String>) {
        let mut hold = |what: &str| faults.push(fault(seen, what));
        let is_robots = seen.path == "/robots.txt";
        if !is_robots && self.robots.is_none() {
            hold(if self.manner.no_robots {
                "though nobody knows its robots.txt"
            } else {
                "before robots.txt was answered"
            });
        }
        if seen.path.starts_with("/private/") {
            hold("is disallowed");
        }
        if let Some(ended) = self.ended {
            let (kept, pause) = (seen.began.saturating_sub(ended), self.pause());
            if kept + SLACK < pause {
                hold(&format!("after {kept:?}, not {pause:?}"));
            }
        }
        if seen.began + SLACK < self.not_before {
            hold(&format!("before its Retry-After had passed, at {:?}", self.not_before));
        }
        if is_robots && self.robots.is_some_and(|(at, lost)| !lost && seen.began < at + DAY) {
            hold("again within a day");
        }
        if is_robots && self.ailing.is_some_and(|at| seen.began < at + AILING) {
            hold("again at once, though it could not be had");
        }
        self.answered(seen, is_robots);
    }

    fn answered(&mut self, seen: &Seen, is_robots: bool) {
        let lost = self.lost(seen);
        match seen.status {
            200 if is_robots => self.robots = Some((seen.ended, lost)),
            500.. if is_robots && !lost => self.ailing = Some(seen.ended),
            _ => {}
        }
        if let Some(seconds) = seen.retry_after.filter(|_| !lost) {
            self.not_before = self.not_before.max(seen.ended + Duration::from_secs(seconds));
        }
        self.ended = self.ended.max(Some(seen.ended));
    }
}

/// A connection may be used while another is idle, but no two are in turns: that would be two visitors.
fn connections(log: &[&Seen], faults: &mut Vec<String>) {
    let mut done = Vec::new();
    let mut current = None;
    for seen in log {
        if current == Some(seen.connection) {
            continue;
        }
        if done.contains(&seen.connection) {
            faults.push(fault(seen, "over a connection that another had taken the place of"));
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
        let turned = Seen { status: 429, retry_after: Some(3), ..seen("/a", 200, 210) };
        assert_eq!(faults(Manner::default(), &[turned, seen("/a", 3210, 3220)]), "");
        let day_later = 24 * 60 * 60 * 1000 + 10;
        assert_eq!(faults(Manner::default(), &[seen("/robots.txt", day_later, day_later + 10)]), "");
    }

    fn check(told: &str, words: &str) {
        assert!(told.contains(words), "{words}: {told}");
    }

    #[test]
    fn every_rule_can_be_broken() {
        let free = Manner::default;
        check(&audit(&[seen("/a", 0, 10)], &[free()], GAP, &[]).join(""), "before robots.txt");
        check(&faults(free(), &[seen("/private/1", 200, 210)]), "is disallowed");
        check(&faults(free(), &[seen("/a", 50, 60)]), "after 40ms, not 100ms");
        check(&faults(free(), &[seen("/a", 200, 400), seen("/b", 300, 310)]), "while /a was being answered");
        // Also one that is not the last.
        let long = [seen("/a", 200, 900), seen("/b", 300, 310), seen("/c", 600, 610)];
        check(&faults(free(), &long), "/c while /a was being answered");
        let slow = Manner { crawl_delay: Some(2.0), ..free() };
        check(&faults(slow, &[seen("/a", 1000, 1010)]), "after 990ms, not 2s");
        check(&faults(free(), &[seen("/robots.txt", 200, 210)]), "again within a day");
        let turned = Seen { status: 429, retry_after: Some(3), ..seen("/a", 200, 210) };
        check(&faults(free(), &[turned, seen("/b", 3000, 3010)]), "Retry-After");
        let other = Seen { connection: 2, ..seen("/b", 400, 410) };
        check(&faults(free(), &[seen("/a", 200, 210), other, seen("/c", 600, 610)]), "another had taken");
    }

    #[test]
    fn a_robots_file_that_cannot_be_had_says_no_and_is_left_alone() {
        let ailing = |began: u64| Seen { status: 503, ..seen("/robots.txt", began, began + 10) };
        let manner = Manner { no_robots: true, ..Manner::default() };
        let told = |log: &[Seen], kills: &[Duration]| audit(log, std::slice::from_ref(&manner), GAP, kills).join("; ");
        check(&told(&[ailing(0), seen("/a", 200, 210)], &[]), "nobody knows");
        check(&told(&[ailing(0), ailing(5_000)], &[]), "again at once");
        assert_eq!(told(&[ailing(0), ailing(60_000)], &[]), "");
        assert_eq!(told(&[ailing(0), ailing(5_000)], &[Duration::from_millis(100)]), "");
    }

    #[test]
    fn an_address_is_one_server_however_many_names_it_has() {
        let at = |host, path, began, ended| Seen { host, connection: host as u64, ..seen(path, began, ended) };
        let log =
            [at(0, "/robots.txt", 0, 10), at(1, "/robots.txt", 20, 30), at(0, "/a", 200, 300), at(1, "/b", 250, 260)];
        let shares = Manner { shares: true, ..Manner::default() };
        check(
            &audit(&log, &[shares.clone(), shares], GAP, &[]).join("; "),
            "/b while /a was being answered at an address",
        );
        assert!(audit(&log, &[Manner::default(), Manner::default()], GAP, &[]).is_empty(), "two addresses");
    }

    #[test]
    fn what_a_killed_process_was_told_is_lost_and_no_more() {
        let told =
            |log: &[Seen], kill: u64| audit(log, &[Manner::default()], GAP, &[Duration::from_millis(kill)]).join("; ");
        let twice = [seen("/robots.txt", 0, 10), seen("/robots.txt", 900, 910)];
        assert_eq!((told(&twice, 5), told(&twice, 60)), (String::new(), String::new()));
        check(&told(&twice, 700), "again within a day");
        let turned = Seen { status: 503, retry_after: Some(3), ..seen("/a", 200, 210) };
        let early = [seen("/robots.txt", 0, 10), turned, seen("/b", 1000, 1010)];
        assert_eq!(told(&early, 205), "");
        check(&told(&early, 800), "Retry-After");
    }

    #[test]
    fn polls_of_feeds_are_counted() {
        let feed = |began, status| Seen { status, ..seen("/feed.xml", began, began + 1) };
        let other = seen("/news/1", 5, 6);
        assert_eq!(unchanged(&[feed(0, 200), other, feed(10, 304), feed(20, 503), feed(30, 304)]), (3, 2));
    }
}
