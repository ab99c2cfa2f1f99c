//! The archive of one process: exchanges go in at the end of its own file, captures come out of any.
//!
//! Each record is a gzip member of its own, so that a capture is read by one seek. A write is one
//! system call at the end of the file; one that fails is undone. [`Archive::sync`] is what makes
//! writes survive a lost power supply, and belongs before the record is told of their captures.

use std::collections::{HashMap, VecDeque};
use std::fs::{self, File};
use std::io::{self, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use courant_model::Capture;
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::ArchiveError;
use crate::exchange::{Exchange, WarcInfo};
use crate::http::http_response;
use crate::index::Entry;
use crate::reader::{Record, RecordKind, Records};
use crate::{digest, heal, index, member};

/// A file that has grown to so many bytes is closed, and the next one begun.
const ROTATE_AT: u64 = 1_000_000_000;

/// Payloads that are remembered, so that the same bytes are not written twice by one process.
const REMEMBERED: usize = 50_000;

/// A payload smaller than this is written again: a record that refers to it would be no smaller.
const WORTH_REFERRING: usize = 1_000;

/// What a capture decodes to at most, in bytes.
const MAX_DECODED: usize = 64_000_000;

const SAME_PAYLOAD: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
const NOT_MODIFIED: &str = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

/// An archive, and the one file in it that this process writes.
pub struct Archive {
    folder: PathBuf,
    writer: String,
    info: WarcInfo,
    rotate_at: u64,
    serial: u32,
    current: Option<Current>,
    payloads: Payloads,
}

/// The file being written.
struct Current {
    name: String,
    path: PathBuf,
    file: File,
    length: u64,
    warcinfo: String,
    index: index::Open,
}

/// Where payloads of this process lie, the latest [`REMEMBERED`] of them.
#[derive(Default)]
struct Payloads {
    by_digest: HashMap<String, Payload>,
    order: VecDeque<String>,
}

#[derive(Clone)]
struct Payload {
    record: String,
    url: String,
    at: Timestamp,
    file: String,
    offset: u64,
}

/// A capture read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What was asked for.
    pub url: String,
    /// The status of the answer.
    pub status: u16,
    /// Its header fields in the order received, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as transferred: chunks joined, content codings still on.
    pub raw: Vec<u8>,
    /// The body without content codings, cut at 64 MB.
    pub body: Vec<u8>,
    /// The body is the beginning of a longer one.
    pub truncated: bool,
}

impl Archive {
    /// Opens the archive in `folder`, making it where it is missing, and heals files that dead
    /// processes left behind. `writer` becomes a part of this process's file names. No file is
    /// begun before the first write.
    ///
    /// # Errors
    /// [`ArchiveError::Unusable`] where the folder cannot be made, read or written.
    pub fn open(folder: &Path, writer: &str, info: WarcInfo) -> Result<Self, ArchiveError> {
        let unusable =
            |error: io::Error| ArchiveError::Unusable { place: folder.display().to_string(), why: error.to_string() };
        fs::create_dir_all(folder).map_err(unusable)?;
        heal::heal(folder).map_err(unusable)?;
        let writer = file_name_part(writer);
        let probe = folder.join(format!("probe-{writer}"));
        fs::write(&probe, "").and_then(|()| fs::remove_file(&probe)).map_err(unusable)?;
        Ok(Self {
            folder: folder.to_owned(),
            writer,
            info,
            rotate_at: ROTATE_AT,
            serial: 0,
            current: None,
            payloads: Payloads::default(),
        })
    }

    /// The same archive, with files of about `bytes` each.
    #[must_use]
    pub fn rotate_at(mut self, bytes: u64) -> Self {
        self.rotate_at = bytes;
        self
    }

