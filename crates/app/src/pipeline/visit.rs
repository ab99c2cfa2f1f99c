//! One visit of the collect line: fetch -> archive -> read, and what follows for the frontier.
//!
//! Nothing is written to the record here but what politeness must remember; the rest is handed back
//! for the batch.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use courant_archive::{Archive, Asked, Told};
use courant_crawl::discover::sitemaps_of_robots;
use courant_crawl::discover::traps::SamePages;
use courant_crawl::schedule::{self, Seen};
use courant_crawl::{
    Ending, Exchange, FailureKind, Fault, Guest, Hosts, Ledger, Manners, Pace, RefusedBy, Robots, Visit, headers,
};
use courant_model::{
    CanonicalUrl, Capture, Draft, OriginFile, Outcome, PageKind, Polling, RequestLine, Rights, Target, TargetKind,
    TargetState,
};
use courant_outbound::{Client, Config};
use courant_store::StoreError;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::ledger::RecordLedger;
use super::reading::{self, Page, Read};
use super::report::Report;
use super::{before, lists};
use crate::output;
use crate::place::Place;
use crate::readers::LARGE;

/// The product token that robots files know us by.
pub(crate) const AGENT: &str = "Courant";

/// So many times in a row a target is asked for again when its server said, before it waits as one
/// that fails.
const BELIEVED: u32 = 2;

/// What a visit came to, for the batch.
#[derive(Debug)]
pub(super) struct Visited {
    pub(super) outcome: Outcome,
    pub(super) drafts: Vec<Draft>,
    pub(super) gone: Option<CanonicalUrl>,
    pub(super) unchanged: Option<CanonicalUrl>,
    pub(super) found: Vec<Target>,
    pub(super) requests: Vec<RequestLine>,
    pub(super) tally: Report,
}

/// Makes visits. One for a run of the line.
pub(super) struct Visitor {
    place: Place,
    guest: Guest,
    ledger: Arc<RecordLedger>,
    /// A visit waits so long for its turn.
    patience: SignedDuration,
    archive: Arc<Mutex<Archive>>,
    /// Whose turn it is to write there: waiting for it takes no thread, of which there are few.
    writing: tokio::sync::Mutex<()>,
    /// The turn of those who have much to write, taken before the other.
    writing_large: tokio::sync::Mutex<()>,
    /// Sitemaps are read back to then.
    since: Option<Timestamp>,
    /// Whether hosts give ever the same page.
    same: Mutex<SamePages>,
    /// Hosts that could not be reached for want of a network, each told once.
    unreached: Mutex<HashSet<String>>,
}

impl Visitor {
    pub(super) fn new(place: &Place, worker: &str) -> Result<Self> {
        let settings = &place.settings;
        let client = Client::new(config(place)).context("cannot set up the HTTP client")?;
        let gap = |seconds: f64| SignedDuration::from_millis((seconds * 1000.0) as i64);
        let pace = Pace {
            gap: gap(settings.crawl.gap_seconds),
            networks: settings.crawl.local.iter().map(|local| (local.network, gap(local.gap_seconds))).collect(),
            day_budget: (settings.crawl.day_budget > 0).then_some(settings.crawl.day_budget),
            ..Pace::default()
        };
        let archive = place.archive(worker)?;
        let manners = Manners::new(AGENT);
        let ledger = Arc::new(RecordLedger::new(place, worker));
        Ok(Self {
            place: place.clone(),
            patience: manners.patience,
            guest: Guest::new(Arc::new(client), Hosts::new(pace), manners, Arc::clone(&ledger) as Arc<dyn Ledger>),
            ledger,
            archive: Arc::new(Mutex::new(archive)),
            writing: tokio::sync::Mutex::default(),
            writing_large: tokio::sync::Mutex::default(),
            since: None,
            same: Mutex::default(),
            unreached: Mutex::default(),
        })
    }

