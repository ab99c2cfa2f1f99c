//! Whose turn it is: the only place that makes a [`Turn`], without which nothing is fetched.
//!
//! One request at a time to a host, and one to an address, whoever lives there. Between the end of
//! one and the start of the next lies the host's gap: the longest of our own, the one its
//! robots.txt asks for (of any length: the host is parked, never hurried), and one that grows with
//! how slowly it answers. A host that says "too many" or fails is parked as a whole, and one whose
//! requests of the day are used up rests until tomorrow.
//!
//! A host and an address must be claimed before they are asked, so that many processes keep to this
//! as one does. All of it goes in and out as [`HostState`], so that it outlives the process. Times
//! are arguments.

use std::collections::{HashMap, HashSet};
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
    /// So many requests a day (UTC) are made to one host; `None` for as many as the gaps allow.
    pub day_budget: Option<u32>,
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
            day_budget: None,
        }
    }
}

impl Pace {
    /// The gap of the network of our own that `address` is in.
    fn network(&self, address: IpAddr) -> Option<SignedDuration> {
        self.networks.iter().find(|(network, _)| network.contains(&address)).map(|(_, gap)| *gap)
    }
}

/// A name without an address is looked up again after so long at least.
const NAMELESS: SignedDuration = SignedDuration::from_mins(10);

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
    /// The host or the address is not claimed for this process, or not any more.
    Unclaimed,
}

/// Why there is no turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoTurn {
    /// It is not our turn within the patience that was given.
    Parked(Parked),
    /// The host or the address is to be claimed first ([`Hosts::claimed`]).
    Unclaimed,
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
    /// Ours until then.
    claimed: Option<Timestamp>,
    /// When it was last claimed, asked for or given back.
    used: Option<Timestamp>,
}

impl Seat {
    fn is_ours(&self, now: Timestamp) -> bool {
        self.claimed.is_some_and(|until| now < until)
    }
}

#[derive(Debug, Default)]
struct Host {
    seat: Seat,
    address: Option<IpAddr>,
    /// The day (UTC, in days since 1970) that `requests` counts.
    day: i64,
    requests: u32,
    next: Option<Timestamp>,
    ended: Option<Timestamp>,
    crawl_delay: Option<SignedDuration>,
    slow: SignedDuration,
    failures: u32,
    reason: Option<String>,
    own: SignedDuration,
}

impl Host {
    fn state(&self, name: &str) -> Option<HostState> {
        Some(HostState {
            host: name.to_owned(),
            address: self.address,
            next: self.next?,
            gap: self.gap(),
            failures: self.failures,
            requests: self.requests,
            reason: self.reason.clone(),
        })
    }

    fn gap(&self) -> SignedDuration {
        self.own.max(self.slow).max(self.crawl_delay.unwrap_or(SignedDuration::ZERO))
    }
}

impl Hosts {
    /// No hosts yet.
    pub fn new(pace: Pace) -> Self {
        Self { pace: Arc::new(pace), state: Arc::default() }
    }

    /// Our own pause between two requests to whoever lives at `address`.
    pub fn own_gap(&self, address: IpAddr) -> SignedDuration {
        self.pace.network(address).unwrap_or(self.pace.gap)
    }

    /// Takes in that a host and its address are ours until then, and what is remembered of the host:
    /// of two pauses the longer one holds.
    pub fn claimed(&self, kept: &HostState, address: IpAddr, until: Timestamp, now: Timestamp) {
        let mut state = self.lock();
        let State { hosts, addresses } = &mut *state;
        let host = hosts.entry(kept.host.clone()).or_default();
        for seat in [&mut host.seat, addresses.entry(address).or_default()] {
            seat.claimed = seat.claimed.max(Some(until));
            seat.used = Some(now);
        }
        host.address = Some(address);
        host.next = host.next.max(Some(kept.next));
        host.slow = host.slow.max(kept.gap.min(self.pace.slowest));
        host.failures = host.failures.max(kept.failures);
        if host.day != day(now) {
            (host.day, host.requests) = (day(now), 0);
        }
        host.requests = host.requests.max(kept.requests);
        if host.reason.is_none() {
            host.reason.clone_from(&kept.reason);
        }
    }

    /// Makes the claims to all that is ours at `now` last until then; of addresses, those at which a host
    /// of ours lives. Another that a host has left runs out, here and in the ledger alike.
    pub fn renewed(&self, until: Timestamp, now: Timestamp) {
        let mut state = self.lock();
        let State { hosts, addresses } = &mut *state;
        let lived_at: HashSet<IpAddr> = hosts.values().filter_map(|host| host.address).collect();
        let addresses = addresses.iter_mut().filter(|(address, _)| lived_at.contains(*address)).map(|(_, seat)| seat);
        for seat in hosts.values_mut().map(|host| &mut host.seat).chain(addresses) {
            if seat.is_ours(now) {
                seat.claimed = seat.claimed.max(Some(until));
            }
        }
    }

