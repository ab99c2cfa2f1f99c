//! What a header says beside the page: when to come back, how long an answer stays fresh, what the
//! publisher asks of those who keep it.

use courant_model::Rights;
use courant_outbound::Response;
use courant_text::robots_rules;
use jiff::{SignedDuration, Timestamp};

use crate::markup::{Piece, pieces};
use crate::tdmrep::Reservation;
use crate::when::machine_date;

/// The longest pause that a `Retry-After` is believed; what is longer is read as this.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What `Retry-After` asks for (RFC 9110 section 10.2.3): a number of seconds or a date. `None`
/// where there is none or it cannot be read; zero for a moment that has passed.
pub fn retry_after(value: Option<&str>, now: Timestamp) -> Option<SignedDuration> {
    let value = value?.trim();
    if let Some(date) = machine_date(value) {
        return Some(now.duration_until(date.instant).clamp(SignedDuration::ZERO, LONGEST_PAUSE));
    }
    // Of "120, 240" (two fields joined) the first is taken.
    let first = value.split(',').next()?.trim();
    if first.is_empty() || !first.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // More digits than a number holds are a long pause all the same.
    let seconds = first.parse::<i64>().unwrap_or(i64::MAX);
    Some(SignedDuration::from_secs(seconds).min(LONGEST_PAUSE))
}

/// How long the answer stays fresh by `Cache-Control: max-age` (RFC 9111); `None` where it says
/// nothing, zero where it must be asked for anew each time.
pub fn max_age(response: &Response) -> Option<SignedDuration> {
    let mut age = None;
    for part in response.header_all("cache-control").flat_map(|value| value.split(',')) {
        let part = part.trim().to_ascii_lowercase();
        match part.split_once('=') {
            Some(("max-age", seconds)) => {
                age = seconds.trim_matches('"').parse::<u32>().ok().map(|s| SignedDuration::from_secs(s.into()));
            }
            None if part == "no-cache" || part == "no-store" => return Some(SignedDuration::ZERO),
            _ => {}
        }
    }
    age
}

/// The language that `Content-Language` names first.
pub fn content_language(response: &Response) -> Option<courant_model::Language> {
    let first = response.header("content-language")?.split(',').next()?;
    let language = courant_model::Language::parse(first.trim());
    (language != courant_model::Language::UND).then_some(language)
}

