//! A guest's visits to real servers on loopback: robots files, turns, redirects and pauses, judged
//! by what the servers saw.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use courant_crawl::{Alone, Ending, FailureKind, Guest, Hosts, Ledger, Manners, Pace, RefusedBy};
use courant_model::{OriginFile, Validators};
use courant_outbound::{Client, Config, Refusal};
use jiff::SignedDuration;
use tokio::net::TcpListener;

use crate::server::{Memory, Server, after, guest, guest_with, now, page, pages, visit};

#[tokio::test]
async fn a_page_is_asked_for_after_its_robots() {
    let server = Server::new(|_| pages([("/a", page("hello")), ("/b", page("again"))])).await;
    let guest = guest();
    let first = visit(&guest, &server.target("press", "/a")).await;
    assert_eq!(first.ending, Ending::Answered);
    assert_eq!(first.response().expect("an answer").body, b"hello");
    assert_eq!((first.files.len(), first.files[0].file.status), (1, Some(404)));
    let lines: Vec<_> = first.requests.iter().map(|line| (line.url.as_str(), line.status)).collect();
    let origin = server.origin("press");
    assert_eq!(lines, [(format!("{origin}/robots.txt").as_str(), Some(404)), (&format!("{origin}/a"), Some(200))]);
    assert!(first.requests.iter().all(|line| line.was_made() && line.host == server.host("press")));
    let second = visit(&guest, &server.target("press", "/b")).await;
    assert!(second.files.is_empty());
    assert_eq!(server.requests(), ["press /robots.txt", "press /a", "press /b"]);
}

#[tokio::test]
async fn what_robots_disallow_is_never_asked_for() {
    let robots = "200 OK\n\nUser-agent: courant-test\nDisallow: /private\n".to_owned();
    let server = Server::new(|_| pages([("/robots.txt", robots.clone()), ("/a", page("x"))])).await;
    let guest = guest();
    let refused = visit(&guest, &server.target("press", "/private/a")).await;
    assert!(matches!(refused.ending, Ending::Refused(RefusedBy::Robots(_))), "{:?}", refused.ending);
    assert_eq!(visit(&guest, &server.target("press", "/a")).await.ending, Ending::Answered);
    assert_eq!(server.requests(), ["press /robots.txt", "press /a"]);
}

#[tokio::test]
async fn unreachable_robots_close_the_site() {
    for (robots, asked) in
        [("503 Busy\n\n", 1), ("500 Broken\n\n", 1), ("429 Slow\nRetry-After: 5\n\n", 1), ("403 No\n\n", 1)]
    {
        let server = Server::new(|_| pages([("/robots.txt", robots.to_owned()), ("/a", page("x"))])).await;
        let guest = guest();
        for _ in 0..2 {
            let visit = visit(&guest, &server.target("press", "/a")).await;
            assert!(matches!(visit.ending, Ending::Parked { .. } | Ending::Refused(RefusedBy::Robots(_))), "{visit:?}");
        }
        assert_eq!(server.requests().len(), asked, "{robots}");
    }
}

#[tokio::test]
async fn robots_that_do_not_answer_close_the_site() {
    let server = Server::new(|_| pages([("/robots.txt", "200 OK\nX-Slow: 1\n\n".to_owned())])).await;
    let guest = guest();
    let first = visit(&guest, &server.target("press", "/a")).await;
    assert!(matches!(first.ending, Ending::Failed { kind: FailureKind::Timeout, .. }), "{:?}", first.ending);
    assert_eq!(first.files[0].file.status, None);
    assert!(first.requests[0].failure.as_deref().is_some_and(|why| why.contains("header")), "{:?}", first.requests);
    let second = visit(&guest, &server.target("press", "/a")).await;
    assert!(matches!(second.ending, Ending::Parked { .. }), "{:?}", second.ending);
    assert_eq!(server.requests(), ["press /robots.txt"]);
}

