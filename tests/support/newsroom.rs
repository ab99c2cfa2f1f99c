//! A rude newsroom of our own on loopback: it answers as a test scripts it, slowly, endlessly, with
//! nonsense or not at all, and writes down who asked what when, so that politeness can be audited.
//!
//! Each request is a thread and each answer closes its connection: what is under way at a moment is
//! exactly what the visitor has open.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What was asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// The host named, without its port.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// The value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
    after: Duration,
}

#[derive(Debug, Clone)]
enum Body {
    Bytes(Vec<u8>),
    /// So many bytes of HTML, made up while they are sent.
    Sized(u64),
    /// A byte now and then, for as long as anybody listens.
    Endless,
    /// The connection is closed without a word.
    HangUp,
}

impl Answer {
    fn new(status: u16, content_type: &str, body: Body) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self { status, headers, body, after: Duration::ZERO }
    }

    /// A page.
    pub fn html(body: impl Into<String>) -> Self {
        Self::new(200, "text/html; charset=utf-8", Body::Bytes(body.into().into_bytes()))
    }

    /// A feed or sitemap.
    pub fn xml(body: impl Into<String>) -> Self {
        Self::new(200, "application/xml", Body::Bytes(body.into().into_bytes()))
    }

    /// A robots.txt.
    pub fn plain(body: impl Into<String>) -> Self {
        Self::new(200, "text/plain", Body::Bytes(body.into().into_bytes()))
    }

    /// Only a status.
    pub fn status(status: u16) -> Self {
        Self::new(status, "text/html", Body::Bytes(format!("<p>{status}</p>").into_bytes()))
    }

    /// A move to another address.
    pub fn moved(to: &str) -> Self {
        Self::status(302).with("Location", to)
    }

    /// A page of so many bytes.
    pub fn sized(bytes: u64) -> Self {
        Self::new(200, "text/html; charset=utf-8", Body::Sized(bytes))
    }

    /// A page that never ends.
    pub fn endless() -> Self {
        Self::new(200, "text/html; charset=utf-8", Body::Endless)
    }

    /// The connection closed without a word.
    pub fn hang_up() -> Self {
        Self::new(0, "", Body::HangUp)
    }

    /// The same with a header. An `ETag` is honoured: who shows it gets a 304.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, given after a while.
    pub fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }

    fn etag(&self) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name == "ETag").map(|(_, value)| value.as_str())
    }
}

/// One request as it went.
#[derive(Debug, Clone)]
pub struct Visit {
    /// What was asked.
    pub request: Request,
    /// When its head was there.
    pub begun: Instant,
    /// When the answer was out, or the visitor gone.
    pub ended: Instant,
    /// The status answered; 0 where none was.
    pub status: u16,
    /// Other requests for the same host that were under way when it began.
    pub beside: usize,
    /// Bytes of the body that were taken.
    pub taken: u64,
}

type Script = HashMap<(String, String), Answer>;

#[derive(Debug, Default)]
struct Desk {
    script: Mutex<Script>,
    open: Mutex<HashMap<String, usize>>,
    visits: Mutex<Vec<Visit>>,
}

/// The newsroom. Its threads end with the process.
#[derive(Debug, Clone)]
pub struct Newsroom {
    address: SocketAddr,
    desk: Arc<Desk>,
}

impl Newsroom {
    /// Opens on a free port. What nobody scripted is a 404.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback can be listened on");
        let address = listener.local_addr().expect("a bound socket has an address");
        let desk = Arc::new(Desk::default());
        let served = Arc::clone(&desk);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let desk = Arc::clone(&served);
                std::thread::spawn(move || desk.serve(stream));
            }
        });
        Self { address, desk }
    }

    /// `http://HOST:PORT` and `path`.
    pub fn url(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.address.port())
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What `path` of `host` answers from now on.
    pub fn put(&self, host: &str, path: &str, answer: Answer) {
        lock(&self.desk.script).insert((host.to_owned(), path.to_owned()), answer);
    }

    /// All visits to `host` so far, in order of their begin.
    pub fn visits(&self, host: &str) -> Vec<Visit> {
        let mut visits: Vec<Visit> =
            lock(&self.desk.visits).iter().filter(|visit| visit.request.host == host).cloned().collect();
        visits.sort_by_key(|visit| visit.begun);
        visits
    }

    /// The paths asked of `host` so far, in order.
    pub fn paths(&self, host: &str) -> Vec<String> {
        self.visits(host).into_iter().map(|visit| visit.request.path).collect()
    }

    /// How many requests for `host` are being answered at this moment.
    pub fn under_way(&self, host: &str) -> usize {
        lock(&self.desk.open).get(host).copied().unwrap_or_default()
    }

    /// Forgets the visits so far.
    pub fn forget(&self) {
        lock(&self.desk.visits).clear();
    }
}

