//! A plan in tantivy's terms. What scores and what only narrows is decided here: filters weigh
//! nothing, words weigh by BM25 in each field, more in titles than in texts.

use std::ops::Bound;

use courant_text::is_sound;
use jiff::Timestamp;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, InvertedIndexRangeQuery, Occur,
    PhrasePrefixQuery, PhraseQuery, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::nearly::Nearly;
use super::schema::{Fields, column};
use super::terms::Terms;
use crate::Facet;
use crate::plan::{Fact, Flag, Loose, Plan, Scope, Sequence, Want, When};

/// A word in a title says most of what an article is about, one in a standfirst more than one in
/// the text. The steps are those that search engines for news commonly take; no measure of our own
/// stands behind them yet.
const TITLE: f32 = 3.0;
const STANDFIRST: f32 = 2.0;
const BODY: f32 = 1.0;
const AUTHOR: f32 = 1.0;
/// A name that sounds so in another script may be another name.
const HEARD: f32 = 0.5;
/// What it says no more tells less of it.
const PAST: f32 = 0.5;

/// Words that an open-ended phrase (`"covid 1*"`) is tried with.
const EXPANSIONS: u32 = 200;

/// The query for everything in `plan`, but for the filter of the facet that is `lifted`.
/// Words that `terms` has not are left out.
pub(super) fn query(plan: &Plan, fields: &Fields, terms: &Terms<'_>, lifted: Option<Facet>) -> Box<dyn Query> {
    let translator = Translator { fields, terms, past: plan.past };
    let mut clauses = vec![(Occur::Must, translator.translated(&plan.query))];
    let filters = plan.filters.iter().filter(|(facet, _)| facet.is_none() || *facet != lifted);
    clauses.extend(filters.map(|(_, want)| (Occur::Must, filter(translator.translated(want)))));
    boolean(clauses)
}

struct Translator<'a> {
    fields: &'a Fields,
    terms: &'a Terms<'a>,
    /// Words may also stand in what articles used to say.
    past: bool,
}

impl Translator<'_> {
    fn translated(&self, want: &Want) -> Box<dyn Query> {
        let fields = self.fields;
        match want {
            Want::Everything => filter(Box::new(AllQuery)),
            Want::Nothing => Box::new(EmptyQuery),
            Want::All(parts) => self.all(parts),
            Want::Any(parts) => boolean(parts.iter().map(|part| (Occur::Should, self.translated(part))).collect()),
            Want::Not(_) => self.all(std::slice::from_ref(want)),
            Want::Words(scope, sequences) => self.words(*scope, sequences),
            Want::Fact(fact, values) => {
                let field = self.indexed(*fact);
                let mut terms = values.iter().map(|value| Term::from_field_text(field, value));
                match (terms.next(), terms.len()) {
                    (Some(term), 0) => filter(Box::new(TermQuery::new(term, IndexRecordOption::Basic))),
                    (Some(first), _) => filter(Box::new(TermSetQuery::new(std::iter::once(first).chain(terms)))),
                    (None, _) => Box::new(EmptyQuery),
                }
            }
            Want::Begins(fact, start) => filter(begun(self.indexed(*fact), start)),
            Want::Has(fact) => filter(Box::new(ExistsQuery::new(column_of(*fact).to_owned(), false))),
            Want::Flag(flag, value) => {
                let field = match flag {
                    Flag::Paywalled => fields.paywalled,
                    Flag::Withdrawn => fields.withdrawn,
                    Flag::Edited => fields.edited,
                };
                let term = Term::from_field_bool(field, *value);
                filter(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
            }
            Want::Moment(when, from, to) => self.moment(*when, *from, *to),
            Want::Boosted(factor, inner) => Box::new(BoostQuery::new(self.translated(inner), *factor)),
        }
    }

    fn indexed(&self, fact: Fact) -> Field {
        match fact {
            Fact::Outlet => self.fields.outlet,
            Fact::Language => self.fields.language,
            Fact::Story => self.fields.story,
            Fact::Project => self.fields.project,
            Fact::Section => self.fields.section.folded,
            Fact::Tag => self.fields.tag.folded,
            Fact::Agency => self.fields.agency,
            Fact::Cites => self.fields.cites,
            Fact::Kind => self.fields.kind,
            Fact::Byline => self.fields.byline.folded,
            Fact::Changed => self.fields.changed,
        }
    }

    fn moment(&self, when: When, from: Option<Timestamp>, to: Option<Timestamp>) -> Box<dyn Query> {
        let name = match when {
            When::Published => column::MOMENT,
            When::Seen => column::SEEN,
            When::Edited => column::REVISED,
        };
        let Ok(field) = self.fields.schema.get_field(name) else { return Box::new(EmptyQuery) };
        let term = |at: Timestamp| Term::from_field_i64(field, at.as_millisecond());
        let from = from.map_or(Bound::Unbounded, |at| Bound::Included(term(at)));
        let to = to.map_or(Bound::Unbounded, |at| Bound::Excluded(term(at)));
        match (&from, &to) {
            (Bound::Unbounded, Bound::Unbounded) => filter(Box::new(AllQuery)),
            _ => filter(Box::new(RangeQuery::new(from, to))),
        }
    }

    /// All of these; where each is a "not", every article is what they are taken from.
    fn all(&self, parts: &[Want]) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = parts
            .iter()
            .map(|part| match part {
                Want::Not(inner) => (Occur::MustNot, self.translated(inner)),
                part => (Occur::Must, self.translated(part)),
            })
            .collect();
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, filter(Box::new(AllQuery))));
        }
        boolean(clauses)
    }

    fn words(&self, scope: Scope, sequences: &[Sequence]) -> Box<dyn Query> {
        let fields = self.fields;
        let everywhere = [
            (fields.title, TITLE),
            (fields.standfirst, STANDFIRST),
            (fields.body, BODY),
            (fields.author, AUTHOR),
            (fields.past, PAST),
        ];
        let here: &[(Field, f32)] = match scope {
            Scope::Anywhere if self.past => &everywhere,
            Scope::Anywhere => &everywhere[..4],
            Scope::Title => &everywhere[..1],
            Scope::Author => &everywhere[3..4],
        };
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::with_capacity(here.len() * sequences.len());
        for (field, weight) in here {
            for sequence in sequences.iter().filter(|sequence| self.may_be_in(*field, sequence)) {
                let found = in_field(*field, sequence);
                let heard = sequence.words.iter().any(|(_, word)| is_sound(word));
                let weight = if heard { weight * HEARD } else { *weight };
                let weighed = if weight == 1.0 { found } else { Box::new(BoostQuery::new(found, weight)) };
                clauses.push((Occur::Should, weighed));
            }
        }
        boolean(clauses)
    }

    fn may_be_in(&self, field: Field, sequence: &Sequence) -> bool {
        match (sequence.loose, sequence.words.split_last()) {
            (Loose::Letters(_), _) | (_, None) => true,
            (Loose::OpenEnded, Some((_, words))) => words.iter().all(|(_, word)| self.terms.has(field, word)),
            _ => sequence.words.iter().all(|(_, word)| self.terms.has(field, word)),
        }
    }
}

