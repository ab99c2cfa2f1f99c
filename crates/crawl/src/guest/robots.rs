//! The robots.txt of an origin, as a guest gets it: from what is known, from the ledger, or from the
//! server, whose answer is kept before anything else is asked.

use std::sync::Arc;

use courant_model::{KeptFile, OriginFile, Validators, authority, origin};
use courant_outbound::{OutboundError, Resolved};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{Clock, Guest, Stop, Trail, location};
use crate::fetch::{Ask, Exchange};
use crate::politeness::{Parked, later};
use crate::robots::{MAX_BYTES, RobotsVerdict};
use crate::visit::{Ending, FetchedFile};

/// A robots.txt as it stands.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) verdict: Arc<RobotsVerdict>,
    /// Asked for anew from then on.
    pub(super) stale: Timestamp,
    /// Times in a row that it could not be had.
    pub(super) misses: u32,
}

/// The first pause before an unreachable robots.txt is asked for again; it doubles up to a day.
const PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// What the server said of it.
struct Answer {
    status: Option<u16>,
    body: Vec<u8>,
    validators: Validators,
    failure: Option<OutboundError>,
}

impl Guest {
    /// What the robots.txt of `url`'s origin says. Of several visits that want it at once, one asks.
    pub(super) async fn robots_of(
        &self,
        url: &Url,
        to: &Resolved,
        trail: &mut Trail,
        now: Clock<'_>,
    ) -> Result<Arc<RobotsVerdict>, Stop> {
        let origin = origin(url);
        let slot = self.robots.of(&origin);
        let Some(mut known) = self.locked(&slot).await else {
            let until = later(now(), self.manners.patience);
            return Err(Stop::Parked(Parked { until, why: format!("{origin}/robots.txt is being asked for") }));
        };
        let kept = match known.as_ref() {
            Some(known) if known.stale > now() => None,
            _ => self.ledger.file(&origin, OriginFile::Robots).await.map_err(Stop::Fault)?,
        };
        if known.is_none() {
            *known = kept.as_ref().map(|kept| self.known(kept));
        }
        let before = known.clone();
        if let Some(known) = before.as_ref() {
            self.hosts.set_crawl_delay(&authority(url), known.verdict.crawl_delay(&self.manners.agent));
            if known.stale > now() {
                return usable(known);
            }
        }
        let (fetched, mut hops) = (now(), Vec::new());
        let validators = kept.as_ref().map(|kept| kept.validators.clone()).unwrap_or_default();
        let answer = match self.fetch_robots(url, to, &validators, &mut hops, trail, now).await {
            Ok(answer) => answer,
            // Nothing was learnt of the server: it is as before.
            Err(
                stop @ (Stop::Parked(_)
                | Stop::Fault(_)
                | Stop::Failed(OutboundError::NoNetwork(_) | OutboundError::Dns(_))),
            ) => return Err(stop),
            Err(Stop::Failed(error)) => {
                Answer { status: None, body: Vec::new(), validators: Validators::default(), failure: Some(error) }
            }
            Err(stop) => return Err(stop),
        };
        let Answer { status, body, validators, failure } = answer;
        let file = KeptFile { origin, file: OriginFile::Robots, status, body, validators, fetched };
        let file = seen_again(file, kept);
        let fresh = self.judged(&file, before, now());
        trail.files.push(FetchedFile { file: file.clone(), hops });
        // RFC 9309 section 2.4: an older file may be used for as long as the newer cannot be had.
        let outlives = fresh.misses > 0 && !matches!(*fresh.verdict, RobotsVerdict::Unreachable(_));
        if !outlives {
            self.ledger.keep_file(&file).await.map_err(Stop::Fault)?;
        }
        let host = authority(url);
        let delay = fresh.verdict.crawl_delay(&self.manners.agent);
        self.hosts.set_crawl_delay(&host, delay);
        if delay.is_some()
            && let Some(state) = self.hosts.state(&host)
        {
            // The gap must outlive us before the next request, or whoever comes next would hurry.
            self.ledger.keep_host(&state).await.map_err(Stop::Fault)?;
        }
        *known = Some(fresh.clone());
        match (&*fresh.verdict, failure) {
            (RobotsVerdict::Unreachable(_), Some(error)) => Err(Stop::Ended(match super::ending(error) {
                Ending::Failed { kind, why } => Ending::Failed { kind, why: format!("robots.txt: {why}") },
                other => other,
            })),
            _ => usable(&fresh),
        }
    }

