//! Lines that begin or end with a byline word, and what stands in brackets: how a byline is cut
//! before names are looked for in it.

use crate::fold::fold;
use crate::script::{Script, is_cjk};

/// The beginning of a line, folded once for all words that it may begin with.
pub(super) struct Opening<'b> {
    text: &'b str,
    folded: String,
    /// How long the folded text is behind each character, and where that character ends in `text`.
    ends: Vec<(usize, usize)>,
}

impl<'b> Opening<'b> {
    /// More characters no byline word has.
    const LONGEST: usize = 48;

    pub(super) fn of(text: &'b str) -> Self {
        let mut opening = Self { text, folded: String::new(), ends: Vec::new() };
        for (at, c) in text.char_indices().take(Self::LONGEST) {
            match c.is_ascii() {
                true => opening.folded.push(c.to_ascii_lowercase()),
                false => opening.folded.push_str(&fold(c.encode_utf8(&mut [0; 4]))),
            }
            opening.ends.push((opening.folded.len(), at + c.len_utf8()));
        }
        opening
    }

    /// What stands behind `word` and what parts them, where the text begins with it. Where no blank or
    /// colon follows, it is another word, but in scripts that know no blanks.
    pub(super) fn after(&self, word: &str) -> Option<&'b str> {
        if !self.folded.starts_with(word) {
            return None;
        }
        let (_, end) = self.ends.iter().find(|(length, _)| *length == word.len())?;
        let rest = &self.text[*end..];
        let ideographs = word.chars().next_back().is_some_and(is_cjk);
        let parted =
            rest.is_empty() || rest.starts_with([' ', ':', '\u{FF1A}', '\u{A0}', '\n', '/', '\u{FF0F}', '|', '.']);
        // `文` begins many words: it needs a mark behind it.
        let parted = if ideographs && word.chars().count() > 1 { true } else { parted };
        parted.then(|| rest.trim_start_matches(|c: char| !c.is_alphanumeric()))
    }
}

/// The Korean name right before one of `ends`: `김철수 기자`.
pub(super) fn hangul_before<'w>(line: &str, ends: impl Iterator<Item = &'w String>) -> Option<String> {
    for end in ends {
        let Some(at) = line.find(end.as_str()) else { continue };
        if !end.chars().all(|c| Script::of(c) == Script::Hangul) {
            continue;
        }
        let before = line[..at].trim_end();
        let name: String = before.chars().rev().take_while(|c| Script::of(*c) == Script::Hangul).collect();
        let name: String = name.chars().rev().collect();
        if (2..=4).contains(&name.chars().count()) {
            return Some(name);
        }
    }
    None
}

/// `text` less what stands in brackets: roles and agencies.
pub(super) fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' | '\u{FF08}' | '【' => depth += 1,
            ')' | ']' | '\u{FF09}' | '】' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}
