//! The pages. Server-rendered, no script, nothing loaded from elsewhere; one file a screen.

mod article;
mod diff;
mod front;
mod outlets;
mod projects;
mod search;
mod status;
mod stories;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use crate::Site;
use crate::fault::Fault;
use crate::view::Frame;

pub(crate) use article::{article, revision};
pub(crate) use diff::diff;
pub(crate) use front::front;
pub(crate) use outlets::{outlet, outlets};
pub(crate) use projects::{network, project};
pub(crate) use search::search;
pub(crate) use status::{host, status};
pub(crate) use stories::{stories, story};

/// What a page's handler answers.
type Page = Result<Html<String>, Fault>;

fn html(view: &impl Template) -> Page {
    view.render().map(Html).map_err(|why| Fault::internal("the page cannot be written", why))
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultView<'a> {
    frame: Frame,
    problem: &'a courant_exchange::Problem,
}

/// Dresses what went wrong on a page as a page. Answers of the API stay as they are, but for bare
/// statuses of the layers below, which become problems too.
pub(crate) async fn dress(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    if !(response.status().is_client_error() || response.status().is_server_error()) {
        return response;
    }
    let kept = response.extensions().get::<Fault>().cloned();
    let fault = kept.unwrap_or_else(|| Fault::from_status(response.status()));
    if path.starts_with("/api/") || path.ends_with(".json") {
        return fault.into_response();
    }
    let problem = fault.problem();
    match html(&FaultView { frame: Frame::new(&site, problem.title.clone(), ""), problem }) {
        Ok(page) => (fault.status(), page).into_response(),
        Err(fault) => fault.into_response(),
    }
}
