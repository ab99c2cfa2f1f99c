//! What every engine must do, told once and told to each: an index is fed, searched, cut short,
//! made anew. An engine joins by a line in `everywhere`.

use std::path::Path;
use std::sync::Arc;

use courant_model::{
    ArticleId, Catalogue, Language, Member, Network, NetworkId, Outlet, OutletId, Project, ProjectId, Seq, StoryId,
};
use courant_search::contract::{Index, IndexBatch};
use courant_search::{Document, Facet, Filters, Found, Order, Query, SearchError, SearchPage, everything, open};
use courant_text::words;
use jiff::Timestamp;

/// Tells `story` to every engine, each in an empty place.
fn everywhere<F>(story: impl Fn(Place) -> F)
where
    F: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place { address: format!("tantivy:{}", folder.path().join("index").display()) };
    runtime.block_on(story(place));
}

struct Place {
    address: String,
}

impl Place {
    fn open(&self) -> Arc<dyn Index> {
        open(&self.address).expect("an index")
    }

    fn folder(&self) -> &Path {
        Path::new(self.address.strip_prefix("tantivy:").expect("an address of ours"))
    }
}

fn id(n: u8) -> ArticleId {
    ArticleId::from_bytes([n; 16])
}

fn day(day: i8) -> Timestamp {
    format!("2021-07-{day:02}T10:00:00Z").parse().expect("a moment")
}

fn article(n: u8, language: &str, title: &str, body: &str) -> Document {
    let language = Language::parse(language);
    let moment = day(n as i8 % 28 + 1);
    let document = Document::empty(id(n), OutletId::new("the-ledger"), language, moment);
    document.saying(title.to_owned(), String::new(), body.to_owned(), "")
}

fn put(documents: impl IntoIterator<Item = Document>) -> IndexBatch {
    IndexBatch { put: documents.into_iter().collect(), remove: Vec::new() }
}

async fn filled(index: &Arc<dyn Index>, documents: Vec<Document>) {
    let (mut feed, _) = index.feed().await.expect("a feed");
    feed.apply(put(documents), Seq(1)).await.expect("applied");
    feed.close().await.expect("closed");
}

async fn found(index: &Arc<dyn Index>, query: &str, page: &SearchPage, catalogue: &Catalogue) -> Found {
    index.search().find(&Query::parse(query), page, catalogue).await.expect("an answer")
}

/// The numbers of the articles that `query` finds, in order of number.
async fn numbers(index: &Arc<dyn Index>, query: &str) -> Vec<u8> {
    let mut numbers: Vec<u8> = in_order(&found(index, query, &SearchPage::default(), &Catalogue::default()).await);
    numbers.sort_unstable();
    numbers
}

fn in_order(found: &Found) -> Vec<u8> {
    found.hits.iter().map(|hit| hit.article.bytes()[0]).collect()
}

fn marked(snippet: &courant_search::Snippet) -> Vec<&str> {
    snippet.marks.iter().map(|mark| &snippet.text[mark.clone()]).collect()
}

#[test]
fn an_empty_place_is_an_empty_index() {
    everywhere(|place| async move {
        let index = place.open();
        let page = SearchPage { facets: vec![Facet::Outlet], ..SearchPage::default() };
        let answer = found(&index, "spyware", &page, &Catalogue::default()).await;
        assert_eq!((answer.total, answer.hits.len(), answer.as_of), (0, 0, Seq::START));
        assert_eq!(answer.understood, "spyware");
        assert_eq!(index.search().stamp().await.expect("a stamp"), None);
        assert!(index.search().contents().await.expect("contents").is_empty());
        assert!(!place.folder().exists(), "searching writes nothing");
    });
}

#[test]
fn a_commit_is_found_by_the_next_search_of_every_reader() {
    everywhere(|place| async move {
        let index = place.open();
        let elsewhere = place.open();
        assert_eq!(numbers(&elsewhere, "spyware").await, Vec::<u8>::new());
        let (mut feed, seq) = index.feed().await.expect("a feed");
        assert_eq!(seq, Seq::START);
        for n in 1..=3 {
            feed.apply(put([article(n, "en", "Spyware on a phone", "")]), Seq(u64::from(n) * 10))
                .await
                .expect("applied");
            assert_eq!(numbers(&index, "spyware").await.len(), usize::from(n));
            assert_eq!(numbers(&elsewhere, "spyware").await.len(), usize::from(n));
            let stamp = elsewhere.search().stamp().await.expect("a stamp").expect("committed");
            assert_eq!(stamp.seq, Seq(u64::from(n) * 10), "every commit carries its stamp");
            assert_eq!(stamp.analyser, courant_text::analyser());
        }
        assert_eq!(found(&elsewhere, "phone", &SearchPage::default(), &Catalogue::default()).await.as_of, Seq(30));
        feed.close().await.expect("closed");
        let (_feed, seq) = place.open().feed().await.expect("a feed again");
        assert_eq!(seq, Seq(30), "feeding goes on from the stamp");
    });
}

