//! `courant outlets`: who is followed, and how their addresses stand.

mod add;
mod check;

use anyhow::{Result, bail};
use courant_exchange::{Outlet, OutletAccount, Outlets, Source};

use crate::cli::OutletsCommand;
use crate::settings::Settings;
use crate::{Ended, output};

use super::desk::{Asking, Desk};
use super::open;
use super::paint::{Paint, visible};

pub(super) async fn outlets(settings: Settings, what: &OutletsCommand) -> Result<Ended> {
    let place = open(settings).await?;
    let desk = Desk::over(&place);
    match what {
        OutletsCommand::Add(args) => add::add(&place, args).await,
        OutletsCommand::Check { id, json } => check::check(&place, id, *json).await,
        OutletsCommand::Remove { id } => add::remove(&place, id).await,
        OutletsCommand::List { json } => {
            let Some(all): Option<Outlets> = desk.get("/outlets", Asking::default()).await? else {
                return Ok(Ended::NothingFound);
            };
            if *json {
                output::json(&all)?;
            } else {
                all.outlets.iter().for_each(|outlet| output::line(row(outlet)));
            }
            Ok(if all.outlets.is_empty() { Ended::NothingFound } else { Ended::Done })
        }
        OutletsCommand::Show { id, json } => {
            let Some(account) = desk.get(&format!("/outlets/{id}"), Asking::default()).await? else {
                bail!("no outlet '{id}': `courant outlets list` names them all");
            };
            if *json {
                output::json(&account)?;
            } else {
                show(&account);
            }
            Ok(Ended::Done)
        }
    }
}

fn row(outlet: &Outlet) -> String {
    format!(
        "{:<24} {:<2} {:<8} {:>6}  {}",
        outlet.id,
        outlet.country.as_deref().unwrap_or("--"),
        outlet.languages.join(","),
        outlet.articles,
        visible(&outlet.name)
    )
}

fn show(account: &OutletAccount) {
    let paint = Paint::for_stdout();
    let outlet = &account.outlet;
    output::line(paint.bold(&outlet.name));
    output::line(row(outlet));
    if let Some(notes) = &outlet.notes {
        output::line(visible(notes));
    }
    for (name, sources) in
        [("feeds and sitemaps", &account.sources), ("not for us", &account.blocked), ("gone", &account.gone)]
    {
        if !sources.is_empty() {
            output::line(paint.bold(name));
            sources.iter().for_each(|source| output::line(format!("  {}", source_row(source))));
        }
    }
}

fn source_row(source: &Source) -> String {
    let visited = source.visited.as_deref().unwrap_or("never visited");
    let reason = source.reason.as_deref().map(|reason| format!(" ({})", visible(reason))).unwrap_or_default();
    format!("{} {} {}{reason}, {visited}, due {}", source.kind, source.url, source.state, source.due)
}
