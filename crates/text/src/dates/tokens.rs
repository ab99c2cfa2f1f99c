//! A short text as numbers, words and marks. Folded, with the digits of all scripts as ASCII, and
//! the ideographs for digits beside a sign of the calendar.

use crate::fold::fold;

/// One piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Whether a blank stands before it.
    pub(super) spaced: bool,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number, and how many digits it is written with.
    Number(u32, usize),
    /// Letters; initials with stops between them (`a.m.`) are one word without the stops.
    Word(String),
    /// Any other sign.
    Mark(char),
    /// What was taken out already.
    Taken,
}

/// The pieces, in order.
#[derive(Debug)]
pub(super) struct Tokens(pub(super) Vec<Token>);

impl Tokens {
    /// The first `limit` characters of `text`, cut.
    pub(super) fn of(text: &str, limit: usize) -> Self {
        let text: String = text.chars().take(limit).collect();
        let folded = with_digits(&fold(&text));
        let characters: Vec<char> = folded.chars().collect();
        let mut tokens = Vec::new();
        let (mut at, mut spaced) = (0, false);
        while at < characters.len() {
            let c = characters[at];
            if c.is_whitespace() {
                spaced = true;
                at += 1;
                continue;
            }
            let (kind, length) = piece(&characters[at..]);
            tokens.push(Token { kind, spaced });
            spaced = false;
            at += length;
        }
        Self(tokens)
    }

    /// The kind at `index`; [`Kind::Taken`] outside.
    pub(super) fn kind(&self, index: usize) -> &Kind {
        self.0.get(index).map_or(&Kind::Taken, |token| &token.kind)
    }

    /// The number at `index`, with its digits.
    pub(super) fn number(&self, index: usize) -> Option<(u32, usize)> {
        match self.kind(index) {
            Kind::Number(value, digits) => Some((*value, *digits)),
            _ => None,
        }
    }

    /// The word at `index`.
    pub(super) fn word(&self, index: usize) -> Option<&str> {
        match self.kind(index) {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Whether the mark `mark` stands at `index`.
    pub(super) fn is_mark(&self, index: usize, mark: char) -> bool {
        *self.kind(index) == Kind::Mark(mark)
    }

    /// Whether a blank stands before `index`.
    pub(super) fn spaced(&self, index: usize) -> bool {
        self.0.get(index).is_none_or(|token| token.spaced)
    }

    /// Takes the pieces `from..to` out.
    pub(super) fn take(&mut self, from: usize, to: usize) {
        for token in self.0.iter_mut().take(to).skip(from) {
            token.kind = Kind::Taken;
        }
    }

    /// How many pieces there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Signs of the calendar and the clock that stand behind a number without a blank.
const SIGNS: &[char] =
    &['年', '月', '日', '号', '號', '時', '时', '點', '点', '分', '秒', '년', '월', '일', '시', '분', '초'];

fn piece(rest: &[char]) -> (Kind, usize) {
    let c = rest[0];
    if c.is_ascii_digit() {
        let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        let value = rest[..digits].iter().take(9).fold(0, |value, c| value * 10 + c.to_digit(10).unwrap_or(0));
        (Kind::Number(value, digits), digits)
    } else if SIGNS.contains(&c) {
        (Kind::Word(c.to_string()), 1)
    } else if is_letter(c) {
        let initials = initials(rest);
        if initials > 0 {
            return (Kind::Word(rest[..initials].iter().filter(|c| **c != '.').collect()), initials);
        }
        let letters = rest.iter().take_while(|c| is_letter(**c) && !SIGNS.contains(c)).count();
        (Kind::Word(rest[..letters].iter().collect()), letters)
    } else {
        (Kind::Mark(if matches!(c, '–' | '—' | '‑' | '‐' | '−') { '-' } else { c }), 1)
    }
}

fn is_letter(c: char) -> bool {
    // Vowel signs of Indic scripts are marks to Unicode, and parts of words.
    c.is_alphabetic() || (!c.is_ascii() && !c.is_numeric() && matches!(u32::from(c), 0x300..=0x36F | 0x900..=0xE7F))
}

/// How long a run of single letters with stops is (`p.m.`, `ق.ظ`), 0 where there is none.
fn initials(rest: &[char]) -> usize {
    let mut length = 0;
    while length + 1 < rest.len() && is_letter(rest[length]) && rest[length + 1] == '.' {
        length += 2;
    }
    match length {
        0 | 2 if rest.get(length).is_none_or(|c| !is_letter(*c)) => 0,
        0 => 0,
        _ if rest.get(length).is_some_and(|c| is_letter(*c)) && rest.get(length + 1).is_none_or(|c| !is_letter(*c)) => {
            length + 1
        }
        2 => 0,
        length => length,
    }
}

/// `二〇二一年七月十九日` with digits.
fn with_digits(text: &str) -> String {
    if !text.contains(['年', '月', '日']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars() {
        if "〇零一二三四五六七八九十".contains(c) {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            if SIGNS.contains(&c) {
                out.push_str(&chinese_number(&run));
            } else {
                out.push_str(&run);
            }
            run.clear();
        }
        out.push(c);
    }
    out.push_str(&run);
    out
}

fn chinese_number(run: &str) -> String {
    let digit = |c: char| "〇一二三四五六七八九".chars().position(|d| d == c).or((c == '零').then_some(0));
    if !run.contains('十') {
        return run.chars().filter_map(digit).map(|d| d.to_string()).collect();
    }
    let (tens, ones) = run.split_once('十').unwrap_or((run, ""));
    let value = |part: &str, empty: usize| part.chars().next().map_or(Some(empty), digit);
    match (value(tens, 1), value(ones, 0)) {
        (Some(tens), Some(ones)) => (tens * 10 + ones).to_string(),
        _ => run.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let show = |token: &Token| match &token.kind {
            Kind::Number(value, digits) => format!("{value}/{digits}"),
            Kind::Word(word) => word.clone(),
            Kind::Mark(mark) => mark.to_string(),
            Kind::Taken => "_".to_owned(),
        };
        Tokens::of(text, 100).0.iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_words_and_marks_are_parted() {
        assert_eq!(shown("19. Juli 2021, 18:42Uhr"), "19/2 . juli 2021/4 , 18/2 : 42/2 uhr");
        assert_eq!(shown("6:42 p.m. ET"), "6/1 : 42/2 pm et");
        assert_eq!(shown("5 г. в Киеве"), "5/1 г . в киеве");
        assert_eq!(shown("१९ जुलाई"), "19/2 जुलाई");
    }

    #[test]
    fn ideographs_for_digits_are_digits_before_a_sign() {
        assert_eq!(shown("二〇二一年十月二十日"), "2021/4 年 10/2 月 20/2 日");
        assert_eq!(shown("十分 一般"), "十 分 一般");
    }
}
