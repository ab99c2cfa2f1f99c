use std::fs::File;
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr};

use tempfile::TempDir;

use super::*;
use crate::reader::open_warc;
use crate::{Asked, Told, member};

mod again;
mod dead;
mod indexed;

fn info() -> WarcInfo {
    WarcInfo { software: "courant/0.0.0".to_owned(), user_agent: "Courant (+mailto:a@example.org)".to_owned() }
}

fn open(folder: &TempDir) -> Archive {
    Archive::open(folder.path(), "worker 1", info()).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_784_030_400 + second).unwrap()
}

/// An exchange about `url`, with a body of its own.
struct Page {
    url: String,
    status_line: &'static str,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    truncated: bool,
}

fn page(url: &str) -> Page {
    Page {
        url: url.to_owned(),
        status_line: "HTTP/1.1 200 OK",
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: format!("<p>{url}</p>").repeat(100).into_bytes(),
        truncated: false,
    }
}

impl Page {
    fn exchange(&self) -> Exchange<'_> {
        Exchange {
            url: &self.url,
            asked: Some(Asked { method: "GET", headers: &[], address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)) }),
            status_line: self.status_line,
            response_headers: &self.headers,
            body: &self.body,
            at: at(0),
            truncated: self.truncated,
            told: None,
        }
    }
}

fn files(folder: &TempDir, end: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(end))
        .collect();
    files.sort();
    files
}

fn records(file: &Path) -> Vec<Record> {
    open_warc(file).unwrap().map(|record| record.unwrap()).collect()
}

fn kinds(file: &Path) -> Vec<RecordKind> {
    records(file).iter().map(|record| record.kind).collect()
}

fn whole_bytes(bytes: &[u8]) -> u64 {
    member::each_whole(bytes, |_, _, _| {}).unwrap()
}

#[test]
fn a_capture_is_read_back_as_it_was_received() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(&folder);
    assert!(files(&folder, ".warc.gz").is_empty(), "no file before the first write");
    let a = page("https://a.example/x?y=1");
    let mut b = page("https://a.example/b");
    b.headers =
        vec![("content-encoding".to_owned(), "zstd".to_owned()), ("x-odd".to_owned(), "é\u{1}\r\nx: y".to_owned())];
    b.body = zstd::encode_all(&b"words of b"[..], 1).unwrap();
    b.truncated = true;
    let captures = [archive.write(&a.exchange()).unwrap(), archive.write(&b.exchange()).unwrap()];
    archive.sync().unwrap();

    let kept = archive.read(&captures[0]).unwrap();
    let expected = Kept {
        url: a.url.clone(),
        status: 200,
        headers: a.headers.clone(),
        raw: a.body.clone(),
        body: a.body.clone(),
        truncated: false,
    };
    assert_eq!(kept, expected);
    let kept = archive.read(&captures[1]).unwrap();
    assert_eq!((kept.raw, kept.body, kept.truncated), (b.body.clone(), b"words of b".to_vec(), true));
    assert_eq!(kept.headers[1].1, "é   x: y", "a control character would break the head");

    let name = &captures[0].file;
    assert_eq!(name, "courant-20260714T120000Z-00001-worker-1.warc.gz");
    let records = records(&folder.path().join(name));
    let told: Vec<_> = records.iter().map(|record| record.kind).collect();
    let pair = [RecordKind::Response, RecordKind::Request];
    assert_eq!(told, [&[RecordKind::Warcinfo][..], &pair, &pair].concat());
    assert!(records.iter().all(|record| record.digests_hold() == Some(true)), "{records:?}");
    assert_eq!(records[2].field("warc-concurrent-to"), records[1].field("warc-record-id"));
    assert_eq!(records[3].field("warc-truncated"), Some("length"));
    assert!(records[2].block.starts_with(b"GET /x?y=1 HTTP/1.1\r\n"));
    assert!(String::from_utf8_lossy(&records[0].block).contains("http-header-user-agent: Courant (+mailto"));
}

#[test]
fn what_other_readers_would_stumble_over_is_written_plainly() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(&folder);
    let mut odd = page("https://a.example");
    odd.status_line = "HTTP/2.0 200 OK";
    odd.headers.push(("Transfer-Encoding".to_owned(), "chunked".to_owned()));
    let capture = archive.write(&odd.exchange()).unwrap();
    let records = records(&folder.path().join(&capture.file));
    assert!(records[1].block.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert_eq!(records[1].field("warc-protocol"), Some("h2"));
    assert!(records[2].block.starts_with(b"GET / HTTP/1.1\r\n"));
    assert_eq!(archive.read(&capture).unwrap().raw, odd.body);
}

#[test]
fn a_body_that_may_not_be_kept_is_not_in_the_file() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(&folder);
    let secret = Page { body: b"words that may not be kept".to_vec(), ..page("https://a.example/1") };
    archive.write_withheld(&secret.exchange(), "x-robots-tag:\r\nnoarchive").unwrap();
    let file = &files(&folder, ".warc.gz")[0];
    assert_eq!(kinds(file), [RecordKind::Warcinfo, RecordKind::Metadata, RecordKind::Request]);
    for record in records(file) {
        assert!(!String::from_utf8_lossy(&record.block).contains("may not be kept"));
    }
    let block = String::from_utf8(records(file)[1].block.clone()).unwrap();
    assert!(block.contains("withheld: x-robots-tag:  noarchive\r\n"), "{block}");
    assert!(block.contains("http-response: HTTP/1.1 200 OK\r\n"), "{block}");
}

