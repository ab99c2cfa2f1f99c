//! When to come back: pure, from how a target stands and how this visit ended.
//!
//! A feed is asked as often as it changes, within what it allows itself; a page at intervals that
//! grow with its age and shrink after an edit; what fails, ever more rarely; what is blocked or
//! gone, hardly ever. One function, [`outcome`], turns an ended visit into what the frontier keeps.

use courant_model::{Outcome, Polling, Target, TargetKind, TargetState, Validators};
use jiff::{SignedDuration, Timestamp};

use crate::discover::{is_over, is_pattern};
use crate::feed::quiet;
use crate::politeness::later;

/// How a visit ended, as far as coming back is concerned.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// A full answer, and whether it brought something that was not there before (a new entry, a
    /// new or another text).
    Full {
        /// It did.
        changed: bool,
        /// What to recognise it by next time.
        validators: Validators,
        /// When it asks to be polled.
        polling: Polling,
    },
    /// 304, or the same bytes.
    Unchanged {
        /// What this answer's `Cache-Control: max-age` says, beside what the full answer asked for.
        fresh_for: Option<SignedDuration>,
    },
    /// Not for us: a wall, a refusal, a login. Why.
    Blocked(String),
    /// 404 or 410.
    Gone(String),
    /// A list that said it is elsewhere for good. Where.
    Moved(String),
    /// No answer that could be used. Why.
    Failed(String),
    /// Nothing was asked: the host is parked until then. Why.
    PutOff(Timestamp, String),
}

/// The shortest and the longest time between two looks at a feed or sitemap.
const OFTEN: SignedDuration = SignedDuration::from_mins(15);
const DAILY: SignedDuration = SignedDuration::from_hours(24);
const MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A sitemap that brought nothing so often (some three weeks of daily visits) is asked once a month.
const SPENT: u32 = 30;
/// So many steps of patience a list loses when it brings something new.
const NEWS: u32 = 4;

/// How long after it was first seen a page is looked at again.
const PAGE_AGES: [SignedDuration; 6] = [
    SignedDuration::from_mins(15),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(3),
    SignedDuration::from_hours(24),
    SignedDuration::from_hours(3 * 24),
    SignedDuration::from_hours(30 * 24),
];
/// And then once in so long.
const PAGE_REST: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The first pause after a failure; it doubles up to a week.
const FAILED: SignedDuration = SignedDuration::from_mins(15);
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Blocked and gone pages are tried again after so long, then after twice that, up to a quarter.
const BLOCKED: SignedDuration = SignedDuration::from_hours(7 * 24);
const QUARTER: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What the frontier writes back after a visit to `target` at `now`. `born` is since when the page is
/// there, where that is known: it was published, or first visited.
pub fn outcome(target: &Target, seen: Seen, born: Option<Timestamp>, now: Timestamp) -> Outcome {
    let mut outcome = Outcome {
        url: target.url.clone(),
        visited: Some(now),
        due: now,
        state: TargetState::Open,
        reason: None,
        validators: None,
        polling: None,
        changed: false,
        failures: 0,
        unchanged: 0,
    };
    match seen {
        Seen::Full { changed, validators, polling } => {
            outcome.validators = Some(validators);
            outcome.polling = Some(polling);
            outcome.changed = changed;
            outcome.unchanged = match changed {
                // A list keeps some of its patience: in the end it is asked about as many times between
                // two changes as one change takes off.
                true if target.kind.is_list() => target.unchanged.saturating_sub(NEWS),
                true => 0,
                false => target.unchanged.saturating_add(1),
            };
            outcome.due = next(target, outcome.unchanged, polling, born, now);
        }
        Seen::Unchanged { fresh_for } => {
            let polling = Polling { fresh_for: target.polling.fresh_for.max(fresh_for), ..target.polling };
            outcome.unchanged = target.unchanged.saturating_add(1);
            outcome.due = next(target, outcome.unchanged, polling, born, now);
        }
        Seen::Blocked(why) => again(&mut outcome, target, TargetState::Blocked, (BLOCKED, QUARTER), why, now),
        // A period's file may not exist on its first day.
        Seen::Gone(why) if target.found_via.as_deref().is_some_and(is_pattern) => {
            outcome.due = later(now, DAILY);
            outcome.reason = Some(why);
        }
        // One that another list named, and that is gone for the second time, was of its day.
        Seen::Gone(why) if target.kind.is_list() && target.found_via.is_some() && target.failures > 0 => {
            again(&mut outcome, target, TargetState::Gone, (QUARTER, QUARTER), why, now);
        }
        Seen::Gone(why) => again(&mut outcome, target, TargetState::Gone, (BLOCKED, QUARTER), why, now),
        Seen::Moved(to) => {
            outcome.state = TargetState::Moved;
            outcome.due = later(now, QUARTER);
            outcome.reason = Some(format!("moved for good to {to}"));
        }
        Seen::Failed(why) => again(&mut outcome, target, TargetState::Failing, (FAILED, WEEK), why, now),
        Seen::PutOff(until, why) => {
            outcome.visited = None;
            outcome.due = until.max(now);
            outcome.state = target.state;
            outcome.reason = Some(why);
            outcome.failures = target.failures;
            outcome.unchanged = target.unchanged;
        }
    }
    if is_over(target, now) {
        outcome.due = later(now, QUARTER);
        outcome.reason = Some("its period is over".to_owned());
    }
    outcome
}

