//! The archive of one process: exchanges go in at the end of its own file, captures come out of any.
//!
//! Each record is a gzip member of its own, so that a capture is read by one seek. A write is one
//! system call at the end of the file; one that fails is undone. [`Archive::sync`] is what makes
//! writes survive a lost power supply, and belongs before the record is told of their captures.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use courant_model::Capture;
use jiff::Timestamp;

use crate::current::{Current, storage};
use crate::digest::Bare;
use crate::error::ArchiveError;
use crate::exchange::{Exchange, WarcInfo};
use crate::http::http_response;
use crate::index::Entry;
use crate::reader::{Record, RecordKind};
use crate::records::{self, Answer};
use crate::remembered::{Place, Remembered};
use crate::{digest, heal, index, lookup, seek};

/// A file that has grown to so many bytes is closed, and the next one begun.
const ROTATE_AT: u64 = 1_000_000_000;

/// A payload smaller than this is written again: a record that refers to it would be no smaller.
const WORTH_REFERRING: usize = 1_000;

/// What a capture decodes to at most, in bytes.
const MAX_DECODED: usize = 64_000_000;

/// An archive, and the one file in it that this process writes.
pub struct Archive {
    folder: PathBuf,
    writer: String,
    info: WarcInfo,
    rotate_at: u64,
    serial: u32,
    current: Option<Current>,
    /// `None` until the first write.
    remembered: Option<Remembered>,
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
            remembered: None,
        })
    }

    /// The same archive, with files of about `bytes` each.
    #[must_use]
    pub fn rotate_at(mut self, bytes: u64) -> Self {
        self.rotate_at = bytes;
        self
    }

    /// Keeps an exchange: a `response` record (a `revisit` for a 304, and for a payload that the
    /// archive holds already) and, where they are known, a `request` and a `metadata` record. The
    /// capture is durable after [`Self::sync`].
    ///
    /// # Errors
    /// [`ArchiveError::Storage`] where the disk does not take it; nothing of it is kept then.
    pub fn write(&mut self, exchange: &Exchange<'_>) -> Result<Capture, ArchiveError> {
        self.begin_file_if_due(exchange.at)?;
        let bare = digest::of(&[exchange.body]);
        let digest = digest::spelled(&bare);
        let answer = self.answer(exchange, &bare);
        let record = records::new_id();
        let mut bytes = Vec::new();
        let mut length = 0;
        let packed = records::answer(&mut bytes, exchange, &record, self.warcinfo(), &digest, &answer).and_then(|()| {
            length = bytes.len() as u64;
            records::request(&mut bytes, exchange, &record, self.warcinfo())?;
            records::told(&mut bytes, exchange, &record)
        });
        let (file, offset) = self.append(packed.map(|()| bytes))?;
        self.index(exchange, &answer, &digest, length, &file, offset);
        self.remember(exchange, &answer, bare, record, &file, offset);
        Ok(Capture { file, offset, digest, at: exchange.at })
    }

    /// Keeps that an exchange took place, but for its body, which the publisher asks not to keep:
    /// a `metadata` record with the head of the answer and the `reason` (the statement as found).
    ///
    /// # Errors
    /// As for [`Self::write`].
    pub fn write_withheld(&mut self, exchange: &Exchange<'_>, reason: &str) -> Result<(), ArchiveError> {
        self.begin_file_if_due(exchange.at)?;
        let record = records::new_id();
        let mut bytes = Vec::new();
        let packed = records::withheld(&mut bytes, exchange, &record, self.warcinfo(), reason)
            .and_then(|()| records::request(&mut bytes, exchange, &record, self.warcinfo()));
        self.append(packed.map(|()| bytes))?;
        Ok(())
    }

    /// Makes all writes so far survive a lost power supply.
    ///
    /// # Errors
    /// [`ArchiveError::Storage`]: what was written since the last sync may be lost.
    pub fn sync(&mut self) -> Result<(), ArchiveError> {
        let Some(current) = &mut self.current else { return Ok(()) };
        current.sync()
    }

    /// The captures of an address that any file of the folder holds, oldest first: of files that are
    /// being written, what was written before their last [`Self::sync`].
    ///
    /// # Errors
    /// [`ArchiveError::Unusable`] where an index cannot be read.
    pub fn lookup(&self, url: &str) -> Result<Vec<Entry>, ArchiveError> {
        lookup::captures_of(&self.folder, url).map_err(|error| ArchiveError::Unusable {
            place: self.folder.display().to_string(),
            why: error.to_string(),
        })
    }

    /// How the answer is to be kept.
    fn answer(&mut self, exchange: &Exchange<'_>, digest: &Bare) -> Answer {
        let Some(remembered) = &self.remembered else { return Answer::Whole };
        if exchange.status() == 304 {
            let about = remembered.answer(exchange.url).cloned();
            Answer::NotModified(about.and_then(|place| self.confirmed(place)))
        } else if exchange.body.len() < WORTH_REFERRING {
            Answer::Whole
        } else {
            let same = remembered.payload(digest).cloned();
            same.and_then(|place| self.confirmed(place)).map_or(Answer::Whole, Answer::SamePayload)
        }
    }

    /// The place with the record's name and exact time. What is known from an index alone is looked at
    /// first: its file may be gone, or rotten.
    fn confirmed(&mut self, place: Place) -> Option<Place> {
        if place.record.is_some() {
            return Some(place);
        }
        let confirmed = self.record_at(&place.file, place.offset).ok().and_then(|record| {
            let holds = record.kind == RecordKind::Response
                && http_response(&record).is_some_and(|response| digest::of(&[&response.raw]) == place.digest);
            let (id, at) = (record.field("warc-record-id")?.into(), record.date?);
            holds.then(|| Place { record: Some(id), at, ..place.clone() })
        });
        let remembered = self.remembered.as_mut()?;
        match &confirmed {
            Some(place) => remembered.confirm(place),
            None => remembered.forget(&place.digest),
        }
        confirmed
    }

    fn remember(
        &mut self,
        exchange: &Exchange<'_>,
        answer: &Answer,
        digest: Bare,
        id: String,
        file: &str,
        offset: u64,
    ) {
        let Some(remembered) = &mut self.remembered else { return };
        let is_success = (200..300).contains(&exchange.status());
        match answer {
            Answer::NotModified(_) => {}
            Answer::SamePayload(_) if is_success => remembered.answered(exchange.url, &digest),
            Answer::SamePayload(_) => {}
            Answer::Whole => {
                let file: Arc<str> = remembered.name(file);
                let place =
                    Place { digest, url: exchange.url.into(), at: exchange.at, record: Some(id.into()), file, offset };
                remembered.keep(place, is_success);
            }
        }
    }

    /// Notes a capture in the file's index. It is derived: what does not come about here is made up
    /// for when the file is healed.
    fn index(&mut self, exchange: &Exchange<'_>, answer: &Answer, digest: &str, length: u64, file: &str, offset: u64) {
        let content_type = exchange.response_headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let mime = match answer {
            Answer::Whole => content_type.map_or_else(|| "unk".to_owned(), |(_, value)| index::media_type(value)),
            Answer::SamePayload(_) | Answer::NotModified(_) => index::REVISIT.to_owned(),
        };
        let entry = Entry {
            url: exchange.url.to_owned(),
            at: exchange.at,
            status: exchange.status(),
            mime,
            digest: (!matches!(answer, Answer::NotModified(_))).then(|| digest.to_owned()),
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
        if let Some((file, offset)) = seek::referred(&record) {
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
        seek::record_at(&self.folder, file, offset)
    }

    fn warcinfo(&self) -> Option<&str> {
        self.current.as_ref().map(|current| current.warcinfo.as_str())
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
                let error = storage(&current.path, &error);
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
        if self.remembered.is_none() {
            self.remembered = Some(Remembered::of(&self.folder));
        }
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
                Err(error) => return Err(storage(&self.folder.join(&name), &error)),
            }
        }
    }

    fn close(&mut self) -> Result<(), ArchiveError> {
        let Some(current) = self.current.take() else { return Ok(()) };
        current.close()
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        // A file that cannot be closed keeps its mark, and the next start heals it.
        let _ = self.close();
    }
}

/// What of `text` may stand in a file's name.
fn file_name_part(text: &str) -> String {
    let kept: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || "._".contains(c) { c } else { '-' }).take(64).collect();
    if kept.is_empty() { "courant".to_owned() } else { kept }
}

#[cfg(test)]
mod tests;
