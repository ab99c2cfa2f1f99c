//! Batches: articles, their revisions, addresses, links and ends.

use courant_model::{
    ArticleId, Author, ChangeKind, DateSource, Dated, Draft, Image, Language, Link, OutletId, Precision, Rights, Seq,
    Translation,
};
use courant_store::contract::{Batch, Recorded};

use crate::support::{
    Place, ask, at, claim, credit, draft, every_record, kinds, last_change, outcome, page, paths, record_one, url,
};

#[tokio::test]
async fn an_article_comes_back_as_it_was_read() {
    for Place { record, .. } in every_record().await {
        let mut full = draft("https://a.example/1", 10);
        full.aliases = vec![url("https://a.example/amp/1"), url("https://a.example/1")];
        let reading = &mut full.reading;
        reading.standfirst = Some("What it is about.".to_owned());
        reading.authors = vec![Author { name: "Ada Bell".to_owned(), organisation: false }];
        let offset = Some(jiff::tz::offset(2));
        let dated = Dated { instant: at(3), offset, precision: Precision::Minute, source: DateSource::JsonLd };
        reading.published = Some(dated);
        reading.modified = Some(dated);
        reading.section = Some("World".to_owned());
        reading.tags = vec!["spyware".to_owned()];
        reading.language = Language::parse("fr");
        reading.confidence = 0.75;
        reading.images = vec![Image { url: "https://a.example/1.jpg".to_owned(), caption: None, credit: None }];
        let link =
            Link { url: url("https://b.example/x"), anchor: "there".to_owned(), sentence: Some("S.".to_owned()) };
        reading.links = vec![link];
        reading.translations = vec![Translation { language: Language::parse("ar"), url: url("https://a.example/ar") }];
        reading.credits = vec![credit()];
        reading.claims = vec![claim()];
        reading.paywalled = true;
        reading.dateline = Some("PARIS".to_owned());
        reading.agency = Some("AFP".to_owned());
        reading.rights = Rights { noindex: true, evidence: vec!["meta".to_owned()], ..Rights::default() };
        let reading = reading.clone();

        let batch = Batch { drafts: vec![full.clone()], ..Batch::default() };
        let report = record.record(&batch, at(11)).await.unwrap();
        let id = ArticleId::of(&full.url);
        assert_eq!(report.recorded, [Recorded::New(id)]);
        assert_eq!(report.last, Seq(1));

        let article = record.article(id).await.unwrap().unwrap();
        assert_eq!((&article.url, &article.outlet), (&full.url, &full.outlet));
        assert_eq!((&article.title, &article.standfirst), (&reading.title, &reading.standfirst));
        assert_eq!((&article.authors, article.published), (&reading.authors, reading.published));
        assert_eq!((article.modified, &article.section), (reading.modified, &reading.section));
        assert_eq!((&article.tags, article.language), (&reading.tags, reading.language));
        assert_eq!((article.confidence, &article.images), (0.75, &reading.images));
        assert_eq!((&article.links, &article.translations), (&reading.links, &reading.translations));
        assert_eq!((&article.credits, &article.claims), (&reading.credits, &reading.claims));
        assert_eq!((article.paywalled, &article.dateline), (true, &reading.dateline));
        assert_eq!((&article.agency, &article.rights), (&reading.agency, &reading.rights));
        assert_eq!((article.first_seen, article.last_seen, article.revised), (at(10), at(10), at(10)));
        assert_eq!((article.revision, article.withdrawn, article.story), (1, None, None));
        assert_eq!(article.moment(), at(3));

        let revision = &record.texts(&[id]).await.unwrap()[0];
        assert_eq!((revision.article, revision.number, revision.seen), (id, 1, at(10)));
        assert_eq!((revision.byline.as_str(), &revision.body), ("Ada Bell", &reading.body));
        assert_eq!((revision.extractor, &revision.capture), (1, &full.capture));
        assert!(revision.changed.is_empty());
        assert_eq!(record.addresses(id).await.unwrap(), [url("https://a.example/1"), url("https://a.example/amp/1")]);

        let nobody = ArticleId::from_bytes([0; 16]);
        assert_eq!(record.article(nobody).await.unwrap(), None);
        assert_eq!(record.articles(&[nobody, id, nobody]).await.unwrap(), [article]);
        assert_eq!(record.texts(&[nobody]).await.unwrap(), []);
        assert_eq!(record.revisions(nobody).await.unwrap(), []);
        assert_eq!(record.addresses(nobody).await.unwrap(), []);
    }
}

