//! Vetoes: parts of a page that are no article whatever they say. Comments, consent layers, following
//! articles, navigation, boxes that lead elsewhere. A veto that would leave next to nothing is
//! undone, for outlets call their articles by odd names.

use std::collections::HashMap;

use super::features::hash;
use super::{SHORT, is_good};
use crate::html::blocks::{Block, Kind};
use crate::html::dom::value_of;
use crate::html::tokens::Tokens;
use crate::page::{Page, overlap, title_words};
use crate::title::Title;

/// What is left out before blocks are judged.
pub(super) struct Vetoes {
    /// No article for certain: comments, consent layers, articles that follow.
    pub(super) certain: Vec<bool>,
    /// Those, captions, and furniture by name or tag: the article may lie there all the same.
    pub(super) named: Vec<bool>,
    /// What was vetoed for certain, for the notes.
    pub(super) fired: Vec<&'static str>,
}

/// Finds the vetoes; `captions` are among those by name.
pub(super) fn find(page: &Page<'_>, title: &Title, captions: &[bool]) -> Vetoes {
    let blocks = &page.blocks;
    let all: usize = blocks.blocks.iter().filter(|block| is_good(block)).map(|block| block.weight).sum();
    let mut certain = vec![false; blocks.blocks.len()];
    following_articles(page, title, &mut certain);
    let mut fired = Vec::new();
    let mut fire = |name| {
        if !fired.contains(&name) {
            fired.push(name);
        }
    };
    if certain.contains(&true) {
        fire("articles that follow");
    }
    let mut named = captions.to_vec();
    named.iter_mut().zip(&certain).for_each(|(named, certain)| *named |= certain);
    // What each block still says for an article; nothing once it is vetoed.
    let good = |(at, block): (usize, &Block)| if !named[at] && is_good(block) { block.weight } else { 0 };
    let mut good: Vec<usize> = blocks.blocks.iter().enumerate().map(good).collect();
    let mut left: usize = good.iter().sum();
    let repeated = furniture_of_a_kind(page, title, &good, all * 2 / 5);
    let mut at = 0;
    while at < blocks.parts.len() {
        let part = &blocks.parts[at];
        let range = part.blocks.clone();
        if range.is_empty() || !is_furniture(page, at, title) {
            at += 1;
            continue;
        }
        let held: usize = good[range.clone()].iter().sum();
        // The article itself may lie in a part of an odd name: then most of the page's text is there.
        let sure = part.tokens.meets(Tokens::CONSENT | Tokens::COMMENT);
        let of_a_kind = || repeated.get(&called(page, at)).copied().unwrap_or_default();
        let too_much = left - held < SHORT || !sure && held.max(of_a_kind()) > all * 2 / 5;
        if held > 0 && too_much {
            at += 1;
            continue;
        }
        if sure {
            certain[range.clone()].fill(true);
            fire(if part.tokens.meets(Tokens::CONSENT) { "consent" } else { "comments" });
        }
        named[range.clone()].fill(true);
        good[range].fill(0);
        left -= held;
        at = part.end;
    }
    Vetoes { certain, named, fired }
}

/// How much text the furniture of each name holds together: slides of a gallery and entries of a live
/// blog are each little, and the article all the same. Parts that hold more than `most` by themselves
/// do not count.
fn furniture_of_a_kind(page: &Page<'_>, title: &Title, good: &[usize], most: usize) -> HashMap<u64, usize> {
    let parts = &page.blocks.parts;
    // Up to each block.
    let mut before = vec![0];
    before.extend(good.iter().scan(0, |sum, good| {
        *sum += good;
        Some(*sum)
    }));
    let mut sums = HashMap::new();
    let mut at = 0;
    while at < parts.len() {
        let held: usize = before[parts[at].blocks.end] - before[parts[at].blocks.start];
        if held == 0 || held > most || !is_furniture(page, at, title) {
            at += 1;
            continue;
        }
        *sums.entry(called(page, at)).or_default() += held;
        at = parts[at].end;
    }
    sums
}

