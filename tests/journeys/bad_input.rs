//! Wrong input of every kind: one clear line on stderr that names it, exit 2 (or a note and an
//! answer, where there is one), and never a panic.

use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use courant_tests::{Courant, demo, free_port, http};

const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn an_unknown_flag_command_or_value_is_named() {
    let courant = Courant::new("");
    for (args, told) in [
        (&["search", "--frobnicate", "x"][..], "--frobnicate"),
        (&["frobnicate"], "frobnicate"),
        (&["search", "--limit", "many", "x"], "many"),
        (&["search", "--limit", "0", "x"], "0"),
        (&["search", "--sort", "best", "x"], "best"),
        (&["serve", "--bind", "everywhere"], "everywhere"),
        (&["inspect", "page"], "INPUT"),
        (&["import", "warc"], "PATH"),
    ] {
        courant.run(args).failed_with(&[told]);
    }
}

#[test]
fn a_wrong_setting_is_named_with_its_line() {
    for (settings, told) in [
        ("[crawl]\ngap = 3\n", &["courant.toml", "line 2", "gap"][..]),
        ("frob = 1\n", &["courant.toml", "frob"]),
        ("[serve]\nbind = 8080\n", &["courant.toml", "line 2"]),
        ("data_dir = \n", &["courant.toml", "line 1"]),
        ("[crawl]\ngap_seconds = 0.1\n", &["gap_seconds", "0.1"]),
        ("[crawl]\nvisits = 0\n", &["visits"]),
        ("[stories]\njoin = 7.0\n", &["join"]),
        ("[log]\nlevel = \"=loud=\"\n", &["level"]),
        ("[record]\nurl = \"carrier-pigeon:\"\n", &["carrier-pigeon"]),
        ("[index]\nurl = \"card-index:\"\n", &["card-index"]),
        ("[catalogue]\nfolder = \"no-such-folder\"\n", &["no-such-folder"]),
    ] {
        Courant::new(settings).run(&["status"]).failed_with(told);
    }
    let courant = Courant::new("");
    courant.run(&["--settings", "no-such-file.toml", "status"]).failed_with(&["no-such-file.toml"]);
}

#[test]
fn a_wrong_catalogue_file_is_named() {
    let courant = Courant::new("[catalogue]\nfolder = \"mine\"\n");
    let outlets = courant.home().join("mine/outlets");
    std::fs::create_dir_all(&outlets).expect("made");
    std::fs::write(outlets.join("gazette.toml"), "name = \"Gazette\"\nhosts = []\nfeed = []\n").expect("written");
    courant.run(&["outlets", "list"]).failed_with(&["outlets/gazette.toml", "feed"]);
}

#[test]
fn a_data_directory_that_cannot_be_used_is_named() {
    let courant = Courant::new("");
    let file = courant.home().join("a-file");
    std::fs::write(&file, "not a folder").expect("written");
    let check = |dir: &Path| {
        let dir = dir.to_str().expect("UTF-8");
        courant.run(&["--data-dir", dir, "status"]).failed_with(&[dir]);
        courant.run(&["--data-dir", dir, "demo", "--once", "--newsroom", "127.0.0.1:0"]).failed_with(&[dir]);
    };
    check(&file);
    check(&file.join("below"));
    // Nobody may make a folder there, not even root.
    check(Path::new("/proc/courant-data"));
}