#[test]
fn an_article_is_replaced_and_removed_by_its_id() {
    everywhere(|place| async move {
        let index = place.open();
        let (mut feed, _) = index.feed().await.expect("a feed");
        feed.apply(put([article(1, "en", "Old words", ""), article(2, "en", "Other words", "")]), Seq(1))
            .await
            .expect("1");
        let mut second = article(1, "en", "New words", "");
        second.revision = 2;
        feed.apply(put([article(1, "en", "Draft", ""), second.clone()]), Seq(2)).await.expect("2");
        feed.apply(put([second]), Seq(3)).await.expect("told twice");
        assert_eq!(numbers(&index, "old").await, Vec::<u8>::new());
        assert_eq!(numbers(&index, "draft").await, Vec::<u8>::new());
        assert_eq!(numbers(&index, "words").await, [1, 2]);
        let mut contents = index.search().contents().await.expect("contents");
        contents.sort_unstable();
        assert_eq!(contents, [(id(1), 2), (id(2), 1)]);
        feed.apply(IndexBatch { put: Vec::new(), remove: vec![id(2), id(9)] }, Seq(4)).await.expect("3");
        assert_eq!(numbers(&index, "words").await, [1]);
        assert_eq!(index.search().contents().await.expect("contents"), [(id(1), 2)]);
    });
}

#[test]
fn a_feed_that_ends_without_a_commit_leaves_the_old_stamp() {
    everywhere(|place| async move {
        let index = place.open();
        let (mut feed, _) = index.feed().await.expect("a feed");
        feed.apply(put([article(1, "en", "Kept", "")]), Seq(7)).await.expect("applied");
        drop(feed);
        let (feed, seq) = index.feed().await.expect("the right to feed came back");
        assert_eq!(seq, Seq(7));
        drop(feed);
        assert_eq!(numbers(&place.open(), "kept").await, [1]);
    });
}

/// A kill between the files of a commit and the line that names them.
#[test]
fn what_a_killed_feed_left_behind_is_in_nobodys_way() {
    everywhere(|place| async move {
        filled(&place.open(), (1..=20).map(|n| article(n, "en", "Spyware", "")).collect()).await;
        let commit =
            place.folder().join(std::fs::read_to_string(place.folder().join("current")).expect("a name").trim());
        let commit = commit.join("meta.json");
        let before = std::fs::read(&commit).expect("what the last commit names");
        for _ in 0..2 {
            let index = place.open();
            let (mut feed, seq) = index.feed().await.expect("a feed");
            assert_eq!(seq, Seq(1), "the second commit was never named");
            feed.apply(put([article(1, "en", "Court", "")]), Seq(2)).await.expect("applied");
            feed.close().await.expect("closed");
            assert_eq!(numbers(&index, "court").await, [1]);
            std::fs::write(&commit, &before).expect("written");
        }
    });
}

#[test]
fn one_feeds_at_a_time() {
    everywhere(|place| async move {
        let index = place.open();
        let (feed, _) = index.feed().await.expect("a feed");
        for other in [&index, &place.open()] {
            assert!(matches!(other.feed().await.err(), Some(SearchError::Taken { .. })));
            assert!(matches!(other.rebuild().await.err(), Some(SearchError::Taken { .. })));
        }
        feed.close().await.expect("closed");
        index.rebuild().await.expect("free again");
    });
}

#[test]
fn a_rebuild_stands_beside_the_live_index_until_it_is_published() {
    everywhere(|place| async move {
        let index = place.open();
        filled(&index, vec![article(1, "en", "Old spyware", "")]).await;
        let (search, elsewhere) = (index.search(), place.open());
        assert_eq!(numbers(&elsewhere, "spyware").await, [1]);

        let mut rebuild = index.rebuild().await.expect("a rebuild");
        rebuild.apply(put([article(2, "en", "New spyware", "")]), Seq(5)).await.expect("applied");
        assert_eq!(numbers(&elsewhere, "spyware").await, [1], "not yet");
        rebuild.publish().await.expect("published");
        rebuild.publish().await.expect("published already");
        assert_eq!(numbers(&elsewhere, "spyware").await, [2], "readers follow");
        assert_eq!(search.stamp().await.expect("a stamp").expect("committed").seq, Seq(5));
        rebuild.apply(put([article(3, "en", "More spyware", "")]), Seq(6)).await.expect("goes on");
        assert_eq!(numbers(&elsewhere, "spyware").await, [2, 3]);
        rebuild.close().await.expect("closed");

        let abandoned = index.rebuild().await.expect("another");
        drop(abandoned);
        let (_feed, seq) = index.feed().await.expect("a feed");
        assert_eq!(seq, Seq(6), "what was never published does not count");
        assert_eq!(numbers(&index, "spyware").await, [2, 3]);
    });
}

