//! Words that are a letter or two off. tantivy's own fuzzy query takes every word of the dictionary
//! that its automaton accepts, however many those are, and weighs all alike; here the nearest and
//! most frequent are chosen first, and what is looked for is a handful of words like any other.

use std::collections::HashMap;

use tantivy::query::{
    BooleanQuery, BoostQuery, EmptyQuery, EnableScoring, FuzzyTermQuery, Occur, Query, TermQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::translate::above;
use crate::distance::distance;
use crate::plan::FUZZY_WORDS;

/// What a word weighs that is no, one, two letters off. A slip of the pen is rare in the index, and
/// would outweigh the word itself.
const WEIGHTS: [f32; 3] = [1.0, 0.25, 0.1];

/// Words of one field that are at most so many letters off, and begin alike.
#[derive(Debug, Clone)]
pub(super) struct Nearly {
    pub(super) field: Field,
    pub(super) word: String,
    /// One or two.
    pub(super) letters: u8,
}

impl Nearly {
    /// The nearest words of the dictionary, with how far each is off; of equally near ones the most
    /// frequent.
    fn nearest(&self, searcher: &Searcher) -> tantivy::Result<Vec<(String, usize)>> {
        let automaton =
            FuzzyTermQuery::new(Term::from_field_text(self.field, &self.word), self.letters, true).automaton()?;
        let first: String = self.word.chars().take(1).collect();
        let mut met: HashMap<String, u64> = HashMap::new();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(self.field)?;
            // Words that begin alike lie side by side.
            let mut range = index.terms().search(&automaton).ge(&first);
            if let Some(above) = above(&first) {
                range = range.lt(above);
            }
            let mut words = range.into_stream()?;
            while words.advance() {
                let Ok(word) = std::str::from_utf8(words.key()) else { continue };
                let frequency = u64::from(words.value().doc_freq);
                match met.get_mut(word) {
                    Some(known) => *known += frequency,
                    None => {
                        met.insert(word.to_owned(), frequency);
                    }
                }
            }
        }
        let off = |word: &str| distance(&self.word, word, self.letters).unwrap_or(self.letters).into();
        let mut found: Vec<(String, usize, u64)> =
            met.into_iter().map(|(word, frequency)| (off(&word), word, frequency)).map(|(o, w, f)| (w, o, f)).collect();
        found.sort_unstable_by(|one, other| (one.1, other.2, &one.0).cmp(&(other.1, one.2, &other.0)));
        Ok(found.into_iter().take(FUZZY_WORDS).map(|(word, off, _)| (word, off)).collect())
    }

    fn chosen(&self, searcher: &Searcher) -> tantivy::Result<Box<dyn Query>> {
        let clauses: Vec<(Occur, Box<dyn Query>)> = self
            .nearest(searcher)?
            .into_iter()
            .map(|(word, off)| {
                let term = Term::from_field_text(self.field, &word);
                let query: Box<dyn Query> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
                let weight = WEIGHTS.get(off).copied().unwrap_or(WEIGHTS[2]);
                (Occur::Should, Box::new(BoostQuery::new(query, weight)) as Box<dyn Query>)
            })
            .collect();
        Ok(if clauses.is_empty() { Box::new(EmptyQuery) } else { Box::new(BooleanQuery::new(clauses)) })
    }
}

impl Query for Nearly {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        match scoring.searcher() {
            Some(searcher) => self.chosen(searcher)?.weight(scoring),
            // Without a dictionary there are no words near by.
            None => {
                let term = Term::from_field_text(self.field, &self.word);
                TermQuery::new(term, IndexRecordOption::WithFreqs).weight(scoring)
            }
        }
    }
}
