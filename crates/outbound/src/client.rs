//! The client itself: set up once, then `resolve` and `send`, under deadlines for connecting, for
//! the header and for the whole exchange.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use ipnet::IpNet;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::OutboundError;
use crate::decode::{Body, Decoded};
use crate::guard::{Refusal, fetchable, permitted};
use crate::places::{Deadline, Place, Places, SMALL_DECODED, SMALL_RAW};
use crate::resolve::{Names, Pins, Resolved};

/// How the client behaves. [`Config::new`] gives the defaults.
#[derive(Debug, Clone)]
pub struct Config {
    /// The whole `User-Agent`, with a contact address.
    pub user_agent: String,
    /// Networks that may be asked although they are private: tests, a demonstration, an intranet.
    pub allow: Vec<IpNet>,
    /// Names that are answered from here instead of the name service. Their addresses are checked
    /// like all others.
    pub hosts: BTreeMap<String, Vec<IpAddr>>,
    /// To look a name up, and to open a connection.
    pub connect: Duration,
    /// From the start to the last byte of the header.
    pub header: Duration,
    /// From the start to the last byte of the body.
    pub total: Duration,
    /// Largest body as transferred, in bytes; what is longer is cut.
    pub max_raw: usize,
    /// Largest body after decoding, in bytes; what is longer is cut.
    pub max_decoded: usize,
    /// Largest header, in bytes of names and values; what is longer is an error.
    pub max_header: usize,
    /// So many large bodies ([`SMALL_RAW`], [`SMALL_DECODED`]) are held at a time; others wait, within
    /// their own deadline. Whoever holds a place while others wait has a quarter of `total` to deliver.
    pub large: usize,
}

impl Config {
    /// The defaults: 10 s to connect and for the header, 60 s in all, 10 MB, a header of 128 KiB,
    /// public addresses only.
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            allow: Vec::new(),
            hosts: BTreeMap::new(),
            connect: Duration::from_secs(10),
            header: Duration::from_secs(10),
            total: Duration::from_secs(60),
            max_raw: 10_000_000,
            max_decoded: 10_000_000,
            max_header: 128 * 1024,
            large: 2,
        }
    }
}

/// A GET request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is asked for. Fragment and credentials are not sent.
    pub url: Url,
    /// Headers beside `User-Agent`, `Accept-Encoding` and `Host`, which the client sets.
    pub headers: Vec<(String, String)>,
}

/// An answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// What was asked for, as it was sent.
    pub url: Url,
    /// The request's header fields as sent, `Host` first.
    pub sent: Vec<(String, String)>,
    /// The status code.
    pub status: u16,
    /// `HTTP/1.1`, `HTTP/2.0`.
    pub version: &'static str,
    /// Header fields in the order received, names in lower case. Values that are not UTF-8 are read
    /// as Latin-1.
    pub headers: Vec<(String, String)>,
    /// The body as transferred: chunks joined, content codings still on.
    pub raw: Vec<u8>,
    /// The body without content codings.
    pub body: Vec<u8>,
    /// The body is longer than allowed, or its coding broke off: what is here is its beginning.
    pub truncated: bool,
    /// The address that answered.
    pub address: IpAddr,
    /// From the start of the request to the last byte.
    pub elapsed: Duration,
    /// The place that a large body takes, given back when the last copy of the answer is dropped.
    pub place: Place,
}

impl Response {
    /// The first header field of this name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// All header fields of this name (in lower case), in order.
    pub fn header_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// `HTTP/1.1 404 Not Found`.
    pub fn status_line(&self) -> String {
        let reason = reqwest::StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        format!("{} {} {}", self.version, self.status, reason.unwrap_or_default()).trim_end().to_owned()
    }
}

/// The guarded client. Cheap to share behind an `Arc`; connections are kept and used again.
pub struct Client {
    http: reqwest::Client,
    pins: Pins,
    names: Names,
    places: Places,
    config: Config,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("config", &self.config).finish_non_exhaustive()
    }
}

/// What we can undo, and say so.
const ACCEPT_ENCODING: &str = "gzip, br, zstd, deflate";
/// A kept connection that nobody used for so long is closed.
const IDLE: Duration = Duration::from_secs(30);
/// How much a server may send ahead over HTTP/2, in bytes: 2.5 MB/s where an answer takes 0.1 s.
const WINDOW: u32 = 256 * 1024;

