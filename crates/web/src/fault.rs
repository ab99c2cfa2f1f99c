//! What a handler answers when it cannot: one [`Fault`], made by named helpers, written as
//! `application/problem+json` for programs and dressed as a page for people (see `pages::dress`).
//! What the record and the index said is logged once, here; readers are told what it means for them.

use std::collections::BTreeMap;
use std::fmt::Display;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use courant_exchange::Problem;
use courant_search::SearchError;
use courant_store::StoreError;
use utoipa::openapi::{Content, Ref, RefOr, ResponseBuilder};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

/// A request that cannot be answered as asked. The [`Problem`] says which, and how to mend it.
#[derive(Debug, Clone)]
pub(crate) struct Fault(Box<Problem>);

impl Fault {
    /// A parameter that cannot be read.
    pub(crate) fn bad_parameter(field: &str, detail: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::of(Problem::new(400, "bad request", detail).in_field(field).mended_by(mend))
    }

    /// Nothing of this kind bears this id.
    pub(crate) fn not_found(what: &str, id: &str, mend: &str) -> Self {
        Self::of(Problem::new(404, "not found", format!("there is no {what} '{id}'")).in_field("id").mended_by(mend))
    }

    /// Nothing is remembered of this host.
    pub(crate) fn unknown_host(host: &str) -> Self {
        Self::of(
            Problem::new(404, "not found", format!("nothing is known of the host '{host}'"))
                .in_field("host")
                .mended_by("name it with its port, where that is not the usual one, and its www., where it has that"),
        )
    }

    /// The article has no revision of this number.
    pub(crate) fn no_such_revision(field: &str, number: u32, mend: String) -> Self {
        let detail = format!("there is no revision {number}");
        Self::of(Problem::new(404, "not found", detail).in_field(field).mended_by(mend))
    }

    /// No route bears this address.
    pub(crate) fn no_such_address(path: &str) -> Self {
        Self::of(
            Problem::new(404, "not found", format!("there is nothing at '{path}'"))
                .mended_by("the pages begin at /, the API is described in /openapi.json"),
        )
    }

    /// What the status says, for answers that something below the handlers made.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        let title = status.canonical_reason().unwrap_or("the request failed").to_lowercase();
        let detail = match status {
            StatusCode::METHOD_NOT_ALLOWED => "this address answers GET and HEAD".to_owned(),
            StatusCode::SERVICE_UNAVAILABLE => "the answer took too long: narrow the question, or try again".to_owned(),
            _ => title.clone(),
        };
        Self::of(Problem::new(status.as_u16(), &title, detail))
    }

    /// The site does not answer to this name.
    pub(crate) fn wrong_host(host: &str) -> Self {
        Self::of(
            Problem::new(421, "misdirected request", format!("this site does not answer to the name '{host}'"))
                .mended_by("ask for it by the address that courant printed, or add the name to the settings"),
        )
    }

    /// Something of ours failed; `what` in a few words, `why` for the log only.
    pub(crate) fn internal(what: &str, why: impl Display) -> Self {
        tracing::error!(%why, "a request failed: {what}");
        Self::of(Problem::new(500, "internal error", what).mended_by("the log says more; try again"))
    }

    fn unavailable(what: &str, why: impl Display) -> Self {
        tracing::warn!(%why, "a request must be asked again: {what}");
        Self::of(Problem::new(503, "busy", what).mended_by("try again in a moment"))
    }

    fn of(problem: Problem) -> Self {
        Self(Box::new(problem))
    }

    /// The problem, as it is written.
    pub(crate) fn problem(&self) -> &Problem {
        &self.0
    }

    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) => Self::unavailable("the record is busy", error),
            _ => Self::internal("the record cannot be read", error),
        }
    }
}

impl From<SearchError> for Fault {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Cursor { cursor } => Self::bad_parameter(
                "cursor",
                format!("'{cursor}' is no cursor of this search"),
                "leave it out to see the first page",
            ),
            SearchError::Busy { .. } => Self::unavailable("the index is busy", error),
            SearchError::Corrupt { .. } | SearchError::Outdated { .. } => {
                tracing::error!(%error, "the index cannot be searched");
                Self::of(
                    Problem::new(503, "index unavailable", "the index cannot be searched as it is")
                        .mended_by("run `courant rebuild index`"),
                )
            }
            _ => Self::internal("the index cannot be read", error),
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = (self.status(), [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// RFC 9457 section 3.
const PROBLEM_JSON: &str = "application/problem+json";

/// The problems that any address of the API may answer with.
pub(crate) struct Faults;

impl IntoResponses for Faults {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let problem = || Content::new(Some(RefOr::Ref(Ref::from_schema_name(Problem::name()))));
        [
            ("400", "a parameter cannot be read; `field` names it"),
            ("404", "there is nothing of this id"),
            ("421", "the site does not answer to this host name"),
            ("500", "the record or the index failed; the log says more"),
            ("503", "busy, or too slow an answer: try again"),
        ]
        .into_iter()
        .map(|(status, description)| {
            let response = ResponseBuilder::new().description(description).content(PROBLEM_JSON, problem()).build();
            (status.to_owned(), RefOr::T(response))
        })
        .collect()
    }
}

/// Keeps the schema of [`Problem`] in the document, where only [`Faults`] refer to it.
pub(crate) fn problem_schema() -> (String, RefOr<utoipa::openapi::Schema>) {
    (Problem::name().into_owned(), Problem::schema())
}
