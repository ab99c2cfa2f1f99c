//! What each language holds of each gram, from all sources joined.

use std::collections::HashMap;

use crate::cldr::{self, Cldr};
use crate::grams::{LONGEST, WORD, grams};
use crate::languages::{KNOWN, SHARED};
use crate::script::Script;
use crate::sources::Sources;
use crate::{langidentify, lingua};

/// Frequent words of languages that the sources hold thinly.
const OWN_WORDS: &str = include_str!("../words.toml");

/// Rarer than this (ln), a gram is of no use to anybody.
const RAREST: f32 = -15.0;

/// Of the mass of a thinly held language, the part that the grams we saw may claim.
const SEEN: f32 = 0.8;

/// One gram in one language.
#[derive(Clone, Copy)]
pub struct Share {
    pub name: u64,
    pub kind: u8,
    /// Into [`KNOWN`].
    pub language: u8,
    /// ln of its share among grams of its kind.
    pub ln: f32,
}

/// How much text stands behind a language's grams of one kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Footing {
    Thin,
    Firm,
}

pub struct Shares {
    /// By script, in the order of [`SHARED`]; sorted by name, kind, language.
    pub scripts: Vec<Vec<Share>>,
    /// By language and kind.
    pub footing: Vec<[Footing; WORD + 1]>,
}

type Grams = HashMap<(Script, usize, u64), f32>;

pub fn gather(sources: &Sources) -> Shares {
    let own: toml::Table = OWN_WORDS.parse().expect("words.toml is TOML");
    let cldr = Cldr::read(sources);
    let mut shares = Shares { scripts: vec![Vec::new(); SHARED.len()], footing: Vec::new() };
    for (language, known) in KNOWN.iter().enumerate() {
        let own = own.get(known.code).and_then(|words| words.as_str()).unwrap_or_default();
        let (held, footing) = match known.lingua {
            Some(model) => modelled(sources, known.code, model),
            None => written(&cldr, own, known.cldr, known.scripts),
        };
        for ((script, kind, name), share) in held {
            let place = SHARED.iter().position(|shared| *shared == script && known.scripts.contains(shared));
            let share = Share { name, kind: kind as u8, language: language as u8, ln: share.ln() };
            if let Some(place) = place.filter(|_| share.ln > RAREST) {
                shares.scripts[place].push(share);
            }
        }
        shares.footing.push(footing);
    }
    for all in &mut shares.scripts {
        all.sort_unstable_by_key(|share| (share.name, share.kind, share.language));
    }
    shares
}

/// From lingua's model, and langidentify's counts where it has any.
fn modelled(sources: &Sources, code: &str, model: &str) -> (Grams, [Footing; WORD + 1]) {
    let mut held = Grams::new();
    let both_scripts = code == "sr";
    lingua::read(&sources.lingua(model), |script, run, ln| {
        add(&mut held, script, run, ln);
        if both_scripts && let Some(run) = romanised(run).filter(|run| run.len() <= LONGEST) {
            add(&mut held, Script::Latin, &run, ln);
        }
    });
    // langidentify has no runs of Bosnian, and what one source knows of a language and another does not
    // is nothing to tell it from its sisters by.
    let sisters = matches!(code, "bs" | "hr" | "sr");
    let pack = &sources.langidentify;
    if !sisters && langidentify::runs(pack, code, |script, run, ln| add(&mut held, script, run, ln)) {
        held.values_mut().for_each(|share| *share /= 2.0);
    }
    let mut footing = [Footing::Firm; WORD + 1];
    let words = langidentify::words(pack, code, |script, word, ln| {
        *held.entry((script, WORD, name(word, WORD))).or_default() += ln.exp();
        if both_scripts && let Some(word) = romanised(word) {
            *held.entry((Script::Latin, WORD, name(&word, WORD))).or_default() += ln.exp();
        }
    });
    if !words {
        footing[WORD] = Footing::Thin;
    }
    (held, footing)
}

fn written(cldr: &Cldr, own: &str, locales: &[&str], scripts: &[Script]) -> (Grams, [Footing; WORD + 1]) {
    let counts = cldr::count(cldr, own, locales, scripts);
    let share = |kind: usize, times: f64| (times / counts.totals[kind]) as f32 * SEEN;
    let held = counts.grams.iter().map(|(key, times)| (*key, share(key.1, *times))).collect();
    (held, [Footing::Thin; WORD + 1])
}

fn add(held: &mut Grams, script: Script, run: &[char], ln: f32) {
    *held.entry((script, run.len(), name(run, run.len()))).or_default() += ln.exp();
}

/// The name of a run of letters, or of a whole word if `kind` says so.
fn name(letters: &[char], kind: usize) -> u64 {
    let mut found = 0;
    grams(letters, |of, name| {
        if of == kind {
            found = name;
        }
    });
    found
}

/// Serbian in its other alphabet: the sources hold it in Cyrillic alone, and half its press is Latin.
fn romanised(cyrillic: &[char]) -> Option<Vec<char>> {
    const FROM: &str = "абвгдђежзијклмнопрстћуфхцчш";
    const INTO: &str = "abvgdđežzijklmnoprstćufhcčš";
    let mut latin = Vec::new();
    for c in cyrillic {
        match c {
            'љ' => latin.extend(['l', 'j']),
            'њ' => latin.extend(['n', 'j']),
            'џ' => latin.extend(['d', 'ž']),
            c => latin.push(INTO.chars().nth(FROM.chars().position(|from| from == *c)?)?),
        }
    }
    Some(latin)
}
