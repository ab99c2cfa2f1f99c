//! WARC files of anybody's making, read record by record: gzipped per record, gzipped whole, or
//! plain; of any version, and ARC before them; with the odd headers that tools write.
//!
//! A fault ends only what cannot be read: a record that is none is told, and reading goes on at the
//! next line that begins one. Nothing declared is believed: memory grows with what is there, up to a
//! limit for each record.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::{GzDecoder, MultiGzDecoder};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use crate::error::WarcFault;
use crate::{arc, digest, http};

/// Bytes of a record's block that are kept.
const MAX_BLOCK: u64 = 64_000_000;
/// A block that claims more than this is not even passed over: the claim is wrong, or a trap.
const MAX_PASSED_OVER: u64 = 8_000_000_000;
/// The longest line of a record's head.
const MAX_LINE: u64 = 64_000;
/// The most lines of a record's head.
const MAX_FIELDS: usize = 1_000;

/// What a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// About the file.
    Warcinfo,
    /// An answer, with its protocol's head.
    Response,
    /// A thing without one.
    Resource,
    /// What was asked.
    Request,
    /// About another record.
    Metadata,
    /// As before.
    Revisit,
    /// Another form of a thing.
    Conversion,
    /// The rest of a record that was parted.
    Continuation,
    /// Anything else.
    Other,
}

impl RecordKind {
    fn parse(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "warcinfo" => Self::Warcinfo,
            "response" => Self::Response,
            "resource" => Self::Resource,
            "request" => Self::Request,
            "metadata" => Self::Metadata,
            "revisit" => Self::Revisit,
            "conversion" => Self::Conversion,
            "continuation" => Self::Continuation,
            _ => Self::Other,
        }
    }
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What it holds.
    pub kind: RecordKind,
    /// `WARC-Target-URI`, without the angle brackets that some tools write around it.
    pub uri: Option<String>,
    /// `WARC-Date`; `None` where it is none.
    pub date: Option<Timestamp>,
    /// All fields of its head in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its block: for a `response`, head and body of the answer ([`http::http_response`]); for a
    /// `resource` or a `conversion`, the thing itself.
    pub block: Vec<u8>,
    /// The block is the beginning of a longer one: so says `WARC-Truncated`, or it was over the
    /// limit.
    pub truncated: bool,
}

impl Record {
    pub(crate) fn empty(kind: RecordKind) -> Self {
        Self { kind, uri: None, date: None, headers: Vec::new(), block: Vec::new(), truncated: false }
    }

    /// A record with this head, and an empty block.
    fn of(headers: Vec<(String, String)>) -> Self {
        let mut record = Self { headers, ..Self::empty(RecordKind::Other) };
        record.kind = record.field("warc-type").map_or(RecordKind::Other, RecordKind::parse);
        record.uri = record.field("warc-target-uri").map(bare_uri).filter(|uri| !uri.is_empty());
        record.date = record.field("warc-date").and_then(date);
        record.truncated = record.field("warc-truncated").is_some();
        record
    }

    /// The first field of this name (in lower case).
    pub fn field(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// `Content-Type` of the block.
    pub fn content_type(&self) -> Option<&str> {
        self.field("content-type")
    }

    /// Whether the block and the payload have the digests that the record claims; `None` where it
    /// claims none that is known here (SHA-1).
    pub fn digests_hold(&self) -> Option<bool> {
        let is_http = self.content_type().is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/http"));
        let payload = if is_http { http::split_head(&self.block).1 } else { &self.block };
        let of_block = self.field("warc-block-digest").and_then(|claimed| digest::matches(claimed, &self.block));
        let of_payload = match self.kind {
            // A revisit names the digest of a payload that lies elsewhere.
            RecordKind::Revisit => None,
            _ => self.field("warc-payload-digest").and_then(|claimed| digest::matches(claimed, payload)),
        };
        match (of_block, of_payload) {
            (None, None) => None,
            (block, payload) => Some(block.unwrap_or(true) && payload.unwrap_or(true)),
        }
    }
}

/// Opens a WARC file.
///
/// # Errors
/// Where it cannot be opened. Whether it is a WARC file shows in its records.
pub fn open_warc(path: &Path) -> io::Result<Records> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    read_warc(file)
}

