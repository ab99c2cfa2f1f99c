//! What a feed, a sitemap or a section page names, as targets: each once, with what is already known of
//! the page behind it; and what is left, counted by its reason.

use std::collections::{BTreeMap, HashMap, HashSet};

use courant_model::{CanonicalUrl, Dated, Language, Precision, Target, TargetKind};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{adverts, articles_of_section, following, period, target, traps};
use crate::feed::FeedReading;
use crate::sitemap::{SitemapEntry, SitemapReading};

/// So many sitemaps of one index are visited, those that changed last: an index that is cut finer tells
/// nothing that is worth so many requests.
const MOST_MAPS: usize = 2000;
/// So many addresses of one number are visited: it may after all not say which page is meant.
const TWINS: usize = 2;

/// What a list names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Naming {
    /// What is to be visited.
    pub targets: Vec<Target>,
    /// What is not, and why: how many of each reason.
    pub left: BTreeMap<&'static str, usize>,
}

impl Naming {
    fn leave(&mut self, why: &'static str) {
        *self.left.entry(why).or_default() += 1;
    }
}

/// The pages that a feed names, with the dates and languages it says; advertisements are left. `via` is
/// the feed. Where `via` stands in a numbered list, its next address is named too.
pub fn from_feed(reading: &FeedReading, via: &Target, now: Timestamp) -> Naming {
    let mut found = Found::new(via, now);
    for entry in &reading.entries {
        if entry.sponsored {
            found.naming.leave(ADVERTISED);
            continue;
        }
        let address = entry.url.as_deref().unwrap_or_default();
        found.page(address, entry.language.or(reading.language), entry.published.or(entry.updated));
    }
    found.end()
}

/// The pages and sitemaps that a sitemap names. Pages whose last change or publication lies before
/// `since` are left out, as are sitemaps that did not change since, or whose address speaks of a period
/// before; what has no date is taken.
pub fn from_sitemap(reading: &SitemapReading, via: &Target, since: Option<Timestamp>, now: Timestamp) -> Naming {
    let mut found = Found::new(via, now);
    let old = |date: Option<Dated>| match (date, since) {
        // A date stands for the whole of what it says: "2026-11" is not over before December.
        (Some(date), Some(since)) => end(&date) < since,
        _ => false,
    };
    let is_over = |map: &SitemapEntry| match (map.lastmod, since) {
        (None, Some(since)) => period::last_day(&map.url).is_some_and(|day| ended(day) < since),
        (lastmod, _) => old(lastmod),
    };
    let mut maps: Vec<&SitemapEntry> = reading.sitemaps.iter().filter(|map| !is_over(map)).collect();
    if maps.len() > MOST_MAPS {
        maps.sort_by_key(|map| std::cmp::Reverse(map.lastmod.map(|date| date.instant)));
        maps.drain(MOST_MAPS..).for_each(|_| found.naming.leave("its index names too many sitemaps"));
    }
    for map in maps {
        found.add(&map.url, TargetKind::Sitemap, via.language, None);
    }
    for page in &reading.urls {
        let published = page.news.as_ref().and_then(|news| news.published);
        if !old(page.lastmod.or(published)) {
            let language = page.news.as_ref().and_then(|news| news.language);
            // The last change is not the publication, and says only that it was no later.
            found.page(&page.url, language.or(via.language), published);
        }
    }
    found.end()
}

/// The pages that a section page links to, as far as they look like articles.
pub fn from_section(html: &str, url: &Url, via: &Target, now: Timestamp) -> Naming {
    let mut found = Found::new(via, now);
    for address in articles_of_section(html, url) {
        found.page(&address, via.language, None);
    }
    found.end()
}

/// Whose an address is that a list names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The list's own outlet's.
    Own,
    /// Another outlet's that the catalogue knows.
    Anothers,
    /// Nobody's that is known.
    Nobodys,
}