    /// Keeps an exchange: a `response` record (a `revisit` for a 304, and for a payload that this
    /// process has kept already) and, where they are known, a `request` and a `metadata` record. The
    /// capture is durable after [`Self::sync`].
    ///
    /// # Errors
    /// [`ArchiveError::Storage`] where the disk does not take it; nothing of it is kept then.
    pub fn write(&mut self, exchange: &Exchange<'_>) -> Result<Capture, ArchiveError> {
        self.begin_file_if_due(exchange.at)?;
        let digest = digest::of(exchange.body);
        let same = self.payloads.by_digest.get(&digest).filter(|_| exchange.body.len() >= WORTH_REFERRING).cloned();
        let head = exchange.response_head();
        let record = new_id();
        let is_revisit = exchange.status() == 304 || same.is_some();
        let mut fields = vec![("WARC-Type", if is_revisit { "revisit" } else { "response" }.to_owned())];
        self.common_fields(&mut fields, &record, exchange);
        fields.push(("Content-Type", "application/http; msgtype=response".to_owned()));
        if exchange.status() == 304 {
            fields.push(("WARC-Profile", NOT_MODIFIED.to_owned()));
            fields.push(("WARC-Refers-To-Target-URI", exchange.url.to_owned()));
        } else {
            fields.push(("WARC-Payload-Digest", digest.clone()));
        }
        if exchange.truncated {
            fields.push(("WARC-Truncated", "length".to_owned()));
        }
        if let Some(same) = &same {
            fields.push(("WARC-Profile", SAME_PAYLOAD.to_owned()));
            fields.push(("WARC-Refers-To", same.record.clone()));
            fields.push(("WARC-Refers-To-Target-URI", same.url.clone()));
            fields.push(("WARC-Refers-To-Date", same.at.to_string()));
            fields.push(("WARC-Refers-To-Filename", same.file.clone()));
            fields.push(("WARC-Refers-To-File-Offset", same.offset.to_string()));
        }
        let body: &[u8] = if is_revisit { &[] } else { exchange.body };
        let block = [head.as_slice(), body].concat();
        fields.push(("WARC-Block-Digest", digest::of(&block)));
        let mut bytes = Vec::new();
        let mut length = 0;
        let packed = member::append(&mut bytes, &fields, &[&block]).and_then(|()| {
            length = bytes.len() as u64;
            self.records_beside(&mut bytes, exchange, &record)
        });
        let (file, offset) = self.append(packed.map(|()| bytes))?;
        self.index(exchange, &digest, length, &file, offset);
        if !is_revisit && exchange.body.len() >= WORTH_REFERRING {
            let payload = Payload { record, url: exchange.url.to_owned(), at: exchange.at, file: file.clone(), offset };
            self.payloads.remember(digest.clone(), payload);
        }
        Ok(Capture { file, offset, digest, at: exchange.at })
    }

    /// Keeps that an exchange took place, but for its body, which the publisher asks not to keep:
    /// a `metadata` record with the head of the answer and the `reason` (the statement as found).
    ///
    /// # Errors
    /// As for [`Self::write`].
    pub fn write_withheld(&mut self, exchange: &Exchange<'_>, reason: &str) -> Result<(), ArchiveError> {
        self.begin_file_if_due(exchange.at)?;
        let mut block = format!("withheld: {}\r\n", reason.replace(['\r', '\n'], " "));
        block.push_str(&format!("payload-length: {}\r\n", exchange.body.len()));
        let head = exchange.response_head();
        for line in String::from_utf8_lossy(&head).lines().filter(|line| !line.is_empty()) {
            block.push_str(&format!("http-response: {line}\r\n"));
        }
        let mut fields = vec![("WARC-Type", "metadata".to_owned())];
        let record = new_id();
        self.common_fields(&mut fields, &record, exchange);
        fields.push(("Content-Type", "application/warc-fields".to_owned()));
        fields.push(("WARC-Block-Digest", digest::of(block.as_bytes())));
        let mut bytes = Vec::new();
        let packed = member::append(&mut bytes, &fields, &[block.as_bytes()])
            .and_then(|()| self.request_record(&mut bytes, exchange, &record));
        self.append(packed.map(|()| bytes))?;
        Ok(())
    }

    /// Makes all writes so far survive a lost power supply.
    ///
    /// # Errors
    /// [`ArchiveError::Storage`]: what was written since the last sync may be lost.
    pub fn sync(&mut self) -> Result<(), ArchiveError> {
        let Some(current) = &mut self.current else { return Ok(()) };
        current.sync().map_err(|error| storage(&current.name, &error))
    }

    /// The captures of an address that any file of the folder holds, oldest first.
    ///
    /// # Errors
    /// [`ArchiveError::Unusable`] where an index cannot be read.
    pub fn lookup(&self, url: &str) -> Result<Vec<Entry>, ArchiveError> {
        index::lookup(&self.folder, url).map_err(|error| ArchiveError::Unusable {
            place: self.folder.display().to_string(),
            why: error.to_string(),
        })
    }

    /// Notes a capture in the file's index. It is derived: what does not come about here is made up
    /// for when the file is healed.
    fn index(&mut self, exchange: &Exchange<'_>, digest: &str, length: u64, file: &str, offset: u64) {
        let mime = exchange.response_headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let status = exchange.status();
        let entry = Entry {
            url: exchange.url.to_owned(),
            at: exchange.at,
            status,
            mime: mime.map_or_else(|| "unk".to_owned(), |(_, value)| index::media_type(value)),
            digest: (status != 304).then(|| digest.to_owned()),
            length,
            offset,
            file: file.to_owned(),
        };
        if let Some(current) = &mut self.current {
            current.index.add(&entry);
        }
    }

