//! The commands, one file each. This one reads the settings, lays the flags over them and passes on.

mod config;
mod crawl;
mod desk;
mod diff;
mod import;
mod outlets;
pub(crate) mod paint;
mod rebuild;
mod run;
mod search;
mod serve;
mod status;
mod stories;
mod verify;

use anyhow::{Context, Result};

use crate::Ended;
use crate::cli::{Cli, Command, ImportCommand};
use crate::clock::Clock;
use crate::place::Place;
use crate::settings::Settings;
use crate::{catalogue, demo, inspect, telling};

pub(crate) use run::stop_on_error;
pub(crate) use serve::{listen, site};

/// Runs the command that was typed.
pub(crate) fn run(cli: Cli) -> Result<Ended> {
    let mut settings = Settings::load(cli.settings.as_deref())?;
    let own_place = cli.data_dir.is_some();
    if let Some(dir) = cli.data_dir {
        settings.data_dir = dir;
    }
    telling::begin(&settings.log, cli.command.only_shows())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING)
        .build()
        .context("cannot start the tasks' runtime")?;
    let ended = runtime.block_on(act(cli.command, settings, own_place));
    // Reading that is still under way in a blocking thread has nobody left to hand its result to.
    runtime.shutdown_background();
    ended
}

/// Threads for reading, writing and looking names up: more would only wait for the processors or the
/// disk, each with memory of its own.
const BLOCKING: usize = 3;

async fn act(command: Command, settings: Settings, own_place: bool) -> Result<Ended> {
    match command {
        Command::Demo(args) => demo::demo(settings, own_place, &args).await,
        Command::Run(args) => run::run(settings, &args).await,
        Command::Serve(args) => serve::serve(settings, &args).await,
        Command::Crawl(args) => crawl::crawl(settings, &args).await,
        Command::Curate(args) => crawl::curate(settings, &args).await,
        Command::Search(args) => search::search(settings, &args).await,
        Command::Stories(what) => stories::stories(settings, &what).await,
        Command::Diff(args) => diff::diff(settings, &args).await,
        Command::Outlets(what) => outlets::outlets(settings, &what).await,
        Command::Import(ImportCommand::Warc { paths }) => import::warc(settings, &paths).await,
        Command::Inspect(what) => match inspect::asked_address(&what) {
            Some((address, json)) => {
                crawl::need_contact(&settings)?;
                inspect::inspect_address(&open(settings).await?, address, json).await
            }
            None => inspect::inspect(&settings, &what),
        },
        Command::Rebuild(what) => rebuild::rebuild(settings, &what).await,
        Command::Verify(args) => verify::verify(settings, &args).await,
        Command::Status(args) => status::status(settings, &args).await,
        Command::Config => config::config(&settings),
    }
}

/// Opens a place that must be there already, for commands that only show what is in it.
async fn open_existing(settings: Settings) -> Result<Place> {
    if !settings.data_dir.is_dir() {
        anyhow::bail!(
            "there is no data in {}: name a place with --data-dir, or fill one with `courant run` or `courant import`",
            settings.data_dir.display()
        );
    }
    open(settings).await
}

/// Opens the place of all data, by the system's clock. One that a demonstration filled has the
/// demonstration's outlets.
async fn open(settings: Settings) -> Result<Place> {
    let known = match demo::known_at(&settings.data_dir)? {
        Some(known) => known,
        None => catalogue::load(&settings.catalogue)?,
    };
    Place::open(settings, known, Clock::system()).await
}
