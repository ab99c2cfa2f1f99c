//! The paragraph under the headline, where the page sets one apart: by the name of its part, by
//! repeating what the page says of itself, or by standing alone between headline and text. A
//! description in the head that the page does not print is no standfirst.

use crate::body::{Body, Lines};
use crate::fold::fold;
use crate::html::blocks::{Block, Kind, ends_sentence};
use crate::html::dom::value_of;
use crate::html::tokens::Tokens;
use crate::page::{Page, overlap, title_words};
use crate::title::Title;

/// Finds the standfirst, and takes it out of the body where it stands there.
pub(crate) fn take(page: &Page<'_>, title: &Title, lines: &Lines, body: &mut Body) -> Option<String> {
    let blocks = &page.blocks.blocks;
    if !page.rule.standfirst.is_empty() {
        body.blocks.retain(|at| !page.rule.standfirst.contains(at));
        return Some(joined(page, &page.rule.standfirst));
    }
    let first = *body.blocks.first()?;
    let heading = title.part.map(|part| page.blocks.parts[part].blocks.clone());
    let descriptions = page.descriptions();
    let from = heading.as_ref().map_or(first.saturating_sub(8), |range| range.start.saturating_sub(2));
    let candidates = from..=first.max(heading.as_ref().map_or(first, |range| range.end + 4).min(first + 6));
    let own_heading = |at: usize| heading.as_ref().is_some_and(|range| range.contains(&at));
    let mut best: Option<(u8, usize)> = None;
    let mut looked = Vec::new();
    for at in candidates {
        let Some(block) = blocks.get(at).filter(|block| (25..=1_200).contains(&block.weight)) else { continue };
        if body.captions[at]
            || own_heading(at)
            || block.link_share() > 0.5
            || block.kind == Kind::Caption
            || fold(&block.text) == fold(&title.text)
            || lines.says_who_or_when(block, &fold(&block.text))
        {
            continue;
        }
        let rank = rank(page, at, block, body, heading.as_ref().map(|range| range.end), &descriptions);
        looked.push((rank, at));
        if rank > 0 && best.is_none_or(|(known, _)| rank > known) {
            best = Some((rank, at));
        }
    }
    tell(page, &looked, best);
    let (_, at) = best?;
    let mut found = vec![at];
    // A standfirst of several paragraphs or points stands in one part.
    let part = lead_part(page, at);
    found.extend(
        part.into_iter()
            .flat_map(|part| page.blocks.parts[part].blocks.clone())
            .filter(|other| *other > at && blocks[*other].weight >= 25),
    );
    let together: usize = found.iter().map(|at| blocks[*at].weight).sum();
    if together > 1_500 {
        found.truncate(1);
    }
    let kept: Vec<usize> = body.blocks.iter().copied().filter(|at| !found.contains(at)).collect();
    if kept.is_empty() {
        return None;
    }
    body.blocks = kept;
    Some(joined(page, &found))
}

fn joined(page: &Page<'_>, found: &[usize]) -> String {
    found.iter().map(|at| page.blocks.blocks[*at].text.replace('\n', " ")).collect::<Vec<_>>().join(" ")
}

/// Tells the trace what could have been the standfirst, and what the head says of the page.
fn tell(page: &Page<'_>, looked: &[(u8, usize)], best: Option<(u8, usize)>) {
    let trace = &page.trace;
    if !trace.is_on() {
        return;
    }
    let text = |at: usize| page.blocks.blocks[at].text.clone();
    const SOURCES: [&str; 4] = ["", "alone under the headline", "repeats the description", "named a lead"];
    for (rank, at) in looked.iter().copied() {
        let source = SOURCES[usize::from(rank.min(3))];
        if best.is_some_and(|best| best.1 == at) {
            trace.took("standfirst", source, || text(at));
        } else if rank > 0 {
            trace.refused("standfirst", source, || text(at), || "more speaks for another passage".to_owned());
        }
    }
    for said in page.said_of_itself() {
        let why = || "a description: only what the page prints is a standfirst".to_owned();
        trace.refused("standfirst", "description", || said.to_owned(), why);
    }
}

/// The part called lead that a block stands in, where it is no larger than a standfirst.
fn lead_part(page: &Page<'_>, at: usize) -> Option<usize> {
    let part = page.blocks.blocks[at].part;
    page.blocks.above(part).take(3).find(|above| {
        let part = &page.blocks.parts[*above];
        part.tokens.meets(Tokens::LEAD) && !part.tokens.meets(Tokens::BODY) && part.blocks.len() <= 8
    })
}