    /// A kept file as it stands.
    fn known(&self, kept: &KeptFile) -> Known {
        let verdict = RobotsVerdict::of(kept.status, &kept.body);
        let unreachable = matches!(verdict, RobotsVerdict::Unreachable(_));
        let age = if unreachable { PAUSE } else { self.manners.robots_age };
        Known { verdict: Arc::new(verdict), stale: later(kept.fetched, age), misses: u32::from(unreachable) }
    }

    /// What a fetched file means, after what was known `before`.
    fn judged(&self, file: &KeptFile, before: Option<Known>, now: Timestamp) -> Known {
        let fresh = RobotsVerdict::of(file.status, &file.body);
        if !matches!(fresh, RobotsVerdict::Unreachable(_)) {
            return Known { verdict: Arc::new(fresh), stale: later(now, self.manners.robots_age), misses: 0 };
        }
        let misses = before.as_ref().map_or(0, |known| known.misses) + 1;
        let pause = (PAUSE * (1 << (misses - 1).min(10))).min(self.manners.robots_age);
        let older = before.filter(|known| !matches!(*known.verdict, RobotsVerdict::Unreachable(_)));
        let verdict = older.map_or_else(|| Arc::new(fresh), |known| known.verdict);
        Known { verdict, stale: later(now, pause), misses }
    }

    /// Asks for a robots.txt and follows its redirects, also to other hosts. One that leads in
    /// circles or through too many counts as missing.
    async fn fetch_robots(
        &self,
        url: &Url,
        to: &Resolved,
        validators: &Validators,
        hops: &mut Vec<Exchange>,
        trail: &mut Trail,
        now: Clock<'_>,
    ) -> Result<Answer, Stop> {
        let mut url = url.clone();
        url.set_path(OriginFile::Robots.path());
        url.set_query(None);
        url.set_fragment(None);
        let mut to = to.clone();
        loop {
            let ask = Ask { url: &url, kind: None, validators };
            let exchange = self.request(&ask, &to, "robots.txt itself".to_owned(), trail, now).await?;
            let status = exchange.response.status;
            let next = location(&exchange.response);
            let mut body = if (200..300).contains(&status) { exchange.response.body.clone() } else { Vec::new() };
            // One byte more than is read tells the reader that the file went on.
            body.truncate(MAX_BYTES + 1);
            let validators = exchange.validators();
            hops.push(exchange);
            match next {
                Some(next)
                    if (300..400).contains(&status) && status != 304 && hops.len() <= self.manners.robots_redirects =>
                {
                    to = self.resolve(&next, trail, now).await?;
                    url = next;
                }
                _ => return Ok(Answer { status: Some(status), body, validators, failure: None }),
            }
        }
    }
}

/// The verdict, unless nobody knows what it is.
fn usable(known: &Known) -> Result<Arc<RobotsVerdict>, Stop> {
    match *known.verdict {
        RobotsVerdict::Unreachable(_) => Err(Stop::Parked(Parked { until: known.stale, why: known.verdict.reason() })),
        _ => Ok(Arc::clone(&known.verdict)),
    }
}

/// A 304 is the file that was kept `before`, seen again.
pub(super) fn seen_again(file: KeptFile, before: Option<KeptFile>) -> KeptFile {
    match before {
        Some(before) if file.status == Some(304) => KeptFile { fetched: file.fetched, ..before },
        _ => file,
    }
}
