//! `courant status`: how the crawl, the log and the index stand.

use anyhow::Result;
use courant_exchange::{AilingList, HostAccount, ParkedHost, Status};
use url::form_urlencoded;

use crate::cli::StatusArgs;
use crate::settings::Settings;
use crate::{Ended, output};

use super::desk::{Asking, Desk};
use super::open;
use super::paint::visible;

pub(super) async fn status(settings: Settings, args: &StatusArgs) -> Result<Ended> {
    let place = open(settings).await?;
    if let Some(host) = &args.host {
        let asking = Asking::default().with("limit", &if args.json { LOG } else { SHOWN }.to_string());
        let path = format!("/status/hosts/{}", form_urlencoded::byte_serialize(host.as_bytes()).collect::<String>());
        let Some(told): Option<HostAccount> = Desk::over(&place).get(&path, asking).await? else {
            output::say(format!("nothing is remembered of host {host}: it may be asked at once"));
            return Ok(Ended::NothingFound);
        };
        if args.json {
            output::json(&told)?;
        } else {
            tell_host(&told);
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
    for host in status.hosts.iter().take(SHOWN) {
        output::line(format!("host {}: {} due, {} in flight", host.host, host.due, host.in_flight));
    }
    if status.hosts.len() > SHOWN {
        output::line(format!("and {} hosts more with something due", status.hosts.len() - SHOWN));
    }
    status.parked.iter().for_each(|host| output::line(parked(host)));
    status.ailing.iter().for_each(|list| output::line(ailing(list)));
}

/// Requests, and hosts with work, that are shown to a person.
const SHOWN: usize = 20;
/// Requests that `--json` prints.
const LOG: usize = 1000;

fn ailing(list: &AilingList) -> String {
    let why = match (&list.reason, &list.changed) {
        (Some(reason), _) => visible(reason),
        (None, Some(changed)) => format!("nothing new since {changed}"),
        (None, None) => "it never brought anything".to_owned(),
    };
    format!("{} of {} {}: {}: {why}", list.kind, list.outlet, list.state, list.url)
}

fn tell_host(told: &HostAccount) {
    let reason = told.reason.as_deref().map(|reason| format!(": {}", visible(reason))).unwrap_or_default();
    output::line(format!("host {} not before {}, gap {} ms{reason}", told.host, told.until, told.gap_ms));
    let address = told.address.as_deref().map(|address| format!(", last asked at {address}")).unwrap_or_default();
    output::line(format!("{} requests today, {} failures in a row{address}", told.requests, told.failures));
    for line in &told.log {
        let answer = match (line.status, &line.failure) {
            (Some(status), _) => status.to_string(),
            (None, Some(failure)) => visible(failure),
            (None, None) => "no answer".to_owned(),
        };
        let took =
            line.took_ms.map_or("not asked".to_owned(), |took| format!("waited {} ms, took {took} ms", line.waited_ms));
        output::line(format!("{} {answer} {} ({}; {took})", line.at, visible(&line.url), visible(&line.robots)));
    }
}

fn parked(host: &ParkedHost) -> String {
    let reason = host.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("host {} not before {}, gap {} ms{reason}", host.host, host.until, host.gap_ms)
}
