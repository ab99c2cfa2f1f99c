//! What a document of ours is to tantivy.

use courant_model::ArticleId;
use jiff::Timestamp;
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::{TantivyDocument, Term};

use super::tokens;
use crate::Document;

/// Grows whenever a field below changes: an index of another number is made anew.
pub(super) const VERSION: u32 = 1;

/// The fields. Names of those that are read as columns are given where they are made.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    /// Sixteen bytes; what a document is replaced by.
    id: Field,
    /// The id once more as two columns: reading a stored document for it would cost a block.
    id_high: Field,
    id_low: Field,
    revision: Field,
    pub(super) outlet: Field,
    pub(super) language: Field,
    pub(super) story: Field,
    pub(super) project: Field,
    pub(super) moment: Field,
    seen: Field,
    revised: Field,
    paywalled: Field,
    withdrawn: Field,
    nosnippet: Field,
    pub(super) title: Field,
    pub(super) standfirst: Field,
    pub(super) body: Field,
    pub(super) author: Field,
    shown_title: Field,
    shown_standfirst: Field,
    shown_body: Field,
}

/// Names of the columns.
pub(super) mod column {
    pub(in super::super) const ID_HIGH: &str = "id_high";
    pub(in super::super) const ID_LOW: &str = "id_low";
    pub(in super::super) const REVISION: &str = "revision";
    pub(in super::super) const OUTLET: &str = "outlet";
    pub(in super::super) const LANGUAGE: &str = "language";
    pub(in super::super) const MOMENT: &str = "moment";
    pub(in super::super) const SEEN: &str = "seen";
    pub(in super::super) const REVISED: &str = "revised";
    pub(in super::super) const NOSNIPPET: &str = "nosnippet";
}

/// What hits are shown with.
pub(super) struct Shown {
    pub(super) title: String,
    pub(super) standfirst: String,
    pub(super) body: String,
}

impl Fields {
    pub(super) fn new() -> Self {
        let mut schema = Schema::builder();
        let fact = || {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic);
            TextOptions::default().set_indexing_options(indexing).set_fast("raw")
        };
        let words = || {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(tokens::NAME)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions);
            TextOptions::default().set_indexing_options(indexing)
        };
        Self {
            id: schema.add_bytes_field("id", BytesOptions::default().set_indexed()),
            id_high: schema.add_u64_field(column::ID_HIGH, FAST),
            id_low: schema.add_u64_field(column::ID_LOW, FAST),
            revision: schema.add_u64_field(column::REVISION, FAST),
            outlet: schema.add_text_field(column::OUTLET, fact()),
            language: schema.add_text_field(column::LANGUAGE, fact()),
            story: schema.add_text_field("story", fact()),
            project: schema.add_text_field("project", fact()),
            // Milliseconds since 1970.
            moment: schema.add_i64_field(column::MOMENT, FAST),
            seen: schema.add_i64_field(column::SEEN, FAST),
            revised: schema.add_i64_field(column::REVISED, FAST),
            paywalled: schema.add_bool_field("paywalled", FAST | INDEXED),
            withdrawn: schema.add_bool_field("withdrawn", FAST | INDEXED),
            nosnippet: schema.add_bool_field(column::NOSNIPPET, FAST),
            title: schema.add_text_field("title", words()),
            standfirst: schema.add_text_field("standfirst", words()),
            body: schema.add_text_field("body", words()),
            author: schema.add_text_field("author", words()),
            shown_title: schema.add_text_field("shown_title", STORED),
            shown_standfirst: schema.add_text_field("shown_standfirst", STORED),
            shown_body: schema.add_text_field("shown_body", STORED),
            schema: schema.build(),
        }
    }

    /// The term that only this article's document has.
    pub(super) fn id_term(&self, article: ArticleId) -> Term {
        Term::from_field_bytes(self.id, &article.bytes())
    }

    pub(super) fn document(&self, document: &Document) -> TantivyDocument {
        let id = document.article.bytes();
        let (high, low) = halves(document.article);
        let mut row = TantivyDocument::default();
        row.add_bytes(self.id, &id);
        row.add_u64(self.id_high, high);
        row.add_u64(self.id_low, low);
        row.add_u64(self.revision, u64::from(document.revision));
        row.add_text(self.outlet, document.outlet.as_str());
        row.add_text(self.language, document.language.as_str());
        if let Some(story) = document.story {
            row.add_text(self.story, story.to_string());
        }
        for project in &document.projects {
            row.add_text(self.project, project.as_str());
        }
        row.add_i64(self.moment, document.moment.as_millisecond());
        row.add_i64(self.seen, document.seen.as_millisecond());
        row.add_i64(self.revised, document.revised.as_millisecond());
        row.add_bool(self.paywalled, document.paywalled);
        row.add_bool(self.withdrawn, document.withdrawn);
        row.add_bool(self.nosnippet, document.nosnippet);
        row.add_text(self.title, tokens::written(&document.title_words));
        row.add_text(self.standfirst, tokens::written(&document.standfirst_words));
        row.add_text(self.body, tokens::written(&document.body_words));
        row.add_text(self.author, tokens::written(&document.author_words));
        row.add_text(self.shown_title, &document.title);
        row.add_text(self.shown_standfirst, &document.standfirst);
        row.add_text(self.shown_body, &document.body);
        row
    }

    pub(super) fn shown(&self, row: &TantivyDocument) -> Shown {
        let text = |field| row.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        Shown { title: text(self.shown_title), standfirst: text(self.shown_standfirst), body: text(self.shown_body) }
    }

    /// Bounds on [`column::MOMENT`].
    pub(super) fn moment_term(&self, at: Timestamp) -> Term {
        Term::from_field_i64(self.moment, at.as_millisecond())
    }
}

fn halves(article: ArticleId) -> (u64, u64) {
    let id = u128::from_be_bytes(article.bytes());
    ((id >> 64) as u64, id as u64)
}

/// The article whose id columns hold these.
pub(super) fn article(high: u64, low: u64) -> ArticleId {
    ArticleId::from_bytes(((u128::from(high) << 64) | u128::from(low)).to_be_bytes())
}