/// What the header asks of whoever keeps the page: `X-Robots-Tag` (rules for all and rules for
/// `agent`, a product token) and `TDM-Reservation` (TDMRep, W3C Community Group report).
pub fn rights(headers: &[(String, String)], agent: &str) -> Rights {
    let mut rights = Rights::default();
    for (name, value) in headers {
        match name.to_ascii_lowercase().as_str() {
            "x-robots-tag" => rights = rights.and(robots_tag(value, agent)),
            "tdm-reservation" => {
                if let Some(reserved) = reservation(value) {
                    rights.tdm_reserved = Some(reserved);
                    rights.evidence.push(format!("header tdm-reservation: {}", value.trim()));
                }
            }
            "tdm-policy" => rights.tdm_policy = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    // A policy without a reservation says nothing.
    rights.tdm_policy = rights.tdm_policy.filter(|_| rights.tdm_reserved == Some(true));
    rights
}

/// The value of `tdm-reservation`: 1 or 0, and nothing else is one.
fn reservation(value: &str) -> Option<bool> {
    match value.trim() {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

/// What the file of an origin reserves of a page ([`crate::tdmrep`]).
pub fn reserved_by_origin(reservation: &Reservation) -> Rights {
    Rights {
        tdm_reserved: Some(reservation.reserved),
        tdm_policy: reservation.policy.clone().filter(|_| reservation.reserved),
        evidence: vec![format!("tdmrep.json: {} is {}", reservation.location, u8::from(reservation.reserved))],
        ..Rights::default()
    }
}

/// So far into a page its head is looked for.
const HEAD: usize = 512 * 1024;

/// Whether the markup of a page (`meta name=robots` or named by `agent`) wants no copy kept: what
/// an archive must know before it keeps one. All else that markup asks is for the page's reader.
pub fn forbids_archiving(page: &[u8], agent: &str) -> bool {
    // Tags are ASCII in every encoding that pages are served in.
    let head = String::from_utf8_lossy(&page[..page.len().min(HEAD)]);
    pieces(&head).any(|piece| {
        let Piece::Open { name, attributes, .. } = piece else { return false };
        let get = |wanted: &str| {
            attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
        };
        let concerns_us =
            || get("name").is_some_and(|n| n.eq_ignore_ascii_case("robots") || n.eq_ignore_ascii_case(agent));
        name.eq_ignore_ascii_case("meta") && concerns_us() && robots_rules(get("content").unwrap_or_default()).noarchive
    })
}

/// Reads one `X-Robots-Tag` value: `noindex, nofollow`, `otherbot: noarchive`,
/// `unavailable_after: 25 Jun 2030 15:00:00 GMT`.
fn robots_tag(value: &str, agent: &str) -> Rights {
    let mut concerns_us = true;
    let mut ours = Vec::new();
    for mut part in value.split(',').map(str::trim) {
        if let Some((name, rest)) = part.split_once(':') {
            let name = name.trim();
            // A name before a colon that is no rule with a value is a product token, and speaks
            // for all rules up to the next one.
            let token = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
            if token && !RULES_WITH_VALUES.iter().any(|rule| rule.eq_ignore_ascii_case(name)) {
                concerns_us = name.eq_ignore_ascii_case(agent);
                part = rest.trim();
            }
        }
        if concerns_us {
            ours.push(part);
        }
    }
    let mut rights = robots_rules(&ours.join(", "));
    if !rights.is_free() {
        rights.evidence.push(format!("x-robots-tag: {}", value.trim()));
    }
    rights
}

const RULES_WITH_VALUES: &[&str] = &["unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_may_forbid_the_archive() {
        for (html, forbidden) in [
            ("<html><head><meta name=robots content='index, NOARCHIVE'></head>", true),
            ("<META CONTENT=\"noarchive\" NAME=\"Courant\">", true),
            ("<meta name=robots content='noindex; nocache'>", true),
            ("<meta name=otherbot content=noarchive>", false),
            ("<meta name=robots content=noindex>", false),
            ("<p>noarchive</p><!-- <meta name=robots content=noarchive> -->", false),
            ("", false),
        ] {
            assert_eq!(forbids_archiving(html.as_bytes(), "courant"), forbidden, "{html}");
        }
        assert!(!forbids_archiving(&[0xff, 0xfe, 0x3c, 0x00], "courant"));
    }

    fn now() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().expect("a timestamp")
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        for (value, expected) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("Fri, 20 Nov 2026 12:05:00 GMT", Some(300)),
            ("Wed, 21 Oct 2015 07:28:00 GMT", Some(0)),
            ("120, 240", Some(120)),
            ("99999999999999999999", Some(604_800)),
            ("-1", None),
            ("garbage", None),
            ("", None),
        ] {
            assert_eq!(retry_after(Some(value), now()), expected.map(SignedDuration::from_secs), "{value}");
        }
        assert_eq!(retry_after(None, now()), None);
    }

    fn check(values: &[&str], expected: &str) {
        let headers: Vec<_> = values.iter().map(|value| ("x-robots-tag".to_owned(), (*value).to_owned())).collect();
        let rights = rights(&headers, "Courant");
        let mut said = Vec::new();
        for (holds, name) in [
            (rights.noindex, "noindex"),
            (rights.noarchive, "noarchive"),
            (rights.nosnippet, "nosnippet"),
            (rights.nofollow, "nofollow"),
            (rights.unavailable_after.is_some(), "unavailable_after"),
            (rights.max_snippet == Some(20), "max-snippet 20"),
            (rights.noai, "noai"),
        ] {
            if holds {
                said.push(name);
            }
        }
        assert_eq!(said.join(" "), expected, "{values:?}");
        assert_eq!(rights.evidence.is_empty(), rights.is_free(), "{values:?}");
    }

    #[test]
    fn robots_tags_bind_all_or_the_one_they_name() {
        check(&["NOINDEX"], "noindex");
        check(&["noindex, noarchive", "nofollow"], "noindex noarchive nofollow");
        check(&["none"], "noindex nofollow");
        check(&["otherbot: noindex, nofollow"], "");
        check(&["courant: noarchive"], "noarchive");
        check(&["otherbot: noindex, courant: nosnippet"], "nosnippet");
        check(&["unavailable_after: 25 Jun 2099 15:00:00 GMT"], "unavailable_after");
        check(&["unavailable_after: Friday, 25-Jun-99 15:00:00 UTC, noindex"], "noindex unavailable_after");
        check(&["unavailable_after: 2099-06-25, otherbot: noindex, Courant: noai"], "unavailable_after noai");
        check(&["otherbot: unavailable_after: 25 Jun 2099 15:00:00 GMT, noarchive"], "");
        check(&["max-snippet: 20", "max-snippet: 50"], "max-snippet 20");
        check(&["max-snippet:0"], "nosnippet");
        check(&["indexifembedded, all, max-snippet:-1"], "");
    }

    #[test]
    fn a_reservation_is_one_or_nought() {
        let of = |fields: &[(&str, &str)]| {
            let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let rights = rights(&fields, "courant");
            (rights.tdm_reserved, rights.tdm_policy)
        };
        let policy = ("tdm-policy", "https://press.example/policy");
        assert_eq!(of(&[("tdm-reservation", " 1 "), policy]), (Some(true), Some(policy.1.to_owned())));
        assert_eq!(of(&[("TDM-Reservation", "0"), policy]), (Some(false), None));
        for odd in ["yes", "", "true", "01", "1, 1"] {
            assert_eq!(of(&[("tdm-reservation", odd), policy]), (None, None), "{odd}");
        }
    }
}
