//! How pages are found: an outlet by its home page, sections where there is no feed, sitemaps back to a
//! day; and what is left: advertisements, slugs of one number, a feed's old address.

use std::process::Command;
use std::time::Duration;

use courant_tests::{Answer, Courant, Newsroom, wait};
use serde_json::Value;

use crate::corpus::{array, text};
use crate::newsroom::{article, feed};

/// A Courant whose catalogue has these files, and nothing else.
fn with_outlets(files: &[(&str, String)]) -> Courant {
    let courant = Courant::new(
        "[catalogue]\nbundled = false\nfolder = \"mine\"\n[crawl]\ncontact = \"https://desk.example/courant\"\n\
         connect_seconds = 2\nheader_seconds = 2\ntotal_seconds = 4\n\
         [[crawl.local]]\nnetwork = \"127.0.0.0/8\"\ngap_seconds = 0.05\n",
    );
    let outlets = courant.home().join("mine/outlets");
    std::fs::create_dir_all(&outlets).expect("made");
    for (id, text) in files {
        std::fs::write(outlets.join(format!("{id}.toml")), text).expect("written");
    }
    courant
}

fn outlet(newsroom: &Newsroom, host: &str, lists: &str) -> String {
    format!("name = \"{host}\"\nhosts = [\"{host}\"]\nhomepage = \"{}\"\n{lists}\n", newsroom.url(host, "/"))
}

fn titles(courant: &Courant) -> Vec<String> {
    courant.run(&["curate", "--once"]).done();
    let found = courant.run(&["search", "--json", "--limit", "100", "--", ""]).json();
    let mut titles: Vec<String> = array(&found["hits"]).iter().map(|hit| text(&hit["title"]).to_owned()).collect();
    titles.sort();
    titles
}

/// A newsroom at `host` with a home page that links its feed, and a feed of two articles.
fn ledger(newsroom: &Newsroom, host: &str) {
    newsroom.put(
        host,
        "/",
        Answer::html(
            "<html lang=en><head><title>The Ledger | News that counts</title>\
             <link rel=alternate type=application/rss+xml href=/rss><link rel=alternate type=application/rss+xml \
             href=/comments/rss></head><body><p>Welcome.</p></body></html>",
        ),
    );
    newsroom.put(host, "/rss", feed(newsroom, host, &["/news/a", "/news/b"]));
    newsroom.put(host, "/news/a", article("The harbour contract", "harbour"));
    newsroom.put(host, "/news/b", article("The pipeline contract", "pipeline"));
}

#[test]
fn an_outlet_is_added_by_its_home_page() {
    let (newsroom, host) = (Newsroom::open(), "ledger.localhost");
    ledger(&newsroom, host);
    let courant = with_outlets(&[]);
    let home = newsroom.url(host, "/");
    let shown = courant.run(&["outlets", "add", &home, "--dry-run"]).done();
    shown.did_not_panic();
    for part in ["The Ledger", "/rss: 2 pages", "2 of its articles", "The harbour contract", "Nora Quill", "2026-03-02"]
    {
        assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
    }
    assert!(!shown.stdout.contains("comments"), "{}", shown.stdout);
    let unasked = courant.run(&["outlets", "add", &home]);
    assert_eq!(unasked.code, Some(1), "nobody said yes: {}", unasked.stderr);
    assert_eq!(courant.run(&["outlets", "list"]).code, Some(1), "a dry run keeps nothing");
    assert!(titles(&courant).is_empty());

    let kept = courant.run(&["outlets", "add", &home, "--yes", "--json", "--country", "mt"]).done().json();
    assert_eq!((text(&kept["id"]), &kept["kept"]), (host, &Value::Bool(true)));
    assert_eq!((&kept["languages"][0], &kept["country"]), (&"en".into(), &"MT".into()));
    let id = text(&kept["id"]).to_owned();
    courant.run(&["crawl", "--once", "--outlet", &id]).done().did_not_panic();
    assert_eq!(titles(&courant), ["The harbour contract", "The pipeline contract"]);
    courant.run(&["outlets", "add", &home]).failed_with(&["already", &id]);
    courant.run(&["outlets", "remove", &id]).done();
    assert_eq!(courant.run(&["outlets", "show", &id, "--json"]).done().json()["sources"], Value::Array(Vec::new()));
    assert_eq!(titles(&courant).len(), 2, "its articles stay");
    courant.run(&["outlets", "remove", &id]).failed_with(&["no outlet"]);
    // Every host that was looked at was asked for its robots.txt first, and once.
    assert_eq!(newsroom.paths(host)[0], "/robots.txt");
    assert_eq!(newsroom.paths(host).iter().filter(|path| *path == "/robots.txt").count(), 1);
}

