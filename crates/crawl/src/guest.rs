//! A visit: from a target to its answer, as a guest behaves. The address guard, the robots.txt of
//! the origin, the turn of the host, then the request; and the same again for every redirect.
//!
//! A [`Guest`] keeps what must be shared by all visits of a process (client, turns, the files of
//! origins) and tells the ledger what must outlive it before it goes on. Archive and articles are
//! unknown here: every exchange is handed back.

mod reservations;
mod robots;
mod slots;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use courant_model::{HostState, RequestLine, Target, TargetKind, Validators, authority};
use courant_outbound::{Client, OutboundError, Resolved, Response};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use self::slots::{Slot, Slots};
use crate::fetch::{Ask, Exchange, fetch};
use crate::ledger::{Claim, Fault, Ledger};
use crate::politeness::{Hosts, NoTurn, Parked, Turn, later};
use crate::visit::{Ending, FailureKind, FetchedFile, RefusedBy, Visit};

/// A clock, as visits take it.
pub type Clock<'a> = &'a (dyn Fn() -> Timestamp + Send + Sync);

/// How a guest behaves.
#[derive(Debug, Clone)]
pub struct Manners {
    /// The product token that robots files know us by.
    pub agent: String,
    /// A visit waits so long for a turn before it is put off.
    pub patience: SignedDuration,
    /// So many redirects are followed.
    pub redirects: usize,
    /// So many redirects of a robots.txt are followed (RFC 9309 section 2.3.1.2 asks for five).
    pub robots_redirects: usize,
    /// A robots.txt is asked for anew after so long (RFC 9309 section 2.4: at most a day).
    pub robots_age: SignedDuration,
}

impl Manners {
    /// The usual manners under this product token.
    pub fn new(agent: impl Into<String>) -> Self {
        Self {
            agent: agent.into(),
            patience: SignedDuration::from_secs(15),
            redirects: 10,
            robots_redirects: 5,
            robots_age: SignedDuration::from_hours(24),
        }
    }
}

/// What all visits of a process share.
pub struct Guest {
    client: Arc<Client>,
    hosts: Hosts,
    manners: Manners,
    ledger: Arc<dyn Ledger>,
    robots: Slots<robots::Known>,
    reservations: Slots<reservations::Known>,
}

/// What a visit gathers on its way.
#[derive(Debug, Default)]
struct Trail {
    hops: Vec<Exchange>,
    files: Vec<FetchedFile>,
    requests: Vec<RequestLine>,
}

/// Makes one turn out of at most so many claims: each that is granted is good for a turn.
const CLAIMS: usize = 8;

impl Guest {
    /// A guest with this client, these turns and manners, who tells `ledger` what to keep.
    pub fn new(client: Arc<Client>, hosts: Hosts, manners: Manners, ledger: Arc<dyn Ledger>) -> Self {
        Self { client, hosts, manners, ledger, robots: Slots::default(), reservations: Slots::default() }
    }

    /// The turns, to look up how a host stands and to give claims back.
    pub fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    /// Visits a target. Any number of visits may be under way at once.
    ///
    /// # Errors
    /// The ledger's. What the server does is never one.
    pub async fn visit(&self, target: &Target, now: Clock<'_>) -> Result<Visit, Fault> {
        let mut trail = Trail::default();
        let mut at = None;
        let ending = match Url::parse(&target.ask) {
            Ok(url) => {
                at = Some(url);
                self.follow(&mut at, target.kind, &target.validators, &mut trail, now).await
            }
            Err(error) => Err(Stop::failed(FailureKind::BadUrl, format!("cannot read the address: {error}"))),
        };
        let ending = ending.or_else(Stop::into_ending)?;
        let reservation = match (&at, target.kind) {
            (Some(url), TargetKind::Page) => self.reservation(url).await,
            _ => None,
        };
        Ok(Visit { hops: trail.hops, final_url: at, ending, requests: trail.requests, files: trail.files, reservation })
    }

