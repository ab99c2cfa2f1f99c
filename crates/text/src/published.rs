//! When it was published and changed, from the most telling place that says so, and never in the
//! future. Where the page names no zone, its times are told by the outlet's clock.
//!
//! A year and month in the address veto what words on the page say: dates in sidebars and in the
//! story itself are the commonest mistakes.

use courant_model::{DateSource, Dated, Precision};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use url::Url;

use crate::dates::{self, Order, Parsed};
use crate::fold::fold;
use crate::html::tokens::Tokens;
use crate::lexicon;
use crate::page::Page;
use crate::title::Title;

/// Nothing on the web is older: dates before are defaults of a system (1970, 0001).
const FIRST_YEAR: i16 = 1991;

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
    let in_url = in_address(page.url);
    let metas = |keys: &[&str]| keys.iter().flat_map(|key| page.head.values(key)).find_map(|text| reader.dated(text, DateSource::Meta));
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
        .or_else(|| in_url.and_then(|parsed| reader.bounded(parsed, DateSource::Url)).filter(|dated| dated.precision == Precision::Day))
        .or_else(|| times.text.filter(|dated| agrees(dated, in_url)))
        .or_else(|| metas(PERHAPS_PUBLISHED))
        .or(json);
    let modified = structured(&page.structured.modified, DateSource::JsonLd)
        .or_else(|| metas(MODIFIED))
        .or_else(|| structured(&page.microdata.modified, DateSource::Microdata))
        .or(times.modified);
    let month = in_url.and_then(|parsed| reader.bounded(parsed, DateSource::Url));
    let published = published.or(modified.filter(|dated| agrees(dated, in_url))).or(month);
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
const PERHAPS_PUBLISHED: &[&str] = &["date", "timestamp", "created", "dc.date.x-metadatalastmodified", "og:regdate", "release_date"];

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
    let day = 24 * 3600;
    let span = if parsed.precision == Precision::Month { 32 * day } else { 2 * day };
    let distance = dated.instant.as_second() - parsed.instant.as_second();
    (-2 * day..span + day).contains(&distance)
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
        let zone = page.hints.time_zone.as_deref().and_then(|name| TimeZoneDatabase::bundled().get(name).ok());
        let language = page.language.or(page.hints.outlet_languages.first().copied());
        let tld = page.url.host_str().and_then(|host| host.rsplit('.').next()).unwrap_or_default();
        let order = match language.map(|language| language.as_str().to_owned()).as_deref() {
            // Of the English press, only the American puts the month first.
            Some("en") if !matches!(tld, "uk" | "ie" | "au" | "nz" | "in" | "za" | "ng" | "ke" | "pk" | "lk" | "mt" | "eu") => Order::MonthFirst,
            Some("zh" | "ja" | "ko" | "hu" | "lt" | "fa") => Order::YearFirst,
            None => Order::MonthFirst,
            _ => Order::DayFirst,
        };
        Self { page, zone, order }
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let language = self.page.language.or(self.page.hints.outlet_languages.first().copied());
        dates::parse_in_order(text, language, Some(self.page.hints.now), self.order)
    }

    fn dated(&self, text: &str, source: DateSource) -> Option<Dated> {
        // A bare year in a meta says when the copyright began.
        self.parse(text).filter(|parsed| parsed.precision >= Precision::Month).and_then(|parsed| self.bounded(parsed, source))
    }

    /// `parsed` by the outlet's clock, where it is neither in the future nor before the web.
    fn bounded(&self, parsed: Parsed, source: DateSource) -> Option<Dated> {
        let (instant, offset) = match (parsed.offset, &self.zone) {
            (None, Some(zone)) => {
                let civil = Offset::UTC.to_datetime(parsed.instant);
                let instant = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
                (instant, Some(zone.to_offset(instant)))
            }
            (offset, _) => (parsed.instant, offset),
        };
        let year = Offset::UTC.to_datetime(instant).year();
        let future = self.page.hints.now != Timestamp::MAX && instant > self.page.hints.now;
        (year >= FIRST_YEAR && year < 2200 && !future).then_some(Dated { instant, offset, precision: parsed.precision, source })
    }
}

