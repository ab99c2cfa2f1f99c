//! When to stop: SIGINT or SIGTERM cancel one token that every line watches. A second signal ends
//! the process at once.

use tokio_util::sync::CancellationToken;

use crate::output;

/// A token that is cancelled when somebody asks the process to end.
pub(crate) fn on_signals() -> CancellationToken {
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        signal().await;
        output::say("courant: finishing what is under way (ask again to end at once)");
        asked.cancel();
        signal().await;
        std::process::exit(2);
    });
    stop
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        // Without that handler the system's own way of ending is still there.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
