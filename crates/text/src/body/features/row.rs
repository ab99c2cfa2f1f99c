//! The features of one block, in the order of [`NAMES`](super::NAMES).

use super::letters::{Letters, opens_then_links, share_in, word_hashes};
use super::sums::{Keys, Sum, Sums, home};
use super::surroundings::{Parts, TAGS};
use super::{COUNT, Known, Row, SHORT_LINE};
use crate::body::container::is_teaser;
use crate::body::is_good;
use crate::html::blocks::{Block, Kind, ends_sentence};
use crate::html::tokens::Tokens;
use crate::page::Page;

pub(super) fn row(page: &Page<'_>, known: &Known<'_>, sums: &Sums, parts: &Parts, place: usize, folded: &str) -> Row {
    let at = sums.candidates[place];
    let block = &page.blocks.blocks[at];
    let mut row = Filling { values: [0.0; COUNT], next: 0 };
    let keys = &sums.keys[place];
    of_text(&mut row, page, block, sums, keys);
    of_line(&mut row, page, known, sums, (at, folded));
    of_parts(&mut row, page, parts, block);
    of_sums(&mut row, page, sums, block, keys);
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

fn of_text(row: &mut Filling, page: &Page<'_>, block: &Block, sums: &Sums, keys: &Keys) {
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
    row.push(sums.repeats.get(&keys.text).copied().unwrap_or(1) as f32);
    row.flag(block.text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase));
    row.flag(is_all(page, block, &["i", "em"]));
    row.push(letters.quotes);
    row.push(letters.questions);
    row.push(letters.addresses);
    row.push(sums.openings.get(&keys.opening).copied().unwrap_or(1).min(9) as f32);
    row.flag(opens_then_links(block));
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

fn of_sums(row: &mut Filling, page: &Page<'_>, sums: &Sums, block: &Block, keys: &Keys) {
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
    let alike = sums.alike.get(&keys.signature).copied().unwrap_or_default();
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
    row.push(heading.map_or(99.0, |heading| (place - heading.place) as f32));
    row.push(heading.map_or(0.0, |heading| heading.appeals as f32));
    row.flag(heading.is_some_and(|heading| heading.leads));
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
