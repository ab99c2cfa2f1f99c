//! The article's own paragraphs: vetoes take out what is no article, each block that is left is judged
//! by small decision trees over what it says, where it stands and what the parts round it are called.
//!
//! The trees are figures in a table, made from labelled pages. Where structured data brings a text and
//! the page shows none of it, that text is taken.

mod container;
mod features;
mod lines;
mod shown;
mod trees;
mod vetoes;

use std::collections::{HashMap, HashSet};

pub(crate) use features::{NAMES, Row};
pub(crate) use lines::Lines;
pub(crate) use shown::tell;
pub(crate) use trees::Trees;

use crate::fold::fold;
use crate::html::blocks::{Block, Kind, ends_sentence};
use crate::page::Page;
use crate::script::weight;
use crate::title::Title;

/// Where a text is found too short, something else is looked for: a veto undone, structured data.
pub(crate) const SHORT: usize = 250;

/// From this likelihood on, a block is the article's.
const THRESHOLD: f32 = 0.48;

/// The same where nothing reaches it, for what reads like a paragraph.
const LEAST: f32 = 0.1;

/// The text of an article.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// The blocks that are kept, in order.
    pub(crate) blocks: Vec<usize>,
    /// The part that holds them.
    pub(crate) container: Option<usize>,
    /// Paragraphs from structured data, where they replace the blocks.
    pub(crate) structured: Vec<String>,
    /// Which blocks stand under a picture.
    pub(crate) captions: Vec<bool>,
    /// What was odd.
    pub(crate) notes: Vec<String>,
    /// The blocks that were judged, each with its likelihood.
    pub(crate) judged: Vec<(usize, f32)>,
    /// Which blocks were no article for certain.
    pub(crate) certain: Vec<bool>,
    /// Which blocks were none by name or tag.
    pub(crate) named: Vec<bool>,
}

/// Finds the text.
pub(crate) fn find(page: &Page<'_>, title: &Title, lines: &Lines, trees: &Trees) -> Body {
    let mut judged: Vec<(usize, f32)> = Vec::new();
    let looked = look(page, title, lines, |row| judged.push((row.at, trees.judge(&row.values))));
    let mut body = Body {
        container: looked.container,
        captions: looked.captions,
        certain: looked.certain,
        named: looked.named,
        ..Body::default()
    };
    tables_as_wholes(page, &mut judged);
    body.blocks = kept(page, &judged, lines, THRESHOLD);
    if body.blocks.is_empty() {
        // Of a short text, little speaks for anything.
        let close: Vec<_> = judged.iter().copied().filter(|(at, _)| is_good(&page.blocks.blocks[*at])).collect();
        body.blocks = kept(page, &close, lines, LEAST);
    }
    if !looked.fired.is_empty() {
        body.notes.push(format!("text: left out for certain: {}", looked.fired.join(", ")));
    }
    let shown: usize = body.blocks.iter().map(|at| page.blocks.blocks[*at].weight).sum();
    if let Some(text) = &page.structured.body {
        let paragraphs = structured_paragraphs(text);
        let said: usize = paragraphs.iter().map(|paragraph| weight(paragraph)).sum();
        if shown < SHORT && said > shown + SHORT {
            body.notes.push("text: from json-ld, the page shows none".to_owned());
            body.structured = paragraphs;
        }
    }
    body.judged = judged;
    if let Some(ruled) = &page.rule.body {
        body.take_ruled(page, ruled, lines);
    }
    body
}

/// Rows of one table stay or go together: each as likely as all are on average.
fn tables_as_wholes(page: &Page<'_>, judged: &mut [(usize, f32)]) {
    let table = |at: usize| {
        let block = &page.blocks.blocks[at];
        let mut above = page.blocks.above(block.part);
        (block.kind == Kind::Row).then(|| above.find(|above| page.blocks.parts[*above].name() == "table")).flatten()
    };
    let tables: Vec<Option<usize>> = judged.iter().map(|(at, _)| table(*at)).collect();
    let mut from = 0;
    while from < judged.len() {
        let len = tables[from..].iter().take_while(|table| **table == tables[from]).count();
        if tables[from].is_some() {
            let weight = |at: usize| page.blocks.blocks[at].weight as f32;
            let all: f32 = judged[from..from + len].iter().map(|(at, _)| weight(*at)).sum();
            let sum: f32 = judged[from..from + len].iter().map(|(at, likely)| weight(*at) * likely).sum();
            judged[from..from + len].iter_mut().for_each(|(_, likely)| *likely = sum / all.max(1.0));
        }
        from += len;
    }
}

/// What was seen of a page beside its blocks' rows.
pub(crate) struct Looked {
    container: Option<usize>,
    captions: Vec<bool>,
    fired: Vec<&'static str>,
    certain: Vec<bool>,
    named: Vec<bool>,
}

