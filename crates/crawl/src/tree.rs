//! The elements of a feed as a flat tree, built from whatever the lexer gives.
//!
//! Close tags that close nothing are passed over, open ones that nobody closes end with their
//! parent, an entry in an entry ends the first. Names are told apart by the namespaces that feeds
//! use, known by address or, undeclared, by the usual prefix. Nothing here recurses, so that depth
//! cannot overflow the stack.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::markup::{Piece, pieces};

/// A vocabulary that feeds are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// RSS, RDF's RSS and Atom: one vocabulary to a lenient reader.
    Core,
    /// Dublin Core, terms included.
    Dc,
    /// `content:encoded`.
    Content,
    /// Media RSS.
    Media,
    /// iTunes and its kin.
    Itunes,
    /// RDF itself.
    Rdf,
    /// Syndication (update periods).
    Syndication,
    /// XHTML, as inline content.
    Xhtml,
    /// Anything else.
    Other,
}

/// What the addresses of namespaces contain, in lower case. The first match counts.
const SPACES: &[(&str, Space)] = &[
    ("w3.org/2005/atom", Space::Core),
    ("purl.org/atom/", Space::Core),
    ("purl.org/net/rss", Space::Core),
    ("purl.org/rss/1.0/modules/content", Space::Content),
    ("purl.org/rss/1.0/modules/syndication", Space::Syndication),
    ("purl.org/rss/1.0/modules", Space::Other),
    ("purl.org/rss", Space::Core),
    ("my.netscape.com", Space::Core),
    ("netscape.com/publish", Space::Core),
    ("channel.netscape.com", Space::Core),
    ("backend.userland.com", Space::Core),
    ("blogs.law.harvard.edu/tech/rss", Space::Core),
    ("cyber.law.harvard.edu/rss", Space::Core),
    ("purl.org/dc/", Space::Dc),
    ("search.yahoo.com/mrss", Space::Media),
    ("itunes.com/dtds", Space::Itunes),
    ("w3.org/1999/02/22-rdf", Space::Rdf),
    ("w3.org/1999/xhtml", Space::Xhtml),
];

/// What prefixes mean that nobody declared.
const PREFIXES: &[(&str, Space)] = &[
    ("", Space::Core),
    ("atom", Space::Core),
    ("atom10", Space::Core),
    ("atom03", Space::Core),
    ("a10", Space::Core),
    ("rss", Space::Core),
    ("dc", Space::Dc),
    ("dcterms", Space::Dc),
    ("content", Space::Content),
    ("media", Space::Media),
    ("itunes", Space::Itunes),
    ("rdf", Space::Rdf),
    ("sy", Space::Syndication),
    ("xhtml", Space::Xhtml),
];

/// The number of a node.
pub(crate) type Id = usize;

/// An element.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    pub(crate) parent: Option<Id>,
    pub(crate) space: Space,
    /// Without prefix, in lower case.
    pub(crate) name: String,
    /// Names in lower case, with their prefix.
    attributes: Vec<(String, Cow<'a, str>)>,
    children: Vec<Child<'a>>,
}

#[derive(Debug)]
enum Child<'a> {
    Element(Id),
    Text(Cow<'a, str>),
}

/// All elements of a document, in the order they begin.
#[derive(Debug, Default)]
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    /// The document was larger than is read.
    pub(crate) cut: bool,
}

/// So many elements are read.
const MAX_NODES: usize = 250_000;

impl<'a> Tree<'a> {
    pub(crate) fn build(text: &'a str) -> Self {
        let mut builder = Builder::default();
        for piece in pieces(text) {
            if builder.tree.nodes.len() >= MAX_NODES {
                builder.tree.cut = true;
                break;
            }
            builder.take(piece);
        }
        builder.tree
    }

    pub(crate) fn ids(&self) -> std::ops::Range<Id> {
        0..self.nodes.len()
    }

