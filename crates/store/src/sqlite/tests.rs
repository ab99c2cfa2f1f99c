//! What only this keeper of the record can show: places that cannot be one, disks that fill, locks
//! that are not given up, bytes that rot.

use courant_model::{CanonicalUrl, Draft, OutletId, PageKind, Reading};
use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::contract::{Articles, Batch};

pub(super) async fn open(folder: &TempDir) -> Sqlite {
    Sqlite::open(&folder.path().join("record.sqlite"), Duration::from_millis(20)).await.unwrap()
}

/// The steps in which SQLite would go about a statement.
pub(super) async fn plan(record: &Sqlite, sql: &str) -> Vec<String> {
    let sql = format!("EXPLAIN QUERY PLAN {sql}");
    let explain = move |tx: &Transaction<'_>| -> Kept<Vec<String>> {
        let mut statement = tx.prepare(&sql)?;
        let steps = statement.raw_query().mapped(|row| row.get("detail")).collect::<Result<_, _>>()?;
        Ok(steps)
    };
    record.read(explain).await.unwrap()
}

async fn refusal(url: &str, data_dir: &Path) -> String {
    match crate::open(url, data_dir).await {
        Ok(_) => panic!("opened {url} in {}", data_dir.display()),
        Err(error @ (StoreError::Unusable { .. } | StoreError::Newer { .. })) => error.to_string(),
        Err(error) => panic!("{error:?}"),
    }
}

fn batch(name: &str, body: &str) -> Batch {
    let reading = Reading { title: name.to_owned(), body: body.to_owned(), ..Reading::empty(PageKind::Article) };
    let draft = Draft {
        url: CanonicalUrl::parse(&format!("https://a.example/{name}")).unwrap(),
        aliases: Vec::new(),
        outlet: OutletId::new("a"),
        reading,
        capture: None,
        seen: Timestamp::UNIX_EPOCH,
        found_via: None,
    };
    Batch { drafts: vec![draft], ..Batch::default() }
}

#[tokio::test]
async fn a_url_names_the_keeper_and_the_file() {
    let folder = TempDir::new().unwrap();
    crate::open("sqlite:", folder.path()).await.unwrap();
    crate::open("sqlite:deep/er/own.sqlite", folder.path()).await.unwrap();
    let absolute = folder.path().join("absolute.sqlite");
    crate::open(&format!("sqlite://{}", absolute.display()), Path::new("/nowhere")).await.unwrap();
    for file in ["record.sqlite", "deep/er/own.sqlite", "absolute.sqlite"] {
        assert!(folder.path().join(file).is_file(), "{file}");
    }
    let error = refusal("postgres://user:secret@host/db", folder.path()).await;
    assert!(error.contains("'postgres:'") && !error.contains("secret"), "{error}");
    let error = refusal("record.sqlite", folder.path()).await;
    assert!(error.contains("only sqlite:"), "{error}");
}

#[tokio::test]
async fn a_place_that_cannot_hold_a_record_is_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "plain text, long enough that it might be taken for a database of somebody's").unwrap();
    let text = file.display().to_string();
    for (url, data_dir, expected) in [
        ("sqlite:", file.as_path(), text.as_str()),
        ("sqlite:", Path::new("/proc/courant"), "/proc/courant"),
        ("sqlite:file", folder.path(), "not a database"),
        ("sqlite:.", folder.path(), "is a folder"),
    ] {
        let error = refusal(url, data_dir).await;
        assert!(error.contains(expected), "{url} in {}: {error}", data_dir.display());
    }
    assert!(fs::read_to_string(&file).unwrap().starts_with("plain text"), "left alone");
}

#[tokio::test]
async fn a_record_of_a_newer_courant_is_left_to_it() {
    let folder = TempDir::new().unwrap();
    let record = open(&folder).await;
    let newer = |tx: &Transaction<'_>| Ok(tx.execute("INSERT INTO migrations VALUES (999, 'later', '')", [])?);
    record.write(newer).await.unwrap();
    let error = refusal("sqlite:", folder.path()).await;
    assert!(error.contains("schema 999") && error.contains("newer"), "{error}");
}

