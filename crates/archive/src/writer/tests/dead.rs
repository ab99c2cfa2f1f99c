//! Files that a dead process left behind.

use super::*;

/// Writes three exchanges, syncs after the second, and dies with `damage` done to the file. Returns
/// what the next to open finds of each.
fn after_a_death(damage: impl Fn(&Path, u64)) -> Vec<bool> {
    let folder = TempDir::new().unwrap();
    let mut archive = open(&folder);
    let mut captures = Vec::new();
    for i in 0..3 {
        captures.push(archive.write(&page(&format!("https://a.example/{i}")).exchange()).unwrap());
        if i == 1 {
            archive.sync().unwrap();
        }
    }
    let current = archive.current.take().unwrap();
    let (path, length) = (current.path.clone(), current.length);
    drop(current);
    assert!(heal::mark_of(&path).exists(), "as a kill leaves it");
    damage(&path, length);

    let next = open(&folder);
    assert!(files(&folder, ".open").is_empty(), "the dead one's file is closed");
    for file in files(&folder, ".warc.gz") {
        let bytes = fs::read(&file).unwrap();
        assert_eq!(whole_bytes(&bytes), bytes.len() as u64, "whole records alone");
        records(&file);
    }
    captures.iter().map(|capture| next.read(capture).is_ok()).collect()
}

fn cut(path: &Path, length: u64) {
    File::options().write(true).open(path).unwrap().set_len(length).unwrap();
}

#[test]
fn a_torn_end_is_healed_and_nothing_before_it_is_lost() {
    assert_eq!(after_a_death(|_, _| {}), [true; 3]);
    // Into the request record, which is the last: the response before it stays.
    assert_eq!(after_a_death(|path, length| cut(path, length - 1)), [true; 3]);
    assert_eq!(after_a_death(|path, length| cut(path, length - 500)), [true, true, false]);
    let garbage = |path: &Path, _| {
        File::options().append(true).open(path).unwrap().write_all(&[0; 5000]).unwrap();
    };
    assert_eq!(after_a_death(garbage), [true; 3]);
    assert_eq!(after_a_death(|path, _| fs::write(heal::mark_of(path), "torn").unwrap()), [true; 3]);
    let both = |path: &Path, length| {
        fs::remove_file(heal::mark_of(path)).unwrap();
        fs::write(heal::mark_of(path), "").unwrap();
        cut(path, length - 500);
    };
    assert_eq!(after_a_death(both), [true, true, false]);
    assert_eq!(after_a_death(|path, _| cut(path, 0)), [false; 3]);
    assert_eq!(after_a_death(|path, _| fs::remove_file(path).unwrap()), [false; 3]);
}

#[test]
fn a_living_writers_file_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let mut living = open(&folder);
    let capture = living.write(&page("https://a.example/1").exchange()).unwrap();
    let path = folder.path().join(&capture.file);
    File::options().append(true).open(&path).unwrap().write_all(b"half a record").unwrap();
    let before = fs::metadata(&path).unwrap().len();
    open(&folder);
    assert_eq!(fs::metadata(&path).unwrap().len(), before);
    assert!(heal::mark_of(&path).exists());
}

/// Numbers for a test, always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Wherever a file ends, the index that is made for it names the captures that are whole, and no
/// other; and what was synced is there.
#[test]
fn file_and_index_agree_wherever_the_file_ends() {
    let mut numbers = Numbers(11);
    for round in 0..60 {
        let folder = TempDir::new().unwrap();
        let mut archive = open(&folder);
        let mut captures: Vec<(String, Capture)> = Vec::new();
        let mut synced = 0;
        for _ in 0..1 + numbers.below(8) {
            let number = numbers.below(6);
            let mut page = page(&format!("https://press.example/{number}"));
            if number == 0 {
                page.status_line = "HTTP/1.1 304 Not Modified";
                page.body.clear();
            }
            captures.push((page.url.clone(), archive.write(&page.exchange()).unwrap()));
            if numbers.below(3) == 0 {
                archive.sync().unwrap();
                synced = captures.len();
            }
        }
        let current = archive.current.take().unwrap();
        let (path, length) = (current.path.clone(), current.length);
        let surely = fs::read_to_string(heal::mark_of(&path)).unwrap();
        let surely: u64 = surely.split(' ').next().unwrap().parse().unwrap();
        drop(current);
        cut(&path, surely + numbers.below(length - surely + 1));
        // What the index has is as little known as what the file has.
        match numbers.below(4) {
            0 => fs::remove_file(index::index_of(&path)).unwrap(),
            1 => fs::write(index::index_of(&path), "example,press)/1 2026").unwrap(),
            2 => cut(&index::index_of(&path), numbers.below(400)),
            _ => {}
        }

        let healed = open(&folder);
        let mut whole = Vec::new();
        for (number, (url, capture)) in captures.iter().enumerate() {
            let is_there = healed.read(capture).is_ok();
            assert!(is_there || number >= synced, "round {round}: synced capture {number} is lost");
            whole.extend(is_there.then_some((url.clone(), capture.offset)));
        }
        let mut indexed: Vec<(String, u64)> = Vec::new();
        for number in 0..6 {
            let found = healed.lookup(&format!("https://press.example/{number}")).unwrap();
            for entry in &found {
                let kind = healed.record_at(&entry.file, entry.offset).unwrap().kind;
                assert_eq!(entry.mime == index::REVISIT, kind == RecordKind::Revisit, "{entry:?}");
            }
            indexed.extend(found.into_iter().map(|entry| (entry.url, entry.offset)));
        }
        whole.sort_unstable();
        indexed.sort_unstable();
        assert_eq!(indexed, whole, "round {round}");
    }
}

/// What the mark vouches for is not read again: else a full file would take long to heal.
#[test]
fn what_was_synced_is_not_read_again() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(&folder);
    let pages: Vec<Page> = (0..4).map(|number| page(&format!("https://press.example/{number}"))).collect();
    for (number, page) in pages.iter().enumerate() {
        archive.write(&page.exchange()).unwrap();
        if number == 1 {
            archive.sync().unwrap();
        }
    }
    let current = archive.current.take().unwrap();
    let path = current.path.clone();
    drop(current);
    let mut bytes = fs::read(&path).unwrap();
    bytes[..1000].fill(0);
    fs::write(&path, bytes).unwrap();
    let healed = open(&folder);
    let found: Vec<usize> = pages.iter().map(|page| healed.lookup(&page.url).unwrap().len()).collect();
    assert_eq!(found, [1; 4]);
}
