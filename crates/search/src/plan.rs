//! What an engine is to look for: the query and the filters around it, with words cut, names looked
//! up in the catalogue, and whatever holds nothing to look for left out. No engine is known here.
//!
//! A query's word has no known language. It is cut for "unknown" and for every language that the
//! filters or `lang:` name, and each cut that differs is an alternative. So are its stems in every
//! language of its script: `Putina` finds `Putin` in a Polish article, and no other language's
//! stems. So are names that sound so in other scripts (`sounds`). What stands in quotes, ends in `*` or names an author has no stems: it is meant as it is
//! written. A word that is cut into several (`covid-19`, every word of Chinese or Japanese) must
//! stand in the article as a phrase. Of a term map, each term is cut and stemmed by its own language.

mod dates;
mod expansion;
mod filters;
#[cfg(test)]
mod tests;
mod values;
mod want;
mod words;

use std::collections::BTreeSet;

use courant_model::{Catalogue, Language};
use jiff::Timestamp;

use crate::query::{Field, Node};
use crate::{Facet, Filters, Query};

pub use dates::whole_date;
pub(crate) use expansion::Origin;
pub use expansion::{Alternative, Expanded, Expansion, How};
use values::{codes, same};
pub(crate) use want::{Fact, Flag, Loose, Scope, Sequence, Want, When};
pub(crate) use words::FUZZY_WORDS;
use words::Meant;

/// Most languages that words are cut by because the query or its filters name them.
const MAX_LANGUAGES: usize = 40;

/// A query and its filters, ready for an engine.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    /// The query itself: what is scored and marked.
    pub(crate) query: Want,
    /// Words are also looked for in what articles used to say.
    pub(crate) past: bool,
    /// The filters beside it: what neither scores nor marks, each with the facet whose counts lift it.
    pub(crate) filters: Vec<(Option<Facet>, Want)>,
    /// What was left out or is not known.
    pub(crate) notes: Vec<String>,
    /// The words of the query as typed, with what is looked for instead of each.
    pub(crate) origins: Vec<Origin>,
}

impl Plan {
    pub(crate) fn new(query: &Query, filters: &Filters, catalogue: &Catalogue) -> Self {
        let mut languages: BTreeSet<Language> = filters.languages.iter().copied().collect();
        named_languages(query.tree(), &mut languages);
        languages.remove(&Language::UND);
        let mut planner = Planner {
            languages: languages.into_iter().take(MAX_LANGUAGES).collect(),
            now: query.now(),
            names: !filters.one_script,
            past: looks_back(query.tree()),
            words_ahead: leaves(query.tree()),
            ..Planner::empty(catalogue)
        };
        let wanted = match planner.want(query.tree(), Place::Words(Scope::Anywhere, None)) {
            Some(want) => want,
            None if planner.wordless => {
                planner.notes.push("there is no word to look for: nothing is found".to_owned());
                Want::Nothing
            }
            // Nothing, or switches alone.
            None => Want::Everything,
        };
        let origins = std::mem::take(&mut planner.origins);
        Self { query: wanted, past: planner.past, filters: planner.filters(filters), notes: planner.notes, origins }
    }

    /// What a reader is told of it.
    pub(crate) fn expansion(self) -> Expansion {
        let mut words: Vec<Expanded> = Vec::with_capacity(self.origins.len());
        for word in self.origins.iter().map(Expanded::of) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        Expansion { words, notes: self.notes }
    }

    /// Whether a filter narrows the values of `facet`.
    pub(crate) fn is_filtered_by(&self, facet: Facet) -> bool {
        self.filters.iter().any(|(known, _)| *known == Some(facet))
    }

    /// Whether the query has words to score by.
    pub(crate) fn scores(&self) -> bool {
        fn scores(want: &Want) -> bool {
            match want {
                Want::Words(..) => true,
                Want::All(parts) | Want::Any(parts) => parts.iter().any(scores),
                Want::Boosted(_, inner) => scores(inner),
                _ => false,
            }
        }
        scores(&self.query)
    }
}

/// The leaves of a tree that are not denied, each with the field around it.
fn each_leaf(node: &Node, field: Option<Field>, tell: &mut impl FnMut(Option<Field>, &Node)) {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|part| each_leaf(part, field, tell)),
        Node::Field(inner, node) => each_leaf(node, Some(*inner), tell),
        Node::Boosted(inner, _) => each_leaf(inner, field, tell),
        Node::Not(_) => (),
        leaf => tell(field, leaf),
    }
}

/// The languages that `lang:` names.
fn named_languages(tree: &Node, found: &mut BTreeSet<Language>) {
    each_leaf(tree, None, &mut |field, leaf| match leaf {
        Node::Word(text) | Node::Phrase(text) if field == Some(Field::Language) => {
            found.extend(codes(text).map(Language::parse));
        }
        _ => (),
    });
}

/// The languages that a part asks for, if it asks for nothing else.
fn languages_of(part: &Node) -> Option<BTreeSet<Language>> {
    let code = |value: &Node| match value {
        Node::Word(text) | Node::Phrase(text) => Some(codes(text).map(Language::parse).collect()),
        _ => None,
    };
    match part {
        Node::Field(Field::Language, value) => match value.as_ref() {
            Node::Any(values) => values
                .iter()
                .map(code)
                .collect::<Option<Vec<BTreeSet<_>>>>()
                .map(|all| all.into_iter().flatten().collect()),
            value => code(value),
        },
        _ => None,
    }
}

