//! The headline: what the page prints largest, checked against what it says elsewhere, less the name
//! of the outlet.
//!
//! The `h1` that best agrees with structured data, OpenGraph and `<title>` comes first, for those
//! hold teasers and suffixes; an `h1` that nothing supports is a logo or a section.

use crate::evidence::LATER;
use crate::fold::fold;
use crate::html::tokens::Tokens;
use crate::page::{Page, overlap, title_words};

/// An `h1` must have this much in common with another candidate. Tuned by the project's notes on
/// reading pages.
const SUPPORT: f32 = 0.25;

/// A title, and the part it is printed in.
#[derive(Debug, Default)]
pub(crate) struct Title {
    /// The headline.
    pub(crate) text: String,
    /// The `h1` that it stands in.
    pub(crate) part: Option<usize>,
    /// Where it was found.
    pub(crate) source: &'static str,
}

/// Finds the headline; empty where there is none.
pub(crate) fn find(page: &Page<'_>) -> Title {
    let said = said(page);
    let title = choose(page, &said);
    if page.trace.is_on() {
        tell(page, &said, &title);
    }
    title
}

/// Tells the trace which headlines there were.
fn tell(page: &Page<'_>, said: &[(&'static str, String)], title: &Title) {
    let trace = &page.trace;
    trace.took("title", title.source, || title.text.clone());
    let names = site_names(page);
    let agreement = Agreement::of(said);
    for (part, text) in headings(page).into_iter().filter(|(part, _)| Some(*part) != title.part) {
        let support = agreement.with(&title_words(&text));
        let why = || match (names_site(&text, &names), support < SUPPORT) {
            (true, _) => "names the outlet".to_owned(),
            (_, true) => format!("nothing else says so (agreement {support:.2}, needed {SUPPORT})"),
            _ => format!("another h1 agrees better ({support:.2})"),
        };
        trace.refused("title", "h1", || page.blocks.text(part), why);
    }
    for (source, text) in said.iter().filter(|(source, _)| *source != title.source) {
        let same = fold(text) == fold(&title.text);
        let why = || match title.source {
            _ if same => "says the same".to_owned(),
            "rule" => "the outlet's rule goes before".to_owned(),
            "h1" => "an h1 that agrees goes before".to_owned(),
            _ if text.ends_with(['…', '.']) => "cut short, or a less telling source".to_owned(),
            _ => LATER.to_owned(),
        };
        trace.refused("title", source, || text.clone(), why);
    }
}

/// How far a headline agrees with what the page says its title is.
struct Agreement(Vec<Vec<String>>);

