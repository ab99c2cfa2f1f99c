//! What the outlet files an article under: its section and its tags. Structured data and `meta` first,
//! then what the page prints: the piece of `<title>` between headline and outlet, the line over the
//! headline, links that are marked as tags.

use std::collections::HashSet;

use crate::fold::fold;
use crate::html::dom::attribute;
use crate::page::Page;
use crate::title::{self, Title};

/// More tags than this are a dictionary.
const MOST: usize = 30;
/// A label is no longer, in characters.
const LONGEST: usize = 80;

/// The section as the outlet names it.
pub(crate) fn section(page: &Page<'_>, title: &Title) -> Option<String> {
    let metas = ["article:section", "og:article:section", "section", "parsely-section", "cxenseparse:section"];
    let fits = |section: &String| section.chars().count() <= LONGEST;
    page.trace.first(
        "section",
        &[
            ("json-ld", &|| page.structured.section.clone().filter(fits)),
            ("meta", &|| page.head.first(&metas).map(str::to_owned).filter(fits)),
            ("microdata", &|| page.microdata.section.clone().filter(fits)),
            ("title", &|| in_title(page, title)),
            ("over the headline", &|| over_headline(page, title)),
        ],
        String::clone,
    )
}

/// `Headline | Section | Outlet`.
fn in_title(page: &Page<'_>, title: &Title) -> Option<String> {
    let pieces: Vec<&str> = page.head.title.split(" | ").map(str::trim).collect();
    let [headline, section, outlet] = pieces[..] else { return None };
    let fits = fold(headline) == fold(&title.text) && title::is_site(page, outlet) && is_label(page, section);
    fits.then(|| section.to_owned())
}

/// The line over the headline: a kicker, or a path of which the last step is the section.
fn over_headline(page: &Page<'_>, title: &Title) -> Option<String> {
    let heading = page.blocks.parts[title.part?].blocks.start;
    (1..=2).filter_map(|back| heading.checked_sub(back)).find_map(|at| {
        let block = page.blocks.blocks.get(at).filter(|block| (2..=120).contains(&block.weight))?;
        let path = block.text.contains(['›', '>', '»', '→']);
        if !path && block.links.len() > 1 {
            return None;
        }
        let pieces = block
            .text
            .split(['›', '>', '»', '→', '|', '•', '\u{3000}'])
            .flat_map(|piece| piece.split(" / "))
            .map(str::trim);
        let pieces: Vec<&str> = pieces.collect();
        let piece = if path { pieces.last() } else { pieces.iter().find(|piece| is_label(page, piece)) };
        piece.filter(|piece| is_label(page, piece)).map(|piece| (*piece).to_owned())
    })
}

/// Whether a short text can name a section.
fn is_label(page: &Page<'_>, text: &str) -> bool {
    let length = text.chars().count();
    let plain = !text.contains(|c: char| c.is_numeric() || matches!(c, '.' | '?' | '!' | ':' | '©' | '@'));
    (2..=40).contains(&length) && text.split_whitespace().count() <= 4 && plain && !title::is_site(page, text)
}

/// The outlet's own keywords, each once.
pub(crate) fn tags(page: &Page<'_>) -> Vec<String> {
    let listed = || {
        let keys = ["keywords", "news_keywords", "parsely-tags", "sailthru.tags"];
        let list = keys.into_iter().find_map(|key| page.head.meta_value(key)).unwrap_or_default();
        list.split([',', ';', '،', '、', '\u{FF0C}']).map(|tag| tag.trim().to_owned()).collect::<Vec<_>>()
    };
    let some = |gathered: Vec<String>| {
        let mut seen = HashSet::new();
        let fits = |tag: &String| !tag.is_empty() && tag.chars().count() <= LONGEST;
        let tags = gathered.into_iter().filter(fits).filter(|tag| seen.insert(fold(tag))).take(MOST);
        Some(tags.collect::<Vec<String>>()).filter(|tags| !tags.is_empty())
    };
    let found = page.trace.first(
        "tags",
        &[
            ("json-ld", &|| some(page.structured.keywords.clone())),
            ("article:tag", &|| some(page.head.values("article:tag").map(str::to_owned).collect())),
            ("keywords", &|| some(listed())),
            ("printed", &|| some(printed(page))),
        ],
        |tags| tags.join(", "),
    );
    found.unwrap_or_default()
}

/// Tags on the page: links with `rel=tag`, else a line of words in a part that is called tags.
fn printed(page: &Page<'_>) -> Vec<String> {
    const NAMES: &[&str] =
        &["tags", "tag-list", "taglist", "keywords", "etiquetas", "temas", "topics", "schlagworte", "labels"];
    let blocks = &page.blocks;
    let marked = (0..blocks.parts.len()).filter(|at| {
        let rel = attribute(blocks.parts[*at].element, "rel").unwrap_or_default();
        blocks.parts[*at].name() == "a" && rel.split_ascii_whitespace().any(|rel| rel == "tag")
    });
    let marked: Vec<String> = marked.map(|at| blocks.text(at)).collect();
    if !marked.is_empty() {
        return marked;
    }
    let line = blocks.blocks.iter().find(|block| {
        let named = |part: usize| {
            attribute(blocks.parts[part].element, "class")
                .is_some_and(|class| class.split_ascii_whitespace().any(|name| NAMES.contains(&name)))
        };
        block.weight <= 400 && blocks.above(block.part).take(2).any(named)
    });
    let Some(line) = line else { return Vec::new() };
    let words = line.text.split_once(':').map_or(line.text.as_str(), |(_, words)| words);
    words.split([',', ';', '،', '、']).map(|word| word.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hints;
    use url::Url;

    fn check(html: &str, expected: Option<&str>, expected_tags: &[&str]) {
        let (html, _) = crate::html::dom::parse(html);
        let url = Url::parse("https://www.northern-ledger.example/a").expect("an address");
        let hints = Hints::default();
        let page = Page::of(&html, &url, &hints);
        let title = title::find(&page);
        assert_eq!(section(&page, &title).as_deref(), expected);
        assert_eq!(tags(&page), expected_tags);
    }

    #[test]
    fn what_the_head_says_comes_first() {
        check(
            "<meta property='article:section' content=Tech><meta name=keywords content='a, b, A'><h1>Head</h1>",
            Some("Tech"),
            &["a", "b"],
        );
    }

    #[test]
    fn what_the_page_prints_is_read() {
        check("<title>A head line | Mundo | Northern Ledger</title><h1>A head line</h1>", Some("Mundo"), &[]);
        check(
            "<title>A head line</title><p><a href=/>Home</a> › Politics</p><h1>A head line</h1>",
            Some("Politics"),
            &[],
        );
        check("<title>A head line</title><p>19 июля 2021, 18:42 | Мир</p><h1>A head line</h1>", Some("Мир"), &[]);
        check(
            "<title>A head line</title><p>19 July 2021</p><h1>A head line</h1><div class=temas>Temas: uno, dos</div>",
            None,
            &["uno", "dos"],
        );
        check("<h1>A head line</h1><a rel='tag nofollow' href=/t>Spyware</a>", None, &["Spyware"]);
    }
}