/// Looks at a page, and gives `each` what every block that may be the article's is judged by.
pub(crate) fn look(page: &Page<'_>, title: &Title, lines: &Lines, each: impl FnMut(Row)) -> Looked {
    let captions = vetoes::captions(page);
    let vetoes = vetoes::find(page, title, &captions);
    let container = container::find(page, &vetoes.named);
    let known =
        features::Known { title, lines, captions: &captions, vetoed: &vetoes.certain, named: &vetoes.named, container };
    features::rows(page, &known, each);
    Looked { container, captions, fired: vetoes.fired, certain: vetoes.certain, named: vetoes.named }
}

/// The blocks that are likely enough, less the title, repeats and headings of nothing.
fn kept(page: &Page<'_>, judged: &[(usize, f32)], lines: &Lines, threshold: f32) -> Vec<usize> {
    let blocks = &page.blocks.blocks;
    let likely = || judged.iter().filter(|(_, likely)| *likely >= threshold).map(|(at, _)| *at);
    let mut times: HashMap<&str, usize> = HashMap::new();
    for at in likely() {
        *times.entry(&blocks[at].text).or_default() += 1;
    }
    let mut seen = HashSet::new();
    let mut kept = Vec::new();
    for at in likely() {
        let block = &blocks[at];
        let text = block.text.as_str();
        // What stands there again is folded, but for a question that is put to each of several people.
        let asked = || text.ends_with(['?', '\u{FF1F}', '؟']) && times.get(text).is_some_and(|times| *times >= 3);
        let repeated = block.weight > 40 && !seen.insert(text) && !asked();
        let title = block.weight <= 400 && fold(&block.text) == lines.title;
        if !repeated && !title {
            kept.push(at);
        }
    }
    without_stray_headings(page, kept)
}

/// Headings stay only above something: none at the end, and of several in a row the last two.
fn without_stray_headings(page: &Page<'_>, kept: Vec<usize>) -> Vec<usize> {
    // A sentence says something by itself: a list of points set as headings.
    let is_heading = |at: &usize| {
        let block = &page.blocks.blocks[*at];
        matches!(block.kind, Kind::Heading(_)) && !(block.weight >= 40 && ends_sentence(&block.text))
    };
    let mut out: Vec<usize> = Vec::with_capacity(kept.len());
    for at in kept {
        if is_heading(&at) && out.len() >= 2 && out[out.len() - 2..].iter().all(is_heading) {
            out.remove(out.len() - 2);
        }
        out.push(at);
    }
    while out.last().is_some_and(is_heading) {
        out.pop();
    }
    out
}

impl Body {
    /// Takes the blocks that the outlet's rule names.
    fn take_ruled(&mut self, page: &Page<'_>, ruled: &[usize], lines: &Lines) {
        let fits = |at: &usize| !self.captions[*at] && fold(&page.blocks.blocks[*at].text) != lines.title;
        self.blocks = ruled.iter().copied().filter(fits).collect();
        self.structured.clear();
        self.notes.clear();
    }

    /// Drops lines near either end that hold nothing but the names of the authors.
    pub(crate) fn drop_bylines(&mut self, page: &Page<'_>, authors: &[courant_model::Author]) {
        let only_names = |at: usize| {
            let block = &page.blocks.blocks[at];
            if authors.is_empty() || block.weight > 130 {
                return false;
            }
            let mut text = fold(&block.text);
            let mut named = false;
            for author in authors {
                let name = fold(&author.name);
                named |= text.contains(&name);
                text = text.replace(&name, "");
            }
            let letters = if text.chars().filter(char::is_ascii_digit).count() >= 4 { 60 } else { 24 };
            named && text.chars().filter(|c| c.is_alphabetic()).count() <= letters
        };
        let count = self.blocks.len();
        let at_end = |index: usize| index < 4 || index + 3 >= count;
        let kept = |(index, at): (usize, &usize)| (!at_end(index) || !only_names(*at)).then_some(*at);
        let kept: Vec<usize> = self.blocks.iter().enumerate().filter_map(kept).collect();
        if !kept.is_empty() {
            self.blocks = kept;
        }
    }
}

/// The paragraphs of `articleBody`: its lines, without markup.
fn structured_paragraphs(text: &str) -> Vec<String> {
    let text = if text.contains('<') && text.contains("</") {
        text.replace("</p>", "\n\n").replace("<br>", "\n")
    } else {
        text.to_owned()
    };
    text.split(['\n', '\r']).map(crate::html::dom::plain).filter(|line| !line.is_empty()).collect()
}

/// Whether a block reads like a paragraph of an article: long, few links; or a whole sentence.
pub(crate) fn is_good(block: &Block) -> bool {
    if matches!(block.kind, Kind::Heading(_) | Kind::Caption) {
        return false;
    }
    let share = block.link_share();
    (block.weight >= 80 && share < 0.4)
        || (block.kind == Kind::Row && block.weight >= 15 && share < 0.25)
        || (block.weight >= 40 && share < 0.25 && ends_sentence(&block.text))
}

#[cfg(test)]
mod tests;