#[test]
fn the_query_language_is_obeyed() {
    everywhere(|place| async move {
        let index = place.open();
        let mut byline = article(5, "en", "Byline", "Nothing else here.");
        byline.author_words = words("Ana Nováková", Language::parse("cs"));
        filled(
            &index,
            vec![
                article(1, "en", "Pegasus spyware found", "The Pegasus Project began in July."),
                article(
                    2,
                    "en",
                    "Amazon shuts servers",
                    "Spyware infrastructure of NSO was shut. A project ended; Pegasus.",
                ),
                article(3, "fr", "L’économie de la surveillance", "Le logiciel espion Pegasus vise des journalistes."),
                article(4, "de", "Überwachung", "Covid-19 und die Spionage. 5G."),
                byline,
            ],
        )
        .await;
        for (query, expected) in [
            ("", vec![1, 2, 3, 4, 5]),
            ("pegasus", vec![1, 2, 3]),
            ("PEGASUS spyware", vec![1, 2]),
            ("\"pegasus project\"", vec![1]),
            ("pegasus -spyware", vec![3]),
            ("-pegasus", vec![4, 5]),
            ("amazon OR économie", vec![2, 3]),
            ("economie", vec![3]),
            ("uberwachung", vec![4]),
            ("(amazon OR surveillance) pegasus", vec![2, 3]),
            ("pegasus AND NOT (amazon OR surveillance)", vec![1]),
            ("spy*", vec![1, 2]),
            ("title:spy*", vec![1]),
            ("title:pegasus", vec![1]),
            ("title:(amazon OR pegasus)", vec![1, 2]),
            ("covid-19", vec![4]),
            ("covid-20", vec![]),
            ("author:novakova", vec![5]),
            ("nováková", vec![5]),
            ("title:nováková", vec![]),
            ("lang:fr", vec![3]),
            ("lang:(fr OR de) -pegasus", vec![4]),
            ("outlet:the-ledger pegasus", vec![1, 2, 3]),
            ("pegasus & !", vec![1, 2, 3]),
            ("!!!", vec![]),
            ("lang:klingon", vec![]),
            ("*", vec![1, 2, 3, 4, 5]),
        ] {
            assert_eq!(numbers(&index, query).await, expected, "{query:?}");
        }
        let answer = found(&index, "pegasus ??? outlet:nowhere", &SearchPage::default(), &Catalogue::default()).await;
        assert_eq!(answer.total, 0);
        assert!(answer.notes.iter().any(|note| note.contains("???")), "{:?}", answer.notes);
        assert!(answer.notes.iter().any(|note| note.contains("nowhere")), "{:?}", answer.notes);
    });
}

#[test]
fn every_script_is_found_and_marked() {
    everywhere(|place| async move {
        let index = place.open();
        let articles = [
            (1, "ar", "برنامج التجسس يستهدف الصحفيين", "كشف التحقيق أن برنامج التجسس وصل إلى هواتف كثيرة.", "التجسس"),
            (2, "he", "תוכנת ריגול בטלפונים", "דובר צה\"ל סירב להגיב על תוכנת הריגול.", "ריגול"),
            (3, "hi", "जासूसी सॉफ्टवेयर का खुलासा", "पत्रकारों के फ़ोन में जासूसी सॉफ्टवेयर मिला।", "जासूसी"),
            (4, "zh", "间谍软件瞄准记者", "调查显示，间谍软件进入了数千部手机。", "软件"),
            (5, "ja", "記者を狙うスパイウェア", "調査によると、スパイウェアは数千台の電話に入った。", "電話"),
            (
                6,
                "ru",
                "Шпионская программа",
                "Расследование показало, что программа следила за журналистами.",
                "ПРОГРАММА",
            ),
            (7, "th", "สปายแวร์กับนักข่าว", "การสืบสวนพบสปายแวร์ในโทรศัพท์ของนักข่าวหลายคน", "นักข่าว"),
        ];
        filled(
            &index,
            articles.iter().map(|(n, language, title, body, _)| article(*n, language, title, body)).collect(),
        )
        .await;
        for (n, _, _, _, query) in articles {
            let answer = found(&index, query, &SearchPage::default(), &Catalogue::default()).await;
            assert_eq!(in_order(&answer), [n], "{query}");
            let hit = &answer.hits[0];
            let marks = [marked(&hit.title), marked(&hit.snippet)].concat();
            let same = |mark: &&str| mark.to_lowercase() == query.to_lowercase();
            assert!(marks.iter().any(same), "{query} in {marks:?}");
        }
        // Every two characters of a title, wherever a dictionary would cut.
        let title: Vec<char> = "间谍软件瞄准记者".chars().collect();
        for pair in title.windows(2) {
            let pair: String = pair.iter().collect();
            assert_eq!(numbers(&index, &pair).await, [4], "{pair}");
        }
        assert_eq!(numbers(&index, "软谍").await, Vec::<u8>::new(), "the order counts");
    });
}

