//! From the catalogue to targets: which addresses there are. What they name in turn, and what of it
//! is left, is in the modules below.
//!
//! Addresses in the catalogue may be patterns, so that an archive by month or a numbered list needs
//! no edit each January: [`expand`] defines what they stand for.

pub(crate) mod adverts;
mod home;
mod naming;
mod period;
mod section;
pub mod traps;

use courant_model::{CanonicalUrl, Outlet, OutletId, Target, TargetKind};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::robots::Robots;

pub use home::{COMMON_FEEDS, COMMON_SITEMAPS, Homepage, feeds_of_page, read_home};
pub use naming::{Naming, Whose, from_feed, from_section, from_sitemap, without_foreign};
pub use section::{articles_of_section, looks_like_an_article};

/// A numbered list is followed so far at one visit.
pub const MOST_NUMBERS: u32 = 5;
/// Up to this day of a month, the month before is looked at too.
const LATE_DAY: i8 = 3;

/// The addresses that a pattern of the catalogue stands for at `now`, each once. Days are those of
/// `zone` (an IANA name), of UTC where there is none.
///
/// - `{year}`: this year.
/// - `{yyyymm}`: this month; on its first three days last month too.
/// - `{yyyymmdd}`: today and yesterday.
/// - `{n}`: 1 to [`MOST_NUMBERS`], in order (see [`seeds`] for how far they are followed).
///
/// A placeholder that stands twice takes the same value both times. An address without any stands
/// for itself.
pub fn expand(pattern: &str, now: Timestamp, zone: Option<&str>) -> Vec<String> {
    let zone = zone.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    let today = zone.to_datetime(now).date();
    let mut addresses: Vec<String> = Vec::new();
    for day in days(pattern, today) {
        let dated = pattern
            .replace("{yyyymmdd}", &day.strftime("%Y%m%d").to_string())
            .replace("{yyyymm}", &day.strftime("%Y%m").to_string())
            .replace("{year}", &day.strftime("%Y").to_string());
        for address in numbered(&dated) {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
    }
    addresses
}

/// Whether `target` was made from a pattern of which its address is no part any more: last month's
/// sitemap, say. It has told all it had to tell.
pub fn is_over(target: &Target, now: Timestamp) -> bool {
    let Some(pattern) = target.found_via.as_deref().filter(|via| is_pattern(via)) else { return false };
    // The day before, too: the outlet's clock is not known here, and may be that far behind.
    let day_before = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(now);
    ![now, day_before].iter().any(|moment| expand(pattern, *moment, None).contains(&target.ask))
}

/// Whether the catalogue's address holds placeholders.
pub(crate) fn is_pattern(address: &str) -> bool {
    address.contains('{')
}

/// What is wrong with a pattern of the catalogue: a placeholder that nobody knows, or no address.
///
/// # Errors
/// Says it in words.
pub fn check_pattern(pattern: &str) -> Result<(), String> {
    let address = expand(pattern, Timestamp::UNIX_EPOCH, None).swap_remove(0);
    if let Some(at) = address.find(['{', '}']) {
        let end = address[at..].find('}').map_or(address.len(), |end| at + end + 1);
        return Err(format!(
            "'{}' is no placeholder: there are {{year}}, {{yyyymm}}, {{yyyymmdd}}, {{n}}",
            &address[at..end]
        ));
    }
    let url = Url::parse(&address).map_err(|error| error.to_string())?;
    if matches!(url.scheme(), "http" | "https") { Ok(()) } else { Err("not http or https".to_owned()) }
}

/// Today, and the day before that the pattern still speaks of.
fn days(pattern: &str, today: Date) -> Vec<Date> {
    let mut days = vec![today];
    let earlier = if pattern.contains("{yyyymmdd}") {
        today.yesterday().ok()
    } else if pattern.contains("{yyyymm}") {
        (today.day() <= LATE_DAY).then(|| today.first_of_month().yesterday().ok()).flatten()
    } else {
        None
    };
    days.extend(earlier);
    days
}

fn numbered(address: &str) -> Vec<String> {
    if !address.contains("{n}") {
        return vec![address.to_owned()];
    }
    (1..=MOST_NUMBERS).map(|number| address.replace("{n}", &number.to_string())).collect()
}

/// The feeds, sitemaps and sections of an outlet as targets, due at `now`. One that was made from a pattern
/// bears it as `found_via`. Of a numbered list only the first is here: each names the next, as long
/// as it names anything at all ([`from_feed`], [`from_sitemap`]).
pub fn seeds(outlet: &Outlet, now: Timestamp) -> Vec<Target> {
    let feeds = outlet.feeds.iter().map(|pattern| (pattern, TargetKind::Feed));
    let sitemaps = outlet.sitemaps.iter().map(|pattern| (pattern, TargetKind::Sitemap));
    let sections = outlet.sections.iter().map(|pattern| (pattern, TargetKind::Section));
    let mut targets = Vec::new();
    for (pattern, kind) in feeds.chain(sitemaps).chain(sections) {
        let firsts = pattern.replace("{n}", "1");
        for address in expand(&firsts, now, outlet.time_zone.as_deref()) {
            let via = is_pattern(pattern).then(|| pattern.clone());
            targets.extend(target(&address, kind, &outlet.id, now).map(|target| Target { found_via: via, ..target }));
        }
    }
    targets
}

/// The sitemaps that an outlet's robots.txt names, for an outlet of which none are known.
pub fn sitemaps_of_robots(robots: &Robots, outlet: &Outlet, now: Timestamp) -> Vec<Target> {
    if !outlet.sitemaps.is_empty() {
        return Vec::new();
    }
    let named = robots.sitemaps().iter().take(MOST_ROBOTS_SITEMAPS);
    named.filter_map(|address| target(address, TargetKind::Sitemap, &outlet.id, now)).collect()
}

/// So many sitemaps are taken from one robots.txt.
const MOST_ROBOTS_SITEMAPS: usize = 20;

/// The next address of the numbered list that `via` stands in.
fn following(via: &Target, now: Timestamp) -> Option<Target> {
    let pattern = via.found_via.as_deref().filter(|via| via.contains("{n}"))?;
    // The list is of the day that its pattern is read by now, or was yesterday.
    let day_before = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(now);
    let lists = [now, day_before].map(|moment| expand(pattern, moment, None));
    let next = lists.iter().flat_map(|list| list.windows(2)).find_map(|pair| match pair {
        [known, next] if *known == via.ask => Some(next),
        _ => None,
    })?;
    // The last number of one period is not followed by the first of another.
    let first_again = expand(&pattern.replace("{n}", "1"), now, None).contains(next);
    let next = target(next, via.kind, &via.outlet, now).filter(|_| !first_again)?;
    Some(Target { found_via: via.found_via.clone(), ..next })
}

/// A target for any http or https address. It is asked for as written (without fragment), and known
/// by its canonical URL.
pub fn target(address: &str, kind: TargetKind, outlet: &OutletId, due: Timestamp) -> Option<Target> {
    let mut url = Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    let mut target = Target::new(CanonicalUrl::parse(url.as_str())?, kind, outlet.clone(), due);
    target.ask = url.into();
    Some(target)
}

#[cfg(test)]
mod tests;