#[tokio::test]
async fn a_full_disk_is_told_and_loses_nothing_that_was_written() {
    let folder = TempDir::new().unwrap();
    let record = open(&folder).await;
    record.record(&batch("first", "words"), Timestamp::UNIX_EPOCH).await.unwrap();
    let cap = |pages: i64| {
        move |tx: &Transaction<'_>| {
            let count: i64 = tx.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            Ok(tx.query_row(&format!("PRAGMA max_page_count = {}", count + pages), [], |_| Ok(()))?)
        }
    };
    record.write(cap(2)).await.unwrap();
    let big = "many words ".repeat(10_000);
    let error = record.record(&batch("second", &big), Timestamp::UNIX_EPOCH).await.unwrap_err();
    assert!(matches!(error, StoreError::Storage(_)), "{error:?}");
    assert_eq!(record.article_ids(None, 10).await.unwrap().len(), 1, "all or nothing");
    record.write(cap(1000)).await.unwrap();
    record.record(&batch("second", &big), Timestamp::UNIX_EPOCH).await.unwrap();
    assert_eq!(record.article_ids(None, 10).await.unwrap().len(), 2, "it goes on when there is room again");
}

#[tokio::test]
async fn a_lock_that_another_process_does_not_give_up_makes_the_record_busy() {
    let folder = TempDir::new().unwrap();
    let record = open(&folder).await;
    let other = Connection::open(folder.path().join("record.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = record.record(&batch("first", "words"), Timestamp::UNIX_EPOCH).await.unwrap_err();
    assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
    assert_eq!(record.article_ids(None, 10).await.unwrap(), [], "readers do not wait");
    other.execute_batch("ROLLBACK").unwrap();
    record.record(&batch("first", "words"), Timestamp::UNIX_EPOCH).await.unwrap();
}

#[tokio::test]
async fn words_that_rotted_are_reported_not_shown() {
    let folder = TempDir::new().unwrap();
    let record = open(&folder).await;
    let report = record.record(&batch("first", "a sum of 100"), Timestamp::UNIX_EPOCH).await.unwrap();
    let id = report.recorded[0].id();
    assert_eq!(record.texts(&[id]).await.unwrap()[0].body, "a sum of 100");
    let rot = |tx: &Transaction<'_>| Ok(tx.execute("UPDATE revisions SET body = 'a sum of 900'", [])?);
    record.write(rot).await.unwrap();
    for result in [record.texts(&[id]).await, record.revisions(id).await] {
        let error = result.unwrap_err();
        assert!(matches!(&error, StoreError::Corrupt(what) if what.contains(&id.to_string())), "{error:?}");
    }
}

#[tokio::test]
async fn work_that_fails_is_undone_and_the_writer_goes_on() {
    let folder = TempDir::new().unwrap();
    let record = open(&folder).await;
    let half = |tx: &Transaction<'_>| -> Kept<()> {
        tx.execute("INSERT INTO cursors (name, seq) VALUES ('half', 1)", [])?;
        Err(StoreError::Busy("now".to_owned()).into())
    };
    assert!(record.write(half).await.is_err());
    let count =
        |tx: &Transaction<'_>| Ok(tx.query_row("SELECT count(*) FROM cursors", [], |row| row.get::<_, i64>(0))?);
    assert_eq!(record.read(count).await.unwrap(), 0);
    let write = |tx: &Transaction<'_>| Ok(tx.execute("INSERT INTO cursors (name, seq) VALUES ('whole', 1)", [])?);
    assert_eq!(record.write(write).await.unwrap(), 1);
    assert!(record.read(write).await.is_err(), "a reading connection cannot write");
}

#[tokio::test]
async fn every_commit_is_synced() {
    let folder = TempDir::new().unwrap();
    let record = open(&folder).await;
    let pragma = |name: &'static str| {
        move |tx: &Transaction<'_>| Ok(tx.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, String>(0))?)
    };
    let number = |name: &'static str| {
        move |tx: &Transaction<'_>| Ok(tx.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0))?)
    };
    assert_eq!(record.write(pragma("journal_mode")).await.unwrap(), "wal");
    assert_eq!(record.write(number("synchronous")).await.unwrap(), 2);
    assert_eq!(record.write(number("foreign_keys")).await.unwrap(), 1);
}
