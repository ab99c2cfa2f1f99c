//! The address guard: which URLs and which addresses a request may go to.
//!
//! Its one idea: an address is allowed only if it is a public one of the plain kind. Whatever can
//! stand for another address (6to4, Teredo, IPv4 in IPv6) is taken apart first, or refused. The
//! tables follow the IANA special-purpose registries (RFC 6890 and its successors). Names are
//! checked here only as far as the name itself tells; what it resolves to is `resolve`'s part.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use url::{Host, Url};

/// Why the guard forbids a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Neither http nor https.
    Scheme(String),
    /// A URL without a host.
    NoHost,
    /// A port that belongs to another service than the web.
    Port(u16),
    /// A name that means this machine or a private network.
    Name(String),
    /// An address that is not public.
    Address {
        /// The address.
        address: IpAddr,
        /// What it is: `loopback`, `private`, …
        kind: &'static str,
    },
    /// The addresses at hand were looked up for another host.
    OtherHost(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme(scheme) => write!(f, "scheme {scheme} is neither http nor https"),
            Self::NoHost => f.write_str("no host"),
            Self::Port(port) => write!(f, "port {port} is not used for the web"),
            Self::Name(name) => write!(f, "name {name} means a private network"),
            Self::Address { address, kind } => write!(f, "address {address} is not public ({kind})"),
            Self::OtherHost(host) => write!(f, "the addresses were looked up for another host than {host}"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Whether a request to `url` may be made, as far as the URL itself tells: scheme, port, name, and
/// the address where the host is one, in any spelling that the URL parser knows. Networks in
/// `allow` are allowed although they are private. Credentials do not matter: they are never sent.
pub fn fetchable(url: &Url, allow: &[IpNet]) -> Result<(), Refusal> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refusal::Scheme(url.scheme().to_owned()));
    }
    let host = url.host().ok_or(Refusal::NoHost)?;
    if let Some(port) = url.port().filter(|port| CLOSED_PORTS.contains(port)) {
        return Err(Refusal::Port(port));
    }
    match host {
        Host::Ipv4(address) => permitted(IpAddr::V4(address), allow),
        Host::Ipv6(address) => permitted(IpAddr::V6(address), allow),
        Host::Domain(name) => match name_kind(name) {
            NameKind::Public => Ok(()),
            NameKind::Localhost if permitted(LOOPBACK, allow).is_ok() => Ok(()),
            // Where an intranet was allowed, its names are looked up, and may lead nowhere else.
            NameKind::Private if allow.iter().any(|network| !network.addr().is_loopback()) => Ok(()),
            NameKind::Localhost | NameKind::Private => Err(Refusal::Name(name.to_owned())),
        },
    }
}

/// Whether a connection to `address` may be made.
pub fn permitted(address: IpAddr, allow: &[IpNet]) -> Result<(), Refusal> {
    let plain = unmapped(address);
    if allow.iter().any(|network| network.contains(&plain)) {
        return Ok(());
    }
    match special(plain) {
        None => Ok(()),
        Some(kind) => Err(Refusal::Address { address, kind }),
    }
}

/// Where `*.localhost` leads (RFC 6761 section 6.3).
pub(crate) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// What a name tells before anybody looks it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    /// May be anywhere.
    Public,
    /// `localhost` or below it.
    Localhost,
    /// A name that only private networks use.
    Private,
}

/// Ends of names that no public server has: special-use names (RFC 6761, 6762, 8375, 9476), what
/// ICANN keeps out of the root for good (`internal`), and what routers and clusters make up.
const PRIVATE_ENDS: &[&str] = &[
    "local",
    "localdomain",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "home.arpa",
    "svc",
    "onion",
    "alt",
];

pub(crate) fn name_kind(name: &str) -> NameKind {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let ends_in = |end: &str| name == end || name.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'));
    if ends_in("localhost") {
        NameKind::Localhost
    } else if !name.contains('.') || PRIVATE_ENDS.iter().any(|end| ends_in(end)) {
        NameKind::Private
    } else {
        NameKind::Public
    }
}

/// The address that `address` really leads to: IPv4 inside IPv6 is taken out (RFC 4291 section
/// 2.5.5.2, RFC 6052 section 2.1).
fn unmapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else { return address };
    if let Some(four) = six.to_ipv4_mapped() {
        return IpAddr::V4(four);
    }
    match six.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            IpAddr::V4(Ipv4Addr::new(a, b, c, d))
        }
        _ => address,
    }
}

/// What an address is that is not a public one; `None` for a public one.
fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(four) => special_four(four),
        IpAddr::V6(six) => special_six(six),
    }
}

