//! The shingles of a text (Broder 1997): every run of five words, folded, as a 64-bit hash.
//!
//! In a script without blanks a character stands for five eighths of a word, so that a run of
//! Chinese is eight characters. Serbian, Bosnian and Croatian are read in Latin letters whatever
//! they are written in.
//!
//! A word's hash is FNV-1a (64 bits) of its folded UTF-8, a shingle's is made word by word:
//! `h = mixed((h + word) * STEP)`, from 0, with the finaliser of splitmix64.

use std::collections::HashSet;

use courant_model::{Language, Token};

use super::{STEP, mixed};
use crate::fold::fold;
use crate::script::is_cjk;
use crate::words::literal_words;

/// A text of fewer shingles is too short to be told from others by them.
pub const TOO_FEW: usize = 20;

/// What a shingle weighs: five words.
const WEIGHT: u32 = 40;
const WORD: u32 = 8;
const IDEOGRAPH: u32 = 5;

/// The shingles of one text: a set of hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shingles {
    /// Ascending, each once.
    hashes: Vec<u64>,
}

impl Shingles {
    /// The shingles of `text`.
    pub fn new(text: &str, language: Language) -> Self {
        let units = units(text, language);
        let mut hashes = Vec::with_capacity(units.len());
        for start in 0..units.len() {
            let (mut hash, mut weight) = (0u64, 0);
            for (unit, of_unit) in &units[start..] {
                hash = mixed(hash.wrapping_add(*unit).wrapping_mul(STEP));
                weight += of_unit;
                if weight >= WEIGHT {
                    hashes.push(hash);
                    break;
                }
            }
            if weight < WEIGHT {
                break;
            }
        }
        hashes.into_iter().collect()
    }

    /// Without what the outlet prints around every text.
    pub fn without(&self, furniture: &HashSet<u64>) -> Self {
        Self { hashes: self.hashes.iter().copied().filter(|hash| !furniture.contains(hash)).collect() }
    }

    /// The hashes, ascending, each once.
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    /// How many shingles.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Whether the text is too short to be compared: whether it is a copy is unknown.
    pub fn too_few(&self) -> bool {
        self.len() < TOO_FEW
    }

    /// The share of the shorter text's shingles that the longer one has too, exactly: 0 to 1. `None`,
    /// unknown, where one of them is too short.
    pub fn containment(&self, other: &Self) -> Option<f64> {
        if self.too_few() || other.too_few() {
            return None;
        }
        Some(self.shared(other) as f64 / self.len().min(other.len()) as f64)
    }

    /// The share of all shingles of the two texts that both have (Jaccard), exactly: 0 to 1. `None`
    /// where one of them is too short.
    pub fn resemblance(&self, other: &Self) -> Option<f64> {
        if self.too_few() || other.too_few() {
            return None;
        }
        let shared = self.shared(other);
        Some(shared as f64 / (self.len() + other.len() - shared) as f64)
    }

    /// How many shingles both have.
    fn shared(&self, other: &Self) -> usize {
        let (mut shared, mut theirs) = (0, other.hashes.iter().peekable());
        for hash in &self.hashes {
            while theirs.next_if(|other| *other < hash).is_some() {}
            shared += usize::from(theirs.next_if_eq(&hash).is_some());
        }
        shared
    }
}

/// From hashes in any order.
impl FromIterator<u64> for Shingles {
    fn from_iter<I: IntoIterator<Item = u64>>(hashes: I) -> Self {
        let mut hashes: Vec<u64> = hashes.into_iter().collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self { hashes }
    }
}

