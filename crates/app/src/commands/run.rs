//! `courant run`: all lines and the site in one process, for good.

use anyhow::Result;
use tokio_util::sync::CancellationToken;

use crate::cli::RunArgs;
use crate::pipeline::{collect, curate};
use crate::settings::Settings;
use crate::{Ended, output, shutdown};

use super::{crawl, open, serve};

pub(super) async fn run(settings: Settings, args: &RunArgs) -> Result<Ended> {
    crawl::need_contact(&settings)?;
    let bind = args.bind.unwrap_or(settings.serve.bind);
    let place = open(settings).await?;
    // Before the port: a second run on one place is told of the first, not of its port.
    let curator = curate::Curator::take(&place).await?;
    let listener = serve::listen(bind).await?;
    let stop = shutdown::on_signals();
    output::say(format!(
        "following {} outlets; the site is at http://{}/",
        place.catalogue().outlets().count(),
        listener.local_addr()?
    ));
    let site = serve::site(&place, listener.local_addr()?);
    let web = tokio::spawn(courant_web::serve(listener, site, stop.clone().cancelled_owned()));
    let everything = collect::Ask::forever();
    let ended = tokio::try_join!(
        stop_on_error(&stop, collect::collect(&place, &everything, &stop)),
        stop_on_error(&stop, curator.run(curate::Until::Stopped, &stop)),
    );
    stop.cancel();
    web.await??;
    ended.map(|_| Ended::Done)
}

/// One line's failure stops the others in order, instead of leaving half a product running.
pub(crate) async fn stop_on_error<T>(stop: &CancellationToken, line: impl Future<Output = Result<T>>) -> Result<T> {
    let ended = line.await;
    if ended.is_err() {
        stop.cancel();
    }
    ended
}
