//! Looks at an outlet that are not recorded: what adding it would bring, and how it answers step by
//! step. They go by the same guest as all visits (guard, robots, turns, archive), so that a look is no
//! ruder than a crawl.

use std::time::Duration;

use anyhow::Result;
use courant_crawl::discover::{self, COMMON_FEEDS, COMMON_SITEMAPS, Homepage};
use courant_crawl::{Ending, Visit};
use courant_model::{Draft, Outlet, Target, TargetKind, TargetState};
use courant_outbound::Response;
use courant_store::contract::Held;
use courant_text::charset::decode_html;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::visit::Visitor;
use crate::place::Place;

/// A look waits so long for a host at most.
const PATIENCE: SignedDuration = SignedDuration::from_secs(90);
/// So many feeds of a home page are looked at.
const FEEDS: usize = 4;

/// Makes looks. Ended by [`Probe::end`].
pub(crate) struct Probe {
    place: Place,
    visitor: Visitor,
    worker: String,
    _alive: Box<dyn Held>,
}

/// A list that was looked at.
#[derive(Debug, Clone)]
pub(crate) struct ListLook {
    pub(crate) target: Target,
    pub(crate) visit: Visit,
    /// The pages it names.
    pub(crate) pages: Vec<Target>,
    /// The lists it names.
    pub(crate) lists: Vec<Target>,
    /// Why there is nothing in it.
    pub(crate) fault: Option<String>,
}

impl ListLook {
    /// The latest date that it says of a page.
    pub(crate) fn newest(&self) -> Option<Timestamp> {
        self.pages.iter().filter_map(|page| page.published.map(|date| date.instant)).max()
    }
}

/// A page that was looked at.
#[derive(Debug)]
pub(crate) enum PageLook {
    /// An article.
    Article(Box<Draft>),
    /// Why it is none.
    NotAnArticle(String),
}

impl Probe {
    pub(crate) async fn begin(place: &Place) -> Result<Self> {
        let place = &place.only_looked_at();
        let worker = super::worker_name();
        let alive = place.record.enter(&worker).await?;
        let visitor = Visitor::new(place, &worker)?;
        Ok(Self { place: place.clone(), visitor, worker, _alive: alive })
    }

    /// Gives all hosts back.
    pub(crate) async fn end(self) -> Result<()> {
        self.visitor.sync().await?;
        self.visitor.leave().await?;
        self.place.record.release(&self.worker).await?;
        Ok(())
    }

    /// Asks for a target, waiting for its host's turn.
    async fn look(&self, target: &Target) -> Result<(Visit, Option<courant_model::Capture>)> {
        let deadline = self.place.clock.now().checked_add(PATIENCE).unwrap_or(Timestamp::MAX);
        loop {
            let (visit, capture) = self.visitor.look(target).await?;
            match &visit.ending {
                Ending::Parked { until, .. } if visit.hops.is_empty() && *until <= deadline => {
                    let now = self.place.clock.now();
                    let rest = Duration::try_from(now.duration_until(*until)).unwrap_or_default();
                    tokio::time::sleep(rest.max(Duration::from_millis(50))).await;
                }
                _ => return Ok((visit, capture)),
            }
        }
    }

    /// Looks at a feed, sitemap or section.
    pub(crate) async fn list(&self, target: &Target) -> Result<ListLook> {
        let (visit, capture) = self.look(target).await?;
        let told = visit.clone();
        let visited = self.visitor.understand(target, visit, capture).await?;
        let (pages, lists) = visited.found.into_iter().partition(|found| found.kind == TargetKind::Page);
        let well = matches!(visited.outcome.state, TargetState::Open | TargetState::Moved);
        let fault = if well { None } else { visited.outcome.reason };
        Ok(ListLook { target: target.clone(), visit: told, pages, lists, fault })
    }

    /// Asks for a page, and gives the answer as it came. The error is for a person.
    pub(crate) async fn answer(&self, outlet: &Outlet, address: &str) -> Result<Result<Response, String>> {
        let now = self.place.clock.now();
        let Some(target) = discover::target(address, TargetKind::Page, &outlet.id, now) else {
            return Ok(Err("it is no web address".to_owned()));
        };
        let (visit, _) = self.look(&target).await?;
        Ok(match visit.response() {
            Some(response) if response.status == 200 => Ok(response.clone()),
            Some(response) => Err(format!("status {}", response.status)),
            None => Err(why(&visit.ending)),
        })
    }