/// Dates on the page itself.
#[derive(Debug, Default)]
struct Times {
    /// Of a `time` element.
    published: Option<Dated>,
    modified: Option<Dated>,
    /// Of words round the headline, or in a part that is called date.
    text: Option<Dated>,
}

impl Times {
    fn of(page: &Page<'_>, title: &Title, body: &[usize], reader: &Reader<'_>) -> Self {
        let mut times = Self::default();
        let from = title.part.map(|part| page.blocks.parts[part].blocks.start).or(body.first().copied());
        times.elements(page, from, reader);
        let Some(from) = from else { return times };
        let first = body.first().copied().unwrap_or(from);
        let head = from..(from + 10).max(first + 1).min(from + 25);
        let before = from.saturating_sub(4)..from;
        let last = body.last().copied().unwrap_or(from);
        for at in head.chain(before.rev()).chain(last..last + 3) {
            times.line(page, at, reader);
        }
        if times.text.is_none() {
            times.named(page, from, reader);
        }
        times
    }

    /// `time` elements, the nearest to the headline first.
    fn elements(&mut self, page: &Page<'_>, from: Option<usize>, reader: &Reader<'_>) {
        let blocks = &page.blocks;
        let mut found: Vec<(usize, bool, Dated)> = Vec::new();
        for (at, part) in blocks.parts.iter().enumerate() {
            let machine = part.element.attr("datetime").or_else(|| part.element.attr("data-datetime"));
            if part.name() != "time" && machine.is_none() || is_elsewhere(page, at) {
                continue;
            }
            let text = blocks.text(at);
            let said = machine.filter(|machine| machine.len() >= 8).and_then(|text| reader.dated(text, DateSource::Time));
            let Some(dated) = said.or_else(|| reader.dated(&text, DateSource::Time)) else { continue };
            let block = part.blocks.start;
            let from = from.unwrap_or(block);
            let distance = if block >= from { block - from } else { (from - block) * 2 + 2 };
            let updates = is_update(page, at, &text);
            found.push((distance, updates, dated));
        }
        let nearest = |wanted: bool| found.iter().filter(|(_, updates, _)| *updates == wanted).min_by_key(|(distance, ..)| *distance);
        self.published = nearest(false).filter(|(distance, ..)| *distance <= 40).map(|(.., dated)| *dated);
        self.modified = nearest(true).map(|(.., dated)| *dated);
    }

    /// A short line near the headline.
    fn line(&mut self, page: &Page<'_>, at: usize, reader: &Reader<'_>) {
        let Some(block) = page.blocks.blocks.get(at).filter(|block| (6..=160).contains(&block.weight)) else { return };
        if !block.text.chars().any(|c| c.is_numeric()) || is_elsewhere(page, block.part) {
            return;
        }
        for piece in pieces(&block.text) {
            let folded = fold(piece);
            let updates = begins_with_update(&folded);
            let slot = if updates { &mut self.modified } else { &mut self.text };
            if slot.is_none() {
                *slot = reader.dated(before_update(piece), DateSource::Text).filter(|dated| dated.precision >= Precision::Day);
            }
        }
    }

    /// Parts that are called date or published, wherever they stand behind the headline.
    fn named(&mut self, page: &Page<'_>, from: usize, reader: &Reader<'_>) {
        for (at, part) in page.blocks.parts.iter().enumerate() {
            let block = part.blocks.start;
            if !part.tokens.meets(Tokens::META) || block + 30 < from || page.blocks.weight(part.blocks.clone()) > 160 || is_elsewhere(page, at) {
                continue;
            }
            let text = page.blocks.text(at);
            if text.len() < 160 && !is_update(page, at, &text) {
                self.text = reader.dated(&text, DateSource::Text).filter(|dated| dated.precision >= Precision::Day);
            }
            if self.text.is_some() {
                return;
            }
        }
    }
}

