//! `/stories` and `/stories/…`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use courant_exchange::{Article, Stories, Story, StoryAccount, StoryMember};

use crate::Site;
use crate::account;
use crate::api::StoriesParams;
use crate::asked::{Asked, Nothing};
use crate::fault::{Fault, Faults};

/// Stories that stand.
#[utoipa::path(
    get, path = "/stories", tag = "stories", params(StoriesParams),
    responses((status = 200, body = Stories, description = "A page of stories"), Faults)
)]
pub(crate) async fn stories(
    State(site): State<Arc<Site>>,
    Asked(asked): Asked<StoriesParams>,
) -> Result<Json<Stories>, Fault> {
    let as_of = site.record.last_seq().await?.0;
    let (stories, total, next) = account::stories(&site, asked.ask(1)?).await?;
    Ok(Json(Stories { stories: stories.iter().map(Story::from).collect(), total, next, as_of }))
}

/// One story with its articles, earliest first, and why each is there.
#[utoipa::path(
    get, path = "/stories/{id}", tag = "stories", params(("id" = String, Path, description = "The story's id")),
    responses(
        (status = 200, body = StoryAccount, description = "The story and its articles"),
        (status = 308, description = "Another story took this one in: `Location` leads to it"),
        Faults
    )
)]
pub(crate) async fn story(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    _: Asked<Nothing>,
) -> Result<Response, Fault> {
    let as_of = site.record.last_seq().await?.0;
    let told = account::story(&site, &id).await?;
    if told.story.id.to_string() != id {
        return Ok(Redirect::permanent(&format!("/api/v1/stories/{}", told.story.id)).into_response());
    }
    let catalogue = site.catalogue();
    let member = |(member, article): &(_, _)| StoryMember::new(member, Article::listed(article, &catalogue));
    let members = told.members.iter().map(member).collect();
    Ok(Json(StoryAccount { story: Story::from(&told.story), members, as_of }).into_response())
}
