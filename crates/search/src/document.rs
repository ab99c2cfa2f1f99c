//! What the index keeps of an article: its words, already cut by its own language, and the facts
//! that results are filtered, sorted and counted by. Networks and countries are not among them:
//! they are the catalogue's, and come with the query.

use courant_model::{ArticleId, Language, OutletId, ProjectId, StoryId, Words};
use courant_text::words;
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
    /// The outlet's own section, as printed.
    pub section: Option<String>,
    /// The outlet's own tags, as printed.
    pub tags: Vec<String>,
    /// Names of the authors.
    pub authors: Vec<String>,
    /// The agency that is credited: its id.
    pub agency: Option<String>,
    /// The outlets that it credits or links to.
    pub cites: Vec<OutletId>,
    /// What it is: `article`, `fact-check`.
    pub kind: String,
    /// What any of its revisions changed: of `title`, `standfirst`, `byline`, `body`.
    pub changed: Vec<String>,
    /// The original of the group of near copies it belongs to, itself where it is the original.
    pub copy_of: Option<ArticleId>,
    /// What it used to say, and says no more.
    pub past: Vec<Past>,
}

/// What one of an article's earlier revisions said that its current one does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// The last revision that said so.
    pub revision: u32,
    /// As shown.
    pub text: String,
    /// Its words.
    pub words: Words,
}

impl Document {
    /// An article without words, or any fact but these. Seen and revised at `moment`.
    pub fn empty(article: ArticleId, outlet: OutletId, language: Language, moment: Timestamp) -> Self {
        Self {
            article,
            revision: 1,
            outlet,
            language,
            story: None,
            projects: Vec::new(),
            title: String::new(),
            standfirst: String::new(),
            body: String::new(),
            title_words: Words::default(),
            standfirst_words: Words::default(),
            body_words: Words::default(),
            author_words: Words::default(),
            moment,
            seen: moment,
            revised: moment,
            paywalled: false,
            withdrawn: false,
            nosnippet: false,
            section: None,
            tags: Vec::new(),
            authors: Vec::new(),
            agency: None,
            cites: Vec::new(),
            kind: "article".to_owned(),
            changed: Vec::new(),
            copy_of: None,
            past: Vec::new(),
        }
    }

    /// The same saying these words, cut by its language. The byline is found, but not shown.
    pub fn saying(self, title: String, standfirst: String, body: String, byline: &str) -> Self {
        let cut = |text: &str| words(text, self.language);
        Self {
            title_words: cut(&title),
            standfirst_words: cut(&standfirst),
            body_words: cut(&body),
            author_words: cut(byline),
            title,
            standfirst,
            body,
            ..self
        }
    }
}
