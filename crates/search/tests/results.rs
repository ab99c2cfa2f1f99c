//! What stands around the hits: counts by every facet with its own filter lifted, counts over time, copies
//! shown once, totals, and pages that stay true while the index grows.

use std::collections::BTreeMap;
use std::sync::Arc;

use courant_model::{ArticleId, Catalogue, Language, Member, Network, NetworkId, Outlet, OutletId, ProjectId, Seq};
use courant_search::contract::{Index, IndexBatch};
use courant_search::{
    Bucket, Document, Facet, Filters, Found, HistogramAsk, Interval, Order, Query, SearchPage, everything, open,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn id(n: u16) -> ArticleId {
    let [high, low] = n.to_be_bytes();
    ArticleId::from_bytes([high, low, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3])
}

fn number(article: ArticleId) -> u16 {
    u16::from_be_bytes([article.bytes()[0], article.bytes()[1]])
}

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn article(n: u16, outlet: &str, title: &str, body: &str) -> Document {
    let language = Language::parse("en");
    let at = moment("2021-07-18T10:00:00Z") + jiff::SignedDuration::from_mins(i64::from(n) * 7);
    let document = Document::empty(id(n), OutletId::new(outlet), language, at);
    document.saying(title.to_owned(), String::new(), body.to_owned(), "")
}

struct Desk {
    index: Arc<dyn Index>,
    catalogue: Catalogue,
    runtime: tokio::runtime::Runtime,
    seq: u64,
    _folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let index = open(&format!("tantivy:{}", folder.path().join("index").display())).expect("an index");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { index, catalogue: catalogue(), runtime, seq: 0, _folder: folder }
    }

    /// Feeds these, in batches of their own so that there are several segments.
    fn feed(&mut self, documents: &[Document], batches: usize) {
        let size = documents.len().div_ceil(batches).max(1);
        let batches: Vec<Vec<Document>> = documents.chunks(size).map(<[Document]>::to_vec).collect();
        let seq = &mut self.seq;
        let index = &self.index;
        self.runtime.block_on(async {
            let (mut feed, _) = index.feed().await.expect("a feed");
            for put in batches {
                *seq += 1;
                feed.apply(IndexBatch { put, remove: Vec::new() }, Seq(*seq)).await.expect("applied");
            }
            feed.close().await.expect("closed");
        });
    }

    fn find(&self, query: &str, page: &SearchPage) -> Found {
        let query = if query.is_empty() { everything() } else { Query::parse(query) };
        self.runtime.block_on(self.index.search().find(&query, page, &self.catalogue)).expect("an answer")
    }
}

fn catalogue() -> Catalogue {
    let outlet = |id: &str, country: &str| Outlet { country: Some(country.to_owned()), ..Outlet::found(id) };
    let outlets = vec![outlet("ledger", "GB"), outlet("le-fil", "FR"), outlet("la-posta", "IT")];
    let member = |id: &str| Member { outlet: OutletId::new(id), since: None, until: None };
    let network = Network {
        id: NetworkId::new("crossborder"),
        name: "Crossborder".to_owned(),
        names: BTreeMap::new(),
        homepage: None,
        members: vec![member("le-fil"), member("la-posta")],
        projects: Vec::new(),
    };
    Catalogue::new(outlets, vec![network])
}

fn numbers(found: &Found) -> Vec<u16> {
    found.hits.iter().map(|hit| number(hit.article)).collect()
}

fn counts(found: &Found, facet: Facet) -> Vec<(&str, u64)> {
    found.facets.of(facet).iter().map(|count| (count.value.as_str(), count.count)).collect()
}

/// Six articles with facts of every kind.
fn newsroom() -> Vec<Document> {
    let mut articles: Vec<Document> = [(1, "ledger"), (2, "ledger"), (3, "le-fil"), (4, "le-fil"), (5, "la-posta")]
        .into_iter()
        .map(|(n, outlet)| article(n, outlet, "Pegasus on phones", "Spyware"))
        .collect();
    articles.push(article(6, "unlisted", "Other news", ""));
    articles[0].section = Some("Politics".to_owned());
    articles[1].section = Some("POLITICS".to_owned());
    articles[2].section = Some("Économie".to_owned());
    articles[0].tags = vec!["Spyware".to_owned(), "NSO Group".to_owned()];
    articles[2].tags = vec!["spyware".to_owned()];
    articles[3].tags = vec!["Spyware".to_owned()];
    articles[1].authors = vec!["Ada Bell".to_owned(), "Bo Lind".to_owned()];
    articles[4].authors = vec!["Ada Bell".to_owned()];
    articles[2].agency = Some("afp".to_owned());
    articles[3].cites = vec![OutletId::new("ledger"), OutletId::new("la-posta")];
    articles[4].cites = vec![OutletId::new("ledger")];
    articles[4].kind = "fact-check".to_owned();
    articles[0].paywalled = true;
    articles[1].revision = 3;
    articles[3].projects = vec![ProjectId::new("pegasus-project")];
    articles
}

