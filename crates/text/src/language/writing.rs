//! What the writing says before any word is read: the script of a text, the languages that have a
//! script to themselves, and the scripts that a language is written in.

use courant_model::Language;

use crate::script::Script;

/// The script of most letters.
pub(super) fn main_script(text: &str) -> Option<Script> {
    let mut counts = [0; Script::ALL.len()];
    for script in text.chars().map(Script::of) {
        // An ideograph says as much as three letters; Japanese and Chinese name firms in Latin.
        counts[script as usize] += if is_east_asian(script) { 3 } else { 1 };
    }
    let met = Script::ALL.into_iter().filter(|script| *script != Script::Other && counts[*script as usize] > 0);
    met.max_by_key(|script| counts[*script as usize])
}

/// The language of a text in a script that hardly any other is written in.
pub(super) fn by_script(text: &str, script: Option<Script>) -> Option<Language> {
    match script {
        Some(script) if is_east_asian(script) => Some(east_asian(text, script)),
        Some(script) => only_language(script),
        // Thaana is no script of the catalogue's, so it has no name there.
        None => text.contains(|c| matches!(c, '\u{780}'..='\u{7BF}')).then(|| Language::parse("dv")),
    }
}

pub(super) fn is_east_asian(script: Script) -> bool {
    matches!(script, Script::Han | Script::Kana)
}

fn east_asian(text: &str, script: Script) -> Language {
    let count = |wanted| text.chars().filter(|c| Script::of(*c) == wanted).count();
    let (kana, han) = (count(Script::Kana), count(Script::Han));
    let japanese = script == Script::Kana || kana * 12 > han;
    Language::parse(if japanese { "ja" } else { "zh" })
}

fn only_language(script: Script) -> Option<Language> {
    let code = match script {
        Script::Greek => "el",
        Script::Armenian => "hy",
        Script::Hebrew => "he",
        Script::Bengali => "bn",
        Script::Gurmukhi => "pa",
        Script::Gujarati => "gu",
        Script::Oriya => "or",
        Script::Tamil => "ta",
        Script::Telugu => "te",
        Script::Kannada => "kn",
        Script::Malayalam => "ml",
        Script::Sinhala => "si",
        Script::Thai => "th",
        Script::Lao => "lo",
        Script::Tibetan => "bo",
        Script::Myanmar => "my",
        Script::Georgian => "ka",
        Script::Hangul => "ko",
        Script::Khmer => "km",
        _ => return None,
    };
    Some(Language::parse(code))
}

/// Languages of the Cyrillic, Arabic, Devanagari and Ethiopic scripts.
const CYRILLIC: &[&str] =
    &["ru", "uk", "be", "bg", "mk", "sr", "bs", "cnr", "kk", "ky", "mn", "tg", "tt", "uz", "az", "ba", "ce"];
const ARABIC: &[&str] = &["ar", "fa", "ur", "ps", "ckb", "ug", "sd", "ku", "az"];
const DEVANAGARI: &[&str] = &["hi", "mr", "ne", "sa", "mai", "bho"];
const ETHIOPIC: &[&str] = &["am", "ti"];

/// Languages that are not written in Latin letters, or hardly; those of one script are not listed.
const NOT_LATIN: &[&str] = &[
    "ru", "uk", "be", "bg", "mk", "ky", "mn", "tg", "ba", "ce", "ar", "fa", "ur", "ps", "ckb", "ug", "sd", "hi", "mr",
    "ne", "sa", "mai", "bho", "am", "ti", "yi", "as", "dv", "ja", "zh", "und",
];

/// Whether `language` is written in `script`.
pub(super) fn writes(language: Language, script: Script) -> bool {
    let code = language.as_str();
    match script {
        Script::Cyrillic => CYRILLIC.contains(&code),
        Script::Arabic => ARABIC.contains(&code),
        Script::Devanagari => DEVANAGARI.contains(&code),
        Script::Ethiopic => ETHIOPIC.contains(&code),
        Script::Hebrew => matches!(code, "he" | "yi"),
        Script::Bengali => matches!(code, "bn" | "as"),
        Script::Latin => !NOT_LATIN.contains(&code) && !has_own_script(language),
        script => only_language(script) == Some(language),
    }
}

fn has_own_script(language: Language) -> bool {
    const OWN: &[Script] = &[
        Script::Greek,
        Script::Armenian,
        Script::Hebrew,
        Script::Bengali,
        Script::Gurmukhi,
        Script::Gujarati,
        Script::Oriya,
        Script::Tamil,
        Script::Telugu,
        Script::Kannada,
        Script::Malayalam,
        Script::Sinhala,
        Script::Thai,
        Script::Lao,
        Script::Tibetan,
        Script::Myanmar,
        Script::Georgian,
        Script::Hangul,
        Script::Khmer,
    ];
    OWN.iter().any(|script| only_language(*script) == Some(language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_of_most_letters_leads() {
        assert_eq!(main_script("12:30"), None);
        assert_eq!(main_script("Компания Apple сообщила"), Some(Script::Cyrillic));
        assert_eq!(main_script("アップル Apple"), Some(Script::Kana));
    }

    #[test]
    fn one_script_may_be_one_language() {
        for (text, code) in [
            ("Η κυβέρνηση", "el"),
            ("รัฐบาล", "th"),
            ("მთავრობა", "ka"),
            ("政府は発表した", "ja"),
            ("政府宣布", "zh"),
            ("ސަރުކާރު", "dv"),
        ] {
            let script = main_script(text);
            assert_eq!(by_script(text, script), Some(Language::parse(code)), "{text}");
        }
        assert_eq!(by_script("gouvernement", Some(Script::Latin)), None);
    }

    #[test]
    fn a_language_has_its_scripts() {
        let check =
            |code: &str, script, expected| assert_eq!(writes(Language::parse(code), script), expected, "{code}");
        check("sr", Script::Latin, true);
        check("sr", Script::Cyrillic, true);
        check("hr", Script::Cyrillic, false);
        check("ru", Script::Latin, false);
        check("th", Script::Latin, false);
        check("oc", Script::Latin, true);
        check("yi", Script::Hebrew, true);
        check("und", Script::Latin, false);
    }
}
