//! How fast a crowded frontier answers: a million targets on ten thousand hosts, of which other
//! workers have claimed many; leases and claims as the collect line asks them, and what the status
//! pages ask. `cargo bench -p courant-store --bench frontier`; `-- TARGETS` for another size.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and stops where it cannot go on")]

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use courant_model::{CanonicalUrl, HostState, OutletId, RequestLine, Target, TargetKind, TargetState};
use courant_store::contract::{Batch, HostClaim, LeaseAsk};
use courant_store::{Record, open};
use jiff::{SignedDuration, Timestamp};

const HOSTS: usize = 10_000;
/// Hosts that another living worker has claimed.
const CLAIMED: [usize; 3] = [0, 500, 5_000];
/// Lists among the targets: one for each tenth host.
const LISTS: usize = HOSTS / 10;
/// Requests of the day to the host that is asked most.
const REQUESTS: usize = 5_000;

const GAP: SignedDuration = SignedDuration::from_secs(2);

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).unwrap()
}

fn host(nth: usize) -> String {
    format!("{}.example", nth % HOSTS)
}

fn address(nth: usize) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + u32::try_from(nth % HOSTS).unwrap()))
}

/// One in ten blocked, one in ten gone; of the others a third due.
fn target(nth: usize, now: Timestamp) -> Target {
    let state = match nth / HOSTS % 10 {
        8 => TargetState::Blocked,
        9 => TargetState::Gone,
        _ => TargetState::Open,
    };
    let wait = if state == TargetState::Open { (nth * 7919 % 3600) as i64 - 1200 } else { 1_000_000 };
    let outlet = OutletId::new(&format!("outlet-{}", nth % HOSTS / 20));
    let due = now + SignedDuration::from_secs(wait);
    let visited = Some(now - SignedDuration::from_secs((nth * 104_729 % 1_000_000) as i64));
    let page = Target::new(url(&format!("https://{}/{nth}", host(nth))), TargetKind::Page, outlet, due);
    Target { state, visited, ..page }
}

