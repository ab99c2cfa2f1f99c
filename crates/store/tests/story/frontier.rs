//! Outlets, the frontier and its leases.

use std::io::Write;
use std::sync::{Arc, Mutex};

use courant_model::{
    DateSource, Dated, Language, Outcome, Outlet, OutletId, Polling, Precision, Quiet, Target, TargetKind, TargetState,
    Validators,
};
use courant_store::contract::{Batch, BlockedCount, LeaseAsk};
use jiff::SignedDuration;

use crate::support::{Place, ask, at, every_record, outcome, page, paths, url};

#[tokio::test]
async fn outlets_are_kept_and_replaced() {
    for Place { record, .. } in every_record().await {
        assert_eq!(record.outlets().await.unwrap(), []);
        let b = Outlet { languages: vec![Language::parse("he")], ..Outlet::found("b.example") };
        record.put_outlet(&b, at(0)).await.unwrap();
        record.put_outlet(&Outlet::found("a.example"), at(0)).await.unwrap();
        let named = Outlet { name: "The A".to_owned(), country: Some("FR".to_owned()), ..Outlet::found("a.example") };
        record.put_outlet(&named, at(1)).await.unwrap();
        assert_eq!(record.outlets().await.unwrap(), [named, b.clone()]);
        record.add_targets(&[page("https://b.example/1", 0), page("https://a.example/1", 0)]).await.unwrap();
        assert!(record.remove_outlet(&b.id).await.unwrap());
        assert!(!record.remove_outlet(&b.id).await.unwrap(), "once");
        assert_eq!(record.outlets().await.unwrap().len(), 1);
        assert_eq!(record.target(&url("https://b.example/1")).await.unwrap(), None, "it is visited no more");
        assert!(record.target(&url("https://a.example/1")).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_target_is_kept_once_by_its_key() {
    for Place { record, .. } in every_record().await {
        let mut first = page("http://a.example/1", 0);
        first.published = Some(Dated {
            instant: at(5),
            offset: Some(jiff::tz::offset(2)),
            precision: Precision::Day,
            source: DateSource::Feed,
        });
        first.language = Some(Language::parse("ar"));
        first.found_via = Some("http://a.example/feed".to_owned());
        first.validators = Validators { etag: Some("\"x\"".to_owned()), last_modified: None };
        assert_eq!(record.add_targets(&[first.clone(), page("http://a.example/2", 0)]).await.unwrap(), 2);
        let secure = page("https://a.example/1", 7);
        assert_eq!(record.add_targets(&[secure, page("http://a.example/3", 0)]).await.unwrap(), 1);
        assert_eq!(record.target(&url("https://a.example/1")).await.unwrap(), Some(first));
        assert_eq!(record.target(&url("https://a.example/9")).await.unwrap(), None);
    }
}

#[tokio::test]
async fn targets_are_leased_in_order_and_spread_over_hosts() {
    for Place { record, .. } in every_record().await {
        let mut targets: Vec<Target> = (0..5).map(|i| page(&format!("https://a.example/{i}"), i)).collect();
        targets.push(page("https://b.example/1", 20));
        targets.push(page("https://c.example:8080/1", 21));
        targets.push(page("https://d.example/later", 1000));
        let feed = Target::new(url("https://b.example/feed"), TargetKind::Feed, OutletId::new("b"), at(30));
        targets.push(feed);
        record.add_targets(&targets).await.unwrap();

        let now = at(100);
        let one = record.lease(&ask("one", now), now).await.unwrap();
        let expected = ["b.example/feed", "a.example/0", "a.example/1", "b.example/1", "c.example:8080/1"];
        assert_eq!(paths(&one), expected);
        assert_eq!(record.lease(&ask("two", now), now).await.unwrap(), [], "these hosts are one's");
        let lists = LeaseAsk { lists_only: true, ..ask("one", now) };
        assert_eq!(record.lease(&lists, now).await.unwrap(), [], "its only list is held");
        assert_eq!(record.next_due(&[], true, now).await.unwrap(), None);
        let two = record.lease(&ask("one", now), now).await.unwrap();
        assert_eq!(paths(&two), ["a.example/2", "a.example/3"]);
        assert_eq!(record.next_due(&[], false, now).await.unwrap(), Some(at(4)), "one is due that nobody holds");

        let three = LeaseAsk { not_hosts: vec!["a.example".to_owned()], ..ask("one", now) };
        assert_eq!(record.lease(&three, now).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_worker_may_ask_for_some_outlets_alone() {
    for Place { record, .. } in every_record().await {
        let of = |text: &str, outlet: &str, due| Target { outlet: OutletId::new(outlet), ..page(text, due) };
        let targets = [
            of("https://a.example/1", "a", 0),
            of("https://b.example/1", "b", 1),
            of("https://b.example/2", "b", 9),
            of("https://x.example/1", "b", 2),
            of("https://x.example/2", "c", 3),
        ];
        record.add_targets(&targets).await.unwrap();
        let only = |names: &[&str]| names.iter().map(|name| OutletId::new(name)).collect::<Vec<_>>();
        assert_eq!(record.next_due(&only(&["b"]), false, at(50)).await.unwrap(), Some(at(1)));
        assert_eq!(record.next_due(&only(&["none"]), false, at(50)).await.unwrap(), None);
        let wanted = LeaseAsk { outlets: only(&["b", "c"]), per_host: 1, ..ask("one", at(50)) };
        let leased = record.lease(&wanted, at(50)).await.unwrap();
        assert_eq!(paths(&leased), ["b.example/1", "x.example/1"], "the host is shared by two outlets");
        assert_eq!(record.next_due(&only(&["b"]), false, at(50)).await.unwrap(), Some(at(9)));
    }
}

#[tokio::test]
async fn one_crowded_host_does_not_keep_the_others_waiting() {
    for Place { record, .. } in every_record().await {
        let mut targets: Vec<Target> = (0..5000).map(|i| page(&format!("https://crowd.example/{i}"), 0)).collect();
        targets.push(page("https://a.example/1", 50));
        targets.push(page("https://b.example/1", 60));
        record.add_targets(&targets).await.unwrap();
        let leased = record.lease(&ask("one", at(100)), at(100)).await.unwrap();
        assert_eq!(leased.len(), 4);
        assert_eq!(paths(&leased)[2..], ["a.example/1", "b.example/1"]);
        let more = LeaseAsk { limit: 3, per_host: 100, ..ask("one", at(100)) };
        assert_eq!(record.lease(&more, at(100)).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn a_lease_ends_when_it_runs_out_is_released_or_its_visit_is_written_back() {
    for Place { record, .. } in every_record().await {
        record.add_targets(&[page("https://a.example/1", 0), page("https://b.example/1", 0)]).await.unwrap();
        let first = record.lease(&ask("one", at(10)), at(10)).await.unwrap();
        assert_eq!(first.len(), 2);
        assert_eq!(record.lease(&ask("two", at(10)), at(10)).await.unwrap(), []);
        assert_eq!(record.next_due(&[], false, at(10)).await.unwrap(), None, "somebody holds them all");

        let past = at(10) + SignedDuration::from_mins(10);
        assert_eq!(record.lease(&ask("two", past), past).await.unwrap().len(), 2, "ran out");

        record.release("one").await.unwrap();
        assert_eq!(record.lease(&ask("three", past), past).await.unwrap(), [], "another's lease is not released");
        record.release("two").await.unwrap();
        assert_eq!(record.lease(&ask("three", past), past).await.unwrap().len(), 2, "released");

        let visited = Outcome {
            visited: Some(past),
            due: at(9000),
            validators: Some(Validators { etag: Some("e".to_owned()), last_modified: Some("m".to_owned()) }),
            polling: Some(Polling {
                fresh_for: Some(SignedDuration::from_hours(2)),
                quiet: Quiet { hours: 7, days: 64 },
            }),
            unchanged: 3,
            ..outcome("https://a.example/1", 9000)
        };
        let parked = Outcome {
            visited: None,
            state: TargetState::Failing,
            reason: Some("timeout".to_owned()),
            failures: 2,
            ..outcome("https://b.example/1", 9000)
        };
        let unknown = outcome("https://nowhere.example/", 0);
        record.finish(&[visited.clone(), parked, unknown], past).await.unwrap();
        assert_eq!(record.lease(&ask("four", past), past).await.unwrap(), [], "not due");

        let a = record.target(&url("https://a.example/1")).await.unwrap().unwrap();
        assert_eq!((a.visited, a.due, a.unchanged), (Some(past), at(9000), 3));
        assert_eq!(Some(a.validators.clone()), visited.validators);
        assert_eq!(Some(a.polling), visited.polling);
        let b = record.target(&url("https://b.example/1")).await.unwrap().unwrap();
        assert_eq!((b.visited, b.failures, b.reason.as_deref()), (None, 2, Some("timeout")));

        let unchanged = Outcome { visited: Some(at(9100)), ..outcome("https://a.example/1", 9999) };
        record.finish(&[unchanged], at(9100)).await.unwrap();
        let again = record.target(&url("https://a.example/1")).await.unwrap().unwrap();
        assert_eq!(again.validators, a.validators, "no validators keep those that were there");
        assert_eq!(again.polling, a.polling, "and so with when to poll");
        let put_off = Outcome { visited: None, ..outcome("https://a.example/1", 9999) };
        record.finish(&[put_off], at(9100)).await.unwrap();
        let put_off = record.target(&url("https://a.example/1")).await.unwrap().unwrap();
        assert_eq!(put_off.visited, Some(at(9100)), "a visit put off is none");
    }
}

/// What the whole test process said aloud.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_visit_of_an_address_that_is_no_target_is_told_and_nothing_else() {
    // For the process: the record writes on a thread of its own.
    let said = Said::default();
    let aloud = said.clone();
    tracing_subscriber::fmt().with_writer(move || aloud.clone()).init();
    for Place { record, .. } in every_record().await {
        record.add_targets(&[page("https://a.example/target", 0)]).await.unwrap();
        let lost = outcome("https://a.example/lost", 900);
        record.finish(&[lost, outcome("https://a.example/target", 900)], at(5)).await.unwrap();
        let batch = Batch { outcomes: vec![outcome("https://a.example/lost-too", 900)], ..Batch::default() };
        record.record(&batch, at(5)).await.unwrap();

        assert_eq!(record.target(&url("https://a.example/lost")).await.unwrap(), None);
        let target = record.target(&url("https://a.example/target")).await.unwrap().unwrap();
        assert_eq!(target.due, at(900), "the others are written");
    }
    let said = String::from_utf8(said.0.lock().unwrap().clone()).unwrap();
    for (path, is_told) in [("/lost", true), ("/lost-too", true), ("/target", false)] {
        let url = format!("https://a.example{path} ");
        let told = said.lines().any(|line| line.contains("WARN") && format!("{line} ").contains(&url));
        assert_eq!(told, is_told, "{path} in {said}");
    }
}

#[tokio::test]
async fn the_frontier_can_be_looked_at() {
    for Place { record, .. } in every_record().await {
        let feed = Target::new(url("https://a.example/feed"), TargetKind::Feed, OutletId::new("a"), at(500));
        record.add_targets(&[page("https://a.example/1", 0), page("https://a.example/2", 0), feed]).await.unwrap();
        let other = Target { outlet: OutletId::new("b"), ..page("https://b.example/1", 0) };
        record.add_targets(&[other]).await.unwrap();
        let blocked = |path: &str, when| Outcome {
            state: TargetState::Blocked,
            reason: Some("consent wall".to_owned()),
            visited: Some(at(when)),
            ..outcome(path, 900)
        };
        let outcomes = [blocked("https://a.example/1", 10), blocked("https://b.example/1", 20)];
        record.finish(&outcomes, at(20)).await.unwrap();

        let all_blocked = record.targets(None, Some(TargetState::Blocked), None, 10).await.unwrap();
        assert_eq!(paths(&all_blocked), ["b.example/1", "a.example/1"], "last visited first");
        let of_a = record.targets(Some(&OutletId::new("a.example")), None, Some(TargetKind::Page), 10).await.unwrap();
        assert_eq!(paths(&of_a), ["a.example/1", "a.example/2"]);
        assert_eq!(record.targets(None, None, None, 1).await.unwrap().len(), 1);

        let counts = record.frontier_counts(None, at(100)).await.unwrap();
        let told: Vec<_> = counts.iter().map(|c| (c.kind, c.state, c.count, c.due)).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.contains(&(TargetKind::Page, TargetState::Blocked, 2, 0)));
        assert!(told.contains(&(TargetKind::Page, TargetState::Open, 1, 1)));
        assert!(told.contains(&(TargetKind::Feed, TargetState::Open, 1, 0)));
        let of_b = record.frontier_counts(Some(&OutletId::new("b")), at(100)).await.unwrap();
        assert_eq!(of_b.iter().map(|c| c.count).sum::<u64>(), 1);
    }
}

#[tokio::test]
async fn it_is_known_since_when_a_target_stands_as_it_does() {
    for Place { record, .. } in every_record().await {
        record.add_targets(&[page("https://a.example/1", 0)]).await.unwrap();
        for (moment, state, expected) in [
            (1, TargetState::Open, None),
            (2, TargetState::Failing, Some(2)),
            (3, TargetState::Failing, Some(2)),
            (4, TargetState::Open, Some(4)),
            (5, TargetState::Gone, Some(5)),
        ] {
            let visited = Outcome { state, visited: Some(at(moment)), ..outcome("https://a.example/1", 900) };
            record.finish(&[visited], at(99)).await.unwrap();
            let kept = record.target(&url("https://a.example/1")).await.unwrap().unwrap();
            assert_eq!(kept.since, expected.map(at), "at {moment}");
        }
        let put_off = Outcome { visited: None, ..outcome("https://a.example/1", 900) };
        record.finish(&[put_off], at(99)).await.unwrap();
        assert_eq!(record.target(&url("https://a.example/1")).await.unwrap().unwrap().since, Some(at(99)));
    }
}

#[tokio::test]
async fn silent_lists_and_blocked_pages_are_found_among_the_others() {
    for Place { record, .. } in every_record().await {
        let list = |name: &str, kind, visited: Option<i64>, changed: Option<i64>, unchanged| Target {
            visited: visited.map(at),
            changed: changed.map(at),
            unchanged,
            ..Target::new(url(&format!("https://a.example/{name}")), kind, OutletId::new("a"), at(0))
        };
        let failing = Target { state: TargetState::Failing, ..list("failing", TargetKind::Feed, Some(90), None, 3) };
        let targets = [
            list("never", TargetKind::Feed, Some(90), None, 1),
            list("long-ago", TargetKind::Section, Some(90), Some(10), 1),
            list("longer-ago", TargetKind::Feed, Some(90), Some(9), 1),
            list("lately", TargetKind::Feed, Some(90), Some(51), 1),
            list("not-asked-lately", TargetKind::Feed, Some(12), Some(11), 1),
            list("asked-once", TargetKind::Feed, Some(90), None, 0),
            list("not-asked", TargetKind::Feed, None, None, 1),
            list("map", TargetKind::Sitemap, Some(90), None, 1),
            failing,
        ];
        record.add_targets(&targets).await.unwrap();
        let quiet = SignedDuration::from_secs(40);
        let silent = record.silent_lists(quiet, 10).await.unwrap();
        assert_eq!(paths(&silent), ["a.example/never", "a.example/longer-ago", "a.example/long-ago"]);
        assert_eq!(record.silent_lists(quiet, 1).await.unwrap().len(), 1);

        assert_eq!(record.blocked_counts(10).await.unwrap(), []);
        let blocked = |outlet: &str, name: &str| Target {
            state: TargetState::Blocked,
            outlet: OutletId::new(outlet),
            ..page(&format!("https://b.example/{name}"), 0)
        };
        let walled_feed = Target { kind: TargetKind::Feed, ..blocked("c", "feed") };
        let targets = [blocked("c", "1"), blocked("b", "2"), blocked("b", "3"), blocked("a", "4"), walled_feed];
        record.add_targets(&targets).await.unwrap();
        let count = |outlet: &str, count| BlockedCount { outlet: OutletId::new(outlet), count };
        assert_eq!(record.blocked_counts(2).await.unwrap(), [count("b", 2), count("a", 1)]);
    }
}

#[tokio::test]
async fn a_visit_that_brought_something_is_remembered_as_such() {
    for Place { record, .. } in every_record().await {
        let feed = Target::new(url("https://a.example/feed"), TargetKind::Feed, OutletId::new("a"), at(0));
        record.add_targets(std::slice::from_ref(&feed)).await.unwrap();
        for (moment, changed, expected) in [(1, false, None), (2, true, Some(2)), (3, false, Some(2))] {
            let visited = Outcome { changed, visited: Some(at(moment)), ..outcome("https://a.example/feed", 900) };
            record.finish(&[visited], at(moment)).await.unwrap();
            let kept = record.target(&feed.url).await.unwrap().unwrap();
            assert_eq!(kept.changed, expected.map(at), "at {moment}");
        }
        let put_off = Outcome { visited: None, changed: true, ..outcome("https://a.example/feed", 900) };
        record.finish(&[put_off], at(9)).await.unwrap();
        assert_eq!(record.target(&feed.url).await.unwrap().unwrap().changed, Some(at(2)), "nothing was seen");
    }
}

#[tokio::test]
async fn an_outlets_lists_can_be_hastened() {
    for Place { record, .. } in every_record().await {
        let list = |path: &str, kind, outlet: &str| {
            let validators = Validators { etag: Some("\"1\"".into()), last_modified: None };
            let target = Target::new(url(path), kind, OutletId::new(outlet), at(500));
            Target { validators, ..target }
        };
        let targets = [
            list("https://a.example/map", TargetKind::Sitemap, "a"),
            list("https://a.example/feed", TargetKind::Feed, "a"),
            list("https://b.example/map", TargetKind::Sitemap, "b"),
        ];
        record.add_targets(&targets).await.unwrap();
        assert_eq!(record.hasten(&OutletId::new("a"), &[TargetKind::Sitemap], at(7)).await.unwrap(), 1);
        let hastened = record.target(&targets[0].url).await.unwrap().unwrap();
        assert_eq!((hastened.due, hastened.validators), (at(7), Validators::default()));
        for other in &targets[1..] {
            assert_eq!(record.target(&other.url).await.unwrap().as_ref(), Some(other));
        }
        assert_eq!(record.hasten(&OutletId::new("a"), &[TargetKind::Sitemap], at(9)).await.unwrap(), 1);
        assert_eq!(record.target(&targets[0].url).await.unwrap().unwrap().due, at(7), "never later than it was");
    }
}
