//! A server on loopback that answers as a test scripts it and remembers who asked, a ledger that a
//! test can look into, and guests that use both.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use courant_crawl::{Alone, Claim, Fault, Guest, Hosts, Ledger, Manners, Pace, Visit};
use courant_model::{CanonicalUrl, HostState, KeptFile, OriginFile, OutletId, Target, TargetKind, Validators};
use courant_outbound::{Client, Config};
use jiff::{SignedDuration, Timestamp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Answers by path, each its status, its fields, an empty line and a body of any bytes; `/robots.txt`
/// is missing unless it is named.
pub(crate) type Pages = HashMap<String, Vec<u8>>;

pub(crate) fn pages<const N: usize>(pages: [(&str, String); N]) -> Pages {
    pages.into_iter().map(|(path, page)| (path.to_owned(), page.into_bytes())).collect()
}

#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// `host path`, in order.
    pub(crate) requests: Vec<String>,
    /// Whole requests.
    pub(crate) texts: Vec<String>,
    pub(crate) at_once: usize,
    pub(crate) most_at_once: usize,
}

/// A server that answers for any name, and remembers.
pub(crate) struct Server {
    address: SocketAddr,
    pub(crate) seen: Arc<Mutex<Seen>>,
}

impl Server {
    pub(crate) async fn new(pages: impl Fn(u16) -> Pages) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback");
        let address = listener.local_addr().expect("an address");
        let pages = Arc::new(pages(address.port()));
        let seen = Arc::new(Mutex::new(Seen::default()));
        let server = Self { address, seen: Arc::clone(&seen) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&pages), Arc::clone(&seen)));
            }
        });
        server
    }

    pub(crate) fn target(&self, name: &str, path: &str) -> Target {
        let url = format!("http://{name}.localhost:{}{path}", self.address.port());
        let known = CanonicalUrl::parse(&url).expect("a URL");
        // Of a list: before a page its origin's reservations are asked for, which have tests of their own.
        let mut target = Target::new(known, TargetKind::Feed, OutletId::new("press"), now());
        target.ask = url;
        target
    }

    pub(crate) fn page(&self, name: &str, path: &str) -> Target {
        Target { kind: TargetKind::Page, ..self.target(name, path) }
    }

    pub(crate) fn origin(&self, name: &str) -> String {
        format!("http://{}", self.host(name))
    }

    pub(crate) fn host(&self, name: &str) -> String {
        format!("{name}.localhost:{}", self.address.port())
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.lock().expect("lock").requests.clone()
    }
}

async fn answer(mut stream: TcpStream, pages: Arc<Pages>, seen: Arc<Mutex<Seen>>) -> std::io::Result<()> {
    let mut buffer = vec![0; 16_384];
    let read = stream.read(&mut buffer).await?;
    let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let host = request.lines().find_map(|line| line.to_lowercase().strip_prefix("host: ").map(str::to_owned));
    let name = host.unwrap_or_default().split('.').next().unwrap_or_default().to_owned();
    {
        let mut seen = seen.lock().expect("lock");
        seen.requests.push(format!("{name} {path}"));
        seen.texts.push(request.clone());
        seen.at_once += 1;
        seen.most_at_once = seen.most_at_once.max(seen.at_once);
    }
    let key = format!("{name} {path}");
    let page = pages.get(&key).or_else(|| pages.get(&path)).cloned();
    let page = page.unwrap_or_else(|| b"404 Not Found\n\nnothing here".to_vec());
    let end = page.windows(2).position(|two| two == b"\n\n").unwrap_or(page.len());
    let (head, body) = (String::from_utf8_lossy(&page[..end]), page.get(end + 2..).unwrap_or_default());
    if head.contains("X-Slow") {
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    // Long enough that two at once would be seen.
    tokio::time::sleep(Duration::from_millis(5)).await;
    seen.lock().expect("lock").at_once -= 1;
    let head = head.replace('\n', "\r\n");
    let text = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(&[text.as_bytes(), body].concat()).await?;
    stream.shutdown().await
}

pub(crate) fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().expect("a timestamp")
}

pub(crate) fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

/// A ledger that a test can look into.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) files: Mutex<HashMap<(String, OriginFile), KeptFile>>,
    pub(crate) hosts: Mutex<HashMap<String, HostState>>,
    pub(crate) claims: Mutex<Vec<String>>,
    /// Hosts that another worker has.
    pub(crate) taken: Vec<String>,
    pub(crate) broken: bool,
}

impl Memory {
    pub(crate) fn knowing(origin: &str, file: OriginFile, body: &[u8], fetched: Timestamp) -> Self {
        let validators = Validators { etag: Some("\"7\"".into()), last_modified: None };
        let kept =
            KeptFile { origin: origin.to_owned(), file, status: Some(200), body: body.to_vec(), validators, fetched };
        let memory = Self::default();
        memory.files.lock().expect("lock").insert((origin.to_owned(), file), kept);
        memory
    }

    pub(crate) fn kept(&self, origin: &str, file: OriginFile) -> Option<KeptFile> {
        self.files.lock().expect("lock").get(&(origin.to_owned(), file)).cloned()
    }
}

#[async_trait]
impl Ledger for Memory {
    async fn claim(&self, host: &str, address: IpAddr, gap: SignedDuration) -> Result<Claim, Fault> {
        if self.broken {
            return Err("the record is gone".into());
        }
        if self.taken.iter().any(|taken| taken == host) {
            return Ok(Claim::Taken { until: after(10), why: "another worker".into() });
        }
        self.claims.lock().expect("lock").push(format!("{host} at {address}"));
        let kept = self.hosts.lock().expect("lock").get(host).cloned();
        Ok(Claim::Ours { state: kept.unwrap_or_else(|| HostState::new(host, now(), gap)), until: Timestamp::MAX })
    }

    async fn keep_host(&self, state: &HostState) -> Result<(), Fault> {
        self.hosts.lock().expect("lock").insert(state.host.clone(), state.clone());
        Ok(())
    }

    async fn file(&self, origin: &str, file: OriginFile) -> Result<Option<KeptFile>, Fault> {
        Ok(self.kept(origin, file))
    }

    async fn keep_file(&self, file: &KeptFile) -> Result<(), Fault> {
        self.files.lock().expect("lock").insert((file.origin.clone(), file.file), file.clone());
        Ok(())
    }
}

pub(crate) fn guest() -> Guest {
    guest_with(0, Arc::new(Alone))
}

pub(crate) fn guest_with(patience: i64, ledger: Arc<dyn Ledger>) -> Guest {
    let local: courant_outbound::IpNet = "127.0.0.0/8".parse().expect("a network");
    let config = Config {
        allow: vec![local],
        header: Duration::from_millis(300),
        total: Duration::from_secs(2),
        ..Config::new("Courant-test/1.0 (+https://contact.example/)")
    };
    let pace = Pace { networks: vec![(local, SignedDuration::ZERO)], ..Pace::default() };
    let manners = Manners { patience: SignedDuration::from_secs(patience), ..Manners::new("Courant-test") };
    Guest::new(Arc::new(Client::new(config).expect("a client")), Hosts::new(pace), manners, ledger)
}

pub(crate) async fn visit(guest: &Guest, target: &Target) -> Visit {
    guest.visit(target, &now).await.expect("the ledger works")
}

pub(crate) fn page(text: &str) -> String {
    format!("200 OK\nContent-Type: text/html\n\n{text}")
}
