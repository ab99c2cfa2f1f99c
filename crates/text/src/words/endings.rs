//! Light stemming by tables: beginnings and endings of words that a language's file lists. Endings
//! are taken in stages, at most one in each and the longest that leaves enough of the word; then
//! the last letters are written in one of the ways in which inflection varies them. No dictionary
//! knows whether what is left is a word: documents and queries only have to agree.
//!
//! An ending `a+n` is an `n` that goes behind an `a`, which stays.
//!
//! This is the family of light stemmers of Savoy (2006) and Larkey, Ballesteros and Connell (2007).

use crate::lexicon::StemRules;

/// The letters that must be left of a word where its table does not say.
const SHORTEST: usize = 3;

/// One stage.
#[derive(Debug, Default, Clone)]
struct Stage {
    /// By their last byte, the longest first: an ending with what must stand before it, and how
    /// many bytes of it stay.
    by_last: Vec<(u8, Vec<(String, usize)>)>,
    /// Letters that must be left, where the stage says so.
    shortest: Option<usize>,
}

/// The table of one language.
#[derive(Debug, Default, Clone)]
pub(super) struct Endings {
    /// Articles, prepositions and conjunctions that are written with the word, the longest first.
    prefixes: Vec<String>,
    /// The same, believed only before a longer word, for they may as well be the word's own.
    weak_prefixes: Vec<String>,
    stages: Vec<Stage>,
    /// Last letters, and what is written for them.
    finals: Vec<(String, String)>,
    /// Letters that must be left, and behind a weak prefix.
    shortest: usize,
    weak_shortest: usize,
}

impl Endings {
    pub(super) fn new(rules: &StemRules) -> Self {
        let or = |value: usize, usual: usize| if value == 0 { usual } else { value };
        let shortest = or(rules.shortest, SHORTEST);
        let mut finals = rules.finals.clone();
        finals.sort_by(|a, b| longest(&a.0, &b.0).then_with(|| a.cmp(b)));
        Self {
            prefixes: sorted(&rules.prefixes),
            weak_prefixes: sorted(&rules.weak_prefixes),
            stages: rules.endings.iter().map(|stage| Stage::new(stage)).collect(),
            finals,
            shortest,
            weak_shortest: or(rules.weak_shortest, shortest + 1),
        }
    }

    /// Whether the table would leave every word as it is.
    pub(super) fn is_empty(&self) -> bool {
        self.stages.is_empty() && self.finals.is_empty()
    }

    /// The stem of `word`, which is folded.
    pub(super) fn stem(&self, word: &str) -> String {
        let mut rest = word;
        for stage in &self.stages {
            rest = stage.without(rest, self.shortest);
        }
        let changed = self.finals.iter().find_map(|(from, to)| {
            let head = rest.strip_suffix(from.as_str())?;
            longer(head, self.shortest - 1).then(|| format!("{head}{to}"))
        });
        changed.unwrap_or_else(|| rest.to_owned())
    }

    /// `word` without what may be written with its front, where that is another word.
    pub(super) fn without_prefix<'a>(&self, word: &'a str) -> Option<&'a str> {
        let without = |prefixes: &[String], shortest| {
            let bare = |prefix: &String| word.strip_prefix(prefix.as_str()).filter(|rest| longer(rest, shortest));
            prefixes.iter().find_map(bare)
        };
        without(&self.prefixes, self.shortest).or_else(|| without(&self.weak_prefixes, self.weak_shortest))
    }
}

impl Stage {
    fn new(endings: &[String]) -> Self {
        let mut by_last: Vec<(u8, Vec<(String, usize)>)> = Vec::new();
        // A number in front (`4:`) is the stage's own.
        let number = |word: &String| word.strip_suffix(':').and_then(|number| number.parse().ok());
        let shortest = endings.first().and_then(number);
        for ending in sorted(&endings[usize::from(shortest.is_some())..]) {
            let Some(last) = ending.bytes().next_back() else { continue };
            let stays = ending.find('+').unwrap_or(0);
            let ending = (ending.replacen('+', "", 1), stays);
            match by_last.iter_mut().find(|(byte, _)| *byte == last) {
                Some((_, list)) => list.push(ending),
                None => by_last.push((last, vec![ending])),
            }
        }
        by_last.sort_by_key(|(byte, _)| *byte);
        Self { by_last, shortest }
    }

    fn without<'a>(&self, word: &'a str, shortest: usize) -> &'a str {
        let Some(last) = word.bytes().next_back() else { return word };
        let Ok(at) = self.by_last.binary_search_by_key(&last, |(byte, _)| *byte) else { return word };
        let stem = self.by_last[at].1.iter().find_map(|(ending, stays)| {
            let head = word.strip_suffix(ending.as_str())?;
            let stem = &word[..head.len() + stays];
            longer(stem, self.shortest.unwrap_or(shortest)).then_some(stem)
        });
        stem.unwrap_or(word)
    }
}

/// The longest first.
fn longest(a: &str, b: &str) -> std::cmp::Ordering {
    b.len().cmp(&a.len())
}

fn sorted(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    words.sort_by(|a, b| longest(a, b).then_with(|| a.cmp(b)));
    words.dedup();
    words
}

/// Whether `word` has at least `letters` letters.
fn longer(word: &str, letters: usize) -> bool {
    letters == 0 || word.chars().nth(letters - 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &str) -> Vec<String> {
        words.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn endings_go_in_stages_the_longest_first() {
        let endings = vec![list("dan da a"), list("lar ler")];
        let table = Endings::new(&StemRules { endings, ..StemRules::default() });
        for (word, stem) in [("kitaplardan", "kitap"), ("kitapda", "kitap"), ("kitap", "kitap"), ("lar", "lar")] {
            assert_eq!(table.stem(word), stem, "{word}");
        }
        assert_eq!(table.stem("oda"), "oda", "too little would be left");
        assert_eq!(table.stem("odda"), "odd", "the shorter ending fits");
        assert_eq!(table.stem(""), "");
    }

    #[test]
    fn an_ending_may_need_a_letter_before_it() {
        let table = Endings::new(&StemRules { endings: vec![list("e+n")], ..StemRules::default() });
        assert_eq!(table.stem("mehkemen"), "mehkeme");
        assert_eq!(table.stem("vatan"), "vatan");
    }

    #[test]
    fn a_stage_may_ask_for_more_to_be_left() {
        let endings = vec![list("4: an"), list("ha")];
        let table = Endings::new(&StemRules { endings, ..StemRules::default() });
        assert_eq!(table.stem("baran"), "baran");
        assert_eq!(table.stem("vaziran"), "vazir");
        assert_eq!(table.stem("salha"), "sal");
    }

    #[test]
    fn last_letters_are_written_one_way() {
        let finals = vec![("ц".to_owned(), "к".to_owned())];
        let table = Endings::new(&StemRules { endings: vec![list("и а")], finals, ..StemRules::default() });
        assert_eq!(table.stem("вестници"), table.stem("вестник"));
        assert_eq!(table.stem("ц"), "ц");
    }

    #[test]
    fn beginnings_need_a_word_behind_them() {
        let rules = StemRules { prefixes: list("ה וה"), weak_prefixes: list("ו ב"), ..StemRules::default() };
        let table = Endings::new(&rules);
        assert_eq!(table.without_prefix("והממשלה"), Some("ממשלה"));
        assert_eq!(table.without_prefix("הבית"), Some("בית"));
        assert_eq!(table.without_prefix("בבית"), None, "three letters behind a weak one are not enough");
        assert_eq!(table.without_prefix("בממשלה"), Some("ממשלה"));
    }
}
