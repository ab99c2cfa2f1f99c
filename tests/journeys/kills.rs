//! `kill -9` at any moment of the demo's crawl, restart on the same place: nothing that was
//! acknowledged is lost, nothing is doubled, and ids are what they were.
//!
//! Acknowledged is what a reader has seen: the log, as the API showed it before each kill. The
//! moments are drawn from a seed, told on failure; `COURANT_KILLS` and `COURANT_SEED` ask for more
//! of them (`scripts/prove kills`).

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use courant_tests::{Courant, free_port, http, wait};
use serde_json::Value;

use crate::corpus::{self, array, text};

const KILLS: u64 = 20;
const SEED: u64 = 20_210_718;
const PATIENCE: Duration = Duration::from_secs(120);
/// A process may live so long before it is killed. Several of these make a whole crawl, so that
/// kills fall on all of it: opening, feeds, pages, the turn to edition two.
const LIFE_MS: (u64, u64) = (80, 2_000);

#[test]
fn a_killed_crawl_goes_on_and_loses_nothing() {
    let kills = number("COURANT_KILLS", KILLS);
    let seed = number("COURANT_SEED", SEED);
    let newsroom = free_port();
    let unbroken = unbroken(newsroom);

    let mut random = Random(seed);
    let mut left = kills;
    let mut rounds = 0;
    while left > 0 {
        rounds += 1;
        let courant = Courant::new("");
        let log = kill_until_done(&courant, newsroom, &mut random, &mut left);
        let told = format!("seed {seed}, round {rounds}");
        check(&courant, &unbroken, &log, &told);
    }
}

/// Every article by address: its id, and what has become of it since.
fn articles(site: &str) -> BTreeMap<String, String> {
    let account = |hit: &Value| {
        let standing = if hit["withdrawn"].is_null() { "stands" } else { "is withdrawn" };
        format!("{}, revision {}, {standing}", text(&hit["id"]), hit["revision"])
    };
    corpus::articles(site).into_iter().map(|(url, hit)| (url, account(&hit))).collect()
}

/// What a crawl that nobody kills comes to.
fn unbroken(newsroom: u16) -> BTreeMap<String, String> {
    let courant = Courant::new("");
    let ended = courant.run(&["demo", "--once", "--bind", "127.0.0.1:0", "--newsroom", &address(newsroom)]).done();
    ended.did_not_panic();
    served(&courant, articles)
}

/// Starts, kills and starts again until the demo ends by itself. Returns the log that was seen.
fn kill_until_done(courant: &Courant, newsroom: u16, random: &mut Random, left: &mut u64) -> Vec<Value> {
    let mut seen = Vec::new();
    loop {
        let port = free_port();
        let mut running =
            courant.start(&["demo", "--once", "--bind", &address(port), "--newsroom", &address(newsroom)]);
        if *left == 0 {
            running.end(PATIENCE).done().did_not_panic();
            return seen;
        }
        let life = Duration::from_millis(random.between(LIFE_MS));
        let begun = Instant::now();
        while begun.elapsed() < life && running.is_alive() {
            see(&mut seen, port);
        }
        if !running.is_alive() {
            running.end(PATIENCE).done().did_not_panic();
            return seen;
        }
        running.kill();
        *left -= 1;
    }
}

/// Reads on in the log where a site answers, and holds the rows that come again to what they were.
fn see(seen: &mut Vec<Value>, port: u16) {
    // From some rows back, so that a row that changed or came twice is noticed.
    let from = seen.len().saturating_sub(5);
    let after = seen[..from].last().map_or(0, |row| row["seq"].as_u64().expect("a seq"));
    let url = format!("http://127.0.0.1:{port}/api/v1/changes?after={after}&limit=1000");
    let Ok(answered) = http::try_get(&url, &[]) else { return };
    if answered.status != 200 {
        return;
    }
    let answer = answered.json();
    let rows = array(&answer["changes"]);
    assert!(rows.starts_with(&seen[from..]), "rows of the log changed: {rows:?} after {:?}", &seen[from..]);
    seen.truncate(from);
    seen.extend(rows.iter().cloned());
}

fn check(courant: &Courant, unbroken: &BTreeMap<String, String>, seen: &[Value], told: &str) {
    let report = courant.run(&["verify", "--json"]).done().json();
    assert_eq!(report["articles"], report["indexed"], "{told}: {report}");

    served(courant, |site| {
        let log = corpus::changes(site);
        assert!(log.starts_with(seen), "{told}: {} rows were seen, and are not the log's first", seen.len());
        let seqs: Vec<u64> = log.iter().map(|row| row["seq"].as_u64().expect("a seq")).collect();
        assert!(seqs.windows(2).all(|pair| pair[0] < pair[1]), "{told}: the log is out of order");
        let new: Vec<&str> =
            log.iter().filter(|row| row["kind"] == "article.new").map(|row| text(&row["article"])).collect();
        assert_eq!(new.len(), new.iter().collect::<BTreeSet<_>>().len(), "{told}: an article is new twice");

        let differing = differences(&articles(site), unbroken);
        assert!(differing.is_empty(), "{told}: not as in an unbroken crawl:\n{}", differing.join("\n"));

        let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for story in corpus::stories(site) {
            let account = http::get(&format!("{site}/api/v1/stories/{}", text(&story["id"]))).json();
            let ids =
                array(&account["members"]).iter().map(|member| text(&member["article"]["id"]).to_owned()).collect();
            members.insert(text(&story["id"]).to_owned(), ids);
        }
        assert_eq!(members, corpus::replay(&log), "{told}: stories are not what the log decided");
    });
}

/// Where two crawls' ids, by address, are not the same.
fn differences(here: &BTreeMap<String, String>, there: &BTreeMap<String, String>) -> Vec<String> {
    let urls: BTreeSet<&String> = here.keys().chain(there.keys()).collect();
    let told = |url: &&String| format!("{url}: {:?} here, {:?} unbroken", here.get(*url), there.get(*url));
    urls.iter().filter(|url| here.get(**url) != there.get(**url)).map(told).collect()
}

/// Serves the place for as long as `ask` asks.
fn served<T>(courant: &Courant, ask: impl FnOnce(&str) -> T) -> T {
    let port = free_port();
    let serving = courant.start(&["serve", "--bind", &address(port)]);
    let site = format!("http://127.0.0.1:{port}");
    wait("the site", PATIENCE, || http::try_get(&format!("{site}/healthz"), &[]).ok());
    let answer = ask(&site);
    serving.stop(PATIENCE).done().did_not_panic();
    answer
}

fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}")))
}

/// SplitMix64 (Steele, Lea and Flood 2014): a seed is a whole run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn between(&mut self, (low, high): (u64, u64)) -> u64 {
        low + self.next() % (high - low)
    }
}