    /// Looks at a page.
    pub(crate) async fn page(&self, target: &Target) -> Result<PageLook> {
        let (visit, capture) = self.look(target).await?;
        let visited = self.visitor.understand(target, visit, capture).await?;
        Ok(match visited.drafts.into_iter().next_back() {
            Some(draft) => PageLook::Article(Box::new(draft)),
            None => PageLook::NotAnArticle(visited.outcome.reason.unwrap_or_else(|| "no article".to_owned())),
        })
    }

    /// Looks at a home page: what it tells, and where the visit ended. The error is for a person.
    pub(crate) async fn home(&self, outlet: &Outlet, url: &Url) -> Result<Result<(Homepage, Url), String>> {
        let now = self.place.clock.now();
        let Some(target) = discover::target(url.as_str(), TargetKind::Section, &outlet.id, now) else {
            return Ok(Err("it is no web address".to_owned()));
        };
        let (visit, _) = self.look(&target).await?;
        let (Ending::Answered, Some(response), Some(end)) = (&visit.ending, visit.response(), &visit.final_url) else {
            return Ok(Err(why(&visit.ending)));
        };
        if !(200..300).contains(&response.status) {
            return Ok(Err(format!("it answered {}", response.status)));
        }
        let content_type = response.header("content-type");
        let decoded = decode_html(&response.body, content_type, end.domain());
        Ok(Ok((discover::read_home(&decoded.text, end), end.clone())))
    }

    /// The lists of an outlet, as far as they can be found and read: the feeds that its home page names,
    /// else those at common places; the sitemaps that its robots.txt names, else one at a common place;
    /// else the home page itself.
    pub(crate) async fn lists_of(&self, outlet: &Outlet, home: &Homepage, end: &Url) -> Result<Vec<ListLook>> {
        let mut feeds = Vec::new();
        for address in home.feeds.iter().take(FEEDS) {
            feeds.extend(self.usable(outlet, address, TargetKind::Feed).await?);
        }
        if feeds.is_empty() {
            feeds.extend(self.at_common_places(outlet, end, COMMON_FEEDS, TargetKind::Feed).await?);
        }
        let mut maps = Vec::new();
        for address in self.sitemaps_named(outlet, end).await? {
            maps.extend(self.usable(outlet, &address, TargetKind::Sitemap).await?);
        }
        if maps.is_empty() {
            maps.extend(self.at_common_places(outlet, end, COMMON_SITEMAPS, TargetKind::Sitemap).await?);
        }
        if feeds.is_empty() && maps.iter().all(|map| map.pages.is_empty()) {
            maps.extend(self.usable(outlet, end.as_str(), TargetKind::Section).await?);
        }
        feeds.extend(maps);
        Ok(feeds)
    }

    /// The first of these places at which there is a list.
    async fn at_common_places(
        &self,
        outlet: &Outlet,
        end: &Url,
        places: &[&str],
        kind: TargetKind,
    ) -> Result<Option<ListLook>> {
        for place in places {
            let Ok(address) = end.join(place) else { continue };
            if let Some(list) = self.usable(outlet, address.as_str(), kind).await? {
                return Ok(Some(list));
            }
        }
        Ok(None)
    }

    /// A list that names something.
    async fn usable(&self, outlet: &Outlet, address: &str, kind: TargetKind) -> Result<Option<ListLook>> {
        let now = self.place.clock.now();
        let Some(target) = discover::target(address, kind, &outlet.id, now) else { return Ok(None) };
        let list = self.list(&target).await?;
        Ok((list.fault.is_none() && !(list.pages.is_empty() && list.lists.is_empty())).then_some(list))
    }

    /// The sitemaps that the robots.txt of an origin names, as it was kept when it was asked for.
    async fn sitemaps_named(&self, outlet: &Outlet, end: &Url) -> Result<Vec<String>> {
        let origin = courant_model::origin(end);
        let kept = self.place.record.origin_file(&origin, courant_model::OriginFile::Robots).await?;
        let Some(kept) = kept else { return Ok(Vec::new()) };
        let named =
            discover::sitemaps_of_robots(&courant_crawl::Robots::parse(&kept.body), outlet, self.place.clock.now());
        Ok(named.into_iter().map(|target| target.ask).take(FEEDS).collect())
    }
}

/// Why a visit came to nothing, in words.
pub(crate) fn why(ending: &Ending) -> String {
    match ending {
        Ending::Refused(courant_crawl::RefusedBy::Robots(reason)) => reason.clone(),
        Ending::Refused(courant_crawl::RefusedBy::Guard(refusal)) => refusal.to_string(),
        Ending::Parked { until, why } => format!("{why} (not before {})", until.strftime("%Y-%m-%d %H:%M:%S UTC")),
        Ending::Failed { why, .. } => why.clone(),
        Ending::Answered | Ending::NotModified => "it answered".to_owned(),
    }
}
