//! Hosts as many workers share them, what is remembered of them, and the log of requests.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use courant_model::{HostState, KeptFile, OriginFile, RequestLine, Validators};
use courant_store::Record;
use courant_store::contract::{Batch, Claimed, HostClaim, HostCount, LOST_GAP, LeaseAsk};
use jiff::{SignedDuration, Timestamp};

use crate::support::{Place, ask, at, every_record, outcome, page, paths};

const GAP: SignedDuration = SignedDuration::from_secs(2);

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

async fn claim(record: &dyn Record, worker: &str, host: &str, address: &str, now: i64) -> Claimed {
    let (worker, host) = (worker.to_owned(), host.to_owned());
    let claim = HostClaim { worker, host, address: ip(address), gap: GAP, until: at(now + 600) };
    record.claim(&claim, at(now)).await.unwrap()
}

/// The moment from which on the claimed host may be asked.
fn next(claimed: Claimed) -> Timestamp {
    match claimed {
        Claimed::Yes(state) => state.next,
        Claimed::Taken { name, worker, .. } => panic!("{name} is {worker}'s"),
    }
}

fn taken(claimed: Claimed) -> String {
    match claimed {
        Claimed::Taken { name, worker, .. } => format!("{name} is {worker}'s"),
        Claimed::Yes(state) => panic!("{} was free", state.host),
    }
}

fn robots(origin: &str) -> KeptFile {
    KeptFile {
        origin: origin.to_owned(),
        file: OriginFile::Robots,
        status: Some(200),
        body: b"User-agent: *\nDisallow: /\xff".to_vec(),
        validators: Validators { etag: Some("\"7\"".to_owned()), last_modified: None },
        fetched: at(3),
    }
}

#[tokio::test]
async fn a_host_and_an_address_are_one_workers() {
    for Place { record, .. } in every_record().await {
        assert_eq!(next(claim(&*record, "one", "a.example", "192.0.2.1", 0).await), at(0), "nothing is known of it");
        assert_eq!(taken(claim(&*record, "two", "a.example", "192.0.2.9", 1).await), "a.example is one's");
        assert_eq!(taken(claim(&*record, "two", "b.example", "192.0.2.1", 1).await), "@192.0.2.1 is one's");
        assert_eq!(next(claim(&*record, "one", "b.example", "192.0.2.1", 1).await), at(1), "its own neighbour");
        assert_eq!(next(claim(&*record, "one", "a.example", "192.0.2.1", 2).await), at(0), "again, without a rest");
        next(claim(&*record, "two", "c.example", "192.0.2.2", 2).await);
        assert_eq!(taken(claim(&*record, "one", "d.example", "192.0.2.2", 2).await), "@192.0.2.2 is two's");
        next(claim(&*record, "three", "d.example", "192.0.2.4", 3).await);
        assert_eq!(taken(claim(&*record, "one", "d.example", "192.0.2.5", 3).await), "d.example is three's");
        next(claim(&*record, "four", "e.example", "192.0.2.5", 4).await);
    }
}

#[tokio::test]
async fn what_is_given_up_in_order_is_free_at_once_with_what_is_known() {
    for Place { record, .. } in every_record().await {
        next(claim(&*record, "one", "a.example", "192.0.2.1", 0).await);
        next(claim(&*record, "one", "b.example", "192.0.2.1", 0).await);
        let parked = HostState {
            address: Some(ip("192.0.2.1")),
            failures: 2,
            reason: Some("it answered 429".to_owned()),
            ..HostState::new("a.example", at(300), SignedDuration::from_millis(1500))
        };
        record.unclaim("two", std::slice::from_ref(&parked)).await.unwrap();
        assert_eq!(taken(claim(&*record, "two", "a.example", "192.0.2.8", 5).await), "a.example is one's");
        record.unclaim("one", std::slice::from_ref(&parked)).await.unwrap();
        assert_eq!(taken(claim(&*record, "two", "a.example", "192.0.2.1", 5).await), "@192.0.2.1 is one's");
        let state = HostState { address: Some(ip("192.0.2.1")), ..HostState::new("b.example", at(7), GAP) };
        record.unclaim("one", &[state]).await.unwrap();
        let Claimed::Yes(state) = claim(&*record, "two", "a.example", "192.0.2.1", 5).await else { panic!("free") };
        assert_eq!(state, HostState { gap: GAP, ..parked }, "the longer gap of the two");
        assert_eq!(next(claim(&*record, "two", "b.example", "192.0.2.1", 5).await), at(7));
    }
}

