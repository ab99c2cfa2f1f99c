//! The table of grams (`data/languages/grams.bin`), read where it lies: nothing is unpacked, and of
//! its pages only those are loaded that texts ask for. It says how far below the likeliest language
//! each other one is, gram by gram (naive Bayes); a gram that it does not hold says nothing. Made by
//! `scripts/language-table`, whose `table.rs` describes the bytes.

use std::sync::LazyLock;

use courant_model::Language;

use super::grams::{WORD, grams, words};
use crate::script::Script;

static BYTES: &[u8] = include_bytes!("../../../../data/languages/grams.bin");

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

/// What a gram of each kind counts, in sixteenths: runs overlap, so that long ones repeat what short
/// ones said; words stand alone. Tuned on texts of interface translations, no part of the table.
const WEIGHTS: [i32; WORD + 1] = [0, 4, 8, 16, 16, 16, 40];

/// Nats of one point of a score: a level of the table is half a nat.
const POINT: f32 = 0.5 / 16.0;

/// What the table holds at most, so that scores stand in an array.
const MOST: usize = 128;

/// The shared scripts, in the order of their bits.
const SHARED: [Script; 5] = [Script::Latin, Script::Cyrillic, Script::Arabic, Script::Devanagari, Script::Ethiopic];

struct Table {
    members: Vec<Member>,
    /// The shift that leaves a bucket's number of a name.
    shift: u32,
    starts: &'static [u8],
    slots: &'static [u8],
    lists: &'static [u8],
}

struct Member {
    language: Language,
    scripts: u8,
    /// By kind, the level of a gram that is not met in this language.
    absent: [i32; WORD + 1],
}

/// A language and how likely it is beside the others, in nats; the best has 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) language: Language,
    pub(super) below: f32,
}

/// What the table makes of a text.
pub(super) struct Ranking {
    /// Likeliest first. Empty where the script is not in the table, or nothing in the text is.
    pub(super) candidates: Vec<Candidate>,
    /// How many words were looked at.
    pub(super) words: usize,
}

impl Ranking {
    /// How far `language` is below the best, in nats; none if it is not in the table.
    pub(super) fn below(&self, language: Language) -> Option<f32> {
        self.candidates.iter().find(|candidate| candidate.language == language).map(|candidate| candidate.below)
    }
}

/// The languages of `script` by how well `text` fits them.
pub(super) fn rank(text: &str, script: Script) -> Ranking {
    TABLE.rank(text, script)
}

impl Table {
    fn new() -> Self {
        const HEAD: usize = 6;
        const MEMBER: usize = 4 + WORD + 1;
        let (count, bits) = (usize::from(BYTES[4]), u32::from(BYTES[5]));
        let member = |bytes: &[u8]| Member {
            language: Language::parse(std::str::from_utf8(&bytes[..3]).unwrap_or_default()),
            scripts: bytes[3],
            absent: std::array::from_fn(|kind| i32::from(bytes[4 + kind])),
        };
        let (members, rest) = BYTES[HEAD..].split_at(count * MEMBER);
        let (starts, rest) = rest.split_at(((1 << bits) + 1) * 4);
        let (slots, lists) = rest.split_at(number(&starts[starts.len() - 4..]) * 5);
        let members = members.chunks_exact(MEMBER).take(MOST).map(member).collect();
        Self { members, shift: 64 - bits, starts, slots, lists }
    }

    /// The languages of a gram, each with its level above absence.
    fn list(&self, name: u64) -> Option<&[u8]> {
        let bucket = (name >> self.shift) as usize * 4;
        let (first, last) = (number(&self.starts[bucket..bucket + 4]), number(&self.starts[bucket + 4..bucket + 8]));
        let low = (name as u16).to_le_bytes();
        let slot = self.slots[first * 5..last * 5].chunks_exact(5).find(|slot| slot[..2] == low)?;
        let begin = number(&slot[2..]);
        let length = usize::from(self.lists[begin]) * 2;
        Some(&self.lists[begin + 1..begin + 1 + length])
    }