fn list(nth: usize, now: Timestamp) -> Target {
    let outlet = OutletId::new(&format!("outlet-{}", nth % HOSTS / 20));
    let url = url(&format!("https://{}/feed", host(nth)));
    Target {
        visited: Some(now - SignedDuration::from_hours(1)),
        ..Target::new(url, TargetKind::Feed, outlet, now + GAP)
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Asks some times over, and prints how long it took.
async fn time<F: Future<Output = usize>>(what: &str, rounds: usize, ask: impl Fn(usize) -> F) {
    let (mut times, mut answered) = (Vec::new(), 0);
    for round in 0..rounds {
        let begun = Instant::now();
        answered = ask(round).await;
        times.push(begun.elapsed());
    }
    times.sort();
    let (median, slowest) = (ms(times[rounds / 2]), ms(times[rounds - 1]));
    println!("{what}: median {median:.2} ms, slowest {slowest:.2} ms ({answered} rows)");
}

async fn plant(record: &dyn Record, targets: usize, now: Timestamp) {
    let begun = Instant::now();
    let lists: Vec<Target> = (0..LISTS).map(|nth| list(nth * 10, now)).collect();
    record.add_targets(&lists).await.unwrap();
    for slice in (0..targets).collect::<Vec<_>>().chunks(10_000) {
        let slice: Vec<Target> = slice.iter().map(|nth| target(*nth, now)).collect();
        record.add_targets(&slice).await.unwrap();
    }
    println!("add_targets: {targets} on {HOSTS} hosts in {:.0} ms", ms(begun.elapsed()));
    let states: Vec<HostState> = (0..HOSTS)
        .map(|nth| HostState { address: Some(address(nth)), ..HostState::new(host(nth), now - GAP, GAP) })
        .collect();
    record.unclaim("nobody", &states).await.unwrap();
    let requests = (0..REQUESTS)
        .map(|nth| RequestLine {
            host: host(1),
            at: now - SignedDuration::from_millis(nth as i64),
            url: format!("https://{}/{nth}", host(1)),
            robots: "allowed by 'Allow: /' (line 2)".to_owned(),
            waited: GAP,
            gap: GAP,
            took: Some(GAP),
            status: Some(200),
            bytes: 50_000,
            failure: None,
        })
        .collect();
    record.record(&Batch { requests, ..Batch::default() }, now).await.unwrap();
}

fn claim(worker: &str, nth: usize, now: Timestamp) -> HostClaim {
    let until = now + SignedDuration::from_mins(10);
    HostClaim { worker: worker.to_owned(), host: host(nth), address: address(nth), gap: GAP, until }
}

async fn as_a_collector_asks(record: &dyn Record, now: Timestamp) {
    let mut claimed = 0;
    for others in CLAIMED {
        for nth in claimed..others {
            record.claim(&claim("another", nth, now), now).await.unwrap();
        }
        claimed = others;
        let ask = |limit, outlets: Vec<OutletId>| LeaseAsk {
            worker: "one".to_owned(),
            until: now + SignedDuration::from_mins(10),
            limit,
            per_host: 2,
            outlets,
            lists_only: false,
            rested_by: now + SignedDuration::from_secs(30),
            not_hosts: Vec::new(),
        };
        for limit in [1, 64, 256] {
            let what = format!("lease of {limit}, {others} hosts claimed by another");
            time(&what, 20, |_| async { record.lease(&ask(limit, Vec::new()), now).await.unwrap().len() }).await;
        }
        let one = vec![OutletId::new("outlet-499")];
        let what = format!("lease of one outlet's, {others} hosts claimed by another");
        time(&what, 20, |_| async { record.lease(&ask(4, one.clone()), now).await.unwrap().len() }).await;
        record.release("one").await.unwrap();
    }
    time("claim", 100, |nth| async move {
        record.claim(&claim("one", HOSTS - 1 - nth, now), now).await.unwrap();
        1
    })
    .await;
    time("claim of a host with 5000 requests today", 20, |_| async {
        record.claim(&claim("another", 1, now), now).await.unwrap();
        1
    })
    .await;
    time("next_due", 20, |_| async { usize::from(record.next_due(&[], false, now).await.unwrap().is_some()) }).await;
}

async fn as_a_status_page_asks(record: &dyn Record, now: Timestamp) {
    use TargetState::{Blocked, Gone, Open};
    let outlet = OutletId::new("outlet-7");
    time("host_counts", 5, |_| async { record.host_counts(now, 100).await.unwrap().len() }).await;
    time("frontier_counts", 5, |_| async { record.frontier_counts(None, now).await.unwrap().len() }).await;
    time("frontier_counts of an outlet", 5, |_| async {
        record.frontier_counts(Some(&outlet), now).await.unwrap().len()
    })
    .await;
    time("parked_hosts", 5, |_| async { record.parked_hosts(now).await.unwrap().len() }).await;
    for (outlet, state, kind, limit) in [
        (None, Some(Open), TargetKind::Feed, 1000),
        (None, Some(Gone), TargetKind::Feed, 100),
        (Some(&outlet), None, TargetKind::Feed, 100),
        (Some(&outlet), Some(Blocked), TargetKind::Page, 100),
    ] {
        let what =
            format!("targets {kind:?}, {state:?}, {}", if outlet.is_some() { "of one outlet" } else { "of all" });
        time(&what, 5, |_| async { record.targets(outlet, state, Some(kind), limit).await.unwrap().len() }).await;
    }
}

#[tokio::main]
async fn main() {
    let targets = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(1_000_000);
    let now = Timestamp::from_second(1_752_019_200 + 3600).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let record = open("sqlite:", folder.path()).await.unwrap();
    plant(&*record, targets, now).await;
    as_a_collector_asks(&*record, now).await;
    as_a_status_page_asks(&*record, now).await;
}
