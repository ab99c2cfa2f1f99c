//! When something was published, as well as anybody knows: an instant, how precise it is, whose
//! clock it was told by, and where on the page it stood.

use jiff::Timestamp;
use jiff::tz::Offset;

/// How much of a date was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// A calendar day.
    Day,
    /// A time of day to the minute.
    Minute,
    /// A time of day to the second or finer.
    Second,
}

/// Where a date was found, most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateSource {
    /// `datePublished` or `dateModified` in JSON-LD.
    JsonLd,
    /// A `meta` element (`article:published_time`, `dc.date`, …).
    Meta,
    /// Microdata or RDFa on the page.
    Microdata,
    /// A `time` element.
    Time,
    /// The page's address.
    Url,
    /// Words on the page.
    Text,
    /// The feed that named the article.
    Feed,
    /// The sitemap that named the article.
    Sitemap,
    /// The row that was imported.
    Import,
}

/// A date with its precision and source. "Unknown" is `Option::None` where this stands.
///
/// `instant` is the start of what was said (midnight for a day, in `offset` or UTC). `offset` is
/// the clock that the page told it by, where it said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// The first moment that the date can mean.
    pub instant: Timestamp,
    /// Seconds east of UTC as printed; `None` where the page did not say.
    pub offset: Option<Offset>,
    /// How much was said.
    pub precision: Precision,
    /// Where it was said.
    pub source: DateSource,
}

impl Precision {
    /// The name that the record and the outside shapes use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Minute => "minute",
            Self::Second => "second",
        }
    }

    /// Reads what [`Self::as_str`] wrote.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Year, Self::Month, Self::Day, Self::Minute, Self::Second].into_iter().find(|p| p.as_str() == name)
    }
}

impl DateSource {
    const ALL: [Self; 9] = [
        Self::JsonLd,
        Self::Meta,
        Self::Microdata,
        Self::Time,
        Self::Url,
        Self::Text,
        Self::Feed,
        Self::Sitemap,
        Self::Import,
    ];

    /// The name that the record and the outside shapes use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::JsonLd => "json-ld",
            Self::Meta => "meta",
            Self::Microdata => "microdata",
            Self::Time => "time",
            Self::Url => "url",
            Self::Text => "text",
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
            Self::Import => "import",
        }
    }

    /// Reads what [`Self::as_str`] wrote.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}

impl Dated {
    /// The date as RFC 3339 at the precision it has: `2021`, `2021-07`, `2021-07-19`,
    /// `2021-07-19T18:42:00+02:00`. Told by the page's own clock where it named one, else in UTC.
    pub fn to_text(&self) -> String {
        let local = self.offset.unwrap_or(Offset::UTC).to_datetime(self.instant);
        let day = local.date();
        match self.precision {
            Precision::Year => format!("{:04}", day.year()),
            Precision::Month => format!("{:04}-{:02}", day.year(), day.month()),
            Precision::Day => day.to_string(),
            Precision::Minute | Precision::Second => {
                let seconds = self.offset.unwrap_or(Offset::UTC).seconds();
                let zone = if seconds == 0 {
                    "Z".to_owned()
                } else {
                    let minutes = seconds.unsigned_abs() / 60;
                    format!("{}{:02}:{:02}", if seconds < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
                };
                format!("{}T{:02}:{:02}:{:02}{zone}", day, local.hour(), local.minute(), local.second())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dated(instant: &str, offset: Option<i8>, precision: Precision) -> String {
        Dated {
            instant: instant.parse().expect("a timestamp"),
            offset: offset.map(jiff::tz::offset),
            precision,
            source: DateSource::Meta,
        }
        .to_text()
    }

    #[test]
    fn a_date_says_no_more_than_it_knows() {
        assert_eq!(dated("2021-07-19T00:00:00Z", None, Precision::Day), "2021-07-19");
        assert_eq!(dated("2021-07-01T00:00:00Z", None, Precision::Month), "2021-07");
        assert_eq!(dated("2021-01-01T00:00:00Z", None, Precision::Year), "2021");
    }

    #[test]
    fn a_time_is_told_by_the_pages_own_clock() {
        assert_eq!(dated("2021-07-19T16:42:00Z", Some(2), Precision::Second), "2021-07-19T18:42:00+02:00");
        assert_eq!(dated("2021-07-19T16:42:00Z", Some(-3), Precision::Minute), "2021-07-19T13:42:00-03:00");
        assert_eq!(dated("2021-07-19T16:42:00Z", None, Precision::Minute), "2021-07-19T16:42:00Z");
    }

    #[test]
    fn a_day_is_the_day_of_the_pages_own_clock() {
        assert_eq!(dated("2021-07-18T22:00:00Z", Some(2), Precision::Day), "2021-07-19");
    }

    #[test]
    fn names_are_read_back() {
        for source in DateSource::ALL {
            assert_eq!(DateSource::parse(source.as_str()), Some(source));
        }
        assert_eq!(Precision::parse("day"), Some(Precision::Day));
        assert_eq!(Precision::parse("fortnight"), None);
    }
}
