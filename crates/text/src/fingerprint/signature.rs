//! The signature of a set of shingles: SuperMinHash (Ertl 2017, arXiv:1706.05698, algorithm 3). Like
//! MinHash, the share of equal values of two signatures estimates the share of common shingles; of
//! the same size its error is smaller, for sets as small as short articles by a third and more, and a
//! shingle costs a few steps instead of one for each value.

use super::shingles::Shingles;
use super::{STEP, mixed};

/// How many values a signature has. The standard error is at most .044, at a resemblance of one half.
pub const SIGNATURE: usize = 128;

/// How many bands a signature is cut into, of two values each.
pub const BANDS: usize = SIGNATURE / 2;

/// Stands for a set of shingles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    values: [u32; SIGNATURE],
    /// How many shingles it stands for.
    count: u32,
}

impl Signature {
    /// `None`, unknown, where the text is too short.
    pub fn new(shingles: &Shingles) -> Option<Self> {
        if shingles.too_few() {
            return None;
        }
        let count = u32::try_from(shingles.len()).unwrap_or(u32::MAX);
        Some(Self { values: least(shingles.hashes()), count })
    }

    /// How many shingles it stands for.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The estimated share of all shingles that both have (Jaccard): 0 to 1.
    pub fn resemblance(&self, other: &Self) -> f64 {
        let equal = self.values.iter().zip(&other.values).filter(|(one, other)| one == other).count();
        equal as f64 / SIGNATURE as f64
    }

    /// The estimated share of the shorter text's shingles that the longer one has too: 0 to 1. From
    /// the resemblance and the two sizes: rough where one text is many times as long as the other.
    pub fn containment(&self, other: &Self) -> f64 {
        let resemblance = self.resemblance(other);
        let (one, other) = (f64::from(self.count), f64::from(other.count));
        let shared = resemblance * (one + other) / (1.0 + resemblance);
        (shared / one.min(other)).min(1.0)
    }

    /// A key for each band: two texts that share one are candidates. Of pairs with a resemblance of
    /// .2 that are 93 %, of .3 all but .3 %, of .05 some 15 %.
    pub fn bands(&self) -> impl Iterator<Item = u64> + '_ {
        self.values.chunks_exact(2).zip(0u64..).map(|(pair, band)| {
            let pair = pair.iter().fold(0, |both, value| (both << 32) | u64::from(*value));
            mixed(mixed(pair).wrapping_add(band.wrapping_mul(STEP)))
        })
    }

    /// For keeping: the count and the values, little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        std::iter::once(&self.count).chain(&self.values).flat_map(|value| value.to_le_bytes()).collect()
    }

    /// What [`Self::to_bytes`] wrote; `None` where the length is another.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != 4 * (SIGNATURE + 1) {
            return None;
        }
        let mut numbers = bytes.chunks_exact(4).map(|four| four.try_into().map_or(0, u32::from_le_bytes));
        let count = numbers.next()?;
        let mut values = [0; SIGNATURE];
        values.iter_mut().zip(numbers).for_each(|(value, number)| *value = number);
        Some(Self { values, count })
    }
}

