//! Eight articles of five outlets in five languages: one story across three of them, one article
//! that was edited, one withdrawn, one whose words try to run.

use std::path::Path;
use std::sync::{Arc, RwLock};

use courant_model::{
    Article, ArticleId, Author, CanonicalUrl, Capture, Catalogue, DateSource, Dated, Draft, Evidence, HostRule,
    HostState, Image, Language, Link, Member, Network, NetworkId, Outcome, Outlet, OutletId, OutletOrigin, PageKind,
    Placement, Precision, Project, ProjectId, Reading, RequestLine, Revision, Seq, StoryId, Target, TargetKind,
    TargetState, Translation,
};
use courant_search::Document;
use courant_search::contract::IndexBatch;
use courant_store::Record;
use courant_store::contract::{Batch, PlacementBatch};
use courant_web::Site;
use jiff::{SignedDuration, Timestamp};

pub(crate) const ENGLISH: &str = "https://ledger.example/spyware";
pub(crate) const ARABIC: &str = "https://rasad.example/tajassus";
pub(crate) const HEBREW: &str = "https://tzofe.example/rogla";
pub(crate) const CHINESE: &str = "https://guancha.example/jiandie";
pub(crate) const HOSTILE: &str = "https://ledger.example/hostile";
pub(crate) const WITHDRAWN: &str = "https://ledger.example/withdrawn";
pub(crate) const FOUND: &str = "https://unlisted.example/a";
pub(crate) const WALLED: &str = "https://ledger.example/walled";

/// The corpus and where it is kept.
pub(crate) struct Corpus {
    pub(crate) site: Site,
    pub(crate) story: StoryId,
    /// An id that leads to `story`.
    pub(crate) merged: StoryId,
    _place: tempfile::TempDir,
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

pub(crate) fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("a web address")
}

pub(crate) fn id(text: &str) -> ArticleId {
    ArticleId::of(&url(text))
}

fn draft(address: &str, outlet: &str, language: &str, published: &str, title: &str, body: &str) -> Draft {
    let seen = at("2021-07-20T08:00:00Z");
    let reading = Reading {
        title: title.to_owned(),
        language: Language::parse(language),
        confidence: 0.98,
        published: Some(Dated {
            instant: at(published),
            offset: Some(jiff::tz::offset(2)),
            precision: Precision::Minute,
            source: DateSource::JsonLd,
        }),
        body: body.to_owned(),
        extractor: 1,
        ..Reading::empty(PageKind::Article)
    };
    let digest = "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let capture = Some(Capture { file: "a.warc.gz".to_owned(), offset: 7, digest, at: seen });
    let outlet = OutletId::new(outlet);
    Draft { url: url(address), aliases: Vec::new(), outlet, reading, capture, seen, found_via: None }
}

