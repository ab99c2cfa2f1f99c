//! How the nouns lie in the record's columns: plain values, and JSON for lists and small structs.
//!
//! Each noun that is kept as JSON has a [`Shape`] of its own here, so that a field renamed in
//! `model` renames nothing on the disk. A shape may gain fields with a default; it never loses one.

use std::collections::BTreeMap;

use courant_model::{
    Author, CanonicalUrl, Capture, Claim, Credit, DateSource, Dated, Evidence, Facts, HostRule, Image, Language, Link,
    Outlet, OutletId, OutletOrigin, Precision, Rating, Rights, Translation,
};
use jiff::Timestamp;
use jiff::tz::Offset;
use rusqlite::types::ValueRef;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::fault::{Fault, Kept};

/// A noun that is kept as JSON.
pub(super) trait Shaped: Sized {
    /// What is written.
    type Shape: Serialize + DeserializeOwned;
    /// The noun as it is written.
    fn shape(&self) -> Self::Shape;
    /// The noun again; `None` where the shape holds a value that the noun cannot have.
    fn noun(shape: Self::Shape) -> Option<Self>;
}

impl<T: Shaped> Shaped for Vec<T> {
    type Shape = Vec<T::Shape>;
    fn shape(&self) -> Self::Shape {
        self.iter().map(T::shape).collect()
    }
    fn noun(shape: Self::Shape) -> Option<Self> {
        shape.into_iter().map(T::noun).collect()
    }
}

impl Shaped for String {
    type Shape = Self;
    fn shape(&self) -> Self {
        self.clone()
    }
    fn noun(shape: Self) -> Option<Self> {
        Some(shape)
    }
}

/// The JSON of `value`.
pub(super) fn write<T: Shaped>(value: &T) -> String {
    serde_json::to_string(&value.shape()).expect("shapes are made of text, numbers, lists and maps by text")
}

/// Reads what [`write()`] wrote; `what` is for the message of a column that holds something else.
pub(super) fn read<T: Shaped>(what: &str, value: ValueRef<'_>) -> Kept<T> {
    let text = text(what, value)?;
    serde_json::from_str(text).ok().and_then(T::noun).ok_or_else(|| Fault::corrupt(what, text))
}

/// Reads a column that may be empty.
pub(super) fn read_option<T: Shaped>(what: &str, value: ValueRef<'_>) -> Kept<Option<T>> {
    match value {
        ValueRef::Null => Ok(None),
        value => read(what, value).map(Some),
    }
}

/// A column's text, without copying it.
pub(super) fn text<'a>(what: &str, value: ValueRef<'a>) -> Kept<&'a str> {
    value.as_str().map_err(|error| Fault::corrupt(what, error))
}

/// A column that holds one of a few names.
pub(super) fn named<T>(what: &str, value: ValueRef<'_>, parse: impl Fn(&str) -> Option<T>) -> Kept<T> {
    let name = text(what, value)?;
    parse(name).ok_or_else(|| Fault::corrupt(what, name))
}

/// A column that holds a canonical URL.
pub(super) fn url(value: ValueRef<'_>) -> Kept<CanonicalUrl> {
    named("address", value, CanonicalUrl::parse)
}

/// A time as it is kept.
pub(super) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// A time as it was kept.
pub(super) fn timestamp(micros: i64) -> Kept<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|error| Fault::corrupt("time", error))
}

/// A time that may be unknown.
pub(super) fn timestamp_option(micros: Option<i64>) -> Kept<Option<Timestamp>> {
    micros.map(timestamp).transpose()
}

