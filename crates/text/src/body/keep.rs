//! Which blocks of the container are the article. Paragraphs stay, scraps stay only among their kind;
//! lines that lead elsewhere, lists of links, captions, bylines, dates and repeats go.

use std::collections::{HashMap, HashSet};

use super::container::is_teaser;
use super::is_good;
use crate::fold::fold;
use crate::html::blocks::{Block, Kind, ends_sentence};
use crate::html::tokens::Tokens;
use crate::lexicon::{self, Lexicon};
use crate::page::Page;
use crate::title::Title;

/// What lines are known by: the phrases of the page's language and of English, and its title.
pub(crate) struct Lines {
    lexicons: Vec<&'static Lexicon>,
    title: String,
}

impl Lines {
    /// The lines of a page.
    pub(crate) fn of(page: &Page<'_>, title: &Title) -> Self {
        let english = courant_model::Language::parse("en");
        let languages = page.language.into_iter().chain(page.hints.outlet_languages.iter().copied()).chain([english]);
        let mut lexicons: Vec<&'static Lexicon> = languages.filter_map(lexicon::of).collect();
        lexicons.dedup_by_key(|lexicon| std::ptr::from_ref(*lexicon));
        if lexicons.len() < 2 {
            lexicons.push(lexicon::every());
        }
        Self { lexicons, title: fold(&title.text) }
    }

    /// Whether the folded `text` begins with one of the words that `pick` picks; how long that is.
    fn begins(&self, text: &str, pick: fn(&Lexicon) -> &Vec<String>) -> Option<usize> {
        let words = self.lexicons.iter().flat_map(|lexicon| pick(lexicon).iter());
        words
            .filter(|word| {
                text.strip_prefix(word.as_str()).is_some_and(|rest| {
                    let cjk = word.chars().next_back().is_some_and(crate::script::is_cjk);
                    cjk || !rest.starts_with(char::is_alphanumeric)
                })
            })
            .map(String::len)
            .max()
    }

    /// A line that leads elsewhere: "Read also: …".
    fn leads_elsewhere(&self, block: &Block, folded: &str) -> bool {
        if block.weight > 220 {
            return false;
        }
        let calls = |anchor: &str| self.begins(&fold(anchor), |lexicon| &lexicon.furniture).is_some();
        if block.weight < 160 && block.links.iter().any(|(range, _)| calls(&block.text[range.clone()])) {
            return true;
        }
        let bare = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
        let Some(length) = self.begins(bare, |lexicon| &lexicon.furniture) else { return false };
        let rest = bare[length..].trim_start();
        rest.is_empty() || rest.starts_with([':', '|', '>', '»', '→', '-', '–']) || block.link_share() > 0.3
    }

    /// A photographer's line: "Foto: …", "© …".
    fn credits_photo(&self, block: &Block, folded: &str) -> bool {
        let bare = folded.trim_start_matches(['(', '[', ' ', '/']);
        // The notice at the foot of a page, or a photographer's.
        if bare.starts_with('©') && block.weight <= 400 {
            return true;
        }
        block.weight <= 120
            && self
                .begins(bare, |lexicon| &lexicon.credits)
                .is_some_and(|length| bare[length..].trim_start().starts_with([':', '/', '©', '|']))
    }

    /// A line of who and when: "By Ada Bell", "Published: 19 July 2021".
    pub(crate) fn says_who_or_when(&self, block: &Block, folded: &str) -> bool {
        if block.weight > 130 || ends_sentence(&block.text) && block.weight > 60 {
            return false;
        }
        let marked =
            |pick| self.begins(folded, pick).is_some_and(|length| folded[length..].trim_start().starts_with(':'));
        marked(|lexicon| &lexicon.bylines)
            || marked(|lexicon| &lexicon.published)
            || marked(|lexicon| &lexicon.updated)
            || block.weight < 60 && is_only_a_date(folded, 24)
            || self.begins(folded, |lexicon| &lexicon.bylines).is_some() && is_only_a_date(folded, 80)
    }
}

/// Whether nothing but a date and up to `letters` letters stand there.
fn is_only_a_date(folded: &str, most: usize) -> bool {
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    let letters = folded.chars().filter(|c| c.is_alphabetic()).count();
    digits >= 3 && letters <= most && crate::dates::parse(folded, None, None).is_some()
}

/// The blocks of `container` that are the article's.
pub(super) fn kept(page: &Page<'_>, container: usize, vetoed: &[bool], lines: &Lines) -> Vec<usize> {
    let blocks = &page.blocks;
    let range = blocks.parts[container].blocks.clone();
    let homes = homes(page, container, vetoed);
    let mut seen = HashSet::new();
    let mut kept = Vec::new();
    for at in range {
        let block = &blocks.blocks[at];
        if vetoed[at] || block.weight == 0 {
            continue;
        }
        let folded = fold(&block.text);
        let repeated = block.weight > 40 && !seen.insert(folded.clone());
        let at_home = homes.contains(&home(page, at));
        if !repeated && folded != lines.title && stays(page, at, block, &folded, at_home, lines) {
            kept.push(at);
        }
    }
    let kept = without_far_ends(page, container, vetoed, kept);
    without_stray_headings(page, kept)
}

