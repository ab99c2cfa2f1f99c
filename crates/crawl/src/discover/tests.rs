use courant_model::Language;

use super::*;
use crate::{SitemapReading, read_feed, read_sitemap};

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

fn check(pattern: &str, now: &str, zone: Option<&str>, expected: &[&str]) {
    assert_eq!(expand(pattern, at(now), zone), expected, "{pattern} at {now}");
}

#[test]
fn patterns_stand_for_now_and_what_may_come_late() {
    check("https://a.example/s.xml", "2026-11-20T12:00:00Z", None, &["https://a.example/s.xml"]);
    check("{year}-{year}", "2026-11-20T12:00:00Z", None, &["2026-2026"]);
    check("{year}", "2027-01-01T12:00:00Z", None, &["2027"]);
    check("{yyyymm}", "2026-11-20T12:00:00Z", None, &["202611"]);
    check("{yyyymm}", "2026-03-03T12:00:00Z", None, &["202603", "202602"]);
    check("{yyyymm}", "2026-03-04T12:00:00Z", None, &["202603"]);
    check("{yyyymmdd}", "2026-03-01T00:00:00Z", None, &["20260301", "20260228"]);
    check("{year}/{n}", "2026-11-20T12:00:00Z", None, &["2026/1", "2026/2", "2026/3", "2026/4", "2026/5"]);
}

#[test]
fn days_are_told_by_the_outlets_clock() {
    check("{yyyymmdd}", "2026-11-20T20:00:00Z", Some("Asia/Tokyo"), &["20261121", "20261120"]);
    check("{year}", "2027-01-01T03:00:00Z", Some("America/Bogota"), &["2026"]);
    check("{year}", "2027-01-01T03:00:00Z", Some("Nowhere/Known"), &["2027"]);
}

#[test]
fn a_numbered_list_is_followed_as_far_as_it_names_anything() {
    let now = at("2026-11-20T12:00:00Z");
    let mut outlet = Outlet::found("press.example");
    outlet.sitemaps = vec!["https://press.example/{year}/{n}".into()];
    let mut via = seeds(&outlet, now);
    assert_eq!(via.len(), 1);
    let full = read_sitemap(
        b"<urlset><url><loc>https://press.example/a</loc></url></urlset>",
        None,
        &Url::parse("https://press.example/").expect("a URL"),
    );
    let mut asked = Vec::new();
    while let Some(list) = via.pop() {
        asked.push(list.ask.rsplit('/').next().unwrap_or_default().to_owned());
        assert_eq!(list.found_via.as_deref(), Some("https://press.example/{year}/{n}"));
        let found = from_sitemap(&full, &list, None, now);
        via.extend(found.targets.into_iter().filter(|target| target.kind == TargetKind::Sitemap));
    }
    assert_eq!(asked, ["1", "2", "3", "4", "5"]);
    let first = seeds(&outlet, now).remove(0);
    assert_eq!(from_sitemap(&SitemapReading::default(), &first, None, now), Naming::default());
}

#[test]
fn a_period_ends() {
    let mut outlet = Outlet::found("press.example");
    outlet.sitemaps = vec!["https://press.example/{yyyymm}.xml".into(), "https://press.example/s.xml".into()];
    let seeds = seeds(&outlet, at("2026-11-20T12:00:00Z"));
    let over = |now| seeds.iter().map(|seed| is_over(seed, at(now))).collect::<Vec<_>>();
    assert_eq!(over("2026-12-03T12:00:00Z"), [false, false]);
    assert_eq!(over("2026-12-05T12:00:00Z"), [true, false]);
}

#[test]
fn robots_name_sitemaps_where_the_catalogue_does_not() {
    let robots = Robots::parse(b"Sitemap: https://press.example/s.xml\nSitemap: /relative.xml\n");
    let mut outlet = Outlet::found("press.example");
    let named = sitemaps_of_robots(&robots, &outlet, at("2026-11-20T12:00:00Z"));
    assert_eq!(named.iter().map(|target| target.ask.as_str()).collect::<Vec<_>>(), ["https://press.example/s.xml"]);
    outlet.sitemaps = vec!["https://press.example/known.xml".into()];
    assert!(sitemaps_of_robots(&robots, &outlet, at("2026-11-20T12:00:00Z")).is_empty());
}

#[test]
fn a_wrong_pattern_is_told_in_words() {
    assert_eq!(check_pattern("https://a.example/{year}/{n}.xml"), Ok(()));
    assert!(check_pattern("https://a.example/{week}").is_err_and(|why| why.contains("{week}")));
    assert!(check_pattern("https://a.example/}{").is_err());
    assert!(check_pattern("ftp://a.example/").is_err());
    assert!(check_pattern("feed.xml").is_err());
}