/// Reads WARC records from `source`, gzipped or not. Those of an ARC file come as WARC would have them.
///
/// # Errors
/// Where not even the first byte can be read.
pub fn read_warc(source: impl Read + Send + 'static) -> io::Result<Records> {
    let mut source = BufReader::with_capacity(1 << 16, source);
    let is_gzip = source.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let stream: Box<dyn BufRead + Send> =
        if is_gzip { Box::new(BufReader::new(MultiGzDecoder::new(source))) } else { Box::new(source) };
    Ok(Records::new(stream))
}

/// The records of a WARC file, in order. After a fault that cannot be passed over there are no more.
pub struct Records {
    stream: Box<dyn BufRead + Send>,
    /// The last line read, without its end.
    line: Vec<u8>,
    number: u64,
    state: State,
    /// The file is an ARC file.
    is_arc: bool,
    max_block: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// A record is to begin.
    Before,
    /// Its first line has been read.
    Begun,
    /// There is no more.
    Ended,
}

impl Records {
    fn new(stream: Box<dyn BufRead + Send>) -> Self {
        Self { stream, line: Vec::new(), number: 0, state: State::Before, is_arc: false, max_block: MAX_BLOCK }
    }

    /// The same records, keeping up to `bytes` of each one's block.
    #[must_use]
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.max_block = bytes;
        self
    }

    /// The record in the gzip member that begins here; `None` at the end. The member is read to its
    /// end, so that its checksum is checked.
    pub(crate) fn one_member(source: impl BufRead + Send + 'static) -> Result<Option<Record>, WarcFault> {
        let mut records = Self::new(Box::new(BufReader::new(GzDecoder::new(source))));
        let record = records.next().transpose()?;
        io::copy(&mut records.stream, &mut io::sink()).map_err(|error| records.fault(error.to_string()))?;
        Ok(record)
    }

    /// The record that `bytes` begin with, which may end within its block.
    pub(crate) fn beginning(bytes: Vec<u8>) -> Option<Record> {
        let mut records = Self::new(Box::new(io::Cursor::new(bytes)));
        if !records.find_record().ok()? {
            return None;
        }
        let mut record = Record::of(records.read_head().ok()?);
        records.stream.read_to_end(&mut record.block).ok()?;
        Some(record)
    }

    fn fault(&self, why: impl Into<String>) -> WarcFault {
        WarcFault { record: self.number, why: why.into() }
    }

    /// Reads the next line into `self.line`, without its end; `false` at the end of the stream. A
    /// line over the limit comes in pieces.
    fn read_line(&mut self) -> io::Result<bool> {
        self.line.clear();
        let read = (&mut self.stream).take(MAX_LINE).read_until(b'\n', &mut self.line)?;
        while let Some(b'\n' | b'\r') = self.line.last() {
            self.line.pop();
        }
        Ok(read > 0)
    }

    /// Finds the first line of the next record. Anything but empty lines before it is a fault, told
    /// once.
    fn find_record(&mut self) -> Result<bool, WarcFault> {
        let mut odd: Option<String> = None;
        loop {
            let is_line = self.read_line().map_err(|error| {
                self.state = State::Ended;
                self.fault(error.to_string())
            })?;
            if !is_line {
                self.state = State::Ended;
                return odd.map_or(Ok(false), |line| Err(self.fault(line)));
            }
            self.is_arc |= self.number == 1 && arc::is_beginning(&self.line);
            if if self.is_arc { arc::head(&self.line).is_some() } else { is_version(&self.line) } {
                self.state = State::Begun;
                return odd.map_or(Ok(true), |line| Err(self.fault(line)));
            }
            if odd.is_none() && !self.line.iter().all(u8::is_ascii_whitespace) {
                odd = Some(not_a_record(&self.line));
            }
        }
    }

    fn read_record(&mut self) -> Result<Option<Record>, WarcFault> {
        if self.state == State::Before {
            self.number += 1;
            if !self.find_record()? {
                return Ok(None);
            }
        }
        self.state = State::Before;
        let headers = match arc::head(&self.line).filter(|_| self.is_arc) {
            Some(headers) => headers,
            None => self.read_head()?,
        };
        let mut record = Record::of(headers);
        let length = record.field("content-length").and_then(|length| length.trim().parse::<u64>().ok());
        let length = length.ok_or_else(|| self.fault("it does not say how long it is (content-length)"))?;
        self.read_block(&mut record, length)?;
        if self.is_arc {
            as_response(&mut record);
        }
        Ok(Some(record))
    }

    fn read_head(&mut self) -> Result<Vec<(String, String)>, WarcFault> {
        let mut lines: Vec<Vec<u8>> = Vec::new();
        loop {
            let is_line = self.read_line().map_err(|error| {
                self.state = State::Ended;
                self.fault(error.to_string())
            })?;
            if !is_line {
                self.state = State::Ended;
                return Err(self.fault("the file ends in its head"));
            }
            if self.line.is_empty() {
                return Ok(http::fields(lines.iter().map(Vec::as_slice)));
            }
            if lines.len() == MAX_FIELDS {
                return Err(self.fault("its head is too long"));
            }
            lines.push(self.line.clone());
        }
    }

    fn read_block(&mut self, record: &mut Record, length: u64) -> Result<(), WarcFault> {
        if length > MAX_PASSED_OVER {
            self.state = State::Ended;
            return Err(self.fault(format!("it claims to be {length} bytes long")));
        }
        let kept = length.min(self.max_block);
        let mut result = (&mut self.stream).take(kept).read_to_end(&mut record.block).map(|read| read as u64);
        if kept < length && result.as_ref().is_ok_and(|read| *read == kept) {
            record.truncated = true;
            let passed = io::copy(&mut (&mut self.stream).take(length - kept), &mut io::sink());
            result = passed.map(|passed| kept + passed);
        }
        match result {
            Ok(read) if read == length => Ok(()),
            // The lengths that ARC files tell are off by some bytes at times.
            Ok(read) if self.is_arc && read > 0 => {
                self.state = State::Ended;
                record.truncated = true;
                Ok(())
            }
            Ok(read) => {
                self.state = State::Ended;
                Err(self.fault(format!("the file ends after {read} of its {length} bytes")))
            }
            Err(error) => {
                self.state = State::Ended;
                Err(self.fault(error.to_string()))
            }
        }
    }
}

