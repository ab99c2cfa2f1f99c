//! The last resort, where neither markup nor the lines round the headline tell a date.

use courant_model::{DateSource, Dated, Precision};

use super::reader::Reader;
use super::times::{begins_with_publication, begins_with_update, pieces};
use crate::fold::fold;
use crate::html::dom::value_of;
use crate::page::Page;
use crate::title::Title;

/// A line anywhere that says it was published then, a `time` element
/// however far, or a line of nothing but a date, the nearest to the headline.
pub(super) fn find(page: &Page<'_>, title: &Title, body: &[usize], reader: &Reader<'_>) -> Option<Dated> {
    /// How many lines are looked at.
    const LINES: usize = 400;
    let blocks = &page.blocks;
    let from = title.part.map(|part| blocks.parts[part].blocks.start).or(body.first().copied()).unwrap_or(0);
    let mut best: Option<(usize, Dated)> = None;
    let mut put = |rank: usize, dated: Dated| {
        if dated.precision >= Precision::Day && best.is_none_or(|(known, _)| rank < known) {
            best = Some((rank, dated));
        }
    };
    for (at, part) in blocks.parts.iter().enumerate().filter(|(_, part)| part.name() == "time") {
        if reader.is_elsewhere(at) {
            continue;
        }
        let machine = value_of(part.element, "datetime").and_then(|text| reader.dated(text, DateSource::Time));
        if let Some(dated) = machine {
            put(1_000 + part.blocks.start.abs_diff(from), dated);
        }
    }
    let numbered = |at: &usize| {
        let block = &blocks.blocks[*at];
        (6..=160).contains(&block.weight) && block.text.chars().any(char::is_numeric)
    };
    for at in (0..blocks.blocks.len()).filter(numbered).take(LINES) {
        let text = blocks.blocks[at].text.as_str();
        for piece in pieces(text) {
            let folded = fold(piece);
            if begins_with_update(&folded) {
                continue;
            }
            let says = begins_with_publication(&folded);
            let letters = folded.chars().filter(|c| c.is_alphabetic()).count();
            if !says && letters > 24 || is_copyright(&folded) {
                continue;
            }
            if let Some(dated) = reader.dated(piece, DateSource::Text) {
                let elsewhere = if reader.is_elsewhere(blocks.blocks[at].part) { 4_000 } else { 2_000 };
                put(if says { 0 } else { elsewhere } + at.abs_diff(from), dated);
            }
        }
    }
    best.map(|(_, dated)| dated)
}

fn is_copyright(folded: &str) -> bool {
    folded.contains('©') || folded.contains("(c)") || folded.contains("copyright")
}