#[test]
fn a_damaged_record_or_index_is_named() {
    let courant = Courant::new("");
    std::fs::create_dir_all(courant.data()).expect("made");
    std::fs::write(courant.data().join("record.sqlite"), "this is no database at all\n".repeat(400)).expect("written");
    courant.run(&["status"]).failed_with(&["record.sqlite"]);

    let courant = Courant::new("");
    courant.run(&["curate", "--once"]).done();
    std::fs::write(courant.data().join("index/current"), "no-such-generation\n").expect("written");
    let search = courant.run(&["search", "anything"]);
    search.failed_with(&["index"]);
}

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    let courant = Courant::new("[crawl]\ncontact = \"mailto:desk@example.org\"\n[catalogue]\nbundled = false\n");
    courant.run(&["serve", "--bind", &address]).failed_with(&[&address, "--bind"]);
    courant.run(&["run", "--bind", &address]).failed_with(&[&address, "--bind"]);
    let courant = Courant::new("");
    courant.run(&["demo", "--once", "--bind", &address]).failed_with(&[&address]);
    courant.run(&["demo", "--once", "--newsroom", &address]).failed_with(&[&address]);
}

#[test]
fn a_demonstration_keeps_out_of_a_real_corpus() {
    let courant = Courant::new("[catalogue]\nbundled = false\n");
    courant.run(&["outlets", "list"]).did_not_panic();
    courant.run(&["demo", "--once"]).failed_with(&["no demonstration's", "--data-dir"]);
}

#[test]
fn only_loopback_is_listened_on() {
    let courant = Courant::new("");
    courant.run(&["serve", "--bind", "0.0.0.0:0"]).failed_with(&["0.0.0.0:0", "loopback"]);
    courant.run(&["serve", "--bind", "192.0.2.1:80"]).failed_with(&["192.0.2.1:80", "loopback"]);
}

#[test]
fn a_second_curator_on_one_place_ends_at_once() {
    let courant = Courant::new("[crawl]\ncontact = \"mailto:desk@example.org\"\n[catalogue]\nbundled = false\n");
    let mut first = courant.start(&["run", "--bind", &format!("127.0.0.1:{}", free_port())]);
    first.line("the site is at", PATIENCE);
    for args in [&["curate"][..], &["curate", "--once"], &["run", "--bind", "127.0.0.1:0"], &["rebuild", "index"]] {
        let begun = Instant::now();
        courant.run(args).failed_with(&["curator"]);
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(1), "courant {args:?} took {took:?}");
    }
    assert!(first.is_alive(), "the first one goes on");
    first.stop(PATIENCE).done();
    courant.run(&["curate", "--once"]).done();
}

#[test]
fn without_a_contact_nothing_is_crawled_and_the_line_to_add_is_told() {
    let courant = Courant::new("");
    for args in [&["crawl", "--once"][..], &["run", "--bind", "127.0.0.1:0"]] {
        courant.run(args).failed_with(&["[crawl]", "contact = \""]);
    }
}

#[test]
fn what_does_not_exist_is_named() {
    let courant = Courant::new("[crawl]\ncontact = \"mailto:desk@example.org\"\n");
    courant.run(&["outlets", "show", "the-daily-nothing"]).failed_with(&["the-daily-nothing"]);
    courant.run(&["crawl", "--once", "--outlet", "the-daily-nothing"]).failed_with(&["the-daily-nothing"]);
    courant.run(&["stories", "show", "zebra"]).failed_with(&["zebra"]);
    courant.run(&["diff", "zebra"]).failed_with(&["zebra"]);
    courant.run(&["import", "warc", "no-such-file.warc.gz"]).failed_with(&["no-such-file.warc.gz"]);
    courant.run(&["inspect", "page", "no-such-file.html"]).failed_with(&["no-such-file.html"]);
    courant.run(&["inspect", "page", "--batch", "no-such-file.jsonl"]).failed_with(&["no-such-file.jsonl"]);
    courant.run(&["search", "--lang", "klingonese", "x"]).failed_with(&["klingonese"]);
    courant.run(&["search", "--from", "yesteryear", "x"]).failed_with(&["yesteryear"]);
    courant.run(&["search", "--story", "zebra", "x"]).failed_with(&["zebra"]);
}

