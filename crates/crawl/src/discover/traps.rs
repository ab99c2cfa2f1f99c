//! Addresses without end: what gives them away before they are visited, and after.
//!
//! A calendar, a session number in the path, a relative link that grows by itself: each makes ever new
//! addresses of pages that are not. One address in a list may be odd; a host that gives the same page
//! under many has no more to say.

use std::collections::{HashMap, VecDeque};

use courant_model::CanonicalUrl;

const MAX_LENGTH: usize = 2000;
const MAX_DEPTH: usize = 20;
/// A part of a path that stands so often makes itself.
const MAX_REPEATED: usize = 3;

/// Why an address is left alone; `None` for one that may be visited.
pub fn trap(url: &CanonicalUrl) -> Option<&'static str> {
    let text = url.as_str();
    if text.len() > MAX_LENGTH {
        return Some("its address is longer than any page's");
    }
    let parts: Vec<&str> = url.host_and_path().split('/').skip(1).filter(|part| !part.is_empty()).collect();
    if parts.len() > MAX_DEPTH {
        return Some("its path is deeper than any page's");
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for part in parts {
        let count = counts.entry(part).or_default();
        *count += 1;
        if *count > MAX_REPEATED {
            return Some("its path repeats itself");
        }
    }
    None
}

/// The page that an address stands for whatever its slug: of `/news/1234567-what-it-says` and
/// `/news/1234567-what-it-said` it is the same. `None` where no long number says which page it is.
pub fn twin(url: &CanonicalUrl) -> Option<String> {
    let (place, query) = url.key().split_once('?').map_or((url.key(), ""), |(place, query)| (place, query));
    let (folder, last) = place.rsplit_once('/')?;
    let number = last.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() >= 6).max_by_key(|run| run.len())?;
    let slug = last.len() > number.len() + 3;
    // A number with nothing beside it is no slug: its twin would be itself.
    slug.then(|| format!("{folder}/{number}?{query}"))
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

    #[test]
    fn addresses_that_make_themselves_are_known() {
        assert_eq!(trap(&url("https://press.example/2026/11/20/a/b/c")), None);
        assert!(trap(&url(&format!("https://press.example/{}", "x".repeat(2000)))).is_some());
        assert!(trap(&url(&format!("https://press.example/{}", "a/b/".repeat(11)))).is_some());
        assert!(trap(&url("https://press.example/en/news/en/news/en/news/en/news")).is_some());
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
