//! A rude newsroom: what Courant takes, what it leaves alone, and how politely it asks.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use courant_tests::{Answer, Courant, Newsroom, Visit, http, skipped, wait};
use serde_json::Value;

use crate::corpus::{array, text};

/// Between two requests to one host of ours.
const GAP: Duration = Duration::from_millis(250);
/// What a clock and a thread may be off.
const SLACK: Duration = Duration::from_millis(15);

/// A Courant that follows these hosts of the newsroom: each an outlet with `/feed.xml`.
fn following(newsroom: &Newsroom, hosts: &[&str]) -> Courant {
    let courant = Courant::new(&format!(
        "[catalogue]\nbundled = false\nfolder = \"mine\"\n\
         [crawl]\ncontact = \"https://desk.example/courant\"\nmax_body_mb = 2\n\
         connect_seconds = 2\nheader_seconds = 2\ntotal_seconds = 4\n\
         [[crawl.local]]\nnetwork = \"127.0.0.0/8\"\ngap_seconds = {}\n",
        GAP.as_secs_f64()
    ));
    let outlets = courant.home().join("mine/outlets");
    std::fs::create_dir_all(&outlets).expect("made");
    for host in hosts {
        let entry = format!(
            "name = \"{host}\"\nlanguages = [\"en\"]\nhosts = [\"{host}\"]\nhomepage = \"{}\"\nfeeds = [\"{}\"]\n",
            newsroom.url(host, "/"),
            newsroom.url(host, "/feed.xml")
        );
        let id = host.trim_end_matches(".localhost");
        std::fs::write(outlets.join(format!("{id}.toml")), entry).expect("written");
    }
    courant
}

/// An article whose every paragraph has `mark` in it.
pub(crate) fn article(title: &str, mark: &str) -> Answer {
    Answer::html(article_html(title, mark))
}

fn article_html(title: &str, mark: &str) -> String {
    let paragraph = format!(
        "<p>The council said on Tuesday that the {mark} contract would be looked at again, after two of its members \
         had asked how the price came about and who had signed for the harbour's side of the agreement.</p>\n"
    );
    format!(
        "<!doctype html><html lang=en><head><title>{title}</title><meta property=og:type content=article>\
         <meta property=og:title content=\"{title}\">\
         <meta property=article:published_time content=\"2026-03-02T09:30:00Z\"></head>\
         <body><article><h1>{title}</h1><p>By Nora Quill</p>{}</article></body></html>",
        paragraph.repeat(6)
    )
}

pub(crate) fn feed(newsroom: &Newsroom, host: &str, paths: &[&str]) -> Answer {
    let item = |path: &&str| {
        let url = newsroom.url(host, path);
        format!("<item><title>{path}</title><link>{url}</link><guid>{url}</guid></item>")
    };
    let items: String = paths.iter().map(item).collect();
    Answer::xml(format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{host}</title><link>{}</link>{items}</channel></rss>",
        newsroom.url(host, "/")
    ))
}

fn crawl(courant: &Courant) {
    courant.run(&["crawl", "--once"]).done().did_not_panic();
    courant.run(&["curate", "--once"]).done().did_not_panic();
}

fn search(courant: &Courant, query: &str) -> Value {
    let found = courant.run(&["search", "--json", "--limit", "100", "--", query]);
    found.did_not_panic();
    found.json()
}

fn account(courant: &Courant, outlet: &str) -> Value {
    courant.run(&["outlets", "show", outlet, "--json"]).done().json()
}

/// The one blocked address of an outlet, with its reason.
fn blocked(courant: &Courant, outlet: &str) -> (String, String) {
    let account = account(courant, outlet);
    let blocked = array(&account["blocked"]);
    assert_eq!(blocked.len(), 1, "{outlet}: {}", account["blocked"]);
    (text(&blocked[0]["url"]).to_owned(), text(&blocked[0]["reason"]).to_lowercase())
}

