//! What a query's words become, for a person to read: as typed, and what is looked for instead.

use courant_model::Language;
use courant_text::{is_sound, is_stem};

use super::{Loose, Scope, Sequence};

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
    /// How a sequence came from what was typed.
    pub(crate) fn of(sequence: &Sequence) -> Self {
        let any = |is: fn(&str) -> bool| sequence.words.iter().any(|(_, word)| is(word));
        match sequence.loose {
            Loose::OpenEnded => Self::Prefix,
            Loose::Letters(letters) => Self::Fuzzy(letters),
            Loose::No if any(is_sound) => Self::Sound,
            Loose::No | Loose::Apart(_) if any(is_stem) => Self::Stem,
            Loose::No | Loose::Apart(_) => Self::Written,
        }
    }

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

/// A word, a phrase or a term of the query as typed, and what the engine looks for instead.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Origin {
    pub(crate) typed: String,
    pub(crate) scope: Scope,
    /// Each with the language by whose rules it was found.
    pub(crate) sequences: Vec<(Option<Language>, Sequence)>,
}

impl Expanded {
    /// What a reader is told of it.
    pub(super) fn of(origin: &Origin) -> Self {
        let mut expanded = Self { typed: origin.typed.clone(), alternatives: Vec::new() };
        origin.sequences.iter().for_each(|(language, sequence)| expanded.add(*language, sequence));
        expanded
    }

    fn add(&mut self, language: Option<Language>, sequence: &Sequence) {
        let how = How::of(sequence);
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