    fn rank(&self, text: &str, script: Script) -> Ranking {
        let mut scores = [0_i32; MOST];
        let mut met = [0_i32; WORD + 1];
        let mut seen = 0;
        words(text, script, |word| {
            seen += 1;
            grams(word, |kind, name| {
                if let Some(list) = self.list(name) {
                    met[kind] += 1;
                    for pair in list.chunks_exact(2) {
                        scores[usize::from(pair[0]) % MOST] += i32::from(pair[1]) * WEIGHTS[kind];
                    }
                }
            });
        });
        let bit = SHARED.iter().position(|shared| *shared == script).map_or(0, |place| 1_u8 << place);
        let mut candidates: Vec<(i32, Language)> = Vec::with_capacity(self.members.len());
        for (member, score) in self.members.iter().zip(scores).filter(|(member, _)| member.scripts & bit != 0) {
            let absent: i32 = (1..=WORD).map(|kind| met[kind] * member.absent[kind] * WEIGHTS[kind]).sum();
            candidates.push((score - absent, member.language));
        }
        if met.iter().all(|count| *count == 0) {
            candidates.clear();
        }
        candidates.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        // Both Norwegians have one name here.
        let mut named: Vec<Candidate> = Vec::with_capacity(candidates.len());
        let best = candidates.first().map_or(0, |best| best.0);
        for (score, language) in candidates {
            if named.iter().all(|candidate| candidate.language != language) {
                named.push(Candidate { language, below: (best - score) as f32 * POINT });
            }
        }
        Ranking { candidates: named, words: seen }
    }
}

/// Up to four bytes, the least first.
fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The languages that Courant owes, less those that their script tells alone.
    const OWED: &str = "ar az be bg bs ca cs da de en es et eu fa fi fr ga gl hi hr hu id is it kk lt lv mk ms mt nl \
                        no pl pt ro ru sk sl sq sr sv sw tl tr uk ur uz vi";

    #[test]
    fn the_table_is_whole_and_small() {
        assert_eq!(&BYTES[..4], b"CLT1");
        assert!(BYTES.len() <= 16_000_000, "{} bytes", BYTES.len());
        let mut before = 0;
        for start in TABLE.starts.chunks_exact(4).map(number) {
            assert!(before <= start);
            before = start;
        }
        for slot in TABLE.slots.chunks_exact(5) {
            let begin = number(&slot[2..]);
            let end = begin + 1 + usize::from(TABLE.lists[begin]) * 2;
            let list = &TABLE.lists[begin + 1..end];
            assert!(!list.is_empty() && list.chunks_exact(2).all(|pair| usize::from(pair[0]) < TABLE.members.len()));
        }
    }

    #[test]
    fn every_owed_language_is_held() {
        for code in OWED.split_whitespace() {
            let language = Language::parse(code);
            assert!(TABLE.members.iter().any(|member| member.language == language), "{code}");
        }
    }

    #[test]
    fn a_script_names_its_languages_alone() {
        let of = |text: &str, script| rank(text, script).candidates.iter().map(|c| c.language).collect::<Vec<_>>();
        let devanagari = of("सरकार ने कहा", Script::Devanagari);
        assert_eq!(devanagari.len(), 3);
        assert!(of("vlada je rekla", Script::Latin).contains(&Language::parse("sr")));
        assert!(of("влада је рекла", Script::Cyrillic).contains(&Language::parse("sr")));
        assert!(!of("влада је рекла", Script::Cyrillic).contains(&Language::parse("hr")));
        assert!(of("ⴰⴱⴳ", Script::Ethiopic).is_empty());
    }

    #[test]
    fn the_best_is_first_and_the_others_below_it() {
        let ranking = rank("Das ist ein Satz, und er ist deutsch.", Script::Latin);
        assert_eq!(ranking.words, 8);
        assert_eq!(ranking.candidates[0].language.as_str(), "de");
        assert_eq!(ranking.below(Language::parse("de")), Some(0.0));
        assert!(ranking.below(Language::parse("nl")).is_some_and(|below| below > 20.0));
        assert_eq!(ranking.below(Language::parse("ja")), None);
        assert!(ranking.candidates.is_sorted_by(|a, b| a.below <= b.below));
    }
}
