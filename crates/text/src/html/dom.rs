//! The DOM, built with guards. html5ever's work grows with the square of the nesting depth, and a
//! few bytes of unclosed formatting can make a million nodes: so the page is fed in pieces, and
//! reading stops where depth or number of nodes pass any page made by people. What scripts and style
//! sheets hold is half of many pages and tells nothing: it is not fed at all, but for JSON-LD.

use std::borrow::Cow;
use std::ops::Range;

use ego_tree::NodeRef;
use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::{StrTendril, TendrilSink};
use scraper::node::Element;
use scraper::{Html, HtmlTreeSink, Node};

/// How much of a page is read, in bytes. The longest articles with their markup are below 3 MB.
const BYTES: usize = 5 * 1024 * 1024;
/// How deep elements may nest. Real pages stay below 100.
const DEPTH: usize = 512;
/// How many nodes a page may have. Real pages stay below 100,000.
const NODES: usize = 140_000;
/// How many attributes an element may have. Those of real pages have below 100.
const ATTRIBUTES: usize = 1_000;
/// How many bytes are parsed between two looks at depth and number of nodes.
const PIECE: usize = 4 * 1024;
/// The same once elements nest deeper than [`WARY`]: there, each byte can cost much.
const SMALL_PIECE: usize = 256;
const WARY: usize = 128;

/// Parses a page, as much of it as the guards allow; a note says where they stopped it.
pub(crate) fn parse(text: &str) -> (Html, Option<String>) {
    let mut parser = driver::parse_document(HtmlTreeSink::new(Html::new_document()), ParseOpts::default());
    let mut note = None;
    let end = boundary(text, BYTES);
    if end < text.len() {
        note = Some(format!("longer than {} MB: only the beginning is read", BYTES / 1024 / 1024));
    }
    let look = Look::at(&text[..end]);
    let end = match look.bomb {
        Some(tag) => {
            note = Some(format!("an element of more than {ATTRIBUTES} attributes: reading stops there"));
            tag
        }
        None => end,
    };
    let mut skips = look.skips.into_iter().filter(|skip| skip.end <= end).peekable();
    let (mut at, mut piece) = (0, PIECE);
    while at < end {
        if let Some(skip) = skips.next_if(|skip| skip.start == at) {
            at = skip.end;
            continue;
        }
        let stop = skips.peek().map_or(end, |skip| skip.start);
        let next = boundary(text, (at + piece).min(stop));
        parser.process(StrTendril::from_slice(&text[at..next]));
        at = next;
        let html = parser.tokenizer.sink.sink.0.borrow();
        let nodes = html.tree.values().len();
        let depth = html.tree.nodes().next_back().map_or(0, |last| last.ancestors().count());
        if depth > DEPTH || nodes > NODES {
            note = Some(format!("nests {depth} deep in {nodes} nodes: reading stops there"));
            break;
        }
        piece = if depth > WARY { SMALL_PIECE } else { PIECE };
    }
    (parser.finish(), note)
}

/// The nearest boundary of a character at or before `at`, but for the end never 0.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// What one pass over a page finds before it is parsed.
struct Look {
    /// Where an element begins that has more attributes than [`ATTRIBUTES`]: the tokenizer compares
    /// each with all before it.
    bomb: Option<usize>,
    /// What scripts and style sheets hold.
    skips: Vec<Range<usize>>,
}

impl Look {
    /// One pass, by the tokenizer's own rules as far as attributes and raw text are concerned.
    fn at(text: &str) -> Self {
        let mut look = Self { bomb: None, skips: Vec::new() };
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
            let tag = at + found;
            at = tag + 1;
            if bytes[at..].starts_with(b"!--") {
                at = memchr::memmem::find(&bytes[at..], b"-->").map_or(bytes.len(), |end| at + end + 3);
                continue;
            }
            let name = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            if name == 0 {
                continue;
            }
            let (attributes, end) = attributes_of(bytes, at + name);
            if attributes > ATTRIBUTES {
                look.bomb = Some(tag);
                return look;
            }
            // What scripts compare is no markup.
            let is = |raw: &&&str| text[at..at + name].eq_ignore_ascii_case(raw);
            let raw = ["script", "style", "textarea", "title"].iter().find(is).copied();
            at = raw.map_or(end, |raw| end_of_raw(bytes, end, raw));
            if matches!(raw, Some("script" | "style")) {
                look.skip(bytes, tag..end, at);
            }
        }
        look
    }

    /// Skips what stands between a start `tag` and `end`, where it is neither JSON-LD nor a comment
    /// in which the end tag may be none.
    fn skip(&mut self, bytes: &[u8], tag: Range<usize>, end: usize) {
        let start = (tag.end + 1).min(end);
        let json = bytes[tag].windows(7).any(|word| word.eq_ignore_ascii_case(b"ld+json"));
        if !json && start < end && end < bytes.len() && memchr::memmem::find(&bytes[start..end], b"<!--").is_none() {
            self.skips.push(start..end);
        }
    }
}

