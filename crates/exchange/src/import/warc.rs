//! Pages out of WARC files: web pages that were answered with success, in the order of the file.
//!
//! Pictures, scripts, redirects and records about records are passed over without a word: a WARC of
//! a browser's visit holds little else. What should be a page and cannot be read is told, and reading
//! goes on. ARC files are read as well.

use std::path::{Path, PathBuf};

use courant_archive::{HttpResponse, Record, RecordKind, Records, http_response, open_warc, revisited};
use jiff::Timestamp;
use url::Url;

use super::{ImportError, Item};

/// The most bytes of a page that are read; a longer one is cut and says so.
const LONGEST_PAGE: usize = 16 << 20;

/// The pages of the WARC file at `path`, gzipped or not.
///
/// # Errors
/// Where the file cannot be opened. Records that cannot be read are told one by one.
pub fn warc(path: &Path) -> Result<WarcItems, ImportError> {
    let records = open_warc(path).map_err(|why| ImportError::Unreadable { path: path.to_owned(), why })?;
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    Ok(WarcItems { records, folder, file, number: 0 })
}

/// The pages of one WARC file.
pub struct WarcItems {
    records: Records,
    folder: PathBuf,
    file: String,
    /// The record that was read last, from 1.
    number: u64,
}

impl Iterator for WarcItems {
    type Item = Result<Item, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let record = self.records.next()?;
            self.number += 1;
            let read = match record {
                Ok(record) => item(&record, &self.folder),
                // The fault names the record by itself.
                Err(fault) => return Some(Err(self.fault(fault.to_string()))),
            };
            match read {
                Ok(None) => {}
                Ok(Some(item)) => {
                    return Some(Ok(Item { found_via: format!("{} record {}", self.file, self.number), ..item }));
                }
                Err(why) => return Some(Err(self.fault(format!("record {}: {why}", self.number)))),
            }
        }
    }
}

impl WarcItems {
    fn fault(&self, why: String) -> ImportError {
        ImportError::Record { file: self.file.clone(), why }
    }
}

/// The page in a record; `None` where it holds none.
fn item(record: &Record, folder: &Path) -> Result<Option<Item>, String> {
    let answer = match record.kind {
        RecordKind::Response => http_response(record),
        RecordKind::Resource => Some(bare(record)),
        // A page that was answered before as it is now is known; one of another address is not.
        RecordKind::Revisit if record.field("warc-refers-to-target-uri") != record.uri.as_deref() => {
            revisited(folder, record)
        }
        _ => None,
    };
    let Some(answer) = answer.filter(|answer| (200..300).contains(&answer.status) && may_be_a_page(answer)) else {
        return Ok(None);
    };
    let Some(url) = web_address(record)? else { return Ok(None) };
    let decoded = answer.decoded(LONGEST_PAGE);
    let at = record.date.or_else(|| http_date(&answer)).ok_or("it does not say when it was captured (WARC-Date)")?;
    Ok(Some(Item {
        url,
        status: answer.status,
        content_type: answer.header("content-type").map(str::to_owned),
        content_language: answer.header("content-language").map(str::to_owned),
        body: decoded.body,
        truncated: record.truncated || decoded.truncated,
        at,
        found_via: String::new(),
        headers: answer.headers,
    }))
}

/// A record that keeps a page without the answer around it.
fn bare(record: &Record) -> HttpResponse {
    let content_type = record.content_type().map(|kind| ("content-type".to_owned(), kind.to_owned()));
    HttpResponse { status: 200, headers: content_type.into_iter().collect(), raw: record.block.clone() }
}

/// Whether the answer may be a page of words. One that does not say what it is may be.
fn may_be_a_page(answer: &HttpResponse) -> bool {
    let Some(kind) = answer.header("content-type") else { return true };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "" | "text/html" | "application/xhtml+xml")
}

/// The address of the record; `None` for what is no web page (`dns:`, `urn:`, `metadata://`).
fn web_address(record: &Record) -> Result<Option<Url>, String> {
    let uri = record.uri.as_deref().ok_or("it does not say which address it is of (WARC-Target-URI)")?;
    let url = Url::parse(uri).map_err(|why| format!("'{uri}' is no address: {why}"))?;
    Ok(matches!(url.scheme(), "http" | "https").then_some(url))
}