/// A line cut where outlets part one fact from the next.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    line.split(['|', '•', '·', '\n', '\u{3000}']).flat_map(|piece| piece.split(" / "))
}

/// `text` up to where it begins to speak of a change.
fn before_update(text: &str) -> &str {
    let words = lexicon::every().updated.iter().filter(|word| word.len() >= 6);
    let lower = text.to_lowercase();
    // Folding may change lengths: only where it does not can the place be trusted.
    if lower.len() != text.len() {
        return text;
    }
    let at = words.filter_map(|word| lower.find(word.as_str())).filter(|at| *at > 8 && text.is_char_boundary(*at)).min();
    at.map_or(text, |at| &text[..at])
}

fn begins_with_update(folded: &str) -> bool {
    let bare = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
    lexicon::every().updated.iter().any(|word| bare.starts_with(word.as_str()))
}

fn is_update(page: &Page<'_>, at: usize, text: &str) -> bool {
    if begins_with_update(&fold(text)) {
        return true;
    }
    let part = &page.blocks.parts[at];
    let named = ["class", "itemprop", "id", "property"].iter().filter_map(|name| part.element.attr(name)).any(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("updat") || name.contains("modif")
    });
    // The word stands before the element: `<span>Updated: <time>`.
    let parent = part.parent.map(|parent| page.blocks.text(parent)).filter(|text| text.len() < 80);
    named || parent.is_some_and(|text| begins_with_update(&fold(&text)))
}

/// Whether a part belongs to something else: a teaser, a comment, the foot of the page, a clock.
fn is_elsewhere(page: &Page<'_>, at: usize) -> bool {
    let furniture = Tokens::RELATED | Tokens::COMMENT | Tokens::CONSENT | Tokens::AD;
    page.blocks.above(at).any(|above| {
        let part = &page.blocks.parts[above];
        match part.name() {
            "html" | "body" | "main" | "article" => false,
            "footer" => page.blocks.above(above).skip(1).all(|outer| page.blocks.parts[outer].name() != "article"),
            "nav" | "aside" => true,
            _ => part.tokens.meets(furniture) && !part.tokens.meets(Tokens::BODY),
        }
    })
}

