//! The archive as other tools read it: warcio, by which the web's archives are judged, and fastwarc,
//! which was written apart from it. And a disk that is full in the middle of a crawl.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use courant_tests::{Courant, binary, skipped};

/// Reads every record of each file, decodes it, and holds against the records what each index says,
/// what is told beside an answer, and what an answer says of another one. Prints the records by type,
/// revisits by their reason, and the entries of the indexes.
const READER: &str = r#"
import collections, gzip, json, sys
from warcio.archiveiterator import ArchiveIterator
counts, answers, beside, again = collections.Counter(), {}, [], []
for path in sys.argv[1:]:
    at = {}
    with open(path, "rb") as stream:
        records = ArchiveIterator(stream)
        for record in records:
            field = record.rec_headers.get_header
            record.content_stream().read()
            counts[record.rec_type] += 1
            at[records.get_record_offset()] = (record.rec_type, field("WARC-Target-URI"))
            if record.rec_type in ("response", "revisit"):
                answers[field("WARC-Record-ID")] = {n.lower(): v for n, v in record.rec_headers.headers}
            if record.rec_type in ("request", "metadata"):
                beside.append((record.rec_type, field("WARC-Concurrent-To")))
            if record.rec_type == "revisit":
                again.append(answers[field("WARC-Record-ID")])
    lines = open(path.removesuffix(".warc.gz") + ".cdxj", encoding="utf-8").read().splitlines()
    assert lines == sorted(lines), "the index of a closed file is sorted"
    whole = open(path, "rb").read()
    for line in lines:
        key, stamp, told = line.split(" ", 2)
        told = json.loads(told)
        offset, length = int(told["offset"]), int(told["length"])
        kind, url = at.pop(offset)
        assert kind in ("response", "revisit") and url == told["url"], (told, kind, url)
        assert (kind == "revisit") == (told["mime"] == "warc/revisit"), (told, kind)
        record = gzip.decompress(whole[offset:offset + length])
        assert record.startswith(b"WARC/1.1\r\n") and url.encode() in record, told
        counts["indexed"] += 1
    assert not [kind for kind, _ in at.values() if kind in ("response", "revisit")], "every answer is indexed"
for kind, answer in beside:
    counts[kind + " of an answer"] += answer in answers
for record in again:
    reason = record["warc-profile"].rsplit("/", 1)[-1]
    counts[reason] += 1
    original = answers.get(record.get("warc-refers-to"))
    if original is None:
        assert reason == "server-not-modified", record
        continue
    counts["referred to"] += 1
    for ours, theirs in (("target-uri", "target-uri"), ("date", "date")):
        assert record["warc-refers-to-" + ours] == original["warc-" + theirs], (record, original)
    if reason == "identical-payload-digest":
        assert record["warc-payload-digest"] == original["warc-payload-digest"], (record, original)
print(json.dumps(counts))
"#;

/// A disk that is full after some pages, and then has room again. The archive is left in a folder.
const FULL_DISK: &str = r#"
mkdir -p "$PLACE/archive" && mount -t tmpfs -o size=128k tmpfs "$PLACE/archive" || exit 77
crawl() { "$COURANT" --data-dir "$PLACE" demo --once --bind 127.0.0.1:0 --newsroom 127.0.0.1:0; }
crawl && exit 1
[ $? = 2 ] || exit 1
mount -o remount,size=64m "$PLACE/archive" || exit 77
crawl || exit 1
cp "$PLACE/archive/"*.cdxj "$PLACE/archive/"*.warc.gz "$KEPT"
[ -z "$(find "$PLACE/archive" -name '*.open')" ]
"#;

/// Python with warcio; a word, and none, where there is none.
fn python() -> Option<PathBuf> {
    let tools = courant_tests::root().join("target/tools/bin/python");
    let found = [PathBuf::from("python3"), tools].into_iter().find(|python| has(python, "warcio"));
    if found.is_none() {
        skipped("the archive read by warcio", "no python3 with warcio (scripts/test installs it)");
    }
    found
}

fn has(python: &Path, module: &str) -> bool {
    let tried = Command::new(python).args(["-c", &format!("import {module}")]).output();
    tried.is_ok_and(|tried| tried.status.success())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("an archive");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".warc.gz"));
    files
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Has each file judged, and counts what is in them.
fn judged(python: &Path, files: &[PathBuf]) -> BTreeMap<String, u64> {
    assert!(!files.is_empty(), "something was archived");
    let check = |tool: &[&str], file: &Path| {
        let checked = Command::new(python).args(tool).arg(file).output().expect("python runs");
        assert!(checked.status.success(), "{tool:?} {}: {}", file.display(), told(&checked));
        told(&checked)
    };
    let has_fastwarc = has(python, "fastwarc.cli");
    if !has_fastwarc {
        skipped("the archive read by fastwarc", "no python3 with fastwarc (scripts/test installs it)");
    }
    for file in files {
        // Both verify every digest that the records bear.
        let told = check(&["-m", "warcio.cli", "check", "-v"], file);
        assert!(told.contains("digest pass"), "digests are there and right: {told}");
        if has_fastwarc {
            check(&["-c", "from fastwarc.cli import main; main()", "check", "-q"], file);
        }
    }
    let read = Command::new(python).args(["-c", READER]).args(files).output().expect("python runs");
    assert!(read.status.success(), "{}", told(&read));
    serde_json::from_slice(&read.stdout).expect("JSON")
}

#[test]
fn what_we_write_others_read() {
    let Some(python) = python() else { return };
    let courant = Courant::new("");
    courant.run(&["demo", "--once", "--bind", "127.0.0.1:0", "--newsroom", "127.0.0.1:0"]).done();
    let counts = judged(&python, &files(&courant.data().join("archive")));
    let count = |kind: &str| counts.get(kind).copied().unwrap_or_default();
    assert!(count("response") > 100 && count("revisit") > 10, "{counts:?}");
    assert_eq!(count("indexed"), count("response") + count("revisit"), "{counts:?}");
    // Each answer has its request and what is told of it; answers that were withheld have these alone.
    assert_eq!(count("request of an answer"), count("indexed"), "{counts:?}");
    assert_eq!(count("metadata of an answer"), count("indexed"), "{counts:?}");
    assert!(count("identical-payload-digest") > 0 && count("server-not-modified") > 10, "{counts:?}");
    // The second edition is another process's work: it knows the first one's from the index.
    assert!(count("referred to") * 10 > count("revisit") * 9, "{counts:?}");
}

#[test]
fn a_full_disk_is_told_and_what_was_kept_is_whole() {
    let (place, kept) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let crawled = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", FULL_DISK])
        .envs([("PLACE", place.path()), ("KEPT", kept.path()), ("COURANT", binary())])
        .output();
    let Ok(crawled) = crawled else { return skipped("a full disk", "unshare cannot be run") };
    let told = told(&crawled);
    if crawled.status.code() == Some(77) || told.contains("unshare failed") {
        return skipped("a full disk", told.trim());
    }
    assert!(crawled.status.success(), "{told}");
    let fault = told.lines().find(|line| line.contains("No space left")).unwrap_or_default();
    let archive = place.path().join("archive").display().to_string();
    assert!(fault.contains(&archive) && fault.contains("make room on that disk"), "file and mend are named: {told}");
    let Some(python) = python() else { return };
    let counts = judged(&python, &files(kept.path()));
    assert!(counts.get("response").is_some_and(|count| *count > 50), "{counts:?}");
}