/// Nothing was asked beside something else, and between two requests lay at least `gap`.
fn check_politeness(visits: &[Visit], gap: Duration) {
    for visit in visits {
        assert_eq!(visit.beside, 0, "{} was asked beside another request", visit.request.path);
        let agent = visit.request.header("user-agent").unwrap_or_default();
        assert!(agent.starts_with("Courant/") && agent.contains("+https://desk.example/courant"), "{agent}");
    }
    for pair in visits.windows(2) {
        let pause = pair[1].begun.duration_since(pair[0].ended);
        assert!(pause + SLACK >= gap, "{:?} between {} and {}", pause, pair[0].request.path, pair[1].request.path);
    }
}

#[test]
fn robots_pauses_and_turns_are_kept() {
    let newsroom = Newsroom::open();
    let host = "gazette.localhost";
    newsroom.put(host, "/robots.txt", Answer::plain("User-agent: *\nDisallow: /private/\nAllow: /private/open\n"));
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &["/a", "/b", "/c", "/private/open", "/private/secret"]));
    for path in ["/a", "/b", "/c", "/private/open", "/private/secret"] {
        newsroom.put(host, path, article(&format!("Piece at {path}"), "dredging"));
    }
    let courant = following(&newsroom, &[host]);
    crawl(&courant);

    let paths = newsroom.paths(host);
    assert_eq!(paths.first().map(String::as_str), Some("/robots.txt"), "{paths:?}");
    assert_eq!(paths.iter().filter(|path| *path == "/robots.txt").count(), 1, "{paths:?}");
    assert!(!paths.iter().any(|path| path == "/private/secret"), "{paths:?}");
    check_politeness(&newsroom.visits(host), GAP);
    assert_eq!(search(&courant, "dredging")["total"], 4);
    let (url, reason) = blocked(&courant, "gazette");
    assert!(url.ends_with("/private/secret") && reason.contains("robots"), "{url}: {reason}");
}

#[test]
fn a_crawl_delay_is_kept_across_processes() {
    let newsroom = Newsroom::open();
    let host = "slow-lane.localhost";
    newsroom.put(host, "/robots.txt", Answer::plain("User-agent: courant\nCrawl-delay: 2\n"));
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &["/a", "/b"]));
    for path in ["/a", "/b"] {
        newsroom.put(host, path, article(&format!("Piece at {path}"), "ferry"));
    }
    let courant = following(&newsroom, &[host]);
    // Whether a process waits or leaves the rest for later, no request comes too early.
    let all = || ["/feed.xml", "/a", "/b"].iter().all(|path| newsroom.paths(host).iter().any(|asked| asked == path));
    wait("both pages", Duration::from_secs(60), || {
        courant.run(&["crawl", "--once"]).done();
        all().then_some(())
    });
    check_politeness(&newsroom.visits(host), Duration::from_secs(2));
}

#[test]
fn a_host_that_says_too_many_is_left_alone_as_a_whole() {
    let newsroom = Newsroom::open();
    let host = "crowded.localhost";
    let paths = ["/a", "/b", "/c"];
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &paths));
    for path in paths {
        newsroom.put(host, path, Answer::status(429).with("Retry-After", "3600"));
    }
    let courant = following(&newsroom, &[host]);
    crawl(&courant);
    crawl(&courant);
    let asked = newsroom.visits(host).into_iter().filter(|visit| visit.status == 429).count();
    assert_eq!(asked, 1, "{:?}", newsroom.paths(host));
    let name = format!("{host}:{}", newsroom.port());
    let kept = courant.run(&["status", "--json", "--host", &name]).done().json();
    assert!(kept["reason"].is_string() && kept["until"].is_string(), "{kept}");
}

