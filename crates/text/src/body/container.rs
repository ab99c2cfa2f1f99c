//! The container: the smallest part that holds the article. Each block speaks for or against the parts
//! that hold it: a paragraph by its length, a link or a scrap against; the part with the best sum
//! wins, names such as `articleBody` give a little more.

use super::is_good;
use crate::html::blocks::{Block, Kind, ends_sentence};
use crate::html::dom::value_of;
use crate::html::tokens::Tokens;
use crate::page::Page;

/// How much of the best score an inner part needs, in percent.
const NEARLY: i64 = 95;

/// What a scrap of text costs beside its own length: one link of a menu.
const SCRAP: i64 = 20;

/// Finds the container; `None` where nothing reads like a paragraph.
pub(super) fn find(page: &Page<'_>, vetoed: &[bool]) -> Option<usize> {
    let blocks = &page.blocks;
    let mut sums = vec![0i64];
    for (at, block) in blocks.blocks.iter().enumerate() {
        let value = if vetoed[at] { -(block.weight.min(40) as i64) / 4 } else { value(page, at, block) };
        sums.push(sums[at] + value);
    }
    let score = |part: usize| {
        let range = &blocks.parts[part].blocks;
        let sum = sums[range.end] - sums[range.start];
        sum * bonus(page, part) / 100
    };
    let holds = |at: &usize| {
        let range = &blocks.parts[*at].blocks;
        !range.is_empty() && !range.clone().all(|at| vetoed[at])
    };
    let best = (0..blocks.parts.len()).filter(holds).map(score).max().filter(|best| *best > 0)?;
    // Of nearly equals the innermost, which comes last: what an outer one adds is a lead or a foot.
    (0..blocks.parts.len()).filter(holds).rfind(|at| score(*at) * 100 >= best * NEARLY)
}

/// How much more a part counts for its name, in percent.
fn bonus(page: &Page<'_>, part: usize) -> i64 {
    let part = &page.blocks.parts[part];
    let is_body = |name: &str| {
        value_of(part.element, name)
            .is_some_and(|value| value.split_ascii_whitespace().any(|v| v.ends_with("articleBody")))
    };
    if is_body("itemprop") || is_body("property") {
        130
    } else if part.tokens.meets(Tokens::BODY) {
        115
    } else if part.name() == "article" {
        108
    } else {
        100
    }
}

/// What a block says for the parts that hold it.
fn value(page: &Page<'_>, at: usize, block: &Block) -> i64 {
    let weight = block.weight as i64;
    if weight == 0 {
        return 0;
    }
    match block.kind {
        Kind::Caption => 0,
        Kind::Heading(_) if block.link_share() < 0.5 => 0,
        _ if is_good(block) && is_teaser(page, at) => -SCRAP,
        Kind::Item | Kind::Cell | Kind::Row if is_good(block) => weight / 2,
        _ if is_good(block) => weight,
        _ if block.link_share() > 0.5 => -(weight.min(80) + SCRAP),
        // A short sentence says a little for its part.
        _ if block.weight >= 15 && ends_sentence(&block.text) => weight / 2,
        _ => -SCRAP,
    }
}

/// Whether a paragraph is the teaser of another article: right under a title that is one link, in a
/// part that holds little else.
pub(super) fn is_teaser(page: &Page<'_>, at: usize) -> bool {
    let blocks = &page.blocks;
    let Some(before) = at.checked_sub(1).map(|before| &blocks.blocks[before]) else { return false };
    if before.link_share() < 0.8 || before.links.len() != 1 || before.weight < 15 || before.kind == Kind::Caption {
        return false;
    }
    let holds_both =
        blocks.above(blocks.blocks[at].part).skip(1).take(3).find(|above| blocks.lies_in(before.part, *above));
    holds_both.is_some_and(|above| blocks.parts[above].blocks.len() <= 6)
}
