//! What is wanted, in the terms that every engine knows.

use std::collections::BTreeSet;

use jiff::Timestamp;

/// Where words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Title, standfirst, text and byline; with [`super::Plan::past`] also what they used to say.
    Anywhere,
    Title,
    Author,
}

/// A fact that an article has or has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    Outlet,
    Language,
    Story,
    Project,
    /// Values are folded labels.
    Section,
    Tag,
    Agency,
    /// Values are ids of outlets.
    Cites,
    Kind,
    /// An author's whole name, folded.
    Byline,
    /// Of `title`, `standfirst`, `byline`, `body`.
    Changed,
}

/// What an article is or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flag {
    Paywalled,
    Withdrawn,
    /// It has more than one revision.
    Edited,
}

/// A moment in an article's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Published, else first seen.
    Published,
    /// First seen.
    Seen,
    /// Its current revision first seen.
    Edited,
}

/// How far a text may be from a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loose {
    /// Not at all.
    No,
    /// The last word need only begin so.
    OpenEnded,
    /// The words may be so many places off, all in all. There are two or more.
    Apart(u8),
    /// The only word may be so many letters off, but not its first: one or two.
    Letters(u8),
}

/// Words side by side, each with its distance from the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sequence {
    pub(crate) words: Vec<(u32, String)>,
    pub(crate) loose: Loose,
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Want {
    Everything,
    Nothing,
    All(Vec<Want>),
    Any(Vec<Want>),
    Not(Box<Want>),
    /// One of these sequences in the scope.
    Words(Scope, Vec<Sequence>),
    /// One of these values.
    Fact(Fact, BTreeSet<String>),
    /// A value that begins so.
    Begins(Fact, String),
    /// Any value.
    Has(Fact),
    /// So, or not so.
    Flag(Flag, bool),
    /// From this moment on, and before that one.
    Moment(When, Option<Timestamp>, Option<Timestamp>),
    /// Weighing so much more than the rest.
    Boosted(f32, Box<Want>),
}
