//! Addresses without end: what gives them away before they are visited, and after.
//!
//! A calendar, a session number in the path, a relative link that grows by itself: each makes ever new
//! addresses of pages that are not. One address in a list may be odd; a host that gives the same page
//! under many has no more to say.

use std::collections::{HashMap, VecDeque};

use courant_model::CanonicalUrl;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

const MAX_LENGTH: usize = 2000;
const MAX_DEPTH: usize = 20;
/// A part of a path that stands so often makes itself.
const MAX_REPEATED: usize = 3;

/// A path that speaks of a day so far ahead is a calendar's.
const AHEAD_DAYS: i32 = 400;
/// What a calendar's pages are called.
const CALENDARS: &[&str] = &[
    "agenda",
    "calendar",
    "calendario",
    "calendrier",
    "events",
    "eventos",
    "evenements",
    "kalendar",
    "kalender",
    "termine",
    "veranstaltungen",
];
/// A parameter of a session holds so much at least.
const SESSION: usize = 16;
const SESSIONS: &[&str] = &["osid", "oscsid", "phpsession", "session", "session_id", "sessionid", "sid", "zenid"];

/// Why an address is left alone at `now`; `None` for one that may be visited.
pub fn trap(url: &CanonicalUrl, now: Timestamp) -> Option<&'static str> {
    let text = url.as_str();
    if text.len() > MAX_LENGTH {
        return Some("its address is longer than any page's");
    }
    let parts: Vec<&str> = url.host_and_path().split('/').skip(1).filter(|part| !part.is_empty()).collect();
    if parts.len() > MAX_DEPTH {
        return Some("its path is deeper than any page's");
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for part in &parts {
        let count = counts.entry(part).or_default();
        *count += 1;
        if *count > MAX_REPEATED {
            return Some("its path repeats itself");
        }
    }
    let query = text.split_once('?').map_or("", |(_, query)| query);
    if parts.iter().any(|part| is_session(part)) || query.split('&').any(is_session_parameter) {
        return Some("its address is of one session");
    }
    is_calendar(&parts, query, now).then_some("a calendar's page")
}

/// `(S(abc…))`, as ASP.NET writes a session that has no cookie.
fn is_session(part: &str) -> bool {
    let part = part.to_ascii_lowercase();
    (part.starts_with("(s(") || part.starts_with("%28s%28")) && part.len() > SESSION
}

fn is_session_parameter(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let random = value.len() >= SESSION
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && value.bytes().any(|byte| byte.is_ascii_digit());
    random && SESSIONS.contains(&name.to_ascii_lowercase().as_str())
}

/// Days that nothing can have been published on, and all days of a calendar: it has no last page.
fn is_calendar(parts: &[&str], query: &str, now: Timestamp) -> bool {
    let day = day_of(parts);
    let limit = TimeZone::UTC.to_datetime(now).date().saturating_add(AHEAD_DAYS.days());
    if day.is_some_and(|day| day > limit) {
        return true;
    }
    let months = || query.split('&').any(|pair| ["month=", "date=", "day="].iter().any(|name| pair.starts_with(name)));
    let is_one = parts.iter().any(|part| CALENDARS.contains(&part.to_ascii_lowercase().as_str()));
    // The day of an article comes before its name; that of a calendar's page is its name.
    is_one
        && (months() || parts.last().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')))
}

/// The day or month that a path speaks of: `2026/11/20`, `2026/11`, `2026-11-20`.
fn day_of(parts: &[&str]) -> Option<Date> {
    parts.iter().enumerate().find_map(|(at, part)| {
        let mut numbers: Vec<&str> = part.split('-').collect();
        if numbers.len() == 1 {
            numbers.extend(parts[at + 1..].iter().take(2));
        }
        let all = |text: &str, most| text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
        let year: i16 = numbers.first().filter(|year| year.len() == 4 && all(year, 4))?.parse().ok()?;
        let month: i8 = numbers.get(1).filter(|month| all(month, 2))?.parse().ok()?;
        let day: i8 = numbers.get(2).filter(|day| all(day, 2)).and_then(|day| day.parse().ok()).unwrap_or(1);
        Date::new(year, month, day).ok()
    })
}

/// The page that an address stands for whatever its slug: of `/news/1234567-what-it-says` and
/// `/news/1234567-what-it-said` it is the same. `None` where no long number says which page it is: a day
/// is none, for many pages are of one day.
pub fn twin(url: &CanonicalUrl) -> Option<String> {
    let (place, query) = url.key().split_once('?').map_or((url.key(), ""), |(place, query)| (place, query));
    let (folder, last) = place.rsplit_once('/')?;
    let runs = last.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() >= NUMBER);
    let number = runs.max_by_key(|run| run.len()).filter(|run| !begins_with_a_day(run))?;
    let slug = last.len() > number.len() + 3;
    // A number with nothing beside it is no slug: its twin would be itself.
    slug.then(|| format!("{folder}/{number}?{query}"))
}

/// A number of a page has so many digits: fewer may as well be a day (`201120`) or a month (`202011`).
const NUMBER: usize = 7;

/// `20261120`, maybe with a time behind it.
fn begins_with_a_day(digits: &str) -> bool {
    let day = || {
        let year = digits.get(..4)?.parse().ok().filter(|year| (1990..2100).contains(year))?;
        Date::new(year, digits.get(4..6)?.parse().ok()?, digits.get(6..8)?.parse().ok()?).ok()
    };
    day().is_some()
}

