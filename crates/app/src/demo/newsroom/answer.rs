//! What a site sends back: bytes in its own charset, its validators, and a 304 for who has them already.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use encoding_rs::Encoding;
use jiff::Timestamp;

use super::moment::{from_http_date, http_date};
use super::site::Validators;

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The HTTP status code.
    pub(crate) status: u16,
    /// Name and value, names in lower case.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Empty where the status wants it so.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A body of `content_type`, without validators.
    pub(super) fn new(status: u16, content_type: &str, body: Vec<u8>) -> Answer {
        Answer { status, headers: vec![("content-type", content_type.to_owned())], body }
    }

    /// A move to another address.
    pub(super) fn moved(status: u16, to: &str) -> Answer {
        Answer { status, headers: vec![("location", to.to_owned())], body: Vec::new() }
    }

    /// Adds the validators that the site sends, and turns into a 304 if the asker's are these.
    pub(super) fn validated(mut self, validators: Validators, changed: Timestamp, asked: &HeaderMap) -> Answer {
        let etag = format!("\"{}\"", &blake3::hash(&self.body).to_hex()[..16]);
        let asked_for = |name: HeaderName| asked.get(name).and_then(|v| v.to_str().ok());
        let sends_etag = matches!(validators, Validators::Both | Validators::Etag);
        let sends_date = matches!(validators, Validators::Both | Validators::LastModified);
        if sends_etag {
            self.headers.push(("etag", etag.clone()));
        }
        if sends_date {
            self.headers.push(("last-modified", http_date(changed)));
        }
        // An If-None-Match counts alone: If-Modified-Since is for who has no tag (RFC 9110, 13.1.3).
        let same = match asked_for(header::IF_NONE_MATCH) {
            Some(tags) => sends_etag && tags.split(',').any(|t| t.trim().trim_start_matches("W/") == etag),
            None => {
                let since = asked_for(header::IF_MODIFIED_SINCE).and_then(from_http_date);
                sends_date && since.is_some_and(|since| changed.as_second() <= since.as_second())
            }
        };
        if same {
            self.status = 304;
            self.body.clear();
            self.headers.retain(|(name, _)| *name != "content-type");
        }
        self
    }

    /// The value of a header, by its lower-case name.
    #[cfg(test)]
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.body.into());
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().append(HeaderName::from_static(name), value);
            }
        }
        response
    }
}

/// Text as bytes of the site's charset; what the charset does not have becomes a numeric reference, which HTML and
/// XML both read.
pub(super) fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::moment::edition_moment;
    use super::*;

    fn page(validators: Validators, asked: &[(HeaderName, &str)]) -> Answer {
        let asked = asked.iter().map(|(n, v)| (n.clone(), HeaderValue::from_str(v).unwrap())).collect();
        Answer::new(200, "text/html", b"news".to_vec()).validated(validators, edition_moment(1), &asked)
    }

    #[test]
    fn who_shows_the_tag_gets_a_304() {
        let first = page(Validators::Both, &[]);
        let tag = first.header("etag").unwrap().to_owned();
        let again = page(Validators::Both, &[(header::IF_NONE_MATCH, &tag)]);
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(again.header("etag"), Some(tag.as_str()));
        assert_eq!(page(Validators::Etag, &[(header::IF_NONE_MATCH, "W/\"0\", \"1\"")]).status, 200);
        assert_eq!(page(Validators::None, &[(header::IF_NONE_MATCH, &tag)]).status, 200);
    }

    #[test]
    fn who_shows_the_date_gets_a_304() {
        let date = "Fri, 08 Oct 2021 08:00:00 GMT";
        assert_eq!(page(Validators::LastModified, &[(header::IF_MODIFIED_SINCE, date)]).status, 304);
        let before = "Fri, 08 Oct 2021 07:59:59 GMT";
        assert_eq!(page(Validators::LastModified, &[(header::IF_MODIFIED_SINCE, before)]).status, 200);
        let both = [(header::IF_MODIFIED_SINCE, date), (header::IF_NONE_MATCH, "\"old\"")];
        assert_eq!(page(Validators::Both, &both).status, 200);
    }

    #[test]
    fn a_legacy_charset_takes_what_it_has() {
        let bytes = encode("Дунай «2» 漢", encoding_rs::WINDOWS_1251);
        assert_eq!(&bytes[..5], [0xC4, 0xF3, 0xED, 0xE0, 0xE9]);
        assert!(bytes.ends_with(b"&#28450;"));
    }
}