#[test]
fn a_home_page_that_cannot_be_had_says_why() {
    let newsroom = Newsroom::open();
    newsroom.put("shut.localhost", "/robots.txt", Answer::plain("User-agent: *\nDisallow: /\n"));
    newsroom.put("empty.localhost", "/", Answer::html("<p>Nothing to see.</p>"));
    let courant = with_outlets(&[]);
    courant.run(&["outlets", "add", &newsroom.url("shut.localhost", "/")]).failed_with_last(&["robots.txt disallows"]);
    courant.run(&["outlets", "add", &newsroom.url("gone.localhost", "/")]).failed_with_last(&["answered 404"]);
    courant.run(&["outlets", "add", &newsroom.url("empty.localhost", "/")]).failed_with_last(&["names no feed"]);
    courant.run(&["outlets", "add", "ftp://press.example/"]).failed_with(&["no web address"]);
    courant.run(&["outlets", "add", "press.example", "--id", "A/B"]).failed_with(&["--id A/B", "hyphens"]);
    courant.run(&["outlets", "add", "press.example", "--country", "France"]).failed_with(&["--country France"]);
    courant.run(&["outlets", "add", "press.example", "--language", "Klingonish"]).failed_with(&["--language"]);
    courant.run(&["outlets", "add", "http://10.1.2.3/"]).failed_with_last(&["10.1.2.3"]);
    assert_eq!(courant.run(&["outlets", "list"]).code, Some(1), "nothing was kept");
}

#[test]
fn a_front_page_is_a_seed_where_there_is_no_feed() {
    let (newsroom, host) = (Newsroom::open(), "gazette.localhost");
    let front = "<html lang=en><body><a href=/about/who-we-are-today>About</a>\
                 <a href=/2026/11/the-harbour-contract>x</a><a rel=nofollow href=/2026/11/not-to-follow>x</a>\
                 <a href='/tag/harbour-and-other-things'>x</a>";
    let foreign = newsroom.url("elsewhere.localhost", "/2026/11/of-somebody-else");
    newsroom.put(host, "/", Answer::html(format!("{front}<a href='{foreign}'>x</a></body></html>")));
    newsroom.put(host, "/2026/11/the-harbour-contract", article("The harbour contract", "harbour"));
    let courant = with_outlets(&[]);
    let kept = courant.run(&["outlets", "add", &newsroom.url(host, "/"), "--json", "--id", "gazette"]).done().json();
    assert_eq!((&kept["lists"][0]["kind"], &kept["lists"][0]["pages"]), (&"section".into(), &1.into()), "{kept}");
    courant.run(&["crawl", "--once"]).done().did_not_panic();
    assert_eq!(titles(&courant), ["The harbour contract"]);
    let paths = newsroom.paths(host);
    assert!(!paths.iter().any(|path| path.contains("not-to-follow") || path.starts_with("/tag")), "{paths:?}");
    assert!(newsroom.paths("elsewhere.localhost").is_empty(), "a front page links to the whole world");
}

#[test]
fn a_feed_that_moved_for_good_is_followed_with_its_history() {
    let (newsroom, host) = (Newsroom::open(), "ledger.localhost");
    newsroom.put(host, "/old.xml", Answer::status(301).with("Location", "/new.xml"));
    newsroom.put(host, "/new.xml", feed(&newsroom, host, &["/news/a"]));
    newsroom.put(host, "/news/a", article("The harbour contract", "harbour"));
    let old = newsroom.url(host, "/old.xml");
    let courant = with_outlets(&[("ledger", outlet(&newsroom, host, &format!("feeds = [\"{old}\"]")))]);
    courant.run(&["crawl", "--once"]).done().did_not_panic();
    assert_eq!(titles(&courant), ["The harbour contract"]);
    let account = courant.run(&["outlets", "show", "ledger", "--json"]).done().json();
    let of = |url: &str| array(&account["sources"]).iter().find(|source| text(&source["url"]) == url).cloned();
    let (was, is) = (of(&old).expect("the old one"), of(&newsroom.url(host, "/new.xml")).expect("the new one"));
    assert_eq!((text(&was["state"]), text(&is["state"])), ("moved", "open"));
    assert!(text(&was["reason"]).contains("/new.xml"), "{was}");
    newsroom.forget();
    courant.run(&["crawl", "--once"]).done();
    assert!(newsroom.paths(host).is_empty(), "neither is due again at once: {:?}", newsroom.paths(host));
}

