//! What a block is judged by: figures of its text, of the parts that hold it, of what those are
//! called, of its neighbours and its place on the page.
//!
//! All of it comes out of sums made once a page, so that a block costs a few hundred steps whatever
//! the page holds. [`NAMES`] is the order; trees know features by their place in it.

mod letters;
mod names;
mod row;
mod sums;
mod surroundings;

pub(crate) use names::{COUNT, NAMES};
pub(super) use sums::hash;

use self::row::row;
use self::sums::Sums;
use self::surroundings::Parts;
use super::lines::Lines;
use crate::fold::fold;
use crate::html::blocks::Kind;
use crate::html::tokens::Tokens;
use crate::page::Page;
use crate::title::Title;

/// What is known of a page before its blocks are judged.
pub(super) struct Known<'k> {
    pub(super) title: &'k Title,
    pub(super) lines: &'k Lines,
    pub(super) captions: &'k [bool],
    /// No article for certain: not judged, and no part of any sum.
    pub(super) vetoed: &'k [bool],
    /// Furniture by name or tag.
    pub(super) named: &'k [bool],
    pub(super) container: Option<usize>,
}

/// A block that is judged.
pub(crate) struct Row {
    /// Which block.
    pub(crate) at: usize,
    /// Its features.
    pub(crate) values: [f32; COUNT],
}

/// Gives `each` the features of every block that may be the article's, in order; what lines and names
/// give away as furniture is not among them. One row at a time: those of a page of bombs would take more
/// than the page.
pub(super) fn rows(page: &Page<'_>, known: &Known<'_>, mut each: impl FnMut(Row)) {
    let sums = Sums::of(page, known);
    let parts = Parts::of(page);
    for place in 0..sums.candidates.len() {
        let at = sums.candidates[place];
        if is_furniture(page, known, at) {
            continue;
        }
        let block = &page.blocks.blocks[at];
        let folded = if block.weight <= SHORT_LINE { fold(&block.text) } else { String::new() };
        if !known.lines.give_away(block, &folded) {
            each(row(page, known, &sums, &parts, place, &folded));
        }
    }
}

/// Longer blocks are no lines.
const SHORT_LINE: usize = 500;

/// A link in a part that is furniture by its name, or any text in a part that is called what no part of
/// an article is.
fn is_furniture(page: &Page<'_>, known: &Known<'_>, at: usize) -> bool {
    let block = &page.blocks.blocks[at];
    let sure = Tokens::FURNITURE | Tokens::CAPTION | Tokens::META;
    let near = || page.blocks.above(block.part).take(2).any(|part| page.blocks.parts[part].tokens.meets(sure));
    known.named[at]
        && (block.link_share() >= 0.9
            || block.kind == Kind::Caption
            || !matches!(block.kind, Kind::Heading(2..)) && near())
}
