//! How fast and how large the index is, beside tantivy itself, in one run:
//! `cargo bench -p courant-search --bench search -- [ARTICLES]…` (100,000). A million take half an hour and
//! eight gigabytes of disk ($TMPDIR).
//!
//! Three things are timed. The index stage: words in, a commit for every thousand, ours beside a raw index of
//! the same words. The same trees asked of tantivy and of us, without anything around the hits. And whole
//! answers: twenty hits with highlights, near copies once, five facets and a histogram.
#![expect(clippy::print_stdout, reason = "a bench prints")]

mod corpus;
mod raw;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use courant_model::{Catalogue, OutletId, Seq};
use courant_search::contract::{Index, IndexBatch};
use courant_search::{Document, Facet, Filters, HistogramAsk, Interval, Order, Query, SearchPage, bench, open};
use jiff::tz::TimeZone;

use corpus::{Corpus, Dice};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Articles between two commits.
const BATCH: u64 = 1_000;
/// Queries of each class.
const QUERIES: usize = 200;
const SEED: u64 = 20_210_718;

fn main() -> Result<()> {
    let sizes: Vec<u64> = std::env::args().skip(1).filter_map(|size| size.replace('_', "").parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![100_000] } else { sizes };
    let corpus = Corpus::new(SEED);
    for size in sizes {
        let folder = tempfile::tempdir()?;
        measure(&corpus, size, folder.path())?;
    }
    Ok(())
}

fn measure(corpus: &Corpus, size: u64, folder: &Path) -> Result<()> {
    println!("\n## {size} articles\n");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let (ours, raw) = (folder.join("ours"), folder.join("raw"));
    let index = open(&format!("tantivy:{}", ours.display()))?;
    fill(corpus, size, &runtime, &index, &raw, &ours)?;
    queries(corpus, &runtime, &index, &ours.join("1"))
}

/// Feeds both, batch by batch in turn, so that whatever else the machine does meets both alike.
fn fill(
    corpus: &Corpus,
    size: u64,
    runtime: &tokio::runtime::Runtime,
    index: &Arc<dyn Index>,
    raw: &Path,
    ours: &Path,
) -> Result<()> {
    let mut beside = raw::Raw::create(raw)?;
    let (mut feed, _) = runtime.block_on(index.feed())?;
    let (mut our_time, mut raw_time) = (Duration::ZERO, Duration::ZERO);
    for batch in 0..size.div_ceil(BATCH) {
        let until = ((batch + 1) * BATCH).min(size);
        let documents: Vec<Document> = (batch * BATCH..until).map(|number| corpus.article(number)).collect();
        let begun = Instant::now();
        beside.apply(&documents)?;
        raw_time += begun.elapsed();
        let put = IndexBatch { put: documents, remove: Vec::new() };
        let begun = Instant::now();
        runtime.block_on(feed.apply(put, Seq(batch + 1)))?;
        our_time += begun.elapsed();
    }
    let begun = Instant::now();
    beside.close()?;
    raw_time += begun.elapsed();
    let begun = Instant::now();
    runtime.block_on(feed.close())?;
    our_time += begun.elapsed();
    let rate = |time: Duration| size as f64 / time.as_secs_f64();
    let (our_size, raw_size) = (bytes(ours)?, bytes(raw)?);
    println!("| | ours | raw tantivy | ratio |\n| --- | --- | --- | --- |");
    let ratio = rate(our_time) / rate(raw_time);
    println!("| articles a second, words in | {:.0} | {:.0} | {ratio:.2} |", rate(our_time), rate(raw_time));
    let per = |bytes: u64| bytes as f64 / size as f64 / 1e3;
    let ratio = our_size as f64 / raw_size as f64;
    println!("| size, kB an article | {:.2} | {:.2} | {ratio:.2} |\n", per(our_size), per(raw_size));
    Ok(())
}

fn bytes(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let found = entry?.metadata();
        // A merge may take files away meanwhile.
        let Ok(found) = found else { continue };
        sum += found.len();
    }
    for entry in std::fs::read_dir(folder)?.flatten() {
        if entry.path().is_dir() {
            sum += bytes(&entry.path())?;
        }
    }
    Ok(sum)
}

/// A class of queries.
struct Class {
    name: &'static str,
    filters: Filters,
    order: Order,
    queries: Vec<String>,
}

