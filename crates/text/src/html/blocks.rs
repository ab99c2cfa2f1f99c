//! The page as its readers see it: parts (elements, with what they are called and what lies below
//! them) and blocks (runs of text that stand for themselves: a paragraph, a heading, an item). One
//! walk over the DOM makes both; everything that looks for the article works on them.

use std::ops::Range;

use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use super::dom::{DomNode, attribute, push_collapsed};
use super::tokens::{Named, Tokens};
use crate::script::weight;

/// An element.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    /// Where it stands in the DOM.
    pub(crate) node: DomNode<'a>,
    /// The element itself.
    pub(crate) element: &'a Element,
    /// The part that holds it.
    pub(crate) parent: Option<usize>,
    /// The first part behind all that it holds.
    pub(crate) end: usize,
    /// What it is called.
    pub(crate) tokens: Tokens,
    /// The blocks that it holds.
    pub(crate) blocks: Range<usize>,
    /// Hidden by its markup, or no text at all.
    hidden: bool,
}

impl Part<'_> {
    /// Its tag.
    pub(crate) fn name(&self) -> &str {
        self.element.name()
    }
}

/// What kind of text a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A paragraph, or text without any element of its own.
    Paragraph,
    /// A heading; 1 is the highest.
    Heading(u8),
    /// An item of a list.
    Item,
    /// A cell of a table.
    Cell,
    /// A row of a table of short cells.
    Row,
    /// The caption of a figure or a table.
    Caption,
}

/// A run of text.
#[derive(Debug)]
pub(crate) struct Block {
    /// The innermost block-level part that it stands in.
    pub(crate) part: usize,
    /// Its text, blanks collapsed, lines parted by `\n`.
    pub(crate) text: String,
    /// What kind it is.
    pub(crate) kind: Kind,
    /// How much it says, see [`weight`].
    pub(crate) weight: usize,
    /// How much of that carries links.
    pub(crate) link_weight: usize,
    /// Its links: where in the text, and their `a` element.
    pub(crate) links: Vec<(Range<usize>, usize)>,
}

impl Block {
    /// The share of its text that carries links, 0 to 1.
    pub(crate) fn link_share(&self) -> f32 {
        self.link_weight as f32 / self.weight.max(1) as f32
    }
}

/// Parts and blocks of a page, in its order.
#[derive(Debug, Default)]
pub(crate) struct Blocks<'a> {
    pub(crate) parts: Vec<Part<'a>>,
    pub(crate) blocks: Vec<Block>,
}

/// A hidden part of this much text is shown by a script: streamed pages hide the article.
const HIDDEN_ARTICLE: usize = 1_500;

impl<'a> Blocks<'a> {
    /// Walks over the page.
    pub(crate) fn of(html: &'a Html) -> Self {
        let mut walk = Walk::default();
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(node) => walk.open(node),
                Edge::Close(node) => walk.close(node),
            }
        }
        walk.flush();
        let mut found = walk.found;
        found.join_rows();
        found.drop_hidden();
        found
    }

    /// `index` and the parts that hold it, the innermost first.
    pub(crate) fn above(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(index), |at| self.parts[*at].parent)
    }

    /// Whether `part` is `within` or lies in it.
    pub(crate) fn lies_in(&self, part: usize, within: usize) -> bool {
        (within..self.parts[within].end).contains(&part)
    }

    /// All text of a part, its blocks joined by blanks.
    pub(crate) fn text(&self, part: usize) -> String {
        super::dom::text_of(self.parts[part].node)
    }

    /// How much the blocks of `range` say.
    pub(crate) fn weight(&self, range: Range<usize>) -> usize {
        self.blocks[range].iter().map(|block| block.weight).sum()
    }

    /// Empties the blocks that nobody sees.
    fn drop_hidden(&mut self) {
        let mut at = 0;
        while at < self.parts.len() {
            let part = &self.parts[at];
            if part.hidden && self.weight(part.blocks.clone()) < HIDDEN_ARTICLE {
                for block in &mut self.blocks[part.blocks.clone()] {
                    block.text.clear();
                    (block.weight, block.link_weight) = (0, 0);
                    block.links.clear();
                }
                at = part.end;
            } else {
                at += 1;
            }
        }
    }
}

#[derive(Default)]
struct Walk<'a> {
    found: Blocks<'a>,
    named: Named<'a>,
    /// Open parts.
    stack: Vec<usize>,
    /// The element within which all is skipped.
    skipping: Option<ego_tree::NodeId>,
    text: String,
    link_weight: usize,
    links: Vec<(Range<usize>, usize)>,
    /// Open links: where they began in `text`, and their part.
    open_links: Vec<(usize, usize)>,
}