#[tokio::test]
async fn an_older_file_outlives_a_server_in_trouble() {
    let server = Server::new(|_| pages([("/robots.txt", "500 Broken\n\n".to_owned()), ("/a", page("x"))])).await;
    let (origin, rules) = (server.origin("press"), b"User-agent: *\nDisallow: /private\n");
    let ledger = Arc::new(Memory::knowing(&origin, OriginFile::Robots, rules, after(-25 * 3600)));
    let guest = guest_with(0, Arc::clone(&ledger) as Arc<dyn Ledger>);
    let allowed = visit(&guest, &server.target("press", "/a")).await;
    assert_eq!(allowed.ending, Ending::Answered);
    assert_eq!(ledger.kept(&origin, OriginFile::Robots).expect("kept").body, rules);
    let refused = visit(&guest, &server.target("press", "/private")).await;
    assert!(matches!(refused.ending, Ending::Refused(RefusedBy::Robots(_))));
    assert_eq!(server.requests(), ["press /robots.txt", "press /a"]);
}

#[tokio::test]
async fn kept_robots_are_not_asked_for_again() {
    let server = Server::new(|_| pages([("/a", page("x"))])).await;
    let (origin, rules) = (server.origin("press"), b"User-agent: *\nDisallow: /a\n");
    let ledger = Memory::knowing(&origin, OriginFile::Robots, rules, after(-3600));
    let guest = guest_with(0, Arc::new(ledger));
    let refused = visit(&guest, &server.target("press", "/a")).await;
    assert!(matches!(refused.ending, Ending::Refused(RefusedBy::Robots(_))));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn redirects_are_followed_and_checked_at_each_step() {
    let to =
        |port: u16, host: &str, path: &str| format!("301 Moved\nLocation: http://{host}.localhost:{port}{path}\n\n");
    let server = Server::new(|port| {
        pages([
            ("one /a", to(port, "two", "/b")),
            ("two /b", "302 Found\nLocation: c#part\n\n".to_owned()),
            ("two /c", page("there")),
            ("one /forever", to(port, "two", "/c")),
            ("one /closed", to(port, "three", "/a")),
            ("three /robots.txt", "200 OK\n\nUser-agent: *\nDisallow: /\n".to_owned()),
        ])
    })
    .await;
    let guest = guest();
    let followed = visit(&guest, &server.target("one", "/a")).await;
    assert_eq!((&followed.ending, followed.hops.len(), followed.files.len()), (&Ending::Answered, 3, 2));
    assert_eq!(followed.final_url.as_ref().expect("a URL").path(), "/c");
    assert_eq!(followed.moved(), None);
    let moved = visit(&guest, &server.target("one", "/forever")).await;
    assert_eq!(moved.moved().expect("an address").path(), "/c");
    let closed = visit(&guest, &server.target("one", "/closed")).await;
    assert!(matches!(closed.ending, Ending::Refused(RefusedBy::Robots(_))));
    assert_eq!(closed.hops.len(), 1);
    assert!(!server.requests().contains(&"three /a".to_owned()));
}

#[tokio::test]
async fn redirects_end_somewhere() {
    let server = Server::new(|_| {
        let mut all = pages([
            ("/self", "302 Found\nLocation: /self\n\n".to_owned()),
            ("/ping", "302 Found\nLocation: /pong\n\n".to_owned()),
            ("/pong", "302 Found\nLocation: /ping\n\n".to_owned()),
            ("/nowhere", "302 Found\n\n".to_owned()),
        ]);
        for path in ["/r1", "/r2", "/r3", "/r4", "/r5", "/r6", "/r7", "/r8", "/r9", "/r10", "/r11", "/r12"] {
            let next: u32 = path[2..].parse::<u32>().expect("a number") + 1;
            all.insert(path.to_owned(), format!("302 Found\nLocation: /r{next}\n\n").into());
        }
        all
    })
    .await;
    let guest = guest();
    for (path, hops) in [("/self", 1), ("/ping", 2), ("/nowhere", 1), ("/r1", 11)] {
        let visit = visit(&guest, &server.target("press", path)).await;
        assert!(
            matches!(visit.ending, Ending::Failed { kind: FailureKind::Redirects, .. }),
            "{path}: {:?}",
            visit.ending
        );
        assert_eq!(visit.hops.len(), hops, "{path}");
    }
    assert_eq!(visit(&guest, &server.target("press", "/r4")).await.ending, Ending::Answered);
}

#[tokio::test]
async fn no_redirect_leads_inside() {
    let inner = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 2), 0)).await.expect("loopback");
    let inside = inner.local_addr().expect("an address");
    for location in [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://2852039166/",
        "http://metadata.google.internal/",
        "file:///etc/passwd",
        "http://127.0.0.1:22/",
        &format!("http://[::ffff:127.0.0.2]:{}/", inside.port()),
    ] {
        let server = Server::new(|_| pages([("/a", format!("302 Found\nLocation: {location}\n\n"))])).await;
        // Only this one address is allowed, not its neighbour.
        let client = Config { allow: vec!["127.0.0.1/32".parse().expect("a network")], ..Config::new("Courant-test") };
        let client = Arc::new(Client::new(client).expect("a client"));
        let pace = Pace { gap: SignedDuration::ZERO, slowness: 0, ..Pace::default() };
        let guest = Guest::new(client, Hosts::new(pace), Manners::new("Courant-test"), Arc::new(Alone));
        let visit = visit(&guest, &server.target("press", "/a")).await;
        assert!(matches!(visit.ending, Ending::Refused(RefusedBy::Guard(_))), "{location}: {:?}", visit.ending);
    }
    let connected = tokio::time::timeout(Duration::from_millis(50), inner.accept()).await;
    assert!(connected.is_err(), "somebody came in");
}

