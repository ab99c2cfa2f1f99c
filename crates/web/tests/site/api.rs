//! The API: what it finds, what it refuses, and that its document says all of it.

use serde_json::Value;

use crate::corpus::{ARABIC, ENGLISH, FOUND, HEBREW, WITHDRAWN, bare, id, plant};
use crate::reader::Reader;

fn ids(hits: &Value) -> Vec<&str> {
    hits.as_array().expect("a list").iter().filter_map(|hit| hit["id"].as_str()).collect()
}

#[tokio::test]
async fn a_search_finds_in_every_script_and_marks_what_matched() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    for (query, address, mark) in [
        ("q=spyware", ENGLISH, "Spyware"),
        ("q=%D8%AA%D8%AC%D8%B3%D8%B3", ARABIC, "تجسس"),
        ("q=%D7%A8%D7%95%D7%92%D7%9C%D7%94", HEBREW, "רוגלה"),
    ] {
        let answer = reader.json(&format!("/api/v1/search?{query}")).await;
        assert_eq!(ids(&answer["hits"]), [id(address).to_string()], "{query}");
        let hit = &answer["hits"][0];
        let runs = hit["title_runs"].as_array().expect("runs");
        let marked: Vec<_> = runs.iter().filter(|run| run["hit"] == true).map(|run| &run["text"]).collect();
        assert_eq!(marked, [mark], "{query}");
        assert!(hit.get("text").is_none(), "a list never holds texts");
        assert_eq!(answer["as_of"].as_u64(), Some(corpus.site.record.last_seq().await.expect("a position").0));
    }
}

#[tokio::test]
async fn filters_narrow_and_lists_with_commas_widen() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    for (query, total) in [
        ("", 8),
        ("outlet=ledger", 4),
        ("outlet=ledger,rasad", 5),
        ("outlet=ledger&outlet=rasad", 5),
        ("lang=he", 1),
        ("lang=und", 1),
        ("network=watchers", 6),
        ("country=tn", 1),
        ("project=phones", 4),
        ("from=2021-07-18", 5),
        ("to=2021-07-18&from=2021-07-18", 2),
        ("from=2021-07-18T19:00:00%2B01:00", 4),
        ("author=bell", 1),
        ("outlet=ledger&lang=", 4),
    ] {
        assert_eq!(reader.json(&format!("/api/v1/search?{query}")).await["total"], total, "{query}");
    }
    let story = reader.json(&format!("/api/v1/search?story={}", corpus.story)).await;
    assert_eq!(story["total"], 4);
}

#[tokio::test]
async fn a_filter_that_names_nothing_is_told() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    for (query, note) in [
        ("outlet=nope", "no outlet 'nope'"),
        ("network=nope", "no network 'nope'"),
        ("network=watchers,nope", "no network 'nope'"),
        ("project=nope", "no project 'nope'"),
        ("project=dams", "no article is told to be of the project 'dams' yet"),
        ("country=ZZ", "no outlet of the country 'ZZ'"),
        ("story=00000000000000000000000000000000", "no story '00000000000000000000000000000000'"),
    ] {
        let notes = reader.json(&format!("/api/v1/search?{query}")).await["notes"].clone();
        assert_eq!(notes.as_array().map(Vec::len), Some(1), "{query}: {notes}");
        assert!(notes[0].as_str().is_some_and(|told| told.contains(note)), "{query}: {notes}");
    }
    for query in
        ["outlet=ledger,unlisted.example&network=watchers&country=GB", "project=phones", "project=phones&lang=de"]
    {
        assert_eq!(reader.json(&format!("/api/v1/search?{query}")).await["notes"], serde_json::json!([]), "{query}");
    }
    let page = reader.get("/search?outlet=%3Cb%3E").await;
    assert!(page.body.contains("there is no outlet") && !page.body.contains("<b>"), "{}", page.body);
}

#[tokio::test]
async fn pages_of_hits_follow_each_other() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let all = reader.json("/api/v1/search?sort=oldest").await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = reader.json(&format!("/api/v1/search?sort=oldest&limit=3{cursor}")).await;
        seen.extend(ids(&page["hits"]).into_iter().map(str::to_owned));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={}", url::form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>());
    }
    assert_eq!(seen, ids(&all["hits"]));
    assert_eq!(seen.len(), 8);
}

