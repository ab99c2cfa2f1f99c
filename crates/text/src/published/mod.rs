//! When it was published and changed, from the most telling place that says so, and never in the
//! future. Where the page names no zone, its times are told by the outlet's clock.
//!
//! A year and month in the address veto what words on the page say: dates in sidebars and in the
//! story itself are the commonest mistakes.

mod address;
mod anywhere;
mod reader;
mod times;
mod zones;

use courant_model::{DateSource, Dated, Precision};
use jiff::tz::Offset;

use crate::dates::Parsed;
use crate::page::Page;
use crate::title::Title;
use reader::{Reader, civil};
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
    let reader = Reader::of_article(page, title, body);
    let in_url = address::find(page.url);
    let values = |keys: &'static [&str]| keys.iter().flat_map(|key| page.head.values(key));
    let metas = |keys| values(keys).find_map(|text| reader.day(text, DateSource::Meta));
    let structured = |text: &Option<String>, source| text.as_deref().and_then(|text| reader.dated(text, source));
    let times = Times::of(page, title, body, &reader);
    let article = page.structured.is_article;
    let json = structured(&page.structured.published, DateSource::JsonLd);
    let json_of_article = || {
        let written = page.structured.published.as_deref().unwrap_or_default();
        let right = values(PUBLISHED).next().filter(|meta| reader.is_mislabelled(written, meta));
        json.filter(|_| article).map(|json| right.and_then(|meta| reader.dated(meta, DateSource::Meta)).unwrap_or(json))
    };
    let shown = times.text.filter(|dated| agrees(dated, in_url));
    let of_the_document =
        || metas(OF_THE_DOCUMENT).map(|dated| shown.filter(|shown| !one_day(&dated, shown)).unwrap_or(dated));
    let month = in_url.and_then(|parsed| reader.bounded(parsed, DateSource::Url));
    let show = |dated: &Dated| dated.to_text();
    let modified = page.trace.first(
        "modified",
        &[
            ("json-ld", &|| structured(&page.structured.modified, DateSource::JsonLd)),
            ("meta", &|| metas(MODIFIED)),
            ("microdata", &|| structured(&page.microdata.modified, DateSource::Microdata)),
            ("time", &|| times.modified),
        ],
        show,
    );
    let published = page.trace.first(
        "published",
        &[
            ("rule", &|| page.rule.published.as_deref().and_then(|text| reader.dated(text, DateSource::Time))),
            ("json-ld", &json_of_article),
            ("meta", &|| metas(PUBLISHED)),
            ("meta of the document", &of_the_document),
            ("microdata", &|| structured(&page.microdata.published, DateSource::Microdata)),
            ("time", &|| times.published),
            ("text, on the day of the address", &|| {
                times.text.filter(|dated| dated.precision > Precision::Day && same_day(dated, in_url))
            }),
            ("address", &|| month.filter(|dated| dated.precision == Precision::Day)),
            ("text", &|| shown),
            ("meta that often means something else", &|| metas(PERHAPS_PUBLISHED)),
            ("json-ld, not of an article", &|| json),
            ("meta of a month", &|| values(PUBLISHED).find_map(|text| reader.dated(text, DateSource::Meta))),
            ("last change", &|| modified.filter(|dated| agrees(dated, in_url))),
            ("microdata elsewhere", &|| structured(&page.microdata.published_elsewhere, DateSource::Microdata)),
            ("text anywhere", &|| anywhere::find(page, title, body, &reader).filter(|dated| agrees(dated, in_url))),
            ("month of the address", &|| month),
        ],
        show,
    );
    if let Some(text) = times.text.filter(|dated| !agrees(dated, in_url)) {
        let why = || "another month than the address tells".to_owned();
        page.trace.refused("published", "text", || text.to_text(), why);
    }
    let told = in_url.filter(|told| told.precision == Precision::Day);
    let told = told.map(|told| Offset::UTC.to_datetime(told.instant).date()).or_else(|| times.text.as_ref().map(civil));
    let published = published.map(|dated| reader.as_told(dated, told));
    let modified = modified.map(|dated| reader.as_told(dated, told));
    // What changed when it was published did not change.
    let modified = modified.filter(|changed| {
        let later = published.is_none_or(|first| changed.instant > first.instant);
        if !later {
            page.trace.overruled("modified", "not after it was published");
        }
        later
    });
    Dates { published, modified }
}

/// A date of structured data that is not the page's own.
pub(crate) fn structured(page: &Page<'_>, text: &str) -> Option<Dated> {
    Reader::of(page).dated(text, DateSource::JsonLd)
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
    "firstpublished",
];

/// Keys that date the document in its system: a line beside the headline knows better.
const OF_THE_DOCUMENT: &[&str] =
    &["dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dcterms.date", "dc.date", "gentime"];

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

/// Whether `dated` lies in the month that the address names or the next (stories are begun before
/// they are published), or on its day, give or take one.
fn agrees(dated: &Dated, in_url: Option<Parsed>) -> bool {
    let Some(parsed) = in_url else { return true };
    let span = if parsed.precision == Precision::Month { 62 * DAY } else { 2 * DAY };
    let distance = dated.instant.as_second() - parsed.instant.as_second();
    (-2 * DAY..span + DAY).contains(&distance)
}

/// Whether two dates may be of one day, told in two zones.
fn one_day(a: &Dated, b: &Dated) -> bool {
    (a.instant.as_second() - b.instant.as_second()).abs() < DAY
}

/// Whether words on the page tell the time of the day that the address names.
fn same_day(dated: &Dated, in_url: Option<Parsed>) -> bool {
    in_url.is_some_and(|parsed| parsed.precision == Precision::Day) && agrees(dated, in_url)
}

#[cfg(test)]
mod tests;
