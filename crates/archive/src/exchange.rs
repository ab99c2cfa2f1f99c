//! An exchange with a server, laid out as the records that keep it.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

/// How an answer was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// `GET`.
    pub method: &'a str,
    /// The request's header fields as sent.
    pub headers: &'a [(String, String)],
    /// The address that answered.
    pub address: IpAddr,
}

/// What is known beside the bytes: how the request came about.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// What robots.txt says of the address, in words.
    pub robots: &'a str,
    /// The feed or sitemap that named it.
    pub via: Option<&'a str>,
    /// How long the request waited for its turn.
    pub waited: SignedDuration,
    /// From its start to the last byte.
    pub took: SignedDuration,
}

/// One request and its answer.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// What was asked for.
    pub url: &'a str,
    /// How; `None` for an answer out of somebody else's archive.
    pub asked: Option<Asked<'a>>,
    /// `HTTP/1.1 200 OK`.
    pub status_line: &'a str,
    /// The answer's header fields as received.
    pub response_headers: &'a [(String, String)],
    /// The body as transferred: chunks joined, content codings still on.
    pub body: &'a [u8],
    /// When.
    pub at: Timestamp,
    /// The body is the beginning of a longer one.
    pub truncated: bool,
    /// How it came about; `None` for an answer out of somebody else's archive.
    pub told: Option<Told<'a>>,
}

/// What each file says of who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarcInfo {
    /// `courant/0.1.0`.
    pub software: String,
    /// The user agent that asked, with its contact.
    pub user_agent: String,
}

impl WarcInfo {
    /// The block of the `warcinfo` record (`application/warc-fields`).
    pub(crate) fn block(&self) -> String {
        format!(
            "software: {}\r\nformat: WARC File Format 1.1\r\nconformsTo: \
             https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n\
             robots: obey\r\nhttp-header-user-agent: {}\r\n",
            one_line(&self.software),
            one_line(&self.user_agent)
        )
    }
}

impl Exchange<'_> {
    /// The request as HTTP/1.1 writes it; `None` where nobody knows it.
    pub(crate) fn request_block(&self) -> Option<Vec<u8>> {
        let asked = self.asked?;
        let target = self.url.split_once("://").map_or(self.url, |(_, rest)| rest);
        let path = target.find(['/', '?']).map_or("/", |at| &target[at..]);
        let path = path.split('#').next().unwrap_or("/");
        let slash = if path.starts_with('/') { "" } else { "/" };
        let line = format!("{} {slash}{path} HTTP/1.1", asked.method);
        Some(http_head(&line, asked.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))))
    }

    /// The block of the `metadata` record (`application/warc-fields`); `None` where nothing is known.
    pub(crate) fn metadata_block(&self) -> Option<Vec<u8>> {
        let told = self.told?;
        let mut block = format!("fetchTimeMs: {}\r\nwaitedMs: {}\r\n", told.took.as_millis(), told.waited.as_millis());
        block.push_str(&format!("robots: {}\r\n", one_line(told.robots)));
        if let Some(via) = told.via {
            block.push_str(&format!("via: {}\r\n", one_line(via)));
        }
        Some(block.into_bytes())
    }

    /// The head of the answer as HTTP/1.1 writes it, whatever version it came by: other readers know
    /// no other. Its chunks are joined, so `Transfer-Encoding` is kept under a name that says so.
    pub(crate) fn response_head(&self) -> Vec<u8> {
        let rest = self.status_line.split_once(' ').map_or("", |(_, rest)| rest);
        let line = format!("HTTP/1.1 {rest}");
        let fields = self.response_headers.iter().map(|(name, value)| {
            let name =
                if name.eq_ignore_ascii_case("transfer-encoding") { "X-Archive-Transfer-Encoding" } else { name };
            (name, value.as_str())
        });
        http_head(&line, fields)
    }

    /// The protocol as `WARC-Protocol` names it.
    pub(crate) fn protocol(&self) -> &'static str {
        match self.status_line.split(['/', ' ']).nth(1) {
            Some("2" | "2.0") => "h2",
            Some("3" | "3.0") => "h3",
            Some("1.0") => "http/1.0",
            _ => "http/1.1",
        }
    }

    /// Whether the body was packed for its way, so that it would not shrink again.
    pub(crate) fn is_packed(&self) -> bool {
        let mut fields = self.response_headers.iter();
        let coding = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
        coding.is_some_and(|(_, coding)| matches!(coding.trim(), "gzip" | "br" | "zstd" | "deflate"))
    }

    /// The status, 0 where the status line has none.
    pub(crate) fn status(&self) -> u16 {
        self.status_line.split_whitespace().nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
    }
}

fn http_head<'a>(line: &str, fields: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let mut head = format!("{}\r\n", one_line(line));
    for (name, value) in fields {
        head.push_str(&format!("{}: {}\r\n", one_line(name), one_line(value)));
    }
    head.push_str("\r\n");
    head.into_bytes()
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
