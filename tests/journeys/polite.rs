//! Many hosts, two collectors, kills and restarts: what the servers' log says of it.
//!
//! `COURANT_POLITE_HOSTS` and `COURANT_KILLS` ask for more, and `COURANT_POLITE_LOG` names a file for the
//! log (`scripts/prove politeness`).

use std::process::Command;
use std::time::{Duration, Instant};

use courant_tests::audit::{audit, unchanged};
use courant_tests::press::Press;
use courant_tests::rig::{Manner, Rig, Seen};
use courant_tests::{Courant, Finished, skipped};
use serde_json::Value;

const HOSTS: usize = 40;
const KILLS: usize = 5;
const PAGES: usize = 4;
const GAP: f64 = 0.25;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Newsrooms of all kinds, in turns.
fn manners(hosts: usize) -> Vec<Manner> {
    let kind = |host: usize| match host % 8 {
        0 => Manner { crawl_delay: Some(1.0), ..Manner::default() },
        1 => Manner { crawl_delay: Some(0.6), forbidden: 3, ..Manner::default() },
        2 => Manner { turns_away: Some((3 + host as u64 % 4, 429, 4)), ..Manner::default() },
        3 => Manner { turns_away: Some((4, 503, 3)), forbidden: 1, ..Manner::default() },
        4 => Manner { slow: Duration::from_millis(120), shares: host % 16 == 4, ..Manner::default() },
        5 => Manner { redirects: true, ..Manner::default() },
        6 if host > 8 => Manner { no_robots: true, ..Manner::default() },
        // Longer than a visit waits for its turn: the host is parked. The short run is content with its feed.
        7 if hosts > HOSTS && host % 80 == 7 => Manner { crawl_delay: Some(20.0), ..Manner::default() },
        7 if host == 7 => Manner { crawl_delay: Some(16.0), pages: Some(0), ..Manner::default() },
        7 => Manner { shares: host % 16 == 15, ..Manner::default() },
        _ => Manner::default(),
    };
    (0..hosts).map(kind).collect()
}

fn settings(catalogue: &std::path::Path) -> String {
    format!(
        "[crawl]\ncontact = \"https://contact.example/\"\nvisits = 48\n[[crawl.local]]\nnetwork = \"127.0.0.0/8\"\n\
         gap_seconds = {GAP}\n[catalogue]\nfolder = \"{}\"\nbundled = false\n",
        catalogue.display()
    )
}

fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}")))
}

#[test]
fn no_newsroom_is_treated_rudely() {
    let hosts = number("COURANT_POLITE_HOSTS", HOSTS);
    let rig = Rig::open(Press::new(PAGES, 20_000), manners(hosts), 0, true).expect("loopback can be listened on");
    let catalogue = tempfile::tempdir().expect("a folder");
    rig.write_catalogue(catalogue.path()).expect("a catalogue");
    let courant = Courant::new(&settings(catalogue.path()));
    // A host whose robots.txt cannot be had has no articles; a page that leads to another host is one
    // of that host's, which has it already.
    let open = rig.manners().iter().filter(|manner| !manner.no_robots);
    let pages = |manner: &Manner| manner.pages.unwrap_or(PAGES) - usize::from(manner.redirects);
    let wanted = open.map(pages).sum::<usize>() as u64;

    let kills = crawl_with_kills(&courant, number("COURANT_KILLS", KILLS), rig.began());
    let all_asked = || {
        let log = rig.log();
        let asked = |host| log.iter().any(|seen| seen.host == host && seen.path == "/feed.xml");
        rig.manners().iter().enumerate().all(|(host, manner)| manner.no_robots || asked(host))
    };
    let collectors = [courant.start(&["crawl"]), courant.start(&["crawl"])];
    let patience = Duration::from_secs(if hosts > HOSTS { 900 } else { 120 });
    // Counting articles takes a process of its own: not more often than needed.
    let mut counted = Instant::now();
    let done = courant_tests::wait_for(patience, || {
        let look = counted.elapsed() >= Duration::from_secs(1) && all_asked();
        if look {
            counted = Instant::now();
        }
        (look && articles(&courant) >= wanted).then_some(())
    });
    assert!(done.is_some(), "{} of {wanted} articles; all feeds asked for: {}", articles(&courant), all_asked());
    for running in collectors {
        running.stop(Duration::from_secs(60)).done().did_not_panic();
    }
    assert_eq!(articles(&courant), wanted);
    let mut log = rig.log();
    log.extend(feeds_are_polled_by_their_validators(&courant, &rig));
    if let Some(file) = std::env::var_os("COURANT_POLITE_LOG") {
        rig.write_log(file.as_ref()).expect("the log can be written");
    }
    let faults = audit(&log, rig.manners(), Duration::from_secs_f64(GAP), &kills);
    say(&format!(
        "{hosts} hosts, {} requests over {:.0} s, {} kills: {} held against us",
        log.len(),
        rig.began().elapsed().as_secs_f64(),
        kills.len(),
        faults.len()
    ));
    assert!(faults.is_empty(), "{} of {} requests:\n{}", faults.len(), log.len(), faults.join("\n"));
}

