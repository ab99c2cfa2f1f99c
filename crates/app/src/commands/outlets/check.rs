//! `courant outlets check`: one outlet step by step, each with what to mend.

use anyhow::{Result, bail};
use courant_crawl::{Ending, FailureKind, RefusedBy, discover};
use courant_model::{Outlet, OutletId, Target, TargetKind};
use serde::Serialize;
use url::Url;

use crate::commands::crawl::need_contact;
use crate::commands::paint::visible;
use crate::pipeline::probe::{ListLook, PageLook, Probe, why};
use crate::place::Place;
use crate::{Ended, output};

/// Lists that are looked at, and articles.
const LISTS: usize = 8;
const ARTICLES: usize = 3;
/// A list whose newest page is older than this has perhaps ended.
const STALE_DAYS: i64 = 60;

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

/// One step.
#[derive(Debug, Serialize)]
struct Step {
    step: &'static str,
    subject: String,
    verdict: Verdict,
    told: String,
    mend: Option<String>,
}

/// The steps so far, each told as it is made.
struct Steps {
    quiet: bool,
    all: Vec<Step>,
}

impl Steps {
    fn add(&mut self, step: &'static str, subject: &str, verdict: Verdict, told: String, mend: Option<String>) {
        let step = Step { step, subject: subject.to_owned(), verdict, told, mend };
        if !self.quiet {
            let mark = match step.verdict {
                Verdict::Ok => "ok  ",
                Verdict::Warn => "warn",
                Verdict::Fail => "FAIL",
            };
            output::line(format!("{mark} {} {}: {}", step.step, visible(&step.subject), visible(&step.told)));
            if let Some(mend) = &step.mend {
                output::line(format!("     mend: {}", visible(mend)));
            }
        }
        self.all.push(step);
    }
}

pub(in crate::commands) async fn check(place: &Place, id: &str, json: bool) -> Result<Ended> {
    need_contact(&place.settings)?;
    let id = OutletId::new(id);
    let Some(outlet) = place.catalogue().outlet(&id).cloned() else {
        bail!("no outlet '{id}': `courant outlets list` names them all");
    };
    let probe = Probe::begin(place).await?;
    let mut steps = Steps { quiet: json, all: Vec::new() };
    let checked = steps_of(place, &probe, &outlet, &mut steps).await;
    probe.end().await?;
    checked?;
    if json {
        output::json(&steps.all)?;
    }
    let well = steps.all.iter().all(|step| step.verdict == Verdict::Ok);
    Ok(if well { Ended::Done } else { Ended::NothingFound })
}

async fn steps_of(place: &Place, probe: &Probe, outlet: &Outlet, steps: &mut Steps) -> Result<()> {
    let lists: Vec<Target> = discover::seeds(outlet, place.clock.now());
    if lists.is_empty() {
        let mend =
            format!("`courant outlets add` its home page shows what there is; name it in outlets/{}.toml", outlet.id);
        steps.add(
            "lists",
            outlet.id.as_str(),
            Verdict::Fail,
            "no feed, sitemap or section is known".into(),
            Some(mend),
        );
    }
    let mut pages: Vec<Target> = Vec::new();
    let mut hosts: Vec<String> = Vec::new();
    for target in lists.iter().take(LISTS) {
        let look = probe.list(target).await?;
        host_steps(&look, &mut hosts, steps);
        list_step(place, probe, outlet, &look, steps).await?;
        let own = |page: &Target| place.catalogue().outlet_of(&page.url).is_some_and(|owner| owner.id == outlet.id);
        pages.extend(look.pages.into_iter().filter(own));
    }
    if lists.len() > LISTS {
        let told = format!("{} lists more are not looked at", lists.len() - LISTS);
        steps.add("lists", outlet.id.as_str(), Verdict::Ok, told, None);
    }
    articles(probe, outlet, &pages, steps).await
}

/// The host's name and robots.txt, told once a host.
fn host_steps(look: &ListLook, hosts: &mut Vec<String>, steps: &mut Steps) {
    let Ok(url) = Url::parse(&look.target.ask) else { return };
    let host = courant_model::authority(&url);
    if hosts.contains(&host) {
        return;
    }
    hosts.push(host.clone());
    match (&look.visit.ending, look.visit.hops.first()) {
        (Ending::Failed { kind: FailureKind::Dns, why }, _) => {
            let mend = "the name may have changed: look for the newsroom's address, and mend its file of the catalogue";
            steps.add("name", &host, Verdict::Fail, why.clone(), Some(mend.to_owned()));
        }
        (Ending::Failed { kind: FailureKind::NoNetwork, why }, _) => {
            steps.add("name", &host, Verdict::Fail, why.clone(), Some("this machine has no network".to_owned()));
        }
        (Ending::Refused(RefusedBy::Guard(refusal)), _) => {
            let mend = "only public addresses are asked; [[crawl.local]] in the settings allows a network of your own";
            steps.add("name", &host, Verdict::Fail, refusal.to_string(), Some(mend.to_owned()));
        }
        (_, Some(hop)) => {
            steps.add("name", &host, Verdict::Ok, format!("answered from {}", hop.response.address), None);
        }
        _ => {}
    }
    if let Ending::Parked { why: cause, .. } = &look.visit.ending
        && cause.starts_with("robots.txt")
    {
        let mend = "a host whose robots.txt cannot be had is asked for nothing else (RFC 9309): try again later";
        steps.add("robots", &host, Verdict::Fail, why(&look.visit.ending), Some(mend.to_owned()));
        return;
    }
    let Some(last) = look.visit.requests.iter().rev().find(|line| line.url == look.target.ask) else { return };
    if matches!(look.visit.ending, Ending::Refused(RefusedBy::Robots(_))) {
        let mend = "its robots.txt does not want this address visited: ask the newsroom, or name another list";
        steps.add("robots", &host, Verdict::Fail, last.robots.clone(), Some(mend.to_owned()));
    } else if last.was_made() {
        let gap = last.gap.as_millis() as f64 / 1000.0;
        steps.add("robots", &host, Verdict::Ok, format!("{}; one request each {gap} s", last.robots), None);
    }
}

