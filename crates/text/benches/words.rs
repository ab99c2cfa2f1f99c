//! How fast texts are cut into words and fingerprinted: `cargo bench -p courant-text --bench words`.
//! Sentences of the evaluation data where it is at hand (`$COURANT_EVAL`, by default `../shared/eval`
//! beside the repository), and a few of our own. "Literal" is the cut without stems: it ends with an
//! error where stems more than halve the speed.
#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use courant_model::Language;
use courant_text::fingerprint::{Shingles, Signature};
use courant_text::{literal_words, words};

/// Each set is cut over and over for so long.
const LONG_ENOUGH: Duration = Duration::from_secs(1);

/// The share of the literal cut's speed that is left to the cut with stems.
const FLOOR: f64 = 0.5;

const OURS: &[(&str, &str)] = &[
    ("fr", "Les journalistes ont trouvé des documents sur les comptes du député, et le parquet a ouvert une enquête."),
    ("ru", "Журналисты нашли документы о счетах депутата, и прокуратура начала проверку."),
    ("tr", "Gazeteciler milletvekilinin hesaplarına ilişkin belgeler buldu; savcılık soruşturma başlattı."),
    ("fa", "خبرنگاران اسنادی درباره حساب‌های این نماینده پیدا کردند و دادستانی تحقیق را آغاز کرده است."),
];

fn main() -> ExitCode {
    let sets = sets();
    let mut times = [0.0; 3];
    for (language, text) in &sets {
        let warm = rate(text, |text| drop(black_box(words(text, *language))));
        // What is remembered of words belongs to a thread: a new one knows none.
        let cold = rate(text, |text| {
            std::thread::scope(|scope| drop(scope.spawn(|| drop(black_box(words(text, *language)))).join()));
        });
        let literal = rate(text, |text| drop(black_box(literal_words(text, *language))));
        println!("{language}: {warm:.1} MB/s with stems, {cold:.1} of words never seen, {literal:.1} literal");
        [warm, cold, literal].iter().zip(&mut times).for_each(|(rate, time)| *time += 1.0 / rate);
    }
    let [warm, cold, literal] = times.map(|time| sets.len() as f64 / time);
    println!("each language weighing the same: {warm:.1} MB/s, {cold:.1} never seen, {literal:.1} literal");
    fingerprints(&sets);
    if warm >= literal * FLOOR { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Texts of some five hundred words, one of each language.
fn fingerprints(sets: &[(Language, String)]) {
    let texts: Vec<(Language, String)> =
        sets.iter().map(|(language, text)| (*language, text.chars().take(3000).collect())).collect();
    let per_second = |name: &str, count: usize, run: &dyn Fn()| {
        let begun = Instant::now();
        let mut times = 0;
        while begun.elapsed() < LONG_ENOUGH {
            run();
            times += count;
        }
        println!("{name}: {:.0} a second", times as f64 / begun.elapsed().as_secs_f64());
    };
    let shingles = || texts.iter().map(|(language, text)| Shingles::new(black_box(text), *language));
    let sets: Vec<Shingles> = shingles().collect();
    let signatures: Vec<Signature> = sets.iter().filter_map(Signature::new).collect();
    per_second("shingles of a text", texts.len(), &|| shingles().for_each(|set| drop(black_box(set))));
    per_second("signatures of shingles", sets.len(), &|| {
        for set in &sets {
            black_box(Signature::new(black_box(set)));
        }
    });
    per_second("exact containments", sets.len() * sets.len(), &|| {
        let pairs = sets.iter().flat_map(|one| sets.iter().map(move |other| (one, other)));
        for (one, other) in pairs {
            black_box(one.containment(other));
        }
    });
    per_second("estimated resemblances", signatures.len() * signatures.len(), &|| {
        let pairs = signatures.iter().flat_map(|one| signatures.iter().map(move |other| (one, other)));
        for (one, other) in pairs {
            black_box(one.resemblance(other));
        }
    });
}

/// Megabytes a second.
fn rate(text: &str, cut: impl Fn(&str)) -> f64 {
    cut(text);
    let begun = Instant::now();
    let mut bytes = 0;
    while begun.elapsed() < LONG_ENOUGH {
        cut(black_box(text));
        bytes += text.len();
    }
    bytes as f64 / 1e6 / begun.elapsed().as_secs_f64()
}

/// One text a language, as long as an article.
fn sets() -> Vec<(Language, String)> {
    let mut sets: Vec<(Language, String)> =
        OURS.iter().map(|(code, text)| (Language::parse(code), format!("{text}\n").repeat(40))).collect();
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval");
    let root = std::env::var_os("COURANT_EVAL").map_or(here, PathBuf::from).join("language");
    let found = evaluation(&root);
    if found.is_empty() {
        println!("no evaluation data: texts of our own");
    } else {
        sets = found;
    }
    sets
}

/// Sentences of languages that news is written in.
fn evaluation(root: &Path) -> Vec<(Language, String)> {
    const CODES: &[&str] =
        &["en", "de", "fr", "es", "pl", "ru", "uk", "tr", "hu", "fi", "el", "ar", "he", "hi", "zh", "ko", "th", "sr"];
    let read = |code: &&str| {
        let text = std::fs::read_to_string(root.join(code).join("testdata/sentences.txt")).ok()?;
        Some((Language::parse(code), text))
    };
    CODES.iter().filter_map(read).collect()
}