    /// Reads a capture back, of whatever process's file.
    ///
    /// # Errors
    /// [`ArchiveError::Missing`] without its file, [`ArchiveError::Corrupt`] where its bytes are not
    /// those that were kept.
    pub fn read(&self, capture: &Capture) -> Result<Kept, ArchiveError> {
        let record = self.record_at(&capture.file, capture.offset)?;
        let corrupt = |why: &str| ArchiveError::Corrupt {
            file: capture.file.clone(),
            offset: capture.offset,
            why: why.to_owned(),
        };
        if !matches!(record.kind, RecordKind::Response | RecordKind::Revisit) {
            return Err(corrupt("it is a record of another kind"));
        }
        let mut response = http_response(&record).ok_or_else(|| corrupt("it holds no HTTP response"))?;
        if let (RecordKind::Revisit, Some(file), Some(offset)) =
            (record.kind, record.field("warc-refers-to-filename"), record.field("warc-refers-to-file-offset"))
        {
            let offset = offset.parse().map_err(|_| corrupt("it refers to nowhere"))?;
            let original = self.record_at(file, offset)?;
            response.raw = http_response(&original).ok_or_else(|| corrupt("it refers to no HTTP response"))?.raw;
        }
        if digest::matches(&capture.digest, &response.raw) == Some(false) {
            return Err(corrupt("its payload is not the one that was captured"));
        }
        let decoded = response.decoded(MAX_DECODED);
        Ok(Kept {
            url: record.uri.clone().unwrap_or_default(),
            status: response.status,
            truncated: record.truncated || decoded.truncated,
            body: decoded.body,
            raw: response.raw,
            headers: response.headers,
        })
    }

