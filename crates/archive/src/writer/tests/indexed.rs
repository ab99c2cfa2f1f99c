//! The index of what is written.

use super::*;

/// The captures of all pages as the index has them, each read at its place.
fn indexed(archive: &Archive, pages: &[Page]) {
    for page in pages {
        let found = archive.lookup(&page.url).unwrap();
        assert_eq!(found.len(), 1, "{}", page.url);
        let entry = &found[0];
        assert_eq!((entry.status, entry.mime.as_str(), entry.at), (200, "text/html", at(0)));
        let digest = entry.digest.clone().unwrap();
        let capture = Capture { file: entry.file.clone(), offset: entry.offset, digest, at: entry.at };
        let kept = archive.read(&capture).unwrap();
        assert_eq!((kept.url.as_str(), &kept.raw), (page.url.as_str(), &page.body));
        let bytes = fs::read(archive.folder.join(&entry.file)).unwrap();
        let (from, to) = (entry.offset as usize, (entry.offset + entry.length) as usize);
        assert_eq!(whole_bytes(&bytes[from..to]), entry.length, "one whole member");
    }
}

#[test]
fn the_index_leads_to_every_capture() {
    let folder = TempDir::new().unwrap();
    let pages: Vec<Page> = (0..40).map(|number| page(&format!("https://press.example/{number}?b=1&a=2"))).collect();
    let mut archive = open(&folder).rotate_at(3000);
    for page in &pages {
        archive.write(&page.exchange()).unwrap();
    }
    archive.sync().unwrap();
    assert!(files(&folder, ".cdxj").len() > 3, "one beside each file");
    indexed(&archive, &pages);
    drop(archive);
    indexed(&open(&folder), &pages);
    assert!(files(&folder, ".new").is_empty());
}

#[test]
fn a_file_left_behind_gets_its_index_again() {
    let folder = TempDir::new().unwrap();
    let pages: Vec<Page> = (0..5).map(|number| page(&format!("https://press.example/{number}"))).collect();
    let mut archive = open(&folder);
    for page in &pages {
        archive.write(&page.exchange()).unwrap();
    }
    // A process that dies closes nothing: its index never reached the disk.
    archive.current = None;
    let index = files(&folder, ".cdxj").remove(0);
    fs::write(&index, "torn li").unwrap();
    let healed = open(&folder);
    indexed(&healed, &pages);
    // So does one whose index was lost, or was never made.
    fs::remove_file(&index).unwrap();
    assert_eq!(healed.lookup(&pages[0].url).unwrap(), []);
    indexed(&open(&folder), &pages);
}

/// Somebody may put files of other tools beside ours.
#[test]
fn a_file_of_another_making_is_no_hindrance() {
    let folder = TempDir::new().unwrap();
    let mut whole = Vec::new();
    let block = [b"HTTP/1.1 200 OK\r\n\r\nx".as_slice()];
    let fields = [
        ("WARC-Type", "response".to_owned()),
        ("WARC-Target-URI", "https://a.example/".to_owned()),
        ("WARC-Date", "2026-11-20T12:00:00Z".to_owned()),
    ];
    member::append(&mut whole, &fields, &block, member::Packing::Fast).unwrap();
    fs::write(folder.path().join("torn.warc.gz"), [&whole[..], &whole[..50]].concat()).unwrap();
    fs::write(folder.path().join("odd.warc.gz"), "<!doctype html>").unwrap();
    fs::write(folder.path().join("empty.warc.gz"), "").unwrap();
    let archive = open(&folder);
    assert_eq!(archive.lookup("http://a.example").unwrap().len(), 1);
    assert_eq!(
        fs::metadata(folder.path().join("torn.warc.gz")).unwrap().len(),
        whole.len() as u64 + 50,
        "not ours to cut"
    );
}
