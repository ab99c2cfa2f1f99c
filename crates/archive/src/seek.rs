//! Records found by the place that a capture, an index or another record names.

use std::fs::File;
use std::io::{self, BufReader, Seek, SeekFrom};
use std::path::Path;

use crate::digest;
use crate::error::ArchiveError;
use crate::http::{HttpResponse, http_response};
use crate::reader::{Record, RecordKind, Records};

/// The answer that a `revisit` of ours stands for: its own head, and the payload out of the file of
/// `folder` that it names. `None` for other records, and where that payload is not there any more.
pub fn revisited(folder: &Path, record: &Record) -> Option<HttpResponse> {
    let (file, offset) = referred(record)?;
    let mut response = http_response(record)?;
    response.raw = http_response(&record_at(folder, file, offset).ok()?)?.raw;
    let digest = record.field("warc-payload-digest")?;
    (digest::matches(digest, &response.raw) == Some(true)).then_some(response)
}

/// The file and the byte at which the payload of a `revisit` lies. Files of other tools do not say.
pub(crate) fn referred(record: &Record) -> Option<(&str, u64)> {
    let is_revisit = record.kind == RecordKind::Revisit;
    let file = record.field("warc-refers-to-filename").filter(|_| is_revisit)?;
    Some((file, record.field("warc-refers-to-file-offset")?.parse().ok()?))
}

/// The record that begins at a byte of a file.
pub(crate) fn record_at(folder: &Path, file: &str, offset: u64) -> Result<Record, ArchiveError> {
    let corrupt = |why: String| ArchiveError::Corrupt { file: file.to_owned(), offset, why };
    // The name comes from the record or from a WARC: it must not lead out of the folder.
    if Path::new(file).file_name().is_none_or(|name| name != file) {
        return Err(ArchiveError::Missing { file: file.to_owned() });
    }
    let mut opened = match File::open(folder.join(file)) {
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