/// The least values of the set. A value is `j + r` of the paper, `j` in the upper 32 bits and `r` in
/// the lower ones; what is kept is a hash of it, since values are only compared for equality.
fn least(hashes: &[u64]) -> [u32; SIGNATURE] {
    const LAST: usize = SIGNATURE - 1;
    let mut values = [u64::MAX; SIGNATURE];
    let mut order = [0usize; SIGNATURE];
    // Which element wrote the entry of `order`: the permutation begins anew with each, without a loop.
    let mut written = [0usize; SIGNATURE];
    // How many values have which whole part, and the greatest there is: no later step can lower any.
    let mut whole = [0usize; SIGNATURE];
    whole[LAST] = SIGNATURE;
    let mut greatest = LAST;
    for (nth, hash) in (1..).zip(hashes) {
        let mut state = *hash;
        let mut j = 0;
        while j <= greatest {
            state = state.wrapping_add(STEP);
            let random = mixed(state);
            let r = random >> 32;
            let k = j + (((random & 0xffff_ffff) * (SIGNATURE - j) as u64) >> 32) as usize;
            for at in [j, k] {
                if written[at] != nth {
                    written[at] = nth;
                    order[at] = at;
                }
            }
            order.swap(j, k);
            let value = &mut values[order[j]];
            let lower = ((j as u64) << 32) | r;
            if lower < *value {
                let before = ((*value >> 32) as usize).min(LAST);
                *value = lower;
                if j < before {
                    whole[before] -= 1;
                    whole[j] += 1;
                    while whole[greatest] == 0 {
                        greatest -= 1;
                    }
                }
            }
            j += 1;
        }
    }
    values.map(|value| (mixed(value) >> 32) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hashes of their own for each number.
    fn set(numbers: std::ops::Range<u64>) -> Shingles {
        numbers.map(|n| mixed(n.wrapping_mul(STEP))).collect()
    }

    fn signature(numbers: std::ops::Range<u64>) -> Signature {
        Signature::new(&set(numbers)).expect("enough shingles")
    }

    #[test]
    fn the_estimate_is_near_and_its_error_is_that_of_the_paper() {
        for (size, shared) in [(30, 20), (100, 50), (400, 200), (400, 320), (2000, 400)] {
            let mut squares = 0.0;
            const TRIES: u64 = 200;
            for n in 0..TRIES {
                let from = n * 100_000;
                let (one, other) = (from..from + size, from + size - shared..from + 2 * size - shared);
                let exact = set(one.clone()).resemblance(&set(other.clone())).expect("enough");
                squares += (signature(one).resemblance(&signature(other)) - exact).powi(2);
            }
            let exact = shared as f64 / (2 * size - shared) as f64;
            let error = (squares / TRIES as f64).sqrt();
            let of_minhash = (exact * (1.0 - exact) / SIGNATURE as f64).sqrt();
            assert!(error < 1.15 * of_minhash, "{size} {shared}: {error} against {of_minhash}");
        }
    }

    #[test]
    fn small_sets_are_told_better_than_by_minhash() {
        let mut squares = 0.0;
        for n in 0..400 {
            let from = n * 100_000;
            let estimate = signature(from..from + 30).resemblance(&signature(from + 10..from + 40));
            squares += (estimate - 0.5f64).powi(2);
        }
        let (error, of_minhash) = ((squares / 400.0).sqrt(), (0.25 / SIGNATURE as f64).sqrt());
        assert!(error < 0.75 * of_minhash, "{error} against {of_minhash}");
    }

    #[test]
    fn a_part_is_contained() {
        let estimate = signature(0..100).containment(&signature(0..300));
        assert!((estimate - 1.0).abs() < 0.25, "{estimate}");
        assert_eq!(signature(0..100).containment(&signature(0..100)), 1.0);
        assert_eq!(signature(0..100).containment(&signature(1000..1100)), 0.0);
    }

    #[test]
    fn bands_find_what_resembles() {
        let share = |one: &Signature, other: &Signature| {
            let keys: Vec<u64> = one.bands().collect();
            other.bands().any(|key| keys.contains(&key))
        };
        let near = (0..100u64).filter(|n| {
            let from = n * 100_000;
            share(&signature(from..from + 200), &signature(from + 100..from + 300))
        });
        assert!(near.count() >= 98);
        let far = (0..100u64).filter(|n| {
            let from = n * 100_000;
            share(&signature(from..from + 200), &signature(from + 1000..from + 1200))
        });
        assert!(far.count() <= 2);
        assert_eq!(signature(0..100).bands().count(), BANDS);
    }

    #[test]
    fn it_is_kept_and_read() {
        let one = signature(0..100);
        assert_eq!(Signature::from_bytes(&one.to_bytes()), Some(one.clone()));
        assert_eq!(Signature::from_bytes(&one.to_bytes()[1..]), None);
        assert_eq!((one.count(), one.to_bytes().len()), (100, 4 * (SIGNATURE + 1)));
        assert_eq!(Signature::new(&set(0..5)), None);
    }

    /// A change here makes kept fingerprints worthless.
    #[test]
    fn values_are_the_same_everywhere() {
        assert_eq!(signature(0..100).values[..3], [2_167_129_941, 3_156_579_292, 2_264_475_819]);
    }
}
