//! An article's text: the small part of Markdown that the bundled articles use, cut into blocks.
//!
//! Paragraphs, `##` subheadings, quotations, bullet lists, links and emphasis. How a block looks in HTML is the
//! template's business, since no two outlets agree; this module yields the block's kind and what is inside it.
//! Anything else (a numbered list, raw HTML) is a mistake of the file and is named.

use anyhow::bail;
use minijinja::Value;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd, html};
use serde::Serialize;

/// One block of an article's text, ready for a template.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Block {
    /// `paragraph`, `heading`, `quote` or `list`.
    pub(super) kind: &'static str,
    /// What is inside, as safe HTML; empty for a list.
    html: Value,
    /// A list's items, as safe HTML.
    items: Vec<Value>,
    /// The words alone.
    #[serde(skip)]
    pub(super) words: String,
}

/// Cuts `markdown` into blocks; `link` gives the address that stands for each link's target.
pub(super) fn blocks(
    markdown: &str,
    mut link: impl FnMut(&str) -> anyhow::Result<String>,
) -> anyhow::Result<Vec<Block>> {
    let mut blocks = Vec::new();
    let mut block: Vec<Event> = Vec::new();
    let mut depth = 0_usize;
    for event in Parser::new(markdown) {
        let event = match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                Event::Start(Tag::Link { link_type, dest_url: link(&dest_url)?.into(), title, id })
            }
            known @ (Event::Start(_) | Event::End(_) | Event::Text(_) | Event::SoftBreak) => known,
            other => bail!("the text holds {other:?}, which the demo's articles do not use"),
        };
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        block.push(event);
        if depth == 0 {
            blocks.push(finish(&block)?);
            block.clear();
        }
    }
    Ok(blocks)
}

/// A whole top-level block, its own start and end included.
fn finish(events: &[Event]) -> anyhow::Result<Block> {
    let kind = match events.first() {
        Some(Event::Start(Tag::Paragraph)) => "paragraph",
        Some(Event::Start(Tag::Heading { level: HeadingLevel::H2, .. })) => "heading",
        Some(Event::Start(Tag::BlockQuote(None))) => "quote",
        Some(Event::Start(Tag::List(None))) => "list",
        Some(Event::Start(Tag::List(Some(first)))) => {
            bail!("a paragraph starts with \"{first}.\", which makes it a numbered list: start it with another word")
        }
        other => bail!("the text holds {other:?}, which the demo's articles do not use"),
    };
    let parts: Vec<&[Event]> = if kind == "list" {
        events.split(|e| matches!(e, Event::Start(Tag::Item))).skip(1).collect()
    } else {
        vec![events]
    };
    let mut inside: Vec<Value> = Vec::new();
    for part in parts {
        inside.push(Value::from_safe_string(inline_html(part)?));
    }
    let words = events.iter().map(|e| match e {
        Event::Text(text) => text,
        Event::SoftBreak | Event::End(TagEnd::Item) => " ",
        _ => "",
    });
    let words = words.collect();
    Ok(if kind == "list" {
        Block { kind, html: Value::from(""), items: inside, words }
    } else {
        Block { kind, html: inside.pop().unwrap_or_default(), items: Vec::new(), words }
    })
}

/// The inline events of a part as HTML; the blocks around them are the template's to print.
fn inline_html(events: &[Event]) -> anyhow::Result<String> {
    let mut inline = Vec::new();
    for event in events {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Emphasis | Tag::Strong)
            | Event::End(TagEnd::Link | TagEnd::Emphasis | TagEnd::Strong)
            | Event::Text(_)
            | Event::SoftBreak => inline.push(event.clone()),
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::BlockQuote(_)) | Event::End(_) => {}
            other => bail!("the text holds {other:?}, which the demo's articles do not use"),
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, inline.into_iter());
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(markdown: &str) -> Vec<(&'static str, String)> {
        let link = |to: &str| Ok(to.replace("demo:", "http://x.localhost/"));
        let shown = |b: Block| {
            let items: Vec<String> = b.items.iter().map(ToString::to_string).collect();
            (b.kind, if items.is_empty() { b.html.to_string() } else { items.join(" / ") })
        };
        blocks(markdown, link).unwrap().into_iter().map(shown).collect()
    }

    #[test]
    fn each_kind_of_block_is_told_apart() {
        let found = read("One & two.\n\n## Head\n\n> Said *she*.\n\n- a\n- b [c](demo:o/s)\n\nEnd.");
        assert_eq!(found[0], ("paragraph", "One &amp; two.".to_owned()));
        assert_eq!(found[1], ("heading", "Head".to_owned()));
        assert_eq!(found[2], ("quote", "Said <em>she</em>.".to_owned()));
        assert_eq!(found[3], ("list", "a / b <a href=\"http://x.localhost/o/s\">c</a>".to_owned()));
        assert_eq!(found[4], ("paragraph", "End.".to_owned()));
    }

    #[test]
    fn words_are_without_marks() {
        let found = blocks("A [link](https://x.org/) and\nmore.\n\n- a\n- b", |to| Ok(to.to_owned())).unwrap();
        assert_eq!(found[0].words, "A link and more.");
        assert_eq!(found[1].words.trim(), "a b");
    }

    #[test]
    fn what_the_format_does_not_have_is_refused() {
        let refused = |markdown: &str| blocks(markdown, |to| Ok(to.to_owned())).unwrap_err().to_string();
        assert!(refused("19. Juli war es.").contains("starts with \"19.\""));
        assert!(refused("# Title").contains("which the demo's articles do not use"));
        assert!(refused("a <b>c</b>").contains("which the demo's articles do not use"));
        assert!(refused("- a\n  - b").contains("which the demo's articles do not use"));
        assert!(refused("```\ncode\n```").contains("which the demo's articles do not use"));
    }

    #[test]
    fn a_link_that_leads_nowhere_stops_the_reading() {
        let error = blocks("[x](demo:a/b)", |to| bail!("no article {to}")).unwrap_err();
        assert_eq!(error.to_string(), "no article demo:a/b");
    }
}
