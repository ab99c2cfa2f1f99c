//! The passages of a page as evidence: which of them are the text, and why the others are not.

use courant_model::Reading;

use super::{Body, THRESHOLD};
use crate::evidence::Passage;
use crate::fold::fold;
use crate::html::tokens::Tokens;
use crate::page::Page;

/// More passages than this are no page that anybody reads on.
const MOST: usize = 2_000;

/// Tells the trace of `page` its passages.
pub(crate) fn tell(page: &Page<'_>, body: &Body, reading: &Reading) {
    if !page.trace.is_on() {
        return;
    }
    let standfirst = fold(reading.standfirst.as_deref().unwrap_or_default());
    let title = fold(&reading.title);
    let says_something = page.blocks.blocks.iter().enumerate().filter(|(_, block)| block.weight > 0);
    for (at, block) in says_something.take(MOST) {
        let likely = body.judged.iter().find(|(judged, _)| *judged == at).map(|(_, likely)| *likely);
        let kept = body.structured.is_empty() && body.blocks.contains(&at);
        let folded = fold(&block.text);
        let dropped = || match likely {
            _ if folded == title => "the headline".to_owned(),
            _ if block.weight >= 25 && standfirst.contains(&folded.replace('\n', " ")) => "the standfirst".to_owned(),
            _ if !body.structured.is_empty() => "the text is taken from json-ld".to_owned(),
            _ if page.rule.body.is_some() => "the outlet's rule leaves it out".to_owned(),
            Some(likely) if likely < THRESHOLD => format!("below {THRESHOLD}"),
            Some(_) => "a repeat, a heading of nothing, or a line of names".to_owned(),
            None => veto(page, body, at),
        };
        page.trace.passage(Passage {
            text: block.text.clone(),
            place: place(page, block.part),
            likely,
            dropped: (!kept).then(dropped),
        });
    }
}

/// Why a block was not even judged.
fn veto(page: &Page<'_>, body: &Body, at: usize) -> String {
    let part = page.blocks.blocks[at].part;
    let called = |tokens: Tokens| page.blocks.above(part).find(|above| page.blocks.parts[*above].tokens.meets(tokens));
    let is = |list: &[bool]| list.get(at) == Some(&true);
    if body.captions[at] {
        return "stands under a picture".to_owned();
    }
    if is(&body.certain) {
        return match called(Tokens::CONSENT | Tokens::COMMENT) {
            Some(above) if page.blocks.parts[above].tokens.meets(Tokens::COMMENT) => {
                format!("comments: {}", name(page, above))
            }
            Some(above) => format!("consent: {}", name(page, above)),
            None => "an article that follows".to_owned(),
        };
    }
    if is(&body.named) {
        let tags = ["nav", "footer", "aside", "figure", "menu", "header"];
        let tagged = page.blocks.above(part).find(|above| tags.contains(&page.blocks.parts[*above].name()));
        let named = called(Tokens::FURNITURE | Tokens::CAPTION | Tokens::META | Tokens::NAV);
        return named
            .or(tagged)
            .map_or_else(|| "furniture".to_owned(), |above| format!("furniture: {}", name(page, above)));
    }
    "a line of who, when, whose photo, or what else to read".to_owned()
}

/// An element and, where it has no name of its own, the nearest above that has one.
fn place(page: &Page<'_>, part: usize) -> String {
    let own = name(page, part);
    if own.contains(['.', '#']) {
        return own;
    }
    let named = page.blocks.above(part).skip(1).map(|above| name(page, above)).find(|name| name.contains(['.', '#']));
    named.map_or_else(|| own.clone(), |above| format!("{above} > {own}"))
}

/// `div.article-body`, `section#comments`, `p`.
fn name(page: &Page<'_>, part: usize) -> String {
    let part = &page.blocks.parts[part];
    let first = |name: &str| {
        let value = crate::html::dom::attribute(part.element, name)?;
        value.split_ascii_whitespace().next().map(|word| word.chars().take(40).collect::<String>())
    };
    match (first("class"), first("id")) {
        (Some(class), _) => format!("{}.{class}", part.name()),
        (None, Some(id)) => format!("{}#{id}", part.name()),
        (None, None) => part.name().to_owned(),
    }
}
