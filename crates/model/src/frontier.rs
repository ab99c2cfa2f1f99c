//! The frontier: every address that Courant means to visit, when, and how the last visit went.

use jiff::{SignedDuration, Timestamp};

use crate::{CanonicalUrl, Dated, Language, OutletId};

/// What an address is expected to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TargetKind {
    /// RSS, Atom, RDF or JSON Feed.
    Feed,
    /// A sitemap or an index of sitemaps.
    Sitemap,
    /// A page that lists articles (a front page, a section): what it links to is visited, itself it
    /// is never an article.
    Section,
    /// A page, hoped to be an article.
    Page,
}

impl TargetKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Feed, Self::Sitemap, Self::Section, Self::Page];

    /// The name that the record and the outside shapes use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
            Self::Section => "section",
            Self::Page => "page",
        }
    }

    /// Reads what [`Self::as_str`] wrote.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether it is visited for the addresses it names, not for itself.
    pub fn is_list(self) -> bool {
        self != Self::Page
    }
}

/// How an address stands with us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TargetState {
    /// To be visited when due.
    Open,
    /// It answered, but with something that is not for us: a wall, a refusal, a login. The reason
    /// says which. Tried again, rarely.
    Blocked,
    /// It is not there (404, 410). Tried again, rarely.
    Gone,
    /// It could not be reached, or the answer could not be used. Tried again with growing pauses.
    Failing,
    /// It said that it is elsewhere for good; the reason says where. Its new address is a target of
    /// its own. Tried again, rarely.
    Moved,
}

impl TargetState {
    /// All states.
    pub const ALL: [Self; 5] = [Self::Open, Self::Blocked, Self::Gone, Self::Failing, Self::Moved];

    /// The name that the record and the outside shapes use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Blocked => "blocked",
            Self::Gone => "gone",
            Self::Failing => "failing",
            Self::Moved => "moved",
        }
    }

    /// Reads what [`Self::as_str`] wrote.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// What a server gave to recognise an unchanged answer by (RFC 9110 section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, as sent.
    pub etag: Option<String>,
    /// `Last-Modified`, as sent.
    pub last_modified: Option<String>,
}

/// When a list asked to be polled, as its last full answer said: it holds for the 304s that follow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Polling {
    /// Not again sooner than so long after (a feed's `ttl`, `Cache-Control: max-age`).
    pub fresh_for: Option<SignedDuration>,
    /// Not at these times.
    pub quiet: Quiet,
}

/// Hours and days at which a feed asks to be left alone (RSS 2.0, `skipHours` and `skipDays`; both in
/// GMT).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quiet {
    /// A bit for each hour, midnight's first.
    pub hours: u32,
    /// A bit for each day, Monday first.
    pub days: u8,
}

/// One address of the frontier. Unique by the key of its canonical URL.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its canonical URL: what makes it the same target.
    pub url: CanonicalUrl,
    /// The address as it is asked for, noise and all.
    pub ask: String,
    /// What it should give.
    pub kind: TargetKind,
    /// The outlet on whose account it is visited. The outlet of an article is decided later, by
    /// where the visit ends.
    pub outlet: OutletId,
    /// The feed or sitemap that named it.
    pub found_via: Option<String>,
    /// The language that whoever named it said.
    pub language: Option<Language>,
    /// The publication date that whoever named it said.
    pub published: Option<Dated>,
    /// From its last full answer.
    pub validators: Validators,
    /// From its last full answer.
    pub polling: Polling,
    /// When it is to be visited next.
    pub due: Timestamp,
    /// The last visit.
    pub visited: Option<Timestamp>,
    /// The last visit that brought something new.
    pub changed: Option<Timestamp>,
    /// Visits in a row that failed.
    pub failures: u32,
    /// Visits that found it unchanged, as [`Outcome::unchanged`] counts them.
    pub unchanged: u32,
    /// How it stands.
    pub state: TargetState,
    /// Since when it stands so; `None` where it always did.
    pub since: Option<Timestamp>,
    /// Why it stands so, for a person.
    pub reason: Option<String>,
}

impl Target {
    /// A target nobody has visited, due at `due`.
    pub fn new(url: CanonicalUrl, kind: TargetKind, outlet: OutletId, due: Timestamp) -> Self {
        Self {
            ask: url.as_str().to_owned(),
            url,
            kind,
            outlet,
            found_via: None,
            language: None,
            published: None,
            validators: Validators::default(),
            polling: Polling::default(),
            due,
            visited: None,
            changed: None,
            failures: 0,
            unchanged: 0,
            state: TargetState::Open,
            since: None,
            reason: None,
        }
    }
}

/// How one visit ended: what the frontier writes back when it gives up the lease.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The target's canonical URL.
    pub url: CanonicalUrl,
    /// When it was visited; `None` where it was only put off (a parked host), so that the visit
    /// before still counts.
    pub visited: Option<Timestamp>,
    /// When to come back.
    pub due: Timestamp,
    /// How it stands now.
    pub state: TargetState,
    /// Why, for a person.
    pub reason: Option<String>,
    /// New validators; `None` keeps those that were there.
    pub validators: Option<Validators>,
    /// When it asks to be polled; `None` keeps what was there.
    pub polling: Option<Polling>,
    /// Whether it brought something that was not there before.
    pub changed: bool,
    /// Failures in a row, counting this visit.
    pub failures: u32,
    /// For a page, visits in a row that found it unchanged. For a list, how patient we have become:
    /// one more for each visit that brought nothing, several fewer for one that did.
    pub unchanged: u32,
}
