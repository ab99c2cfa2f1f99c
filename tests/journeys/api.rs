//! The JSON API and the feeds, over the served demo.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use courant_tests::{demo, http, wait};
use serde_json::Value;

use crate::corpus::{self, array, text};

/// Every address of the API, as docs/API.md lists them.
const ROUTES: [&str; 16] = [
    "/api/v1/search",
    "/api/v1/articles/{id}",
    "/api/v1/articles/{id}/revisions",
    "/api/v1/articles/{id}/similar",
    "/api/v1/articles/{id}/diff",
    "/api/v1/articles/{id}/citations",
    "/api/v1/stories",
    "/api/v1/stories/{id}",
    "/api/v1/outlets",
    "/api/v1/outlets/{id}",
    "/api/v1/networks",
    "/api/v1/networks/{id}",
    "/api/v1/projects/{id}",
    "/api/v1/changes",
    "/api/v1/status",
    "/api/v1/status/hosts/{host}",
];

#[test]
fn the_document_lists_every_route_and_every_route_answers() {
    let document = demo().get("/openapi.json").json();
    assert!(text(&document["openapi"]).starts_with("3."), "{}", document["openapi"]);
    let paths = document["paths"].as_object().expect("paths");
    let listed: BTreeSet<&str> = paths.keys().map(String::as_str).collect();
    assert_eq!(listed, ROUTES.into_iter().collect());

    let hit = demo().get("/api/v1/search?q=&limit=1").json()["hits"][0].clone();
    let network = demo().get("/api/v1/networks").json()["networks"][0].clone();
    let project = network_with_project();
    let host = text(&hit["url"]).split('/').nth(2).expect("a host");
    for route in ROUTES {
        let id = match route.split('/').nth(3) {
            Some("articles") => text(&hit["id"]),
            Some("stories") => text(&hit["story"]),
            Some("outlets") => text(&hit["outlet"]),
            Some("networks") => text(&network["id"]),
            _ => &project,
        };
        let answered = demo().get(&route.replace("{id}", id).replace("{host}", host));
        // An article that never changed has no two revisions to compare.
        let no_diff = route.ends_with("/diff") && answered.status == 404;
        assert!(answered.status == 200 || no_diff, "{route}: {} {}", answered.status, answered.text());
        assert!(answered.header("content-type").is_some_and(|kind| kind.contains("json")), "{route}");
    }
}

fn network_with_project() -> String {
    let networks = demo().get("/api/v1/networks").json();
    let projects = array(&networks["networks"]).iter().flat_map(|network| array(&network["projects"]).to_vec());
    let first = projects.into_iter().next().expect("a project");
    first["id"].as_str().or(first.as_str()).expect("a project's id").to_owned()
}

#[test]
fn problems_name_the_field_and_the_mend() {
    for (path, status, field) in [
        ("/api/v1/search?limit=1000", 400, Some("limit")),
        ("/api/v1/search?sort=best", 400, Some("sort")),
        ("/api/v1/search?lang=klingonese", 400, Some("lang")),
        ("/api/v1/search?cursor=zebra", 400, Some("cursor")),
        ("/api/v1/search?frobnicate=1", 400, None),
        ("/api/v1/stories?cursor=zebra", 400, Some("cursor")),
        ("/api/v1/changes?limit=0", 400, Some("limit")),
        ("/api/v1/articles/zebra", 404, None),
        ("/api/v1/articles/00000000000000000000000000000000", 404, None),
        ("/api/v1/outlets/zebra", 404, None),
        ("/api/v1/nothing-here", 404, None),
    ] {
        let answered = demo().get(path);
        assert_eq!(answered.status, status, "{path}: {}", answered.text());
        assert_eq!(answered.header("content-type"), Some("application/problem+json"), "{path}");
        let problem = answered.json();
        assert_eq!(problem["status"], status, "{path}");
        assert!(problem["detail"].is_string() && problem["title"].is_string(), "{problem}");
        if let Some(field) = field {
            assert_eq!(problem["field"], field, "{path}: {problem}");
            assert!(problem["mend"].is_string(), "{path}: {problem}");
        }
    }
}