#[tokio::test]
async fn an_edit_makes_a_revision_and_only_an_edit_does() {
    for Place { record, .. } in every_record().await {
        let first = draft("https://a.example/1", 0);
        let id = record_one(&*record, first.clone(), at(0)).await.id();

        let mut reflowed = draft("https://a.example/1", 10);
        reflowed.reading.body = first.reading.body.replace(' ', "\n  ");
        assert_eq!(record_one(&*record, reflowed, at(10)).await, Recorded::Same(id));
        let article = record.article(id).await.unwrap().unwrap();
        assert_eq!((article.last_seen, article.revision, article.revised), (at(10), 1, at(0)));

        let mut edited = draft("https://a.example/1", 20);
        edited.reading.title = "Another title".to_owned();
        edited.reading.body.push_str(" Corrected.");
        assert_eq!(record_one(&*record, edited.clone(), at(20)).await, Recorded::Revised(id));
        assert_eq!(record_one(&*record, edited.clone(), at(21)).await, Recorded::Same(id), "told twice");
        let mut signed = edited.clone();
        signed.seen = at(30);
        signed.reading.authors = vec![Author { name: "Jon Orr".to_owned(), organisation: false }];
        signed.reading.standfirst = Some("New.".to_owned());
        assert_eq!(record_one(&*record, signed, at(30)).await, Recorded::Revised(id));

        let revisions = record.revisions(id).await.unwrap();
        let told: Vec<_> = revisions.iter().map(|r| (r.number, r.seen, r.changed.join(" "))).collect();
        assert_eq!(
            told,
            [
                (1, at(0), String::new()),
                (2, at(20), "title body".to_owned()),
                (3, at(30), "standfirst byline".to_owned())
            ]
        );
        assert_eq!(record.texts(&[id]).await.unwrap(), revisions[2..]);
        let article = record.article(id).await.unwrap().unwrap();
        assert_eq!((article.revision, article.revised, article.first_seen), (3, at(30), at(0)));
        assert_eq!((article.title.as_str(), article.byline().as_str()), ("Another title", "Jon Orr"));

        let changes = record.changes(Seq(1), 10).await.unwrap();
        assert_eq!(changes.len(), 2);
        assert_eq!((changes[0].kind, changes[0].article), (ChangeKind::ArticleRevised, Some(id)));
        assert_eq!(changes[0].facts.get("revision"), Some("2"));
        assert_eq!(changes[0].facts.get("changed"), Some("title body"));
        assert_eq!(changes[0].at, at(20));
    }
}

#[tokio::test]
async fn a_newer_extractor_never_looks_like_an_edit() {
    for Place { record, .. } in every_record().await {
        let id = record_one(&*record, draft("https://a.example/1", 0), at(0)).await.id();
        let mut edited = draft("https://a.example/1", 5);
        edited.reading.body = "Second words.".to_owned();
        record_one(&*record, edited, at(5)).await;

        let mut newer = draft("https://a.example/1", 10);
        newer.reading.extractor = 2;
        newer.reading.body = "Second words, and those that the old extractor missed.".to_owned();
        assert_eq!(record_one(&*record, newer.clone(), at(10)).await, Recorded::Same(id));
        let revisions = record.revisions(id).await.unwrap();
        assert_eq!(revisions.len(), 2);
        let current = &revisions[1];
        assert_eq!((current.number, current.seen, current.extractor), (2, at(5), 2), "replaced in place");
        assert_eq!(current.body, newer.reading.body);
        assert_eq!(current.changed, ["body"]);
        assert_eq!(kinds(&*record).await, ["article.new", "article.revised", "article.updated"]);
        assert_eq!(last_change(&*record).await.facts.get("changed"), Some("body"));
        newer.seen = at(12);
        newer.reading.extractor = 3;
        assert_eq!(record_one(&*record, newer.clone(), at(12)).await, Recorded::Same(id));
        assert_eq!(kinds(&*record).await.len(), 3, "read by a newer one, but no other words");

        newer.seen = at(20);
        newer.reading.body.push_str(" A true edit.");
        assert_eq!(record_one(&*record, newer, at(20)).await, Recorded::Revised(id));
    }
}