/// A count or position as SQLite has it. One beyond its range is as good as its greatest.
pub(super) fn signed(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// A count or position as it was kept.
pub(super) fn number<T: TryFrom<i64>>(what: &str, value: i64) -> Kept<T> {
    T::try_from(value).map_err(|_| Fault::corrupt(what, value))
}

/// A real number that SQLite and JSON can both hold.
pub(super) fn finite(number: f32) -> f32 {
    if number.is_finite() { number } else { 0.0 }
}

#[derive(Serialize, Deserialize)]
pub(super) struct DatedShape {
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offset: Option<i32>,
    precision: String,
    source: String,
}

impl Shaped for Dated {
    type Shape = DatedShape;
    fn shape(&self) -> DatedShape {
        DatedShape {
            at: micros(self.instant),
            offset: self.offset.map(Offset::seconds),
            precision: self.precision.as_str().to_owned(),
            source: self.source.as_str().to_owned(),
        }
    }
    fn noun(shape: DatedShape) -> Option<Self> {
        Some(Self {
            instant: Timestamp::from_microsecond(shape.at).ok()?,
            offset: match shape.offset {
                Some(seconds) => Some(Offset::from_seconds(seconds).ok()?),
                None => None,
            },
            precision: Precision::parse(&shape.precision)?,
            source: DateSource::parse(&shape.source)?,
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct AuthorShape {
    name: String,
    #[serde(default)]
    organisation: bool,
}

impl Shaped for Author {
    type Shape = AuthorShape;
    fn shape(&self) -> AuthorShape {
        AuthorShape { name: self.name.clone(), organisation: self.organisation }
    }
    fn noun(shape: AuthorShape) -> Option<Self> {
        Some(Self { name: shape.name, organisation: shape.organisation })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct ImageShape {
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caption: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credit: Option<String>,
}

impl Shaped for Image {
    type Shape = ImageShape;
    fn shape(&self) -> ImageShape {
        ImageShape { url: self.url.clone(), caption: self.caption.clone(), credit: self.credit.clone() }
    }
    fn noun(shape: ImageShape) -> Option<Self> {
        Some(Self { url: shape.url, caption: shape.caption, credit: shape.credit })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct LinkShape {
    url: String,
    anchor: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sentence: Option<String>,
}

impl Shaped for Link {
    type Shape = LinkShape;
    fn shape(&self) -> LinkShape {
        LinkShape { url: self.url.as_str().to_owned(), anchor: self.anchor.clone(), sentence: self.sentence.clone() }
    }
    fn noun(shape: LinkShape) -> Option<Self> {
        Some(Self { url: CanonicalUrl::parse(&shape.url)?, anchor: shape.anchor, sentence: shape.sentence })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct CreditShape {
    outlet: String,
    name: String,
    sentence: String,
    #[serde(default)]
    linked: bool,
}

impl Shaped for Credit {
    type Shape = CreditShape;
    fn shape(&self) -> CreditShape {
        CreditShape {
            outlet: self.outlet.as_str().to_owned(),
            name: self.name.clone(),
            sentence: self.sentence.clone(),
            linked: self.linked,
        }
    }
    fn noun(shape: CreditShape) -> Option<Self> {
        let outlet = OutletId::new(&shape.outlet);
        Some(Self { outlet, name: shape.name, sentence: shape.sentence, linked: shape.linked })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct ClaimShape {
    claim: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claimant: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rating: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    best: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    worst: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reviewed: Option<DatedShape>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claimed: Option<DatedShape>,
}

impl Shaped for Claim {
    type Shape = ClaimShape;
    fn shape(&self) -> ClaimShape {
        ClaimShape {
            claim: self.claim.clone(),
            claimant: self.claimant.clone(),
            rating: self.rating.name.clone(),
            value: self.rating.value,
            best: self.rating.best,
            worst: self.rating.worst,
            url: self.url.clone(),
            reviewed: self.reviewed.as_ref().map(Dated::shape),
            claimed: self.claimed.as_ref().map(Dated::shape),
        }
    }
    fn noun(shape: ClaimShape) -> Option<Self> {
        let rating = Rating { name: shape.rating, value: shape.value, best: shape.best, worst: shape.worst };
        Some(Self {
            claim: shape.claim,
            claimant: shape.claimant,
            rating,
            url: shape.url,
            reviewed: shape.reviewed.and_then(Dated::noun),
            claimed: shape.claimed.and_then(Dated::noun),
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct TranslationShape {
    language: String,
    url: String,
}

impl Shaped for Translation {
    type Shape = TranslationShape;
    fn shape(&self) -> TranslationShape {
        TranslationShape { language: self.language.as_str().to_owned(), url: self.url.as_str().to_owned() }
    }
    fn noun(shape: TranslationShape) -> Option<Self> {
        Some(Self { language: Language::parse(&shape.language), url: CanonicalUrl::parse(&shape.url)? })
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RightsShape {
    noindex: bool,
    noarchive: bool,
    nosnippet: bool,
    nofollow: bool,
    max_snippet: Option<u32>,
    noai: bool,
    unavailable_after: Option<i64>,
    tdm_reserved: Option<bool>,
    tdm_policy: Option<String>,
    evidence: Vec<String>,
}

impl Shaped for Rights {
    type Shape = RightsShape;
    fn shape(&self) -> RightsShape {
        RightsShape {
            noindex: self.noindex,
            noarchive: self.noarchive,
            nosnippet: self.nosnippet,
            nofollow: self.nofollow,
            max_snippet: self.max_snippet,
            noai: self.noai,
            unavailable_after: self.unavailable_after.map(micros),
            tdm_reserved: self.tdm_reserved,
            tdm_policy: self.tdm_policy.clone(),
            evidence: self.evidence.clone(),
        }
    }
    fn noun(shape: RightsShape) -> Option<Self> {
        Some(Self {
            noindex: shape.noindex,
            noarchive: shape.noarchive,
            nosnippet: shape.nosnippet,
            nofollow: shape.nofollow,
            unavailable_after: match shape.unavailable_after {
                Some(time) => Some(Timestamp::from_microsecond(time).ok()?),
                None => None,
            },
            max_snippet: shape.max_snippet,
            noai: shape.noai,
            tdm_reserved: shape.tdm_reserved,
            tdm_policy: shape.tdm_policy,
            evidence: shape.evidence,
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct CaptureShape {
    file: String,
    offset: u64,
    digest: String,
    at: i64,
}

impl Shaped for Capture {
    type Shape = CaptureShape;
    fn shape(&self) -> CaptureShape {
        CaptureShape { file: self.file.clone(), offset: self.offset, digest: self.digest.clone(), at: micros(self.at) }
    }
    fn noun(shape: CaptureShape) -> Option<Self> {
        let at = Timestamp::from_microsecond(shape.at).ok()?;
        Some(Self { file: shape.file, offset: shape.offset, digest: shape.digest, at })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum EvidenceShape {
    Words { score: f32, shared: Vec<String> },
    Translation(String),
    SharedLink(String),
    Link(String),
}

impl Shaped for Evidence {
    type Shape = EvidenceShape;
    fn shape(&self) -> EvidenceShape {
        match self {
            Self::Words { score, shared } => EvidenceShape::Words { score: finite(*score), shared: shared.clone() },
            Self::Translation(url) => EvidenceShape::Translation(url.clone()),
            Self::SharedLink(url) => EvidenceShape::SharedLink(url.clone()),
            Self::Link(article) => EvidenceShape::Link(article.to_string()),
        }
    }
    fn noun(shape: EvidenceShape) -> Option<Self> {
        Some(match shape {
            EvidenceShape::Words { score, shared } => Self::Words { score, shared },
            EvidenceShape::Translation(url) => Self::Translation(url),
            EvidenceShape::SharedLink(url) => Self::SharedLink(url),
            EvidenceShape::Link(article) => Self::Link(article.parse().ok()?),
        })
    }
}

impl Shaped for Facts {
    type Shape = Vec<(String, String)>;
    fn shape(&self) -> Self::Shape {
        self.0.clone()
    }
    fn noun(shape: Self::Shape) -> Option<Self> {
        Some(Self(shape))
    }
}

impl Shaped for OutletId {
    type Shape = String;
    fn shape(&self) -> String {
        self.as_str().to_owned()
    }
    fn noun(shape: String) -> Option<Self> {
        Some(Self::new(&shape))
    }
}

impl Shaped for Language {
    type Shape = String;
    fn shape(&self) -> String {
        self.as_str().to_owned()
    }
    fn noun(shape: String) -> Option<Self> {
        Some(Self::parse(&shape))
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct OutletShape {
    id: String,
    name: String,
    #[serde(default)]
    aliases: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    homepage: Option<String>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    feeds: Vec<String>,
    #[serde(default)]
    sitemaps: Vec<String>,
    #[serde(default)]
    sections: Vec<String>,
    #[serde(default)]
    time_zone: Option<String>,
    #[serde(default)]
    notes: Option<String>,
    origin: String,
}

impl Shaped for Outlet {
    type Shape = OutletShape;
    fn shape(&self) -> OutletShape {
        let aliases = self.aliases.iter().map(|(language, names)| (language.as_str().to_owned(), names.clone()));
        OutletShape {
            id: self.id.as_str().to_owned(),
            name: self.name.clone(),
            aliases: aliases.collect(),
            country: self.country.clone(),
            languages: self.languages.shape(),
            homepage: self.homepage.clone(),
            hosts: self.hosts.iter().map(HostRule::as_text).collect(),
            feeds: self.feeds.clone(),
            sitemaps: self.sitemaps.clone(),
            sections: self.sections.clone(),
            time_zone: self.time_zone.clone(),
            notes: self.notes.clone(),
            origin: self.origin.as_str().to_owned(),
        }
    }
    fn noun(shape: OutletShape) -> Option<Self> {
        let aliases = shape.aliases.into_iter().map(|(language, names)| (Language::parse(&language), names));
        Some(Self {
            id: OutletId::new(&shape.id),
            name: shape.name,
            aliases: aliases.collect(),
            country: shape.country,
            languages: Vec::noun(shape.languages)?,
            homepage: shape.homepage,
            hosts: shape.hosts.iter().map(|rule| HostRule::parse(rule)).collect(),
            feeds: shape.feeds,
            sitemaps: shape.sitemaps,
            sections: shape.sections,
            time_zone: shape.time_zone,
            notes: shape.notes,
            origin: OutletOrigin::parse(&shape.origin)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use courant_model::ArticleId;

    use super::*;

    fn check<T: Shaped + PartialEq + std::fmt::Debug>(noun: &T) {
        let json = write(noun);
        let again: T = read("noun", ValueRef::Text(json.as_bytes())).unwrap();
        assert_eq!(again, *noun, "{json}");
    }

    fn url(text: &str) -> CanonicalUrl {
        CanonicalUrl::parse(text).unwrap()
    }

    #[test]
    fn nouns_come_back_as_they_went() {
        let at = Timestamp::from_microsecond(1_626_712_920_000_001).unwrap();
        for offset in [None, Some(jiff::tz::offset(-3))] {
            check(&Dated { instant: at, offset, precision: Precision::Minute, source: DateSource::JsonLd });
        }
        check(&vec![Author { name: "Åsa \"Q\" 李".to_owned(), organisation: true }]);
        check(&Image { url: "https://a.example/1.jpg".to_owned(), caption: None, credit: Some("A / AFP".to_owned()) });
        check(&Link { url: url("https://a.example/x?y=1"), anchor: String::new(), sentence: Some("S.".to_owned()) });
        check(&Translation { language: Language::parse("ar"), url: url("https://a.example/ar") });
        check(&Rights { noarchive: true, unavailable_after: Some(at), ..Rights::default() });
        check(&Capture { file: "a.warc.gz".to_owned(), offset: u64::MAX, digest: "sha1:A".to_owned(), at });
        check(&Facts::none().with("revision", 2).with("changed", "title body"));
        check(&vec![
            Evidence::Words { score: 0.5, shared: vec!["pegasus".to_owned()] },
            Evidence::Translation("a.example/ar".to_owned()),
            Evidence::SharedLink("b.example/".to_owned()),
            Evidence::Link(ArticleId::from_bytes([7; 16])),
        ]);
        let aliases = BTreeMap::from([(Language::parse("he"), vec!["העין".to_owned()])]);
        check(&Outlet { aliases, languages: vec![Language::parse("he")], ..Outlet::found("a.example") });
    }

    #[test]
    fn rights_that_were_written_before_there_were_so_many_are_read() {
        let old = r#"{"noindex":true,"noarchive":false,"nosnippet":false,"nofollow":false,"unavailable_after":null,
            "tdm_reserved":true,"evidence":["meta robots: noindex"]}"#;
        let rights: Rights = read("rights", ValueRef::Text(old.as_bytes())).unwrap();
        let evidence = vec!["meta robots: noindex".to_owned()];
        assert_eq!(rights, Rights { noindex: true, tdm_reserved: Some(true), evidence, ..Rights::default() });
        let policy = Some("https://press.example/policy".to_owned());
        check(&Rights { max_snippet: Some(9), noai: true, tdm_policy: policy, ..rights });
    }

    #[test]
    fn what_was_never_written_is_corrupt() {
        for odd in ["", "{}", "null", "{\"at\":9e99}", "[1]"] {
            assert!(read::<Dated>("date", ValueRef::Text(odd.as_bytes())).is_err(), "{odd}");
        }
        assert!(read::<String>("text", ValueRef::Integer(3)).is_err());
        assert!(timestamp(i64::MAX).is_err());
    }

    #[test]
    fn a_score_that_is_no_number_can_be_read_back() {
        let odd = Evidence::Words { score: f32::NAN, shared: Vec::new() };
        let again: Evidence = read("evidence", ValueRef::Text(write(&odd).as_bytes())).unwrap();
        assert_eq!(again, Evidence::Words { score: 0.0, shared: Vec::new() });
    }
}