#[test]
fn a_feed_that_moves_without_a_new_word_is_followed_all_the_same() {
    let (newsroom, host) = (Newsroom::open(), "ledger.localhost");
    let same = feed(&newsroom, host, &["/news/a"]).with("ETag", "\"1\"");
    newsroom.put(host, "/old.xml", same.clone());
    newsroom.put(host, "/new.xml", same);
    newsroom.put(host, "/news/a", article("The harbour contract", "harbour"));
    let (old, new) = (newsroom.url(host, "/old.xml"), newsroom.url(host, "/new.xml"));
    let courant = with_outlets(&[("ledger", outlet(&newsroom, host, &format!("feeds = [\"{old}\"]")))]);
    courant.run(&["crawl", "--once"]).done();
    newsroom.put(host, "/old.xml", Answer::status(301).with("Location", "/new.xml"));
    newsroom.forget();
    make_all_due(&courant);
    courant.run(&["crawl", "--once"]).done().did_not_panic();
    let asked: Vec<_> = newsroom.visits(host).into_iter().filter(|visit| visit.request.path == "/new.xml").collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(asked[0].request.header("if-none-match"), Some("\"1\""), "it is asked whether anything changed");
    let account = courant.run(&["outlets", "show", "ledger", "--json"]).done().json();
    let state = |url: &str| {
        let source = array(&account["sources"]).iter().find(|source| text(&source["url"]) == url);
        source.map(|source| text(&source["state"]).to_owned())
    };
    assert_eq!((state(&old).as_deref(), state(&new).as_deref()), (Some("moved"), Some("open")), "{account}");
}

/// Makes every address of the record due, as a quarter of an hour would.
fn make_all_due(courant: &Courant) {
    let record = courant.data().join("record.sqlite");
    let script =
        "import sqlite3, sys; r = sqlite3.connect(sys.argv[1]); r.execute('UPDATE targets SET due = 0'); r.commit()";
    let done = Command::new("python3").args(["-c", script]).arg(record).status().expect("python3");
    assert!(done.success(), "the record can be written to");
}

#[test]
fn advertisements_and_slugs_of_one_number_are_left() {
    let (newsroom, host) = (Newsroom::open(), "ledger.localhost");
    let item = |host: &str, path: &str| format!("<item><link>{}</link></item>", newsroom.url(host, path));
    let mut items = item(host, "/news/a") + &item(host, "/news/b") + &item("casino.localhost", "/win-much-money");
    let sponsored = newsroom.url(host, "/ten-beds");
    items.push_str(&format!("<item><link>{sponsored}</link><category>Sponsored</category></item>"));
    for slug in 0..20 {
        items.push_str(&item(host, &format!("/story/1234567-as-told-in-way-{slug}")));
    }
    newsroom.put(
        host,
        "/feed.xml",
        Answer::xml(format!("<rss version='2.0'><channel><title>L</title>{items}</channel></rss>")),
    );
    for (path, title) in [("/news/a", "The harbour contract"), ("/news/b", "The pipeline contract")] {
        newsroom.put(host, path, article(title, title));
    }
    let feeds = format!("feeds = [\"{}\"]", newsroom.url(host, "/feed.xml"));
    let courant = with_outlets(&[("ledger", outlet(&newsroom, host, &feeds))]);
    courant.run(&["crawl", "--once"]).done().did_not_panic();
    assert_eq!(titles(&courant), ["The harbour contract", "The pipeline contract"]);
    assert!(newsroom.paths("casino.localhost").is_empty(), "an advertisement is not ours");
    let slugs = newsroom.paths(host).iter().filter(|path| path.starts_with("/story/")).count();
    assert_eq!(slugs, 2, "of one number");
    assert!(!newsroom.paths(host).contains(&"/ten-beds".to_owned()), "an advertisement that says so");
}

