//! One exchange with a server: a turn goes in, what was asked and answered comes out.
//!
//! The turn always goes back with how it ended, and the headers that let a server answer "not
//! modified" are made here. What a redirect, a robots.txt or a page means is `guest`'s part.

use courant_model::{TargetKind, Validators};
use courant_outbound::{Client, OutboundError, Request, Resolved, Response};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::headers::retry_after;
use crate::politeness::{Ended, Turn};

/// One request and its answer, as the archive wants to keep it. What was sent is in the response.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// When the request began.
    pub at: Timestamp,
    /// How long it waited for its turn.
    pub waited: SignedDuration,
    /// What robots.txt says of it, in words.
    pub robots: String,
    /// The answer; its `url` and `sent` are the request.
    pub response: Response,
}

impl Exchange {
    /// What was answered to recognise an unchanged page by.
    pub fn validators(&self) -> Validators {
        Validators {
            etag: self.response.header("etag").map(str::to_owned),
            last_modified: self.response.header("last-modified").map(str::to_owned),
        }
    }
}

/// What is asked for, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask<'a> {
    /// The address.
    pub url: &'a Url,
    /// What is hoped for: it decides `Accept`.
    pub kind: Option<TargetKind>,
    /// From the last full answer.
    pub validators: &'a Validators,
}

/// Makes one request. The turn is given back with the outcome, `now` told by `clock` at its end.
pub async fn fetch(
    client: &Client,
    turn: Turn,
    to: &Resolved,
    ask: &Ask<'_>,
    clock: &(dyn Fn() -> Timestamp + Send + Sync),
) -> Result<Exchange, OutboundError> {
    let at = clock();
    let request = Request { url: ask.url.clone(), headers: headers(ask) };
    let answer = match ask.kind {
        Some(_) => client.send(request, to).await,
        // The files of an origin are short, and held while the page is asked for.
        None => client.send_small(request, to).await,
    };
    let now = clock();
    let ended = match &answer {
        Ok(response) => Ended::Answered {
            status: response.status,
            retry_after: retry_after(response.header("retry-after"), now),
            elapsed: response.elapsed,
        },
        Err(OutboundError::NoNetwork(_)) => Ended::NoNetwork,
        Err(error) => Ended::Failed(error.to_string()),
    };
    turn.end(&ended, now);
    answer.map(|response| Exchange { at, waited: SignedDuration::ZERO, robots: String::new(), response })
}

fn headers(ask: &Ask<'_>) -> Vec<(String, String)> {
    let accept = match ask.kind {
        Some(TargetKind::Feed) => {
            "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
        }
        Some(TargetKind::Sitemap) => "application/xml, text/xml, text/plain;q=0.9, */*;q=0.5",
        Some(TargetKind::Page | TargetKind::Section) => "text/html, application/xhtml+xml, */*;q=0.5",
        None => "text/plain, */*;q=0.5",
    };
    let mut headers = vec![("Accept".to_owned(), accept.to_owned())];
    let mut add = |name: &str, value: &Option<String>| {
        if let Some(value) = value {
            headers.push((name.to_owned(), value.clone()));
        }
    };
    add("If-None-Match", &ask.validators.etag);
    add("If-Modified-Since", &ask.validators.last_modified);
    headers
}
