//! An index beside each file, for replay tools and for whoever looks an address up: one line a
//! capture in the CDXJ form (`SURT timestamp JSON`) that pywb and its kin read.
//!
//! Lines are added as captures are written, and sorted when the file is closed. The index is derived:
//! what is missing or torn is made again from the file.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use url::Url;

use crate::http::http_response;
use crate::member::Counted;
use crate::reader::{Record, RecordKind, read_warc};

/// A capture as the index names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What was asked for.
    pub url: String,
    /// When, to the second.
    pub at: Timestamp,
    /// The status that was answered.
    pub status: u16,
    /// The media type that was answered.
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

/// The index of an archive file.
pub(crate) fn index_of(file: &Path) -> PathBuf {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    file.with_file_name(format!("{}.cdxj", name.trim_end_matches(".warc.gz")))
}

/// The address as indexes sort it (SURT): the host from its end on, without `www.`, in lower case, the
/// query in order. `https://www.press.example/a?b=2&a=1` is `example,press)/a?a=1&b=2`.
pub(crate) fn surt(url: &str) -> String {
    let Ok(parsed) = Url::parse(url) else { return url.to_ascii_lowercase() };
    let Some(host) = parsed.host_str() else { return url.to_ascii_lowercase() };
    let host = host.trim_end_matches('.');
    let mut key = match parsed.host() {
        Some(url::Host::Domain(_)) => {
            let bare = host.strip_prefix("www.").unwrap_or(host);
            bare.rsplit('.').collect::<Vec<_>>().join(",")
        }
        _ => host.to_owned(),
    };
    if let Some(port) = parsed.port() {
        let _ = write!(key, ":{port}");
    }
    let path = parsed.path();
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    let _ = write!(key, "){}", if path.is_empty() { "/" } else { path });
    if let Some(query) = parsed.query().filter(|query| !query.is_empty()) {
        let mut parts: Vec<&str> = query.split('&').collect();
        parts.sort_unstable();
        let _ = write!(key, "?{}", parts.join("&"));
    }
    // A space would end the key.
    key.to_ascii_lowercase().replace(' ', "%20")
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
        format!("{} {} {told}\n", surt(&self.url), self.at.strftime("%Y%m%d%H%M%S"))
    }

    fn read(line: &str) -> Option<Self> {
        let (_, rest) = line.split_once(' ')?;
        let (stamp, told) = rest.split_once(' ')?;
        let told: Value = serde_json::from_str(told).ok()?;
        let text = |key: &str| told.get(key).and_then(Value::as_str);
        let at = TimeZone::UTC.to_timestamp(DateTime::strptime("%Y%m%d%H%M%S", stamp).ok()?).ok()?;
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
        let response =
            matches!(record.kind, RecordKind::Response | RecordKind::Revisit).then(|| http_response(record))??;
        let mime = response.headers.iter().find(|(name, _)| name == "content-type").map_or("unk", |(_, value)| value);
        Some(Self {
            url: record.uri.clone()?,
            at: record.date?,
            status: response.status,
            mime: media_type(mime),
            digest: record.field("warc-payload-digest").map(str::to_owned),
            length,
            offset,
            file: file.to_owned(),
        })
    }
}

/// `text/html` of `text/html; charset=utf-8`.
pub(crate) fn media_type(content_type: &str) -> String {
    let mime = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if mime.is_empty() || mime.contains(char::is_whitespace) { "unk".to_owned() } else { mime }
}

/// The index of the file that is being written.
pub(crate) struct Open {
    path: PathBuf,
    file: File,
    waiting: String,
}

impl Open {
    pub(crate) fn begin(file: &Path) -> io::Result<Self> {
        let path = index_of(file);
        Ok(Self { file: File::options().append(true).create(true).open(&path)?, path, waiting: String::new() })
    }

    pub(crate) fn add(&mut self, entry: &Entry) {
        self.waiting.push_str(&entry.line());
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(self.waiting.as_bytes())?;
        self.waiting.clear();
        Ok(())
    }

    /// Writes what waits, and sorts the lines.
    pub(crate) fn close(mut self) -> io::Result<()> {
        self.flush()?;
        sort(&self.path)
    }
}

fn sort(path: &Path) -> io::Result<()> {
    let text = fs::read_to_string(path)?;
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    let mut sorted = lines.join("\n");
    if !sorted.is_empty() {
        sorted.push('\n');
    }
    let beside = path.with_extension("cdxj.new");
    fs::write(&beside, sorted)?;
    fs::rename(beside, path)
}

