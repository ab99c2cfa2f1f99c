//! When it was published and changed, from the most telling place that says so, and never in the
//! future. Where the page names no zone, its times are told by the outlet's clock.
//!
//! A year and month in the address veto what words on the page say: dates in sidebars and in the
//! story itself are the commonest mistakes.

mod address;
mod times;
mod zones;

use courant_model::{DateSource, Dated, Precision};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use crate::dates::{self, Order, Parsed};
use crate::page::Page;
use crate::title::Title;
use times::Times;

/// Nothing on the web is older: dates before are defaults of a system (1970, 0001).
const FIRST_YEAR: i16 = 1991;

/// A day, in seconds.
const DAY: i64 = 24 * 3600;

/// The two dates of a page.
#[derive(Debug, Default)]
pub(crate) struct Dates {
    /// First published.
    pub(crate) published: Option<Dated>,
    /// Last changed.
    pub(crate) modified: Option<Dated>,
}

/// Finds both.
pub(crate) fn find(page: &Page<'_>, title: &Title, body: &[usize]) -> Dates {
    let reader = Reader::of(page);
    let in_url = address::find(page.url);
    let metas = |keys: &[&str]| {
        keys.iter().flat_map(|key| page.head.values(key)).find_map(|text| reader.dated(text, DateSource::Meta))
    };
    let structured = |text: &Option<String>, source| text.as_deref().and_then(|text| reader.dated(text, source));
    let times = Times::of(page, title, body, &reader);
    let article = page.structured.is_article;
    let json = structured(&page.structured.published, DateSource::JsonLd);
    let published = json
        .filter(|_| article)
        .or_else(|| metas(PUBLISHED))
        .or_else(|| structured(&page.microdata.published, DateSource::Microdata))
        .or(times.published)
        .or_else(|| times.text.filter(|dated| dated.precision > Precision::Day && same_day(dated, in_url)))
        .or_else(|| {
            in_url
                .and_then(|parsed| reader.bounded(parsed, DateSource::Url))
                .filter(|dated| dated.precision == Precision::Day)
        })
        .or_else(|| times.text.filter(|dated| agrees(dated, in_url)))
        .or_else(|| metas(PERHAPS_PUBLISHED))
        .or(json);
    let modified = structured(&page.structured.modified, DateSource::JsonLd)
        .or_else(|| metas(MODIFIED))
        .or_else(|| structured(&page.microdata.modified, DateSource::Microdata))
        .or(times.modified);
    let month = in_url.and_then(|parsed| reader.bounded(parsed, DateSource::Url));
    let published = published
        .or(modified.filter(|dated| agrees(dated, in_url)))
        .or_else(|| structured(&page.microdata.published_elsewhere, DateSource::Microdata))
        .or_else(|| times::anywhere(page, title, body, &reader).filter(|dated| agrees(dated, in_url)))
        .or(month);
    // What changed when it was published did not change.
    let modified = modified.filter(|changed| published.is_none_or(|first| changed.instant > first.instant));
    Dates { published, modified }
}

const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "og:pubdate",
    "datepublished",
    "rnews:datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "publicationdate",
    "published",
    "published_time",
    "date.published",
    "datecreated",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "originalpublicationdate",
    "article_date_original",
    "article.published",
    "article:create_at",
    "article:post_time",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "citation_date",
    "displaydate",
    "ptime",
    "mediator_published_time",
    "vr:published_time",
    "shareaholic:article_published_time",
    "hdl_publish",
    "bt:pubdate",
    "apub:time",
    "date_published",
    "weibo:article:create_at",
    "gentime",
    "firstpublished",
];

/// Keys that often mean something else.
const PERHAPS_PUBLISHED: &[&str] =
    &["date", "timestamp", "created", "dc.date.x-metadatalastmodified", "og:regdate", "release_date"];

const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:article:modified_time",
    "og:modified_time",
    "og:updated_time",
    "datemodified",
    "dc.date.modified",
    "dcterms.modified",
    "last-modified",
    "lastmod",
    "article:modified",
    "article:update_at",
    "modified",
    "date_modified",
    "updated",
    "revised",
];

/// Whether `dated` lies in the month that the address names, give or take a day.
fn agrees(dated: &Dated, in_url: Option<Parsed>) -> bool {
    let Some(parsed) = in_url else { return true };
    let span = if parsed.precision == Precision::Month { 32 * DAY } else { 2 * DAY };
    let distance = dated.instant.as_second() - parsed.instant.as_second();
    (-2 * DAY..span + DAY).contains(&distance)
}

/// Whether words on the page tell the time of the day that the address names.
fn same_day(dated: &Dated, in_url: Option<Parsed>) -> bool {
    in_url.is_some_and(|parsed| parsed.precision == Precision::Day) && agrees(dated, in_url)
}

/// Reads dates of one page.
struct Reader<'a> {
    page: &'a Page<'a>,
    zone: Option<TimeZone>,
    order: Order,
}

impl<'a> Reader<'a> {
    fn of(page: &'a Page<'a>) -> Self {
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
        Self { page, zone, order }
    }

    /// A time told from now, as in "2 hours ago".
    fn relative(&self, text: &str, source: DateSource) -> Option<Dated> {
        let now = Some(self.page.hints.now).filter(|now| *now != Timestamp::MAX);
        let parsed = dates::parse_relative(text, self.language(), now)?;
        self.bounded(parsed, source).filter(|dated| dated.precision >= Precision::Day)
    }

    fn language(&self) -> Option<courant_model::Language> {
        self.page.language.or(self.page.hints.outlet_languages.first().copied())
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        dates::parse_in_order(text, self.language(), Some(self.page.hints.now), self.order)
    }

    fn dated(&self, text: &str, source: DateSource) -> Option<Dated> {
        // A bare year in a meta says when the copyright began.
        self.parse(text)
            .filter(|parsed| parsed.precision >= Precision::Month)
            .and_then(|parsed| self.bounded(parsed, source))
    }

    /// Whether the address tells the day in UTC and not in `local`: then that is the outlet's clock.
    fn told_in_utc(&self, instant: Timestamp, local: Offset) -> bool {
        let told = address::find(self.page.url).filter(|told| told.precision == Precision::Day);
        told.is_some_and(|told| {
            let day = |offset: Offset| offset.to_datetime(instant).date();
            let told = Offset::UTC.to_datetime(told.instant).date();
            day(Offset::UTC) == told && day(local) != told
        })
    }

    /// `parsed` by the outlet's clock, where it is neither in the future nor before the web.
    fn bounded(&self, parsed: Parsed, source: DateSource) -> Option<Dated> {
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
                let local = zone.to_offset(parsed.instant);
                (parsed.instant, Some(if self.told_in_utc(parsed.instant, local) { Offset::UTC } else { local }))
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

#[cfg(test)]
mod tests;
