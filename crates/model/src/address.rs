//! Where a page is: its canonical URL, and the host, origin and site that a URL belongs to.
//!
//! One URL parser in the whole product, the WHATWG one of the `url` crate: two parsers that
//! disagree are how address guards are passed by. Canonicalisation removes only what never tells
//! two articles apart: fragments, credentials, default ports, tracking parameters, their order.

use std::fmt;

use url::Url;

/// A URL in the one spelling by which Courant knows a page.
///
/// Equal for all spellings that [`canonical`] collapses. The scheme is kept for fetching, but is
/// no part of the page's identity: see [`CanonicalUrl::key`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CanonicalUrl {
    text: String,
    key: String,
}

impl CanonicalUrl {
    /// Reads any absolute http or https URL; `None` for everything else.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok()?;
        (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| canonical(&url))
    }

    /// The URL as text, with its scheme.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What makes a page the same page: the URL without its scheme, and without what tells apart only
    /// views of one page (`www.`, mobile and AMP hosts, AMP and print paths and parameters). A newsroom
    /// that moves from http to https keeps its articles.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Host and path as the catalogue's rules match them: `example.org:8080/news/a`.
    pub fn host_and_path(&self) -> &str {
        let (_, rest) = self.text.split_once("://").unwrap_or_default();
        rest.split('?').next().unwrap_or_default()
    }
}

impl fmt::Display for CanonicalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Query parameters that say where a reader came from, never which article is meant.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "twclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "oly_anon_id",
    "oly_enc_id",
    "vero_id",
    "wickedid",
    "_hsenc",
    "_hsmi",
    "ncid",
    "cmpid",
    "icid",
    "ns_campaign",
    "ns_mchannel",
    "ns_source",
    "ns_linkname",
    "ns_fee",
    "at_medium",
    "at_campaign",
    "xtor",
    "rss",
    "smid",
    "smtyp",
    "wt_mc",
    "wt.mc_id",
    "wt_zmc",
    "sr_share",
    "spm",
    "scid",
    "s_cid",
    "sfmc_sub",
    "tpcc",
    "ocid",
    "cvid",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "taid",
    "pk_campaign",
    "pk_kwd",
    "mtm_campaign",
    "mtm_source",
    "mtm_medium",
    "piwik_campaign",
    "_ga",
    "_gl",
    "ref_src",
    "ref_url",
    "__twitter_impression",
    "ftag",
    "intcid",
    "echobox",
    "cmp",
    "cid_source",
    "jsessionid",
    "phpsessid",
    "aspsessionid",
    "sid_ref",
    "amp_js_v",
    "amp_gsa",
    "usqp",
];

/// Prefixes of such parameters.
const TRACKING_PREFIXES: &[&str] = &["utm_", "hsa_", "mtm_", "pk_", "matomo_", "stm_", "trk_", "at_custom"];

/// The canonical spelling of `url`. Idempotent: the canonical URL of a canonical URL is itself.
///
/// ```
/// use courant_model::CanonicalUrl;
/// let noisy = CanonicalUrl::parse("HTTPS://Example.org:443/a?b=2&utm_source=x&a=1#top");
/// assert_eq!(noisy, CanonicalUrl::parse("https://example.org/a?a=1&b=2"));
/// ```
///
/// An address of an AMP cache becomes the address that the cache was filled from: it has no page of its
/// own.
pub fn canonical(url: &Url) -> CanonicalUrl {
    let mut url = cleaned(url);
    while let Some(cached) = cached(&url) {
        url = cleaned(&cached);
    }
    CanonicalUrl { key: identity(&url), text: url.into() }
}

/// The URL without what never tells two articles apart.
fn cleaned(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    // These setters refuse only URLs that can have no host, and those have nothing to remove.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    // All dots at once: a host that keeps one would lose it the next time.
    let bare = url.host_str().map(|host| host.trim_end_matches('.').to_owned());
    if bare.as_deref() != url.host_str() {
        let _ = url.set_host(bare.as_deref());
    }
    let path = clean_path(url.path());
    if path != url.path() {
        url.set_path(&path);
    }
    let query = url.query().and_then(clean_query);
    url.set_query(query.as_deref());
    url
}

