//! From a host to the addresses that a request may use, and the pin that holds a connection to
//! them.
//!
//! The HTTP library asks a resolver of its own when it opens a connection. Ours answers only from
//! the pins of requests under way, so that no name is ever looked up behind the guard's back.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ipnet::IpNet;
use tokio::sync::{Semaphore, oneshot};
use url::{Host, Url};

use crate::OutboundError;
use crate::guard::{LOOPBACK, NameKind, Refusal, fetchable, name_kind, permitted};

/// A host whose addresses the guard has checked. Made only by [`Client::resolve`](crate::Client::resolve).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    pub(crate) host: String,
    /// Never empty.
    addresses: Vec<IpAddr>,
}

impl Resolved {
    /// The address that is tried first. Hosts that share a set of addresses agree on it.
    pub fn address(&self) -> IpAddr {
        self.addresses[0]
    }

    /// All addresses that may be used, in the order they are tried.
    pub fn addresses(&self) -> &[IpAddr] {
        &self.addresses
    }
}

/// How long an answer of the name service is used again.
const NAMES_KEPT: Duration = Duration::from_secs(300);
/// How many are kept; beyond that those that are too old are forgotten, and if there are none, all.
const NAMES_LIMIT: usize = 20_000;

/// So many names are looked up at a time, each on a thread of its own: the system's resolver goes on after
/// we have lost patience, and a name service that is slow or dead must not take the threads of other work.
const LOOK_UPS: usize = 64;
/// What such a thread needs at most.
const STACK: usize = 256 * 1024;

/// Looks names up, and keeps the answers for a while.
#[derive(Debug)]
pub(crate) struct Names {
    fixed: BTreeMap<String, Vec<IpAddr>>,
    kept: Mutex<HashMap<String, (Instant, Vec<IpAddr>)>>,
    turns: Arc<Semaphore>,
}

impl Names {
    pub(crate) fn new(fixed: BTreeMap<String, Vec<IpAddr>>) -> Self {
        Self { fixed, kept: Mutex::default(), turns: Arc::new(Semaphore::new(LOOK_UPS)) }
    }

    /// The checked addresses of `url`'s host.
    pub(crate) async fn resolve(
        &self,
        url: &Url,
        allow: &[IpNet],
        deadline: Duration,
    ) -> Result<Resolved, OutboundError> {
        fetchable(url, allow)?;
        let name = match url.host() {
            None => return Err(Refusal::NoHost.into()),
            Some(Host::Ipv4(address)) => return Ok(one(url, address.into())),
            Some(Host::Ipv6(address)) => return Ok(one(url, address.into())),
            Some(Host::Domain(name)) => name,
        };
        let found = match self.fixed.get(name) {
            Some(fixed) => fixed.clone(),
            // RFC 6761 section 6.3: never asked of a name service.
            None if name_kind(name) == NameKind::Localhost => vec![LOOPBACK],
            None => self.look_up(name, deadline).await?,
        };
        let private_name = name_kind(name) != NameKind::Public;
        let mut refused = None;
        let mut addresses = Vec::new();
        for address in found {
            match permitted(address, allow) {
                // A private name was let through for the sake of an allowed network only.
                Ok(()) if private_name && !allow.iter().any(|network| network.contains(&address)) => {
                    refused = Some(Refusal::Name(name.to_owned()));
                }
                Ok(()) => addresses.push(address),
                Err(refusal) => refused = Some(refusal),
            }
        }
        // IPv4 first, then by number: hosts behind the same set of addresses then use the same
        // one, and count as one for politeness.
        addresses.sort_unstable_by_key(|address| (address.is_ipv6(), *address));
        addresses.dedup();
        match (addresses.is_empty(), refused) {
            (false, _) => Ok(Resolved { host: name.to_owned(), addresses }),
            (true, Some(refusal)) => Err(refusal.into()),
            (true, None) => Err(OutboundError::Dns(name.to_owned())),
        }
    }

