//! What changes of an article beside its words, and whose article a draft is.

use courant_model::{
    ArticleId, Author, ChangeKind, DateSource, Dated, Draft, Image, Language, Link, OutletId, Precision, Rights,
    Translation,
};
use courant_store::contract::Recorded;
use jiff::SignedDuration;

use crate::support::{Place, at, claim, credit, draft, every_record, kinds, last_change, record_one, url};

fn dated(seconds: i64) -> Option<Dated> {
    // Finer than the record keeps.
    let instant = at(seconds) + SignedDuration::from_nanos(1);
    Some(Dated { instant, offset: None, precision: Precision::Minute, source: DateSource::JsonLd })
}

type Alter = fn(&mut Draft);

/// Each field of an article beside its words, and a draft's change of it.
const FIELDS: [(&str, Alter); 17] = [
    ("url", |draft| draft.url = url("https://a.example/short")),
    ("outlet", |draft| draft.outlet = OutletId::new("b")),
    ("language", |draft| draft.reading.language = Language::parse("fr")),
    ("authors", |draft| draft.reading.authors[0].organisation = true),
    ("published", |draft| draft.reading.published = dated(1)),
    ("modified", |draft| draft.reading.modified = dated(2)),
    ("section", |draft| draft.reading.section = Some("World".to_owned())),
    ("tags", |draft| draft.reading.tags.push("spyware".to_owned())),
    ("images", |draft| draft.reading.images.push(Image::default())),
    ("links", |draft| {
        let link = Link { url: url("https://x.example/report"), anchor: String::new(), sentence: None };
        draft.reading.links.push(link);
    }),
    ("credits", |draft| draft.reading.credits.push(credit())),
    ("claims", |draft| draft.reading.claims.push(claim())),
    ("translations", |draft| {
        let translation = Translation { language: Language::parse("ar"), url: url("https://a.example/ar") };
        draft.reading.translations.push(translation);
    }),
    ("paywalled", |draft| draft.reading.paywalled = true),
    ("dateline", |draft| draft.reading.dateline = Some("PARIS".to_owned())),
    ("agency", |draft| draft.reading.agency = Some("AFP".to_owned())),
    ("rights", |draft| draft.reading.rights = Rights { nosnippet: true, ..Rights::default() }),
];

#[tokio::test]
async fn what_changes_beside_the_words_is_logged_by_its_field() {
    for Place { record, .. } in every_record().await {
        let mut sighting = draft("https://a.example/1", 0);
        sighting.aliases = vec![url("https://a.example/short")];
        sighting.reading.authors = vec![Author { name: "Ada Bell".to_owned(), organisation: false }];
        let id = record_one(&*record, sighting.clone(), at(0)).await.id();
        let mut rows = 1;
        let mut seconds = 0;
        for (field, alter) in FIELDS {
            alter(&mut sighting);
            for repeated in [false, true] {
                seconds += 1;
                sighting.seen = at(seconds);
                sighting.reading.confidence = if repeated { 0.9 } else { 0.8 };
                assert_eq!(record_one(&*record, sighting.clone(), at(seconds)).await, Recorded::Same(id), "{field}");
                rows += usize::from(!repeated);
                assert_eq!(kinds(&*record).await.len(), rows, "{field}, repeated: {repeated}");
            }
            let change = last_change(&*record).await;
            assert_eq!((change.kind, change.article), (ChangeKind::ArticleUpdated, Some(id)), "{field}");
            assert_eq!(change.facts.get("changed"), Some(field));
        }
        let article = record.article(id).await.unwrap().unwrap();
        assert_eq!((article.revision, article.last_seen), (1, at(seconds)), "never an edit");

        sighting.reading.rights = Rights::default();
        sighting.reading.paywalled = false;
        sighting.seen = at(100);
        record_one(&*record, sighting.clone(), at(100)).await;
        assert_eq!(last_change(&*record).await.facts.get("changed"), Some("paywalled rights"));

        // An edit says all there is to say.
        sighting.reading.title = "Another title".to_owned();
        sighting.reading.agency = None;
        sighting.seen = at(101);
        assert_eq!(record_one(&*record, sighting, at(101)).await, Recorded::Revised(id));
        assert_eq!(kinds(&*record).await.len(), rows + 2);
        assert_eq!(last_change(&*record).await.kind, ChangeKind::ArticleRevised);
    }
}

