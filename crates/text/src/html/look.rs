//! A look at a page before it is parsed: where parsing it would take for ever, and what need not be
//! parsed at all. What scripts, style sheets, comments and drawings hold is two thirds of many pages and
//! tells nothing, but for JSON-LD.

use std::ops::Range;

/// How many attributes an element may have. Those of real pages have below 100.
pub(super) const ATTRIBUTES: usize = 1_000;

/// Less than this, in bytes, is quicker parsed than skipped.
const WORTH_IT: usize = 32;
/// Elements that hold no markup (HTML, 13.1.2 and, as scripts are said to run, `noscript`).
const RAW: [&str; 9] = ["script", "style", "textarea", "title", "noscript", "iframe", "noembed", "noframes", "xmp"];
/// What drawings are made of. Whatever else stands in one may end it, or be text.
const DRAWN: [&str; 26] = [
    "path",
    "g",
    "circle",
    "rect",
    "line",
    "polygon",
    "polyline",
    "ellipse",
    "use",
    "defs",
    "title",
    "desc",
    "clippath",
    "mask",
    "lineargradient",
    "radialgradient",
    "stop",
    "symbol",
    "pattern",
    "marker",
    "filter",
    "animate",
    "animatetransform",
    "tspan",
    "text",
    "style",
];

/// What one pass over a page finds before it is parsed.
pub(super) struct Look {
    /// Where an element begins that has more attributes than [`ATTRIBUTES`]: the tokenizer compares
    /// each with all before it.
    pub(super) bomb: Option<usize>,
    /// What is not worth parsing.
    pub(super) skips: Vec<Range<usize>>,
}

impl Look {
    /// One pass, by the tokenizer's own rules as far as attributes and raw text are concerned.
    pub(super) fn at(text: &str) -> Self {
        let mut look = Self { bomb: None, skips: Vec::new() };
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
            let tag = at + found;
            at = tag + 1;
            if bytes[at..].starts_with(b"!--") {
                let (inside, end) = comment(bytes, tag);
                look.skip_if_long(inside);
                at = end;
                continue;
            }
            let name = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            if name == 0 {
                continue;
            }
            let (attributes, end) = attributes_of(bytes, at + name);
            if attributes > ATTRIBUTES {
                look.bomb = Some(tag);
                return look;
            }
            // What scripts compare is no markup.
            let is = |raw: &&&str| text[at..at + name].eq_ignore_ascii_case(raw);
            let raw = RAW.iter().find(is).copied();
            at = raw.map_or(end, |raw| end_of_raw(bytes, end, raw));
            if matches!(raw, Some("script" | "style")) {
                look.skip(bytes, tag..end, at);
            } else if text[tag + 1..tag + 1 + name].eq_ignore_ascii_case("svg")
                && let Some(drawing) = drawing(bytes, end)
            {
                at = drawing.end;
                look.skip_if_long(drawing);
            }
        }
        look
    }

    /// Skips what no text stands in, where it is worth it.
    fn skip_if_long(&mut self, range: Range<usize>) {
        if range.len() >= WORTH_IT {
            self.skips.push(range);
        }
    }

    /// Skips what stands between a start `tag` and `end`, where it is neither JSON-LD nor a comment
    /// in which the end tag may be none.
    fn skip(&mut self, bytes: &[u8], tag: Range<usize>, end: usize) {
        let start = (tag.end + 1).min(end);
        let json = bytes[tag].windows(7).any(|word| word.eq_ignore_ascii_case(b"ld+json"));
        if !json && start < end && end < bytes.len() && memchr::memmem::find(&bytes[start..end], b"<!--").is_none() {
            self.skips.push(start..end);
        }
    }
}

/// What a comment holds that begins at `at` with its mark, and where it ends (HTML, 13.2.5.43 and on).
fn comment(bytes: &[u8], at: usize) -> (Range<usize>, usize) {
    let start = at + 4;
    let opening = &bytes[start..];
    for empty in [&b">"[..], b"->"] {
        if opening.starts_with(empty) {
            return (start..start, start + empty.len());
        }
    }
    let end = memchr::memchr_iter(b'>', opening).find_map(|end| {
        let inside = [&b"--"[..], b"--!"].iter().find_map(|mark| opening[..end].strip_suffix(*mark))?;
        Some((start..start + inside.len(), start + end + 1))
    });
    end.unwrap_or((start..bytes.len(), bytes.len()))
}

