//! Text to lexemes. All mending of crooked input that needs no grammar happens here: length, depth,
//! quotes and parentheses that do not close, signs that are not read. What leaves is balanced.

use super::{Field, MAX_DEPTH, MAX_LENGTH};

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
    /// A word, never empty.
    Word(String),
    /// A word that ended in `*`, without it, never empty.
    Prefix(String),
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

struct Lexer {
    chars: Vec<char>,
    at: usize,
    found: Vec<Lexeme>,
    notes: Vec<String>,
    open: usize,
    too_deep: usize,
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

fn is_open(c: char) -> bool {
    matches!(c, '(' | '（')
}

fn is_close(c: char) -> bool {
    matches!(c, ')' | '）')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '＂')
}

fn is_hebrew(c: char) -> bool {
    ('\u{5d0}'..='\u{5ea}').contains(&c)
}

impl Lexer {
    /// The characters that fit, cut between words where the last blank is near.
    fn capped(&mut self, text: &str) -> Vec<char> {
        let mut chars: Vec<char> = text.chars().take(MAX_LENGTH + 1).collect();
        if chars.len() > MAX_LENGTH {
            let blank = chars.iter().rposition(|c| is_blank(*c)).filter(|at| *at + 64 > MAX_LENGTH);
            chars.truncate(blank.unwrap_or(MAX_LENGTH));
            self.note(format!("the query is longer than {MAX_LENGTH} characters: its end was left out"));
        }
        chars
    }

    fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    /// Whether something that can be negated or required begins at `ahead`.
    fn operand_at(&self, ahead: usize) -> bool {
        self.peek(ahead).is_some_and(|c| c.is_alphanumeric() || is_open(c) || is_quote(c))
    }

    /// Reads one lexeme, or skips one sign. False at the end.
    fn step(&mut self) -> bool {
        let Some(c) = self.peek(0) else { return false };
        match c {
            c if is_blank(c) => self.at += 1,
            c if is_open(c) => self.open_group(),
            c if is_close(c) => self.close_group(),
            c if is_quote(c) => self.phrase(),
            '-' | '!' if self.operand_at(1) => {
                self.found.push(Lexeme::Not);
                self.at += 1;
            }
            // Words must match anyway.
            '+' if self.operand_at(1) => self.at += 1,
            '*' => {
                self.at += 1;
                match self.peek(0).is_none_or(|c| is_blank(c) || is_close(c)) {
                    true => self.note("'*' alone says nothing: it was left out"),
                    false => self.note("'*' is only read at the end of a word"),
                }
            }
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
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else if self.open > 0 {
            self.open -= 1;
            self.found.push(Lexeme::Close);
        } else {
            self.note("a parenthesis closes nothing: it was left out");
        }
    }

    /// Whether the quote at `at` opens or closes something. Between two Hebrew letters it marks an
    /// acronym (צה"ל) and belongs to the word.
    fn quotes(&self, at: usize) -> bool {
        let hebrew = |at: Option<usize>| at.and_then(|at| self.chars.get(at)).is_some_and(|c| is_hebrew(*c));
        is_quote(self.chars[at]) && !(hebrew(at.checked_sub(1)) && hebrew(Some(at + 1)))
    }

    fn phrase(&mut self) {
        let start = self.at + 1;
        let end = (start..self.chars.len()).find(|at| self.quotes(*at));
        if end.is_none() {
            self.note("a quote was not closed: it was read up to the end");
        }
        let text: String = self.chars[start..end.unwrap_or(self.chars.len())].iter().collect();
        let text = text.split(is_blank).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        self.at = end.map_or(self.chars.len(), |end| end + 1);
        let suffix =
            self.chars[self.at..].iter().take_while(|c| matches!(c, '~' | '^' | '*' | '0'..='9' | '.')).count();
        if suffix > 0 && matches!(self.chars[self.at], '~' | '^' | '*') {
            let unread: String = self.chars[self.at..self.at + suffix].iter().collect();
            self.note(format!("'{unread}' behind a phrase is not read"));
            self.at += suffix;
        }
        match text.is_empty() {
            true => self.note("an empty phrase was left out"),
            false => self.found.push(Lexeme::Phrase(text)),
        }
    }

    fn word(&mut self) {
        let start = self.at;
        while let Some(c) = self.peek(0) {
            if is_blank(c) || is_open(c) || is_close(c) || (self.at > start && self.quotes(self.at)) {
                break;
            }
            self.at += 1;
            if matches!(c, ':' | '：') && self.goes_on() && self.field(start) {
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
        self.peek(0).is_some_and(|next| !is_blank(next) && !is_close(next))
    }

    /// Whether what stands from `start` up to this colon names a field.
    fn field(&mut self, start: usize) -> bool {
        let name: String = self.chars[start..self.at - 1].iter().collect();
        if let Some(field) = Field::parse(&name) {
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
        let (mut rest, mut prefix) = (word, false);
        loop {
            let before = rest.len();
            let bare = rest.trim_end_matches('*');
            if !bare.is_empty() && bare.len() < rest.len() {
                prefix = true;
                rest = bare;
            }
            let is_sign = |c: char| matches!(c, '~' | '^');
            let signs = rest.char_indices().skip(1).find(|(at, c)| {
                is_sign(*c) && rest[*at..].chars().all(|c| is_sign(c) || c.is_ascii_digit() || c == '.')
            });
            if let Some((at, _)) = signs {
                self.note(format!("'{}' is not read", &rest[at..]));
                rest = &rest[..at];
            }
            if rest.len() == before {
                break;
            }
        }
        if rest.contains('*') {
            self.note("'*' is only read at the end of a word");
        }
        self.found.push(match prefix {
            true => Lexeme::Prefix(rest.to_owned()),
            false => Lexeme::Word(rest.to_owned()),
        });
    }
}
