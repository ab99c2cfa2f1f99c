//! From the catalogue and from what feeds and sitemaps say to targets: which addresses there are,
//! and what is already known of the pages behind them.
//!
//! Addresses in the catalogue may be patterns, so that an archive by month or a numbered list needs
//! no edit each January: [`expand`] defines what they stand for.

use courant_model::{
    CanonicalUrl, Dated, Language, Outlet, OutletId, Precision, Target, TargetKind,
};
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};
use url::Url;

use crate::feed::FeedReading;
use crate::markup::{Piece, pieces};
use crate::sitemap::SitemapReading;

/// A numbered list is followed so far at one visit.
pub const MOST_NUMBERS: u32 = 5;
/// Up to this day of a month, the month before is looked at too.
const LATE_DAY: i8 = 3;

/// The addresses that a pattern of the catalogue stands for at `now` (UTC), each once.
///
/// - `{year}`: this year; also last year, up to 3 January.
/// - `{yyyymm}`: this month; also last month, up to its third day.
/// - `{yyyymmdd}`: today and yesterday.
/// - `{year}` with `{mm}` and `{dd}`: the same months and days, written apart.
/// - `{n}`: 1 to [`MOST_NUMBERS`], in order; whoever visits them stops at the first that brings
///   nothing new (see [`is_numbered`]).
///
/// An address without a pattern stands for itself.
pub fn expand(pattern: &str, now: Timestamp) -> Vec<String> {
    let today = Offset::UTC.to_datetime(now).date();
    let mut addresses: Vec<String> = Vec::new();
    for day in days(pattern, today) {
        let dated = pattern
            .replace("{yyyymmdd}", &day.strftime("%Y%m%d").to_string())
            .replace("{yyyymm}", &day.strftime("%Y%m").to_string())
            .replace("{year}", &day.strftime("%Y").to_string())
            .replace("{yyyy}", &day.strftime("%Y").to_string())
            .replace("{mm}", &day.strftime("%m").to_string())
            .replace("{dd}", &day.strftime("%d").to_string());
        for address in numbered(&dated) {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
    }
    addresses
}

/// Whether `pattern` is a numbered list, whose addresses are visited in order and only as far as
/// they bring something new.
pub fn is_numbered(pattern: &str) -> bool {
    pattern.contains("{n}")
}

/// What is wrong with a pattern of the catalogue: a placeholder that nobody knows, or no address.
///
/// # Errors
/// Says it in words.
pub fn check_pattern(pattern: &str) -> Result<(), String> {
    let address = expand(pattern, Timestamp::UNIX_EPOCH).swap_remove(0);
    if let Some(at) = address.find(['{', '}']) {
        let end = address[at..].find('}').map_or(address.len(), |end| at + end + 1);
        return Err(format!("'{}' is no placeholder: there are {{year}}, {{yyyymm}}, {{yyyymmdd}}, {{n}}", &address[at..end]));
    }
    let url = Url::parse(&address).map_err(|error| error.to_string())?;
    if matches!(url.scheme(), "http" | "https") { Ok(()) } else { Err("not http or https".to_owned()) }
}

/// Today, and the days before that the pattern still speaks of.
fn days(pattern: &str, today: Date) -> Vec<Date> {
    let mut days = vec![today];
    let earlier = if pattern.contains("{yyyymmdd}") || pattern.contains("{dd}") {
        today.yesterday().ok()
    } else if pattern.contains("{yyyymm}") || pattern.contains("{mm}") {
        (today.day() <= LATE_DAY).then(|| today.first_of_month().yesterday().ok()).flatten()
    } else if pattern.contains("{year}") || pattern.contains("{yyyy}") {
        (today.month() == 1 && today.day() <= LATE_DAY).then(|| today.checked_sub(1.year()).ok()).flatten()
    } else {
        None
    };
    days.extend(earlier);
    days
}

fn numbered(address: &str) -> Vec<String> {
    if !is_numbered(address) {
        return vec![address.to_owned()];
    }
    (1..=MOST_NUMBERS).map(|number| address.replace("{n}", &number.to_string())).collect()
}

/// The feeds and sitemaps of an outlet as targets, due at `now`.
pub fn seeds(outlet: &Outlet, now: Timestamp) -> Vec<Target> {
    let feeds = outlet.feeds.iter().map(|pattern| (pattern, TargetKind::Feed));
    let sitemaps = outlet.sitemaps.iter().map(|pattern| (pattern, TargetKind::Sitemap));
    let mut targets = Vec::new();
    for (pattern, kind) in feeds.chain(sitemaps) {
        for address in expand(pattern, now) {
            if let Some(mut target) = target(&address, kind, &outlet.id, now) {
                if is_numbered(pattern) || address != *pattern {
                    target.found_via = Some(pattern.clone());
                }
                targets.push(target);
            }
        }
    }
    targets
}

/// A target for any http or https address. It is asked for as written (without fragment), and known
/// by its canonical URL.
pub fn target(address: &str, kind: TargetKind, outlet: &OutletId, due: Timestamp) -> Option<Target> {
    let mut url = Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    let mut target = Target::new(CanonicalUrl::parse(url.as_str())?, kind, outlet.clone(), due);
    target.ask = url.into();
    Some(target)
}

/// The pages that a feed names, each once, with the dates and languages it says. `via` is the feed.
pub fn from_feed(reading: &FeedReading, via: &Target, now: Timestamp) -> Vec<Target> {
    let mut found = Found::new(via, now);
    for entry in &reading.entries {
        let address = entry.url.as_deref().unwrap_or_default();
        found.page(address, entry.language.or(reading.language), entry.published.or(entry.updated));
    }
    found.targets
}

/// The pages and sitemaps that a sitemap names, each once. Pages whose last change or publication
/// lies before `since` are left out, as are sitemaps that did not change since; what has no date is
/// taken.
pub fn from_sitemap(reading: &SitemapReading, via: &Target, since: Option<Timestamp>, now: Timestamp) -> Vec<Target> {
    let mut found = Found::new(via, now);
    let old = |date: Option<Dated>| match (date, since) {
        // A date stands for the whole of what it says: "2026-11" is not over before December.
        (Some(date), Some(since)) => end(&date) < since,
        _ => false,
    };
    for map in reading.sitemaps.iter().filter(|map| !old(map.lastmod)) {
        found.add(&map.url, TargetKind::Sitemap, via.language, None);
    }
    for page in &reading.urls {
        let published = page.news.as_ref().and_then(|news| news.published);
        if !old(page.lastmod.or(published)) {
            let language = page.news.as_ref().and_then(|news| news.language);
            // The last change is not the publication, and says only that it was no later.
            found.page(&page.url, language.or(via.language), published);
        }
    }
    found.targets
}

/// The last moment that a date can mean.
fn end(date: &Dated) -> Timestamp {
    let days = match date.precision {
        Precision::Year => 366,
        Precision::Month => 31,
        Precision::Day => 1,
        Precision::Minute | Precision::Second => 0,
    };
    // A day more, where the clock that it was told by is not known.
    let days = if date.offset.is_none() { days + 1 } else { days };
    crate::politeness::later(date.instant, SignedDuration::from_hours(24 * days))
}

struct Found<'a> {
    via: &'a Target,
    now: Timestamp,
    seen: std::collections::HashSet<CanonicalUrl>,
    targets: Vec<Target>,
}