/// What a list of this kind names, without what others put there.
///
/// A section page links to the whole world: only its outlet's own pages are taken. Of feeds and
/// sitemaps, where more of the pages are the outlet's own than nobody's, those that are nobody's are
/// advertisements. (Where all are nobody's, the list goes by another's addresses, which lead on to its
/// own.)
pub fn without_foreign(naming: Naming, kind: TargetKind, whose: impl Fn(&CanonicalUrl) -> Whose) -> Naming {
    let Naming { targets, left } = naming;
    let told: Vec<(Whose, Target)> = targets.into_iter().map(|target| (whose(&target.url), target)).collect();
    let count = |wanted| told.iter().filter(|(w, target)| *w == wanted && target.kind == TargetKind::Page).count();
    let mostly_own = count(Whose::Own) > count(Whose::Nobodys);
    let is_foreign = |w| match kind {
        TargetKind::Section => w != Whose::Own,
        _ => mostly_own && w == Whose::Nobodys,
    };
    let mut kept = Naming { targets: Vec::with_capacity(told.len()), left };
    for (w, target) in told {
        if target.kind == TargetKind::Page && is_foreign(w) {
            kept.leave("another site's");
        } else {
            kept.targets.push(target);
        }
    }
    kept
}

/// The last moment that a date can mean.
fn end(date: &Dated) -> Timestamp {
    let days = match date.precision {
        Precision::Year => 366,
        Precision::Month => 31,
        Precision::Day => 1,
        Precision::Minute | Precision::Second => 0,
    };
    // A day more, where the clock that it was told by is not known.
    let days = if date.offset.is_none() { days + 1 } else { days };
    crate::politeness::later(date.instant, SignedDuration::from_hours(24 * days))
}

/// The moment at which a day is over by every clock.
fn ended(day: Date) -> Timestamp {
    let midnight = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX);
    crate::politeness::later(midnight, SignedDuration::from_hours(48))
}

const ADVERTISED: &str = "an advertisement, by its mark";

struct Found<'a> {
    via: &'a Target,
    now: Timestamp,
    /// Keys of canonical URLs.
    seen: HashSet<String>,
    /// How often each number of a page was met, whatever the slug beside it.
    twins: HashMap<String, usize>,
    naming: Naming,
}

impl<'a> Found<'a> {
    fn new(via: &'a Target, now: Timestamp) -> Self {
        // An index that names itself leads nowhere.
        let seen = HashSet::from([via.url.key().to_owned()]);
        Self { via, now, seen, twins: HashMap::new(), naming: Naming::default() }
    }

    /// All that was found, and the next of a numbered list, where this one named anything.
    fn end(mut self) -> Naming {
        if !self.naming.targets.is_empty() {
            self.naming.targets.extend(following(self.via, self.now));
        }
        self.naming
    }

    fn page(&mut self, address: &str, language: Option<Language>, published: Option<Dated>) {
        self.add(address, TargetKind::Page, language, published);
    }

    /// Why a page is left that was not seen before.
    fn why_left(&mut self, url: &CanonicalUrl) -> Option<&'static str> {
        if let Some(why) = traps::trap(url, self.now) {
            return Some(why);
        }
        if adverts::is_advertised_at(url) {
            return Some(ADVERTISED);
        }
        let met = self.twins.entry(traps::twin(url)?).or_default();
        *met += 1;
        (*met > TWINS).then_some("its number stands at other addresses of the list")
    }

    fn add(&mut self, address: &str, kind: TargetKind, language: Option<Language>, published: Option<Dated>) {
        let Some(mut target) = target(address, kind, &self.via.outlet, self.now) else { return };
        if !self.seen.insert(target.url.key().to_owned()) {
            return;
        }
        if let Some(why) = self.why_left(&target.url).filter(|_| kind == TargetKind::Page) {
            return self.naming.leave(why);
        }
        target.found_via = Some(self.via.ask.clone());
        target.language = language;
        // Nobody publishes in the future; such dates are of events, or wrong.
        let limit = crate::politeness::later(self.now, SignedDuration::from_hours(24));
        target.published = published.filter(|date| date.instant <= limit);
        self.naming.targets.push(target);
    }
}
