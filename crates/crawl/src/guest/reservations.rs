//! The reservations against text and data mining that an origin makes for all of its pages
//! (`/.well-known/tdmrep.json`, TDMRep, W3C Community Group report): asked for once a day, before the
//! first page of an origin, where its robots.txt lets us. An origin that has none loses nothing by it.

use std::sync::Arc;

use courant_model::{KeptFile, OriginFile, Validators, origin};
use courant_outbound::{OutboundError, Resolved};
use jiff::{SignedDuration, Timestamp};
use url::{Position, Url};

use super::robots::seen_again;
use super::{Clock, Guest, Stop, Trail, location};
use crate::fetch::{Ask, Exchange};
use crate::politeness::{Parked, later};
use crate::robots::RobotsVerdict;
use crate::tdmrep::{Reservation, Reservations};
use crate::visit::FetchedFile;

/// What is known of an origin's reservations.
pub(super) struct Known {
    reservations: Arc<Reservations>,
    /// Asked for anew from then on.
    stale: Timestamp,
}

/// The file is asked for anew after so long.
const AGE: SignedDuration = SignedDuration::from_hours(24);
/// One longer than this is read as far as this.
const MAX_BYTES: usize = 500 * 1024;

impl Guest {
    /// What is known of the reservation for `url`, without asking for anything.
    pub(super) async fn reservation(&self, url: &Url) -> Option<Reservation> {
        let slot = self.reservations.of(&origin(url));
        let known = slot.lock().await;
        known.as_ref().and_then(|known| known.reservations.of(&url[Position::BeforePath..Position::AfterQuery]))
    }

    /// Makes the reservations of `url`'s origin known. What hinders that is no reason to leave the
    /// page, except that it is not our turn.
    pub(super) async fn ask_for_reservations(
        &self,
        url: &Url,
        to: &Resolved,
        robots: &RobotsVerdict,
        trail: &mut Trail,
        now: Clock<'_>,
    ) -> Result<(), Stop> {
        let origin = origin(url);
        let slot = self.reservations.of(&origin);
        // Who asks now is of the same origin, and its turn comes before ours anyway.
        let Some(mut known) = self.locked(&slot).await else {
            let until = later(now(), self.manners.patience);
            return Err(Stop::Parked(Parked { until, why: format!("{origin}{} is being asked for", file_path()) }));
        };
        if known.as_ref().is_some_and(|known| known.stale > now()) {
            return Ok(());
        }
        let kept = self.ledger.file(&origin, OriginFile::Reservations).await.map_err(Stop::Fault)?;
        if let Some(kept) = kept.as_ref().filter(|kept| later(kept.fetched, AGE) > now()) {
            *known = Some(understood(kept));
            return Ok(());
        }
        let mut file = url.clone();
        file.set_path(OriginFile::Reservations.path());
        file.set_query(None);
        let told = robots.told(&self.manners.agent, file.as_str());
        let fetched = now();
        if !robots.allowed(&self.manners.agent, file.as_str()) {
            *known = Some(Known { reservations: Arc::default(), stale: later(fetched, AGE) });
            return Ok(());
        }
        let validators = kept.as_ref().map(|kept| kept.validators.clone()).unwrap_or_default();
        let mut fetched_file = KeptFile {
            origin,
            file: OriginFile::Reservations,
            status: None,
            body: Vec::new(),
            validators: Validators::default(),
            fetched,
        };
        let mut hops = Vec::new();
        match self.fetch_reservations(file, to, told, &validators, &mut hops, trail, now).await {
            Ok(()) => {}
            Err(Stop::Failed(OutboundError::NoNetwork(_) | OutboundError::Dns(_))) if hops.is_empty() => return Ok(()),
            // The host is asked for a page next, and whatever is wrong with it shows there.
            Err(Stop::Failed(_) | Stop::Ended(_)) => {}
            Err(stop) => return Err(stop),
        }
        if let Some(last) = hops.last() {
            fetched_file.status = Some(last.response.status);
            fetched_file.validators = last.validators();
            if last.response.status == 200 {
                let body = &last.response.body;
                fetched_file.body = body[..body.len().min(MAX_BYTES)].to_vec();
            }
        }
        let file = seen_again(fetched_file, kept);
        if !hops.is_empty() {
            trail.files.push(FetchedFile { file: file.clone(), hops });
        }
        self.ledger.keep_file(&file).await.map_err(Stop::Fault)?;
        *known = Some(understood(&file));
        Ok(())
    }

    /// Asks for the file and follows its redirects, as those of a robots.txt are.
    async fn fetch_reservations(
        &self,
        mut url: Url,
        to: &Resolved,
        told: String,
        validators: &Validators,
        hops: &mut Vec<Exchange>,
        trail: &mut Trail,
        now: Clock<'_>,
    ) -> Result<(), Stop> {
        let mut to = to.clone();
        loop {
            let ask = Ask { url: &url, kind: None, validators };
            let exchange = self.request(&ask, &to, told.clone(), trail, now).await?;
            let (status, next) = (exchange.response.status, location(&exchange.response));
            hops.push(exchange);
            match next {
                Some(next)
                    if (300..400).contains(&status) && status != 304 && hops.len() <= self.manners.robots_redirects =>
                {
                    to = self.resolve(&next, trail, now).await?;
                    let verdict = self.robots_of(&next, &to, trail, now).await?;
                    if !verdict.allowed(&self.manners.agent, next.as_str()) {
                        return Ok(());
                    }
                    url = next;
                }
                _ => return Ok(()),
            }
        }
    }
}

fn file_path() -> &'static str {
    OriginFile::Reservations.path()
}

fn understood(kept: &KeptFile) -> Known {
    Known { reservations: Arc::new(Reservations::parse(&kept.body)), stale: later(kept.fetched, AGE) }
}