/// How many attributes follow from `at` on, and where the tag ends.
fn attributes_of(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let mut count = 0;
    let skip = |at: usize, wanted: fn(&u8) -> bool| at + bytes[at..].iter().take_while(|byte| wanted(byte)).count();
    while at < bytes.len() {
        at = skip(at, |byte| byte.is_ascii_whitespace() || *byte == b'/');
        if at >= bytes.len() || bytes[at] == b'>' {
            break;
        }
        count += 1;
        // A name may begin with `=`.
        at = skip(at + 1, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/'));
        let equals = skip(at, u8::is_ascii_whitespace);
        if bytes.get(equals) != Some(&b'=') {
            continue;
        }
        at = skip(equals + 1, u8::is_ascii_whitespace);
        at = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                bytes[at + 1..].iter().position(|byte| byte == quote).map_or(bytes.len(), |end| at + end + 2)
            }
            _ => skip(at, |byte| !byte.is_ascii_whitespace() && *byte != b'>'),
        };
    }
    (count, at.min(bytes.len()))
}

/// Where the raw text of an element ends: at its end tag.
fn end_of_raw(bytes: &[u8], from: usize, name: &str) -> usize {
    let mut ends = memchr::memmem::find_iter(&bytes[from..], b"</").map(|end| from + end);
    let is_end =
        |end: &usize| bytes[end + 2..].get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()));
    ends.find(is_end).unwrap_or(bytes.len())
}

/// A node of the DOM.
pub(crate) type DomNode<'a> = NodeRef<'a, Node>;

/// The value of `name` on an element as it stands. Not by the element's own `attr`, which makes an
/// interned name of each that is asked for.
pub(crate) fn value_of<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element.attrs().find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// The value of `name` on an element, trimmed; `None` where it is absent or empty.
pub(crate) fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    value_of(element, name).map(str::trim).filter(|value| !value.is_empty())
}

