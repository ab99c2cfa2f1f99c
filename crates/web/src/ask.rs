//! A search as an address says it: the parameters that the API, the search page and the feeds of
//! searches share, read into what the index is asked, and written back into links.

use courant_model::{Language, NetworkId, OutletId, ProjectId, StoryId};
use courant_search::{Facet, Filters, HistogramAsk, Interval, Order, SearchPage, whole_date};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use url::form_urlencoded;
use utoipa::IntoParams;

use crate::fault::Fault;

/// The parameters of a search. Those that may stand several times also take a list with commas.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchParams {
    /// What to look for: words, "phrases", `OR`, `-not`, `outlet:`, `lang:`, `network:`, `country:`,
    /// `story:`, `project:`, `title:`, `author:`. Empty for all articles.
    pub(crate) q: Option<String>,
    /// Of these outlets (ids).
    pub(crate) outlet: Vec<String>,
    /// Of outlets of these networks (ids).
    pub(crate) network: Vec<String>,
    /// Of these projects (ids).
    pub(crate) project: Vec<String>,
    /// In these languages (ISO 639).
    pub(crate) lang: Vec<String>,
    /// Of outlets of these countries (ISO 3166-1 alpha-2).
    pub(crate) country: Vec<String>,
    /// Published then or later: `2021`, `2021-07`, `2021-07-19` or an RFC 3339 time.
    pub(crate) from: Option<String>,
    /// Published up to then: a year, month or day is meant whole, a time is exclusive.
    pub(crate) to: Option<String>,
    /// With these words in the byline.
    pub(crate) author: Option<String>,
    /// Of this story (id).
    pub(crate) story: Option<String>,
    /// `relevance` (where there are words to look for), `newest` (where there are none), `oldest` or
    /// `changed`.
    #[param(inline, value_type = Option<SortName>)]
    pub(crate) sort: Option<String>,
    /// At most so many.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub(crate) limit: Option<usize>,
    /// Where the next page begins: `next` of the page before.
    pub(crate) cursor: Option<String>,
    /// In these sections of their outlets.
    pub(crate) section: Vec<String>,
    /// With these tags of their outlets.
    pub(crate) tag: Vec<String>,
    /// By these authors (whole names).
    pub(crate) byline: Vec<String>,
    /// Credited to these agencies (ids).
    pub(crate) agency: Vec<String>,
    /// That credit or link to these outlets (ids).
    pub(crate) cites: Vec<String>,
    /// Of these kinds: `article`, `fact-check`.
    pub(crate) kind: Vec<String>,
    /// Behind a paywall, or not.
    pub(crate) paywalled: Option<bool>,
    /// Changed after they were first seen, or not.
    pub(crate) edited: Option<bool>,
    /// Show only the best of a group of near copies.
    pub(crate) collapse: Option<bool>,
    /// Look for names in other scripts too, by what they sound like.
    #[param(default = true)]
    pub(crate) names: Option<bool>,
    /// Tell what each word of `q` became (`expanded`), and what of each hit matched it (`why`).
    pub(crate) explain: Option<bool>,
    /// Count by these: `outlet`, `network`, `project`, `country`, `language`, `author`, `section`, `tag`,
    /// `agency`, `cites`, `kind`, `paywalled`, `edited`, `story`; `true` for all but the last.
    pub(crate) facets: Vec<String>,
    /// Count over time: `hour`, `day`, `week` or `month`.
    #[param(inline, value_type = Option<IntervalName>)]
    pub(crate) histogram: Option<String>,
    /// The time zone by whose clock (IANA): `Europe/Paris`.
    #[param(default = "UTC")]
    pub(crate) zone: Option<String>,
}

/// The values of `histogram`, for the document.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "its variants are read by the schema alone")]
enum IntervalName {
    Hour,
    Day,
    Week,
    Month,
}

/// The values of `sort`, for the document.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "its variants are read by the schema alone")]
enum SortName {
    Relevance,
    Newest,
    Oldest,
    Changed,
}

/// Names of the orders, as addresses write them.
pub(crate) const SORTS: [(&str, Order); 4] = [
    ("relevance", Order::Relevance),
    ("newest", Order::Newest),
    ("oldest", Order::Oldest),
    ("changed", Order::Changed),
];

/// The most hits of one page.
const MOST: usize = 100;

impl SearchParams {
    /// The words to look for.
    pub(crate) fn words(&self) -> &str {
        self.q.as_deref().unwrap_or_default().trim()
    }

    /// What the index is asked.
    pub(crate) fn page(&self) -> Result<SearchPage, Fault> {
        let limit = self.limit.unwrap_or(20);
        if !(1..=MOST).contains(&limit) {
            let detail = format!("limit={limit} is out of bounds");
            return Err(Fault::bad_parameter("limit", detail, format!("give 1 to {MOST}")));
        }
        Ok(SearchPage {
            filters: self.filters()?,
            order: self.order()?,
            limit,
            after: given(&self.cursor).map(str::to_owned),
            collapse: self.collapse.unwrap_or(false),
            why: self.explain.unwrap_or(false),
            facets: self.facets()?,
            histogram: self.histogram_ask()?,
            ..SearchPage::default()
        })
    }

