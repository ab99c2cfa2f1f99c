//! What differs from language to language, read once from `data/languages`: names of
//! months, byline words, stop words, the phrases of walls. A language is one file there; the list
//! below is the only line of code that a new one needs.
//!
//! Words are kept folded (see [`crate::fold`]), so that they are met whatever their case and marks.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use courant_model::Language;
use toml::{Table, Value};

use crate::fold::fold;
use crate::phrases::Phrases;
use crate::sources::{Between, Template};

macro_rules! files {
    ($($code:literal)*) => {
        &[$(($code, include_str!(concat!("../../../data/languages/", $code, ".toml")))),*]
    };
}

static FILES: &[(&str, &str)] = files! {
    "af" "ar" "az" "be" "bg" "bn" "bs" "ca" "cs" "da" "de" "el" "en" "es" "et" "eu" "fa" "fi" "fr" "ga" "gl" "he"
    "hi" "hr" "hu" "hy" "id" "is" "it" "ja" "ka" "kk" "ko" "lt" "lv" "mk" "ms" "mt" "nl" "no" "pl" "pt" "ro" "ru"
    "sk" "sl" "sq" "sr" "sv" "sw" "ta" "th" "tl" "tr" "uk" "ur" "uz" "vi" "zh"
};

/// What one file says. Lists are folded, the longest first.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    /// Spellings of January to December.
    pub(crate) months: Vec<Vec<String>>,
    /// Marks of the hours before noon.
    pub(crate) morning: Vec<String>,
    /// Marks of the hours after noon.
    pub(crate) afternoon: Vec<String>,
    /// Words before who wrote it.
    pub(crate) bylines: Vec<String>,
    /// Words after who wrote it.
    pub(crate) byline_ends: Vec<String>,
    /// Words between two names.
    pub(crate) joiners: Vec<String>,
    /// What a person of the press is called.
    pub(crate) roles: Vec<String>,
    /// Desks and newsrooms.
    pub(crate) desks: Vec<String>,
    /// Words before the date of publication.
    pub(crate) published: Vec<String>,
    /// Words before the date of a change.
    pub(crate) updated: Vec<String>,
    /// Words before a photographer.
    pub(crate) credits: Vec<String>,
    /// How somebody else is named as the source.
    pub(crate) sources: Vec<Template>,
    /// What may stand between such words and a name.
    pub(crate) between: Between,
    /// What the cases add to a name.
    pub(crate) name_endings: Vec<String>,
    /// What is tied to the front of a name.
    pub(crate) name_prefixes: Vec<String>,
    /// How a line begins that leads elsewhere.
    pub(crate) furniture: Vec<String>,
    /// Words of what an outlet says for itself.
    pub(crate) appeals: Vec<String>,
    /// Phrases of a paywall.
    pub(crate) paywall: Vec<String>,
    /// Phrases of a consent wall.
    pub(crate) consent: Vec<String>,
    /// Phrases of a bot challenge.
    pub(crate) challenge: Vec<String>,
    /// Phrases of a login page.
    pub(crate) login: Vec<String>,
    /// Phrases of a page that is not there.
    pub(crate) missing: Vec<String>,
    /// What an apostrophe ties to a word.
    elisions: Vec<String>,
    /// Particles that a noun may end in.
    particles: Vec<String>,
    /// How stems are found.
    pub(crate) stems: StemRules,
    /// Words that tell nothing.
    pub(crate) stop_words: HashSet<String>,
}

/// The key `stems`: how words of a language lose their endings, as [`crate::words`] reads it.
#[derive(Debug, Default)]
pub(crate) struct StemRules {
    /// The language whose rules these are, where it is another one.
    pub(crate) like: Option<String>,
    /// An algorithm of Snowball's.
    pub(crate) algorithm: Option<String>,
    /// What is written with the front of a word.
    pub(crate) prefixes: Vec<String>,
    /// The same, where it may as well be the word's own.
    pub(crate) weak_prefixes: Vec<String>,
    /// Endings, in stages; `a+n` is an `n` behind an `a`.
    pub(crate) endings: Vec<Vec<String>>,
    /// Whole words, each digit standing for a letter, and what else they are forms of.
    pub(crate) shapes: Vec<(String, String)>,
    /// Last letters of a stem, and what is written for them.
    pub(crate) finals: Vec<(String, String)>,
    /// Letters that must be left; 0 where nothing is said.
    pub(crate) shortest: usize,
    /// Letters that must be left behind a weak prefix; 0 where nothing is said.
    pub(crate) weak_shortest: usize,
    /// What follows an apostrophe is an ending.
    pub(crate) apostrophe: bool,
    /// A capital `I` is `ı`.
    pub(crate) dotless: bool,
    /// Cyrillic and Latin are two spellings of the same words.
    pub(crate) two_scripts: bool,
    /// A stem is stemmed anew until it stays: an algorithm takes more from some forms than from others.
    pub(crate) again: bool,
}

