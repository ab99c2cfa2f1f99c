//! The forms of one word beside the one as written: what else it may be found by.

use std::cell::RefCell;
use std::collections::HashMap;

use courant_model::Language;

use super::{Purpose, cyrillic, sounds, stems};
use crate::fold::fold;
use crate::lexicon;
use crate::script::Script;

/// The further forms of words as written.
type Known = HashMap<Box<str>, Box<[Box<str>]>>;

/// How many words of a language are remembered: about a megabyte.
const MOST_KNOWN: usize = 10_000;

/// Longer words are not remembered, in bytes.
const LONGEST_KNOWN: usize = 160;

thread_local! {
    static KNOWN: RefCell<HashMap<Language, Known>> = RefCell::default();
}

/// Gives `push` every further form of a word: of `word` as it stands in the text and of `folded`,
/// the same as it is indexed.
pub(super) fn forms(word: &str, folded: &str, language: Language, purpose: Purpose, mut push: impl FnMut(String)) {
    let script = match folded.is_ascii() {
        true => Script::Latin,
        false => folded.chars().next_back().map_or(Script::Other, Script::of),
    };
    if script == Script::Hangul {
        return hangul(folded, purpose, push);
    }
    let stems = stems::of(language);
    if let Some(stems) = stems
        && script == Script::Cyrillic
        && stems.has_two_scripts()
    {
        push(fold(&cyrillic::latin(word)));
    }
    match purpose {
        Purpose::Literal => (),
        Purpose::Query => {
            if let Some(stems) = stems {
                stems.stems(word, folded, push);
            }
        }
        Purpose::Document if stems.is_some() || sounds::may_be_name(word) => {
            remembered(word, folded, language, push);
        }
        Purpose::Document => (),
    }
}

/// The stems and sounds of a word in a document. Texts say the same words again and again, and
/// looking up is faster than stemming.
fn remembered(word: &str, folded: &str, language: Language, mut push: impl FnMut(String)) {
    KNOWN.with_borrow_mut(|known| {
        let known = known.entry(language).or_default();
        if let Some(forms) = known.get(word) {
            return forms.iter().for_each(|form| push(form.to_string()));
        }
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        let mut forms: Vec<Box<str>> = Vec::new();
        let mut keep = |form: String| forms.push(form.into_boxed_str());
        if let Some(stems) = stems::of(language) {
            stems.stems(word, folded, &mut keep);
        }
        sounds::of_document(word, folded, language, keep);
        forms.iter().for_each(|form| push(form.to_string()));
        if word.len() <= LONGEST_KNOWN {
            known.insert(word.into(), forms.into_boxed_slice());
        }
    });
}

/// A Korean word without its particle, and, for documents, each pair of its syllables.
fn hangul(word: &str, purpose: Purpose, mut push: impl FnMut(String)) {
    let particle =
        lexicon::particles().iter().filter(|particle| word.ends_with(particle.as_str())).max_by_key(|p| p.len());
    if let Some(bare) = particle.and_then(|particle| word.strip_suffix(particle.as_str()))
        && bare.chars().nth(1).is_some()
    {
        push(bare.to_owned());
    }
    if purpose == Purpose::Document {
        let syllables: Vec<char> = word.chars().collect();
        syllables.windows(2).for_each(|pair| push(pair.iter().collect()));
    }
}