#[test]
fn every_facet_is_counted() {
    let mut desk = Desk::new();
    desk.feed(&newsroom(), 3);
    let page = SearchPage { facets: Facet::ALL.to_vec(), ..SearchPage::default() };
    let found = desk.find("pegasus", &page);
    let expected: [(Facet, &[(&str, u64)]); 14] = [
        (Facet::Outlet, &[("le-fil", 2), ("ledger", 2), ("la-posta", 1)]),
        (Facet::Network, &[("crossborder", 3)]),
        (Facet::Project, &[("pegasus-project", 1)]),
        (Facet::Country, &[("FR", 2), ("GB", 2), ("IT", 1)]),
        (Facet::Language, &[("en", 5)]),
        (Facet::Author, &[("Ada Bell", 2), ("Bo Lind", 1)]),
        (Facet::Section, &[("Politics", 2), ("Économie", 1)]),
        (Facet::Tag, &[("Spyware", 3), ("NSO Group", 1)]),
        (Facet::Agency, &[("afp", 1)]),
        (Facet::Cites, &[("ledger", 2), ("la-posta", 1)]),
        (Facet::Kind, &[("article", 4), ("fact-check", 1)]),
        (Facet::Paywalled, &[("false", 4), ("true", 1)]),
        (Facet::Edited, &[("false", 4), ("true", 1)]),
        (Facet::Story, &[]),
    ];
    for (facet, expected) in expected {
        assert_eq!(counts(&found, facet), expected, "{}", facet.as_str());
    }
    assert!(found.is_exact && found.total == 5);
    let few = SearchPage { facets: vec![Facet::Outlet], facet_values: 1, ..SearchPage::default() };
    assert_eq!(counts(&desk.find("pegasus", &few), Facet::Outlet), [("le-fil", 2)]);
}

#[test]
fn each_filter_narrows_and_is_lifted_in_its_own_counts() {
    let mut desk = Desk::new();
    desk.feed(&newsroom(), 2);
    let all = desk.find("pegasus", &SearchPage { facets: Facet::ALL.to_vec(), ..SearchPage::default() });
    let strings = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let none = Filters::default;
    let cases: Vec<(Facet, Filters, Vec<u16>)> = vec![
        (Facet::Section, Filters { sections: strings(&["politics"]), ..none() }, vec![1, 2]),
        (Facet::Section, Filters { sections: strings(&["economie", "Politics"]), ..none() }, vec![1, 2, 3]),
        (Facet::Tag, Filters { tags: strings(&["SPYWARE"]), ..none() }, vec![1, 3, 4]),
        (Facet::Author, Filters { authors: strings(&["ada bell"]), ..none() }, vec![2, 5]),
        (Facet::Agency, Filters { agencies: strings(&["afp"]), ..none() }, vec![3]),
        (Facet::Cites, Filters { cites: vec![OutletId::new("la-posta")], ..none() }, vec![4]),
        (Facet::Kind, Filters { kinds: strings(&["fact-check"]), ..none() }, vec![5]),
        (Facet::Paywalled, Filters { paywalled: Some(true), ..none() }, vec![1]),
        (Facet::Edited, Filters { edited: Some(false), ..none() }, vec![1, 3, 4, 5]),
        (Facet::Network, Filters { networks: vec![NetworkId::new("crossborder")], ..none() }, vec![3, 4, 5]),
        (Facet::Country, Filters { countries: strings(&["FR"]), ..none() }, vec![3, 4]),
        (Facet::Project, Filters { projects: vec![ProjectId::new("pegasus-project")], ..none() }, vec![4]),
    ];
    for (facet, filters, expected) in cases {
        let page = SearchPage { filters, facets: Facet::ALL.to_vec(), order: Order::Oldest, ..SearchPage::default() };
        let found = desk.find("pegasus", &page);
        assert_eq!(numbers(&found), expected, "{}", facet.as_str());
        assert_eq!(found.total, expected.len() as u64);
        assert_eq!(found.facets.of(facet), all.facets.of(facet), "{} lifts its own", facet.as_str());
        let outlets: u64 = found.facets.of(Facet::Outlet).iter().map(|count| count.count).sum();
        if !matches!(facet, Facet::Outlet) {
            assert_eq!(outlets, found.total, "{}: the others narrow", facet.as_str());
        }
    }
}

