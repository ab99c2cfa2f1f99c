//! What a block is judged by: figures of its text, of the parts that hold it, of what those are
//! called, of its neighbours and its place on the page.
//!
//! All of it comes out of sums made once a page, so that a block costs a few hundred steps whatever
//! the page holds. [`NAMES`] is the order; trees know features by their place in it.

use std::collections::HashMap;

use super::container::is_teaser;
use super::is_good;
use super::lines::Lines;
use crate::fold::fold;
use crate::html::blocks::{Block, Kind, ends_sentence};
use crate::html::tokens::Tokens;
use crate::page::Page;
use crate::script::is_cjk;
use crate::title::Title;

/// How many features there are.
pub(crate) const COUNT: usize = NAMES.len();

/// The features in order.
pub(crate) const NAMES: &[&str] = &[
    // Its text.
    "weight",
    "link share",
    "links",
    "digits",
    "capitals",
    "marks",
    "ends a sentence",
    "commas",
    "sentences",
    "ends in a colon",
    "kind",
    "is a p",
    "bold",
    "repeats",
    "begins small",
    "slanted",
    "quotes",
    "questions",
    "addresses",
    "opens alike",
    "opens, then links",
    // What its line gives away.
    "credit inside",
    "appeals",
    "teaser",
    "caption",
    "vetoed by name",
    "in title",
    "in description",
    "is title",
    // The parts that hold it.
    "depth",
    "article",
    "main",
    "aside",
    "figure",
    "footer",
    "header",
    "nav",
    "form",
    "list",
    "table",
    "quote",
    "section",
    "in a link",
    // What they are called: itself and the next, then those further out.
    "body near",
    "lead near",
    "related near",
    "share near",
    "newsletter near",
    "comment near",
    "caption near",
    "author near",
    "meta near",
    "ad near",
    "consent near",
    "paywall near",
    "nav near",
    "fact near",
    "body far",
    "lead far",
    "related far",
    "share far",
    "newsletter far",
    "comment far",
    "caption far",
    "author far",
    "meta far",
    "ad far",
    "consent far",
    "paywall far",
    "nav far",
    "fact far",
    // The four parts round its own: share of good text, of links, how much.
    "good 1",
    "links 1",
    "text 1",
    "good 2",
    "links 2",
    "text 2",
    "good 3",
    "links 3",
    "text 3",
    "good 4",
    "links 4",
    "text 4",
    "blocks in its part",
    // All blocks of parts called alike.
    "good alike",
    "text alike",
    "links alike",
    "count alike",
    "share alike",
    // Its place.
    "in container",
    "levels to container",
    "levels below container",
    "behind headline",
    "blocks behind headline",
    "good text before",
    "good text behind",
    "blocks behind the first paragraph",
    "blocks before the last paragraph",
    "place on the page",
    "good text of the page",
    "share of the home",
    "blocks under the heading",
    "heading appeals",
    "heading leads elsewhere",
    "rule above",
    "main home before",
    "main home behind",
    // Two neighbours a side.
    "weight before",
    "links before",
    "good before",
    "kind before",
    "home before",
    "weight before that",
    "links before that",
    "good before that",
    "weight behind",
    "links behind",
    "good behind",
    "kind behind",
    "home behind",
    "weight behind that",
    "links behind that",
    "good behind that",
];

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

/// The features of all blocks that may be the article's; what lines and names give away as furniture
/// is not among them.
pub(super) fn rows(page: &Page<'_>, known: &Known<'_>) -> Vec<Row> {
    let sums = Sums::of(page, known);
    let parts = Parts::of(page);
    let mut rows = Vec::new();
    for place in 0..sums.candidates.len() {
        let at = sums.candidates[place];
        if is_furniture(page, known, at) {
            continue;
        }
        let block = &page.blocks.blocks[at];
        let folded = if block.weight <= SHORT_LINE { fold(&block.text) } else { String::new() };
        if !known.lines.give_away(block, &folded) {
            rows.push(row(page, known, &sums, &parts, place, &folded));
        }
    }
    rows
}

/// Longer blocks are no lines.
const SHORT_LINE: usize = 500;

