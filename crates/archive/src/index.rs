//! An index beside each file, for replay tools and for whoever looks an address up: one line a
//! capture in the CDXJ form (`SURT timestamp JSON`) that pywb and its kin read.
//!
//! Lines are added as captures are written, reach the disk with the file's syncs, and are sorted when
//! the file is closed. The index is derived: what is missing or torn is made again from the file.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::Crc;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::http::http_response;
use crate::member;
use crate::reader::{Record, RecordKind, Records};
use crate::surt::surt;

/// The media type of a record that refers to another one's payload, as replay tools know it.
pub(crate) const REVISIT: &str = "warc/revisit";

/// A capture as the index names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What was asked for.
    pub url: String,
    /// When, to the second.
    pub at: Timestamp,
    /// The status that was answered.
    pub status: u16,
    /// The media type that was answered; `warc/revisit` for a record that refers to another one's
    /// payload.
    pub mime: String,
    /// Of the payload, `sha1:` and base32; `None` for a 304.
    pub digest: Option<String>,
    /// Bytes of the record in its file, packed.
    pub length: u64,
    /// Where it begins.
    pub offset: u64,
    /// The file, without its folder.
    pub file: String,
}

impl Entry {
    fn line(&self) -> String {
        let mut told = json!({
            "url": self.url,
            "mime": self.mime,
            "status": self.status.to_string(),
            "length": self.length.to_string(),
            "offset": self.offset.to_string(),
            "filename": self.file,
        });
        if let (Some(told), Some(digest)) = (told.as_object_mut(), &self.digest) {
            told.insert("digest".to_owned(), Value::from(digest.clone()));
        }
        format!("{} {} {told}\n", surt(&self.url), self.at.strftime(STAMP))
    }

    /// Reads a line; `None` for one that is none.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let (_, rest) = line.split_once(' ')?;
        let (stamp, told) = rest.split_once(' ')?;
        let told: Value = serde_json::from_str(told).ok()?;
        let text = |key: &str| told.get(key).and_then(Value::as_str);
        let at = TimeZone::UTC.to_timestamp(DateTime::strptime(STAMP, stamp).ok()?).ok()?;
        Some(Self {
            url: text("url")?.to_owned(),
            at,
            status: text("status")?.parse().ok()?,
            mime: text("mime").unwrap_or("unk").to_owned(),
            digest: text("digest").map(str::to_owned),
            length: text("length")?.parse().ok()?,
            offset: text("offset")?.parse().ok()?,
            file: text("filename")?.to_owned(),
        })
    }

    /// The entry of a record at `offset` of `file`; `None` for one that is no capture.
    fn of(record: &Record, file: &str, offset: u64, length: u64) -> Option<Self> {
        let response = http_response(record)?;
        let mime = match record.kind {
            RecordKind::Revisit => REVISIT.to_owned(),
            _ => response.header("content-type").map_or_else(|| "unk".to_owned(), media_type),
        };
        Some(Self {
            url: record.uri.clone()?,
            at: record.date?,
            status: response.status,
            mime,
            digest: record.field("warc-payload-digest").map(str::to_owned),
            length,
            offset,
            file: file.to_owned(),
        })
    }
}

/// Fourteen digits, UTC.
const STAMP: &str = "%Y%m%d%H%M%S";

/// `text/html` of `text/html; charset=utf-8`.
pub(crate) fn media_type(content_type: &str) -> String {
    let mime = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if mime.is_empty() || mime.contains(char::is_whitespace) { "unk".to_owned() } else { mime }
}

/// The index of an archive file.
pub(crate) fn index_of(file: &Path) -> PathBuf {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    file.with_file_name(format!("{}.cdxj", name.trim_end_matches(".warc.gz")))
}

/// How much of an index surely goes with the file, and the checksum by which that much is known
/// again: the index itself is not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Written {
    pub(crate) bytes: u64,
    pub(crate) crc: u32,
}

/// The index of the file that is being written.
pub(crate) struct Open {
    path: PathBuf,
    file: File,
    waiting: String,
    bytes: u64,
    crc: Crc,
    /// A write failed half way, and what it left must go before the next.
    is_torn: bool,
}