#[test]
fn sitemaps_are_read_back_to_a_day_with_an_account_of_the_time() {
    let (newsroom, host) = (Newsroom::open(), "ledger.localhost");
    let map = |path: &str, day: &str| {
        format!("<sitemap><loc>{}</loc><lastmod>{day}</lastmod></sitemap>", newsroom.url(host, path))
    };
    let index = map("/2023.xml", "2023-12-01") + &map("/2024.xml", "2024-12-31");
    newsroom.put(host, "/sitemap.xml", Answer::xml(format!("<sitemapindex>{index}</sitemapindex>")));
    let page =
        |path: &str, day: &str| format!("<url><loc>{}</loc><lastmod>{day}</lastmod></url>", newsroom.url(host, path));
    let of_2024 = page("/a", "2024-03-02") + &page("/b", "2024-06-02") + &page("/c", "2024-09-02");
    newsroom.put(host, "/2024.xml", Answer::xml(format!("<urlset>{of_2024}</urlset>")));
    newsroom.put(host, "/2023.xml", Answer::xml(format!("<urlset>{}</urlset>", page("/old", "2023-06-02"))));
    for path in ["/a", "/b", "/c", "/old"] {
        newsroom.put(host, path, article(&format!("Told at {path}"), path));
    }
    let maps = format!("sitemaps = [\"{}\"]", newsroom.url(host, "/sitemap.xml"));
    let courant = with_outlets(&[("ledger", outlet(&newsroom, host, &maps))]);
    courant.run(&["crawl", "--once"]).done();
    assert!(titles(&courant).is_empty(), "the usual crawl looks a month back");

    let told = courant.run(&["crawl", "--outlet", "ledger", "--since", "2024-05", "--dry-run"]).done();
    assert!(
        told.stderr.contains("2 pages of 1 host are to be visited") && told.stderr.contains("about "),
        "{}",
        told.stderr
    );
    assert!(!newsroom.paths(host).iter().any(|path| path == "/b"), "a dry run visits no page");
    courant.run(&["crawl", "--outlet", "ledger", "--since", "2024-05-01"]).done().did_not_panic();
    assert_eq!(titles(&courant), ["Told at /b", "Told at /c"]);
    courant.run(&["crawl", "--outlet", "ledger", "--since", "2024"]).done();
    assert_eq!(titles(&courant), ["Told at /a", "Told at /b", "Told at /c"]);
    assert!(!newsroom.paths(host).iter().any(|path| path == "/2023.xml"), "a list that ended before is not read");
    courant.run(&["crawl", "--outlet", "ledger", "--since", "soon"]).failed_with(&["soon"]);
    courant.run(&["crawl", "--since", "2024"]).failed_with(&["--outlet"]);
}

#[test]
fn a_site_that_was_met_is_added_under_a_name_of_its_own() {
    let (newsroom, host) = (Newsroom::open(), "ledger.localhost");
    ledger(&newsroom, host);
    let of_ledger = feed(&newsroom, host, &["/news/a"]);
    newsroom.put("digest.localhost", "/feed.xml", of_ledger);
    let feeds = format!("feeds = [\"{}\"]", newsroom.url("digest.localhost", "/feed.xml"));
    let courant = with_outlets(&[("digest", outlet(&newsroom, "digest.localhost", &feeds))]);
    courant.run(&["crawl", "--once"]).done();
    let origin = |id: &str| text(&courant.run(&["outlets", "show", id, "--json"]).done().json()["origin"]).to_owned();
    assert_eq!(origin(host), "found");
    courant.run(&["outlets", "add", &newsroom.url(host, "/"), "--id", "a-ledger", "--yes"]).done();
    courant.run(&["crawl", "--once"]).done().did_not_panic();
    courant.run(&["curate", "--once"]).done();
    let found = courant.run(&["search", "--json", "--", "pipeline"]).json();
    let whose: Vec<&str> = array(&found["hits"]).iter().map(|hit| text(&hit["outlet"])).collect();
    assert_eq!(whose, ["a-ledger"], "what somebody named wins over what was met: {found}");
}

