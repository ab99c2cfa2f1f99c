//! What lies over each part of a page: how deep it stands, in which tags, in parts of which names.

use crate::html::tokens::Tokens;
use crate::page::Page;

/// The tags that count as surroundings, in the order of [`NAMES`](super::NAMES).
pub(super) const TAGS: usize = 13;

/// What lies over each part: handed down once.
pub(super) struct Parts {
    pub(super) depth: Vec<u16>,
    pub(super) tags: Vec<u16>,
    pub(super) far: Vec<Tokens>,
}

impl Parts {
    pub(super) fn of(page: &Page<'_>) -> Self {
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