/// Whether `rev:any` stands somewhere.
fn looks_back(tree: &Node) -> bool {
    let mut found = false;
    each_leaf(tree, None, &mut |field, leaf| match leaf {
        Node::Word(text) | Node::Phrase(text) => found |= field == Some(Field::Revision) && same(text, "any"),
        _ => (),
    });
    found
}

/// How many words, phrases and terms a tree has at most.
fn leaves(node: &Node) -> usize {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().map(leaves).sum(),
        Node::Field(field, inner) => {
            if field.holds_words() {
                leaves(inner)
            } else {
                0
            }
        }
        Node::Boosted(inner, _) | Node::Not(inner) => leaves(inner),
        Node::Terms(terms) => terms.len(),
        _ => 1,
    }
}

/// What a leaf of the tree stands for, by the field around it.
#[derive(Clone, Copy)]
enum Place {
    /// Words; where it says how, they are all meant so.
    Words(Scope, Option<Meant>),
    Value(Field),
}

fn place_of(field: Field) -> Place {
    match field {
        Field::Title => Place::Words(Scope::Title, None),
        Field::Author => Place::Words(Scope::Author, None),
        Field::Name => Place::Words(Scope::Anywhere, Some(Meant::Named)),
        field => Place::Value(field),
    }
}

struct Planner<'a> {
    languages: BTreeSet<Language>,
    /// What is looked for here is in one of these.
    only: Option<BTreeSet<Language>>,
    catalogue: &'a Catalogue,
    now: Option<Timestamp>,
    /// Names are looked for in other scripts too.
    names: bool,
    past: bool,
    /// Words met that end in `*`, that have `~`, lists of postings promised so far.
    prefixes: usize,
    fuzzy: usize,
    postings: usize,
    /// Words still to come, at most.
    words_ahead: usize,
    /// Too little is left for stems.
    as_written: bool,
    /// Something was left out for want of a word in it.
    wordless: bool,
    notes: Vec<String>,
    origins: Vec<Origin>,
}

impl<'a> Planner<'a> {
    fn empty(catalogue: &'a Catalogue) -> Self {
        Self {
            languages: BTreeSet::new(),
            only: None,
            catalogue,
            now: None,
            names: true,
            past: false,
            prefixes: 0,
            fuzzy: 0,
            postings: 0,
            words_ahead: 0,
            as_written: false,
            wordless: false,
            notes: Vec::new(),
            origins: Vec::new(),
        }
    }

    /// `None` where there is nothing to look for.
    fn want(&mut self, node: &Node, place: Place) -> Option<Want> {
        match node {
            Node::All(parts) => {
                // Side by side with `lang:fr`, no other language's stems can be found.
                let around = self.only.clone();
                self.only = parts.iter().find_map(languages_of).or(self.only.take());
                let all = self.parts(parts, place, Want::All);
                self.only = around;
                all
            }
            Node::Any(parts) => self.parts(parts, place, Want::Any),
            Node::Not(inner) => self.want(inner, place).map(|want| Want::Not(Box::new(want))),
            Node::Field(field, inner) => self.want(inner, place_of(*field)),
            Node::Boosted(inner, weight) => {
                self.want(inner, place).map(|want| Want::Boosted(weight.factor(), Box::new(want)))
            }
            Node::Word(text) => self.leaf(text, place, Meant::Inflected),
            Node::Phrase(text) => self.leaf(text, place, Meant::Literally),
            Node::Near(text, apart) => self.leaf(text, place, Meant::Apart(*apart)),
            Node::Prefix(text) => self.leaf(text, place, Meant::Begun),
            Node::Fuzzy(text, letters) => self.leaf(text, place, Meant::Nearly(*letters)),
            Node::Terms(terms) => {
                let terms = terms.iter().filter_map(|(language, text)| match place {
                    Place::Words(scope, _) => self.term(text, *language, scope),
                    Place::Value(_) => self.leaf(text, place, Meant::Literally),
                });
                joined(terms.collect::<Vec<_>>(), Want::Any)
            }
        }
    }

    /// What is left of `parts`, each thing once.
    fn parts(&mut self, parts: &[Node], place: Place, join: fn(Vec<Want>) -> Want) -> Option<Want> {
        let mut wants: Vec<Want> = Vec::with_capacity(parts.len());
        for part in parts {
            let promised = self.postings;
            match self.want(part, place) {
                Some(want) if wants.contains(&want) => self.postings = promised,
                want => wants.extend(want),
            }
        }
        joined(wants, join)
    }

    fn leaf(&mut self, text: &str, place: Place, meant: Meant) -> Option<Want> {
        match place {
            Place::Words(scope, Some(always)) if meant == Meant::Inflected => self.words(text, scope, always),
            Place::Words(scope, _) => self.words(text, scope, meant),
            Place::Value(field) => self.value(field, text, meant),
        }
    }
}

fn joined(mut wants: Vec<Want>, join: fn(Vec<Want>) -> Want) -> Option<Want> {
    if wants.len() < 2 { wants.pop() } else { Some(join(wants)) }
}
