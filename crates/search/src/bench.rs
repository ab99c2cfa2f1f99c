//! For `benches/search` alone: what the engine is asked, so that it can be timed beside the engine itself.

use courant_model::{Catalogue, Words};
use tantivy::tokenizer::TokenizerManager;

use crate::plan::Plan;
use crate::tantivy_engine::{Fields, tokenizers, translate, written};
use crate::{Filters, Query};

/// The tree that `query` becomes: what is handed to tantivy.
pub fn tree(query: &Query, filters: &Filters, catalogue: &Catalogue) -> Box<dyn tantivy::query::Query> {
    translate(&Plan::new(query, filters, catalogue), &Fields::new())
}

/// The tokenizers that the index is opened with.
pub fn given() -> TokenizerManager {
    tokenizers()
}

/// Words as the index is fed with them.
pub fn text(words: &Words) -> String {
    written(words)
}
