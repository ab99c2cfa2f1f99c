//! What a query's words become, for a person to read: as typed, and what is looked for instead.

use courant_model::Language;
use courant_text::{is_sound, is_stem};

use super::{Loose, Sequence};

/// How a form came from what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// The same word, as the index spells it.
    Written,
    /// What its inflected forms have in common.
    Stem,
    /// How a name is heard in other scripts.
    Sound,
    /// All words that begin so.
    Prefix,
    /// All words that are so few letters off.
    Fuzzy(u8),
}

impl How {
    /// The name that the outside shapes use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Stem => "stem",
            Self::Sound => "sound",
            Self::Prefix => "prefix",
            Self::Fuzzy(_) => "fuzzy",
        }
    }
}

/// One way in which a word is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// In articles of this language; `None` in all.
    pub language: Option<Language>,
    /// What is looked for; blanks part words that stand side by side.
    pub forms: Vec<String>,
    /// How they came about.
    pub how: How,
}

/// A word, a phrase or a term of the query, and what is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expanded {
    /// As typed, without signs.
    pub typed: String,
    /// What is looked for, as written first.
    pub alternatives: Vec<Alternative>,
}

/// What all words of a query become.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expansion {
    /// In the order of the query, each once.
    pub words: Vec<Expanded>,
    /// What was left out or is not known.
    pub notes: Vec<String>,
}

impl Expanded {
    pub(super) fn new(typed: &str) -> Self {
        Self { typed: typed.to_owned(), alternatives: Vec::new() }
    }

    pub(super) fn add(&mut self, language: Option<Language>, sequence: &Sequence) {
        let stemmed = sequence.words.iter().any(|(_, word)| is_stem(word));
        let how = match sequence.loose {
            Loose::OpenEnded => How::Prefix,
            Loose::Letters(letters) => How::Fuzzy(letters),
            Loose::No if sequence.words.iter().any(|(_, word)| is_sound(word)) => How::Sound,
            Loose::No | Loose::Apart(_) if stemmed => How::Stem,
            Loose::No | Loose::Apart(_) => How::Written,
        };
        let bare = |word: &str| match is_stem(word) {
            true => word.split_once(':').map_or(word, |(_, stem)| stem).to_owned(),
            false => word.to_owned(),
        };
        let form = sequence.words.iter().map(|(_, word)| bare(word)).collect::<Vec<_>>().join(" ");
        let same = |one: &&mut Alternative| one.language == language && one.how == how;
        match self.alternatives.iter_mut().find(same) {
            Some(known) if known.forms.contains(&form) => (),
            Some(known) => known.forms.push(form),
            None => self.alternatives.push(Alternative { language, forms: vec![form], how }),
        }
    }
}
