//! What keeping a page costs: processor time of an exchange of a 100 KB page (response, request and
//! metadata records), and what the file grows by. `cargo bench -p courant-archive`; docs/QUALITY.md
//! keeps the figures. The pages are those of the evaluation data where they are there (`COURANT_EVAL`),
//! else words made up here, which pack better than pages do.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and stops where it cannot go on")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Instant;

use courant_archive::{Archive, Asked, Exchange, Told, WarcInfo};
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use jiff::{SignedDuration, Timestamp};

/// Pages of about the size that newsrooms send.
const SIZE: std::ops::Range<usize> = 80_000..125_000;
const WRITES: usize = 4_000;

fn main() {
    let pages = pages();
    let packed: Vec<Vec<u8>> = pages.iter().map(|page| gzip(page)).collect();
    let mean = pages.iter().map(Vec::len).sum::<usize>() / pages.len();
    println!("{} pages of {mean} bytes on average", pages.len());
    measure("plain", &pages, &[]);
    measure("sent gzipped", &packed, &[("content-encoding".to_owned(), "gzip".to_owned())]);
}

fn measure(name: &str, bodies: &[Vec<u8>], coding: &[(String, String)]) {
    let folder = tempfile::TempDir::new().unwrap();
    let info = WarcInfo { software: "courant/0".to_owned(), user_agent: "Courant (+https://a.example/)".to_owned() };
    let mut archive = Archive::open(folder.path(), "bench", info).unwrap();
    let mut headers: Vec<(String, String)> = [
        ("content-type", "text/html; charset=utf-8"),
        ("date", "Fri, 20 Nov 2026 12:00:00 GMT"),
        ("last-modified", "Fri, 20 Nov 2026 11:00:00 GMT"),
        ("etag", "\"5f3a-61b2c9d0e4f80\""),
        ("cache-control", "public, max-age=60"),
        ("vary", "Accept-Encoding"),
        ("server", "nginx"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    headers.extend_from_slice(coding);
    let sent = [("user-agent".to_owned(), "Courant/0.1 (+https://a.example/)".to_owned())];
    // Each body once more under each address, with one byte of its own: no payload comes twice.
    let mut bodies: Vec<Vec<u8>> = bodies.to_vec();
    let count = bodies.len();
    let (clock, cpu) = (Instant::now(), processor_ms());
    for number in 0..WRITES {
        let body = &mut bodies[number % count];
        body.extend_from_slice(number.to_string().as_bytes());
        let url = format!("https://press.example/2026/11/20/{number}");
        let exchange = Exchange {
            url: &url,
            asked: Some(Asked { method: "GET", headers: &sent, address: IpAddr::V4(Ipv4Addr::LOCALHOST) }),
            status_line: "HTTP/1.1 200 OK",
            response_headers: &headers,
            body,
            at: Timestamp::from_second(1_784_030_400 + i64::try_from(number).unwrap()).unwrap(),
            truncated: false,
            told: Some(Told {
                robots: "allowed by line 3 of robots.txt",
                via: Some("https://press.example/feed"),
                waited: SignedDuration::from_millis(1500),
                took: SignedDuration::from_millis(77),
            }),
        };
        archive.write(&exchange).unwrap();
        if number % 50 == 49 {
            archive.sync().unwrap();
        }
    }
    drop(archive);
    let spent = (processor_ms() - cpu) / WRITES as f64;
    let rate = WRITES as f64 / clock.elapsed().as_secs_f64();
    let size = |end: &str| {
        let files = fs::read_dir(folder.path()).unwrap().map(Result::unwrap);
        let files = files.filter(|file| file.file_name().to_string_lossy().ends_with(end));
        files.map(|file| file.metadata().unwrap().len()).sum::<u64>() / WRITES as u64
    };
    println!(
        "{name}: {spent:.3} ms of processor a page, {rate:.0} pages/s, {} bytes a page and {} of index",
        size(".warc.gz"),
        size(".cdxj")
    );
    let clock = Instant::now();
    let mut files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
    let index = files.find(|path| path.extension().is_some_and(|end| end == "cdxj")).unwrap();
    fs::remove_file(index).unwrap();
    let info = WarcInfo { software: String::new(), user_agent: String::new() };
    drop(Archive::open(folder.path(), "again", info).unwrap());
    println!("{name}: the index of {WRITES} pages made again in {:.2} s", clock.elapsed().as_secs_f64());
}

fn pages() -> Vec<Vec<u8>> {
    let root = std::env::var_os("COURANT_EVAL")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval"), PathBuf::from);
    let mut pages = Vec::new();
    let mut folders = vec![root.join("pages")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(".html.gz") && pages.len() < 100 {
                let mut page = Vec::new();
                MultiGzDecoder::new(&fs::read(&path).unwrap()[..]).read_to_end(&mut page).unwrap();
                pages.extend(SIZE.contains(&page.len()).then_some(page));
            }
        }
    }
    if pages.is_empty() {
        println!("not measured on real pages: none in {}", root.display());
        let word =
            |n: usize| format!("<p class=\"text\">words number {n} of a page, {}</p>\n", n.wrapping_mul(2_654_435_761));
        pages = (0..50).map(|page| (0..1600).map(|n| word(page * 1600 + n)).collect::<String>().into_bytes()).collect();
    }
    pages
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Processor time of this process so far, as Linux counts it; 0 elsewhere.
fn processor_ms() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |nth: usize| fields.get(nth).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    // Ticks are a hundredth of a second.
    (ticks(11) + ticks(12)) * 10.0
}