async fn list_step(place: &Place, probe: &Probe, outlet: &Outlet, look: &ListLook, steps: &mut Steps) -> Result<()> {
    let kind = look.target.kind.as_str();
    let file = format!("outlets/{}.toml", outlet.id);
    if let Some(moved) = look.visit.moved() {
        let told = format!("moved for good to {moved}");
        steps.add(kind, &look.target.ask, Verdict::Warn, told, Some(format!("put the new address in {file}")));
        return Ok(());
    }
    if !matches!(look.visit.ending, Ending::Answered) {
        if !matches!(look.visit.ending, Ending::Refused(_) | Ending::Failed { kind: FailureKind::Dns, .. }) {
            let mend = "try again later; `courant status --host` of its host tells what it was asked";
            steps.add(kind, &look.target.ask, Verdict::Fail, why(&look.visit.ending), Some(mend.to_owned()));
        }
        return Ok(());
    }
    let status = look.visit.response().map_or(0, |response| response.status);
    if let Some(fault) = &look.fault {
        let named = feeds_at_home(probe, outlet).await?;
        let mend = match named.first() {
            Some(feed) => format!("its home page names {feed}: put that in {file}"),
            None => format!("its home page names no feed: look for another list, and mend {file}"),
        };
        let told = format!("answered {status}: {fault}");
        steps.add(kind, &look.target.ask, Verdict::Fail, told, Some(mend));
        return Ok(());
    }
    let took = look.visit.hops.last().map_or(0, |hop| hop.response.elapsed.as_millis());
    let lists = if look.lists.is_empty() { String::new() } else { format!(", {} lists", look.lists.len()) };
    let mut told = format!("{} pages{lists} in {took} ms", look.pages.len());
    let (mut verdict, mut mend) = (Verdict::Ok, None);
    if let Some(newest) = look.newest() {
        told.push_str(&format!(", the newest of {}", newest.strftime("%Y-%m-%d")));
        let days = newest.duration_until(place.clock.now()).as_hours() / 24;
        if days > STALE_DAYS && look.target.kind == TargetKind::Feed {
            (verdict, mend) = (Verdict::Warn, Some(format!("nothing new for {days} days: is there another feed?")));
        }
    }
    if look.pages.is_empty() && look.lists.is_empty() {
        (verdict, mend) = (Verdict::Warn, Some("it names nothing to visit: is there another list?".to_owned()));
    }
    steps.add(kind, &look.target.ask, verdict, told, mend);
    Ok(())
}

/// The feeds that the outlet's home page names, where it can be read.
async fn feeds_at_home(probe: &Probe, outlet: &Outlet) -> Result<Vec<String>> {
    let Some(url) = outlet.homepage.as_deref().and_then(|home| Url::parse(home).ok()) else { return Ok(Vec::new()) };
    Ok(probe.home(outlet, &url).await?.map(|(home, _)| home.feeds).unwrap_or_default())
}

async fn articles(probe: &Probe, outlet: &Outlet, pages: &[Target], steps: &mut Steps) -> Result<()> {
    if pages.is_empty() {
        let mend = "without a list that names pages of its own there is nothing to visit";
        let told = "no page of the outlet's own is named".to_owned();
        steps.add("article", outlet.id.as_str(), Verdict::Fail, told, Some(mend.to_owned()));
    }
    for page in pages.iter().take(ARTICLES) {
        match probe.page(page).await? {
            PageLook::Article(draft) => {
                let reading = &draft.reading;
                let date = reading.published.map_or("no date".to_owned(), |date| date.to_text());
                let words = reading.body.split_whitespace().count();
                let mut told = format!("{} ({date}, {}, {words} words)", reading.title, reading.language);
                let (mut verdict, mut mend) = (Verdict::Ok, None);
                if reading.paywalled {
                    told.push_str(", behind a paywall");
                } else if words < 25 {
                    verdict = Verdict::Warn;
                    mend =
                        Some("little of its text was read: `courant inspect page` of a saved copy says why".to_owned());
                }
                steps.add("article", &page.ask, verdict, told, mend);
            }
            PageLook::NotAnArticle(reason) => {
                let mend = "a wall or an index cannot be read as an article; if all pages say so, the outlet cannot be followed";
                steps.add("article", &page.ask, Verdict::Warn, reason, Some(mend.to_owned()));
            }
        }
    }
    Ok(())
}
