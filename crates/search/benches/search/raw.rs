//! tantivy by itself: an index of the same words in the same fields, and the same trees asked of ours.

use std::path::Path;

use courant_search::{Document, bench};
use tantivy::collector::TopDocs;
use tantivy::query::Query;
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument};

/// Memory before a segment is written: what our feed takes.
const MEMORY: usize = 50_000_000;

/// An index with the fields that both have: words of four texts, what is shown, and facts.
pub(crate) struct Raw {
    writer: IndexWriter,
    words: [Field; 4],
    shown: [Field; 3],
    facts: [Field; 6],
    moment: Field,
}

impl Raw {
    pub(crate) fn create(folder: &Path) -> tantivy::Result<Self> {
        let mut schema = Schema::builder();
        let words = || {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer("given")
                .set_index_option(IndexRecordOption::WithFreqsAndPositions);
            TextOptions::default().set_indexing_options(indexing)
        };
        let fact = || {
            let indexing = TextFieldIndexing::default().set_tokenizer("raw").set_fieldnorms(false);
            TextOptions::default()
                .set_indexing_options(indexing.set_index_option(IndexRecordOption::Basic))
                .set_fast("raw")
        };
        let words = ["title", "standfirst", "body", "author"].map(|name| schema.add_text_field(name, words()));
        let shown = ["shown_title", "shown_standfirst", "shown_body"].map(|name| schema.add_text_field(name, STORED));
        let facts =
            ["id", "outlet", "language", "section", "tag", "byline"].map(|name| schema.add_text_field(name, fact()));
        let moment = schema.add_i64_field("moment", FAST);
        std::fs::create_dir_all(folder)?;
        let mut index = Index::create_in_dir(folder, schema.build())?;
        index.set_tokenizers(bench::given());
        Ok(Self { writer: index.writer_with_num_threads(1, MEMORY)?, words, shown, facts, moment })
    }

    /// Adds these and commits.
    pub(crate) fn apply(&mut self, documents: &[Document]) -> tantivy::Result<()> {
        for document in documents {
            let mut row = TantivyDocument::default();
            let words =
                [&document.title_words, &document.standfirst_words, &document.body_words, &document.author_words];
            for (field, words) in self.words.iter().zip(words) {
                row.add_text(*field, bench::text(words));
            }
            for (field, text) in self.shown.iter().zip([&document.title, &document.standfirst, &document.body]) {
                row.add_text(*field, text);
            }
            let [id, outlet, language, section, tag, byline] = self.facts;
            row.add_text(id, document.article.to_string());
            row.add_text(outlet, document.outlet.as_str());
            row.add_text(language, document.language.as_str());
            document.section.iter().for_each(|value| row.add_text(section, value));
            document.tags.iter().for_each(|value| row.add_text(tag, value));
            document.authors.iter().for_each(|value| row.add_text(byline, value));
            row.add_i64(self.moment, document.moment.as_millisecond());
            self.writer.add_document(row)?;
        }
        self.writer.commit()?;
        Ok(())
    }

    pub(crate) fn close(self) -> tantivy::Result<()> {
        self.writer.wait_merging_threads()
    }
}

/// Our index, opened by tantivy alone.
pub(crate) fn open(folder: &Path) -> tantivy::Result<Searcher> {
    let mut index = Index::open_in_dir(folder)?;
    index.set_tokenizers(bench::given());
    Ok(index.reader()?.searcher())
}

/// The best twenty by score, as tantivy ranks.
pub(crate) fn best(searcher: &Searcher, tree: &dyn Query) -> tantivy::Result<usize> {
    Ok(searcher.search(tree, &TopDocs::with_limit(20).order_by_score())?.len())
}

/// The latest twenty.
pub(crate) fn latest(searcher: &Searcher, tree: &dyn Query) -> tantivy::Result<usize> {
    let collector = TopDocs::with_limit(20).order_by_fast_field::<i64>("moment", tantivy::Order::Desc);
    Ok(searcher.search(tree, &collector)?.len())
}