    /// From hop to hop until an answer is final; `at` is where the visit is.
    async fn follow(
        &self,
        at: &mut Option<Url>,
        kind: TargetKind,
        validators: &Validators,
        trail: &mut Trail,
        now: Clock<'_>,
    ) -> Result<Ending, Stop> {
        let mut been: Vec<Url> = Vec::new();
        while let Some(url) = at.as_mut() {
            url.set_fragment(None);
            let url = url.clone();
            let ask = Ask { url: &url, kind: Some(kind), validators };
            let exchange = self.hop(&ask, trail, now).await?;
            let status = exchange.response.status;
            let next = location(&exchange.response);
            let answered = authority(&exchange.response.url);
            trail.hops.push(exchange);
            let next = match (status, next) {
                (301 | 302 | 303 | 307 | 308, Some(next)) => next,
                (301 | 302 | 303 | 307 | 308, None) => {
                    return Err(Stop::failed(FailureKind::Redirects, format!("{status} without an address")));
                }
                (304, _) if validators.etag.is_some() || validators.last_modified.is_some() => {
                    return Ok(Ending::NotModified);
                }
                (429 | 503, _) => {
                    let until = self.hosts.state(&answered).map_or_else(now, |state| state.next);
                    return Ok(Ending::Parked { until, why: format!("{answered} answered {status}") });
                }
                _ => return Ok(Ending::Answered),
            };
            been.push(url);
            let in_circles = been.contains(&next);
            let why = match () {
                () if been.len() > self.manners.redirects => {
                    Some(format!("more than {} redirects", self.manners.redirects))
                }
                () if in_circles => Some(format!("redirects lead back to {next}")),
                () => None,
            };
            *at = Some(next);
            if let Some(why) = why {
                return Err(Stop::failed(FailureKind::Redirects, why));
            }
        }
        Err(Stop::failed(FailureKind::BadUrl, "no address".to_owned()))
    }

    /// One request on the way: guard, robots, turn, exchange.
    async fn hop(&self, ask: &Ask<'_>, trail: &mut Trail, now: Clock<'_>) -> Result<Exchange, Stop> {
        let to = self.resolve(ask.url, trail, now).await?;
        let verdict = self.robots_of(ask.url, &to, trail, now).await?;
        let told = verdict.told(&self.manners.agent, ask.url.as_str());
        if !verdict.allowed(&self.manners.agent, ask.url.as_str()) {
            trail.requests.push(refused(ask.url, now(), told, "robots.txt disallows it".to_owned()));
            return Err(Stop::Ended(Ending::Refused(RefusedBy::Robots(verdict.reason()))));
        }
        if ask.kind == Some(TargetKind::Page) {
            self.ask_for_reservations(ask.url, &to, &verdict, trail, now).await?;
        }
        self.request(ask, &to, told, trail, now).await
    }

    /// Looks the host up and checks where it lives. A name without an address is a host that rests.
    async fn resolve(&self, url: &Url, trail: &mut Trail, now: Clock<'_>) -> Result<Resolved, Stop> {
        let error = match self.client.resolve(url).await {
            Ok(to) => return Ok(to),
            Err(error) => error,
        };
        trail.requests.push(refused(url, now(), "not asked for".to_owned(), error.to_string()));
        if let OutboundError::Dns(_) = error {
            let host = authority(url);
            self.hosts.has_no_address(&host, &error.to_string(), now());
            self.keep_host(&host).await?;
        }
        Err(Stop::Failed(error))
    }

    /// Waits for the turn and makes the request. What the answer means for the host is kept before
    /// this returns.
    async fn request(
        &self,
        ask: &Ask<'_>,
        to: &Resolved,
        robots: String,
        trail: &mut Trail,
        now: Clock<'_>,
    ) -> Result<Exchange, Stop> {
        let host = authority(ask.url);
        let asked = now();
        let turn = self.turn(&host, to.address(), now).await?;
        let gap = turn.gap();
        let at = now();
        let waited = asked.duration_until(at).max(SignedDuration::ZERO);
        let answer = fetch(&self.client, turn, to, ask, now).await;
        let took = at.duration_until(now()).max(SignedDuration::ZERO);
        let mut line = RequestLine {
            host: host.clone(),
            at,
            url: ask.url.to_string(),
            robots: robots.clone(),
            waited,
            gap,
            took: Some(took),
            status: None,
            bytes: 0,
            failure: None,
        };
        match &answer {
            Ok(exchange) => {
                line.status = Some(exchange.response.status);
                line.bytes = exchange.response.raw.len() as u64;
            }
            Err(error) => line.failure = Some(error.to_string()),
        }
        trail.requests.push(line);
        self.keep_host(&host).await?;
        answer.map(|exchange| Exchange { waited, robots, ..exchange }).map_err(Stop::Failed)
    }

