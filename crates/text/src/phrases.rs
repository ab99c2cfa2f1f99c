//! Many phrases looked for at once. A table of their first two bytes says at each place of a text
//! whether any of them may begin there, so that a text costs its length and not its length times
//! their number.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::quick::Quick;
use crate::script::is_cjk;

/// Phrases of at least two bytes, folded as the texts are that they are looked for in.
#[derive(Debug, Clone)]
pub(crate) struct Phrases<'a> {
    /// A bit for each pair of bytes that a phrase begins with.
    begins: Vec<u64>,
    by_pair: HashMap<u16, Vec<Cow<'a, str>>, Quick>,
}

impl<'a> Phrases<'a> {
    /// Of these phrases; shorter ones than two bytes are left out.
    pub(crate) fn of(phrases: impl Iterator<Item = impl Into<Cow<'a, str>>>) -> Self {
        let mut found = Self { begins: vec![0; 1024], by_pair: HashMap::default() };
        for phrase in phrases {
            let phrase = phrase.into();
            let Some(pair) = pair(phrase.as_bytes()) else { continue };
            found.begins[usize::from(pair >> 6)] |= 1 << (pair & 63);
            let list = found.by_pair.entry(pair).or_default();
            if !list.contains(&phrase) {
                list.push(phrase);
            }
        }
        found
    }

    fn may_begin(&self, pair: u16) -> bool {
        self.begins[usize::from(pair >> 6)] & (1 << (pair & 63)) != 0
    }

    fn at(&self, bytes: &[u8]) -> &[Cow<'a, str>] {
        let Some(pair) = pair(bytes).filter(|pair| self.may_begin(*pair)) else { return &[] };
        self.by_pair.get(&pair).map(Vec::as_slice).unwrap_or_default()
    }

    /// The longest phrase that `text` begins with, as a word of its own.
    pub(crate) fn opening<'s>(&'s self, text: &str) -> Option<&'s str> {
        let fits = |phrase: &&Cow<'a, str>| {
            text.strip_prefix(&***phrase).is_some_and(|rest| {
                let cjk = phrase.chars().next_back().is_some_and(is_cjk);
                cjk || !rest.starts_with(char::is_alphanumeric)
            })
        };
        self.at(text.as_bytes()).iter().filter(fits).max_by_key(|phrase| phrase.len()).map(|phrase| &**phrase)
    }

    /// Whether `text` begins with a phrase, whatever follows.
    pub(crate) fn begin(&self, text: &str) -> bool {
        self.at(text.as_bytes()).iter().any(|phrase| text.starts_with(&**phrase))
    }

    /// All places of `text` where a phrase stands, in order: where it begins, and which.
    pub(crate) fn places<'s>(&'s self, text: &str) -> impl Iterator<Item = (usize, &'s str)> {
        let bytes = text.as_bytes();
        let begins = |two: &[u8]| pair(two).is_some_and(|pair| self.may_begin(pair));
        let likely = bytes.windows(2).enumerate().filter(move |(_, two)| begins(two));
        likely.flat_map(move |(at, _)| {
            let phrases = self.at(&bytes[at..]).iter();
            phrases.filter(move |phrase| bytes[at..].starts_with(phrase.as_bytes())).map(move |phrase| (at, &**phrase))
        })
    }

    /// The first phrase in `text`.
    pub(crate) fn first<'s>(&'s self, text: &str) -> Option<&'s str> {
        self.places(text).next().map(|(_, phrase)| phrase)
    }

    /// Whether any phrase is in `text`.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.places(text).next().is_some()
    }

    /// How many of the phrases begin a word of `text`; each counts once.
    pub(crate) fn count(&self, text: &str) -> usize {
        let mut found: Vec<&str> = Vec::new();
        for (at, phrase) in self.places(text) {
            let before = text[..at].chars().next_back();
            if before.is_none_or(|c| !c.is_alphanumeric() || is_cjk(c)) && !found.contains(&phrase) {
                found.push(phrase);
            }
        }
        found.len()
    }
}

fn pair(bytes: &[u8]) -> Option<u16> {
    bytes.first_chunk().map(|pair| u16::from_le_bytes(*pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_opening_is_found() {
        let phrases = Phrases::of(["read", "read also", "lire", "x"].into_iter());
        assert_eq!(phrases.opening("read also: this"), Some("read also"));
        assert_eq!(phrases.opening("readers say"), None);
        assert_eq!(phrases.opening("to read"), None);
        assert!(phrases.begin("readers say") && !phrases.begin("r"));
    }

    #[test]
    fn phrases_are_counted_at_the_beginning_of_words() {
        let phrases = Phrases::of(["subscri", "newsletter", "订阅", "é"].into_iter());
        assert_eq!(phrases.count("subscribe to our newsletter, subscribe now"), 2);
        assert_eq!(phrases.count("unsubscribe"), 0);
        assert_eq!(phrases.count("请订阅"), 1);
        assert_eq!(phrases.first("unsubscribe"), Some("subscri"));
        assert_eq!(phrases.first(""), None);
    }
}