/// How much speaks for a block: 3 its name, 2 the page's description of itself, 1 its place; 0 nothing.
fn rank(
    page: &Page<'_>,
    at: usize,
    block: &Block,
    body: &Body,
    heading_end: Option<usize>,
    descriptions: &[String],
) -> u8 {
    let part = block.part;
    let near = || page.blocks.above(part).take(4);
    let described = value_of(page.blocks.parts[part].element, "itemprop")
        .is_some_and(|name| matches!(name, "description" | "alternativeHeadline"));
    let furniture = Tokens::FURNITURE | Tokens::NAV;
    let in_furniture = near().any(|above| {
        let part = &page.blocks.parts[above];
        part.tokens.meets(furniture)
            && !part.tokens.meets(Tokens::LEAD | Tokens::BODY)
            && !matches!(part.name(), "body" | "main" | "article")
            || matches!(part.name(), "nav" | "aside" | "figure" | "footer")
    });
    if in_furniture {
        return 0;
    }
    let behind_heading = heading_end.is_none_or(|end| at >= end);
    let before_text = body.blocks.first().is_none_or(|first| at <= *first);
    if behind_heading && before_text && (lead_part(page, at).is_some() || described) {
        return 3;
    }
    let set_apart = !body.blocks.contains(&at) || stands_alone(page, at, body);
    if set_apart && before_text && describes(block, descriptions) {
        return 2;
    }
    let sentence = ends_sentence(&block.text) || block.weight >= 80;
    let unnamed = !near().any(|above| page.blocks.parts[above].tokens.meets(Tokens::META | Tokens::CAPTION));
    let alone = !body.blocks.contains(&at) || is_bold(page, at);
    let alone = alone && before_text && matches!(block.kind, Kind::Paragraph | Kind::Heading(2..));
    if heading_end.is_some()
        && behind_heading
        && alone
        && sentence
        && unnamed
        && block.weight >= 60
        && block.link_share() < 0.3
    {
        return 1;
    }
    0
}

/// Whether the first block of the body is marked otherwise than the next: another element or class,
/// or bold throughout.
fn stands_alone(page: &Page<'_>, at: usize, body: &Body) -> bool {
    let parts = &page.blocks.parts;
    let signature = |at: usize| {
        let part = &parts[page.blocks.blocks[at].part];
        (part.name(), value_of(part.element, "class").unwrap_or_default(), part.parent)
    };
    let next = body.blocks.iter().copied().find(|other| *other > at && page.blocks.blocks[*other].weight >= 80);
    next.is_some_and(|next| signature(at) != signature(next)) || is_bold(page, at)
}

/// Whether all of a block's text is bold.
fn is_bold(page: &Page<'_>, at: usize) -> bool {
    let block = &page.blocks.blocks[at];
    let part = block.part;
    let mut inside = page.blocks.parts[part].node.children().filter(|child| match child.value() {
        scraper::Node::Text(text) => !text.trim().is_empty(),
        node => node.is_element(),
    });
    let only = inside.next().filter(|_| inside.next().is_none());
    only.and_then(|child| child.value().as_element()).is_some_and(|element| matches!(element.name(), "b" | "strong"))
}

/// Whether the block says what the page says of itself.
fn describes(block: &Block, descriptions: &[String]) -> bool {
    let text = fold(&block.text);
    descriptions.iter().any(|description| {
        let cut = description.trim_end_matches(['…', '.', ' ']);
        text == *description
            || (cut.chars().count() >= 40 && text.starts_with(cut))
            || overlap(&title_words(&text), &title_words(description)) >= 0.85
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Hints, body, title};
    use url::Url;

    fn check(html: &str, expected: Option<&str>, first_of_body: &str) {
        let (html, _) = crate::html::dom::parse(html);
        let url = Url::parse("https://example.org/a").expect("an address");
        let hints = Hints::default();
        let page = Page::of(&html, &url, &hints);
        let title = title::find(&page);
        let lines = Lines::of(&page, &title);
        let mut body = body::find(&page, &title, &lines, body::Trees::shipped());
        let (authors, _) = crate::authors::find(&page, &title, &body.blocks);
        body.drop_bylines(&page, &authors);
        assert_eq!(take(&page, &title, &lines, &mut body).as_deref(), expected);
        assert!(page.blocks.blocks[body.blocks[0]].text.starts_with(first_of_body));
    }

    const TEXT: &str = "First paragraph of the article, which is long enough to be taken for what it is, and more.</p>\
                        <p>Second paragraph of the article, which is long enough to be taken for what it is, and more.";

    #[test]
    fn a_part_called_lead_is_the_standfirst() {
        check(
            &format!(
                "<h1>A headline</h1><p class=standfirst>What it is all about, in short.</p><div><p>{TEXT}</p></div>"
            ),
            Some("What it is all about, in short."),
            "First",
        );
        check(
            &format!(
                "<h1>A headline</h1><article><p class=lead>What it is all about, in short.</p><p>{TEXT}</p></article>"
            ),
            Some("What it is all about, in short."),
            "First",
        );
    }

    #[test]
    fn a_first_paragraph_that_the_head_repeats_stays_in_the_text() {
        let description = "First paragraph of the article, which is long enough to be taken for what it is, and more.";
        check(
            &format!("<meta name=description content='{description}'><h1>A headline</h1><div><p>{TEXT}</p></div>"),
            None,
            "First",
        );
    }

    #[test]
    fn what_stands_alone_between_headline_and_text_is_one() {
        let lead = "Neither named nor described, but set apart between the headline and the text below.";
        check(
            &format!(
                "<h1>A headline</h1><div><b>{lead}</b></div><p>By Ada Bell</p><div id=content><p>{TEXT}</p></div>"
            ),
            Some(lead),
            "First",
        );
    }
}
