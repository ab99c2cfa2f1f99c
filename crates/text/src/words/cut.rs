//! Where words begin and end.

use std::sync::LazyLock;

use courant_model::{Language, Token, Words};
use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

use super::Purpose;
use super::forms::forms;
use super::normalise::{letters, number, without_elision};
use crate::fold::fold;
use crate::script::is_cjk;

/// The longest word that is indexed, in characters. What is longer is an address, a hash or an
/// accident; its beginning is kept.
pub(super) const LONGEST: usize = 64;

static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));

/// The words of `text`, each with its forms.
pub(super) fn cut(text: &str, language: Language, purpose: Purpose) -> Words {
    let mut cutter = Cutter { language, purpose, position: 0, tokens: Vec::with_capacity(text.len() / 4) };
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        let cjk = rest.chars().next().is_some_and(is_cjk);
        let length = rest.char_indices().find(|(_, c)| is_cjk(*c) != cjk).map_or(rest.len(), |(at, _)| at);
        if cjk {
            cutter.ideographs(&rest[..length], start);
        } else {
            cutter.segments(&rest[..length], start);
        }
        start += length;
    }
    Words { tokens: cutter.tokens }
}

struct Cutter {
    language: Language,
    purpose: Purpose,
    position: u32,
    tokens: Vec<Token>,
}

impl Cutter {
    fn push(&mut self, mut text: String, start: usize, end: usize) {
        if text.len() > LONGEST
            && let Some((at, _)) = text.char_indices().nth(LONGEST)
        {
            text.truncate(at);
        }
        let token = Token { text, position: self.position, start: offset(start), end: offset(end) };
        if !self.tokens.iter().rev().take_while(|t| t.position == token.position).any(|t| t.text == token.text) {
            self.tokens.push(token);
        }
    }

    /// A run of ideographs and kana: each character begins a pair.
    fn ideographs(&mut self, run: &str, at: usize) {
        let characters: Vec<(usize, char)> = run.char_indices().collect();
        let end_of = |index: usize| characters.get(index).map_or(run.len(), |(at, _)| *at);
        for (index, (start, _)) in characters.iter().enumerate() {
            let pair = index + 1 < characters.len();
            if pair {
                let end = end_of(index + 2);
                self.push(fold(&run[*start..end]), at + start, at + end);
            }
            // The last character of a query's run stands in the pair before it.
            let alone = self.purpose == Purpose::Document || characters.len() == 1;
            if alone {
                let end = end_of(index + 1);
                self.push(fold(&run[*start..end]), at + start, at + end);
            }
            // It counts all the same, so that phrases reach over punctuation as documents do.
            self.position += 1;
        }
    }

    /// A run of anything else, cut at word boundaries.
    fn segments(&mut self, run: &str, at: usize) {
        let mut start = 0;
        for end in SEGMENTER.segment_str(run) {
            // Not the segmenter's own word type: it calls some Devanagari words none.
            if run[start..end].contains(char::is_alphanumeric) {
                self.segment(&run[start..end], at + start);
            }
            start = end;
        }
    }

    /// One segment: a word, or several that marks hold together.
    fn segment(&mut self, segment: &str, at: usize) {
        if segment.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return self.word(segment, at);
        }
        let is_joint = |c: char| matches!(c, '.' | '_' | ':' | '·' | '・' | '@' | '/');
        let initials = segment.split('.').all(|part| part.chars().count() <= 1);
        let number = segment.starts_with(|c: char| c.is_numeric());
        if initials || number || !segment.contains(is_joint) {
            return self.word(segment, at);
        }
        let mut start = 0;
        for part in segment.split_inclusive(is_joint) {
            let word = part.trim_end_matches(is_joint);
            if !word.is_empty() {
                self.word(word, at + start);
            }
            start += part.len();
        }
    }

    fn word(&mut self, word: &str, at: usize) {
        let (skip, kept) = without_elision(word);
        let (start, end) = (at + skip, at + skip + kept.len());
        let folded = if kept.starts_with(|c: char| c.is_numeric()) { number(kept) } else { letters(kept) };
        if folded.is_empty() {
            return;
        }
        let (language, purpose) = (self.language, self.purpose);
        self.push(folded.clone(), start, end);
        forms(kept, &folded, language, purpose, |form| self.push(form, start, end));
        self.position += 1;
    }
}

/// Offsets are 32 bits wide: texts are capped far below.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
