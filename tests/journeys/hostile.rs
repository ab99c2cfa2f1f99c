//! A crawl among hostile servers: bombs, endless answers, lies. Every one ends by a deadline or a cap, no
//! memory is theirs to take, and the other hosts do not notice.
//!
//! The hostile answers are a public generator's (`$COURANT_EVAL/tools/gen_hostile.py`).

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use courant_tests::gate::{self, Role, Source};
use courant_tests::press::Press;
use courant_tests::rig::{Manner, Rig};
use courant_tests::{Courant, eval, free_port, is_optimised, skipped, usage, wait, wait_for};

const GOOD: usize = 12;
const PAGES: usize = 10;
const GAP: f64 = 0.5;
/// The most memory that a crawl may ever have held.
const MEMORY_MB: u64 = 300;
/// What the other hosts keep of their pace.
const PACE: f64 = 0.9;

/// Paths of the generator's server.
const PATHS: &[&str] = &[
    "/gzip1g",
    "/gzip10g",
    "/gzip2layers",
    "/gzip100g-nested",
    "/slowloris-header",
    "/slow-body",
    "/endless",
    "/endless-header",
    "/header-1gb",
    "/lying-length",
    "/bad-chunk",
    "/redir/0",
    "/redir-self",
    "/redir-private",
    "/redir-file",
    "/redir-long",
    "/crlf-location",
    "/trap/x",
    "/same/1",
    "/etag-304-forever",
    "/status/999",
    "/status/503?ra=1",
    "/rst",
];

/// A process that ends with the test.
struct Ending(Child);

impl Drop for Ending {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn hostile_servers_take_neither_memory_nor_time_from_others() {
    let Some(generator) = eval::file("a crawl among hostile servers", "tools/gen_hostile.py") else { return };
    let files = tempfile::tempdir().expect("a folder");
    let written = Command::new("python3").arg(&generator).arg("write").arg(files.path()).output().expect("python3");
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let port = free_port();
    let server =
        Command::new("python3").arg(&generator).args(["serve", &port.to_string()]).stderr(Stdio::null()).spawn();
    let _server = Ending(server.expect("python3"));
    let behind = SocketAddr::from(([127, 0, 0, 1], port));
    wait("the hostile server", Duration::from_secs(10), || std::net::TcpStream::connect(behind).ok());

    let alone = crawl(&[]);
    let gates = gates(files.path(), behind);
    let beside = crawl(&gates);
    let kept = alone.took.as_secs_f64() / beside.took.as_secs_f64();
    let _ = writeln!(
        std::io::stderr(),
        "hostile: {} answers, {} MB at most ({} MB without them), the others keep {:.0} % of their pace, all ended in {:.0} s",
        gates.len(),
        beside.memory_mb,
        alone.memory_mb,
        kept * 100.0,
        beside.all.as_secs_f64()
    );
    assert_eq!((alone.articles, beside.articles >= alone.articles), ((GOOD * PAGES) as u64, true));
    if !is_optimised() {
        // It reads a hostile page for seconds, on the processors that the others need too.
        assert!(beside.memory_mb <= 2 * MEMORY_MB, "{} MB", beside.memory_mb);
        return skipped(
            "pace and memory among hostile servers",
            "an unoptimised build: `scripts/prove hostile` holds them",
        );
    }
    assert!(beside.memory_mb <= MEMORY_MB, "{} MB", beside.memory_mb);
    assert!(kept >= PACE, "{kept}: {:?} alone, {:?} beside hostile hosts", alone.took, beside.took);
}

/// A host for each answer: the server's paths as pages, the first of them as feeds and robots files
/// too; the files as what they are.
fn gates(files: &Path, behind: SocketAddr) -> Vec<(SocketAddr, &'static str)> {
    let mut wanted: Vec<(Role, Source, &'static str)> = Vec::new();
    for path in PATHS {
        let source = Source::Path((*path).to_owned());
        wanted.push((Role::Page, source.clone(), "feeds"));
        if PATHS.iter().position(|known| known == path) < Some(12) {
            wanted.push((Role::List, source.clone(), "feeds"));
            wanted.push((Role::Robots, source, "feeds"));
        }
    }
    for folder in ["html", "xml", "json", "text"] {
        let mut paths: Vec<PathBuf> = entries(&files.join(folder));
        paths.sort();
        for path in paths {
            let is_map = path.to_string_lossy().contains("sitemap");
            wanted.push(match folder {
                "html" => (Role::Page, Source::File(path, "text/html"), "feeds"),
                "text" => (Role::Robots, Source::File(path, "text/plain"), "feeds"),
                "json" => (Role::List, Source::File(path, "application/feed+json"), "feeds"),
                _ if is_map => (Role::List, Source::File(path, "application/xml"), "sitemaps"),
                _ => (Role::List, Source::File(path, "application/rss+xml"), "feeds"),
            });
        }
    }
    let numbered = (1u8..).zip(wanted);
    numbered
        .map(|(number, (role, source, list))| (gate::open(number, role, source, behind).expect("loopback"), list))
        .collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

struct Crawled {
    /// From the first request to the last answer of the good hosts' pages.
    took: Duration,
    /// Until the crawl ended.
    all: Duration,
    memory_mb: u64,
    articles: u64,
}

/// Crawls the good hosts and those behind the gates, from nothing.
fn crawl(gates: &[(SocketAddr, &'static str)]) -> Crawled {
    let rig = Rig::open(Press::new(PAGES, 60_000), vec![Manner::default(); GOOD], 0, true).expect("loopback");
    let catalogue = tempfile::tempdir().expect("a folder");
    rig.write_catalogue(catalogue.path()).expect("a catalogue");
    for (number, (place, list)) in gates.iter().enumerate() {
        let outlet = format!("name = \"Bad {number}\"\nhosts = [\"{place}\"]\n{list} = [\"http://{place}/list\"]\n");
        std::fs::write(catalogue.path().join(format!("outlets/bad-{number}.toml")), outlet).expect("written");
    }
    let courant = Courant::new(&format!(
        "[crawl]\ncontact = \"https://contact.example/\"\nconnect_seconds = 2\nheader_seconds = 4\ntotal_seconds = 8\n\
         [[crawl.local]]\nnetwork = \"127.76.0.0/14\"\ngap_seconds = {GAP}\n\
         [catalogue]\nfolder = \"{}\"\nbundled = false\n",
        catalogue.path().display()
    ));
    let began = Instant::now();
    let mut running = courant.start(&["crawl", "--once"]);
    let mut memory_mb = 0;
    let ended = wait_for(Duration::from_secs(170), || {
        memory_mb = memory_mb.max(usage::peak_mb(running.pid()).unwrap_or_default());
        (!running.is_alive()).then_some(())
    });
    assert!(ended.is_some(), "the crawl has not ended: {:?}", running.talk());
    let all = began.elapsed();
    running.end(Duration::from_secs(5)).done().did_not_panic();
    let pages: Vec<_> = rig.log().into_iter().filter(|seen| seen.path.starts_with("/news/")).collect();
    let first = rig.log().first().map(|seen| seen.began).unwrap_or_default();
    let last = pages.iter().map(|seen| seen.ended).max().unwrap_or_default();
    let articles = courant.run(&["status", "--json"]).done().json()["articles"].as_u64().expect("a number");
    Crawled { took: last - first, all, memory_mb, articles }
}