/// What an AMP cache was filled from: `example.org/a` for `….cdn.ampproject.org/c/s/example.org/a`, where
/// `c` is a document, `v` one in a viewer, and `s` stands for https
/// (<https://developers.google.com/amp/cache/overview>); the same for Google's own viewer.
fn cached(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    let path = if host == "cdn.ampproject.org" || host.ends_with(".cdn.ampproject.org") {
        url.path().strip_prefix("/c/").or_else(|| url.path().strip_prefix("/v/"))?
    } else if host == "www.google.com" {
        url.path().strip_prefix("/amp/")?
    } else {
        return None;
    };
    let (scheme, place) = path.strip_prefix("s/").map_or(("http", path), |place| ("https", place));
    // A word without a dot is a path of the cache's own.
    let is_host = place.split('/').next().is_some_and(|host| host.contains('.'));
    let mut page = Url::parse(&format!("{scheme}://{place}")).ok().filter(|_| is_host)?;
    page.set_query(url.query());
    Some(page)
}

/// The labels of hosts that show a site's pages to telephones, or as AMP.
const VIEW_HOSTS: &[&str] = &["www.", "m.", "mobile.", "amp."];
/// Path segments at an article's end that ask for another view of it,
const VIEW_SEGMENTS: &[&str] = &["amp", "print"];
/// and parameters that do, whatever their value.
const VIEW_PARAMETERS: &[&str] = &["amp", "outputtype", "print", "printable"];

/// See [`CanonicalUrl::key`]. `url` is canonical already.
fn identity(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    // Only what is left of a site: `m.example.org`, but not `m.co.uk`.
    let bare = VIEW_HOSTS.iter().find_map(|label| host.strip_prefix(label).filter(|rest| site(rest) == Some(rest)));
    let mut key = bare.unwrap_or(host).to_owned();
    if let Some(port) = url.port() {
        key.push_str(&format!(":{port}"));
    }
    key.push_str(view_of(url.path()));
    let pairs = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let kept: Vec<&str> = pairs
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
            !VIEW_PARAMETERS.contains(&name.as_str())
        })
        .collect();
    if !kept.is_empty() {
        key.push('?');
        key.push_str(&kept.join("&"));
    }
    key
}

/// The path without a last segment that asks for another view, where two others stand before it: alone
/// or second it may be a page or a section of that name.
fn view_of(path: &str) -> &str {
    let bare = path.trim_end_matches('/');
    match bare.rsplit_once('/') {
        // The last slash stays, as a site ends all its paths in one or none.
        Some((before, last)) if VIEW_SEGMENTS.contains(&last) && before.matches('/').count() >= 2 => {
            if bare == path {
                before
            } else {
                &path[..=before.len()]
            }
        }
        _ => path,
    }
}

/// The canonical spelling of a text that RFC 3986 has as a web address: where the URL standard has it
/// too, as [`canonical`]; else (a host that ends in a number and is no IPv4 address is a name to the
/// RFC, section 3.2.2, and an error to browsers) by the same rules for all that stands beside the host.
/// Such an address cannot be asked for; it can be compared.
pub fn canonical_spelling(text: &str) -> Option<String> {
    if let Some(url) = CanonicalUrl::parse(text) {
        return Some(url.text);
    }
    let text = text.trim();
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, beside) = rest.split_at(end);
    let is_name = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    if !matches!(scheme.as_str(), "http" | "https") || !is_name {
        return None;
    }
    let stand_in = "host.invalid";
    let url = CanonicalUrl::parse(&format!("{scheme}://{stand_in}{beside}"))?;
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    Some(url.text.replacen(stand_in, &host, 1))
}

/// The path with normal escapes, without session parameters. Escapes come first: an escaped letter
/// in a parameter's name would else hide it this time and show it the next.
fn clean_path(path: &str) -> String {
    let mut path = normal_escapes(path);
    if let Some(at) = path.to_ascii_lowercase().find(";jsessionid=") {
        path.truncate(at);
    }
    path
}

/// Unreserved characters unescaped, escapes in upper case (RFC 3986 section 6.2.2). A `%` that begins
/// no escape stays as it is, and a digit behind it stays escaped: unescaped, the two would make an
/// escape that was none.
fn normal_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut lone = None;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(byte) = escaped(rest) else {
            lone = Some(out.len());
            out.push('%');
            continue;
        };
        let behind_lone = lone.is_some_and(|lone| {
            let between = &out.as_bytes()[lone + 1..];
            between.len() < 2 && between.iter().all(u8::is_ascii_hexdigit)
        });
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if unreserved && !(behind_lone && byte.is_ascii_hexdigit()) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        rest = &rest[2..];
    }
    out.push_str(rest);
    out
}

