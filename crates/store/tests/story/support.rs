//! Every keeper of the record, each empty and in a place of its own; and small makers of nouns.

use std::path::Path;
use std::sync::Arc;

use courant_model::{
    ArticleId, CanonicalUrl, Capture, Change, Claim, Credit, DateSource, Dated, Draft, Language, Outcome, OutletId,
    PageKind, Precision, Rating, Reading, Seq, Target, TargetKind, TargetState,
};
use courant_store::Record;
use courant_store::contract::{Batch, LeaseAsk, Recorded};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

/// A record and where it lies.
pub(crate) struct Place {
    pub(crate) record: Arc<dyn Record>,
    folder: TempDir,
}

impl Place {
    /// A second handle on the same record, as another process would have it.
    pub(crate) async fn open_again(&self) -> Arc<dyn Record> {
        open(self.folder.path()).await
    }

    /// The same record after its process ended.
    pub(crate) async fn close_and_open(self) -> Self {
        let Self { record, folder } = self;
        drop(record);
        Self { record: open(folder.path()).await, folder }
    }
}

/// Opens the SQLite record in `folder`.
pub(crate) async fn open(folder: &Path) -> Arc<dyn Record> {
    courant_store::open("sqlite:", folder).await.expect("a record")
}

/// One empty record of every implementation.
pub(crate) async fn every_record() -> Vec<Place> {
    let folder = TempDir::new().expect("a folder");
    vec![Place { record: open(folder.path()).await, folder }]
}

/// `seconds` after the day that the tests begin on.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_752_000_000).expect("a time") + SignedDuration::from_secs(seconds)
}

pub(crate) fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("a web address")
}

/// A page of its host's outlet, due at `due`.
pub(crate) fn page(text: &str, due: i64) -> Target {
    let url = url(text);
    let host = url.host_and_path().split('/').next().unwrap_or_default().to_owned();
    Target::new(url, TargetKind::Page, OutletId::new(&host), at(due))
}

/// A visit that found things well.
pub(crate) fn outcome(text: &str, due: i64) -> Outcome {
    Outcome {
        url: url(text),
        visited: Some(at(0)),
        due: at(due),
        state: TargetState::Open,
        reason: None,
        validators: None,
        polling: None,
        changed: false,
        failures: 0,
        unchanged: 0,
    }
}

/// A credit of another outlet.
pub(crate) fn credit() -> Credit {
    let sentence = "As b reported, it ended.".to_owned();
    Credit { outlet: OutletId::new("b"), name: "b".to_owned(), sentence, linked: true }
}

/// A claim that is reviewed, with all that may be known of one.
pub(crate) fn claim() -> Claim {
    let dated = Dated { instant: at(3), offset: None, precision: Precision::Day, source: DateSource::JsonLd };
    Claim {
        claim: "It never began.".to_owned(),
        claimant: Some("A minister".to_owned()),
        rating: Rating { name: Some("False".to_owned()), value: Some(1.5), best: Some(5.0), worst: Some(1.0) },
        url: Some("https://a.example/1".to_owned()),
        reviewed: Some(dated),
        claimed: Some(dated),
    }
}

/// A small article of its host's outlet.
pub(crate) fn draft(text: &str, seen: i64) -> Draft {
    let reading = Reading {
        title: "A title".to_owned(),
        body: "First words.\n\nSecond words of the same article.".to_owned(),
        language: Language::parse("en"),
        extractor: 1,
        ..Reading::empty(PageKind::Article)
    };
    let target = page(text, 0);
    let capture =
        Capture { file: "courant-1.warc.gz".to_owned(), offset: 77, digest: "sha1:ABC".to_owned(), at: at(seen) };
    Draft {
        url: target.url,
        aliases: Vec::new(),
        outlet: target.outlet,
        reading,
        capture: Some(capture),
        seen: at(seen),
        found_via: None,
    }
}

/// The kinds of the whole log, which is checked to be in order.
pub(crate) async fn kinds(record: &dyn Record) -> Vec<String> {
    let changes = record.changes(Seq::START, 1000).await.unwrap();
    for pair in changes.windows(2) {
        assert!(pair[0].seq < pair[1].seq, "the log is in order");
    }
    changes.iter().map(|change| change.kind.as_str().to_owned()).collect()
}

/// The log's last row.
pub(crate) async fn last_change(record: &dyn Record) -> Change {
    record.changes(Seq::START, 1000).await.unwrap().pop().expect("a row")
}

/// Records one draft.
pub(crate) async fn record_one(record: &dyn Record, draft: Draft, now: Timestamp) -> Recorded {
    let batch = Batch { drafts: vec![draft], ..Batch::default() };
    record.record(&batch, now).await.unwrap().recorded[0]
}

/// A worker that wants ten targets, two of one host at most.
pub(crate) fn ask(worker: &str, now: Timestamp) -> LeaseAsk {
    LeaseAsk {
        worker: worker.to_owned(),
        until: now + SignedDuration::from_mins(10),
        limit: 10,
        per_host: 2,
        outlets: Vec::new(),
        lists_only: false,
        rested_by: Timestamp::MAX,
        not_hosts: Vec::new(),
    }
}

/// The keys of targets, in their order.
pub(crate) fn paths(targets: &[Target]) -> Vec<&str> {
    targets.iter().map(|target| target.url.key()).collect()
}

/// Five articles, an hour apart; the third in German, by another outlet.
pub(crate) async fn five(record: &dyn Record) -> Vec<ArticleId> {
    let drafts = (0..5)
        .map(|i| {
            let mut draft = draft(&format!("https://a.example/{i}"), i * 3600);
            draft.reading.title = format!("Title {i}");
            draft.reading.language = Language::parse(if i == 2 { "de" } else { "en" });
            draft.outlet = OutletId::new(if i == 2 { "b" } else { "a" });
            draft
        })
        .collect();
    let report = record.record(&Batch { drafts, ..Batch::default() }, at(5 * 3600)).await.unwrap();
    report.recorded.iter().map(|recorded| recorded.id()).collect()
}
