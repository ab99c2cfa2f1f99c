//! `courant status`: how the crawl, the log and the index stand.

use anyhow::Result;
use courant_exchange::{ParkedHost, Status};

use crate::cli::StatusArgs;
use crate::settings::Settings;
use crate::{Ended, output};

use super::desk::{Asking, Desk};
use super::open;

pub(super) async fn status(settings: Settings, args: &StatusArgs) -> Result<Ended> {
    let place = open(settings).await?;
    if let Some(host) = &args.host {
        let Some(state) = place.record.host(host, place.clock.now()).await? else {
            output::say(format!("nothing is remembered of host {host}: it may be asked at once"));
            return Ok(Ended::NothingFound);
        };
        let state = ParkedHost::from(&state);
        if args.json {
            output::json(&state)?;
        } else {
            output::line(parked(&state));
        }
        return Ok(Ended::Done);
    }
    let Some(status): Option<Status> = Desk::over(&place).get("/status", Asking::default()).await? else {
        return Ok(Ended::NothingFound);
    };
    if args.json {
        output::json(&status)?;
    } else {
        tell(&status);
    }
    Ok(Ended::Done)
}

fn tell(status: &Status) {
    output::line(format!("{} articles, {} stories, {} outlets", status.articles, status.stories, status.outlets));
    let indexed = status.indexed.map_or("not at all".to_owned(), |seq| format!("up to {seq}"));
    output::line(format!("log at {}, placed up to {}, indexed {indexed}", status.as_of, status.placed));
    for row in &status.frontier {
        output::line(format!("{:<8} {:<8} {:>8}, due {}", row.kind, row.state, row.count, row.due));
    }
    status.parked.iter().for_each(|host| output::line(parked(host)));
}

fn parked(host: &ParkedHost) -> String {
    let reason = host.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("host {} not before {}, gap {} ms{reason}", host.host, host.until, host.gap_ms)
}