fn special_four(address: Ipv4Addr) -> Option<&'static str> {
    Some(match address.octets() {
        [0, ..] => "this network",
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => "private",
        [100, 64..=127, ..] => "shared by carriers",
        [127, ..] => "loopback",
        [169, 254, ..] => "link-local",
        // The host agent of a cloud, under a public number.
        [168, 63, 129, 16] => "metadata service",
        [192, 0, 0, _] => "protocol assignments",
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => "documentation",
        [192, 88, 99, _] => "6to4 relay",
        [198, 18 | 19, ..] => "benchmarking",
        [224..=239, ..] => "multicast",
        [240..=255, ..] => "reserved",
        _ => return None,
    })
}

fn special_six(address: Ipv6Addr) -> Option<&'static str> {
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => "unspecified",
        [0, 0, 0, 0, 0, 0, 0, 1] => "loopback",
        [0xfc00..=0xfdff, ..] => "private",
        [0xfe80..=0xfebf, ..] => "link-local",
        [0xfec0..=0xfeff, ..] => "site-local",
        [0xff00..=0xffff, ..] => "multicast",
        [0x2001, 0, ..] => "teredo",
        [0x2001, 0x1..=0x1ff, ..] => "protocol assignments",
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => "documentation",
        [0x2002, ..] => "6to4",
        [0x2000..=0x3fff, ..] => return None,
        // Nothing outside 2000::/3 is handed out for global use.
        _ => "not global",
    })
}

/// Ports that browsers close to the web because other services listen there (Fetch standard, "bad
/// port").
const CLOSED_PORTS: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, allow: &[&str], expected: &str) {
        let allow: Vec<IpNet> = allow.iter().map(|net| net.parse().expect("a network")).collect();
        let url = Url::parse(url).expect("a URL");
        let said = fetchable(&url, &allow).map_or_else(|refusal| refusal.to_string(), |()| "yes".to_owned());
        assert!(said.contains(expected), "{url}: {said}");
    }

    #[test]
    fn public_addresses_and_names_pass() {
        for url in [
            "http://example.org/",
            "https://www.lemonde.fr/a?b",
            "http://8.8.8.8/",
            "http://198.20.0.1/",
            "http://172.32.0.1/",
            "http://100.128.0.1/",
            "http://[2a00:1450:4001:81b::200e]/",
            "http://[::ffff:8.8.8.8]/",
            "http://[64:ff9b::808:808]/",
            "http://example.org:8080/",
            "http://user:pw@example.org/",
        ] {
            check(url, &[], "yes");
        }
    }

    #[test]
    fn every_spelling_of_a_private_address_is_refused() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://①②⑦.⓪.⓪.①/",
            "http://%31%32%37%2E0.0.1/",
            "http://127.0.0.1./",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::7f00:1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[64:ff9b:1::7f00:1]/",
            "http://[2002:7f00:1::1]/",
            "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
            "http://[fe80::5efe:10.0.0.1]/",
            "http://[fd00:ec2::254]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://168.63.129.16/",
            "http://100.100.100.200/",
            "http://0/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
        ] {
            check(url, &[], "not public");
        }
    }

    #[test]
    fn private_names_schemes_and_ports_are_refused() {
        check("http://localhost/", &[], "private network");
        check("http://press.localhost:8420/", &[], "private network");
        check("http://LOCALHOST./", &[], "private network");
        check("http://intranet/", &[], "private network");
        check("http://printer.local/", &[], "private network");
        check("http://metadata.google.internal/", &[], "private network");
        check("http://kubernetes.default.svc/", &[], "private network");
        check("http://notlocalhost.example/", &[], "yes");
        check("file:///etc/passwd", &[], "scheme file");
        check("gopher://example.org/", &[], "scheme gopher");
        check("http://example.org:22/", &[], "port 22");
        check("https://example.org:25/", &[], "port 25");
    }

    #[test]
    fn an_allowed_network_opens_itself_and_nothing_else() {
        let loopback = &["127.0.0.0/8"];
        check("http://127.77.3.4:8421/", loopback, "yes");
        check("http://[::ffff:127.0.0.1]/", loopback, "yes");
        check("http://press.localhost:8421/", loopback, "yes");
        check("http://10.0.0.1/", loopback, "not public");
        check("http://169.254.169.254/", loopback, "not public");
        check("http://localhost/", &["10.0.0.0/8"], "private network");
        check("http://intranet/", loopback, "private network");
        check("http://intranet/", &["10.0.0.0/8"], "yes");
        check("http://127.0.0.1:22/", loopback, "port 22");
    }
}