#[test]
fn inflected_words_are_found_and_quotes_mean_what_they_say() {
    everywhere(|place| async move {
        let index = place.open();
        let articles = [
            (1, "pl", "Śledztwo w sprawie Putina", ""),
            (2, "pl", "Putin i szpiedzy", ""),
            (3, "hu", "Interjú Orbánnal", ""),
            (4, "cs", "Demonstrace v Moskvě", ""),
            (5, "sr", "Вучић у Београду", ""),
            (6, "he", "חקירה נגד הממשלה", ""),
            (7, "en", "Puts on the market", ""),
        ];
        let articles = articles.map(|(n, language, title, body)| article(n, language, title, body));
        filled(&index, articles.to_vec()).await;
        for (query, expected) in [
            ("putin", vec![1, 2]),
            ("Putinem", vec![1, 2]),
            ("\"putina\"", vec![1]),
            ("\"putin\"", vec![2]),
            ("śledztwa putin", vec![1]),
            ("orbán", vec![3]),
            ("moskva", vec![4]),
            ("Vučića", vec![5]),
            ("ממשלה", vec![6]),
            ("put", vec![7]),
        ] {
            assert_eq!(numbers(&index, query).await, expected, "{query}");
        }
        let answer = found(&index, "orbán", &SearchPage::default(), &Catalogue::default()).await;
        assert_eq!(marked(&answer.hits[0].title), ["Orbánnal"]);
    });
}

fn catalogue() -> Catalogue {
    let outlet = |id: &str, name: &str, country: &str| Outlet {
        name: name.to_owned(),
        country: Some(country.to_owned()),
        ..Outlet::found(id)
    };
    let member = |id: &str| Member { outlet: OutletId::new(id), since: None, until: None };
    Catalogue::new(
        [
            outlet("the-ledger", "The Ledger", "GB"),
            outlet("le-fil", "Le Fil", "FR"),
            outlet("la-posta", "La Posta", "IT"),
        ],
        [Network {
            id: NetworkId::new("crossborder"),
            name: "Cross Border Desk".to_owned(),
            names: Default::default(),
            homepage: None,
            members: vec![member("le-fil"), member("la-posta")],
            projects: vec![Project {
                id: ProjectId::new("pegasus-project"),
                names: [(Language::parse("en"), vec!["Pegasus Project".to_owned()])].into(),
                start: None,
                series: Vec::new(),
                sites: Vec::new(),
                partners: Vec::new(),
            }],
        }],
    )
}

/// Articles 1 to 6: outlets ledger, ledger, fil, fil, posta, posta; languages en, fr, fr, fr, it, en.
fn newsroom() -> Vec<Document> {
    let outlets = ["the-ledger", "the-ledger", "le-fil", "le-fil", "la-posta", "la-posta"];
    let languages = ["en", "fr", "fr", "fr", "it", "en"];
    let mut articles = Vec::new();
    for (n, (outlet, language)) in (1..).zip(outlets.into_iter().zip(languages)) {
        let mut article = article(n, language, "Pegasus", "Pegasus again.");
        article.outlet = OutletId::new(outlet);
        articles.push(article);
    }
    articles[3].story = Some(StoryId::from_bytes([7; 16]));
    articles[4].projects = vec![ProjectId::new("other"), ProjectId::new("pegasus-project")];
    articles[5].author_words = words("Maria Rossi", Language::UND);
    articles
}

