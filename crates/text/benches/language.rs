//! How fast languages are told: `cargo bench -p courant-text --bench language`. Sentences of the
//! evaluation data where it is at hand (`$COURANT_EVAL`, by default `../shared/eval` beside the
//! repository), and a few of our own. It ends with an error where the floor is not reached.
#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::hint::black_box;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use courant_text::{Hints, language};

/// Texts a second on one core.
const FLOOR: f64 = 10_000.0;

/// The longest that the first text may take, with all that is made ready for it.
const FIRST: Duration = Duration::from_millis(50);

/// Each set is told over and over for so long.
const LONG_ENOUGH: Duration = Duration::from_secs(2);

const OURS: &[&str] = &[
    "Les journalistes ont trouvé des documents sur les comptes du député, et le parquet a ouvert une enquête.",
    "Журналисты нашли документы о счетах депутата, и прокуратура начала проверку.",
    "Gazeteciler milletvekilinin hesaplarına ilişkin belgeler buldu; savcılık soruşturma başlattı.",
    "خبرنگاران اسنادی درباره حساب‌های این نماینده پیدا کردند و دادستانی تحقیق را آغاز کرده است.",
];

fn main() -> ExitCode {
    let begun = Instant::now();
    told(black_box(OURS[0]));
    let first = begun.elapsed();
    println!("the first text: {first:?} (at most {FIRST:?})");
    let ours: Vec<String> = OURS.iter().map(|text| (*text).to_owned()).collect();
    let sentences = evaluation();
    if sentences.is_empty() {
        println!("skipped: no evaluation data");
    }
    let slowest = [("our own", &ours), ("sentences of the evaluation data", &sentences)]
        .into_iter()
        .filter(|(_, texts)| !texts.is_empty())
        .map(|(name, texts)| rate(name, texts))
        .fold(f64::MAX, f64::min);
    if slowest >= FLOOR && first <= FIRST { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn rate(name: &str, texts: &[String]) -> f64 {
    let begun = Instant::now();
    let mut count = 0;
    while begun.elapsed() < LONG_ENOUGH {
        texts.iter().for_each(|text| told(black_box(text)));
        count += texts.len();
    }
    let rate = count as f64 / begun.elapsed().as_secs_f64();
    println!("{name}: {rate:.0} texts/s (floor {FLOOR})");
    rate
}

fn told(text: &str) {
    black_box(language(text, &Hints::default(), None));
}

fn evaluation() -> Vec<String> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval");
    let root = std::env::var_os("COURANT_EVAL").map_or(here, PathBuf::from).join("language");
    let files = std::fs::read_dir(root).into_iter().flatten().flatten();
    let texts = files.filter_map(|entry| std::fs::read_to_string(entry.path().join("testdata/sentences.txt")).ok());
    texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}