    /// What is known of an origin, when whoever asks for it is done; `None` where that takes too long.
    async fn locked<'s, T>(&self, slot: &'s Slot<T>) -> Option<tokio::sync::MutexGuard<'s, Option<T>>> {
        let patience = Duration::try_from(self.manners.patience).unwrap_or_default().max(Duration::from_secs(1));
        tokio::time::timeout(patience, slot.lock()).await.ok()
    }

    /// A turn at a host that is ours, or is made ours.
    async fn turn(&self, host: &str, address: IpAddr, now: Clock<'_>) -> Result<Turn, Stop> {
        for _ in 0..CLAIMS {
            match self.hosts.turn(host, address, self.manners.patience, now).await {
                Ok(turn) => return Ok(turn),
                Err(NoTurn::Parked(parked)) => return Err(Stop::Parked(parked)),
                Err(NoTurn::Unclaimed) => {
                    let gap = self.hosts.own_gap(address);
                    match self.ledger.claim(host, address, gap).await.map_err(Stop::Fault)? {
                        Claim::Ours { state, until } => self.hosts.claimed(&state, address, until, now()),
                        Claim::Taken { until, why } => return Err(Stop::Parked(Parked { until, why })),
                    }
                }
            }
        }
        let until = later(now(), self.manners.patience);
        Err(Stop::Parked(Parked { until, why: format!("the claim to {host} does not last") }))
    }

    /// Keeps how a host stands, where it is more than the usual pause after a good answer.
    async fn keep_host(&self, host: &str) -> Result<(), Stop> {
        match self.hosts.state(host).filter(worth_keeping) {
            Some(state) => self.ledger.keep_host(&state).await.map_err(Stop::Fault),
            None => Ok(()),
        }
    }
}

fn worth_keeping(state: &HostState) -> bool {
    state.reason.is_some() || state.failures > 0
}

/// The line of a request that was not made.
fn refused(url: &Url, at: Timestamp, robots: String, failure: String) -> RequestLine {
    RequestLine {
        host: authority(url),
        at,
        url: url.to_string(),
        robots,
        waited: SignedDuration::ZERO,
        gap: SignedDuration::ZERO,
        took: None,
        status: None,
        bytes: 0,
        failure: Some(failure),
    }
}

/// Why a visit goes no further.
enum Stop {
    Parked(Parked),
    Failed(OutboundError),
    Ended(Ending),
    Fault(Fault),
}

impl Stop {
    fn failed(kind: FailureKind, why: String) -> Self {
        Self::Ended(Ending::Failed { kind, why })
    }

    fn into_ending(self) -> Result<Ending, Fault> {
        Ok(match self {
            Self::Parked(Parked { until, why }) => Ending::Parked { until, why },
            Self::Failed(error) => ending(error),
            Self::Ended(ending) => ending,
            Self::Fault(fault) => return Err(fault),
        })
    }
}

fn ending(error: OutboundError) -> Ending {
    let kind = match error {
        OutboundError::Refused(refusal) => return Ending::Refused(RefusedBy::Guard(refusal)),
        OutboundError::NoNetwork(_) => FailureKind::NoNetwork,
        OutboundError::Dns(_) => FailureKind::Dns,
        OutboundError::Timeout(_) => FailureKind::Timeout,
        OutboundError::Connect(_) => FailureKind::Connect,
        OutboundError::Tls(_) => FailureKind::Tls,
        OutboundError::TooLarge(_) => FailureKind::TooLarge,
        OutboundError::Protocol(_) | OutboundError::Setup(_) => FailureKind::Protocol,
    };
    Ending::Failed { kind, why: error.to_string() }
}

/// Where a redirect leads, without its fragment.
fn location(response: &Response) -> Option<Url> {
    let mut next = response.url.join(response.header("location")?.trim()).ok()?;
    next.set_fragment(None);
    Some(next)
}