#[test]
fn a_robots_file_that_cannot_be_had_refuses_everything() {
    let newsroom = Newsroom::open();
    let host = "ailing.localhost";
    newsroom.put(host, "/robots.txt", Answer::status(503));
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &["/a"]));
    newsroom.put(host, "/a", article("Not for now", "gangway"));
    let courant = following(&newsroom, &[host]);
    crawl(&courant);
    assert!(newsroom.paths(host).iter().all(|path| path == "/robots.txt"), "{:?}", newsroom.paths(host));
    assert_eq!(search(&courant, "gangway")["total"], 0);
}

#[test]
fn limits_of_size_and_time_hold_and_the_line_goes_on() {
    let newsroom = Newsroom::open();
    // Each on a host of its own: one that fails is left alone for a while.
    let monsters = [
        ("huge", Answer::sized(200 << 20)),
        ("endless", Answer::endless()),
        ("mute", Answer::hang_up()),
        ("late", article("Too late", "tardy").after(Duration::from_secs(6))),
        ("nonsense", Answer::html("\u{0}\u{1}\u{2} <<<>>> &#x110000;")),
        ("sound", article("A piece of the usual size", "quay")),
    ];
    let hosts = monsters.each_ref().map(|(name, _)| format!("{name}.localhost"));
    for (host, (_, answer)) in hosts.iter().zip(monsters) {
        newsroom.put(host, "/feed.xml", feed(&newsroom, host, &["/page"]));
        newsroom.put(host, "/page", answer);
    }
    let courant = following(&newsroom, &hosts.each_ref().map(String::as_str));
    crawl(&courant);

    for host in &hosts {
        let asked = || newsroom.visits(host).into_iter().find(|visit| visit.request.path == "/page");
        // A server may notice only later that nobody listens any more.
        let visit = wait(&format!("{host} to be visited"), Duration::from_secs(20), asked);
        let took = visit.ended.duration_since(visit.begun);
        assert!(took < Duration::from_secs(10), "{host} held us for {took:?}");
        assert!(visit.taken < 32 << 20, "{} bytes of {host} were taken", visit.taken);
    }
    for late_or_mute in ["late", "mute"] {
        let failing = array(&account(&courant, late_or_mute)["frontier"]).to_vec();
        assert!(failing.iter().any(|row| row["kind"] == "page" && row["state"] == "failing"), "{failing:?}");
    }
    assert_eq!(search(&courant, "tardy")["total"], 0);
    assert_eq!(search(&courant, "quay")["total"], 1, "the line goes on");
}

#[test]
fn a_broken_feed_is_told_and_stops_nobody() {
    let newsroom = Newsroom::open();
    let (broken, sound) = ("broken.localhost", "sound.localhost");
    newsroom.put(broken, "/feed.xml", Answer::xml("<rss><channel><item><title>half a fee"));
    newsroom.put(sound, "/feed.xml", feed(&newsroom, sound, &["/a"]));
    newsroom.put(sound, "/a", article("A sound piece", "lighthouse"));
    let courant = following(&newsroom, &[broken, sound]);
    crawl(&courant);
    assert_eq!(search(&courant, "lighthouse")["total"], 1);
    let source = &account(&courant, "broken")["sources"][0];
    assert!(source["visited"].is_string(), "{source}");
}

#[test]
fn a_redirect_is_followed_only_where_we_may_go() {
    let newsroom = Newsroom::open();
    let host = "mover.localhost";
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &["/old", "/inside", "/metadata", "/file", "/round"]));
    newsroom.put(host, "/old", Answer::moved("/new"));
    newsroom.put(host, "/new", article("It has moved", "ropewalk"));
    newsroom.put(host, "/inside", Answer::moved("http://10.1.2.3/admin"));
    newsroom.put(host, "/metadata", Answer::moved("http://169.254.169.254/latest/meta-data/"));
    newsroom.put(host, "/file", Answer::moved("file:///etc/passwd"));
    newsroom.put(host, "/round", Answer::moved("/round"));
    let courant = following(&newsroom, &[host]);
    crawl(&courant);

    let found = search(&courant, "ropewalk");
    assert_eq!(found["total"], 1);
    assert_eq!(found["hits"][0]["url"], newsroom.url(host, "/new").as_str());
    let account = account(&courant, "mover");
    for path in ["/inside", "/metadata"] {
        let url = newsroom.url(host, path);
        let refused = array(&account["blocked"]).iter().find(|source| source["url"] == url.as_str());
        assert!(refused.is_some_and(|source| source["reason"].is_string()), "{path}: {}", account["blocked"]);
    }
    assert_eq!(search(&courant, "root")["total"], 0);
    assert!(newsroom.paths(host).iter().filter(|path| *path == "/round").count() <= 11);
}