/// The byte that the first two characters of `text` spell; `None` where they are no two digits
/// (`from_str_radix` alone would take `+f`).
fn escaped(text: &str) -> Option<u8> {
    let digits = text.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

/// The query without tracking parameters, sorted by name (stable, so that repeated names keep
/// their order); `None` when nothing is left.
fn clean_query(query: &str) -> Option<String> {
    let mut pairs: Vec<String> =
        query.split('&').map(normal_escapes).filter(|pair| !pair.is_empty() && !is_tracking(pair)).collect();
    pairs.sort_by(|a, b| a.split('=').next().cmp(&b.split('=').next()));
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    TRACKING.contains(&name.as_str()) || TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// The host of `url` with its port where that is not the scheme's own: `example.org:8080`.
pub fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// The origin of `url` as RFC 6454 writes it, the scope of a robots.txt: `https://example.org`.
pub fn origin(url: &Url) -> String {
    format!("{}://{}", url.scheme(), authority(url))
}

/// The registrable domain of `host` by the public suffix list (`bbc.co.uk` for
/// `www.bbc.co.uk`), `None` for a public suffix or an IP address.
pub fn site(host: &str) -> Option<&str> {
    let host = host.trim_end_matches('.');
    if host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[') {
        return None;
    }
    psl::domain_str(host)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(input: &str, expected: &str) {
        let canonical = CanonicalUrl::parse(input).expect("a web address");
        assert_eq!(canonical.as_str(), expected, "{input}");
        assert_eq!(CanonicalUrl::parse(canonical.as_str()), Some(canonical), "not stable: {input}");
    }

    #[test]
    fn noise_goes_and_what_matters_stays() {
        check("HTTP://User:pw@Example.COM:80/A/../b?x=1#frag", "http://example.com/b?x=1");
        check("https://example.org/a?utm_source=rss&id=3&fbclid=q", "https://example.org/a?id=3");
        check("https://example.org/a?b=2&a=1&a=0", "https://example.org/a?a=1&a=0&b=2");
        check("https://example.org/a?", "https://example.org/a");
        check("https://example.org./a", "https://example.org/a");
        check("https://example.org/%7euser/%e3%81%82", "https://example.org/~user/%E3%81%82");
        check("https://example.org/a;jsessionid=12AB?x=1", "https://example.org/a?x=1");
        check("https://example.org/100%", "https://example.org/100%");
    }

    #[test]
    fn an_unescaped_character_makes_no_new_escape() {
        check("https://example.org/%%341", "https://example.org/%%341");
        check("https://example.org/%4%31", "https://example.org/%4%31");
        check("https://example.org/a?q=%%341", "https://example.org/a?q=%%341");
        check("https://example.org/%%7e%41", "https://example.org/%~A");
        check("https://example.org/%+f", "https://example.org/%+f");
        check("https://example.org/%4;jsessionid=1", "https://example.org/%4");
        check("https://example.org/%2541", "https://example.org/%2541");
    }

    #[test]
    fn an_escaped_letter_hides_no_parameter() {
        check("https://example.org/a?%66bclid=1&b=2", "https://example.org/a?b=2");
        check("https://example.org/a;%6Asessionid=1", "https://example.org/a");
        check("https://example.org/a/..;jsessionid=1", "https://example.org/");
    }

    #[test]
    fn a_host_loses_all_its_last_dots_at_once() {
        check("https://example.org../a", "https://example.org/a");
        check("https://192.0.2.1../a", "https://192.0.2.1/a");
    }

    /// Pieces that addresses are spelled with, the odd ones more often than in life.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => "[%0-9a-fA-F]{1,4}",
            2 => "[+?&=#./;]{1,3}",
            1 => proptest::sample::select(vec![";jsessionid=", ";%6Asessionid=", "utm_a=", "%66bclid=", "%2e", "%25"])
                .prop_map(str::to_owned),
            1 => "\\PC{1,3}",
        ];
        proptest::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn canonical_is_idempotent(host in "[a-z0-9x%]{0,4}[.]{0,3}", rest in pieces()) {
            for text in [format!("http://example.org{host}/{rest}"), format!("http://{host}/{rest}"), format!("http://a/{rest}")] {
                if let Some(once) = CanonicalUrl::parse(&text) {
                    prop_assert_eq!(CanonicalUrl::parse(once.as_str()), Some(once), "{}", text);
                }
            }
        }
    }

    #[test]
    fn what_is_no_web_page_has_no_canonical_url() {
        for odd in ["", "example.org/a", "mailto:a@example.org", "file:///etc/passwd", "javascript:alert(1)", "http://"]
        {
            assert_eq!(CanonicalUrl::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn http_and_https_are_one_page() {
        let key = |text| CanonicalUrl::parse(text).map(|url| url.key().to_owned());
        assert_eq!(key("http://example.org/a?b=1"), key("https://example.org/a?b=1"));
        assert_ne!(key("https://example.org/a"), key("https://example.org/a/"));
    }

    #[test]
    fn views_of_a_page_are_one_page() {
        let key = |text: &str| CanonicalUrl::parse(text).map(|url| url.key().to_owned()).expect("a web address");
        let page = key("https://www.example.org/news/a-story?id=7");
        for view in [
            "https://example.org/news/a-story?id=7",
            "http://m.example.org/news/a-story?id=7",
            "https://amp.example.org/news/a-story?id=7",
            "https://www.example.org/news/a-story/amp?id=7",
            "https://www.example.org/news/a-story?amp=1&id=7",
            "https://www.example.org/news/a-story?id=7&outputType=amp",
            "https://www.example.org/news/a-story/print?id=7",
            "https://www.example.org/news/a-story?id=7&print=true",
        ] {
            assert_eq!(key(view), page, "{view}");
        }
        for other in [
            "https://www.example.org/news/a-story?id=8",
            "https://blog.example.org/news/a-story?id=7",
            "https://www.example.org/news/print?id=7",
            "https://www.example.org/amp?id=7",
        ] {
            assert_ne!(key(other), page, "{other}");
        }
        assert_ne!(key("https://www.example.org/print"), key("https://www.example.org/"));
        assert_eq!(key("https://m.co.uk/a"), "m.co.uk/a");
        assert_eq!(key("https://example.org/2026/11/a-story/amp/"), key("https://example.org/2026/11/a-story/"));
        // The page keeps its own address.
        let kept = CanonicalUrl::parse("https://www.example.org/news/a-story/amp").expect("a web address");
        assert_eq!(kept.as_str(), "https://www.example.org/news/a-story/amp");
        assert_eq!(kept.host_and_path(), "www.example.org/news/a-story/amp");
    }

    #[test]
    fn an_amp_cache_has_no_pages_of_its_own() {
        for cache in [
            "https://cdn.ampproject.org/c/s/example.org/news/a?b=1&amp_js_v=a6&usqp=mq331AQ",
            "https://example-org.cdn.ampproject.org/v/s/example.org/news/a?amp_js_v=0.1&b=1#origin=x",
            "https://www.google.com/amp/s/example.org/news/a?b=1",
            "https://cdn.ampproject.org/c/s/www.google.com/amp/s/example.org/news/a?b=1",
            "https://cdn.ampproject.org/%63/s/example.org/news/a?b=1",
        ] {
            check(cache, "https://example.org/news/a?b=1");
        }
        check("https://cdn.ampproject.org/c/example.org/a", "http://example.org/a");
        for other in [
            "https://cdn.ampproject.org/v0.js",
            "https://cdn.ampproject.org/c/s/",
            "https://cdn.ampproject.org/i/s/example.org/picture.jpg",
            "https://www.google.com/amp/about",
            "https://ampproject.org/c/s/example.org/a",
        ] {
            check(other, other);
        }
    }

    #[test]
    fn a_name_that_browsers_refuse_can_be_compared() {
        for (text, spelling) in [
            ("http://09/", Some("http://09/")),
            ("HTTP://09/a?utm_source=x&b=1#c", Some("http://09/a?b=1")),
            ("https://1.2.3.999", Some("https://1.2.3.999/")),
            ("https://Example.org", Some("https://example.org/")),
            ("http://a b/", None),
            ("http:///", None),
            ("ftp://09/", None),
        ] {
            assert_eq!(canonical_spelling(text).as_deref(), spelling, "{text}");
            assert_eq!(spelling.and_then(canonical_spelling).as_deref(), spelling, "not stable: {text}");
        }
    }

    #[test]
    fn a_site_is_its_registrable_domain() {
        assert_eq!(site("www.bbc.co.uk"), Some("bbc.co.uk"));
        assert_eq!(site("lemonde.fr"), Some("lemonde.fr"));
        assert_eq!(site("co.uk"), None);
        assert_eq!(site("192.168.0.1"), None);
    }

    #[test]
    fn a_port_belongs_to_the_host_when_it_is_not_the_usual_one() {
        let url = Url::parse("http://example.org:8080/a").expect("a URL");
        assert_eq!(authority(&url), "example.org:8080");
        assert_eq!(origin(&url), "http://example.org:8080");
    }
}
