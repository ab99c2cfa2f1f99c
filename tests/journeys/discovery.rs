//! How pages are found: an outlet by its home page, sections where there is no feed, sitemaps back to a
//! day; and what is left: advertisements, slugs of one number, a feed's old address.

use courant_tests::{Answer, Courant, Newsroom};
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
    courant.run(&["outlets", "add", "http://10.1.2.3/"]).failed_with_last(&["10.1.2.3"]);
    assert_eq!(courant.run(&["outlets", "list"]).code, Some(1), "nothing was kept");
}

#[test]
fn a_front_page_is_a_seed_where_there_is_no_feed() {
    let (newsroom, host) = (Newsroom::open(), "gazette.localhost");
    let front = "<html lang=en><body><a href=/about/who-we-are-today>About</a>\
                 <a href=/2026/11/the-harbour-contract>x</a><a rel=nofollow href=/2026/11/not-to-follow>x</a>\
                 <a href='/tag/harbour-and-other-things'>x</a></body></html>";
    newsroom.put(host, "/", Answer::html(front));
    newsroom.put(host, "/2026/11/the-harbour-contract", article("The harbour contract", "harbour"));
    let courant = with_outlets(&[]);
    let kept = courant.run(&["outlets", "add", &newsroom.url(host, "/"), "--json", "--id", "gazette"]).done().json();
    assert_eq!((&kept["lists"][0]["kind"], &kept["lists"][0]["pages"]), (&"section".into(), &1.into()), "{kept}");
    courant.run(&["crawl", "--once"]).done().did_not_panic();
    assert_eq!(titles(&courant), ["The harbour contract"]);
    let paths = newsroom.paths(host);
    assert!(!paths.iter().any(|path| path.contains("not-to-follow") || path.starts_with("/tag")), "{paths:?}");
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
fn advertisements_and_slugs_of_one_number_are_left() {
    let (newsroom, host) = (Newsroom::open(), "ledger.localhost");
    let item = |host: &str, path: &str| format!("<item><link>{}</link></item>", newsroom.url(host, path));
    let mut items = item(host, "/news/a") + &item(host, "/news/b") + &item("casino.localhost", "/win-much-money");
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
    let courant = with_outlets(&[
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
        let failed = array(&steps).iter().find(|step| step["verdict"] == "fail").cloned();
        failed.unwrap_or_else(|| panic!("{id}: {steps}"))
    };
    let lost = told("lost");
    assert!(text(&lost["told"]).contains("404") && text(&lost["mend"]).contains("/there"), "{lost}");
    let shut = told("shut");
    assert!(text(&shut["step"]) == "robots" && text(&shut["told"]).contains("disallowed by line 2"), "{shut}");
    courant.run(&["outlets", "check", "nobody"]).failed_with(&["no outlet 'nobody'"]);
    assert!(titles(&courant).is_empty(), "a check records nothing");
}
