//! Light stemming by tables: beginnings and endings of words that a language's file lists. Endings
//! are taken in stages, at most one in each and the longest that leaves enough of the word; then
//! the last letters are written in one of the ways in which inflection varies them. No dictionary
//! knows whether what is left is a word: documents and queries only have to agree.
//!
//! An ending `a+n` is an `n` that goes behind an `a`, which stays; `aat+` stays whole.
//!
//! Where words inflect inside, a shape tells what a whole word may be a form of besides: `12ا3=123`
//! is a plural of Arabic, the digits being the letters of its root.
//!
//! This is the family of light stemmers of Savoy (2006) and Larkey, Ballesteros and Connell (2007).

use crate::lexicon::StemRules;

/// The letters that must be left of a word where its table does not say.
const SHORTEST: usize = 3;

/// The longest word that a shape describes, in letters.
const LONGEST_SHAPE: usize = 8;

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
    /// Articles, prepositions and conjunctions that are written with the word, the longest first,
    /// each with the letters that must be left.
    prefixes: Vec<(String, usize)>,
    /// The same, believed only before a longer word, for they may as well be the word's own.
    weak_prefixes: Vec<(String, usize)>,
    shapes: Vec<Shape>,
    stages: Vec<Stage>,
    /// Last letters, and what is written for them.
    finals: Vec<(String, String)>,
    /// Letters that must be left.
    shortest: usize,
}

/// Words of one shape, and the shape of what they are forms of: the letters of a root stand where
/// the digits are.
#[derive(Debug, Clone)]
struct Shape {
    from: Vec<char>,
    to: Vec<char>,
}

impl Endings {
    pub(super) fn new(rules: &StemRules) -> Self {
        let or = |value: usize, usual: usize| if value == 0 { usual } else { value };
        let shortest = or(rules.shortest, SHORTEST);
        let mut finals = rules.finals.clone();
        finals.sort_by(|a, b| longest(&a.0, &b.0).then_with(|| a.cmp(b)));
        Self {
            prefixes: prefixes(&rules.prefixes, shortest),
            weak_prefixes: prefixes(&rules.weak_prefixes, or(rules.weak_shortest, shortest + 1)),
            shapes: rules.shapes.iter().map(|(from, to)| Shape::new(from, to)).collect(),
            stages: rules.endings.iter().map(|stage| Stage::new(stage)).collect(),
            finals,
            shortest,
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
        let bare = |(prefix, shortest): &(String, usize)| {
            word.strip_prefix(prefix.as_str()).filter(|rest| longer(rest, *shortest))
        };
        self.prefixes.iter().chain(&self.weak_prefixes).find_map(bare)
    }

    /// What else `word` may be a form of, by its shape.
    pub(super) fn reshaped(&self, word: &str) -> impl Iterator<Item = String> {
        let letters: Vec<char> = match self.shapes.is_empty() {
            true => Vec::new(),
            false => word.chars().take(LONGEST_SHAPE + 1).collect(),
        };
        self.shapes.iter().filter_map(move |shape| shape.fill(&letters))
    }

    /// Letters that must be left of a word.
    pub(super) fn shortest(&self) -> usize {
        self.shortest
    }
}

impl Shape {
    fn new(from: &str, to: &str) -> Self {
        Self { from: from.chars().take(LONGEST_SHAPE).collect(), to: to.chars().collect() }
    }

    /// The other form of a word of this shape.
    fn fill(&self, word: &[char]) -> Option<String> {
        if word.len() != self.from.len() {
            return None;
        }
        let mut root = [' '; 10];
        for (letter, place) in word.iter().zip(&self.from) {
            match place.to_digit(10) {
                Some(digit) => root[digit as usize] = *letter,
                None if place == letter => (),
                None => return None,
            }
        }
        Some(self.to.iter().map(|place| place.to_digit(10).map_or(*place, |digit| root[digit as usize])).collect())
    }
}

impl Stage {
    fn new(endings: &[String]) -> Self {
        let mut by_last: Vec<(u8, Vec<(String, usize)>)> = Vec::new();
        // A number in front (`4:`) is the stage's own.
        let number = |word: &String| word.strip_suffix(':').and_then(|number| number.parse().ok());
        let shortest = endings.first().and_then(number);
        for ending in sorted(&endings[usize::from(shortest.is_some())..]) {
            let stays = ending.find('+').unwrap_or(0);
            let ending = (ending.replacen('+', "", 1), stays);
            let Some(last) = ending.0.bytes().next_back() else { continue };
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

/// Prefixes, the longest first, each with the letters that must be left behind it: `shortest`, or
/// the number before it (`4: b`).
fn prefixes(words: &[String], mut shortest: usize) -> Vec<(String, usize)> {
    let mut prefixes: Vec<(String, usize)> = Vec::new();
    for word in words {
        match word.strip_suffix(':').and_then(|number| number.parse().ok()) {
            Some(number) => shortest = number,
            None => prefixes.push((word.clone(), shortest)),
        }
    }
    prefixes.sort_by(|a, b| longest(&a.0, &b.0).then_with(|| a.cmp(b)));
    prefixes
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
    fn shapes_find_what_is_inflected_inside() {
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let shapes = vec![pair("12و3", "123"), pair("م1ا23", "م123")];
        let table = Endings::new(&StemRules { shapes, ..StemRules::default() });
        for (word, others) in [("بنوك", "بنك"), ("محاكم", "محكم"), ("بنك", ""), (&"و".repeat(100), "")]
        {
            assert_eq!(table.reshaped(word).collect::<String>(), others, "{word}");
        }
    }

    #[test]
    fn a_prefix_may_ask_for_more_to_be_left() {
        let table = Endings::new(&StemRules { prefixes: list("2: ה 3: ב"), ..StemRules::default() });
        assert_eq!(table.without_prefix("השר"), Some("שר"));
        assert_eq!(table.without_prefix("בשר"), None);
        assert_eq!(table.without_prefix("בכלא"), Some("כלא"));
    }

    #[test]
    fn an_ending_may_stay_whole() {
        let table = Endings::new(&StemRules { endings: vec![list("a+t aat+")], ..StemRules::default() });
        assert_eq!(table.stem("advokaat"), "advokaat");
        assert_eq!(table.stem("kontakat"), "kontaka");
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