#[tokio::test]
async fn facets_are_counted_where_asked_for() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let answer = reader.json("/api/v1/search?facets=true&outlet=ledger").await;
    assert_eq!(answer["facets"]["outlet"][0], serde_json::json!({ "value": "ledger", "count": 4 }));
    assert_eq!(answer["facets"]["outlet"].as_array().map(Vec::len), Some(5), "its own filter is lifted");
    assert!(reader.json("/api/v1/search").await.get("facets").is_none());
}

#[tokio::test]
async fn counts_over_time_and_by_any_fact_are_told() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let answer = reader.json("/api/v1/search?facets=kind,edited&facets=author&histogram=month&zone=Europe/Paris").await;
    let total = answer["total"].as_u64();
    assert_eq!(answer["total_is_exact"], true);
    let facets = answer["facets"].as_object().expect("an object");
    assert_eq!(facets.keys().collect::<Vec<_>>(), ["author", "edited", "kind"]);
    assert_eq!(answer["facets"]["kind"][0]["count"].as_u64(), total);
    let histogram = &answer["histogram"];
    assert_eq!((&histogram["interval"], &histogram["zone"]), (&"month".into(), &"Europe/Paris".into()));
    let buckets = histogram["buckets"].as_array().expect("buckets");
    assert_eq!(buckets.iter().map(|bucket| bucket["count"].as_u64().unwrap_or(0)).sum::<u64>(), total.unwrap_or(0));
    let edited = reader.json("/api/v1/search?edited=true").await["total"].as_u64();
    assert_eq!(answer["facets"]["edited"].as_array().map(|counts| counts.len()), Some(2));
    assert!(edited > Some(0) && edited < total);
    let every = reader.json("/api/v1/search?facets=true&limit=1").await;
    assert_eq!(every["facets"].as_object().map(|facets| facets.len()), Some(13));
}

#[tokio::test]
async fn what_words_become_is_told_where_asked_for() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let answer = reader.json("/api/v1/search?q=spies&explain=true&lang=en").await;
    let word = &answer["expanded"][0];
    assert_eq!(word["typed"], "spies");
    assert_eq!(word["alternatives"][0], serde_json::json!({ "language": null, "forms": ["spies"], "how": "written" }));
    let stems = word["alternatives"].as_array().expect("alternatives").iter();
    assert!(stems.clone().any(|one| one["how"] == "stem" && one["language"] == "en"));
    let plain = reader.json("/api/v1/search?q=spies").await;
    assert!(plain.get("expanded").is_none());
    let found = reader.json("/api/v1/search?q=spyware&explain=true").await;
    let why = &found["hits"][0]["why"][0];
    assert_eq!((&why["typed"], &why["how"]), (&"spyware".into(), &"written".into()), "{why}");
    assert!(why["found"].as_str().is_some_and(|found| found.to_lowercase().contains("spyware")), "{why}");
    let hits = reader.json("/api/v1/search?q=spyware").await;
    assert!(hits["hits"][0].get("why").is_none());
}

#[tokio::test]
async fn similar_articles_are_told_as_a_search_is() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let first = reader.json("/api/v1/search?limit=1").await["hits"][0]["id"].as_str().expect("an id").to_owned();
    let answer = reader.json(&format!("/api/v1/articles/{first}/similar?facets=language")).await;
    assert!(ids(&answer["hits"]).iter().all(|id| *id != first), "not itself");
    assert!(answer["facets"]["language"].is_array() && answer["next"].is_null());
    for (address, status) in [
        (format!("/api/v1/articles/{first}/similar?q=x"), 400),
        ("/api/v1/articles/00000000000000000000000000000000/similar".to_owned(), 404),
    ] {
        assert_eq!(reader.get(&address).await.status, status, "{address}");
    }
}

