//! A visit: from a target to its answer, as a guest behaves. The address guard, the robots.txt of
//! the origin, the turn of the host, then the request; and the same again for every redirect.
//!
//! A [`Guest`] keeps what must be shared by all visits of a process (client, turns, robots files)
//! and knows neither record nor archive: it hands back every exchange, every robots.txt it fetched
//! and the state of every host it met, and whoever called keeps them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use courant_model::{Target, TargetKind, Validators, authority, origin};
use courant_outbound::{Client, OutboundError, Resolved, Response};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::fetch::{Ask, Exchange, fetch};
use crate::politeness::{Hosts, Parked, later};
use crate::robots::{MAX_BYTES, RobotsVerdict};
use crate::visit::{Ending, FailureKind, FetchedRobots, RefusedBy, Visit};

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
#[derive(Debug)]
pub struct Guest {
    client: Arc<Client>,
    hosts: Hosts,
    manners: Manners,
    robots: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Option<Known>>>>>,
}

/// A robots.txt as it stands.
#[derive(Debug, Clone)]
struct Known {
    verdict: Arc<RobotsVerdict>,
    /// Asked for anew from then on.
    stale: Timestamp,
    /// Times in a row that it could not be had.
    misses: u32,
}

/// The first pause before an unreachable robots.txt is asked for again; it doubles up to a day.
const ROBOTS_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// What a visit gathers on its way.
#[derive(Debug, Default)]
struct Trail {
    hops: Vec<Exchange>,
    robots: Vec<FetchedRobots>,
    hosts: Vec<String>,
}

impl Guest {
    /// A guest with this client, these turns and manners.
    pub fn new(client: Arc<Client>, hosts: Hosts, manners: Manners) -> Self {
        Self { client, hosts, manners, robots: Mutex::default() }
    }

    /// The turns, to make known what the record remembers and to look up how a host stands.
    pub fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    /// Whether the robots.txt of `origin` is known, fresh or not.
    pub fn knows_robots(&self, origin: &str) -> bool {
        self.slot(origin).try_lock().is_ok_and(|known| known.is_some())
    }

    /// Takes in a robots.txt that the record kept. It does not replace one known already.
    pub fn know_robots(&self, origin: &str, status: Option<u16>, body: &[u8], fetched: Timestamp) {
        let slot = self.slot(origin);
        let Ok(mut known) = slot.try_lock() else { return };
        if known.is_none() {
            let verdict = RobotsVerdict::of(status, body);
            let pause = match verdict {
                RobotsVerdict::Unreachable(_) => ROBOTS_PAUSE,
                _ => self.manners.robots_age,
            };
            if let Some(delay) = verdict.crawl_delay(&self.manners.agent) {
                self.hosts.set_crawl_delay(host_of(origin), Some(delay));
            }
            *known = Some(Known { verdict: Arc::new(verdict), stale: later(fetched, pause), misses: 0 });
        }
    }

    /// Visits a target. Any number of visits may be under way at once.
    pub async fn visit(&self, target: &Target, now: Clock<'_>) -> Visit {
        let mut trail = Trail::default();
        let (final_url, ending) = match Url::parse(&target.ask) {
            Ok(url) => self.follow(url, target.kind, &target.validators, &mut trail, now).await,
            Err(error) => (None, failed(FailureKind::BadUrl, format!("cannot read the address: {error}"))),
        };
        let hosts = trail.hosts.iter().filter_map(|host| self.hosts.state(host)).collect();
        Visit { hops: trail.hops, final_url, ending, robots: trail.robots, hosts }
    }

