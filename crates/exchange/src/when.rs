//! Times and dates, as the outside reads them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A date with how much of it was said and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dated {
    /// RFC 3339 at the precision it has: `2021`, `2021-07`, `2021-07-19`,
    /// `2021-07-19T18:42:00+02:00`.
    pub date: String,
    /// How much was said: `year`, `month`, `day`, `minute` or `second`.
    pub precision: String,
    /// Where it was said: `json-ld`, `meta`, `microdata`, `time`, `url`, `text`, `feed`, `sitemap`
    /// or `import`.
    pub source: String,
}

impl From<courant_model::Dated> for Dated {
    fn from(dated: courant_model::Dated) -> Self {
        Self {
            date: dated.to_text(),
            precision: dated.precision.as_str().to_owned(),
            source: dated.source.as_str().to_owned(),
        }
    }
}

/// A moment as every outside shape writes it: RFC 3339, UTC, `Z`.
pub fn instant(moment: Timestamp) -> String {
    moment.to_string()
}

#[cfg(test)]
mod tests {
    use courant_model::{DateSource, Precision};

    use super::*;

    #[test]
    fn a_date_keeps_its_precision_and_source() {
        let dated = courant_model::Dated {
            instant: "2021-07-19T00:00:00Z".parse().expect("a timestamp"),
            offset: None,
            precision: Precision::Day,
            source: DateSource::JsonLd,
        };
        let expected = Dated { date: "2021-07-19".into(), precision: "day".into(), source: "json-ld".into() };
        assert_eq!(Dated::from(dated), expected);
    }

    #[test]
    fn a_moment_is_told_in_utc() {
        assert_eq!(instant("2021-07-19T18:42:00+02:00".parse().expect("a timestamp")), "2021-07-19T16:42:00Z");
    }
}