#[test]
fn filters_narrow_and_the_catalogue_expands_them() {
    everywhere(|place| async move {
        let (index, catalogue) = (place.open(), catalogue());
        filled(&index, newsroom()).await;
        let outlet = OutletId::new;
        let language = Language::parse;
        let cases = [
            (Filters { outlets: vec![outlet("le-fil"), outlet("la-posta")], ..Filters::default() }, vec![3, 4, 5, 6]),
            (Filters { networks: vec![NetworkId::new("crossborder")], ..Filters::default() }, vec![3, 4, 5, 6]),
            (Filters { networks: vec![NetworkId::new("unheard-of")], ..Filters::default() }, vec![]),
            (Filters { languages: vec![language("fr"), language("it")], ..Filters::default() }, vec![2, 3, 4, 5]),
            (Filters { countries: vec!["gb".to_owned(), "IT".to_owned()], ..Filters::default() }, vec![1, 2, 5, 6]),
            (Filters { projects: vec![ProjectId::new("pegasus-project")], ..Filters::default() }, vec![5]),
            (Filters { story: Some(StoryId::from_bytes([7; 16])), ..Filters::default() }, vec![4]),
            (Filters { author: Some("rossi  maria".to_owned()), ..Filters::default() }, vec![6]),
            (Filters { from: Some(day(3)), to: Some(day(5)), ..Filters::default() }, vec![2, 3]),
            (
                Filters { outlets: vec![outlet("the-ledger")], languages: vec![language("fr")], ..Filters::default() },
                vec![2],
            ),
        ];
        for (filters, expected) in cases {
            for facets in [vec![], Facet::ALL.to_vec()] {
                let page =
                    SearchPage { filters: filters.clone(), facets, order: Order::Oldest, ..SearchPage::default() };
                let answer = found(&index, "pegasus", &page, &catalogue).await;
                assert_eq!(in_order(&answer), expected, "{filters:?}");
                assert_eq!(answer.total, expected.len() as u64);
                assert_eq!(
                    answer.hits.first().map(|hit| marked(&hit.title)),
                    expected.first().map(|_| vec!["Pegasus"])
                );
            }
        }
        for (query, expected) in [
            ("network:crossborder", vec![3, 4, 5, 6]),
            ("network:\"cross border desk\"", vec![3, 4, 5, 6]),
            ("country:fr", vec![3, 4]),
            ("-country:fr", vec![1, 2, 5, 6]),
            ("outlet:\"la posta\"", vec![5, 6]),
            ("outlet:le-fil OR lang:en", vec![1, 3, 4, 6]),
            ("project:\"Pegasus Project\"", vec![5]),
            ("story:07070707070707070707070707070707", vec![4]),
            ("story:7", vec![]),
        ] {
            let page = SearchPage { order: Order::Oldest, ..SearchPage::default() };
            assert_eq!(in_order(&found(&index, query, &page, &catalogue).await), expected, "{query}");
        }
    });
}

#[test]
fn counts_lift_their_own_filter() {
    everywhere(|place| async move {
        let (index, catalogue) = (place.open(), catalogue());
        filled(&index, newsroom()).await;
        let filters = Filters {
            outlets: vec![OutletId::new("le-fil")],
            languages: vec![Language::parse("fr")],
            ..Filters::default()
        };
        let page =
            SearchPage { filters, facets: vec![Facet::Outlet, Facet::Language], limit: 1, ..SearchPage::default() };
        let answer = found(&index, "pegasus", &page, &catalogue).await;
        let facets = answer.facets;
        let pairs = |counts: &[courant_search::FacetCount]| -> Vec<(String, u64)> {
            counts.iter().map(|count| (count.value.clone(), count.count)).collect()
        };
        assert_eq!(answer.total, 2);
        assert_eq!(pairs(facets.of(Facet::Outlet)), [("le-fil".to_owned(), 2), ("the-ledger".to_owned(), 1)]);
        assert_eq!(pairs(facets.of(Facet::Language)), [("fr".to_owned(), 2)]);
        let next = SearchPage { after: answer.next, ..page };
        assert_eq!(found(&index, "pegasus", &next, &catalogue).await.facets, facets, "the same on every page");
    });
}

#[test]
fn orders_are_total_and_pages_stay_true_while_the_index_grows() {
    everywhere(|place| async move {
        let index = place.open();
        let mut articles: Vec<Document> = (1..=9).map(|n| article(n, "en", "Pegasus", "")).collect();
        // With the ninth, four at one moment: ids part them.
        articles[3].moment = day(10);
        articles[4].moment = day(10);
        articles[5].moment = day(10);
        articles[1].revised = day(28);
        filled(&index, articles).await;
        for (order, expected) in [
            (Order::Newest, vec![4, 5, 6, 9, 8, 7, 3, 2, 1]),
            (Order::Oldest, vec![1, 2, 3, 7, 8, 4, 5, 6, 9]),
            (Order::Changed, vec![2, 9, 8, 7, 6, 5, 4, 3, 1]),
        ] {
            let (mut seen, mut page) = (Vec::new(), SearchPage { order, limit: 2, ..SearchPage::default() });
            loop {
                let answer = found(&index, "pegasus", &page, &Catalogue::default()).await;
                seen.extend(in_order(&answer));
                assert_eq!(answer.total, 9);
                page.after = answer.next;
                if page.after.is_none() {
                    break;
                }
            }
            assert_eq!(seen, expected, "{order:?}");
        }

        let first = SearchPage { order: Order::Newest, limit: 4, ..SearchPage::default() };
        let answer = found(&index, "pegasus", &first, &Catalogue::default()).await;
        let shown = in_order(&answer);
        let (mut feed, _) = index.feed().await.expect("a feed");
        let mut newer = article(20, "en", "Pegasus", "");
        newer.moment = day(27);
        feed.apply(put([newer]), Seq(2)).await.expect("applied");
        let second = SearchPage { after: answer.next, limit: 100, ..first.clone() };
        let rest = in_order(&found(&index, "pegasus", &second, &Catalogue::default()).await);
        assert_eq!(rest.len(), 5, "the newcomer stands before the cursor");
        assert!(rest.iter().all(|n| !shown.contains(n) && *n != 20));

        for cursor in ["nonsense", "r00"] {
            let page = SearchPage { after: Some(cursor.to_owned()), ..SearchPage::default() };
            let error = index.search().find(&everything(), &page, &Catalogue::default()).await.expect_err(cursor);
            assert!(matches!(error, SearchError::Cursor { .. }), "{error}");
        }
    });
}