/// Makes the index of a file again from its records, each a gzip member of its own.
pub(crate) fn rebuild(file: &Path) -> io::Result<()> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut lines = String::new();
    let mut members = Counted::new(BufReader::new(File::open(file)?));
    loop {
        let offset = members.taken();
        if members.fill_buf()?.is_empty() {
            break;
        }
        let mut bytes = Vec::new();
        GzDecoder::new(&mut members).take(MAX_MEMBER).read_to_end(&mut bytes)?;
        let length = members.taken() - offset;
        let record = read_warc(io::Cursor::new(bytes))?.next().and_then(Result::ok);
        if let Some(entry) = record.and_then(|record| Entry::of(&record, &name, offset, length)) {
            lines.push_str(&entry.line());
        }
    }
    let path = index_of(file);
    fs::write(&path, lines)?;
    sort(&path)
}

/// A member that unpacks to more than this was not written by us.
const MAX_MEMBER: u64 = 256_000_000;

/// The captures of `url` that the indexes of a folder name, oldest first. A line that cannot be read
/// names none.
pub(crate) fn lookup(folder: &Path, url: &str) -> io::Result<Vec<Entry>> {
    let key = format!("{} ", surt(url));
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "cdxj") {
            continue;
        }
        let archive = path.with_extension("warc.gz");
        let sorted = !crate::heal::mark_of(&archive).exists();
        let lines = if sorted { search(&path, &key)? } else { scan(&path, &key)? };
        found.extend(lines.iter().filter_map(|line| Entry::read(line)));
    }
    found.sort_by(|a, b| (a.at, &a.file, a.offset).cmp(&(b.at, &b.file, b.offset)));
    Ok(found)
}

fn scan(path: &Path, key: &str) -> io::Result<Vec<String>> {
    let mut lines = Vec::new();
    for line in BufReader::new(File::open(path)?).lines() {
        let line = line?;
        if line.starts_with(key) {
            lines.push(line);
        }
    }
    Ok(lines)
}

/// The lines that begin with `key` in a sorted file: by halving, then in a row.
fn search(path: &Path, key: &str) -> io::Result<Vec<String>> {
    let mut file = File::open(path)?;
    // The first of them begins at or after `low`, and before `high`.
    let (mut low, mut high) = (0, file.metadata()?.len());
    while high - low > 4096 {
        let middle = low + (high - low) / 2;
        let (start, line) = line_after(&mut file, middle)?;
        if start >= high || line.is_empty() || line.as_str() >= key {
            high = middle;
        } else {
            low = start;
        }
    }
    file.seek(SeekFrom::Start(low))?;
    let mut lines = Vec::new();
    for line in BufReader::new(file).lines() {
        let line = line?;
        if line.starts_with(key) {
            lines.push(line);
        } else if line.as_str() > key {
            break;
        }
    }
    Ok(lines)
}

/// The first line that begins after the byte at `from`, and where it begins.
fn line_after(file: &mut File, from: u64) -> io::Result<(u64, String)> {
    file.seek(SeekFrom::Start(from))?;
    let mut reader = BufReader::with_capacity(1024, &mut *file);
    let mut passed = Vec::new();
    reader.read_until(b'\n', &mut passed)?;
    let mut line = String::new();
    reader.by_ref().take(1_000_000).read_line(&mut line)?;
    Ok((from + passed.len() as u64, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_keyed_as_replay_tools_key_them() {
        for (url, key) in [
            ("https://www.press.example/", "example,press)/"),
            ("http://press.example", "example,press)/"),
            ("https://press.example:8080/A/b/?z=1&a=2#part", "example,press:8080)/a/b?a=2&z=1"),
            ("http://127.0.0.1:81/x", "127.0.0.1:81)/x"),
            ("not an address", "not an address"),
        ] {
            assert_eq!(surt(url), key, "{url}");
        }
    }

    fn entry(number: usize) -> Entry {
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
    fn a_sorted_file_is_searched_as_an_unsorted_one_is_read() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("a.warc.gz");
        let mut open = Open::begin(&file).unwrap();
        let mut entries: Vec<Entry> = (0..500).chain(100..110).map(entry).collect();
        entries.reverse();
        entries.iter().for_each(|entry| open.add(entry));
        open.close().unwrap();
        let path = index_of(&file);
        for number in 0..510 {
            let key = format!("{} ", surt(&entry(number).url));
            let found = search(&path, &key).unwrap();
            assert_eq!(found, scan(&path, &key).unwrap(), "{number}");
            assert_eq!(
                found.len(),
                if number >= 500 {
                    0
                } else if (100..110).contains(&number) {
                    2
                } else {
                    1
                }
            );
        }
        assert_eq!(lookup(folder.path(), &entry(105).url).unwrap().len(), 2);
        assert_eq!(lookup(folder.path(), "https://press.example/").unwrap(), []);
    }
}