impl<'a> Walk<'a> {
    fn open(&mut self, node: DomNode<'a>) {
        if self.skipping.is_some() {
            return;
        }
        match node.value() {
            Node::Text(text) => {
                let before = self.text.len();
                // A new line in the source is a blank; one of ours is a `br`.
                push_collapsed(&mut self.text, text);
                if !self.open_links.is_empty() {
                    self.link_weight += weight(&self.text[before.min(self.text.len())..]);
                }
            }
            Node::Element(element) => {
                let name = element.name();
                if is_no_text(name) {
                    self.skipping = Some(node.id());
                    return;
                }
                if name == "br" {
                    self.text.truncate(self.text.trim_end_matches(' ').len());
                    self.text.push('\n');
                }
                if is_block(name) {
                    self.flush();
                }
                let index = self.found.parts.len();
                let blocks = self.found.blocks.len();
                let (tokens, hidden) = self.look(element);
                self.found.parts.push(Part {
                    node,
                    element,
                    parent: self.stack.last().copied(),
                    end: index + 1,
                    tokens,
                    blocks: blocks..blocks,
                    hidden,
                });
                self.stack.push(index);
                if name == "a" && attribute(element, "href").is_some() {
                    self.open_links.push((self.text.len(), index));
                }
            }
            _ => {}
        }
    }

    /// What an element is called, and whether its markup hides it: one look at its attributes.
    fn look(&mut self, element: &'a Element) -> (Tokens, bool) {
        let (mut tokens, mut hidden) = (Tokens::default(), false);
        for (name, value) in element.attrs() {
            match name {
                "class" | "id" | "data-component" | "data-testid" | "role" => tokens = tokens | self.named.of(value),
                "hidden" => hidden = true,
                "aria-hidden" => hidden |= value == "true",
                "style" => hidden |= hides(value),
                _ => {}
            }
        }
        (tokens, hidden)
    }

    fn close(&mut self, node: DomNode<'a>) {
        if let Some(skipping) = self.skipping {
            if skipping == node.id() {
                self.skipping = None;
            }
            return;
        }
        let Node::Element(element) = node.value() else { return };
        if is_block(element.name()) {
            self.flush();
        }
        let Some(index) = self.stack.pop() else { return };
        if self.open_links.last().is_some_and(|(_, part)| *part == index)
            && let Some((start, part)) = self.open_links.pop()
        {
            self.end_link(start, part);
        }
        let (end, blocks) = (self.found.parts.len(), self.found.blocks.len());
        let part = &mut self.found.parts[index];
        part.end = end;
        part.blocks.end = blocks.max(part.blocks.start);
    }

    fn end_link(&mut self, start: usize, part: usize) {
        let start = start.min(self.text.len());
        if !self.text[start..].trim().is_empty() {
            self.links.push((start..self.text.len(), part));
        }
    }

    /// Ends the block at hand.
    fn flush(&mut self) {
        for (start, part) in std::mem::take(&mut self.open_links) {
            self.end_link(start, part);
            self.open_links.push((0, part));
        }
        let text = std::mem::take(&mut self.text);
        let links = std::mem::take(&mut self.links);
        let link_weight = std::mem::take(&mut self.link_weight);
        let part = self.stack.iter().rev().copied().find(|part| is_block(self.found.parts[*part].name()));
        let Some(part) = part.filter(|_| !text.trim().is_empty()) else { return };
        let kind = self.kind(part);
        let pieces = pieces(&text);
        let single = pieces.len() == 1;
        for piece in pieces {
            let text = text[piece.clone()].to_owned();
            let links: Vec<_> = links
                .iter()
                .filter(|(range, _)| range.start < piece.end && range.end > piece.start)
                .map(|(range, link)| {
                    let (start, end) = (range.start.max(piece.start), range.end.min(piece.end));
                    (start - piece.start..end - piece.start, *link)
                })
                .collect();
            let link_weight = match single {
                true => link_weight,
                false => links.iter().map(|(range, _)| weight(&text[range.clone()])).sum(),
            };
            let weight = weight(&text);
            self.found.blocks.push(Block { part, text, kind, weight, link_weight: link_weight.min(weight), links });
        }
    }

    fn kind(&self, part: usize) -> Kind {
        for (distance, at) in self.found.above(part).take(6).enumerate() {
            match self.found.parts[at].name() {
                "h1" => return Kind::Heading(1),
                "h2" => return Kind::Heading(2),
                "h3" => return Kind::Heading(3),
                "h4" => return Kind::Heading(4),
                "h5" | "h6" => return Kind::Heading(5),
                "figcaption" | "caption" => return Kind::Caption,
                "li" | "dd" | "dt" if distance <= 2 => return Kind::Item,
                "td" | "th" if distance <= 1 => return Kind::Cell,
                "article" | "section" | "main" | "aside" | "body" => break,
                _ => {}
            }
        }
        Kind::Paragraph
    }
}

