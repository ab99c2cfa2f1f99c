//! An article's words as a vector: terms weighted by where they stand and by how rare they are in
//! their language so far, the heaviest kept, of length one.

use std::collections::HashMap;

use courant_model::Term;
use serde::{Deserialize, Serialize};

/// So many terms of an article are kept. More add noise and cost time.
const KEPT: usize = 80;
/// No word weighs less than this, however common.
const LEAST_IDF: f32 = 0.05;
/// Counted as if so many articles without the word had been seen: keeps the first days sane. Any
/// value up to 50 gives large sets the same stories; a small one tells the few articles of a young
/// corpus apart sooner.
const UNSEEN: f32 = 10.0;
/// What a capital in mid-sentence adds, in languages whose capitals mean something.
const NAME_BOOST: f32 = 1.4;
/// Where more of the words than this are capitals (headlines in title case), they mean nothing.
const TITLE_CASE: f32 = 0.65;

/// Sparse, sorted by term, of length one (or empty).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vector(pub(crate) Vec<(u32, f32)>);

impl Vector {
    /// Cosine of two vectors of length one.
    pub(crate) fn dot(&self, other: &Self) -> f32 {
        let (mut a, mut b, mut sum) = (self.0.iter().peekable(), other.0.iter().peekable(), 0.0);
        while let (Some((ta, wa)), Some((tb, wb))) = (a.peek(), b.peek()) {
            match ta.cmp(tb) {
                std::cmp::Ordering::Less => drop(a.next()),
                std::cmp::Ordering::Greater => drop(b.next()),
                std::cmp::Ordering::Equal => {
                    sum += wa * wb;
                    a.next();
                    b.next();
                }
            }
        }
        sum
    }

    /// The terms that weigh most in the cosine of the two, heaviest first.
    pub(crate) fn heaviest_shared(&self, other: &HashMap<u32, f32>, limit: usize) -> Vec<u32> {
        let mut shared: Vec<(u32, f32)> =
            self.0.iter().filter_map(|(term, weight)| other.get(term).map(|theirs| (*term, weight * theirs))).collect();
        shared.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        shared.into_iter().take(limit).map(|(term, _)| term).collect()
    }
}

/// The words of one language: their numbers, and in how many articles each was seen.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Vocabulary {
    numbers: HashMap<String, u32>,
    texts: Vec<String>,
    seen_in: Vec<u32>,
    articles: u32,
}

impl Vocabulary {
    /// Counts an article's words.
    pub(crate) fn learn(&mut self, terms: &[Term]) {
        self.articles += 1;
        for term in terms {
            let number = match self.numbers.get(&term.text) {
                Some(number) => *number,
                None => {
                    let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
                    self.numbers.insert(term.text.clone(), number);
                    self.texts.push(term.text.clone());
                    self.seen_in.push(0);
                    number
                }
            };
            self.seen_in[number as usize] += 1;
        }
    }

    /// The vector of an article whose words were learnt.
    pub(crate) fn vector(&self, terms: &[Term]) -> Vector {
        let names = terms.iter().filter(|term| term.name).count();
        let capitals_mean = (names as f32) <= TITLE_CASE * terms.len() as f32;
        let mut weighted: Vec<(u32, f32)> = terms
            .iter()
            .filter_map(|term| {
                let number = *self.numbers.get(&term.text)?;
                let place = 3.0 * f32::from(term.title.min(2)) + (1.0 + f32::from(term.body)).ln();
                let name = if term.name && capitals_mean { NAME_BOOST } else { 1.0 };
                Some((number, self.idf(number) * place * name))
            })
            .collect();
        weighted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        weighted.truncate(KEPT);
        weighted.sort_by_key(|(number, _)| *number);
        let length = weighted.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        if length > 0.0 {
            weighted.iter_mut().for_each(|(_, weight)| *weight /= length);
        }
        Vector(weighted)
    }

    /// The word of this number.
    pub(crate) fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", String::as_str)
    }

    fn idf(&self, number: u32) -> f32 {
        let seen = self.seen_in.get(number as usize).copied().unwrap_or(0) as f32;
        ((self.articles as f32 + UNSEEN) / (seen + 1.0)).ln().max(LEAST_IDF)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(words: &[&str]) -> Vec<Term> {
        words.iter().map(|w| Term { text: (*w).to_owned(), title: 1, body: 1, name: false }).collect()
    }

    #[test]
    fn a_vector_has_length_one_and_rare_words_weigh_more() {
        let mut vocabulary = Vocabulary::default();
        for _ in 0..20 {
            vocabulary.learn(&terms(&["minister", "says"]));
        }
        let article = terms(&["minister", "pegasus"]);
        vocabulary.learn(&article);
        let vector = vocabulary.vector(&article);
        assert!((vector.dot(&vector) - 1.0).abs() < 1e-5);
        let weight = |word: &str| {
            let number = vocabulary.numbers[word];
            vector.0.iter().find(|(term, _)| *term == number).map(|(_, weight)| *weight)
        };
        assert!(weight("pegasus") > weight("minister"));
    }

    #[test]
    fn no_words_make_an_empty_vector() {
        let vocabulary = Vocabulary::default();
        assert_eq!(vocabulary.vector(&[]), Vector::default());
        assert_eq!(vocabulary.vector(&terms(&["unknown"])), Vector::default());
    }

    #[test]
    fn a_headline_in_title_case_names_nothing() {
        let mut vocabulary = Vocabulary::default();
        let mut article = terms(&["amazon", "shuts", "servers"]);
        article.iter_mut().for_each(|term| term.name = true);
        vocabulary.learn(&article);
        let weights: Vec<f32> = vocabulary.vector(&article).0.iter().map(|(_, weight)| *weight).collect();
        assert!(weights.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 1e-6));
    }
}
