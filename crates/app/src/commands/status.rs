//! `courant status`: how the crawl, the log and the index stand, worst first; `--host`, what a host was
//! asked. Each part is made of lines in columns, so that a test reads what a person does.

use anyhow::Result;
use courant_exchange::{AilingList, HostAccount, RequestLine, Status};
use jiff::Timestamp;
use url::form_urlencoded;

use crate::cli::StatusArgs;
use crate::settings::Settings;
use crate::{Ended, output};

use super::desk::{Asking, Desk};
use super::open;
use super::paint::{Paint, visible};

/// Rows of a part, and requests to a host, that are shown to a person.
const SHOWN: usize = 20;
/// Requests that `--json` prints.
const LOG: usize = 1000;

pub(super) async fn status(settings: Settings, args: &StatusArgs) -> Result<Ended> {
    let place = open(settings).await?;
    let desk = Desk::over(&place);
    let Some(host) = &args.host else {
        let Some(status): Option<Status> = desk.get("/status", Asking::default()).await? else {
            return Ok(Ended::NothingFound);
        };
        return tell(&status, args.json, lines);
    };
    let asking = Asking::default().with("limit", &if args.json { LOG } else { SHOWN }.to_string());
    let path = format!("/status/hosts/{}", form_urlencoded::byte_serialize(host.as_bytes()).collect::<String>());
    let Some(told): Option<HostAccount> = desk.get(&path, asking).await? else {
        output::say(format!(
            "nothing is known of host {host}: name it with its port, where that is not the usual one, and its www., \
             where it has that"
        ));
        return Ok(Ended::NothingFound);
    };
    tell(&told, args.json, host_lines)
}

/// How a heading is made to stand out.
type Bold<'a> = &'a dyn Fn(&str) -> String;

fn tell<T: serde::Serialize>(what: &T, json: bool, lines: fn(&T, Bold<'_>) -> Vec<String>) -> Result<Ended> {
    if json {
        output::json(what)?;
    } else {
        let paint = Paint::for_stdout();
        lines(what, &|text| paint.bold(text)).iter().for_each(output::line);
    }
    Ok(Ended::Done)
}

fn lines(status: &Status, bold: Bold<'_>) -> Vec<String> {
    let indexed = status.indexed.map_or("not indexed: run `courant rebuild index`".to_owned(), |seq| {
        format!("indexed up to {seq}{}", behind(status.as_of, seq))
    });
    let placed = format!("placed up to {}{}", status.placed, behind(status.as_of, status.placed));
    let mut lines = vec![
        format!("{} articles, {} stories, {} outlets", status.articles, status.stories, status.outlets),
        format!("log at {}, {placed}, {indexed}", status.as_of),
    ];
    let mut part = |name: &str, rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            lines.push(bold(name));
            lines.extend(columns(&rows));
        }
    };
    part("lists that bring nothing", status.ailing.iter().map(ailing).collect());
    let parked = status.parked.iter().map(|host| {
        let reason = visible(host.reason.as_deref().unwrap_or("waiting for its turn"));
        vec![host.host.clone(), format!("until {}", moment(&host.until)), pause(host.gap_ms), reason]
    });
    part("hosts left alone (until when, pause, why)", parked.collect());
    let blocked = status.blocked.iter().map(|row| vec![row.outlet.clone(), format!("{:>7}", row.pages)]);
    part("pages that are not for us", blocked.collect());
    let hosts = status.hosts.iter().map(|host| {
        vec![host.host.clone(), format!("{:>7} due", host.due), format!("{:>4} in flight", host.in_flight)]
    });
    part("hosts with work", hosts.collect());
    let frontier = status.frontier.iter().map(|row| {
        vec![row.kind.clone(), row.state.clone(), format!("{:>8}", row.count), format!("{:>7} due", row.due)]
    });
    part("addresses to visit", frontier.collect());
    lines
}

fn behind(as_of: u64, seq: u64) -> String {
    match as_of.saturating_sub(seq) {
        0 => String::new(),
        rows => format!(" ({rows} behind)"),
    }
}

