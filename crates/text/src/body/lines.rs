//! What single lines give themselves away by: "Read also: …", "Photo: …", "By Ada Bell, 19 July". The
//! words are each language's own, from `data/languages`; whether such a line goes is not decided
//! here.

use crate::fold::fold;
use crate::html::blocks::{Block, ends_sentence};
use crate::lexicon::{self, Lexicon};
use crate::page::Page;
use crate::phrases::Phrases;
use crate::title::Title;

/// What lines are known by: the phrases of the page's language and of English, and its title.
pub(crate) struct Lines {
    furniture: Phrases<'static>,
    credits: Phrases<'static>,
    appeals: Phrases<'static>,
    bylines: Phrases<'static>,
    /// Words before a date.
    dates: Phrases<'static>,
    /// The headline, folded.
    pub(super) title: String,
}

impl Lines {
    /// The lines of a page.
    pub(crate) fn of(page: &Page<'_>, title: &Title) -> Self {
        let english = courant_model::Language::parse("en");
        let languages = page.language.into_iter().chain(page.hints.outlet_languages.iter().copied()).chain([english]);
        let mut lexicons: Vec<&'static Lexicon> = languages.filter_map(lexicon::of).collect();
        lexicons.dedup_by_key(|lexicon| std::ptr::from_ref(*lexicon));
        if page.language.is_none() && lexicons.len() < 2 {
            lexicons.push(lexicon::every());
        }
        let phrases = |pick: fn(&'static Lexicon) -> &'static Vec<String>| {
            Phrases::of(lexicons.iter().flat_map(|lexicon| pick(lexicon)).map(String::as_str))
        };
        let dates = |lexicon: &&'static Lexicon| lexicon.published.iter().chain(&lexicon.updated).map(String::as_str);
        Self {
            furniture: phrases(|lexicon| &lexicon.furniture),
            credits: phrases(|lexicon| &lexicon.credits),
            appeals: phrases(|lexicon| &lexicon.appeals),
            bylines: phrases(|lexicon| &lexicon.bylines),
            dates: Phrases::of(lexicons.iter().flat_map(dates)),
            title: fold(&title.text),
        }
    }

    /// Whether a line is no part of a text for what it says.
    pub(super) fn give_away(&self, block: &Block, folded: &str) -> bool {
        !folded.is_empty()
            && (self.leads_elsewhere(block, folded)
                || self.credits_photo(block, folded)
                || self.says_who_or_when(block, folded))
    }

    /// A line that leads elsewhere: "Read also: …".
    pub(super) fn leads_elsewhere(&self, block: &Block, folded: &str) -> bool {
        if block.weight > 220 {
            return false;
        }
        let calls = |anchor: &str| self.furniture.opening(&fold(anchor)).is_some();
        if block.weight < 160 && block.links.iter().any(|(range, _)| calls(&block.text[range.clone()])) {
            return true;
        }
        let bare = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
        let Some(phrase) = self.furniture.opening(bare) else { return false };
        let rest = bare[phrase.len()..].trim_start();
        rest.is_empty() || rest.starts_with([':', '|', '>', '»', '→', '-', '–']) || block.link_share() > 0.3
    }

    /// A photographer's line: "Foto: …", "© …".
    fn credits_photo(&self, block: &Block, folded: &str) -> bool {
        let bare = folded.trim_start_matches(['(', '[', ' ', '/']);
        // The notice at the foot of a page, or a photographer's.
        if bare.starts_with('©') && block.weight <= 400 {
            return true;
        }
        block.weight <= 120
            && self
                .credits
                .opening(bare)
                .is_some_and(|word| bare[word.len()..].trim_start().starts_with([':', '/', '©', '|']))
    }

    /// How many words of what an outlet says for itself stand in the folded `text`.
    pub(super) fn appeals(&self, text: &str) -> usize {
        self.appeals.count(text)
    }

    /// Whether a photographer is named anywhere in the folded `text`: "(Image: Getty)".
    pub(super) fn holds_credit(&self, text: &str) -> bool {
        let credits = |(at, word): (usize, &str)| {
            let behind = text[at + word.len()..].trim_start();
            let before = text[..at].chars().next_back();
            let bracket = matches!(before, Some('(' | '/' | '['));
            word.len() >= 4
                && (bracket || behind.starts_with([':', '/', '©']) && before.is_none_or(|c| !c.is_alphanumeric()))
        };
        text.contains('©') || text.contains("getty images") || self.credits.places(text).any(credits)
    }

    /// A line of who and when: "By Ada Bell", "Published: 19 July 2021".
    pub(crate) fn says_who_or_when(&self, block: &Block, folded: &str) -> bool {
        if block.weight > 130 || ends_sentence(&block.text) && block.weight > 60 {
            return false;
        }
        let marked = |phrases: &Phrases<'_>| {
            phrases.opening(folded).is_some_and(|word| folded[word.len()..].trim_start().starts_with(':'))
        };
        marked(&self.bylines)
            || marked(&self.dates)
            || block.weight < 60 && is_only_a_date(folded, 24)
            || self.bylines.opening(folded).is_some() && is_only_a_date(folded, 80)
    }
}

/// Whether nothing but a date and up to `letters` letters stand there.
fn is_only_a_date(folded: &str, most: usize) -> bool {
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    let letters = folded.chars().filter(|c| c.is_alphabetic()).count();
    digits >= 3 && letters <= most && crate::dates::parse(folded, None, None).is_some()
}
