//! The words of one element, whatever it was wrapped in: plain text, escaped HTML, XHTML inline,
//! base64.
//!
//! Atom says which it is; RSS does not, and both are met in it. There, what looks like markup is
//! taken as markup, so that `5 < 6` stays and `<b>5</b>` does not.

use courant_text::charset::decode_xml;

use crate::markup::{collapse, plain};
use crate::tree::{Id, Tree};

/// Plain text.
pub(super) struct Value(pub(super) String);

pub(super) fn value(tree: &Tree<'_>, id: Id) -> Value {
    let kind = tree.attribute(id, "type").unwrap_or_default().trim().to_lowercase();
    let mode = tree.attribute(id, "mode").unwrap_or_default().to_lowercase();
    if tree.has_elements(id) {
        return Value(collapse(&tree.deep_text(id)));
    }
    let text = tree.text(id);
    if (mode == "base64" || is_binary(&kind))
        && let Some(bytes) = from_base64(&text)
    {
        return Value(markup(&decode_xml(&bytes, None, None).text));
    }
    match kind.as_str() {
        "text" | "text/plain" | "plain" if mode != "escaped" => Value(collapse(&text)),
        _ => Value(markup(&text)),
    }
}

/// Types whose content is in base64 (RFC 4287 section 4.1.3.3), less those that nobody knows and
/// that hold words as likely as not.
fn is_binary(kind: &str) -> bool {
    ["application/octet-stream", "image/", "audio/", "video/"].iter().any(|binary| kind.starts_with(binary))
}

fn markup(text: &str) -> String {
    if looks_like_markup(text) { plain(text) } else { collapse(text) }
}

/// A tag, or a character reference that was escaped twice.
fn looks_like_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    let tag = memchr::memchr_iter(b'<', bytes)
        .any(|at| bytes.get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?')));
    tag || crate::entities::decode(text) != text
}

/// Base64 with any white space; `None` where it is none.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0u32, 0);
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    Some(out)
}
