//! What others do, on the same tantivy: its own analyser for each language, a field a language, and
//! one analyser for all that only folds.

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::tokenizer::{AsciiFoldingFilter, Language, LowerCaser, SimpleTokenizer, Stemmer, TextAnalyzer};
use tantivy::{Index, Searcher, TantivyDocument, Term};

use crate::table::{Article, Table};

pub(crate) struct Raw {
    searcher: Searcher,
    number: Field,
    /// For each table, its field and its analyser.
    fields: Vec<(Field, TextAnalyzer)>,
}

impl Raw {
    /// A field for each table, with tantivy's analyser for its language.
    pub(crate) fn per_language(tables: &[Table], articles: &[Article]) -> Self {
        let analysers = tables.iter().map(|table| (table.code.clone(), analyser(&table.code)));
        Self::new(analysers.collect(), tables, articles)
    }

    /// One field for all tables.
    pub(crate) fn folding(tables: &[Table], articles: &[Article]) -> Self {
        let folding =
            TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).filter(AsciiFoldingFilter).build();
        Self::new(vec![("all".to_owned(), folding)], tables, articles)
    }

    fn new(analysers: Vec<(String, TextAnalyzer)>, tables: &[Table], articles: &[Article]) -> Self {
        let mut schema = Schema::builder();
        let number = schema.add_u64_field("number", NumericOptions::default().set_stored());
        let fields: Vec<(Field, TextAnalyzer)> = analysers
            .iter()
            .map(|(name, analyser)| {
                let indexing = TextFieldIndexing::default()
                    .set_tokenizer(name)
                    .set_index_option(IndexRecordOption::WithFreqsAndPositions);
                (schema.add_text_field(name, TextOptions::default().set_indexing_options(indexing)), analyser.clone())
            })
            .collect();
        let index = Index::create_in_ram(schema.build());
        analysers.into_iter().for_each(|(name, analyser)| index.tokenizers().register(&name, analyser));
        let mut writer = index.writer_with_num_threads(1, 20_000_000).expect("a writer");
        let of = |table: usize| fields[table.min(fields.len() - 1)].clone();
        for (at, article) in articles.iter().enumerate() {
            let mut document = TantivyDocument::new();
            document.add_u64(number, at as u64);
            document.add_text(of(article.table).0, &article.text);
            writer.add_document(document).expect("added");
        }
        writer.commit().expect("committed");
        let searcher = index.reader().expect("a reader").searcher();
        let fields = (0..tables.len()).map(of).collect();
        Self { searcher, number, fields }
    }

    /// The numbers of all articles that hold each word of `article`'s word, best first.
    pub(crate) fn find(&mut self, article: &Article) -> Vec<usize> {
        let (field, analyser) = &mut self.fields[article.table];
        let mut wanted: Vec<Box<dyn Query>> = Vec::new();
        let mut stream = analyser.token_stream(&article.word);
        while stream.advance() {
            let term = Term::from_field_text(*field, &stream.token().text);
            wanted.push(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)));
        }
        let query = BooleanQuery::intersection(wanted);
        let best = TopDocs::with_limit(1_000).order_by_score();
        let hits = self.searcher.search(&query, &best).expect("an answer");
        let number = |address| {
            let document: TantivyDocument = self.searcher.doc(address).expect("a document");
            document.get_first(self.number).and_then(|value| value.as_u64()).expect("a number") as usize
        };
        hits.into_iter().map(|(_, address)| number(address)).collect()
    }
}

/// tantivy's analyser for a language: words, lower case, and a stem where there is one.
fn analyser(code: &str) -> TextAnalyzer {
    let words = TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser);
    match stemmed(code) {
        Some(language) => words.filter(Stemmer::new(language)).build(),
        None => words.build(),
    }
}

/// The languages that tantivy 0.27 has stemmers for.
pub(crate) fn stemmed(code: &str) -> Option<Language> {
    Some(match code {
        "ar" => Language::Arabic,
        "da" => Language::Danish,
        "nl" => Language::Dutch,
        "en" => Language::English,
        "fi" => Language::Finnish,
        "fr" => Language::French,
        "de" => Language::German,
        "el" => Language::Greek,
        "hu" => Language::Hungarian,
        "it" => Language::Italian,
        "no" => Language::Norwegian,
        "pt" => Language::Portuguese,
        "ro" => Language::Romanian,
        "ru" => Language::Russian,
        "es" => Language::Spanish,
        "sv" => Language::Swedish,
        "ta" => Language::Tamil,
        "tr" => Language::Turkish,
        _ => return None,
    })
}
