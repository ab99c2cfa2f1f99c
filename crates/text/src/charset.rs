//! Bytes to text. The order is that of the HTML standard ("encoding sniffing algorithm"), with one
//! step before the declared encodings: what is valid UTF-8 and holds non-ASCII characters is UTF-8,
//! whatever it says it is, for hardly any legacy text is valid UTF-8 by chance.
//!
//! Labels are those of the WHATWG Encoding standard: `latin1` means windows-1252, `gb2312` GBK.
//! Never fails: what cannot be decoded becomes U+FFFD, and a note says so.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// How far into a page its `meta` elements are looked for, in bytes. The standard says 1,024; pages
/// with long heads put it later, and browsers that have the whole page find it there.
const PRESCAN: usize = 8 * 1024;

/// A decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// WHATWG name of the encoding that it was read by; `UTF-32LE` and `UTF-32BE` beside them.
    pub encoding: &'static str,
    /// What was odd.
    pub note: Option<String>,
}

/// Decodes a page. `content_type` is the HTTP header as received; `tld` (`ru`) helps the detector
/// where nothing is declared.
pub fn decode_html(bytes: &[u8], content_type: Option<&str>, tld: Option<&str>) -> Decoded {
    let decoded = decode(bytes, content_type, tld, meta_encoding);
    // ASCII that declares nothing is windows-1252 to a browser; its text is the same.
    let undeclared = decoded.encoding == "UTF-8" && bytes.is_ascii();
    match content_type.and_then(header_encoding).or_else(|| meta_encoding(bytes)) {
        None if undeclared => Decoded { encoding: WINDOWS_1252.name(), ..decoded },
        _ => decoded,
    }
}

/// Decodes a feed or sitemap: as [`decode_html`], but the document's own word is its XML
/// declaration.
pub fn decode_xml(bytes: &[u8], content_type: Option<&str>, tld: Option<&str>) -> Decoded {
    decode(bytes, content_type, tld, xml_encoding)
}

fn decode(
    bytes: &[u8],
    content_type: Option<&str>,
    tld: Option<&str>,
    own_word: fn(&[u8]) -> Option<&'static Encoding>,
) -> Decoded {
    if let Some(decoded) = decode_utf32(bytes) {
        return decoded;
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return with(encoding, &bytes[mark..]);
    }
    let declared = content_type.and_then(header_encoding).or_else(|| own_word(bytes));
    let valid_utf8 = std::str::from_utf8(cut_at_character(bytes)).is_ok();
    if valid_utf8 && !bytes.is_ascii() && declared.is_none_or(Encoding::is_ascii_compatible) {
        let decoded = with(UTF_8, bytes);
        return match declared {
            Some(other) if other != UTF_8 => {
                Decoded { note: Some(format!("says it is {}, but is UTF-8", other.name())), ..decoded }
            }
            _ => decoded,
        };
    }
    match declared.or_else(|| unmarked_utf16(bytes)) {
        Some(encoding) if encoding == UTF_8 && !valid_utf8 && mostly_broken(bytes) => {
            let decoded = with(detect(bytes, tld), bytes);
            Decoded { note: Some(format!("says it is UTF-8, but is {}", decoded.encoding)), ..decoded }
        }
        Some(encoding) => with(encoding, bytes),
        None => with(detect(bytes, tld), bytes),
    }
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    let note = broken.then(|| format!("some bytes are no {}", encoding.name()));
    Decoded { text: text.into_owned(), encoding: encoding.name(), note }
}

/// `bytes` without an incomplete UTF-8 character at its end, where a capped body was cut.
fn cut_at_character(bytes: &[u8]) -> &[u8] {
    let tail = bytes.len().saturating_sub(3);
    match bytes[tail..].iter().rposition(|byte| *byte >= 0xC0) {
        Some(lead) => {
            let at = tail + lead;
            let wanted = match bytes[at] {
                0xC0..=0xDF => 2,
                0xE0..=0xEF => 3,
                _ => 4,
            };
            if at + wanted > bytes.len() { &bytes[..at] } else { bytes }
        }
        None => bytes,
    }
}

