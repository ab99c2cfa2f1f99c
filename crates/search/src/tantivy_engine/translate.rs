//! A plan in tantivy's terms. What scores and what only narrows is decided here: filters weigh
//! nothing, words weigh by BM25 in each field, more in titles than in texts.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, InvertedIndexRangeQuery, Occur, PhrasePrefixQuery,
    PhraseQuery, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::schema::Fields;
use crate::Facet;
use crate::plan::{Fact, Flag, Plan, Scope, Sequence, Want};

/// A word in a title says most of what an article is about, one in a standfirst more than one in
/// the text. The steps are those that search engines for news commonly take; no measure of our own
/// stands behind them yet.
const TITLE: f32 = 3.0;
const STANDFIRST: f32 = 2.0;
const BODY: f32 = 1.0;
const AUTHOR: f32 = 1.0;

/// Words that an open-ended phrase (`"covid 1*"`) is tried with.
const EXPANSIONS: u32 = 200;

/// The query for everything in `plan`, but for the filter of the facet that is `lifted`.
pub(super) fn query(plan: &Plan, fields: &Fields, lifted: Option<Facet>) -> Box<dyn Query> {
    let mut clauses = vec![(Occur::Must, translated(&plan.query, fields))];
    let filters = plan.filters.iter().filter(|(facet, _)| facet.is_none() || *facet != lifted);
    clauses.extend(filters.map(|(_, want)| (Occur::Must, filter(translated(want, fields)))));
    boolean(clauses)
}

fn translated(want: &Want, fields: &Fields) -> Box<dyn Query> {
    match want {
        Want::Everything => filter(Box::new(AllQuery)),
        Want::Nothing => Box::new(EmptyQuery),
        Want::All(parts) => all(parts, fields),
        Want::Any(parts) => boolean(parts.iter().map(|part| (Occur::Should, translated(part, fields))).collect()),
        Want::Not(_) => all(std::slice::from_ref(want), fields),
        Want::Words(scope, sequences) => words(*scope, sequences, fields),
        Want::Fact(fact, values) => {
            let field = match fact {
                Fact::Outlet => fields.outlet,
                Fact::Language => fields.language,
                Fact::Story => fields.story,
                Fact::Project => fields.project,
                Fact::Agency => fields.agency,
                Fact::Cites => fields.cites,
                Fact::Kind => fields.kind,
                Fact::Section => fields.section.folded,
                Fact::Tag => fields.tag.folded,
                Fact::Byline => fields.byline.folded,
            };
            let mut terms = values.iter().map(|value| Term::from_field_text(field, value));
            match (terms.next(), terms.len()) {
                (Some(term), 0) => filter(Box::new(TermQuery::new(term, IndexRecordOption::Basic))),
                (Some(first), _) => filter(Box::new(TermSetQuery::new(std::iter::once(first).chain(terms)))),
                (None, _) => Box::new(EmptyQuery),
            }
        }
        Want::Flag(flag, value) => {
            let field = match flag {
                Flag::Paywalled => fields.paywalled,
                Flag::Edited => fields.edited,
            };
            filter(Box::new(TermQuery::new(Term::from_field_bool(field, *value), IndexRecordOption::Basic)))
        }
        Want::Published(from, to) => {
            let from = from.map_or(Bound::Unbounded, |at| Bound::Included(fields.moment_term(at)));
            let to = to.map_or(Bound::Unbounded, |at| Bound::Excluded(fields.moment_term(at)));
            match (&from, &to) {
                (Bound::Unbounded, Bound::Unbounded) => filter(Box::new(AllQuery)),
                _ => filter(Box::new(RangeQuery::new(from, to))),
            }
        }
    }
}

/// All of these; where each is a "not", every article is what they are taken from.
fn all(parts: &[Want], fields: &Fields) -> Box<dyn Query> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = parts
        .iter()
        .map(|part| match part {
            Want::Not(inner) => (Occur::MustNot, translated(inner, fields)),
            part => (Occur::Must, translated(part, fields)),
        })
        .collect();
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        clauses.push((Occur::Must, filter(Box::new(AllQuery))));
    }
    boolean(clauses)
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

fn words(scope: Scope, sequences: &[Sequence], fields: &Fields) -> Box<dyn Query> {
    let everywhere =
        [(fields.title, TITLE), (fields.standfirst, STANDFIRST), (fields.body, BODY), (fields.author, AUTHOR)];
    let here: &[(Field, f32)] = match scope {
        Scope::Anywhere => &everywhere,
        Scope::Title => &everywhere[..1],
        Scope::Author => &everywhere[3..],
    };
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::with_capacity(here.len() * sequences.len());
    for (field, weight) in here {
        for sequence in sequences {
            let found = in_field(*field, sequence);
            let weighed = if *weight == 1.0 { found } else { Box::new(BoostQuery::new(found, *weight)) };
            clauses.push((Occur::Should, weighed));
        }
    }
    boolean(clauses)
}

fn in_field(field: Field, sequence: &Sequence) -> Box<dyn Query> {
    let term = |word: &str| Term::from_field_text(field, word);
    match sequence.words.as_slice() {
        [] => Box::new(EmptyQuery),
        [(_, word)] if sequence.open_ended => {
            let to =
                above(word).map_or(Bound::Unbounded, |above| Bound::Excluded(Term::from_field_text(field, &above)));
            Box::new(InvertedIndexRangeQuery::new(Bound::Included(term(word)), to))
        }
        [(_, word)] => Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)),
        words => {
            let terms = words.iter().map(|(offset, word)| (*offset as usize, term(word))).collect();
            if sequence.open_ended {
                let mut phrase = PhrasePrefixQuery::new_with_offset(terms);
                phrase.set_max_expansions(EXPANSIONS);
                Box::new(phrase)
            } else {
                Box::new(PhraseQuery::new_with_offset(terms))
            }
        }
    }
}

/// The first text that is behind all that begin with `prefix`, in the order of their bytes.
fn above(prefix: &str) -> Option<String> {
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
