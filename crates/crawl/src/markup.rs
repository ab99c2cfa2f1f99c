//! XML and HTML cut into tags and text, whatever their state: broken markup is input, not an error.
//!
//! A lexer, no parser: nesting, names and namespaces are its users' part. It never fails and takes
//! linear time. Comments, processing instructions and document types are passed over, and nothing
//! that a document type declares is ever expanded or fetched.

use std::borrow::Cow;

use crate::entities::decode;

/// One piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// `<name …>` or `<name …/>`.
    Open {
        /// As written, with its prefix.
        name: &'a str,
        /// Names as written, values decoded; no value reads as the empty one.
        attributes: Vec<(&'a str, Cow<'a, str>)>,
        /// It ends itself.
        empty: bool,
    },
    /// `</name>`.
    Close(&'a str),
    /// Text, decoded.
    Text(Cow<'a, str>),
    /// A CDATA section, as it stands.
    Cdata(&'a str),
}

/// So many attributes of one tag are read.
const MAX_ATTRIBUTES: usize = 256;

/// Cuts `text` into pieces.
pub(crate) fn pieces(text: &str) -> Pieces<'_> {
    Pieces { rest: text, typed: false, no_comment_ends: false, no_tag_ends: false }
}

/// See [`pieces`].
#[derive(Debug)]
pub(crate) struct Pieces<'a> {
    rest: &'a str,
    /// The document's type was passed. Only the first is searched for its brackets: searching many
    /// would take time that grows with the square of their number.
    typed: bool,
    /// No comment ends any more: known once it was searched for in vain.
    no_comment_ends: bool,
    /// The same of `>`.
    no_tag_ends: bool,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if !self.rest.starts_with('<') {
                return Some(Piece::Text(decode(self.text(0))));
            }
            if self.skip() {
                continue;
            }
            let after = &self.rest[1..];
            if let Some(cdata) = after.strip_prefix("![CDATA[") {
                return Some(Piece::Cdata(self.take_past(cdata, "]]>")));
            }
            if let Some(name) = after.strip_prefix('/').filter(|name| begins_name(name)) {
                return Some(self.close(name));
            }
            return Some(if begins_name(after) { self.open(after) } else { Piece::Text(decode(self.text(1))) });
        }
    }
}

