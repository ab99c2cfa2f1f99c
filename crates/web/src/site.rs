//! The world that handlers ask, the list of all routes, and serving them.

use std::any::Any;
use std::io;
use std::pin::pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::Listener;
use axum::{Json, Router};
use courant_model::Catalogue;
use courant_search::contract::Search;
use courant_store::contract::Record;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::fault::Fault;
use crate::{api, assets, feeds, guard, pages};

/// What handlers may ask, and how they are to answer.
#[derive(Clone)]
pub struct Site {
    /// The record.
    pub record: Arc<dyn Record>,
    /// The index.
    pub search: Arc<dyn Search>,
    /// The catalogue, found and added outlets among it. Whoever serves puts a new one in place when
    /// it changes; a request holds on to the one it began with.
    pub catalogue: Arc<RwLock<Arc<Catalogue>>>,
    /// Where readers reach the site, without a slash at the end: `http://127.0.0.1:8080`. Feeds
    /// write addresses with it.
    pub base_url: String,
    /// Further host names that the site answers to, beside the one of `base_url` and the names of
    /// loopback. Any other name is refused: it is somebody else's page that points here.
    pub hosts: Vec<String>,
    /// What time it is.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Whether what is shown is the bundled, fictional newsroom. Every page then says so.
    pub demonstration: bool,
    /// Whether readers may have the whole text of articles. Others get title, link, snippet and
    /// metadata.
    pub full_text: bool,
    /// Courant's version.
    pub version: String,
}

impl Site {
    /// The catalogue as it is now.
    pub(crate) fn catalogue(&self) -> Arc<Catalogue> {
        // A writer that panicked left a whole catalogue behind: the lock guards one pointer.
        Arc::clone(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// The router over `site`: every address that a reader may ask for.
pub fn site(site: Site) -> Router {
    let site = Arc::new(site);
    let (api, document) = api::routes();
    let document = Arc::new(document);
    Router::new()
        // Pages
        .route("/", get(pages::front))
        .route("/search", get(pages::search))
        .route("/stories", get(pages::stories))
        .route("/stories/{id}", get(pages::story))
        .route("/articles/{id}", get(pages::article))
        .route("/articles/{id}/revisions/{number}", get(pages::revision))
        .route("/articles/{id}/diff", get(pages::diff))
        .route("/outlets", get(pages::outlets))
        .route("/outlets/{id}", get(pages::outlet))
        .route("/networks/{id}", get(pages::network))
        .route("/projects/{id}", get(pages::project))
        .route("/status", get(pages::status))
        .route("/status/hosts/{host}", get(pages::host))
        // Feeds of lists; those of a story, outlet, network or project end their page's address
        .route("/search.atom", get(feeds::search_atom))
        .route("/search.rss", get(feeds::search_rss))
        .route("/search.json", get(feeds::search_json))
        .route("/stories.atom", get(feeds::stories_atom))
        .route("/stories.rss", get(feeds::stories_rss))
        .route("/stories.json", get(feeds::stories_json))
        // For machines
        .route("/openapi.json", get(move || async move { Json(document.as_ref().clone()) }))
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/static/style.css", get(assets::style))
        .route("/static/icon.svg", get(assets::icon))
        .merge(api)
        .fallback(|uri: Uri| async move { Fault::no_such_address(uri.path()) })
        .method_not_allowed_fallback(|| async { Fault::from_status(StatusCode::METHOD_NOT_ALLOWED) })
        // What is said last stands outermost.
        .layer(from_fn(guard::validate))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(Arc::clone(&site), pages::dress))
        .layer(from_fn_with_state(Arc::clone(&site), guard::host_check))
        .layer(from_fn(guard::harden))
        .layer(CompressionLayer::new())
        .with_state(site)
}

/// How long a reader waits before being told to ask again.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether the record and the index answer.
async fn ready(State(site): State<Arc<Site>>) -> Result<&'static str, Fault> {
    site.record.last_seq().await?;
    site.search.stamp().await?;
    Ok("ready\n")
}

/// A handler that panicked is a mistake of ours; the reader gets an answer all the same.
#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
fn panicked(why: Box<dyn Any + Send>) -> Response {
    let words = why.downcast_ref::<String>().map(String::as_str).or_else(|| why.downcast_ref::<&str>().copied());
    Fault::internal("this request met a mistake of ours", words.unwrap_or("a panic without words")).into_response()
}

/// How long after `shutdown` the answers that are under way may take. A reader who stops sending or
/// taking holds the process no longer than that.
const GRACE: Duration = Duration::from_secs(3);

/// How long a reader may take over the head of a request, and keep a connection without asking.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);

/// Serves `router` on `listener`, by HTTP/1.1, until `shutdown` is ready. Then nobody new is let in,
/// idle connections are closed, answers that are under way have three seconds to be finished, and
/// what is open after that is cut off.
///
/// # Errors
/// None as it stands: a connection that cannot be taken is waited out, one that breaks is its
/// reader's matter.
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    // Not `axum::serve`: it waits for open connections and for heads of requests as long as they like.
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
    let open = GracefulShutdown::new();
    // Dropped at the end, which cuts off whoever is left.
    let mut readers = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            (stream, _) = Listener::accept(&mut listener) => {
                let answers = TowerToHyperService::new(router.clone());
                let reader = open.watch(http.serve_connection(TokioIo::new(stream), answers));
                readers.spawn(async move {
                    if let Err(error) = reader.await {
                        tracing::debug!(%error, "a reader's connection broke");
                    }
                });
            }
            Some(_) = readers.join_next() => {}
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, open.shutdown()).await.is_err() {
        tracing::info!("readers that did not finish were cut off");
    }
    Ok(())
}
