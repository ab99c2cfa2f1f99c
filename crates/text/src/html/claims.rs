//! Claims that a page reviews, as its JSON-LD describes them (schema.org `ClaimReview`, the form that
//! fact-checkers give to search engines). They stand alone, in `@graph`, in lists, or within an article;
//! numbers come as text, texts as lists, a verdict as one word.

use courant_model::Rating;
use serde_json::{Map, Value};

use super::json_ld::{Reader, types};

/// More reviews than this are an archive.
const MOST: usize = 50;
/// How deep reviews are looked for.
const DEPTH: usize = 8;
/// How many values are looked at.
const VALUES: usize = 50_000;

/// A review as written; texts are plain.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Review {
    pub(crate) claim: String,
    pub(crate) claimant: Option<String>,
    pub(crate) rating: Rating,
    /// Not yet absolute.
    pub(crate) url: Option<String>,
    pub(crate) reviewed: Option<String>,
    pub(crate) claimed: Option<String>,
}

/// All reviews in these objects and in what they hold, each once.
pub(super) fn find(reader: &Reader<'_>, nodes: &[Map<String, Value>]) -> Vec<Review> {
    let mut search = Search { reader, found: Vec::new(), left: VALUES };
    nodes.iter().for_each(|node| search.object(node, 0));
    search.found
}

struct Search<'r, 'a> {
    reader: &'r Reader<'a>,
    found: Vec<Review>,
    left: usize,
}

impl Search<'_, '_> {
    fn value(&mut self, value: &Value, depth: usize) {
        match value {
            _ if depth > DEPTH || self.left == 0 => {}
            Value::Array(values) => values.iter().for_each(|value| self.value(value, depth + 1)),
            Value::Object(object) => self.object(object, depth),
            _ => {}
        }
        self.left = self.left.saturating_sub(1);
    }

    fn object(&mut self, object: &Map<String, Value>, depth: usize) {
        if types(object).iter().any(|kind| kind.eq_ignore_ascii_case("ClaimReview")) {
            let review = review(self.reader, object).filter(|review| !self.found.contains(review));
            if self.found.len() < MOST {
                self.found.extend(review);
            }
        } else {
            object.values().for_each(|value| self.value(value, depth + 1));
        }
    }
}

/// What one review says; `None` where it names no claim.
fn review(reader: &Reader<'_>, object: &Map<String, Value>) -> Option<Review> {
    let item = object.get("itemReviewed").and_then(|item| objects(item).into_iter().next());
    let of_item = |key: &str| item.and_then(|item| item.get(key));
    let claim = reader.text(object.get("claimReviewed"));
    let claim = claim.or_else(|| ["text", "name", "headline"].into_iter().find_map(|key| reader.text(of_item(key))))?;
    let appearance =
        || ["appearance", "firstAppearance"].into_iter().find_map(of_item).map(objects).unwrap_or_default();
    let said_by = |object: &Map<String, Value>| {
        let names = ["author", "creator", "claimant"].into_iter().filter_map(|key| object.get(key));
        let names = names.map(|value| reader.people(value)).find(|names| !names.is_empty());
        names.map(|names| names.join(", "))
    };
    let claimant = item.and_then(said_by).or_else(|| appearance().into_iter().find_map(said_by));
    let raw = |object: &Map<String, Value>, keys: &[&str]| {
        keys.iter().find_map(|key| reader.text(object.get(*key))).filter(|text| text.len() < 2_000)
    };
    let dates = ["datePublished", "dateCreated", "dateModified"];
    Some(Review {
        claim,
        claimant,
        rating: object.get("reviewRating").map(|value| rating(reader, value)).unwrap_or_default(),
        url: address(object.get("url")).or_else(|| address(object.get("mainEntityOfPage"))),
        reviewed: raw(object, &dates),
        claimed: item
            .and_then(|item| raw(item, &dates[..2]))
            .or_else(|| appearance().into_iter().find_map(|appearance| raw(appearance, &dates[..2]))),
    })
}

/// The objects that a value is or lists.
fn objects(value: &Value) -> Vec<&Map<String, Value>> {
    match value {
        Value::Object(object) => vec![object],
        Value::Array(values) => values.iter().filter_map(Value::as_object).collect(),
        _ => Vec::new(),
    }
}

/// A verdict: an object, a list of them, a word or a number.
fn rating(reader: &Reader<'_>, value: &Value) -> Rating {
    let Some(object) = objects(value).into_iter().next() else {
        let value_of = number(value);
        let name = reader.text(Some(value)).filter(|_| value_of.is_none());
        return Rating { name, value: value_of, ..Rating::default() };
    };
    let named = ["alternateName", "name"].into_iter().find_map(|key| reader.text(object.get(key)));
    let value = object.get("ratingValue");
    let worded = || reader.text(value).filter(|text| text.chars().any(char::is_alphabetic));
    let number_of = |key: &str| object.get(key).and_then(number);
    Rating {
        name: named.or_else(worded),
        value: value.and_then(number),
        best: number_of("bestRating"),
        worst: number_of("worstRating"),
    }
}

