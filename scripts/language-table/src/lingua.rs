//! Lingua's models: an `fst` map from a run of letters to the bits of ln P(last letter | those
//! before). Only `models/ngrams.fst` of a crate is opened; its test texts stay shut.

use std::path::Path;

use fst::Streamer;

use crate::script::Script;

/// Calls `each` with every run of one script and ln of its share among runs of its length.
pub fn read(pack: &Path, mut each: impl FnMut(Script, &[char], f32)) {
    let mut map = Vec::new();
    crate::sources::unpacked(pack, |path| path.ends_with("models/ngrams.fst"), |_, bytes| map = bytes);
    let map = fst::Map::new(map).expect("a model crate holds an fst map");
    // In the order of the map a run follows its beginning, whose share it multiplies.
    let mut beginnings: Vec<(Vec<char>, f32)> = Vec::new();
    let mut stream = map.stream();
    while let Some((key, bits)) = stream.next() {
        let run: Vec<char> = std::str::from_utf8(key).expect("keys are letters").chars().collect();
        while beginnings.last().is_some_and(|(beginning, _)| !run.starts_with(beginning)) {
            beginnings.pop();
        }
        let before = match beginnings.last() {
            None if run.len() == 1 => 0.0,
            Some((beginning, share)) if beginning.len() + 1 == run.len() => *share,
            _ => continue,
        };
        let share = before + f64::from_bits(bits) as f32;
        if let Some(script) = one_script(&run) {
            each(script, &run, share);
        }
        beginnings.push((run, share));
    }
}

/// The script of a run, if it is of one.
pub fn one_script(run: &[char]) -> Option<Script> {
    let script = Script::of(*run.first()?);
    (script != Script::Other && run.iter().all(|c| Script::of(*c) == script)).then_some(script)
}
