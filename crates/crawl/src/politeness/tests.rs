use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).expect("a timestamp")
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn hosts() -> Hosts {
    let network = "127.0.0.0/8".parse().expect("a network");
    Hosts::new(Pace { networks: vec![(network, SignedDuration::ZERO)], ..Pace::default() })
}

/// As a process alone has it: every host is its own.
fn claim(hosts: &Hosts, host: &str, address: &str) {
    hosts.claimed(&HostState::new(host, Timestamp::MIN, SignedDuration::ZERO), ip(address), Timestamp::MAX, at(0));
}

fn turn(hosts: &Hosts, host: &str, address: &str, now: i64) -> Turn {
    claim(hosts, host, address);
    match hosts.ask(host, ip(address), at(now)) {
        Answer::Turn(turn) => turn,
        other => panic!("{host} at {now}: {other:?}"),
    }
}

fn next(hosts: &Hosts, host: &str) -> i64 {
    hosts.state(host).expect("a known host").next.as_second() - 1_800_000_000
}

fn ok(millis: u64) -> Ended {
    Ended::Answered { status: 200, retry_after: None, elapsed: Duration::from_millis(millis) }
}

fn status(status: u16, retry_after: Option<i64>) -> Ended {
    let retry_after = retry_after.map(SignedDuration::from_secs);
    Ended::Answered { status, retry_after, elapsed: Duration::from_millis(10) }
}

#[test]
fn one_request_a_host_and_one_an_address() {
    let hosts = hosts();
    claim(&hosts, "a.example", "192.0.2.9");
    claim(&hosts, "b.example", "192.0.2.1");
    let first = turn(&hosts, "a.example", "192.0.2.1", 0);
    assert!(matches!(hosts.ask("a.example", ip("192.0.2.9"), at(0)), Answer::Busy));
    assert!(matches!(hosts.ask("b.example", ip("192.0.2.1"), at(0)), Answer::Busy));
    let other = turn(&hosts, "c.example", "192.0.2.2", 0);
    first.end(&ok(10), at(1));
    // The gap is the host's own: its neighbour may go at once.
    let neighbour = turn(&hosts, "b.example", "192.0.2.1", 1);
    neighbour.end(&ok(10), at(2));
    other.end(&ok(10), at(2));
    assert!(matches!(hosts.ask("a.example", ip("192.0.2.1"), at(2)), Answer::Wait(until, None) if until == at(3)));
}

#[test]
fn the_gap_runs_from_end_to_start_and_grows_with_slow_answers() {
    let hosts = hosts();
    turn(&hosts, "a.example", "192.0.2.1", 0).end(&ok(10), at(5));
    assert_eq!(next(&hosts, "a.example"), 7);
    turn(&hosts, "a.example", "192.0.2.1", 7).end(&ok(10_000), at(17));
    assert_eq!(next(&hosts, "a.example"), 37);
    turn(&hosts, "a.example", "192.0.2.1", 37).end(&ok(10), at(37));
    assert_eq!(next(&hosts, "a.example"), 52);
}

#[test]
fn a_network_of_our_own_has_its_own_gap() {
    let hosts = hosts();
    turn(&hosts, "a.localhost:81", "127.0.0.1", 0).end(&ok(5000), at(5));
    turn(&hosts, "a.localhost:81", "127.0.0.1", 5).end(&ok(10), at(5));
    hosts.set_crawl_delay("a.localhost:81", Some(SignedDuration::from_secs(3)));
    assert!(matches!(hosts.ask("a.localhost:81", ip("127.0.0.1"), at(5)), Answer::Wait(until, _) if until == at(8)));
}