/// Failures, blocks and losses: pauses that double.
fn again(
    outcome: &mut Outcome,
    target: &Target,
    state: TargetState,
    (first, most): (SignedDuration, SignedDuration),
    why: String,
    now: Timestamp,
) {
    outcome.failures = target.failures.saturating_add(1);
    let pause = first.checked_mul(1 << outcome.failures.saturating_sub(1).min(16)).unwrap_or(most).min(most);
    outcome.due = later(now, pause);
    outcome.state = state;
    outcome.reason = Some(why);
}

fn next(target: &Target, unchanged: u32, polling: Polling, born: Option<Timestamp>, now: Timestamp) -> Timestamp {
    match target.kind {
        // A month's map of years ago answers for ever, and has told all it had to tell.
        TargetKind::Sitemap if unchanged > SPENT => later(now, MONTH),
        TargetKind::Feed | TargetKind::Sitemap | TargetKind::Section => {
            quiet::over(polling.quiet, later(now, list_pause(unchanged, polling.fresh_for)))
        }
        TargetKind::Page => page_due(unchanged, target.visited.is_some(), born, now),
    }
}

/// A list that changed is looked at again soon; each time it did not, half as long again later.
/// What it asks for itself counts up to a day.
fn list_pause(unchanged: u32, fresh_for: Option<SignedDuration>) -> SignedDuration {
    let mut pause = OFTEN;
    for _ in 0..unchanged.min(20) {
        pause = (pause * 3 / 2).min(DAILY);
    }
    pause.max(fresh_for.unwrap_or(OFTEN).min(DAILY))
}

/// The next of the ages at which a page is looked at. A page that was just edited (`unchanged` is 0
/// on a later visit, when it is `known`) is as young as on its first day. One whose age nobody knows is
/// as old as the visits since its last change make it.
fn page_due(unchanged: u32, known: bool, born: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let Some(born) = born.map(|born| born.min(now)) else {
        let pause = usize::try_from(unchanged).ok().and_then(|visits| PAGE_AGES.get(visits)).unwrap_or(&PAGE_REST);
        return later(now, *pause);
    };
    let age = born.duration_until(now);
    if unchanged == 0 && known {
        // Whoever edits once edits twice.
        let pause = if age < PAGE_AGES[3] { PAGE_AGES[0] } else { PAGE_AGES[1] };
        return later(now, pause);
    }
    match PAGE_AGES.iter().find(|step| **step > age) {
        // Never sooner than the shortest step, though the next age is near.
        Some(step) => later(born, *step).max(later(now, PAGE_AGES[0])),
        // An old page that is new to us: its date may have been misread.
        None if !known => later(now, PAGE_AGES[3]),
        None => later(now, PAGE_REST),
    }
}