    /// Forgets what is known of `host`, whose addresses turned out to be of no use.
    pub(crate) fn forget(&self, host: &str) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).remove(host);
    }

    async fn look_up(&self, name: &str, deadline: Duration) -> Result<Vec<IpAddr>, OutboundError> {
        if let Some((at, addresses)) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(name)
            && at.elapsed() < NAMES_KEPT
        {
            return Ok(addresses.clone());
        }
        let addresses = match tokio::time::timeout(deadline, ask_system(name, &self.turns)).await {
            Err(_) => return Err(OutboundError::NoNetwork(format!("no name service answers for {name}"))),
            Ok(Err(error)) => return Err(name_error(name, &error)),
            Ok(Ok(found)) => found,
        };
        self.keep(name, &addresses);
        Ok(addresses)
    }

    fn keep(&self, name: &str, addresses: &[IpAddr]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= NAMES_LIMIT {
            kept.retain(|_, (at, _)| at.elapsed() < NAMES_KEPT);
        }
        if kept.len() >= NAMES_LIMIT {
            kept.clear();
        }
        kept.insert(name.to_owned(), (Instant::now(), addresses.to_vec()));
    }
}

/// Asks the system's resolver, when it is this name's turn.
async fn ask_system(name: &str, turns: &Arc<Semaphore>) -> io::Result<Vec<IpAddr>> {
    // The semaphore is never closed.
    let turn = Arc::clone(turns).acquire_owned().await.ok();
    let name = name.to_owned();
    let (reply, answer) = oneshot::channel();
    thread::Builder::new().name("looks-up".to_owned()).stack_size(STACK).spawn(move || {
        let found = (name.as_str(), 0).to_socket_addrs();
        drop(turn);
        // Whoever asked may have lost patience.
        let _ = reply.send(found.map(|sockets| sockets.map(|socket| socket.ip()).collect()));
    })?;
    answer.await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

fn one(url: &Url, address: IpAddr) -> Resolved {
    Resolved { host: url.host_str().unwrap_or_default().to_owned(), addresses: vec![address] }
}

/// The system's resolver says "try again" (EAI_AGAIN) where no name service answers, and "not
/// known" where one does; only the words tell them apart.
fn name_error(name: &str, error: &io::Error) -> OutboundError {
    let text = error.to_string();
    if text.contains("Temporary failure") || text.contains("try again") {
        OutboundError::NoNetwork(format!("no name service answers for {name}"))
    } else {
        OutboundError::Dns(name.to_owned())
    }
}

/// The addresses of requests under way, by host.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pins(Arc<Mutex<HashMap<String, Pinned>>>);

/// How many requests hold a host, and to which addresses.
#[derive(Debug, Default)]
struct Pinned {
    holders: usize,
    addresses: Vec<IpAddr>,
}

impl Pins {
    /// Holds connections to `resolved`'s host to its addresses until the pin is dropped.
    pub(crate) fn hold(&self, resolved: &Resolved) -> Pin {
        let mut pins = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = pins.entry(resolved.host.clone()).or_default();
        entry.holders += 1;
        entry.addresses.clone_from(&resolved.addresses);
        Pin { pins: self.clone(), host: resolved.host.clone() }
    }
}

/// See [`Pins::hold`].
#[derive(Debug)]
pub(crate) struct Pin {
    pins: Pins,
    host: String,
}

impl Drop for Pin {
    fn drop(&mut self) {
        let mut pins = self.pins.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = pins.get_mut(&self.host) {
            entry.holders -= 1;
            if entry.holders == 0 {
                pins.remove(&self.host);
            }
        }
    }
}

impl reqwest::dns::Resolve for Pins {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let pins = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let addresses = pins.get(name.as_str()).map(|pinned| pinned.addresses.clone());
        Box::pin(async move {
            match addresses {
                // Port 0 stands for the URL's own.
                Some(addresses) => {
                    Ok(Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)))
                        as reqwest::dns::Addrs)
                }
                None => Err(format!("{} was never checked", name.as_str()).into()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn resolve(url: &str, hosts: &[(&str, &[&str])], allow: &[&str]) -> Result<Vec<String>, OutboundError> {
        let fixed = hosts.iter().map(|(name, addresses)| {
            ((*name).to_owned(), addresses.iter().map(|a| a.parse().expect("an address")).collect())
        });
        let allow: Vec<IpNet> = allow.iter().map(|net| net.parse().expect("a network")).collect();
        let url = Url::parse(url).expect("a URL");
        let resolved = Names::new(fixed.collect()).resolve(&url, &allow, Duration::from_secs(5)).await?;
        Ok(resolved.addresses().iter().map(ToString::to_string).collect())
    }

    #[tokio::test]
    async fn only_allowed_addresses_of_a_name_are_used() {
        let mixed: &[(&str, &[&str])] = &[("feed.test", &["10.1.2.3", "93.184.216.34", "2a00:1450::1"])];
        assert_eq!(
            resolve("http://feed.test/", mixed, &[]).await,
            Ok(vec!["93.184.216.34".into(), "2a00:1450::1".into()])
        );
    }

    #[tokio::test]
    async fn a_name_with_private_addresses_alone_is_refused() {
        let inner: &[(&str, &[&str])] = &[("inner.test", &["10.1.2.3"])];
        let refused = resolve("http://inner.test/", inner, &[]).await;
        assert!(
            matches!(refused, Err(OutboundError::Refused(Refusal::Address { kind: "private", .. }))),
            "{refused:?}"
        );
        assert_eq!(resolve("http://inner.test/", inner, &["10.0.0.0/8"]).await, Ok(vec!["10.1.2.3".into()]));
    }

    #[tokio::test]
    async fn localhost_names_lead_to_loopback_where_that_is_allowed() {
        assert_eq!(resolve("http://press.localhost:81/", &[], &["127.0.0.0/8"]).await, Ok(vec!["127.0.0.1".into()]));
        assert!(resolve("http://press.localhost:81/", &[], &[]).await.is_err());
    }

    #[tokio::test]
    async fn a_private_name_may_lead_to_an_allowed_network_only() {
        let names: &[(&str, &[&str])] = &[("intranet", &["93.184.216.34", "10.0.0.7"])];
        assert_eq!(resolve("http://intranet/", names, &["10.0.0.0/8"]).await, Ok(vec!["10.0.0.7".into()]));
    }

    #[test]
    fn names_are_kept_up_to_a_limit() {
        let names = Names::new(BTreeMap::new());
        for number in 0..=NAMES_LIMIT {
            names.keep(&number.to_string(), &[LOOPBACK]);
        }
        assert_eq!(names.kept.lock().expect("lock").len(), 1, "all were new: none was worth more than another");
    }

    #[tokio::test]
    async fn a_look_up_waits_for_its_turn() {
        let turns = Arc::new(Semaphore::new(1));
        let busy = Arc::clone(&turns).acquire_owned().await.expect("never closed");
        let patience = Duration::from_millis(50);
        assert!(tokio::time::timeout(patience, ask_system("localhost", &turns)).await.is_err());
        drop(busy);
        let found = ask_system("localhost", &turns).await.expect("every system knows itself");
        assert!(found.iter().all(IpAddr::is_loopback) && !found.is_empty());
        assert_eq!(turns.available_permits(), 1);
    }

    #[tokio::test]
    async fn a_pin_ends_with_its_last_request() {
        let pins = Pins::default();
        let resolved = Resolved { host: "a.test".into(), addresses: vec![LOOPBACK] };
        let ask = |pins: &Pins| reqwest::dns::Resolve::resolve(pins, "a.test".parse().expect("a name"));
        let (first, second) = (pins.hold(&resolved), pins.hold(&resolved));
        drop(first);
        assert!(ask(&pins).await.is_ok());
        drop(second);
        assert!(ask(&pins).await.is_err());
    }
}
