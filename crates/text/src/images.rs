//! Pictures of an article: where they are, what their captions say, who took them. Figures and
//! images between headline and end of the text, with what structured data adds.

use courant_model::{CanonicalUrl, Image};

use crate::body::Body;
use crate::captions::{Known, credit_line, split};
use crate::html::dom::{attribute, collapsed, value_of};
use crate::html::tokens::Tokens;
use crate::page::Page;
use crate::title::Title;

/// More pictures than this are a gallery; its beginning is kept.
const MOST: usize = 40;
/// A caption is no longer, in weight; what is longer is a part of the page that holds an image.
const CAPTION: usize = 700;

/// Gathers the pictures.
pub(crate) fn find(page: &Page<'_>, title: &Title, body: &Body) -> Vec<Image> {
    let mut found: Vec<Image> = Vec::new();
    let known = Known::new(&page.hints.agencies, crate::title::site_names(page));
    let (from, to) = span(page, title, body);
    for (at, part) in page.blocks.parts.iter().enumerate() {
        let in_span = part.blocks.start >= from && part.blocks.start <= to;
        if !matches!(part.name(), "img" | "amp-img") || !in_span || found.len() >= MOST || is_decoration(page, at) {
            continue;
        }
        let Some(url) = source(page, at) else { continue };
        let (caption, credit) = caption(page, at, body, &known);
        add(&mut found, Image { url, caption, credit });
    }
    for picture in &page.structured.pictures {
        let Some(url) = page.resolve(&picture.url).filter(|url| url.scheme().starts_with("http")) else { continue };
        let (caption, mut credit) = picture.caption.as_deref().map_or((None, None), |text| split(text, &known));
        credit = picture.credit.as_deref().map(credit_line).or(credit);
        let is_known = found.iter().any(|image| file(&image.url) == file(url.as_str()));
        let tells = caption.is_some() || credit.is_some() || found.is_empty();
        if is_known || found.len() < MOST && tells {
            add(&mut found, Image { url: url.to_string(), caption, credit });
        }
    }
    if found.is_empty()
        && let Some(url) =
            page.head.first(&["og:image", "og:image:url", "twitter:image"]).and_then(|href| page.resolve(href))
    {
        found.push(Image { url: url.to_string(), caption: None, credit: None });
    }
    found
}

/// The blocks between which pictures are the article's.
fn span(page: &Page<'_>, title: &Title, body: &Body) -> (usize, usize) {
    let container = body.container.map(|part| page.blocks.parts[part].blocks.clone());
    let first = body.blocks.first().copied().or(container.as_ref().map(|range| range.start)).unwrap_or(0);
    let heading = title.part.map(|part| page.blocks.parts[part].blocks.start).filter(|heading| *heading <= first);
    let last = body.blocks.last().copied().unwrap_or(first);
    (heading.unwrap_or(first).saturating_sub(3), last + 2)
}

fn add(found: &mut Vec<Image>, image: Image) {
    match found.iter_mut().find(|known| file(&known.url) == file(&image.url)) {
        Some(known) => {
            known.caption = known.caption.take().or(image.caption);
            known.credit = known.credit.take().or(image.credit);
        }
        None => found.push(image),
    }
}

/// The name of a picture's file: the same picture comes in many sizes.
fn file(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/').find(|part| part.len() > 3).unwrap_or(path)
}

/// Icons, portraits of authors, pictures of teasers and of the outlet itself.
fn is_decoration(page: &Page<'_>, at: usize) -> bool {
    let element = page.blocks.parts[at].element;
    let small = |name: &str| {
        attribute(element, name)
            .and_then(|value| value.trim_end_matches("px").parse::<u32>().ok())
            .is_some_and(|size| size < 80)
    };
    let elsewhere = Tokens::FURNITURE | Tokens::NAV;
    small("width")
        || small("height")
        || page.blocks.above(at).take(6).any(|above| {
            let part = &page.blocks.parts[above];
            let whole = matches!(part.name(), "body" | "main" | "article" | "html");
            matches!(part.name(), "nav" | "footer" | "aside")
                || !whole && part.tokens.meets(elsewhere) && !part.tokens.meets(Tokens::BODY)
        })
}

/// The address of a picture: what a script would load first, for many pages show a placeholder.
fn source(page: &Page<'_>, at: usize) -> Option<String> {
    let element = page.blocks.parts[at].element;
    let lazy = ["data-src", "data-original", "data-lazy-src", "data-full-src"]
        .into_iter()
        .find_map(|name| attribute(element, name));
    let first_of = |set: &'_ str| set.split([',', ' ']).find(|part| !part.is_empty()).map(str::to_owned);
    let href = lazy
        .map(str::to_owned)
        .or_else(|| attribute(element, "src").filter(|src| !src.starts_with("data:")).map(str::to_owned))
        .or_else(|| attribute(element, "srcset").or_else(|| attribute(element, "data-srcset")).and_then(first_of))?;
    let url = page.resolve(&href)?;
    let name = file(url.path()).to_ascii_lowercase();
    let decoration = ["logo", "icon", "avatar", "pixel", "spacer", "blank.", "placeholder", "sprite"]
        .iter()
        .any(|word| name.contains(word));
    let picture = CanonicalUrl::parse(url.as_str()).is_some() && !name.ends_with(".svg") && !decoration;
    picture.then(|| url.to_string())
}

