//! The bundled newsroom: a press landscape of fictional outlets telling real affairs, served on loopback.
//!
//! One idea: [`Newsroom::answer`] is a pure function of host, address, headers and edition; [`Newsroom::serve`] only
//! puts it behind a socket. Everything the newsroom says lies in `data/demo` (outlets, sites, articles, templates);
//! the code knows no outlet by name. What Courant makes of these pages is not decided here: `data/demo/gold.jsonl`
//! says what each must yield.

mod answer;
mod article;
mod body;
mod listing;
mod moment;
mod page;
mod press;
mod routes;
mod site;
mod sources;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use anyhow::Context as _;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

pub(crate) use answer::Answer;
pub(crate) use moment::edition_moment;
pub(crate) use sources::{agencies_file, network_files, outlet_files};

/// The fictional press at one moment of its two editions, an hour apart.
pub(crate) struct Newsroom {
    press: press::Press,
    templates: minijinja::Environment<'static>,
    edition: AtomicU8,
}

impl Newsroom {
    /// Reads and checks the bundled newsroom; `port` is the one that its pages name in their addresses
    /// (`http://lanterne.localhost:8090/…`). It opens with edition 1.
    ///
    /// # Errors
    /// Every mistake in the bundled files, one a line, each with the file's name: an unknown key, a link or a
    /// translation that leads nowhere, an article dated after its edition, an address given twice.
    pub(crate) fn new(port: u16) -> anyhow::Result<Newsroom> {
        let press = press::Press::load(port)?;
        let templates = page::templates().context("cannot read the demo newsroom's templates")?;
        Ok(Newsroom { press, templates, edition: AtomicU8::new(1) })
    }

    /// Turns the newsroom to edition 1 or 2; from the next answer on, all its sites are of that edition.
    pub(crate) fn edition(&self, number: u8) {
        self.edition.store(number.clamp(1, 2), Ordering::Relaxed);
    }

    /// What the site named by `host` (its port is ignored) answers to a GET of `target`: a path, with a query or not.
    /// A host that is none of the newsroom's gets a page that lists its sites.
    pub(crate) fn answer(&self, host: &str, target: &str, headers: &HeaderMap) -> Answer {
        let edition = self.edition.load(Ordering::Relaxed);
        routes::Desk { press: &self.press, templates: &self.templates, edition }.answer(host, target, headers)
    }

    /// Serves the newsroom on `listener` until `shutdown` is done, then finishes what is under way.
    ///
    /// # Errors
    /// When the listener itself fails.
    pub(crate) async fn serve(
        self: Arc<Self>,
        listener: tokio::net::TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let sites = Router::new().fallback(get_page).with_state(self);
        courant_web::serve(listener, sites, shutdown).await
    }
}

async fn get_page(State(newsroom): State<Arc<Newsroom>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let named = request.headers().get(header::HOST).and_then(|h| h.to_str().ok());
    let host = named.or_else(|| request.uri().host()).unwrap_or_default();
    let target = request.uri().path_and_query().map_or("/", |p| p.as_str());
    newsroom.answer(host, target, request.headers()).into_response()
}

#[cfg(test)]
mod tests;