/// Whether a page that says UTF-8 is no such thing: more than one character in five of its
/// non-ASCII ones is broken. A few broken bytes in a UTF-8 page are an accident of its own.
fn mostly_broken(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let (mut broken, mut others) = (0usize, 0usize);
    for c in text.chars() {
        match c {
            '\u{FFFD}' => broken += 1,
            c if !c.is_ascii() => others += 1,
            _ => {}
        }
    }
    broken * 4 > others
}

fn detect(bytes: &[u8], tld: Option<&str>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    // The detector wants a lower-case ASCII label without dots, and panics on others.
    let tld = tld.filter(|tld| !tld.is_empty() && tld.bytes().all(|b| b.is_ascii_lowercase()));
    detector.guess(tld.map(str::as_bytes), Utf8Detection::Allow)
}

/// UTF-16 without a mark: at least 90 % of every second byte of the beginning are zero.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512) & !1];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    if pairs < 4 {
        None
    } else if odd * 10 >= pairs * 9 && even == 0 {
        Some(UTF_16LE)
    } else if even * 10 >= pairs * 9 && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// UTF-32 is no web encoding, but feeds come in it: known by its mark, or by the zeros of `<`.
fn decode_utf32(bytes: &[u8]) -> Option<Decoded> {
    let (name, from, to_scalar): (_, _, fn([u8; 4]) -> u32) = match bytes {
        [0xFF, 0xFE, 0, 0, ..] => ("UTF-32LE", 4, u32::from_le_bytes),
        [0, 0, 0xFE, 0xFF, ..] => ("UTF-32BE", 4, u32::from_be_bytes),
        [b'<', 0, 0, 0, ..] => ("UTF-32LE", 0, u32::from_le_bytes),
        [0, 0, 0, b'<', ..] => ("UTF-32BE", 0, u32::from_be_bytes),
        _ => return None,
    };
    let scalars = bytes[from..].chunks_exact(4).map(|four| to_scalar([four[0], four[1], four[2], four[3]]));
    let text = scalars.map(|scalar| char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Some(Decoded { text, encoding: name, note: None })
}

/// The encoding that a `Content-Type` header or a `meta` content names.
fn header_encoding(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let mut rest = lower.as_str();
    while let Some(at) = rest.find("charset") {
        rest = rest[at + "charset".len()..].trim_start();
        let Some(value) = rest.strip_prefix('=') else { continue };
        let value = value.trim_start();
        let label = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
            _ => value.split(|c: char| c == ';' || c.is_ascii_whitespace()).next().unwrap_or_default(),
        };
        return Encoding::for_label(label.as_bytes());
    }
    None
}

/// The encoding that the page's markup declares: the standard's "prescan a byte stream", after an
/// XML declaration.
fn meta_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(PRESCAN)];
    xml_encoding(head).or_else(|| prescan(head))
}

fn prescan(head: &[u8]) -> Option<&'static Encoding> {
    let mut at = 0;
    while at < head.len() {
        let rest = &head[at..];
        if rest.starts_with(b"<!--") {
            // The comment may end with the hyphens that begin it: `<!-->`.
            at += 2 + find(&rest[2..], b"-->")? + 3;
        } else if starts_with_name(rest, b"<meta") && rest.get(5).is_some_and(|b| b.is_ascii_whitespace() || *b == b'/')
        {
            let (found, length) = meta(&rest[6..]);
            if found.is_some() {
                return found;
            }
            at += 6 + length;
        } else if rest[0] == b'<' && rest.get(1).is_some_and(|b| b.is_ascii_alphabetic())
            || rest.starts_with(b"</") && rest.get(2).is_some_and(u8::is_ascii_alphabetic)
        {
            let name = rest.iter().position(|b| b.is_ascii_whitespace() || *b == b'>')?;
            let mut inside = &rest[name..];
            while let (Some(_), left) = attribute(inside) {
                inside = left;
            }
            at += rest.len() - inside.len();
            at += 1;
        } else if rest.starts_with(b"<!") || rest.starts_with(b"</") || rest.starts_with(b"<?") {
            at += rest.iter().position(|b| *b == b'>')? + 1;
        } else {
            at += 1;
        }
    }
    None
}

