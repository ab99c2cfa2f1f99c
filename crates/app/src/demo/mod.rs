//! `courant demo`: the bundled newsroom, crawled on loopback by the same lines that crawl the world.
//!
//! Two editions, an hour apart by the newsroom's own clock: the first is crawled and served, then
//! articles are corrected, one is withdrawn, stories grow, and the second is crawled. A demo whose
//! process was killed goes on where it was when it is started on the same data directory.

mod newsroom;
mod state;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::catalogue::{self, Files, Known};
use crate::cli::DemoArgs;
use crate::clock::Clock;
use crate::commands::{listen, site, stop_on_error};
use crate::pipeline::collect::{self, Report};
use crate::pipeline::curate::{self, Curator};
use crate::place::Place;
use crate::settings::{LocalNetwork, Settings};
use crate::{Ended, output, shutdown};

use newsroom::Newsroom;
use state::State;

/// Where the newsroom listens when nothing else is asked for: the port is part of its articles'
/// addresses, and so of their ids.
const NEWSROOM: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8421);

pub(crate) async fn demo(mut settings: Settings, own_place: bool, args: &DemoArgs) -> Result<Ended> {
    // A demo that nobody gave a place leaves nothing behind.
    let passing = if own_place { None } else { Some(passing_dir()?) };
    if let Some(dir) = &passing {
        settings.data_dir = dir.path().to_owned();
    }
    visit_loopback_only(&mut settings);
    std::fs::create_dir_all(&settings.data_dir)
        .with_context(|| format!("cannot make data directory {}", settings.data_dir.display()))?;
    let state = State::read(&settings.data_dir)?;
    if state.is_none() && settings.data_dir.join("record.sqlite").exists() {
        bail!(
            "{} holds a record that is no demonstration's: name another folder with --data-dir",
            settings.data_dir.display()
        );
    }

    let newsroom_listener = newsroom_listener(args.newsroom, state).await?;
    let port = newsroom_listener.local_addr()?.port();
    let newsroom = Arc::new(Newsroom::new(port)?);
    // Before the record is there: what is killed in between is still a demonstration's place.
    let (edition, starts) = state.map_or((1, 0), |state| (state.edition, state.starts));
    State { port, edition, starts }.write(&settings.data_dir)?;
    let clock = Clock::system();
    let site_listener = site_listener(args.bind).await?;
    let site_address = site_listener.local_addr()?;
    let place = Place::open(settings, known(port)?, clock).await?;
    let curator = Curator::take(&place).await?;

    let stop = shutdown::on_signals();
    let serving = CancellationToken::new();
    let served = Arc::clone(&newsroom).serve(newsroom_listener, serving.clone().cancelled_owned());
    let press = tokio::spawn(served);
    let router = site(&place, site_address);
    let web = tokio::spawn(courant_web::serve(site_listener, router, serving.clone().cancelled_owned()));

    let curating = CancellationToken::new();
    let (read, curated) = tokio::join!(
        async {
            let read = stop_on_error(&stop, read_editions(&place, &newsroom, state, port, site_address, &stop)).await;
            if read.is_ok() && !args.once {
                stop.cancelled().await;
            }
            curating.cancel();
            read
        },
        stop_on_error(&stop, curator.run(curate::Until::Stopped, &curating)),
    );
    serving.cancel();
    web.await??;
    press.await??;
    read.and(curated)?;
    Ok(Ended::Done)
}

/// Crawls edition one, then edition two, from where `state` says an earlier start had come.
async fn read_editions(
    place: &Place,
    newsroom: &Newsroom,
    state: Option<State>,
    port: u16,
    site: SocketAddr,
    stop: &CancellationToken,
) -> Result<()> {
    output::say(format!("A fictional press of {} outlets, on this machine only.", place.catalogue().outlets().count()));
    let starts = state.map_or(0, |state| state.starts);
    for edition in state.map_or(1, |state| state.edition)..=2 {
        let begun = Instant::now();
        State { port, edition, starts: starts + 1 }.write(&place.settings.data_dir)?;
        newsroom.edition(edition);
        place.clock.set(moment(edition, starts));
        let report = collect::collect(place, &collect::Ask::once(), stop).await?;
        if stop.is_cancelled() {
            return Ok(());
        }
        curate::caught_up(place, stop).await?;
        output::say(told(edition, &report, begun));
        if edition == 1 {
            output::say(format!("Searchable now: http://{site}/"));
        }
    }
    output::say(advice(site));
    Ok(())
}

