//! The signs that may stand right behind a word, a phrase or a group: `*`, `~2`, `^0.5`.

/// One sign, with the number behind it as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sign {
    /// `*`
    Star,
    /// `~`, `～`
    Tilde(String),
    /// `^`, `＾`
    Caret(String),
}

fn is_tilde(c: char) -> bool {
    matches!(c, '~' | '～')
}

fn is_caret(c: char) -> bool {
    matches!(c, '^' | '＾')
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

impl Sign {
    fn of(c: char, number: &str) -> Option<Self> {
        match c {
            '*' if number.is_empty() => Some(Self::Star),
            c if is_tilde(c) => Some(Self::Tilde(number.to_owned())),
            c if is_caret(c) => Some(Self::Caret(number.to_owned())),
            _ => None,
        }
    }

    /// As it is written.
    pub(super) fn written(&self) -> String {
        match self {
            Self::Star => "*".to_owned(),
            Self::Tilde(number) => format!("~{number}"),
            Self::Caret(number) => format!("^{number}"),
        }
    }
}

/// The signs at the front of `chars`, and how many characters they are.
pub(super) fn leading(chars: &[char]) -> (Vec<Sign>, usize) {
    let (mut signs, mut at) = (Vec::new(), 0);
    while let Some(c) = chars.get(at) {
        let digits = chars[at + 1..].iter().take_while(|c| is_number(**c)).count();
        let digits = if *c == '*' { 0 } else { digits };
        let number: String = chars[at + 1..at + 1 + digits].iter().collect();
        let Some(sign) = Sign::of(*c, &number) else { break };
        signs.push(sign);
        at += 1 + digits;
    }
    (signs, at)
}

/// A word without the signs at its end, which stand in the order in which they were written. The
/// first character of a word is never a sign.
pub(super) fn trailing(word: &str) -> (&str, Vec<Sign>) {
    let (mut rest, mut signs) = (word, Vec::new());
    loop {
        let bare = rest.trim_end_matches(is_number);
        let bare = if bare.ends_with('*') || rest.ends_with('*') { rest } else { bare };
        let Some((at, c)) = bare.char_indices().next_back().filter(|(at, _)| *at > 0) else { break };
        let number = &rest[at + c.len_utf8()..];
        let Some(sign) = Sign::of(c, number).filter(|_| !is_range(&rest[..at], c, number)) else { break };
        signs.push(sign);
        rest = &rest[..at];
    }
    signs.reverse();
    (rest, signs)
}

/// `2020~2021` is two numbers, not one that is nearly 2020.
fn is_range(before: &str, sign: char, number: &str) -> bool {
    is_tilde(sign) && number.len() > 1 && before.chars().all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, rest: &str, signs: &str) {
        let (found, written) = trailing(word);
        let written: String = written.iter().map(Sign::written).collect();
        assert_eq!((found, written.as_str()), (rest, signs), "{word}");
        let chars: Vec<char> = signs.chars().collect();
        let (ahead, length) = leading(&chars);
        assert_eq!((ahead.iter().map(Sign::written).collect::<String>().as_str(), length), (signs, chars.len()));
    }

    #[test]
    fn signs_are_taken_from_the_end_of_a_word() {
        check("spy*", "spy", "*");
        check("spy**", "spy", "**");
        check("pegasus~1^0.5", "pegasus", "~1^0.5");
        check("a^2^", "a", "^2^");
        check("b*d", "b*d", "");
        check("covid19", "covid19", "");
        check("3.5", "3.5", "");
        check("2020~2021", "2020~2021", "");
        check("~1", "~1", "");
        check("^2^3", "^2", "^3");
        check("a*5", "a*5", "");
        check("*", "*", "");
    }
}
