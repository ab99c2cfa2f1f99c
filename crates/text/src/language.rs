//! The language of a text: trigrams (whatlang) on its beginning, joined with what is known before
//! it is read. Script comes first, for it rules most languages out; then the page's own word, the
//! outlet's languages, the feed's. "Unknown" (`und`) is an answer.

use std::collections::HashMap;

use courant_model::Language;
use whatlang::{Detector, Lang};

use crate::Hints;
use crate::script::Script;

/// How much of a text is looked at, in bytes: trigrams settle long before, and cost grows with it.
const LOOKED_AT: usize = 4 * 1024;

/// From this many letters on, trigrams alone may contradict the page.
const LONG: usize = 200;

/// Returns the language of `text` and how sure that is, 0 to 1. `page_language` is what the page
/// says of itself (`html lang`, `og:locale`, JSON-LD `inLanguage`).
pub fn language(text: &str, hints: &Hints, page_language: Option<Language>) -> (Language, f32) {
    let text = beginning(text);
    let Some((script, letters)) = main_script(text) else {
        return (Language::UND, 0.0);
    };
    let priors = Priors::new(hints, page_language);
    if let Some(only) = only_language(script) {
        // A script of one language, but for those that a prior names.
        let language = priors.best_in(script).unwrap_or(only);
        return (language, 0.99);
    }
    if matches!(script, Script::Han | Script::Kana) {
        return (east_asian(text, script), 0.99);
    }
    let Some(seen) = Detector::new().detect(text) else {
        return priors.best_in(script).map_or((Language::UND, 0.0), |language| (language, 0.4));
    };
    let found = from_whatlang(seen.lang());
    let confidence = seen.confidence() as f32;
    let prior = priors.best_in(script);
    match prior {
        _ if priors.names(found) => (found, confidence.max(0.9)),
        Some(prior) if kin(found, prior) || !knows(prior) => (prior, 0.8),
        Some(_) if letters >= LONG && confidence >= 0.8 => (found, confidence),
        Some(prior) => (prior, 0.6),
        None if letters >= 60 || (letters >= 24 && confidence >= 0.25) => (found, confidence),
        None => (Language::UND, confidence),
    }
}

