//! Who wrote it: persons first, from the most telling source that names any; organisations last, and
//! typed as such.
//!
//! In order: the outlet's rule, JSON-LD, microdata, parts of the page that are called author or byline, `meta`, lines
//! near the headline that begin with a byline word. A desk or the outlet itself is
//! nobody; where a source names it and nobody else is found, it is an organisation.

mod names;

use courant_model::Author;

use crate::evidence::LATER;
use crate::fold::fold;
use crate::html::dom::{spaced_text_of, value_of};
use crate::html::json_ld::Named;
use crate::html::tokens::Tokens;
use crate::page::Page;
use crate::title::Title;

pub(crate) use names::Names;

/// More authors than this are a list of contributors, or a mistake.
const MOST: usize = 12;

/// Finds the authors; the note says where.
pub(crate) fn find(page: &Page<'_>, title: &Title, body: &[usize]) -> (Vec<Author>, Option<&'static str>) {
    let names = Names::of(page);
    let sources: [(&'static str, &dyn Fn() -> Vec<Named>); 6] = [
        ("rule", &|| page.rule.authors.iter().map(|name| person(name)).collect()),
        ("json-ld", &|| page.structured.authors.clone()),
        ("microdata", &|| page.microdata.authors.clone()),
        ("byline", &|| marked(page, title, body, &names)),
        ("meta", &|| from_metas(page)),
        ("line", &|| lines(page, title, body, &names)),
    ];
    let mut organisations: Vec<Author> = Vec::new();
    let mut alone: Option<(Author, &'static str)> = None;
    let mut house: Option<Author> = None;
    let mut taken: Option<(Vec<Author>, &'static str)> = None;
    for (source, gather) in sources {
        if taken.is_some() {
            // Only to be told.
            if !page.trace.is_on() {
                break;
            }
            for named in gather() {
                page.trace.refused("authors", source, || named.name, || LATER.to_owned());
            }
            continue;
        }
        let mut persons: Vec<Author> = Vec::new();
        for named in gather() {
            if house.is_none() && source != "line" {
                house = names.house(&named.name).map(|name| Author { name, organisation: true });
            }
            let authors = names.authors(&named, source);
            if authors.is_empty() {
                let why = || match names.house(&named.name) {
                    Some(_) => "the outlet or a desk".to_owned(),
                    None => "no name of a person".to_owned(),
                };
                page.trace.refused("authors", source, || named.name.clone(), why);
            }
            for author in authors {
                let list = if author.organisation { &mut organisations } else { &mut persons };
                if !list.iter().any(|known| same(&known.name, &author.name)) {
                    list.push(author);
                }
            }
        }
        // One word is a name only where nothing better is found.
        if persons.len() == 1
            && persons[0].name.split_whitespace().count() == 1
            && !names::is_cjk_name(&persons[0].name)
        {
            alone = alone.or_else(|| persons.pop().map(|author| (author, source)));
            continue;
        }
        // Teasers bear microdata of their own authors.
        let most = if source == "microdata" { 4 } else { MOST };
        if !persons.is_empty() && persons.len() <= most {
            let agencies = organisations.iter().filter(|organisation| names.is_agency(&organisation.name));
            persons.extend(agencies.cloned());
            for author in &persons {
                page.trace.took("authors", source, || author.name.clone());
            }
            taken = Some((persons, source));
        } else {
            for author in &persons {
                page.trace.refused("authors", source, || author.name.clone(), || "too many there".to_owned());
            }
        }
    }
    if let Some((persons, source)) = taken {
        if let Some((author, source)) = alone {
            let why = || "one word, and a fuller name was found".to_owned();
            page.trace.refused("authors", source, || author.name, why);
        }
        return (persons, Some(source));
    }
    if let Some((author, source)) = alone {
        page.trace.took("authors", source, || author.name.clone());
        return (vec![author], Some(source));
    }
    if organisations.is_empty() {
        let marked = || marked_house(page, &names).map(|name| Author { name, organisation: true });
        organisations.extend(house.or_else(marked));
    }
    organisations.truncate(2);
    for organisation in &organisations {
        page.trace.took("authors", "organisation", || organisation.name.clone());
    }
    let source = (!organisations.is_empty()).then_some("organisation");
    (organisations, source)
}

fn same(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

fn person(name: &str) -> Named {
    Named { name: name.to_owned(), organisation: false }
}

/// Authors in `meta`.
fn from_metas(page: &Page<'_>) -> Vec<Named> {
    const KEYS: &[&str] = &[
        "author",
        "article:author",
        "og:article:author",
        "dc.creator",
        "dcterms.creator",
        "dc.contributor",
        "parsely-author",
        "sailthru.author",
        "byl",
        "cxenseparse:author",
        "article:author_name",
        "citation_author",
        "article.author",
        "authors",
        "creator",
        "twitter:data1",
        "rbauthors",
        "mrf:authors",
    ];
    for key in KEYS {
        let names: Vec<Named> = page
            .head
            .values(key)
            .filter(|value| !value.contains("://") && !value.starts_with('@') && value.len() < 300)
            .filter(|_| *key != "twitter:data1" || page.head.meta_value("twitter:label1").is_some_and(is_byline_label))
            .map(|value| match value.split_once(", ") {
                // Catalogues of libraries put the family name first.
                Some((family, given)) if swaps(key) && !family.contains(' ') && !given.contains([',', ' ']) => {
                    person(&format!("{given} {family}"))
                }
                _ => person(value),
            })
            .collect();
        if !names.is_empty() {
            return names;
        }
    }
    Vec::new()
}

fn swaps(key: &str) -> bool {
    key.starts_with("dc") || key.starts_with("citation")
}

fn is_byline_label(label: &str) -> bool {
    let label = fold(label);
    crate::lexicon::every().bylines.iter().any(|word| label.starts_with(word.as_str()))
}

/// The block that the headline stands in, else the first of the text.
fn headline_block(page: &Page<'_>, title: &Title, body: &[usize]) -> usize {
    match title.part {
        Some(part) => page.blocks.parts[part].blocks.start,
        None => body.first().copied().unwrap_or(0),
    }
}

/// Names in parts that are called author or byline, the nearest to the headline first.
fn marked(page: &Page<'_>, title: &Title, body: &[usize], names: &Names) -> Vec<Named> {
    let blocks = &page.blocks;
    let from = headline_block(page, title, body);
    let elsewhere = Tokens::RELATED | Tokens::COMMENT | Tokens::CONSENT | Tokens::CAPTION;
    let mut found: Vec<(usize, usize, Vec<Named>)> = Vec::new();
    // Whether a byline stands behind the headline, with or without a person.
    let mut behind = false;
    let mut at = 0;
    while at < blocks.parts.len() && found.len() < 200 {
        let part = &blocks.parts[at];
        let rel =
            value_of(part.element, "rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel == "author"));
        let itemprop = value_of(part.element, "itemprop") == Some("author");
        let is_mark = rel || itemprop || part.tokens.meets(Tokens::AUTHOR);
        let skip = !is_mark
            || part.tokens.meets(elsewhere)
            || matches!(part.name(), "body" | "html" | "main" | "article" | "img");
        if skip || lies_elsewhere(page, at, elsewhere) {
            at += 1;
            continue;
        }
        let text = spaced_text_of(part.node);
        behind |= part.blocks.start >= from && (1..=160).contains(&text.chars().count());
        let persons = if text.chars().count() <= 160 { names.persons(&text, rel || itemprop) } else { Vec::new() };
        if persons.is_empty() {
            at += 1;
            continue;
        }
        let block = part.blocks.start;
        let distance = if block >= from { (block - from) * 2 } else { (from - block) * 2 + 3 };
        found.push((distance, block, persons.into_iter().map(|name| person(&name)).collect()));
        at = part.end;
    }
    found.retain(|(_, block, _)| !behind || *block >= from);
    let Some(nearest) = found.iter().map(|(distance, ..)| *distance).min() else { return Vec::new() };
    let Some(first) = found.iter().find(|(distance, ..)| *distance == nearest).map(|(_, block, _)| *block) else {
        return Vec::new();
    };
    // Several authors stand each in a mark of their own, side by side.
    let beside = |block: usize| block.abs_diff(first) <= 4 && (block >= from) == (first >= from);
    found.into_iter().filter(|(_, block, _)| beside(*block)).flat_map(|(.., names)| names).collect()
}

/// The outlet or a desk in a part that is called author or byline.
fn marked_house(page: &Page<'_>, names: &Names) -> Option<String> {
    let elsewhere = Tokens::RELATED | Tokens::COMMENT | Tokens::CONSENT | Tokens::CAPTION | Tokens::NAV;
    let parts = page.blocks.parts.iter().enumerate();
    let marks = parts.filter(|(_, part)| {
        let rel = value_of(part.element, "rel") == Some("author");
        let named = part.tokens.meets(Tokens::AUTHOR) && !part.tokens.meets(elsewhere);
        (rel || named) && !matches!(part.name(), "body" | "html" | "main" | "article" | "img")
    });
    marks.filter(|(at, _)| !lies_elsewhere(page, *at, elsewhere)).take(40).find_map(|(_, part)| {
        let text = spaced_text_of(part.node);
        if text.chars().count() > 80 {
            return None;
        }
        names.house(names.without_bylines(&text))
    })
}

fn lies_elsewhere(page: &Page<'_>, at: usize, elsewhere: Tokens) -> bool {
    page.blocks.above(at).skip(1).any(|above| {
        let part = &page.blocks.parts[above];
        let whole_page = matches!(part.name(), "html" | "body" | "main");
        !whole_page
            && (part.tokens.meets(elsewhere) && !part.tokens.meets(Tokens::BODY)
                || matches!(part.name(), "nav" | "figure"))
    })
}

/// Names in short lines round the headline and at the end of the text that begin with a byline word.
fn lines(page: &Page<'_>, title: &Title, body: &[usize], names: &Names) -> Vec<Named> {
    let blocks = &page.blocks.blocks;
    let from = headline_block(page, title, body);
    let first = body.first().copied().unwrap_or(from);
    let last = body.last().copied().unwrap_or(from);
    let head = from.saturating_sub(3)..(from + 14).max(first + 2).min(from + 30);
    let tail = last.saturating_sub(1)..last + 4;
    for at in head.chain(tail) {
        let Some(block) = blocks.get(at).filter(|block| block.weight > 0 && block.weight <= 200) else { continue };
        if block.weight <= 24 && names.is_byline_word(&block.text) {
            let next = blocks.get(at + 1).filter(|next| (3..=80).contains(&next.weight));
            let persons = next.map(|next| names.persons(&next.text, false)).unwrap_or_default();
            if !persons.is_empty() {
                return persons.into_iter().map(|name| person(&name)).collect();
            }
        }
        let cuts = ['\n', '|', '·', '•', '\u{3000}'];
        let parts = block.text.split(cuts).map(|part| names.after_byline(part));
        let parts = parts.chain(std::iter::once_with(|| match block.weight <= 120 {
            true => names.behind_date(&block.text),
            false => Vec::new(),
        }));
        if let Some(persons) = parts.into_iter().find(|persons| !persons.is_empty()) {
            return persons.into_iter().map(|name| person(&name)).collect();
        }
    }
    signature(page, last, names)
}

/// A line of nothing but names right under the text, or as its last line.
fn signature(page: &Page<'_>, last: usize, names: &Names) -> Vec<Named> {
    for at in [last, last + 1] {
        let Some(block) =
            page.blocks.blocks.get(at).filter(|block| (6..=60).contains(&block.weight) && block.links.is_empty())
        else {
            continue;
        };
        let persons = names.only(&block.text);
        if !persons.is_empty() {
            return persons.into_iter().map(|name| person(&name)).collect();
        }
    }
    // The last paragraph ends with its author in brackets.
    let inner = page.blocks.blocks.get(last).and_then(|block| {
        let text = block.text.trim_end_matches(|c: char| matches!(c, '+' | '*' | '.' | '/' | '-') || c.is_whitespace());
        text.strip_suffix(')')?.rsplit_once('(').map(|(_, inner)| inner)
    });
    let persons = inner.filter(|inner| inner.len() <= 60).map(|inner| names.only(inner)).unwrap_or_default();
    persons.into_iter().map(|name| person(&name)).collect()
}

#[cfg(test)]
mod tests;