impl<'a> Pieces<'a> {
    /// Takes the text up to the next `<` after the first `from` bytes.
    fn text(&mut self, from: usize) -> &'a str {
        let end = memchr::memchr(b'<', &self.rest.as_bytes()[from..]).map_or(self.rest.len(), |at| at + from);
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        text
    }

    /// What stands before `mark` in `inside`; the rest begins after it.
    fn take_past(&mut self, inside: &'a str, mark: &str) -> &'a str {
        match memchr::memmem::find(inside.as_bytes(), mark.as_bytes()) {
            Some(at) => {
                self.rest = &inside[at + mark.len()..];
                &inside[..at]
            }
            None => {
                self.rest = "";
                inside
            }
        }
    }

    /// Passes over what is neither tag nor text.
    fn skip(&mut self) -> bool {
        let rest = self.rest;
        if let Some(inside) = rest.strip_prefix("<!--") {
            self.no_comment_ends = self.no_comment_ends || !inside.contains("-->");
            // Browsers end a comment that never ends at the end; what follows it is worth more.
            self.take_past(inside, if self.no_comment_ends { ">" } else { "-->" });
        } else if let Some(inside) = rest.strip_prefix("<?") {
            // Also where it ends with ">" alone, as the careless have it.
            self.take_past(inside, ">");
        } else if !self.typed
            && self.declares(rest)
            && rest.get(..9).is_some_and(|head| head.eq_ignore_ascii_case("<!doctype"))
        {
            self.typed = true;
            self.rest = &rest[type_end(rest)..];
        } else if self.declares(rest) && !rest.starts_with("<![CDATA[") {
            self.take_past(&rest[2..], ">");
        } else {
            return false;
        }
        true
    }

    /// `<!name` or `<![`, ended somewhere. What is never ended is text.
    fn declares(&mut self, text: &str) -> bool {
        let begins = text.strip_prefix("<!").is_some_and(|inside| inside.starts_with('[') || begins_name(inside));
        self.no_tag_ends = self.no_tag_ends || (begins && !text.contains('>'));
        begins && !self.no_tag_ends
    }

    fn close(&mut self, inside: &'a str) -> Piece<'a> {
        let name_end = name_end(inside);
        let end = inside.find(['>', '<']).unwrap_or(inside.len());
        self.rest = inside[end..].strip_prefix('>').unwrap_or(&inside[end..]);
        Piece::Close(&inside[..name_end])
    }

    fn open(&mut self, inside: &'a str) -> Piece<'a> {
        let name_end = name_end(inside);
        let (name, mut rest) = inside.split_at(name_end);
        let mut attributes = Vec::new();
        let mut empty = false;
        loop {
            rest = rest.trim_ascii_start();
            let Some(first) = rest.as_bytes().first() else { break };
            match first {
                b'>' => {
                    rest = &rest[1..];
                    break;
                }
                // The tag was never ended.
                b'<' => break,
                b'/' => {
                    empty = rest[1..].trim_ascii_start().starts_with('>');
                    rest = &rest[1..];
                }
                _ => {
                    let (attribute, after) = attribute(rest);
                    rest = after;
                    if attributes.len() < MAX_ATTRIBUTES {
                        attributes.push(attribute);
                    }
                }
            }
        }
        self.rest = rest;
        Piece::Open { name, attributes, empty }
    }
}

/// One attribute, with or without a value or quotes, and what follows it.
fn attribute(text: &str) -> ((&str, Cow<'_, str>), &str) {
    let end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '<' | '/'));
    // What begins with "=" or a quote is read as a name, so that every step takes something.
    let end = end.unwrap_or(text.len()).max(text.chars().next().map_or(0, char::len_utf8));
    let (name, rest) = text.split_at(end);
    let Some(value) = rest.trim_ascii_start().strip_prefix('=') else { return ((name, Cow::Borrowed("")), rest) };
    let value = value.trim_ascii_start();
    let quote = value.as_bytes().first().copied().filter(|b| matches!(b, b'"' | b'\''));
    if let Some(quote) = quote {
        return match memchr::memchr(quote, &value.as_bytes()[1..]) {
            Some(at) => ((name, decode(&value[1..=at])), &value[at + 2..]),
            // A quote that is never closed ends with the tag.
            None => {
                let end = value.find('>').unwrap_or(value.len());
                ((name, decode(&value[1..end])), &value[end..])
            }
        };
    }
    let end = value.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '<')).unwrap_or(value.len());
    // The slash of "<a href=b/>" ends the tag.
    let end = if value[..end].ends_with('/') && value[end..].starts_with('>') { end - 1 } else { end };
    ((name, decode(&value[..end])), &value[end..])
}

fn begins_name(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
}

fn name_end(text: &str) -> usize {
    text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '<' | '/' | '=' | '"' | '\''))
        .unwrap_or(text.len())
}

/// Where a `<!DOCTYPE …>` ends, brackets and quotes within it counted.
fn type_end(text: &str) -> usize {
    let mut depth = 0usize;
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[') => depth += 1,
            (None, b']') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return at + 1,
            _ => {}
        }
    }
    // Never ended: at the first ">" after all.
    text.find('>').map_or(text.len(), |at| at + 1)
}

/// The words of a piece of HTML: tags, scripts and styles gone, references decoded, white space
/// collapsed.
pub(crate) fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut silent: Option<&str> = None;
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) if silent.is_none() => out.push_str(&text),
            Piece::Cdata(text) if silent.is_none() => out.push_str(text),
            Piece::Text(_) | Piece::Cdata(_) => {}
            Piece::Open { name, empty, .. } => {
                if silent.is_none() && !empty && is_silent(name) {
                    silent = Some(name);
                }
                space_for(name, &mut out);
            }
            Piece::Close(name) => {
                if silent.is_some_and(|open| open.eq_ignore_ascii_case(name)) {
                    silent = None;
                }
                space_for(name, &mut out);
            }
        }
    }
    collapse(&out)
}