fn http_date(answer: &HttpResponse) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(answer.header("date")?).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use courant_archive::{Archive, Exchange, WarcInfo};

    use super::*;

    fn record(kind: &str, uri: &str, date: &str, content_type: &str, block: &str) -> String {
        let date = if date.is_empty() { String::new() } else { format!("WARC-Date: {date}\r\n") };
        let uri = if uri.is_empty() { String::new() } else { format!("WARC-Target-URI: {uri}\r\n") };
        format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\n{uri}{date}Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    }

    fn response(uri: &str, head: &str, body: &str) -> String {
        let block = format!("HTTP/1.1 {head}\r\n\r\n{body}");
        record("response", uri, "2021-07-19T16:42:00Z", "application/http; msgtype=response", &block)
    }

    fn read(records: &[String]) -> Vec<Result<Item, String>> {
        let mut file = tempfile::NamedTempFile::with_suffix(".warc").expect("a file");
        file.write_all(records.concat().as_bytes()).expect("written");
        warc(file.path()).expect("opened").map(|item| item.map_err(|error| error.to_string())).collect()
    }

    fn bodies(records: &[String]) -> Vec<String> {
        let items = read(records).into_iter().flatten();
        items.map(|item| String::from_utf8_lossy(&item.body).into_owned()).collect()
    }

    #[test]
    fn pages_come_out_with_what_they_were_sent_with() {
        let head = "200 OK\r\nContent-Type: text/html; charset=windows-1255\r\nContent-Language: he\r\nX-Robots-Tag: noarchive";
        let items = read(&[
            record("warcinfo", "", "2021-07-19T16:42:00Z", "application/warc-fields", "software: x"),
            response("https://example.org/a?b=1", head, "<p>a"),
        ]);
        let item = items[0].as_ref().expect("a page");
        assert_eq!(items.len(), 1);
        assert_eq!(item.url.as_str(), "https://example.org/a?b=1");
        assert_eq!(item.content_type.as_deref(), Some("text/html; charset=windows-1255"));
        assert_eq!(item.content_language.as_deref(), Some("he"));
        assert!(item.headers.contains(&("x-robots-tag".to_owned(), "noarchive".to_owned())));
        assert_eq!((item.status, item.body.as_slice(), item.truncated), (200, b"<p>a".as_slice(), false));
        assert_eq!(item.at.to_string(), "2021-07-19T16:42:00Z");
        assert!(item.found_via.ends_with(".warc record 2"), "{}", item.found_via);
    }

    #[test]
    fn what_is_no_page_is_passed_over() {
        let html = "200 OK\r\nContent-Type: text/html";
        let told = read(&[
            response("https://example.org/moved", "301 Moved\r\nLocation: /a\r\nContent-Type: text/html", "moved"),
            response("https://example.org/gone", "404 Not Found\r\nContent-Type: text/html", "gone"),
            response("https://example.org/a.png", "200 OK\r\nContent-Type: image/png", "png"),
            response("dns:example.org", html, "1.2.3.4"),
            record(
                "request",
                "https://example.org/",
                "2021-07-19T16:42:00Z",
                "application/http",
                "GET / HTTP/1.1\r\n\r\n",
            ),
            record(
                "revisit",
                "https://example.org/",
                "2021-07-19T16:42:00Z",
                "application/http",
                "HTTP/1.1 200 OK\r\n\r\n",
            ),
        ]);
        assert!(told.is_empty(), "{told:?}");
        assert_eq!(bodies(&[response("https://example.org/", "200 OK", "untold")]), ["untold"]);
    }

    #[test]
    fn a_page_that_is_kept_under_another_address_is_a_page() {
        let folder = tempfile::tempdir().expect("a folder");
        let info = WarcInfo { software: "a test".to_owned(), user_agent: "a test".to_owned() };
        let mut archive = Archive::open(folder.path(), "test", info).expect("an archive");
        let headers = [("content-type".to_owned(), "text/html".to_owned())];
        let body = "<p>words</p>".repeat(1000);
        for url in ["https://example.org/a", "https://example.org/copy", "https://example.org/a"] {
            let exchange = Exchange {
                url,
                asked: None,
                status_line: "HTTP/1.1 200 OK",
                response_headers: &headers,
                body: body.as_bytes(),
                at: "2021-07-19T16:42:00Z".parse().expect("a date"),
                truncated: false,
                told: None,
            };
            archive.write(&exchange).expect("written");
        }
        drop(archive);
        let mut files = std::fs::read_dir(folder.path()).expect("a folder").map(|file| file.expect("a file").path());
        let file = files.find(|file| file.extension().is_some_and(|end| end == "gz")).expect("a WARC");
        let read = || -> Vec<(String, usize)> {
            let items = warc(&file).expect("opened").map(|item| item.expect("a page"));
            items.map(|item| (item.url.path().to_owned(), item.body.len())).collect()
        };
        assert_eq!(read(), [("/a".to_owned(), 12_000), ("/copy".to_owned(), 12_000)]);
    }

    #[test]
    fn bare_pages_are_pages() {
        let resource = record("resource", "<https://example.org/a>", "2021-07-19T16:42:00Z", "text/html", "<p>bare");
        assert_eq!(bodies(&[resource]), ["<p>bare"]);
        let other = record("resource", "https://example.org/a", "2021-07-19T16:42:00Z", "text/css", "p {}");
        assert!(bodies(&[other]).is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_told_and_the_rest_is_read() {
        let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html";
        let page = |date: &str, uri: &str, extra: &str| {
            record("response", uri, date, "application/http", &format!("{html}{extra}\r\n\r\npage"))
        };
        let told = read(&[
            page("", "https://example.org/a", ""),
            page("", "https://example.org/b", "\r\nDate: Mon, 19 Jul 2021 16:42:00 GMT"),
            page("2021-07-19T16:42:00Z", "", ""),
            page("2021-07-19T16:42:00Z", "http://", ""),
            page("2021-07-19T16:42:00Z", "https://example.org/c", ""),
        ]);
        let good: Vec<_> = told.iter().flatten().map(|item| item.url.path().to_owned()).collect();
        assert_eq!(good, ["/b", "/c"]);
        let faults: Vec<_> = told.iter().filter_map(|item| item.as_ref().err()).collect();
        assert_eq!(faults.len(), 3);
        assert!(faults[0].contains("record 1: it does not say when"), "{faults:?}");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = warc(Path::new("/nowhere/x.warc")).err().expect("no such file");
        assert!(error.to_string().starts_with("cannot open /nowhere/x.warc: "), "{error}");
    }
}