    /// The same visitor, who reads sitemaps back to then.
    pub(super) fn reading_back_to(mut self, since: Option<Timestamp>) -> Self {
        self.since = since;
        self
    }

    /// Asks for `target` and archives what was answered, whatever it is.
    pub(super) async fn look(&self, target: &Target) -> Result<(Visit, Option<Capture>)> {
        let clock = self.place.clock.clone();
        let mut visit = self.guest.visit(target, &move || clock.now()).await.map_err(as_error)?;
        let capture = self.archive(target, &mut visit).await?;
        Ok((visit, capture))
    }

    /// Visits `target`.
    pub(super) async fn visit(&self, target: &Target) -> Result<Visited> {
        let (visit, capture) = self.look(target).await?;
        self.understand(target, visit, capture).await
    }

    /// What a visit came to.
    pub(super) async fn understand(
        &self,
        target: &Target,
        mut visit: Visit,
        capture: Option<Capture>,
    ) -> Result<Visited> {
        let now = self.place.clock.now();
        let named = self.named_by_robots(target, &visit, now);
        let mut visited = self.account(target, &mut visit, capture, now).await?;
        visited.found.extend(named);
        visited.requests = visit.requests;
        Ok(visited)
    }

    /// Makes the claims to hosts last on, and gives up those that were not used since `idle` and
    /// are not `busy`.
    pub(super) async fn tend(&self, idle: Timestamp, busy: &[String]) -> Result<()> {
        self.ledger.renew(self.guest.hosts()).await?;
        self.ledger.give_up(self.guest.hosts(), idle, busy).await
    }

    /// Gives up every host, when all visits have ended.
    pub(super) async fn leave(&self) -> Result<()> {
        self.ledger.give_up(self.guest.hosts(), Timestamp::MAX, &[]).await
    }

    /// What the visit's ending means.
    async fn account(
        &self,
        target: &Target,
        visit: &mut Visit,
        capture: Option<Capture>,
        now: Timestamp,
    ) -> Result<Visited> {
        match &visit.ending {
            Ending::Answered => self.answered(target, visit, capture, now).await,
            Ending::NotModified => self.unchanged(target, visit, now).await,
            Ending::Refused(RefusedBy::Robots(verdict)) => Ok(Visited::blocked(target, verdict.clone(), now)),
            Ending::Refused(RefusedBy::Guard(refusal)) => Ok(Visited::blocked(target, refusal.to_string(), now)),
            // The target's own server asked for a pause: that is this visit's end, and the target
            // goes behind its host's others. Where nothing was asked, it only waits.
            Ending::Parked { until, why } if !visit.hops.is_empty() => {
                let mut visited = Visited::failed(target, why.clone(), now);
                // Whoever says when is believed, but not for ever.
                let due = &mut visited.outcome.due;
                *due = if target.failures < BELIEVED { *until } else { *until.max(due) };
                Ok(visited)
            }
            Ending::Parked { until, why } => Ok(Visited::put_off(target, *until, why.clone(), now)),
            Ending::Failed { kind, why } => {
                self.tell_unreached(target, *kind, why);
                Ok(Visited::failed(target, why.clone(), now))
            }
        }
    }

    /// The sitemaps that a robots.txt names which was asked for on the way, where the catalogue
    /// knows none of the outlet, and the origin is the outlet's own.
    fn named_by_robots(&self, target: &Target, visit: &Visit, now: Timestamp) -> Vec<Target> {
        let catalogue = self.place.catalogue();
        let mut found = Vec::new();
        for file in visit.files.iter().map(|fetched| &fetched.file) {
            if file.file != OriginFile::Robots || file.body.is_empty() {
                continue;
            }
            let owner = CanonicalUrl::parse(&file.origin).and_then(|origin| catalogue.outlet_of(&origin).cloned());
            if let Some(outlet) = owner.filter(|outlet| outlet.id == target.outlet) {
                found.extend(sitemaps_of_robots(&Robots::parse(&file.body), &outlet, now));
            }
        }
        found
    }

