//! Stories: what placing looks at, what it decides, and what the record keeps of it.

use jiff::Timestamp;

use crate::{ArticleId, Language, OutletId, StoryId};

/// A word of an article as placing weighs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Folded and cut to its stem.
    pub text: String,
    /// How often it stands in title and standfirst.
    pub title: u16,
    /// How often it stands in the body.
    pub body: u16,
    /// Whether it is capitalised in mid-sentence: a name, in scripts that have capitals.
    pub name: bool,
}

/// All that placing may know of an article. Addresses are keys of canonical URLs.
#[derive(Debug, Clone, PartialEq)]
pub struct StoryFeatures {
    /// Whose features these are.
    pub article: ArticleId,
    /// Its outlet.
    pub outlet: OutletId,
    /// Its language.
    pub language: Language,
    /// When it was published, else first seen.
    pub moment: Timestamp,
    /// Its words, each once.
    pub terms: Vec<Term>,
    /// Its own addresses.
    pub urls: Vec<String>,
    /// Addresses of its translations, as the page says.
    pub translations: Vec<String>,
    /// Addresses that its text links to.
    pub links: Vec<String>,
}

/// Why an article stands where it stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// Its words are near the story's: the score, and the words that weighed most.
    Words {
        /// Cosine less the days between, as documented in `story`.
        score: f32,
        /// The heaviest words in common.
        shared: Vec<String>,
    },
    /// A page says that it is a translation of a member: the address.
    Translation(String),
    /// It links to a page that a member links to, and few others do: the address.
    SharedLink(String),
    /// It links to a member, or a member to it: the member.
    Link(ArticleId),
}

/// What placing decided, in the order decided. The record writes each as a row of the log.
#[derive(Debug, Clone, PartialEq)]
pub enum Placement {
    /// The article begins a story.
    Founded {
        /// The founder.
        article: ArticleId,
        /// Its story.
        story: StoryId,
    },
    /// The article belongs to a story that stands.
    Joined {
        /// The newcomer.
        article: ArticleId,
        /// Its story.
        story: StoryId,
        /// Why.
        evidence: Vec<Evidence>,
    },
    /// Two stories turned out to be one. The id `from` redirects to `into`.
    Merged {
        /// The story that ends.
        from: StoryId,
        /// The story that goes on.
        into: StoryId,
        /// Why.
        evidence: Vec<Evidence>,
    },
}

/// A story as the record tells it, without its members.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Its id, for good.
    pub id: StoryId,
    /// The title of one of its articles.
    pub title: String,
    /// The language of that title.
    pub language: Language,
    /// The article whose title it bears.
    pub title_from: ArticleId,
    /// The earliest moment of its articles.
    pub first: Timestamp,
    /// The latest moment of its articles.
    pub last: Timestamp,
    /// When it last gained, lost or changed an article.
    pub changed: Timestamp,
    /// How many articles stand in it.
    pub articles: u32,
    /// Of which outlets.
    pub outlets: Vec<OutletId>,
    /// In which languages.
    pub languages: Vec<Language>,
}

/// An article's place in a story.
#[derive(Debug, Clone, PartialEq)]
pub struct StoryMember {
    /// The article.
    pub article: ArticleId,
    /// When it was placed.
    pub placed: Timestamp,
    /// Why it is here; empty for the founder.
    pub evidence: Vec<Evidence>,
}
