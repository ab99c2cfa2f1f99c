//! What every answer passes on its way out, and every request on its way in: the host name check,
//! the headers that keep hostile content inert, validators and 304.

use std::sync::Arc;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::Site;
use crate::fault::Fault;

/// Refuses requests for a host name that is not this site's: a page elsewhere whose name was pointed
/// at this machine (DNS rebinding) could otherwise read what only this machine's reader may.
/// Liveness checks are answered by any name; they tell nothing.
pub(crate) async fn host_check(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let named = named.or_else(|| request.uri().host()).unwrap_or_default();
    let probe = matches!(request.uri().path(), "/healthz" | "/readyz");
    match probe || answers_to(&site, named) {
        true => next.run(request).await,
        false => Fault::wrong_host(named).into_response(),
    }
}

fn answers_to(site: &Site, named: &str) -> bool {
    let host = without_port(named).to_ascii_lowercase();
    let own = Url::parse(&site.base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]")
        || host.ends_with(".localhost")
        || own.is_some_and(|own| own.eq_ignore_ascii_case(&host))
        || site.hosts.iter().any(|known| without_port(known).eq_ignore_ascii_case(&host))
}

fn without_port(named: &str) -> &str {
    match named.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => named,
    }
}

/// Nothing is loaded from elsewhere, nothing runs, nothing frames us, nobody learns where readers go.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// Sets the headers that every answer bears.
pub(crate) async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response
}

/// The most bytes of an answer that are held to be hashed. Larger ones, and those of unknown size, go
/// out as they are, without an `ETag`.
const HASHED: usize = 16 << 20;

/// Gives every good answer an `ETag` made of its bytes, and answers 304 to who has it already (RFC
/// 9110 section 13.2.2: `If-None-Match` first, `If-Modified-Since` only where it is absent). An
/// answer is made before it is compared; what is saved is its way to the reader.
pub(crate) async fn validate(request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let response = next.run(request).await;
    let hashed = response.body().size_hint().upper().is_some_and(|size| size <= HASHED as u64);
    if !safe || !hashed || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = match to_bytes(body, HASHED).await {
        Ok(bytes) => bytes,
        Err(why) => return Fault::internal("the answer broke off", why).into_response(),
    };
    let tag = format!("W/\"{}\"", &blake3::hash(&bytes).to_hex()[..24]);
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    if is_unchanged(&asked, &parts.headers, &tag) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn is_unchanged(asked: &HeaderMap, answered: &HeaderMap, tag: &str) -> bool {
    if let Some(known) = asked.get(header::IF_NONE_MATCH) {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        return known.to_str().is_ok_and(|known| known.split(',').any(|k| k.trim() == "*" || bare(k) == bare(tag)));
    }
    let date = |headers: &HeaderMap, name| {
        let text = headers.get(name)?.to_str().ok()?;
        jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())
    };
    match (date(asked, header::IF_MODIFIED_SINCE), date(answered, header::LAST_MODIFIED)) {
        (Some(since), Some(modified)) => modified <= since,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn a_large_answer_goes_out_as_it_is() {
        for (size, tagged) in [(HASHED, true), (HASHED + 1, false)] {
            let router =
                Router::new().route("/", get(move || async move { vec![b'a'; size] })).layer(from_fn(validate));
            let answer = router.oneshot(Request::new(Body::empty())).await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK, "{size}");
            assert_eq!(answer.headers().contains_key(header::ETAG), tagged, "{size}");
            let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
            assert_eq!(body.len(), size);
        }
    }

    #[test]
    fn a_port_is_no_part_of_a_name() {
        for (named, host) in [
            ("localhost:8080", "localhost"),
            ("[::1]:8080", "[::1]"),
            ("[::1]", "[::1]"),
            ("example.org", "example.org"),
            ("a.localhost:", "a.localhost"),
        ] {
            assert_eq!(without_port(named), host, "{named}");
        }
    }

    #[test]
    fn a_known_tag_wins_over_a_date() {
        let headers = |pairs: &[(header::HeaderName, &'static str)]| {
            pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect::<HeaderMap>()
        };
        let modified = headers(&[(header::LAST_MODIFIED, "Mon, 19 Jul 2021 16:42:00 GMT")]);
        let check = |asked: &[(header::HeaderName, &'static str)]| is_unchanged(&headers(asked), &modified, "W/\"a\"");
        assert!(check(&[(header::IF_NONE_MATCH, "\"x\", \"a\"")]));
        assert!(check(&[(header::IF_NONE_MATCH, "*")]));
        assert!(!check(&[
            (header::IF_NONE_MATCH, "W/\"b\""),
            (header::IF_MODIFIED_SINCE, "Mon, 19 Jul 2021 16:42:00 GMT")
        ]));
        assert!(check(&[(header::IF_MODIFIED_SINCE, "Mon, 19 Jul 2021 16:42:00 GMT")]));
        assert!(!check(&[(header::IF_MODIFIED_SINCE, "Mon, 19 Jul 2021 16:41:59 GMT")]));
        assert!(!check(&[(header::IF_MODIFIED_SINCE, "yesterday")]));
        assert!(!check(&[]));
    }
}
