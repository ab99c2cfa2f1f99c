//! Text to lexemes. All mending of crooked input that needs no grammar happens here: length, depth,
//! quotes and parentheses that do not close, signs that are not read. What leaves is balanced.

use courant_model::Language;

use super::chars::{is_blank, is_direction, is_quote, narrow, quotes};
use super::signs::{self, Sign};
use super::{Field, MAX_APART, MAX_DEPTH, MAX_LENGTH, MAX_LETTERS, Weight};

/// A piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lexeme {
    /// Begins a group; its `Close` is always there.
    Open,
    /// Ends a group.
    Close,
    /// `AND`, `&&`.
    And,
    /// `OR`, `||`.
    Or,
    /// `NOT`, `-` or `!` before something.
    Not,
    /// A known field's name and colon.
    Field(Field),
    /// Text in quotes, blanks collapsed, never empty.
    Phrase(String),
    /// The same with `~` and a number behind it.
    Near(String, u8),
    /// A word, never empty.
    Word(String),
    /// A word that ended in `*`, without it, never empty.
    Prefix(String),
    /// A word with `~` behind it, without it, never empty.
    Fuzzy(String, u8),
    /// A term map, never empty.
    Terms(Vec<(Language, String)>),
    /// `^` and a number, right behind one of the six above or a group.
    Boost(Weight),
}

/// The lexemes of `text`, and what was odd about it.
pub(super) fn lexemes(text: &str) -> (Vec<Lexeme>, Vec<String>) {
    let mut lexer = Lexer { chars: Vec::new(), at: 0, found: Vec::new(), notes: Vec::new(), open: 0, too_deep: 0 };
    lexer.chars = lexer.capped(text);
    while lexer.step() {}
    if lexer.open > 0 {
        lexer.note("a parenthesis was not closed: it was read up to the end");
        lexer.found.extend(std::iter::repeat_n(Lexeme::Close, lexer.open));
    }
    (lexer.found, lexer.notes)
}

pub(super) struct Lexer {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    pub(super) found: Vec<Lexeme>,
    pub(super) notes: Vec<String>,
    open: usize,
    too_deep: usize,
}