pub(crate) fn first_edition() -> Vec<Draft> {
    let mut english = draft(
        ENGLISH,
        "ledger",
        "en",
        "2021-07-18T16:00:00Z",
        "Spyware found on reporters’ phones",
        "Forensic traces of spyware were found on ten telephones.\n\nThe maker said it sells to states only.\n\n\
         Nothing else of this paragraph ever changes, and it is long enough to be left out of a comparison, because \
         whoever compares two revisions wants to see what moved and not to read the whole again, word after word, from its first line down to its very last.",
    );
    english.reading.standfirst = Some("Seventeen newsrooms looked together.".to_owned());
    english.reading.authors = vec![Author { name: "Ada Bell".to_owned(), organisation: false }];
    english.reading.images = vec![Image {
        url: "javascript:alert(1)".to_owned(),
        caption: Some("A telephone".to_owned()),
        credit: Some("Jon Orr / Meridian".to_owned()),
    }];
    english.reading.translations = vec![Translation { language: Language::parse("ar"), url: url(ARABIC) }];
    english.reading.agency = Some("Meridian".to_owned());
    let mut arabic = draft(
        ARABIC,
        "rasad",
        "ar",
        "2021-07-18T19:20:00Z",
        "برنامج تجسس على هواتف الصحفيين",
        "عُثر على آثار برنامج تجسس في عشرة هواتف.",
    );
    arabic.reading.standfirst = Some("صورة من الصحراء".to_owned());
    arabic.reading.rights.nosnippet = true;
    let mut hebrew = draft(
        HEBREW,
        "tzofe",
        "he",
        "2021-07-19T06:00:00Z",
        "רוגלה נמצאה בטלפונים של עיתונאים",
        "עקבות של רוגלה נמצאו בעשרה טלפונים.",
    );
    // Later than the site's clock.
    hebrew.reading.rights.unavailable_after = Some(at("2021-07-22T00:00:00Z"));
    hebrew.reading.links = vec![Link { url: url(ENGLISH), anchor: "Ledger".to_owned(), sentence: None }];
    let mut chinese = draft(
        CHINESE,
        "guancha",
        "zh",
        "2021-07-20T01:00:00Z",
        "记者手机中发现间谍软件",
        "十部手机中发现间谍软件的痕迹。",
    );
    chinese.reading.standfirst = Some("调查人员在十部手机中找到了它".to_owned());
    chinese.reading.rights.max_snippet = Some(4);
    let mut hostile = draft(
        HOSTILE,
        "ledger",
        "en",
        "2021-07-15T09:00:00Z",
        "<script>alert('title')</script> & \"quotes\"",
        "Hostile words: <img src=x onerror=alert(1)> ]]> {{ 7*7 }} \u{202e}override.",
    );
    hostile.reading.authors = vec![Author { name: "<b onmouseover=alert(1)>Eve</b>".to_owned(), organisation: false }];
    hostile.reading.tags = vec!["\"><svg onload=alert(1)>".to_owned()];
    hostile.reading.section = Some("</title><script>alert(2)</script>".to_owned());
    hostile.reading.standfirst = Some("'onfocus='alert(3)'".to_owned());
    let withdrawn =
        draft(WITHDRAWN, "ledger", "en", "2021-07-16T09:00:00Z", "A piece that will go", "It will not stay.");
    let mut walled = draft(WALLED, "ledger", "en", "2021-07-17T09:00:00Z", "For those who pay", "Only a part.");
    walled.reading.paywalled = true;
    let mut found = draft(FOUND, "unlisted.example", "fr", "2021-07-14T09:00:00Z", "Titre trouvé", "Un texte.");
    found.reading.published = None;
    found.reading.language = Language::UND;
    vec![english, arabic, hebrew, chinese, hostile, withdrawn, walled, found]
}

/// Plants the corpus in a folder of its own.
pub(crate) async fn plant() -> Corpus {
    let place = tempfile::tempdir().expect("a folder");
    let record = courant_store::open("sqlite:", place.path()).await.expect("a record");
    write(record.as_ref()).await;
    let (story, merged) = place_articles(record.as_ref()).await;
    let search = index(record.as_ref(), &place.path().join("index"), story).await;
    let site = Site {
        record,
        search,
        catalogue: Arc::new(RwLock::new(Arc::new(catalogue()))),
        base_url: "http://127.0.0.1:8080".to_owned(),
        hosts: vec!["courant.example:8443".to_owned()],
        clock: Arc::new(|| at(NOW)),
        demonstration: true,
        full_text: true,
        version: "0.0.1".to_owned(),
    };
    Corpus { site, story, merged, _place: place }
}

/// A site over an empty record and an index that never had a commit.
pub(crate) async fn bare() -> (Site, tempfile::TempDir) {
    let place = tempfile::tempdir().expect("a folder");
    let record = courant_store::open("sqlite:", place.path()).await.expect("a record");
    let folder = place.path().join("index");
    let search = courant_search::open(folder.to_str().expect("UTF-8")).expect("an index").search();
    let site = Site {
        record,
        search,
        catalogue: Arc::default(),
        base_url: "http://127.0.0.1:8080".to_owned(),
        hosts: Vec::new(),
        clock: Arc::new(|| at(NOW)),
        demonstration: false,
        full_text: true,
        version: "0.0.1".to_owned(),
    };
    (site, place)
}

/// The site's clock.
pub(crate) const NOW: &str = "2021-07-21T00:00:00Z";

