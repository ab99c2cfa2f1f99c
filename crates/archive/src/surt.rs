//! Addresses as indexes of web archives sort them (SURT, "sort-friendly URI reordering transform"):
//! the host from its end on, so that a site lies together, and all spellings of an address under one
//! key. The rules are those that replay tools look addresses up by.

use url::{Host, Url};

/// The key of an address. `https://www.press.example/A/?b=2&a=1` is `example,press)/a?a=1&b=2`.
///
/// The scheme, `www.`, a default port, credentials, the fragment and the identifiers of sessions go;
/// letters are small, the query is in order, and what need not be escaped is not.
pub(crate) fn surt(url: &str) -> String {
    let Some(key) = Url::parse(url).ok().as_ref().and_then(key) else {
        return escaped(url).to_ascii_lowercase();
    };
    key
}

fn key(url: &Url) -> Option<String> {
    let mut key = match url.host()? {
        Host::Domain(host) => reversed(without_www(host.trim_end_matches('.'))),
        // Odd, but so do the tools that this index is for.
        Host::Ipv4(address) => reversed(&address.to_string()),
        Host::Ipv6(address) => address.to_string(),
    };
    if let Some(port) = url.port() {
        key.push_str(&format!(":{port}"));
    }
    key.push(')');
    key.push_str(&path(url.path()));
    if let Some(query) = url.query().map(query).filter(|query| !query.is_empty()) {
        key.push('?');
        key.push_str(&query);
    }
    Some(key.to_ascii_lowercase())
}

fn reversed(host: &str) -> String {
    host.rsplit('.').collect::<Vec<_>>().join(",")
}

/// `press.example` of `www.press.example` and of `www2.press.example`.
fn without_www(host: &str) -> &str {
    let Some(rest) = host.strip_prefix("www") else { return host };
    rest.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix('.').unwrap_or(host)
}

/// The path with one slash between two names, and none at its end.
fn path(path: &str) -> String {
    let path = escaped(path);
    let mut joined = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !joined.ends_with('/') {
            joined.push(c);
        }
    }
    let bare = joined.trim_end_matches('/');
    if bare.is_empty() { "/".to_owned() } else { bare.to_owned() }
}

/// The query's parts in order, without those that name a session.
fn query(query: &str) -> String {
    let query = escaped(query).to_ascii_lowercase();
    let mut parts: Vec<&str> = query.split('&').filter(|part| !is_session(part)).collect();
    // A session goes with the sign after it: of one at the end, the sign before it stays.
    if query.rsplit('&').next().is_some_and(is_session) && !parts.is_empty() {
        parts.push("");
    }
    parts.sort_unstable();
    parts.join("&")
}

/// Whether a part of a query is one that servers number their visitors by.
fn is_session(part: &str) -> bool {
    let Some((name, value)) = part.split_once('=') else { return false };
    let digits = |count: usize| value.len() == count && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match name {
        "jsessionid" | "phpsessid" | "sid" => digits(32),
        _ => name.len() == 20 && name.starts_with("aspsessionid") && digits(24),
    }
}

/// Takes every escape off, however often it was put on, and puts on those that are needed.
fn escaped(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    // Each round makes an escaped text shorter, so that this ends; deep nestings are a prank.
    for _ in 0..8 {
        let bare = unescaped(&bytes);
        if bare == bytes {
            break;
        }
        bytes = bare;
    }
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'#' | b'%' | ..=b' ' | 0x7f.. => out.push_str(&format!("%{byte:02x}")),
            _ => out.push(char::from(byte)),
        }
    }
    out
}

fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_keyed_as_replay_tools_key_them() {
        for (url, key) in [
            ("https://www.press.example/", "example,press)/"),
            ("http://press.example", "example,press)/"),
            ("https://www2.press.example./a/", "example,press)/a"),
            ("https://wwwpress.example/a", "example,wwwpress)/a"),
            ("https://me:secret@press.example:8080/A/b/?z=1&a=2#part", "example,press:8080)/a/b?a=2&z=1"),
            ("https://press.example:443//a///b?", "example,press)/a/b"),
            ("https://press.example/x?A=B&a=C&q=a+b", "example,press)/x?a=b&a=c&q=a+b"),
            ("https://press.example/a?sid=0123456789abcdef0123456789ABCDEF&b=2", "example,press)/a?b=2"),
            ("https://press.example/a?b=2&sid=0123456789abcdef0123456789ABCDEF", "example,press)/a?&b=2"),
            ("https://press.example/a?sid=0123456789abcdef0123456789ABCDEF", "example,press)/a"),
            ("https://press.example/a?sid=7", "example,press)/a?sid=7"),
            ("https://press.example/caf\u{e9}%2f%7Ea%2520b", "example,press)/caf%c3%a9/~a%20b"),
            ("https://b\u{fc}cher.example/x", "example,xn--bcher-kva)/x"),
            ("http://127.0.0.1:81/x", "1,0,0,127:81)/x"),
            ("http://[::1]:81/x", "::1:81)/x"),
            ("not an address", "not%20an%20address"),
        ] {
            assert_eq!(surt(url), key, "{url}");
        }
    }

    #[test]
    fn no_key_holds_what_would_end_it() {
        for url in ["https://a.example/a b\t?c d", "dns:a b", "https://a.example/%20%09%0a?%20", "urn: x", ""] {
            assert!(!surt(url).contains(char::is_whitespace), "{url}");
        }
    }
}