#[tokio::test]
async fn too_many_requests_park_the_host() {
    let busy = "429 Too Many Requests\nRetry-After: 120\n\n".to_owned();
    let server = Server::new(|_| pages([("/a", busy.clone()), ("/b", page("x")), ("other /a", page("y"))])).await;
    let ledger = Arc::new(Memory::default());
    let guest = guest_with(0, Arc::clone(&ledger) as Arc<dyn Ledger>);
    let parked = visit(&guest, &server.target("press", "/a")).await;
    assert!(matches!(&parked.ending, Ending::Parked { until, .. } if *until == after(120)), "{:?}", parked.ending);
    assert_eq!(parked.hops.len(), 1);
    let kept = ledger.hosts.lock().expect("lock")[&server.host("press")].clone();
    assert_eq!((kept.next, kept.failures), (after(120), 1));
    let put_off = visit(&guest, &server.target("press", "/b")).await;
    assert!(matches!(&put_off.ending, Ending::Parked { until, why } if *until == after(120) && why.contains("429")));
    assert_eq!(visit(&guest, &server.target("other", "/a")).await.ending, Ending::Answered);
    assert_eq!(server.requests().iter().filter(|request| *request == "press /b").count(), 0);
    let later = guest.visit(&server.target("press", "/b"), &|| after(120)).await.expect("the ledger works");
    assert_eq!(later.ending, Ending::Answered);
    // Whoever comes next knows of it from the ledger.
    ledger.hosts.lock().expect("lock").insert(server.host("press"), kept);
    let next = guest_with(0, ledger);
    let put_off = visit(&next, &server.target("press", "/b")).await;
    assert!(matches!(&put_off.ending, Ending::Parked { until, .. } if *until == after(120)), "{:?}", put_off.ending);
}

#[tokio::test]
async fn a_crawl_delay_parks_the_host_until_it_has_passed() {
    let robots = "200 OK\n\nUser-agent: *\nCrawl-delay: 3600\nDisallow:\n".to_owned();
    let server = Server::new(|_| pages([("/robots.txt", robots.clone()), ("/a", page("x"))])).await;
    let ledger = Arc::new(Memory::default());
    let guest = guest_with(0, Arc::clone(&ledger) as Arc<dyn Ledger>);
    let first = visit(&guest, &server.target("press", "/a")).await;
    assert!(matches!(&first.ending, Ending::Parked { until, .. } if *until == after(3600)), "{:?}", first.ending);
    assert_eq!(server.requests(), ["press /robots.txt"]);
    let kept = ledger.hosts.lock().expect("lock")[&server.host("press")].clone();
    assert_eq!((kept.next, kept.gap), (after(3600), SignedDuration::from_secs(3600)), "kept before anything else");
    let second = guest.visit(&server.target("press", "/a"), &|| after(3600)).await.expect("the ledger works");
    assert_eq!(second.ending, Ending::Answered);
    assert_eq!(guest.hosts().state(&server.host("press")).expect("known").next, after(7200));
}

