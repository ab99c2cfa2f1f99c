//! What servers answer in place of a page or a robots.txt, and what publishers reserve: public tables
//! of cases, told to a guest by a server on loopback where a server is what it takes.

use std::sync::Arc;
use std::time::Duration;

use courant_crawl::tdmrep::Reservations;
use courant_crawl::{Answer, Ended, Ending, Guest, Hosts, Ledger, Pace, headers};
use courant_model::{HostState, OriginFile, Rights, Target};
use courant_text::Hints;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::Url;

use crate::server::{Memory, Pages, Server, after, guest_with, page, visit};
use crate::suites::{Figure, from_base64, list, rows, say, text};

#[tokio::test]
async fn what_servers_answer_is_read_as_the_rfc_has_it() {
    let mut figure = Figure::new("robots_http_semantics", "all");
    for row in rows("robots_http_semantics") {
        let (fetch, mut right) = (&row["input"]["robots_fetch"], true);
        for (key, want) in row["expected"].as_object().expect("an object") {
            right &= match key.as_str() {
                "allowed" => goes_where_it_may(fetch, want).await,
                "min_gap_s" => keeps_the_gap(fetch, want).await,
                "terminates" => ends(fetch).await,
                "host_paused" => pauses(&fetch["page"], want),
                // What a pause is tested with.
                "other_hosts" => *want == "unaffected",
                "policy_note" | "note" => true,
                _ => unknown(key, want),
            };
        }
        figure.add(right, &row);
    }
    figure.end(1.0);
}

/// An expectation that this test has no words for is not held to be met.
fn unknown(key: &str, want: &Value) -> bool {
    say(&format!("robots_http_semantics: no test for {key} {want}"));
    false
}

/// A table's robots.txt in front of a guest, and pages behind it.
struct Stage {
    server: Server,
    ledger: Arc<Memory>,
}

impl Stage {
    async fn of(fetch: &Value) -> Self {
        let server = Server::new(|_| answers(fetch)).await;
        let cached = &fetch["cached"];
        let ledger = match cached["age_h"].as_i64() {
            Some(hours) => {
                let kept = text(&cached["body"]).as_bytes();
                Memory::knowing(&server.origin("press"), OriginFile::Robots, kept, after(-3600 * hours))
            }
            None => Memory::default(),
        };
        Self { server, ledger: Arc::new(ledger) }
    }

    fn guest(&self) -> Guest {
        guest_with(0, Arc::clone(&self.ledger) as Arc<dyn Ledger>)
    }
}

/// Whether a guest that meets this robots.txt goes where it may and nowhere else.
async fn goes_where_it_may(fetch: &Value, allowed: &Value) -> bool {
    let mut right = allowed.is_object();
    for (path, want) in allowed.as_object().into_iter().flatten() {
        // Each path on a stage of its own: a host that is parked says nothing about the next.
        let stage = Stage::of(fetch).await;
        let mut target = stage.server.target("press", path);
        if fetch["error"] == "dns-failure" {
            target = Target { ask: format!("http://press.invalid{path}"), ..target };
        }
        let went = visit(&stage.guest(), &target).await.ending == Ending::Answered;
        let stricter = !went && matches!(fetch["status"].as_u64(), Some(401 | 403));
        right &= match want {
            Value::Bool(want) => *want == went || stricter,
            // Either answer is one of those that the words name.
            _ => {
                matches!(text(want), "per cached copy or disallow" | "MAY allow after >30 days") || unknown(path, want)
            }
        };
        // The page itself is the last request. Redirects are followed five times, never without end.
        let asked = stage.server.requests();
        let page_asked = asked.iter().any(|asked| *asked == format!("press {path}"));
        right &= page_asked == went && asked.len() <= 1 + 5 + usize::from(went);
    }
    right
}

/// Whether the host of this robots.txt is asked no sooner than it wants.
async fn keeps_the_gap(fetch: &Value, want: &Value) -> bool {
    let stage = Stage::of(fetch).await;
    let guest = stage.guest();
    visit(&guest, &stage.server.target("press", "/y")).await;
    // Hosts of the stage have no gap of their own.
    let gap = guest.hosts().state(&stage.server.host("press")).map(|state| state.gap.as_secs_f64());
    match (want.as_f64(), text(want)) {
        (Some(seconds), _) => gap.is_some_and(|gap| gap >= seconds),
        (None, "ignored -> default") => gap == Some(0.0),
        (None, "ignored or 3") => gap == Some(0.0) || gap == Some(3.0),
        _ => unknown("min_gap_s", want),
    }
}

/// Whether a visit ends at all.
async fn ends(fetch: &Value) -> bool {
    let stage = Stage::of(fetch).await;
    let (guest, target) = (stage.guest(), stage.server.target("press", "/y"));
    tokio::time::timeout(Duration::from_secs(5), visit(&guest, &target)).await.is_ok()
}

fn body_of(answer: &Value) -> Vec<u8> {
    match answer["body_b64"].as_str() {
        Some(encoded) => from_base64(encoded),
        None => text(&answer["body"]).into(),
    }
}