/// All languages, by code.
static ALL: LazyLock<HashMap<Language, Lexicon>> =
    LazyLock::new(|| FILES.iter().map(|(code, text)| (Language::parse(code), Lexicon::read(text))).collect());

static EVERY: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::joined(&ALL.values().collect::<Vec<_>>()));

static WALLS: LazyLock<Walls> = LazyLock::new(|| {
    let of = |list: &'static Vec<String>| Phrases::of(list.iter().map(String::as_str));
    Walls {
        paywall: of(&EVERY.paywall),
        consent: of(&EVERY.consent),
        challenge: of(&EVERY.challenge),
        login: of(&EVERY.login),
        missing: of(&EVERY.missing),
        updated: of(&EVERY.updated),
    }
});

/// Phrases of all languages, to be looked for at once.
pub(crate) struct Walls {
    pub(crate) paywall: Phrases<'static>,
    pub(crate) consent: Phrases<'static>,
    pub(crate) challenge: Phrases<'static>,
    pub(crate) login: Phrases<'static>,
    pub(crate) missing: Phrases<'static>,
    /// Words before the date of a change.
    pub(crate) updated: Phrases<'static>,
}

static ELISIONS: LazyLock<HashSet<String>> = LazyLock::new(|| EVERY.elisions.iter().cloned().collect());

/// The file of one language; `None` where there is none.
pub(crate) fn of(language: Language) -> Option<&'static Lexicon> {
    ALL.get(&language)
}

/// Everything that any language says, where nobody knows which one it is. Its months, stop words and
/// patterns of sources are empty: one word is a month here and none there.
pub(crate) fn every() -> &'static Lexicon {
    &EVERY
}

/// The phrases of [`every`] language, to be looked for at once.
pub(crate) fn walls() -> &'static Walls {
    &WALLS
}

/// All languages that have a file.
pub(crate) fn languages() -> impl Iterator<Item = (Language, &'static Lexicon)> {
    ALL.iter().map(|(language, lexicon)| (*language, lexicon))
}

/// What an apostrophe ties to the front of a word, in any language, folded.
pub(crate) fn elisions() -> &'static HashSet<String> {
    &ELISIONS
}

/// The particles of Korean.
pub(crate) fn particles() -> &'static [String] {
    &EVERY.particles
}