    async fn follow(
        &self,
        mut url: Url,
        kind: TargetKind,
        validators: &Validators,
        trail: &mut Trail,
        now: Clock<'_>,
    ) -> (Option<Url>, Ending) {
        let mut been: Vec<Url> = Vec::new();
        loop {
            url.set_fragment(None);
            let ask = Ask { url: &url, kind: Some(kind), validators };
            let exchange = match self.hop(&ask, trail, now).await {
                Ok(exchange) => exchange,
                Err(ending) => return (Some(url), ending),
            };
            let status = exchange.response.status;
            let next = location(&exchange.response);
            let answered = exchange.response.url.clone();
            trail.hops.push(exchange);
            let next = match (status, next) {
                (301 | 302 | 303 | 307 | 308, Some(next)) => next,
                (301 | 302 | 303 | 307 | 308, None) => {
                    return (Some(url), failed(FailureKind::Redirects, format!("{status} without an address")));
                }
                (304, _) if validators.etag.is_some() || validators.last_modified.is_some() => {
                    return (Some(url), Ending::NotModified);
                }
                (429 | 503, _) => {
                    let host = authority(&answered);
                    let until = self.hosts.state(&host).map_or_else(now, |state| state.next);
                    return (Some(url), Ending::Parked { until, why: format!("{host} answered {status}") });
                }
                _ => return (Some(url), Ending::Answered),
            };
            been.push(url);
            if been.len() > self.manners.redirects {
                let why = format!("more than {} redirects", self.manners.redirects);
                return (Some(next), failed(FailureKind::Redirects, why));
            }
            if been.contains(&next) {
                let why = format!("redirects lead back to {next}");
                return (Some(next), failed(FailureKind::Redirects, why));
            }
            url = next;
        }
    }

    /// One request on the way: guard, robots, turn, exchange.
    async fn hop(&self, ask: &Ask<'_>, trail: &mut Trail, now: Clock<'_>) -> Result<Exchange, Ending> {
        let to = self.client.resolve(ask.url).await.map_err(ending)?;
        let verdict = self.robots_of(ask.url, &to, trail, now).await?;
        if !verdict.allowed(&self.manners.agent, ask.url.as_str()) {
            return Err(Ending::Refused(RefusedBy::Robots(verdict.reason())));
        }
        self.request(ask, &to, trail, now).await.map_err(Stop::into_ending)
    }

    async fn request(&self, ask: &Ask<'_>, to: &Resolved, trail: &mut Trail, now: Clock<'_>) -> Result<Exchange, Stop> {
        let host = authority(ask.url);
        let asked = now();
        let turn = self.hosts.turn(&host, to.address(), self.manners.patience, now).await.map_err(Stop::Parked)?;
        if !trail.hosts.contains(&host) {
            trail.hosts.push(host);
        }
        let exchange = fetch(&self.client, turn, to, ask, now).await.map_err(Stop::Failed)?;
        Ok(Exchange { waited: asked.duration_until(exchange.at).max(SignedDuration::ZERO), ..exchange })
    }