#[test]
fn a_site_that_nobody_listed_becomes_a_found_outlet() {
    let newsroom = Newsroom::open();
    let (listed, other) = ("digest.localhost", "stranger.localhost");
    let feed = feed(&newsroom, other, &["/tale"]);
    newsroom.put(listed, "/feed.xml", feed);
    newsroom.put(other, "/tale", article("A tale from elsewhere", "windlass"));
    let courant = following(&newsroom, &[listed]);
    crawl(&courant);
    let found = search(&courant, "windlass");
    let outlet = text(&found["hits"][0]["outlet"]).to_owned();
    assert_ne!(outlet, "digest", "the outlet is decided by where the article is, not by who named it");
    let account = account(&courant, &outlet);
    assert_eq!(account["origin"], "found", "{account}");
    assert!(text(&account["hosts"][0]).contains(other), "{account}");
}

#[test]
fn a_page_whose_header_wants_no_copy_is_not_archived() {
    let newsroom = Newsroom::open();
    let host = "shy.localhost";
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &["/kept", "/not-kept"]));
    newsroom.put(host, "/kept", article("A piece to keep", "capstan"));
    newsroom.put(host, "/not-kept", article("A piece to read and forget", "bollard").with("X-Robots-Tag", "noarchive"));
    let courant = following(&newsroom, &[host]);
    crawl(&courant);
    assert_eq!(search(&courant, "capstan")["total"], 1);
    assert_eq!(search(&courant, "bollard")["total"], 1, "it may be read and found");
    let archived = archived(&courant.data().join("archive"));
    assert!(archived.contains("capstan contract"), "the control is not in the archive");
    assert!(!archived.contains("bollard contract"), "a body was kept against its header");
}

/// All that the archive's files hold, unpacked.
fn archived(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.push_str(&archived(&path));
        } else {
            let bytes = std::fs::read(&path).expect("a file");
            let mut unpacked = Vec::new();
            let mut members = flate2::read::MultiGzDecoder::new(&bytes[..]);
            // What is no gzip is read as it is.
            if std::io::Read::read_to_end(&mut members, &mut unpacked).is_err() && unpacked.is_empty() {
                unpacked = bytes;
            }
            all.push_str(&String::from_utf8_lossy(&unpacked));
        }
    }
    all
}

#[test]
fn a_second_visit_asks_for_what_changed_and_takes_back_what_is_gone() {
    let Some(faketime) = later_clock() else { return };
    let newsroom = Newsroom::open();
    let host = "daily.localhost";
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &["/same", "/edited", "/gone"]).with("ETag", "\"f1\""));
    newsroom.put(host, "/same", article("It stays the same", "halyard").with("ETag", "\"s1\""));
    newsroom.put(host, "/edited", article("It will be corrected", "halyard"));
    newsroom.put(host, "/gone", article("It will be withdrawn", "halyard"));
    let courant = following(&newsroom, &[host]);
    crawl(&courant);
    assert_eq!(search(&courant, "halyard")["total"], 3);

    newsroom.forget();
    newsroom.put(host, "/edited", article("It was corrected", "halyard"));
    newsroom.put(host, "/gone", Answer::status(410));
    crawl_two_days_later(&courant, &faketime);

    let status =
        |path: &str| newsroom.visits(host).iter().find(|visit| visit.request.path == path).map(|visit| visit.status);
    assert_eq!((status("/feed.xml"), status("/same")), (Some(304), Some(304)));
    let found = search(&courant, "halyard");
    let of = |path: &str| array(&found["hits"]).iter().find(|hit| text(&hit["url"]).ends_with(path)).cloned();
    let edited = of("/edited").expect("it stands");
    assert_eq!((edited["title"].as_str(), edited["revision"].as_u64()), (Some("It was corrected"), Some(2)));
    assert_eq!(of("/same").map(|hit| hit["revision"].clone()), Some(Value::from(1)));
    let gone = of("/gone");
    assert!(gone.as_ref().is_none_or(|hit| hit["withdrawn"].is_string()), "{gone:?}");
    let diff = courant.run(&["diff", "--json", &newsroom.url(host, "/edited")]).done().json();
    assert!(array(&diff["title"]).iter().any(|part| part["kind"] == "added"), "{diff}");
}