/// A number, or a text that is one; with a comma, too.
fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().replace(',', ".").parse().ok(),
        Value::Array(values) => return values.iter().find_map(number),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

/// An address: a text, an `@id`, the first of a list.
fn address(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text,
        Value::Object(object) => object.get("@id").or_else(|| object.get("url"))?.as_str()?,
        Value::Array(values) => return values.iter().find_map(|value| address(Some(value))),
        _ => return None,
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reviews(json: &str) -> Vec<Review> {
        let page = format!("<script type='application/ld+json'>{json}</script>");
        super::super::json_ld::read(&super::super::dom::parse(&page).0, "A title").reviews
    }

    #[test]
    fn a_review_is_read_whole() {
        let found = reviews(
            r#"{"@context":"https://schema.org","@type":"ClaimReview","url":"/check/1","datePublished":"2021-07-20",
            "claimReviewed":"The &quot;moon&quot; is made of cheese","author":{"@type":"Organization","name":"Checkers"},
            "itemReviewed":{"@type":"Claim","author":{"@type":"Person","name":"A minister"},"datePublished":"2021-07-18"},
            "reviewRating":{"@type":"Rating","ratingValue":"1","bestRating":5,"worstRating":"1","alternateName":"False"}}"#,
        );
        let rating = Rating { name: Some("False".into()), value: Some(1.0), best: Some(5.0), worst: Some(1.0) };
        let expected = Review {
            claim: "The \"moon\" is made of cheese".to_owned(),
            claimant: Some("A minister".to_owned()),
            rating,
            url: Some("/check/1".to_owned()),
            reviewed: Some("2021-07-20".to_owned()),
            claimed: Some("2021-07-18".to_owned()),
        };
        assert_eq!(found, [expected]);
    }

    #[test]
    fn reviews_are_found_wherever_they_stand() {
        for json in [
            r#"{"@graph":[{"@type":"WebPage"},{"@type":["Review","ClaimReview"],"claimReviewed":"A"},{"@type":"schema:ClaimReview","claimReviewed":["B"]}]}"#,
            r#"[{"@type":"http://schema.org/ClaimReview","claimReviewed":"A"},[{"@type":"claimreview","itemReviewed":[{"name":"B"}]}]]"#,
            r#"{"@type":"NewsArticle","headline":"H","review":[{"@type":"ClaimReview","claimReviewed":"A"},{"@type":"ClaimReview","claimReviewed":"B"}]}"#,
            r#"{"@type":"WebPage","mainEntity":{"@type":"ItemList","itemListElement":[{"item":{"@type":"ClaimReview","claimReviewed":"A"}},{"item":{"@type":"ClaimReview","claimReviewed":"B"}}]}}"#,
        ] {
            let claims: Vec<String> = reviews(json).into_iter().map(|review| review.claim).collect();
            assert_eq!(claims, ["A", "B"], "{json}");
        }
    }

    #[test]
    fn verdicts_come_in_many_forms() {
        let check = |rating: &str, name: Option<&str>, value: Option<f64>| {
            let json = format!(r#"{{"@type":"ClaimReview","claimReviewed":"A","reviewRating":{rating}}}"#);
            let found = reviews(&json).pop().expect("a review").rating;
            assert_eq!((found.name.as_deref(), found.value), (name, value), "{rating}");
        };
        check("\"Falso\"", Some("Falso"), None);
        check("2", None, Some(2.0));
        check(r#"{"ratingValue":"Engañoso"}"#, Some("Engañoso"), None);
        check(r#"[{"ratingValue":"2,5","name":"Half true"}]"#, Some("Half true"), Some(2.5));
        check(r#"{"ratingValue":["3"],"alternateName":["Mostly true","x"]}"#, Some("Mostly true"), Some(3.0));
        check(r#"{"ratingValue":"NaN"}"#, Some("NaN"), None);
        check("null", None, None);
        check("{}", None, None);
    }

    #[test]
    fn a_claimant_may_stand_at_the_appearance() {
        let found = reviews(
            r#"{"@type":"ClaimReview","claimReviewed":"A","itemReviewed":{"@type":"Claim","appearance":[{"@type":"CreativeWork",
            "author":["A paper",{"name":"Its editor"}],"datePublished":"2020-02-01"}]},"mainEntityOfPage":{"@id":"https://x.example/a"}}"#,
        );
        assert_eq!(found[0].claimant.as_deref(), Some("A paper, Its editor"));
        assert_eq!(
            (found[0].claimed.as_deref(), found[0].url.as_deref()),
            (Some("2020-02-01"), Some("https://x.example/a"))
        );
    }

    #[test]
    fn what_names_no_claim_is_none() {
        for json in ["{}", r#"{"@type":"ClaimReview"}"#, r#"{"@type":"ClaimReview","claimReviewed":{"a":[]}}"#] {
            assert!(reviews(json).is_empty(), "{json}");
        }
        let many = format!("[{}]", vec![r#"{"@type":"ClaimReview","claimReviewed":"A"}"#; 5_000].join(","));
        assert_eq!(reviews(&many).len(), 1);
    }
}
