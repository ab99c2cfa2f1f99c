//! One document, pure: the bytes of a page become a reading, its language, its words and their
//! fingerprint, and two revisions of it a diff.
//!
//! Nothing here touches network, disk or clock, and nothing returns `Err`: odd input gives a smaller
//! reading and a note that says why. What changes from language to language (month names, byline
//! words, stop words, the phrases of walls) is in `data/languages`, not in code. Other documents,
//! the record and the index are unknown here.

mod agencies;
mod authors;
mod body;
mod captions;
pub mod charset;
mod claims;
mod dateline;
pub mod dates;
mod diff;
mod evidence;
mod features;
pub mod fingerprint;
#[doc(hidden)]
pub mod fitting;
mod fold;
mod foreign;
mod html;
mod images;
mod kind;
mod labels;
mod language;
mod lexicon;
mod links;
mod newsrooms;
mod page;
mod phrases;
mod published;
mod quick;
mod reading;
mod rights;
mod rules;
mod script;
mod sentences;
mod sources;
mod standfirst;
mod title;
mod words;

use std::sync::Arc;

use courant_model::Language;
use jiff::Timestamp;

pub use agencies::{Agencies, Agency};
pub use diff::{DiffKind, DiffPart, diff};
pub use evidence::{Candidate, Evidence, Passage};
pub use features::features;
pub use language::language;
pub use newsrooms::{Newsroom, Newsrooms};
pub use reading::{read, read_with_evidence};
pub use rights::robots_rules;
pub use rules::{RuleText, Rules};
pub use words::{analyser, is_sound, is_stem, literal_words, query_words, sounds_like, stemmed, words};

/// The version of the reading. It grows whenever the same bytes could give another title,
/// standfirst, byline or body: readings of different versions are never compared. It stays below 256:
/// the bytes above it tell which outlet's rule a reading was made by.
pub const EXTRACTOR: u32 = 3;

/// `text` in the spelling by which words are compared: without case, diacritics that readers leave out,
/// and the variants of letters and digits.
pub fn folded(text: &str) -> String {
    fold::fold(text)
}

/// What is known of a page before it is read. Hints settle what the page leaves open; they never
/// overrule what it plainly says.
#[derive(Debug, Clone)]
pub struct Hints {
    /// The languages of the outlet, first the main one.
    pub outlet_languages: Vec<Language>,
    /// The language that the feed gave.
    pub feed_language: Option<Language>,
    /// The language of the HTTP header `Content-Language`.
    pub header_language: Option<Language>,
    /// IANA name of the outlet's clock, for dates that name no zone.
    pub time_zone: Option<String>,
    /// The agencies whose credits are known.
    pub agencies: Arc<Agencies>,
    /// The newsrooms that it may credit.
    pub newsrooms: Arc<Newsrooms>,
    /// The outlet's own rules.
    pub rules: Option<Arc<Rules>>,
    /// The moment by which it is told whether a rule still holds. [`Timestamp::MAX`] lets all hold.
    pub rules_at: Timestamp,
    /// No date of the page may be later than this. [`Timestamp::MAX`] sets no bound.
    pub now: Timestamp,
}

impl Default for Hints {
    /// Knows nothing, and sets no bound to dates.
    fn default() -> Self {
        Self {
            outlet_languages: Vec::new(),
            feed_language: None,
            header_language: None,
            time_zone: None,
            agencies: Arc::default(),
            newsrooms: Arc::default(),
            rules: None,
            rules_at: Timestamp::MAX,
            now: Timestamp::MAX,
        }
    }
}
