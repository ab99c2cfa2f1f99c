//! `/articles/ID/diff`: what differs between two revisions, word by word. What went and what came is
//! told by marks and elements, not by colour alone.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use courant_exchange::DiffPart;
use courant_model::Revision;

use super::{Page, html};
use crate::Site;
use crate::account;
use crate::asked::Viewed;
use crate::difference;
use crate::view::{Entry, Frame, titled};
use crate::when::When;

/// A run of words with one fate, or a gap where many stayed the same.
pub(super) enum Part {
    Same(String),
    Removed(String),
    Added(String),
    /// So many unchanged words are left out.
    Gap(usize),
}

/// Unchanged characters that are kept on either side of a change.
const AROUND: usize = 140;

impl Part {
    fn whole(part: DiffPart) -> Self {
        match part.kind.as_str() {
            "removed" => Self::Removed(part.text),
            "added" => Self::Added(part.text),
            _ => Self::Same(part.text),
        }
    }

    /// Whether anything differs.
    pub(super) fn any_change(parts: &[DiffPart]) -> bool {
        parts.iter().any(|part| part.kind != "same")
    }

    /// The changes with a few unchanged words around each; what lies between becomes a gap.
    pub(super) fn around_changes(parts: Vec<DiffPart>) -> Vec<Self> {
        let last = parts.len().saturating_sub(1);
        let mut shown = Vec::new();
        for (position, part) in parts.into_iter().enumerate() {
            match Self::whole(part) {
                Self::Same(text) => shorten(&text, position > 0, position < last, &mut shown),
                changed => shown.push(changed),
            }
        }
        shown
    }
}

/// Keeps the head of an unchanged run where a change stands before it, and its tail where one follows.
fn shorten(text: &str, after_change: bool, before_change: bool, shown: &mut Vec<Part>) {
    let head = if after_change { blank_after(text, AROUND) } else { 0 };
    let tail = if before_change { blank_before(text, AROUND) } else { text.len() };
    if head >= tail || text[head..tail].chars().count() < AROUND {
        return shown.push(Part::Same(text.to_owned()));
    }
    if head > 0 {
        shown.push(Part::Same(text[..head].to_owned()));
    }
    shown.push(Part::Gap(text[head..tail].split_whitespace().count()));
    if tail < text.len() {
        shown.push(Part::Same(text[tail..].to_owned()));
    }
}

/// The first blank at or behind the `nth` character, else that character: scripts without blanks are
/// cut there.
fn blank_after(text: &str, nth: usize) -> usize {
    let from = text.char_indices().nth(nth).map_or(text.len(), |(at, _)| at);
    let blank = text[from..].char_indices().take(40).find(|(_, c)| c.is_whitespace());
    blank.map_or(from, |(at, _)| from + at)
}

/// The same from the end.
fn blank_before(text: &str, nth: usize) -> usize {
    let from = text.char_indices().rev().nth(nth).map_or(0, |(at, _)| at);
    let blank = text[..from].char_indices().rev().take(40).find(|(_, c)| c.is_whitespace());
    blank.map_or(from, |(at, c)| at + c.len_utf8())
}

#[derive(Template)]
#[template(path = "diff.html")]
struct DiffView {
    frame: Frame,
    entry: Entry,
    from: Side,
    to: Side,
    numbers: Vec<u32>,
    comparable: bool,
    note: Option<String>,
    whole: bool,
    sections: Vec<Section>,
    unchanged: bool,
}

/// One of the two revisions.
struct Side {
    number: u32,
    seen: When,
}

impl From<&Revision> for Side {
    fn from(revision: &Revision) -> Self {
        Self { number: revision.number, seen: When::from(revision.seen) }
    }
}

/// Headline, standfirst, byline or text.
struct Section {
    name: &'static str,
    parts: Vec<Part>,
}

/// Which revisions, and whether unchanged text is shown too.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct DiffParams {
    from: Option<u32>,
    to: Option<u32>,
    whole: Option<String>,
}

pub(crate) async fn diff(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    Viewed(asked): Viewed<DiffParams>,
) -> Page {
    let article = account::article(&site, &id).await?;
    let revisions = account::revisions(&site, &article).await?;
    let (from, to) = account::pair(&revisions, asked.from, asked.to)?;
    let told = difference::between(from, to, site.full_text).await?;
    let whole = asked.whole.is_some_and(|whole| !whole.is_empty());
    let all = [
        ("Headline", told.title),
        ("Standfirst", told.standfirst),
        ("Byline", told.byline),
        ("Text", told.text.unwrap_or_default()),
    ];
    let shown = |parts: Vec<DiffPart>| match whole {
        true => parts.into_iter().map(Part::whole).collect(),
        false => Part::around_changes(parts),
    };
    let changed = all.into_iter().filter(|(_, parts)| Part::any_change(parts));
    let sections: Vec<Section> = changed.map(|(name, parts)| Section { name, parts: shown(parts) }).collect();
    html(&DiffView {
        frame: Frame::new(&site, format!("What changed in “{}”", titled(&article.title)), ""),
        entry: Entry::of(&article, &site.catalogue()),
        from: Side::from(from),
        to: Side::from(to),
        numbers: revisions.iter().map(|revision| revision.number).collect(),
        comparable: told.comparable,
        note: told.note,
        whole,
        unchanged: sections.is_empty(),
        sections,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(kind: &str, text: &str) -> DiffPart {
        DiffPart { kind: kind.to_owned(), text: text.to_owned() }
    }

    fn told(parts: Vec<DiffPart>) -> String {
        let told = Part::around_changes(parts).into_iter().map(|part| match part {
            Part::Same(text) => text,
            Part::Removed(text) => format!("[-{text}-]"),
            Part::Added(text) => format!("[+{text}+]"),
            Part::Gap(words) => format!("<{words}>"),
        });
        told.collect()
    }

    #[test]
    fn short_runs_stay_whole() {
        let parts =
            vec![part("same", "It was "), part("removed", "ten"), part("added", "nine"), part("same", " days.")];
        assert_eq!(told(parts), "It was [-ten-][+nine+] days.");
    }

    #[test]
    fn what_lies_far_from_a_change_is_left_out() {
        let long = "word ".repeat(200);
        let shown = told(vec![part("same", &long), part("added", "new"), part("same", &long)]);
        assert!(shown.len() < 400, "{shown}");
        assert!(shown.starts_with('<') && shown.ends_with('>') && shown.contains("word [+new+]word"), "{shown}");
    }

    #[test]
    fn scripts_without_blanks_are_cut_between_characters() {
        let long = "间谍软件".repeat(100);
        let shown = told(vec![part("same", &long), part("added", "新"), part("same", &long)]);
        assert!(shown.contains("[+新+]间谍") && shown.chars().count() < 320, "{shown}");
    }
}
