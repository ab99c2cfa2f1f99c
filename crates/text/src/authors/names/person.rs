//! The person that one piece of a byline names: which of its words are a name, in scripts with and
//! without capitals.

use super::Names;
use crate::fold::fold;
use crate::script::{Script, is_cjk};

/// Small words within a name, folded.
const PARTICLES: &[&str] = &[
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "des", "la", "le", "las", "los", "van", "von", "vom",
    "der", "den", "het", "ter", "ten", "te", "zu", "zur", "zum", "af", "av", "bin", "ibn", "bint", "al", "el", "ul",
    "abu", "e", "y", "d", "dit", "st", "san", "mac", "ben", "bar", "ould", "ap", "'t", "t", "in 't", "op", "auf",
];

impl Names<'_> {
    /// The person that a piece of a byline names. `sure`: one word may be a name.
    pub(super) fn person(&self, piece: &str, sure: bool) -> Option<String> {
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
        let uncased = piece.chars().find(|c| c.is_alphabetic()).is_some_and(is_uncased);
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

/// Whether a letter is of a script that writes names without capitals. Georgian's letters are small ones
/// by Unicode, but their capitals are for headlines alone.
fn is_uncased(c: char) -> bool {
    matches!(c, '\u{10D0}'..='\u{10FF}') || !c.is_lowercase() && !c.is_uppercase()
}

/// Whether a name is one of ideographs or kana, where one word is a whole name.
pub(in crate::authors) fn is_cjk_name(name: &str) -> bool {
    name.chars().any(|c| is_cjk(c) || Script::of(c) == Script::Hangul)
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
