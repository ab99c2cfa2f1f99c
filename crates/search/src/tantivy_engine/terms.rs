//! Which words the index has at all. A word of a query becomes the stems of fifty languages, of which most
//! are nowhere: what is left out of the tree need not be looked up again in every segment by each walk.

use std::cell::RefCell;
use std::collections::HashMap;

use tantivy::schema::Field;
use tantivy::{Searcher, Term};

/// The words of the index, asked once each.
pub(super) struct Terms<'a> {
    searcher: Option<&'a Searcher>,
    known: RefCell<HashMap<Term, bool>>,
}

impl<'a> Terms<'a> {
    /// Those that `searcher` has.
    pub(super) fn of(searcher: &'a Searcher) -> Self {
        Self { searcher: Some(searcher), known: RefCell::default() }
    }

    /// All that may be asked for.
    pub(super) fn all() -> Self {
        Self { searcher: None, known: RefCell::default() }
    }

    /// Whether any article may have `word` there. What cannot be read is taken to be there: the walk will
    /// say what is wrong.
    pub(super) fn has(&self, field: Field, word: &str) -> bool {
        let Some(searcher) = self.searcher else { return true };
        let term = Term::from_field_text(field, word);
        if let Some(known) = self.known.borrow().get(&term) {
            return *known;
        }
        let in_segment = |reader: &tantivy::SegmentReader| {
            let index = reader.inverted_index(field).ok();
            let found = index.map(|index| index.terms().get(term.serialized_value_bytes()));
            !matches!(found, Some(Ok(None)))
        };
        let found = searcher.segment_readers().iter().any(in_segment);
        self.known.borrow_mut().insert(term, found);
        found
    }
}
