//! `courant rebuild`: what is derived, made anew.

use anyhow::Result;

use crate::cli::RebuildCommand;
use crate::pipeline::rebuild;
use crate::settings::Settings;
use crate::{Ended, output};

use super::open_existing;

pub(super) async fn rebuild(settings: Settings, what: &RebuildCommand) -> Result<Ended> {
    let place = open_existing(settings).await?;
    match what {
        RebuildCommand::Index => {
            let bar = output::progress("log rows indexed");
            rebuild::index(&place, |done, last| {
                bar.set_length(last.0);
                bar.set_position(done.0);
            })
            .await?;
            bar.finish_and_clear();
            output::say("the index is made anew");
        }
        RebuildCommand::Stories => {
            rebuild::stories(&place).await?;
            output::say("stories are placed anew, and the index follows them");
        }
    }
    Ok(Ended::Done)
}
