//! What is asked and what is answered: filters and pages around a [`Query`], hits and counts back.

use courant_model::{ArticleId, Language, NetworkId, OutletId, ProjectId, Seq, StoryId};
use jiff::Timestamp;

use crate::{Facet, Facets, Histogram, HistogramAsk, Query, Why};

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Best match first.
    #[default]
    Relevance,
    /// Latest published first.
    Newest,
    /// Earliest published first.
    Oldest,
    /// Last changed first.
    Changed,
}

/// Narrowings that stand beside the query. Values within one list are alternatives; lists narrow
/// each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filters {
    /// Of these outlets.
    pub outlets: Vec<OutletId>,
    /// Of outlets of these networks.
    pub networks: Vec<NetworkId>,
    /// Of these projects.
    pub projects: Vec<ProjectId>,
    /// In these languages.
    pub languages: Vec<Language>,
    /// Of outlets of these countries (ISO 3166-1 alpha-2).
    pub countries: Vec<String>,
    /// Of this story.
    pub story: Option<StoryId>,
    /// With these words in the byline.
    pub author: Option<String>,
    /// Of these authors: whole names.
    pub authors: Vec<String>,
    /// In these sections of their outlets.
    pub sections: Vec<String>,
    /// With these tags of their outlets.
    pub tags: Vec<String>,
    /// Credited to these agencies: their ids.
    pub agencies: Vec<String>,
    /// That credit or link to these outlets.
    pub cites: Vec<OutletId>,
    /// Of these kinds.
    pub kinds: Vec<String>,
    /// Behind a paywall, or not.
    pub paywalled: Option<bool>,
    /// Changed after they were first seen, or not.
    pub edited: Option<bool>,
    /// Published at this moment or later.
    pub from: Option<Timestamp>,
    /// Published before this moment.
    pub to: Option<Timestamp>,
    /// Words are looked for in the script that they are typed in only, names not in others too.
    pub one_script: bool,
}

/// Which hits, in which order, and what else to count.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchPage {
    /// Beside the query.
    pub filters: Filters,
    /// Order of the hits.
    pub order: Order,
    /// At most so many hits (1 to 100).
    pub limit: usize,
    /// Go on behind the hit that this cursor names: [`Found::next`] of the page before.
    pub after: Option<String>,
    /// Of near copies, show the best only.
    pub collapse: bool,
    /// Count hits by these facts.
    pub facets: Vec<Facet>,
    /// At most so many values of each.
    pub facet_values: usize,
    /// Count hits over time.
    pub histogram: Option<HistogramAsk>,
    /// Make highlights.
    pub highlights: bool,
    /// Tell why each hit matched.
    pub why: bool,
}

impl Default for SearchPage {
    fn default() -> Self {
        Self {
            filters: Filters::default(),
            order: Order::Relevance,
            limit: 20,
            after: None,
            collapse: false,
            facets: Vec::new(),
            facet_values: 50,
            histogram: None,
            highlights: true,
            why: false,
        }
    }
}

/// A piece of text with the parts that match. Ranges are in bytes of `text`, in order, apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// Plain text.
    pub text: String,
    /// The parts that match.
    pub marks: Vec<std::ops::Range<usize>>,
}

/// One article found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Which.
    pub article: ArticleId,
    /// How well it matches; only comparable within one answer.
    pub score: f32,
    /// Its title, whole, with matches marked.
    pub title: Snippet,
    /// The piece of standfirst or text that matches best; the start of the text where only the
    /// title matches; empty where no words may be shown.
    pub snippet: Snippet,
    /// Where the snippet is of what it used to say: the last revision that said so.
    pub past_revision: Option<u32>,
    /// What of it matched, word by word of the query, where asked for; empty where no words may be shown.
    pub why: Vec<Why>,
    /// The other articles of its group of near copies, oldest first, at most fifty, whether the query finds
    /// them or not.
    pub copies: Vec<Copy>,
}

/// A near copy of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Which.
    pub article: ArticleId,
    /// Whose.
    pub outlet: OutletId,
}

/// An answer. By default of nothing, from an index that was never fed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// In the order asked.
    pub hits: Vec<Hit>,
    /// How many there are in all, near copies each for itself.
    pub total: u64,
    /// Whether there are no more than that: where nothing is counted by, counting ends at ten thousand.
    pub is_exact: bool,
    /// Cursor for the next page; `None` on the last.
    pub next: Option<String>,
    /// Where asked for.
    pub facets: Facets,
    /// Where asked for.
    pub histogram: Option<Histogram>,
    /// The log position that the answer stands on.
    pub as_of: Seq,
    /// The query as understood, for a person to read.
    pub understood: String,
    /// What was odd in the query, and how it was read all the same.
    pub notes: Vec<String>,
}

/// A query that matches everything, for lists without words.
pub fn everything() -> Query {
    Query::parse("")
}
