//! The counts that langidentify ships (its "lite" model): runs of letters, and frequent words.

use std::io::Read;
use std::path::Path;

use crate::lingua::one_script;
use crate::script::Script;

/// Calls `each` with every run of one script and ln of its share among runs of its length.
/// False if there is no such file.
pub fn runs(pack: &Path, code: &str, mut each: impl FnMut(Script, &[char], f32)) -> bool {
    let Some(text) = text(pack, "ngrams", code) else {
        return false;
    };
    let mut lines = text.lines();
    // "# 1:31/6281821838 2:737/…": runs of that length, and letters counted.
    let head = lines.next().unwrap_or_default();
    let of = |part: &str| part.split_once('/').and_then(|(_, total)| total.parse().ok());
    let totals: Vec<f64> = head.split(' ').filter_map(of).collect();
    for (run, count) in lines.filter_map(|line| line.split_once(' ')) {
        let run: Vec<char> = run.chars().collect();
        let count: f64 = count.parse().expect("a count follows a run");
        if let (Some(script), Some(total)) = (one_script(&run), totals.get(run.len() - 1)) {
            each(script, &run, (count / total).ln() as f32);
        }
    }
    true
}

/// Calls `each` with every word and ln of its share among words. False if there is no such file.
pub fn words(pack: &Path, code: &str, mut each: impl FnMut(Script, &[char], f32)) -> bool {
    let Some(text) = text(pack, "topwords", code) else {
        return false;
    };
    for (word, share) in text.lines().skip(1).filter_map(|line| line.split_once(' ')) {
        let word: Vec<char> = word.trim_end_matches('\'').chars().collect();
        if let Some(script) = one_script(&word) {
            each(script, &word, share.parse().expect("a share follows a word"));
        }
    }
    true
}

fn text(pack: &Path, kind: &str, code: &str) -> Option<String> {
    let file = std::fs::File::open(pack).expect("a fetched wheel can be read");
    let mut pack = zip::ZipArchive::new(file).expect("a wheel is a zip file");
    let code = if code == "nb" { "no" } else { code };
    let entry = pack.by_name(&format!("langidentify/models/lite/{kind}-{code}.txt.gz")).ok()?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(entry).read_to_string(&mut text).expect("a checked wheel is whole");
    Some(text)
}
