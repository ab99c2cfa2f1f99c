//! Names out of a byline: what people, roles, desks, agencies and places it holds.

mod line;
mod person;

use courant_model::{Author, Language};

use crate::agencies::Agencies;
use crate::fold::fold;
use crate::html::json_ld::Named;
use crate::lexicon::{self, Lexicon};
use crate::page::Page;
use crate::script::is_cjk;
use line::{Opening, hangul_before, without_brackets};
pub(super) use person::is_cjk_name;

/// What is needed to read a byline of one page.
pub(crate) struct Names<'a> {
    lexicons: Vec<&'static Lexicon>,
    site_names: Vec<String>,
    agencies: &'a Agencies,
}

impl<'a> Names<'a> {
    /// Reads bylines of `page`.
    pub(crate) fn of(page: &'a Page<'_>) -> Self {
        let english = Language::parse("en");
        let languages = page.language.into_iter().chain(page.hints.outlet_languages.iter().copied());
        let mut lexicons: Vec<&'static Lexicon> = languages.filter_map(lexicon::of).collect();
        // Without a language, the byline words of all; the joiners of all would cut names apart.
        if lexicons.is_empty() {
            lexicons.push(lexicon::every());
        }
        lexicons.extend(lexicon::of(english));
        Self { lexicons, site_names: crate::title::site_names(page), agencies: &page.hints.agencies }
    }

    /// The outlet or a desk, where a source names it as the author: nobody, but what the page says.
    pub(crate) fn house(&self, name: &str) -> Option<String> {
        let name = name.trim();
        let fits = (2..=60).contains(&name.chars().count())
            && !name.contains(|c: char| matches!(c, '@' | '/' | '<' | '|') || c.is_numeric());
        (fits && (self.is_site(name) || self.is_desk(name))).then(|| name.to_owned())
    }

