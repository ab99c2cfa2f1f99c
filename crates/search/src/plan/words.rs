//! Words of a query, as sequences of words of the index.

use std::collections::BTreeSet;

use courant_model::Language;
use courant_text::stemmed;

use super::expansion::Origin;
use super::values::fact;
use super::{Fact, Loose, Planner, Scope, Sequence, Want};
use crate::query::MAX_LETTERS;
use crate::readings::{readings, stems};
use crate::sounds::sounds;

/// Most words that end in `*`: each walks through all words that begin so, and a query of eighty
/// takes half a second over a hundred thousand articles.
const MAX_PREFIXES: usize = 8;
/// Most words with `~` behind them: each walks through the words of its first letter.
const MAX_FUZZY: usize = 4;
/// Words of fewer letters are read exactly: everything is near them.
const SHORTEST_FUZZY: usize = 4;
/// Words of more letters are read exactly: nothing is near them.
const LONGEST_FUZZY: usize = 40;
/// Words of fewer letters may be one letter off, no more.
const SHORTEST_TWO_OFF: usize = 6;
/// Most words that one fuzzy word stands for, in each field.
pub(crate) const FUZZY_WORDS: usize = 50;
/// Most lists of postings that one query opens.
const MAX_POSTINGS: usize = 2_000;

/// How a word is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant {
    /// In any of its inflected forms.
    Inflected,
    /// As it is written.
    Literally,
    /// As a name: as it is written, in any script.
    Named,
    /// As written, so many places off.
    Apart(u8),
    /// As the beginning of words.
    Begun,
    /// In any of its inflected forms, or so many letters off.
    Nearly(u8),
}

impl Meant {
    fn loose(self) -> Loose {
        match self {
            Self::Inflected | Self::Literally | Self::Named => Loose::No,
            Self::Apart(places) => Loose::Apart(places),
            Self::Begun => Loose::OpenEnded,
            Self::Nearly(letters) => Loose::Letters(letters),
        }
    }
}

/// Sequences, each once, with the languages that they were found by.
#[derive(Default)]
struct Gathered(Vec<(Option<Language>, Sequence)>);

impl Gathered {
    fn add(&mut self, language: Option<Language>, words: Vec<(u32, String)>, loose: Loose) {
        let loose = match loose {
            Loose::Apart(_) if words.len() < 2 => Loose::No,
            Loose::Letters(_) if words.len() > 1 => Loose::No,
            loose => loose,
        };
        let sequence = Sequence { words, loose };
        if !self.0.iter().any(|(_, known)| *known == sequence) {
            self.0.push((language, sequence));
        }
    }
}

