//! How fast pages are read: `cargo bench -p courant-text --bench reading`. The pages of the evaluation
//! data where it is at hand (`$COURANT_EVAL`, by default `../shared/eval` beside the repository), and
//! the gold set. One thread; counted is the time that it ran, not the time that passed, so that a busy
//! machine changes little. It ends with an error where the floor is not reached.
#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::hint::black_box;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use courant_text::{Hints, read};
use flate2::read::MultiGzDecoder;
use serde_json::Value;
use url::Url;

/// Pages of the evaluation data a second on one core; their mean is some 200 KB.
const FLOOR: f64 = 100.0;

/// Each set is read over and over for so long.
const LONG_ENOUGH: Duration = Duration::from_secs(3);

/// A page and its address.
type Page = (Url, Vec<u8>);

fn main() -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let data = std::env::var_os("COURANT_EVAL").map_or_else(|| root.join("../../../shared/eval"), PathBuf::from);
    rate("the gold set", &gold(&root.join("../../tests/fixtures/pages")));
    let pages = evaluation(&data.join("pages"));
    if pages.is_empty() {
        println!("skipped: no evaluation data at {}", data.display());
        return ExitCode::SUCCESS;
    }
    let reached = rate("the evaluation data", &pages);
    println!("floor: {FLOOR} pages/s");
    if reached >= FLOOR { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Pages a second; prints it.
fn rate(name: &str, pages: &[Page]) -> f64 {
    let hints = Hints::default();
    let pass = || pages.iter().for_each(|(url, bytes)| drop(black_box(read(black_box(bytes), None, url, &hints))));
    pass();
    let (begun, clock) = (on_core(), Instant::now());
    let mut passes = 0;
    while clock.elapsed() < LONG_ENOUGH {
        pass();
        passes += 1;
    }
    let spent = match (begun, on_core()) {
        (Some(begun), Some(now)) => now.saturating_sub(begun),
        _ => clock.elapsed(),
    };
    let count = (passes * pages.len()) as f64;
    let bytes: usize = pages.iter().map(|(_, bytes)| bytes.len()).sum();
    let (rate, size) = (count / spent.as_secs_f64(), bytes / 1000 / pages.len().max(1));
    println!("{name}: {} pages of {size} KB mean: {rate:.0} pages/s, {:.2} ms a page", pages.len(), 1000.0 / rate);
    rate
}

/// How long this process has run on a core, where the system tells (Linux).
fn on_core() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn gold(folder: &Path) -> Vec<Page> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|end| end == "html")).collect();
    files.sort();
    let page = |file: PathBuf| {
        let expected: Value = serde_json::from_slice(&std::fs::read(file.with_extension("json")).ok()?).ok()?;
        Some((Url::parse(expected["url"].as_str()?).ok()?, std::fs::read(&file).ok()?))
    };
    files.into_iter().filter_map(page).collect()
}

fn evaluation(folder: &Path) -> Vec<Page> {
    let batch = std::fs::read_to_string(folder.join("batch.jsonl")).unwrap_or_default();
    let page = |line: &str| {
        let asked: Value = serde_json::from_str(line).ok()?;
        let packed = std::fs::read(folder.join(asked["path"].as_str()?)).ok()?;
        let mut bytes = Vec::new();
        MultiGzDecoder::new(&packed[..]).read_to_end(&mut bytes).ok()?;
        Some((Url::parse(asked["url"].as_str()?).ok()?, bytes))
    };
    batch.lines().filter_map(page).collect()
}