impl Desk {
    fn serve(&self, mut stream: TcpStream) {
        let Some(request) = read_head(&stream) else { return };
        let begun = Instant::now();
        let beside = self.enter(&request.host);
        let key = (request.host.clone(), request.path.clone());
        let mut answer = lock(&self.script).get(&key).cloned().unwrap_or_else(|| Answer::status(404));
        if answer.etag().is_some() && answer.etag() == request.header("if-none-match") {
            answer.status = 304;
            answer.body = Body::Bytes(Vec::new());
        }
        std::thread::sleep(answer.after);
        let taken = send(&mut stream, &answer);
        // The visit ends when the visitor may know that it has: not after our socket is closed.
        let ended = Instant::now();
        let status = answer.status;
        self.leave(&request.host);
        lock(&self.visits).push(Visit { request, begun, ended, status, beside, taken });
    }

    fn enter(&self, host: &str) -> usize {
        let mut open = lock(&self.open);
        let count = open.entry(host.to_owned()).or_default();
        *count += 1;
        *count - 1
    }

    fn leave(&self, host: &str) {
        if let Some(count) = lock(&self.open).get_mut(host) {
            *count -= 1;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_head(stream: &TcpStream) -> Option<Request> {
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let mut lines = BufReader::new(stream.take(64 << 10)).lines().map_while(Result::ok);
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let host = headers.iter().find(|(name, _)| name == "host")?.1.clone();
    let host = host.split(':').next().unwrap_or_default().to_owned();
    Some(Request { host, path, headers })
}

/// Returns how many bytes of the body were taken.
fn send(stream: &mut TcpStream, answer: &Answer) -> u64 {
    let length = match &answer.body {
        Body::HangUp => return 0,
        Body::Bytes(bytes) => Some(bytes.len() as u64),
        Body::Sized(length) => Some(*length),
        Body::Endless => None,
    };
    let mut head = format!("HTTP/1.1 {} Scripted\r\nConnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(length) = length {
        head.push_str(&format!("Content-Length: {length}\r\n"));
    }
    head.push_str("\r\n");
    if stream.write_all(head.as_bytes()).is_err() {
        return 0;
    }
    match &answer.body {
        Body::HangUp => 0,
        Body::Bytes(bytes) => stream.write_all(bytes).map_or(0, |()| bytes.len() as u64),
        Body::Sized(length) => send_filler(stream, *length),
        Body::Endless => drip(stream),
    }
}

fn send_filler(stream: &mut TcpStream, length: u64) -> u64 {
    let chunk = "<p>All work and no play makes a very long page indeed.</p>\n".repeat(1_000).into_bytes();
    let mut taken = 0;
    while taken < length {
        let part = chunk.len().min(usize::try_from(length - taken).unwrap_or(usize::MAX));
        if stream.write_all(&chunk[..part]).is_err() {
            break;
        }
        taken += part as u64;
    }
    taken
}

fn drip(stream: &mut TcpStream) -> u64 {
    let mut taken = 0;
    while stream.write_all(b"<p>and then</p>\n").is_ok() {
        taken += 16;
        std::thread::sleep(Duration::from_millis(50));
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http;

    #[test]
    fn it_answers_as_scripted_and_writes_it_down() {
        let newsroom = Newsroom::open();
        newsroom.put("127.0.0.1", "/a", Answer::html("<p>a</p>").with("ETag", "\"1\""));
        let url = newsroom.url("127.0.0.1", "/a");
        assert_eq!(http::get(&url).text(), "<p>a</p>");
        let again = http::try_get(&url, &[("If-None-Match", "\"1\"")]).unwrap();
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(http::get(&newsroom.url("127.0.0.1", "/b")).status, 404);
        newsroom.put("127.0.0.1", "/big", Answer::sized(300_000));
        assert_eq!(http::get(&newsroom.url("127.0.0.1", "/big")).body.len(), 300_000);
        newsroom.put("127.0.0.1", "/mute", Answer::hang_up());
        assert!(http::try_get(&newsroom.url("127.0.0.1", "/mute"), &[]).is_err());
        let all = || newsroom.visits("127.0.0.1");
        let visits =
            crate::wait("five visits written down", Duration::from_secs(5), || Some(all()).filter(|v| v.len() == 5));
        let statuses: Vec<u16> = visits.iter().map(|visit| visit.status).collect();
        assert_eq!(statuses, [200, 304, 404, 200, 0]);
        assert!(visits.iter().all(|visit| visit.beside == 0 && visit.ended >= visit.begun));
    }
}
