//! The value of a rule against the path of a URL, in linear time: a pattern is cut at its stars, and
//! each piece is searched once, leftmost first, which is enough because `*` may stand for anything.

/// Path, parameters and query of a URL, without its fragment. `url` need not be a good one.
pub(super) fn path_of(url: &str) -> String {
    let begin = if url.starts_with("//") { 2 } else { 0 };
    let first = |set: &[char], from: usize| url.get(from..).and_then(|rest| rest.find(set)).map(|at| at + from);
    let early = first(&['/', '?', ';'], begin).unwrap_or(url.len());
    // "://" after the path has begun belongs to the path.
    let host = url.find("://").filter(|at| *at >= begin && *at <= early).map_or(begin, |at| at + 3);
    let Some(path) = first(&['/', '?', ';'], host) else { return "/".to_owned() };
    let hash = first(&['#'], begin).unwrap_or(url.len());
    if hash < path {
        return "/".to_owned();
    }
    let slash = if url[path..].starts_with('/') { "" } else { "/" };
    format!("{slash}{}", &url[path..hash])
}

/// One spelling for all that mean the same (RFC 9309 section 2.2.2): bytes outside ASCII escaped,
/// escapes in upper case, unreserved characters unescaped, and `*` and `$`, which are special in
/// patterns, escaped.
pub(crate) fn normal(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let hex = |n: usize| text.get(at + n).and_then(|b| char::from(*b).to_digit(16));
        let (byte, width) = match (text[at], hex(1), hex(2)) {
            (b'%', Some(high), Some(low)) => ((high * 16 + low) as u8, 3),
            (byte, ..) => (byte, 1),
        };
        at += width;
        let escaped = width == 3;
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if byte >= 0x80 || (escaped && !unreserved) || (!escaped && matches!(byte, b'*' | b'$')) {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(byte);
        }
    }
    out
}

/// The value of a rule, ready to match.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pattern {
    /// What stands between the stars, normalised. The first piece is held to the path's start.
    pieces: Vec<Vec<u8>>,
    /// The last piece is held to the path's end (`$`).
    to_end: bool,
    /// How much the rule says, in bytes as written (escaped where it had to be).
    pub(crate) length: usize,
}

impl Pattern {
    pub(crate) fn new(value: &[u8]) -> Self {
        let length = value.iter().map(|byte| if *byte >= 0x80 { 3 } else { 1 }).sum();
        let (value, to_end) = match value.strip_suffix(b"$") {
            Some(rest) => (rest, true),
            None => (value, false),
        };
        Self { pieces: value.split(|b| *b == b'*').map(normal).collect(), to_end, length }
    }

    pub(crate) fn matches(&self, path: &[u8]) -> bool {
        let [first, others @ ..] = self.pieces.as_slice() else { return false };
        let Some(mut rest) = path.strip_prefix(first.as_slice()) else { return false };
        let (middle, last) = match (others, self.to_end) {
            ([], true) => return rest.is_empty(),
            ([middle @ .., last], true) => (middle, Some(last)),
            (all, false) => (all, None),
        };
        for piece in middle {
            match memchr::memmem::find(rest, piece) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        last.is_none_or(|last| rest.ends_with(last))
    }
}
