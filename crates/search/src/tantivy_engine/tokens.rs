//! How words that are already cut reach tantivy: written into one string, and read back by a
//! tokenizer that only splits. (tantivy's own pre-tokenised values travel as JSON inside its
//! documents, which costs more than indexing them.)
//!
//! Before each word stand as many U+001F as its position is ahead of the one before, or one U+001E
//! where it is another form at the same position.

use courant_model::Words;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The tokenizer's name in the schema.
pub(super) const NAME: &str = "given";

const AHEAD: char = '\u{1f}';
const BESIDE: char = '\u{1e}';
/// Words further apart are no neighbours to any query.
const WIDEST_GAP: u32 = 64;

/// These words as [`GivenWords`] reads them.
pub(crate) fn written(words: &Words) -> String {
    let mut text = String::with_capacity(words.tokens.iter().map(|token| token.text.len() + 1).sum());
    let mut last = None;
    for token in &words.tokens {
        // No cut makes such a word; one that did would break the row.
        if token.text.is_empty() || token.text.contains([AHEAD, BESIDE]) {
            continue;
        }
        match last {
            Some(last) if token.position <= last => text.push(BESIDE),
            _ => {
                let step = token.position - last.unwrap_or(0) + u32::from(last.is_none());
                (0..step.min(WIDEST_GAP)).for_each(|_| text.push(AHEAD));
            }
        }
        text.push_str(&token.text);
        last = Some(last.map_or(token.position, |last: u32| last.max(token.position)));
    }
    text
}

/// Splits what [`written`] wrote.
#[derive(Clone, Default)]
pub(super) struct GivenWords {
    token: Token,
}

/// The words of one text.
pub(super) struct GivenStream<'a> {
    rest: &'a str,
    ahead: usize,
    token: &'a mut Token,
}

impl Tokenizer for GivenWords {
    type TokenStream<'a> = GivenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> GivenStream<'a> {
        self.token.reset();
        GivenStream { rest: text, ahead: 0, token: &mut self.token }
    }
}

impl TokenStream for GivenStream<'_> {
    fn advance(&mut self) -> bool {
        let word = self.rest.trim_start_matches(AHEAD);
        self.ahead += self.rest.len() - word.len();
        let word = word.strip_prefix(BESIDE).unwrap_or(word);
        if word.is_empty() {
            return false;
        }
        let end = word.find([AHEAD, BESIDE]).unwrap_or(word.len());
        self.token.text.clear();
        self.token.text.push_str(&word[..end]);
        self.token.position = self.ahead.saturating_sub(1);
        self.rest = &word[end..];
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use courant_model::Token as Word;

    use super::*;

    fn check(words: &[(&str, u32)], expected: &[(&str, usize)]) {
        let tokens = words.iter().map(|(text, position)| Word {
            text: (*text).to_owned(),
            position: *position,
            start: 0,
            end: 0,
        });
        let text = written(&Words { tokens: tokens.collect() });
        let mut tokenizer = GivenWords::default();
        let mut stream = tokenizer.token_stream(&text);
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().text.clone(), stream.token().position));
        }
        let expected: Vec<_> = expected.iter().map(|(text, position)| ((*text).to_owned(), *position)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn words_and_positions_come_back() {
        check(&[], &[]);
        check(&[("a", 0), ("b", 1), ("c", 2)], &[("a", 0), ("b", 1), ("c", 2)]);
        check(&[("北京", 0), ("北", 0), ("京市", 1)], &[("北京", 0), ("北", 0), ("京市", 1)]);
        check(&[("a", 2), ("b", 5)], &[("a", 2), ("b", 5)]);
    }

    #[test]
    fn odd_words_do_no_harm() {
        check(&[("a", 0), ("", 1), ("x\u{1f}y", 2), ("b", 3)], &[("a", 0), ("b", 3)]);
        check(&[("a", 5), ("b", 3)], &[("a", 5), ("b", 5)]);
        check(&[("a", 0), ("b", 4_000_000_000)], &[("a", 0), ("b", 64)]);
    }
}