#[test]
fn relevance_weighs_titles_and_then_recency() {
    everywhere(|place| async move {
        let index = place.open();
        let filler = "Many other words stand here so that texts are of one length.";
        let mut articles = vec![
            article(1, "en", "Something else", &format!("Pegasus. {filler}")),
            article(2, "en", "Pegasus", &format!("Words. {filler}")),
            article(3, "en", "Pegasus", &format!("Words. {filler}")),
            article(4, "en", "Something else", &format!("Nothing. {filler}")),
        ];
        articles[2].moment = "2013-07-01T00:00:00Z".parse().expect("a moment");
        filled(&index, articles).await;
        let answer = found(&index, "pegasus", &SearchPage::default(), &Catalogue::default()).await;
        assert_eq!(in_order(&answer), [2, 3, 1]);
        assert!(answer.hits[0].score > answer.hits[1].score && answer.hits[1].score > answer.hits[2].score);
        let (mut seen, mut page) = (Vec::new(), SearchPage { limit: 1, ..SearchPage::default() });
        loop {
            let answer = found(&index, "pegasus", &page, &Catalogue::default()).await;
            seen.extend(in_order(&answer));
            page.after = answer.next;
            if page.after.is_none() {
                break;
            }
        }
        assert_eq!(seen, [2, 3, 1], "the same page by page");
        // Without a word to score, the latest come first.
        let answer = index.search().find(&everything(), &SearchPage::default(), &Catalogue::default()).await;
        assert_eq!(in_order(&answer.expect("an answer")), [4, 2, 1, 3]);
    });
}

#[test]
fn what_may_not_be_shown_is_not() {
    everywhere(|place| async move {
        let index = place.open();
        let mut hidden = article(1, "en", "Pegasus", "Secret pegasus words.");
        hidden.nosnippet = true;
        let mut withdrawn = article(2, "en", "Pegasus withdrawn", "It was here.");
        withdrawn.withdrawn = true;
        filled(&index, vec![hidden, withdrawn]).await;
        let answer = found(
            &index,
            "pegasus",
            &SearchPage { order: Order::Oldest, ..SearchPage::default() },
            &Catalogue::default(),
        )
        .await;
        assert_eq!(in_order(&answer), [1, 2], "withdrawn articles are found");
        assert_eq!(answer.hits[0].snippet, courant_search::Snippet::default());
        assert_eq!(marked(&answer.hits[0].title), ["Pegasus"]);
        assert_eq!(answer.hits[1].snippet.text, "It was here.");
        let plain = SearchPage { highlights: false, ..SearchPage::default() };
        let answer = found(&index, "pegasus", &plain, &Catalogue::default()).await;
        assert!(answer.hits.iter().all(|hit| hit.title.marks.is_empty() && hit.title.text.starts_with("Pegasus")));
    });
}

#[test]
fn places_that_cannot_be_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "x").expect("written");
    for place in ["", "tantivy:", "solr:http://localhost", &format!("tantivy:{}", file.display())] {
        let error = open(place).err().expect(place).to_string();
        assert!(error.starts_with("cannot open the index at"), "{error}");
    }
    assert!(open(&folder.path().display().to_string()).is_ok(), "a bare folder will do");
}

