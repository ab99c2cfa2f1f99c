//! Rules of single outlets: CSS selectors that say where a page's parts stand, for pages that are read
//! wrongly without. They come with the hints, compiled; nothing is read from disk here.
//!
//! A rule wins while it validates: its day has not passed, it covers the path, its selectors meet
//! something, and its body says more than [`SHORT`]. Else it gives way to the reading that needs no
//! rules, and the notes say why. A rule is a part of the extractor: what it reads bears a version of
//! its own, so that a rule that comes, changes or runs out never looks like an edit.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scraper::{ElementRef, Selector};

use crate::body::SHORT;
use crate::html::blocks::Kind;
use crate::html::dom::{attribute, collapsed, spaced_text_of};
use crate::page::Page;

/// A rule as it is written. Each selector may be a list, parted by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleText {
    /// The last day on which it holds.
    pub valid_until: Date,
    /// Paths that it is for, each with all beneath it; none for all.
    pub paths: Vec<String>,
    /// The parts that hold the text.
    pub body: Option<String>,
    /// What is left out of them.
    pub remove: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The paragraph under it.
    pub standfirst: Option<String>,
    /// The parts that name authors.
    pub authors: Option<String>,
    /// The date: an element's `datetime` or `content`, else its text.
    pub published: Option<String>,
}

/// A rule, compiled.
#[derive(Debug, Clone)]
struct Rule {
    valid_until: Date,
    paths: Vec<String>,
    body: Option<Selector>,
    remove: Option<Selector>,
    title: Option<Selector>,
    standfirst: Option<Selector>,
    authors: Option<Selector>,
    published: Option<Selector>,
    version: u32,
}

/// The rules of one outlet, in the order in which they are tried.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    rules: Vec<Rule>,
}

impl Rules {
    /// Compiles rules. The error names the rule, the key and the selector that is none, for a person.
    pub fn compile(texts: &[RuleText]) -> Result<Self, String> {
        let rules = texts
            .iter()
            .enumerate()
            .map(|(at, text)| Rule::compile(text).map_err(|why| format!("rule {}: {why}", at + 1)));
        Ok(Self { rules: rules.collect::<Result<_, _>>()? })
    }
}

impl Rule {
    fn compile(text: &RuleText) -> Result<Self, String> {
        let selector = |key: &str, text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => match Selector::parse(text) {
                Ok(selector) => Ok(Some(selector)),
                Err(_) => Err(format!("{key}: '{text}' is no CSS selector")),
            },
        };
        let rule = Self {
            valid_until: text.valid_until,
            paths: text.paths.clone(),
            body: selector("body", &text.body)?,
            remove: selector("remove", &text.remove)?,
            title: selector("title", &text.title)?,
            standfirst: selector("standfirst", &text.standfirst)?,
            authors: selector("authors", &text.authors)?,
            published: selector("published", &text.published)?,
            version: version(text),
        };
        let says = [&rule.body, &rule.title, &rule.standfirst, &rule.authors, &rule.published];
        if says.iter().all(|selector| selector.is_none()) {
            return Err("it says nothing: give body, title, standfirst, authors or published".to_owned());
        }
        Ok(rule)
    }
}

/// A version of the extractor that is this rule's own: its text hashed (FNV-1a) into the upper three
/// bytes, never zero.
fn version(text: &RuleText) -> u32 {
    let said = [&text.body, &text.remove, &text.title, &text.standfirst, &text.authors, &text.published];
    let said =
        said.into_iter().map(|key| key.as_deref().unwrap_or_default()).chain(text.paths.iter().map(String::as_str));
    let bytes = said.flat_map(|text| text.bytes().chain([0]));
    let hash = bytes.fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    ((hash >> 8) ^ (hash & 0xFF)).max(1) << 8 | crate::EXTRACTOR & 0xFF
}

/// What a rule says of a page; all empty where none holds.
#[derive(Debug, Default)]
pub(crate) struct Ruled {
    /// The headline, and the part it stands in.
    pub(crate) title: Option<(String, Option<usize>)>,
    /// The blocks of the text.
    pub(crate) body: Option<Vec<usize>>,
    /// The blocks of the standfirst.
    pub(crate) standfirst: Vec<usize>,
    /// The texts of the parts that name authors.
    pub(crate) authors: Vec<String>,
    /// The date, as written.
    pub(crate) published: Option<String>,
    /// The version of the extractor, where a rule holds.
    pub(crate) version: Option<u32>,
}

