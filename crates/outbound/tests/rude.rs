//! The client against a real server on loopback that is slow, endless, broken and lying. Every case
//! ends by a deadline or a cap, with an error that says what the caller can do.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use courant_outbound::{Client, Config, OutboundError, Refusal, Request, Response, SMALL_DECODED, SMALL_RAW};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// What the server does next.
enum Step {
    Send(Vec<u8>),
    /// The same bytes, for as long as anybody takes them.
    Forever(Vec<u8>),
    Wait(Duration),
}

fn send(text: &str) -> Step {
    Step::Send(text.replace('\n', "\r\n").into_bytes())
}

/// A server, the requests it got, and how many connections.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<usize>>,
}

impl Server {
    async fn new(steps: impl Fn(&str) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback");
        let address = listener.local_addr().expect("an address");
        let (requests, connections) = (Arc::default(), Arc::default());
        let server = Self { address, requests: Arc::clone(&requests), connections: Arc::clone(&connections) };
        let steps = Arc::new(steps);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *connections.lock().expect("lock") += 1;
                tokio::spawn(answer(stream, Arc::clone(&requests), Arc::clone(&steps)));
            }
        });
        server
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).expect("a URL")
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("lock").clone()
    }
}

async fn answer(
    mut stream: TcpStream,
    requests: Arc<Mutex<Vec<String>>>,
    steps: Arc<impl Fn(&str) -> Vec<Step> + Send + Sync + 'static>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 16_384];
    loop {
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
        requests.lock().expect("lock").push(request.clone());
        let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut open = false;
        for step in steps(&path) {
            match step {
                Step::Send(bytes) => {
                    open = bytes.windows(10).any(|part| part.eq_ignore_ascii_case(b"keep-alive"));
                    stream.write_all(&bytes).await?;
                }
                Step::Forever(bytes) => loop {
                    stream.write_all(&bytes).await?;
                },
                Step::Wait(pause) => tokio::time::sleep(pause).await,
            }
        }
        if !open {
            return stream.shutdown().await;
        }
    }
}

fn config() -> Config {
    Config {
        allow: vec!["127.0.0.0/8".parse().expect("a network")],
        connect: Duration::from_millis(500),
        header: Duration::from_millis(400),
        total: Duration::from_millis(900),
        max_raw: 300_000,
        max_decoded: 500_000,
        ..Config::new("Courant-test/1.0 (+https://contact.example/)")
    }
}

async fn get(url: &Url, config: Config) -> Result<Response, OutboundError> {
    let client = Client::new(config)?;
    let to = client.resolve(url).await?;
    client.send(Request { url: url.clone(), headers: Vec::new() }, &to).await
}

async fn asked(steps: impl Fn(&str) -> Vec<Step> + Send + Sync + 'static) -> Result<Response, OutboundError> {
    let server = Server::new(steps).await;
    get(&server.url("/"), config()).await
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).expect("in memory");
    encoder.finish().expect("in memory")
}