    /// What hits are counted by.
    fn facets(&self) -> Result<Vec<Facet>, Fault> {
        let mut facets = Vec::new();
        for name in values(&self.facets) {
            match Facet::parse(name) {
                Some(facet) if facets.contains(&facet) => (),
                Some(facet) => facets.push(facet),
                None if name == "false" => (),
                None if name == "true" => {
                    facets = Facet::ALL.into_iter().filter(|facet| *facet != Facet::Story).collect();
                }
                None => {
                    let known = Facet::ALL.map(Facet::as_str).join(", ");
                    let mend = format!("give true, or of {known}");
                    return Err(Fault::bad_parameter("facets", format!("there is no facet '{name}'"), mend));
                }
            }
        }
        Ok(facets)
    }

    fn histogram_ask(&self) -> Result<Option<HistogramAsk>, Fault> {
        let Some(name) = given(&self.histogram) else { return Ok(None) };
        let interval = Interval::parse(name).ok_or_else(|| {
            let known = Interval::ALL.map(Interval::as_str).join(", ");
            Fault::bad_parameter("histogram", format!("there is no interval '{name}'"), known)
        })?;
        let zone = self.zone_name();
        let unknown = |_| Fault::bad_parameter("zone", format!("there is no time zone '{zone}'"), "give Europe/Paris");
        Ok(Some(HistogramAsk { interval, zone: TimeZone::get(zone).map_err(unknown)? }))
    }

    fn zone_name(&self) -> &str {
        given(&self.zone).unwrap_or("UTC")
    }

    /// A histogram as it is told.
    pub(crate) fn histogram(&self, found: courant_search::Histogram) -> courant_exchange::Histogram {
        let bucket = |bucket: courant_search::Bucket| courant_exchange::Bucket {
            start: bucket.start.to_string(),
            count: bucket.count,
        };
        courant_exchange::Histogram {
            interval: found.interval.as_str().to_owned(),
            zone: self.zone_name().to_owned(),
            buckets: found.buckets.into_iter().map(bucket).collect(),
            earlier: found.earlier,
        }
    }

    /// In which order: as asked, else by relevance where there are words, else newest first.
    pub(crate) fn order(&self) -> Result<Order, Fault> {
        match given(&self.sort) {
            None if self.words().is_empty() => Ok(Order::Newest),
            None => Ok(Order::Relevance),
            Some(name) => {
                let order = SORTS.iter().find(|(known, _)| *known == name).map(|(_, order)| *order);
                let known = SORTS.map(|(known, _)| known).join(", ");
                order.ok_or_else(|| Fault::bad_parameter("sort", format!("there is no order '{name}'"), known))
            }
        }
    }

    fn filters(&self) -> Result<Filters, Fault> {
        Ok(Filters {
            outlets: values(&self.outlet).map(OutletId::new).collect(),
            networks: values(&self.network).map(NetworkId::new).collect(),
            projects: values(&self.project).map(ProjectId::new).collect(),
            languages: values(&self.lang).map(|code| language("lang", code)).collect::<Result<_, _>>()?,
            countries: values(&self.country).map(country).collect::<Result<_, _>>()?,
            story: given(&self.story).map(story).transpose()?,
            author: given(&self.author).map(str::to_owned),
            authors: values(&self.byline).map(str::to_owned).collect(),
            sections: values(&self.section).map(str::to_owned).collect(),
            tags: values(&self.tag).map(str::to_owned).collect(),
            agencies: values(&self.agency).map(str::to_owned).collect(),
            cites: values(&self.cites).map(OutletId::new).collect(),
            kinds: values(&self.kind).map(str::to_owned).collect(),
            paywalled: self.paywalled,
            edited: self.edited,
            one_script: self.names == Some(false),
            from: given(&self.from).map(|text| moment("from", text, Edge::Start)).transpose()?,
            to: given(&self.to).map(|text| moment("to", text, Edge::End)).transpose()?,
        })
    }

    /// The same, with `change` made, from its first page.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = Self { cursor: None, ..self.clone() };
        change(&mut changed);
        changed
    }

    /// This search as an address under `path`.
    pub(crate) fn address(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, text) in [("q", &self.q), ("from", &self.from), ("to", &self.to), ("author", &self.author)] {
            given(text).map(|text| query.append_pair(name, text));
        }
        let lists = [
            ("outlet", &self.outlet),
            ("network", &self.network),
            ("project", &self.project),
            ("lang", &self.lang),
            ("country", &self.country),
            ("section", &self.section),
            ("tag", &self.tag),
            ("byline", &self.byline),
            ("agency", &self.agency),
            ("cites", &self.cites),
            ("kind", &self.kind),
        ];
        for (name, list) in lists {
            for value in values(list) {
                query.append_pair(name, value);
            }
        }
        for (name, text) in [("story", &self.story), ("sort", &self.sort), ("cursor", &self.cursor)] {
            given(text).map(|text| query.append_pair(name, text));
        }
        for (name, flag) in
            [("paywalled", self.paywalled), ("edited", self.edited), ("collapse", self.collapse), ("names", self.names)]
        {
            flag.map(|flag| query.append_pair(name, if flag { "true" } else { "false" }));
        }
        if let Some(limit) = self.limit {
            query.append_pair("limit", &limit.to_string());
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// A form sends what was left empty; it means "not asked".
fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// The values of a list, written several times or with commas.
pub(crate) fn values(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().flat_map(|value| value.split(',')).map(str::trim).filter(|value| !value.is_empty())
}

/// The language of this code.
pub(crate) fn language(field: &str, code: &str) -> Result<Language, Fault> {
    let language = Language::parse(code);
    if language == Language::UND && code != "und" {
        let detail = format!("'{code}' is no language code");
        return Err(Fault::bad_parameter(field, detail, "give ISO 639: fr, ar, zh; und for unknown"));
    }
    Ok(language)
}

fn country(code: &str) -> Result<String, Fault> {
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(code.to_ascii_uppercase());
    }
    Err(Fault::bad_parameter("country", format!("'{code}' is no country code"), "give ISO 3166-1 alpha-2: FR, IN, MX"))
}