/// A hash (FNV-1a) of all that the cut of words reads here and of `more`: it changes when a file
/// changes it.
pub(crate) fn rules(more: &str) -> u32 {
    let mut of_files = FILES.iter().map(|(code, text)| {
        let stems = text.find("\n[stems]").map_or("", |at| &text[at..]);
        (*code, stems)
    });
    let words = [&EVERY.elisions, &EVERY.particles].into_iter().flatten().map(String::as_str);
    let all = of_files.by_ref().flat_map(|(code, stems)| [code, stems]).chain(words).chain([more]);
    all.flat_map(|text| text.bytes().chain([0]))
        .fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl StemRules {
    fn read(table: &Table) -> Self {
        let text = |key: &str| table.get(key).and_then(Value::as_str);
        let words = |text: &str| text.split_whitespace().map(fold).collect::<Vec<_>>();
        let stages = match table.get("endings") {
            Some(Value::Array(stages)) => stages.iter().filter_map(Value::as_str).map(words).collect(),
            _ => Vec::new(),
        };
        let count = |key: &str| table.get(key).and_then(Value::as_integer).map_or(0, |n| n.clamp(0, 9) as usize);
        let flag = |key: &str| table.get(key).and_then(Value::as_bool).unwrap_or_default();
        let pair = |pair: &str| pair.split_once('=').map(|(from, to)| (fold(from), fold(to)));
        let pairs = |key: &str| text(key).unwrap_or_default().split_whitespace().filter_map(pair).collect();
        Self {
            like: text("like").map(str::to_owned),
            algorithm: text("algorithm").map(str::to_owned),
            prefixes: text("prefixes").map(words).unwrap_or_default(),
            weak_prefixes: text("weak_prefixes").map(words).unwrap_or_default(),
            endings: stages,
            shapes: pairs("shapes"),
            finals: pairs("finals"),
            shortest: count("shortest"),
            weak_shortest: count("weak_shortest"),
            apostrophe: flag("apostrophe"),
            dotless: flag("dotless"),
            two_scripts: flag("two_scripts"),
            again: flag("again"),
        }
    }
}

impl Lexicon {
    fn read(text: &str) -> Self {
        let table: Table = text.parse().unwrap_or_default();
        let list = |key: &str| {
            let mut list = strings(table.get(key));
            list.sort_by_key(|word| std::cmp::Reverse(word.len()));
            list
        };
        let lists = |key: &str| match table.get(key) {
            Some(Value::Array(rows)) => rows.iter().map(|row| strings(Some(row))).collect(),
            _ => Vec::new(),
        };
        let stop_words = table.get("stop_words").and_then(Value::as_str).unwrap_or_default();
        Self {
            months: lists("months"),
            morning: list("morning"),
            afternoon: list("afternoon"),
            bylines: list("bylines"),
            byline_ends: list("byline_ends"),
            joiners: list("joiners"),
            roles: list("roles"),
            desks: list("desks"),
            published: list("published"),
            updated: list("updated"),
            credits: list("credits"),
            sources: raw_strings(table.get("sources")).iter().filter_map(|text| Template::parse(text)).collect(),
            between: Between::new(&list("source_gap"), &list("source_nouns")),
            name_endings: list("name_endings"),
            name_prefixes: list("name_prefixes"),
            furniture: list("furniture"),
            appeals: list("appeals"),
            paywall: list("paywall"),
            consent: list("consent"),
            challenge: list("challenge"),
            login: list("login"),
            missing: list("missing"),
            elisions: list("elisions"),
            particles: list("particles"),
            stems: table.get("stems").and_then(Value::as_table).map(StemRules::read).unwrap_or_default(),
            stop_words: stop_words.split_whitespace().map(fold).collect(),
        }
    }

    fn joined(all: &[&Self]) -> Self {
        let join = |pick: fn(&Self) -> &Vec<String>| {
            let mut list: Vec<String> = all.iter().flat_map(|lexicon| pick(lexicon).iter().cloned()).collect();
            list.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
            list.dedup();
            list
        };
        Self {
            morning: join(|l| &l.morning),
            afternoon: join(|l| &l.afternoon),
            bylines: join(|l| &l.bylines),
            byline_ends: join(|l| &l.byline_ends),
            joiners: join(|l| &l.joiners),
            roles: join(|l| &l.roles),
            desks: join(|l| &l.desks),
            published: join(|l| &l.published),
            updated: join(|l| &l.updated),
            credits: join(|l| &l.credits),
            furniture: join(|l| &l.furniture),
            appeals: join(|l| &l.appeals),
            paywall: join(|l| &l.paywall),
            consent: join(|l| &l.consent),
            challenge: join(|l| &l.challenge),
            login: join(|l| &l.login),
            missing: join(|l| &l.missing),
            elisions: join(|l| &l.elisions),
            particles: join(|l| &l.particles),
            ..Self::default()
        }
    }
}

fn strings(value: Option<&Value>) -> Vec<String> {
    raw_strings(value).into_iter().map(fold).collect()
}

fn raw_strings(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_whole() {
        for (code, text) in FILES {
            let table: Table = text.parse().unwrap_or_else(|error| panic!("{code}.toml: {error}"));
            assert!(table.contains_key("name"), "{code}");
            let lexicon = Lexicon::read(text);
            assert_eq!(lexicon.months.len(), 12, "{code}");
            assert_eq!(
                lexicon.sources.len(),
                raw_strings(table.get("sources")).len(),
                "{code}: a pattern without {{}}"
            );
        }
    }

    #[test]
    fn a_language_is_found_by_its_other_names() {
        let months = |code| of(Language::parse(code)).map(|lexicon| lexicon.months[4].clone());
        assert_eq!(months("nb-NO"), months("no"));
        assert!(months("xx").is_none() && months("und").is_none());
        assert!(of(Language::parse("de")).is_some_and(|lexicon| lexicon.stop_words.contains("und")));
    }

    #[test]
    fn joined_lists_hold_all_languages() {
        for (list, word) in
            [(&every().bylines, "von"), (&every().missing, "pagina non trovata"), (&every().joiners, "и")]
        {
            assert!(list.iter().any(|entry| entry == word), "{word}");
        }
        assert!(elisions().contains("qu") && elisions().contains("dell"));
    }
}
