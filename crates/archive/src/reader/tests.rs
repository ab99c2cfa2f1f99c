use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

const ONE: &str = "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: <http://a.example/1>\r\n\
                   WARC-Date: 2024-09-27T10:47:02Z\r\nContent-Length: 3\r\n\r\none\r\n\r\n";
const TWO: &str = "WARC/0.18\nwarc-type:Response\nWARC-Target-URI: http://a.example/2\n continued\n\
                   no colon here\nContent-Type: application/http\nContent-Length: 21\n\nHTTP/1.1 200 OK\n\n<p>2\n\n";

fn read(bytes: &[u8]) -> Vec<Result<Record, WarcFault>> {
    read_warc(io::Cursor::new(bytes.to_vec())).unwrap().collect()
}

/// Blocks as text, and `!` for each fault.
fn check(bytes: &[u8], expected: &[&str]) {
    let told: Vec<String> = read(bytes)
        .into_iter()
        .map(|record| record.map_or("!".to_owned(), |record| String::from_utf8_lossy(&record.block).into_owned()))
        .collect();
    assert_eq!(told, expected, "{:?}", String::from_utf8_lossy(bytes));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn records_are_read_however_they_are_packed() {
    let both = [ONE, TWO].concat();
    let blocks = ["one", "HTTP/1.1 200 OK\n\n<p>2"];
    check(both.as_bytes(), &blocks);
    check(&gzip(both.as_bytes()), &blocks);
    check(&[gzip(ONE.as_bytes()), gzip(TWO.as_bytes())].concat(), &blocks);
    check(&[&b"\r\n\r\n"[..], both.as_bytes()].concat(), &blocks);
    check(both.trim_end().as_bytes(), &blocks);
}

#[test]
fn odd_heads_are_read() {
    let records: Vec<Record> = read([ONE, TWO].concat().as_bytes()).into_iter().map(Result::unwrap).collect();
    assert_eq!(records[0].uri.as_deref(), Some("http://a.example/1"), "wget's brackets go");
    assert_eq!(records[0].date, Some("2024-09-27T10:47:02Z".parse().unwrap()));
    assert_eq!((records[1].kind, records[1].date), (RecordKind::Response, None));
    assert_eq!(records[1].uri.as_deref(), Some("http://a.example/2 continued"));
    let response = http::http_response(&records[1]).unwrap();
    assert_eq!((response.status, response.raw), (200, b"<p>2".to_vec()));
}

#[test]
fn dates_are_read_in_the_spellings_of_tools() {
    for (text, expected) in [
        ("2024-09-27T10:47:02.123456Z", Some("2024-09-27T10:47:02.123456Z")),
        ("2024-09-27T12:47:02+02:00", Some("2024-09-27T10:47:02Z")),
        ("2024-09-27T10:47:02", Some("2024-09-27T10:47:02Z")),
        ("2024-09-27", Some("2024-09-27T00:00:00Z")),
        ("20240927104702", Some("2024-09-27T10:47:02Z")),
        ("20249927104702", None),
        ("yesterday", None),
        ("", None),
    ] {
        assert_eq!(date(text), expected.map(|text| text.parse().unwrap()), "{text}");
    }
}

#[test]
fn what_stands_before_and_after_a_fault_is_read() {
    check(format!("{ONE}garbage\nmore\n{TWO}").as_bytes(), &["one", "!", "HTTP/1.1 200 OK\n\n<p>2"]);
    let wrong_length = ONE.replace("Length: 3", "Length: 1");
    check(format!("{wrong_length}{ONE}").as_bytes(), &["o", "!", "one"]);
    let no_length = ONE.replace("Content-Length: 3\r\n", "");
    check(format!("{no_length}{ONE}").as_bytes(), &["!", "!", "one"]);
    check(format!("{ONE}{}", &TWO[..TWO.len() - 5]).as_bytes(), &["one", "!"]);
    check(format!("{ONE}WARC/1.0\r\nWARC-Type: resp").as_bytes(), &["one", "!"]);
    let huge = ONE.replace("Length: 3", "Length: 18446744073709551615");
    check(format!("{ONE}{huge}").as_bytes(), &["one", "!"]);
    let mut torn = [gzip(ONE.as_bytes()), gzip(TWO.as_bytes())].concat();
    torn.truncate(torn.len() - 12);
    assert!(read(&torn)[0].is_ok());
    let mut rotten = [gzip(ONE.as_bytes()), gzip(TWO.as_bytes())].concat();
    let end = rotten.len();
    rotten[end - 20..].fill(0xff);
    let told = read(&rotten);
    assert!(told[0].is_ok() && told.last().unwrap().is_err(), "{told:?}");
}

#[test]
fn what_is_no_warc_is_told_once() {
    check(b"", &[]);
    check(b"\r\n\r\n", &[]);
    check(b"<!doctype html>\n<p>a page\n", &["!"]);
    check(b"\x1f\x8b", &["!"]);
    check(&gzip(b"<!doctype html>"), &["!"]);
    check(&vec![b'x'; 200_000], &["!"]);
    check(&[0; 1000], &["!"]);
    check(b"filedesc://a.arc and more\n", &["!"]);
}

const ARC: &str = "filedesc://a.arc 0.0.0.0 20140216050221 text/plain 69\n1 0 Somebody\n\
                   URL IP-address Archive-date Content-type Archive-length\n\n\
                   dns:a.example 192.0.2.7 20140216050221 text/dns 3\none\n\
                   http://a.example/b c 192.0.2.1 20140216050222 text/html 39\n\
                   HTTP/1.1 200 OK\nContent-Type: a/b\n\n<p>2\n";

#[test]
fn arc_files_are_read() {
    for bytes in [ARC.as_bytes().to_vec(), gzip(ARC.as_bytes())] {
        let records: Vec<Record> = read(&bytes).into_iter().map(Result::unwrap).collect();
        let kinds: Vec<RecordKind> = records.iter().map(|record| record.kind).collect();
        assert_eq!(kinds, [RecordKind::Warcinfo, RecordKind::Resource, RecordKind::Response]);
        assert_eq!((records[1].uri.as_deref(), records[1].content_type()), (Some("dns:a.example"), Some("text/dns")));
        assert_eq!(records[2].uri.as_deref(), Some("http://a.example/b%20c"));
        assert_eq!(records[2].date, Some("2014-02-16T05:02:22Z".parse().unwrap()));
        let response = http::http_response(&records[2]).unwrap();
        assert_eq!(
            (response.status, response.header("content-type"), &response.raw[..]),
            (200, Some("a/b"), &b"<p>2"[..])
        );
    }
    let wrong = ARC.replace("text/dns 3", "text/dns 1");
    let told: Vec<bool> = read(wrong.as_bytes()).iter().map(Result::is_ok).collect();
    assert_eq!(told, [true, true, false, true], "reading goes on at the next head");
    let short = read(&ARC.as_bytes()[..ARC.len() - 3]);
    let last = short.last().unwrap().as_ref().unwrap();
    assert!(last.truncated && http::http_response(last).unwrap().raw == b"<p", "{last:?}");
    // A line of a WARC that looks like a head of ARC is none.
    check(format!("{ONE}dns:a 192.0.2.7 20140216050221 a/b 3\nabc\n{ONE}").as_bytes(), &["one", "!", "one"]);
}

#[test]
fn a_block_over_the_limit_is_cut_and_the_next_is_read() {
    let both = [ONE, ONE].concat();
    let records: Vec<_> =
        read_warc(io::Cursor::new(both.into_bytes())).unwrap().with_limit(2).map(Result::unwrap).collect();
    assert!(records.iter().all(|record| record.block == b"on" && record.truncated));
    assert_eq!(records.len(), 2);
}

#[test]
fn endless_heads_end() {
    let fields = "X-Field: value\r\n".repeat(2000);
    check(format!("WARC/1.0\r\n{fields}\r\n{ONE}").as_bytes(), &["!", "!", "one"]);
    let line = "x".repeat(500_000);
    check(format!("WARC/1.0\r\nX-Long: {line}\r\nContent-Length: 2\r\n\r\nab\r\n\r\n{ONE}").as_bytes(), &["ab", "one"]);
}

#[test]
fn no_bytes_make_it_panic() {
    let seed = [gzip(ONE.as_bytes()), ONE.as_bytes().to_vec(), TWO.as_bytes().to_vec()].concat();
    let mut random: u64 = 7;
    for base in [&seed[..], ONE.as_bytes(), ARC.as_bytes(), [ONE, TWO].concat().as_bytes()] {
        for _ in 0..500 {
            let mut bytes = base.to_vec();
            for _ in 0..3 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (random >> 33) as usize % bytes.len();
                bytes[at] = (random >> 20) as u8;
            }
            for record in read(&bytes).into_iter().flatten() {
                let _ = http::http_response(&record).map(|response| response.decoded(1000));
                let _ = record.digests_hold();
            }
        }
    }
}
