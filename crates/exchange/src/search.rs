//! The answer to a search. Built from plain fields: this crate does not know the index.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Article;

/// A run of text that matches, or does not. All runs, joined, are the text: highlights need no
/// arithmetic, whatever a reader's language counts strings in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Run {
    /// The words.
    pub text: String,
    /// Whether they match the query.
    pub hit: bool,
}

/// Cuts `text` at `marks` (byte ranges, in order, apart). A mark that does not fit the text is
/// passed over: highlights are a courtesy, and no reason to fail.
pub fn runs(text: &str, marks: &[Range<usize>]) -> Vec<Run> {
    let mut runs = Vec::with_capacity(2 * marks.len() + 1);
    let mut push = |text: &str, hit| {
        if !text.is_empty() {
            runs.push(Run { text: text.to_owned(), hit });
        }
    };
    let mut done = 0;
    for mark in marks {
        let (Some(before), Some(matched)) = (text.get(done..mark.start), text.get(mark.clone())) else { continue };
        push(before, false);
        push(matched, true);
        done = mark.end;
    }
    push(&text[done..], false);
    runs
}

/// An article found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Hit {
    /// The article, short.
    #[serde(flatten)]
    pub article: Article,
    /// How well it matches; comparable only within one answer.
    pub score: f32,
    /// The title, with the words that match.
    pub title_runs: Vec<Run>,
    /// The piece of text that matches best; empty where the publisher wants none shown.
    pub snippet: Vec<Run>,
    /// Where the snippet is of what it used to say: the last revision that said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past_revision: Option<u32>,
    /// What of it matched each word of the query, where that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Why>,
    /// Near copies of it at other outlets, oldest first, at most fifty, whether the query finds them or not.
    pub copies: Vec<Copy>,
}

/// What of a hit matched one word, phrase or term of the query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Why {
    /// As typed, without signs.
    pub typed: String,
    /// As it stands in the article.
    pub found: String,
    /// Where: `title`, `standfirst`, `text`; `past`, what it used to say.
    pub field: String,
    /// The language by whose rules it was found; `null` where by none.
    pub language: Option<String>,
    /// How it came from what was typed: `written`, `stem`, `sound` (of a name in another script), `prefix`,
    /// `fuzzy`.
    pub how: String,
}

/// A near copy of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Copy {
    /// The article's id.
    pub id: String,
    /// The outlet's id.
    pub outlet: String,
}

/// How many hits a value has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FacetCount {
    /// An id, a code, a label, `true` or `false`, as the filter of this name takes it.
    pub value: String,
    /// Hits that have it.
    pub count: u64,
}

/// Counts by the facets that were asked for, most first; each made with its own filter lifted.
pub type Facets = BTreeMap<String, Vec<FacetCount>>;

/// Articles published from one moment to the next bucket's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bucket {
    /// Where it begins (RFC 3339).
    pub start: String,
    /// Articles.
    pub count: u64,
}

/// Counts over time, from the first bucket that has any to the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Histogram {
    /// `hour`, `day`, `week` (from Monday) or `month`.
    pub interval: String,
    /// The time zone whose clock it goes by (IANA).
    pub zone: String,
    /// In order of time.
    pub buckets: Vec<Bucket>,
    /// Articles before the first moment that is counted by: pages with an absurd date.
    pub earlier: u64,
}

/// One way in which a word of a query is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Alternative {
    /// In articles of this language; `null` in all.
    pub language: Option<String>,
    /// What is looked for; blanks part words that stand side by side.
    pub forms: Vec<String>,
    /// How they came from what was typed: `written`, `stem`, `sound`, `prefix`, `fuzzy`.
    pub how: String,
}

/// A word, a phrase or a term of a query, and what is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Expanded {
    /// As typed, without signs.
    pub typed: String,
    /// What is looked for, as written first.
    pub alternatives: Vec<Alternative>,
}

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SearchAnswer {
    /// The query as asked.
    pub query: String,
    /// The query as understood.
    pub understood: String,
    /// What was odd in the query, and how it was read all the same.
    pub notes: Vec<String>,
    /// What each word became, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expanded: Option<Vec<Expanded>>,
    /// How many articles match, near copies each for itself.
    pub total: u64,
    /// Whether there are no more: where neither facets nor a histogram are asked for, counting ends at
    /// ten thousand.
    pub total_is_exact: bool,
    /// In the order asked.
    pub hits: Vec<Hit>,
    /// `cursor` of the next page; `null` on the last.
    pub next: Option<String>,
    /// Where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<HashMap<String, Vec<FacetCount>>>)]
    pub facets: Option<Facets>,
    /// Where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub histogram: Option<Histogram>,
    /// The log position that the answer stands on.
    pub as_of: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, marks: &[(usize, usize)], expected: &[(&str, bool)]) {
        let marks: Vec<Range<usize>> = marks.iter().map(|(start, end)| *start..*end).collect();
        let cut = runs(text, &marks);
        let told: Vec<_> = cut.iter().map(|run| (run.text.as_str(), run.hit)).collect();
        assert_eq!(told, expected);
        assert_eq!(cut.iter().map(|run| run.text.as_str()).collect::<String>(), text);
    }

    #[test]
    fn marks_cut_a_text_into_runs() {
        check("spyware on phones", &[(0, 7)], &[("spyware", true), (" on phones", false)]);
        check("on phones", &[(3, 9)], &[("on ", false), ("phones", true)]);
        check("מלך השב", &[(7, 13)], &[("מלך ", false), ("השב", true)]);
        check("a b c", &[(0, 1), (2, 3)], &[("a", true), (" ", false), ("b", true), (" c", false)]);
        check("", &[], &[]);
    }

    #[test]
    fn marks_that_do_not_fit_are_passed_over() {
        check("מלך", &[(0, 1)], &[("מלך", false)]);
        check("abc", &[(2, 9)], &[("abc", false)]);
        check("abc", &[(1, 2), (0, 1)], &[("a", false), ("b", true), ("c", false)]);
    }
}
