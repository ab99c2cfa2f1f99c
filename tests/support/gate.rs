//! A host of its own address before a hostile server: what the server sends becomes this host's
//! robots.txt, feed or page, on an address that no other host shares.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Where the hostile answer comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// A path of the server behind the gate.
    Path(String),
    /// A file, with its media type.
    File(PathBuf, &'static str),
}

/// As what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// As the robots.txt; the feed then names a page that is none.
    Robots,
    /// As the feed (or the sitemap).
    List,
    /// As a page that the feed names.
    Page,
}

#[derive(Debug)]
struct Gate {
    role: Role,
    source: Source,
    place: SocketAddr,
    behind: SocketAddr,
}

/// Opens a gate on the `number`th address (127.78.0.1 and on). Its thread ends with the process.
pub fn open(number: u8, role: Role, source: Source, behind: SocketAddr) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((IpAddr::V4(Ipv4Addr::new(127, 78, 0, number)), 0))?;
    let place = listener.local_addr()?;
    let gate = Arc::new(Gate { role, source, place, behind });
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let gate = Arc::clone(&gate);
            // Whoever hangs up, on either side, ends it.
            thread::spawn(move || gate.serve(stream));
        }
    });
    Ok(place)
}

impl Gate {
    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && head.len() < 64_000 {
            if stream.read(&mut byte)? == 0 {
                return Ok(());
            }
            head.push(byte[0]);
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        let path = text.split(' ').nth(1).unwrap_or("/").to_owned();
        match (path.as_str(), self.role) {
            ("/robots.txt", Role::Robots) | ("/list", Role::List) | ("/page-of-ours", Role::Page) => {
                self.hostile(stream)
            }
            ("/robots.txt" | "/.well-known/tdmrep.json", _) => answer(&mut stream, 404, "text/plain", b""),
            ("/list", _) => {
                let page = format!("http://{}/page-of-ours", self.place);
                let feed = format!(
                    "<rss version='2.0'><channel><title>x</title><item><link>{page}</link></item></channel></rss>"
                );
                answer(&mut stream, 200, "application/rss+xml", feed.as_bytes())
            }
            // Where a redirect of the server leads on.
            _ => self.behind(stream, &path),
        }
    }

    fn hostile(&self, mut stream: TcpStream) -> io::Result<()> {
        match &self.source {
            Source::Path(path) => self.behind(stream, path),
            Source::File(path, kind) => answer(&mut stream, 200, kind, &std::fs::read(path)?),
        }
    }

    fn behind(&self, mut stream: TcpStream, path: &str) -> io::Result<()> {
        let mut server = TcpStream::connect(self.behind)?;
        write!(server, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.place)?;
        io::copy(&mut server, &mut stream).map(drop)
    }
}

fn answer(stream: &mut TcpStream, status: u16, kind: &str, body: &[u8]) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} Told\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)
}
