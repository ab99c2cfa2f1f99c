//! Many newsrooms on loopback, each on an address of its own (127.77.x.y) or with others behind one
//! (`rig-N.localhost`), quick enough to be no brake on whoever crawls them: what throughput and
//! politeness are measured against.
//!
//! Each connection is a thread, bodies are put together from parts that are made once, and every
//! request is written down as the server saw it. An answer's end is noted before its last byte is
//! sent: whoever asks before that moment cannot have had all of it, however late this thread was.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, BufReader, IoSlice, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
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
    /// It has only so many of the press's pages.
    pub pages: Option<usize>,
    /// It lives at 127.0.0.1 under a name, as all others of its kind.
    pub shares: bool,
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
    /// Just before the last byte of the answer was sent, or when whoever asked had hung up.
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

impl Seen {
    /// As a line of a log: JSON, times in milliseconds.
    pub fn line(&self) -> String {
        serde_json::json!({
            "host": self.host, "connection": self.connection, "began": self.began.as_secs_f64() * 1000.0,
            "ended": self.ended.as_secs_f64() * 1000.0, "path": self.path, "status": self.status,
            "conditional": self.conditional, "retry_after": self.retry_after,
        })
        .to_string()
    }
}

/// The hosts, while this is held; their log after.
pub struct Rig {
    shared: Arc<Shared>,
}