    pub(crate) fn node(&self, id: Id) -> &Node<'a> {
        &self.nodes[id]
    }

    /// The elements right below, in order.
    pub(crate) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        self.nodes[id].children.iter().filter_map(|child| match child {
            Child::Element(id) => Some(*id),
            Child::Text(_) => None,
        })
    }

    /// The elements of this name right below.
    pub(crate) fn named(&self, id: Id, space: Space, name: &str) -> impl Iterator<Item = Id> {
        self.children(id).filter(move |child| self.nodes[*child].space == space && self.nodes[*child].name == name)
    }

    /// An attribute, by its name in lower case.
    pub(crate) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        self.nodes[id].attributes.iter().find(|(found, _)| found == name).map(|(_, value)| &**value)
    }

    /// The attribute on the element itself or the nearest one above that has it.
    pub(crate) fn inherited(&self, id: Id, name: &str) -> Option<&str> {
        self.ancestors(id).find_map(|id| self.attribute(id, name))
    }

    /// The element and all above it, nearest first.
    pub(crate) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(Some(id), |id| self.nodes[*id].parent)
    }

    /// The text right within the element.
    pub(crate) fn text(&self, id: Id) -> String {
        let texts = self.nodes[id].children.iter().filter_map(|child| match child {
            Child::Text(text) => Some(&**text),
            Child::Element(_) => None,
        });
        texts.collect()
    }

    /// Whether elements stand within it.
    pub(crate) fn has_elements(&self, id: Id) -> bool {
        self.children(id).next().is_some()
    }

    /// All text within the element and those below it, a space where an element begins or ends
    /// that is no part of a line.
    pub(crate) fn deep_text(&self, id: Id) -> String {
        let mut out = String::new();
        let mut open = vec![(id, 0)];
        while let Some((id, at)) = open.pop() {
            match self.nodes[id].children.get(at) {
                None => crate::markup::space_for(&self.nodes[id].name, &mut out),
                Some(child) => {
                    open.push((id, at + 1));
                    match child {
                        Child::Text(text) => out.push_str(text),
                        Child::Element(id) if crate::markup::is_silent(&self.nodes[*id].name) => {}
                        Child::Element(id) => {
                            crate::markup::space_for(&self.nodes[*id].name, &mut out);
                            open.push((*id, 0));
                        }
                    }
                }
            }
        }
        out
    }
}

/// Builds the tree.
#[derive(Default)]
struct Builder<'a> {
    tree: Tree<'a>,
    open: Vec<Id>,
    /// How many open elements bear a name, so that a stray close tag costs nothing.
    open_names: HashMap<String, usize>,
    /// What each prefix meant, innermost last, with the element that declared it.
    prefixes: HashMap<String, Vec<(Id, Space)>>,
}

impl<'a> Builder<'a> {
    fn take(&mut self, piece: Piece<'a>) {
        match piece {
            Piece::Open { name, attributes, empty } => {
                self.begin(name, attributes);
                if empty {
                    self.end_top();
                }
            }
            Piece::Close(name) => self.end(&name.to_lowercase()),
            Piece::Text(text) => self.add(Child::Text(text)),
            Piece::Cdata(text) => self.add(Child::Text(Cow::Borrowed(text))),
        }
    }

    fn add(&mut self, child: Child<'a>) {
        if let Some(top) = self.open.last() {
            self.tree.nodes[*top].children.push(child);
        }
    }

    fn begin(&mut self, written: &str, attributes: Vec<(&'a str, Cow<'a, str>)>) {
        let written = written.to_lowercase();
        let id = self.tree.nodes.len();
        for (name, value) in &attributes {
            let lower = name.to_ascii_lowercase();
            let prefix = match lower.strip_prefix("xmlns:") {
                Some(prefix) => prefix,
                None if lower == "xmlns" => "",
                None => continue,
            };
            self.prefixes.entry(prefix.to_owned()).or_default().push((id, space_of(value, prefix)));
        }
        let (prefix, name) = written.split_once(':').unwrap_or(("", &written));
        let space = self.space(prefix);
        if is_entry(space, name) {
            self.end_open_entry();
        }
        self.add(Child::Element(id));
        self.tree.nodes.push(Node {
            parent: self.open.last().copied(),
            space,
            name: name.to_owned(),
            attributes: attributes.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect(),
            children: Vec::new(),
        });
        self.open.push(id);
        *self.open_names.entry(name.to_owned()).or_default() += 1;
    }

