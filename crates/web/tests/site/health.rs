//! What an operator sees: hosts, lists that bring nothing, the log of requests.

use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::corpus::plant;
use crate::reader::Reader;

/// The texts of a table's rows, cell by cell, and where their links lead.
fn table(page: &Html, label: &str) -> Vec<Vec<String>> {
    let rows = Selector::parse(&format!("[aria-label='{label}'] tbody tr")).expect("a selector");
    let cells = Selector::parse("th, td").expect("a selector");
    let link = Selector::parse("a").expect("a selector");
    let text = |cell: scraper::ElementRef<'_>| {
        let mut text = cell.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
        text.extend(cell.select(&link).filter_map(|link| link.attr("href")).map(|href| format!(" -> {href}")));
        text
    };
    page.select(&rows).map(|row| row.select(&cells).map(text).collect()).collect()
}

#[tokio::test]
async fn the_status_tells_who_is_due_who_is_left_alone_and_what_ails() {
    let corpus = plant().await;
    let status = Reader::of(&corpus.site).json("/api/v1/status").await;
    assert_eq!(
        status["hosts"],
        json!([
            { "host": "ledger.example", "due": 1, "in_flight": 0 },
            { "host": "tzofe.example", "due": 1, "in_flight": 0 },
        ])
    );
    assert_eq!(
        status["parked"],
        json!([{
            "host": "slow.example",
            "until": "2021-07-22T00:00:00Z",
            "gap_ms": 10_000,
            "reason": "answered 503 <twice>",
        }])
    );
    assert_eq!(
        status["ailing"],
        json!([
            {
                "outlet": "rasad",
                "kind": "feed",
                "url": "https://rasad.example/feed",
                "state": "failing",
                "since": "2021-07-20T09:00:00Z",
                "reason": "timeout <after> 30 s",
                "changed": null,
                "failures": 3,
            },
            {
                "outlet": "tzofe",
                "kind": "feed",
                "url": "https://tzofe.example/feed",
                "state": "silent",
                "since": null,
                "reason": null,
                "changed": "2021-06-01T00:00:00Z",
                "failures": 0,
            },
        ])
    );
    assert_eq!(status["blocked"], json!([{ "outlet": "ledger", "pages": 1 }]));
    let count = |kind: &str, state: &str| {
        let rows = status["frontier"].as_array().expect("rows");
        rows.iter().find(|row| row["kind"] == kind && row["state"] == state).map(|row| row["count"].clone())
    };
    assert_eq!((count("feed", "open"), count("page", "gone")), (Some(2.into()), Some(1.into())));
}

#[tokio::test]
async fn a_host_is_told_with_its_requests() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let host = reader.json("/api/v1/status/hosts/slow.example").await;
    for (field, expected) in [
        ("address", json!("192.0.2.7")),
        ("until", json!("2021-07-22T00:00:00Z")),
        ("gap_ms", json!(10_000)),
        ("failures", json!(2)),
        // Those of the day before do not count.
        ("requests", json!(0)),
        ("reason", json!("answered 503 <twice>")),
    ] {
        assert_eq!(host[field], expected, "{field}");
    }
    let log = host["log"].as_array().expect("a log");
    assert_eq!(log.len(), 3);
    assert_eq!(
        log[1],
        json!({
            "at": "2021-07-20T09:00:10Z",
            "url": "https://slow.example/<a>",
            "robots": "allowed by 'Allow: /<a>' (line 3)",
            "waited_ms": 2500,
            "gap_ms": 10_000,
            "took_ms": 340,
            "status": 503,
            "bytes": 1234,
            "failure": null,
        })
    );
    assert_eq!((&log[0]["took_ms"], &log[0]["failure"]), (&Value::Null, &json!("robots.txt disallows it")));
    let one = reader.json("/api/v1/status/hosts/slow.example?limit=1").await;
    assert_eq!(one["log"], json!([log[0]]), "the newest");
    for (address, status, field) in [
        ("/api/v1/status/hosts/nobody.example", 404, "host"),
        ("/api/v1/status/hosts/slow.example?limit=0", 400, "limit"),
        ("/api/v1/status/hosts/slow.example?limit=1001", 400, "limit"),
        ("/api/v1/status/hosts/slow.example?after=1", 400, "after"),
    ] {
        let problem = reader.problem(address).await;
        assert_eq!((&problem["status"], &problem["field"]), (&status.into(), &field.into()), "{address}: {problem}");
    }
}

#[tokio::test]
async fn the_pages_show_the_same() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let status = reader.page("/status").await;
    let host = "slow.example -> /status/hosts/slow.example";
    assert_eq!(
        table(&status, "Hosts left alone for now"),
        [[host, "22 July 2021, 00:00 UTC", "answered 503 <twice>", "10 s"]]
    );
    assert_eq!(table(&status, "Hosts with work")[0], ["ledger.example -> /status/hosts/ledger.example", "1", "0"]);
    assert_eq!(
        table(&status, "Lists that bring nothing"),
        [
            [
                "رصد -> /outlets/rasad",
                "failing 3 in a row",
                "20 July 2021, 09:00 UTC",
                "timeout <after> 30 s",
                "feed https://rasad.example/feed",
            ],
            [
                "הצופה -> /outlets/tzofe",
                "silent",
                "1 June 2021, 00:00 UTC",
                "nothing new",
                "feed https://tzofe.example/feed",
            ],
        ]
    );
    assert_eq!(table(&status, "Pages that are not for us"), [["The <i>Ledger</i> -> /outlets/ledger", "1"]]);

    let outlet = reader.page("/outlets/ledger").await;
    let link = Selector::parse("aside a[href^='/status/hosts/']").expect("a selector");
    let links: Vec<_> = outlet.select(&link).collect();
    assert_eq!(links.len(), 1, "one host was asked");
    assert_eq!(links[0].attr("href"), Some("/status/hosts/ledger.example"));

    let host = reader.page("/status/hosts/slow.example").await;
    let (url, robots) = ("https://slow.example/<a>", "allowed by 'Allow: /<a>' (line 3)");
    assert_eq!(
        table(&host, "Requests, newest first"),
        [
            ["2021-07-20 09:00:20 UTC", "not asked: robots.txt disallows it", url, robots, "2.5 s", "", "1,234",],
            ["2021-07-20 09:00:10 UTC", "503", url, robots, "2.5 s", "340 ms", "1,234"],
            ["2021-07-20 09:00:00 UTC", "200", url, robots, "2.5 s", "340 ms", "1,234"],
        ]
    );
    let unknown = reader.get("/status/hosts/nobody.example").await;
    assert_eq!((unknown.status.as_u16(), unknown.header("content-type")), (404, "text/html; charset=utf-8"));
}

#[tokio::test]
async fn what_is_gone_is_listed_like_what_is_blocked() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let ledger = reader.json("/api/v1/outlets/ledger").await;
    assert_eq!(ledger["gone"][0]["url"], "https://ledger.example/gone");
    assert_eq!(ledger["gone"][0]["reason"], "it answered 410");
    assert_eq!(ledger["blocked"].as_array().map(Vec::len), Some(1));
    let page = reader.page("/outlets/ledger").await;
    let addresses: Vec<_> = table(&page, "Addresses").into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(
        addresses,
        ["feed https://ledger.example/feed", "page https://ledger.example/wall", "page https://ledger.example/gone"]
    );
}
