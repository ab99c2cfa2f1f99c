//! Texts that benches share: sentences of the evaluation data where it is at hand (`$COURANT_EVAL`, by default
//! `../shared/eval` beside the repository), else a few of our own.

use std::path::PathBuf;

use courant_model::Language;

const OURS: &[(&str, &str)] = &[
    ("fr", "Les journalistes ont trouvé des documents sur les comptes du député, et le parquet a ouvert une enquête."),
    ("ru", "Журналисты нашли документы о счетах депутата, и прокуратура начала проверку."),
    ("tr", "Gazeteciler milletvekilinin hesaplarına ilişkin belgeler buldu; savcılık soruşturma başlattı."),
    ("fa", "خبرنگاران اسنادی درباره حساب‌های این نماینده پیدا کردند و دادستانی تحقیق را آغاز کرده است."),
];

/// Languages that news is written in.
const CODES: &[&str] =
    &["en", "de", "fr", "es", "pl", "ru", "uk", "tr", "hu", "fi", "el", "ar", "he", "hi", "zh", "ko", "th", "sr"];

/// One text a language, its sentences a line each.
pub(crate) fn texts() -> Vec<(Language, String)> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval");
    let root = std::env::var_os("COURANT_EVAL").map_or(here, PathBuf::from).join("language");
    let read = |code: &&str| {
        let text = std::fs::read_to_string(root.join(code).join("testdata/sentences.txt")).ok()?;
        Some((Language::parse(code), text))
    };
    let found: Vec<(Language, String)> = CODES.iter().filter_map(read).collect();
    if !found.is_empty() {
        return found;
    }
    OURS.iter().map(|(code, text)| (Language::parse(code), format!("{text}\n").repeat(40))).collect()
}