#[tokio::test]
async fn an_article_is_told_whole() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let article = reader.json(&format!("/api/v1/articles/{}", id(ENGLISH))).await;
    assert_eq!(article["outlet"], "ledger");
    assert_eq!(article["outlet_name"], "The <i>Ledger</i>");
    assert_eq!(article["published"]["date"], "2021-07-18T18:00:00+02:00");
    assert_eq!(article["published"]["source"], "json-ld");
    assert_eq!(article["revision"], 2);
    assert_eq!(article["images"][0]["credit"], "Jon Orr / Meridian");
    assert!(article["text"].as_str().is_some_and(|text| text.contains("eleven telephones")));
    let unknown = reader.json(&format!("/api/v1/articles/{}", id(FOUND))).await;
    assert_eq!((&unknown["published"], &unknown["language"]), (&Value::Null, &"und".into()));
    let withdrawn = reader.json(&format!("/api/v1/articles/{}", id(WITHDRAWN))).await;
    assert_eq!(withdrawn["withdrawn"], "2021-07-20T09:00:00Z");
}

#[tokio::test]
async fn texts_are_only_for_readers_who_may_have_them() {
    let corpus = plant().await;
    let public = courant_web::Site { full_text: false, ..corpus.site.clone() };
    let reader = Reader::of(&public);
    let english = id(ENGLISH);
    assert!(reader.json(&format!("/api/v1/articles/{english}")).await.get("text").is_none());
    let diff = reader.json(&format!("/api/v1/articles/{english}/diff")).await;
    assert!(diff.get("text").is_none() && diff["title"].is_array());
    for address in [
        format!("/api/v1/articles/{english}/revisions"),
        format!("/articles/{english}"),
        format!("/articles/{english}/diff?whole=1"),
        format!("/articles/{english}/revisions/1"),
    ] {
        let answer = reader.get(&address).await;
        assert!(answer.status == 200 && !answer.body.contains("sells to states only"), "{address}");
    }
}

#[tokio::test]
async fn revisions_and_what_differs_between_them() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let base = format!("/api/v1/articles/{}", id(ENGLISH));
    let revisions = reader.json(&format!("{base}/revisions")).await;
    assert_eq!(revisions["revisions"][1]["changed"], serde_json::json!(["title", "body"]));
    assert_eq!(revisions["revisions"][0]["capture"]["file"], "a.warc.gz");
    let diff = reader.json(&format!("{base}/diff?from=1&to=2")).await;
    let part = |kind: &str| {
        let parts = diff["title"].as_array().expect("parts");
        parts.iter().find(|part| part["kind"] == kind).map(|part| part["text"].clone())
    };
    assert_eq!((part("removed"), part("added")), (Some("reporters".into()), Some("journalists".into())));
    assert_eq!(diff, reader.json(&format!("{base}/diff")).await, "the latest change is the default");
    let problem = reader.problem(&format!("{base}/diff?from=1&to=3")).await;
    assert_eq!((&problem["status"], &problem["field"]), (&404.into(), &"to".into()));
    let cited = reader.json(&format!("{base}/citations")).await;
    assert_eq!(ids(&cited["cited_by"]), [id(HEBREW).to_string()]);
    let citing = reader.json(&format!("/api/v1/articles/{}/citations", id(HEBREW))).await;
    assert_eq!(ids(&citing["cites"]), [id(ENGLISH).to_string()]);
}

#[tokio::test]
async fn a_story_tells_its_articles_in_time_order_and_why_each_is_there() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let story = reader.json(&format!("/api/v1/stories/{}", corpus.story)).await;
    let members = story["members"].as_array().expect("members");
    let languages: Vec<_> = members.iter().map(|member| member["article"]["language"].as_str()).collect();
    assert_eq!(languages, [Some("en"), Some("ar"), Some("he"), Some("zh")]);
    assert_eq!(members[1]["evidence"][0]["kind"], "translation");
    assert_eq!(story["articles"], 4);
    let merged = reader.get(&format!("/api/v1/stories/{}", corpus.merged)).await;
    assert_eq!(merged.status, 308);
    assert_eq!(merged.header("location"), format!("/api/v1/stories/{}", corpus.story));
    let list = reader.json("/api/v1/stories?at_least=2&lang=he").await;
    assert_eq!((&list["total"], &list["next"]), (&1.into(), &Value::Null));
    let page = reader.json("/api/v1/stories?limit=2&order=widest").await;
    assert_eq!(page["stories"][0]["id"], corpus.story.to_string());
    let next = reader
        .json(&format!("/api/v1/stories?limit=2&order=widest&cursor={}", page["next"].as_str().expect("more")))
        .await;
    assert_ne!(next["stories"][0]["id"], page["stories"][0]["id"]);
}