/// Two collectors side by side, one after the other killed while it is at work. Returns when.
fn crawl_with_kills(courant: &Courant, kills: usize, began: Instant) -> Vec<Duration> {
    let mut moments = Vec::new();
    let mut living = vec![courant.start(&["crawl"]), courant.start(&["crawl"])];
    let at_work = |long: Duration| {
        let life = Instant::now();
        courant_tests::wait_for(long * 3, || (life.elapsed() >= long).then_some(()));
    };
    for kill in 0..kills {
        // A while that differs from kill to kill, so that they fall on all that is done.
        at_work(Duration::from_millis(700 + 370 * (kill as u64 % 5)));
        living.remove(0).kill();
        moments.push(began.elapsed());
        living.push(courant.start(&["crawl"]));
    }
    // Whoever only just started is not listening to signals yet.
    at_work(Duration::from_millis(700));
    for running in living {
        running.stop(Duration::from_secs(60)).done().did_not_panic();
    }
    moments
}

fn articles(courant: &Courant) -> u64 {
    courant.run(&["status", "--json"]).done().json()["articles"].as_u64().expect("a number")
}

/// Hours go by, nothing changes: what is asked again is answered 304, and robots.txt is still good. Returns
/// what was asked, at the crawler's time.
fn feeds_are_polled_by_their_validators(courant: &Courant, rig: &Rig) -> Vec<Seen> {
    if Command::new("faketime").arg("--version").output().is_err() {
        skipped("feeds polled hours later", "no faketime is installed");
        return Vec::new();
    }
    let mut asked = Vec::new();
    for hours in [2, 8] {
        let before = rig.log().len();
        later(courant, hours).done().did_not_panic();
        let ahead = HOUR * hours;
        let shifted = |seen: Seen| Seen { began: seen.began + ahead, ended: seen.ended + ahead, ..seen };
        asked.extend(rig.log().split_off(before).into_iter().map(shifted));
    }
    let (all, feeds) = unchanged(&asked);
    say(&format!("feeds polled again: {all}, answered 304: {feeds}"));
    assert!(all > rig.hosts().len() && feeds * 100 >= all * 99, "{feeds} of {all}");
    let pages: Vec<_> = asked.iter().filter(|seen| seen.path.starts_with("/news/")).collect();
    assert!(pages.iter().filter(|seen| seen.status == 304).count() * 10 > pages.len() * 8, "pages too");
    asked
}

fn later(courant: &Courant, hours: u32) -> Finished {
    let mut command = Command::new("faketime");
    command.arg("-f").arg(format!("+{hours}h")).arg(courant_tests::binary()).args(["crawl", "--once"]);
    command.current_dir(courant.home()).env("COURANT_DATA_DIR", courant.data());
    let ended = command.output().expect("faketime can be run");
    Finished {
        args: format!("crawl --once, {hours} hours later"),
        code: ended.status.code(),
        stdout: String::from_utf8_lossy(&ended.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&ended.stderr).into_owned(),
    }
}

/// Past the test runner's capture: these are the figures that the proof is for.
fn say(words: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "politeness: {words}");
}

#[test]
fn the_log_of_requests_tells_what_the_server_saw() {
    let rig = Rig::open(Press::new(2, 10_000), vec![Manner { forbidden: 1, ..Manner::default() }], 0, true);
    let rig = rig.expect("loopback can be listened on");
    let catalogue = tempfile::tempdir().expect("a folder");
    rig.write_catalogue(catalogue.path()).expect("a catalogue");
    let courant = Courant::new(&settings(catalogue.path()));
    courant.run(&["crawl", "--once"]).done().did_not_panic();
    let host = rig.hosts()[0].to_string();
    let told = courant.run(&["status", "--host", &host, "--json"]).done().json();
    let lines = told["log"].as_array().expect("the log of requests").clone();
    let path =
        |line: &Value| line["url"].as_str().unwrap_or_default().trim_start_matches("http://").replacen(&host, "", 1);
    let mut made: Vec<(String, u64)> = lines
        .iter()
        .filter(|line| !line["status"].is_null())
        .map(|line| (path(line), line["status"].as_u64().unwrap_or_default()))
        .collect();
    made.reverse();
    let seen: Vec<(String, u64)> = rig.log().iter().map(|seen| (seen.path.clone(), u64::from(seen.status))).collect();
    assert_eq!(made, seen, "every request, in order");
    let refused: Vec<&Value> = lines.iter().filter(|line| line["status"].is_null()).collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0]["robots"].as_str().is_some_and(|robots| robots.contains("disallowed by line")), "{refused:?}");
    assert_eq!(told["requests"], seen.len(), "of the day");
}
