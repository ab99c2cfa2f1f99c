//! How fast pages are read: `cargo bench -p courant-text --bench reading`. The gold set, and the pages of the
//! evaluation data where it is at hand (`$COURANT_EVAL`, by default `../shared/eval` beside the repository). One
//! thread. Beside other readers, by the processor's time: `scripts/bench-peers`.
#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::io::Read as _;
use std::path::{Path, PathBuf};

use courant_text::{Hints, read};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use flate2::read::MultiGzDecoder;
use serde_json::Value;
use url::Url;

/// A page and its address.
type Page = (Url, Vec<u8>);

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 20)]
fn gold_set(bencher: Bencher<'_, '_>) {
    measure(bencher, &gold(&root().join("../../tests/fixtures/pages")));
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn evaluation_pages(bencher: Bencher<'_, '_>) {
    let data = std::env::var_os("COURANT_EVAL").map_or_else(|| root().join("../../../shared/eval"), PathBuf::from);
    let pages = evaluation(&data.join("pages"));
    if pages.is_empty() {
        println!("skipped: no evaluation data at {}", data.display());
    }
    measure(bencher, &pages);
}

fn measure(bencher: Bencher<'_, '_>, pages: &[Page]) {
    let bytes: usize = pages.iter().map(|(_, bytes)| bytes.len()).sum();
    let hints = Hints::default();
    bencher.counter(ItemsCount::new(pages.len())).counter(BytesCount::new(bytes)).bench_local(|| {
        for (url, bytes) in pages {
            black_box(read(black_box(bytes), None, url, &hints));
        }
    });
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
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