/// The foot of a small page may lie in the container: what stands behind the article's paragraphs, in
/// another part and behind links, is no article; nor is what stands so before them.
fn without_far_ends(page: &Page<'_>, container: usize, vetoed: &[bool], kept: Vec<usize>) -> Vec<usize> {
    let blocks = &page.blocks.blocks;
    let mut weights: HashMap<Option<usize>, usize> = HashMap::new();
    for at in kept.iter().filter(|at| is_good(&blocks[**at])) {
        *weights.entry(home(page, *at)).or_default() += blocks[*at].weight;
    }
    let Some((main, _)) = weights.iter().max_by_key(|(home, weight)| (**weight, **home)) else { return kept };
    let is_main = |at: &usize| home(page, *at) == *main;
    let (Some(first), Some(last)) = (kept.iter().copied().find(is_main), kept.iter().copied().rev().find(is_main))
    else {
        return kept;
    };
    let parting = |mut range: std::ops::Range<usize>| {
        range.any(|at| vetoed[at] && blocks[at].weight > 0 || blocks[at].link_share() > 0.5 && !kept.contains(&at))
    };
    let range = page.blocks.parts[container].blocks.clone();
    let stays = |at: &usize| match *at {
        at if at > last => !parting(last + 1..at.min(range.end)),
        at if at < first => !parting(at + 1..first),
        _ => true,
    };
    let left: Vec<usize> = kept.iter().copied().filter(stays).collect();
    // What goes must be small: an article in several parts has its links between them.
    let weight = |list: &[usize]| list.iter().map(|at| blocks[*at].weight).sum::<usize>();
    if weight(&left) * 4 >= weight(&kept) * 3 { left } else { kept }
}

/// The part whose children a block's part is among: paragraphs of one article share it.
fn home(page: &Page<'_>, at: usize) -> Option<usize> {
    page.blocks.parts[page.blocks.blocks[at].part].parent
}

/// The homes of the container's paragraphs: those with at least a tenth of its text.
fn homes(page: &Page<'_>, container: usize, vetoed: &[bool]) -> HashSet<Option<usize>> {
    let mut weights: HashMap<Option<usize>, usize> = HashMap::new();
    let mut all = 0;
    for at in page.blocks.parts[container].blocks.clone() {
        let block = &page.blocks.blocks[at];
        if !vetoed[at] && is_good(block) {
            all += block.weight;
            *weights.entry(home(page, at)).or_default() += block.weight;
        }
    }
    weights.into_iter().filter(|(_, weight)| weight * 10 >= all).map(|(home, _)| home).collect()
}

fn stays(page: &Page<'_>, at: usize, block: &Block, folded: &str, at_home: bool, lines: &Lines) -> bool {
    if lines.leads_elsewhere(block, folded)
        || lines.credits_photo(block, folded)
        || lines.says_who_or_when(block, folded)
    {
        return false;
    }
    let share = block.link_share();
    match block.kind {
        Kind::Caption => false,
        Kind::Heading(1) => false,
        Kind::Heading(_) => share < 0.5 && block.weight >= 3,
        Kind::Item => item_stays(page, block),
        // A cell that holds paragraphs is a column of the page, and loose text in it is furniture.
        Kind::Cell if page.blocks.parts[block.part].blocks.len() > 3 => is_good(block),
        Kind::Cell => share < 0.5,
        Kind::Paragraph if is_teaser(page, at) => false,
        Kind::Paragraph if at_home && ends_sentence(&block.text) => share < 0.85,
        Kind::Paragraph if at_home => share < 0.6 && block.weight >= 6 || share < 0.9 && block.weight >= 150,
        Kind::Paragraph => is_good(block),
    }
}

/// An item stays where its list is no list of links or labels.
fn item_stays(page: &Page<'_>, block: &Block) -> bool {
    let blocks = &page.blocks;
    let list = blocks.above(block.part).take(6).find(|part| matches!(blocks.parts[*part].name(), "ul" | "ol" | "dl"));
    let Some(list) = list else { return is_good(block) };
    let part = &blocks.parts[list];
    let furniture = Tokens::RELATED | Tokens::SHARE | Tokens::NAV | Tokens::META;
    let items = part.blocks.len().max(1);
    let weight = blocks.weight(part.blocks.clone());
    let links: usize = blocks.blocks[part.blocks.clone()].iter().map(|block| block.link_weight).sum();
    links * 2 < weight && !part.tokens.meets(furniture) && (weight / items >= 20 || ends_sentence(&block.text))
}

/// Headings stay only above something: none at the end, none before the first paragraph, and of
/// several in a row the last two.
fn without_stray_headings(page: &Page<'_>, kept: Vec<usize>) -> Vec<usize> {
    let is_heading = |at: &usize| matches!(page.blocks.blocks[*at].kind, Kind::Heading(_));
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