/// What the first rule that holds says of `page`; notes say which, and why others do not.
pub(crate) fn apply(page: &Page<'_>, notes: &mut Vec<String>) -> Ruled {
    let Some(rules) = &page.hints.rules else { return Ruled::default() };
    let today = TimeZone::UTC.to_datetime(page.hints.rules_at).date();
    let dated = page.hints.rules_at != Timestamp::MAX;
    let count = rules.rules.len();
    for (number, rule) in rules.rules.iter().enumerate().map(|(at, rule)| (at + 1, rule)) {
        let path = page.url.path();
        let covers = |prefix: &String| {
            let rest = path.strip_prefix(prefix.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if !rule.paths.is_empty() && !rule.paths.iter().any(covers) {
            continue;
        }
        if dated && today > rule.valid_until {
            notes.push(format!("rule {number} of {count}: not used, it held until {}", rule.valid_until));
            continue;
        }
        match said(page, rule) {
            Ok(ruled) => {
                notes.push(format!("rule {number} of {count}: used, it holds until {}", rule.valid_until));
                return ruled;
            }
            Err(why) => notes.push(format!("rule {number} of {count}: not used, {why}")),
        }
    }
    Ruled::default()
}

/// What one rule says, or why it says too little.
fn said(page: &Page<'_>, rule: &Rule) -> Result<Ruled, String> {
    let blocks = &page.blocks.blocks;
    let mut removed = vec![false; blocks.len()];
    for part in parts(page, rule.remove.as_ref()) {
        removed[page.blocks.parts[part].blocks.clone()].fill(true);
    }
    let seen = |selector: Option<&Selector>| -> Vec<usize> {
        let ranges = parts(page, selector).into_iter().flat_map(|part| page.blocks.parts[part].blocks.clone());
        ranges.filter(|at| blocks[*at].weight > 0 && !removed[*at]).collect()
    };
    let body = rule.body.as_ref().map(|selector| {
        let inside = seen(Some(selector)).into_iter();
        inside.filter(|at| blocks[*at].kind != Kind::Caption).collect::<Vec<usize>>()
    });
    if let Some(body) = &body {
        let said: usize = body.iter().map(|at| blocks[*at].weight).sum();
        match said {
            0 => return Err("its body matches nothing".to_owned()),
            said if said <= SHORT => return Err(format!("its body says {said} characters, and {SHORT} are too few")),
            _ => {}
        }
    }
    let texts = |selector: Option<&Selector>| -> Vec<String> {
        let Some(selector) = selector else { return Vec::new() };
        page.html.select(selector).take(20).map(value).filter(|text| !text.is_empty()).collect()
    };
    let title = texts(rule.title.as_ref()).into_iter().next();
    let title_part = parts(page, rule.title.as_ref()).into_iter().next();
    let ruled = Ruled {
        title: title.map(|text| (text, title_part)),
        standfirst: seen(rule.standfirst.as_ref()),
        authors: texts(rule.authors.as_ref()),
        published: texts(rule.published.as_ref()).into_iter().next(),
        version: Some(rule.version),
        body,
    };
    let met = ruled.body.is_some()
        || ruled.title.is_some()
        || !ruled.standfirst.is_empty()
        || !ruled.authors.is_empty()
        || ruled.published.is_some();
    if met { Ok(ruled) } else { Err("its selectors match nothing".to_owned()) }
}

/// The outermost parts that a selector meets, in order.
fn parts(page: &Page<'_>, selector: Option<&Selector>) -> Vec<usize> {
    let Some(selector) = selector else { return Vec::new() };
    let met: HashSet<_> = page.html.select(selector).map(|element| element.id()).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(part) = page.blocks.parts.get(at) {
        if met.contains(&part.node.id()) {
            found.push(at);
            at = part.end.max(at + 1);
        } else {
            at += 1;
        }
    }
    found
}

/// What an element says: its `content` or `datetime`, else its text.
fn value(element: ElementRef<'_>) -> String {
    let machine = attribute(element.value(), "content").or_else(|| attribute(element.value(), "datetime"));
    machine.map_or_else(|| spaced_text_of(*element), collapsed)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use courant_model::Reading;
    use url::Url;

    use super::*;
    use crate::{EXTRACTOR, Hints, read};

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn rule(body: &str) -> RuleText {
        RuleText { valid_until: jiff::civil::date(2027, 1, 31), body: some(body), ..RuleText::default() }
    }

    fn page(rules: &[RuleText], at: &str) -> Reading {
        let long = "It is a long paragraph of the article, and it goes on for quite some time. ".repeat(4);
        let html = format!(
            "<html lang=en><title>One | Ledger</title><h1>Ledger</h1><div class=kop>The ruled headline of it</div>\
             <div class=in>What stands under it in short.</div><i class=wie>Ada Bell</i><b class=dag datetime='2021-07-19'>then</b>\
             <div class=odd><p>{long}</p><p class=ad>{long} It is sold here.</p><p>The end.</p></div><div class=tiny>Too little.</div>\
             <div class=article-body><p>{long} It is another text that is found without rules.</p><p>{long} And more.</p></div>"
        );
        let rules = Rules::compile(rules).expect("selectors");
        let hints = Hints { rules: Some(Arc::new(rules)), rules_at: at.parse().expect("a time"), ..Hints::default() };
        let url = Url::parse("https://ledger.example/news/one-two-three").expect("an address");
        read(html.as_bytes(), Some("text/html; charset=utf-8"), &url, &hints)
    }

    fn note(reading: &Reading) -> String {
        reading.notes.iter().filter(|note| note.starts_with("rule ")).cloned().collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_rule_wins_while_it_validates() {
        let full = RuleText {
            remove: some(".ad"),
            title: some(".kop"),
            standfirst: some(".in"),
            authors: some(".wie"),
            published: some(".dag"),
            ..rule(".odd")
        };
        let found = page(std::slice::from_ref(&full), "2026-12-01T00:00:00Z");
        assert_eq!(note(&found), "rule 1 of 1: used, it holds until 2027-01-31");
        assert_eq!(found.title, "The ruled headline of it");
        assert_eq!(found.standfirst.as_deref(), Some("What stands under it in short."));
        assert_eq!(found.byline(), "Ada Bell");
        assert_eq!(found.published.map(|dated| dated.to_text()).as_deref(), Some("2021-07-19"));
        assert!(found.body.ends_with("The end.") && !found.body.contains("sold") && !found.body.contains("another"));
        assert!(found.extractor != EXTRACTOR && found.extractor & 0xFF == EXTRACTOR);
        let on_its_last_day = page(&[full], "2027-01-31T23:00:00Z");
        assert_eq!(on_its_last_day.body, found.body);
    }

    #[test]
    fn a_rule_gives_way() {
        for (body, at, told) in [
            (".odd", "2027-02-01T00:00:00Z", "not used, it held until 2027-01-31"),
            (".none", "2026-12-01T00:00:00Z", "not used, its body matches nothing"),
            (".tiny", "2026-12-01T00:00:00Z", "not used, its body says 11 characters"),
        ] {
            let found = page(&[rule(body)], at);
            assert!(note(&found).contains(told), "{body}: {:?}", found.notes);
            assert!(
                found.body.contains("found without rules") && found.extractor == EXTRACTOR,
                "{body}: {}",
                found.body
            );
        }
        let found = page(&[rule(".tiny"), rule(".odd")], "2026-12-01T00:00:00Z");
        assert!(found.body.ends_with("The end."), "{:?}", found.notes);
    }

    #[test]
    fn a_rule_is_for_its_paths() {
        let of = |path: &str| RuleText { paths: vec![path.to_owned()], ..rule(".odd") };
        assert!(page(&[of("/news/")], "2026-12-01T00:00:00Z").body.ends_with("The end."));
        let elsewhere = page(&[of("/new")], "2026-12-01T00:00:00Z");
        assert_eq!((note(&elsewhere).as_str(), elsewhere.extractor), ("", EXTRACTOR));
    }

    #[test]
    fn what_is_no_selector_is_told() {
        let told = |text: RuleText| Rules::compile(&[rule("p"), text]).expect_err("an error");
        assert_eq!(told(rule("p[")), "rule 2: body: 'p[' is no CSS selector");
        assert!(told(RuleText { body: None, remove: some("p"), ..rule("p") }).contains("says nothing"));
    }
}
