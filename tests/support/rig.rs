//! Many newsrooms on loopback, each on an address of its own (127.77.x.y), quick enough to be no
//! brake on whoever crawls them: what throughput and politeness are measured against.
//!
//! Each connection is a thread, bodies are put together from parts that are made once, and every
//! request is written down as the server saw it: when it was there in full, when its answer was out.

use std::io::{self, BufReader, IoSlice, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::press::Press;

/// How one host behaves.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// `Crawl-delay` of its robots.txt, in seconds.
    pub crawl_delay: Option<f64>,
    /// Pages that its robots.txt disallows and its feed names all the same.
    pub forbidden: usize,
    /// Each answer takes so long.
    pub slow: Duration,
    /// The answer to so manieth request is this status, with `Retry-After` in seconds.
    pub turns_away: Option<(u64, u16, u64)>,
    /// Its robots.txt answers 503.
    pub no_robots: bool,
    /// Its last page redirects to the first page of the next host.
    pub redirects: bool,
}

/// One request as the server saw it. Times are since the rig began.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Which host, from 0.
    pub host: usize,
    /// Which connection, over all hosts.
    pub connection: u64,
    /// When the whole request was there.
    pub began: Duration,
    /// When the whole answer was out, or given up.
    pub ended: Duration,
    /// Path and query.
    pub path: String,
    /// What was answered.
    pub status: u16,
    /// It came with a validator.
    pub conditional: bool,
    /// The `Retry-After` that was sent, in seconds.
    pub retry_after: Option<u64>,
}

/// The hosts, while this is held; their log after.
pub struct Rig {
    shared: Arc<Shared>,
    hosts: Vec<SocketAddr>,
}

struct Shared {
    began: Instant,
    press: Press,
    manners: Vec<Manner>,
    addresses: Vec<SocketAddr>,
    /// Requests that each host has had.
    counts: Vec<AtomicU64>,
    connections: AtomicU64,
    log: Mutex<Vec<Seen>>,
    logs: bool,
}

/// The address of a host: 127.77.1.1 and on.
pub fn address(host: usize) -> IpAddr {
    let [high, low] = u16::try_from(host + 257).unwrap_or(u16::MAX).to_be_bytes();
    IpAddr::V4(Ipv4Addr::new(127, 77, high, low))
}

impl Rig {
    /// Opens one host for each manner, all on `port`, each with the press's pages.
    pub fn open(press: Press, manners: Vec<Manner>, port: u16, logs: bool) -> io::Result<Self> {
        let mut listeners = Vec::new();
        for host in 0..manners.len() {
            let port =
                listeners.first().map_or(Ok(port), |first: &TcpListener| first.local_addr().map(|a| a.port()))?;
            listeners.push(TcpListener::bind((address(host), port))?);
        }
        let hosts = listeners.iter().map(TcpListener::local_addr).collect::<io::Result<Vec<_>>>()?;
        let shared = Arc::new(Shared {
            began: Instant::now(),
            press,
            counts: manners.iter().map(|_| AtomicU64::new(0)).collect(),
            manners,
            addresses: hosts.clone(),
            connections: AtomicU64::new(0),
            log: Mutex::default(),
            logs,
        });
        for (host, listener) in listeners.into_iter().enumerate() {
            let shared = Arc::clone(&shared);
            thread::Builder::new().stack_size(128 * 1024).spawn(move || accept(host, &listener, &shared))?;
        }
        Ok(Self { shared, hosts })
    }

    /// Where each host listens.
    pub fn hosts(&self) -> &[SocketAddr] {
        &self.hosts
    }

    /// How each host behaves.
    pub fn manners(&self) -> &[Manner] {
        &self.shared.manners
    }

    /// The log so far, by when the requests were there.
    pub fn log(&self) -> Vec<Seen> {
        let mut log = self.shared.log().clone();
        log.sort_by_key(|seen| seen.began);
        log
    }

