//! A WARC of pages, written as crawlers do: each record a gzip member of its own.

use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Writes `pages` (address, HTML) to `path`, captured at `date` (RFC 3339, UTC).
///
/// # Panics
/// Where the file cannot be written.
pub fn write(path: &Path, date: &str, pages: &[(String, String)]) {
    let mut file = Vec::new();
    let info = "software: a test\r\nformat: WARC File Format 1.1\r\n";
    member(&mut file, &record("warcinfo", None, date, 0, "application/warc-fields", info));
    for (number, (url, html)) in pages.iter().enumerate() {
        let http = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n{html}",
            html.len()
        );
        let kind = "application/http; msgtype=response";
        member(&mut file, &record("response", Some(url), date, number + 1, kind, &http));
    }
    std::fs::write(path, file).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn record(kind: &str, url: Option<&String>, date: &str, number: usize, content_type: &str, block: &str) -> Vec<u8> {
    let target = url.map_or_else(String::new, |url| format!("WARC-Target-URI: {url}\r\n"));
    format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\n{target}WARC-Date: {date}\r\n\
         WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
        block.len()
    )
    .into_bytes()
}

fn member(file: &mut Vec<u8>, record: &[u8]) {
    let mut gzip = GzEncoder::new(file, Compression::fast());
    gzip.write_all(record).and_then(|()| gzip.finish().map(|_| ())).expect("memory can be written to");
}