#[test]
fn pages_of_a_list_join_without_a_seam() {
    let whole: Vec<String> = urls("/api/v1/search?q=pegasus&limit=100");
    assert!(whole.len() > 12, "{} articles about it", whole.len());
    let mut joined = Vec::new();
    let mut path = "/api/v1/search?q=pegasus&limit=5".to_owned();
    loop {
        let answer = demo().get(&path).json();
        joined.extend(array(&answer["hits"]).iter().map(|hit| text(&hit["url"]).to_owned()));
        match answer["next"].as_str() {
            Some(next) => path = format!("/api/v1/search?q=pegasus&limit=5&cursor={}", http::encoded(next)),
            None => break,
        }
    }
    assert_eq!(joined[..whole.len().min(joined.len())], whole[..], "the order is the same");
    assert_eq!(joined.iter().collect::<BTreeSet<_>>().len(), joined.len(), "an article came twice");
}

fn urls(path: &str) -> Vec<String> {
    array(&demo().get(path).json()["hits"]).iter().map(|hit| text(&hit["url"]).to_owned()).collect()
}

#[test]
fn highlights_join_to_the_text_and_mark_the_words() {
    let answer = demo().get("/api/v1/search?q=amazon&lang=en&limit=20").json();
    for hit in array(&answer["hits"]) {
        let title: String = array(&hit["title_runs"]).iter().map(|run| text(&run["text"])).collect();
        assert_eq!(title, text(&hit["title"]));
        let runs = array(&hit["title_runs"]).iter().chain(array(&hit["snippet"]));
        let marked: Vec<String> =
            runs.filter(|run| run["hit"] == true).map(|run| text(&run["text"]).to_lowercase()).collect();
        assert!(marked.iter().any(|word| word.contains("amazon")), "{hit}");
    }
}

#[test]
fn facets_count_with_their_own_filter_lifted() {
    let answer = demo().get("/api/v1/search?q=&lang=fr&facets=true&limit=1").json();
    let languages = array(&answer["facets"]["language"]);
    let count = |code: &str| languages.iter().find(|row| row["value"] == code).and_then(|row| row["count"].as_u64());
    assert_eq!(count("fr"), answer["total"].as_u64());
    assert!(count("ar") > Some(0), "{languages:?}");
    assert!(array(&answer["facets"]["outlet"]).iter().all(|row| row["count"].as_u64() > Some(0)));
}

#[test]
fn the_log_is_read_on_from_anywhere() {
    let log = corpus::changes(&demo().site);
    assert!(log.len() > 100);
    let seq = |row: &Value| row["seq"].as_u64().expect("a seq");
    assert!(log.windows(2).all(|pair| seq(&pair[0]) < seq(&pair[1])));
    let middle = seq(&log[log.len() / 2]);
    let piece = demo().get(&format!("/api/v1/changes?after={middle}&limit=7")).json();
    assert_eq!(array(&piece["changes"]), &log[log.len() / 2 + 1..log.len() / 2 + 8]);
    assert_eq!(piece["as_of"].as_u64(), log.last().map(seq));
    let beyond = log.last().map_or(0, seq) + 1_000;
    let end = demo().get(&format!("/api/v1/changes?after={beyond}")).json();
    assert!(array(&end["changes"]).is_empty(), "{end}");
}

#[test]
fn stories_are_what_the_log_decided_and_merged_ids_lead_on() {
    let log = corpus::changes(&demo().site);
    let members = corpus::replay(&log);
    let stories = corpus::stories(&demo().site);
    assert_eq!(stories.len(), members.len());
    for row in log.iter().filter(|row| row["kind"] == "story.merged") {
        let from = text(&row["story"]);
        let answered = demo().get(&format!("/api/v1/stories/{from}"));
        assert_eq!(answered.status, 308, "{from}");
        let to = answered.header("location").expect("a location").to_owned();
        let account = demo().get(&to).json();
        let id = text(&account["id"]);
        assert!(members.contains_key(id), "{from} leads to {id}");
        let page = demo().get(&format!("/stories/{from}"));
        assert!(matches!(page.status, 301 | 302 | 307 | 308) && page.header("location").is_some(), "{}", page.status);
    }
    for story in stories.iter().take(10) {
        let account = demo().get(&format!("/api/v1/stories/{}", text(&story["id"]))).json();
        let members = array(&account["members"]);
        let standing = members.iter().filter(|member| member["article"]["withdrawn"].is_null()).count();
        assert_eq!(account["articles"].as_u64(), Some(standing as u64), "{account}");
        let unfounded = members.iter().filter(|member| array(&member["evidence"]).is_empty()).count();
        assert!(unfounded <= 1 + merged_into(&log, text(&story["id"])), "only founders need no reason: {account}");
    }
}