#[tokio::test]
async fn a_host_that_was_not_given_up_rests_before_another_asks() {
    for place in every_record().await {
        let record = &place.record;
        let dying = record.enter("one").await.unwrap();
        record.put_origin_file(&robots("https://a.example")).await.unwrap();
        let slow = HostState::new("a.example", at(0), SignedDuration::from_secs(30));
        record.put_host(&slow).await.unwrap();
        next(claim(&**record, "one", "a.example", "192.0.2.1", 0).await);
        next(claim(&**record, "one", "new.example", "192.0.2.2", 0).await);
        drop(dying);
        let again = place.open_again().await;
        let _two = again.enter("two").await.unwrap();
        assert_eq!(next(claim(&*again, "two", "a.example", "192.0.2.1", 10).await), at(40), "its gap");
        let lost = at(10) + LOST_GAP;
        assert_eq!(next(claim(&*again, "two", "new.example", "192.0.2.2", 10).await), lost, "no robots.txt was kept");
        assert_eq!(next(claim(&*again, "two", "a.example", "192.0.2.1", 11).await), at(40), "once");
        // A claim that ran out is one whose worker may have asked until then.
        assert_eq!(next(claim(&*again, "three", "a.example", "192.0.2.1", 700).await), at(730));
    }
}

#[tokio::test]
async fn a_worker_of_the_same_name_rests_like_any_other() {
    for place in every_record().await {
        let dying = place.record.enter("one").await.unwrap();
        place.record.put_origin_file(&robots("http://a.example")).await.unwrap();
        assert_eq!(next(claim(&*place.record, "one", "a.example", "192.0.2.1", 0).await), at(0));
        drop(dying);
        let again = place.open_again().await;
        let _one = again.enter("one").await.unwrap();
        assert_eq!(next(claim(&*again, "one", "a.example", "192.0.2.1", 10).await), at(10) + GAP, "it was another");
        assert_eq!(next(claim(&*again, "one", "a.example", "192.0.2.1", 11).await), at(10) + GAP, "its own again");
    }
}

#[tokio::test]
async fn a_rest_is_owed_until_somebody_asks() {
    for place in every_record().await {
        let record = &place.record;
        record.add_targets(&["1", "2", "3"].map(|path| page(&format!("https://a.example/{path}"), 0))).await.unwrap();
        let dying = record.enter("one").await.unwrap();
        record.put_origin_file(&robots("https://a.example")).await.unwrap();
        next(claim(&**record, "one", "a.example", "192.0.2.1", 0).await);
        drop(dying);
        let _two = record.enter("two").await.unwrap();
        let one_target = |worker: &str, now| LeaseAsk { limit: 1, ..ask(worker, at(now)) };
        assert_eq!(record.lease(&one_target("two", 5), at(5)).await.unwrap().len(), 1);
        assert_eq!(record.lease(&one_target("three", 5), at(5)).await.unwrap(), [], "the host is two's");
        assert_eq!(taken(claim(&**record, "three", "a.example", "192.0.2.1", 5).await), "a.example is two's");
        // What two leased it does not ask for: the host is as one left it.
        let state = record.host("a.example", at(6)).await.unwrap().unwrap();
        record.unclaim("two", &[state]).await.unwrap();
        record.release("two").await.unwrap();
        assert_eq!(record.lease(&one_target("three", 6), at(6)).await.unwrap().len(), 1);
        assert_eq!(next(claim(&**record, "three", "a.example", "192.0.2.9", 20).await), at(20) + GAP, "since one died");
        assert_eq!(record.lease(&one_target("three", 21), at(21)).await.unwrap().len(), 1);
        assert_eq!(next(claim(&**record, "three", "a.example", "192.0.2.9", 21).await), at(20) + GAP, "its own again");
    }
}

