//! A term map: `{en: spyware, fr: logiciel espion, ar: برامج التجسس}`, one thing said in several
//! languages. A brace that no code and colon follow is a sign like any other.

use courant_model::Language;

use super::Field;

/// What a map says, what was odd in it, and how many characters it takes.
pub(super) struct Found {
    /// Languages and terms, in order, no term empty. The unknown language stands for any.
    pub(super) terms: Vec<(Language, String)>,
    pub(super) notes: Vec<String>,
    pub(super) length: usize,
}

/// The map that begins at the front of `chars`, if one does. `is_quote` tells by its place in
/// `chars` whether a character opens or closes a quotation.
pub(super) fn map(chars: &[char], is_quote: impl Fn(usize) -> bool) -> Option<Found> {
    if !begins(chars) {
        return None;
    }
    let (mut entries, mut entry, mut quoted, mut end) = (Vec::new(), 1..1, false, None);
    for (at, c) in chars.iter().enumerate().skip(1) {
        match *c {
            _ if is_quote(at) => quoted = !quoted,
            _ if quoted => (),
            c if is_close(c) => {
                end = Some(at);
                break;
            }
            c if is_separator(c) => {
                entries.push(entry.start..at);
                entry.start = at + 1;
            }
            _ => (),
        }
    }
    entries.push(entry.start..end.unwrap_or(chars.len()));
    let parted: Vec<(Option<String>, String)> = entries
        .into_iter()
        .map(|entry| {
            let bare = |range: std::ops::Range<usize>| {
                let text: String = range.filter(|at| !is_quote(*at)).map(|at| chars[at]).collect();
                let blank = |c: char| c.is_whitespace() || c.is_control();
                text.split(blank).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
            };
            match entry.clone().find(|at| matches!(chars[*at], ':' | '：')) {
                Some(colon) => (Some(bare(entry.start..colon)), bare(colon + 1..entry.end)),
                None => (None, bare(entry)),
            }
        })
        .collect();
    let mut found = Found { terms: Vec::new(), notes: Vec::new(), length: end.map_or(chars.len(), |end| end + 1) };
    if end.is_none() {
        found.notes.push("a brace was not closed: it was read up to the end".to_owned());
    }
    for (code, text) in parted {
        found.take(code.as_deref(), text);
    }
    Some(found)
}

impl Found {
    fn take(&mut self, code: Option<&str>, text: String) {
        if text.is_empty() {
            if let Some(code) = code.filter(|code| !code.is_empty()) {
                self.notes.push(format!("'{code}:' has no term behind it: it was left out"));
            }
            return;
        }
        let named = code.filter(|code| names_language(code));
        let language = named.map_or(Language::UND, Language::parse);
        if named.is_none() {
            let why = match code {
                Some(code) => format!("'{code}' is no language code"),
                None => "it has no language code".to_owned(),
            };
            self.notes.push(format!("{why}: '{text}' is looked for in every language"));
        }
        let term = (language, text);
        if !self.terms.contains(&term) {
            self.terms.push(term);
        }
    }
}

/// Whether `chars` begin with a brace, something like a code, and a colon. Nothing further on is
/// looked at, so that a map stays one whatever stands behind it.
fn begins(chars: &[char]) -> bool {
    let Some(('{' | '｛', rest)) = chars.split_first() else { return false };
    let Some(colon) = rest.iter().position(|c| matches!(c, ':' | '：')) else { return false };
    let code: String = rest[..colon].iter().collect();
    let code = code.trim().trim_matches('"');
    let address = rest.get(colon + 1) == Some(&'/');
    let like_a_code = !code.is_empty() && code.chars().all(|c| c.is_ascii_alphabetic());
    like_a_code && !is_taken(code) && !address
}

/// Three letters could be a code; these mean something else.
fn is_taken(code: &str) -> bool {
    matches!(code, "AND" | "OR" | "NOT") || (code.len() > 2 && Field::parse(code).is_some())
}

fn names_language(code: &str) -> bool {
    code.eq_ignore_ascii_case("und") || (!Language::parse(code).is_unknown() && !is_taken(code))
}

fn is_close(c: char) -> bool {
    matches!(c, '}' | '｝')
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | '،' | '，' | '、' | ';' | '؛' | '；')
}