/// Where a block with line breaks falls into paragraphs: at an empty line, and at the end of a line
/// that ends a sentence of some length. Trimmed, none empty.
fn pieces(text: &str) -> Vec<Range<usize>> {
    /// From this weight on, a line that ends a sentence is a paragraph.
    const LINE: usize = 60;
    let mut cuts = vec![0];
    let mut line_start = 0;
    for (at, _) in text.match_indices('\n') {
        let empty_line = text[at + 1..].trim_start_matches(' ').starts_with('\n');
        let line = text[line_start..at].trim();
        if empty_line || weight(line) >= LINE && ends_sentence(line) {
            cuts.push(at + 1);
        }
        line_start = at + 1;
    }
    cuts.push(text.len());
    let trimmed = |pair: &[usize]| {
        let piece = &text[pair[0]..pair[1]];
        let start = pair[0] + piece.len() - piece.trim_start().len();
        start..(start + piece.trim().len())
    };
    cuts.windows(2).map(trimmed).filter(|range| !range.is_empty()).collect()
}

/// Whether `text` ends as a sentence does, in any script; marks of quotation may follow.
pub(crate) fn ends_sentence(text: &str) -> bool {
    const CLOSING: &[char] = &['"', '\'', '”', '“', '’', '»', '«', ')', ']', '」', '』', '\u{FF09}', '›', '*'];
    let text = text.trim_end().trim_end_matches(CLOSING);
    text.ends_with([
        '.', '!', '?', '…', '。', '\u{FF01}', '\u{FF1F}', '\u{FF61}', '؟', '۔', '।', '॥', '։', '።', '။', ';', '‼',
    ])
}

fn is_no_text(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "iframe"
            | "object"
            | "embed"
            | "canvas"
            | "audio"
            | "video"
            | "select"
            | "button"
            | "input"
            | "textarea"
            | "datalist"
            | "progress"
            | "meter"
            | "map"
            | "head"
            | "dialog"
            | "math"
            // Readings above the signs (ruby), and the brackets round them where there is no above.
            | "rt"
            | "rp"
    )
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "picture"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "caption"
            | "menu"
            | "amp-img"
            | "amp-ad"
    )
}

fn hides(style: &str) -> bool {
    if !style.contains(['n', 'N']) || style.len() < 12 {
        return false;
    }
    let style: String = style.chars().filter(|c| !c.is_whitespace()).take(400).collect::<String>().to_ascii_lowercase();
    style.contains("display:none") || style.contains("visibility:hidden")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Vec<String> {
        let (html, _) = super::super::dom::parse(html);
        Blocks::of(&html).blocks.into_iter().filter(|block| block.weight > 0).map(|block| block.text).collect()
    }

    #[test]
    fn each_block_element_is_a_block() {
        assert_eq!(
            shown(
                "<div>Loose <b>bold</b><p>One <a href=x>link</a>.</p>tail<ul><li>a<li>b</ul><script>no</script></div>"
            ),
            ["Loose bold", "One link.", "tail", "a", "b"]
        );
    }

    #[test]
    fn readings_above_the_signs_are_no_text() {
        assert_eq!(
            shown("<p><ruby>派閥<rp>(</rp><rt>はばつ</rt><rp>)</rp></ruby>の<ruby>裏<rt>うら<rb>金</ruby>"),
            ["派閥の裏金"]
        );
    }

    #[test]
    fn two_line_breaks_part_paragraphs() {
        assert_eq!(shown("<p>One<br><br>Two<br>still two</p>"), ["One", "Two\nstill two"]);
        let long = "A sentence that is long enough to be a paragraph of its own, surely.";
        assert_eq!(shown(&format!("<div>{long}<br>{long}</div>")), [long, long]);
    }

    #[test]
    fn hidden_text_is_none_unless_it_is_the_article() {
        assert!(shown("<p hidden>no</p><p style='display: none'>no</p>").is_empty());
        let article = "An article that a script shows. ".repeat(60);
        assert_eq!(shown(&format!("<div hidden><p>{article}</p></div>")).len(), 1);
    }

    #[test]
    fn links_know_where_they_stand() {
        let (html, _) = super::super::dom::parse("<p>See <a href='/a'>the report</a> of <a href='/b'>AFP</a>.");
        let blocks = Blocks::of(&html);
        let block = &blocks.blocks[0];
        let anchors: Vec<&str> = block.links.iter().map(|(range, _)| &block.text[range.clone()]).collect();
        assert_eq!(anchors, ["the report", "AFP"]);
        assert_eq!(block.link_weight, 13);
    }

    #[test]
    fn a_link_around_blocks_is_in_each() {
        let (html, _) = super::super::dom::parse("<a href='/a'><h3>Title</h3><p>Teaser</p></a>");
        let blocks = Blocks::of(&html);
        assert!(blocks.blocks.iter().all(|block| block.link_share() > 0.99), "{:?}", blocks.blocks);
    }

    #[test]
    fn sentences_end_in_every_script() {
        for text in ["So it is.", "Wirklich?“", "是这样。」", "هل هذا؟", "यह है।", "Ja!)"] {
            assert!(ends_sentence(text), "{text}");
        }
        assert!(!ends_sentence("More on this") && !ends_sentence(""));
    }
}
