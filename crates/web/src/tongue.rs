//! Languages as a page names them: in English for whoever reads the site, in themselves for whoever
//! reads the language, and with the direction that they are written in.

use courant_model::Language;

/// A language, ready for `lang`, `dir` and a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tongue {
    /// For `lang`.
    pub(crate) code: String,
    /// For `dir`: `auto` where the language is unknown.
    pub(crate) dir: &'static str,
    /// Its English name, else its code.
    pub(crate) name: String,
    /// Its own name, where it differs.
    pub(crate) own: Option<&'static str>,
}

impl From<Language> for Tongue {
    fn from(language: Language) -> Self {
        let code = language.as_str();
        let named = NAMES.iter().find(|(known, _, _)| *known == code);
        Self {
            code: code.to_owned(),
            dir: if language == Language::UND { "auto" } else { language.direction().as_str() },
            name: named.map_or_else(|| code.to_owned(), |(_, english, _)| (*english).to_owned()),
            own: named.map(|(_, _, own)| *own).filter(|own| !own.is_empty()),
        }
    }
}

/// Code, English name, own name (empty where it is the same, or where there is none).
const NAMES: &[(&str, &str, &str)] = &[
    ("und", "unknown language", ""),
    ("af", "Afrikaans", ""),
    ("am", "Amharic", "አማርኛ"),
    ("ar", "Arabic", "العربية"),
    ("az", "Azerbaijani", "azərbaycanca"),
    ("be", "Belarusian", "беларуская"),
    ("bg", "Bulgarian", "български"),
    ("bn", "Bengali", "বাংলা"),
    ("bs", "Bosnian", "bosanski"),
    ("ca", "Catalan", "català"),
    ("ckb", "Central Kurdish", "کوردیی ناوەندی"),
    ("cs", "Czech", "čeština"),
    ("cy", "Welsh", "Cymraeg"),
    ("da", "Danish", "dansk"),
    ("de", "German", "Deutsch"),
    ("el", "Greek", "Ελληνικά"),
    ("en", "English", ""),
    ("eo", "Esperanto", ""),
    ("es", "Spanish", "español"),
    ("et", "Estonian", "eesti"),
    ("eu", "Basque", "euskara"),
    ("fa", "Persian", "فارسی"),
    ("fi", "Finnish", "suomi"),
    ("fr", "French", "français"),
    ("ga", "Irish", "Gaeilge"),
    ("gl", "Galician", "galego"),
    ("gu", "Gujarati", "ગુજરાતી"),
    ("ha", "Hausa", ""),
    ("he", "Hebrew", "עברית"),
    ("hi", "Hindi", "हिन्दी"),
    ("hr", "Croatian", "hrvatski"),
    ("hu", "Hungarian", "magyar"),
    ("hy", "Armenian", "հայերեն"),
    ("id", "Indonesian", "Bahasa Indonesia"),
    ("is", "Icelandic", "íslenska"),
    ("it", "Italian", "italiano"),
    ("ja", "Japanese", "日本語"),
    ("ka", "Georgian", "ქართული"),
    ("kk", "Kazakh", "қазақ тілі"),
    ("km", "Khmer", "ខ្មែរ"),
    ("kn", "Kannada", "ಕನ್ನಡ"),
    ("ko", "Korean", "한국어"),
    ("ku", "Kurdish", "kurdî"),
    ("ky", "Kyrgyz", "кыргызча"),
    ("lo", "Lao", "ລາວ"),
    ("lt", "Lithuanian", "lietuvių"),
    ("lv", "Latvian", "latviešu"),
    ("mk", "Macedonian", "македонски"),
    ("ml", "Malayalam", "മലയാളം"),
    ("mn", "Mongolian", "монгол"),
    ("mr", "Marathi", "मराठी"),
    ("ms", "Malay", "Bahasa Melayu"),
    ("mt", "Maltese", "Malti"),
    ("my", "Burmese", "မြန်မာ"),
    ("ne", "Nepali", "नेपाली"),
    ("nl", "Dutch", "Nederlands"),
    ("no", "Norwegian", "norsk"),
    ("or", "Odia", "ଓଡ଼ିଆ"),
    ("pa", "Punjabi", "ਪੰਜਾਬੀ"),
    ("pl", "Polish", "polski"),
    ("ps", "Pashto", "پښتو"),
    ("pt", "Portuguese", "português"),
    ("ro", "Romanian", "română"),
    ("ru", "Russian", "русский"),
    ("si", "Sinhala", "සිංහල"),
    ("sk", "Slovak", "slovenčina"),
    ("sl", "Slovenian", "slovenščina"),
    ("so", "Somali", "Soomaali"),
    ("sq", "Albanian", "shqip"),
    ("sr", "Serbian", "српски"),
    ("sv", "Swedish", "svenska"),
    ("sw", "Swahili", "Kiswahili"),
    ("ta", "Tamil", "தமிழ்"),
    ("te", "Telugu", "తెలుగు"),
    ("tg", "Tajik", "тоҷикӣ"),
    ("th", "Thai", "ไทย"),
    ("tl", "Tagalog", ""),
    ("tr", "Turkish", "Türkçe"),
    ("uk", "Ukrainian", "українська"),
    ("ur", "Urdu", "اردو"),
    ("uz", "Uzbek", "oʻzbekcha"),
    ("vi", "Vietnamese", "Tiếng Việt"),
    ("yi", "Yiddish", "ייִדיש"),
    ("zh", "Chinese", "中文"),
    ("zu", "Zulu", "isiZulu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_named_twice_and_has_a_direction() {
        let hebrew = Tongue::from(Language::parse("he"));
        assert_eq!((hebrew.name.as_str(), hebrew.own, hebrew.dir), ("Hebrew", Some("עברית"), "rtl"));
        let unknown = Tongue::from(Language::UND);
        assert_eq!((unknown.dir, unknown.own), ("auto", None));
        assert_eq!(Tongue::from(Language::parse("xyz")).name, "xyz");
    }

    #[test]
    fn names_stand_in_order_and_once() {
        assert!(NAMES[1..].windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