/// What is visited: a feed that fails, one that is silent, one that works; a wall, a page that is gone.
async fn visit(record: &dyn Record) {
    let now = at("2021-07-20T08:00:00Z");
    let target = |address: &str, kind, outlet: &str| Target::new(url(address), kind, OutletId::new(outlet), now);
    let silent = Target {
        visited: Some(now),
        changed: Some(at("2021-06-01T00:00:00Z")),
        unchanged: 9,
        ..target("https://tzofe.example/feed", TargetKind::Feed, "tzofe")
    };
    let wall = target("https://ledger.example/wall", TargetKind::Page, "ledger");
    let gone = target("https://ledger.example/gone", TargetKind::Page, "ledger");
    let failing = target("https://rasad.example/feed", TargetKind::Feed, "rasad");
    let feed = target("https://ledger.example/feed", TargetKind::Feed, "ledger");
    record.add_targets(&[feed, failing.clone(), silent, wall.clone(), gone.clone()]).await.expect("targets");
    let later = at("2021-07-20T09:00:00Z");
    let ended = |target: &Target, state, reason: &str| Outcome {
        url: target.url.clone(),
        visited: Some(later),
        due: later + SignedDuration::from_hours(48),
        state,
        reason: Some(reason.to_owned()),
        validators: None,
        polling: None,
        changed: false,
        failures: 0,
        unchanged: 0,
    };
    let outcomes = vec![
        ended(&wall, TargetState::Blocked, "consent-wall"),
        ended(&gone, TargetState::Gone, "it answered 410"),
        Outcome { failures: 3, ..ended(&failing, TargetState::Failing, "timeout <after> 30 s") },
    ];
    let request = |seconds, status: Option<u16>| RequestLine {
        host: "slow.example".to_owned(),
        at: later + SignedDuration::from_secs(seconds),
        url: "https://slow.example/<a>".to_owned(),
        robots: "allowed by 'Allow: /<a>' (line 3)".to_owned(),
        waited: SignedDuration::from_millis(2500),
        gap: SignedDuration::from_secs(10),
        took: status.map(|_| SignedDuration::from_millis(340)),
        status,
        bytes: 1234,
        failure: status.is_none().then(|| "robots.txt disallows it".to_owned()),
    };
    let requests = vec![request(0, Some(200)), request(10, Some(503)), request(20, None)];
    let batch = Batch { outcomes, requests, ..Batch::default() };
    record.record(&batch, later).await.expect("visits");
    let parked = HostState {
        address: Some("192.0.2.7".parse().expect("an address")),
        failures: 2,
        reason: Some("answered 503 <twice>".to_owned()),
        ..HostState::new("slow.example", at("2021-07-22T00:00:00Z"), SignedDuration::from_secs(10))
    };
    record.put_host(&parked).await.expect("a host");
}

async fn write(record: &dyn Record) {
    let now = at("2021-07-20T08:00:00Z");
    visit(record).await;
    let first = Batch { drafts: first_edition(), ..Batch::default() };
    record.record(&first, now).await.expect("the first edition");

    let later = at("2021-07-20T09:00:00Z");
    let mut edited = first_edition().swap_remove(0);
    edited.seen = later;
    edited.reading.title = "Spyware found on journalists’ phones".to_owned();
    edited.reading.body = edited.reading.body.replace("on ten telephones", "on eleven telephones");
    let second = Batch { drafts: vec![edited], gone: vec![url(WITHDRAWN)], ..Batch::default() };
    record.record(&second, later).await.expect("the second edition");
}

