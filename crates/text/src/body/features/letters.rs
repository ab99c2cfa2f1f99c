//! What a text looks like, letter by letter and word by word, in any language.

use crate::html::blocks::Block;
use crate::script::is_cjk;

/// Counts of characters in a text.
#[derive(Default)]
pub(super) struct Letters {
    pub(super) all: f32,
    pub(super) letters: f32,
    pub(super) digits: f32,
    pub(super) capitals: f32,
    pub(super) marks: f32,
    pub(super) commas: f32,
    pub(super) sentences: f32,
    pub(super) quotes: f32,
    pub(super) questions: f32,
    pub(super) addresses: f32,
}

impl Letters {
    pub(super) fn of(text: &str) -> Self {
        let mut found = Self::default();
        let mut ended = false;
        for c in text.chars() {
            found.all += 1.0;
            let begins = ended;
            ended = false;
            match c {
                'a'..='z' => found.letters += 1.0,
                'A'..='Z' => {
                    found.letters += 1.0;
                    found.capitals += 1.0;
                }
                '0'..='9' => found.digits += 1.0,
                ' ' | '\n' => found.sentences += if begins { 1.0 } else { 0.0 },
                ',' | '،' | '、' | '\u{FF0C}' => found.commas += 1.0,
                '?' => {
                    found.questions += 1.0;
                    ended = true;
                }
                '.' | '!' | '…' => ended = true,
                '。' | '\u{FF01}' | '\u{FF1F}' | '؟' | '۔' | '।' => found.sentences += 1.0,
                '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」' => found.quotes += 1.0,
                '@' => found.addresses += 1.0,
                '|' | '•' | '·' | '©' | '/' | '›' | '>' | '#' | '+' | '→' => found.marks += 1.0,
                c if c.is_alphabetic() => {
                    found.letters += 1.0;
                    found.capitals += if c.is_uppercase() { 1.0 } else { 0.0 };
                }
                _ => {}
            }
        }
        found
    }
}

/// The words of a text as numbers; an ideograph is a word.
pub(super) fn word_hashes(text: &str) -> Vec<u32> {
    let mut words = Vec::new();
    let mut word: u32 = 0;
    for c in text.chars() {
        let alone = !c.is_ascii() && is_cjk(c);
        if (alone || !c.is_alphanumeric()) && word != 0 {
            words.push(word);
            word = 0;
        }
        if alone {
            words.push(u32::from(c));
        } else if c.is_ascii() {
            if c.is_ascii_alphanumeric() {
                word = (word ^ u32::from(c.to_ascii_lowercase())).wrapping_mul(0x0100_0193).max(1);
            }
        } else if c.is_alphanumeric() {
            for c in c.to_lowercase() {
                word = (word ^ u32::from(c)).wrapping_mul(0x0100_0193).max(1);
            }
        }
    }
    if word != 0 {
        words.push(word);
    }
    words
}

pub(super) fn share_in(words: &[u32], list: &[u32]) -> f32 {
    if words.is_empty() || list.is_empty() {
        return 0.0;
    }
    words.iter().filter(|word| list.binary_search(word).is_ok()).count() as f32 / words.len() as f32
}

/// How a line begins: its first two words, or where words are not parted, its first letters.
pub(super) fn opening(text: &str) -> &str {
    const LETTERS: usize = 24;
    let end = text.match_indices([' ', '\n']).nth(1).map_or(text.len(), |(at, _)| at);
    let letters = text.char_indices().nth(LETTERS).map_or(text.len(), |(at, _)| at);
    &text[..end.min(letters)]
}

/// Whether a few words are followed by one link and nothing else: "Read also: Another story".
pub(super) fn opens_then_links(block: &Block) -> bool {
    let [(link, _)] = &block.links[..] else { return false };
    let before = block.text[..link.start].trim_end();
    let behind = &block.text[link.end..];
    !before.is_empty() && before.len() <= 60 && before.len() < link.len() && !behind.contains(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_known_by_how_they_open() {
        assert_eq!(opening("Read also Another story"), "Read also");
        assert_eq!(opening("One"), "One");
        assert_eq!(opening(&"字".repeat(40)), "字".repeat(24));
    }

    #[test]
    fn a_few_words_before_one_link_open_it() {
        let opens = |html: &str| {
            let (html, _) = crate::html::dom::parse(html);
            opens_then_links(&crate::html::blocks::Blocks::of(&html).blocks[0])
        };
        assert!(opens("<p>FUNDA LAPHA: <a href=/b>Another story of another day</a> »</p>"));
        assert!(!opens("<p>The court <a href=/b>said on Monday</a> that it was so.</p>"));
        assert!(!opens("<p><a href=/b>Another story of another day</a></p>"));
    }
}
