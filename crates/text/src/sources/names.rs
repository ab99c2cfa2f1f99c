//! Where a text names a newsroom: by any of its names, in the case, with the prefix or the ending that
//! the language gives it.

use std::collections::{HashMap, HashSet};

use courant_model::Language;

use super::tokens::{Kind, Token, tokens};
use crate::fold::fold;
use crate::lexicon::Lexicon;
use crate::newsrooms::Newsroom;
use crate::phrases::Phrases;

/// Words that a name may begin with and lose: articles, and what other words make of them.
pub(super) const ARTICLES: &[&str] = &[
    "the", "le", "la", "les", "l", "du", "au", "el", "del", "al", "il", "lo", "dal", "sul", "o", "do", "no", "ao",
    "der", "die", "das", "des", "dem", "den",
];

/// Those of German: `Der Standard` is not `The Standard`.
const GERMAN: &[&str] = &["der", "die", "das", "des", "dem", "den"];

/// A shorter word is no name without its article.
const SHORTEST: usize = 4;

/// One word of a name.
struct Word {
    folded: String,
    /// Without its last vowel or two, where the language changes endings.
    stems: Vec<String>,
    capital: bool,
}

/// One name.
struct Name<'n> {
    newsroom: &'n Newsroom,
    words: Vec<Word>,
    /// Begins with one of these articles, which is no part of `words` and must stand before them.
    article: Option<&'static [&'static str]>,
    /// Without it, an ordinary word of the language: then the article's capital tells (`Die Zeit`).
    ordinary: bool,
    /// Written in capitals and small letters.
    cased: bool,
}

/// The names that a text may hold.
pub(super) struct Names<'n> {
    names: Vec<Name<'n>>,
    /// The first characters of names, and whose they are.
    by_first: HashMap<char, Vec<usize>>,
    lexicon: Option<&'static Lexicon>,
    endings: &'n [String],
    prefixes: &'n [String],
    /// A capital behind a name of one word makes it another name; not where all nouns have one.
    capitals_tell: bool,
}

/// What a text must hold to name anybody: a quick look, before names are held against it.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    /// As printed.
    cased: Phrases<'static>,
    /// Of names without capitals, folded.
    uncased: Phrases<'static>,
    /// Whose names each of them is of, by their places in the list.
    owners: HashMap<String, Vec<usize>>,
}

impl Keys {
    /// Of these names, each with its owner's place: the longest word of each, without what cases of any
    /// language change.
    pub(crate) fn of<'n>(names: impl Iterator<Item = (usize, &'n str)>) -> Self {
        let (mut cased, mut uncased) = (Vec::new(), Vec::new());
        let mut owners: HashMap<String, Vec<usize>> = HashMap::new();
        for (owner, name) in names {
            let parts = tokens(name);
            let Some(longest) = parts.iter().max_by_key(|token| token.raw.len()) else { continue };
            if is_cased(name) {
                let shortest = stems(&longest.folded).pop();
                let sure = shortest.map_or(longest.raw, |stem| prefix_of(longest.raw, stem.chars().count()));
                for form in [sure.to_owned(), sure.to_uppercase(), capitalised(sure)] {
                    owners.entry(form.clone()).or_default().push(owner);
                    cased.push(form);
                }
            } else {
                // Arabic drops the first letter of an article behind a prefix.
                let folded = &longest.folded;
                let form = folded.strip_prefix("ال").unwrap_or(folded).to_owned();
                owners.entry(form.clone()).or_default().push(owner);
                uncased.push(form);
            }
        }
        Self { cased: Phrases::of(cased.into_iter()), uncased: Phrases::of(uncased.into_iter()), owners }
    }

    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.cased.are_in(text) || has_uncased(text) && self.uncased.are_in(&fold(text))
    }

    /// Adds the places of those whom `text` may name.
    pub(crate) fn owners_in(&self, text: &str, found: &mut HashSet<usize>) {
        let mut add = |phrase: &str| found.extend(self.owners.get(phrase).into_iter().flatten());
        self.cased.places(text).for_each(|(_, phrase)| add(phrase));
        if has_uncased(text) {
            self.uncased.places(&fold(text)).for_each(|(_, phrase)| add(phrase));
        }
    }
}

