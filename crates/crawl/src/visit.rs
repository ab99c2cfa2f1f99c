//! What came of a visit: what was exchanged, and how it ended, named by what follows from it.

use courant_model::{KeptFile, RequestLine, Validators};
use courant_outbound::{Refusal, Response};
use jiff::Timestamp;
use url::Url;

use crate::fetch::Exchange;
use crate::tdmrep::Reservation;

/// Why something was not asked for at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusedBy {
    /// The origin's robots.txt, and what it says.
    Robots(String),
    /// The address guard.
    Guard(Refusal),
}

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The machine has no network: nothing is known of the server.
    NoNetwork,
    /// The name has no address.
    Dns,
    /// Nobody accepted the connection.
    Connect,
    /// No secure connection came about.
    Tls,
    /// A deadline passed.
    Timeout,
    /// The answer broke the rules of HTTP.
    Protocol,
    /// The answer's header is too large.
    TooLarge,
    /// Redirects in a circle, too many of them, or to nowhere.
    Redirects,
    /// The target's own address cannot be read.
    BadUrl,
}

/// How a visit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The last exchange holds the answer, whatever its status.
    Answered,
    /// 304: as before.
    NotModified,
    /// It may not be asked for.
    Refused(RefusedBy),
    /// It is not our turn yet, or the server asked for a pause. Nothing is said about the target.
    Parked {
        /// When to come back.
        until: Timestamp,
        /// Why, for a person.
        why: String,
    },
    /// There is no answer that could be used.
    Failed {
        /// Of which kind.
        kind: FailureKind,
        /// Why, for a person.
        why: String,
    },
}

/// A file of an origin that was asked for on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct FetchedFile {
    /// The file as it was answered.
    pub file: KeptFile,
    /// The exchanges that led to it, for the archive.
    pub hops: Vec<Exchange>,
}

/// What came of a visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The exchanges with the target and where it redirected to, in order.
    pub hops: Vec<Exchange>,
    /// Where the visit ended, or would have gone next.
    pub final_url: Option<Url>,
    /// How.
    pub ending: Ending,
    /// Files of origins asked for on the way.
    pub files: Vec<FetchedFile>,
    /// Every request that was made or refused, in order, for the log of requests.
    pub requests: Vec<RequestLine>,
    /// What the origin of `final_url` reserves of a page there (TDMRep).
    pub reservation: Option<Reservation>,
}

impl Visit {
    /// The answer, where there is one.
    pub fn response(&self) -> Option<&Response> {
        match self.ending {
            Ending::Answered => self.hops.last().map(|hop| &hop.response),
            _ => None,
        }
    }

    /// What to recognise an unchanged answer by next time.
    pub fn validators(&self) -> Option<Validators> {
        match self.ending {
            Ending::Answered => self.hops.last().map(Exchange::validators),
            _ => None,
        }
    }

    /// The new address, where every redirect on the way said that it is for good (301, 308).
    pub fn moved(&self) -> Option<&Url> {
        let (_, redirects) = self.hops.split_last()?;
        let for_good = redirects.iter().all(|hop| matches!(hop.response.status, 301 | 308));
        (matches!(self.ending, Ending::Answered | Ending::NotModified) && !redirects.is_empty() && for_good)
            .then_some(self.final_url.as_ref())
            .flatten()
    }
}