fn story(id: &str) -> Result<StoryId, Fault> {
    id.parse().map_err(|error| Fault::bad_parameter("story", format!("{error}"), "take it from a story's address"))
}

/// Which end of a year, month or day is meant.
#[derive(Clone, Copy, PartialEq)]
enum Edge {
    Start,
    End,
}

/// Reads a date. `End` of a day is the start of the next, so that `to=2021-07-19` holds that day.
fn moment(field: &str, text: &str, edge: Edge) -> Result<Timestamp, Fault> {
    let wrong = || {
        let mend = "give 2021, 2021-07, 2021-07-19 or 2021-07-19T18:42:00Z";
        Fault::bad_parameter(field, format!("'{text}' is no date"), mend)
    };
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Ok(exact);
    }
    let (start, next) = whole_date(text).ok_or_else(wrong)?;
    if edge == Edge::Start { Ok(start) } else { next.ok_or_else(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str, edge: Edge) -> Option<String> {
        moment("from", text, edge).ok().map(|moment| moment.to_string())
    }

    #[test]
    fn a_date_may_be_as_short_as_a_year() {
        for (text, start, end) in [
            ("2021", "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z"),
            ("2021-12", "2021-12-01T00:00:00Z", "2022-01-01T00:00:00Z"),
            ("2021-07-19", "2021-07-19T00:00:00Z", "2021-07-20T00:00:00Z"),
            ("2021-07-19T18:42:00+02:00", "2021-07-19T16:42:00Z", "2021-07-19T16:42:00Z"),
        ] {
            assert_eq!(date(text, Edge::Start).as_deref(), Some(start), "{text}");
            assert_eq!(date(text, Edge::End).as_deref(), Some(end), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for odd in ["yesterday", "21-07-19", "2021-13", "2021-02-30", "2021-7-1-1", "", "-1", "99999", "2021-07-19T9"] {
            assert_eq!(date(odd, Edge::Start), None, "{odd}");
            assert_eq!(date(odd, Edge::End), None, "{odd}");
        }
        assert_eq!(date("9999", Edge::End), None, "no next year to end before");
    }

    #[test]
    fn a_search_is_written_as_it_is_read() {
        let search = SearchParams {
            q: Some("\"a b\" & c".into()),
            outlet: vec!["x,y".into(), "z".into()],
            lang: vec![String::new(), "ar".into()],
            sort: Some("newest".into()),
            ..SearchParams::default()
        };
        let address = search.address("/search");
        assert_eq!(address, "/search?q=%22a+b%22+%26+c&outlet=x&outlet=y&outlet=z&lang=ar&sort=newest");
        let page = search.page().expect("good");
        assert_eq!(page.filters.outlets.len(), 3);
        assert_eq!((page.order, page.limit), (Order::Newest, 20));
        assert_eq!(SearchParams::default().address("/search"), "/search");
    }

    #[test]
    fn without_words_the_newest_come_first() {
        assert_eq!(SearchParams::default().order().expect("good"), Order::Newest);
        let words = SearchParams { q: Some("x".into()), ..SearchParams::default() };
        assert_eq!(words.order().expect("good"), Order::Relevance);
    }

    #[test]
    fn bad_values_name_their_field() {
        let field = |params: SearchParams| params.page().err().and_then(|fault| fault.problem().field.clone());
        let base = SearchParams::default;
        assert_eq!(field(SearchParams { lang: vec!["english".into()], ..base() }).as_deref(), Some("lang"));
        assert_eq!(field(SearchParams { country: vec!["FRA".into()], ..base() }).as_deref(), Some("country"));
        assert_eq!(field(SearchParams { story: Some("x".into()), ..base() }).as_deref(), Some("story"));
        assert_eq!(field(SearchParams { sort: Some("best".into()), ..base() }).as_deref(), Some("sort"));
        assert_eq!(field(SearchParams { limit: Some(0), ..base() }).as_deref(), Some("limit"));
        assert_eq!(field(SearchParams { to: Some("soon".into()), ..base() }).as_deref(), Some("to"));
        assert_eq!(field(base()), None);
    }
}