    /// How far a visit that begins at `now` waits for its turn.
    pub(super) fn patient_until(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.patience).unwrap_or(Timestamp::MAX)
    }

    /// When the first host may be asked that only rests between two requests.
    pub(super) fn next_free(&self, now: Timestamp) -> Option<Timestamp> {
        self.guest.hosts().next_free(now)
    }

    /// Hosts that will not be asked for longer than a visit waits for its turn.
    pub(super) fn parked_hosts(&self, now: Timestamp) -> Vec<String> {
        self.guest.hosts().parked(self.patient_until(now))
    }

    /// Brings what was written on disk.
    pub(super) async fn sync(&self) -> Result<()> {
        let _turn = self.writing.lock().await;
        let archive = Arc::clone(&self.archive);
        tokio::task::spawn_blocking(move || archive.lock().unwrap_or_else(PoisonError::into_inner).sync()).await??;
        Ok(())
    }

    /// Archives every exchange of the visit, before anyone reads them. Returns the capture of the
    /// last answer; `None` where its header wants none kept.
    async fn archive(&self, target: &Target, visit: &mut Visit) -> Result<Option<Capture>> {
        if visit.hops.is_empty() && visit.files.is_empty() {
            return Ok(None);
        }
        let archive = Arc::clone(&self.archive);
        // They go there and come back: bodies are too large to be copied for it.
        let (files, hops) = (std::mem::take(&mut visit.files), std::mem::take(&mut visit.hops));
        let fetched = files.iter().flat_map(|file| &file.hops).chain(&hops);
        let bytes: usize = fetched.map(|hop| hop.response.raw.len().max(hop.response.body.len())).sum();
        let via = target.found_via.clone();
        let work = move || {
            let mut archive = archive.lock().unwrap_or_else(PoisonError::into_inner);
            let mut last = Ok(None);
            for exchange in files.iter().flat_map(|file| &file.hops).chain(&hops) {
                last = write(&mut archive, exchange, via.as_deref());
                if last.is_err() {
                    break;
                }
            }
            (last, files, hops)
        };
        // Of large answers one at a time stands in the line: the small ones wait for no more of them.
        let alone = if bytes > LARGE { Some(self.writing_large.lock().await) } else { None };
        let turn = self.writing.lock().await;
        let (last, files, hops) = tokio::task::spawn_blocking(work).await?;
        drop((turn, alone));
        (visit.files, visit.hops) = (files, hops);
        // What is archived is not needed as it came any more: what is read is the decoded body.
        let fetched = visit.files.iter_mut().flat_map(|file| &mut file.hops);
        fetched.chain(&mut visit.hops).for_each(|exchange| exchange.response.raw = Vec::new());
        let last = last.context("cannot write the archive")?;
        Ok(last.filter(|_| !visit.hops.is_empty()))
    }

    async fn answered(
        &self,
        target: &Target,
        visit: &mut Visit,
        capture: Option<Capture>,
        now: Timestamp,
    ) -> Result<Visited> {
        let (Some(last), Some(url)) = (visit.hops.last_mut(), visit.final_url.clone()) else {
            return Ok(Visited::failed(target, "no answer".to_owned(), now));
        };
        let body = std::mem::take(&mut last.response.body);
        match (last.response.status, target.kind) {
            (200..=299, TargetKind::Page) => self.page(target, visit, body, url, capture, now).await,
            (200..=299, _) => self.list(target, visit, body, url, now).await,
            (status @ (404 | 410), _) => Ok(Visited::gone(target, format!("answered {status}"), now)),
            (status @ (401..=403 | 407 | 451), _) => Ok(Visited::blocked(target, format!("answered {status}"), now)),
            (status, _) => Ok(Visited::failed(target, format!("answered {status}"), now)),
        }
    }

    async fn page(
        &self,
        target: &Target,
        visit: &Visit,
        body: Vec<u8>,
        url: Url,
        capture: Option<Capture>,
        now: Timestamp,
    ) -> Result<Visited> {
        let Some(last) = visit.hops.last() else { return Ok(Visited::failed(target, "no answer".to_owned(), now)) };
        let response = &last.response;
        let page = Page {
            asked: self.names_of(target, visit, &url),
            url,
            content_type: response.header("content-type").map(str::to_owned),
            content_language: headers::content_language(response),
            rights: visit
                .reservation
                .as_ref()
                .map_or_else(Rights::default, headers::reserved_by_origin)
                .and(headers::rights(&response.headers, AGENT)),
            body,
            truncated: response.truncated,
            capture,
            seen: last.at,
            found_via: target.found_via.clone(),
            feed_language: target.language,
            feed_published: target.published,
        };
        let draft = match reading::read(&self.place, page).await? {
            Read::Article(draft) => *draft,
            Read::NotAnArticle { kind: PageKind::SoftNotFound, reason } => {
                return Ok(Visited::gone(target, reason, now));
            }
            Read::NotAnArticle { reason, .. } => return Ok(Visited::blocked(target, reason, now)),
        };
        if self.is_one_too_many(&draft) {
            let why = "the same page is at many addresses of this host".to_owned();
            return Ok(Visited::blocked(target, why, now));
        }
        let before = before::of(&self.place, &self.archive, &draft).await?;
        let seen = Seen::Full {
            changed: before.differs_from(&draft),
            validators: last.validators(),
            polling: Polling { fresh_for: headers::max_age(response), ..Polling::default() },
        };
        // A back-fill brings pages of years ago by the thousand: they are as old as they say. What a feed
        // names today is young to its readers, whatever its date.
        let published = draft.reading.published.filter(|_| self.since.is_some()).map(|date| date.instant);
        let born = before.first_seen.into_iter().chain(published).min();
        let outcome = schedule::outcome(target, seen, born, now);
        Ok(Visited { drafts: before.reread.into_iter().chain([draft]).collect(), ..Visited::of(outcome) })
    }

    /// A page that says it is the same is as old as the article that is known of it.
    async fn unchanged(&self, target: &Target, visit: &Visit, now: Timestamp) -> Result<Visited> {
        let fresh_for = visit.hops.last().and_then(|last| headers::max_age(&last.response));
        let seen = Seen::Unchanged { fresh_for };
        let mut born = None;
        if target.kind == TargetKind::Page
            && let Some(id) = self.place.record.article_at(&target.url).await?
            && let Some(article) = self.place.record.article(id).await?
        {
            born = Some(article.first_seen);
        }
        let mut visited = Visited {
            unchanged: Some(target.url.clone()),
            ..Visited::of(schedule::outcome(target, seen.clone(), born, now))
        };
        if target.kind.is_list() {
            visited.follow(target, visit, seen, now);
        }
        Ok(visited)
    }

    /// Whether the host gives this page at ever new addresses.
    fn is_one_too_many(&self, draft: &Draft) -> bool {
        let mut words = DefaultHasher::new();
        (&draft.reading.title, &draft.reading.body).hash(&mut words);
        let host = draft.url.host_and_path().split('/').next().unwrap_or_default();
        let mut same = self.same.lock().unwrap_or_else(PoisonError::into_inner);
        same.is_one_too_many(host, &draft.url, words.finish())
    }

    /// The addresses by which the page at `url` may be known as well: those that led to it for good
    /// (301, 308) and are of the same outlet. A redirect of the moment names no article.
    fn names_of(&self, target: &Target, visit: &Visit, url: &Url) -> Vec<CanonicalUrl> {
        let (Some(address), Some(_)) = (CanonicalUrl::parse(url.as_str()), visit.hops.split_last()) else {
            return Vec::new();
        };
        let redirects = &visit.hops[..visit.hops.len() - 1];
        let for_good = redirects.iter().rev().take_while(|hop| matches!(hop.response.status, 301 | 308)).count();
        let mut names: Vec<CanonicalUrl> = redirects[redirects.len() - for_good..]
            .iter()
            .filter_map(|hop| CanonicalUrl::parse(hop.response.url.as_str()))
            .collect();
        if for_good == redirects.len() {
            names.push(target.url.clone());
        }
        let catalogue = self.place.catalogue();
        let owner = |url: &CanonicalUrl| catalogue.outlet_of(url).map(|outlet| outlet.id.clone());
        let whose = owner(&address);
        names.retain(|name| owner(name) == whose);
        names
    }

    async fn list(&self, target: &Target, visit: &Visit, body: Vec<u8>, url: Url, now: Timestamp) -> Result<Visited> {
        let Some(last) = visit.hops.last() else { return Ok(Visited::failed(target, "no answer".to_owned(), now)) };
        let response = &last.response;
        let answer = lists::Answer {
            target: target.clone(),
            url,
            body,
            content_type: response.header("content-type").map(str::to_owned),
            depth: lists::depth(&self.place, target).await?,
            nofollow: headers::rights(&response.headers, AGENT).nofollow,
            since: self.since.or_else(|| usual_since(self.place.settings.crawl.sitemap_days, now)),
            catalogue: self.place.catalogue(),
        };
        let named = match self.place.readers.read(answer.body.len(), move || lists::read(&answer, now)).await {
            Ok(Ok(named)) => named,
            Ok(Err(why)) => return Ok(Visited::failed(target, why, now)),
            Err(error) => {
                tracing::error!(%error, url = %target.url, "a list broke the reader");
                return Ok(Visited::failed(target, "it broke the reader".to_owned(), now));
            }
        };
        let changed = lists::brings_news(&self.place, &named.found).await?;
        let fresh_for = named.polling.fresh_for.max(headers::max_age(response));
        let polling = Polling { fresh_for, ..named.polling };
        let seen = Seen::Full { changed, validators: last.validators(), polling };
        let mut visited = Visited { found: named.found, ..Visited::new(target, seen.clone(), now) };
        visited.follow(target, visit, seen, now);
        Ok(visited)
    }

    /// Says once of each host that it cannot be reached for want of a network or a name.
    fn tell_unreached(&self, target: &Target, kind: FailureKind, why: &str) {
        if !matches!(kind, FailureKind::NoNetwork | FailureKind::Dns) {
            return;
        }
        let host = target.url.host_and_path().split('/').next().unwrap_or_default().to_owned();
        let mut told = self.unreached.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert(host.clone()) {
            output::say(format!("cannot reach {host} ({why}); its addresses are tried again later"));
        }
    }
}