#[test]
fn counts_over_time_go_by_the_clock_that_is_asked_for() {
    let mut desk = Desk::new();
    let at = |n: u16, time: &str| Document { moment: moment(time), ..article(n, "ledger", "Pegasus", "") };
    desk.feed(
        &[
            at(1, "2021-07-18T21:59:00Z"),
            at(2, "2021-07-18T22:01:00Z"),
            at(3, "2021-07-21T12:00:00Z"),
            at(4, "2021-08-01T00:00:00Z"),
            at(5, "0001-01-01T00:00:00Z"),
        ],
        2,
    );
    let ask = |interval, zone: &str| SearchPage {
        histogram: Some(HistogramAsk { interval, zone: TimeZone::get(zone).expect("a zone") }),
        limit: 1,
        ..SearchPage::default()
    };
    let told = |page: &SearchPage| -> (Vec<(String, u64)>, u64) {
        let histogram = desk.find("pegasus", page).histogram.expect("asked for");
        let tell = |bucket: &Bucket| (bucket.start.to_string(), bucket.count);
        (histogram.buckets.iter().map(tell).collect(), histogram.earlier)
    };
    let (days, earlier) = told(&ask(Interval::Day, "Europe/Paris"));
    assert_eq!(days.len(), 15);
    assert_eq!(days[0], ("2021-07-17T22:00:00Z".to_owned(), 1));
    assert_eq!(days[1], ("2021-07-18T22:00:00Z".to_owned(), 1));
    assert_eq!(days[2], ("2021-07-19T22:00:00Z".to_owned(), 0), "an empty day is told");
    assert_eq!(days[14], ("2021-07-31T22:00:00Z".to_owned(), 1));
    assert_eq!(earlier, 1);
    let (weeks, _) = told(&ask(Interval::Week, "UTC"));
    assert_eq!(weeks.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [2, 1, 1]);
    let (months, _) = told(&ask(Interval::Month, "America/New_York"));
    assert_eq!(months.last(), Some(&("2021-07-01T04:00:00Z".to_owned(), 4)), "August had not begun there");
    assert_eq!(desk.find("", &SearchPage::default()).histogram, None);
}

#[test]
fn copies_are_shown_once_and_named() {
    let mut desk = Desk::new();
    let mut articles: Vec<Document> =
        (1..=12).map(|n| article(n, if n.is_multiple_of(2) { "ledger" } else { "le-fil" }, "Pegasus", "")).collect();
    for n in [1, 4, 5, 12] {
        articles[n - 1].copy_of = Some(id(1));
    }
    for n in [2, 9] {
        articles[n - 1].copy_of = Some(id(2));
    }
    desk.feed(&articles, 4);
    let page = SearchPage { order: Order::Newest, collapse: true, limit: 3, ..SearchPage::default() };
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let found = desk.find("pegasus", &SearchPage { after, ..page.clone() });
        assert_eq!(found.total, 12, "copies count");
        seen.extend(numbers(&found));
        if let Some(hit) = found.hits.iter().find(|hit| number(hit.article) == 12) {
            let copies: Vec<(u16, &str)> =
                hit.copies.iter().map(|copy| (number(copy.article), copy.outlet.as_str())).collect();
            assert_eq!(copies, [(1, "le-fil"), (4, "ledger"), (5, "le-fil")]);
        }
        after = found.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [12, 11, 10, 9, 8, 7, 6, 3], "each group once, over all pages");
    let open = SearchPage { collapse: false, limit: 100, ..page };
    assert_eq!(desk.find("pegasus", &open).hits.len(), 12);
}

#[test]
fn totals_are_exact_up_to_a_bound_and_say_so() {
    let mut desk = Desk::new();
    let empty = |n: u16| Document::empty(id(n), OutletId::new("ledger"), Language::UND, moment("2021-07-18T10:00:00Z"));
    desk.feed(&(0..10_050).map(empty).collect::<Vec<_>>(), 2);
    let found = desk.find("", &SearchPage::default());
    assert_eq!((found.total, found.is_exact), (10_000, false));
    let counted = desk.find("", &SearchPage { facets: vec![Facet::Outlet], ..SearchPage::default() });
    assert_eq!((counted.total, counted.is_exact), (10_050, true));
    assert_eq!(counts(&counted, Facet::Outlet), [("ledger", 10_050)]);
}

/// Values of a long tail are counted right although only the frequent ones are named.
#[test]
fn frequent_values_of_large_dictionaries_are_counted_in_every_segment() {
    let mut desk = Desk::new();
    let tagged = |n: u16| {
        let mut tags = vec![format!("rare {n}"), "everywhere".to_owned()];
        if n.is_multiple_of(10) {
            tags.push("often".to_owned());
        }
        Document { tags, ..Document::empty(id(n), OutletId::new("a"), Language::UND, moment("2021-07-18T10:00:00Z")) }
    };
    desk.feed(&(0..9_000).map(tagged).collect::<Vec<_>>(), 3);
    let page = SearchPage { facets: vec![Facet::Tag], facet_values: 2, ..SearchPage::default() };
    assert_eq!(counts(&desk.find("", &page), Facet::Tag), [("everywhere", 9_000), ("often", 900)]);
}