impl<'a> Found<'a> {
    fn new(via: &'a Target, now: Timestamp) -> Self {
        Self { via, now, seen: std::collections::HashSet::from([via.url.clone()]), targets: Vec::new() }
    }

    fn page(&mut self, address: &str, language: Option<Language>, published: Option<Dated>) {
        self.add(address, TargetKind::Page, language, published);
    }

    fn add(&mut self, address: &str, kind: TargetKind, language: Option<Language>, published: Option<Dated>) {
        let Some(mut target) = target(address, kind, &self.via.outlet, self.now) else { return };
        if self.seen.insert(target.url.clone()) {
            target.found_via = Some(self.via.ask.clone());
            target.language = language;
            // Nobody publishes in the future; such dates are of events, or wrong.
            let limit = crate::politeness::later(self.now, SignedDuration::from_hours(24));
            target.published = published.filter(|date| date.instant <= limit);
            self.targets.push(target);
        }
    }
}

/// The feeds that a page names (`link rel=alternate`), absolute, in its order.
pub fn feeds_of_page(html: &str, url: &Url) -> Vec<String> {
    let mut feeds = Vec::new();
    let mut base = url.clone();
    for piece in pieces(html) {
        let Piece::Open { name, attributes, .. } = piece else { continue };
        let get = |wanted: &str| {
            let found = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.trim().to_lowercase())
        };
        let href = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case("href")).map(|(_, value)| value.trim());
        match name.to_ascii_lowercase().as_str() {
            // Links to feeds stand in the head.
            "body" => break,
            "base" => base = href.and_then(|href| url.join(href).ok()).unwrap_or(base),
            "link" if get("rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel == "alternate")) => {
                let kind = get("type").unwrap_or_default();
                let kind = kind.split(';').next().unwrap_or_default().trim();
                if FEED_TYPES.contains(&kind)
                    && let Some(feed) = href.and_then(|href| base.join(href).ok()).map(String::from)
                    && !feeds.contains(&feed)
                {
                    feeds.push(feed);
                }
            }
            _ => {}
        }
    }
    feeds
}

const FEED_TYPES: &[&str] = &[
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{read_feed, read_sitemap};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn check(pattern: &str, now: &str, expected: &[&str]) {
        assert_eq!(expand(pattern, at(now)), expected, "{pattern} at {now}");
    }

    #[test]
    fn patterns_stand_for_now_and_what_may_come_late() {
        check("https://a.example/s.xml", "2026-11-20T12:00:00Z", &["https://a.example/s.xml"]);
        check("{year}", "2026-11-20T12:00:00Z", &["2026"]);
        check("{year}", "2027-01-03T12:00:00Z", &["2027", "2026"]);
        check("{year}", "2027-01-04T12:00:00Z", &["2027"]);
        check("{yyyymm}", "2026-11-20T12:00:00Z", &["202611"]);
        check("{yyyymm}", "2026-03-02T12:00:00Z", &["202603", "202602"]);
        check("{year}/{mm}", "2027-01-01T00:00:00Z", &["2027/01", "2026/12"]);
        check("{yyyymmdd}", "2026-03-01T00:00:00Z", &["20260301", "20260228"]);
        check("{year}/{n}", "2026-11-20T12:00:00Z", &["2026/1", "2026/2", "2026/3", "2026/4", "2026/5"]);
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
        let found = from_feed(&feed, &via, at("2026-11-20T12:00:00Z"));
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
            let found = from_sitemap(&map, &via, since, now);
            found.iter().map(|target| target.url.as_str().rsplit('/').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(Some(at("2026-11-18T00:00:00Z"))), ["new", "month", "undated"]);
        assert_eq!(names(None), ["new", "old", "month", "undated"]);
        let index = read_sitemap(b"<sitemapindex><sitemap><loc>/s1.xml</loc></sitemap></sitemapindex>", None, &Url::parse(&via.ask).expect("a URL"));
        assert_eq!(from_sitemap(&index, &via, None, now)[0].kind, TargetKind::Sitemap);
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
}
