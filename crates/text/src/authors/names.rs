//! Names out of a byline: what people, roles, desks, agencies and places it holds.

use courant_model::{Author, Language};

use crate::agencies::Agencies;
use crate::fold::fold;
use crate::html::json_ld::Named;
use crate::lexicon::{self, Lexicon};
use crate::page::Page;
use crate::script::{Script, is_cjk};

/// What is needed to read a byline of one page.
pub(crate) struct Names<'a> {
    lexicons: Vec<&'static Lexicon>,
    site_names: Vec<String>,
    agencies: &'a Agencies,
}

/// Small words within a name, folded.
const PARTICLES: &[&str] = &[
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "des", "la", "le", "las", "los", "van", "von", "vom",
    "der", "den", "het", "ter", "ten", "te", "zu", "zur", "zum", "af", "av", "bin", "ibn", "bint", "al", "el", "ul",
    "abu", "e", "y", "d", "dit", "st", "san", "mac", "ben", "bar", "ould", "ap", "'t", "t", "in 't", "op", "auf",
];

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
                // Arabic and Hebrew tie "and" to the name that follows.
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

    /// The person that a piece of a byline names. `sure`: one word may be a name.
    fn person(&self, piece: &str, sure: bool) -> Option<String> {
        let piece = piece.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '"' | '”' | '’' | '\''));
        let piece = piece.trim_matches(['"', '”', '“', '\'']);
        // A name and its handle: "Ada Bell @adabell".
        let piece = piece.split_once(" @").map_or(piece, |(name, _)| name.trim_end());
        if piece.is_empty() || piece.contains("://") || piece.contains('@') || piece.starts_with("www.") {
            return None;
        }
        if self.is_site(piece) || self.is_desk(piece) {
            return None;
        }
        let cased = piece.chars().any(|c| c.is_uppercase());
        let uncased = piece.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase() && !c.is_uppercase());
        if uncased {
            return self.uncased_person(piece);
        }
        if !cased {
            return None;
        }
        let mut words: Vec<&str> = Vec::new();
        for word in piece.split_whitespace() {
            let folded = fold(word.trim_end_matches('.'));
            let capital = word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
            let tied = folded.starts_with("d'")
                || folded.starts_with("l'")
                || folded.starts_with("al-")
                || folded.starts_with("el-");
            let ends = self.is_role(word) && !words.is_empty() || self.is_word_of_dates(&folded);
            if word.chars().any(|c| c.is_ascii_digit()) || ends {
                break;
            }
            if capital || tied || (PARTICLES.contains(&folded.as_str()) && !words.is_empty()) {
                words.push(word);
            } else {
                break;
            }
        }
        while words
            .last()
            .is_some_and(|word| PARTICLES.contains(&fold(word).as_str()) && word.starts_with(char::is_lowercase))
        {
            words.pop();
        }
        // Two sentences: "Trends. Besides".
        let ends = |word: &&str| word.ends_with('.') && word.chars().count() > 5;
        if words.len() > 1 && words[..words.len() - 1].iter().any(ends) {
            return None;
        }
        if words.first().is_some_and(|word| self.leads_elsewhere(word, piece)) {
            return None;
        }
        // A picture and a link may name the same person twice.
        let half = words.len() / 2;
        if half > 0 && words.len().is_multiple_of(2) && words[..half] == words[half..] {
            words.truncate(half);
        }
        let name = words.join(" ").trim_end_matches([',', ':', ';']).to_owned();
        let (letters, count) = (name.chars().filter(|c| c.is_alphabetic()).count(), words.len());
        let enough = if sure { count >= 1 && letters >= 3 } else { count >= 2 && letters >= 5 };
        let fits = enough && count <= 6 && name.chars().count() <= 60 && !(count == 1 && self.is_role(&name));
        let role_only = count > 0 && words.iter().all(|word| self.is_role(word));
        (fits && !role_only && !self.is_month(&name)).then(|| cased_name(&name))
    }

    /// A label of a list or a link ("Related articles"), or a sentence: no name.
    fn leads_elsewhere(&self, first: &str, piece: &str) -> bool {
        let folded = fold(piece);
        let label = self.lexicons.iter().flat_map(|lexicon| lexicon.furniture.iter()).any(|label| {
            folded.strip_prefix(label.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        });
        // Some stop words are names (Will, Mark); long ones are none.
        let first = fold(first);
        let stop = first.chars().count() >= 5
            && self.lexicons.iter().any(|lexicon| !lexicon.months.is_empty() && lexicon.stop_words.contains(&first));
        label || stop
    }

    /// `Published`, `Updated`, names of months: what follows a name in a byline.
    fn is_word_of_dates(&self, folded: &str) -> bool {
        self.lexicons.iter().any(|lexicon| {
            let lists = lexicon.published.iter().chain(&lexicon.updated).filter(|word| word.len() > 4);
            let months = lexicon.months.iter().flatten().filter(|month| month.len() > 5);
            lists.chain(months).any(|word| word == folded)
        })
    }

    fn is_month(&self, name: &str) -> bool {
        crate::dates::parse(name, None, Some(jiff::Timestamp::UNIX_EPOCH)).is_some()
    }

    /// A person in a script without capitals.
    fn uncased_person(&self, piece: &str) -> Option<String> {
        let script = piece.chars().map(Script::of).find(|script| *script != Script::Other)?;
        let mut name = piece.to_owned();
        for role in self.lexicons.iter().flat_map(|lexicon| lexicon.roles.iter().chain(&lexicon.byline_ends)) {
            // `山田太郎記者`, `김철수 기자`: the role stands behind the name.
            if matches!(script, Script::Han | Script::Kana | Script::Hangul)
                && let Some(bare) = name.strip_suffix(role.as_str())
            {
                name = bare.trim().to_owned();
            }
        }
        if name.chars().any(|c| c.is_numeric() || matches!(c, '?' | '!' | '。' | '」' | ':')) {
            return None;
        }
        let letters = name.chars().filter(|c| c.is_alphabetic()).count();
        let words = name.split_whitespace().count();
        let fits = match script {
            Script::Han | Script::Kana => {
                (2..=12).contains(&letters) && words <= 3 && (letters <= 6 || name.contains(['・', '·', '=', ' ']))
            }
            Script::Hangul => (2..=4).contains(&letters) && words <= 2,
            _ => letters >= 4 && (2..=5).contains(&words) && letters <= 40,
        };
        (fits && !self.is_role(&name)).then_some(name)
    }
}