fn ailing(list: &AilingList) -> Vec<String> {
    let why = match (list.state.as_str(), &list.reason, &list.changed) {
        ("silent", _, Some(changed)) => format!("nothing new since {}", moment(changed)),
        ("silent", _, None) => "it never brought anything new".to_owned(),
        (_, reason, _) => {
            let since = list.since.as_deref().map(|since| format!("since {}", moment(since)));
            let failures = (list.failures > 1).then(|| format!("{} in a row", list.failures));
            let facts: Vec<String> = [since, failures, reason.as_deref().map(visible)].into_iter().flatten().collect();
            facts.join(", ")
        }
    };
    vec![list.state.clone(), list.kind.clone(), list.outlet.clone(), visible(&list.url), why]
}

fn host_lines(told: &HostAccount, bold: Bold<'_>) -> Vec<String> {
    let mut facts = vec![format!("not before {}", moment(&told.until)), format!("pause {}", pause(told.gap_ms))];
    facts.push(format!("{} requests today", told.requests));
    if told.failures > 0 {
        facts.push(format!("{} failures in a row", told.failures));
    }
    facts.extend(told.address.as_ref().map(|address| format!("last asked at {address}")));
    let mut lines = vec![bold(&told.host), facts.join(", ")];
    lines.extend(told.reason.as_deref().map(|reason| format!("left alone: {}", visible(reason))));
    let rows: Vec<Vec<String>> = told.log.iter().map(request).collect();
    lines.extend(columns(&rows));
    lines
}

fn request(line: &RequestLine) -> Vec<String> {
    let took = line.took_ms.map_or("not asked".to_owned(), |took| format!("took {}", pause(took)));
    vec![
        moment(&line.at),
        line.status.map_or("---".to_owned(), |status| status.to_string()),
        format!("waited {}", pause(line.waited_ms)),
        took,
        format!("{:>9} bytes", line.bytes),
        visible(&line.url),
        [Some(&line.robots), line.failure.as_ref()]
            .into_iter()
            .flatten()
            .map(|text| visible(text))
            .collect::<Vec<_>>()
            .join("; "),
    ]
}

/// `2021-07-20 09:00:01 UTC`, as people read it.
fn moment(instant: &str) -> String {
    match instant.parse::<Timestamp>() {
        Ok(moment) => moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => visible(instant),
    }
}

fn pause(millis: u64) -> String {
    match millis {
        ..1000 => format!("{millis} ms"),
        _ => format!("{}.{} s", millis / 1000, millis % 1000 / 100),
    }
}

/// No column is wider than this, but for the last: one long value must not push all others away.
const WIDEST: usize = 60;

/// Rows as indented lines, their columns one below the other; of a long list the first rows, and how many
/// more there are.
fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let shown = &rows[..rows.len().min(SHOWN)];
    let count = shown.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| shown.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or_default().min(WIDEST)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("  {cell:<width$}"));
        cells.collect::<String>().trim_end().to_owned()
    };
    let mut lines: Vec<String> = shown.iter().map(line).collect();
    if rows.len() > SHOWN {
        lines.push(format!("  and {} more", rows.len() - SHOWN));
    }
    lines
}

#[cfg(test)]
mod tests {
    use courant_exchange::{BlockedPages, BusyHost, FrontierCount, ParkedHost};

    use super::*;

    fn list(
        state: &str,
        since: Option<&str>,
        reason: Option<&str>,
        changed: Option<&str>,
        failures: u32,
    ) -> AilingList {
        AilingList {
            outlet: "ledger".to_owned(),
            kind: "feed".to_owned(),
            url: "https://ledger.example/feed".to_owned(),
            state: state.to_owned(),
            since: since.map(str::to_owned),
            reason: reason.map(str::to_owned),
            changed: changed.map(str::to_owned),
            failures,
        }
    }

