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
            let dated = said
                .or_else(|| reader.dated(&text, DateSource::Time))
                .or_else(|| reader.relative(&text, DateSource::Time));
            let Some(dated) = dated else { continue };
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
        let Some(block) = page.blocks.blocks.get(at).filter(|block| block.weight >= 6) else { return };
        if block.weight > 160 {
            return self.opening(page, at, reader);
        }
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

    /// A paragraph that begins with its date: "29.11.2022 – …", "Press release of 25 January 2022 | …".
    fn opening(&mut self, page: &Page<'_>, at: usize, reader: &Reader<'_>) {
        let block = &page.blocks.blocks[at];
        let head: String = block.text.chars().take(60).collect();
        let head = head.replace(" - ", "–");
        let Some((head, _)) = head.split_once(['–', '—', '|', ':', '\n', '„', '“', '"']) else { return };
        let dated = || reader.dated(head, DateSource::Text).filter(|dated| dated.precision >= Precision::Day);
        let letters = head.chars().filter(|c| c.is_alphabetic()).count();
        if self.text.is_none() && letters <= 36 && head.chars().any(char::is_numeric) && !is_elsewhere(page, block.part)
        {
            self.text = dated();
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

/// Where nothing else tells a date: a line anywhere that says it was published then, a `time` element
/// however far, or a line of nothing but a date, the nearest to the headline.
pub(super) fn anywhere(page: &Page<'_>, title: &Title, body: &[usize], reader: &Reader<'_>) -> Option<Dated> {
    /// How many lines are looked at.
    const LINES: usize = 400;
    let blocks = &page.blocks;
    let from = title.part.map(|part| blocks.parts[part].blocks.start).or(body.first().copied()).unwrap_or(0);
    let words = &lexicon::every().published;
    let mut best: Option<(usize, Dated)> = None;
    let mut put = |rank: usize, dated: Dated| {
        if dated.precision >= Precision::Day && best.is_none_or(|(known, _)| rank < known) {
            best = Some((rank, dated));
        }
    };
    for (at, part) in blocks.parts.iter().enumerate().filter(|(_, part)| part.name() == "time") {
        if is_elsewhere(page, at) {
            continue;
        }
        let machine = part.element.attr("datetime").and_then(|text| reader.dated(text, DateSource::Time));
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
            let bare = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
            let says = words.iter().any(|word| word.len() >= 4 && bare.starts_with(word.as_str()));
            let letters = folded.chars().filter(|c| c.is_alphabetic()).count();
            if !says && letters > 24 || is_copyright(&folded) {
                continue;
            }
            if let Some(dated) = reader.dated(piece, DateSource::Text) {
                let elsewhere = if is_elsewhere(page, blocks.blocks[at].part) { 4_000 } else { 2_000 };
                put(if says { 0 } else { elsewhere } + at.abs_diff(from), dated);
            }
        }
    }
    best.map(|(_, dated)| dated)
}

fn is_copyright(folded: &str) -> bool {
    folded.contains('©') || folded.contains("(c)") || folded.contains("copyright")
}

/// A line cut where outlets part one fact from the next.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    line.split(['|', '•', '·', '\n', '\u{3000}']).flat_map(|piece| piece.split(" / "))
}

/// `text` up to where it begins to speak of a change.
fn before_update(text: &str) -> &str {
    let lower = text.to_lowercase();
    // Folding may change lengths: only where it does not can the place be trusted.
    if lower.len() != text.len() {
        return text;
    }
    let words = lexicon::walls().updated.places(&lower).filter(|(_, word)| word.len() >= 6).map(|(at, _)| at);
    words.into_iter().find(|at| *at > 8 && text.is_char_boundary(*at)).map_or(text, |at| &text[..at])
}

fn begins_with_update(folded: &str) -> bool {
    let bare = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
    lexicon::walls().updated.begin(bare)
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