    /// Forgets the hosts that nobody has used since `before`, nor the address that they live at, and
    /// returns how they stand: they are not ours any more, and are to be claimed again before they are
    /// asked. `busy` are left alone.
    pub fn retire(&self, before: Timestamp, busy: &[String]) -> Vec<HostState> {
        let mut state = self.lock();
        let State { hosts, addresses } = &mut *state;
        let idle = |seat: &Seat| !seat.taken && seat.used.is_none_or(|used| used < before);
        let unused = |host: &Host| {
            let lives = host.address.and_then(|address| addresses.get(&address));
            idle(&host.seat) && lives.is_none_or(idle)
        };
        let names: Vec<String> = hosts.iter().filter(|(_, host)| unused(host)).map(|(name, _)| name.clone()).collect();
        let mut retired = Vec::new();
        for name in names {
            if busy.contains(&name) {
                continue;
            }
            retired.extend(hosts.remove(&name).and_then(|host| host.state(&name)));
        }
        addresses.retain(|address, seat| !idle(seat) || hosts.values().any(|host| host.address == Some(*address)));
        retired
    }

    /// What is to be remembered of a host; `None` where it never had a turn.
    pub fn state(&self, host: &str) -> Option<HostState> {
        self.lock().hosts.get(host)?.state(host)
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

    /// When the first of the hosts may be asked that rest between two requests, as all is well with them;
    /// `None` where none rests beyond `now`.
    pub fn next_free(&self, now: Timestamp) -> Option<Timestamp> {
        let state = self.lock();
        let resting = state.hosts.values().filter(|host| host.failures == 0).filter_map(|host| host.next);
        resting.filter(|next| *next > now).min()
    }

    /// Takes in that a host's name has no address: it rests as one that does not answer, and longer.
    pub fn has_no_address(&self, host: &str, why: &str, now: Timestamp) {
        let mut state = self.lock();
        let host = state.hosts.entry(host.to_owned()).or_default();
        host.failures = host.failures.saturating_add(1);
        let pause = doubled(&self.pace, host.failures, self.pace.longest_back_off).max(NAMELESS);
        host.next = host.next.max(Some(later(now, pause)));
        host.reason = Some(why.to_owned());
        host.seat.used = Some(now);
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

    /// Asks for a turn at `host` (with its port where that is not the usual one), which lives at
    /// `address`.
    pub fn ask(&self, host: &str, address: IpAddr, now: Timestamp) -> Answer {
        let mut state = self.lock();
        let State { hosts, addresses } = &mut *state;
        let seat = addresses.entry(address).or_default();
        let found = hosts.entry(host.to_owned()).or_default();
        found.seat.used = Some(now);
        seat.used = Some(now);
        if !found.seat.is_ours(now) || !seat.is_ours(now) {
            return Answer::Unclaimed;
        }
        if found.seat.taken || seat.taken {
            return Answer::Busy;
        }
        if let Some(next) = found.next.filter(|next| *next > now) {
            return Answer::Wait(next, found.reason.clone());
        }
        if found.day != day(now) {
            (found.day, found.requests) = (day(now), 0);
        }
        if let Some(budget) = self.pace.day_budget.filter(|budget| found.requests >= *budget) {
            found.reason = Some(format!("its {budget} requests of the day are used"));
            found.next = Some(tomorrow(now));
            return Answer::Wait(tomorrow(now), found.reason.clone());
        }
        let own = self.pace.network(address);
        found.requests += 1;
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
    ) -> Result<Turn, NoTurn> {
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
                Answer::Unclaimed => return Err(NoTurn::Unclaimed),
                Answer::Wait(until, why) if until > deadline => {
                    let why = why.unwrap_or_else(|| format!("the pause between two requests to {host}"));
                    return Err(NoTurn::Parked(Parked { until, why }));
                }
                Answer::Wait(until, _) => tokio::time::sleep(until_then(moment, until)).await,
                Answer::Busy if moment >= deadline => {
                    let until = later(moment, patience.max(SignedDuration::from_secs(1)));
                    let why = format!("other requests to {host} or its address");
                    return Err(NoTurn::Parked(Parked { until, why }));
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
            found.seat.used = Some(now);
            found.seat.taken = false;
            found.seat.bell.notify_waiters();
        }
        if let Some(seat) = state.addresses.get_mut(&address) {
            seat.used = Some(now);
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
    /// The pause that lay between this request and the one before, at least.
    pub fn gap(&self) -> SignedDuration {
        self.hosts.lock().hosts.get(&self.host).map_or(SignedDuration::ZERO, Host::gap)
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

/// The day (UTC) of `moment`, in days since 1970.
fn day(moment: Timestamp) -> i64 {
    moment.as_second().div_euclid(24 * 60 * 60)
}

fn tomorrow(now: Timestamp) -> Timestamp {
    Timestamp::from_second((day(now) + 1) * 24 * 60 * 60).unwrap_or(Timestamp::MAX)
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
