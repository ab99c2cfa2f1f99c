//! Reads dates of one page: in its language and order of digits, by its outlet's clock.

use courant_model::{DateSource, Dated, Language, Precision};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use super::{DAY, FIRST_YEAR, zones};
use crate::dates::{self, Order, Parsed};
use crate::html::tokens::Tokens;
use crate::page::Page;
use crate::title::Title;

/// Reads dates of one page.
pub(super) struct Reader<'a> {
    page: &'a Page<'a>,
    zone: Option<TimeZone>,
    order: Order,
    /// The first blocks of headline and story.
    own: [Option<usize>; 2],
}

impl<'a> Reader<'a> {
    /// One that knows where headline and story stand.
    pub(super) fn of_article(page: &'a Page<'a>, title: &Title, body: &[usize]) -> Self {
        let headline = title.part.map(|part| page.blocks.parts[part].blocks.start);
        Self { own: [headline, body.first().copied()], ..Self::of(page) }
    }

    pub(super) fn of(page: &'a Page<'a>) -> Self {
        let host = page.url.host_str().unwrap_or_default();
        let guessed = || zones::guess(host, page.head.language_tag.as_deref());
        let named = page.hints.time_zone.as_deref().or_else(guessed);
        let zone = named.and_then(|name| TimeZoneDatabase::bundled().get(name).ok());
        let language = page.language.or(page.hints.outlet_languages.first().copied());
        let tld = page.url.host_str().and_then(|host| host.rsplit('.').next()).unwrap_or_default();
        let order = match language.map(|language| language.as_str().to_owned()).as_deref() {
            // Of the English press, only the American puts the month first.
            Some("en")
                if !matches!(
                    tld,
                    "uk" | "ie" | "au" | "nz" | "in" | "za" | "ng" | "ke" | "pk" | "lk" | "mt" | "eu"
                ) =>
            {
                Order::Month
            }
            Some("zh" | "ja" | "ko" | "hu" | "lt" | "fa") => Order::Year,
            None => Order::Month,
            _ => Order::Day,
        };
        Self { page, zone, order, own: [None, None] }
    }

    /// A time told from now, as in "2 hours ago".
    pub(super) fn relative(&self, text: &str, source: DateSource) -> Option<Dated> {
        let now = Some(self.page.hints.now).filter(|now| *now != Timestamp::MAX);
        let parsed = dates::parse_relative(text, self.language(), now)?;
        self.bounded(parsed, source).filter(|dated| dated.precision >= Precision::Day)
    }

    fn language(&self) -> Option<Language> {
        self.page.language.or(self.page.hints.outlet_languages.first().copied())
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        dates::parse_in_order(text, self.language(), Some(self.page.hints.now), self.order)
    }

    pub(super) fn dated(&self, text: &str, source: DateSource) -> Option<Dated> {
        // A bare year in a meta says when the copyright began.
        let parsed = self.parse(text);
        let month = parsed.filter(|parsed| parsed.precision >= Precision::Month);
        let dated = month.and_then(|parsed| self.bounded(parsed, source));
        if dated.is_none() && source != DateSource::Text {
            let why = || match (parsed, month) {
                (None, _) => "no date".to_owned(),
                (_, None) => "no more than a year".to_owned(),
                _ => "in the future, or older than the web".to_owned(),
            };
            self.page.trace.refused("published", source.as_str(), || text.chars().take(80).collect(), why);
        }
        dated
    }

    /// A date of a day or finer.
    pub(super) fn day(&self, text: &str, source: DateSource) -> Option<Dated> {
        self.dated(text, source).filter(|dated| dated.precision >= Precision::Day)
    }

    /// Whether a part belongs to something else: a teaser, a comment, the foot of the page, a clock.
    /// What holds the headline or the story does not, whatever it is called.
    pub(super) fn is_elsewhere(&self, at: usize) -> bool {
        let furniture = Tokens::RELATED | Tokens::COMMENT | Tokens::CONSENT | Tokens::AD;
        let blocks = &self.page.blocks;
        blocks.above(at).any(|above| {
            let part = &blocks.parts[above];
            let elsewhere = match part.name() {
                "html" | "body" | "main" | "article" => false,
                "footer" => blocks.above(above).skip(1).all(|outer| blocks.parts[outer].name() != "article"),
                "nav" | "aside" => true,
                _ => part.tokens.meets(furniture) && !part.tokens.meets(Tokens::BODY),
            };
            elsewhere && !self.own.iter().flatten().any(|own| part.blocks.contains(own))
        })
    }

    /// `dated` by the clock by which it falls on the day that address or page tell: UTC, or another
    /// zone of the country.
    pub(super) fn as_told(&self, dated: Dated, told: Option<Date>) -> Dated {
        let own = civil(&dated);
        let beside = |told: &Date| [own.tomorrow(), own.yesterday()].into_iter().flatten().any(|day| day == *told);
        // Midnight in UTC is a day without a time.
        let timed = dated.precision > Precision::Day && dated.instant.as_second() % DAY != 0;
        let Some(told) = told.filter(beside).filter(|_| timed) else { return dated };
        let host = self.page.url.host_str().unwrap_or_default();
        let others = zones::others(host).iter().filter_map(|name| TimeZoneDatabase::bundled().get(name).ok());
        let mut clocks = std::iter::once(Offset::UTC).chain(others.map(|zone| zone.to_offset(dated.instant)));
        let clock = clocks.find(|clock| clock.to_datetime(dated.instant).date() == told);
        Dated { offset: clock.or(dated.offset), ..dated }
    }

    /// Whether `a` is `b` by the outlet's clock, called UTC: systems that do that are common. Both are
    /// as read: a clock without a zone is as often UTC as the outlet's, and tells nothing.
    pub(super) fn is_mislabelled(&self, a: &str, b: &str) -> bool {
        let zoned = |text: &str| {
            self.parse(text).filter(|parsed| parsed.precision == Precision::Second && parsed.offset.is_some())
        };
        let (Some(zone), Some(a), Some(b)) = (&self.zone, zoned(a), zoned(b)) else { return false };
        let ahead = a.instant.as_second() - b.instant.as_second();
        ahead != 0 && ahead == i64::from(zone.to_offset(b.instant).seconds())
    }

    /// `parsed` by the outlet's clock, where it is neither in the future nor before the web.
    pub(super) fn bounded(&self, parsed: Parsed, source: DateSource) -> Option<Dated> {
        let (instant, offset) = match (parsed.offset, &self.zone) {
            (None, Some(zone)) => {
                let civil = Offset::UTC.to_datetime(parsed.instant);
                let instant = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
                (instant, Some(zone.to_offset(instant)))
            }
            // Systems write UTC; readers of the outlet read its own clock. Midnight is a day without a time.
            (Some(Offset::UTC), Some(zone))
                if parsed.precision > Precision::Day && parsed.instant.as_second() % DAY != 0 =>
            {
                (parsed.instant, Some(zone.to_offset(parsed.instant)))
            }
            (offset, _) => (parsed.instant, offset),
        };
        let year = Offset::UTC.to_datetime(instant).year();
        let future = self.page.hints.now != Timestamp::MAX && instant > self.page.hints.now;
        ((FIRST_YEAR..2200).contains(&year) && !future).then_some(Dated {
            instant,
            offset,
            precision: parsed.precision,
            source,
        })
    }
}

/// The day of `dated` by its own clock.
pub(super) fn civil(dated: &Dated) -> Date {
    dated.offset.unwrap_or(Offset::UTC).to_datetime(dated.instant).date()
}