#[test]
fn pages_by_relevance_stay_true_while_the_index_grows() {
    let mut desk = Desk::new();
    let body =
        |n: u16| format!("{} {}", "spyware ".repeat(usize::from(n % 7) + 1), "filler ".repeat(usize::from(n % 5)));
    let batch =
        |from: u16| -> Vec<Document> { (from..from + 40).map(|n| article(n, "ledger", "News", &body(n))).collect() };
    desk.feed(&batch(1), 2);
    let whole = numbers(&desk.find("spyware", &SearchPage { limit: 100, ..SearchPage::default() }));
    let mut page = SearchPage { limit: 7, ..SearchPage::default() };
    let mut seen = Vec::new();
    let mut next = 100;
    loop {
        let found = desk.find("spyware", &page);
        assert_eq!(found.notes, Vec::<String>::new());
        seen.extend(numbers(&found));
        page.after = found.next;
        if page.after.is_none() {
            break;
        }
        desk.feed(&batch(next), 1);
        next += 100;
    }
    assert_eq!(seen, whole);
}

#[test]
fn similar_articles_share_the_words_that_tell() {
    let mut desk = Desk::new();
    let filler = "The minister said on Tuesday that the government would answer all questions in parliament.";
    let mut articles: Vec<Document> = (100..180).map(|n| article(n, "ledger", "News of the day", filler)).collect();
    let pegasus = "Pegasus spyware of the NSO Group was found on the phones of reporters in Budapest.";
    articles.push(article(1, "ledger", "Spyware on phones", pegasus));
    articles.push(article(2, "le-fil", "Reporters were watched", "NSO's Pegasus watched reporters in Budapest."));
    articles.push(article(3, "la-posta", "Phones in Budapest", "Phones of reporters had the spyware Pegasus."));
    articles.push(article(4, "la-posta", "A bank in Vienna", "Money from Budapest went to a bank in Vienna."));
    desk.feed(&articles, 2);
    let similar = |article: u16, page: &SearchPage| {
        desk.runtime.block_on(desk.index.search().similar(id(article), page, &desk.catalogue)).expect("an answer")
    };
    let found = similar(1, &SearchPage::default()).expect("it is there");
    assert_eq!(numbers(&found)[..2], [3, 2], "most alike first, itself not among them");
    assert!(!numbers(&found).contains(&1) && numbers(&found).iter().all(|n| *n < 100), "{:?}", numbers(&found));
    let filters = Filters { outlets: vec![OutletId::new("le-fil")], ..Filters::default() };
    let narrowed = similar(1, &SearchPage { filters, ..SearchPage::default() }).expect("it is there");
    assert_eq!(numbers(&narrowed), [2]);
    assert_eq!(similar(999, &SearchPage::default()), None);
}

/// The engine skips what cannot matter: the hits are those of a walk that skips nothing.
#[test]
fn skipping_changes_no_hit() {
    let mut desk = Desk::new();
    let articles: Vec<Document> = (0..3_000_u16)
        .map(|n| {
            let title = if n.is_multiple_of(11) { "Pegasus" } else { "News" };
            let repeated = |word: &str, times: u16| format!("{word} ").repeat(usize::from(times));
            let body = repeated("spyware", n % 5) + &repeated("phone", n % 3) + &repeated("filler", n % 40);
            let years = jiff::SignedDuration::from_hours(i64::from(n) * 37 % 3_000 * 24);
            let at = moment("2010-01-01T00:00:00Z") + years;
            Document { moment: at, seen: at, ..article(n, "ledger", title, &body) }
        })
        .collect();
    desk.feed(&articles, 3);
    for query in ["spyware", "spyware OR phone OR pegasus", "spyware phone", "pegasus", "\"spyware phone\""] {
        let all = desk.find(query, &SearchPage { limit: 100, ..SearchPage::default() });
        let mut page = SearchPage { limit: 9, ..SearchPage::default() };
        let mut seen = Vec::new();
        while seen.len() < 90 {
            let found = desk.find(query, &page);
            seen.extend(numbers(&found));
            page.after = found.next;
            if page.after.is_none() {
                break;
            }
        }
        let kept = all.hits.len().min(seen.len());
        assert_eq!(&seen[..kept], &numbers(&all)[..kept], "{query}");
        assert!(all.hits.is_sorted_by(|one, next| one.score >= next.score), "{query}");
    }
}