/// The row's robots.txt, and pages beside it.
fn answers(fetch: &Value) -> Pages {
    let mut all: Pages = ["/x", "/y"].into_iter().map(|path| (path.to_owned(), page("a page").into_bytes())).collect();
    let last = if fetch["final"].is_object() { &fetch["final"] } else { fetch };
    let status = last["status"].as_u64().unwrap_or(200);
    // A server that says nothing is one whose answer does not come in time.
    let slow = if fetch["error"].is_string() { "X-Slow: 1\n" } else { "" };
    let content_type = last["content_type"].as_str().unwrap_or("text/plain");
    let mut answer = format!("{status} Told\nContent-Type: {content_type}\n{slow}\n").into_bytes();
    answer.extend(body_of(last));
    let redirects = fetch["redirects"].as_u64().unwrap_or_default();
    let place = |step: u64| if step == 0 { "/robots.txt".to_owned() } else { format!("/rules{step}") };
    for step in 0..redirects {
        all.insert(place(step), format!("302 Found\nLocation: {}\n\n", place(step + 1)).into());
    }
    all.insert(place(redirects), answer);
    all
}

/// Whether a host that answers a page so is left alone for as long as it wants, and no other is.
fn pauses(page: &Value, want: &Value) -> bool {
    let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 * 56);
    let hosts = Hosts::new(Pace::default());
    for (host, last) in [("a.example", 1), ("b.example", 2)] {
        let state = HostState::new(host, Timestamp::MIN, SignedDuration::ZERO);
        hosts.claimed(&state, [192, 0, 2, last].into(), Timestamp::MAX, now);
    }
    let Answer::Turn(turn) = hosts.ask("a.example", [192, 0, 2, 1].into(), now) else { return false };
    let status = page["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
    let asked = page["headers"]["Retry-After"].as_str();
    let retry_after = headers::retry_after(asked, now);
    turn.end(&Ended::Answered { status, retry_after, elapsed: Duration::from_millis(10) }, now);
    let paused = hosts.state("a.example").map_or(SignedDuration::ZERO, |state| now.duration_until(state.next));
    let other = matches!(hosts.ask("b.example", [192, 0, 2, 2].into(), now), Answer::Turn(_));
    let (pace, seconds) = (Pace::default(), SignedDuration::from_secs(120));
    let right = match text(want) {
        ">=120 s" => paused >= seconds,
        "default delay" | "past => default" => paused == pace.gap,
        "default back-off" => paused == pace.back_off,
        "cap, no overflow" => paused > pace.back_off && paused <= SignedDuration::from_hours(24 * 7),
        "default back-off or 120+" => paused == pace.back_off || paused >= seconds,
        _ => unknown("host_paused", want),
    };
    right && other
}

#[test]
fn what_publishers_reserve_is_read_from_file_header_and_markup() {
    let mut figure = Figure::new("rights_reservation", "all");
    for row in rows("rights_reservation") {
        let (rights, expected) = (rights_of(&row["input"]), &row["expected"]);
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 * 57);
        let holds = |key: &str, want: &Value| match key {
            "reservation" => match want.as_str() {
                // "1 or unset"
                Some(_) => rights.tdm_reserved != Some(false),
                None => rights.tdm_reserved.map(u64::from) == want.as_u64(),
            },
            "index" => want.as_bool() == Some(!rights.hidden(now)),
            "snippet" => want.as_bool() == Some(rights.snippet_limit() != Some(0)),
            "snippet_max" => rights.snippet_limit().map(|most| most as u64) == want.as_u64(),
            "archive" => want.as_bool() == Some(!rights.noarchive),
            "follow" => want.as_bool() == Some(!rights.nofollow),
            "policy" | "tdm-policy" => rights.tdm_policy.as_deref() == want.as_str(),
            "ml" | "ai" | "noai" => want.as_bool() == Some(if key == "noai" { rights.noai } else { !rights.noai }),
            _ => {
                say(&format!("rights_reservation: no test for {key} {want}"));
                false
            }
        };
        let right = expected.as_object().expect("an object").iter().all(|(key, want)| holds(key, want));
        figure.add(right, &row);
    }
    figure.end(1.0);
}

/// The wishes of a row, from all that it has.
fn rights_of(input: &Value) -> Rights {
    let path = input["url"].as_str().unwrap_or("/");
    // The tables call the crawler "ourbot".
    let spelled = |value: &str| value.replace("ourbot", "courant");
    let mut fields = Vec::new();
    for (name, value) in input["http"].as_object().into_iter().flatten() {
        fields.push((name.clone(), text(value).to_owned()));
    }
    for value in list(&input["x_robots_tag"]) {
        fields.push(("X-Robots-Tag".to_owned(), spelled(text(value))));
    }
    let file = match input["wellknown"].is_null() {
        true => Reservations::default(),
        false => Reservations::parse(input["wellknown"].to_string().as_bytes()),
    };
    let of_origin = file.of(path).as_ref().map_or_else(Rights::default, headers::reserved_by_origin);
    let url = Url::parse("https://press.example").and_then(|origin| origin.join(path)).expect("an address");
    let html = format!("<html><head>{}</head><body></body></html>", spelled(text(&input["html"])));
    let page = courant_text::read(html.as_bytes(), Some("text/html"), &url, &Hints::default());
    of_origin.and(headers::rights(&fields, "courant")).and(page.rights)
}