    /// What the robots.txt of `url`'s origin says. Of several visits that want it at once, one asks.
    async fn robots_of(
        &self,
        url: &Url,
        to: &Resolved,
        trail: &mut Trail,
        now: Clock<'_>,
    ) -> Result<Arc<RobotsVerdict>, Ending> {
        let origin = origin(url);
        let slot = self.slot(&origin);
        let mut known = slot.lock().await;
        if let Some(known) = known.as_ref().filter(|known| known.stale > now()) {
            return match *known.verdict {
                RobotsVerdict::Unreachable(_) => {
                    Err(Ending::Parked { until: known.stale, why: known.verdict.reason() })
                }
                _ => Ok(known.verdict.clone()),
            };
        }
        let fetched = now();
        let before = known.clone();
        let mut hops = Vec::new();
        let answer = self.fetch_robots(url, to, &mut hops, trail, now).await;
        let (status, body, failure) = match answer {
            Ok((status, body)) => (Some(status), body, None),
            // Nothing was learnt of the server: it is as before.
            Err(stop @ (Stop::Parked(_) | Stop::Failed(OutboundError::NoNetwork(_) | OutboundError::Dns(_)))) => {
                *known = before;
                return Err(stop.into_ending());
            }
            Err(Stop::Failed(error)) => (None, Vec::new(), Some(error)),
        };
        let fresh = RobotsVerdict::of(status, &body);
        let unreachable = matches!(fresh, RobotsVerdict::Unreachable(_));
        let misses = if unreachable { before.as_ref().map_or(0, |known| known.misses) + 1 } else { 0 };
        let pause = match unreachable {
            true => (ROBOTS_PAUSE * (1 << (misses - 1).min(10))).min(self.manners.robots_age),
            false => self.manners.robots_age,
        };
        // RFC 9309 section 2.4: an older file may be used for as long as the newer cannot be had.
        let older = before.filter(|known| unreachable && !matches!(*known.verdict, RobotsVerdict::Unreachable(_)));
        let keep = older.is_none();
        let verdict = older.map_or_else(|| Arc::new(fresh), |known| known.verdict);
        trail.robots.push(FetchedRobots { origin: origin.clone(), status, body, fetched, keep, hops });
        self.hosts.set_crawl_delay(&authority(url), verdict.crawl_delay(&self.manners.agent));
        let stale = later(now(), pause);
        *known = Some(Known { verdict: verdict.clone(), stale, misses });
        match (&*verdict, failure) {
            (RobotsVerdict::Unreachable(_), Some(error)) => Err(match ending(error) {
                Ending::Failed { kind, why } => failed(kind, format!("robots.txt: {why}")),
                other => other,
            }),
            (RobotsVerdict::Unreachable(_), None) => Err(Ending::Parked { until: stale, why: verdict.reason() }),
            _ => Ok(verdict),
        }
    }

    /// Asks for a robots.txt and follows its redirects, also to other hosts. One that leads in
    /// circles or through too many counts as missing.
    async fn fetch_robots(
        &self,
        url: &Url,
        to: &Resolved,
        hops: &mut Vec<Exchange>,
        trail: &mut Trail,
        now: Clock<'_>,
    ) -> Result<(u16, Vec<u8>), Stop> {
        let mut url = url.clone();
        url.set_path("/robots.txt");
        url.set_query(None);
        url.set_fragment(None);
        let mut to = to.clone();
        loop {
            let ask = Ask { url: &url, kind: None, validators: &Validators::default() };
            let exchange = self.request(&ask, &to, trail, now).await?;
            let status = exchange.response.status;
            let next = location(&exchange.response);
            let mut body = if (200..300).contains(&status) { exchange.response.body.clone() } else { Vec::new() };
            // One byte more than is read tells the reader that the file went on.
            body.truncate(MAX_BYTES + 1);
            hops.push(exchange);
            match next {
                Some(next) if (300..400).contains(&status) && hops.len() <= self.manners.robots_redirects => {
                    to = self.client.resolve(&next).await.map_err(Stop::Failed)?;
                    url = next;
                }
                _ => return Ok((status, body)),
            }
        }
    }

    fn slot(&self, origin: &str) -> Arc<tokio::sync::Mutex<Option<Known>>> {
        let mut robots = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        robots.entry(origin.to_owned()).or_default().clone()
    }
}

/// Why a request was not made or not answered.
enum Stop {
    Parked(Parked),
    Failed(OutboundError),
}

impl Stop {
    fn into_ending(self) -> Ending {
        match self {
            Self::Parked(Parked { until, why }) => Ending::Parked { until, why },
            Self::Failed(error) => ending(error),
        }
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
    failed(kind, error.to_string())
}

fn failed(kind: FailureKind, why: String) -> Ending {
    Ending::Failed { kind, why }
}

/// Where a redirect leads, without its fragment.
fn location(response: &Response) -> Option<Url> {
    let mut next = response.url.join(response.header("location")?.trim()).ok()?;
    next.set_fragment(None);
    Some(next)
}

/// The host of an origin, with its port: `example.org` of `https://example.org`.
fn host_of(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}