/// The newsroom's time. Each start on the same data is later than the one before, for a clock that
/// went back would find nothing due; an edition's hour is never left.
fn moment(edition: u8, starts: u32) -> Timestamp {
    let later = SignedDuration::from_secs(30) * i32::try_from(starts.min(110)).unwrap_or(0);
    newsroom::edition_moment(edition).checked_add(later).unwrap_or(Timestamp::MAX)
}

fn told(edition: u8, report: &Report, begun: Instant) -> String {
    let name = if edition == 1 { "one" } else { "two" };
    format!("Edition {name}: {report}, in {:.1} s.", begun.elapsed().as_secs_f32())
}

/// Six things to try.
fn advice(site: SocketAddr) -> String {
    format!(
        "Try:\n\
         1. http://{site}/search?q=pegasus  one word, in many languages; filter by outlet, network, language\n\
         2. http://{site}/search?q=بيغاسوس or q=飛馬 or q=слежки or q=पेगासस: each script cut into words its own way, inflected words found by any of their forms\n\
         3. http://{site}/stories  one event told by many outlets; follow a story by its feed address\n\
         4. http://{site}/search?q=&sort=changed  what is new or was edited in the second edition, with the words that changed\n\
         5. http://{site}/outlets  who publishes, and which addresses were refused, walled, dead or withdrawn\n\
         6. http://{site}/api/v1/search?q=amazon  the same for programs; http://{site}/openapi.json describes it\n\
         Ctrl-C ends the demonstration."
    )
}

fn passing_dir() -> Result<tempfile::TempDir> {
    tempfile::Builder::new().prefix("courant-demo-").tempdir().context("cannot make a passing data directory")
}

/// Loopback may be visited, without a pause; and the contact says what this is.
fn visit_loopback_only(settings: &mut Settings) {
    // Whatever the settings name is somebody's real corpus: fiction stays out of it.
    settings.record.url.clear();
    settings.index.url.clear();
    settings.catalogue.bundled = false;
    settings.crawl.contact = "https://courant.invalid/demonstration".to_owned();
    let loopback = ipnet::IpNet::from(ipnet::Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8));
    settings.crawl.sitemap_days = 0;
    settings.crawl.local = vec![LocalNetwork { network: loopback, gap_seconds: 0.0 }];
}

/// The catalogue of the demonstration whose data lie in `dir`; `None` where it holds none.
pub(crate) fn known_at(dir: &Path) -> Result<Option<Known>> {
    State::read(dir)?.map(|state| known(state.port)).transpose()
}

/// The newsroom's own catalogue, its addresses at `port`.
fn known(port: u16) -> Result<Known> {
    let at_port = |text: String| text.replace(".localhost/", &format!(".localhost:{port}/"));
    let mut files = Files::new();
    for (id, text) in newsroom::outlet_files()? {
        files.insert(format!("outlets/{id}.toml"), at_port(text));
    }
    for (id, text) in newsroom::network_files()? {
        files.insert(format!("networks/{id}.toml"), at_port(text));
    }
    files.insert("agencies.toml".to_owned(), newsroom::agencies_file()?);
    Ok(Known { demonstration: true, ..catalogue::known(&files)? })
}

/// A demo that goes on must find its newsroom at the same port: other addresses would be other
/// articles. A first one takes any free port if the usual one is taken.
async fn newsroom_listener(asked: Option<SocketAddr>, state: Option<State>) -> Result<TcpListener> {
    let must = asked.or(state.map(|state| SocketAddr::new(NEWSROOM.ip(), state.port)));
    match must {
        Some(address) => listen(address).await.context("the newsroom"),
        None => or_any_port(NEWSROOM).await,
    }
}

async fn site_listener(asked: Option<SocketAddr>) -> Result<TcpListener> {
    match asked {
        Some(address) => listen(address).await,
        None => or_any_port(Settings::default().serve.bind).await,
    }
}

async fn or_any_port(usual: SocketAddr) -> Result<TcpListener> {
    match TcpListener::bind(usual).await {
        Ok(listener) => Ok(listener),
        Err(_) => listen(SocketAddr::new(usual.ip(), 0)).await,
    }
}