#[tokio::test]
async fn an_unchanged_page_is_told_by_its_validators() {
    let server = Server::new(|_| {
        pages([
            ("/a", "304 Not Modified\n\n".to_owned()),
            ("/b", "200 OK\nETag: \"7\"\nLast-Modified: Fri, 20 Nov 2026 09:00:00 GMT\n\nx".to_owned()),
        ])
    })
    .await;
    let guest = guest();
    let mut target = server.target("press", "/a");
    target.validators = Validators { etag: Some("\"6\"".into()), last_modified: None };
    assert_eq!(visit(&guest, &target).await.ending, Ending::NotModified);
    assert!(server.seen.lock().expect("lock").texts[1].to_lowercase().contains("if-none-match: \"6\""));
    // Not asked for, so no answer to us.
    assert_eq!(visit(&guest, &server.target("press", "/a")).await.ending, Ending::Answered);
    let full = visit(&guest, &server.target("press", "/b")).await;
    let validators = full.validators().expect("an answer");
    assert_eq!(validators.etag.as_deref(), Some("\"7\""));
    assert_eq!(validators.last_modified.as_deref(), Some("Fri, 20 Nov 2026 09:00:00 GMT"));
}

#[tokio::test]
async fn robots_may_move_but_not_for_ever() {
    let server = Server::new(|port| {
        pages([
            ("one /robots.txt", format!("301 Moved\nLocation: http://two.localhost:{port}/rules\n\n")),
            ("two /rules", "200 OK\n\nUser-agent: *\nDisallow: /private\n".to_owned()),
            ("three /robots.txt", "301 Moved\nLocation: /robots.txt\n\n".to_owned()),
            ("/a", page("x")),
        ])
    })
    .await;
    let guest = guest();
    let refused = visit(&guest, &server.target("one", "/private")).await;
    assert!(matches!(refused.ending, Ending::Refused(RefusedBy::Robots(_))));
    assert_eq!((refused.files.len(), refused.files[0].hops.len()), (1, 2));
    let open = visit(&guest, &server.target("three", "/a")).await;
    assert_eq!(open.ending, Ending::Answered);
    assert_eq!(open.files[0].hops.len(), 6);
}

#[tokio::test]
async fn many_visits_at_once_are_one_request_at_a_time() {
    const PATHS: [&str; 6] = ["/1", "/2", "/3", "/4", "/5", "/6"];
    let server = Server::new(|_| pages(PATHS.map(|path| (path, page("x"))))).await;
    let guest = Arc::new(guest_with(30, Arc::new(Alone)));
    let mut visits = Vec::new();
    for name in ["one", "two", "three"] {
        for path in PATHS {
            let (guest, target) = (Arc::clone(&guest), server.target(name, path));
            visits
                .push(tokio::spawn(async move { guest.visit(&target, &now).await.expect("the ledger works").ending }));
        }
    }
    for visit in visits {
        assert_eq!(visit.await.expect("no panic"), Ending::Answered);
    }
    assert_eq!(server.requests().len(), 3 * (PATHS.len() + 1));
    assert_eq!(server.seen.lock().expect("lock").most_at_once, 1);
}

#[tokio::test]
async fn what_fails_is_told_and_parks_the_host() {
    let server = Server::new(|_| pages([("/slow", "200 OK\nX-Slow: 1\n\n".to_owned()), ("/a", page("x"))])).await;
    let guest = guest();
    let slow = visit(&guest, &server.target("press", "/slow")).await;
    assert!(matches!(slow.ending, Ending::Failed { kind: FailureKind::Timeout, .. }), "{:?}", slow.ending);
    assert!(matches!(visit(&guest, &server.target("press", "/a")).await.ending, Ending::Parked { .. }));
    let mut odd = server.target("press", "/a");
    odd.ask = "not an address".into();
    assert!(matches!(visit(&guest, &odd).await.ending, Ending::Failed { kind: FailureKind::BadUrl, .. }));
    odd.ask = "http://10.1.2.3/".into();
    let refused = visit(&guest, &odd).await.ending;
    assert!(matches!(refused, Ending::Refused(RefusedBy::Guard(Refusal::Address { .. }))), "{refused:?}");
}

