//! The archive as other tools read it: warcio, by which the web's archives are judged.

use std::path::{Path, PathBuf};
use std::process::Command;

use courant_tests::{Courant, skipped};

/// Reads every record of each file, decodes it, and holds what each index says against it. Prints a
/// line a file: its records by type, and the entries of its index.
const READER: &str = r#"
import collections, json, sys
from warcio.archiveiterator import ArchiveIterator
for path in sys.argv[1:]:
    kinds, at = collections.Counter(), {}
    with open(path, "rb") as stream:
        records = ArchiveIterator(stream)
        for record in records:
            kinds[record.rec_type] += 1
            record.content_stream().read()
            at[records.get_record_offset()] = (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
    lines = open(path.removesuffix(".warc.gz") + ".cdxj", encoding="utf-8").read().splitlines()
    assert lines == sorted(lines), "the index of a closed file is sorted"
    for line in lines:
        key, stamp, told = line.split(" ", 2)
        told = json.loads(told)
        kind, url = at[int(told["offset"])]
        assert kind in ("response", "revisit") and url == told["url"], (told, kind, url)
    print(json.dumps({**kinds, "indexed": len(lines)}))
"#;

/// Python with warcio; a word, and none, where there is none.
fn python() -> Option<PathBuf> {
    let works = |python: &Path| {
        let tried = Command::new(python).args(["-c", "import warcio"]).output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    let tools = courant_tests::root().join("target/tools/bin/python");
    let found = [PathBuf::from("python3"), tools].into_iter().find(|python| works(python));
    if found.is_none() {
        skipped("the archive read by warcio", "no python3 with warcio (scripts/test installs it)");
    }
    found
}

fn files(courant: &Courant) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(courant.data().join("archive")).expect("an archive");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".warc.gz"));
    files
}

#[test]
fn what_we_write_others_read() {
    let Some(python) = python() else { return };
    let courant = Courant::new("");
    courant.run(&["demo", "--once", "--bind", "127.0.0.1:0", "--newsroom", "127.0.0.1:0"]).done();
    let files = files(&courant);
    assert!(!files.is_empty(), "the demo was archived");
    for file in &files {
        // `warcio check` verifies every digest that the records bear.
        let checked = Command::new(&python).args(["-m", "warcio.cli", "check", "-v"]).arg(file).output();
        let checked = checked.expect("warcio runs");
        let told = String::from_utf8_lossy(&checked.stdout).into_owned() + &String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{told}");
        assert!(told.contains("digest pass"), "digests are there and right: {told}");
    }
    let read = Command::new(&python).args(["-c", READER]).args(&files).output().expect("python runs");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let mut counts = std::collections::BTreeMap::new();
    for line in String::from_utf8_lossy(&read.stdout).lines() {
        let told: serde_json::Value = serde_json::from_str(line).expect("JSON");
        for (kind, count) in told.as_object().expect("an object") {
            *counts.entry(kind.clone()).or_insert(0) += count.as_u64().unwrap_or_default();
        }
    }
    let count = |kind: &str| counts.get(kind).copied().unwrap_or_default();
    assert_eq!(count("indexed"), count("response") + count("revisit"), "{counts:?}");
    // Each answer has its request and what is told of it; answers that were withheld have these alone.
    assert!(count("request") >= count("indexed") && count("metadata") >= count("indexed"), "{counts:?}");
    assert!(count("response") > 100 && count("revisit") > 10, "{counts:?}");
}