#[test]
fn files_that_are_nonsense_are_read_with_notes() {
    let courant = Courant::new("");
    let noise: Vec<u8> = (0_u32..60_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let deep = format!("<html><body>{}text", "<div><b><table>".repeat(20_000));
    let xml = format!("<?xml version='1.0'?><rss><channel>{}", "<item><title>&unknown;<![CDATA[".repeat(5_000));
    for (name, bytes) in
        [("noise", noise), ("deep", deep.into_bytes()), ("broken", xml.into_bytes()), ("empty", Vec::new())]
    {
        let path = courant.home().join(name);
        std::fs::write(&path, bytes).expect("written");
        let path = path.to_str().expect("UTF-8");
        for kind in ["page", "feed", "sitemap", "robots"] {
            let read = courant.run(&["inspect", kind, "--url", "https://gazette.example/x", path]);
            read.did_not_panic();
            assert!(!read.stdout.is_empty() || read.stderr.lines().count() == 1, "{kind} {name}: {read:?}");
        }
        // A file that is no WARC has no pages; it may be said to be broken.
        let imported = courant.run(&["import", "warc", path]);
        imported.did_not_panic();
        assert!(!imported.stderr.is_empty(), "{name}: nothing said");
    }
}

#[test]
fn a_batch_with_broken_lines_is_answered_line_by_line() {
    let courant = Courant::new("");
    let batch = courant.home().join("batch.jsonl");
    let good = r#"{"id": "a", "url": "HTTPS://Gazette.example:443/x?utm_source=y#z"}"#;
    std::fs::write(&batch, format!("{good}\n{{not json\n\n{{\"id\": \"c\"}}\n{}\n", good.replace("\"a\"", "\"b\"")))
        .expect("written");
    let answered = courant.run(&["inspect", "url", "--json", "--batch", batch.to_str().expect("UTF-8")]);
    answered.did_not_panic();
    let answers: Vec<serde_json::Value> =
        answered.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON, one object a line")).collect();
    let of = |id: &str| answers.iter().find(|answer| answer["id"] == id);
    let canonical = of("a").expect("the first line is answered")["canonical"].clone();
    assert!(canonical.as_str().is_some_and(|url| url.starts_with("https://gazette.example/x")), "{canonical}");
    assert_eq!(
        of("b").map(|answer| &answer["canonical"]),
        Some(&canonical),
        "a broken line stops nothing: {answered:?}"
    );
}

#[test]
fn odd_queries_are_answered() {
    let deep = "(".repeat(5_000);
    let long = "слово ".repeat(300);
    let odd = [
        "\"",
        "((((",
        "))))",
        "AND",
        "OR OR",
        "NOT",
        "-",
        "- -",
        "*",
        "a*",
        "title:",
        "title:(",
        "outlet:\"",
        ":::",
        "lang:xx",
        "story:zebra",
        "[1 TO 2]",
        "{a TO b}",
        "a~9",
        "a^9",
        "\\",
        "\\\"",
        "\u{0}",
        "\u{202e}abc",
        "👩‍👩‍👧‍👦",
        "ﷺ",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "%",
        "\u{feff}",
        deep.as_str(),
        long.as_str(),
    ];
    let site = &demo().site;
    for query in odd {
        let shown: String = query.chars().take(40).collect();
        let answered = http::get(&format!("{site}/api/v1/search?q={}", http::encoded(query)));
        // A query is never wrong; one that no address can hold may be refused.
        assert!(
            answered.status == 200 || (query.len() > 1_000 && answered.status < 500),
            "{shown}: {}",
            answered.text()
        );
        let page = http::get(&format!("{site}/search?q={}", http::encoded(query)));
        assert!(page.status < 500, "{shown}: {}", page.status);
        assert!(!page.text().contains("<script>alert(1)"), "{shown}");
    }
    let courant = demo().courant();
    for query in odd.iter().filter(|query| !query.contains('\0') && query.len() < 100) {
        let found = courant.run(&["search", "--json", "--", query]);
        found.did_not_panic();
        assert!(matches!(found.code, Some(0 | 1)), "{query}: {found:?}");
    }
}