/// What sitemaps date before then is left, unless somebody asks for more; 0 days take all.
fn usual_since(days: u32, now: Timestamp) -> Option<Timestamp> {
    let since = now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).ok();
    since.filter(|_| days > 0)
}

/// The list that `target` moved to for good, as a target that was just visited; `None` where that
/// is another spelling of the same address.
fn moved(target: &Target, to: &Url, seen: Seen, now: Timestamp) -> Option<Target> {
    let mut moved = courant_crawl::discover::target(to.as_str(), target.kind, &target.outlet, now)?;
    if moved.url.key() == target.url.key() {
        return None;
    }
    let outcome = schedule::outcome(
        &Target { unchanged: target.unchanged, polling: target.polling, ..moved.clone() },
        seen,
        None,
        now,
    );
    moved.found_via = Some(target.ask.clone());
    moved.language.clone_from(&target.language);
    moved.visited = Some(now);
    moved.changed = target.changed;
    moved.due = outcome.due;
    moved.unchanged = outcome.unchanged;
    moved.validators = outcome.validators.unwrap_or_else(|| target.validators.clone());
    moved.polling = outcome.polling.unwrap_or(target.polling);
    moved.state = TargetState::Open;
    Some(moved)
}

/// What the ledger said went wrong: the record's own errors stay what they are.
fn as_error(fault: Fault) -> anyhow::Error {
    match fault.downcast::<StoreError>() {
        Ok(error) => anyhow::Error::new(*error),
        Err(fault) => anyhow::anyhow!(fault),
    }
}

