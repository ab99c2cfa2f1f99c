//! What single characters are to a query.

pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

pub(super) fn is_hebrew(c: char) -> bool {
    ('\u{5d0}'..='\u{5ea}').contains(&c)
}

/// Marks that only say which way text runs. They come along when a word is copied.
pub(super) fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The sign of ours that a keyboard for wide characters types for it. Not `！`, which ends sentences,
/// nor `～`, which stands in names and spans.
pub(super) fn narrow(c: char) -> char {
    match c {
        '（' => '(',
        '）' => ')',
        '：' => ':',
        '＂' => '"',
        '＊' => '*',
        '－' | '−' => '-',
        '＋' => '+',
        '｛' => '{',
        '｝' => '}',
        '＜' => '<',
        '＞' => '>',
        '＝' => '=',
        c => c,
    }
}

/// Whether the character at `at` opens or closes a quotation. Between two Hebrew letters it marks an
/// acronym (צה"ל) and belongs to the word.
pub(super) fn quotes(chars: &[char], at: usize) -> bool {
    let hebrew = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| is_hebrew(*c));
    chars.get(at).is_some_and(|c| is_quote(*c)) && !(hebrew(at.checked_sub(1)) && hebrew(Some(at + 1)))
}