impl Planner<'_> {
    /// Words anywhere in the articles, or in `scope`. `None` where there are none.
    pub(super) fn words(&mut self, text: &str, scope: Scope, meant: Meant) -> Option<Want> {
        let mut written = Gathered::default();
        for language in std::iter::once(Language::UND).chain(self.languages.iter().copied()) {
            readings(text, language).into_iter().for_each(|words| written.add(None, words, meant.loose()));
        }
        if !self.holds_words(text, &written) {
            return None;
        }
        match meant {
            Meant::Begun => self.bound_prefix(text, &mut written.0),
            Meant::Nearly(letters) => self.bound_fuzzy(text, letters, &mut written.0),
            _ => (),
        }
        // Names in bylines are not inflected.
        let inflected = matches!(meant, Meant::Inflected | Meant::Nearly(_)) && scope != Scope::Author;
        // Nothing is heard in another script where only languages of this one are looked in.
        let own = |only: &BTreeSet<Language>| only.iter().all(|language| stemmed(text).contains(language));
        let elsewhere = !self.only.as_ref().is_some_and(own);
        let sounding = self.names && elsewhere && matches!(meant, Meant::Inflected | Meant::Named | Meant::Nearly(_));
        let stemming = |planner: &Self| {
            let mut stemmed_words = Gathered::default();
            if sounding {
                sounds(text).into_iter().for_each(|words| stemmed_words.add(None, words, Loose::No));
            }
            if !inflected {
                return stemmed_words;
            }
            let likely: Vec<Language> = match &planner.only {
                Some(only) => only.iter().copied().collect(),
                None => planner.languages.iter().chain(stemmed(text)).copied().collect(),
            };
            for language in likely {
                let found = stems(text, language).into_iter();
                found.for_each(|words| stemmed_words.add(Some(language), words, Loose::No));
            }
            stemmed_words
        };
        self.afforded(text, scope, written, (inflected || sounding).then_some(stemming))
    }

    /// A term of a map: its words side by side, in articles of its language.
    pub(super) fn term(&mut self, text: &str, language: Language, scope: Scope) -> Option<Want> {
        if language.is_unknown() {
            return self.words(text, scope, Meant::Inflected);
        }
        let mut written = Gathered::default();
        readings(text, language).into_iter().for_each(|words| written.add(Some(language), words, Loose::No));
        if !self.holds_words(text, &written) {
            return None;
        }
        let stemming = |_: &Self| {
            let mut stemmed_words = Gathered::default();
            let found = stems(text, language).into_iter();
            found.for_each(|words| stemmed_words.add(Some(language), words, Loose::No));
            stemmed_words
        };
        let words = self.afforded(text, scope, written, (scope != Scope::Author).then_some(stemming))?;
        Some(Want::All(vec![fact(Fact::Language, [language.to_string()]), words]))
    }

    fn holds_words(&mut self, text: &str, written: &Gathered) -> bool {
        if written.0.is_empty() {
            self.wordless = true;
            self.notes.push(format!("there is no word in '{text}': it was left out"));
        }
        !written.0.is_empty()
    }

    /// What of it can be paid: stems first go without, so that each word is looked for at all.
    fn afforded(
        &mut self,
        text: &str,
        scope: Scope,
        written: Gathered,
        stemming: Option<impl Fn(&Self) -> Gathered>,
    ) -> Option<Want> {
        self.words_ahead = self.words_ahead.saturating_sub(1);
        let fields = self.fields(scope);
        let cost =
            |gathered: &Gathered| -> usize { gathered.0.iter().map(|(_, sequence)| fields * postings(sequence)).sum() };
        let after = self.postings + cost(&written);
        if after > MAX_POSTINGS {
            self.wordless = true;
            self.notes.push(format!("the query asks for too much at once: '{text}' was left out"));
            return None;
        }
        self.postings = after;
        let mut found = written.0;
        let reserved = self.words_ahead * self.fields(Scope::Anywhere);
        if let Some(stemming) = stemming {
            // Once there is too little left, the words behind are not even stemmed.
            let stems = if self.as_written { Gathered::default() } else { stemming(self) };
            let cost = cost(&stems);
            if self.as_written || self.postings + cost + reserved > MAX_POSTINGS {
                if !self.as_written {
                    self.notes.push(format!("the query is long: from '{text}' on words are looked for as written"));
                }
                self.as_written = true;
            } else {
                self.postings += cost;
                found.extend(stems.0);
            }
        }
        let origin = Origin { typed: text.to_owned(), scope, sequences: found.clone() };
        if !self.origins.contains(&origin) {
            self.origins.push(origin);
        }
        Some(Want::Words(scope, found.into_iter().map(|(_, sequence)| sequence).collect()))
    }

    fn fields(&self, scope: Scope) -> usize {
        match scope {
            Scope::Anywhere => 4 + usize::from(self.past),
            Scope::Title | Scope::Author => 1,
        }
    }

    fn bound_prefix(&mut self, text: &str, sequences: &mut [(Option<Language>, Sequence)]) {
        let short = sequences.iter().all(|(_, sequence)| too_short(sequence));
        self.prefixes += usize::from(!short);
        let stays = !short && self.prefixes <= MAX_PREFIXES;
        if short {
            self.notes.push(format!("'{text}*' is too short: it was read as a word"));
        } else if !stays {
            self.notes.push(format!("only {MAX_PREFIXES} words can end in '*': '{text}*' was read as a word"));
        }
        if !stays {
            sequences.iter_mut().for_each(|(_, sequence)| sequence.loose = Loose::No);
        }
    }

    fn bound_fuzzy(&mut self, text: &str, wanted: u8, sequences: &mut [(Option<Language>, Sequence)]) {
        let mut most = 0;
        for (_, sequence) in sequences.iter_mut() {
            let Loose::Letters(letters) = &mut sequence.loose else { continue };
            let length =
                sequence.words.first().map_or(0, |(_, word)| word.chars().filter(|c| c.is_alphabetic()).count());
            *letters = match length {
                _ if !(SHORTEST_FUZZY..=LONGEST_FUZZY).contains(&length) => 0,
                _ if length < SHORTEST_TWO_OFF => 1.min(*letters),
                _ => MAX_LETTERS.min(*letters),
            };
            most = most.max(*letters);
        }
        self.fuzzy += usize::from(most > 0);
        let stays = self.fuzzy <= MAX_FUZZY;
        for (_, sequence) in sequences {
            if matches!(sequence.loose, Loose::Letters(letters) if letters == 0 || !stays) {
                sequence.loose = Loose::No;
            }
        }
        let written = format!("'{text}~{wanted}'");
        if most == 0 {
            self.notes.push(format!("{written} was read without '~': only single words of {SHORTEST_FUZZY} to {LONGEST_FUZZY} letters can be letters off"));
        } else if !stays {
            self.notes.push(format!("only {MAX_FUZZY} words can have '~': {written} was read without"));
        } else if most < wanted {
            self.notes.push(format!(
                "{written} was read as '{text}~{most}': words under {SHORTEST_TWO_OFF} letters can be one off"
            ));
        }
    }
}

/// How many lists of postings a sequence opens in one field.
fn postings(sequence: &Sequence) -> usize {
    match sequence.loose {
        Loose::Letters(_) => FUZZY_WORDS,
        _ => sequence.words.len(),
    }
}

/// One letter stands for too many words, unless it is a whole word in its script.
fn too_short(sequence: &Sequence) -> bool {
    matches!(sequence.words.as_slice(), [(_, word)] if word.len() < 2)
}
