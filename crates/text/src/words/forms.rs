//! The forms of one word beside the one as written: what else it may be found by.

use courant_model::Language;

use super::{Purpose, cyrillic, stems};
use crate::fold::fold;
use crate::lexicon;
use crate::script::Script;

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
    let Some(stems) = stems::of(language) else { return };
    if script == Script::Cyrillic && stems.has_two_scripts() {
        push(fold(&cyrillic::latin(word)));
    }
    if purpose != Purpose::Literal {
        stems.stems(word, folded, push);
    }
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
