//! The stems of a word: what its inflected forms have in common, for each language whose file says
//! how it is found. Snowball's algorithms do it where they are good (crate `frostem`), tables of
//! endings elsewhere and behind them.
//!
//! A stem is no word of the text. It stands in the index with a mark and the code of its language
//! in front (`~pl:putin`), so that no word as written meets it, no word that begins so, and no stem
//! of another language that happens to look alike. Languages that nobody can tell apart share
//! their stems: those of Serbian, Croatian and Bosnian, and those of Indonesian and Malay.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use courant_model::Language;
use frostem::Stemmer;

use super::cyrillic;
use super::endings::Endings;
use super::normalise::{is_apostrophe, lower, spelt_one_way};
use crate::fold::fold;
use crate::lexicon::{self, Lexicon};
use crate::script::Script;

/// What a stem begins with. No cut leaves it at the front of a word.
const MARK: char = '~';

/// Shorter words have no stem, in letters, where the language's file does not ask for less: most of
/// them tell nothing.
const SHORTEST: usize = 3;

/// Longer words have none either: they are addresses and accidents.
const LONGEST: usize = 40;

/// A stem that is stemmed anew is stable after so many steps, or left as it is.
const MOST_STEPS: usize = 4;

static ALL: LazyLock<HashMap<Language, Stems>> = LazyLock::new(|| {
    lexicon::languages().filter_map(|(language, lexicon)| Some((language, Stems::new(language, lexicon)?))).collect()
});

/// One language for each kind of stem, by script.
static BY_SCRIPT: LazyLock<Vec<(Script, Vec<Language>)>> = LazyLock::new(|| {
    let mut found: Vec<(Script, Vec<Language>)> = Vec::new();
    let mut all: Vec<(&Language, &Stems)> = ALL.iter().collect();
    all.sort_by_key(|(language, _)| language.as_str());
    for (_, stems) in all {
        for script in &stems.scripts {
            match found.iter_mut().find(|(known, _)| known == script) {
                Some((_, list)) if list.contains(&stems.family) => (),
                Some((_, list)) => list.push(stems.family),
                None => found.push((*script, vec![stems.family])),
            }
        }
    }
    found
});

/// Whether a form of a word is a stem, and no spelling.
pub fn is_stem(form: &str) -> bool {
    form.starts_with(MARK)
}

/// The languages whose stems a word of an unknown language may mean: those of its script.
pub fn stemmed(text: &str) -> &'static [Language] {
    let script = text.chars().map(Script::of).find(|script| *script != Script::Other);
    let found = BY_SCRIPT.iter().find(|(known, _)| Some(*known) == script);
    found.map_or(&[], |(_, languages)| languages.as_slice())
}

/// How the stems of one language are found.
pub(super) struct Stems {
    /// The language that its stems are named after.
    family: Language,
    /// The front of each of its stems.
    mark: String,
    scripts: Vec<Script>,
    algorithm: Option<Stemmer>,
    table: Endings,
    /// What follows an apostrophe is an ending.
    apostrophe: bool,
    /// A capital `I` is `ı`.
    dotless: bool,
    /// Cyrillic is another spelling of Latin.
    two_scripts: bool,
    /// A stem is stemmed anew until it stays.
    again: bool,
}

/// How the stems of `language` are found, where its words have any.
pub(super) fn of(language: Language) -> Option<&'static Stems> {
    ALL.get(&language)
}

impl Stems {
    fn new(language: Language, lexicon: &Lexicon) -> Option<Self> {
        let rules = &lexicon.stems;
        let family = rules.like.as_deref().map_or(language, Language::parse);
        let rules = if family == language { rules } else { &lexicon::of(family)?.stems };
        let algorithm = rules.algorithm.as_deref().and_then(|name| Stemmer::try_from_name(name).ok());
        let table = Endings::new(rules);
        if algorithm.is_none() && table.is_empty() {
            return None;
        }
        let mut scripts: Vec<Script> = Vec::new();
        for month in lexicon.months.iter().flatten() {
            let script = month.chars().map(Script::of).find(|script| *script != Script::Other);
            scripts.extend(script.filter(|script| !scripts.contains(script)));
        }
        let two_scripts = rules.two_scripts;
        if two_scripts {
            scripts = vec![Script::Latin, Script::Cyrillic];
        }
        Some(Self {
            family,
            mark: format!("{MARK}{family}:"),
            scripts,
            algorithm,
            table,
            apostrophe: rules.apostrophe,
            dotless: rules.dotless,
            two_scripts,
            again: rules.again,
        })
    }