#[test]
fn a_full_file_is_closed_and_the_next_one_begun() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(&folder).rotate_at(1500);
    let captures: Vec<Capture> =
        (0..4).map(|i| archive.write(&page(&format!("https://a.example/{i}")).exchange()).unwrap()).collect();
    let files = files(&folder, ".warc.gz");
    assert!(files.len() > 1, "{files:?}");
    assert_eq!(self::files(&folder, ".open").len(), 1, "one is being written");
    assert!(files.iter().all(|file| kinds(file)[0] == RecordKind::Warcinfo));
    for capture in &captures {
        assert_eq!(archive.read(capture).unwrap().status, 200);
    }
    drop(archive);
    assert!(self::files(&folder, ".open").is_empty(), "none is");
}

#[test]
fn two_writers_keep_to_their_own_files() {
    let folder = TempDir::new().unwrap();
    let mut one = open(&folder);
    let first = one.write(&page("https://a.example/1").exchange()).unwrap();
    let mut two = open(&folder);
    let second = two.write(&page("https://a.example/2").exchange()).unwrap();
    assert_ne!(first.file, second.file);
    let third = one.write(&page("https://a.example/3").exchange()).unwrap();
    for capture in [&first, &second, &third] {
        assert_eq!(two.read(capture).unwrap().status, 200);
    }
}

#[test]
fn a_capture_that_is_not_there_is_told() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(&folder);
    let capture = archive.write(&page("https://a.example/1").exchange()).unwrap();
    let odd = |change: fn(&mut Capture)| {
        let mut capture = capture.clone();
        change(&mut capture);
        archive.read(&capture).unwrap_err()
    };
    let missing = |error: ArchiveError| assert!(matches!(error, ArchiveError::Missing { .. }), "{error}");
    missing(odd(|capture| capture.file = "none.warc.gz".to_owned()));
    missing(odd(|capture| capture.file = "../outside".to_owned()));
    missing(odd(|capture| capture.file = "/etc/passwd".to_owned()));
    let corrupt = |error: ArchiveError| assert!(matches!(error, ArchiveError::Corrupt { .. }), "{error}");
    corrupt(odd(|capture| capture.offset += 1));
    corrupt(odd(|capture| capture.offset = u64::MAX / 2));
    corrupt(odd(|capture| capture.offset = 0));
    corrupt(odd(|capture| capture.digest = digest::spelled(&digest::of(&[b"other words"]))));
}

#[test]
fn a_flipped_bit_is_never_silent() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(&folder);
    let capture = archive.write(&page("https://a.example/1").exchange()).unwrap();
    let path = folder.path().join(&capture.file);
    let whole = fs::read(&path).unwrap();
    let original = archive.read(&capture).unwrap();
    for at in (usize::try_from(capture.offset).unwrap()..whole.len()).step_by(3) {
        let mut rotten = whole.clone();
        rotten[at] ^= 1 << (at % 8);
        fs::write(&path, rotten).unwrap();
        // Flips in the request record after it, and in the gzip head's idle fields, do no harm.
        if let Ok(kept) = archive.read(&capture) {
            assert_eq!(kept, original, "flipped at {at}");
        }
    }
}

#[test]
fn a_folder_that_cannot_be_one_is_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for place in [file.as_path(), &file.join("deeper"), Path::new("/proc/courant")] {
        let Err(error) = Archive::open(place, "w", info()) else { panic!("opened {}", place.display()) };
        assert!(matches!(error, ArchiveError::Unusable { .. }), "{error}");
        assert!(error.to_string().contains(&place.display().to_string()), "{error}");
    }
}

#[test]
fn a_write_that_fails_is_undone() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(&folder);
    archive.write(&page("https://a.example/1").exchange()).unwrap();
    let before = archive.current.as_ref().unwrap().length;
    let full = archive.append(Err(io::ErrorKind::StorageFull.into())).unwrap_err();
    assert!(matches!(full, ArchiveError::Storage { .. }), "{full}");
    assert_eq!(archive.current.as_ref().unwrap().length, before);

    // A file that can be neither written nor cut is given up, and the next write begins another.
    let current = archive.current.as_mut().unwrap();
    current.file = File::open(&current.path).unwrap();
    archive.write(&page("https://a.example/2").exchange()).unwrap_err();
    let capture = archive.write(&page("https://a.example/3").exchange()).unwrap();
    assert_eq!(archive.read(&capture).unwrap().url, "https://a.example/3");
    assert_eq!(files(&folder, ".warc.gz").len(), 2);
}

#[test]
fn how_a_request_came_about_is_kept_beside_it() {
    let folder = TempDir::new().unwrap();
    let page = page("https://press.example/a");
    let told = Told {
        robots: "allowed by line 3 of robots.txt",
        via: Some("https://press.example/feed\r\nforged: 1"),
        waited: jiff::SignedDuration::from_millis(1500),
        took: jiff::SignedDuration::from_millis(77),
    };
    let mut archive = open(&folder);
    let capture = archive.write(&Exchange { told: Some(told), ..page.exchange() }).unwrap();
    drop(archive);
    let records: Vec<Record> = open_warc(&folder.path().join(&capture.file)).unwrap().map(Result::unwrap).collect();
    let kinds: Vec<RecordKind> = records.iter().map(|record| record.kind).collect();
    assert_eq!(kinds, [RecordKind::Warcinfo, RecordKind::Response, RecordKind::Request, RecordKind::Metadata]);
    let metadata = &records[3];
    assert_eq!(metadata.field("warc-concurrent-to"), records[1].field("warc-record-id"));
    assert_eq!(metadata.digests_hold(), Some(true));
    let block = String::from_utf8(metadata.block.clone()).unwrap();
    assert_eq!(
        block,
        "fetchTimeMs: 77\r\nwaitedMs: 1500\r\nrobots: allowed by line 3 of robots.txt\r\n\
         via: https://press.example/feed  forged: 1\r\n"
    );
}
