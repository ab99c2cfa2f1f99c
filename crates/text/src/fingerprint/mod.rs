//! Fingerprints of texts, for near copies: wire stories that many outlets print, cut, edited and
//! framed by an outlet's own furniture.
//!
//! [`Shingles`] are the pieces of a text, five words long, as a set of hashes. A [`Signature`] of
//! half a kilobyte stands for the set where many texts are compared with many: it estimates how much
//! two sets share, and [`Signature::bands`] finds candidates without comparing all. What it finds is
//! then confirmed by [`Shingles::containment`], which is exact.
//!
//! What an outlet prints around each of its texts (cookies, donations, trials) makes copies of
//! different stories. Whoever keeps many texts of an outlet learns the shingles that recur in them
//! and gives them to [`Shingles::without`]; nothing is learned or kept here.
//!
//! All values are the same on every machine and in every run: seeds are fixed, hashes are spelled
//! out in the code, and no floating point goes into them. They change when the cut of words does:
//! keep [`crate::analyser`] beside them.
//!
//! Settings that were measured, on articles that a program cut, framed and edited: candidates at an
//! estimated [`Signature::resemblance`] of [`CANDIDATE`] and more; a containment of [`EDITED`] means
//! an edited copy, of [`COPY`] a copy. Reports of one event by different outlets practically never
//! reach them. A piece of less than a fifth of the longer text is not found.

mod shingles;
mod signature;

pub use shingles::{Shingles, TOO_FEW};
pub use signature::{BANDS, SIGNATURE, Signature};

/// The estimated resemblance from which on a pair is worth its exact comparison.
pub const CANDIDATE: f64 = 0.2;

/// The containment from which on the shorter text is mostly in the longer one.
pub const EDITED: f64 = 0.5;

/// The containment from which on the shorter text is a copy.
pub const COPY: f64 = 0.8;

/// The finaliser of splitmix64 (Steele, Lea and Flood, 2014): every bit of `x` reaches every bit.
fn mixed(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The step of splitmix64's sequence.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