/// All text below `node`, blanks collapsed, without scripts, styles, and readings above signs (ruby).
pub(crate) fn text_of(node: DomNode<'_>) -> String {
    let mut out = String::new();
    let mut skipping = None;
    for edge in node.traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) => match node.value() {
                Node::Text(text) if skipping.is_none() => push_collapsed(&mut out, text),
                Node::Element(element) if skipping.is_none() => match element.name() {
                    "script" | "style" | "noscript" | "template" | "svg" | "rt" | "rp" => skipping = Some(node.id()),
                    "br" | "p" | "div" | "li" | "td" => push_collapsed(&mut out, " "),
                    _ => {}
                },
                _ => {}
            },
            ego_tree::iter::Edge::Close(node) => {
                if skipping == Some(node.id()) {
                    skipping = None;
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// All text below `node`, as [`text_of`], with a blank at each element: names stand in elements of
/// their own that style sheets part.
pub(crate) fn spaced_text_of(node: DomNode<'_>) -> String {
    let mut out = String::new();
    for inner in node.descendants() {
        match inner.value() {
            Node::Text(text) if inner.parent().is_none_or(|parent| !is_script(parent)) => {
                push_collapsed(&mut out, text);
            }
            Node::Element(_) => push_collapsed(&mut out, " "),
            _ => {}
        }
        if inner.next_sibling().is_none() {
            push_collapsed(&mut out, " ");
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn is_script(node: DomNode<'_>) -> bool {
    node.value()
        .as_element()
        .is_some_and(|element| matches!(element.name(), "script" | "style" | "noscript" | "template"))
}

/// Appends `text`, each run of blanks as one; none at the beginning of `out`.
pub(crate) fn push_collapsed(out: &mut String, text: &str) {
    let is_blank = |c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{AD}' | '\u{2060}');
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if is_blank(c) {
            // Zero-width characters are no blanks: they only go.
            // The blank of ideographs parts what a comma parts elsewhere: it stays what it is.
            if c.is_whitespace() && !out.is_empty() && !out.ends_with([' ', '\n', '\u{3000}']) {
                out.push(if c == '\u{3000}' { c } else { ' ' });
            }
            rest = &rest[c.len_utf8()..];
        } else {
            let end = rest.find(is_blank).unwrap_or(rest.len());
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
}

/// `text` with blanks collapsed.
pub(crate) fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_collapsed(&mut out, text);
    out.truncate(out.trim_end().len());
    out
}

/// A value of an attribute or of structured data as plain text: entities and tags that somebody
/// escaped once too often are undone, blanks collapsed.
pub(crate) fn plain(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    for _ in 0..2 {
        if !text.contains(['&', '<']) || text.len() > 200_000 {
            break;
        }
        let fragment = Html::parse_fragment(&text);
        text = Cow::Owned(text_of(fragment.tree.root()));
    }
    collapsed(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bombs_are_read_in_part_and_soon() {
        let (html, note) = parse(&"<div>".repeat(100_000));
        assert!(note.is_some_and(|note| note.contains("deep")));
        assert!(html.tree.values().len() < 10_000);
        let unclosed: String = "<p>".to_owned()
            + &(0..400).map(|n| format!("<b class=a{n}>")).collect::<String>()
            + &"<p>x".repeat(50_000);
        let (html, note) = parse(&unclosed);
        assert!(note.is_some() && html.tree.values().len() < 600_000, "{}", html.tree.values().len());
        let many: String = (0..50_000).map(|n| format!(" a{n}='x > y'")).collect();
        let (html, note) = parse(&format!("<p>before</p><p{many}>behind</p>"));
        assert!(note.is_some_and(|note| note.contains("attributes")) && text_of(html.tree.root()) == "before");
        let (_, note) = parse(&"<p>é</p>".repeat(300_000));
        assert!(note.is_some());
    }

    #[test]
    fn pages_of_people_are_read_whole() {
        let page = format!("<html><body>{}<p>end</p></body></html>", "<p>Ünicode text</p>".repeat(5_000));
        let (html, note) = parse(&page);
        assert_eq!(note, None);
        assert!(text_of(html.tree.root()).ends_with("end"));
        let script = format!("<script>if (a<b) {{{}}}</script><!-- <p {0}> --><p>end", "c = d; ".repeat(3_000));
        let (html, note) = parse(&script);
        assert_eq!((note, text_of(html.tree.root()).as_str()), (None, "end"));
    }

    #[test]
    fn scripts_are_not_fed() {
        let page = "<p>a<script>if (x < 1) { document.write('<p>no</p>') }</script>b<style>p > a {}</style>\
                    <script type='application/LD+JSON'>{\"a\": 1}</script><script><!-- </script> --></script>c";
        let (html, _) = parse(page);
        let texts: String = html.tree.nodes().filter_map(|node| node.value().as_text().map(|text| &**text)).collect();
        assert_eq!(texts, "ab{\"a\": 1}<!--  -->c");
        let (html, note) = parse("<p>a<script>endless");
        assert_eq!((text_of(html.tree.root()).as_str(), note), ("a", None));
    }

    #[test]
    fn text_is_collapsed_and_scripts_are_none() {
        let (html, _) = parse("<p> a&nbsp;\n b<script>x</script><br>c\u{AD}d </p>");
        assert_eq!(text_of(html.tree.root()), "a b cd");
    }

    #[test]
    fn what_was_escaped_twice_is_plain() {
        assert_eq!(plain("Tom &amp;amp; Jerry &lt;b&gt;win&lt;/b&gt;"), "Tom & Jerry win");
        assert_eq!(plain("a < b"), "a < b");
    }
}