/// Whether `text` has letters of a script without capitals, as far as its bytes tell: Hebrew's and what
/// comes behind them, but for marks of punctuation.
fn has_uncased(text: &str) -> bool {
    const HEBREW: u8 = 0xD6;
    const MARKS: u8 = 0xE2;
    text.bytes().any(|byte| byte >= HEBREW && byte != MARKS)
}

fn is_cased(name: &str) -> bool {
    name.chars().any(|c| c.is_uppercase() || c.is_lowercase())
}

/// A name in a text.
pub(super) struct Found<'n> {
    pub(super) newsrooms: Vec<&'n Newsroom>,
    /// Its tokens.
    pub(super) from: usize,
    pub(super) to: usize,
    /// What the language ties to its front, folded: `ל`.
    pub(super) prefix: Option<String>,
}

impl<'n> Names<'n> {
    /// Of these names, in a text in `language`.
    pub(super) fn of(
        names: impl Iterator<Item = (&'n Newsroom, &'n str)>,
        language: Language,
        lexicon: Option<&'static Lexicon>,
    ) -> Self {
        let none: &'static [String] = &[];
        let mut found = Self {
            names: Vec::new(),
            by_first: HashMap::new(),
            lexicon,
            endings: lexicon.map_or(none, |lexicon| &lexicon.name_endings),
            prefixes: lexicon.map_or(none, |lexicon| &lexicon.name_prefixes),
            capitals_tell: language.as_str() != "de",
        };
        names.for_each(|(newsroom, name)| found.add(newsroom, name));
        found
    }