#[test]
fn a_crawl_delay_of_any_length_is_kept() {
    let hosts = hosts();
    turn(&hosts, "a.example", "192.0.2.1", 0).end(&ok(10), at(0));
    hosts.set_crawl_delay("a.example", Some(SignedDuration::from_hours(24)));
    assert_eq!(next(&hosts, "a.example"), 86_400);
    turn(&hosts, "a.example", "192.0.2.1", 86_400).end(&ok(10), at(86_400));
    assert_eq!(next(&hosts, "a.example"), 2 * 86_400);
    assert!(hosts.state("a.example").expect("known").reason.expect("a reason").contains("86400 s"));
}

#[test]
fn too_many_parks_the_host() {
    for (ended, expected) in [
        (status(429, Some(120)), 120),
        (status(503, Some(120)), 120),
        (status(429, Some(0)), 2),
        (status(429, None), 60),
        (status(500, None), 2),
        (status(404, None), 2),
        (Ended::Failed("no header".into()), 60),
        (Ended::NoNetwork, 60),
    ] {
        let hosts = hosts();
        turn(&hosts, "a.example", "192.0.2.1", 0).end(&ended, at(0));
        assert_eq!(next(&hosts, "a.example"), expected, "{ended:?}");
        turn(&hosts, "b.example", "192.0.2.2", 0).end(&ok(1), at(0));
    }
}

#[test]
fn pauses_double_and_a_good_answer_ends_them() {
    let hosts = hosts();
    let mut now = 0;
    for expected in [60, 120, 240, 480] {
        turn(&hosts, "a.example", "192.0.2.1", now).end(&status(503, None), at(now));
        assert_eq!(next(&hosts, "a.example") - now, expected);
        now += expected;
    }
    for _ in 0..40 {
        turn(&hosts, "a.example", "192.0.2.1", now).end(&Ended::Failed("timed out".into()), at(now));
        now = next(&hosts, "a.example");
    }
    turn(&hosts, "a.example", "192.0.2.1", now).end(&Ended::Failed("timed out".into()), at(now));
    assert_eq!(next(&hosts, "a.example") - now, 6 * 3600);
    now += 6 * 3600;
    turn(&hosts, "a.example", "192.0.2.1", now).end(&ok(1), at(now));
    assert_eq!(next(&hosts, "a.example") - now, 2);
    now += 2;
    turn(&hosts, "a.example", "192.0.2.1", now).end(&status(503, None), at(now));
    assert_eq!(next(&hosts, "a.example") - now, 60);
}

#[test]
fn what_was_kept_holds_after_a_restart() {
    let hosts = hosts();
    let kept = HostState {
        reason: Some("it answered 429".into()),
        failures: 3,
        ..HostState::new("a.example", at(500), SignedDuration::from_secs(9))
    };
    hosts.claimed(&kept, ip("192.0.2.1"), Timestamp::MAX, at(0));
    let answer = hosts.ask("a.example", ip("192.0.2.1"), at(499));
    assert!(
        matches!(&answer, Answer::Wait(until, Some(why)) if *until == at(500) && why == "it answered 429"),
        "{answer:?}"
    );
    turn(&hosts, "a.example", "192.0.2.1", 500).end(&status(503, None), at(500));
    assert_eq!(next(&hosts, "a.example"), 500 + 8 * 60, "the fourth in a row");
    turn(&hosts, "a.example", "192.0.2.1", 980).end(&ok(1), at(980));
    let state = hosts.state("a.example").expect("known");
    assert_eq!((state.reason, state.failures), (None, 0));
    assert_eq!(state.address, Some(ip("192.0.2.1")));
}