#[tokio::test]
async fn an_answer_is_handed_over_as_it_came() {
    let body = "<p>Déjà vu</p>".repeat(100);
    let packed = gzip(body.as_bytes());
    let head = format!(
        "HTTP/1.1 404 Gone Fishing\nContent-Type: text/html\nX-Two: a\nX-Two: b\nContent-Encoding: gzip\nContent-Length: {}\n\n",
        packed.len()
    );
    let sent = packed.clone();
    let response = asked(move |_| vec![send(&head), Step::Send(sent.clone())]).await.expect("an answer");
    assert_eq!((response.status, response.version), (404, "HTTP/1.1"));
    assert_eq!(response.status_line(), "HTTP/1.1 404 Not Found");
    assert_eq!(response.header_all("x-two").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(response.raw, packed);
    assert_eq!(response.body, body.as_bytes());
    assert_eq!(response.address, IpAddr::V4(Ipv4Addr::LOCALHOST));
    assert!(!response.truncated && response.elapsed > Duration::ZERO);
    assert_eq!(response.sent[1].1, "Courant-test/1.0 (+https://contact.example/)");
}

#[tokio::test]
async fn what_is_sent_is_what_is_said_to_be_sent() {
    let server = Server::new(|_| vec![send("HTTP/1.1 200 OK\nContent-Length: 0\n\n")]).await;
    let mut url = server.url("/a?b=c");
    url.set_username("user").expect("a name");
    url.set_password(Some("secret")).expect("a password");
    url.set_fragment(Some("frag"));
    let client = Client::new(config()).expect("a client");
    let to = client.resolve(&url).await.expect("loopback");
    let headers = vec![("If-None-Match".to_owned(), "\"tag\"".to_owned())];
    let response = client.send(Request { url, headers }, &to).await.expect("an answer");
    let request = server.requests().remove(0).to_lowercase();
    assert!(request.starts_with("get /a?b=c http/1.1\r\n"), "{request}");
    for (name, value) in &response.sent {
        assert!(request.contains(&format!("{name}: {value}\r\n").to_lowercase()), "{name} missing in {request}");
    }
    assert!(!request.contains("authorization") && !request.contains("secret") && !request.contains("cookie"));
    assert!(response.url.as_str().ends_with("/a?b=c"), "{}", response.url);
}

#[tokio::test]
async fn slow_servers_meet_a_deadline() {
    let begun = Instant::now();
    let silent = asked(|_| vec![Step::Wait(Duration::from_secs(20))]).await;
    assert!(matches!(silent, Err(OutboundError::Timeout(_))), "{silent:?}");
    let dripping = asked(|_| {
        let mut steps = vec![send("HTTP/1.1 200 OK\nContent-Length: 1000\n\n")];
        steps.extend((0..200).flat_map(|_| [Step::Wait(Duration::from_millis(50)), send("x")]));
        steps
    })
    .await;
    assert!(matches!(dripping, Err(OutboundError::Timeout(_))), "{dripping:?}");
    let endless_header = asked(|_| {
        let mut steps = vec![send("HTTP/1.1 200 OK\n")];
        steps.extend((0..200).flat_map(|n| [Step::Wait(Duration::from_millis(50)), send(&format!("X-{n}: y\n"))]));
        steps
    })
    .await;
    assert!(matches!(endless_header, Err(OutboundError::Timeout(_))), "{endless_header:?}");
    assert!(begun.elapsed() < Duration::from_secs(5), "took {:?}", begun.elapsed());
}

#[tokio::test]
async fn endless_answers_are_cut() {
    let endless =
        asked(|_| vec![send("HTTP/1.1 200 OK\n\n"), Step::Forever(vec![b'x'; 10_000])]).await.expect("a beginning");
    assert_eq!((endless.truncated, endless.raw.len(), endless.body.len()), (true, 300_000, 300_000));
    let bomb = gzip(&vec![b'0'; 50_000_000]);
    assert!(bomb.len() < 300_000);
    let head = format!("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {}\n\n", bomb.len());
    let bomb = asked(move |_| vec![send(&head), Step::Send(bomb.clone())]).await.expect("a beginning");
    assert_eq!((bomb.truncated, bomb.body.len()), (true, 500_000));
    let header = asked(|_| vec![send("HTTP/1.1 200 OK\nX: "), Step::Forever(vec![b'x'; 10_000])]).await;
    assert!(matches!(header, Err(OutboundError::TooLarge(_))), "{header:?}");
    let long = format!("HTTP/1.1 200 OK\nX: {}\nContent-Length: 0\n\n", "x".repeat(200_000));
    let header = asked(move |_| vec![send(&long)]).await;
    assert!(matches!(header, Err(OutboundError::TooLarge(_))), "{header:?}");
}

#[tokio::test]
async fn liars_and_breakers_are_told_apart_from_good_servers() {
    for broken in [
        "HTTP/1.1 200 OK\nContent-Length: 1000\n\nshort",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\nnot a chunk",
        "SSH-2.0-OpenSSH_9.6\n",
        "",
    ] {
        let answer = asked(move |_| vec![send(broken)]).await;
        assert!(matches!(answer, Err(OutboundError::Protocol(_))), "{broken}: {answer:?}");
    }
    let longer =
        asked(|_| vec![send("HTTP/1.1 200 OK\nContent-Length: 5\n\nshort and more")]).await.expect("an answer");
    assert_eq!(longer.body, b"short");
    let old = asked(|_| vec![send("HTTP/1.0 200 OK\n\nuntil the end")]).await.expect("an answer");
    assert_eq!((old.version, old.body.as_slice()), ("HTTP/1.0", &b"until the end"[..]));
    let latin =
        asked(|_| vec![Step::Send(b"HTTP/1.1 200 OK\r\nX: caf\xe9\r\nContent-Length: 0\r\n\r\n".to_vec())]).await;
    assert_eq!(latin.expect("an answer").header("x"), Some("café"));
}

#[tokio::test]
async fn redirects_are_answers() {
    let response = asked(|_| vec![send("HTTP/1.1 302 Found\nLocation: http://10.0.0.1/\nContent-Length: 0\n\n")]).await;
    let response = response.expect("an answer");
    assert_eq!((response.status, response.header("location")), (302, Some("http://10.0.0.1/")));
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let keep = "HTTP/1.1 200 OK\nConnection: keep-alive\nContent-Length: 2\n\nok";
    let server = Server::new(move |_| vec![send(keep)]).await;
    let client = Client::new(config()).expect("a client");
    for path in ["/1", "/2", "/3"] {
        let to = client.resolve(&server.url(path)).await.expect("loopback");
        client.send(Request { url: server.url(path), headers: Vec::new() }, &to).await.expect("an answer");
    }
    assert_eq!((server.requests().len(), *server.connections.lock().expect("lock")), (3, 1));
}

#[tokio::test]
async fn nobody_is_asked_whom_the_guard_forbids() {
    let server = Server::new(|_| vec![send("HTTP/1.1 200 OK\nContent-Length: 0\n\n")]).await;
    let port = server.address.port();
    let closed = Config { allow: Vec::new(), ..config() };
    let refused = get(&server.url("/"), closed.clone()).await;
    assert!(matches!(refused, Err(OutboundError::Refused(Refusal::Address { .. }))), "{refused:?}");
    // A name that leads to loopback, as by a rebinding name service.
    let hosts = BTreeMap::from([("feed.test".to_owned(), vec![IpAddr::V4(Ipv4Addr::LOCALHOST)])]);
    let url = Url::parse(&format!("http://feed.test:{port}/")).expect("a URL");
    let refused = get(&url, Config { hosts: hosts.clone(), ..closed.clone() }).await;
    assert!(matches!(refused, Err(OutboundError::Refused(Refusal::Address { .. }))), "{refused:?}");
    let allowed = get(&url, Config { hosts, ..config() }).await;
    assert!(allowed.is_ok(), "{allowed:?}");
    // The address list of one host does not serve another.
    let client = Client::new(config()).expect("a client");
    let to = client.resolve(&server.url("/")).await.expect("loopback");
    let other = Url::parse(&format!("http://press.localhost:{port}/")).expect("a URL");
    let refused = client.send(Request { url: other.clone(), headers: Vec::new() }, &to).await;
    assert!(matches!(refused, Err(OutboundError::Refused(Refusal::OtherHost(_)))), "{refused:?}");
    assert!(get(&other, config()).await.is_ok());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_closed_port_and_a_plain_server_are_told_apart() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback");
    let closed = listener.local_addr().expect("an address");
    drop(listener);
    let refused = get(&Url::parse(&format!("http://{closed}/")).expect("a URL"), config()).await;
    assert!(matches!(refused, Err(OutboundError::Connect(_))), "{refused:?}");
    let server = Server::new(|_| vec![send("HTTP/1.1 400 Bad Request\nContent-Length: 0\n\n")]).await;
    let https = Url::parse(&format!("https://{}/", server.address)).expect("a URL");
    let plain = get(&https, config()).await;
    assert!(matches!(plain, Err(OutboundError::Tls(_))), "{plain:?}");
}

#[tokio::test]
async fn an_odd_user_agent_is_an_error_at_once() {
    let odd = Client::new(Config::new("Courant\r\nX: y"));
    assert!(matches!(odd, Err(OutboundError::Setup(_))));
}

#[tokio::test]
async fn large_bodies_wait_for_a_place_and_small_ones_do_not() {
    let server = Server::new(|request| {
        let length = if request.contains("/large") { SMALL_RAW + 1 } else { 100 };
        vec![send(&format!("HTTP/1.1 200 OK\nContent-Length: {length}\n\n")), Step::Send(vec![b'a'; length])]
    })
    .await;
    let config = Config {
        large: 1,
        total: Duration::from_millis(600),
        max_raw: 4 * SMALL_RAW,
        max_decoded: 4 * SMALL_DECODED,
        ..config()
    };
    let client = Client::new(config).expect("a client");
    let ask = async |path: &str| {
        let url = server.url(path);
        let to = client.resolve(&url).await.expect("an address");
        client.send(Request { url, headers: Vec::new() }, &to).await
    };
    let first = ask("/large").await.expect("there is a place");
    assert_eq!(first.body.len(), SMALL_RAW + 1);
    assert_eq!(ask("/small").await.expect("needs none").body.len(), 100);
    let waited = ask("/large").await;
    assert!(matches!(waited, Err(OutboundError::Timeout(_))), "{waited:?}");
    let copy = first.clone();
    drop(first);
    assert!(ask("/large").await.is_err(), "a copy holds the place as well");
    drop(copy);
    assert!(ask("/large").await.is_ok());
}

#[tokio::test]
async fn what_unpacks_to_much_takes_a_place_too() {
    let packed = gzip(&vec![b'a'; 3 * SMALL_DECODED]);
    assert!(packed.len() < SMALL_RAW / 4);
    let length = packed.len();
    let server = Server::new(move |_| {
        let head = format!("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {length}\n\n");
        vec![send(&head), Step::Send(packed.clone())]
    })
    .await;
    let client = Client::new(Config {
        large: 1,
        total: Duration::from_millis(600),
        max_raw: 4 * SMALL_RAW,
        max_decoded: 4 * SMALL_DECODED,
        ..config()
    })
    .expect("a client");
    let url = server.url("/bomb");
    let to = client.resolve(&url).await.expect("an address");
    let request = Request { url, headers: Vec::new() };
    let first = client.send(request.clone(), &to).await.expect("there is a place");
    assert_eq!((first.body.len(), first.truncated), (3 * SMALL_DECODED, false));
    assert!(client.send(request, &to).await.is_err(), "the place is taken");
}

async fn with_one_place(server: &Server, client: &Client, path: &str, small: bool) -> Result<Response, OutboundError> {
    let url = server.url(path);
    let to = client.resolve(&url).await.expect("an address");
    let request = Request { url, headers: Vec::new() };
    if small { client.send_small(request, &to).await } else { client.send(request, &to).await }
}

#[tokio::test]
async fn bodies_that_nobody_needs_whole_take_no_place() {
    let server = Server::new(|path| {
        let status = if path == "/moved" { "302 Found\nLocation: /next" } else { "200 OK" };
        vec![send(&format!("HTTP/1.1 {status}\n\n")), Step::Forever(vec![b'a'; 10_000])]
    })
    .await;
    let config = Config { large: 1, max_raw: 4 * SMALL_DECODED, max_decoded: 4 * SMALL_DECODED, ..config() };
    let client = Client::new(config).expect("a client");
    let page = with_one_place(&server, &client, "/page", false).await.expect("there is a place");
    assert_eq!((page.body.len(), page.truncated), (4 * SMALL_DECODED, true));
    // The place is taken, and they come all the same.
    let moved = with_one_place(&server, &client, "/moved", false).await.expect("needs no place");
    assert_eq!((moved.status, moved.body.len(), moved.truncated), (302, SMALL_DECODED, true));
    let file = with_one_place(&server, &client, "/robots.txt", true).await.expect("needs no place");
    assert_eq!((file.status, file.body.len(), file.truncated), (200, SMALL_DECODED, true));
    assert!(with_one_place(&server, &client, "/page", false).await.is_err());
}

#[tokio::test]
async fn nobody_sits_on_a_place_that_others_wait_for() {
    let server = Server::new(|path| {
        let large = vec![send("HTTP/1.1 200 OK\n\n"), Step::Send(vec![b'a'; 2 * SMALL_RAW])];
        let slow = (0..100).flat_map(|_| [Step::Wait(Duration::from_millis(50)), send("x")]);
        if path == "/slow" { large.into_iter().chain(slow).collect() } else { large }
    })
    .await;
    let config = Config {
        large: 1,
        total: Duration::from_secs(2),
        max_raw: 4 * SMALL_DECODED,
        max_decoded: 4 * SMALL_DECODED,
        ..config()
    };
    let client = Client::new(config).expect("a client");
    let begun = Instant::now();
    let slow = async { (with_one_place(&server, &client, "/slow", false).await, begun.elapsed()) };
    let other = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        with_one_place(&server, &client, "/page", false).await
    };
    let ((slow, at), other) = tokio::join!(slow, other);
    assert!(matches!(slow, Err(OutboundError::Timeout(_))), "{slow:?}");
    assert!((500..1500).contains(&at.as_millis()), "after a quarter of the time: {at:?}");
    assert_eq!(other.expect("its turn has come").body.len(), 2 * SMALL_RAW);
}
