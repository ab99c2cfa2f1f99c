//! What a publisher asks of those who keep and show a page: robots directives of its header and
//! its markup, and reservations against text and data mining.

use jiff::Timestamp;

/// The wishes found for one page, each with where it stood. The default asks for nothing.
///
/// Sources: `X-Robots-Tag` and `meta name=robots` (as search engines document them), TDMRep (W3C
/// Community Group report). Of two statements the stricter one holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    /// Not to be found by search.
    pub noindex: bool,
    /// No copy is kept.
    pub noarchive: bool,
    /// No words of the text are shown in results.
    pub nosnippet: bool,
    /// Its links are not followed.
    pub nofollow: bool,
    /// Not to be shown after this moment.
    pub unavailable_after: Option<Timestamp>,
    /// Text and data mining is reserved (EU directive 2019/790, article 4).
    pub tdm_reserved: bool,
    /// The statements as found: `x-robots-tag: noarchive`, `meta robots: noindex`.
    pub evidence: Vec<String>,
}

impl Rights {
    /// Both statements together: the stricter of each.
    pub fn and(mut self, other: Self) -> Self {
        self.noindex |= other.noindex;
        self.noarchive |= other.noarchive;
        self.nosnippet |= other.nosnippet;
        self.nofollow |= other.nofollow;
        self.tdm_reserved |= other.tdm_reserved;
        self.unavailable_after = match (self.unavailable_after, other.unavailable_after) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.evidence.extend(other.evidence);
        self
    }

    /// Whether anything is asked at all.
    pub fn is_free(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_statement_holds() {
        let header = Rights { noarchive: true, evidence: vec!["header".into()], ..Rights::default() };
        let page = Rights { noindex: true, evidence: vec!["meta".into()], ..Rights::default() };
        let both = header.and(page);
        assert!(both.noarchive && both.noindex && !both.nofollow);
        assert_eq!(both.evidence, ["header", "meta"]);
        assert!(!both.is_free() && Rights::default().is_free());
    }
}