fn config(place: &Place) -> Config {
    let crawl = &place.settings.crawl;
    let bytes = crawl.max_body_mb.saturating_mul(1_000_000);
    Config {
        allow: crawl.local.iter().map(|local| local.network).collect(),
        connect: Duration::from_secs(crawl.connect_seconds),
        header: Duration::from_secs(crawl.header_seconds),
        total: Duration::from_secs(crawl.total_seconds),
        max_raw: bytes,
        max_decoded: bytes,
        ..Config::new(place.settings.user_agent())
    }
}

fn write(archive: &mut Archive, exchange: &Exchange, via: Option<&str>) -> Result<Option<Capture>> {
    let response = &exchange.response;
    let kept = courant_archive::Exchange {
        url: response.url.as_str(),
        asked: Some(Asked { method: "GET", headers: &response.sent, address: response.address }),
        status_line: &response.status_line(),
        response_headers: &response.headers,
        body: &response.raw,
        at: exchange.at,
        truncated: response.truncated,
        told: Some(Told {
            robots: &exchange.robots,
            via,
            waited: exchange.waited,
            took: SignedDuration::try_from(response.elapsed).unwrap_or(SignedDuration::MAX),
        }),
    };
    let forbidden = if headers::rights(&response.headers, AGENT).noarchive {
        Some("x-robots-tag: noarchive")
    } else if headers::forbids_archiving(&response.body, AGENT) {
        Some("meta robots: noarchive")
    } else {
        None
    };
    if let Some(statement) = forbidden {
        archive.write_withheld(&kept, statement)?;
        return Ok(None);
    }
    Ok(Some(archive.write(&kept)?))
}