/// Whether a name is one of ideographs or kana, where one word is a whole name.
pub(super) fn is_cjk_name(name: &str) -> bool {
    name.chars().any(|c| is_cjk(c) || Script::of(c) == Script::Hangul)
}

/// The beginning of a line, folded once for all words that it may begin with.
struct Opening<'b> {
    text: &'b str,
    folded: String,
    /// How long the folded text is behind each character, and where that character ends in `text`.
    ends: Vec<(usize, usize)>,
}

impl<'b> Opening<'b> {
    /// More characters no byline word has.
    const LONGEST: usize = 48;

    fn of(text: &'b str) -> Self {
        let mut opening = Self { text, folded: String::new(), ends: Vec::new() };
        for (at, c) in text.char_indices().take(Self::LONGEST) {
            match c.is_ascii() {
                true => opening.folded.push(c.to_ascii_lowercase()),
                false => opening.folded.push_str(&fold(c.encode_utf8(&mut [0; 4]))),
            }
            opening.ends.push((opening.folded.len(), at + c.len_utf8()));
        }
        opening
    }

    /// What stands behind `word` and what parts them, where the text begins with it. Where no blank or
    /// colon follows, it is another word, but in scripts that know no blanks.
    fn after(&self, word: &str) -> Option<&'b str> {
        if !self.folded.starts_with(word) {
            return None;
        }
        let (_, end) = self.ends.iter().find(|(length, _)| *length == word.len())?;
        let rest = &self.text[*end..];
        let ideographs = word.chars().next_back().is_some_and(is_cjk);
        let parted =
            rest.is_empty() || rest.starts_with([' ', ':', '\u{FF1A}', '\u{A0}', '\n', '/', '\u{FF0F}', '|', '.']);
        // `文` begins many words: it needs a mark behind it.
        let parted = if ideographs && word.chars().count() > 1 { true } else { parted };
        parted.then(|| rest.trim_start_matches(|c: char| !c.is_alphanumeric()))
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

/// The Korean name right before one of `ends`: `김철수 기자`.
fn hangul_before<'w>(line: &str, ends: impl Iterator<Item = &'w String>) -> Option<String> {
    for end in ends {
        let Some(at) = line.find(end.as_str()) else { continue };
        if !end.chars().all(|c| Script::of(c) == Script::Hangul) {
            continue;
        }
        let before = line[..at].trim_end();
        let name: String = before.chars().rev().take_while(|c| Script::of(*c) == Script::Hangul).collect();
        let name: String = name.chars().rev().collect();
        if (2..=4).contains(&name.chars().count()) {
            return Some(name);
        }
    }
    None
}

/// `text` less what stands in brackets: roles and agencies.
fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' | '\u{FF08}' | '【' => depth += 1,
            ')' | ']' | '\u{FF09}' | '】' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// A name in capitals throughout, as names are written.
fn cased_name(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    if name.chars().any(char::is_lowercase) || letters < 5 {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len());
    let mut start = true;
    for c in name.chars() {
        if start {
            out.push(c);
        } else {
            out.extend(c.to_lowercase());
        }
        start = !c.is_alphanumeric();
    }
    out
}