    /// `text` behind all byline words at its beginning.
    pub(crate) fn without_bylines<'b>(&self, text: &'b str) -> &'b str {
        let mut text = text.trim();
        while let Some(rest) = self.without_byline_word(text).filter(|rest| !rest.is_empty()) {
            text = rest;
        }
        text
    }

    /// Whether the name is a known agency's.
    pub(crate) fn is_agency(&self, name: &str) -> bool {
        self.agencies.named(name).is_some()
    }

    /// The authors in one entry of a source.
    pub(crate) fn authors(&self, named: &Named, source: &str) -> Vec<Author> {
        if named.organisation {
            let own = self.is_site(&named.name) || self.is_desk(&named.name);
            let name = named.name.clone();
            return if own || name.is_empty() { Vec::new() } else { vec![Author { name, organisation: true }] };
        }
        let mut authors = Vec::new();
        let pieces = self.pieces(&named.name);
        for (at, piece) in pieces.iter().cloned().enumerate() {
            // A degree or a post behind a name: "CFA", "MD".
            if at > 0 && !piece.contains(' ') && piece.chars().all(|c| !c.is_lowercase()) && !is_cjk_name(&piece) {
                continue;
            }
            if self.is_agency(&piece) {
                authors.push(Author { name: piece, organisation: true });
            } else if let Some(name) = self.person(&piece, source != "line") {
                authors.push(Author { name, organisation: false });
            }
        }
        authors
    }

    /// The persons in a text that is marked as a byline. `sure`: marked so that one word is a name.
    pub(crate) fn persons(&self, text: &str, sure: bool) -> Vec<String> {
        self.pieces(text).iter().filter_map(|piece| self.person(piece, sure)).collect()
    }

    /// The persons in a text that holds nothing else; none where anything else stands there.
    pub(crate) fn only(&self, text: &str) -> Vec<String> {
        let pieces = self.pieces(text);
        let persons: Vec<String> =
            pieces.iter().filter_map(|piece| self.person(piece, false).filter(|name| name == piece)).collect();
        if persons.len() == pieces.len() && persons.len() <= 3 { persons } else { Vec::new() }
    }

    /// The persons in a line that begins with a byline word, or ends with one (`김철수 기자`).
    pub(crate) fn after_byline(&self, line: &str) -> Vec<String> {
        let ends = self.lexicons.iter().flat_map(|lexicon| lexicon.byline_ends.iter());
        if let Some(name) = hangul_before(line, ends) {
            return vec![name];
        }
        let Some(rest) = self.without_byline_word(line) else { return Vec::new() };
        self.pieces(rest).iter().map_while(|piece| self.person(piece, false)).collect()
    }

    /// The persons behind a byline word within a line that tells a date first: "3 May 2021 by Ada Bell".
    pub(crate) fn behind_date(&self, line: &str) -> Vec<String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_byline = |word: &str| {
            let word = fold(word);
            !matches!(word.as_str(), "de" | "e" | "y" | "da" | "do" | "del")
                && self.lexicons.iter().any(|lexicon| lexicon.bylines.contains(&word))
        };
        let Some(at) = words.iter().position(|word| is_byline(word)).filter(|at| *at > 0) else { return Vec::new() };
        if !words[..at].iter().any(|word| word.contains(char::is_numeric)) {
            return Vec::new();
        }
        let rest = words[at + 1..].join(" ");
        self.pieces(&rest).iter().map_while(|piece| self.person(piece, false)).collect()
    }

    /// Whether a line is nothing but a byline word: the name follows in the next.
    pub(crate) fn is_byline_word(&self, line: &str) -> bool {
        let folded = fold(line);
        let bare = folded.trim().trim_end_matches([':', '\u{FF1A}', ' ']);
        self.lexicons.iter().any(|lexicon| lexicon.bylines.iter().any(|word| word == bare))
    }

    /// `line` behind a byline word at its beginning.
    fn without_byline_word<'b>(&self, line: &'b str) -> Option<&'b str> {
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        let words = self.lexicons.iter().flat_map(|lexicon| lexicon.bylines.iter());
        let opening = Opening::of(line);
        words.filter_map(|word| opening.after(word)).min_by_key(|rest| rest.len())
    }

    /// A byline cut at whatever stands between names: marks and joiners.
    fn pieces(&self, text: &str) -> Vec<String> {
        let text: String = without_brackets(self.without_bylines(text));
        let mut pieces = Vec::new();
        let joint = |c: char| {
            matches!(c, '|' | ',' | ';' | '/' | '•' | '&' | '+' | '\n' | '،' | '、' | '؛' | ':' | '—' | '–' | '>')
                || matches!(c, '\u{FF0C}' | '\u{FF1A}' | '\u{FF1B}' | '\u{FF5C}' | '\u{FF0F}')
        };
        let text = text.replace(" - ", "|");
        for piece in text.split(joint) {
            self.at_joiners(piece.trim(), &mut pieces);
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    fn at_joiners(&self, piece: &str, pieces: &mut Vec<String>) {
        let mut current: Vec<&str> = Vec::new();
        for word in piece.split_whitespace() {
            let joiner = !word.starts_with(char::is_uppercase) && self.is_joiner(word);
            if joiner && !current.is_empty() {
                pieces.push(current.join(" "));
                current.clear();
            } else if !joiner {
                current.push(word);
            }
        }
        pieces.push(current.join(" "));
    }

    fn is_joiner(&self, word: &str) -> bool {
        let word = fold(word);
        self.lexicons.iter().any(|lexicon| !lexicon.months.is_empty() && lexicon.joiners.contains(&word))
    }

    fn is_site(&self, name: &str) -> bool {
        let squeezed: String = fold(name).chars().filter(|c| c.is_alphanumeric()).collect();
        self.site_names.iter().any(|site| {
            *site == squeezed
                || (site.len() >= 5 && squeezed.contains(site.as_str()))
                || (squeezed.len() >= 6 && site.contains(&squeezed))
        })
    }

    /// A desk or newsroom: any word of the name says so.
    fn is_desk(&self, name: &str) -> bool {
        let folded = fold(name);
        self.lexicons.iter().flat_map(|lexicon| lexicon.desks.iter()).any(|desk| holds_word(&folded, desk))
    }

    fn is_role(&self, name: &str) -> bool {
        let folded = fold(name);
        self.lexicons.iter().flat_map(|lexicon| lexicon.roles.iter()).any(|role| holds_word(&folded, role))
    }
}

/// Whether `text` holds `word` as a word of its own (anywhere, in scripts that know no blanks).
fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let ideographs = word.chars().next().is_some_and(is_cjk);
        ideographs || apart(text[..at].chars().next_back()) && apart(text[at + word.len()..].chars().next())
    })
}