#[tokio::test]
async fn the_kept_capture_read_again_makes_an_edit_across_extractors_visible() {
    for Place { record, .. } in every_record().await {
        let mut first = draft("https://a.example/1", 10);
        first.capture.as_mut().unwrap().at = at(9);
        let id = record_one(&*record, first.clone(), at(10)).await.id();

        // What the newer extractor makes of the old capture, fetched a moment before it was recorded.
        let mut reread = first.clone();
        reread.seen = at(9);
        reread.reading.extractor = 2;
        reread.reading.body = "As the newer one reads it.".to_owned();
        let mut same = reread.clone();
        same.seen = at(20);
        same.capture = draft("https://a.example/1", 20).capture;
        let batch = Batch { drafts: vec![reread.clone(), same], ..Batch::default() };
        assert_eq!(record.record(&batch, at(20)).await.unwrap().recorded, [Recorded::Same(id); 2]);

        assert_eq!(record.revisions(id).await.unwrap().len(), 1);
    }
    for Place { record, .. } in every_record().await {
        let first = draft("https://a.example/1", 10);
        let id = record_one(&*record, first.clone(), at(11)).await.id();
        let mut reread = Draft { seen: at(9), ..first };
        reread.reading.extractor = 2;
        reread.reading.body = "As the newer one reads it.".to_owned();
        let mut edited = Draft { seen: at(30), ..reread.clone() };
        edited.reading.body = "As the newer one reads it, edited.".to_owned();
        let report = record.record(&Batch { drafts: vec![reread, edited], ..Batch::default() }, at(30)).await.unwrap();
        assert_eq!(report.recorded, [Recorded::Same(id), Recorded::Revised(id)]);
        let bodies: Vec<String> =
            record.revisions(id).await.unwrap().into_iter().map(|revision| revision.body).collect();
        assert_eq!(bodies, ["As the newer one reads it.", "As the newer one reads it, edited."]);
    }
}

#[tokio::test]
async fn an_older_capture_that_comes_late_changes_nothing() {
    for Place { record, .. } in every_record().await {
        let id = record_one(&*record, draft("https://a.example/1", 100), at(100)).await.id();
        let mut old = draft("https://a.example/1", 50);
        old.reading.title = "As it was once".to_owned();
        old.aliases = vec![url("https://a.example/old")];
        assert_eq!(record_one(&*record, old, at(200)).await, Recorded::Same(id));
        let article = record.article(id).await.unwrap().unwrap();
        assert_eq!((article.revision, article.last_seen), (1, at(100)));
        assert_ne!(article.title, "As it was once");
        assert_eq!(record.article_at(&url("https://a.example/old")).await.unwrap(), Some(id));
    }
}

#[tokio::test]
async fn a_date_that_a_feed_told_is_not_taken_back_by_a_page_without_one() {
    for Place { record, .. } in every_record().await {
        let dated = |source| Dated { instant: at(1), offset: None, precision: Precision::Day, source };
        for (path, source, kept) in [("feed", DateSource::Feed, true), ("page", DateSource::JsonLd, false)] {
            let mut told = draft(&format!("https://a.example/{path}"), 10);
            told.reading.published = Some(dated(source));
            let id = record_one(&*record, told.clone(), at(10)).await.id();
            told.reading.published = None;
            told.seen = at(20);
            record_one(&*record, told, at(20)).await;
            let article = record.article(id).await.unwrap().unwrap();
            assert_eq!(article.published.is_some(), kept, "{path}");
        }
    }
}