    fn record_at(&self, file: &str, offset: u64) -> Result<Record, ArchiveError> {
        let corrupt = |why: String| ArchiveError::Corrupt { file: file.to_owned(), offset, why };
        // The name comes from the record or from a WARC: it must not lead out of the folder.
        if Path::new(file).file_name().is_none_or(|name| name != file) {
            return Err(ArchiveError::Missing { file: file.to_owned() });
        }
        let mut opened = match File::open(self.folder.join(file)) {
            Ok(opened) => opened,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ArchiveError::Missing { file: file.to_owned() });
            }
            Err(error) => return Err(corrupt(error.to_string())),
        };
        opened.seek(SeekFrom::Start(offset)).map_err(|error| corrupt(error.to_string()))?;
        match Records::one_member(BufReader::new(opened)) {
            Ok(Some(record)) => Ok(record),
            Ok(None) => Err(corrupt("the file ends before it".to_owned())),
            Err(fault) => Err(corrupt(fault.why)),
        }
    }

    fn common_fields(&self, fields: &mut Vec<(&'static str, String)>, record: &str, exchange: &Exchange<'_>) {
        fields.push(("WARC-Record-ID", record.to_owned()));
        fields.push(("WARC-Date", exchange.at.to_string()));
        fields.push(("WARC-Target-URI", exchange.url.to_owned()));
        if let Some(asked) = &exchange.asked {
            fields.push(("WARC-IP-Address", asked.address.to_string()));
            fields.push(("WARC-Protocol", exchange.protocol().to_owned()));
        }
        if let Some(current) = &self.current {
            fields.push(("WARC-Warcinfo-ID", current.warcinfo.clone()));
        }
    }

    fn records_beside(&self, bytes: &mut Vec<u8>, exchange: &Exchange<'_>, concurrent_to: &str) -> io::Result<()> {
        self.request_record(bytes, exchange, concurrent_to)?;
        let Some(block) = exchange.metadata_block() else { return Ok(()) };
        let mut fields = vec![("WARC-Type", "metadata".to_owned())];
        fields.push(("WARC-Record-ID", new_id()));
        fields.push(("WARC-Date", exchange.at.to_string()));
        fields.push(("WARC-Target-URI", exchange.url.to_owned()));
        fields.push(("WARC-Concurrent-To", concurrent_to.to_owned()));
        fields.push(("Content-Type", "application/warc-fields".to_owned()));
        fields.push(("WARC-Block-Digest", digest::of(&block)));
        member::append(bytes, &fields, &[&block])
    }

    fn request_record(&self, bytes: &mut Vec<u8>, exchange: &Exchange<'_>, concurrent_to: &str) -> io::Result<()> {
        let Some(block) = exchange.request_block() else { return Ok(()) };
        let mut fields = vec![("WARC-Type", "request".to_owned())];
        self.common_fields(&mut fields, &new_id(), exchange);
        fields.push(("WARC-Concurrent-To", concurrent_to.to_owned()));
        fields.push(("Content-Type", "application/http; msgtype=request".to_owned()));
        fields.push(("WARC-Block-Digest", digest::of(&block)));
        member::append(bytes, &fields, &[&block])
    }

    /// Puts packed members at the end of the file; returns its name and where they begin.
    fn append(&mut self, packed: io::Result<Vec<u8>>) -> Result<(String, u64), ArchiveError> {
        let unopened = || ArchiveError::Unusable {
            place: self.folder.display().to_string(),
            why: "no file could be begun".to_owned(),
        };
        let current = self.current.as_mut().ok_or_else(unopened)?;
        let offset = current.length;
        let result = packed.and_then(|bytes| current.append(&bytes));
        match result {
            Ok(()) => Ok((current.name.clone(), offset)),
            Err(error) => {
                let error = storage(&current.name, &error);
                // What was written of it is cut off; where even that fails, the next write begins
                // another file, and the next start heals this one.
                if current.undo(offset).is_err() {
                    self.current = None;
                }
                Err(error)
            }
        }
    }

    fn begin_file_if_due(&mut self, at: Timestamp) -> Result<(), ArchiveError> {
        if self.current.as_ref().is_some_and(|current| current.length < self.rotate_at) {
            return Ok(());
        }
        self.close()?;
        let stamp = at.strftime("%Y%m%dT%H%M%SZ").to_string();
        loop {
            self.serial += 1;
            let name = format!("courant-{stamp}-{:05}-{}.warc.gz", self.serial, self.writer);
            match Current::begin(&self.folder, &name, &self.info, at) {
                Ok(current) => {
                    self.current = Some(current);
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(storage(&name, &error)),
            }
        }
    }

    fn close(&mut self) -> Result<(), ArchiveError> {
        let Some(mut current) = self.current.take() else { return Ok(()) };
        let name = current.name.clone();
        let closed = current.sync().and_then(|()| {
            let Current { index, path, .. } = current;
            // The mark goes last: an index without one is sorted.
            index.close()?;
            fs::remove_file(heal::mark_of(&path))
        });
        closed.map_err(|error| storage(&name, &error))
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        // A file that cannot be closed keeps its mark, and the next start heals it.
        let _ = self.close();
    }
}

impl Current {
    /// Begins the file with its `warcinfo` record. The mark comes first, so that a file without one
    /// is always whole.
    fn begin(folder: &Path, name: &str, info: &WarcInfo, at: Timestamp) -> io::Result<Self> {
        let _door = heal::door(folder)?;
        let path = folder.join(name);
        if path.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        heal::set_mark(&path, 0)?;
        let file = File::options().read(true).append(true).create_new(true).open(&path)?;
        file.lock()?;
        let warcinfo = new_id();
        let block = info.block();
        let fields = [
            ("WARC-Type", "warcinfo".to_owned()),
            ("WARC-Record-ID", warcinfo.clone()),
            ("WARC-Date", at.to_string()),
            ("WARC-Filename", name.to_owned()),
            ("Content-Type", "application/warc-fields".to_owned()),
            ("WARC-Block-Digest", digest::of(block.as_bytes())),
        ];
        let mut bytes = Vec::new();
        member::append(&mut bytes, &fields, &[block.as_bytes()])?;
        let index = index::Open::begin(&path)?;
        let mut current = Self { name: name.to_owned(), path, file, length: 0, warcinfo, index };
        current.append(&bytes)?;
        // The folder's entry for the new file is synced once, by its first sync.
        File::open(folder)?.sync_all()?;
        Ok(current)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn undo(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.length = length;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()?;
        self.index.flush()?;
        heal::set_mark(&self.path, self.length)
    }
}

impl Payloads {
    fn remember(&mut self, digest: String, payload: Payload) {
        if self.order.len() == REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_digest.remove(&oldest);
        }
        self.order.push_back(digest.clone());
        self.by_digest.insert(digest, payload);
    }
}

fn new_id() -> String {
    format!("<urn:uuid:{}>", Uuid::new_v4())
}

fn storage(file: &str, error: &io::Error) -> ArchiveError {
    ArchiveError::Storage { file: file.to_owned(), why: error.to_string() }
}

/// What of `text` may stand in a file's name.
fn file_name_part(text: &str) -> String {
    let kept: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || "._".contains(c) { c } else { '-' }).take(64).collect();
    if kept.is_empty() { "courant".to_owned() } else { kept }
}

#[cfg(test)]
mod tests;
