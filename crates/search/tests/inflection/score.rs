//! Recall and precision of one way to search.

use std::collections::HashMap;

use crate::table::{Article, Table};

/// Sums over the queries of one language.
#[derive(Default, Clone, Copy)]
pub(crate) struct Score {
    recall: f64,
    recalls: u32,
    precision: f64,
    precisions: u32,
}

impl Score {
    /// Share of the articles with the lemma's other forms that a form finds.
    pub(crate) fn recall(&self) -> f64 {
        self.recall / f64::from(self.recalls.max(1))
    }

    /// Share of the first ten hits that are of the lemma.
    pub(crate) fn precision(&self) -> f64 {
        self.precision / f64::from(self.precisions.max(1))
    }
}

/// Asks `find` for every form, and scores each language's answers: `find` takes the article whose
/// word is asked for, and gives the indexes of what it finds, best first. What a lemma means counts,
/// in whatever language.
pub(crate) fn scored(
    tables: &[Table],
    articles: &[Article],
    mut find: impl FnMut(&Article) -> Vec<usize>,
) -> Vec<Score> {
    let mut lemmas: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
    for (at, article) in articles.iter().enumerate() {
        if let Some(lemma) = article.lemma {
            lemmas.entry((article.table, lemma)).or_default().push(at);
        }
    }
    let meaning = |article: &Article| article.lemma.map(|lemma| tables[article.table].lemmas[lemma].id.as_str());
    let told = std::env::var("COURANT_MISSED");
    let mut scores = vec![Score::default(); tables.len()];
    for (at, article) in articles.iter().enumerate() {
        let Some(lemma) = article.lemma else { continue };
        let hits = find(article);
        let score = &mut scores[article.table];
        let others: Vec<usize> = lemmas[&(article.table, lemma)].iter().copied().filter(|other| *other != at).collect();
        let found = others.iter().filter(|other| hits.contains(other)).count();
        score.recall += found as f64 / others.len().max(1) as f64;
        score.recalls += 1;
        let right = |hit: &usize| meaning(&articles[*hit]) == meaning(article);
        if told.as_deref() == Ok(&tables[article.table].code) {
            let word = |index: &usize| articles[*index].word.as_str();
            let missed: Vec<&str> = others.iter().filter(|other| !hits.contains(other)).map(word).collect();
            let wrong: Vec<&str> = hits.iter().take(10).filter(|hit| !right(hit)).map(word).collect();
            println!("{}: misses {missed:?}, finds {wrong:?}", article.word);
        }
        let first = hits.len().min(10);
        if first > 0 {
            score.precision += hits[..first].iter().filter(|hit| right(hit)).count() as f64 / first as f64;
            score.precisions += 1;
        }
    }
    scores
}