fn classes(corpus: &Corpus) -> Vec<Class> {
    let mut dice = Dice::new(SEED + 1);
    let mut class = |name, make: &dyn Fn(&mut Dice) -> String| Class {
        name,
        filters: Filters::default(),
        order: Order::Relevance,
        queries: (0..QUERIES).map(|_| make(&mut dice)).collect(),
    };
    let or = |words: Vec<String>| words.join(" OR ");
    let mut classes = vec![
        class("common term", &|dice| corpus.word(dice, 20, 200)),
        class("rare term", &|dice| corpus.word(dice, 2_000, 10_000)),
        class("two terms (AND)", &|dice| corpus.words(dice, 20, 400, 2).join(" ")),
        class("three terms (OR)", &|dice| or(corpus.words(dice, 20, 400, 3))),
        class("phrase", &|dice| format!("\"{}\"", corpus.phrase(dice, 2))),
        class("prefix", &|dice| format!("{}*", corpus.word(dice, 700, 4_000).chars().take(4).collect::<String>())),
        class("fuzzy", &|dice| format!("{}~1", corpus.word(dice, 700, 4_000))),
        class("term, one outlet", &|dice| corpus.word(dice, 20, 200)),
        class("term, newest first", &|dice| corpus.word(dice, 20, 200)),
        class("everything", &|_| String::new()),
        class("odd input", &|dice| odd(dice)),
    ];
    for class in &mut classes {
        match class.name {
            "term, one outlet" => class.filters.outlets = vec![OutletId::new("outlet-3")],
            "term, newest first" => class.order = Order::Newest,
            _ => (),
        }
    }
    classes
}

/// Anything a keyboard, a phone or a program may send.
fn odd(dice: &mut Dice) -> String {
    const SIGNS: &[&str] =
        &["\"", "*", "~2", "(", ")", " OR ", " AND ", " -", ":", "title:", "^3", "\u{202e}", "ا", "é", "国", "😀"];
    let mut text = String::new();
    for _ in 0..dice.below(40) {
        match dice.below(3) {
            0 => text.push_str(SIGNS[dice.below(SIGNS.len())]),
            1 => text.push(char::from(32 + dice.below(95) as u8)),
            _ => text.push(char::from_u32(dice.below(0x3000) as u32).unwrap_or(' ')),
        }
    }
    text
}

fn queries(corpus: &Corpus, runtime: &tokio::runtime::Runtime, index: &Arc<dyn Index>, folder: &Path) -> Result<()> {
    let catalogue = Catalogue::default();
    let searcher = raw::open(folder)?;
    println!(
        "| milliseconds, p50 / p99 | raw tantivy, same tree | ours, same tree | ratio of p50 | whole answer |\n\
         | --- | --- | --- | --- | --- |"
    );
    for class in classes(corpus) {
        let (mut alone, mut ours, mut whole) = (Vec::new(), Vec::new(), Vec::new());
        let plain = SearchPage {
            filters: class.filters.clone(),
            order: class.order,
            highlights: false,
            ..SearchPage::default()
        };
        let page = SearchPage {
            highlights: true,
            collapse: true,
            facets: vec![Facet::Outlet, Facet::Language, Facet::Author, Facet::Section, Facet::Tag],
            histogram: Some(HistogramAsk { interval: Interval::Week, zone: TimeZone::UTC }),
            ..plain.clone()
        };
        // The first round reads the files into memory.
        for round in 0..2 {
            for text in &class.queries {
                let query = Query::parse(text);
                let begun = Instant::now();
                let tree = bench::tree(&query, &class.filters, &catalogue);
                let newest = class.order == Order::Newest || text.is_empty();
                if newest {
                    raw::latest(&searcher, &*tree)?
                } else {
                    raw::best(&searcher, &*tree)?
                };
                let first = begun.elapsed();
                let begun = Instant::now();
                runtime.block_on(index.search().find(&query, &plain, &catalogue))?;
                let second = begun.elapsed();
                let begun = Instant::now();
                runtime.block_on(index.search().find(&query, &page, &catalogue))?;
                let third = begun.elapsed();
                if round == 1 {
                    alone.push(first);
                    ours.push(second);
                    whole.push(third);
                }
            }
        }
        let ratio = at(&mut ours, 0.5) / at(&mut alone, 0.5);
        println!("| {} | {} | {} | {ratio:.2} | {} |", class.name, told(&mut alone), told(&mut ours), told(&mut whole));
    }
    Ok(())
}

/// The time, in milliseconds, that this share of them stayed below.
fn at(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let place = ((times.len() as f64 * share) as usize).min(times.len() - 1);
    times[place].as_secs_f64() * 1e3
}

fn told(times: &mut [Duration]) -> String {
    format!("{:.2} / {:.1}", at(times, 0.5), at(times, 0.99))
}
