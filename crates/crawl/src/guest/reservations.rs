//! The reservations against text and data mining that an origin makes for all of its pages
//! (`/.well-known/tdmrep.json`, TDMRep, W3C Community Group report): asked for once a day, before the
//! first page of an origin, where its robots.txt lets us. An origin that has none loses nothing by it.

use std::sync::Arc;

use courant_model::{KeptFile, OriginFile, Validators, origin};
use courant_outbound::{OutboundError, Resolved};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::robots::seen_again;
use super::{Clock, Guest, Stop, Trail};
use crate::fetch::Ask;
use crate::politeness::later;
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
    pub(super) fn reservation(&self, url: &Url) -> Option<Reservation> {
        let slot = self.reservations.of(&origin(url));
        let known = slot.try_lock().ok()?;
        known.as_ref().and_then(|known| known.reservations.of(url.path()))
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
        // Whoever finds it locked goes on: the one who asks now is of the same origin.
        let Ok(mut known) = slot.try_lock() else { return Ok(()) };
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
        let ask = Ask { url: &file, kind: None, validators: &validators };
        let mut file = KeptFile {
            origin,
            file: OriginFile::Reservations,
            status: None,
            body: Vec::new(),
            validators: Validators::default(),
            fetched,
        };
        match self.request(&ask, to, told, trail, now).await {
            Ok(exchange) => {
                let response = &exchange.response;
                file.status = Some(response.status);
                file.validators = exchange.validators();
                if response.status == 200 {
                    file.body = response.body[..response.body.len().min(MAX_BYTES)].to_vec();
                }
                file = seen_again(file, kept);
                trail.files.push(FetchedFile { file: file.clone(), hops: vec![exchange] });
            }
            Err(Stop::Failed(OutboundError::NoNetwork(_) | OutboundError::Dns(_))) => return Ok(()),
            // The host is asked for a page next, and whatever is wrong with it shows there.
            Err(Stop::Failed(_)) => {}
            Err(stop) => return Err(stop),
        }
        self.ledger.keep_file(&file).await.map_err(Stop::Fault)?;
        *known = Some(understood(&file));
        Ok(())
    }
}

fn understood(kept: &KeptFile) -> Known {
    Known { reservations: Arc::new(Reservations::parse(&kept.body)), stale: later(kept.fetched, AGE) }
}
