//! Sums that are made once a page, out of which the features of each block come.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::ops::Range;

use super::Known;
use super::letters::{opening, word_hashes};
use crate::body::{Lines, is_good};
use crate::fold::fold;
use crate::html::blocks::{Block, Kind};
use crate::html::dom::value_of;
use crate::page::Page;
use crate::quick::Quick;

/// Running sums over blocks.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum {
    pub(super) weight: f32,
    pub(super) links: f32,
    pub(super) good: f32,
    pub(super) blocks: f32,
}

/// What a block shares with others.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    pub(super) signature: u64,
    pub(super) text: u64,
    pub(super) opening: u64,
}

/// A heading.
#[derive(Clone, Copy)]
pub(super) struct Heading {
    /// Among the candidates.
    pub(super) place: usize,
    /// How many words of what an outlet says for itself stand in it.
    pub(super) appeals: usize,
    /// Whether it leads elsewhere.
    pub(super) leads: bool,
}

/// Sums of blocks called alike, and of homes.
pub(super) struct Sums {
    pub(super) candidates: Vec<usize>,
    /// Up to each block, it not included.
    pub(super) before: Vec<Sum>,
    /// Of each candidate, what it is found by in the three maps below.
    pub(super) keys: Vec<Keys>,
    /// By signature.
    pub(super) alike: HashMap<u64, Sum, Quick>,
    /// By text.
    pub(super) repeats: HashMap<u64, u32, Quick>,
    /// By the first words.
    pub(super) openings: HashMap<u64, u32, Quick>,
    pub(super) homes: HashMap<usize, f32, Quick>,
    /// Of each candidate, the heading above it.
    pub(super) headings: Vec<Option<Heading>>,
    /// Rules (`hr`) up to each block.
    pub(super) rules: Vec<u16>,
    /// Place of the first and the last paragraph of the home with the most text.
    pub(super) main: (usize, usize),
    pub(super) first_good: usize,
    pub(super) last_good: usize,
    pub(super) heading: Option<(usize, usize)>,
    pub(super) title: Vec<u32>,
    pub(super) descriptions: Vec<u32>,
}

impl Sums {
    pub(super) fn of(page: &Page<'_>, known: &Known<'_>) -> Self {
        let blocks = &page.blocks.blocks;
        let mut sums = Self {
            candidates: Vec::new(),
            before: Vec::with_capacity(blocks.len() + 1),
            keys: Vec::new(),
            alike: HashMap::default(),
            repeats: HashMap::default(),
            openings: HashMap::default(),
            homes: HashMap::default(),
            headings: Vec::new(),
            rules: rules(page),
            main: (0, 0),
            first_good: usize::MAX,
            last_good: 0,
            heading: known.title.part.map(|part| page.blocks.parts[part].blocks.clone()).map(|r| (r.start, r.end)),
            title: word_hashes(&known.title.text),
            descriptions: Vec::new(),
        };
        for description in page.said_of_itself() {
            sums.descriptions.extend(word_hashes(description));
        }
        sums.descriptions.sort_unstable();
        sums.title.sort_unstable();
        let mut running = Sum::default();
        let mut heading = None;
        for (at, block) in blocks.iter().enumerate() {
            sums.before.push(running);
            if known.vetoed[at] || block.weight == 0 {
                continue;
            }
            let good = is_good(block) && !known.captions[at];
            let own = Sum {
                weight: block.weight as f32,
                links: block.link_weight as f32,
                good: if good { block.weight as f32 } else { 0.0 },
                blocks: 1.0,
            };
            running = running.and(own);
            let keys = Keys::of(page, block);
            let alike = sums.alike.entry(keys.signature).or_default();
            *alike = alike.and(own);
            *sums.homes.entry(home(page, at)).or_default() += own.good;
            *sums.repeats.entry(keys.text).or_default() += 1;
            *sums.openings.entry(keys.opening).or_default() += 1;
            sums.keys.push(keys);
            if good && !known.named[at] {
                sums.first_good = sums.first_good.min(sums.candidates.len());
                sums.last_good = sums.candidates.len();
            }
            sums.headings.push(heading);
            if matches!(block.kind, Kind::Heading(2..)) {
                heading = Some(Heading::of(block, known.lines, sums.candidates.len()));
            }
            sums.candidates.push(at);
        }
        sums.before.push(running);
        let most = sums.homes.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map(|(home, _)| *home);
        let of_main = |at: &usize| Some(home(page, *at)) == most && is_good(&blocks[*at]);
        let places = || sums.candidates.iter().enumerate().filter(|(_, at)| of_main(at)).map(|(place, _)| place);
        sums.main = (places().next().unwrap_or(0), places().next_back().unwrap_or(0));
        sums
    }

    pub(super) fn within(&self, range: &Range<usize>) -> Sum {
        let (from, to) = (self.before[range.start], self.before[range.end.max(range.start)]);
        Sum {
            weight: to.weight - from.weight,
            links: to.links - from.links,
            good: to.good - from.good,
            blocks: to.blocks - from.blocks,
        }
    }
}

impl Sum {
    fn and(self, other: Self) -> Self {
        Self {
            weight: self.weight + other.weight,
            links: self.links + other.links,
            good: self.good + other.good,
            blocks: self.blocks + other.blocks,
        }
    }

    pub(super) fn share(self, value: f32) -> f32 {
        value / self.weight.max(1.0)
    }
}

/// How many rules (`hr`) stand before each block.
fn rules(page: &Page<'_>) -> Vec<u16> {
    let mut found = vec![0u16; page.blocks.blocks.len() + 1];
    for part in page.blocks.parts.iter().filter(|part| part.name() == "hr") {
        found[part.blocks.start] += 1;
    }
    let mut sum = 0u16;
    for count in &mut found {
        sum = sum.saturating_add(*count);
        *count = sum;
    }
    found
}

/// The part whose children a block's part is among.
pub(super) fn home(page: &Page<'_>, at: usize) -> usize {
    page.blocks.parts[page.blocks.blocks[at].part].parent.unwrap_or(usize::MAX)
}

impl Keys {
    fn of(page: &Page<'_>, block: &Block) -> Self {
        let hash = |text: &str| Quick::default().hash_one(text);
        let signature = signature(page, block.part);
        Self { signature, text: hash(&block.text), opening: hash(opening(&block.text)) }
    }
}

impl Heading {
    fn of(block: &Block, lines: &Lines, place: usize) -> Self {
        if block.weight > 200 {
            return Self { place, appeals: 0, leads: false };
        }
        let folded = fold(&block.text);
        Self { place, appeals: lines.appeals(&folded), leads: lines.leads_elsewhere(block, &folded) }
    }
}

/// Tags and classes of a part and the two that hold it, as one number.
fn signature(page: &Page<'_>, part: usize) -> u64 {
    let mut all: u64 = 0xcbf2_9ce4_8422_2325;
    for above in page.blocks.above(part).take(3) {
        let part = &page.blocks.parts[above];
        let class = value_of(part.element, "class").unwrap_or_default();
        for byte in part.name().bytes().chain([b'.']).chain(class.bytes().take(60)).chain([b'/']) {
            all = (all ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    all
}

pub(in crate::body) fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |all, byte| (all ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