impl Lexer {
    /// The characters that fit, cut between words where the last blank is near.
    fn capped(&mut self, text: &str) -> Vec<char> {
        let signs = text.chars().filter(|c| !is_direction(*c)).map(narrow);
        let mut chars: Vec<char> = signs.take(MAX_LENGTH + 1).collect();
        if chars.len() > MAX_LENGTH {
            let blank = chars.iter().rposition(|c| is_blank(*c)).filter(|at| *at + 64 > MAX_LENGTH);
            chars.truncate(blank.unwrap_or(MAX_LENGTH));
            self.note(format!("the query is longer than {MAX_LENGTH} characters: its end was left out"));
        }
        chars
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    /// Whether something that can be negated or required begins at `ahead`.
    fn operand_at(&self, ahead: usize) -> bool {
        self.peek(ahead).is_some_and(|c| c.is_alphanumeric() || matches!(c, '(' | '{') || is_quote(c))
    }

    /// Reads one lexeme, or skips one sign. False at the end.
    fn step(&mut self) -> bool {
        let Some(c) = self.peek(0) else { return false };
        match c {
            c if is_blank(c) => self.at += 1,
            '(' => self.open_group(),
            ')' => self.close_group(),
            c if is_quote(c) => self.phrase(),
            '-' | '!' if self.operand_at(1) => {
                self.found.push(Lexeme::Not);
                self.at += 1;
            }
            // Words must match anyway.
            '+' if self.operand_at(1) => self.at += 1,
            '*' => {
                self.at += 1;
                match self.peek(0).is_none_or(|c| is_blank(c) || c == ')') {
                    true => self.note("'*' alone says nothing: it was left out"),
                    false => self.note("'*' is only read at the end of a word"),
                }
            }
            '[' | '{' if self.bracketed_dates() => (),
            '{' if self.terms() => (),
            _ => self.word(),
        }
        true
    }

    fn open_group(&mut self) {
        self.at += 1;
        if self.open == MAX_DEPTH {
            self.too_deep += 1;
            self.note(format!("parentheses deeper than {MAX_DEPTH} were left out"));
        } else {
            self.open += 1;
            self.found.push(Lexeme::Open);
        }
    }

    fn close_group(&mut self) {
        self.at += 1;
        let signs = self.signs();
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else if self.open > 0 {
            self.open -= 1;
            self.found.push(Lexeme::Close);
            self.weigh("a group", &signs);
        } else {
            self.note("a parenthesis closes nothing: it was left out");
        }
    }

    /// Takes the signs right here.
    pub(super) fn signs(&mut self) -> Vec<Sign> {
        let (signs, length) = signs::leading(&self.chars[self.at..]);
        self.at += length;
        signs
    }

    /// Reads the weights among `signs`; others are not read behind `what`.
    pub(super) fn weigh(&mut self, what: &str, signs: &[Sign]) {
        for sign in signs {
            let weight = match sign {
                Sign::Caret(number) => Weight::parse(number),
                _ => None,
            };
            match weight {
                Some((weight, held)) => {
                    if held {
                        self.note(format!("'{}' was read as '^{weight}': weights go from 0.1 to 10", sign.written()));
                    }
                    self.found.push(Lexeme::Boost(weight));
                }
                None => self.note(format!("'{}' behind {what} is not read", sign.written())),
            }
        }
    }

    fn phrase(&mut self) {
        let start = self.at + 1;
        let end = (start..self.chars.len()).find(|at| quotes(&self.chars, *at));
        if end.is_none() {
            self.note("a quote was not closed: it was read up to the end");
        }
        let text: String = self.chars[start..end.unwrap_or(self.chars.len())].iter().collect();
        let text = text.split(is_blank).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        self.at = end.map_or(self.chars.len(), |end| end + 1);
        let mut signs = self.signs();
        if text.is_empty() {
            self.note("an empty phrase was left out");
            return;
        }
        let mut apart = 0;
        signs.retain(|sign| match sign {
            Sign::Tilde(number) => match number.trim_end_matches('.').parse::<u64>() {
                Ok(places) => {
                    apart = places;
                    false
                }
                Err(_) => true,
            },
            _ => true,
        });
        if apart > u64::from(MAX_APART) {
            self.note(format!("'~{apart}' was read as '~{MAX_APART}': no more places are looked over"));
        }
        self.found.push(match u8::try_from(apart).unwrap_or(MAX_APART).min(MAX_APART) {
            0 => Lexeme::Phrase(text),
            apart => Lexeme::Near(text, apart),
        });
        self.weigh("a phrase", &signs);
    }

    fn word(&mut self) {
        let start = self.at;
        while let Some(c) = self.peek(0) {
            if is_blank(c) || matches!(c, '(' | ')') || (self.at > start && quotes(&self.chars, self.at)) {
                break;
            }
            self.at += 1;
            if c == ':' && self.goes_on() && self.field(start) {
                return;
            }
        }
        let word: String = self.chars[start..self.at].iter().collect();
        match word.as_str() {
            "AND" | "&&" => self.found.push(Lexeme::And),
            "OR" | "||" => self.found.push(Lexeme::Or),
            "NOT" => self.found.push(Lexeme::Not),
            _ => self.found_word(&word),
        }
    }

    /// Whether something stands right behind. A field's value does; in a headline (`Pegasus Project:
    /// what we know`) a space follows the colon, and no field is meant.
    fn goes_on(&self) -> bool {
        self.peek(0).is_some_and(|next| !is_blank(next) && next != ')')
    }

    /// Whether what stands from `start` up to this colon names a field.
    fn field(&mut self, start: usize) -> bool {
        let name: String = self.chars[start..self.at - 1].iter().collect();
        if let Some(field) = Field::parse(&name) {
            if name.eq_ignore_ascii_case("date") {
                self.note("'date:' was read as 'published:'");
            }
            self.found.push(Lexeme::Field(field));
            return true;
        }
        let alphabetic = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
        let address = self.peek(0) == Some('/') && self.peek(1) == Some('/');
        if alphabetic && !address {
            self.note(format!("there is no field '{name}': it was read as a word"));
        }
        false
    }

    /// A word without the signs at its end that ask for something else.
    fn found_word(&mut self, word: &str) {
        let (rest, signs) = signs::trailing(word);
        let (mut begun, mut letters, mut weights) = (false, None, Vec::new());
        for sign in signs {
            match &sign {
                Sign::Star => begun = true,
                Sign::Tilde(number) => letters = self.letters(number),
                Sign::Caret(_) => weights.push(sign),
            }
        }
        if begun && letters.take().is_some() {
            self.note(format!("of '*' and '~' behind one word '*' is read: '{rest}*'"));
        }
        if rest.contains('*') {
            self.note("'*' is only read at the end of a word");
        }
        let rest = rest.to_owned();
        self.found.push(match letters {
            _ if begun => Lexeme::Prefix(rest),
            Some(letters) => Lexeme::Fuzzy(rest, letters),
            // No operator once a sign stood behind it.
            None if matches!(rest.as_str(), "AND" | "&&" | "OR" | "||" | "NOT") => Lexeme::Phrase(rest),
            None => Lexeme::Word(rest),
        });
        self.weigh("a word", &weights);
    }

    /// How many letters a word may be off; `None` for none.
    fn letters(&mut self, number: &str) -> Option<u8> {
        let number = number.trim_end_matches('.');
        match number.parse::<u64>() {
            Ok(0) => None,
            Ok(letters) if letters <= u64::from(MAX_LETTERS) => u8::try_from(letters).ok(),
            Ok(_) => {
                self.note(format!("'~{number}' was read as '~{MAX_LETTERS}': words further off are other words"));
                Some(MAX_LETTERS)
            }
            Err(_) => {
                if !number.is_empty() {
                    self.note(format!("'~{number}' was read as '~1'"));
                }
                Some(1)
            }
        }
    }
}
