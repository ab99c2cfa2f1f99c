//! What placing may know of an article: its words, each once, with how often they stand in the
//! title and in the body, and whether they are names. Stop words are left out and endings cut, so
//! that `Ermittlungen` meets `Ermittler`; the recipe is the one measured in the project's notes on
//! stories (six-letter stems, pairs of ideographs).

use std::collections::HashMap;

use courant_model::{ArticleId, Language, OutletId, StoryFeatures, Term};
use jiff::Timestamp;

use crate::lexicon;
use crate::script::{Script, is_cjk};
use crate::words::literal_words;

/// How many letters of a word are its stem.
const STEM: usize = 6;

/// How much of a body is looked at, in bytes: news says what it is about at the beginning.
const BODY: usize = 12 * 1024;

/// Gathers the features of an article. Addresses are keys of canonical URLs, as in
/// [`StoryFeatures`].
#[expect(
    clippy::too_many_arguments,
    reason = "one argument a part of the article; a struct would be the article again"
)]
pub fn features(
    article: ArticleId,
    outlet: &OutletId,
    language: Language,
    moment: Timestamp,
    title: &str,
    standfirst: Option<&str>,
    body: &str,
    urls: Vec<String>,
    translations: Vec<String>,
    links: Vec<String>,
) -> StoryFeatures {
    let mut terms = Terms { language, order: Vec::new(), counts: HashMap::new() };
    let head = [Some(title), standfirst];
    for text in head.into_iter().flatten() {
        terms.add(text, true);
    }
    terms.add(beginning(body), false);
    StoryFeatures {
        article,
        outlet: outlet.clone(),
        language,
        moment,
        terms: terms.finish(),
        urls,
        translations,
        links,
    }
}

fn beginning(body: &str) -> &str {
    let mut end = body.len().min(BODY);
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    &body[..end]
}

#[derive(Default)]
struct Count {
    title: u16,
    body: u16,
    /// Capitalised within a sentence, and all times within a sentence.
    capitals: u16,
    inside: u16,
}

struct Terms {
    language: Language,
    order: Vec<String>,
    counts: HashMap<String, Count>,
}

impl Terms {
    fn add(&mut self, text: &str, head: bool) {
        let stop_words = lexicon::of(self.language).map(|lexicon| &lexicon.stop_words);
        let mut last_position = None;
        for token in literal_words(text, self.language).tokens {
            // Further forms of a word stand for the same word.
            if last_position.replace(token.position) == Some(token.position) {
                continue;
            }
            let ideographs = token.text.chars().next().is_some_and(is_cjk);
            let short = token.text.chars().nth(1).is_none();
            if short || stop_words.is_some_and(|words| words.contains(&token.text)) {
                continue;
            }
            let stem = if ideographs { token.text.clone() } else { stem(&token.text) };
            let count = self.counts.entry(stem.clone()).or_insert_with(|| {
                self.order.push(stem);
                Count::default()
            });
            let times = if head { &mut count.title } else { &mut count.body };
            *times = times.saturating_add(1);
            if within_a_sentence(text, token.start as usize) {
                let capital = text[token.start as usize..].chars().next().is_some_and(char::is_uppercase);
                count.inside = count.inside.saturating_add(1);
                count.capitals = count.capitals.saturating_add(u16::from(capital));
            }
        }
    }

    fn finish(mut self) -> Vec<Term> {
        let counts = &mut self.counts;
        let inside: u32 = counts.values().map(|count| u32::from(count.inside)).sum();
        let capitals: u32 = counts.values().map(|count| u32::from(count.capitals)).sum();
        // Headlines in title case and languages that capitalise nouns say nothing of names.
        let telling = capitals * 100 <= inside * 65;
        let term = |text: String| {
            let count = counts.remove(&text).unwrap_or_default();
            let name = telling && count.capitals > 0 && count.capitals * 2 > count.inside;
            Term { text, title: count.title, body: count.body, name }
        };
        self.order.into_iter().map(term).collect()
    }
}

fn stem(word: &str) -> String {
    let word = match word.chars().next().map(Script::of) {
        Some(Script::Arabic) => without_article(word),
        _ => word,
    };
    word.chars().take(STEM).collect()
}

/// An Arabic word without conjunction, preposition and article at its front, where three letters stay.
fn without_article(word: &str) -> &str {
    let prefixes = ["وال", "بال", "كال", "فال", "لل", "ال"];
    prefixes
        .iter()
        .filter_map(|prefix| word.strip_prefix(prefix))
        .find(|rest| rest.chars().count() >= 3)
        .unwrap_or(word)
}

/// Whether the word at `at` has a word before it in its sentence.
fn within_a_sentence(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', '\u{A0}', '"', '“', '„', '«', '(', '\'', '‘', '»', '”']);
    let line_break = text[before.len()..at].contains('\n');
    !line_break && before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | ';' | '-' | '’'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use courant_model::CanonicalUrl;

    fn terms(language: &str, title: &str, body: &str) -> Vec<Term> {
        let url = CanonicalUrl::parse("https://example.org/a").expect("an address");
        let (article, outlet) = (ArticleId::of(&url), OutletId::new("example"));
        let language = Language::parse(language);
        let none = Vec::new;
        features(article, &outlet, language, Timestamp::UNIX_EPOCH, title, None, body, none(), none(), none()).terms
    }

    fn found<'a>(terms: &'a [Term], text: &str) -> &'a Term {
        terms.iter().find(|term| term.text == text).unwrap_or_else(|| panic!("no term '{text}' in {terms:?}"))
    }

    #[test]
    fn words_are_counted_once_by_their_stem() {
        let terms = terms("en", "Investigators seized files", "The investigation of the files went on. Files!");
        assert_eq!((found(&terms, "invest").title, found(&terms, "invest").body), (1, 1));
        assert_eq!(found(&terms, "files").body, 2);
        assert!(terms.iter().all(|term| term.text != "the"));
    }

    #[test]
    fn names_are_what_is_capital_within_a_sentence() {
        let terms = terms("en", "spyware firm", "The firm said that Pegasus was sold, and that Pegasus is no weapon.");
        assert!(found(&terms, "pegasu").name);
        assert!(!found(&terms, "firm").name);
    }

    #[test]
    fn ideographs_are_pairs_and_arabic_loses_its_article() {
        assert!(terms("zh", "间谍软件公司", "").iter().any(|term| term.text == "软件"));
        assert!(terms("ar", "الحكومة والحكومة", "").iter().any(|term| term.text == "حكومه" && term.title == 2));
    }

    #[test]
    fn a_long_body_is_cut_at_a_character() {
        assert!(!terms("ru", "", &"слово дело ".repeat(5000)).is_empty());
    }
}