    /// Whether Cyrillic and Latin are two spellings of the same words.
    pub(super) fn has_two_scripts(&self) -> bool {
        self.two_scripts
    }

    /// A folded word without what may be written with its front, where that is another word.
    pub(super) fn without_prefix<'a>(&self, folded: &'a str) -> Option<&'a str> {
        self.table.without_prefix(folded)
    }

    /// The stems of a word: of `word` as it is written and of `folded`, the same as it is indexed.
    /// More than one where its front may be an article or a preposition, or where it may be
    /// inflected inside.
    pub(super) fn stems(&self, word: &str, folded: &str, mut push: impl FnMut(String)) {
        let letters = folded.chars().take(LONGEST + 1).count();
        if !(self.shortest()..=LONGEST).contains(&letters) || folded.bytes().any(|b| b.is_ascii_digit()) {
            return;
        }
        // A word in another script is a guest: its endings are not of this language.
        let script = folded.chars().map(Script::of).find(|script| *script != Script::Other);
        if !script.is_some_and(|script| self.scripts.contains(&script)) {
            return;
        }
        let word = match word.find(is_apostrophe) {
            Some(at) if self.apostrophe && at > 0 => &word[..at],
            _ => word,
        };
        let mut plain = match self.algorithm {
            Some(_) => lower(word, self.dotless),
            None => fold(word),
        };
        if self.two_scripts {
            plain = cyrillic::latin(&plain);
        }
        plain.retain(|c| !is_apostrophe(c));
        spelt_one_way(&mut plain);
        // No plural of Arabic has a hamza below its alef (إعلام), and the folded word has lost it.
        let may_be_plural = !word.contains('إ');
        for word in self.table.without_prefix(&plain).into_iter().chain([plain.as_str()]) {
            push(format!("{}{}", self.mark, self.stem(word)));
            for other in self.table.reshaped(word).filter(|_| may_be_plural) {
                push(format!("{}{}", self.mark, self.stem(&other)));
            }
        }
    }

    /// The letters of the shortest word that has a stem, and of the shortest stem.
    fn shortest(&self) -> usize {
        SHORTEST.min(self.table.shortest())
    }

    /// The stem of a word in lower case, folded; the word itself where too little would be left.
    fn stem(&self, word: &str) -> String {
        let mut stem = self.step(word);
        for _ in 1..MOST_STEPS {
            if !self.again {
                break;
            }
            let next = self.step(&stem);
            if next == stem {
                break;
            }
            stem = next;
        }
        stem
    }

    fn step(&self, word: &str) -> String {
        let stem = match &self.algorithm {
            Some(algorithm) => Cow::Owned(fold(&algorithm.stem(word))),
            None => Cow::Borrowed(word),
        };
        let stem = if self.table.is_empty() { stem.into_owned() } else { self.table.stem(&stem) };
        if stem.chars().nth(self.shortest().saturating_sub(1)).is_some() { stem } else { fold(word) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_files_name_is_there() {
        for (language, lexicon) in lexicon::languages() {
            let rules = &lexicon.stems;
            assert!(rules.algorithm.as_deref().is_none_or(|name| Stemmer::try_from_name(name).is_ok()), "{language}");
            let like = rules.like.as_deref().map(Language::parse);
            assert!(like.is_none_or(|like| lexicon::of(like).is_some_and(|of| of.stems.like.is_none())), "{language}");
            let inflects = !matches!(language.as_str(), "af" | "ja" | "ko" | "th" | "vi" | "zh");
            assert_eq!(of(language).is_some(), inflects, "{language}");
        }
    }

    #[test]
    fn guests_numbers_and_crumbs_have_no_stem() {
        let stems = |word: &str, language: &str| {
            let mut found = Vec::new();
            let stems = of(Language::parse(language)).expect("rules");
            stems.stems(word, &fold(word), |stem| found.push(stem));
            found
        };
        assert_eq!(stems("Putina", "pl"), ["~pl:putin"]);
        assert_eq!(stems("Путина", "pl"), [""; 0]);
        assert_eq!(stems("в", "ru"), [""; 0]);
        assert_eq!(stems("g20", "pl"), [""; 0]);
        assert_eq!(stems(&"a".repeat(LONGEST + 1), "en"), [""; 0]);
        assert_eq!(stems("أعلام", "ar"), ["~ar:اعلام", "~ar:علم"]);
        assert_eq!(stems("إعلام", "ar"), ["~ar:اعلام"]);
        assert_eq!(stems("שר", "he"), ["~he:שר"]);
        assert_eq!(stems("Вучића", "hr"), stems("Vučića", "bs"));
    }
}
