//! The table's bytes, as `crates/text/src/language/table.rs` reads them; all numbers little-endian.
//!
//! | what | bytes |
//! | --- | --- |
//! | `CLT1` | 4 |
//! | number of languages, bits of a bucket's number | 1, 1 |
//! | per language: code, padded by spaces; bits of its scripts; levels of absence by kind | 3, 1, 7 |
//! | per bucket and one more: its first slot | 4 |
//! | per slot: low bits of a gram's name, where its list begins | 2, 3 |
//! | per list: its length, then language and level above absence | 1, then 1, 1 |
//!
//! A bucket holds the grams whose names begin with its number. A level is [`STEP`] nats.

use std::collections::{HashMap, HashSet};

use crate::choice::{absent, most};
use crate::grams::WORD;
use crate::languages::{KNOWN, SHARED};
use crate::shares::{Share, Shares};

/// Nats of a level. Halving it changed nothing measurable and made lists longer.
const STEP: f32 = 0.5;

/// Some 13 grams to a bucket: one line of cache, mostly.
const BITS: u32 = 17;

pub fn write(grams: &[&[Share]], shares: &Shares) -> Vec<u8> {
    let mut grams = grams.to_vec();
    grams.sort_by_key(|gram| (gram[0].name, gram[0].kind));
    let level = |nats: f32| (nats / STEP).round();
    let mut lists: Vec<u8> = Vec::new();
    let mut begins: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut slots = Vec::new();
    let mut counts = vec![0_u32; 1 << BITS];
    let mut taken = HashSet::new();
    for gram in grams {
        let kind = usize::from(gram[0].kind);
        let most = most(gram);
        let mut list = vec![0];
        for share in gram {
            let bottom = level(absent(shares.footing[usize::from(share.language)][kind], kind));
            let above = bottom - (most - share.ln) / STEP;
            if above.round() >= 1.0 {
                list.extend([share.language, above.round() as u8]);
            }
        }
        list[0] = ((list.len() - 1) / 2) as u8;
        let bucket = (gram[0].name >> (64 - BITS)) as usize;
        let low = gram[0].name as u16;
        // Of two grams that look alike here, the first stays: a hundred in a million and a half.
        if list[0] == 0 || !taken.insert((bucket, low)) {
            continue;
        }
        let begin = *begins.entry(list).or_insert_with_key(|list| {
            lists.extend(list);
            lists.len() - list.len()
        });
        assert!(begin < 1 << 24, "lists outgrow their addresses: keep fewer grams");
        slots.push((low, begin as u32));
        counts[bucket] += 1;
    }
    let mut table = head(shares, level);
    let mut first = 0_u32;
    for count in counts.iter().chain([&0]) {
        table.extend(first.to_le_bytes());
        first += count;
    }
    for (low, begin) in slots {
        table.extend(low.to_le_bytes());
        table.extend(&begin.to_le_bytes()[..3]);
    }
    table.extend(lists);
    table
}

fn head(shares: &Shares, level: impl Fn(f32) -> f32) -> Vec<u8> {
    let mut head = b"CLT1".to_vec();
    head.extend([KNOWN.len() as u8, BITS as u8]);
    for (known, footing) in KNOWN.iter().zip(&shares.footing) {
        head.extend(format!("{:3}", known.code).bytes());
        let bit = |place: usize| u8::from(known.scripts.contains(&SHARED[place])) << place;
        head.push((0..SHARED.len()).map(bit).sum());
        head.extend((0..=WORD).map(|kind| level(absent(footing[kind], kind)) as u8));
    }
    head
}
