//! Hits as they are shown: title, the best passage, why it matched, near copies, what it used to say.

use courant_model::{Language, OutletId};
use tantivy::Term;
use tantivy::query::{EnableScoring, Query as _, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::best::{self, Candidate};
use super::find::Answer;
use super::schema::{Shown, column};
use crate::mark::Marker;
use crate::why::{Why, why};
use crate::{Copy, Hit, Order, SearchError, Snippet, passage};

/// Most copies that are told of a hit.
const MOST_COPIES: usize = 50;

impl Answer<'_> {
    pub(super) fn hit(&self, candidate: &Candidate, marker: &Marker) -> Result<Hit, SearchError> {
        let engine = |error| self.place.engine(error);
        let row = self.searcher.doc(candidate.address).map_err(engine)?;
        let shown = self.generation.fields.shown(&row);
        let why =
            if self.asked.why && !candidate.nosnippet { self.why(&shown, candidate.language) } else { Vec::new() };
        let (title, snippet) = if self.asked.highlights {
            let snippet = match candidate.nosnippet {
                true => Snippet::default(),
                false => passage::passage(&shown.standfirst, &shown.body, candidate.language, marker),
            };
            (passage::title(&shown.title, candidate.language, marker), snippet)
        } else {
            (Snippet { text: shown.title, marks: Vec::new() }, Snippet::default())
        };
        let mut hit = Hit {
            article: candidate.article,
            score: candidate.score,
            title,
            snippet,
            past_revision: None,
            why,
            copies: self.copies(candidate).map_err(engine)?,
        };
        if hit.title.marks.is_empty() && hit.snippet.marks.is_empty() && self.asked.highlights && !candidate.nosnippet {
            hit.show_past(&shown.past, candidate.language, marker);
        }
        Ok(hit)
    }

    fn why(&self, shown: &Shown, language: Language) -> Vec<Why> {
        let mut fields: Vec<(&'static str, &str)> =
            vec![("title", &shown.title), ("standfirst", &shown.standfirst), ("text", &shown.body)];
        if self.asked.plan.past {
            fields.extend(shown.past.iter().map(|(_, text)| ("past", text.as_str())));
        }
        why(&self.asked.plan.origins, &fields, language)
    }

    /// The others of a hit's group of near copies.
    fn copies(&self, candidate: &Candidate) -> tantivy::Result<Vec<Copy>> {
        if candidate.copies == 0 {
            return Ok(Vec::new());
        }
        let term = Term::from_field_u64(self.generation.fields.copies, candidate.copies);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let weight = query.weight(EnableScoring::disabled_from_searcher(self.searcher))?;
        let oldest = best::Ask { order: Order::Oldest, limit: MOST_COPIES + 1, after: None, collapse: false, count: 0 };
        let mut copies = Vec::new();
        for copy in best::best(self.searcher, weight.as_ref(), &oldest)?.best {
            if copy.article != candidate.article && copies.len() < MOST_COPIES {
                copies.push(Copy { article: copy.article, outlet: self.outlet(&copy)? });
            }
        }
        Ok(copies)
    }

    fn outlet(&self, candidate: &Candidate) -> tantivy::Result<OutletId> {
        let columns = self.searcher.segment_reader(candidate.address.segment_ord).fast_fields();
        let mut name = String::new();
        if let Some(outlets) = columns.str(column::OUTLET)?
            && let Some(ordinal) = outlets.ords().first(candidate.address.doc_id)
        {
            outlets.ord_to_str(ordinal, &mut name)?;
        }
        Ok(OutletId::new(&name))
    }
}

impl Hit {
    /// Shows what an earlier revision said, where only that matches.
    fn show_past(&mut self, past: &[(u32, String)], language: Language, marker: &Marker) {
        for (revision, text) in past {
            let snippet = passage::passage("", text, language, marker);
            if !snippet.marks.is_empty() {
                (self.snippet, self.past_revision) = (snippet, Some(*revision));
                return;
            }
        }
    }
}
