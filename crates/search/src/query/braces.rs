//! What stands in braces and brackets: term maps, and dates as other engines write them.

use super::chars::quotes;
use super::lexer::{Lexeme, Lexer};
use super::terms;

impl Lexer {
    /// A term map, where one begins here.
    pub(super) fn terms(&mut self) -> bool {
        let ahead = &self.chars[self.at..];
        let Some(map) = terms::map(ahead, |at| quotes(&self.chars, self.at + at)) else { return false };
        self.at += map.length;
        self.notes.extend(map.notes);
        let signs = self.signs();
        match map.terms.is_empty() {
            true => self.note("a term map without terms was left out"),
            false => {
                self.found.push(Lexeme::Terms(map.terms));
                self.weigh("a term map", &signs);
            }
        }
        true
    }

    /// `[2021-07 TO 2021-09]` behind a field that holds dates, as other engines write it.
    pub(super) fn bracketed_dates(&mut self) -> bool {
        if !matches!(self.found.last(), Some(Lexeme::Field(field)) if field.holds_dates()) {
            return false;
        }
        let ahead = &self.chars[self.at + 1..];
        let Some(length) = ahead.iter().position(|c| matches!(c, ']' | '}')) else { return false };
        let text: String = ahead[..length].iter().collect();
        let known = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | ':' | '*' | ' ');
        let Some((from, to)) = text.split_once(" TO ").filter(|_| text.chars().all(known)) else { return false };
        let bare = |end: &str| end.replace([' ', '*'], "");
        self.found.push(Lexeme::Word(format!("{}..{}", bare(from), bare(to))));
        self.at += length + 2;
        let signs = self.signs();
        self.weigh("a date", &signs);
        true
    }
}