/// Reads the attributes of one `meta`; the encoding it declares, and how many bytes were read.
fn meta(bytes: &[u8]) -> (Option<&'static Encoding>, usize) {
    let (mut pragma, mut charset, mut from_content, mut seen) = (false, None, None, Vec::new());
    let mut left = bytes;
    while let (Some((name, value)), rest) = attribute(left) {
        left = rest;
        if seen.contains(&name) {
            continue;
        }
        match name.as_str() {
            "http-equiv" => pragma |= value == "content-type",
            "content" => from_content = header_encoding(&value),
            "charset" => charset = Some(Encoding::for_label(value.trim().as_bytes())),
            _ => {}
        }
        seen.push(name);
    }
    let found = match charset {
        Some(found) => found,
        None if pragma => from_content,
        None => None,
    };
    (found.map(meta_meaning), bytes.len() - left.len())
}

/// What a declaration inside the text can mean: a text whose ASCII can be read is no UTF-16.
fn meta_meaning(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == UTF_16BE || encoding == UTF_16LE {
        UTF_8
    } else if encoding == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        encoding
    }
}

/// The standard's "get an attribute": name and value in lower case, and what is left of `bytes`.
fn attribute(bytes: &[u8]) -> (Option<(String, String)>, &[u8]) {
    let blank = |b: &u8| b.is_ascii_whitespace();
    let start = bytes.iter().position(|b| !blank(b) && *b != b'/').unwrap_or(bytes.len());
    let bytes = &bytes[start..];
    if bytes.first().is_none_or(|b| *b == b'>') {
        return (None, bytes);
    }
    let named = |b: &u8| *b == b'/' || *b == b'>' || blank(b);
    let end = bytes.iter().skip(1).position(|b| *b == b'=' || named(b)).map_or(bytes.len(), |at| at + 1);
    let name = lower(&bytes[..end]);
    let after = &bytes[end..];
    let after = &after[after.iter().position(|b| !blank(b)).unwrap_or(after.len())..];
    let Some(value) = after.strip_prefix(b"=") else {
        return (Some((name, String::new())), after);
    };
    let value = &value[value.iter().position(|b| !blank(b)).unwrap_or(value.len())..];
    match value.first() {
        Some(quote @ (b'"' | b'\'')) => {
            let inner = &value[1..];
            let end = inner.iter().position(|b| b == quote).unwrap_or(inner.len());
            (Some((name, lower(&inner[..end]))), &inner[(end + 1).min(inner.len())..])
        }
        _ => {
            let end = value.iter().position(|b| blank(b) || *b == b'>').unwrap_or(value.len());
            (Some((name, lower(&value[..end]))), &value[end..])
        }
    }
}

/// The encoding of an XML declaration at the very beginning.
fn xml_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.trim_ascii_start();
    let head = &head[..head.len().min(1024)];
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = lower(&declaration[..find(declaration, b">")?]);
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let label = value[1..].split(quote).next()?;
    Encoding::for_label(label.as_bytes()).map(meta_meaning)
}

