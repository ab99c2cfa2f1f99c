//! What a reader typed, and how it is read. Our own small language, lenient by design: any text has
//! a reading, and whatever was odd in it becomes a note instead of an error. `docs/SEARCH.md` tells
//! it to readers.
//!
//! ```text
//! spyware nso              all words must stand in the article
//! "pegasus project"        a phrase, as written (also “…”, „…“, «…»)
//! "pegasus project"~5      the same words, up to five places off
//! spy*                     words that begin so
//! pegasus~1                words that are one letter off
//! a OR b    a AND b        either; both
//! -word     NOT word       not this one (also before a phrase, a group, a field)
//! (a OR b) c               groups, up to sixteen deep
//! word^2    (a b)^0.5      weighs more, or less
//! {en: spyware, fr: logiciel espion}      each in articles of its language
//! title:word author:"…"    only there; also title:(a OR b)
//! outlet: lang: tag: …     facts of the article: see `Field`
//! published:2021-07..2021-09   seen:7d   edited:>2021
//! ```
//!
//! `AND` binds closest, then `OR`, then standing side by side: `a b OR c` is `a (b OR c)`, as in
//! search engines at large; `a AND b OR c` is `(a AND b) OR c`. Operators are upper case, so that
//! "and" can be looked for. How words are cut and matched is not decided here but in [`crate::plan`].

mod braces;
mod chars;
mod echo;
mod field;
mod grammar;
mod lexer;
mod signs;
mod terms;
#[cfg(test)]
mod tests;
mod weight;

use courant_model::{Catalogue, Language};
use jiff::Timestamp;

pub use field::Field;
pub use weight::Weight;

use crate::Filters;
use crate::plan::{Expansion, Plan};

/// Longest text that is read, in characters: room for a term in forty languages.
pub const MAX_LENGTH: usize = 2_000;
/// Most parentheses inside each other.
pub const MAX_DEPTH: usize = 16;
/// Most places that the words of a phrase may be off.
pub const MAX_APART: u8 = 50;
/// Most letters that a word may be off.
pub const MAX_LETTERS: u8 = 2;

/// The tree of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// All of these; none at all matches every article.
    All(Vec<Node>),
    /// At least one of these (two or more).
    Any(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// A word as typed; the cut may find several words in it, which then stand side by side.
    Word(String),
    /// Words side by side, as written.
    Phrase(String),
    /// The words of a phrase, up to so many places off (1 to [`MAX_APART`]).
    Near(String, u8),
    /// Words that begin so.
    Prefix(String),
    /// Words that differ by at most so many letters (1 to [`MAX_LETTERS`]).
    Fuzzy(String, u8),
    /// Any of these terms, each in articles of its language; the unknown language stands for any.
    Terms(Vec<(Language, String)>),
    /// This, looked for in one field.
    Field(Field, Box<Node>),
    /// This, weighing more or less than the rest.
    Boosted(Box<Node>, Weight),
}

/// A query, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    tree: Node,
    notes: Vec<String>,
    now: Option<Timestamp>,
}

impl Query {
    /// Reads `text`, whatever it is. The empty text matches every article.
    pub fn parse(text: &str) -> Self {
        let (lexemes, mut notes) = lexer::lexemes(text);
        let tree = grammar::tree(lexemes, &mut notes);
        let mut said = std::collections::HashSet::new();
        notes.retain(|note| said.insert(note.clone()));
        Self { tree, notes, now: None }
    }

    /// The same query asked at this moment, which is what `today` and `7d` count from.
    pub fn at(self, now: Timestamp) -> Self {
        Self { now: Some(now), ..self }
    }

    /// When it is asked, if that was said.
    pub(crate) fn now(&self) -> Option<Timestamp> {
        self.now
    }

    /// The reading.
    pub fn tree(&self) -> &Node {
        &self.tree
    }

    /// What was odd, and how it was read all the same; each thing once.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The reading in the query's own language, with every parenthesis that it implies. Reading it
    /// again gives the same.
    pub fn understood(&self) -> String {
        echo::written(&self.tree)
    }

    /// What is looked for in the end, word by word and language by language, and what was odd about
    /// that. Nothing is searched.
    pub fn expanded(&self, filters: &Filters, catalogue: &Catalogue) -> Expansion {
        Plan::new(self, filters, catalogue).expansion()
    }

    /// Whether nothing was asked for: every article matches.
    pub fn is_everything(&self) -> bool {
        matches!(&self.tree, Node::All(parts) if parts.is_empty())
    }
}