fn beginning(text: &str) -> &str {
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The script of most letters, and how many letters there are.
fn main_script(text: &str) -> Option<(Script, usize)> {
    let mut counts: HashMap<Script, usize> = HashMap::new();
    for script in text.chars().map(Script::of).filter(|script| *script != Script::Other) {
        // An ideograph says as much as three letters; Japanese and Chinese name firms in Latin.
        let weight = if matches!(script, Script::Han | Script::Kana) { 3 } else { 1 };
        *counts.entry(script).or_default() += weight;
    }
    let letters = counts.values().sum();
    let (script, _) = counts.into_iter().max_by_key(|(script, count)| (*count, *script as u8))?;
    Some((script, letters))
}

fn east_asian(text: &str, script: Script) -> Language {
    let count = |wanted| text.chars().filter(|c| Script::of(*c) == wanted).count();
    let (kana, han) = (count(Script::Kana), count(Script::Han));
    let japanese = script == Script::Kana || kana * 12 > han;
    Language::parse(if japanese { "ja" } else { "zh" })
}

/// The language of a script that hardly any other is written in.
fn only_language(script: Script) -> Option<Language> {
    let code = match script {
        Script::Greek => "el",
        Script::Armenian => "hy",
        Script::Hebrew => "he",
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
        Script::Bengali => "bn",
        _ => return None,
    };
    Some(Language::parse(code))
}

/// The scripts that a language is written in, where it is not Latin alone.
fn writes(language: Language, script: Script) -> bool {
    let code = language.as_str();
    match script {
        Script::Cyrillic => matches!(
            code,
            "ru" | "uk"
                | "be"
                | "bg"
                | "mk"
                | "sr"
                | "bs"
                | "kk"
                | "ky"
                | "mn"
                | "tg"
                | "tt"
                | "uz"
                | "az"
                | "ba"
                | "ce"
        ),
        Script::Arabic => matches!(code, "ar" | "fa" | "ur" | "ps" | "ckb" | "ug" | "sd" | "ku" | "az"),
        Script::Devanagari => matches!(code, "hi" | "mr" | "ne" | "sa" | "mai" | "bho"),
        Script::Ethiopic => matches!(code, "am" | "ti"),
        Script::Hebrew => matches!(code, "he" | "yi"),
        Script::Bengali => matches!(code, "bn" | "as"),
        Script::Latin => !matches!(
            code,
            "ru" | "uk"
                | "be"
                | "bg"
                | "mk"
                | "ar"
                | "fa"
                | "ur"
                | "he"
                | "hi"
                | "mr"
                | "ne"
                | "bn"
                | "ta"
                | "te"
                | "th"
                | "el"
                | "ka"
                | "hy"
                | "ko"
                | "ja"
                | "zh"
                | "am"
                | "km"
                | "lo"
                | "my"
                | "si"
                | "kn"
                | "ml"
                | "gu"
                | "pa"
                | "und"
        ),
        script => only_language(script) == Some(language),
    }
}

/// Languages that trigrams take for one another. There the page's word decides.
fn kin(a: Language, b: Language) -> bool {
    const FAMILIES: &[&[&str]] = &[
        &["hr", "bs", "sr", "sl", "mk", "cnr"],
        &["no", "da", "sv"],
        &["id", "ms", "jv"],
        &["cs", "sk"],
        &["es", "ca", "gl", "pt", "oc", "ast"],
        &["ru", "uk", "be", "bg", "mk", "sr"],
        &["ar", "fa", "ur", "ps", "ckb"],
        &["hi", "mr", "ne"],
        &["nl", "af"],
        &["tr", "az", "uz", "tk"],
        &["en", "la", "eo"],
        &["it", "la", "ro", "es"],
    ];
    FAMILIES.iter().any(|family| family.contains(&a.as_str()) && family.contains(&b.as_str()))
}

/// Whether the trigrams know `language` at all.
fn knows(language: Language) -> bool {
    Lang::all().iter().any(|lang| from_whatlang(*lang) == language)
}

fn from_whatlang(lang: Lang) -> Language {
    match lang {
        Lang::Nob => Language::parse("no"),
        lang => Language::parse(lang.code()),
    }
}

/// What is known before the text is read, the most telling first.
struct Priors(Vec<Language>);

impl Priors {
    fn new(hints: &Hints, page: Option<Language>) -> Self {
        let outlet = &hints.outlet_languages;
        let mut all: Vec<Language> = Vec::new();
        // What the page says counts most, unless its outlet never writes so: templates forget their
        // `lang="en"`.
        let plausible = page.filter(|language| outlet.is_empty() || outlet.contains(language));
        all.extend(plausible);
        all.extend(hints.feed_language);
        all.extend(hints.header_language);
        all.extend(outlet);
        all.extend(page);
        all.retain(|language| *language != Language::UND);
        Self(all)
    }

    fn best_in(&self, script: Script) -> Option<Language> {
        self.0.iter().copied().find(|language| writes(*language, script))
    }

    fn names(&self, language: Language) -> bool {
        self.0.contains(&language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, page: Option<&str>, expected: &str) {
        let (language, _) = language(text, &Hints::default(), page.map(Language::parse));
        assert_eq!(language.as_str(), expected, "{text}");
    }

    #[test]
    fn plain_texts_are_known() {
        check("Le gouvernement a annoncé mardi une série de mesures contre la fraude fiscale.", None, "fr");
        check("Правительство объявило о новых мерах против уклонения от налогов в регионах.", None, "ru");
        check("Уряд оголосив про нові заходи проти ухилення від сплати податків у регіонах країни.", None, "uk");
        check("قالت الحكومة إنها ستتخذ إجراءات جديدة ضد التهرب الضريبي", None, "ar");
        check("הממשלה הודיעה על צעדים חדשים נגד העלמות מס", None, "he");
        check("政府は脱税に対する新たな措置を発表した", None, "ja");
        check("政府宣布了打击逃税的新措施", None, "zh");
        check("정부는 탈세에 대한 새로운 조치를 발표했다", None, "ko");
        check("सरकार ने कर चोरी के खिलाफ नए उपायों की घोषणा की है और अधिकारियों ने इसकी पुष्टि की", None, "hi");
    }

    #[test]
    fn nothing_is_guessed_from_little() {
        check("", None, "und");
        check("12:30 — 2021", None, "und");
        check("Pegasus", None, "und");
    }

    #[test]
    fn kin_are_told_apart_by_the_page() {
        let text = "Vlada je najavila nove mjere protiv utaje poreza i kazala da će ih provesti u svim županijama.";
        check(text, Some("hr"), "hr");
        check(text, Some("bs"), "bs");
    }

    #[test]
    fn a_wrong_page_language_does_not_bind_a_long_text() {
        let text = "Die Regierung hat am Dienstag neue Maßnahmen gegen Steuerhinterziehung angekündigt. ".repeat(5);
        check(&text, Some("en"), "de");
    }

    #[test]
    fn an_outlets_language_outweighs_a_forgotten_attribute() {
        let hints = Hints { outlet_languages: vec![Language::parse("fr")], ..Hints::default() };
        let (found, _) = language("Le ministre démissionne", &hints, Some(Language::parse("en")));
        assert_eq!(found.as_str(), "fr");
    }

    #[test]
    fn short_text_takes_the_pages_word_in_its_script() {
        check("Pegasus", Some("de"), "de");
        check("Пегас", Some("ru"), "ru");
        check("Пегас", Some("de"), "und");
    }
}
