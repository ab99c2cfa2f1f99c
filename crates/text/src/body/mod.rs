//! The article's own paragraphs: vetoes take out what is no article, the part that holds most of the
//! rest is the container, and in it each block is kept or not.
//!
//! The judgements are rules over lengths, links, names of parts and neighbours. Where structured data
//! brings a text and the page shows none of it, that text is taken.

mod container;
mod keep;
mod vetoes;

pub(crate) use keep::Lines;

use crate::fold::fold;
use crate::html::blocks::{Block, Kind};
use crate::page::Page;
use crate::script::weight;
use crate::title::Title;

/// Where a text is found too short, something else is looked for: a veto undone, structured data.
pub(crate) const SHORT: usize = 250;

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
}

/// Finds the text.
pub(crate) fn find(page: &Page<'_>, title: &Title) -> Body {
    let captions = vetoes::captions(page);
    let vetoed = vetoes::find(page, title, &captions);
    let lines = Lines::of(page, title);
    let container = container::find(page, &vetoed);
    let mut body = Body { container, ..Body::default() };
    if let Some(container) = container {
        body.blocks = keep::kept(page, container, &vetoed, &lines);
    }
    body.captions = captions;
    let shown: usize = body.blocks.iter().map(|at| page.blocks.blocks[*at].weight).sum();
    if let Some(text) = &page.structured.body {
        let paragraphs = structured_paragraphs(text);
        let said: usize = paragraphs.iter().map(|paragraph| weight(paragraph)).sum();
        if shown < SHORT && said > shown + SHORT {
            body.notes.push("text: from json-ld, the page shows none".to_owned());
            body.structured = paragraphs;
        }
    }
    body
}

impl Body {
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
        || (block.weight >= 40 && share < 0.25 && crate::html::blocks::ends_sentence(&block.text))
}

#[cfg(test)]
mod tests;