#[tokio::test]
async fn who_comes_back_late_takes_nothing_away() {
    for Place { record, .. } in every_record().await {
        next(claim(&*record, "one", "a.example", "192.0.2.1", 0).await);
        let taken_over = next(claim(&*record, "two", "a.example", "192.0.2.1", 600).await);
        assert_eq!(taken_over, at(600) + LOST_GAP, "the claim had run out");
        record.unclaim("one", &[HostState::new("a.example", at(1), GAP)]).await.unwrap();
        assert_eq!(record.host("a.example", at(601)).await.unwrap().unwrap().next, taken_over, "as two knows it");
        assert_eq!(taken(claim(&*record, "one", "a.example", "192.0.2.1", 601).await), "a.example is two's");
        assert_eq!(taken(claim(&*record, "one", "b.example", "192.0.2.1", 601).await), "@192.0.2.1 is two's");
    }
}

#[tokio::test]
async fn a_worker_keeps_what_it_renews() {
    for Place { record, .. } in every_record().await {
        next(claim(&*record, "one", "a.example", "192.0.2.1", 0).await);
        record.renew_claims("one", at(2000)).await.unwrap();
        record.renew_claims("one", at(1000)).await.unwrap();
        assert_eq!(taken(claim(&*record, "two", "a.example", "192.0.2.1", 1999).await), "a.example is one's");
        next(claim(&*record, "two", "a.example", "192.0.2.1", 2000).await);
        record.renew_claims("one", at(9000)).await.unwrap();
        assert_eq!(taken(claim(&*record, "one", "a.example", "192.0.2.1", 2001).await), "a.example is two's");
        // It moves: the address that it left is kept no longer than it was claimed for.
        next(claim(&*record, "two", "a.example", "192.0.2.7", 2002).await);
        record.renew_claims("two", at(9000)).await.unwrap();
        next(claim(&*record, "three", "b.example", "192.0.2.1", 2700).await);
        assert_eq!(taken(claim(&*record, "three", "c.example", "192.0.2.7", 2701).await), "@192.0.2.7 is two's");
    }
}

#[tokio::test]
async fn leases_pass_over_hosts_out_of_reach() {
    for place in every_record().await {
        let record = &place.record;
        let targets = ["a", "b", "c", "d"].map(|host| page(&format!("https://www.{host}.example/1"), 0));
        record.add_targets(&targets).await.unwrap();
        next(claim(&**record, "two", "www.a.example", "192.0.2.1", 0).await);
        // Another that lives where a claimed one does.
        let beside = HostState { address: Some(ip("192.0.2.1")), ..HostState::new("www.b.example", at(0), GAP) };
        record.put_host(&beside).await.unwrap();
        record.put_host(&HostState::new("www.c.example", at(60), GAP)).await.unwrap();
        let patient = |worker: &str, until| LeaseAsk { rested_by: at(until), ..ask(worker, at(1)) };
        let leased = record.lease(&patient("one", 59), at(1)).await.unwrap();
        assert_eq!(leased.iter().map(|target| target.ask.as_str()).collect::<Vec<_>>(), ["https://www.d.example/1"]);
        let leased = record.lease(&patient("one", 60), at(1)).await.unwrap();
        assert_eq!(leased.len(), 1, "it may be asked by then: {:?}", paths(&leased));
        // What one leased is one's before it asked.
        assert_eq!(taken(claim(&**record, "two", "www.d.example", "192.0.2.4", 2).await), "www.d.example is one's");
        record.release("one").await.unwrap();
        assert_eq!(next(claim(&**record, "two", "www.d.example", "192.0.2.4", 2).await), at(2), "and was never asked");
        // The claim's worker has its own.
        let own = record.lease(&patient("two", 59), at(2)).await.unwrap();
        assert_eq!(own.len(), 3, "{:?}", paths(&own));
        let counts = record.host_counts(at(2), 10).await.unwrap();
        let count = |host: &str, due, held| HostCount { host: host.to_owned(), due, held };
        let held = ["a", "b", "d"].map(|host| count(&format!("www.{host}.example"), 0, 1));
        assert_eq!(counts, [&held[..1], &held[1..2], &[count("www.c.example", 1, 0)], &held[2..]].concat());
        assert_eq!(record.host_counts(at(2), 2).await.unwrap().len(), 2);
    }
}