#[test]
fn words_may_be_apart_and_letters_off() {
    everywhere(|place| async move {
        let index = place.open();
        filled(
            &index,
            vec![
                article(1, "en", "The Pegasus Project", "It began in July."),
                article(2, "en", "Pegasus, a secret project", "Nobody knew."),
                article(3, "en", "A project called Pegasus", "Nobody knew."),
                article(4, "en", "Pegasos again", "A slip of the pen: Pegasos."),
                article(5, "en", "Perseus", "A word further off, and Megasus begins otherwise."),
                article(6, "ru", "Слово пегасос", "Ошибка."),
                article(7, "en", "Pegasus", "One of three projects; the word project stands far off in this text."),
            ],
        )
        .await;
        for (query, expected) in [
            ("\"pegasus project\"", vec![1]),
            ("\"pegasus project\"~2", vec![1, 2]),
            ("\"pegasus project\"~3", vec![1, 2, 3]),
            ("\"project pegasus\"~2", vec![1, 3]),
            ("title:\"secret pegasus\"~3", vec![2]),
            ("pegasus", vec![1, 2, 3, 7]),
            ("pegasus~1", vec![1, 2, 3, 4, 7]),
            ("pegasus~1 -pegasus", vec![4]),
            ("pegasis~1", vec![1, 2, 3, 4, 7]),
            ("pegsaus~1", vec![1, 2, 3, 7]),
            ("pregasoss~2", vec![4]),
            ("megasus~1", vec![5]),
            ("пегасус~1", vec![1, 2, 3, 4, 6, 7]),
            ("title:pegasos~1", vec![1, 2, 3, 4, 7]),
            ("author:pegasus~1", vec![]),
        ] {
            assert_eq!(numbers(&index, query).await, expected, "{query}");
        }
        let title = |query: &'static str, n: usize| {
            let index = index.clone();
            async move {
                let page = SearchPage { order: Order::Oldest, ..SearchPage::default() };
                let answer = found(&index, query, &page, &Catalogue::default()).await;
                marked(&answer.hits[n].title).into_iter().map(str::to_owned).collect::<Vec<_>>()
            }
        };
        assert_eq!(title("\"pegasus project\"~2", 1).await, ["Pegasus", "project"]);
        assert_eq!(title("\"pegasus project\"~3", 2).await, ["project", "Pegasus"]);
        assert_eq!(title("pegasus~1", 3).await, ["Pegasos"]);
        let answer = found(&index, "pegasus~1", &SearchPage::default(), &Catalogue::default()).await;
        assert_eq!(in_order(&answer).last(), Some(&4), "the word itself comes before slips of the pen");
    });
}

#[test]
fn what_weighs_more_comes_first() {
    everywhere(|place| async move {
        let index = place.open();
        let articles = [article(1, "en", "Amazon", "Words."), article(2, "en", "Pegasus", "Words.")];
        filled(&index, articles.to_vec()).await;
        for (query, expected) in [
            ("amazon^3 OR pegasus", [1, 2]),
            ("amazon OR pegasus^3", [2, 1]),
            ("(amazon OR nobody)^3 OR \"pegasus\"^0.5", [1, 2]),
            ("title:pegasus^5 OR amazon", [2, 1]),
        ] {
            let answer = found(&index, query, &SearchPage::default(), &Catalogue::default()).await;
            assert_eq!(in_order(&answer), expected, "{query}");
            assert!(answer.hits[0].score > 1.5 * answer.hits[1].score, "{query}");
        }
    });
}

#[test]
fn a_term_map_finds_in_each_language_its_own_term() {
    everywhere(|place| async move {
        let index = place.open();
        let articles = [
            (1, "en", "Spyware on phones"),
            (2, "fr", "Des logiciels espions partout"),
            (3, "fr", "Le mot spyware en français"),
            (4, "hu", "Új kémprogramot találtak"),
            (5, "he", "הרוגלה של החברה"),
            (6, "ar", "برامج التجسس في كل مكان"),
            (7, "zh", "新的间谍软件出现"),
            (8, "fr", "Un logiciel pour un espion"),
            (9, "en", "Logiciel espion is French"),
        ];
        let articles = articles.map(|(n, language, title)| article(n, language, title, ""));
        filled(&index, articles.to_vec()).await;
        let map = "{en: spyware, fr: logiciel espion, hu: kémprogram, he: רוגלה, ar: برامج التجسس, zh: 间谍软件}";
        for (query, expected) in [
            (map.to_owned(), vec![1, 2, 4, 5, 6, 7]),
            (map.replace('}', ""), vec![1, 2, 4, 5, 6, 7]),
            (format!("title:{map} -lang:fr"), vec![1, 4, 5, 6, 7]),
            ("{en: spyware}".to_owned(), vec![1]),
            ("{und: spyware}".to_owned(), vec![1, 3]),
            ("{\"fr\": \"logiciel espion\"}".to_owned(), vec![2]),
            (format!("-{map}"), vec![3, 8, 9]),
        ] {
            assert_eq!(numbers(&index, &query).await, expected, "{query}");
        }
        let page = SearchPage { order: Order::Oldest, ..SearchPage::default() };
        let answer = found(&index, map, &page, &Catalogue::default()).await;
        assert_eq!(marked(&answer.hits[1].title), ["logiciels", "espions"]);
        assert_eq!(marked(&answer.hits[5].title), ["间谍软件"]);
    });
}