impl Open {
    pub(crate) fn begin(file: &Path) -> io::Result<Self> {
        let path = index_of(file);
        let file = File::options().append(true).create(true).open(&path)?;
        Ok(Self { file, path, waiting: String::new(), bytes: 0, crc: Crc::new(), is_torn: true })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn add(&mut self, entry: &Entry) {
        self.waiting.push_str(&entry.line());
    }

    /// Writes what waits; where that fails it waits on.
    pub(crate) fn flush(&mut self) -> io::Result<Written> {
        if self.is_torn {
            self.file.set_len(self.bytes)?;
        }
        self.is_torn = true;
        self.file.write_all(self.waiting.as_bytes())?;
        self.is_torn = false;
        self.bytes += self.waiting.len() as u64;
        self.crc.update(self.waiting.as_bytes());
        self.waiting.clear();
        Ok(Written { bytes: self.bytes, crc: self.crc.sum() })
    }

    /// Writes what waits, and sorts the lines.
    pub(crate) fn close(mut self) -> io::Result<()> {
        self.flush()?;
        put_sorted(&self.path, &fs::read_to_string(&self.path)?)
    }
}

/// Puts the lines of `text` in order at `path`, at once: whoever reads finds the old or the new.
fn put_sorted(path: &Path, text: &str) -> io::Result<()> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    let mut sorted = lines.join("\n");
    if !sorted.is_empty() {
        sorted.push('\n');
    }
    let beside = path.with_extension("cdxj.new");
    let mut file = File::create(&beside)?;
    file.write_all(sorted.as_bytes())?;
    file.sync_data()?;
    fs::rename(beside, path)
}

/// Makes the index of `path` whole. `from` is a byte of the file at which a record begins, and up to
/// which it is known to be sound; `known` is what the index holds of it so far, and where it is not as
/// it was, those records are read again. Returns where the whole records end that begin at `from`.
pub(crate) fn rebuild(path: &Path, mut file: &File, from: u64, known: Written) -> io::Result<u64> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut lines = String::new();
    let line = |offset, length, unpacked| {
        let entry = Records::beginning(unpacked).and_then(|record| Entry::of(&record, &name, offset, length));
        entry.map_or_else(String::new, |entry| entry.line())
    };
    match read_known(&index_of(path), known) {
        Some(known) => lines = known,
        None => {
            file.seek(SeekFrom::Start(0))?;
            let before = BufReader::new(file.take(from));
            member::each_whole(before, |offset, length, unpacked| lines += &line(offset, length, unpacked))?;
        }
    }
    file.seek(SeekFrom::Start(from))?;
    let whole = member::each_whole(BufReader::new(file), |offset, length, unpacked| {
        lines += &line(from + offset, length, unpacked);
    })?;
    put_sorted(&index_of(path), &lines)?;
    Ok(from + whole)
}

/// The part of an index that is `known`; `None` where it is not as it was written.
fn read_known(index: &Path, known: Written) -> Option<String> {
    let mut text = String::new();
    File::open(index).ok()?.take(known.bytes).read_to_string(&mut text).ok()?;
    let mut crc = Crc::new();
    crc.update(text.as_bytes());
    (text.len() as u64 == known.bytes && crc.sum() == known.crc).then_some(text)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn entry(number: usize) -> Entry {
        Entry {
            url: format!("https://press.example/{number}?q=\"{number}\""),
            at: "2026-11-20T12:00:00Z".parse().unwrap(),
            status: 200,
            mime: "text/html".to_owned(),
            digest: Some("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ".to_owned()),
            length: 77,
            offset: number as u64,
            file: "a.warc.gz".to_owned(),
        }
    }

    #[test]
    fn a_line_says_what_was_kept() {
        let entry = entry(7);
        assert_eq!(Entry::read(entry.line().trim_end()), Some(entry));
        for broken in ["", "a b", "a 20261120120000 {", "a 2026 {}", "a 20261120120000 {\"url\": 1}"] {
            assert_eq!(Entry::read(broken), None, "{broken}");
        }
    }

    #[test]
    fn what_is_known_of_an_index_is_known_again() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("a.warc.gz");
        let mut open = Open::begin(&file).unwrap();
        open.add(&entry(1));
        let written = open.flush().unwrap();
        open.add(&entry(2));
        open.flush().unwrap();
        let index = index_of(&file);
        assert_eq!(read_known(&index, written), Some(entry(1).line()), "what came later is not told of");
        assert_eq!(read_known(&index, Written { crc: written.crc ^ 1, ..written }), None);
        File::options().write(true).open(&index).unwrap().set_len(written.bytes - 1).unwrap();
        assert_eq!(read_known(&index, written), None);
        assert_eq!(read_known(&folder.path().join("none"), written), None);
    }

    #[test]
    fn lines_that_could_not_be_written_wait() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("a.warc.gz");
        let mut open = Open::begin(&file).unwrap();
        open.add(&entry(1));
        open.flush().unwrap();
        open.add(&entry(2));
        let good = std::mem::replace(&mut open.file, File::open(index_of(&file)).unwrap());
        open.flush().unwrap_err();
        open.file = good;
        open.file.write_all(b"half a li").unwrap();
        open.flush().unwrap();
        assert_eq!(fs::read_to_string(index_of(&file)).unwrap(), entry(1).line() + &entry(2).line());
    }
}