#[test]
fn an_archive_that_robots_txt_names_is_read_once() {
    let (newsroom, host) = (Newsroom::open(), "ledger.localhost");
    ledger(&newsroom, host);
    newsroom.put(
        host,
        "/robots.txt",
        Answer::plain(format!("User-agent: *\nDisallow:\nSitemap: {}\n", newsroom.url(host, "/archive.xml"))),
    );
    let map = |path: &str| format!("<sitemap><loc>{}</loc></sitemap>", newsroom.url(host, path));
    let index = map("/map-2019-05.xml") + &map("/map-2024-05.xml") + &map("/archive.xml") + &map("/ring.xml");
    newsroom.put(
        host,
        "/archive.xml",
        Answer::xml(format!("<sitemapindex>{index}</sitemapindex>")).with("ETag", "\"1\""),
    );
    newsroom.put(host, "/ring.xml", Answer::xml(format!("<sitemapindex>{}</sitemapindex>", map("/archive.xml"))));
    let pages: String =
        ["/old/c", "/old/d"].iter().map(|path| format!("<url><loc>{}</loc></url>", newsroom.url(host, path))).collect();
    newsroom.put(host, "/map-2024-05.xml", Answer::xml(format!("<urlset>{pages}</urlset>")).with("ETag", "\"2\""));
    newsroom.put(host, "/old/c", article("The quarry contract", "quarry"));
    newsroom.put(host, "/old/d", article("The railway contract", "railway"));
    let feeds = format!("feeds = [\"{}\"]", newsroom.url(host, "/rss"));
    let courant = with_outlets(&[("ledger", outlet(&newsroom, host, &feeds))]);

    let told = courant.run(&["crawl", "--outlet", "ledger", "--since", "2024", "--dry-run"]).done();
    assert!(told.stderr.contains("4 pages of 1 host"), "{}", told.stderr);
    let asked = |path: &str| newsroom.paths(host).iter().filter(|asked| *asked == path).count();
    assert_eq!((asked("/robots.txt"), asked("/archive.xml"), asked("/ring.xml"), asked("/old/c")), (1, 1, 1, 0));
    courant.run(&["crawl", "--outlet", "ledger", "--since", "2024"]).done().did_not_panic();
    assert_eq!(
        titles(&courant),
        ["The harbour contract", "The pipeline contract", "The quarry contract", "The railway contract"],
        "a dry run takes nothing away"
    );
    assert_eq!(asked("/map-2019-05.xml"), 0, "its name says that it ended before");
    let account = courant.run(&["outlets", "show", "ledger", "--json"]).done().json();
    let rests = |source: &&Value| source["reason"] == "read for a back-fill";
    let resting: Vec<&str> =
        array(&account["sources"]).iter().filter(rests).map(|source| text(&source["url"])).collect();
    assert_eq!(resting.len(), 3, "the outlet's own feed tells its news: {account}");
}

#[test]
fn a_back_fill_that_was_stopped_is_taken_up_again() {
    let (newsroom, host) = (Newsroom::open(), "ledger.localhost");
    let paths: Vec<String> = (0..30).map(|n| format!("/page/{n}")).collect();
    let page = |path: &String| {
        newsroom.put(host, path, article(&format!("Told at {path}"), path));
        format!("<url><loc>{}</loc><lastmod>2024-05-05</lastmod></url>", newsroom.url(host, path))
    };
    let pages: String = paths.iter().map(page).collect();
    newsroom.put(host, "/sitemap.xml", Answer::xml(format!("<urlset>{pages}</urlset>")));
    let maps = format!("sitemaps = [\"{}\"]", newsroom.url(host, "/sitemap.xml"));
    let courant = with_outlets(&[("ledger", outlet(&newsroom, host, &maps))]);
    let asked = || newsroom.paths(host).iter().filter(|path| path.starts_with("/page/")).count();

    let fill = ["crawl", "--outlet", "ledger", "--since", "2024"];
    let running = courant.start(&fill);
    wait("some pages", Duration::from_secs(20), || (asked() >= 5).then_some(()));
    running.stop(Duration::from_secs(10)).done().did_not_panic();
    assert!(asked() < 30, "it was stopped halfway");
    courant.run(&fill).done().did_not_panic();
    assert_eq!(titles(&courant).len(), 30);
    assert_eq!(asked(), 30, "each page once");
}

#[test]
fn a_host_that_gives_one_page_at_ever_new_addresses_is_found_out() {
    let (newsroom, host) = (Newsroom::open(), "maze.localhost");
    let paths: Vec<String> = (0..40).map(|n| format!("/room/{n}")).collect();
    for path in &paths {
        newsroom.put(host, path, article("The same room again", "room"));
    }
    newsroom.put(host, "/feed.xml", feed(&newsroom, host, &paths.iter().map(String::as_str).collect::<Vec<_>>()));
    let feeds = format!("feeds = [\"{}\"]", newsroom.url(host, "/feed.xml"));
    let courant = with_outlets(&[("maze", outlet(&newsroom, host, &feeds))]);
    courant.run(&["crawl", "--once"]).done().did_not_panic();
    let account = courant.run(&["outlets", "show", "maze", "--json"]).done().json();
    let blocked = array(&account["blocked"]);
    assert_eq!(blocked.len(), 10, "{account}");
    assert!(blocked.iter().all(|page| text(&page["reason"]).contains("the same page")), "{account}");
}