#[tokio::test]
async fn outlets_networks_projects() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let outlets = reader.json("/api/v1/outlets").await;
    assert_eq!(outlets["outlets"].as_array().map(Vec::len), Some(5), "the one that was found among them");
    let ledger = reader.json("/api/v1/outlets/ledger").await;
    assert_eq!(ledger["articles"], 3, "the withdrawn one does not count");
    assert_eq!(ledger["networks"], serde_json::json!(["watchers"]));
    assert_eq!(ledger["sources"][0]["kind"], "feed");
    assert_eq!(ledger["blocked"][0]["reason"], "consent-wall");
    assert_eq!(reader.json("/api/v1/outlets/unlisted.example").await["origin"], "found");
    assert_eq!(reader.json("/api/v1/networks").await["networks"][0]["id"], "watchers");
    assert_eq!(reader.json("/api/v1/networks/watchers").await["projects"][0]["name"], "The Phones");
    assert_eq!(reader.json("/api/v1/projects/phones").await["network"], "watchers");
}

#[tokio::test]
async fn the_log_is_read_piece_by_piece() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let mut after = 0;
    let mut kinds = Vec::new();
    loop {
        let piece = reader.json(&format!("/api/v1/changes?after={after}&limit=4")).await;
        let rows = piece["changes"].as_array().expect("rows");
        if rows.is_empty() {
            assert_eq!(piece["next"], after, "nothing new, same place");
            break;
        }
        kinds.extend(rows.iter().map(|row| row["kind"].as_str().unwrap_or_default().to_owned()));
        after = piece["next"].as_u64().expect("a position");
    }
    for kind in ["article.new", "article.revised", "article.withdrawn", "story.created", "story.joined", "story.merged"]
    {
        assert!(kinds.iter().any(|known| known == kind), "{kind} in {kinds:?}");
    }
    let status = reader.json("/api/v1/status").await;
    assert_eq!((&status["indexed"], &status["as_of"]), (&after.into(), &after.into()));
    assert_eq!((&status["articles"], &status["outlets"]), (&7.into(), &5.into()));
    assert_eq!(status["parked"][0]["gap_ms"], 10_000);
    let beyond = reader.json("/api/v1/changes?after=9223372036854775807").await;
    assert_eq!(beyond["changes"], serde_json::json!([]));
}

#[tokio::test]
async fn what_cannot_be_answered_names_the_field_and_the_mend() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    for (address, status, field) in [
        ("/api/v1/search?lang=klingon", 400, "lang"),
        ("/api/v1/search?from=someday", 400, "from"),
        ("/api/v1/search?limit=0", 400, "limit"),
        ("/api/v1/search?limit=x", 400, "limit"),
        ("/api/v1/search?limit=-1", 400, "limit"),
        ("/api/v1/search?facets=perhaps", 400, "facets"),
        ("/api/v1/search?histogram=year", 400, "histogram"),
        ("/api/v1/search?histogram=day&zone=Mars", 400, "zone"),
        ("/api/v1/search?cursor=nonsense", 400, "cursor"),
        ("/api/v1/search?sort=best", 400, "sort"),
        ("/api/v1/search?serch=x", 400, "serch"),
        ("/api/v1/stories?order=x", 400, "order"),
        ("/api/v1/stories?cursor=-3", 400, "cursor"),
        ("/api/v1/stories?at_least=0", 400, "at_least"),
        ("/api/v1/changes?after=9223372036854775808", 400, "after"),
        ("/api/v1/changes?limit=5000", 400, "limit"),
        ("/api/v1/outlets?x=1", 400, "x"),
        ("/api/v1/articles/zz", 404, "id"),
        ("/api/v1/articles/00000000000000000000000000000000", 404, "id"),
        ("/api/v1/stories/00000000000000000000000000000000", 404, "id"),
        ("/api/v1/outlets/nobody", 404, "id"),
        ("/api/v1/networks/nobody", 404, "id"),
        ("/api/v1/projects/nothing", 404, "id"),
    ] {
        let problem = reader.problem(address).await;
        assert_eq!((&problem["status"], &problem["field"]), (&status.into(), &field.into()), "{address}: {problem}");
        assert!(problem["mend"].as_str().is_some_and(|mend| !mend.is_empty()), "{address}");
    }
    let unknown = reader.problem("/api/v1/search?serch=x").await;
    assert!(unknown["mend"].as_str().is_some_and(|mend| mend.contains("q, outlet, network")), "{unknown}");
    assert_eq!(reader.problem("/api/v1/nothing").await["status"], 404);
    assert_eq!(reader.problem("/api/v2").await["status"], 404);
    let posted = reader.ask("POST", "/api/v1/search", &[]).await;
    assert_eq!((posted.status.as_u16(), posted.header("content-type")), (405, "application/problem+json"));
    assert!(!posted.header("allow").is_empty());
}