    fn space(&self, prefix: &str) -> Space {
        if let Some((_, space)) = self.prefixes.get(prefix).and_then(|declared| declared.last()) {
            return *space;
        }
        PREFIXES.iter().find(|(known, _)| *known == prefix).map_or(Space::Other, |(_, space)| *space)
    }

    /// Ends the innermost open element of this name and all within it.
    fn end(&mut self, written: &str) {
        let name = written.split_once(':').map_or(written, |(_, name)| name);
        if self.open_names.get(name).is_none_or(|count| *count == 0) {
            return;
        }
        while let Some(top) = self.open.last() {
            let found = self.tree.nodes[*top].name == name;
            self.end_top();
            if found {
                break;
            }
        }
    }

    fn end_open_entry(&mut self) {
        let entry = |id: &Id| is_entry(self.tree.nodes[*id].space, &self.tree.nodes[*id].name);
        if let Some(depth) = self.open.iter().take(MAX_ENTRY_DEPTH).position(entry) {
            while self.open.len() > depth {
                self.end_top();
            }
        }
    }

    fn end_top(&mut self) {
        let Some(id) = self.open.pop() else { return };
        if let Some(count) = self.open_names.get_mut(&self.tree.nodes[id].name) {
            *count -= 1;
        }
        let declares = self.tree.nodes[id].attributes.iter().any(|(name, _)| name.starts_with("xmlns"));
        if declares {
            for declared in self.prefixes.values_mut() {
                while declared.last().is_some_and(|(by, _)| *by == id) {
                    declared.pop();
                }
            }
            self.prefixes.retain(|_, declared| !declared.is_empty());
        }
    }
}

/// Entries lie near the top; looking for one deeper down would cost time for nothing.
const MAX_ENTRY_DEPTH: usize = 16;

fn is_entry(space: Space, name: &str) -> bool {
    space == Space::Core && matches!(name, "item" | "entry")
}

fn space_of(address: &str, prefix: &str) -> Space {
    let address = address.trim().to_lowercase();
    if let Some((_, space)) = SPACES.iter().find(|(part, _)| address.contains(part)) {
        return *space;
    }
    // A default namespace that nobody knows is some dialect of RSS.
    if prefix.is_empty() { Space::Core } else { Space::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(text: &str) -> String {
        let tree = Tree::build(text);
        let say = |id: Id| {
            let node = tree.node(id);
            format!("{}{}:{}", "-".repeat(tree.ancestors(id).count() - 1), node.name, tree.text(id).trim())
        };
        tree.ids().map(say).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn elements_nest_as_written() {
        assert_eq!(outline("<a>x<B>y</b>z<c/></a>"), "a:xz -b:y -c:");
    }

    #[test]
    fn what_is_not_closed_or_not_open_is_put_right() {
        assert_eq!(outline("<a></x><b>y</a><c>z"), "a: -b:y c:z");
        assert_eq!(outline("<rss><item><title>1<item><title>2</rss>"), "rss: -item: --title:1 -item: --title:2");
    }

    #[test]
    fn names_belong_to_vocabularies() {
        let text = "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:d='http://purl.org/dc/elements/1.1/'>\
                    <d:creator/><itunes:author/><q:b xmlns:q='http://www.w3.org/1999/xhtml'/><q:b/></feed><dc:x/>";
        let tree = Tree::build(text);
        let spaces: Vec<Space> = tree.ids().map(|id| tree.node(id).space).collect();
        assert_eq!(spaces, [Space::Core, Space::Dc, Space::Itunes, Space::Xhtml, Space::Other, Space::Dc]);
    }

    #[test]
    fn depth_and_number_cost_no_more_than_time() {
        for text in
            ["<a>".repeat(300_000), "<a xmlns:b='c'>".repeat(50_000), "<item>".repeat(200_000), "</a>".repeat(300_000)]
        {
            let begun = std::time::Instant::now();
            let tree = Tree::build(&text);
            if !tree.ids().is_empty() {
                assert_eq!(tree.deep_text(0).trim(), "");
            }
            assert!(begun.elapsed().as_secs() < 5, "{}: {:?}", &text[..6], begun.elapsed());
        }
    }
}
