//! The records that keep an exchange, laid out (WARC/1.1, ISO 28500:2017). Each is packed into a gzip
//! member of its own at the end of `out`.

use std::io;

use jiff::Timestamp;
use uuid::Uuid;

use crate::digest;
use crate::exchange::{Exchange, WarcInfo};
use crate::member::{self, Packing};
use crate::remembered::Place;

const SAME_PAYLOAD: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
const NOT_MODIFIED: &str = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

/// How an answer is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// With its payload.
    Whole,
    /// By reference to a record that holds the same payload.
    SamePayload(Place),
    /// As a statement about an earlier answer, where that is known.
    NotModified(Option<Place>),
}

type Fields = Vec<(&'static str, String)>;

/// A name for a record.
pub(crate) fn new_id() -> String {
    format!("<urn:uuid:{}>", Uuid::new_v4())
}

/// What the file says of itself.
pub(crate) fn warcinfo(out: &mut Vec<u8>, info: &WarcInfo, id: &str, name: &str, at: Timestamp) -> io::Result<()> {
    let fields = vec![
        ("WARC-Type", "warcinfo".to_owned()),
        ("WARC-Record-ID", id.to_owned()),
        ("WARC-Date", at.to_string()),
        ("WARC-Filename", name.to_owned()),
    ];
    plain(out, fields, "application/warc-fields", info.block().as_bytes())
}

/// A `response`, or a `revisit`.
pub(crate) fn answer(
    out: &mut Vec<u8>,
    exchange: &Exchange<'_>,
    id: &str,
    warcinfo: Option<&str>,
    digest: &str,
    answer: &Answer,
) -> io::Result<()> {
    let kind = if *answer == Answer::Whole { "response" } else { "revisit" };
    let mut fields = beginning(kind, exchange, id, warcinfo);
    fields.push(("Content-Type", "application/http; msgtype=response".to_owned()));
    if !matches!(answer, Answer::NotModified(_)) {
        fields.push(("WARC-Payload-Digest", digest.to_owned()));
    }
    if exchange.truncated {
        fields.push(("WARC-Truncated", "length".to_owned()));
    }
    match answer {
        Answer::Whole => {}
        Answer::SamePayload(place) => {
            fields.push(("WARC-Profile", SAME_PAYLOAD.to_owned()));
            refer(&mut fields, place);
            // By these two a reader of ours finds the payload without an index.
            fields.push(("WARC-Refers-To-Filename", place.file.to_string()));
            fields.push(("WARC-Refers-To-File-Offset", place.offset.to_string()));
        }
        Answer::NotModified(about) => {
            fields.push(("WARC-Profile", NOT_MODIFIED.to_owned()));
            match about {
                Some(place) => refer(&mut fields, place),
                None => fields.push(("WARC-Refers-To-Target-URI", exchange.url.to_owned())),
            }
        }
    }
    let head = exchange.response_head();
    let body = if *answer == Answer::Whole { exchange.body } else { &[] };
    let block = [head.as_slice(), body];
    fields.push(("WARC-Block-Digest", digest::spelled(&digest::of(&block))));
    let packing = if exchange.is_packed() && !body.is_empty() { Packing::Stored } else { Packing::Fast };
    member::append(out, &fields, &block, packing)
}

/// A `request`, where it is known.
pub(crate) fn request(
    out: &mut Vec<u8>,
    exchange: &Exchange<'_>,
    concurrent_to: &str,
    warcinfo: Option<&str>,
) -> io::Result<()> {
    let Some(block) = exchange.request_block() else { return Ok(()) };
    let mut fields = beginning("request", exchange, &new_id(), warcinfo);
    fields.push(("WARC-Concurrent-To", concurrent_to.to_owned()));
    plain(out, fields, "application/http; msgtype=request", &block)
}

/// A `metadata` record with what is known beside the bytes, where something is.
pub(crate) fn told(out: &mut Vec<u8>, exchange: &Exchange<'_>, concurrent_to: &str) -> io::Result<()> {
    let Some(block) = exchange.metadata_block() else { return Ok(()) };
    let fields = vec![
        ("WARC-Type", "metadata".to_owned()),
        ("WARC-Record-ID", new_id()),
        ("WARC-Date", exchange.at.to_string()),
        ("WARC-Target-URI", exchange.url.to_owned()),
        ("WARC-Concurrent-To", concurrent_to.to_owned()),
    ];
    plain(out, fields, "application/warc-fields", &block)
}

/// A `metadata` record in the place of an answer that may not be kept.
pub(crate) fn withheld(
    out: &mut Vec<u8>,
    exchange: &Exchange<'_>,
    id: &str,
    warcinfo: Option<&str>,
    reason: &str,
) -> io::Result<()> {
    let mut block = format!("withheld: {}\r\n", reason.replace(['\r', '\n'], " "));
    block.push_str(&format!("payload-length: {}\r\n", exchange.body.len()));
    let head = exchange.response_head();
    for line in String::from_utf8_lossy(&head).lines().filter(|line| !line.is_empty()) {
        block.push_str(&format!("http-response: {line}\r\n"));
    }
    plain(out, beginning("metadata", exchange, id, warcinfo), "application/warc-fields", block.as_bytes())
}

fn plain(out: &mut Vec<u8>, mut fields: Fields, content_type: &str, block: &[u8]) -> io::Result<()> {
    fields.push(("Content-Type", content_type.to_owned()));
    fields.push(("WARC-Block-Digest", digest::spelled(&digest::of(&[block]))));
    member::append(out, &fields, &[block], Packing::Fast)
}

fn beginning(kind: &str, exchange: &Exchange<'_>, id: &str, warcinfo: Option<&str>) -> Fields {
    let mut fields = vec![
        ("WARC-Type", kind.to_owned()),
        ("WARC-Record-ID", id.to_owned()),
        ("WARC-Date", exchange.at.to_string()),
        ("WARC-Target-URI", exchange.url.to_owned()),
    ];
    if let Some(asked) = &exchange.asked {
        fields.push(("WARC-IP-Address", asked.address.to_string()));
        fields.push(("WARC-Protocol", exchange.protocol().to_owned()));
    }
    fields.extend(warcinfo.map(|id| ("WARC-Warcinfo-ID", id.to_owned())));
    fields
}

fn refer(fields: &mut Fields, place: &Place) {
    fields.extend(place.record.as_ref().map(|record| ("WARC-Refers-To", record.to_string())));
    fields.push(("WARC-Refers-To-Target-URI", place.url.to_string()));
    fields.push(("WARC-Refers-To-Date", place.at.to_string()));
}