#[cfg(test)]
mod tests {
    use courant_model::{CanonicalUrl, OutletId, Quiet};

    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().expect("a timestamp")
    }

    fn target(kind: TargetKind) -> Target {
        Target::new(CanonicalUrl::parse("https://a.example/x").expect("a URL"), kind, OutletId::new("a"), now())
    }

    fn full(changed: bool) -> Seen {
        Seen::Full { changed, validators: Validators::default(), polling: Polling::default() }
    }

    fn unchanged() -> Seen {
        Seen::Unchanged { fresh_for: None }
    }

    fn minutes(outcome: &Outcome) -> i64 {
        now().duration_until(outcome.due).as_mins()
    }

    #[test]
    fn a_feed_is_asked_as_often_as_it_changes() {
        let mut feed = target(TargetKind::Feed);
        assert_eq!(minutes(&outcome(&feed, full(true), None, now())), 15);
        assert!(outcome(&feed, full(true), None, now()).changed);
        let mut pauses = Vec::new();
        for _ in 0..20 {
            let after = outcome(&feed, unchanged(), None, now());
            feed.unchanged = after.unchanged;
            pauses.push(minutes(&after));
        }
        assert!(pauses.is_sorted() && pauses[0] == 22 && pauses[19] == 24 * 60, "{pauses:?}");
        let news = outcome(&feed, full(true), None, now());
        assert_eq!(news.unchanged, 16, "one change does not make it an hourly feed");
        // One that changes twice a day, from then on: how often it is asked in a week.
        let (mut moment, mut asked) = (0, 0);
        for hour in (12..168).step_by(12) {
            let mut brings = true;
            while moment < hour * 60 + 12 * 60 {
                let after = outcome(&feed, full(std::mem::take(&mut brings)), None, now());
                feed.unchanged = after.unchanged;
                moment += minutes(&after);
                asked += 1;
            }
        }
        assert!((7 * 2 * 2..7 * 2 * 6).contains(&asked), "{asked}");
        feed.unchanged = 0;
        let asks = |hours| Seen::Full {
            changed: true,
            validators: Validators::default(),
            polling: Polling { fresh_for: Some(SignedDuration::from_hours(hours)), ..Polling::default() },
        };
        assert_eq!(minutes(&outcome(&feed, asks(2), None, now())), 120);
        assert_eq!(minutes(&outcome(&feed, asks(1000), None, now())), 24 * 60);
    }

    #[test]
    fn what_a_feed_asked_for_holds_for_the_304s_that_follow() {
        let mut feed = target(TargetKind::Feed);
        feed.polling =
            Polling { fresh_for: Some(SignedDuration::from_hours(2)), quiet: Quiet { hours: 0b111 << 14, days: 0 } };
        assert_eq!(minutes(&outcome(&feed, unchanged(), None, now())), 5 * 60, "14:00 to 16:59 are quiet");
        let hours = |hours| Seen::Unchanged { fresh_for: Some(SignedDuration::from_hours(hours)) };
        assert_eq!(minutes(&outcome(&feed, hours(6), None, now())), 6 * 60);
        assert_eq!(outcome(&feed, hours(6), None, now()).polling, None, "kept");
        let asks_nothing = outcome(&feed, full(false), None, now());
        assert_eq!((minutes(&asks_nothing), asks_nothing.polling), (22, Some(Polling::default())));
    }

    #[test]
    fn a_page_is_looked_at_less_and_less() {
        let mut page = target(TargetKind::Page);
        let (mut moment, mut visits) = (now(), Vec::new());
        for visit in 0..9 {
            let after = outcome(&page, full(visit == 0), Some(now()), moment);
            page.unchanged = after.unchanged;
            page.visited = Some(moment);
            moment = after.due;
            visits.push(now().duration_until(moment).as_mins());
        }
        assert_eq!(visits[..6], [15, 60, 180, 1440, 3 * 1440, 30 * 1440]);
        assert_eq!(visits[6], 120 * 1440);
        let edited = outcome(&page, full(true), Some(now()), moment);
        assert_eq!(moment.duration_until(edited.due).as_mins(), 60);
    }

    #[test]
    fn a_page_that_only_says_it_is_the_same_is_looked_at_less_and_less_as_well() {
        let mut page = target(TargetKind::Page);
        let (mut moment, mut visits) = (now(), Vec::new());
        for visit in 0..9 {
            let seen = if visit == 0 { full(true) } else { unchanged() };
            let after = outcome(&page, seen, None, moment);
            (page.unchanged, page.visited) = (after.unchanged, Some(moment));
            visits.push(moment.duration_until(after.due).as_mins());
            moment = after.due;
        }
        assert_eq!(visits, [15, 60, 180, 1440, 3 * 1440, 30 * 1440, 90 * 1440, 90 * 1440, 90 * 1440]);
    }

    #[test]
    fn an_old_page_that_is_new_to_us_is_hardly_looked_at() {
        let mut page = target(TargetKind::Page);
        let published = now().checked_sub(SignedDuration::from_hours(24 * 700)).ok();
        let first = outcome(&page, full(true), published, now());
        assert_eq!(minutes(&first), 1440);
        (page.unchanged, page.visited) = (first.unchanged, Some(now()));
        assert_eq!(minutes(&outcome(&page, full(false), published, now())), 90 * 1440);
        assert_eq!(minutes(&outcome(&page, full(true), published, now())), 60, "an edit");
        let tomorrow = now().checked_add(SignedDuration::from_hours(5)).ok();
        assert_eq!(minutes(&outcome(&target(TargetKind::Page), full(true), tomorrow, now())), 15);
    }

    #[test]
    fn what_fails_is_tried_with_growing_pauses() {
        let mut page = target(TargetKind::Page);
        let mut pauses = Vec::new();
        for _ in 0..12 {
            let after = outcome(&page, Seen::Failed("timed out".into()), None, now());
            assert_eq!((after.state, after.reason.as_deref()), (TargetState::Failing, Some("timed out")));
            page.failures = after.failures;
            pauses.push(minutes(&after));
        }
        assert_eq!(pauses[..4], [15, 30, 60, 120]);
        assert_eq!(pauses[11], 7 * 24 * 60);
        let healed = outcome(&page, full(true), None, now());
        assert_eq!((healed.failures, healed.state, healed.reason), (0, TargetState::Open, None));
    }

    #[test]
    fn what_is_blocked_or_gone_is_hardly_tried() {
        let page = target(TargetKind::Page);
        let gone = outcome(&page, Seen::Gone("404".into()), None, now());
        assert_eq!((gone.state, minutes(&gone)), (TargetState::Gone, 7 * 24 * 60));
        let blocked = outcome(&page, Seen::Blocked("a consent wall".into()), None, now());
        assert_eq!((blocked.state, minutes(&blocked)), (TargetState::Blocked, 7 * 24 * 60));
    }

    #[test]
    fn a_period_comes_late_and_ends() {
        let mut map = target(TargetKind::Sitemap);
        map.ask = "https://a.example/202611.xml".into();
        map.found_via = Some("https://a.example/{yyyymm}.xml".into());
        let missing = outcome(&map, Seen::Gone("answered 404".into()), None, now());
        assert_eq!((missing.state, missing.failures, minutes(&missing)), (TargetState::Open, 0, 24 * 60));
        let moment = later(now(), SignedDuration::from_hours(24 * 30));
        let over = outcome(&map, full(true), None, moment);
        assert_eq!(moment.duration_until(over.due), QUARTER);
    }

    #[test]
    fn spent_and_lost_maps_are_hardly_asked_for() {
        let mut map = target(TargetKind::Sitemap);
        map.unchanged = 30;
        assert_eq!(minutes(&outcome(&map, unchanged(), None, now())), 30 * 24 * 60);
        let news = outcome(&map, full(true), None, now());
        assert!(minutes(&news) <= 24 * 60, "what brings news is asked for again");
        map.found_via = Some("https://a.example/index.xml".into());
        let once = outcome(&map, Seen::Gone("answered 404".into()), None, now());
        assert_eq!((once.state, minutes(&once)), (TargetState::Gone, 7 * 24 * 60));
        map.failures = once.failures;
        let twice = outcome(&map, Seen::Gone("answered 404".into()), None, now());
        assert_eq!(now().duration_until(twice.due), QUARTER);
    }

    #[test]
    fn what_moved_for_good_is_left_with_its_new_address() {
        let after = outcome(&target(TargetKind::Feed), Seen::Moved("https://b.example/feed".into()), None, now());
        assert_eq!(
            (after.state, after.reason.as_deref()),
            (TargetState::Moved, Some("moved for good to https://b.example/feed"))
        );
        assert_eq!(now().duration_until(after.due), QUARTER);
    }

    #[test]
    fn what_is_put_off_stands_as_before() {
        let mut page = target(TargetKind::Page);
        (page.failures, page.unchanged, page.state) = (3, 2, TargetState::Failing);
        let until = later(now(), SignedDuration::from_hours(2));
        let after = outcome(&page, Seen::PutOff(until, "parked".into()), None, now());
        assert_eq!((after.visited, after.due, after.failures, after.unchanged), (None, until, 3, 2));
        assert_eq!(after.state, TargetState::Failing);
    }
}
