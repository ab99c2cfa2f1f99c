//! A reader: asks the router, without a socket, and hands back what came.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use courant_web::Site;
use scraper::Html;
use serde_json::Value;
use tower::ServiceExt as _;

pub(crate) struct Reader(Router);

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reader {
    pub(crate) fn of(site: &Site) -> Self {
        Self(courant_web::site(site.clone()))
    }

    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.ask("GET", address, &[]).await
    }

    pub(crate) async fn ask(&self, method: &str, address: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(address);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header(header::HOST, "127.0.0.1:8080");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        let answer = self.0.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    /// A good answer of the API.
    pub(crate) async fn json(&self, address: &str) -> Value {
        let answer = self.get(address).await;
        assert_eq!(answer.status, 200, "{address}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/json", "{address}");
        serde_json::from_str(&answer.body).expect("JSON")
    }

    /// A problem of the API.
    pub(crate) async fn problem(&self, address: &str) -> Value {
        let answer = self.get(address).await;
        assert_eq!(answer.header("content-type"), "application/problem+json", "{address}: {}", answer.body);
        let problem: Value = serde_json::from_str(&answer.body).expect("JSON");
        assert_eq!(problem["status"], answer.status.as_u16(), "{address}");
        problem
    }

    /// A good page.
    pub(crate) async fn page(&self, address: &str) -> Html {
        let answer = self.get(address).await;
        assert_eq!(answer.status, 200, "{address}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{address}");
        Html::parse_document(&answer.body)
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