fn via(kind: TargetKind) -> Target {
    let outlet = OutletId::new("press");
    target("https://press.example/list?utm_source=x", kind, &outlet, at("2026-11-20T12:00:00Z")).expect("a target")
}

#[test]
fn a_feed_names_pages_once_and_with_hints() {
    let via = via(TargetKind::Feed);
    let feed = read_feed(
        b"<rss><channel><language>fr</language>
        <item><link>https://press.example/a?utm_source=rss#x</link><pubDate>Fri, 20 Nov 2026 09:00:00 GMT</pubDate></item>
        <item><link>https://press.example/a?utm_source=atom</link></item>
        <item><link>mailto:a@press.example</link></item>
        <item><link>https://press.example/b</link><pubDate>Fri, 20 Nov 2037 09:00:00 GMT</pubDate></item></channel></rss>",
        None,
        &Url::parse(&via.ask).expect("a URL"),
    );
    let found = from_feed(&feed, &via, at("2026-11-20T12:00:00Z")).targets;
    let urls: Vec<&str> = found.iter().map(|target| target.url.as_str()).collect();
    assert_eq!(urls, ["https://press.example/a", "https://press.example/b"]);
    assert_eq!(found[0].ask, "https://press.example/a?utm_source=rss");
    assert_eq!(found[0].language, Some(Language::parse("fr")));
    assert_eq!(found[0].published.expect("a date").to_text(), "2026-11-20T09:00:00Z");
    assert_eq!(found[0].found_via.as_deref(), Some("https://press.example/list?utm_source=x"));
    assert_eq!(found[1].published, None);
}