fn lower(bytes: &[u8]) -> String {
    let text: Cow<'_, str> = String::from_utf8_lossy(bytes);
    text.to_ascii_lowercase()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn starts_with_name(bytes: &[u8], name: &[u8]) -> bool {
    bytes.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(label: &str, text: &str) -> Vec<u8> {
        Encoding::for_label(label.as_bytes()).expect("a label").encode(text).0.into_owned()
    }

    #[test]
    fn the_header_is_believed() {
        let bytes = encoded("windows-1251", "Новости дня");
        let decoded = decode_html(&bytes, Some("text/html; charset=windows-1251"), None);
        assert_eq!((decoded.text.as_str(), decoded.encoding), ("Новости дня", "windows-1251"));
        let quoted = decode_html(&bytes, Some("text/html; Charset = \"cp1251\"; x=y"), None);
        assert_eq!(quoted.text, "Новости дня");
    }

    #[test]
    fn utf8_is_utf8_whatever_it_says() {
        let decoded = decode_html("Zürich — Größe".as_bytes(), Some("text/html; charset=iso-8859-1"), None);
        assert_eq!(decoded.text, "Zürich — Größe");
        assert_eq!(decoded.note.as_deref(), Some("says it is windows-1252, but is UTF-8"));
    }

    #[test]
    fn a_meta_declares_what_no_header_does() {
        for head in [
            "<meta charset=iso-8859-2>",
            "<META http-equiv='Content-Type' content='text/html; charset=ISO-8859-2' />",
            "<!-- <meta charset=utf-8> --><html lang=hu><meta name=x content=y><meta charset=\"ISO-8859-2\">",
            "<?xml version='1.0' encoding='iso-8859-2'?><html>",
        ] {
            let mut bytes = head.as_bytes().to_vec();
            bytes.extend(encoded("iso-8859-2", "Tőzsde és őszi idő"));
            let decoded = decode_html(&bytes, None, None);
            assert_eq!(decoded.encoding, "ISO-8859-2", "{head}");
            assert!(decoded.text.ends_with("Tőzsde és őszi idő"), "{head}");
        }
    }

    #[test]
    fn a_meta_cannot_say_utf16() {
        assert_eq!(decode_html(b"<meta charset=utf-16>plain", None, None).encoding, "UTF-8");
    }

    #[test]
    fn what_says_nothing_is_guessed() {
        let text = "Правительство утвердило новый бюджет на следующий год, сообщил министр финансов.";
        for label in ["windows-1251", "koi8-r"] {
            assert_eq!(decode_html(&encoded(label, text), None, Some("ru")).text, text, "{label}");
        }
        assert_eq!(decode_html(b"plain", None, Some("Not.A.Tld")).text, "plain");
    }

    #[test]
    fn marks_come_first() {
        let mut utf16: Vec<u8> = vec![0xFF, 0xFE];
        utf16.extend("<p>é".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(decode_html(&utf16, Some("text/html; charset=utf-8"), None).text, "<p>é");
        assert_eq!(decode_xml(b"\xEF\xBB\xBF<rss/>", Some("text/xml; charset=latin1"), None).text, "<rss/>");
        let utf32: Vec<u8> = "\u{FEFF}<rss>ж".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        let decoded = decode_xml(&utf32, None, None);
        assert_eq!((decoded.text.as_str(), decoded.encoding), ("<rss>ж", "UTF-32BE"));
    }

    #[test]
    fn a_body_cut_within_a_character_is_still_utf8() {
        let whole = "naïve café é".as_bytes();
        assert_eq!(decode_html(&whole[..whole.len() - 1], None, None).encoding, "UTF-8");
    }

    #[test]
    fn a_page_that_says_utf8_and_is_not_is_looked_at_again() {
        let bytes = encoded("windows-1251", "<meta charset=utf-8>Президент подписал закон о бюджете на будущий год");
        assert_eq!(decode_html(&bytes, None, Some("ru")).encoding, "windows-1251");
    }

    #[test]
    fn garbage_is_read_all_the_same() {
        for bytes in
            [&b""[..], b"\xff", b"<meta", b"<meta charset", b"<!--", b"</", b"<a b='", b"\0\0\0<", b"<?xml encoding="]
        {
            let _ = decode_html(bytes, Some("charset"), None);
            let _ = decode_xml(bytes, Some("charset="), None);
        }
    }
}