impl Iterator for Records {
    type Item = Result<Record, WarcFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Ended {
            return None;
        }
        self.read_record().transpose()
    }
}

/// Whether `line` begins a record: `WARC/1.1`, `WARC/0.18`.
fn is_version(line: &[u8]) -> bool {
    line.strip_prefix(b"WARC/").is_some_and(|version| {
        let version = version.trim_ascii();
        !version.is_empty() && version.len() <= 5 && version.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
    })
}

/// Records of ARC files hold answers with their heads, but for names that were looked up.
fn as_response(record: &mut Record) {
    let is_http = record.block.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"http/"));
    if record.kind == RecordKind::Resource && is_http {
        record.kind = RecordKind::Response;
        for (name, value) in &mut record.headers {
            match name.as_str() {
                "warc-type" => "response".clone_into(value),
                "content-type" => "application/http; msgtype=response".clone_into(value),
                _ => {}
            }
        }
    }
}

fn not_a_record(line: &[u8]) -> String {
    let shown: String = String::from_utf8_lossy(line).chars().filter(|c| !c.is_control()).take(40).collect();
    format!("'{shown}' stands where a WARC record should begin")
}

/// A URI without the brackets that wget writes around it.
fn bare_uri(text: &str) -> String {
    let text = text.trim();
    text.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')).unwrap_or(text).trim().to_owned()
}

/// A date as RFC 3339, without a zone (taken as UTC), a day alone, or the fourteen digits of ARC.
fn date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let civil = if text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        DateTime::strptime("%Y%m%d%H%M%S", text).ok()
    } else {
        text.parse::<DateTime>()
            .ok()
            .or_else(|| Some(text.parse::<Date>().ok()?.to_datetime(jiff::civil::time(0, 0, 0, 0))))
    };
    Offset::UTC.to_timestamp(civil?).ok()
}

#[cfg(test)]
mod tests;
