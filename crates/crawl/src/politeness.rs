//! Whose turn it is: the only place that makes a [`Turn`], without which nothing is fetched.
//!
//! One request at a time to a host, and one to an address, whoever lives there. Between the end of
//! one and the start of the next lies the host's gap: the longest of our own, the one its
//! robots.txt asks for (of any length: the host is parked, never hurried), and one that grows with
//! how slowly it answers. A host that says "too many" or fails is parked as a whole. All of it goes
//! in and out as [`HostState`], so that it outlives the process. Times are arguments.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use courant_model::HostState;
use courant_outbound::IpNet;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

/// How fast we go where nobody asks for less.
#[derive(Debug, Clone)]
pub struct Pace {
    /// From the end of a request to the start of the next, to one host.
    pub gap: SignedDuration,
    /// Networks of our own (a demonstration, tests), with the gap for hosts in them. They are not
    /// slowed down for answering slowly; what their robots.txt asks for still holds.
    pub networks: Vec<(IpNet, SignedDuration)>,
    /// The gap is at least so many times as long as the last answer took.
    pub slowness: u32,
    /// What slowness alone adds up to at most.
    pub slowest: SignedDuration,
    /// The first pause after a failure without a word on how long; it doubles each time.
    pub back_off: SignedDuration,
    /// The longest such pause.
    pub longest_back_off: SignedDuration,
}

impl Default for Pace {
    /// Two seconds, twice the time of the last answer up to a minute, pauses from one minute to six
    /// hours.
    fn default() -> Self {
        Self {
            gap: SignedDuration::from_secs(2),
            networks: Vec::new(),
            slowness: 2,
            slowest: SignedDuration::from_secs(60),
            back_off: SignedDuration::from_mins(1),
            longest_back_off: SignedDuration::from_hours(6),
        }
    }
}

/// How a request ended, as far as politeness cares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The server answered.
    Answered {
        /// With this status.
        status: u16,
        /// It asked for this pause.
        retry_after: Option<SignedDuration>,
        /// How long it took.
        elapsed: Duration,
    },
    /// It did not answer, or not in time: why.
    Failed(String),
    /// The network is away; nothing is known of the server.
    NoNetwork,
}

/// What [`Hosts::ask`] says.
#[derive(Debug)]
pub enum Answer {
    /// Go.
    Turn(Turn),
    /// Not before this moment, and why, where the host is parked.
    Wait(Timestamp, Option<String>),
    /// A request to the host or the address is under way.
    Busy,
}

/// Nobody's turn within the patience that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// Not before this moment.
    pub until: Timestamp,
    /// Why, for a person.
    pub why: String,
}

/// All hosts that were met. Cheap to clone; the clones are one.
#[derive(Debug, Clone)]
pub struct Hosts {
    pace: Arc<Pace>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    hosts: HashMap<String, Host>,
    addresses: HashMap<IpAddr, Seat>,
}

/// Taken by one at a time; the bell rings when it is free again.
#[derive(Debug, Default)]
struct Seat {
    taken: bool,
    bell: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Host {
    seat: Seat,
    next: Option<Timestamp>,
    ended: Option<Timestamp>,
    crawl_delay: Option<SignedDuration>,
    slow: SignedDuration,
    failures: u32,
    reason: Option<String>,
    own: SignedDuration,
}

impl Host {
    fn gap(&self) -> SignedDuration {
        self.own.max(self.slow).max(self.crawl_delay.unwrap_or(SignedDuration::ZERO))
    }
}

impl Hosts {
    /// No hosts yet.
    pub fn new(pace: Pace) -> Self {
        Self { pace: Arc::new(pace), state: Arc::default() }
    }

    /// Whether `host` was met or made known.
    pub fn knows(&self, host: &str) -> bool {
        self.lock().hosts.contains_key(host)
    }

    /// Takes in what the record remembers of a host. Of two pauses the longer one holds.
    pub fn know(&self, kept: &HostState) {
        let mut state = self.lock();
        let host = state.hosts.entry(kept.host.clone()).or_default();
        host.next = host.next.max(Some(kept.next));
        host.slow = host.slow.max(kept.gap.min(self.pace.slowest));
        if host.reason.is_none() {
            host.reason.clone_from(&kept.reason);
        }
    }