#[test]
fn facts_and_moments_are_asked_for_in_the_query() {
    everywhere(|place| async move {
        let (index, catalogue) = (place.open(), catalogue());
        let mut articles = newsroom();
        articles[0].section = Some("Économie".to_owned());
        articles[0].tags = vec!["Data Leaks".to_owned(), "Spyware".to_owned()];
        articles[1].section = Some("Politics".to_owned());
        articles[1].agency = Some("afp".to_owned());
        articles[1].cites = vec![OutletId::new("le-fil"), OutletId::new("la-posta")];
        articles[2].kind = "fact-check".to_owned();
        articles[2].revision = 3;
        articles[2].changed = vec!["title".to_owned(), "body".to_owned()];
        articles[2].revised = day(20);
        articles[3].paywalled = true;
        articles[3].seen = day(25);
        articles[4].withdrawn = true;
        articles[4].authors = vec!["Ana Rossi".to_owned()];
        filled(&index, articles).await;
        let now = day(27);
        for (query, expected) in [
            ("section:economie", vec![1]),
            ("section:ECO*", vec![1]),
            ("section:econom", vec![]),
            ("section:(economie OR politics)", vec![1, 2]),
            ("tag:\"data leaks\"", vec![1]),
            ("tag:data", vec![]),
            ("tag:data*", vec![1]),
            ("agency:AFP", vec![2]),
            ("cites:\"La Posta\"", vec![2]),
            ("cites:le-fil -outlet:le-fil", vec![2]),
            ("kind:fact-check", vec![3]),
            ("-kind:article", vec![3]),
            ("changed:title", vec![3]),
            ("changed:text", vec![3]),
            ("changed:byline", vec![]),
            ("has:revisions", vec![3]),
            ("is:edited OR is:paywalled", vec![3, 4]),
            ("is:withdrawn", vec![5]),
            ("-is:withdrawn -is:paywalled -is:edited", vec![1, 2, 6]),
            ("has:story", vec![4]),
            ("has:project", vec![5]),
            ("has:author", vec![5]),
            ("has:section", vec![1, 2]),
            ("has:tags", vec![1]),
            ("has:cites has:agency", vec![2]),
            ("name:rossi", vec![6]),
            ("published:2021-07-03", vec![2]),
            ("published:2021-07-03..2021-07-05", vec![2, 3, 4]),
            ("published:>2021-07-05", vec![5, 6]),
            ("published:..2021-07-02", vec![1]),
            ("published:2021-08", vec![]),
            ("published:2021", vec![1, 2, 3, 4, 5, 6]),
            ("seen:>=2021-07-20", vec![4]),
            ("seen:3d", vec![4]),
            ("seen:yesterday", vec![]),
            ("edited:1w", vec![3]),
            ("edited:2021-07-20 pegasus", vec![3]),
            ("pegasus has:nothing", vec![]),
        ] {
            let page = SearchPage { order: Order::Oldest, ..SearchPage::default() };
            let answer = index.search().find(&Query::parse(query).at(now), &page, &catalogue).await;
            assert_eq!(in_order(&answer.expect("an answer")), expected, "{query}");
        }
    });
}

#[test]
fn what_pages_used_to_say_is_found_where_that_is_asked_for() {
    everywhere(|place| async move {
        let index = place.open();
        let mut edited = article(1, "en", "A minister resigns", "He said no more.");
        let said = "The minister bought spyware.";
        edited.revision = 2;
        let said_words = words(said, Language::parse("en"));
        edited.past = vec![courant_search::Past { revision: 1, text: said.to_owned(), words: said_words }];
        filled(&index, vec![edited, article(2, "en", "Spyware bought by others", "")]).await;
        for (query, expected) in [
            ("spyware", vec![2]),
            ("spyware rev:any", vec![1, 2]),
            ("rev:any \"bought spyware\"", vec![1]),
            ("title:spyware rev:any", vec![2]),
            ("rev:any minister spyware", vec![1]),
            ("rev:2 spyware", vec![2]),
        ] {
            assert_eq!(numbers(&index, query).await, expected, "{query}");
        }
    });
}

#[test]
fn no_query_is_an_error_or_takes_for_ever() {
    everywhere(|place| async move {
        let index = place.open();
        filled(&index, (1..=20).map(|n| article(n, "en", "Pegasus spyware", "The Pegasus Project.")).collect()).await;
        let letters: Vec<String> = ('a'..='z').flat_map(|a| ('a'..='z').map(move |b| format!("{a}{b}"))).collect();
        let queries = [
            letters.join(" "),
            letters.join(" OR ").repeat(20),
            letters.join("* OR ") + "*",
            letters.join("abcdef~2 OR "),
            format!("\"{}\"~50", letters.join(" ")),
            format!("\"{}\"~50", "the pegasus ".repeat(90)),
            "NOT (".repeat(200),
            "{en:".repeat(300),
            format!("lang:({}) pegasus", letters.join(" OR ")),
            "pegasus~2^9 \0 \u{202e} ~~ ^^ \"~5 {fr:} published:[ TO ] seen:9999999d has: is:^2".to_owned(),
        ];
        for query in queries {
            let began = std::time::Instant::now();
            let answer = found(&index, &query, &SearchPage::default(), &Catalogue::default()).await;
            assert!(began.elapsed().as_secs() < 5, "{:?} for {query}", began.elapsed());
            assert!(answer.understood.len() <= 16_000);
        }
    });
}