/// A link in a part that is furniture by its name, or any text in a part that is called what no part of
/// an article is.
fn is_furniture(page: &Page<'_>, known: &Known<'_>, at: usize) -> bool {
    let block = &page.blocks.blocks[at];
    let sure = Tokens::RELATED
        | Tokens::SHARE
        | Tokens::NEWSLETTER
        | Tokens::COMMENT
        | Tokens::CAPTION
        | Tokens::AUTHOR
        | Tokens::META
        | Tokens::AD
        | Tokens::CONSENT;
    let near = || page.blocks.above(block.part).take(2).any(|part| page.blocks.parts[part].tokens.meets(sure));
    known.named[at]
        && (block.link_share() >= 0.9
            || block.kind == Kind::Caption
            || !matches!(block.kind, Kind::Heading(2..)) && near())
}

/// Running sums over blocks.
#[derive(Clone, Copy, Default)]
struct Sum {
    weight: f32,
    links: f32,
    good: f32,
    blocks: f32,
}

/// Sums of blocks called alike, and of homes.
struct Sums {
    candidates: Vec<usize>,
    /// Up to each block, it not included.
    before: Vec<Sum>,
    alike: HashMap<u64, Sum>,
    homes: HashMap<Option<usize>, f32>,
    repeats: HashMap<u64, u32>,
    /// By the first words.
    openings: HashMap<u64, u32>,
    /// Of each candidate, the place of the heading above it.
    headings: Vec<Option<usize>>,
    /// Rules (`hr`) up to each block.
    rules: Vec<u16>,
    /// Place of the first and the last paragraph of the home with the most text.
    main: (usize, usize),
    first_good: usize,
    last_good: usize,
    heading: Option<(usize, usize)>,
    title: Vec<u32>,
    descriptions: Vec<u32>,
}