    /// What is to be remembered of a host; `None` where it never had a turn.
    pub fn state(&self, host: &str) -> Option<HostState> {
        let state = self.lock();
        let found = state.hosts.get(host)?;
        Some(HostState { host: host.to_owned(), next: found.next?, gap: found.gap(), reason: found.reason.clone() })
    }

    /// The hosts, by name, whose next request may not start before a moment later than `beyond`:
    /// whoever takes work from the frontier leaves theirs there meanwhile.
    pub fn parked(&self, beyond: Timestamp) -> Vec<String> {
        let state = self.lock();
        let parked = state.hosts.iter().filter(|(_, host)| host.next.is_some_and(|next| next > beyond));
        let mut names: Vec<String> = parked.map(|(name, _)| name.clone()).collect();
        names.sort_unstable();
        names
    }

    /// Sets the pause that the host's robots.txt asks for, counted from the last request's end.
    pub fn set_crawl_delay(&self, host: &str, delay: Option<SignedDuration>) {
        let mut state = self.lock();
        let host = state.hosts.entry(host.to_owned()).or_default();
        host.crawl_delay = delay;
        if let (Some(ended), Some(delay)) = (host.ended, delay) {
            host.next = host.next.max(Some(later(ended, delay)));
        }
    }

    /// Parks a host until then.
    pub fn park(&self, host: &str, until: Timestamp, why: &str) {
        let mut state = self.lock();
        let host = state.hosts.entry(host.to_owned()).or_default();
        host.next = host.next.max(Some(until));
        host.reason = Some(why.to_owned());
    }

    /// Asks for a turn at `host` (with its port where that is not the usual one), which lives at
    /// `address`.
    pub fn ask(&self, host: &str, address: IpAddr, now: Timestamp) -> Answer {
        let mut state = self.lock();
        let State { hosts, addresses } = &mut *state;
        let seat = addresses.entry(address).or_default();
        let found = hosts.entry(host.to_owned()).or_default();
        if found.seat.taken || seat.taken {
            return Answer::Busy;
        }
        if let Some(next) = found.next.filter(|next| *next > now) {
            return Answer::Wait(next, found.reason.clone());
        }
        let own = self.pace.networks.iter().find(|(network, _)| network.contains(&address)).map(|(_, gap)| *gap);
        found.own = own.unwrap_or(self.pace.gap);
        if own.is_some() {
            found.slow = SignedDuration::ZERO;
        }
        found.reason = None;
        found.seat.taken = true;
        seat.taken = true;
        let (host, pace) = (host.to_owned(), own.is_none());
        Answer::Turn(Turn { hosts: self.clone(), host, address, asked: now, begun: Instant::now(), slows: pace })
    }

    /// Waits for a turn, no longer than `patience`.
    pub async fn turn(
        &self,
        host: &str,
        address: IpAddr,
        patience: SignedDuration,
        now: &(dyn Fn() -> Timestamp + Send + Sync),
    ) -> Result<Turn, Parked> {
        let deadline = later(now(), patience);
        loop {
            let (host_bell, address_bell) = self.bells(host, address);
            let (host_rings, address_rings) = (host_bell.notified(), address_bell.notified());
            tokio::pin!(host_rings, address_rings);
            // Listening begins before the question, so that no ring is missed in between.
            host_rings.as_mut().enable();
            address_rings.as_mut().enable();
            let moment = now();
            match self.ask(host, address, moment) {
                Answer::Turn(turn) => return Ok(turn),
                Answer::Wait(until, why) if until > deadline => {
                    let why = why.unwrap_or_else(|| format!("the pause between two requests to {host}"));
                    return Err(Parked { until, why });
                }
                Answer::Wait(until, _) => tokio::time::sleep(until_then(moment, until)).await,
                Answer::Busy if moment >= deadline => {
                    let until = later(moment, patience.max(SignedDuration::from_secs(1)));
                    return Err(Parked { until, why: format!("other requests to {host} or its address") });
                }
                Answer::Busy => tokio::select! {
                    () = host_rings => {}
                    () = address_rings => {}
                    () = tokio::time::sleep(until_then(moment, deadline)) => {}
                },
            }
        }
    }

    fn bells(&self, host: &str, address: IpAddr) -> (Arc<Notify>, Arc<Notify>) {
        let mut state = self.lock();
        let host = state.hosts.entry(host.to_owned()).or_default().seat.bell.clone();
        (host, state.addresses.entry(address).or_default().bell.clone())
    }