impl Agreement {
    fn of(said: &[(&'static str, String)]) -> Self {
        Self(said.iter().map(|(_, text)| title_words(text)).collect())
    }

    /// The best agreement, 0 to 1.
    fn with(&self, words: &[String]) -> f32 {
        self.0.iter().map(|other| overlap(words, other)).fold(0.0, f32::max)
    }
}

fn choose(page: &Page<'_>, said: &[(&'static str, String)]) -> Title {
    if let Some((text, part)) = &page.rule.title {
        return Title { text: text.clone(), part: *part, source: "rule" };
    }
    let site_names = site_names(page);
    let agreement = Agreement::of(said);
    let supported = headings(page)
        .into_iter()
        .map(|(part, text)| {
            let words = title_words(&text);
            let support = agreement.with(&words);
            (part, text, words.len(), support)
        })
        .filter(|(_, text, words, support)| {
            (*support >= SUPPORT || (*words >= 5 && said.is_empty())) && !names_site(text, &site_names)
        })
        .max_by(|a, b| a.3.total_cmp(&b.3));
    if let Some((part, text, ..)) = supported {
        // A kicker inside the h1: another candidate is the end of it.
        let tail = said
            .iter()
            .map(|(_, other)| without_site(other, &site_names, &[]))
            .find(|other| is_tail(&fold(&text), &fold(other)));
        let text = tail.unwrap_or_else(|| without_site(&text, &site_names, &[]));
        return Title { text, part: Some(part), source: "h1" };
    }
    let others: Vec<&str> = said.iter().map(|(_, text)| text.as_str()).collect();
    let whole = |text: &&(&'static str, String)| !text.1.ends_with('…') && !text.1.ends_with("...");
    let best = said.iter().find(whole).or(said.first());
    if let Some((source, text)) = best {
        return Title { text: without_site(text, &site_names, &others), part: None, source };
    }
    match headings(page).into_iter().next() {
        Some((part, text)) => Title { text, part: Some(part), source: "h1" },
        None => Title::default(),
    }
}

/// What the page says its title is, most telling first.
fn said(page: &Page<'_>) -> Vec<(&'static str, String)> {
    let head = &page.head;
    let found = [
        ("json-ld", page.structured.headline.clone()),
        ("microdata", page.microdata.headline.clone()),
        ("og:title", head.meta_value("og:title").map(str::to_owned)),
        (
            "twitter:title",
            head.first(&["twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title"])
                .map(str::to_owned),
        ),
        ("title", Some(head.title.clone())),
    ];
    found.into_iter().filter_map(|(source, text)| Some((source, text.filter(|text| !text.is_empty())?))).collect()
}

/// All `h1` that could be a headline, in order.
fn headings(page: &Page<'_>) -> Vec<(usize, String)> {
    let furniture = Tokens::COMMENT | Tokens::CONSENT | Tokens::RELATED;
    page.parts_named("h1")
        .filter(|part| !page.blocks.above(*part).take(4).any(|at| page.blocks.parts[at].tokens.meets(furniture)))
        .take(20)
        .map(|part| (part, page.blocks.text(part)))
        .filter(|(_, text)| (2..=400).contains(&text.chars().count()))
        .collect()
}

/// What the outlet is called: by the page, and by its host.
pub(crate) fn site_names(page: &Page<'_>) -> Vec<String> {
    let host = page.url.host_str().unwrap_or_default();
    let site = courant_model::site(host).unwrap_or(host);
    let label = site.split('.').next().unwrap_or_default();
    let publisher = page.structured.publisher.as_deref();
    let named = page.site_name().into_iter().chain(publisher);
    let mut names: Vec<String> = named.chain([site, label, host.trim_start_matches("www.")]).map(squeezed).collect();
    names.retain(|name| !name.is_empty());
    names.dedup();
    names
}

/// Whether `name` is the outlet's own.
pub(crate) fn is_site(page: &Page<'_>, name: &str) -> bool {
    names_site(name, &site_names(page))
}

/// Letters and digits only: `Le Monde.fr` is `lemondefr`.
fn squeezed(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn names_site(text: &str, site_names: &[String]) -> bool {
    let text = squeezed(text);
    if text.is_empty() {
        return true;
    }
    site_names.iter().any(|name| {
        let close = |long: &str, short: &str| {
            short.chars().count() >= 3 && long.contains(short) && long.len() <= short.len() * 2 + 4
        };
        *name == text || close(name, &text) || close(&text, name)
    })
}

/// `title` less the parts at its ends that name the outlet, and less a tail without which it is
/// another candidate.
fn without_site(title: &str, site_names: &[String], others: &[&str]) -> String {
    let mut title = title.trim();
    for _ in 0..4 {
        if title.ends_with('…') || title.ends_with("...") {
            break;
        }
        let cuts = separators(title);
        let is_other = |text: &str| others.iter().any(|other| fold(other) == fold(text));
        let tail = cuts.iter().rev().find(|(start, end)| {
            let (head, tail) = (title[..*start].trim(), title[*end..].trim());
            !head.is_empty() && !tail.is_empty() && (names_site(tail, site_names) || is_other(head))
        });
        if let Some((start, _)) = tail {
            title = title[..*start].trim();
            continue;
        }
        match cuts.first() {
            Some((start, end)) if names_site(&title[..*start], site_names) && !title[*end..].trim().is_empty() => {
                title = title[*end..].trim();
            }
            _ => break,
        }
    }
    title.to_owned()
}

/// Where a title may fall into headline and names: start and end of each mark between.
fn separators(title: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, c) in title.char_indices() {
        let end = at + c.len_utf8();
        let spaced = title[..at].ends_with(char::is_whitespace) && title[end..].starts_with(char::is_whitespace);
        // East Asian titles put no blanks round a hyphen.
        let wide_before = title[..at].chars().next_back().is_some_and(|c| !c.is_ascii() && crate::script::is_cjk(c));
        let parts = match c {
            '|' | '\u{FF5C}' | '•' | '·' | '‹' | '›' => true,
            // Marks of quotation, but where they stand alone between blanks.
            '»' | '«' => spaced && title.contains('»') != title.contains('«'),
            '-' | '–' | '—' | '/' | '<' | '>' => spaced || wide_before,
            ':' => spaced || title[end..].starts_with(char::is_whitespace),
            '_' => true,
            _ => false,
        };
        if parts {
            found.push((at, end));
        }
    }
    found
}

/// Whether `other` is the end of `text`, and at least half of it.
fn is_tail(text: &str, other: &str) -> bool {
    text.len() > other.len() && text.ends_with(other) && other.len() * 2 >= text.len() && other.len() >= 12
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hints;
    use url::Url;

    fn check(html: &str, expected: &str) {
        let (html, _) = crate::html::dom::parse(html);
        let url = Url::parse("https://www.northern-ledger.example/a").expect("an address");
        let hints = Hints::default();
        assert_eq!(find(&Page::of(&html, &url, &hints)).text, expected);
    }

    #[test]
    fn a_supported_h1_is_the_headline() {
        check(
            "<title>Leak names 50 buyers - Northern Ledger</title><h1>Northern Ledger</h1><h1>Leak names 50 buyers</h1>",
            "Leak names 50 buyers",
        );
        check(
            "<title>x</title><meta property=og:title content='Who bought it? You will not believe'><h1>Leak names fifty buyers of it</h1>\
             <script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Leak names fifty buyers of it\"}</script>",
            "Leak names fifty buyers of it",
        );
    }

    #[test]
    fn the_outlets_name_is_cut() {
        check("<title>A day in court | News | Northern Ledger</title>", "A day in court | News");
        check("<title>Northern Ledger: A day in court</title>", "A day in court");
        check(
            "<meta property=og:site_name content=海燈週報><title>間諜軟體公司被起訴_海燈週報</title>",
            "間諜軟體公司被起訴",
        );
        check("<title>A day in court – what we know</title>", "A day in court – what we know");
        check(
            "<meta property=og:title content='A day in court'><title>A day in court - Section</title><h1></h1>",
            "A day in court",
        );
    }

    #[test]
    fn a_kicker_in_the_h1_goes() {
        check(
            "<meta property=og:title content='Minister leaves after leak'><h1><span>Politics</span> Minister leaves after leak</h1>",
            "Minister leaves after leak",
        );
    }

    #[test]
    fn nothing_is_no_title() {
        check("<p>text</p>", "");
        check("<title></title><h1> </h1>", "");
    }
}