async fn place_articles(record: &dyn Record) -> (StoryId, StoryId) {
    let story = StoryId::founded_by(id(ENGLISH), 0);
    let merged = StoryId::founded_by(id(HEBREW), 0);
    let joined = |article: &str, evidence| Placement::Joined { article: id(article), story, evidence };
    let mut placements = vec![
        Placement::Founded { article: id(ENGLISH), story },
        Placement::Founded { article: id(HEBREW), story: merged },
        joined(ARABIC, vec![Evidence::Translation("ledger.example/spyware".to_owned())]),
        joined(CHINESE, vec![Evidence::Words { score: 0.61, shared: vec!["间谍".to_owned(), "软件".to_owned()] }]),
        Placement::Merged { from: merged, into: story, evidence: vec![Evidence::Link(id(ENGLISH))] },
    ];
    for lone in [HOSTILE, WITHDRAWN, WALLED, FOUND] {
        placements.push(Placement::Founded { article: id(lone), story: StoryId::founded_by(id(lone), 0) });
    }
    let to = record.last_seq().await.expect("a position");
    let batch = PlacementBatch { from: Seq::START, to, placements, touched: Vec::new(), snapshot: None };
    record.place(&batch, at("2021-07-20T10:00:00Z")).await.expect("placed");
    (story, merged)
}

async fn index(record: &dyn Record, folder: &Path, story: StoryId) -> Arc<dyn courant_search::contract::Search> {
    let index = courant_search::open(folder.to_str().expect("UTF-8")).expect("an index");
    let ids = record.article_ids(None, 100).await.expect("ids");
    let articles = record.articles(&ids).await.expect("articles");
    let texts = record.texts(&ids).await.expect("texts");
    let put = articles.into_iter().zip(texts).map(|(article, text)| document(&article, text, story)).collect();
    let (mut feed, _) = index.feed().await.expect("a feed");
    let last = record.last_seq().await.expect("a position");
    feed.apply(IndexBatch { put, remove: Vec::new() }, last).await.expect("indexed");
    feed.close().await.expect("closed");
    index.search()
}

fn document(article: &Article, text: Revision, story: StoryId) -> Document {
    let projects = if article.story == Some(story) { vec![ProjectId::new("phones")] } else { Vec::new() };
    let document = Document {
        revision: text.number,
        seen: article.first_seen,
        revised: article.revised,
        story: article.story,
        projects,
        paywalled: article.paywalled,
        withdrawn: article.withdrawn.is_some(),
        nosnippet: article.rights.nosnippet,
        ..Document::empty(article.id, article.outlet.clone(), article.language, article.moment())
    };
    document.saying(text.title, text.standfirst.unwrap_or_default(), text.body, &text.byline)
}

fn catalogue() -> Catalogue {
    let outlet = |id: &str, name: &str, country: &str, language: &str| Outlet {
        name: name.to_owned(),
        country: Some(country.to_owned()),
        languages: vec![Language::parse(language)],
        homepage: Some(format!("https://{id}.example/")),
        hosts: vec![HostRule::parse(&format!("{id}.example"))],
        feeds: vec![format!("https://{id}.example/feed")],
        origin: OutletOrigin::Listed,
        ..Outlet::found(id)
    };
    let ledger = Outlet {
        homepage: Some("javascript:alert(1)".to_owned()),
        ..outlet("ledger", "The <i>Ledger</i>", "GB", "en")
    };
    let members = ["ledger", "rasad", "tzofe"].map(|id| Member {
        outlet: OutletId::new(id),
        since: Some(jiff::civil::date(2021, 7, 1)),
        until: None,
    });
    let project = Project {
        id: ProjectId::new("phones"),
        names: [(Language::parse("en"), vec!["The Phones".to_owned()])].into(),
        start: Some(jiff::civil::date(2021, 7, 18)),
        series: vec!["https://ledger.example/phones".to_owned(), "javascript:alert(1)".to_owned()],
        sites: Vec::new(),
        partners: vec![OutletId::new("ledger"), OutletId::new("tzofe")],
    };
    // No article is of this one.
    let dams = Project { id: ProjectId::new("dams"), series: Vec::new(), ..project.clone() };
    let network = Network {
        id: NetworkId::new("watchers"),
        name: "Watchers & Co".to_owned(),
        names: [(Language::parse("ar"), vec!["المراقبون".to_owned()])].into(),
        homepage: Some("https://watchers.example/".to_owned()),
        members: members.into(),
        projects: vec![project, dams],
    };
    Catalogue::new(
        [
            ledger,
            outlet("rasad", "رصد", "TN", "ar"),
            outlet("tzofe", "הצופה", "IL", "he"),
            outlet("guancha", "观察", "TW", "zh"),
        ],
        [network],
    )
}