impl Client {
    /// Sets the client up.
    pub fn new(config: Config) -> Result<Self, OutboundError> {
        if HeaderValue::from_str(&config.user_agent).is_err() {
            return Err(OutboundError::Setup(format!("user agent {:?} cannot stand in a header", config.user_agent)));
        }
        let pins = Pins::default();
        let header_limit = u32::try_from(config.max_header).unwrap_or(u32::MAX);
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // A proxy from the environment would connect for us, past the guard.
            .no_proxy()
            .dns_resolver(pins.clone())
            .connect_timeout(config.connect)
            .pool_idle_timeout(IDLE)
            // One connection a host is all that politeness ever uses.
            .pool_max_idle_per_host(1)
            .http2_max_header_list_size(header_limit)
            // What a server may send before anybody has read it is held as well.
            .http2_initial_stream_window_size(WINDOW)
            .http2_initial_connection_window_size(WINDOW)
            .http1_max_headers(256)
            .build()
            .map_err(|error| OutboundError::Setup(error.to_string()))?;
        let names = Names::new(config.hosts.clone());
        let places = Places::new(config.large);
        Ok(Self { http, pins, names, places, config })
    }

    /// How the client was set up.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The addresses that a request to `url` may use. A name of which every address is refused is
    /// refused; of others only the allowed ones are used.
    pub async fn resolve(&self, url: &Url) -> Result<Resolved, OutboundError> {
        self.names.resolve(url, &self.config.allow, self.config.connect).await
    }

    /// One exchange with the server at `to`, which must have been resolved for the request's host.
    /// Redirects are returned as they are. Of an answer other than 2xx, only the beginning of a large
    /// body is taken.
    pub async fn send(&self, request: Request, to: &Resolved) -> Result<Response, OutboundError> {
        self.exchange(request, to, false).await
    }

    /// The same for a file that is small, as robots.txt is: of a large body, only the beginning is taken.
    /// It needs no place among the large ones, and so never waits for one.
    pub async fn send_small(&self, request: Request, to: &Resolved) -> Result<Response, OutboundError> {
        self.exchange(request, to, true).await
    }

