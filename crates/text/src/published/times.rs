//! Dates that the page shows its readers: `time` elements, lines round the headline, parts that are
//! called date.

use courant_model::{DateSource, Dated, Precision};

use super::Reader;
use crate::fold::fold;
use crate::html::tokens::Tokens;
use crate::lexicon;
use crate::page::Page;
use crate::title::Title;

/// Dates on the page itself.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// Of a `time` element.
    pub(super) published: Option<Dated>,
    pub(super) modified: Option<Dated>,
    /// Of words round the headline, or in a part that is called date.
    pub(super) text: Option<Dated>,
}

impl Times {
    pub(super) fn of(page: &Page<'_>, title: &Title, body: &[usize], reader: &Reader<'_>) -> Self {
        let mut times = Self::default();
        let from = title.part.map(|part| page.blocks.parts[part].blocks.start).or(body.first().copied());
        times.elements(page, from, reader);
        let Some(from) = from else { return times };
        let first = body.first().copied().unwrap_or(from);
        let head = from..(from + 10).max(first + 1).min(from + 25);
        let before = from.saturating_sub(4)..from;
        let last = body.last().copied().unwrap_or(from);
        for at in head.chain(before.rev()).chain(last..last + 3) {
            times.line(page, at, reader);
        }
        if times.text.is_none() {
            times.named(page, from, reader);
        }
        times
    }

    /// `time` elements, the nearest to the headline first.
    fn elements(&mut self, page: &Page<'_>, from: Option<usize>, reader: &Reader<'_>) {
        let blocks = &page.blocks;
        let mut found: Vec<(usize, bool, Dated)> = Vec::new();
        for (at, part) in blocks.parts.iter().enumerate() {
            let machine = part.element.attr("datetime").or_else(|| part.element.attr("data-datetime"));
            if part.name() != "time" && machine.is_none() || is_elsewhere(page, at) {
                continue;
            }
            let text = blocks.text(at);
            let said =
                machine.filter(|machine| machine.len() >= 8).and_then(|text| reader.dated(text, DateSource::Time));
            let Some(dated) = said.or_else(|| reader.dated(&text, DateSource::Time)) else { continue };
            let block = part.blocks.start;
            let from = from.unwrap_or(block);
            let distance = if block >= from { block - from } else { (from - block) * 2 + 2 };
            let updates = is_update(page, at, &text);
            found.push((distance, updates, dated));
        }
        let nearest = |wanted: bool| {
            found.iter().filter(|(_, updates, _)| *updates == wanted).min_by_key(|(distance, ..)| *distance)
        };
        self.published = nearest(false).filter(|(distance, ..)| *distance <= 40).map(|(.., dated)| *dated);
        self.modified = nearest(true).map(|(.., dated)| *dated);
    }

    /// A short line near the headline.
    fn line(&mut self, page: &Page<'_>, at: usize, reader: &Reader<'_>) {
        let Some(block) = page.blocks.blocks.get(at).filter(|block| (6..=160).contains(&block.weight)) else { return };
        if !block.text.chars().any(|c| c.is_numeric()) || is_elsewhere(page, block.part) {
            return;
        }
        for piece in pieces(&block.text) {
            let folded = fold(piece);
            let updates = begins_with_update(&folded);
            let slot = if updates { &mut self.modified } else { &mut self.text };
            if slot.is_none() {
                *slot = reader
                    .dated(before_update(piece), DateSource::Text)
                    .filter(|dated| dated.precision >= Precision::Day);
            }
        }
    }

    /// Parts that are called date or published, wherever they stand behind the headline.
    fn named(&mut self, page: &Page<'_>, from: usize, reader: &Reader<'_>) {
        for (at, part) in page.blocks.parts.iter().enumerate() {
            let block = part.blocks.start;
            if !part.tokens.meets(Tokens::META)
                || block + 30 < from
                || page.blocks.weight(part.blocks.clone()) > 160
                || is_elsewhere(page, at)
            {
                continue;
            }
            let text = page.blocks.text(at);
            if text.len() < 160 && !is_update(page, at, &text) {
                self.text = reader.dated(&text, DateSource::Text).filter(|dated| dated.precision >= Precision::Day);
            }
            if self.text.is_some() {
                return;
            }
        }
    }
}

/// A line cut where outlets part one fact from the next.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    line.split(['|', '•', '·', '\n', '\u{3000}']).flat_map(|piece| piece.split(" / "))
}

/// `text` up to where it begins to speak of a change.
fn before_update(text: &str) -> &str {
    let words = lexicon::every().updated.iter().filter(|word| word.len() >= 6);
    let lower = text.to_lowercase();
    // Folding may change lengths: only where it does not can the place be trusted.
    if lower.len() != text.len() {
        return text;
    }
    let at =
        words.filter_map(|word| lower.find(word.as_str())).filter(|at| *at > 8 && text.is_char_boundary(*at)).min();
    at.map_or(text, |at| &text[..at])
}

fn begins_with_update(folded: &str) -> bool {
    let bare = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
    lexicon::every().updated.iter().any(|word| bare.starts_with(word.as_str()))
}

fn is_update(page: &Page<'_>, at: usize, text: &str) -> bool {
    if begins_with_update(&fold(text)) {
        return true;
    }
    let part = &page.blocks.parts[at];
    let named = ["class", "itemprop", "id", "property"].iter().filter_map(|name| part.element.attr(name)).any(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("updat") || name.contains("modif")
    });
    // The word stands before the element: `<span>Updated: <time>`.
    let parent = part.parent.map(|parent| page.blocks.text(parent)).filter(|text| text.len() < 80);
    named || parent.is_some_and(|text| begins_with_update(&fold(&text)))
}

/// Whether a part belongs to something else: a teaser, a comment, the foot of the page, a clock.
fn is_elsewhere(page: &Page<'_>, at: usize) -> bool {
    let furniture = Tokens::RELATED | Tokens::COMMENT | Tokens::CONSENT | Tokens::AD;
    page.blocks.above(at).any(|above| {
        let part = &page.blocks.parts[above];
        match part.name() {
            "html" | "body" | "main" | "article" => false,
            "footer" => page.blocks.above(above).skip(1).all(|outer| page.blocks.parts[outer].name() != "article"),
            "nav" | "aside" => true,
            _ => part.tokens.meets(furniture) && !part.tokens.meets(Tokens::BODY),
        }
    })
}
