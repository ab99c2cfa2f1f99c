//! The word diff of two revisions, for readers: what stayed, what went, what came.
//!
//! Words are cut by Unicode word boundaries (UAX #29), where an ideograph is a word of its own, so
//! that Chinese and Japanese show what changed and not whole sentences. The search for common words
//! is bounded by its number of steps and not by a clock, so that the same two texts always give the
//! same diff; two huge texts are compared line by line.

use similar::{Algorithm, ChangeTag, TextDiff};

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffKind {
    /// It stands in both.
    Same,
    /// It stood in the old text only.
    Removed,
    /// It stands in the new text only.
    Added,
}

/// A run of words with one fate. All parts but the added ones, joined, are the old text; all but the
/// removed ones are the new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffPart {
    /// What became of it.
    pub kind: DiffKind,
    /// Its words, with the spaces and marks between them.
    pub text: String,
}

/// The longest text, in bytes, that is compared word by word.
const BY_WORDS: usize = 400_000;

/// Compares two texts.
pub fn diff(old: &str, new: &str) -> Vec<DiffPart> {
    let mut config = TextDiff::configure();
    // Git's bounded search: on texts with little in common it settles for a good split.
    config.algorithm(Algorithm::Myers);
    let by_words = old.len().max(new.len()) <= BY_WORDS;
    let diff = if by_words { config.diff_unicode_words(old, new) } else { config.diff_lines(old, new) };
    let mut parts: Vec<DiffPart> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => DiffKind::Same,
            ChangeTag::Delete => DiffKind::Removed,
            ChangeTag::Insert => DiffKind::Added,
        };
        match parts.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => parts.push(DiffPart { kind, text: change.value().to_owned() }),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str, expected: &str) {
        let parts = diff(old, new);
        let shown: String = parts
            .iter()
            .map(|part| match part.kind {
                DiffKind::Same => part.text.clone(),
                DiffKind::Removed => format!("[-{}-]", part.text),
                DiffKind::Added => format!("[+{}+]", part.text),
            })
            .collect();
        assert_eq!(shown, expected);
        let side = |skip| parts.iter().filter(|p| p.kind != skip).map(|p| p.text.as_str()).collect::<String>();
        assert_eq!(side(DiffKind::Added), old);
        assert_eq!(side(DiffKind::Removed), new);
    }

    #[test]
    fn words_are_compared() {
        check(
            "The minister said twelve firms.",
            "The minister said fifteen firms.",
            "The minister said [-twelve-][+fifteen+] firms.",
        );
        check("", "new", "[+new+]");
        check("same", "same", "same");
        check("", "", "");
    }

    #[test]
    fn ideographs_are_words() {
        check("政府は十二社を調査した。", "政府は十五社を調査した。", "政府は十[-二-][+五+]社を調査した。");
    }

    #[test]
    fn scripts_that_run_right_to_left_keep_their_words() {
        check("قال الوزير إن العدد عشرة", "قال الوزير إن العدد عشرون", "قال الوزير إن العدد [-عشرة-][+عشرون+]");
    }

    #[test]
    fn texts_with_nothing_in_common_end_soon() {
        let words =
            |seed: u64| (0..40_000u64).map(|n| format!("{:x} ", n.wrapping_mul(seed) % 9973)).collect::<String>();
        let (old, new) = (words(7919), words(104_729));
        let parts = diff(&old, &new);
        assert!(parts.len() > 1);
    }
}