#[test]
fn a_check_names_each_fault_and_its_mend() {
    let (newsroom, host) = (Newsroom::open(), "ledger.localhost");
    ledger(&newsroom, host);
    let well = format!("feeds = [\"{}\"]", newsroom.url(host, "/rss"));
    let lost = format!("feeds = [\"{}\"]", newsroom.url("lost.localhost", "/feed.xml"));
    let shut = format!("feeds = [\"{}\"]", newsroom.url("shut.localhost", "/feed.xml"));
    newsroom.put(
        "lost.localhost",
        "/",
        Answer::html("<head><link rel=alternate type=application/rss+xml href=/there></head>"),
    );
    newsroom.put("shut.localhost", "/robots.txt", Answer::plain("User-agent: *\nDisallow: /feed\n"));
    let of = |host: &str| outlet(&newsroom, host, &format!("feeds = [\"{}\"]", newsroom.url(host, "/feed.xml")));
    newsroom.put("moved.localhost", "/feed.xml", Answer::status(308).with("Location", "/new.xml"));
    newsroom.put("moved.localhost", "/new.xml", feed(&newsroom, "moved.localhost", &["/a"]));
    newsroom.put("walled.localhost", "/feed.xml", feed(&newsroom, "walled.localhost", &["/a"]));
    newsroom.put("walled.localhost", "/a", Answer::status(403));
    newsroom.put("ill.localhost", "/robots.txt", Answer::status(503));
    newsroom.put("stray.localhost", "/feed.xml", feed(&newsroom, "stray.localhost", &["/a"]));
    newsroom.put("stray.localhost", "/a", Answer::moved(&newsroom.url("stranger.localhost", "/a")));
    newsroom.put("stranger.localhost", "/a", article("A story of somebody else", "other"));
    let courant = with_outlets(&[
        ("moved", of("moved.localhost")),
        ("walled", of("walled.localhost")),
        ("ill", of("ill.localhost")),
        ("stray", of("stray.localhost")),
        ("inside", "name = \"i\"\nhosts = [\"10.1.2.3\"]\nfeeds = [\"http://10.1.2.3/feed.xml\"]\n".to_owned()),
        ("bare", outlet(&newsroom, "bare.localhost", "")),
        ("well", outlet(&newsroom, host, &well)),
        ("lost", outlet(&newsroom, "lost.localhost", &lost)),
        ("shut", outlet(&newsroom, "shut.localhost", &shut)),
    ]);
    let checked = courant.run(&["outlets", "check", "well"]);
    assert_eq!(checked.code, Some(0), "{}{}", checked.stdout, checked.stderr);
    for part in ["ok   name", "ok   robots", "ok   feed", "2 pages", "ok   article", "The harbour contract"] {
        assert!(checked.stdout.contains(part), "{part}: {}", checked.stdout);
    }
    let told = |id: &str| {
        let checked = courant.run(&["outlets", "check", id, "--json"]);
        assert_eq!(checked.code, Some(1), "{id}: {}", checked.stderr);
        let steps = checked.json();
        let odd = array(&steps).iter().find(|step| step["verdict"] != "ok").cloned();
        let odd = odd.unwrap_or_else(|| panic!("{id}: {steps}"));
        assert!(!text(&odd["mend"]).is_empty(), "{odd}");
        odd
    };
    for (id, step, part) in [
        ("moved", "feed", "/new.xml"),
        ("walled", "article", "answered 403"),
        ("ill", "robots", "503"),
        ("inside", "name", "10.1.2.3"),
        ("bare", "lists", "no feed, sitemap or section"),
    ] {
        let odd = told(id);
        assert!(odd["step"] == step && text(&odd["told"]).contains(part), "{id}: {odd}");
    }
    let lost = told("lost");
    assert!(text(&lost["told"]).contains("404") && text(&lost["mend"]).contains("/there"), "{lost}");
    let shut = told("shut");
    assert!(text(&shut["step"]) == "robots" && text(&shut["told"]).contains("disallowed by line 2"), "{shut}");
    courant.run(&["outlets", "check", "nobody"]).failed_with(&["no outlet 'nobody'"]);
    courant.run(&["outlets", "check", "stray"]).did_not_panic();
    assert!(titles(&courant).is_empty(), "a check records nothing");
    let all = courant.run(&["outlets", "list"]).done().stdout;
    assert!(!all.contains("stranger"), "nor sites that it met: {all}");
}
