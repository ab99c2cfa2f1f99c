//! WARC files that other tools wrote, read as those tools read them. The files are not part of this
//! repository: without them the tests say that they did nothing.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]
#![expect(clippy::print_stderr, reason = "a test that is not run says so")]

use std::collections::HashSet;
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use courant_archive::{Record, RecordKind, http_response, open_warc, read_warc};
use data_encoding::BASE64;
use serde_json::Value;

/// A file of the evaluation data, where it is there.
fn data(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("COURANT_EVAL")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval"), PathBuf::from);
    let file = root.join(path);
    if !file.is_file() {
        eprintln!("not run: {} is not there (COURANT_EVAL names the folder of the evaluation data)", file.display());
        return None;
    }
    Some(file)
}

/// The length of what a record holds, as the reference counts it; `None` where it counts otherwise.
fn length(record: &Record, is_arc: bool) -> Option<usize> {
    match record.kind {
        RecordKind::Response => http_response(record).map(|response| response.raw.len()),
        RecordKind::Request | RecordKind::Revisit => None,
        // It leaves the block of the head of an ARC file out.
        RecordKind::Warcinfo if is_arc => None,
        _ => Some(record.block.len()),
    }
}

/// What of a record is not as the reference says.
fn differences(record: &Record, expected: &Value, is_arc: bool) -> Vec<String> {
    let mut told = Vec::new();
    let mut check = |what: &str, is: String, should: String| {
        if is != should {
            told.push(format!("{what} is {is}, not {should}"));
        }
    };
    check("uri", format!("{:?}", record.uri.as_deref()), format!("{:?}", expected["uri"].as_str()));
    let date = expected["date"].as_str().map(|date| date.parse::<jiff::Timestamp>().unwrap());
    check("date", format!("{:?}", record.date), format!("{date:?}"));
    if record.kind != RecordKind::Revisit {
        check("digests", format!("{:?}", record.digests_hold()), format!("{:?}", expected["digest_ok"].as_bool()));
    }
    if let Some(length) = length(record, is_arc) {
        check("length", length.to_string(), expected["length"].to_string());
    }
    if record.kind == RecordKind::Response {
        let status = http_response(record).map(|response| response.status.to_string());
        check("status", format!("{:?}", status.as_deref()), format!("{:?}", expected["status"].as_str()));
    }
    told
}

#[test]
fn files_of_other_tools_are_read_as_they_read_them() {
    let Some(file) = data("suites/warc_read.jsonl") else { return };
    let text = fs::read_to_string(file).unwrap();
    let (mut faults, mut right, mut all) = (Vec::new(), 0, 0);
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let name = row["input"]["file"].as_str().unwrap();
        let bytes = BASE64.decode(row["input"]["b64"].as_str().unwrap().as_bytes()).unwrap();
        let records: Vec<Record> = read_warc(Cursor::new(bytes)).unwrap().flatten().collect();
        let expected = row["expected"]["records"].as_array().unwrap();
        // Of files that the reference cannot read to their end, what stands before the fault is read.
        let is_whole = row["expected"]["error"].is_null();
        let before = expected.iter().take_while(|record| is_whole || record["error"].is_null()).count();
        if is_whole && records.len() != before {
            faults.push(format!("{name}: {} records, not {before}", records.len()));
        }
        for (i, expected) in expected[..before].iter().enumerate() {
            let told = records.get(i).map_or_else(
                || vec!["it was not read".to_owned()],
                |record| if is_whole { differences(record, expected, name.contains(".arc")) } else { Vec::new() },
            );
            (right, all) = (right + usize::from(told.is_empty()), all + 1);
            faults.extend(told.iter().map(|told| format!("{name} record {i}: {told}")));
        }
    }
    eprintln!("eval warc_read records {right}/{all}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn an_archive_of_many_outlets_is_read_whole() {
    let Some(file) = data("real.warc.gz") else { return };
    let records: Vec<Record> = open_warc(&file).unwrap().map(|record| record.unwrap()).collect();
    let pages: Vec<&Record> = records.iter().filter(|record| record.kind == RecordKind::Response).collect();
    assert_eq!(pages.len(), 171);
    let addresses: HashSet<&str> = pages.iter().filter_map(|page| page.uri.as_deref()).collect();
    assert_eq!(addresses.len(), 170, "one page was captured twice");
    for page in pages {
        assert_eq!(page.digests_hold(), Some(true), "{:?}", page.uri);
        let response = http_response(page).unwrap();
        assert!(response.status == 200 && !response.decoded(10_000_000).body.is_empty(), "{:?}", page.uri);
    }
}
