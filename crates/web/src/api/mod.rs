//! The JSON API, version 1. Every handler is listed in [`routes`], and with it in the OpenAPI
//! document, which is made from the code.

mod articles;
mod changes;
mod outlets;
mod params;
mod search;
mod stories;

use std::sync::Arc;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Site;
use crate::fault::problem_schema;

pub(crate) use params::{ChangesParams, DiffParams, HostParams, ORDERS, StoriesParams};

/// The head of the document; paths and schemas come from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Courant",
        description = "What investigative newsrooms publish, in every language they publish it: search articles, \
                       follow stories, read what changed. Times are RFC 3339, languages ISO 639, countries ISO 3166-1; \
                       lists take `limit` and `cursor`; `as_of` is the log position that an answer stands on; \
                       problems are RFC 9457 and name the field and the mend.",
        license(name = "Apache-2.0 OR MIT")
    ),
    tags(
        (name = "search", description = "Find articles"),
        (name = "articles", description = "Articles, their revisions and who cites whom"),
        (name = "stories", description = "Articles about one affair, across outlets and languages"),
        (name = "outlets", description = "Newsrooms, their networks and their projects"),
        (name = "log", description = "What happened, and how Courant is doing")
    )
)]
struct Document;

/// All addresses of the API, and the document that describes them.
pub(crate) fn routes() -> (axum::Router<Arc<Site>>, utoipa::openapi::OpenApi) {
    let v1 = OpenApiRouter::new()
        // Search
        .routes(routes!(search::search))
        // Articles
        .routes(routes!(articles::article))
        .routes(routes!(articles::revisions))
        .routes(routes!(articles::diff))
        .routes(routes!(articles::citations))
        .routes(routes!(search::similar))
        // Stories
        .routes(routes!(stories::stories))
        .routes(routes!(stories::story))
        // Outlets, networks, projects
        .routes(routes!(outlets::outlets))
        .routes(routes!(outlets::outlet))
        .routes(routes!(outlets::networks))
        .routes(routes!(outlets::network))
        .routes(routes!(outlets::project))
        // The log
        .routes(routes!(changes::changes))
        .routes(routes!(changes::status))
        .routes(routes!(changes::host));
    let (router, mut document) = OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", v1).split_for_parts();
    let (name, schema) = problem_schema();
    document.components.get_or_insert_default().schemas.insert(name, schema);
    (router, document)
}