    fn release(&self, host: &str, address: IpAddr, now: Timestamp, change: impl FnOnce(&mut Host, &Pace)) {
        let mut state = self.lock();
        if let Some(found) = state.hosts.get_mut(host) {
            found.ended = Some(now);
            change(found, &self.pace);
            found.next = found.next.max(Some(later(now, found.gap())));
            found.seat.taken = false;
            found.seat.bell.notify_waiters();
        }
        if let Some(seat) = state.addresses.get_mut(&address) {
            seat.taken = false;
            seat.bell.notify_waiters();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The permission for one request to one host. Moved into the fetch, and given back by
/// [`Turn::end`]; one that is dropped (a cancelled fetch) counts as a request that ended then.
#[derive(Debug)]
#[must_use = "a turn keeps all others from the host"]
pub struct Turn {
    hosts: Hosts,
    host: String,
    address: IpAddr,
    asked: Timestamp,
    begun: Instant,
    slows: bool,
}

impl Turn {
    /// The host it is for.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Says how the request ended, at `now`, and gives the turn back.
    pub fn end(self, ended: &Ended, now: Timestamp) {
        let slows = self.slows;
        self.hosts.release(&self.host, self.address, now, |host, pace| settle(host, pace, ended, slows, now));
        // What `drop` does is done.
        std::mem::forget(self);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let elapsed = SignedDuration::try_from(self.begun.elapsed()).unwrap_or(SignedDuration::MAX);
        self.hosts.release(&self.host, self.address, later(self.asked, elapsed), |_, _| {});
    }
}

/// What an ended request means for the next.
fn settle(host: &mut Host, pace: &Pace, ended: &Ended, slows: bool, now: Timestamp) {
    let (pause, why) = match ended {
        Ended::Answered { status: status @ (429 | 503), retry_after, elapsed } => {
            host.failures = host.failures.saturating_add(1);
            slow_down(host, pace, *elapsed, slows);
            let pause = retry_after.unwrap_or_else(|| doubled(pace, host.failures, pace.longest_back_off));
            (pause, format!("it answered {status}"))
        }
        Ended::Answered { status: status @ 500.., elapsed, .. } => {
            host.failures = host.failures.saturating_add(1);
            slow_down(host, pace, *elapsed, slows);
            // One page may be broken; a row of them is a server in trouble.
            let calm = host.failures.saturating_sub(2);
            let pause = if calm > 0 { doubled(pace, calm, pace.longest_back_off) } else { SignedDuration::ZERO };
            (pause, format!("it answered {status}, {} times", host.failures))
        }
        Ended::Answered { elapsed, .. } => {
            host.failures = 0;
            slow_down(host, pace, *elapsed, slows);
            (SignedDuration::ZERO, String::new())
        }
        Ended::Failed(why) => {
            host.failures = host.failures.saturating_add(1);
            (doubled(pace, host.failures, pace.longest_back_off), why.clone())
        }
        Ended::NoNetwork => {
            host.failures = host.failures.saturating_add(1);
            (doubled(pace, host.failures, SignedDuration::from_mins(15)), "no network".to_owned())
        }
    };
    let crawl_delay = host.crawl_delay.filter(|delay| *delay >= host.gap() && *delay > host.own);
    host.reason = match (pause > SignedDuration::ZERO, crawl_delay) {
        (true, _) => Some(why),
        (false, Some(delay)) => Some(format!("robots.txt asks for {} s between requests", delay.as_secs())),
        (false, None) => None,
    };
    host.next = Some(later(now, pause));
}

fn slow_down(host: &mut Host, pace: &Pace, elapsed: Duration, slows: bool) {
    let wanted = SignedDuration::try_from(elapsed.saturating_mul(pace.slowness)).unwrap_or(SignedDuration::MAX);
    // What one slow answer added is forgotten over the next few.
    host.slow = if slows { wanted.max(host.slow * 3 / 4).min(pace.slowest) } else { SignedDuration::ZERO };
}

fn doubled(pace: &Pace, times: u32, most: SignedDuration) -> SignedDuration {
    let factor = 1i32 << times.saturating_sub(1).min(20);
    pace.back_off.checked_mul(factor).unwrap_or(SignedDuration::MAX).min(most)
}

/// `moment + pause`, at most the last moment there is.
pub(crate) fn later(moment: Timestamp, pause: SignedDuration) -> Timestamp {
    moment.checked_add(pause).unwrap_or(Timestamp::MAX)
}

fn until_then(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(now.duration_until(then)).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests;