#[tokio::test]
async fn a_file_that_did_not_change_is_kept_on() {
    let server = Server::new(|_| {
        pages([("/robots.txt", "304 Not Modified\n\n".to_owned()), ("/a", page("x")), ("/private", page("y"))])
    })
    .await;
    let (origin, rules) = (server.origin("press"), b"User-agent: *\nDisallow: /private\n");
    let ledger = Arc::new(Memory::knowing(&origin, OriginFile::Robots, rules, after(-25 * 3600)));
    let guest = guest_with(0, Arc::clone(&ledger) as Arc<dyn Ledger>);
    let refused = visit(&guest, &server.target("press", "/private")).await;
    assert!(matches!(refused.ending, Ending::Refused(RefusedBy::Robots(_))), "{:?}", refused.ending);
    assert!(server.seen.lock().expect("lock").texts[0].to_lowercase().contains("if-none-match: \"7\""));
    let kept = ledger.kept(&origin, OriginFile::Robots).expect("kept");
    assert_eq!((kept.fetched, kept.status, kept.body.as_slice()), (now(), Some(200), rules.as_slice()));
    let last = refused.requests.last().expect("a line");
    assert!(!last.was_made() && last.url.ends_with("/private"), "what was refused is in the log as well");
}

#[tokio::test]
async fn hosts_are_claimed_before_they_are_asked() {
    let server = Server::new(|_| pages([("/a", page("x"))])).await;
    let ledger = Arc::new(Memory { taken: vec![server.host("taken")], ..Memory::default() });
    let guest = guest_with(0, Arc::clone(&ledger) as Arc<dyn Ledger>);
    for _ in 0..2 {
        assert_eq!(visit(&guest, &server.target("press", "/a")).await.ending, Ending::Answered);
    }
    assert_eq!(*ledger.claims.lock().expect("lock"), [format!("{} at 127.0.0.1", server.host("press"))]);
    let put_off = visit(&guest, &server.target("taken", "/a")).await;
    assert_eq!(put_off.ending, Ending::Parked { until: after(10), why: "another worker".into() });
    assert!(!server.requests().iter().any(|request| request.starts_with("taken")));
    let guest = guest_with(0, Arc::new(Memory { broken: true, ..Memory::default() }));
    assert!(guest.visit(&server.target("press", "/a"), &now).await.is_err(), "no word from the ledger, no request");
}

#[tokio::test]
async fn reservations_are_asked_for_once_before_the_first_page() {
    let reserved = r#"200 OK

[{"location": "/articles/*", "tdm-reservation": 1, "tdm-policy": "https://press.example/policy.json"}]"#;
    let server = Server::new(|_| {
        pages([
            ("/articles/a", page("x")),
            ("/free", page("y")),
            ("press /.well-known/tdmrep.json", reserved.to_owned()),
            ("closed /robots.txt", "200 OK\n\nUser-agent: *\nDisallow: /.well-known/\n".to_owned()),
        ])
    })
    .await;
    let ledger = Arc::new(Memory::default());
    let guest = guest_with(0, Arc::clone(&ledger) as Arc<dyn Ledger>);
    let first = visit(&guest, &server.page("press", "/articles/a")).await;
    assert_eq!(first.ending, Ending::Answered);
    let reservation = first.reservation.expect("reserved");
    assert!(reservation.reserved && reservation.policy.as_deref() == Some("https://press.example/policy.json"));
    let free = visit(&guest, &server.page("press", "/free")).await;
    assert_eq!((free.ending, free.reservation), (Ending::Answered, None));
    assert_eq!(visit(&guest, &server.page("closed", "/free")).await.ending, Ending::Answered);
    let wanted = ["press /robots.txt", "press /.well-known/tdmrep.json", "press /articles/a", "press /free"];
    assert_eq!(server.requests(), [&wanted[..], &["closed /robots.txt", "closed /free"]].concat());
    // The next process has it from the ledger, for a day.
    let next = guest_with(0, ledger);
    let again = visit(&next, &server.page("press", "/articles/a")).await;
    assert!(again.reservation.is_some_and(|reservation| reservation.reserved));
    assert_eq!(server.requests().len(), 7);
}
