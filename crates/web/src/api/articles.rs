//! `/articles/…`: one article, what it said before, what differs, who cites whom.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use courant_exchange::{Article, Citations, Diff, Revision, Revisions};

use crate::Site;
use crate::account;
use crate::api::DiffParams;
use crate::asked::{Asked, Nothing};
use crate::difference;
use crate::fault::{Fault, Faults};

/// One article, whole; with its text for readers who may have it.
#[utoipa::path(
    get, path = "/articles/{id}", tag = "articles", params(("id" = String, Path, description = "The article's id")),
    responses((status = 200, body = Article, description = "The article"), Faults)
)]
pub(crate) async fn article(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    _: Asked<Nothing>,
) -> Result<Json<Article>, Fault> {
    let article = account::article(&site, &id).await?;
    let text = match site.full_text {
        true => site.record.texts(&[article.id]).await?.pop().map(|revision| revision.body),
        false => None,
    };
    Ok(Json(Article::whole(&article, &site.catalogue(), text)))
}

/// What the article said, each time that it said something else.
#[utoipa::path(
    get, path = "/articles/{id}/revisions", tag = "articles",
    params(("id" = String, Path, description = "The article's id")),
    responses((status = 200, body = Revisions, description = "Its revisions, oldest first"), Faults)
)]
pub(crate) async fn revisions(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    _: Asked<Nothing>,
) -> Result<Json<Revisions>, Fault> {
    let article = account::article(&site, &id).await?;
    let as_of = site.record.last_seq().await?.0;
    let revisions = account::revisions(&site, &article).await?;
    let revisions = revisions.iter().map(|revision| Revision::new(revision, site.full_text)).collect();
    Ok(Json(Revisions { revisions, as_of }))
}

/// What differs between two revisions, word by word.
#[utoipa::path(
    get, path = "/articles/{id}/diff", tag = "articles",
    params(("id" = String, Path, description = "The article's id"), DiffParams),
    responses((status = 200, body = Diff, description = "What differs"), Faults)
)]
pub(crate) async fn diff(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    Asked(asked): Asked<DiffParams>,
) -> Result<Json<Diff>, Fault> {
    let article = account::article(&site, &id).await?;
    let revisions = account::revisions(&site, &article).await?;
    let (from, to) = account::pair(&revisions, asked.from, asked.to)?;
    Ok(Json(difference::between(from, to, site.full_text).await?))
}

/// Known articles that this one links to, and those that link to it.
#[utoipa::path(
    get, path = "/articles/{id}/citations", tag = "articles",
    params(("id" = String, Path, description = "The article's id")),
    responses((status = 200, body = Citations, description = "Who links whom"), Faults)
)]
pub(crate) async fn citations(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    _: Asked<Nothing>,
) -> Result<Json<Citations>, Fault> {
    let article = account::article(&site, &id).await?;
    let as_of = site.record.last_seq().await?.0;
    let (cites, cited_by) = account::citations(&site, &article).await?;
    let catalogue = site.catalogue();
    let listed = |articles: Vec<_>| articles.iter().map(|article| Article::listed(article, &catalogue)).collect();
    Ok(Json(Citations { cites: listed(cites), cited_by: listed(cited_by), as_of }))
}
