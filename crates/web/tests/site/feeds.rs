//! The feeds: valid by a reader of feeds, stable, and quiet when nothing changed.

use crate::corpus::{ENGLISH, id, plant};
use crate::reader::Reader;

#[tokio::test]
async fn every_feed_is_read_by_a_feed_reader() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let story = format!("/stories/{}", corpus.story);
    for (list, entries) in [
        (story.as_str(), 4),
        ("/stories", 1),
        ("/search", 8),
        ("/outlets/ledger", 4),
        ("/outlets/unlisted.example", 1),
        ("/networks/watchers", 6),
        ("/projects/phones", 4),
    ] {
        let mut ids = Vec::new();
        for (format, content_type) in [
            ("atom", "application/atom+xml; charset=utf-8"),
            ("rss", "application/rss+xml; charset=utf-8"),
            ("json", "application/feed+json"),
        ] {
            let address = format!("{list}.{format}");
            let answer = reader.get(&address).await;
            assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, content_type), "{address}");
            let feed = feed_rs::parser::parse(answer.body.as_bytes()).unwrap_or_else(|e| panic!("{address}: {e}"));
            assert_eq!(feed.entries.len(), entries, "{address}");
            assert!(feed.title.is_some_and(|title| !title.content.is_empty()), "{address}");
            for entry in &feed.entries {
                assert!(entry.id.starts_with("urn:uuid:"), "{address}: {}", entry.id);
                assert!(entry.title.is_some() && !entry.links.is_empty(), "{address}");
                assert!(entry.updated.or(entry.published).is_some(), "{address}");
            }
            ids.push(feed.entries.into_iter().map(|entry| entry.id).collect::<Vec<_>>());
        }
        assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "{list}: one id in every format");
    }
}

#[tokio::test]
async fn an_entry_leads_to_the_outlet_and_bears_metadata_only() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let answer = reader.get("/search.atom?q=spyware").await;
    let feed = feed_rs::parser::parse(answer.body.as_bytes()).expect("a feed");
    let entry = &feed.entries[0];
    assert_eq!(entry.links[0].href, ENGLISH);
    assert_eq!(entry.authors[0].name.as_deref(), Some("Ada Bell"));
    assert!(answer.body.contains(&format!("http://127.0.0.1:8080/articles/{}", id(ENGLISH))));
    assert!(answer.body.contains("http://127.0.0.1:8080/search.atom?q=spyware"), "it knows its own address");
    assert!(!answer.body.contains("word after word"), "no whole text");
    assert!(answer.body.contains("xml:lang=\"en\""));
    let hostile = reader.get("/search.rss?outlet=ledger").await.body;
    assert!(!hostile.contains("<script>"), "{hostile}");
}

#[tokio::test]
async fn an_unchanged_feed_answers_304() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    for address in ["/search.atom", "/stories.rss", "/outlets/ledger.json", "/", "/api/v1/outlets"] {
        let first = reader.get(address).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\""), "{address}: {tag}");
        let again = reader.ask("GET", address, &[("if-none-match", &tag)]).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{address}");
        assert_eq!(again.header("etag"), tag);
        let other = reader.ask("GET", address, &[("if-none-match", "\"other\"")]).await;
        assert_eq!(other.status, 200, "{address}");
        let head = reader.ask("HEAD", address, &[]).await;
        assert_eq!((head.status.as_u16(), head.body.len(), head.header("etag")), (200, 0, tag.as_str()), "{address}");
    }
    let feed = reader.get("/search.atom").await;
    assert_eq!(feed.header("last-modified"), "Tue, 20 Jul 2021 09:00:00 GMT");
    let since = reader.ask("GET", "/search.atom", &[("if-modified-since", "Tue, 20 Jul 2021 09:00:00 GMT")]).await;
    assert_eq!(since.status, 304);
    let since = reader.ask("GET", "/search.atom", &[("if-modified-since", "Tue, 20 Jul 2021 08:59:59 GMT")]).await;
    assert_eq!(since.status, 200);
}