#[tokio::test]
async fn the_document_lists_every_address_and_every_address_answers() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let document = reader.json("/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().expect("paths");
    let listed: Vec<&str> = paths.keys().map(String::as_str).collect();
    let mut expected = vec![
        "/api/v1/articles/{id}",
        "/api/v1/articles/{id}/citations",
        "/api/v1/articles/{id}/diff",
        "/api/v1/articles/{id}/revisions",
        "/api/v1/articles/{id}/similar",
        "/api/v1/changes",
        "/api/v1/networks",
        "/api/v1/networks/{id}",
        "/api/v1/outlets",
        "/api/v1/outlets/{id}",
        "/api/v1/projects/{id}",
        "/api/v1/search",
        "/api/v1/status",
        "/api/v1/status/hosts/{host}",
        "/api/v1/stories",
        "/api/v1/stories/{id}",
    ];
    expected.sort_unstable();
    assert_eq!(listed, expected);
    for path in listed {
        let known = match path {
            p if p.contains("articles") => id(ENGLISH).to_string(),
            p if p.contains("stories") => corpus.story.to_string(),
            p if p.contains("outlets") => "ledger".to_owned(),
            p if p.contains("networks") => "watchers".to_owned(),
            _ => "phones".to_owned(),
        };
        reader.json(&path.replace("{id}", &known).replace("{host}", "slow.example")).await;
    }
    resolve(&document, &document);
    for (path, item) in paths {
        let responses = item["get"]["responses"].as_object().expect("responses");
        assert!(["200", "400", "404", "500"].iter().all(|status| responses.contains_key(*status)), "{path}");
        for response in responses.values() {
            assert!(response["description"].as_str().is_some_and(|words| !words.is_empty()), "{path}: {response}");
        }
    }
}

#[tokio::test]
async fn the_written_page_names_every_address_and_every_kind_of_the_log() {
    let page = include_str!("../../../../docs/API.md");
    let corpus = plant().await;
    let document = Reader::of(&corpus.site).json("/openapi.json").await;
    for path in document["paths"].as_object().expect("paths").keys() {
        assert!(page.contains(&format!("`{path}`")), "{path}");
    }
    let kinds = &document["components"]["schemas"]["Change"]["properties"]["kind"]["description"];
    for kind in courant_model::ChangeKind::ALL {
        let kind = format!("`{}`", kind.as_str());
        assert!(page.contains(&kind), "{kind} in docs/API.md");
        assert!(kinds.as_str().is_some_and(|kinds| kinds.contains(&kind)), "{kind} in /openapi.json");
    }
}

/// Every reference in the document leads somewhere.
fn resolve(part: &Value, document: &Value) {
    match part {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                let pointer = reference.trim_start_matches('#');
                assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
            }
            fields.values().for_each(|field| resolve(field, document));
        }
        Value::Array(items) => items.iter().for_each(|item| resolve(item, document)),
        _ => {}
    }
}

#[tokio::test]
async fn an_empty_place_answers_too() {
    let (site, _place) = bare().await;
    let reader = Reader::of(&site);
    assert_eq!(reader.json("/api/v1/search?q=anything").await["total"], 0);
    assert_eq!(reader.json("/api/v1/status").await["indexed"], Value::Null);
    for address in ["/", "/search", "/search?q=x", "/stories", "/outlets", "/status"] {
        reader.page(address).await;
    }
    assert_eq!(reader.get("/readyz").await.status, 200);
}