/// The last pages of each host: whether they are ever the same.
#[derive(Debug, Default)]
pub struct SamePages {
    hosts: HashMap<String, VecDeque<(u64, String)>>,
}

/// So many pages of a host are remembered,
const REMEMBERED: usize = 100;
/// of which so many may be the same, under different addresses.
const SAME: usize = 30;
/// So many hosts are remembered.
const HOSTS: usize = 2000;

impl SamePages {
    /// Takes in a page of `host`, by a hash of its words. Whether it is one of too many of the same.
    pub fn is_one_too_many(&mut self, host: &str, url: &CanonicalUrl, words: u64) -> bool {
        if self.hosts.len() >= HOSTS && !self.hosts.contains_key(host) {
            self.hosts.clear();
        }
        let pages = self.hosts.entry(host.to_owned()).or_default();
        // One that is visited again says the same by right.
        pages.retain(|(_, known)| known != url.key());
        let same = pages.iter().filter(|(known, _)| *known == words).count();
        pages.push_back((words, url.key().to_owned()));
        if pages.len() > REMEMBERED {
            pages.pop_front();
        }
        same >= SAME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> CanonicalUrl {
        CanonicalUrl::parse(text).expect("a web address")
    }

    fn why(text: &str) -> Option<&'static str> {
        trap(&url(text), "2026-11-20T12:00:00Z".parse().expect("a timestamp"))
    }

    #[test]
    fn addresses_that_make_themselves_are_known() {
        assert_eq!(why("https://press.example/2026/11/20/a/b/c"), None);
        assert!(why(&format!("https://press.example/{}", "x".repeat(2000))).is_some());
        assert!(why(&format!("https://press.example/{}", "a/b/".repeat(11))).is_some());
        assert!(why("https://press.example/en/news/en/news/en/news/en/news").is_some());
    }

    #[test]
    fn addresses_of_a_session_are_known() {
        for (address, is) in [
            ("https://press.example/(S(lit3py55t21z5v55vlm25s55))/a.aspx", true),
            ("https://press.example/a?sid=0123456789abcdef0123", true),
            ("https://press.example/a?b=1&SessionID=0123456789abcdef0123", true),
            ("https://press.example/a?sid=12", false),
            ("https://press.example/a?session=parliamentarysummersession", false),
            ("https://press.example/(s)/a", false),
        ] {
            assert_eq!(why(address).is_some(), is, "{address}");
        }
    }

    #[test]
    fn a_calendar_has_no_end() {
        for (address, is) in [
            ("https://press.example/2031/05/the-harbour", true),
            ("https://press.example/news/2031-05-09", true),
            ("https://press.example/events/2026-11-20", true),
            ("https://press.example/calendar?month=5&year=2025", true),
            ("https://press.example/events/2026/11/the-harbour-opens", false),
            ("https://press.example/2027/01/what-comes-next", false),
            ("https://press.example/1851/09/18/a-first-issue", false),
            ("https://press.example/agenda-2050/11/a", false),
            ("https://press.example/2050/the-climate-we-will-have", false),
            ("https://press.example/news/2031-13-41", false),
            ("https://press.example/events", false),
        ] {
            assert_eq!(why(address).is_some(), is, "{address}");
        }
    }

    #[test]
    fn slugs_of_one_number_are_twins() {
        let same = |a: &str, b: &str| twin(&url(a)).is_some() && twin(&url(a)) == twin(&url(b));
        assert!(same("https://a.example/news/1234567-what-it-says", "https://a.example/news/1234567-what-it-said"));
        assert!(same("https://a.example/n/says-article-1234567.html", "https://a.example/n/said-article-1234567.html"));
        assert!(!same("https://a.example/news/1234567-one", "https://a.example/news/1234568-one"));
        assert!(!same("https://a.example/news/1234567-one", "https://a.example/sport/1234567-one"));
        assert!(!same("https://a.example/news/1234567-one?page=1", "https://a.example/news/1234567-one?page=2"));
        assert_eq!(twin(&url("https://a.example/news/1234567")), None);
        for of_a_day in
            ["20261120-the-harbour", "the-harbour-20261120093000.html", "201120-the-harbour", "202611-a-list"]
        {
            assert_eq!(twin(&url(&format!("https://a.example/news/{of_a_day}"))), None, "{of_a_day}");
        }
        assert!(same("https://a.example/news/20269999-one", "https://a.example/news/20269999-two"));
        assert_eq!(twin(&url("https://a.example/news/what-it-says")), None);
    }

    #[test]
    fn the_same_page_under_many_addresses_is_a_trap() {
        let mut pages = SamePages::default();
        let mut said =
            |n: usize, words| pages.is_one_too_many("a.example", &url(&format!("https://a.example/{n}")), words);
        for n in 0..30 {
            assert!(!said(n, 7), "{n}");
        }
        assert!(said(30, 7));
        assert!(!said(31, 8), "another page is none of them");
        let mut pages = SamePages::default();
        for _ in 0..100 {
            assert!(!pages.is_one_too_many("a.example", &url("https://a.example/a"), 7), "visited again");
        }
    }
}
