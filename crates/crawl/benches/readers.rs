//! How fast robots files, feeds and sitemaps are read: `cargo bench -p courant-crawl --bench readers`.
//! Real files where the evaluation data is at hand (`$COURANT_EVAL`, by default `../shared/eval`
//! beside the repository), and made ones of the size of the largest that are met.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and stops where it cannot go on")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use base64::Engine as _;
use courant_crawl::{Robots, read_feed, read_sitemap};
use serde_json::Value;
use url::Url;

/// Each is read over and over for so long, and the median of its rounds is told.
const LONG_ENOUGH: Duration = Duration::from_secs(2);

fn main() {
    let url = Url::parse("https://press.example/feed").unwrap();
    let real = suite("robots_real");
    let files: Vec<Vec<u8>> = real.iter().map(|row| body(&row["input"]["robots"])).collect();
    told("robots_real, parsed", &files, |file| Robots::parse(file).stats().directives);
    verdicts(&real, &files);
    told("robots.txt as long as one is read, parsed and asked", &[longest()], |file| {
        usize::from(Robots::parse(file).allowed("courant", "/a/page/of/the/usual/length"))
    });
    told("robots.txt of 2000 stars, parsed and asked", &[stars()], |file| {
        usize::from(Robots::parse(file).allowed("courant", &format!("/{}", "a".repeat(2_000))))
    });
    for name in ["feed_realfixtures", "feed_w3c_validator_corpus"] {
        let files: Vec<Vec<u8>> = suite(name).iter().map(|row| body(&row["input"]["body"])).collect();
        told(name, &files, |file| read_feed(file, None, &url).entries.len());
    }
    told("feed of 500 entries", &[feed()], |file| read_feed(file, None, &url).entries.len());
    let files: Vec<Vec<u8>> = suite("sitemap_files").iter().map(|row| body(&row["input"]["body"])).collect();
    told("sitemap_files", &files, |file| read_sitemap(file, None, &url).urls.len());
    told("news sitemap of 50,000 pages", &[sitemap()], |file| read_sitemap(file, None, &url).urls.len());
}

/// Reads all files again and again, and tells how many bytes of them a second.
fn told(name: &str, files: &[Vec<u8>], read: impl Fn(&[u8]) -> usize) {
    if files.is_empty() {
        return;
    }
    let bytes: usize = files.iter().map(Vec::len).sum();
    let mut found = 0;
    let middle = median(|| found = files.iter().map(|file| read(black_box(file))).sum());
    let rate = bytes as f64 / 1e6 / middle.as_secs_f64();
    println!(
        "{name}: {} files, {:.2} MB, {found} found, {:.2} ms, {rate:.1} MB/s",
        files.len(),
        bytes as f64 / 1e6,
        middle.as_secs_f64() * 1e3
    );
}

/// Asks the files what they were asked in the table.
fn verdicts(rows: &[Value], files: &[Vec<u8>]) {
    let read: Vec<Robots> = files.iter().map(|file| Robots::parse(file)).collect();
    let asked: Vec<(&Robots, &str, &str)> = rows
        .iter()
        .zip(&read)
        .flat_map(|(row, robots)| {
            row["input"]["queries"].as_array().into_iter().flatten().map(move |query| (robots, query))
        })
        .map(|(robots, query)| (robots, query["user_agent"].as_str().unwrap(), query["url"].as_str().unwrap()))
        .collect();
    if asked.is_empty() {
        return;
    }
    let mut yes = 0;
    let ask = |(robots, agent, url): &&(&Robots, &str, &str)| robots.allowed(black_box(agent), black_box(url));
    let middle = median(|| yes = asked.iter().filter(ask).count());
    let rate = asked.len() as f64 / middle.as_secs_f64();
    println!("robots_real, asked: {} questions, {yes} allowed, {rate:.0} a second", asked.len());
}

fn median(mut round: impl FnMut()) -> Duration {
    let (begun, mut times) = (Instant::now(), Vec::new());
    while begun.elapsed() < LONG_ENOUGH || times.len() < 3 {
        let round_begun = Instant::now();
        round();
        times.push(round_begun.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2]
}

/// 500 KiB of rules. Of a longer file no more is read, so that it would only look faster.
fn longest() -> Vec<u8> {
    let mut file = "User-agent: *\n".to_owned();
    for nth in 0.. {
        let rule = format!("Disallow: /{nth}/\n");
        if file.len() + rule.len() > 500 * 1024 {
            break;
        }
        file.push_str(&rule);
    }
    file.into_bytes()
}

fn stars() -> Vec<u8> {
    format!("User-agent: *\nDisallow: /{}b$\n", "*a".repeat(2_000)).into_bytes()
}

/// Whole texts in it, as many newsrooms send.
fn feed() -> Vec<u8> {
    let mut file = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" \
        xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Press</title>\
        <link>https://press.example/</link>"
        .to_owned();
    let text =
        "&lt;p&gt;A paragraph of what was found out &amp;amp; who said it, as long as they are.&lt;/p&gt;".repeat(25);
    for nth in 0..500 {
        writeln!(
            file,
            "<item><title>Story number {nth}</title><link>https://press.example/stories/{nth}</link>\
             <guid isPermaLink=\"false\">{nth}</guid><pubDate>Fri, 20 Nov 2026 12:05:00 GMT</pubDate>\
             <description>What it is about, in a line or two.</description>\
             <content:encoded>{text}</content:encoded></item>"
        )
        .unwrap();
    }
    file.push_str("</channel></rss>");
    file.into_bytes()
}

/// As many pages as the protocol lets a sitemap have.
fn sitemap() -> Vec<u8> {
    let mut file = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><urlset \
        xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
        xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">"
        .to_owned();
    for nth in 0..50_000 {
        writeln!(
            file,
            "<url><loc>https://press.example/stories/{nth}</loc><lastmod>2026-11-20T12:05:00Z</lastmod>\
             <news:news><news:publication><news:name>Press</news:name><news:language>en</news:language>\
             </news:publication><news:publication_date>2026-11-20T12:05:00Z</news:publication_date>\
             <news:title>Story number {nth}</news:title></news:news></url>"
        )
        .unwrap();
    }
    file.push_str("</urlset>");
    file.into_bytes()
}

/// The rows of a suite; none, and a word, where it is not there.
fn suite(name: &str) -> Vec<Value> {
    let root = std::env::var_os("COURANT_EVAL")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval"), PathBuf::from);
    let path = root.join(format!("suites/{name}.jsonl"));
    let Ok(rows) = std::fs::read_to_string(&path) else {
        println!("skipped {name}: {} is not there", path.display());
        return Vec::new();
    };
    rows.lines().map(|row| serde_json::from_str(row).unwrap()).collect()
}

/// A body as the suites write one: text, or base64.
fn body(value: &Value) -> Vec<u8> {
    match value["b64"].as_str() {
        Some(encoded) => base64::engine::general_purpose::STANDARD.decode(encoded).unwrap(),
        None => value["text"].as_str().or_else(|| value.as_str()).unwrap_or_default().into(),
    }
}
