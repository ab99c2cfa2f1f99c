//! `courant serve`: the site and the API alone; and what the other commands need to serve as well.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;

use crate::cli::ServeArgs;
use crate::place::Place;
use crate::settings::Settings;
use crate::{Ended, output, shutdown};

use super::open;

pub(super) async fn serve(settings: Settings, args: &ServeArgs) -> Result<Ended> {
    let bind = args.bind.unwrap_or(settings.serve.bind);
    let listener = listen(bind).await?;
    let place = open(settings).await?;
    let stop = shutdown::on_signals();
    let address = listener.local_addr()?;
    output::say(format!("the site is at http://{address}/"));
    courant_web::serve(listener, site(&place, address), stop.cancelled_owned()).await?;
    Ok(Ended::Done)
}

/// Listens on `bind`. Only loopback: whoever reads there holds every role, and there are no tokens
/// yet that could tell others apart.
pub(crate) async fn listen(bind: SocketAddr) -> Result<TcpListener> {
    if !bind.ip().is_loopback() {
        bail!("will not listen on {bind}: only loopback (127.0.0.1 or [::1]) is open to readers without tokens");
    }
    TcpListener::bind(bind)
        .await
        .with_context(|| format!("cannot listen on {bind}: give another address and port with --bind"))
}

/// The site over this place.
pub(crate) fn site(place: &Place, address: SocketAddr) -> axum::Router {
    let clock = place.clock.clone();
    courant_web::site(courant_web::Site {
        record: Arc::clone(&place.record),
        search: place.index.search(),
        catalogue: place.catalogue_cell(),
        base_url: format!("http://{address}"),
        hosts: Vec::new(),
        clock: Arc::new(move || clock.now()),
        demonstration: place.demonstration,
        full_text: true,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}
