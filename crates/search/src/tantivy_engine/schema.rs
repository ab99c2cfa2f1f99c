//! What a document of ours is to tantivy.

use courant_model::ArticleId;
use courant_text::folded;
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions, Value,
};
use tantivy::{TantivyDocument, Term};

use super::tokens;
use crate::Document;

/// Grows whenever a field below changes: an index of another number is made anew.
pub(super) const VERSION: u32 = 2;

/// The fields. Names of those that are read as columns are given where they are made.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
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
    pub(super) paywalled: Field,
    pub(super) withdrawn: Field,
    /// It has more than one revision.
    pub(super) edited: Field,
    nosnippet: Field,
    pub(super) agency: Field,
    pub(super) cites: Field,
    pub(super) kind: Field,
    pub(super) changed: Field,
    /// A number that near copies share; 0 where there are none.
    pub(super) copies: Field,
    pub(super) section: Label,
    pub(super) tag: Label,
    /// Whole names; the words of the byline are in `author`.
    pub(super) byline: Label,
    pub(super) title: Field,
    pub(super) standfirst: Field,
    pub(super) body: Field,
    pub(super) author: Field,
    /// What it used to say.
    pub(super) past: Field,
    shown_title: Field,
    shown_standfirst: Field,
    shown_body: Field,
    shown_past: Field,
}

/// A fact in an outlet's own words: found by its folded spelling, counted as it is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Label {
    /// The folded spelling, indexed.
    pub(super) folded: Field,
    /// A column of the folded spelling, [`LABEL`] and what is shown: in its order, spellings of one label
    /// stand side by side.
    shown: Field,
}

/// Between a label's folded spelling and what is shown.
pub(super) const LABEL: char = '\u{1f}';

/// Names of the columns.
pub(super) mod column {
    pub(in super::super) const ID_HIGH: &str = "id_high";
    pub(in super::super) const ID_LOW: &str = "id_low";
    pub(in super::super) const REVISION: &str = "revision";
    pub(in super::super) const OUTLET: &str = "outlet";
    pub(in super::super) const LANGUAGE: &str = "language";
    pub(in super::super) const STORY: &str = "story";
    pub(in super::super) const PROJECT: &str = "project";
    pub(in super::super) const AGENCY: &str = "agency";
    pub(in super::super) const CITES: &str = "cites";
    pub(in super::super) const KIND: &str = "kind";
    pub(in super::super) const PAYWALLED: &str = "paywalled";
    pub(in super::super) const EDITED: &str = "edited";
    pub(in super::super) const COPIES: &str = "copies";
    pub(in super::super) const SECTION: &str = "section_shown";
    pub(in super::super) const TAG: &str = "tag_shown";
    pub(in super::super) const BYLINE: &str = "byline_shown";
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
    /// What earlier revisions said, latest first.
    pub(super) past: Vec<(u32, String)>,
}

impl Fields {
    pub(crate) fn new() -> Self {
        let mut schema = Schema::builder();
        let fact = || {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic);
            TextOptions::default().set_indexing_options(indexing).set_fast("raw")
        };
        let label = |schema: &mut SchemaBuilder, name: &str| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic);
            Label {
                folded: schema.add_text_field(name, TextOptions::default().set_indexing_options(indexing)),
                shown: schema.add_text_field(&format!("{name}_shown"), TextOptions::default().set_fast("raw")),
            }
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
            story: schema.add_text_field(column::STORY, fact()),
            project: schema.add_text_field(column::PROJECT, fact()),
            // Milliseconds since 1970.
            moment: schema.add_i64_field(column::MOMENT, FAST),
            seen: schema.add_i64_field(column::SEEN, FAST),
            revised: schema.add_i64_field(column::REVISED, FAST),
            paywalled: schema.add_bool_field(column::PAYWALLED, FAST | INDEXED),
            withdrawn: schema.add_bool_field("withdrawn", FAST | INDEXED),
            edited: schema.add_bool_field(column::EDITED, FAST | INDEXED),
            nosnippet: schema.add_bool_field(column::NOSNIPPET, FAST),
            agency: schema.add_text_field(column::AGENCY, fact()),
            cites: schema.add_text_field(column::CITES, fact()),
            kind: schema.add_text_field(column::KIND, fact()),
            changed: schema.add_text_field("changed", fact()),
            copies: schema.add_u64_field(column::COPIES, FAST | INDEXED),
            section: label(&mut schema, "section"),
            tag: label(&mut schema, "tag"),
            byline: label(&mut schema, "byline"),
            title: schema.add_text_field("title", words()),
            standfirst: schema.add_text_field("standfirst", words()),
            body: schema.add_text_field("body", words()),
            author: schema.add_text_field("author", words()),
            past: schema.add_text_field("past", words()),
            shown_title: schema.add_text_field("shown_title", STORED),
            shown_standfirst: schema.add_text_field("shown_standfirst", STORED),
            shown_body: schema.add_text_field("shown_body", STORED),
            shown_past: schema.add_text_field("shown_past", STORED),
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
        row.add_bool(self.edited, document.revision > 1);
        row.add_bool(self.nosnippet, document.nosnippet);
        if let Some(agency) = &document.agency {
            row.add_text(self.agency, agency);
        }
        for outlet in &document.cites {
            row.add_text(self.cites, outlet.as_str());
        }
        row.add_text(self.kind, &document.kind);
        for changed in &document.changed {
            row.add_text(self.changed, changed);
        }
        row.add_u64(self.copies, document.copy_of.map_or(0, copies));
        self.section.add(&mut row, document.section.as_slice());
        self.tag.add(&mut row, &document.tags);
        self.byline.add(&mut row, &document.authors);
        row.add_text(self.title, tokens::written(&document.title_words));
        row.add_text(self.standfirst, tokens::written(&document.standfirst_words));
        row.add_text(self.body, tokens::written(&document.body_words));
        row.add_text(self.author, tokens::written(&document.author_words));
        for past in &document.past {
            row.add_text(self.past, tokens::written(&past.words));
            row.add_text(self.shown_past, format!("{} {}", past.revision, past.text));
        }
        row.add_text(self.shown_title, &document.title);
        row.add_text(self.shown_standfirst, &document.standfirst);
        row.add_text(self.shown_body, &document.body);
        row
    }

    pub(super) fn shown(&self, row: &TantivyDocument) -> Shown {
        let text = |field| row.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        let past = row.get_all(self.shown_past).filter_map(|value| {
            let (revision, text) = value.as_str()?.split_once(' ')?;
            Some((revision.parse().ok()?, text.to_owned()))
        });
        Shown {
            title: text(self.shown_title),
            standfirst: text(self.shown_standfirst),
            body: text(self.shown_body),
            past: past.collect(),
        }
    }
}

impl Label {
    fn add(self, row: &mut TantivyDocument, values: &[String]) {
        for value in values.iter().filter(|value| !value.contains(LABEL)) {
            let folded = folded(value);
            row.add_text(self.shown, format!("{folded}{LABEL}{value}"));
            row.add_text(self.folded, folded);
        }
    }
}

/// The number of the group of this original's copies, never 0.
pub(super) fn copies(original: ArticleId) -> u64 {
    let (high, low) = halves(original);
    (high ^ low).max(1)
}

fn halves(article: ArticleId) -> (u64, u64) {
    let id = u128::from_be_bytes(article.bytes());
    ((id >> 64) as u64, id as u64)
}

/// The article whose id columns hold these.
pub(super) fn article(high: u64, low: u64) -> ArticleId {
    ArticleId::from_bytes(((u128::from(high) << 64) | u128::from(low)).to_be_bytes())
}
