//! What the commands that show something ask: the API, in this process and without a socket. So a
//! command's `--json` is the API's answer to the letter, and no question is put together twice.

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use courant_exchange::Problem;
use serde::de::DeserializeOwned;
use tower::ServiceExt as _;
use url::form_urlencoded;

use crate::place::Place;

use super::serve;

/// Where questions are answered.
pub(super) struct Desk(Router);

/// The parameters of a question.
pub(super) struct Asking(form_urlencoded::Serializer<'static, String>);

impl Default for Asking {
    fn default() -> Self {
        Self(form_urlencoded::Serializer::new(String::new()))
    }
}

impl Asking {
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.0.append_pair(name, value);
        self
    }

    pub(super) fn maybe(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(super) fn each(self, name: &str, values: &[String]) -> Self {
        values.iter().fold(self, |asking, value| asking.with(name, value))
    }
}

impl Desk {
    pub(super) fn over(place: &Place) -> Self {
        Self(serve::site(place, place.settings.serve.bind))
    }

    /// The answer of `/api/v1` + `path`; `None` where there is no such thing. A problem is an error
    /// that names the mend.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str, mut asking: Asking) -> Result<Option<T>> {
        let mut target = format!("/api/v1{path}?{}", asking.0.finish());
        // A merged story's id leads on to the story that took it in.
        for _ in 0..3 {
            let request = Request::get(&target).header("host", "localhost").body(Body::empty())?;
            let answer = self.0.clone().oneshot(request).await?;
            let status = answer.status();
            if let Some(next) = answer.headers().get("location").filter(|_| status.is_redirection()) {
                target = next.to_str().context("a redirect")?.to_owned();
                continue;
            }
            let body = to_bytes(answer.into_body(), usize::MAX).await.context("cannot read the answer")?;
            return match status {
                StatusCode::NOT_FOUND => Ok(None),
                status if status.is_success() => Ok(Some(serde_json::from_slice(&body)?)),
                _ => Err(problem(&body)),
            };
        }
        Err(anyhow!("{path}: redirects in a circle"))
    }
}

fn problem(body: &[u8]) -> anyhow::Error {
    match serde_json::from_slice::<Problem>(body) {
        Ok(Problem { detail, mend: Some(mend), .. }) => anyhow!("{detail}: {mend}"),
        Ok(Problem { detail, .. }) => anyhow!(detail),
        Err(_) => anyhow!("{}", String::from_utf8_lossy(body)),
    }
}