#[test]
fn nothing_is_asked_that_is_not_ours() {
    let hosts = hosts();
    let state = HostState::new("a.example", Timestamp::MIN, SignedDuration::ZERO);
    assert!(matches!(hosts.ask("a.example", ip("192.0.2.1"), at(0)), Answer::Unclaimed));
    hosts.claimed(&state, ip("192.0.2.1"), at(10), at(0));
    turn(&hosts, "b.example", "192.0.2.2", 0).end(&ok(1), at(0));
    assert!(matches!(hosts.ask("a.example", ip("192.0.2.2"), at(0)), Answer::Turn(_)), "host and address are ours");
    assert!(matches!(hosts.ask("a.example", ip("192.0.2.3"), at(5)), Answer::Unclaimed), "another address is not");
    hosts.renewed(at(20), at(9));
    assert!(matches!(hosts.ask("a.example", ip("192.0.2.1"), at(15)), Answer::Turn(_)));
    assert!(matches!(hosts.ask("a.example", ip("192.0.2.1"), at(20)), Answer::Unclaimed), "the claim ran out");
    hosts.renewed(at(50), at(30));
    assert!(matches!(hosts.ask("a.example", ip("192.0.2.1"), at(30)), Answer::Unclaimed), "and is not renewed");
}

#[test]
fn idle_hosts_are_given_back_with_what_is_known_of_them() {
    let hosts = hosts();
    turn(&hosts, "a.example", "192.0.2.1", 0).end(&status(429, Some(500)), at(0));
    turn(&hosts, "b.example", "192.0.2.2", 0).end(&ok(1), at(0));
    let under_way = turn(&hosts, "c.example", "192.0.2.3", 0);
    turn(&hosts, "d.example", "192.0.2.4", 100).end(&ok(1), at(100));
    let retired = hosts.retire(at(60), &["b.example".to_owned()]);
    assert_eq!(retired.len(), 1, "one is busy, one under way, one was used just now: {retired:?}");
    assert_eq!((retired[0].host.as_str(), retired[0].next), ("a.example", at(500)));
    assert!(matches!(hosts.ask("a.example", ip("192.0.2.1"), at(600)), Answer::Unclaimed));
    assert!(matches!(hosts.ask("b.example", ip("192.0.2.2"), at(600)), Answer::Turn(_)));
    under_way.end(&ok(1), at(100));
}

#[test]
fn a_days_budget_is_kept() {
    let pace = Pace { day_budget: Some(3), gap: SignedDuration::ZERO, ..Pace::default() };
    let hosts = Hosts::new(pace);
    let kept = HostState { requests: 1, ..HostState::new("a.example", at(0), SignedDuration::ZERO) };
    hosts.claimed(&kept, ip("192.0.2.1"), Timestamp::MAX, at(0));
    turn(&hosts, "a.example", "192.0.2.1", 0).end(&ok(0), at(0));
    turn(&hosts, "a.example", "192.0.2.1", 1).end(&ok(0), at(1));
    let Answer::Wait(until, Some(why)) = hosts.ask("a.example", ip("192.0.2.1"), at(2)) else { panic!("a fourth") };
    assert!(why.contains("3 requests"), "{why}");
    // The next day by UTC begins.
    assert_eq!(until.as_second() % 86_400, 0);
    assert!(until > at(2) && until <= at(2 + 86_400));
    let tomorrow = until.as_second() - at(0).as_second();
    turn(&hosts, "a.example", "192.0.2.1", tomorrow).end(&ok(0), until);
}

#[test]
fn a_dropped_turn_is_given_back() {
    let hosts = hosts();
    drop(turn(&hosts, "a.example", "192.0.2.1", 0));
    assert!(matches!(hosts.ask("a.example", ip("192.0.2.1"), at(0)), Answer::Wait(..)));
    let again = turn(&hosts, "a.example", "192.0.2.1", 10);
    again.end(&ok(1), at(10));
}

#[tokio::test]
async fn those_who_wait_are_rung_for() {
    // One waits for the host at its other address, one for the address under its other name.
    for (host, address) in [("a.localhost", "127.0.0.2"), ("b.localhost", "127.0.0.1")] {
        let hosts = hosts();
        claim(&hosts, host, address);
        let first = turn(&hosts, "a.localhost", "127.0.0.1", 0);
        let patience = SignedDuration::from_secs(600);
        let waiting = {
            let hosts = hosts.clone();
            tokio::spawn(async move { hosts.turn(host, ip(address), patience, &|| at(0)).await })
        };
        tokio::task::yield_now().await;
        first.end(&ok(1), at(0));
        let rung = tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("the bell was heard");
        rung.expect("no panic").expect("a turn").end(&ok(1), at(0));
    }
}