/// Whether the content of an element is no text.
pub(crate) fn is_silent(tag: &str) -> bool {
    SILENT.iter().any(|silent| silent.eq_ignore_ascii_case(tag))
}

const SILENT: &[&str] = &["script", "style", "applet"];

/// Elements within a line of text; all others part words.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
];

pub(crate) fn space_for(tag: &str, out: &mut String) {
    if !INLINE.iter().any(|inline| inline.eq_ignore_ascii_case(tag)) {
        out.push(' ');
    }
}

/// White space of any kind and length as one space, none at the ends.
pub(crate) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_ascii_whitespace() || matches!(c, '\u{a0}' | '\u{2028}' | '\u{2029}' | '\0'))
    {
        if !word.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let said: Vec<String> = pieces(text)
            .map(|piece| match piece {
                Piece::Open { name, attributes, empty } => {
                    let attributes: String = attributes.iter().map(|(n, v)| format!(" {n}={v}")).collect();
                    format!("<{name}{attributes}{}>", if empty { "/" } else { "" })
                }
                Piece::Close(name) => format!("</{name}>"),
                Piece::Text(text) => format!("[{text}]"),
                Piece::Cdata(text) => format!("{{{text}}}"),
            })
            .collect();
        assert_eq!(said.join(""), expected, "{text}");
    }

    #[test]
    fn good_markup_is_cut_as_written() {
        check("<?xml version='1.0'?><a b=\"1\" c='&lt;2'>x &amp; y<d/></a>", "<a b=1 c=<2>[x & y]<d/></a>");
        check("<a><!-- <b> --><![CDATA[<i> & ]]></a>", "<a>{<i> & }</a>");
        check("<!DOCTYPE a [<!ENTITY b \"]>\">]><a>&b;</a>", "<a>[&b;]</a>");
    }

    #[test]
    fn broken_markup_is_cut_all_the_same() {
        check("<a>x < y, 1<2</a", "<a>[x ][< y, 1][<2]</a>");
        check("<a b=c/><a b=c d>x", "<a b=c/><a b=c d=>[x]");
        check("<a b=\"1>x", "<a b=1>[x]");
        check("<a <b>x</b", "<a><b>[x]</b>");
        check("<a><![CDATA[x", "<a>{x}");
        check("<!-- x", "");
        check("<!x 'y><a>", "<a>");
        check("a<!-- b > c <!-- d --", "[a][ c ]");
        check("<!' <a>x<!doctype y", "[<!' ]<a>[x][<!doctype y]");
        check("<a =\"\" '>", "<a == \"\"= '=>");
        check("</ x></><>", "[</ x>][</>][<>]");
    }

    #[test]
    fn html_becomes_words() {
        assert_eq!(
            plain("<p>One<br>two <b>th</b>ree</p>\n<script>no()</script>four &amp; five"),
            "One two three four & five"
        );
        assert_eq!(plain("no tags at all"), "no tags at all");
    }

    #[test]
    fn hostile_markup_takes_linear_time() {
        for unit in [
            "<",
            "<!",
            "<!doctype [",
            "<![>",
            "<!a",
            "<!a>",
            "<!--",
            "<!-->",
            "<a ",
            "<![CDATA[",
            "&",
            "<a b=\"",
            "<a b='>",
            "<?",
            "<?x>",
        ] {
            let begun = std::time::Instant::now();
            let text = unit.repeat(200_000);
            assert!(pieces(&text).count() <= text.len());
            assert!(begun.elapsed().as_secs() < 5, "{unit}: {:?}", begun.elapsed());
        }
    }
}