#[test]
fn a_sitemap_names_what_changed_since() {
    let via = via(TargetKind::Sitemap);
    let map = read_sitemap(
        b"<urlset><url><loc>https://press.example/new</loc><lastmod>2026-11-19</lastmod></url>
        <url><loc>https://press.example/old</loc><lastmod>2026-10-01</lastmod></url>
        <url><loc>https://press.example/month</loc><lastmod>2026-11</lastmod></url>
        <url><loc>https://press.example/undated</loc></url></urlset>",
        None,
        &Url::parse(&via.ask).expect("a URL"),
    );
    let now = at("2026-11-20T12:00:00Z");
    let names = |since| {
        let found = from_sitemap(&map, &via, since, now).targets;
        found
            .iter()
            .map(|target| target.url.as_str().rsplit('/').next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(Some(at("2026-11-18T00:00:00Z"))), ["new", "month", "undated"]);
    assert_eq!(names(None), ["new", "old", "month", "undated"]);
    let index = read_sitemap(
        b"<sitemapindex><sitemap><loc>/s1.xml</loc></sitemap></sitemapindex>",
        None,
        &Url::parse(&via.ask).expect("a URL"),
    );
    assert_eq!(from_sitemap(&index, &via, None, now).targets[0].kind, TargetKind::Sitemap);
    let ring = format!("<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>", via.url);
    let ring = read_sitemap(ring.as_bytes(), None, &Url::parse(&via.ask).expect("a URL"));
    assert_eq!(ring.sitemaps.len(), 1);
    assert!(from_sitemap(&ring, &via, None, now).targets.is_empty(), "an index that names itself");
}

#[test]
fn an_outlet_seeds_its_feeds_and_sitemaps() {
    let mut outlet = Outlet::found("press.example");
    outlet.feeds = vec!["https://press.example/feed".into(), "not an address".into()];
    outlet.sitemaps = vec!["https://press.example/{year}.xml".into()];
    let seeds = seeds(&outlet, at("2026-11-20T12:00:00Z"));
    let told: Vec<_> = seeds.iter().map(|seed| (seed.kind, seed.ask.as_str(), seed.found_via.as_deref())).collect();
    assert_eq!(
        told,
        [
            (TargetKind::Feed, "https://press.example/feed", None),
            (TargetKind::Sitemap, "https://press.example/2026.xml", Some("https://press.example/{year}.xml")),
        ]
    );
}

#[test]
fn a_page_names_its_feeds_in_its_head() {
    let html = "<html><head><base href='/x/'><link rel='stylesheet' href='a.css'>
        <link rel='alternate' type='application/rss+xml' href='feed.xml'>
        <LINK REL='alternate home' TYPE='application/atom+xml; charset=utf-8' HREF='https://b.example/atom'>
        <link rel='alternate' hreflang='fr' href='/fr'></head><body><link rel='alternate' type='text/xml' href='/no'>";
    let url = Url::parse("https://press.example/front").expect("a URL");
    assert_eq!(feeds_of_page(html, &url), ["https://press.example/x/feed.xml", "https://b.example/atom"]);
}

fn told(naming: &Naming) -> Vec<(&'static str, usize)> {
    naming.left.iter().map(|(why, count)| (*why, *count)).collect()
}

#[test]
fn what_a_list_names_without_end_is_left_and_counted() {
    let via = via(TargetKind::Feed);
    let mut items = String::new();
    for address in
        ["1234567-a-b", "1234567-a-c", "1234567-a-d", "1234567-a-d", "one", "en/en/en/en/x", "sponsored/beds"]
    {
        items.push_str(&format!("<item><link>https://press.example/{address}</link></item>"));
    }
    items.push_str("<item><link>https://press.example/beds</link><category>Sponsored</category></item>");
    let feed = format!("<rss><channel>{items}</channel></rss>");
    let reading = read_feed(feed.as_bytes(), None, &Url::parse(&via.ask).expect("a URL"));
    let naming = from_feed(&reading, &via, at("2026-11-20T12:00:00Z"));
    let taken: Vec<&str> = naming.targets.iter().map(|target| target.url.host_and_path()).collect();
    assert_eq!(taken, ["press.example/1234567-a-b", "press.example/1234567-a-c", "press.example/one"]);
    assert_eq!(
        told(&naming),
        [
            ("an advertisement, by its mark", 2),
            ("its number stands at other addresses of the list", 1),
            ("its path repeats itself", 1),
        ]
    );
}

#[test]
fn an_index_leads_neither_to_itself_nor_to_maps_without_end() {
    let via = via(TargetKind::Sitemap);
    let mut maps = format!("<sitemap><loc>{}</loc></sitemap>", via.ask);
    for n in 0..2100 {
        let day = 1 + n % 28;
        maps.push_str(&format!(
            "<sitemap><loc>https://press.example/{n}.xml</loc><lastmod>2026-10-{day:02}</lastmod></sitemap>"
        ));
    }
    let index = format!("<sitemapindex>{maps}</sitemapindex>");
    let reading = read_sitemap(index.as_bytes(), None, &Url::parse(&via.ask).expect("a URL"));
    let naming = from_sitemap(&reading, &via, None, at("2026-11-20T12:00:00Z"));
    assert_eq!(naming.targets.len(), 2000);
    assert!(naming.targets.iter().all(|target| target.url != via.url));
    assert_eq!(told(&naming), [("its index names too many sitemaps", 101)]);
    let first = naming.targets.first().map(|target| target.url.as_str());
    assert_eq!(first, Some("https://press.example/27.xml"), "those that changed last");
}

fn named(hosts: &[&str]) -> Naming {
    let mut items = String::new();
    for (n, host) in hosts.iter().enumerate() {
        items.push_str(&format!("<item><link>https://{host}/{n}</link></item>"));
    }
    let via = via(TargetKind::Feed);
    let feed = format!("<rss><channel>{items}</channel></rss>");
    from_feed(
        &read_feed(feed.as_bytes(), None, &Url::parse(&via.ask).expect("a URL")),
        &via,
        at("2026-11-20T12:00:00Z"),
    )
}

#[test]
fn addresses_of_nobody_among_our_own_are_advertisements() {
    let whose = |url: &CanonicalUrl| match url.host_and_path().split('/').next() {
        Some("press.example") => Whose::Own,
        Some("gazette.example") => Whose::Anothers,
        _ => Whose::Nobodys,
    };
    let kept = |hosts: &[&str], kind| {
        let naming = without_foreign(named(hosts), kind, whose);
        (naming.targets.len(), told(&naming))
    };
    let mixed = ["press.example", "press.example", "casino.example", "gazette.example"];
    assert_eq!(kept(&mixed, TargetKind::Feed), (3, vec![("another site's", 1)]));
    assert_eq!(kept(&mixed, TargetKind::Section), (2, vec![("another site's", 2)]), "a section's own alone");
    let proxied = ["proxy.example", "proxy.example", "proxy.example"];
    assert_eq!(kept(&proxied, TargetKind::Feed), (3, vec![]), "they lead on to our own");
}

#[test]
fn an_undated_index_is_read_by_the_names_of_its_maps() {
    let via = via(TargetKind::Sitemap);
    let maps = ["2019-05.xml", "2026-10.xml", "2026-11.xml", "7.xml"];
    let maps: String =
        maps.iter().map(|name| format!("<sitemap><loc>https://press.example/s-{name}</loc></sitemap>")).collect();
    let index = format!("<sitemapindex>{maps}</sitemapindex>");
    let reading = read_sitemap(index.as_bytes(), None, &Url::parse(&via.ask).expect("a URL"));
    let names = |since| {
        let naming = from_sitemap(&reading, &via, since, at("2026-11-20T12:00:00Z"));
        naming.targets.iter().map(|map| map.ask.rsplit("/s-").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(None).len(), 4);
    assert_eq!(names(Some(at("2026-11-03T00:00:00Z"))), ["2026-11.xml", "7.xml"]);
    assert_eq!(names(Some(at("2026-11-01T00:00:00Z"))), ["2026-10.xml", "2026-11.xml", "7.xml"], "by every clock");
}