impl Sums {
    fn of(page: &Page<'_>, known: &Known<'_>) -> Self {
        let blocks = &page.blocks.blocks;
        let mut sums = Self {
            candidates: Vec::new(),
            before: Vec::with_capacity(blocks.len() + 1),
            alike: HashMap::new(),
            homes: HashMap::new(),
            repeats: HashMap::new(),
            openings: HashMap::new(),
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
            let alike = sums.alike.entry(signature(page, block.part)).or_default();
            *alike = alike.and(own);
            *sums.homes.entry(home(page, at)).or_default() += own.good;
            *sums.repeats.entry(hash(block.text.bytes())).or_default() += 1;
            *sums.openings.entry(hash(opening(&block.text).bytes())).or_default() += 1;
            if good && !known.named[at] {
                sums.first_good = sums.first_good.min(sums.candidates.len());
                sums.last_good = sums.candidates.len();
            }
            sums.headings.push(heading);
            if matches!(block.kind, Kind::Heading(2..)) {
                heading = Some(sums.candidates.len());
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

    fn within(&self, range: &std::ops::Range<usize>) -> Sum {
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

    fn share(self, value: f32) -> f32 {
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

/// The tags that count as surroundings, in the order of [`NAMES`].
const TAGS: usize = 13;

/// What lies over each part: handed down once.
struct Parts {
    depth: Vec<u16>,
    tags: Vec<u16>,
    far: Vec<Tokens>,
}

impl Parts {
    fn of(page: &Page<'_>) -> Self {
        let parts = &page.blocks.parts;
        let mut found =
            Self { depth: vec![0; parts.len()], tags: vec![0; parts.len()], far: vec![Tokens::default(); parts.len()] };
        for (at, part) in parts.iter().enumerate() {
            let above = part.parent.map(|above| (found.depth[above], found.tags[above], found.far[above]));
            let (depth, tags, far) = above.unwrap_or_default();
            found.depth[at] = depth.saturating_add(1);
            found.tags[at] = tags | tag(part.name());
            let whole = matches!(part.name(), "html" | "body" | "main");
            found.far[at] = if whole { far } else { far | part.tokens };
        }
        found
    }
}

fn tag(name: &str) -> u16 {
    match name {
        "article" => 1,
        "main" => 1 << 1,
        "aside" => 1 << 2,
        "figure" | "figcaption" => 1 << 3,
        "footer" => 1 << 4,
        "header" => 1 << 5,
        "nav" => 1 << 6,
        "form" => 1 << 7,
        "ul" | "ol" | "dl" => 1 << 8,
        "table" => 1 << 9,
        "blockquote" => 1 << 10,
        "section" => 1 << 11,
        "a" => 1 << 12,
        _ => 0,
    }
}

/// The part whose children a block's part is among.
fn home(page: &Page<'_>, at: usize) -> Option<usize> {
    page.blocks.parts[page.blocks.blocks[at].part].parent
}

/// Tags and classes of a part and the two that hold it, as one number.
fn signature(page: &Page<'_>, part: usize) -> u64 {
    let mut all: u64 = 0xcbf2_9ce4_8422_2325;
    for above in page.blocks.above(part).take(3) {
        let part = &page.blocks.parts[above];
        let class = crate::html::dom::value_of(part.element, "class").unwrap_or_default();
        for byte in part.name().bytes().chain([b'.']).chain(class.bytes().take(60)).chain([b'/']) {
            all = (all ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    all
}

pub(super) fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |all, byte| (all ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The words of a text as numbers; an ideograph is a word.
fn word_hashes(text: &str) -> Vec<u32> {
    let mut words = Vec::new();
    let mut word: u32 = 0;
    for c in text.chars() {
        let alone = !c.is_ascii() && is_cjk(c);
        if (alone || !c.is_alphanumeric()) && word != 0 {
            words.push(word);
            word = 0;
        }
        if alone {
            words.push(u32::from(c));
        } else if c.is_ascii() {
            if c.is_ascii_alphanumeric() {
                word = (word ^ u32::from(c.to_ascii_lowercase())).wrapping_mul(0x0100_0193).max(1);
            }
        } else if c.is_alphanumeric() {
            for c in c.to_lowercase() {
                word = (word ^ u32::from(c)).wrapping_mul(0x0100_0193).max(1);
            }
        }
    }
    if word != 0 {
        words.push(word);
    }
    words
}

fn share_in(words: &[u32], list: &[u32]) -> f32 {
    if words.is_empty() || list.is_empty() {
        return 0.0;
    }
    words.iter().filter(|word| list.binary_search(word).is_ok()).count() as f32 / words.len() as f32
}

/// Counts of characters in a text.
#[derive(Default)]
struct Letters {
    all: f32,
    letters: f32,
    digits: f32,
    capitals: f32,
    marks: f32,
    commas: f32,
    sentences: f32,
    quotes: f32,
    questions: f32,
    addresses: f32,
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut found = Self::default();
        let mut ended = false;
        for c in text.chars() {
            found.all += 1.0;
            let begins = ended;
            ended = false;
            match c {
                'a'..='z' => found.letters += 1.0,
                'A'..='Z' => {
                    found.letters += 1.0;
                    found.capitals += 1.0;
                }
                '0'..='9' => found.digits += 1.0,
                ' ' | '\n' => found.sentences += if begins { 1.0 } else { 0.0 },
                ',' | '،' | '、' | '\u{FF0C}' => found.commas += 1.0,
                '?' => {
                    found.questions += 1.0;
                    ended = true;
                }
                '.' | '!' | '…' => ended = true,
                '。' | '\u{FF01}' | '\u{FF1F}' | '؟' | '۔' | '।' => found.sentences += 1.0,
                '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」' => found.quotes += 1.0,
                '@' => found.addresses += 1.0,
                '|' | '•' | '·' | '©' | '/' | '›' | '>' | '#' | '+' | '→' => found.marks += 1.0,
                c if c.is_alphabetic() => {
                    found.letters += 1.0;
                    found.capitals += if c.is_uppercase() { 1.0 } else { 0.0 };
                }
                _ => {}
            }
        }
        found
    }
}

fn kind_value(kind: Kind) -> f32 {
    match kind {
        Kind::Paragraph => 0.0,
        Kind::Item => 1.0,
        Kind::Cell => 2.0,
        Kind::Row => 2.5,
        Kind::Caption => 3.0,
        Kind::Heading(level) => 3.0 + f32::from(level),
    }
}

fn row(page: &Page<'_>, known: &Known<'_>, sums: &Sums, parts: &Parts, place: usize, folded: &str) -> Row {
    let at = sums.candidates[place];
    let block = &page.blocks.blocks[at];
    let mut row = Filling { values: [0.0; COUNT], next: 0 };
    of_text(&mut row, page, block, sums);
    of_line(&mut row, page, known, sums, (at, folded));
    of_parts(&mut row, page, parts, block);
    of_sums(&mut row, page, sums, block);
    of_place(&mut row, page, known, sums, parts, place);
    of_neighbours(&mut row, page, sums, place);
    Row { at, values: row.values }
}

/// A row as it fills.
struct Filling {
    values: [f32; COUNT],
    next: usize,
}

impl Filling {
    fn push(&mut self, value: f32) {
        if let Some(slot) = self.values.get_mut(self.next) {
            *slot = value;
        }
        self.next += 1;
    }

    fn flag(&mut self, value: bool) {
        self.push(f32::from(u8::from(value)));
    }
}

fn of_text(row: &mut Filling, page: &Page<'_>, block: &Block, sums: &Sums) {
    let letters = Letters::of(&block.text);
    row.push(block.weight as f32);
    row.push(block.link_share());
    row.push(block.links.len() as f32);
    row.push(letters.digits / letters.all.max(1.0));
    row.push(letters.capitals / letters.letters.max(1.0));
    row.push(letters.marks);
    row.flag(ends_sentence(&block.text));
    row.push(letters.commas / letters.all.max(1.0) * 100.0);
    row.push(letters.sentences);
    row.flag(block.text.ends_with([':', '\u{FF1A}']));
    row.push(kind_value(block.kind));
    row.flag(page.blocks.parts[block.part].name() == "p");
    row.flag(is_all(page, block, &["b", "strong"]));
    row.push(sums.repeats.get(&hash(block.text.bytes())).copied().unwrap_or(1) as f32);
    row.flag(block.text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase));
    row.flag(is_all(page, block, &["i", "em"]));
    row.push(letters.quotes);
    row.push(letters.questions);
    row.push(letters.addresses);
    row.push(sums.openings.get(&hash(opening(&block.text).bytes())).copied().unwrap_or(1).min(9) as f32);
    row.flag(opens_then_links(block));
}

/// How a line begins: its first two words, or where words are not parted, its first letters.
fn opening(text: &str) -> &str {
    const LETTERS: usize = 24;
    let end = text.match_indices([' ', '\n']).nth(1).map_or(text.len(), |(at, _)| at);
    let letters = text.char_indices().nth(LETTERS).map_or(text.len(), |(at, _)| at);
    &text[..end.min(letters)]
}

/// Whether a few words are followed by one link and nothing else: "Read also: Another story".
fn opens_then_links(block: &Block) -> bool {
    let [(link, _)] = &block.links[..] else { return false };
    let before = block.text[..link.start].trim_end();
    let behind = &block.text[link.end..];
    !before.is_empty() && before.len() <= 60 && before.len() < link.len() && !behind.contains(char::is_alphanumeric)
}

/// Whether all of a block stands in one element of these names.
fn is_all(page: &Page<'_>, block: &Block, names: &[&str]) -> bool {
    let mut children = page.blocks.parts[block.part].node.children().filter(|child| match child.value() {
        scraper::Node::Text(text) => !text.trim().is_empty(),
        node => node.is_element(),
    });
    let first = children.next().and_then(|child| child.value().as_element());
    first.is_some_and(|element| names.contains(&element.name())) && children.next().is_none()
}

fn of_line(row: &mut Filling, page: &Page<'_>, known: &Known<'_>, sums: &Sums, (at, folded): (usize, &str)) {
    let block = &page.blocks.blocks[at];
    row.flag(known.lines.holds_credit(folded));
    row.push(known.lines.appeals(folded) as f32);
    row.flag(is_teaser(page, at));
    row.flag(known.captions[at]);
    row.flag(known.named[at]);
    let words = if block.weight <= 1_200 { word_hashes(&block.text) } else { Vec::new() };
    row.push(share_in(&words, &sums.title));
    row.push(share_in(&words, &sums.descriptions));
    row.flag(block.weight <= SHORT_LINE && folded == known.lines.title);
}

fn of_parts(row: &mut Filling, page: &Page<'_>, parts: &Parts, block: &Block) {
    row.push(f32::from(parts.depth[block.part]));
    let tags = parts.tags[block.part];
    for bit in 0..TAGS {
        row.flag(tags & (1 << bit) != 0);
    }
    let own = &page.blocks.parts[block.part];
    let next = own.parent.map(|parent| &page.blocks.parts[parent]);
    let near = next
        .filter(|next| !matches!(next.name(), "html" | "body" | "main"))
        .map_or(own.tokens, |next| own.tokens | next.tokens);
    let far = next.and_then(|next| next.parent).map(|above| parts.far[above]).unwrap_or_default();
    for tokens in [near, far] {
        for class in Tokens::ALL {
            row.flag(tokens.meets(class));
        }
    }
}

fn of_sums(row: &mut Filling, page: &Page<'_>, sums: &Sums, block: &Block) {
    let mut above = page.blocks.above(block.part).skip(1);
    let mut last = Sum::default();
    for _ in 0..4 {
        if let Some(part) = above.next() {
            last = sums.within(&page.blocks.parts[part].blocks);
        }
        row.push(last.share(last.good));
        row.push(last.share(last.links));
        row.push(last.weight);
    }
    row.push(page.blocks.parts[block.part].blocks.len() as f32);
    let alike = sums.alike.get(&signature(page, block.part)).copied().unwrap_or_default();
    row.push(alike.share(alike.good));
    row.push(alike.good);
    row.push(alike.share(alike.links));
    row.push(alike.blocks);
    row.push(alike.good / sums.before.last().map_or(1.0, |all| all.good.max(1.0)));
}

fn of_place(row: &mut Filling, page: &Page<'_>, known: &Known<'_>, sums: &Sums, parts: &Parts, place: usize) {
    let at = sums.candidates[place];
    let block = &page.blocks.blocks[at];
    let all = sums.before.last().copied().unwrap_or_default();
    let within = known.container.filter(|container| page.blocks.parts[*container].blocks.contains(&at));
    row.flag(within.is_some());
    // From the container up to the first part that holds the block too.
    let levels = known.container.map(|container| {
        page.blocks.above(container).take(12).position(|above| page.blocks.lies_in(block.part, above)).unwrap_or(12)
    });
    row.push(levels.map_or(-1.0, |levels| levels as f32));
    let below = within.map(|container| f32::from(parts.depth[block.part]) - f32::from(parts.depth[container]));
    row.push(below.unwrap_or(-1.0));
    let behind = sums.heading.map(|(_, end)| at as f32 - end as f32);
    row.push(behind.map_or(-1.0, |behind| if behind >= 0.0 { 1.0 } else { 0.0 }));
    row.push(behind.unwrap_or(0.0));
    let share = |value: f32| value / all.good.max(1.0);
    row.push(share(sums.before[at].good));
    row.push(share(all.good - sums.before[at + 1].good));
    row.push(place as f32 - sums.first_good.min(sums.candidates.len()) as f32);
    row.push(sums.last_good as f32 - place as f32);
    row.push(place as f32 / sums.candidates.len() as f32);
    row.push(all.good);
    row.push(share(sums.homes.get(&home(page, at)).copied().unwrap_or(0.0)));
    let heading = sums.headings[place];
    row.push(heading.map_or(99.0, |heading| (place - heading) as f32));
    let above =
        heading.map(|heading| &page.blocks.blocks[sums.candidates[heading]]).filter(|block| block.weight <= 200);
    let folded = above.map(|block| fold(&block.text)).unwrap_or_default();
    row.push(known.lines.appeals(&folded) as f32);
    row.flag(above.is_some_and(|block| known.lines.leads_elsewhere(block, &folded)));
    row.flag(sums.rules[at] > 0 && sums.before[at].good > 0.0 && rule_behind_text(sums, at));
    row.push(sums.main.0 as f32 - place as f32);
    row.push(place as f32 - sums.main.1 as f32);
}

/// Whether a rule parts the block from the text before it.
fn rule_behind_text(sums: &Sums, at: usize) -> bool {
    let first = sums.candidates.get(sums.first_good).copied().unwrap_or(at);
    first < at && sums.rules[at] > sums.rules[first]
}

fn of_neighbours(row: &mut Filling, page: &Page<'_>, sums: &Sums, place: usize) {
    let own = home(page, sums.candidates[place]);
    for (step, close) in [(-1isize, true), (-2, false), (1, true), (2, false)] {
        let other = place.checked_add_signed(step).and_then(|place| sums.candidates.get(place));
        let block = other.map(|other| &page.blocks.blocks[*other]);
        row.push(block.map_or(-1.0, |block| block.weight as f32));
        row.push(block.map_or(-1.0, Block::link_share));
        row.push(block.map_or(-1.0, |block| f32::from(u8::from(is_good(block)))));
        if close {
            row.push(block.map_or(-1.0, |block| kind_value(block.kind)));
            row.flag(other.is_some_and(|other| home(page, *other) == own));
        }
    }
    debug_assert_eq!(row.next, COUNT, "as many values as names");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_known_by_how_they_open() {
        assert_eq!(opening("Read also Another story"), "Read also");
        assert_eq!(opening("One"), "One");
        assert_eq!(opening(&"字".repeat(40)), "字".repeat(24));
    }

    #[test]
    fn a_few_words_before_one_link_open_it() {
        let opens = |html: &str| {
            let (html, _) = crate::html::dom::parse(html);
            opens_then_links(&crate::html::blocks::Blocks::of(&html).blocks[0])
        };
        assert!(opens("<p>FUNDA LAPHA: <a href=/b>Another story of another day</a> »</p>"));
        assert!(!opens("<p>The court <a href=/b>said on Monday</a> that it was so.</p>"));
        assert!(!opens("<p><a href=/b>Another story of another day</a></p>"));
    }
}