    fn account() -> Status {
        Status {
            version: "0.0.1".to_owned(),
            demonstration: false,
            as_of: 120,
            placed: 118,
            indexed: Some(120),
            analyser: None,
            index_schema: None,
            extractor: 1,
            articles: 12,
            stories: 3,
            outlets: 40,
            frontier: vec![FrontierCount { kind: "feed".to_owned(), state: "open".to_owned(), count: 34, due: 2 }],
            hosts: (0..22).map(|n| BusyHost { host: format!("{n}.example"), due: 22 - n, in_flight: 1 }).collect(),
            parked: vec![ParkedHost {
                host: "slow.example:8080".to_owned(),
                until: "2021-07-22T00:00:00.123456Z".to_owned(),
                gap_ms: 10_000,
                reason: Some("answered 503\u{1b}[2J".to_owned()),
            }],
            ailing: vec![
                list("failing", Some("2021-07-20T09:00:00Z"), Some("timeout"), None, 3),
                list("silent", None, None, Some("2021-06-01T00:00:00Z"), 0),
                list("silent", None, None, None, 0),
            ],
            blocked: vec![BlockedPages { outlet: "ledger".to_owned(), pages: 1 }],
        }
    }

    #[test]
    fn the_worst_comes_first_in_columns() {
        let told = lines(&account(), &str::to_owned);
        let expected = [
            "12 articles, 3 stories, 40 outlets",
            "log at 120, placed up to 118 (2 behind), indexed up to 120",
            "lists that bring nothing",
            "  failing  feed  ledger  https://ledger.example/feed  since 2021-07-20 09:00:00 UTC, 3 in a row, timeout",
            "  silent   feed  ledger  https://ledger.example/feed  nothing new since 2021-06-01 00:00:00 UTC",
            "  silent   feed  ledger  https://ledger.example/feed  it never brought anything new",
            "hosts left alone (until when, pause, why)",
            "  slow.example:8080  until 2021-07-22 00:00:00 UTC  10.0 s  answered 503 [2J",
            "pages that are not for us",
            "  ledger        1",
            "hosts with work",
            "  0.example        22 due     1 in flight",
        ];
        assert_eq!(told[..expected.len()], expected);
        let ends = ["  19.example        3 due     1 in flight", "  and 2 more", "addresses to visit"];
        assert_eq!(told[told.len() - 4..told.len() - 1], ends);
        assert_eq!(told.last().map(String::as_str), Some("  feed  open        34        2 due"));
    }

    #[test]
    fn a_host_is_told_one_request_a_line() {
        let request = |status: Option<u16>, url: &str| RequestLine {
            at: "2021-07-20T09:00:10.5Z".to_owned(),
            url: url.to_owned(),
            robots: "allowed by 'Allow: /'".to_owned(),
            waited_ms: 2540,
            gap_ms: 10_000,
            took_ms: status.map(|_| 340),
            status,
            bytes: 1234,
            failure: status.is_none().then(|| "put off".to_owned()),
        };
        let told = HostAccount {
            host: "slow.example".to_owned(),
            address: Some("192.0.2.7".to_owned()),
            until: "2021-07-22T00:00:00Z".to_owned(),
            gap_ms: 10_000,
            failures: 2,
            requests: 5,
            reason: Some("answered 503".to_owned()),
            log: vec![request(Some(200), "https://slow.example/a"), request(None, "https://slow.example/longer")],
        };
        let expected = [
            "slow.example",
            "not before 2021-07-22 00:00:00 UTC, pause 10.0 s, 5 requests today, 2 failures in a row, last asked at \
             192.0.2.7",
            "left alone: answered 503",
            "  2021-07-20 09:00:10 UTC  200  waited 2.5 s  took 340 ms       1234 bytes  https://slow.example/a       \
             allowed by 'Allow: /'",
            "  2021-07-20 09:00:10 UTC  ---  waited 2.5 s  not asked         1234 bytes  https://slow.example/longer  \
             allowed by 'Allow: /'; put off",
        ];
        assert_eq!(host_lines(&told, &str::to_owned), expected);
    }

    #[test]
    fn one_long_value_pushes_nothing_away() {
        let rows = [vec!["x".repeat(200), "a".to_owned()], vec!["y".to_owned(), "b".to_owned()]];
        let told = columns(&rows);
        assert!(told[0].ends_with("x  a") && told[0].len() == 205, "{}", told[0]);
        assert_eq!(told[1].len(), 2 + WIDEST + 3);
    }
}