    fn add(&mut self, newsroom: &'n Newsroom, name: &str) {
        // "Bellingcat (fr)" is how the catalogue tells editions apart.
        let name = name.split(" (").next().unwrap_or(name);
        let mut parts = tokens(name);
        parts.retain(|token| token.kind == Kind::Word);
        let article =
            parts.len() == 2 && ARTICLES.contains(&parts[0].folded.as_str()) && parts[1].raw.len() >= SHORTEST;
        let article =
            article.then(|| if GERMAN.contains(&parts.remove(0).folded.as_str()) { GERMAN } else { ARTICLES });
        let cased = is_cased(name);
        let stems = |folded: &str| if self.endings.is_empty() { Vec::new() } else { stems(folded) };
        let word = |token: &Token<'_>| Word {
            stems: stems(&token.folded),
            folded: token.folded.clone(),
            capital: token.is_capital(),
        };
        let words: Vec<Word> = parts.iter().map(word).collect();
        let Some(first) = words.first().and_then(|word| word.folded.chars().next()) else { return };
        self.by_first.entry(first).or_default().push(self.names.len());
        let ordinary =
            article.is_some() && self.lexicon.is_some_and(|lexicon| lexicon.stop_words.contains(&words[0].folded));
        self.names.push(Name { newsroom, words, article, ordinary, cased });
    }

    /// All names in a sentence, in order; of names at one place the longest, and those of others that
    /// it holds.
    pub(super) fn find(&self, tokens: &[Token<'_>]) -> Vec<Found<'n>> {
        let mut found: Vec<Found<'n>> = Vec::new();
        for from in 0..tokens.len() {
            let mut best: Vec<(usize, Option<String>, &'n Newsroom)> = Vec::new();
            for (at, prefix) in self.starting(&tokens[from]) {
                let name = &self.names[at];
                if let Some(to) = self.ends(name, tokens, from, prefix) {
                    best.push((to, prefix.map(first_letter), name.newsroom));
                }
            }
            let Some((to, prefix)) = best.iter().map(|(to, prefix, _)| (*to, prefix.clone())).max_by_key(|best| best.0)
            else {
                continue;
            };
            let mut newsrooms: Vec<&'n Newsroom> = Vec::new();
            for (_, _, newsroom) in best.iter().filter(|(end, ..)| *end == to) {
                if !newsrooms.iter().any(|known| known.id == newsroom.id) {
                    newsrooms.push(newsroom);
                }
            }
            // Within a longer name, only another newsroom's is told as well.
            let within = found.iter().find(|known| known.to >= to);
            if within
                .is_some_and(|known| known.newsrooms.iter().any(|known| newsrooms.iter().any(|own| own.id == known.id)))
            {
                continue;
            }
            found.push(Found { newsrooms, from, to, prefix });
        }
        found
    }

    /// The names that may begin with `token`, and behind which prefix.
    fn starting(&self, token: &Token<'_>) -> Vec<(usize, Option<&str>)> {
        if token.kind != Kind::Word {
            return Vec::new();
        }
        let listed = |rest: &str| rest.chars().next().and_then(|first| self.by_first.get(&first)).into_iter().flatten();
        let mut found: Vec<(usize, Option<&str>)> = listed(&token.folded).map(|at| (*at, None)).collect();
        for prefix in self.prefixes {
            if let Some(rest) = token.folded.strip_prefix(prefix.as_str()) {
                found.extend(listed(rest).map(|at| (*at, Some(prefix.as_str()))));
                if prefix == "لل" {
                    found.extend(listed("ا").map(|at| (*at, Some(prefix.as_str()))));
                }
            }
        }
        found
    }

    /// Where `name` ends in `tokens`, if it begins at `from`.
    fn ends(&self, name: &Name<'_>, tokens: &[Token<'_>], from: usize, prefix: Option<&str>) -> Option<usize> {
        for (offset, word) in name.words.iter().enumerate() {
            let token = tokens.get(from + offset).filter(|token| token.kind == Kind::Word)?;
            let bare = if offset == 0 { token.folded.strip_prefix(prefix.unwrap_or_default())? } else { &token.folded };
            let whole = word.folded.as_str();
            // `لل` stands for `ل` and the article.
            let whole = if offset == 0 && prefix == Some("لل") { whole.strip_prefix("ال")? } else { whole };
            let met = bare == whole || self.is_case(bare, word);
            let capital = !name.cased || !word.capital || token.is_capital() || prefix.is_some();
            if !met || !capital {
                return None;
            }
        }
        let to = from + name.words.len();
        if let Some(articles) = name.article {
            let before = from.checked_sub(1).and_then(|before| tokens.get(before))?;
            if !articles.contains(&before.folded.as_str()) || name.ordinary && !before.is_capital() {
                return None;
            }
        }
        let behind = tokens.get(to);
        // `Vice President`, `Le Monde Diplomatique`: another name that begins so.
        let goes_on = behind.is_some_and(|next| {
            next.kind == Kind::Word && !next.tied && next.is_capital() && next.raw.chars().any(char::is_lowercase)
        });
        let goes_on = goes_on && self.capitals_tell && name.cased && name.words.len() == 1;
        (!goes_on).then_some(to)
    }

    fn is_case(&self, token: &str, word: &Word) -> bool {
        let ends = |whole: &str| {
            token.strip_prefix(whole).is_some_and(|rest| self.endings.iter().any(|ending| ending == rest))
        };
        ends(&word.folded) || word.stems.iter().any(|stem| ends(stem))
    }
}

fn first_letter(prefix: &str) -> String {
    prefix.chars().take(1).collect()
}

/// A word without its last vowel, and without its last two, where enough is left to know it by: the
/// endings of adjectives are two (`Новая`), of nouns mostly one.
fn stems(folded: &str) -> Vec<String> {
    const VOWELS: &[char] = &[
        'a', 'e', 'i', 'o', 'u', 'y', 'а', 'е', 'и', 'о', 'у', 'ы', 'э', 'ю', 'я', 'й', 'ь', 'і', 'ї', 'є', 'η', 'α',
        'ο', 'σ',
    ];
    fn shorter<'s>(stem: &&'s str) -> Option<&'s str> {
        stem.strip_suffix(VOWELS).filter(|stem| stem.chars().count() >= 3)
    }
    std::iter::successors(shorter(&folded), shorter).take(2).map(str::to_owned).collect()
}

/// The first `count` characters.
fn prefix_of(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(at, _)| &text[..at])
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    first + &chars.as_str().to_lowercase()
}