/// Who asks at which host and address this moment, as their servers would know it.
#[derive(Clone, Default)]
struct Asking(Arc<Mutex<HashMap<String, String>>>);

impl Asking {
    fn begin(&self, name: &str, worker: &str) {
        let before = self.0.lock().unwrap().insert(name.to_owned(), worker.to_owned());
        assert_eq!(before, None, "{name} is asked by two: {worker} is the second");
    }

    fn end(&self, name: &str) {
        self.0.lock().unwrap().remove(name);
    }
}

/// Leases, claims, asks and gives up, one target after the other, until nothing is due any more. Returns
/// how many it asked for.
async fn work(record: Arc<dyn Record>, worker: String, asking: Asking) -> usize {
    let mut asked = 0;
    loop {
        let leased = record.lease(&LeaseAsk { limit: 1, ..ask(&worker, at(0)) }, at(0)).await.unwrap();
        let mut ours = Vec::new();
        for target in &leased {
            let host = target.url.host_and_path().split('/').next().unwrap().to_owned();
            // Two hosts live at each address.
            let nth: u8 = host.split('.').next().unwrap().parse().unwrap();
            let address = format!("192.0.2.{}", nth / 2);
            let mut outcome = outcome(target.url.as_str(), 900);
            match claim(&*record, &worker, &host, &address, 0).await {
                Claimed::Yes(state) => {
                    // A worker may well ask two hosts at one address, one after the other.
                    for name in [&host, &address] {
                        asking.begin(name, &worker);
                    }
                    // Others have their turn meanwhile.
                    record.renew_claims(&worker, at(600)).await.unwrap();
                    for name in [&host, &address] {
                        asking.end(name);
                    }
                    ours.push(HostState { next: at(0), ..state });
                    asked += 1;
                }
                Claimed::Taken { .. } => outcome.due = at(0),
            }
            record.finish(&[outcome], at(0)).await.unwrap();
        }
        record.unclaim(&worker, &ours).await.unwrap();
        if leased.is_empty() && record.next_due(&[], false, at(0)).await.unwrap().is_none_or(|due| due > at(0)) {
            return asked;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_race_for_a_host_or_an_address_one_has_it() {
    for place in every_record().await {
        let targets: Vec<_> = (0..40)
            .flat_map(|host| (0..3).map(move |path| page(&format!("https://{host}.example/{path}"), 0)))
            .collect();
        place.record.add_targets(&targets).await.unwrap();
        let asking = Asking::default();
        let mut workers = Vec::new();
        for worker in 0..4 {
            let record = place.open_again().await;
            workers.push(tokio::spawn(work(record, format!("worker {worker}"), asking.clone())));
        }
        let mut asked = 0;
        for worker in workers {
            asked += worker.await.unwrap();
        }
        assert_eq!(asked, targets.len(), "each target once");
    }
}

#[tokio::test]
async fn hosts_and_their_files_are_remembered() {
    for Place { record, .. } in every_record().await {
        assert_eq!(record.host("a.example", at(0)).await.unwrap(), None);
        let state = |host: &str, next, reason: Option<&str>| HostState {
            address: Some(ip("2001:db8::1")),
            failures: 3,
            reason: reason.map(str::to_owned),
            ..HostState::new(host, at(next), SignedDuration::from_millis(1500))
        };
        let parked = state("a.example", 500, Some("429"));
        for host in [&state("a.example", 7, None), &parked, &state("b.example", 900, Some("503"))] {
            record.put_host(host).await.unwrap();
        }
        record.put_host(&state("c.example", 300, None)).await.unwrap();
        assert_eq!(record.host("a.example", at(0)).await.unwrap(), Some(parked.clone()));
        assert_eq!(
            record.parked_hosts(at(400)).await.unwrap(),
            [state("b.example", 900, Some("503")), parked],
            "a host between two requests is not parked"
        );
        assert_eq!(record.parked_hosts(at(900)).await.unwrap(), []);

        let mut file = robots("https://a.example");
        record.put_origin_file(&file).await.unwrap();
        let kept = |origin: &'static str, file| {
            let record = Arc::clone(&record);
            async move { record.origin_file(origin, file).await.unwrap() }
        };
        assert_eq!(kept("https://a.example", OriginFile::Robots).await, Some(file.clone()));
        assert_eq!(kept("https://a.example", OriginFile::Reservations).await, None);
        assert_eq!(kept("http://a.example", OriginFile::Robots).await, None);
        (file.status, file.validators) = (None, Validators::default());
        file.body.clear();
        record.put_origin_file(&file).await.unwrap();
        assert_eq!(kept("https://a.example", OriginFile::Robots).await, Some(file));
    }
}

#[tokio::test]
async fn requests_are_logged_counted_and_forgotten() {
    for Place { record, .. } in every_record().await {
        let midnight = Timestamp::from_second(1_752_019_200).unwrap();
        assert_eq!(midnight.as_second() % 86_400, 0);
        let line = |path: &str, seconds: i64, made: bool| RequestLine {
            host: "a.example".to_owned(),
            at: midnight + SignedDuration::from_secs(seconds),
            url: format!("https://a.example/{path}"),
            robots: "allowed by 'Allow: /' (line 2)".to_owned(),
            waited: SignedDuration::from_millis(12),
            gap: GAP,
            took: made.then(|| SignedDuration::from_millis(34)),
            status: made.then_some(200),
            bytes: 5678,
            failure: (!made).then(|| "robots.txt disallows it".to_owned()),
        };
        let lines = [line("1", -10, true), line("2", 10, true), line("3", 20, false), line("4", 30, true)];
        let elsewhere = RequestLine { host: "b.example".to_owned(), ..line("5", 40, true) };
        let requests = lines.iter().cloned().chain([elsewhere]).collect();
        let batch = Batch { outcomes: vec![outcome("https://a.example/1", 900)], requests, ..Batch::default() };
        record.record(&batch, midnight).await.unwrap();

        let mut newest_first = lines.to_vec();
        newest_first.reverse();
        assert_eq!(record.requests("a.example", 10).await.unwrap(), newest_first);
        assert_eq!(record.requests("a.example", 1).await.unwrap(), newest_first[..1]);
        assert_eq!(record.requests("nobody.example", 1).await.unwrap(), []);
        let of_the_day = |now: Timestamp| {
            let record = Arc::clone(&record);
            async move { record.host("a.example", now).await.unwrap().unwrap().requests }
        };
        record.put_host(&HostState::new("a.example", at(0), GAP)).await.unwrap();
        assert_eq!(of_the_day(midnight + SignedDuration::from_hours(2)).await, 2, "made, since midnight");
        assert_eq!(of_the_day(midnight + SignedDuration::from_hours(25)).await, 0);
        assert_eq!(record.forget_requests(midnight).await.unwrap(), 1);
        assert_eq!(record.requests("a.example", 10).await.unwrap().len(), 3);

        let many = Batch { requests: (0..25_000).map(|_| line("6", -20, true)).collect(), ..Batch::default() };
        record.record(&many, midnight).await.unwrap();
        assert_eq!(record.forget_requests(midnight).await.unwrap(), 25_000, "all of them, in however many steps");
        assert_eq!(record.requests("a.example", 10).await.unwrap().len(), 3);
    }
}