#[tokio::test]
async fn who_would_wait_too_long_is_put_off() {
    let hosts = hosts();
    let kept =
        HostState { reason: Some("for a test".into()), ..HostState::new("a.localhost", at(100), SignedDuration::ZERO) };
    hosts.claimed(&kept, ip("127.0.0.1"), Timestamp::MAX, at(0));
    let parked = hosts.turn("a.localhost", ip("127.0.0.1"), SignedDuration::from_secs(20), &|| at(0)).await;
    let expected = Parked { until: at(100), why: "for a test".into() };
    assert_eq!(parked.expect_err("parked"), NoTurn::Parked(expected));
    let _held = turn(&hosts, "b.localhost", "127.0.0.1", 0);
    let parked = hosts.turn("b.localhost", ip("127.0.0.1"), SignedDuration::ZERO, &|| at(0)).await;
    assert!(matches!(parked, Err(NoTurn::Parked(Parked { until, .. })) if until == at(1)));
}

#[test]
fn parked_are_those_whose_next_moment_lies_beyond() {
    let hosts = hosts();
    hosts.claimed(&HostState::new("b.example", at(60), SignedDuration::ZERO), ip("192.0.2.9"), Timestamp::MAX, at(0));
    turn(&hosts, "a.example", "192.0.2.1", 0).end(&status(429, Some(90)), at(0));
    turn(&hosts, "calm.example", "192.0.2.2", 0).end(&ok(10), at(0));
    let _under_way = turn(&hosts, "busy.example", "192.0.2.3", 0);
    assert_eq!(hosts.parked(at(30)), ["a.example", "b.example"]);
    // One that may go at `beyond` itself is not parked beyond it.
    assert_eq!(hosts.parked(at(60)), ["a.example"]);
    assert!(hosts.parked(at(90)).is_empty());
}

#[test]
fn a_name_without_an_address_rests() {
    let hosts = hosts();
    hosts.has_no_address("lost.example", "no address found", at(0));
    assert_eq!(next(&hosts, "lost.example"), 600);
    assert_eq!(hosts.parked(at(30)), ["lost.example"]);
    for _ in 0..6 {
        hosts.has_no_address("lost.example", "no address found", at(0));
    }
    assert_eq!(next(&hosts, "lost.example"), 64 * 60, "longer each time");
    assert_eq!(hosts.next_free(at(0)), None, "it is not one that only rests");
    turn(&hosts, "a.example", "192.0.2.1", 0).end(&ok(10), at(0));
    assert_eq!(hosts.next_free(at(0)), Some(at(2)));
    assert_eq!(hosts.next_free(at(2)), None);
}

#[test]
fn an_address_that_a_host_left_runs_out_and_one_in_use_keeps_its_hosts() {
    let hosts = hosts();
    let state = |host| HostState::new(host, Timestamp::MIN, SignedDuration::ZERO);
    hosts.claimed(&state("a.example"), ip("192.0.2.1"), at(10), at(0));
    hosts.claimed(&state("a.example"), ip("192.0.2.2"), at(10), at(0));
    hosts.renewed(at(100), at(5));
    assert!(matches!(hosts.ask("a.example", ip("192.0.2.2"), at(50)), Answer::Turn(_)));
    assert!(matches!(hosts.ask("a.example", ip("192.0.2.1"), at(50)), Answer::Unclaimed), "it lives elsewhere");
    // Its neighbour's request keeps the address, and with it the host whose claim stands for it.
    hosts.claimed(&state("b.example"), ip("192.0.2.2"), at(2000), at(51));
    turn(&hosts, "b.example", "192.0.2.2", 500).end(&ok(1), at(500));
    assert!(hosts.retire(at(400), &[]).is_empty());
    assert_eq!(hosts.retire(at(600), &[]).len(), 2);
}
