//! A sentence as the words that patterns are held against.

use crate::fold::fold;
use crate::script::is_cjk;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word; of ideographs and kana each character.
    Word,
    /// A mark of quotation.
    Quote,
    /// Any other mark.
    Mark,
}

/// A word or a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) raw: &'t str,
    pub(super) folded: String,
    /// Where it begins, in bytes.
    pub(super) start: usize,
    /// Tied to the word before by an apostrophe, a hyphen or a dot.
    pub(super) tied: bool,
    pub(super) kind: Kind,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.raw.len()
    }

    pub(super) fn is_capital(&self) -> bool {
        self.raw.chars().next().is_some_and(char::is_uppercase)
    }
}

/// The tokens of `text`.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found: Vec<Token<'_>> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() || is_unseen(c) {
            continue;
        }
        let mut end = start + c.len_utf8();
        let kind = if is_letter(c) {
            // Ideographs and kana part no words: each stands for itself.
            if !is_cjk(c) {
                while let Some((at, next)) = chars.next_if(|(_, next)| is_letter(*next) && !is_cjk(*next)) {
                    end = at + next.len_utf8();
                }
            }
            Kind::Word
        } else if is_tie(c) && found.last().is_some_and(|last| last.kind == Kind::Word && last.end() == start) {
            // Between two letters it ties them; at the end of a word it is a mark.
            if chars.peek().is_some_and(|(_, next)| is_letter(*next)) {
                continue;
            }
            Kind::Mark
        } else if is_quote(c) {
            Kind::Quote
        } else {
            Kind::Mark
        };
        let raw = &text[start..end];
        let before = text[..start].chars().next_back();
        let tied = kind == Kind::Word
            && before.is_some_and(is_tie)
            && found.last().is_some_and(|last| last.kind == Kind::Word && start - last.end() <= 3);
        let folded = if raw.is_ascii() { raw.to_ascii_lowercase() } else { fold(raw) };
        found.push(Token { raw, folded, start, tied, kind });
    }
    found
}

/// Letters, digits, and the signs that stand on them.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5BD}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}')
        || matches!(c, '\u{900}'..='\u{963}' | '\u{200C}' | '\u{200D}')
}

fn is_tie(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '-' | '\u{2010}' | '\u{2011}' | '.' | '・' | '·' | '־' | ':')
}

fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '“'
            | '”'
            | '„'
            | '‘'
            | '’'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '「'
            | '」'
            | '『'
            | '』'
            | '《'
            | '》'
            | '״'
    )
}

/// Marks of direction and breaks that nobody sees.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> =
            tokens(text).iter().map(|token| format!("{}{}", if token.tied { "+" } else { "" }, token.folded)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn words_are_cut_where_marks_tie_them() {
        check("As l'Écho wrote, it", &["as", "l", "+echo", "wrote", ",", "it"]);
        check("Guardian'ın «Vice»-nak", &["guardian", "+in", "«", "vice", "»", "-", "nak"]);
        check("netzpolitik.org.", &["netzpolitik", "+org", "."]);
        check("ル・モンド紙", &["ル", "+モ", "ン", "ド", "紙"]);
        check("एमनेस्टी ने", &["एमनेस्टी", "ने"]);
    }
}
