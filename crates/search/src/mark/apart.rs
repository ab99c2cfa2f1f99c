//! Where the words of a phrase stand that may be some places off.

use std::collections::BTreeSet;
use std::ops::Range;

use courant_model::Words;

use crate::plan::Sequence;

/// Ways to go on that are kept at each word of a phrase whose words are apart.
const WAYS: usize = 8;
/// Steps that are tried in one text: some milliseconds. Real phrases take hundreds.
const STEPS: usize = 200_000;

/// The words of a phrase that was found so far, some places off.
struct Way {
    spent: u32,
    /// Where the phrase would begin by the words found first and last, so that words in their place
    /// say the same.
    begins: [i64; 2],
    tokens: Vec<usize>,
}

/// Adds where the words of `sequence` stand at most so many `places` off, as the engine counts them:
/// what each word is off the one before, or the first, is spent of the same sum.
pub(super) fn find(sequence: &Sequence, places: u32, words: &Words, ranges: &mut Vec<Range<usize>>) {
    let at = |wanted: &str| -> Vec<usize> {
        words.tokens.iter().enumerate().filter(|(_, token)| token.text == wanted).map(|(at, _)| at).collect()
    };
    let found: Vec<Vec<usize>> = sequence.words.iter().map(|(_, word)| at(word)).collect();
    if found.iter().any(Vec::is_empty) {
        return;
    }
    let begin = |nth: usize, token: usize| -> i64 {
        i64::from(words.tokens[token].position) - i64::from(sequence.words[nth].0)
    };
    let mut marked = BTreeSet::new();
    let mut tried = 0;
    for first in &found[0] {
        if tried > STEPS {
            break;
        }
        // It stands in a phrase already: another one would mark its neighbours once more.
        if marked.contains(first) {
            continue;
        }
        let mut ways = vec![Way { spent: 0, begins: [begin(0, *first); 2], tokens: vec![*first] }];
        for (nth, tokens) in found.iter().enumerate().skip(1) {
            let mut steps: Vec<(u32, i64, usize, usize)> = Vec::new();
            for (from, way) in ways.iter().enumerate() {
                let left = i64::from(places - way.spent);
                let low = way.begins.iter().min().copied().unwrap_or_default() - left;
                let high = way.begins.iter().max().copied().unwrap_or_default() + left;
                let start = tokens.partition_point(|token| begin(nth, *token) < low);
                for token in tokens[start..].iter().take_while(|token| begin(nth, **token) <= high) {
                    let here = begin(nth, *token);
                    let off = way.begins.iter().map(|begins| begins.abs_diff(here)).min().unwrap_or_default();
                    let spent = way.spent.saturating_add(u32::try_from(off).unwrap_or(u32::MAX));
                    if spent <= places {
                        steps.push((spent, here, *token, from));
                    }
                }
            }
            tried += steps.len();
            steps.sort_unstable();
            steps.truncate(WAYS);
            let longer = steps.into_iter().map(|(spent, here, token, from)| Way {
                spent,
                begins: [ways[from].begins[0], here],
                tokens: ways[from].tokens.iter().copied().chain([token]).collect(),
            });
            ways = longer.collect();
        }
        marked.extend(ways.into_iter().next().map(|way| way.tokens).unwrap_or_default());
    }
    ranges
        .extend(marked.iter().map(|token| &words.tokens[*token]).map(|token| token.start as usize..token.end as usize));
}