#[tokio::test]
async fn an_article_is_known_by_every_address_that_led_to_it() {
    for Place { record, .. } in every_record().await {
        let mut first = draft("https://a.example/1", 0);
        first.aliases = vec![url("https://a.example/?p=1")];
        let id = record_one(&*record, first, at(0)).await.id();
        assert_eq!(record.article_at(&url("http://a.example/?p=1")).await.unwrap(), Some(id), "scheme-less");

        // Its outlet gave it a new canonical URL; an old address still leads there.
        let mut moved = draft("https://a.example/2026/new-slug", 10);
        moved.aliases = vec![url("https://a.example/?p=1")];
        assert_eq!(record_one(&*record, moved, at(10)).await, Recorded::Same(id));
        let article = record.article(id).await.unwrap().unwrap();
        assert_eq!(article.url, url("https://a.example/2026/new-slug"), "as last seen");
        let addresses = ["https://a.example/1", "https://a.example/?p=1", "https://a.example/2026/new-slug"];
        assert_eq!(record.addresses(id).await.unwrap(), addresses.map(url));

        // The page that now calls itself by one of these addresses is this article, whatever its id would be.
        let named = draft("https://a.example/2026/new-slug", 20);
        assert_eq!(record_one(&*record, named, at(20)).await, Recorded::Same(id));

        // An address of one article that leads to another as well stays with the first.
        let mut other = draft("https://a.example/other", 30);
        let other_id = record_one(&*record, other.clone(), at(30)).await.id();
        other.aliases = vec![url("https://a.example/1")];
        other.seen = at(40);
        assert_eq!(record_one(&*record, other, at(40)).await, Recorded::Same(other_id));
        assert_eq!(record.article_at(&url("https://a.example/1")).await.unwrap(), Some(id));
        assert_eq!(record.article_ids(None, 10).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn one_page_twice_in_a_batch_is_one_article() {
    for Place { record, .. } in every_record().await {
        let mut edited = draft("http://a.example/1", 1);
        edited.reading.title = "Edited meanwhile".to_owned();
        let mut by_alias = draft("https://a.example/amp", 2);
        by_alias.aliases = vec![url("https://a.example/1")];
        by_alias.reading.title = "Edited meanwhile".to_owned();
        let drafts = vec![draft("https://a.example/1", 0), edited, by_alias];
        let report = record.record(&Batch { drafts, ..Batch::default() }, at(2)).await.unwrap();
        let id = ArticleId::of(&url("https://a.example/1"));
        assert_eq!(report.recorded, [Recorded::New(id), Recorded::Revised(id), Recorded::Same(id)]);
        assert_eq!(record.article_ids(None, 10).await.unwrap(), [id]);
    }
}

#[tokio::test]
async fn an_article_is_withdrawn_and_returns() {
    for Place { record, .. } in every_record().await {
        let mut first = draft("https://a.example/1", 0);
        first.aliases = vec![url("https://a.example/short")];
        let id = record_one(&*record, first.clone(), at(0)).await.id();

        let gone = |text: &str| Batch { gone: vec![url(text), url("https://a.example/never")], ..Batch::default() };
        let report = record.record(&gone("http://a.example/1"), at(10)).await.unwrap();
        assert_eq!(report.withdrawn, [id]);
        assert_eq!(record.record(&gone("https://a.example/1"), at(11)).await.unwrap().withdrawn, [], "already");
        assert_eq!(record.article(id).await.unwrap().unwrap().withdrawn, Some(at(10)));

        first.seen = at(20);
        assert_eq!(record_one(&*record, first.clone(), at(20)).await, Recorded::Returned(id));
        assert_eq!(record.article(id).await.unwrap().unwrap().withdrawn, None);

        // By a side address; and back by an answer that said "unchanged".
        assert_eq!(record.record(&gone("https://a.example/short"), at(30)).await.unwrap().withdrawn, [id]);
        let unchanged = Batch { unchanged: vec![url("https://a.example/1")], ..Batch::default() };
        record.record(&unchanged, at(40)).await.unwrap();
        let article = record.article(id).await.unwrap().unwrap();
        assert_eq!((article.withdrawn, article.last_seen), (None, at(40)));

        // It returns with other words: both are told.
        record.record(&gone("https://a.example/1"), at(50)).await.unwrap();
        first.seen = at(60);
        first.reading.body = "Other words.".to_owned();
        assert_eq!(record_one(&*record, first, at(60)).await, Recorded::Returned(id));
        assert_eq!(
            kinds(&*record).await,
            [
                "article.new",
                "article.withdrawn",
                "article.returned",
                "article.withdrawn",
                "article.returned",
                "article.withdrawn",
                "article.returned",
                "article.revised"
            ]
        );
    }
}

#[tokio::test]
async fn a_dead_side_address_takes_nothing_away_while_the_article_answers() {
    for Place { record, .. } in every_record().await {
        let mut first = draft("https://a.example/1", 0);
        first.aliases = vec![url("https://a.example/short")];
        let batch = Batch { drafts: vec![first], found: vec![page("https://a.example/1", 0)], ..Batch::default() };
        assert_eq!(record.record(&batch, at(0)).await.unwrap().found, 1);
        let visit = Batch { outcomes: vec![outcome("https://a.example/1", 900)], ..Batch::default() };
        record.record(&visit, at(5)).await.unwrap();
        let gone = Batch { gone: vec![url("https://a.example/short")], ..Batch::default() };
        assert_eq!(record.record(&gone, at(10)).await.unwrap().withdrawn, []);
    }
}

#[tokio::test]
async fn a_batch_brings_its_visits_and_finds() {
    for Place { record, .. } in every_record().await {
        record.add_targets(&[page("https://a.example/1", 0)]).await.unwrap();
        record.lease(&ask("one", at(1)), at(1)).await.unwrap();
        let batch = Batch {
            drafts: vec![draft("https://a.example/1", 2)],
            outcomes: vec![outcome("https://a.example/1", 900)],
            found: vec![page("https://a.example/1", 0), page("https://a.example/2", 0)],
            ..Batch::default()
        };
        assert_eq!(record.record(&batch, at(2)).await.unwrap().found, 1);
        let leased = record.lease(&ask("two", at(1000)), at(1000)).await.unwrap();
        assert_eq!(paths(&leased), ["a.example/2", "a.example/1"], "the visit gave up its lease");
        assert_eq!(record.record(&Batch::default(), at(3)).await.unwrap().last, Seq(1), "an empty batch is none");
    }
}

#[tokio::test]
async fn articles_are_walked_linked_and_counted() {
    for Place { record, .. } in every_record().await {
        let mut drafts: Vec<_> = (0..5).map(|i| draft(&format!("https://a.example/{i}"), i)).collect();
        drafts[4].outlet = OutletId::new("b");
        let link = |text: &str| Link { url: url(text), anchor: String::new(), sentence: None };
        drafts[0].reading.links = vec![link("https://x.example/report"), link("https://x.example/report")];
        drafts[1].reading.links = vec![link("http://x.example/report"), link("https://y.example/")];
        let report = record.record(&Batch { drafts: drafts.clone(), ..Batch::default() }, at(9)).await.unwrap();
        let mut ids: Vec<_> = report.recorded.iter().map(|recorded| recorded.id()).collect();

        let linking = record.linking_to(&[url("https://x.example/report"), url("https://y.example/")], 10).await;
        let mut both = ids[..2].to_vec();
        both.sort();
        assert_eq!(linking.unwrap(), both);
        assert_eq!(record.linking_to(&[url("https://x.example/report")], 1).await.unwrap(), both[..1]);
        drafts[1].reading.links.clear();
        drafts[1].seen = at(20);
        record_one(&*record, drafts[1].clone(), at(20)).await;
        assert_eq!(record.linking_to(&[url("https://y.example/")], 10).await.unwrap(), [], "the link is gone");

        let gone = Batch { gone: vec![url("https://a.example/3")], ..Batch::default() };
        record.record(&gone, at(30)).await.unwrap();
        let counts = record.outlet_counts().await.unwrap();
        let told: Vec<_> = counts.iter().map(|c| (c.outlet.as_str(), c.articles, c.newest)).collect();
        assert_eq!(told, [("a.example", 3, Some(at(2))), ("b", 1, Some(at(4)))]);

        ids.sort();
        assert_eq!(record.article_ids(None, 2).await.unwrap(), ids[..2]);
        assert_eq!(record.article_ids(Some(ids[1]), 10).await.unwrap(), ids[2..]);
        assert_eq!(record.article_ids(Some(ids[4]), 10).await.unwrap(), []);
    }
}