#[tokio::test]
async fn a_date_that_is_kept_for_want_of_another_is_no_change() {
    for Place { record, .. } in every_record().await {
        let mut told = draft("https://a.example/1", 0);
        told.reading.published = dated(1).map(|date| Dated { source: DateSource::Feed, ..date });
        record_one(&*record, told.clone(), at(0)).await;
        told.reading.published = None;
        told.seen = at(10);
        record_one(&*record, told, at(10)).await;
        assert_eq!(kinds(&*record).await, ["article.new"]);
    }
}

#[tokio::test]
async fn a_page_that_redirects_never_takes_over_another_outlets_article() {
    for Place { record, .. } in every_record().await {
        // A page of one outlet led to an article of another, whose alias it became.
        let mut first = draft("https://b.example/report", 0);
        first.aliases = vec![url("https://a.example/partner")];
        let theirs = record_one(&*record, first.clone(), at(0)).await.id();

        // Now it leads to a page of its own outlet.
        let mut own = draft("https://a.example/own", 10);
        own.aliases = vec![url("https://a.example/partner")];
        let ours = ArticleId::of(&own.url);
        assert_eq!(record_one(&*record, own.clone(), at(10)).await, Recorded::New(ours));
        let kept = record.article(theirs).await.unwrap().unwrap();
        assert_eq!((&kept.url, &kept.outlet, kept.revision), (&first.url, &first.outlet, 1));
        assert_eq!(record.article_at(&url("https://a.example/partner")).await.unwrap(), Some(theirs), "it stays");
        assert_eq!(record.addresses(ours).await.unwrap(), [url("https://a.example/own")]);
        own.seen = at(20);
        assert_eq!(record_one(&*record, own.clone(), at(20)).await, Recorded::Same(ours), "and is known from then on");

        // By a later alias a page is known all the same.
        let mut moved = draft("https://a.example/own-moved", 30);
        moved.aliases = vec![url("https://a.example/partner"), url("https://a.example/own")];
        assert_eq!(record_one(&*record, moved, at(30)).await, Recorded::Same(ours));
    }
}

#[tokio::test]
async fn an_article_goes_to_another_outlet_with_its_own_address() {
    for Place { record, .. } in every_record().await {
        let id = record_one(&*record, draft("http://old.example/1", 0), at(0)).await.id();
        let mut moved = draft("https://new.example/1", 10);
        moved.aliases = vec![url("https://old.example/1")];
        assert_eq!(record_one(&*record, moved, at(10)).await, Recorded::Same(id), "the outlet has a new domain");
        assert_eq!(last_change(&*record).await.facts.get("changed"), Some("url outlet"));
    }
}

#[tokio::test]
async fn a_capture_dated_in_the_future_freezes_nothing() {
    for Place { record, .. } in every_record().await {
        let id = record_one(&*record, draft("https://a.example/1", 1_000_000), at(10)).await.id();
        let article = record.article(id).await.unwrap().unwrap();
        assert_eq!((article.first_seen, article.last_seen, article.revised), (at(10), at(10), at(10)));
        assert_eq!(record.texts(&[id]).await.unwrap()[0].seen, at(10));

        for (seen, now) in [(20, 20), (1_000_000, 30), (40, 40)] {
            let mut edited = draft("https://a.example/1", seen);
            edited.reading.title = format!("Title at {now}");
            assert_eq!(record_one(&*record, edited, at(now)).await, Recorded::Revised(id), "{now}");
            let article = record.article(id).await.unwrap().unwrap();
            assert_eq!((article.last_seen, article.revised), (at(now), at(now)));
        }
        // A record that was written while the clock was wrong goes on when it is right again.
        let mut ahead = draft("https://a.example/1", 1_000_000);
        ahead.reading.title = "Ahead of its time".to_owned();
        assert_eq!(record_one(&*record, ahead, at(1_000_000)).await, Recorded::Revised(id));
        let mut right = draft("https://a.example/1", 50);
        right.reading.title = "In time".to_owned();
        assert_eq!(record_one(&*record, right, at(50)).await, Recorded::Revised(id));
        assert_eq!(record.article(id).await.unwrap().unwrap().revised, at(50));
    }
}
