//! The same payload again, and answers that say that nothing has changed.

use super::*;
use crate::index::REVISIT;

const SAME_PAYLOAD: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
const NOT_MODIFIED: &str = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

#[test]
fn the_same_payload_is_kept_once_and_read_by_both() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(&folder);
    let first = page("https://a.example/1");
    let mut again = page("https://a.example/copy");
    again.body.clone_from(&first.body);
    again.headers.push(("etag".to_owned(), "x".to_owned()));
    archive.write(&first.exchange()).unwrap();
    let capture = archive.write(&again.exchange()).unwrap();
    let kept = archive.read(&capture).unwrap();
    assert_eq!((kept.url, kept.body, kept.headers), (again.url, first.body, again.headers));
    let revisit = &records(&folder.path().join(&capture.file))[3];
    assert_eq!((revisit.kind, revisit.field("warc-profile")), (RecordKind::Revisit, Some(SAME_PAYLOAD)));
    assert_eq!(revisit.field("warc-refers-to-target-uri"), Some("https://a.example/1"));

    let small = Page { body: b"small".to_vec(), ..page("https://a.example/2") };
    archive.write(&small.exchange()).unwrap();
    let capture = archive.write(&small.exchange()).unwrap();
    assert_eq!(archive.read(&capture).unwrap().body, b"small");
    let not_modified =
        Page { status_line: "HTTP/1.1 304 Not Modified", body: Vec::new(), ..page("https://a.example/1") };
    let capture = archive.write(&not_modified.exchange()).unwrap();
    assert_eq!((archive.read(&capture).unwrap().status, capture.digest), (304, digest::spelled(&digest::of(&[]))));
    let all = records(&folder.path().join(&capture.file));
    assert_eq!(all[9].field("warc-profile"), Some(NOT_MODIFIED));
    assert!(all.iter().all(|record| record.digests_hold() == Some(true)));
}

/// The last answer in the file, and what stood in it before.
fn last(folder: &TempDir, capture: &Capture) -> Record {
    let all = records(&folder.path().join(&capture.file));
    all.into_iter().rev().find(|record| matches!(record.kind, RecordKind::Response | RecordKind::Revisit)).unwrap()
}

fn not_modified(url: &str) -> Page {
    Page { status_line: "HTTP/1.1 304 Not Modified", body: Vec::new(), ..page(url) }
}

fn later(page: &Page) -> Exchange<'_> {
    Exchange { at: Timestamp::from_millisecond(at(60).as_millisecond() + 250).unwrap(), ..page.exchange() }
}

#[test]
fn what_was_kept_before_a_start_is_referred_to_as_exactly_as_after_it() {
    let folder = TempDir::new().unwrap();
    let first = page("https://a.example/1");
    let mut archive = open(&folder);
    let capture = archive.write(&later(&first)).unwrap();
    drop(archive);
    let original = last(&folder, &capture);
    for round in 0..2 {
        let mut archive = open(&folder);
        // Twice by one process: the second time its memory is exact.
        for _ in 0..2 {
            let revisit = archive.write(&first.exchange()).unwrap();
            archive.sync().unwrap();
            assert_eq!(archive.read(&revisit).unwrap().raw, first.body);
            let record = last(&folder, &revisit);
            assert_eq!(record.kind, RecordKind::Revisit, "round {round}");
            assert_eq!(record.field("warc-profile"), Some(SAME_PAYLOAD));
            assert_eq!(record.field("warc-refers-to"), original.field("warc-record-id"));
            assert_eq!(record.field("warc-refers-to-date"), Some("2026-07-14T12:01:00.25Z"));
            assert_eq!(record.field("warc-payload-digest"), original.field("warc-payload-digest"));

            let unchanged = not_modified("https://a.example/1");
            let record = last(&folder, &archive.write(&unchanged.exchange()).unwrap());
            assert_eq!((record.kind, record.field("warc-profile")), (RecordKind::Revisit, Some(NOT_MODIFIED)));
            assert_eq!(record.field("warc-refers-to"), original.field("warc-record-id"));
            assert_eq!(record.field("warc-refers-to-date"), Some("2026-07-14T12:01:00.25Z"));
        }
        archive.sync().unwrap();
        let told: Vec<String> = archive.lookup(&first.url).unwrap().into_iter().map(|entry| entry.mime).collect();
        assert_eq!(told.iter().filter(|mime| *mime == REVISIT).count(), 4 * (round + 1), "{told:?}");
    }
}

#[test]
fn what_is_gone_is_kept_anew() {
    let gone = |path: &Path| fs::remove_file(path).unwrap();
    let rotten = |path: &Path| {
        let mut bytes = fs::read(path).unwrap();
        let middle = bytes.len() * 2 / 3;
        bytes[middle..].fill(0x55);
        fs::write(path, bytes).unwrap();
    };
    for damage in [&gone as &dyn Fn(&Path), &rotten] {
        let folder = TempDir::new().unwrap();
        let mut archive = open(&folder);
        let only = Page { body: (0..2000_u32).flat_map(u32::to_le_bytes).collect(), ..page("https://a.example/1") };
        let asked = Exchange { asked: None, ..only.exchange() };
        let capture = archive.write(&asked).unwrap();
        drop(archive);
        damage(&folder.path().join(&capture.file));
        let mut archive = Archive::open(folder.path(), "another", info()).unwrap();
        let about = last(&folder, &archive.write(&not_modified(&only.url).exchange()).unwrap());
        assert_eq!(about.field("warc-refers-to-date"), None, "nobody can say what it is about");
        let again = archive.write(&asked).unwrap();
        assert_eq!(last(&folder, &again).kind, RecordKind::Response);
        assert_eq!(archive.read(&again).unwrap().raw, only.body);
    }
}

#[test]
fn a_page_about_a_fault_is_not_what_has_not_changed() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(&folder);
    let good = page("https://a.example/1");
    let mut bad = page("https://a.example/1");
    bad.status_line = "HTTP/1.1 503 Service Unavailable";
    bad.body = vec![b'x'; 5000];
    archive.write(&later(&good)).unwrap();
    archive.write(&bad.exchange()).unwrap();
    let capture = archive.write(&not_modified(&good.url).exchange()).unwrap();
    assert_eq!(last(&folder, &capture).field("warc-refers-to-date"), Some("2026-07-14T12:01:00.25Z"));
}

#[test]
fn another_payload_in_the_place_of_one_is_not_taken_for_it() {
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let pages = ["https://a.example/1", "https://a.example/2"].map(page);
    let paths = [0, 1].map(|i| {
        let capture = open(&folders[i]).write(&pages[i].exchange()).unwrap();
        folders[i].path().join(capture.file)
    });
    fs::copy(&paths[1], &paths[0]).unwrap();
    let mut archive = Archive::open(folders[0].path(), "another", info()).unwrap();
    let capture = archive.write(&pages[0].exchange()).unwrap();
    assert_eq!(last(&folders[0], &capture).kind, RecordKind::Response);
    assert_eq!(archive.read(&capture).unwrap().raw, pages[0].body);
}
