//! Articles like one: a query out of the words that tell it from others.
//!
//! The words that weigh most (how often the article says them, how few others do) are looked for in titles
//! and texts; a third of them must be there. Only words are compared: a report of the same event in another
//! language is found where names and numbers are spelt alike, and not else.

use std::collections::HashMap;

use courant_model::{ArticleId, Language};
use courant_text::{is_stem, words};
use tantivy::query::{BooleanQuery, BoostQuery, EnableScoring, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet as _, Searcher, TERMINATED, Term};

use super::schema::{Fields, Shown};

/// So many words are looked for.
const WORDS: usize = 30;
/// A word that fewer articles have is a slip or a name that is nowhere else.
const FEWEST: u64 = 2;
/// A word that more of all articles have tells nothing: one in so many.
const COMMON: u64 = 8;
/// More of one word counts no more.
const REPEATED: u32 = 6;
/// Bytes of the text that are read.
const READ: usize = 20_000;

/// Where the article's document is.
pub(super) fn address(searcher: &Searcher, fields: &Fields, article: ArticleId) -> tantivy::Result<Option<DocAddress>> {
    let query = TermQuery::new(fields.id_term(article), IndexRecordOption::Basic);
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    for (segment, reader) in searcher.segment_readers().iter().enumerate() {
        let mut docs = weight.scorer(reader, 1.0)?;
        while docs.doc() != TERMINATED {
            if !reader.is_deleted(docs.doc()) {
                return Ok(Some(DocAddress::new(segment as u32, docs.doc())));
            }
            docs.advance();
        }
    }
    Ok(None)
}

/// What finds articles like the one that is shown so; `None` where nothing tells it from others.
pub(super) fn like(
    searcher: &Searcher,
    fields: &Fields,
    shown: &Shown,
    language: Language,
) -> tantivy::Result<Option<Box<dyn Query>>> {
    let all = searcher.num_docs();
    let mut weighed = Vec::new();
    for (word, times) in said(shown, language) {
        let having = searcher.doc_freq(&Term::from_field_text(fields.body, &word))?;
        if having >= FEWEST && (having <= all / COMMON || all < 10 * COMMON) {
            let weight = times.min(REPEATED) as f32 * (all as f32 / having as f32).ln_1p();
            weighed.push((weight, word));
        }
    }
    weighed.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    weighed.truncate(WORDS);
    if weighed.is_empty() {
        return Ok(None);
    }
    let least = (weighed.len() / 3).max(1);
    let clause = |(weight, word): (f32, String)| {
        let in_field = |field| -> (Occur, Box<dyn Query>) {
            let term = Term::from_field_text(field, &word);
            (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
        };
        let anywhere = BooleanQuery::new(vec![in_field(fields.title), in_field(fields.body)]);
        let boosted: Box<dyn Query> = Box::new(BoostQuery::new(Box::new(anywhere), weight));
        (Occur::Should, boosted)
    };
    let clauses = weighed.into_iter().map(clause).collect();
    Ok(Some(Box::new(BooleanQuery::with_minimum_required_clauses(clauses, least))))
}

/// The words of an article and how often it says them, each by its stem where it has one.
fn said(shown: &Shown, language: Language) -> HashMap<String, u32> {
    let mut end = shown.body.len().min(READ);
    while !shown.body.is_char_boundary(end) {
        end -= 1;
    }
    let mut said = HashMap::new();
    for text in [&shown.title, &shown.standfirst, &shown.body[..end]] {
        let cut = words(text, language);
        for forms in cut.tokens.chunk_by(|one, next| one.position == next.position) {
            let form = forms.iter().find(|form| is_stem(&form.text)).unwrap_or(&forms[0]);
            *said.entry(form.text.clone()).or_default() += 1;
        }
    }
    said
}