fn crawl_two_days_later(courant: &Courant, faketime: &Path) {
    for args in [["crawl", "--once"], ["curate", "--once"]] {
        let mut command = Command::new(faketime);
        command.args(["-f", "+2d"]).arg(courant_tests::binary()).args(args).current_dir(courant.home());
        let ended = command.env("COURANT_DATA_DIR", courant.data()).output().expect("faketime can be run");
        assert!(ended.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ended.stderr));
    }
}

/// The program that starts another with its clock set on, where it is installed.
fn later_clock() -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|dir| dir.join("faketime")).find(|program| program.is_file());
    if found.is_none() {
        skipped("newsroom: a second visit", "no faketime is installed");
    }
    found
}

#[test]
fn a_crawl_in_a_running_process_is_seen_by_its_readers() {
    let newsroom = Newsroom::open();
    let host = "live.localhost";
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &["/a"]));
    newsroom.put(host, "/a", article("A live piece", "windvane"));
    let courant = following(&newsroom, &[host]);
    let mut running = courant.start(&["run", "--bind", "127.0.0.1:0"]);
    let line = running.line("the site is at", Duration::from_secs(30));
    let site = line.split("at ").last().expect("an address").trim_end_matches('/').to_owned();
    let found = || {
        let answer = http::try_get(&format!("{site}/api/v1/search?q=windvane"), &[]).ok()?;
        (answer.status == 200 && answer.json()["total"] == 1).then_some(())
    };
    wait("the article in the running site", Duration::from_secs(30), found);
    let begun = Instant::now();
    running.stop(Duration::from_secs(30)).done().did_not_panic();
    assert!(begun.elapsed() < Duration::from_secs(10), "an orderly end took {:?}", begun.elapsed());
    let report = courant.run(&["verify", "--json"]).done().json();
    assert_eq!(report["articles"], 1, "{report}");
}

#[test]
fn a_redirect_of_the_moment_names_no_article() {
    let Some(faketime) = later_clock() else { return };
    let newsroom = Newsroom::open();
    let host = "rotating.localhost";
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &["/latest"]));
    newsroom.put(host, "/latest", Answer::moved("/a1"));
    newsroom.put(host, "/a1", article("The first of two", "capstan"));
    newsroom.put(host, "/a2", article("The second of two", "capstan"));
    let courant = following(&newsroom, &[host]);
    crawl(&courant);
    newsroom.put(host, "/latest", Answer::moved("/a2"));
    crawl_two_days_later(&courant, &faketime);
    let found = search(&courant, "capstan");
    let revisions: Vec<u64> = array(&found["hits"]).iter().filter_map(|hit| hit["revision"].as_u64()).collect();
    assert_eq!(revisions, [1, 1], "two articles, neither an edit of the other: {found}");
}