/// Caption and credit of the picture at `at`: of its figure, else of the smallest part round it that
/// holds a little text and none of the article.
fn caption(page: &Page<'_>, at: usize, body: &Body, known: &Known<'_>) -> (Option<String>, Option<String>) {
    let blocks = &page.blocks;
    for above in blocks.above(at).skip(1).take(6) {
        let part = &blocks.parts[above];
        let range = part.blocks.clone();
        if matches!(part.name(), "article" | "main" | "body" | "section")
            || range.clone().any(|block| body.blocks.contains(&block))
        {
            break;
        }
        let weight = blocks.weight(range.clone());
        if weight > CAPTION {
            break;
        }
        if weight > 0 {
            return read_caption(page, above, known);
        }
        if part.name() == "figure" {
            break;
        }
    }
    // A table or a paragraph may hold the picture, and its neighbour of that name the caption.
    let own = blocks.parts[at].blocks.start;
    let next = blocks
        .blocks
        .get(own)
        .filter(|block| block.weight > 0 && block.weight <= CAPTION && !body.blocks.contains(&own));
    let named = next.is_some_and(|block| {
        blocks.above(block.part).take(2).any(|above| {
            let part = &blocks.parts[above];
            part.tokens.meets(Tokens::CAPTION) && !matches!(part.name(), "body" | "main" | "article")
        })
    });
    match next {
        Some(block) if named => read_caption(page, block.part, known),
        _ => (None, None),
    }
}

/// Caption and credit out of the text of `part`: an element that is called credit, else the shape of
/// the text.
fn read_caption(page: &Page<'_>, part: usize, known: &Known<'_>) -> (Option<String>, Option<String>) {
    let blocks = &page.blocks;
    let text = blocks.text(part);
    let credited = (part + 1..blocks.parts[part].end).find(|at| {
        let element = blocks.parts[*at].element;
        let named = ["class", "itemprop", "id"].iter().filter_map(|name| value_of(element, name)).any(is_credit_name);
        let text = blocks.text(*at);
        named && !text.is_empty() && text.chars().count() <= 120
    });
    let Some(credited) = credited else { return split(&text, known) };
    let credit = blocks.text(credited);
    let caption = text.replacen(&credit, "", 1);
    let caption = collapsed(caption.trim().trim_end_matches(['-', '–', '|', '/', '(', ')', ':', ' ', ',']));
    let credit = credit_line(&credit);
    (Some(caption).filter(|caption| !caption.is_empty()), Some(credit).filter(|credit| !credit.is_empty()))
}

fn is_credit_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = [
        "credit",
        "copyright",
        "photog",
        "bildnachweis",
        "fotograf",
        "autor-foto",
        "foto-autor",
        "source",
        "quelle",
        "byline",
    ];
    words.iter().any(|word| name.contains(word))
        || name.split(['-', '_', ' ']).any(|part| matches!(part, "foto" | "autor" | "author" | "fuente" | "photo"))
            && !name.contains("caption")
            && !name.contains("container")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agencies::Agencies;
    use crate::{Hints, body, title};
    use url::Url;

    fn known() -> Agencies {
        Agencies::of(&[("Agence France-Presse", &["AFP"])])
    }

    #[test]
    fn pictures_of_the_article_are_found_with_what_is_said_of_them() {
        let text =
            "A paragraph of the article that says enough to be taken for what it is, and a little more. ".repeat(2);
        let html = format!(
            "<nav><img src=/nav.jpg></nav><h1>A headline</h1>\
             <figure><img data-src=/a.jpg src=data:image/gif;base64,AA><figcaption>A court <span class=credit>Jane Roe / AFP</span></figcaption></figure>\
             <div class=text><p>{text}</p><div class=imagen><img src=/b.jpg><div class=pie>Two judges <em class=credito>Foto: Rui Sá</em></div></div><p>{text}</p></div>\
             <aside><img src=/teaser.jpg></aside>"
        );
        let (html, _) = crate::html::dom::parse(&html);
        let url = Url::parse("https://example.org/a").expect("an address");
        let hints = Hints { agencies: known().into(), ..Hints::default() };
        let page = Page::of(&html, &url, &hints);
        let title = title::find(&page);
        let body = body::find(&page, &title, &body::Lines::of(&page, &title), body::Trees::shipped());
        let image = |url: &str, caption: &str, credit: &str| Image {
            url: url.to_owned(),
            caption: Some(caption.to_owned()),
            credit: Some(credit.to_owned()),
        };
        assert_eq!(
            find(&page, &title, &body),
            [
                image("https://example.org/a.jpg", "A court", "Jane Roe / AFP"),
                image("https://example.org/b.jpg", "Two judges", "Rui Sá")
            ]
        );
    }
}
