//! What the indexes of a folder know: the captures of one address, and the latest captures of all.
//!
//! The index of a closed file is sorted and searched by halving; that of a file being written (its
//! mark is there) is read through.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::heal::mark_of;
use crate::index::Entry;
use crate::surt::surt;

/// The longest line that is read.
const MAX_LINE: u64 = 1_000_000;

/// The captures of `url`, oldest first. A line that cannot be read names none.
pub(crate) fn captures_of(folder: &Path, url: &str) -> io::Result<Vec<Entry>> {
    let key = format!("{} ", surt(url));
    let mut found = Vec::new();
    for (path, _) in indexes(folder)? {
        let is_sorted = !mark_of(&path.with_extension("warc.gz")).exists();
        let lines = if is_sorted { search(&path, &key)? } else { scan(&path, &key)? };
        found.extend(lines.iter().filter_map(|line| Entry::read(line)));
    }
    found.sort_by(|a, b| (a.at, &a.file, a.offset).cmp(&(b.at, &b.file, b.offset)));
    Ok(found)
}

/// The latest captures that name a payload, up to `count`, oldest first. Reads the indexes that were
/// written last, no more than it takes.
pub(crate) fn latest(folder: &Path, count: usize) -> io::Result<Vec<Entry>> {
    let mut paths = indexes(folder)?;
    paths.sort_by_key(|(_, written)| Reverse(*written));
    // By stamp, so that most lines of a long index are told to be too old without being read.
    let mut lines: BinaryHeap<Reverse<(String, String)>> = BinaryHeap::new();
    for (path, _) in paths {
        if lines.len() >= count {
            break;
        }
        for line in BufReader::new(File::open(path)?).lines() {
            let line = line?;
            let Some(stamp) = line.split(' ').nth(1) else { continue };
            let is_late =
                lines.len() < count || lines.peek().is_some_and(|Reverse((oldest, _))| stamp > oldest.as_str());
            if is_late && line.contains("\"digest\":") {
                lines.push(Reverse((stamp.to_owned(), line)));
                if lines.len() > count {
                    lines.pop();
                }
            }
        }
    }
    let mut found: Vec<Entry> = lines.into_iter().filter_map(|Reverse((_, line))| Entry::read(&line)).collect();
    found.sort_by(|a, b| (a.at, &a.file, a.offset).cmp(&(b.at, &b.file, b.offset)));
    Ok(found)
}

/// The indexes of a folder, and when each was written last.
fn indexes(folder: &Path) -> io::Result<Vec<(PathBuf, SystemTime)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "cdxj") {
            found.push((path, entry.metadata()?.modified()?));
        }
    }
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
    reader.by_ref().take(MAX_LINE).read_line(&mut line)?;
    Ok((from + passed.len() as u64, line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::tests::entry;
    use crate::index::{Open, index_of};

    fn written(folder: &Path, name: &str, entries: &[Entry]) -> PathBuf {
        let file = folder.join(name);
        let mut open = Open::begin(&file).unwrap();
        entries.iter().for_each(|entry| open.add(entry));
        open.close().unwrap();
        index_of(&file)
    }

    #[test]
    fn a_sorted_file_is_searched_as_an_unsorted_one_is_read() {
        let folder = tempfile::TempDir::new().unwrap();
        let entries: Vec<Entry> = (0..500).chain(100..110).rev().map(entry).collect();
        let path = written(folder.path(), "a.warc.gz", &entries);
        for number in 0..510 {
            let key = format!("{} ", surt(&entry(number).url));
            let found = search(&path, &key).unwrap();
            assert_eq!(found, scan(&path, &key).unwrap(), "{number}");
            let expected = match number {
                500.. => 0,
                100..110 => 2,
                _ => 1,
            };
            assert_eq!(found.len(), expected);
        }
        assert_eq!(captures_of(folder.path(), &entry(105).url).unwrap().len(), 2);
        assert_eq!(captures_of(folder.path(), "https://press.example/").unwrap(), []);
    }

    #[test]
    fn the_latest_captures_are_those_of_the_last_files() {
        let folder = tempfile::TempDir::new().unwrap();
        let at = |number: usize| Entry {
            at: jiff::Timestamp::from_second(1_784_030_400 + i64::try_from(number).unwrap()).unwrap(),
            ..entry(number)
        };
        let old = written(folder.path(), "new.warc.gz", &(0..10).map(at).collect::<Vec<_>>());
        let back_then = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        File::options().write(true).open(old).unwrap().set_modified(back_then).unwrap();
        let mut last: Vec<Entry> = (10..20).map(at).collect();
        last.push(Entry { digest: None, ..at(21) });
        written(folder.path(), "old.warc.gz", &last);
        let found = |count: usize| -> Vec<u64> {
            latest(folder.path(), count).unwrap().iter().map(|entry| entry.offset).collect()
        };
        assert_eq!(found(3), [17, 18, 19]);
        assert_eq!(found(12), (8..20).collect::<Vec<u64>>());
        assert_eq!(found(100), (0..20).collect::<Vec<u64>>());
    }
}
