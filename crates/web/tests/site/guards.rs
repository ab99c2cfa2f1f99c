//! What guards the reader: headers on every answer, and the names that the site answers to.

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
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let corpus = plant().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let serving = tokio::spawn(courant_web::serve(listener, courant_web::site(corpus.site.clone()), shutdown));
    let mut socket = tokio::net::TcpStream::connect(address).await.expect("a connection");
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.expect("asked");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    stop.send(()).expect("told");
    serving.await.expect("joined").expect("ended well");
}