    async fn exchange(&self, request: Request, to: &Resolved, small: bool) -> Result<Response, OutboundError> {
        fetchable(&request.url, &self.config.allow)?;
        if request.url.host_str() != Some(&to.host) {
            return Err(Refusal::OtherHost(request.url.host_str().unwrap_or_default().to_owned()).into());
        }
        let url = bare(request.url);
        let https = url.scheme() == "https";
        let sent = self.sent(&url, &request.headers);
        let mut headers = HeaderMap::new();
        for (name, value) in &sent[1..] {
            let name = HeaderName::try_from(name.as_str());
            let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value.as_str())) else { continue };
            headers.append(name, value);
        }
        let pin = self.pins.hold(to);
        let begun = Instant::now();
        let end = tokio::time::Instant::now() + self.config.total;
        let asked = self.http.get(url.clone()).headers(headers).send();
        let answer = match tokio::time::timeout(self.config.header.min(self.config.total), asked).await {
            Err(_) => return Err(OutboundError::Timeout(format!("no header after {:?}", self.config.header))),
            Ok(Err(error)) => return Err(self.give_up(to, OutboundError::from_http(&error, https))),
            Ok(Ok(answer)) => answer,
        };
        drop(pin);
        let address = answer.remote_addr().map_or(to.address(), |socket| socket.ip());
        permitted(address, &self.config.allow)?;
        let status = answer.status().as_u16();
        let version = version(answer.version());
        let headers = self.received(answer.headers())?;
        let deadline = Deadline { end, courtesy: None };
        let (body, place) = match small || !(200..300).contains(&status) {
            true => (self.beginning(answer, &headers, https, deadline).await?, Place::default()),
            false => self.body(answer, &headers, https, deadline).await?,
        };
        Ok(Response {
            url,
            sent,
            status,
            version,
            headers,
            raw: body.raw,
            body: body.body,
            truncated: body.truncated,
            address,
            elapsed: begun.elapsed(),
            place,
        })
    }

    /// The body. A small one is taken as it comes and decoded at its end; as soon as one turns out to be
    /// large, it waits for a place, so that what servers send decides nothing about our memory.
    async fn body(
        &self,
        mut answer: reqwest::Response,
        headers: &[(String, String)],
        https: bool,
        mut deadline: Deadline,
    ) -> Result<(Decoded, Place), OutboundError> {
        let codings = codings(headers);
        let (max_raw, max_decoded) = (self.config.max_raw, self.config.max_decoded);
        let mut raw: Vec<u8> = Vec::new();
        let mut ended = false;
        while !ended && raw.len() <= SMALL_RAW {
            match self.chunk(&mut answer, https, deadline).await? {
                Some(chunk) => raw.extend_from_slice(chunk.as_ref()),
                None => ended = true,
            }
        }
        if ended && raw.len() <= SMALL_RAW.min(max_raw) {
            let mut body = Body::new(&codings, max_raw, SMALL_DECODED.min(max_decoded))?;
            body.push(&raw)?;
            let body = body.finish()?;
            if !body.truncated || max_decoded <= SMALL_DECODED {
                return Ok((body, Place::default()));
            }
        }
        let place = self.places.take(deadline.end).await.ok_or_else(|| self.too_late())?;
        deadline.courtesy = Some(tokio::time::Instant::now() + self.config.total / 4);
        let mut body = Body::new(&codings, max_raw, max_decoded)?;
        let mut wanted = body.push(&raw)?;
        drop(raw);
        while wanted && !ended {
            match self.chunk(&mut answer, https, deadline).await? {
                Some(chunk) => wanted = body.push(chunk.as_ref())?,
                None => ended = true,
            }
        }
        Ok((body.finish()?, place))
    }

    /// As much of the body as needs no place.
    async fn beginning(
        &self,
        mut answer: reqwest::Response,
        headers: &[(String, String)],
        https: bool,
        deadline: Deadline,
    ) -> Result<Decoded, OutboundError> {
        // As a file often comes without coding, it may be as long as a decoded one.
        let most = SMALL_DECODED.min(self.config.max_decoded);
        let mut body = Body::new(&codings(headers), most.min(self.config.max_raw), most)?;
        while let Some(chunk) = self.chunk(&mut answer, https, deadline).await? {
            if !body.push(chunk.as_ref())? {
                break;
            }
        }
        body.finish()
    }

    async fn chunk(
        &self,
        answer: &mut reqwest::Response,
        https: bool,
        deadline: Deadline,
    ) -> Result<Option<impl AsRef<[u8]> + use<>>, OutboundError> {
        match deadline.of(&self.places, answer.chunk()).await {
            None => Err(self.too_late()),
            Some(Err(error)) => Err(OutboundError::from_http(&error, https)),
            Some(Ok(chunk)) => Ok(chunk),
        }
    }

    fn too_late(&self) -> OutboundError {
        OutboundError::Timeout(format!("no whole body within {:?}", self.config.total))
    }

    /// The request's header fields, `Host` first.
    fn sent(&self, url: &Url, headers: &[(String, String)]) -> Vec<(String, String)> {
        let mut sent = vec![
            ("Host".to_owned(), courant_model::authority(url)),
            ("User-Agent".to_owned(), self.config.user_agent.clone()),
            ("Accept-Encoding".to_owned(), ACCEPT_ENCODING.to_owned()),
        ];
        sent.extend(headers.iter().cloned());
        sent
    }

    fn received(&self, headers: &HeaderMap) -> Result<Vec<(String, String)>, OutboundError> {
        let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if size > self.config.max_header {
            return Err(OutboundError::TooLarge(format!("a header of {size} bytes")));
        }
        Ok(headers.iter().map(|(name, value)| (name.as_str().to_owned(), as_text(value.as_bytes()))).collect())
    }

    /// Addresses that did not work are looked up anew next time.
    fn give_up(&self, to: &Resolved, error: OutboundError) -> OutboundError {
        if matches!(error, OutboundError::Connect(_) | OutboundError::Timeout(_)) {
            self.names.forget(&to.host);
        }
        error
    }
}

/// The content codings, in the order they were applied.
fn codings(headers: &[(String, String)]) -> String {
    let codings = headers.iter().filter(|(name, _)| name == "content-encoding").map(|(_, value)| value.as_str());
    codings.collect::<Vec<_>>().join(",")
}

/// `url` as it goes out: without fragment and credentials.
fn bare(mut url: Url) -> Url {
    url.set_fragment(None);
    // These fail only for URLs that can have no host, and the guard has let none of those pass.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

fn as_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

fn version(version: reqwest::Version) -> &'static str {
    match version {
        reqwest::Version::HTTP_10 => "HTTP/1.0",
        reqwest::Version::HTTP_2 => "HTTP/2.0",
        reqwest::Version::HTTP_3 => "HTTP/3.0",
        _ => "HTTP/1.1",
    }
}
