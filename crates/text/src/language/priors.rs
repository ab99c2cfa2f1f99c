//! What is known before a text is read: the page's own word, its outlet's languages, the feed's; and
//! how much of that a text must outweigh.

use courant_model::Language;

use super::writing::writes;
use crate::Hints;
use crate::script::Script;

/// Nats by which a text must speak against what is known of it. At this distance the table is wrong
/// once in a hundred times (see [`super::confidence`]); a page's word is wrong more often.
const WORTH: f32 = 45.0;

/// The same where the table mixes languages up: they must differ in a paragraph, not in a heading.
const WORTH_AMONG_KIN: f32 = 90.0;

/// Languages that the table takes for one another.
const KIN: &[&[&str]] = &[
    &["no", "da", "sv"],
    &["cs", "sk"],
    &["es", "ca", "gl", "pt", "oc", "ast"],
    &["ru", "uk", "be", "bg", "mk", "sr"],
    &["hi", "mr", "ne"],
    &["nl", "af"],
    &["is", "fo"],
    &["sl", "hr", "bs", "sr", "cnr"],
    &["tr", "az", "uz", "tk"],
    &["xh", "zu"],
    &["st", "tn"],
    &["rn", "rw"],
    &["id", "jv"],
];

/// Languages that differ by a word here and there. What is known decides, whatever the text.
const ONE_SPEECH: &[&[&str]] = &[&["hr", "bs", "sr", "cnr"], &["id", "ms"]];

/// What is known, the most telling first.
pub(super) struct Priors(Vec<Language>);

impl Priors {
    pub(super) fn new(hints: &Hints, page: Option<Language>) -> Self {
        let outlet = &hints.outlet_languages;
        let mut all: Vec<Language> = Vec::new();
        // What the page says counts most, unless its outlet never writes so: templates forget their
        // `lang="en"`.
        let plausible = page.filter(|language| outlet.is_empty() || outlet.contains(language));
        all.extend(plausible);
        all.extend(hints.feed_language);
        all.extend(hints.header_language);
        all.extend(outlet);
        all.extend(page);
        all.retain(|language| *language != Language::UND);
        Self(all)
    }

    /// The most telling one that is written in `script`.
    pub(super) fn best_in(&self, script: Script) -> Option<Language> {
        self.0.iter().copied().find(|language| writes(*language, script))
    }

    /// Whether `language` is among what is known.
    pub(super) fn names(&self, language: Language) -> bool {
        self.0.contains(&language)
    }
}

/// Whether the table takes the two for one another.
pub(super) fn kin(a: Language, b: Language) -> bool {
    among(KIN, a, b) || among(ONE_SPEECH, a, b)
}

/// Whether the table takes `language` for another, or another for it.
pub(super) fn has_kin(language: Language) -> bool {
    KIN.iter().chain(ONE_SPEECH).any(|family| family.contains(&language.as_str()))
}

/// How far (nats) a text must be from `prior` to be in `found` all the same.
pub(super) fn worth(prior: Language, found: Language) -> f32 {
    if among(ONE_SPEECH, prior, found) {
        f32::INFINITY
    } else if among(KIN, prior, found) {
        WORTH_AMONG_KIN
    } else {
        WORTH
    }
}

fn among(families: &[&[&str]], a: Language, b: Language) -> bool {
    families.iter().any(|family| family.contains(&a.as_str()) && family.contains(&b.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outlet_knows_better_than_a_template() {
        let french = Language::parse("fr");
        let hints = Hints { outlet_languages: vec![french], ..Hints::default() };
        assert_eq!(Priors::new(&hints, Some(Language::parse("en"))).best_in(Script::Latin), Some(french));
        let alone = Priors::new(&Hints::default(), Some(Language::parse("en")));
        assert_eq!(alone.best_in(Script::Latin), Some(Language::parse("en")));
        assert_eq!(alone.best_in(Script::Cyrillic), None);
    }

    #[test]
    fn the_closer_two_languages_the_more_a_word_weighs() {
        let worth = |prior, found| worth(Language::parse(prior), Language::parse(found));
        assert!(worth("hr", "bs") > worth("hr", "sl"));
        assert!(worth("hr", "sl") > worth("hr", "de"));
        assert_eq!(worth("ms", "id"), f32::INFINITY);
    }
}
