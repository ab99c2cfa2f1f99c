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

/// Archives that the reference cannot read to their end, or that are no WARC: it is enough that
/// what stands before the fault is read.
fn is_beyond_the_reference(row: &Value) -> bool {
    let file = row["input"]["file"].as_str().unwrap();
    !row["expected"]["error"].is_null() || file.ends_with(".arc") || file.ends_with(".arc.gz")
}

fn length(record: &Record) -> usize {
    match http_response(record) {
        Some(response) => response.raw.len(),
        None => record.block.len(),
    }
}

fn differences(row: &Value) -> Vec<String> {
    let bytes = BASE64.decode(row["input"]["b64"].as_str().unwrap().as_bytes()).unwrap();
    let records: Vec<Record> = read_warc(Cursor::new(bytes)).unwrap().flatten().collect();
    let expected = row["expected"]["records"].as_array().unwrap();
    let mut told = Vec::new();
    if is_beyond_the_reference(row) {
        // What stands before the fault is read all the same, where it is WARC.
        let before = expected.iter().take_while(|record| record["error"].is_null()).count();
        let is_arc = row["input"]["file"].as_str().unwrap().contains(".arc");
        if !is_arc && records.len() < before {
            told.push(format!("{} records before the fault, not {before}", records.len()));
        }
        return told;
    }
    if records.len() != expected.len() {
        told.push(format!("{} records, not {}", records.len(), expected.len()));
    }
    for (i, (record, expected)) in records.iter().zip(expected).enumerate() {
        let mut check = |what: &str, is: String, should: String| {
            if is != should {
                told.push(format!("record {i}: {what} is {is}, not {should}"));
            }
        };
        check("uri", format!("{:?}", record.uri.as_deref()), format!("{:?}", expected["uri"].as_str()));
        check(
            "date",
            format!("{:?}", record.date),
            format!("{:?}", expected["date"].as_str().map(|date| date.parse::<jiff::Timestamp>().unwrap())),
        );
        if record.kind != RecordKind::Revisit {
            check("digests", format!("{:?}", record.digests_hold()), format!("{:?}", expected["digest_ok"].as_bool()));
        }
        if record.kind == RecordKind::Response {
            check("length", length(record).to_string(), expected["length"].to_string());
            let status = http_response(record).map(|response| response.status.to_string());
            check("status", format!("{:?}", status.as_deref()), format!("{:?}", expected["status"].as_str()));
        } else if !matches!(record.kind, RecordKind::Request | RecordKind::Revisit) {
            check("length", length(record).to_string(), expected["length"].to_string());
        }
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
        let differences = differences(&row);
        (right, all) = (right + usize::from(differences.is_empty()), all + 1);
        for difference in differences {
            faults.push(format!("{}: {difference}", row["input"]["file"].as_str().unwrap()));
        }
    }
    eprintln!("eval warc_read files {right}/{all}");
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