impl Visited {
    fn new(target: &Target, seen: Seen, now: Timestamp) -> Self {
        Self::of(schedule::outcome(target, seen, None, now))
    }

    fn of(outcome: Outcome) -> Self {
        let tally = Report { visits: 1, ..Report::default() };
        Self {
            outcome,
            drafts: Vec::new(),
            gone: None,
            unchanged: None,
            found: Vec::new(),
            requests: Vec::new(),
            tally,
        }
    }

    /// Notes where a list has moved to for good; `seen` is what stood there.
    fn follow(&mut self, target: &Target, visit: &Visit, seen: Seen, now: Timestamp) {
        if let Some(moved) = visit.moved().and_then(|to| moved(target, to, seen, now)) {
            self.outcome = schedule::outcome(target, Seen::Moved(moved.ask.clone()), None, now);
            self.found.push(moved);
        }
    }

    fn gone(target: &Target, reason: String, now: Timestamp) -> Self {
        let mut visited = Self::new(target, Seen::Gone(reason), now);
        visited.gone = (target.kind == TargetKind::Page).then(|| target.url.clone());
        visited.tally.gone = 1;
        visited
    }

    fn blocked(target: &Target, reason: String, now: Timestamp) -> Self {
        let mut visited = Self::new(target, Seen::Blocked(reason), now);
        visited.tally.blocked = 1;
        visited
    }

    /// A visit that came to nothing, to be tried again.
    pub(super) fn failed(target: &Target, reason: String, now: Timestamp) -> Self {
        let mut visited = Self::new(target, Seen::Failed(reason), now);
        visited.tally.failed = 1;
        visited
    }

    fn put_off(target: &Target, until: Timestamp, reason: String, now: Timestamp) -> Self {
        let visited = Self::new(target, Seen::PutOff(until, reason), now);
        Self { tally: Report { put_off: 1, ..Report::default() }, ..visited }
    }
}
