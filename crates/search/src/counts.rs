//! What is counted of all that a search finds: by facts of the articles, and over time.

use courant_model::OutletId;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A fact that hits are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// The outlet: its id.
    Outlet,
    /// The networks that the outlet is or was a member of: their ids.
    Network,
    /// The projects (investigations) that the article belongs to: their ids.
    Project,
    /// The outlet's country: ISO 3166-1 alpha-2.
    Country,
    /// The language: its code.
    Language,
    /// The authors: their names.
    Author,
    /// The outlet's own section.
    Section,
    /// The outlet's own tags.
    Tag,
    /// The agency that the text is credited to: its id.
    Agency,
    /// The outlets that it credits or links to: their ids.
    Cites,
    /// What it is: `article`, `fact-check`.
    Kind,
    /// Whether it is behind a paywall: `true`, `false`.
    Paywalled,
    /// Whether it was changed after it was first seen: `true`, `false`.
    Edited,
    /// The story: its id.
    Story,
}

impl Facet {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Outlet,
        Self::Network,
        Self::Project,
        Self::Country,
        Self::Language,
        Self::Author,
        Self::Section,
        Self::Tag,
        Self::Agency,
        Self::Cites,
        Self::Kind,
        Self::Paywalled,
        Self::Edited,
        Self::Story,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outlet => "outlet",
            Self::Network => "network",
            Self::Project => "project",
            Self::Country => "country",
            Self::Language => "language",
            Self::Author => "author",
            Self::Section => "section",
            Self::Tag => "tag",
            Self::Agency => "agency",
            Self::Cites => "cites",
            Self::Kind => "kind",
            Self::Paywalled => "paywalled",
            Self::Edited => "edited",
            Self::Story => "story",
        }
    }

    /// The facet of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.as_str() == name)
    }
}

/// How many hits a value has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCount {
    /// An id, a code or a label, as a filter takes it.
    pub value: String,
    /// Hits that have it.
    pub count: u64,
}

/// Counts by the facets that were asked for; each made with its own filter lifted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets(pub Vec<(Facet, Vec<FacetCount>)>);

impl Facets {
    /// The counts of `facet`, most first, of equals the smaller value; none where it was not asked for.
    pub fn of(&self, facet: Facet) -> &[FacetCount] {
        self.0.iter().find(|(known, _)| *known == facet).map_or(&[], |(_, counts)| counts)
    }
}

/// The length of a histogram's buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Interval {
    /// Hours of the clock.
    Hour,
    /// Days.
    Day,
    /// Weeks, from Monday (ISO 8601).
    Week,
    /// Months.
    Month,
}

impl Interval {
    /// All of them, shortest first.
    pub const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::Week, Self::Month];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The interval of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|interval| interval.as_str() == name)
    }
}

/// Counts over time that are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct HistogramAsk {
    /// By what.
    pub interval: Interval,
    /// Whose clock days begin by.
    pub zone: TimeZone,
}

/// Hits between a moment and the next bucket's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// Where it begins.
    pub start: Timestamp,
    /// Hits published from then on, before the next bucket.
    pub count: u64,
}

/// Counts over time, from the first bucket with a hit to the last, those between them that have none too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// By what.
    pub interval: Interval,
    /// In order of time, at most [`MOST_BUCKETS`], up to the last moment of the index.
    pub buckets: Vec<Bucket>,
    /// Hits before the first moment that so many buckets reach: a page may be dated to the year 1.
    pub earlier: u64,
}

/// Most buckets of a histogram: fourteen years of days.
pub const MOST_BUCKETS: usize = 5_200;

/// What an outlet is counted as besides itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Belongings {
    pub(crate) networks: Vec<(OutletId, Vec<String>)>,
    pub(crate) countries: Vec<(OutletId, String)>,
}

/// How many hits are counted to the last one where nothing else needs them all.
pub(crate) const EXACT_UP_TO: u64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        assert!(Facet::ALL.into_iter().all(|facet| Facet::parse(facet.as_str()) == Some(facet)));
        assert!(Interval::ALL.into_iter().all(|interval| Interval::parse(interval.as_str()) == Some(interval)));
        assert_eq!((Facet::parse("colour"), Interval::parse("year")), (None, None));
    }
}
