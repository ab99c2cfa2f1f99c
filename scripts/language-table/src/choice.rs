//! Which grams the table keeps: of each language those that tell it from its nearest rivals, weighed
//! by how often they are met. A gram that rivals share alike says nothing, however common.

use crate::grams::WORD;
use crate::languages::{KNOWN, SHARED};
use crate::shares::{Footing, Share, Shares};

/// Runs and words that each language chooses. The size of the table comes of these.
const RUNS: usize = 33_000;
const WORDS: usize = 8_000;

/// How many rivals a gram is weighed against; the nearest counts whole, the next a half, a third …
const RIVALS: usize = 6;

/// What is missing (ln, below the language that has most of a gram) where a source is firm: further
/// down, counts are chance. Tuned, as the two below, on texts of interface translations (Django's and
/// Wagtail's message catalogues, BSD), which are no part of the table.
const ABSENT: f32 = 8.0;
const ABSENT_WORD: f32 = 5.0;

/// The same where a source is thin: absence says less.
const ABSENT_THIN: f32 = 4.5;
const ABSENT_WORD_THIN: f32 = 3.5;

/// How far below the language of its largest share a gram is put where `footing` knows none.
pub fn absent(footing: Footing, kind: usize) -> f32 {
    match (footing, kind) {
        (Footing::Firm, WORD) => ABSENT_WORD,
        (Footing::Thin, WORD) => ABSENT_WORD_THIN,
        // Single letters and pairs are all met in a little text.
        (Footing::Firm, _) | (Footing::Thin, 1 | 2) => ABSENT,
        (Footing::Thin, _) => ABSENT_THIN,
    }
}

/// The chosen grams of all scripts: slices of shares of one gram.
pub fn choose(shares: &Shares) -> Vec<&[Share]> {
    let mut all = Vec::new();
    for (script, entries) in SHARED.iter().zip(&shares.scripts) {
        let members: Vec<usize> = (0..KNOWN.len()).filter(|l| KNOWN[*l].scripts.contains(script)).collect();
        let grams: Vec<&[Share]> = entries.chunk_by(|a, b| (a.name, a.kind) == (b.name, b.kind)).collect();
        let scale = Scale { shares, members: &members };
        let rivals = rivals(&scale, &grams);
        let mut worth: Vec<[Vec<(f32, usize)>; 2]> = vec![Default::default(); KNOWN.len()];
        let mut row = vec![0.0; KNOWN.len()];
        for (place, gram) in grams.iter().enumerate() {
            scale.fill(&mut row, gram);
            for share in *gram {
                let own = usize::from(share.language);
                let far = |(rank, rival): (usize, &usize)| (row[own] - row[*rival]).abs() / (1.0 + rank as f32);
                let told: f32 = rivals[own].iter().enumerate().map(far).sum();
                worth[own][usize::from(usize::from(share.kind) == WORD)].push((told * share.ln.exp(), place));
            }
        }
        let mut chosen = vec![false; grams.len()];
        for (list, keep) in worth.iter_mut().flat_map(|[runs, words]| [(runs, RUNS), (words, WORDS)]) {
            list.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            list.iter().take(keep).for_each(|(_, place)| chosen[*place] = true);
        }
        all.extend(grams.iter().zip(chosen).filter_map(|(gram, chosen)| chosen.then_some(*gram)));
    }
    all
}

/// The largest share of a gram.
pub fn most(gram: &[Share]) -> f32 {
    gram.iter().map(|share| share.ln).fold(f32::MIN, f32::max)
}

struct Scale<'a> {
    shares: &'a Shares,
    members: &'a [usize],
}

impl Scale<'_> {
    /// ln of a gram in each language of the script, met there or not.
    fn fill(&self, row: &mut [f32], gram: &[Share]) {
        let (most, kind) = (most(gram), usize::from(gram[0].kind));
        for l in self.members {
            row[*l] = most - absent(self.shares.footing[*l][kind], kind);
        }
        for share in gram {
            let cell = &mut row[usize::from(share.language)];
            *cell = cell.max(share.ln);
        }
    }
}

/// For each language the nearest others, by how far apart (Kullback and Leibler) their runs of three
/// and four letters are, both ways.
fn rivals(scale: &Scale<'_>, grams: &[&[Share]]) -> Vec<Vec<usize>> {
    let mut apart = vec![vec![0.0; KNOWN.len()]; KNOWN.len()];
    let mut row = vec![0.0; KNOWN.len()];
    for gram in grams.iter().filter(|gram| matches!(gram[0].kind, 3 | 4)) {
        scale.fill(&mut row, gram);
        for share in *gram {
            let own = usize::from(share.language);
            for other in scale.members {
                apart[own][*other] += share.ln.exp() * (row[own] - row[*other]);
            }
        }
    }
    let nearest = |own: usize| {
        let mut others: Vec<usize> = scale.members.iter().copied().filter(|other| *other != own).collect();
        let distance = |other: usize| apart[own][other] + apart[other][own];
        others.sort_by(|a, b| distance(*a).total_cmp(&distance(*b)));
        others.truncate(RIVALS);
        others
    };
    (0..KNOWN.len()).map(nearest).collect()
}
