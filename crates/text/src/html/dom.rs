//! The DOM, built with guards. html5ever's work grows with the square of the nesting depth, and a
//! few bytes of unclosed formatting can make a million nodes: so the page is fed in pieces, and
//! reading stops where depth or number of nodes pass any page made by people. What tells nothing is not
//! fed at all (see [`Look`]).

use std::borrow::Cow;

use ego_tree::{NodeRef, Tree};
use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::{StrTendril, TendrilSink};
use scraper::node::Element;
use scraper::{Html, HtmlTreeSink, Node};

use super::look::{ATTRIBUTES, Look};

/// How much of a page is read, in bytes. The longest articles with their markup are below 3 MB.
const BYTES: usize = 5 * 1024 * 1024;
/// How deep elements may nest. Real pages stay below 100.
const DEPTH: usize = 512;
/// How many nodes a page may have. Real pages stay below 100,000.
const NODES: usize = 140_000;
/// How many bytes are parsed between two looks at depth and number of nodes.
const PIECE: usize = 4 * 1024;
/// The same once elements nest deeper than [`WARY`]: there, each byte can cost much.
const SMALL_PIECE: usize = 256;
const WARY: usize = 128;

/// Parses a page, as much of it as the guards allow; a note says where they stopped it.
pub(crate) fn parse(text: &str) -> (Html, Option<String>) {
    let mut parser = driver::parse_document(HtmlTreeSink::new(empty(text.len())), ParseOpts::default());
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

/// An empty document with room for the nodes of a page of so many bytes.
fn empty(bytes: usize) -> Html {
    /// Real pages have a node for every 50 to 100 bytes.
    const PER_NODE: usize = 64;
    let mut html = Html::new_document();
    html.tree = Tree::with_capacity(Node::Document, (bytes / PER_NODE).min(NODES));
    html
}

/// The nearest boundary of a character at or before `at`, but for the end never 0.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
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
