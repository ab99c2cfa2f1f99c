//! Character references of HTML and XML, decoded as browsers do, and never failing: what is no
//! reference stays as it is. (XML knows five names; feeds use all of HTML's.)

use std::borrow::Cow;

/// `text` with its references replaced, once: `&amp;lt;` becomes `&lt;`.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut at = first;
    loop {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((value, width)) => {
                out.push_str(&value);
                rest = &rest[width..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
        match memchr::memchr(b'&', rest.as_bytes()) {
            Some(next) => at = next,
            None => break,
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The longest name of HTML's table has 31 letters.
const LONGEST_NAME: usize = 33;

/// The reference that `text` begins with, and how many bytes it takes.
fn reference(text: &str) -> Option<(String, usize)> {
    let head = &text.as_bytes()[..text.len().min(LONGEST_NAME)];
    let end = memchr::memchr(b';', head)?;
    let name = &text[1..end];
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return Some((character(code.ok()?)?.to_string(), end + 1));
    }
    // The table also holds every beginning of a name, as a pair of zeros. A few stand for two.
    let (first, second) = *html5ever::data::NAMED_ENTITIES.get(&text[1..=end])?;
    let value: String = [first, second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32).collect();
    (!value.is_empty()).then_some((value, end + 1))
}

/// What windows-1252 has at 128 to 159, which is what is meant by such numbers (HTML standard,
/// "numeric character reference end state").
const WINDOWS: [u32; 32] = [
    0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d,
    0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d,
    0x17e, 0x178,
];

fn character(code: u32) -> Option<char> {
    let code = match code {
        0x80..=0x9f => WINDOWS[(code - 0x80) as usize],
        0 => 0xfffd,
        code => code,
    };
    Some(char::from_u32(code).unwrap_or('\u{fffd}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_once_and_the_rest_is_left() {
        for (text, expected) in [
            ("plain", "plain"),
            ("AT&T &amp; co", "AT&T & co"),
            ("&amp;lt;b&gt;", "&lt;b>"),
            ("caf&eacute;&nbsp;&#233;&#xE9;", "café\u{a0}éé"),
            ("don&#146;t", "don\u{2019}t"),
            ("&#0;&#xd800;&#99999999;", "\u{fffd}\u{fffd}\u{fffd}"),
            ("&unknown; &; & &#; &#x;", "&unknown; &; & &#; &#x;"),
            ("&CounterClockwiseContourIntegral;&Beta;&beta;", "\u{2233}Ββ"),
            ("&NotEqualTilde;", "\u{2242}\u{338}"),
            ("&eacut;", "&eacut;"),
            ("a & b ; é;", "a & b ; é;"),
        ] {
            assert_eq!(decode(text), expected);
        }
    }
}
