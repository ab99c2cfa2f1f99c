//! How fast the record takes batches of articles and gives out leases, on this machine's disk:
//! `cargo bench -p courant-store`. docs/QUALITY.md keeps the figures.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and stops where it cannot go on")]

use std::time::{Duration, Instant};

use courant_model::{CanonicalUrl, Capture, Draft, Language, Link, OutletId, PageKind, Reading, Target, TargetKind};
use courant_store::contract::{Batch, LeaseAsk};
use courant_store::{Record, open};
use jiff::{SignedDuration, Timestamp};

const BATCHES: usize = 100;
const DRAFTS: usize = 50;
const LINKS: usize = 20;
const TARGETS: usize = 100_000;

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).unwrap()
}

fn draft(nth: usize) -> Draft {
    let link = |i: usize| Link {
        url: url(&format!("https://{}.example/{}", (nth + i) % 300, (nth * 7 + i) % 20_000)),
        anchor: "what it says".to_owned(),
        sentence: Some("A sentence around the link, as long as they usually are in a newspaper.".to_owned()),
    };
    let reading = Reading {
        title: format!("A title of the usual length, number {nth}"),
        body: format!("Words of article {nth}, and more of them.\n\n").repeat(4096 / 38),
        language: Language::parse("en"),
        links: (0..LINKS).map(link).collect(),
        extractor: 1,
        ..Reading::empty(PageKind::Article)
    };
    let name = blake3::hash(&nth.to_le_bytes()).to_hex();
    Draft {
        url: url(&format!("https://{}.example/{name}", nth % 200)),
        aliases: vec![url(&format!("https://{}.example/?p={nth}", nth % 200))],
        outlet: OutletId::new(&format!("{}.example", nth % 200)),
        reading,
        capture: Some(Capture {
            file: "courant-20260714T120000Z-1-a.warc.gz".to_owned(),
            offset: nth as u64 * 9000,
            digest: "sha1:B2LTWWPUOYAH7UIPQ7ZUPQ4VMBSVC36A".to_owned(),
            at: Timestamp::UNIX_EPOCH,
        }),
        seen: Timestamp::UNIX_EPOCH,
        found_via: None,
    }
}

fn target(nth: usize, hosts: usize) -> Target {
    let host = format!("{}.example", nth % hosts);
    let due = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(nth as i64 % 1000);
    Target::new(url(&format!("https://{host}/{nth}")), TargetKind::Page, OutletId::new(&host), due)
}

async fn record_batches(record: &dyn Record) {
    let batches: Vec<Batch> = (0..BATCHES)
        .map(|b| Batch { drafts: (0..DRAFTS).map(|i| draft(b * DRAFTS + i)).collect(), ..Batch::default() })
        .collect();
    for round in ["new", "same"] {
        let begun = Instant::now();
        for batch in &batches {
            record.record(batch, Timestamp::UNIX_EPOCH).await.unwrap();
        }
        let rate = (BATCHES * DRAFTS) as f64 / begun.elapsed().as_secs_f64();
        println!("record: {rate:.0} {round} articles a second, in batches of {DRAFTS}");
    }
}

async fn lease_rounds(record: &dyn Record, what: &str, now: Timestamp, outlets: Vec<OutletId>) {
    let mut times: Vec<Duration> = Vec::new();
    for round in 0..100 {
        let ask = LeaseAsk {
            worker: format!("worker-{round}"),
            until: now + SignedDuration::from_mins(10),
            limit: 32,
            per_host: 2,
            outlets: outlets.clone(),
            lists_only: false,
            rested_by: Timestamp::MAX,
            not_hosts: Vec::new(),
        };
        let begun = Instant::now();
        record.lease(&ask, now).await.unwrap();
        times.push(begun.elapsed());
    }
    times.sort();
    println!("lease, {what}: median {:.2} ms, slowest {:.2} ms", ms(times[50]), ms(times[99]));
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[tokio::main]
async fn main() {
    let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1);
    let folder = tempfile::tempdir().unwrap();
    record_batches(&*open("sqlite:", folder.path()).await.unwrap()).await;
    for hosts in [200, 2_000] {
        let folder = tempfile::tempdir().unwrap();
        let record = open("sqlite:", folder.path()).await.unwrap();
        let targets: Vec<Target> = (0..TARGETS).map(|nth| target(nth, hosts)).collect();
        let begun = Instant::now();
        record.add_targets(&targets).await.unwrap();
        println!("add_targets: {TARGETS} on {hosts} hosts in {:.0} ms", ms(begun.elapsed()));
        lease_rounds(&*record, &format!("{hosts} hosts"), now, Vec::new()).await;
        lease_rounds(&*record, "one outlet", now, vec![OutletId::new("7.example")]).await;
        let crowd: Vec<Target> = (0..TARGETS)
            .map(|nth| Target { due: Timestamp::UNIX_EPOCH, ..target(nth * 1_000_000 + 1, 1_000_000) })
            .collect();
        record.add_targets(&crowd).await.unwrap();
        lease_rounds(&*record, &format!("{hosts} hosts behind a crowded one"), now, Vec::new()).await;
    }
}