/// The tag and the class of a part as one number, less the digits by which parts of a kind are counted.
fn called(page: &Page<'_>, at: usize) -> u64 {
    let part = &page.blocks.parts[at];
    let class = value_of(part.element, "class").unwrap_or_default();
    let bytes = part.name().bytes().chain([b'.']).chain(class.bytes().take(100));
    hash(bytes.filter(|byte| !byte.is_ascii_digit()))
}

/// Whether a part is furniture by its tag or its name.
fn is_furniture(page: &Page<'_>, at: usize, title: &Title) -> bool {
    let part = &page.blocks.parts[at];
    let holds_title = title.part.is_some_and(|heading| page.blocks.lies_in(heading, at));
    if holds_title || matches!(part.name(), "html" | "body" | "main" | "p" | "h1") {
        return false;
    }
    match part.name() {
        "nav" | "footer" | "aside" | "figure" | "menu" => return true,
        // The header of a page without its headline.
        "header" => return !page.blocks.above(at).skip(1).any(|above| page.blocks.parts[above].name() == "article"),
        "article" => return part.tokens.meets(Tokens::COMMENT | Tokens::RELATED),
        _ => {}
    }
    let furniture = Tokens::FURNITURE | Tokens::CAPTION | Tokens::META | Tokens::NAV;
    // Some name the boxes round the article after its body; none names its body after them.
    let sure = part.tokens.meets(Tokens::COMMENT | Tokens::CONSENT | Tokens::RELATED);
    part.tokens.meets(furniture) && (sure || !part.tokens.meets(Tokens::BODY))
}

/// Text that shares a small part with a picture is its caption, whatever the part is called.
pub(super) fn captions(page: &Page<'_>) -> Vec<bool> {
    /// A caption has at most this many blocks and this much weight.
    const BLOCKS: usize = 4;
    const WEIGHT: usize = 300;
    let blocks = &page.blocks;
    let mut found = vec![false; blocks.blocks.len()];
    for (at, part) in blocks.parts.iter().enumerate() {
        if !matches!(part.name(), "img" | "amp-img" | "picture") {
            continue;
        }
        for above in blocks.above(at).skip(1).take(5) {
            let part = &blocks.parts[above];
            if matches!(part.name(), "article" | "main" | "body" | "section" | "p" | "a" | "li") {
                break;
            }
            let range = part.blocks.clone();
            let weight = blocks.weight(range.clone());
            if weight > WEIGHT
                || range.len() > BLOCKS
                || range.clone().any(|at| matches!(blocks.blocks[at].kind, Kind::Heading(_)))
            {
                break;
            }
            if weight > 0 {
                found[range].fill(true);
                break;
            }
        }
    }
    found
}

/// Pages that append the next article: of the outermost articles with a headline of their own, the
/// one whose headline is the page's stays.
fn following_articles(page: &Page<'_>, title: &Title, vetoed: &mut [bool]) {
    let Some(own) = title.part else { return };
    let blocks = &page.blocks;
    let headings: Vec<usize> = page.parts_named("h1").collect();
    if headings.len() < 2 {
        return;
    }
    let title_words = title_words(&title.text);
    let mut at = 0;
    while at < blocks.parts.len() {
        let part = &blocks.parts[at];
        let article = part.name() == "article"
            || value_of(part.element, "itemtype").is_some_and(|kind| kind.ends_with("Article"));
        let inside: Vec<usize> = headings.iter().copied().filter(|heading| blocks.lies_in(*heading, at)).collect();
        if !article || inside.len() != 1 || blocks.weight(part.blocks.clone()) < 350 {
            at += 1;
            continue;
        }
        let heading = inside[0];
        if heading != own && overlap(&title_words, &crate::page::title_words(&blocks.text(heading))) < 0.8 {
            vetoed[part.blocks.clone()].fill(true);
        }
        at = part.end;
    }
}
