//! The reading of one page, step by step: bytes, text, DOM, page taken apart; then headline, body,
//! people, dates and the rest, each by its own file. Notes say where each thing came from and what
//! was odd.

use courant_model::{Language, PageKind, Reading};
use url::Url;

use crate::body::{Body, Lines, Trees};
use crate::evidence::{Evidence, Trace};
use crate::page::Page;
use crate::{
    Hints, authors, body, charset, claims, dateline, foreign, html, images, kind, labels, links, published, rights,
    rules, sources, standfirst, title,
};

/// How much of a page is decoded, in bytes: some more than the DOM takes, for encodings differ.
const BYTES: usize = 12 * 1024 * 1024;

/// Reads a page. `content_type` is the HTTP header as received, `url` the final address.
///
/// Never fails: what is no page gives an empty reading with a note. A page that is no article keeps
/// what was read of it (title, language, rights), so that a person can see why.
///
/// The standfirst is what the page prints under its headline, and no part of the body.
pub fn read(bytes: &[u8], content_type: Option<&str>, url: &Url, hints: &Hints) -> Reading {
    read_by(bytes, content_type, url, hints, Trees::shipped())
}

/// As [`read()`], with what the reading was made from.
pub fn read_with_evidence(bytes: &[u8], content_type: Option<&str>, url: &Url, hints: &Hints) -> (Reading, Evidence) {
    read_traced(bytes, content_type, url, hints, Trees::shipped(), Trace::on())
}

/// As [`read()`], with the text judged by `trees`.
pub(crate) fn read_by(bytes: &[u8], content_type: Option<&str>, url: &Url, hints: &Hints, trees: &Trees) -> Reading {
    read_traced(bytes, content_type, url, hints, trees, Trace::default()).0
}

fn read_traced(
    bytes: &[u8],
    content_type: Option<&str>,
    url: &Url,
    hints: &Hints,
    trees: &Trees,
    trace: Trace,
) -> (Reading, Evidence) {
    let tld = url.host_str().and_then(|host| host.rsplit('.').next());
    let decoded = charset::decode_html(&bytes[..bytes.len().min(BYTES)], content_type, tld);
    let mut notes: Vec<String> = decoded.note.into_iter().map(|note| format!("encoding: {note}")).collect();
    if is_binary(&decoded.text) {
        notes.push("other: no text".to_owned());
        let encoding = decoded.encoding.to_owned();
        let reading = Reading { encoding, extractor: crate::EXTRACTOR, notes, ..Reading::empty(PageKind::Other) };
        return (reading, trace.end());
    }
    let (dom, cut) = html::dom::parse(&decoded.text);
    notes.extend(cut.map(|note| format!("markup: {note}")));
    let page = Page { trace, ..Page::of(&dom, url, hints) };
    let rule = rules::apply(&page, &mut notes);
    let page = Page { rule, ..page };
    let mut reading = of_page(&page, trees, &mut notes);
    reading.encoding = decoded.encoding.to_owned();
    reading.notes = notes;
    (reading, page.trace.end())
}

/// Whether the bytes were no text: a share of control characters that no encoding of a page has.
fn is_binary(text: &str) -> bool {
    let head = text.chars().take(2_000);
    let (mut odd, mut all) = (0, 0);
    for c in head {
        all += 1;
        odd += usize::from(c == '\0' || c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace()));
    }
    odd * 10 > all
}