    /// How many requests were answered so far.
    pub fn answered(&self) -> u64 {
        self.shared.counts.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// A catalogue with one outlet for each host, as files of a folder `outlets`.
    pub fn write_catalogue(&self, folder: &std::path::Path) -> io::Result<()> {
        let outlets = folder.join("outlets");
        std::fs::create_dir_all(&outlets)?;
        for (number, host) in self.hosts.iter().enumerate() {
            let outlet = format!(
                "name = \"Rig {number}\"\nlanguages = [\"en\"]\nhomepage = \"http://{host}/\"\nhosts = [\"{host}\"]\n\
                 feeds = [\"http://{host}/feed.xml\"]\n"
            );
            std::fs::write(outlets.join(format!("rig-{number}.toml")), outlet)?;
        }
        Ok(())
    }
}

impl Shared {
    fn log(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn accept(host: usize, listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming().flatten() {
        let shared = Arc::clone(shared);
        // Its own thread may not come about where there are too many: then the connection is closed.
        let _ = thread::Builder::new().stack_size(128 * 1024).spawn(move || {
            let connection = shared.connections.fetch_add(1, Ordering::Relaxed);
            // Whoever hangs up is not waited for.
            let _ = serve(host, connection, &stream, &shared);
        });
    }
}

/// A request, as far as it matters here.
struct Asked {
    path: String,
    tag: Option<String>,
    closes: bool,
}

fn read(reader: &mut impl io::BufRead) -> io::Result<Option<Asked>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut asked = Asked { path, tag: None, closes: false };
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 || line.trim_end().is_empty() {
            return Ok(Some(asked));
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("if-none-match") {
            asked.tag = Some(value.trim().to_owned());
        } else if name.eq_ignore_ascii_case("connection") {
            asked.closes = value.trim().eq_ignore_ascii_case("close");
        }
    }
}

fn serve(host: usize, connection: u64, stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::with_capacity(4096, stream);
    while let Some(asked) = read(&mut reader)? {
        let began = shared.began.elapsed();
        let manner = &shared.manners[host];
        if !manner.slow.is_zero() {
            thread::sleep(manner.slow);
        }
        let answer = answer(host, &asked, shared);
        let written = write(stream, &answer);
        if shared.logs {
            let seen = Seen {
                host,
                connection,
                began,
                ended: shared.began.elapsed(),
                path: asked.path,
                status: answer.status,
                conditional: asked.tag.is_some(),
                retry_after: answer.retry_after,
            };
            shared.log().push(seen);
        }
        written?;
        if asked.closes {
            break;
        }
    }
    Ok(())
}

struct Answer<'a> {
    status: u16,
    headers: String,
    retry_after: Option<u64>,
    before: &'a [u8],
    own: Vec<u8>,
    after: &'a [u8],
}

fn write(mut stream: &TcpStream, answer: &Answer<'_>) -> io::Result<()> {
    let length = answer.before.len() + answer.own.len() + answer.after.len();
    let retry = answer.retry_after.map(|seconds| format!("Retry-After: {seconds}\r\n")).unwrap_or_default();
    let head = format!("HTTP/1.1 {} Told\r\nContent-Length: {length}\r\n{retry}{}\r\n", answer.status, answer.headers);
    let mut slices = [head.as_bytes(), answer.before, &answer.own, answer.after].map(IoSlice::new);
    let mut slices = slices.as_mut_slice();
    while !slices.is_empty() {
        let written = stream.write_vectored(slices)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        IoSlice::advance_slices(&mut slices, written);
    }
    stream.flush()
}

fn answer<'a>(host: usize, asked: &Asked, shared: &'a Shared) -> Answer<'a> {
    let number = shared.counts[host].fetch_add(1, Ordering::Relaxed) + 1;
    let manner = &shared.manners[host];
    let own = |status: u16, content_type: &str, own: String| Answer {
        status,
        headers: format!("Content-Type: {content_type}\r\n"),
        retry_after: None,
        before: &[],
        own: own.into_bytes(),
        after: &[],
    };
    if let Some((_, status, seconds)) = manner.turns_away.filter(|(turn, ..)| *turn == number) {
        return Answer { retry_after: Some(seconds), ..own(status, "text/plain", String::new()) };
    }
    let press = &shared.press;
    let place = &shared.addresses[host];
    match asked.path.as_str() {
        "/robots.txt" if manner.no_robots => own(503, "text/plain", String::new()),
        "/robots.txt" => own(200, "text/plain", robots(manner)),
        "/" => own(200, "text/html; charset=utf-8", press.front(host)),
        "/feed.xml" => {
            let tag = format!("\"feed-{host}\"");
            let known = asked.tag.as_deref() == Some(tag.as_str());
            let body = if known { String::new() } else { press.feed(host, place, manner.forbidden) };
            let mut answer = own(if known { 304 } else { 200 }, "application/rss+xml", body);
            answer.headers.push_str(&format!("ETag: {tag}\r\n"));
            answer
        }
        path => match path.strip_prefix("/news/").and_then(|rest| rest.split('-').next()?.parse::<usize>().ok()) {
            Some(page) if page < press.pages() => {
                if manner.redirects && page + 1 == press.pages() {
                    let next = shared.addresses[(host + 1) % shared.addresses.len()];
                    let mut moved = own(302, "text/plain", String::new());
                    moved.headers.push_str(&format!("Location: http://{next}{}\r\n", press.path(host + 1, 0)));
                    return moved;
                }
                let (before, after) = press.around();
                let mut answer = own(200, "text/html; charset=utf-8", String::new());
                answer.headers.push_str(&format!("ETag: \"{host}-{page}\"\r\n"));
                if asked.tag.as_deref() == Some(&format!("\"{host}-{page}\"")) {
                    answer.status = 304;
                    return answer;
                }
                answer.own = press.article(host, page, place).into_bytes();
                (answer.before, answer.after) = (before, after);
                answer
            }
            _ => own(404, "text/plain", "nothing here".to_owned()),
        },
    }
}

fn robots(manner: &Manner) -> String {
    let delay = manner.crawl_delay.map(|seconds| format!("Crawl-delay: {seconds}\n")).unwrap_or_default();
    format!("User-agent: *\n{delay}Disallow: /private/\n")
}
