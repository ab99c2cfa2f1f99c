//! Logs: to stderr, as text or JSON lines, filtered as the settings say (`COURANT_LOG` overrides).

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

use crate::settings::{LogFormat, LogSettings};

/// Begins to tell. Once a process. For a command that only shows (`shows`), what the API's handlers
/// would log is the command's own failure: it is not told twice.
pub(crate) fn begin(settings: &LogSettings, shows: bool) -> Result<()> {
    let wanted = std::env::var("COURANT_LOG").unwrap_or_else(|_| settings.level.clone());
    // What the HTML parser has to say of a page's mistakes is no news to anybody here.
    let filter = EnvFilter::try_new(format!("html5ever=off,{wanted}"))
        .with_context(|| format!("log.level '{wanted}' is no filter: use error, warn, info, debug or target=level"))?;
    let filter = if shows { filter.add_directive("courant_web=off".parse()?) } else { filter };
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.format {
        LogFormat::Text => lines.compact().with_target(false).init(),
        LogFormat::Json => lines.json().init(),
    }
    Ok(())
}