/// The date in an address: `/2021/07/19/`, `/2021-07-19-`, `/20210719/`, `/2021/07/`. Like marks
/// between the numbers, or it is a number of something else.
fn in_address(url: &Url) -> Option<Parsed> {
    let path = url.path();
    let bytes = path.as_bytes();
    let mut month = None;
    for at in 0..bytes.len() {
        let starts = bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
        if !starts {
            continue;
        }
        let digits = |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
        let year_digits = digits(at);
        let text = match year_digits {
            8 => Some(format!("{}-{}-{}", &path[at..at + 4], &path[at + 4..at + 6], &path[at + 6..at + 8])),
            4 => {
                let mark = bytes.get(at + 4).filter(|b| matches!(**b, b'/' | b'-' | b'_')).copied();
                let month_at = at + 5;
                let month_digits = digits(month_at);
                let day_at = month_at + month_digits + 1;
                let day_digits = digits(day_at);
                let same = mark.is_some() && bytes.get(month_at + month_digits).copied() == mark;
                let month_text = path.get(month_at..month_at + month_digits).filter(|_| mark.is_some() && (1..=2).contains(&month_digits));
                match month_text {
                    Some(month) if same && (1..=2).contains(&day_digits) => {
                        Some(format!("{}-{month}-{}", &path[at..at + 4], &path[day_at..day_at + day_digits]))
                    }
                    Some(month_text) if month.is_none() && mark == Some(b'/') => {
                        month = dates::parse(&format!("{}-{month_text:0>2}", &path[at..at + 4]), None, None);
                        None
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        let parsed = text.and_then(|text| dates::parse(&text, None, None)).filter(|parsed| parsed.precision == Precision::Day);
        let plausible = |parsed: &Parsed| (FIRST_YEAR..2100).contains(&Offset::UTC.to_datetime(parsed.instant).year());
        if let Some(parsed) = parsed.filter(plausible) {
            return Some(parsed);
        }
    }
    month
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Hints, body, title};
    use courant_model::Language;

    fn found(url: &str, hints: &Hints, html: &str) -> (String, String) {
        let url = Url::parse(url).expect("an address");
        let (html, _) = crate::html::dom::parse(html);
        let page = Page::of(&html, &url, hints);
        let title = title::find(&page);
        let body = body::find(&page, &title);
        let dates = find(&page, &title, &body.blocks);
        let shown = |dated: Option<Dated>| dated.map_or("none".to_owned(), |dated| format!("{} {}", dated.to_text(), dated.source.as_str()));
        (shown(dates.published), shown(dates.modified))
    }

    fn check(html: &str, published: &str) {
        assert_eq!(found("https://example.org/a", &Hints::default(), html).0, published, "{html}");
    }

    #[test]
    fn the_most_telling_source_wins() {
        let json = "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2021-07-19T18:42:00+02:00\"}</script>";
        check(&format!("{json}<meta property='article:published_time' content='2020-01-01'>"), "2021-07-19T18:42:00+02:00 json-ld");
        check("<meta property='article:published_time' content='2021-07-19T10:00:00Z'>", "2021-07-19T10:00:00Z meta");
        check("<h1>H</h1><time datetime='2021-07-19'>yesterday</time>", "2021-07-19 time");
        check("<h1>Head line</h1><p>Published on July 19, 2021 | Updated July 21, 2021</p>", "2021-07-19 text");
        check("<h1>Head</h1><aside><time datetime='2021-07-19'></time></aside>", "none");
    }

    #[test]
    fn the_outlets_clock_tells_what_the_page_leaves_open() {
        let hints = Hints { time_zone: Some("Europe/Paris".to_owned()), ..Hints::default() };
        let html = "<meta name=date content='x'><meta property='article:published_time' content='2021-07-19 18:42'>";
        assert_eq!(found("https://example.org/a", &hints, html).0, "2021-07-19T18:42:00+02:00 meta");
    }

    #[test]
    fn the_future_is_no_date() {
        let hints = Hints { now: "2021-07-20T00:00:00Z".parse().expect("a timestamp"), ..Hints::default() };
        let html = "<meta property='article:published_time' content='2031-07-19'><h1>Head</h1><time datetime='2021-07-19'></time>";
        assert_eq!(found("https://example.org/a", &hints, html).0, "2021-07-19 time");
    }

    #[test]
    fn addresses_carry_dates() {
        let none = Hints::default();
        let of = |url: &str| found(url, &none, "<h1>Head</h1>").0;
        assert_eq!(of("https://example.org/2021/07/19/slug"), "2021-07-19 url");
        assert_eq!(of("https://example.org/news-20210719-a"), "2021-07-19 url");
        assert_eq!(of("https://example.org/a-2021-7-9-b"), "2021-07-09 url");
        assert_eq!(of("https://example.org/2021/07/slug"), "2021-07 url");
        assert_eq!(of("https://example.org/2021-07/19"), "none");
        assert_eq!(of("https://example.org/article/20219999"), "none");
    }

    #[test]
    fn words_that_contradict_the_address_are_no_date() {
        let html = "<h1>Head</h1><p>In the leak of 3 May 2016</p>";
        assert_eq!(found("https://example.org/2021/07/slug", &Hints::default(), html).0, "2021-07 url");
    }

    #[test]
    fn a_change_is_told_from_the_publication() {
        let hints = Hints { outlet_languages: vec![Language::parse("hu")], ..Hints::default() };
        let html = "<h1>Főcím szavai</h1><div>2021. július 19. 18:42 | Frissítve: 2021. július 20. 9:00</div>";
        let (published, modified) = found("https://example.org/a", &hints, html);
        assert_eq!(published, "2021-07-19T18:42:00Z text");
        assert_eq!(modified, "2021-07-20T09:00:00Z text");
    }
}