/// What stands in a drawing (SVG) whose tag ends at `at`: `None` where anything in it is no part of a
/// drawing, for that ends one.
fn drawing(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    if at == 0 || bytes.get(at) != Some(&b'>') || bytes[at - 1] == b'/' {
        return None;
    }
    let start = at + 1;
    let mut at = start;
    loop {
        let tag = at + memchr::memchr(b'<', &bytes[at..])?;
        let closes = bytes.get(tag + 1) == Some(&b'/');
        let from = tag + 1 + usize::from(closes);
        let length = bytes[from..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let name = &bytes[from..from + length];
        if closes && name.eq_ignore_ascii_case(b"svg") {
            return Some(start..tag);
        }
        if !DRAWN.iter().any(|drawn| name.eq_ignore_ascii_case(drawn.as_bytes())) {
            return None;
        }
        let (attributes, end) = attributes_of(bytes, from + length);
        if attributes > ATTRIBUTES {
            return None;
        }
        at = end;
    }
}

/// How many attributes follow from `at` on, and where the tag ends.
fn attributes_of(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let mut count = 0;
    let skip = |at: usize, wanted: fn(&u8) -> bool| at + bytes[at..].iter().take_while(|byte| wanted(byte)).count();
    while at < bytes.len() {
        at = skip(at, |byte| byte.is_ascii_whitespace() || *byte == b'/');
        if at >= bytes.len() || bytes[at] == b'>' {
            break;
        }
        count += 1;
        // A name may begin with `=`.
        at = skip(at + 1, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/'));
        let equals = skip(at, u8::is_ascii_whitespace);
        if bytes.get(equals) != Some(&b'=') {
            continue;
        }
        at = skip(equals + 1, u8::is_ascii_whitespace);
        at = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                bytes[at + 1..].iter().position(|byte| byte == quote).map_or(bytes.len(), |end| at + end + 2)
            }
            _ => skip(at, |byte| !byte.is_ascii_whitespace() && *byte != b'>'),
        };
    }
    (count, at.min(bytes.len()))
}

/// Where the raw text of an element ends: at its end tag.
fn end_of_raw(bytes: &[u8], from: usize, name: &str) -> usize {
    let mut ends = memchr::memmem::find_iter(&bytes[from..], b"</").map(|end| from + end);
    let is_end =
        |end: &usize| bytes[end + 2..].get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()));
    ends.find(is_end).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str, skipped: &[&str]) {
        let skips: Vec<&str> = Look::at(page).skips.into_iter().map(|skip| &page[skip]).collect();
        assert_eq!(skips, skipped, "{page}");
    }

    #[test]
    fn drawings_are_skipped() {
        let path = "<path d='M1 2 3 4 5 6 7 8 9 10 11'/>";
        check(&format!("<svg a='>'>{path}</svg>b"), &[path]);
        check(&format!("<SVG><G>{path}</g></SVG >b"), &[&format!("<G>{path}</g>")]);
        // What is no part of a drawing ends it; an empty one has no end tag.
        for ended in ["<p>text", "</p>", "<foreignObject><div>text</div></foreignObject>", "<svg></svg>", "<!-- -->"] {
            check(&format!("<svg>{path}{ended}</svg>b"), &[]);
        }
        check(&format!("<svg/>{path}</svg>b"), &[]);
        check(&format!("<svg>{path}b"), &[]);
        check("<svg", &[]);
    }

    #[test]
    fn comments_are_skipped() {
        let long = "x".repeat(WORTH_IT);
        check(&format!("a<!--{long}-->b"), &[&long]);
        check(&format!("a<!--{long}--!>b"), &[&long]);
        check(&format!("a<!-->{long}-->b"), &[]);
        check(&format!("a<!--->{long}-->b"), &[]);
        check("a<!---->b<!-- -- -->", &[]);
        check(&format!("a<!-----{long}----->b<p title='{long} --> {long}'>"), &[&format!("---{long}---")]);
        // What a field or a headline holds is no comment.
        check(&format!("<title><!--{long}--></title>b"), &[]);
        check(&format!("a<!--{long}"), &[&long]);
    }
}
