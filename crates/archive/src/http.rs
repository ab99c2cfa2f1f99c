//! The HTTP response inside a record, read as leniently as browsers read it.

use crate::decode;
use crate::reader::{Record, RecordKind};

/// A response as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status code, 0 where the status line has none.
    pub status: u16,
    /// Header fields in the order received, names in lower case. Values that are not UTF-8 are read
    /// as Latin-1.
    pub headers: Vec<(String, String)>,
    /// The body: chunks joined, content codings still on.
    pub raw: Vec<u8>,
}

/// A body without its content codings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The bytes.
    pub body: Vec<u8>,
    /// They are the beginning of a longer body.
    pub truncated: bool,
}

impl HttpResponse {
    /// The first header field of this name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The body without its content codings, cut at `cap` bytes. One that does not decode (many
    /// tools take the coding off and leave the header) is given as it stands.
    pub fn decoded(&self, cap: usize) -> Decoded {
        let fields = self.headers.iter().filter(|(name, _)| name == "content-encoding");
        let codings = fields.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(",");
        let (body, truncated) = decode::decode(&codings, &self.raw, cap);
        Decoded { body, truncated }
    }
}

/// The response that `record` holds; `None` for a record of another kind. A `revisit` gives the head
/// of its response, and no body.
pub fn http_response(record: &Record) -> Option<HttpResponse> {
    if !matches!(record.kind, RecordKind::Response | RecordKind::Revisit) {
        return None;
    }
    let block = record.block.as_slice();
    if !block.get(..5)?.eq_ignore_ascii_case(b"http/") {
        return None;
    }
    let (head, body) = split_head(block);
    let mut lines = lines(head);
    let status_line = latin_or_utf8(lines.next()?);
    let status = status_line.split_whitespace().nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    let headers = fields(lines);
    let is_chunked = headers
        .iter()
        .any(|(name, value)| name == "transfer-encoding" && value.to_ascii_lowercase().contains("chunked"));
    let joined = if is_chunked { join_chunks(body) } else { None };
    Some(HttpResponse { status, headers, raw: joined.unwrap_or_else(|| body.to_vec()) })
}

/// Parts a message at its first empty line; all of it is head where there is none.
pub(crate) fn split_head(message: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    while let Some(end) = message[at..].iter().position(|byte| *byte == b'\n') {
        let line = &message[at..at + end];
        at += end + 1;
        if line.is_empty() || line == b"\r" {
            return (&message[..at], &message[at..]);
        }
    }
    (message, &[])
}

/// The lines of a head, without their ends.
fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// Reads header fields: names in lower case, folded lines joined, lines without a colon passed over.
pub(crate) fn fields<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in lines {
        let line = latin_or_utf8(line);
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    fields
}

/// The text of a line: UTF-8, else Latin-1.
fn latin_or_utf8(line: &[u8]) -> String {
    match std::str::from_utf8(line) {
        Ok(text) => text.to_owned(),
        Err(_) => line.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// A chunked body in one piece (RFC 9112 section 7.1); `None` where it is none. One that breaks off
/// gives what came.
fn join_chunks(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = body;
    let mut is_first = true;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n');
        let line = &rest[..end.unwrap_or(rest.len())];
        let size = std::str::from_utf8(line)
            .ok()
            .and_then(|line| usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16).ok());
        match (size, end) {
            (Some(0), _) => return Some(out),
            (Some(size), Some(end)) => {
                let data = &rest[end + 1..];
                let taken = size.min(data.len());
                out.extend_from_slice(&data[..taken]);
                rest = &data[taken..];
                rest = rest.strip_prefix(b"\r").unwrap_or(rest);
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
            _ if is_first => return None,
            _ => return Some(out),
        }
        is_first = false;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(block: &[u8]) -> Option<HttpResponse> {
        http_response(&Record { block: block.to_vec(), ..Record::empty(RecordKind::Response) })
    }

    fn check(body: &[u8], expected: &[u8]) {
        let block = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body].concat();
        let text = String::from_utf8_lossy(body).into_owned();
        assert_eq!(response(&block).unwrap().raw, expected, "{text:?}");
    }

    #[test]
    fn chunks_are_joined() {
        check(b"5\r\nhello\r\n6; x=y\r\n world\r\n0\r\n\r\n", b"hello world");
        check(b"5\nhello\n0\n\n", b"hello");
        check(b"5\r\nhello\r\n6\r\n wo", b"hello wo");
        check(b"5\r\nhello\r\nnot a chunk", b"hello");
        check(b"0\r\n\r\n", b"");
        check(b"<p>joined already</p>", b"<p>joined already</p>");
        check(b"FFFFFFFFFFFFFFFF\r\nx", b"x");
        check(b"", b"");
    }

    #[test]
    fn odd_heads_are_read() {
        let odd = response(b"HTTP/1.0 404\nX-A: 1\n  folded\nno colon\nB:\xe9\n\nbody").unwrap();
        assert_eq!(odd.status, 404);
        assert_eq!(odd.headers, [("x-a".into(), "1 folded".into()), ("b".into(), "é".into())]);
        assert_eq!(odd.raw, b"body");
        assert_eq!(response(b"HTTP/1.1 200 OK\r\nA: b").unwrap().raw, b"");
        assert_eq!(response(b"HTTP/1.1 nonsense\r\n\r\n").unwrap().status, 0);
        assert_eq!(response(b"http"), None);
        assert_eq!(response(b"<html>"), None);
        assert_eq!(
            http_response(&Record { block: b"HTTP/1.1 200\n\n".to_vec(), ..Record::empty(RecordKind::Request) }),
            None
        );
    }
}