#[test]
fn no_page_takes_over_the_article_of_another_outlet() {
    let newsroom = Newsroom::open();
    let (victim, other) = ("victim.localhost", "other.localhost");
    newsroom.put(victim, "/feed.xml", feed(&newsroom, victim, &["/scoop"]));
    newsroom.put(victim, "/scoop", article("A scoop of our own", "spindrift"));
    newsroom.put(other, "/feed.xml", feed(&newsroom, other, &["/e", "/x"]));
    newsroom.put(other, "/e", Answer::moved(&newsroom.url(victim, "/scoop")));
    let claim = format!("<link rel=canonical href=\"{}\">", newsroom.url(victim, "/scoop"));
    newsroom.put(
        other,
        "/x",
        Answer::html(article_html("Win big tonight", "spindrift").replace("<head>", &format!("<head>{claim}"))),
    );
    let courant = following(&newsroom, &[victim, other]);
    crawl(&courant);
    let found = search(&courant, "spindrift");
    let of = |path: &str| array(&found["hits"]).iter().find(|hit| text(&hit["url"]).ends_with(path)).cloned();
    let scoop = of("/scoop").expect("it stands");
    assert_eq!((text(&scoop["outlet"]), text(&scoop["title"])), ("victim", "A scoop of our own"));
    assert_eq!(text(&of("/x").expect("an article of its own")["outlet"]), "other");
}

#[test]
fn a_page_whose_markup_wants_no_copy_is_not_archived() {
    let newsroom = Newsroom::open();
    let host = "private.localhost";
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &["/kept", "/withheld"]));
    newsroom.put(host, "/kept", article("May be kept", "bowsprit"));
    let meta = "<head><meta name=robots content=\"index, noarchive\">";
    let page = article_html("May not be kept", "mizzenmast").replace("<head>", meta);
    newsroom.put(host, "/withheld", Answer::html(page));
    let courant = following(&newsroom, &[host]);
    crawl(&courant);
    assert_eq!(search(&courant, "mizzenmast")["total"], 1, "it is read and found all the same");
    let kept = archived(&courant.data().join("archive"));
    assert!(kept.contains("bowsprit"), "what may be kept is kept");
    assert!(!kept.contains("mizzenmast"), "what may not is not");
}

#[test]
fn a_slow_page_does_not_hold_an_orderly_end_up() {
    let newsroom = Newsroom::open();
    let host = "slow.localhost";
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &["/slow"]));
    newsroom.put(host, "/slow", article("It takes its time", "kedge").after(Duration::from_secs(60)));
    let courant = following(&newsroom, &[host]);
    let settings = std::fs::read_to_string(courant.home().join("courant.toml")).expect("settings");
    courant.set(
        &settings
            .replace("header_seconds = 2", "header_seconds = 90")
            .replace("total_seconds = 4", "total_seconds = 90"),
    );
    let running = courant.start(&["run", "--bind", "127.0.0.1:0"]);
    wait("the slow page to be asked for", Duration::from_secs(30), || {
        (newsroom.paths(host).contains(&"/feed.xml".to_owned()) && newsroom.under_way(host) == 1).then_some(())
    });
    let begun = Instant::now();
    running.stop(Duration::from_secs(30)).done().did_not_panic();
    assert!(begun.elapsed() < Duration::from_secs(5), "an orderly end took {:?}", begun.elapsed());
}

#[test]
fn a_wish_that_comes_later_reaches_the_index() {
    let Some(faketime) = later_clock() else { return };
    let newsroom = Newsroom::open();
    let host = "wishes.localhost";
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &["/a"]));
    newsroom.put(host, "/a", article("It asks for nothing yet", "gangway"));
    let courant = following(&newsroom, &[host]);
    crawl(&courant);
    assert_eq!(search(&courant, "gangway")["total"], 1);
    let meta = "<head><meta name=robots content=noindex>";
    let page = article_html("It asks for nothing yet", "gangway").replace("<head>", meta);
    newsroom.put(host, "/a", Answer::html(page));
    crawl_two_days_later(&courant, &faketime);
    assert_eq!(search(&courant, "gangway")["total"], 0);
    courant.run(&["verify"]).done();
}