/// The column that tells whether a fact has a value.
fn column_of(fact: Fact) -> &'static str {
    match fact {
        Fact::Outlet => column::OUTLET,
        Fact::Language => column::LANGUAGE,
        Fact::Story => column::STORY,
        Fact::Project => column::PROJECT,
        Fact::Section => column::SECTION,
        Fact::Tag => column::TAG,
        Fact::Agency => column::AGENCY,
        Fact::Cites => column::CITES,
        Fact::Kind => column::KIND,
        Fact::Byline => column::BYLINE,
        // What was changed has no column; who changed anything has revisions.
        Fact::Changed => column::EDITED,
    }
}

fn boolean(mut clauses: Vec<(Occur, Box<dyn Query>)>) -> Box<dyn Query> {
    match clauses.pop() {
        Some((Occur::Must | Occur::Should, only)) if clauses.is_empty() => only,
        Some(last) => {
            clauses.push(last);
            Box::new(BooleanQuery::new(clauses))
        }
        None => Box::new(EmptyQuery),
    }
}

/// Matches without weighing.
fn filter(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn in_field(field: Field, sequence: &Sequence) -> Box<dyn Query> {
    let term = |word: &str| Term::from_field_text(field, word);
    let words = sequence.words.as_slice();
    let terms = || words.iter().map(|(offset, word)| (*offset as usize, term(word))).collect();
    match (words, sequence.loose) {
        ([], _) => Box::new(EmptyQuery),
        ([(_, word)], Loose::OpenEnded) => begun(field, word),
        ([(_, word)], Loose::Letters(letters)) => Box::new(Nearly { field, word: word.clone(), letters }),
        ([(_, word)], _) => Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)),
        (_, Loose::OpenEnded) => {
            let mut phrase = PhrasePrefixQuery::new_with_offset(terms());
            phrase.set_max_expansions(EXPANSIONS);
            Box::new(phrase)
        }
        (_, Loose::Apart(places)) => Box::new(PhraseQuery::new_with_offset_and_slop(terms(), u32::from(places))),
        _ => Box::new(PhraseQuery::new_with_offset(terms())),
    }
}

/// Whatever begins so.
fn begun(field: Field, start: &str) -> Box<dyn Query> {
    let term = |word: &str| Term::from_field_text(field, word);
    let to = above(start).map_or(Bound::Unbounded, |above| Bound::Excluded(term(&above)));
    Box::new(InvertedIndexRangeQuery::new(Bound::Included(term(start)), to))
}

/// The first text that is behind all that begin with `prefix`, in the order of their bytes.
pub(super) fn above(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        // Surrogates are no characters: the step over them lands behind all that begin so.
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix_lies_behind_all_its_words() {
        assert_eq!(above("spy").as_deref(), Some("spz"));
        assert_eq!(above("北").as_deref(), Some("\u{5318}"));
        assert_eq!(above("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(above("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert_eq!(above("\u{10ffff}"), None);
    }
}
