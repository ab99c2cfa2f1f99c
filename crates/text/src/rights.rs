//! What a page's markup asks of those who keep and show it: `meta name=robots` (and our own name),
//! as search engines document their values, and `tdm-reservation` (TDMRep, W3C Community Group
//! report). The same words in HTTP headers are read by whoever fetched the page.

use courant_model::Rights;

use crate::dates;
use crate::html::head::Head;

/// Names of `meta` elements that speak to every robot, or to us.
const NAMES: &[&str] = &["robots", "courant", "courantbot"];

/// Gathers the wishes of a head.
pub(crate) fn find(head: &Head) -> Rights {
    let mut rights = Rights::default();
    for (key, value) in head.metas() {
        if NAMES.contains(&key) {
            rights = rights.and(robots(key, value));
        } else if key == "tdm-reservation" && matches!(value.trim(), "0" | "1") {
            rights.tdm_reserved = Some(value.trim() == "1");
            rights.evidence.push(format!("meta {key}: {value}"));
        } else if key == "tdm-policy" {
            rights.tdm_policy = Some(value.trim().to_owned());
        }
    }
    // A policy without a reservation says nothing.
    rights.tdm_policy = rights.tdm_policy.filter(|_| rights.tdm_reserved == Some(true));
    rights
}

fn robots(key: &str, value: &str) -> Rights {
    let mut found = Rights::default();
    let lower = value.to_ascii_lowercase();
    // A date holds commas and colons of its own: it is read first, and ends the list.
    let (directives, after) = match lower.split_once("unavailable_after") {
        Some((before, rest)) => (before, dates::parse(rest.trim_start_matches([':', ' ']), None, None)),
        None => (lower.as_str(), None),
    };
    found.unavailable_after = after.map(|parsed| parsed.instant);
    for directive in directives.split([',', ';']).map(str::trim) {
        match directive {
            "noindex" => found.noindex = true,
            "nofollow" => found.nofollow = true,
            "none" => (found.noindex, found.nofollow) = (true, true),
            "noarchive" | "nocache" => found.noarchive = true,
            "nosnippet" => found.nosnippet = true,
            "noai" | "noimageai" => found.noai = true,
            _ => match directive.replace(' ', "").strip_prefix("max-snippet:").map(str::parse::<u32>) {
                Some(Ok(0)) => found.nosnippet = true,
                Some(Ok(most)) => found.max_snippet = Some(most),
                // -1 stands for no limit.
                _ => {}
            },
        }
    }
    if !found.is_free() {
        found.evidence.push(format!("meta {key}: {value}"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    fn rights(html: &str) -> Rights {
        let url = Url::parse("https://example.org/a").expect("an address");
        find(&Head::of(&crate::html::dom::parse(html).0, &url))
    }

    #[test]
    fn wishes_are_gathered_with_where_they_stood() {
        let found = rights("<meta name=ROBOTS content='NoIndex, noarchive'><meta name=courant content=nosnippet>");
        assert!(found.noindex && found.noarchive && found.nosnippet && !found.nofollow);
        assert_eq!(found.evidence, ["meta robots: NoIndex, noarchive", "meta courant: nosnippet"]);
        assert!(rights("<meta name=robots content=none>").nofollow);
        assert!(rights("<meta name=robots content='max-snippet: 0'>").nosnippet);
        assert_eq!(rights("<meta name=robots content='noai, max-snippet: 50'>").snippet_limit(), Some(50));
        assert!(rights("<meta name=robots content='noai'>").noai);
        let reserved = rights("<meta name=tdm-reservation content=1><meta name=tdm-policy content='https://p.example/x'>");
        assert_eq!((reserved.tdm_reserved, reserved.tdm_policy.as_deref()), (Some(true), Some("https://p.example/x")));
        assert_eq!(rights("<meta name=tdm-reservation content=0>").tdm_reserved, Some(false));
        assert_eq!(rights("<meta name=tdm-reservation content=yes>").tdm_reserved, None);
        let until = rights("<meta name=robots content='noindex, unavailable_after: 25 Jun 2010 15:00:00 GMT'>");
        assert_eq!(until.unavailable_after.map(|at| at.to_string()).as_deref(), Some("2010-06-25T15:00:00Z"));
    }

    #[test]
    fn others_and_free_pages_ask_nothing() {
        assert!(rights("<meta name=robots content='index, follow, max-image-preview:large'>").is_free());
        assert!(rights("<meta name=googlebot content=noindex><meta name=tdm-reservation content=0>").is_free());
    }
}