struct Shared {
    began: Instant,
    press: Press,
    manners: Vec<Manner>,
    /// The hosts as addresses of pages name them, port and all.
    names: Vec<String>,
    by_name: HashMap<String, usize>,
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
        let (mut listeners, mut names, mut port) = (Vec::new(), Vec::new(), port);
        for (host, manner) in manners.iter().enumerate() {
            let listener = TcpListener::bind((address(host), port))?;
            port = listener.local_addr()?.port();
            let shares = manner.shares;
            names.push(if shares {
                format!("rig-{host}.localhost:{port}")
            } else {
                listener.local_addr()?.to_string()
            });
            if !shares {
                listeners.push((Some(host), listener));
            }
        }
        if manners.iter().any(|manner| manner.shares) {
            listeners.push((None, TcpListener::bind((Ipv4Addr::LOCALHOST, port))?));
        }
        let shared = Arc::new(Shared {
            began: Instant::now(),
            press,
            counts: manners.iter().map(|_| AtomicU64::new(0)).collect(),
            manners,
            by_name: names.iter().enumerate().map(|(host, name)| (name.clone(), host)).collect(),
            names,
            connections: AtomicU64::new(0),
            log: Mutex::default(),
            logs,
        });
        for (host, listener) in listeners {
            let shared = Arc::clone(&shared);
            thread::Builder::new().stack_size(128 * 1024).spawn(move || accept(host, &listener, &shared))?;
        }
        Ok(Self { shared })
    }

    /// The hosts as addresses of pages name them, port and all.
    pub fn hosts(&self) -> &[String] {
        &self.shared.names
    }

    /// When times of the log are counted from.
    pub fn began(&self) -> Instant {
        self.shared.began
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

    /// Writes the log so far to a file, a line of JSON for each request.
    pub fn write_log(&self, file: &Path) -> io::Result<()> {
        let lines: String = self.log().iter().map(|seen| seen.line() + "\n").collect();
        std::fs::write(file, lines)
    }

    /// A catalogue with one outlet for each host, as files of a folder `outlets`.
    pub fn write_catalogue(&self, folder: &Path) -> io::Result<()> {
        let outlets = folder.join("outlets");
        std::fs::create_dir_all(&outlets)?;
        for (number, host) in self.hosts().iter().enumerate() {
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

fn accept(host: Option<usize>, listener: &TcpListener, shared: &Arc<Shared>) {
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
#[derive(Default)]
struct Asked {
    path: String,
    name: String,
    tag: Option<String>,
    closes: bool,
}

fn read(reader: &mut impl io::BufRead) -> io::Result<Option<Asked>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut asked = Asked { path: line.split(' ').nth(1).unwrap_or("/").to_owned(), ..Asked::default() };
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 || line.trim_end().is_empty() {
            return Ok(Some(asked));
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("if-none-match") {
            asked.tag = Some(value.trim().to_owned());
        } else if name.eq_ignore_ascii_case("host") {
            asked.name = value.trim().to_owned();
        } else if name.eq_ignore_ascii_case("connection") {
            asked.closes = value.trim().eq_ignore_ascii_case("close");
        }
    }
}

/// Answers what comes over a connection to `host`, or to whom the requests name where several share an
/// address.
fn serve(host: Option<usize>, connection: u64, stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::with_capacity(4096, stream);
    while let Some(asked) = read(&mut reader)? {
        let began = shared.began.elapsed();
        let Some(host) = host.or_else(|| shared.by_name.get(&asked.name).copied()) else { break };
        let stays = stays(stream, shared.manners[host].slow)?;
        let answer = answer(host, &asked, shared);
        let ended = match stays {
            true => write(stream, &answer, shared),
            false => Err(io::ErrorKind::BrokenPipe.into()),
        };
        if shared.logs {
            let seen = Seen {
                host,
                connection,
                began,
                ended: ended.as_ref().map_or_else(|_| shared.began.elapsed(), |ended| *ended),
                path: asked.path,
                status: answer.status,
                conditional: asked.tag.is_some(),
                retry_after: answer.retry_after,
            };
            shared.log().push(seen);
        }
        ended?;
        if asked.closes {
            break;
        }
    }
    Ok(())
}

/// Takes its time, unless whoever asked hangs up meanwhile. Returns whether they are still there.
fn stays(stream: &TcpStream, time: Duration) -> io::Result<bool> {
    if time.is_zero() {
        return Ok(true);
    }
    stream.set_read_timeout(Some(time))?;
    let heard = stream.peek(&mut [0]);
    stream.set_read_timeout(None)?;
    Ok(heard.is_err_and(|error| matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)))
}

#[derive(Default)]
struct Answer<'a> {
    status: u16,
    headers: String,
    retry_after: Option<u64>,
    body: [Cow<'a, [u8]>; 4],
}

/// Writes the answer, and tells the moment before its last byte.
fn write(mut stream: &TcpStream, answer: &Answer<'_>, shared: &Shared) -> io::Result<Duration> {
    let length: usize = answer.body.iter().map(|part| part.len()).sum();
    let retry = answer.retry_after.map(|seconds| format!("Retry-After: {seconds}\r\n")).unwrap_or_default();
    let head = format!("HTTP/1.1 {} Told\r\nContent-Length: {length}\r\n{retry}{}\r\n", answer.status, answer.headers);
    let mut parts = [head.as_bytes(), &answer.body[0], &answer.body[1], &answer.body[2], &answer.body[3]];
    // Without a log, nobody wants to know when the last byte left.
    let mut last: &[u8] = &[];
    if let Some(part) = parts.iter_mut().rev().find(|part| !part.is_empty()).filter(|_| shared.logs) {
        (*part, last) = part.split_at(part.len() - 1);
    }
    let mut slices = parts.map(IoSlice::new);
    let mut slices = slices.as_mut_slice();
    // Parts without bytes at the end are no reason to write again.
    IoSlice::advance_slices(&mut slices, 0);
    while !slices.is_empty() {
        let written = stream.write_vectored(slices)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        IoSlice::advance_slices(&mut slices, written);
    }
    let ended = shared.began.elapsed();
    stream.write_all(last)?;
    Ok(ended)
}

fn answer<'a>(host: usize, asked: &Asked, shared: &'a Shared) -> Answer<'a> {
    let number = shared.counts[host].fetch_add(1, Ordering::Relaxed) + 1;
    let manner = &shared.manners[host];
    let own = |status: u16, content_type: &str, own: String| Answer {
        status,
        headers: format!("Content-Type: {content_type}\r\n"),
        body: [own.into_bytes().into(), Default::default(), Default::default(), Default::default()],
        ..Answer::default()
    };
    if let Some((_, status, seconds)) = manner.turns_away.filter(|(turn, ..)| *turn == number) {
        return Answer { retry_after: Some(seconds), ..own(status, "text/plain", String::new()) };
    }
    let (press, place) = (&shared.press, shared.names[host].as_str());
    let pages = manner.pages.unwrap_or(press.pages());
    match asked.path.as_str() {
        "/robots.txt" if manner.no_robots => own(503, "text/plain", String::new()),
        "/robots.txt" => own(200, "text/plain", robots(manner)),
        "/" => own(200, "text/html; charset=utf-8", press.front(host, pages)),
        "/feed.xml" => {
            let tag = format!("\"feed-{host}\"");
            let known = asked.tag.as_deref() == Some(tag.as_str());
            let body = if known { String::new() } else { press.feed(host, place, pages, manner.forbidden) };
            let mut answer = own(if known { 304 } else { 200 }, "application/rss+xml", body);
            answer.headers.push_str(&format!("ETag: {tag}\r\n"));
            answer
        }
        path => match path.strip_prefix("/news/").and_then(|rest| rest.split('-').next()?.parse::<usize>().ok()) {
            Some(page) if manner.redirects && page + 1 == pages => {
                let next = (host + 1) % shared.names.len();
                let mut moved = own(302, "text/plain", String::new());
                moved.headers.push_str(&format!("Location: http://{}{}\r\n", shared.names[next], press.path(next, 0)));
                moved
            }
            Some(page) if page < pages => {
                let tag = format!("\"{host}-{page}\"");
                let known = asked.tag.as_deref() == Some(tag.as_str());
                let mut answer = own(if known { 304 } else { 200 }, "text/html; charset=utf-8", String::new());
                answer.headers.push_str(&format!("ETag: {tag}\r\n"));
                if !known {
                    let page = press.page(host, page, place);
                    answer.body = [
                        page.head.into_bytes().into(),
                        page.menu.into(),
                        page.article.into_bytes().into(),
                        page.foot.into(),
                    ];
                }
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
