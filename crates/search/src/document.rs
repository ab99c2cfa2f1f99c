//! What the index keeps of an article: its words, already cut by its own language, and the facts
//! that results are filtered, sorted and counted by. Networks and countries are not among them:
//! they are the catalogue's, and come with the query.

use courant_model::{ArticleId, Language, OutletId, ProjectId, StoryId, Words};
use jiff::Timestamp;

/// One article, as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Whose document it is.
    pub article: ArticleId,
    /// The revision that its words are from.
    pub revision: u32,
    /// Its outlet.
    pub outlet: OutletId,
    /// Its language.
    pub language: Language,
    /// Its story, once placed.
    pub story: Option<StoryId>,
    /// The projects it belongs to.
    pub projects: Vec<ProjectId>,
    /// Title, as shown: highlights are made on it.
    pub title: String,
    /// Standfirst, as shown.
    pub standfirst: String,
    /// Text, as shown.
    pub body: String,
    /// Words of the title.
    pub title_words: Words,
    /// Words of the standfirst.
    pub standfirst_words: Words,
    /// Words of the text.
    pub body_words: Words,
    /// Words of the byline.
    pub author_words: Words,
    /// Published, else first seen.
    pub moment: Timestamp,
    /// When Courant first saw it.
    pub seen: Timestamp,
    /// When its current revision was first seen.
    pub revised: Timestamp,
    /// Behind a paywall.
    pub paywalled: bool,
    /// Taken away by its outlet.
    pub withdrawn: bool,
    /// No words of the text may be shown.
    pub nosnippet: bool,
}
