//! `courant crawl` and `courant curate`: one line alone.

use anyhow::{Result, bail};
use courant_model::{Outlet, OutletId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::cli::{CrawlArgs, CurateArgs};
use crate::pipeline::{backfill, collect, curate};
use crate::settings::Settings;
use crate::{Ended, output, shutdown};

use super::open;

pub(super) async fn crawl(settings: Settings, args: &CrawlArgs) -> Result<Ended> {
    need_contact(&settings)?;
    let place = open(settings).await?;
    let mut outlets: Vec<Outlet> = Vec::new();
    for id in &args.outlet {
        match place.catalogue().outlet(&OutletId::new(id)) {
            Some(outlet) => outlets.push(outlet.clone()),
            None => bail!("no outlet '{id}': `courant outlets list` names them all"),
        }
    }
    let stop = shutdown::on_signals();
    let report = match &args.since {
        Some(since) => {
            let [outlet] = outlets.as_slice() else { bail!("--since takes one outlet at a time: give --outlet once") };
            backfill::run(&place, outlet, day(since)?, args.dry_run, &stop).await?
        }
        None => {
            let outlets = outlets.into_iter().map(|outlet| outlet.id).collect();
            collect::collect(&place, &collect::Ask { outlets, once: args.once, ..collect::Ask::default() }, &stop)
                .await?
        }
    };
    output::say(report.to_string());
    Ok(Ended::Done)
}

/// The first moment of a day, a month or a year, by UTC.
fn day(text: &str) -> Result<Timestamp> {
    let whole = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let Ok(day) = whole.parse::<Date>() else {
        bail!("--since {text} is no day: give 2024, 2024-05 or 2024-05-31");
    };
    Ok(TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0))?)
}

pub(super) async fn curate(settings: Settings, args: &CurateArgs) -> Result<Ended> {
    let place = open(settings).await?;
    let curator = curate::Curator::take(&place).await?;
    let until = if args.once { curate::Until::CaughtUp } else { curate::Until::Stopped };
    curator.run(until, &shutdown::on_signals()).await?;
    Ok(Ended::Done)
}

/// A crawler that nobody can reach is rude: without a contact nothing is fetched.
pub(crate) fn need_contact(settings: &Settings) -> Result<()> {
    if settings.crawl.contact.trim().is_empty() {
        bail!(
            "newsrooms must be able to reach whoever crawls them. Add to the settings (courant.toml): \
             [crawl] contact = \"https://your.site/about-our-crawler\" (or \"mailto:you@your.site\")"
        );
    }
    Ok(())
}
