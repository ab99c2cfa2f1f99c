//! What a page's markup asks of those who keep and show it: `meta name=robots` (and our own name),
//! as search engines document their values, and `tdm-reservation` (TDMRep, W3C Community Group
//! report). HTTP headers are read by whoever fetched the page; the rules in them are the same words,
//! and are read here.

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
    let mut found = robots_rules(value);
    if !found.is_free() {
        found.evidence.push(format!("meta {key}: {value}"));
    }
    found
}

/// What a list of robots rules asks for, as it stands in `meta name=robots` and, for one agent, in
/// `X-Robots-Tag`: `noindex, max-snippet: 50, unavailable_after: 25 Jun 2030 15:00:00 GMT`. Without
/// evidence; of rules that say different things the stricter holds, and unknown ones say nothing.
pub fn robots_rules(list: &str) -> Rights {
    let mut found = Rights::default();
    let rules: Vec<&str> = list.split([',', ';']).take(RULES).map(str::trim).collect();
    for (at, rule) in rules.iter().enumerate() {
        let (name, value) = rule.split_once(':').map_or((*rule, ""), |(name, value)| (name.trim(), value.trim()));
        match name.to_ascii_lowercase().as_str() {
            "noindex" => found.noindex = true,
            "nofollow" => found.nofollow = true,
            "none" => (found.noindex, found.nofollow) = (true, true),
            "noarchive" | "nocache" => found.noarchive = true,
            "nosnippet" => found.nosnippet = true,
            "noai" | "noimageai" => found.noai = true,
            "max-snippet" => match value.parse::<u32>() {
                Ok(0) => found.nosnippet = true,
                Ok(most) => found.max_snippet = Some(found.max_snippet.map_or(most, |known| known.min(most))),
                // -1 stands for no limit.
                Err(_) => {}
            },
            "unavailable_after" => {
                // What a date's own commas cut off is put back. It is no rule that anyone knows, so
                // it may be passed over as one afterwards.
                let written = |parts| [&[value], rules.get(at + 1..at + parts).unwrap_or_default()].concat().join(", ");
                let date = (1..=DATE_PARTS).find_map(|parts| dates::parse(&written(parts), None, None));
                found.unavailable_after =
                    found.unavailable_after.into_iter().chain(date.map(|date| date.instant)).min();
            }
            _ => {}
        }
    }
    found
}

/// So many rules of a list are read: there are a dozen of them.
const RULES: usize = 100;
/// `Fri, Jun 25, 2010` has so many parts.
const DATE_PARTS: usize = 3;

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
        let reserved =
            rights("<meta name=tdm-reservation content=1><meta name=tdm-policy content='https://p.example/x'>");
        assert_eq!((reserved.tdm_reserved, reserved.tdm_policy.as_deref()), (Some(true), Some("https://p.example/x")));
        assert_eq!(rights("<meta name=tdm-reservation content=0>").tdm_reserved, Some(false));
        assert_eq!(rights("<meta name=tdm-reservation content=yes>").tdm_reserved, None);
        let until = rights("<meta name=robots content='noindex, unavailable_after: 25 Jun 2010 15:00:00 GMT'>");
        assert_eq!(until.unavailable_after.map(|at| at.to_string()).as_deref(), Some("2010-06-25T15:00:00Z"));
    }

    #[test]
    fn rules_stand_on_either_side_of_a_date() {
        for (list, until, others) in [
            ("unavailable_after: 25 Jun 2010 15:00:00 GMT, noindex", "2010-06-25T15:00:00Z", "noindex"),
            ("unavailable_after: Friday, 25-Jun-2010 15:00:00 UTC, noindex", "2010-06-25T15:00:00Z", "noindex"),
            ("NOARCHIVE; Unavailable_After: Fri, Jun 25, 2010; nofollow", "2010-06-25T00:00:00Z", "noarchive nofollow"),
            ("unavailable_after:2010-06-25T15:00:00+02:00,nosnippet", "2010-06-25T13:00:00Z", "nosnippet"),
            ("unavailable_after: 2010-06-25, unavailable_after: 2010-06-24", "2010-06-24T00:00:00Z", ""),
            ("unavailable_after: never, noindex", "", "noindex"),
            ("unavailable_after", "", ""),
            ("max-snippet: 20, max-snippet:9, max-snippet:-1", "", "max-snippet 9"),
            ("none, all, nocache, noimageai", "", "noindex noarchive nofollow noai"),
            ("max-image-preview: large, indexifembedded", "", ""),
        ] {
            let found = robots_rules(list);
            assert_eq!(found.unavailable_after.map_or_else(String::new, |at| at.to_string()), until, "{list}");
            let mut said = Vec::new();
            for (holds, name) in [
                (found.noindex, "noindex"),
                (found.noarchive, "noarchive"),
                (found.nosnippet, "nosnippet"),
                (found.nofollow, "nofollow"),
                (found.noai, "noai"),
                (found.max_snippet == Some(9), "max-snippet 9"),
            ] {
                said.extend(holds.then_some(name));
            }
            assert_eq!(said.join(" "), others, "{list}");
        }
        // A list without an end takes no time to speak of.
        assert!(robots_rules(&"unavailable_after: x,".repeat(100_000)).is_free());
    }

    #[test]
    fn others_and_free_pages_ask_nothing() {
        assert!(rights("<meta name=robots content='index, follow, max-image-preview:large'>").is_free());
        assert!(rights("<meta name=googlebot content=noindex><meta name=tdm-reservation content=0>").is_free());
    }
}
