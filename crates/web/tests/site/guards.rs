//! What guards the reader: headers on every answer, and the names that the site answers to.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::corpus::plant;
use crate::reader::Reader;

#[tokio::test]
async fn every_answer_forbids_what_hostile_words_would_need() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    for address in
        ["/", "/nowhere", "/api/v1/search", "/api/v1/nothing", "/static/style.css", "/search.atom", "/healthz"]
    {
        let answer = reader.get(address).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{address}: {policy}");
        assert!(!policy.contains("unsafe"), "{address}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{address}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{address}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{address}");
    }
}

#[tokio::test]
async fn only_its_own_names_are_answered_to() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    for (host, status) in [
        ("127.0.0.1:8080", 200),
        ("localhost", 200),
        ("LOCALHOST:8080", 200),
        ("[::1]:8080", 200),
        ("courant.localhost:9", 200),
        ("courant.example", 200),
        ("evil.example", 421),
        ("evil.example:8080", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("notlocalhost", 421),
        ("", 421),
    ] {
        for address in ["/", "/api/v1/search", "/static/style.css"] {
            assert_eq!(reader.ask("GET", address, &[("host", host)]).await.status, status, "{host} {address}");
        }
    }
    assert_eq!(reader.ask("GET", "/healthz", &[("host", "10.0.0.7:8080")]).await.status, 200);
}

#[tokio::test]
async fn the_stylesheet_is_kept_for_good_under_the_address_that_pages_give() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let page = reader.get("/").await.body;
    let start = page.find("/static/style.css?v=").expect("a stylesheet");
    let address: String = page[start..].chars().take_while(|c| *c != '"').collect();
    let style = reader.get(&address).await;
    assert_eq!((style.status.as_u16(), style.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(style.header("cache-control").contains("immutable"));
    for outside in ["@import", "http:", "https:", "url("] {
        assert!(!style.body.contains(outside), "the stylesheet asks for {outside}");
    }
    assert_eq!(reader.get("/").await.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn answers_are_compressed_for_who_asks() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let answer = reader.ask("GET", "/", &[("accept-encoding", "gzip")]).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-encoding")), (200, "gzip"));
}

#[tokio::test]
async fn it_serves_on_a_socket_and_ends_when_told() {
    let corpus = plant().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let serving = tokio::spawn(courant_web::serve(listener, courant_web::site(corpus.site.clone()), shutdown));
    let mut socket = TcpStream::connect(address).await.expect("a connection");
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.expect("asked");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    stop.send(()).expect("told");
    serving.await.expect("joined").expect("ended well");
}

/// A site with one large answer: where it is served, and the word that ends it.
async fn large_site() -> (SocketAddr, oneshot::Sender<()>, JoinHandle<std::io::Result<()>>) {
    let router = axum::Router::new().route("/", axum::routing::get(|| async { vec![b'a'; LARGE] }));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move {
        let _ = stopped.await;
    };
    (address, stop, tokio::spawn(courant_web::serve(listener, router, shutdown)))
}

/// More than the buffers of two sockets hold.
const LARGE: usize = 64 << 20;

async fn send(address: SocketAddr, words: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.expect("a connection");
    socket.write_all(words.as_bytes()).await.expect("sent");
    socket
}

#[tokio::test]
async fn readers_who_stop_midway_do_not_hold_the_end() {
    let (address, stop, serving) = large_site().await;
    let _half = send(address, "GET / HTTP/1.1\r\nhost: a").await;
    let mut full = send(address, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    full.read_exact(&mut [0]).await.expect("the answer begins");
    // From here on time passes only where everybody waits.
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    stop.send(()).expect("told");
    serving.await.expect("joined").expect("ended well");
    let took = begun.elapsed().as_secs_f32();
    assert!((3.0..4.0).contains(&took), "{took}");
    // They are cut off, not left to a task that outlives the server.
    let mut rest = Vec::new();
    let _ = full.read_to_end(&mut rest).await;
    assert!(rest.len() < LARGE, "{}", rest.len());
}

#[tokio::test]
async fn half_a_request_is_not_waited_for_long() {
    let (address, _stop, _serving) = large_site().await;
    let mut half = send(address, "GET / HTTP/1.1\r\nhost: a").await;
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    let mut answer = Vec::new();
    half.read_to_end(&mut answer).await.expect("closed");
    let took = begun.elapsed().as_secs_f32();
    assert!(!answer.starts_with(b"HTTP/1.1 200") && (9.0..12.0).contains(&took), "{took}");
}