/// How many stories were taken in by this one: each brought a founder.
fn merged_into(log: &[Value], story: &str) -> usize {
    let merges: BTreeMap<&str, &str> = log
        .iter()
        .filter(|row| row["kind"] == "story.merged")
        .map(|row| (text(&row["story"]), text(&row["facts"]["into"])))
        .collect();
    let leads_to = |from: &str| {
        let mut at = from;
        while let Some(next) = merges.get(at) {
            at = next;
        }
        at == story
    };
    merges.keys().filter(|from| leads_to(from)).count()
}

#[test]
fn feeds_are_feeds() {
    let story =
        corpus::stories(&demo().site).into_iter().max_by_key(|story| story["articles"].as_u64()).expect("stories");
    let story_path = format!("/stories/{}", text(&story["id"]));
    let outlet = "/outlets/lanterne".to_owned();
    for list in ["/search?q=pegasus".to_owned(), "/stories".to_owned(), story_path, outlet] {
        for (format, kind) in [
            ("atom", feed_rs::model::FeedType::Atom),
            ("rss", feed_rs::model::FeedType::RSS2),
            ("json", feed_rs::model::FeedType::JSON),
        ] {
            let path = match list.split_once('?') {
                Some((path, query)) => format!("{path}.{format}?{query}"),
                None => format!("{list}.{format}"),
            };
            let answered = demo().get(&path);
            assert_eq!(answered.status, 200, "{path}: {}", answered.text());
            let feed = feed_rs::parser::parse(&answered.body[..]).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(feed.feed_type, kind, "{path}");
            assert!(!feed.entries.is_empty(), "{path}");
            for entry in &feed.entries {
                assert!(!entry.id.is_empty() && !entry.links.is_empty() && entry.title.is_some(), "{path}: {entry:?}");
            }
        }
    }
}

#[test]
fn an_unchanged_answer_is_a_304() {
    for path in ["/api/v1/search?q=pegasus", "/stories.atom", "/"] {
        let tag_of =
            |answer: &http::Answered| answer.header("etag").unwrap_or_else(|| panic!("{path}: no ETag")).to_owned();
        let mut tag = tag_of(&demo().get(path));
        // The index still tidies up behind the demo's crawl, which moves scores: then the tag is another.
        let again = wait(&format!("a 304 of {path}"), Duration::from_secs(10), || {
            let again =
                http::try_get(&format!("{}{path}", demo().site), &[("If-None-Match", &tag)]).expect("an answer");
            if again.status == 200 {
                let moved = tag_of(&again);
                assert_ne!(moved, tag, "{path}: the same tag, and not a 304");
                tag = moved;
                return None;
            }
            Some(again)
        });
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    }
}

#[test]
fn a_foreign_host_name_is_refused() {
    for path in ["/", "/api/v1/search?q=pegasus", "/stories.atom"] {
        let url = format!("{}{path}", demo().site);
        let refused = http::try_get(&url, &[("Host", "rebound.example")]).expect("an answer");
        assert_eq!(refused.status, 421, "{path}");
        assert!(!refused.text().to_lowercase().contains("pegasus"), "{path}");
        let known = http::try_get(&url, &[("Host", "localhost")]).expect("an answer");
        assert_eq!(known.status, 200, "{path}");
    }
    assert_eq!(demo().get("/healthz").status, 200);
    assert_eq!(demo().get("/readyz").status, 200);
}

#[test]
fn every_answer_bears_the_headers_that_keep_it_inert() {
    for path in ["/", "/search?q=amazon", "/api/v1/status", "/stories.rss", "/no-such-page"] {
        let answered = demo().get(path);
        let policy = answered.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answered.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answered.header("referrer-policy"), Some("no-referrer"), "{path}");
    }
}
