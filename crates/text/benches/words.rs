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
    if warm >= literal * FLOOR { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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