fn of_page(page: &Page<'_>, trees: &Trees, notes: &mut Vec<String>) -> Reading {
    let title = title::find(page);
    let lines = Lines::of(page, &title);
    let mut body = body::find(page, &title, &lines, trees);
    let (people, people_from) = authors::find(page, &title, &body.blocks);
    let dates = published::find(page, &title, &body.blocks);
    let (kind, why) = kind::of(page, &title, &body, &dates);
    body.drop_bylines(page, &people);
    let standfirst = standfirst::take(page, &title, &lines, &mut body);
    let images = images::find(page, &title, &body);
    let text = text_of(page, &body);
    let section = labels::section(page, &title);
    let agencies = &page.hints.agencies;
    let dateline = dateline::read(first_paragraph(&text), agencies);
    let credits = credit_lines(page, &body);
    let agency =
        dateline::agency(&dateline, &people, &text, &credits, agencies).filter(|agency| !title::is_site(page, agency));
    let sample = format!("{}\n{}\n{}", title.text, standfirst.as_deref().unwrap_or_default(), text);
    let (language, confidence) = crate::language(&sample, page.hints, page.language);
    let credits = sources::find(page, language, standfirst.as_deref(), &body);
    notes.extend(why);
    notes.extend((!title.text.is_empty()).then(|| format!("title: from {}", title.source)));
    notes.extend(people_from.map(|source| format!("authors: from {source}")));
    notes.extend(foreign::note(&foreign::find(&text, language)).filter(|_| kind == PageKind::Article));
    notes.append(&mut body.notes);
    told_languages(page, language, confidence);
    let reading = Reading {
        kind,
        canonical: page.head.canonical.clone(),
        title: title.text,
        standfirst,
        authors: people,
        published: dates.published,
        modified: dates.modified,
        section,
        tags: labels::tags(page),
        language,
        confidence,
        images,
        credits,
        claims: claims::find(page),
        links: links::find(page, &body.blocks),
        translations: page.head.translations.clone(),
        paywalled: is_paywalled(page),
        dateline: dateline.place,
        agency,
        site_name: page.site_name().map(str::to_owned),
        rights: rights::find(&page.head),
        extractor: page.rule.version.unwrap_or(crate::EXTRACTOR),
        body: text,
        ..Reading::empty(kind)
    };
    body::tell(page, &body, &reading);
    reading
}

/// Tells the trace what speaks for which language.
fn told_languages(page: &Page<'_>, language: Language, confidence: f32) {
    page.trace.took("language", "text and what is known", || format!("{language} ({confidence:.2})"));
    let hints = page.hints;
    let said = page.language.map(|said| ("page", said));
    let said = said.into_iter().chain(hints.header_language.map(|said| ("header", said)));
    let said = said.chain(hints.feed_language.map(|said| ("feed", said)));
    for (source, said) in said.chain(hints.outlet_languages.iter().map(|said| ("outlet", *said))) {
        let why = || if said == language { "the text agrees".to_owned() } else { "the text is in another".to_owned() };
        page.trace.refused("language", source, || said.to_string(), why);
    }
}

/// The body as text: paragraphs parted by an empty line.
fn text_of(page: &Page<'_>, body: &Body) -> String {
    if !body.structured.is_empty() {
        return body.structured.join("\n\n");
    }
    body.blocks.iter().map(|at| page.blocks.blocks[*at].text.as_str()).collect::<Vec<_>>().join("\n\n")
}

fn first_paragraph(text: &str) -> &str {
    text.split("\n\n").next().unwrap_or_default()
}

/// Short lines just before and behind the text, where an agency may be credited.
fn credit_lines<'p>(page: &'p Page<'_>, body: &Body) -> Vec<&'p str> {
    let blocks = &page.blocks.blocks;
    let (Some(first), Some(last)) = (body.blocks.first(), body.blocks.last()) else { return Vec::new() };
    let before = first.saturating_sub(6)..*first;
    let behind = last + 1..(last + 3).min(blocks.len());
    let in_caption = |at: &usize| {
        let block = &blocks[*at];
        body.captions[*at]
            || block.kind == html::blocks::Kind::Caption
            || page.blocks.above(block.part).take(3).any(|above| {
                let part = &page.blocks.parts[above];
                part.name() == "figure" || part.tokens.meets(html::tokens::Tokens::CAPTION)
            })
    };
    before
        .chain(behind)
        .filter(|at| blocks[*at].weight <= 130 && !in_caption(at))
        .map(|at| blocks[at].text.as_str())
        .collect()
}

/// Whether only a part is shown: as structured data, `meta` or a wall in the text says.
fn is_paywalled(page: &Page<'_>) -> bool {
    if page.structured.free == Some(false) {
        return true;
    }
    let tier = page
        .head
        .first(&["article:content_tier", "og:article:content_tier", "content_tier"])
        .map(str::to_ascii_lowercase);
    if tier.is_some_and(|tier| matches!(tier.as_str(), "locked" | "metered" | "premium" | "paid")) {
        return true;
    }
    let walls = html::tokens::Tokens::PAYWALL | html::tokens::Tokens::NEWSLETTER;
    let phrases = &crate::lexicon::walls().paywall;
    page.blocks.blocks.iter().filter(|block| (10..=400).contains(&block.weight)).any(|block| {
        let says = || {
            let folded = crate::fold::fold(&block.text);
            phrases.first(&folded).is_some()
        };
        let called = page.blocks.above(block.part).take(3).any(|above| page.blocks.parts[above].tokens.meets(walls));
        page.structured.free != Some(true) && (called || block.links.len() == 1) && says()
    })
}

#[cfg(test)]
mod tests;
