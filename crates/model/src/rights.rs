//! What a publisher asks of those who keep and show a page: robots directives of its header and
//! its markup, and reservations against text and data mining.

use jiff::Timestamp;

/// The wishes found for one page, each with where it stood. The default asks for nothing.
///
/// Sources: `X-Robots-Tag` and `meta name=robots` (as search engines document them), TDMRep (W3C
/// Community Group report). Of two robots statements the stricter one holds; of two reservations the
/// one nearer to the page: its markup before its header before the file of its origin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    /// Not to be found by search.
    pub noindex: bool,
    /// No copy is kept.
    pub noarchive: bool,
    /// No words of the text are shown in results.
    pub nosnippet: bool,
    /// Results show at most so many characters of the text.
    pub max_snippet: Option<u32>,
    /// Its links are not followed.
    pub nofollow: bool,
    /// Not to be given to those who train models.
    pub noai: bool,
    /// Not to be shown after this moment.
    pub unavailable_after: Option<Timestamp>,
    /// Whether text and data mining is reserved (EU directive 2019/790, article 4); `None` where
    /// nobody says.
    pub tdm_reserved: Option<bool>,
    /// Where the conditions are, of those who reserve it.
    pub tdm_policy: Option<String>,
    /// The statements as found: `x-robots-tag: noarchive`, `meta robots: noindex`.
    pub evidence: Vec<String>,
}

impl Rights {
    /// These statements and `nearer` ones, which stand closer to the page.
    pub fn and(mut self, nearer: Self) -> Self {
        self.noindex |= nearer.noindex;
        self.noarchive |= nearer.noarchive;
        self.nosnippet |= nearer.nosnippet;
        self.nofollow |= nearer.nofollow;
        self.noai |= nearer.noai;
        self.max_snippet = match (self.max_snippet, nearer.max_snippet) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if nearer.tdm_reserved.is_some() {
            (self.tdm_reserved, self.tdm_policy) = (nearer.tdm_reserved, nearer.tdm_policy);
        }
        self.unavailable_after = match (self.unavailable_after, nearer.unavailable_after) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.evidence.extend(nearer.evidence);
        self
    }

    /// Whether nothing is asked at all.
    pub fn is_free(&self) -> bool {
        let asked = Self { tdm_reserved: self.tdm_reserved.filter(|reserved| *reserved), ..self.clone() };
        Self { evidence: Vec::new(), ..asked } == Self::default()
    }

    /// Whether search and lists are to leave the page out at `now`.
    pub fn hidden(&self, now: Timestamp) -> bool {
        self.noindex || self.unavailable_after.is_some_and(|after| after <= now)
    }

    /// How many characters of the text results may show; `None` for as many as they like.
    pub fn snippet_limit(&self) -> Option<usize> {
        if self.nosnippet { Some(0) } else { self.max_snippet.map(|most| most as usize) }
    }

    /// As much of `text` as lists and results may show: its first [`Self::snippet_limit`] characters.
    pub fn excerpt<'a>(&self, text: &'a str) -> &'a str {
        let end = self.snippet_limit().and_then(|most| text.char_indices().nth(most));
        end.map_or(text, |(end, _)| &text[..end])
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
        let short = |most| Rights { max_snippet: most, ..Rights::default() };
        assert_eq!(short(Some(20)).and(short(Some(9))).and(short(None)).snippet_limit(), Some(9));
        assert_eq!(Rights { nosnippet: true, ..short(Some(9)) }.snippet_limit(), Some(0));
        assert_eq!(short(None).snippet_limit(), None);
    }

    #[test]
    fn an_excerpt_ends_at_the_limit() {
        let short = |most| Rights { max_snippet: Some(most), ..Rights::default() };
        assert_eq!(short(4).excerpt("שלום עולם"), "שלום");
        assert_eq!(short(9).excerpt("שלום עולם"), "שלום עולם");
        assert_eq!(Rights::default().excerpt("all of it"), "all of it");
        assert_eq!(Rights { nosnippet: true, ..short(4) }.excerpt("none of it"), "");
    }

    #[test]
    fn the_reservation_nearest_to_the_page_holds() {
        let says = |reserved, policy: Option<&str>| Rights {
            tdm_reserved: reserved,
            tdm_policy: policy.map(str::to_owned),
            ..Rights::default()
        };
        let (file, silent) = (says(Some(true), Some("https://press.example/policy")), says(None, None));
        let freed = file.clone().and(says(Some(false), None));
        assert_eq!((freed.tdm_reserved, &freed.tdm_policy), (Some(false), &None));
        assert!(freed.is_free());
        let kept = file.and(silent);
        assert_eq!((kept.tdm_reserved, kept.tdm_policy.as_deref()), (Some(true), Some("https://press.example/policy")));
        assert_eq!(freed.and(says(Some(true), None)).tdm_reserved, Some(true));
    }

    #[test]
    fn a_page_is_hidden_by_its_wish_or_by_its_date() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().expect("a timestamp");
        let until = |text: &str| Rights { unavailable_after: text.parse().ok(), ..Rights::default() };
        assert!(until("2026-11-20T12:00:00Z").hidden(now) && !until("2026-11-20T12:00:01Z").hidden(now));
        assert!(Rights { noindex: true, ..Rights::default() }.hidden(now) && !Rights::default().hidden(now));
    }
}