/// The words of a text, each hashed, with what it weighs in a shingle.
fn units(text: &str, language: Language) -> Vec<(u64, u32)> {
    let tokens = literal_words(text, language).tokens;
    let mut units = Vec::with_capacity(tokens.len());
    let mut read = 0;
    for forms in tokens.chunk_by(|one, next| one.position == next.position) {
        let Some(first) = forms.first() else { continue };
        let piece = text.get(first.start as usize..first.end as usize).unwrap_or_default();
        if piece.starts_with(is_cjk) {
            // The cut makes pairs that overlap: each character is taken once.
            for (at, c) in piece.char_indices().filter(|(at, _)| first.start as usize + at >= read) {
                units.push((hash(&fold(&piece[at..at + c.len_utf8()])), IDEOGRAPH));
            }
        } else {
            let form = forms.iter().find(|form| form.text.is_ascii()).unwrap_or(first);
            units.push((hash(&form.text), WORD));
        }
        read = read.max(forms.iter().map(|Token { end, .. }| *end as usize).max().unwrap_or(read));
    }
    units
}

fn hash(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shingles(text: &str, language: &str) -> Shingles {
        Shingles::new(text, Language::parse(language))
    }

    /// A text of `count` words, each of its own.
    fn words(name: &str, count: usize) -> String {
        (0..count).map(|n| format!("{name}{n}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_run_of_five_words_is_one() {
        assert_eq!(shingles("one two three four", "en").len(), 0);
        assert_eq!(shingles("one two three four five", "en").len(), 1);
        assert_eq!(shingles("one two three four five six", "en").len(), 2);
        assert_eq!(shingles("a b c d e a b c d e", "en").len(), 5, "each once");
        assert_eq!(shingles("一二三四五六七", "zh").len(), 0);
        assert_eq!(shingles("一二三四五六七八", "zh").len(), 1);
        assert_eq!(shingles("一二三四五六七八九", "zh").len(), 2);
    }

    #[test]
    fn spelling_marks_and_case_do_not_count() {
        assert_eq!(shingles("L'été, à Paris: “il pleut” encore", "fr"), shingles("ETE a paris IL pleut encore!", "fr"));
        assert_ne!(shingles("one two three four five", "en"), shingles("five four three two one", "en"));
        assert_eq!(
            shingles("Влада је поднела оставку у Београду", "sr"),
            shingles("Vlada je podnela ostavku u Beogradu", "sr")
        );
    }

    #[test]
    fn values_are_the_same_everywhere() {
        assert_eq!(shingles("one two three four five", "en").hashes(), [PINNED]);
    }

    /// A change here makes kept fingerprints worthless: it needs a new version of the cut.
    const PINNED: u64 = 11_847_988_622_324_912_873;

    #[test]
    fn containment_is_of_the_shorter_text() {
        let wire = words("wire", 100);
        let framed = format!("{wire} {}", words("own", 200));
        assert_eq!(shingles(&wire, "en").containment(&shingles(&framed, "en")), Some(1.0));
        assert_eq!(shingles(&framed, "en").containment(&shingles(&wire, "en")), Some(1.0));
        let apart = shingles(&words("other", 100), "en");
        assert_eq!(shingles(&wire, "en").containment(&apart), Some(0.0));
        let resemblance = shingles(&wire, "en").resemblance(&shingles(&framed, "en"));
        assert!(resemblance.is_some_and(|share| (share - 96.0 / 296.0).abs() < 1e-9), "{resemblance:?}");
    }

    #[test]
    fn short_texts_are_unknown() {
        let (short, long) = (shingles(&words("a", TOO_FEW + 3), "en"), shingles(&words("a", 100), "en"));
        assert_eq!((short.len(), short.too_few()), (TOO_FEW - 1, true));
        assert_eq!((short.containment(&long), long.resemblance(&short)), (None, None));
        assert_eq!(shingles("", "en"), Shingles::default());
    }

    #[test]
    fn furniture_makes_no_copies() {
        let furniture = words("cookie", 60);
        let page = |own: &str| shingles(&format!("{} {furniture}", words(own, 50)), "en");
        let (one, other) = (page("this"), page("that"));
        assert!(one.containment(&other).is_some_and(|share| share >= 0.5));
        let learned: HashSet<u64> = shingles(&furniture, "en").hashes().iter().copied().collect();
        assert_eq!(one.without(&learned).containment(&other.without(&learned)), Some(0.0));
    }
}
