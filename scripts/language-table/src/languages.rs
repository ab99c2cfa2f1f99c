//! The languages of the table, and where each is learnt from. Languages that a script tells alone
//! (Greek, Thai, Georgian ...) are not here: the reader needs no table for them.

use crate::script::Script;

/// One language of the table.
pub struct Known {
    /// As the table names it: BCP 47's primary subtag.
    pub code: &'static str,
    /// Its model crate, `lingua-<name>-language-model`.
    pub lingua: Option<&'static str>,
    pub scripts: &'static [Script],
    /// The CLDR locales whose text stands in where there is no model.
    pub cldr: &'static [&'static str],
}

/// The scripts that several languages share, in the order of the table's bits.
pub const SHARED: &[Script] = &[Script::Latin, Script::Cyrillic, Script::Arabic, Script::Devanagari, Script::Ethiopic];

const LATIN: &[Script] = &[Script::Latin];
const CYRILLIC: &[Script] = &[Script::Cyrillic];
const BOTH: &[Script] = &[Script::Latin, Script::Cyrillic];
const ARABIC: &[Script] = &[Script::Arabic];
const DEVANAGARI: &[Script] = &[Script::Devanagari];
const ETHIOPIC: &[Script] = &[Script::Ethiopic];

const fn modelled(code: &'static str, name: &'static str, scripts: &'static [Script]) -> Known {
    Known { code, lingua: Some(name), scripts, cldr: &[] }
}

const fn written(code: &'static str, scripts: &'static [Script], cldr: &'static [&'static str]) -> Known {
    Known { code, lingua: None, scripts, cldr }
}

pub const KNOWN: &[Known] = &[
    modelled("af", "afrikaans", LATIN),
    modelled("ar", "arabic", ARABIC),
    modelled("az", "azerbaijani", LATIN),
    modelled("be", "belarusian", CYRILLIC),
    modelled("bg", "bulgarian", CYRILLIC),
    modelled("bs", "bosnian", LATIN),
    modelled("ca", "catalan", LATIN),
    modelled("cs", "czech", LATIN),
    modelled("cy", "welsh", LATIN),
    modelled("da", "danish", LATIN),
    modelled("de", "german", LATIN),
    modelled("en", "english", LATIN),
    modelled("eo", "esperanto", LATIN),
    modelled("es", "spanish", LATIN),
    modelled("et", "estonian", LATIN),
    modelled("eu", "basque", LATIN),
    modelled("fa", "persian", ARABIC),
    modelled("fi", "finnish", LATIN),
    modelled("fr", "french", LATIN),
    modelled("ga", "irish", LATIN),
    modelled("hr", "croatian", LATIN),
    modelled("hu", "hungarian", LATIN),
    modelled("id", "indonesian", LATIN),
    modelled("is", "icelandic", LATIN),
    modelled("it", "italian", LATIN),
    modelled("kk", "kazakh", CYRILLIC),
    modelled("la", "latin", LATIN),
    modelled("lg", "ganda", LATIN),
    modelled("lt", "lithuanian", LATIN),
    modelled("lv", "latvian", LATIN),
    modelled("mi", "maori", LATIN),
    modelled("mk", "macedonian", CYRILLIC),
    modelled("mn", "mongolian", CYRILLIC),
    modelled("ms", "malay", LATIN),
    modelled("nb", "bokmal", LATIN),
    modelled("nl", "dutch", LATIN),
    modelled("nn", "nynorsk", LATIN),
    modelled("pl", "polish", LATIN),
    modelled("pt", "portuguese", LATIN),
    modelled("ro", "romanian", LATIN),
    modelled("ru", "russian", CYRILLIC),
    modelled("sk", "slovak", LATIN),
    modelled("sl", "slovene", LATIN),
    modelled("sn", "shona", LATIN),
    modelled("so", "somali", LATIN),
    modelled("sq", "albanian", LATIN),
    modelled("sr", "serbian", BOTH),
    modelled("st", "sotho", LATIN),
    modelled("sv", "swedish", LATIN),
    modelled("sw", "swahili", LATIN),
    modelled("tl", "tagalog", LATIN),
    modelled("tn", "tswana", LATIN),
    modelled("tr", "turkish", LATIN),
    modelled("ts", "tsonga", LATIN),
    modelled("uk", "ukrainian", CYRILLIC),
    modelled("ur", "urdu", ARABIC),
    modelled("vi", "vietnamese", LATIN),
    modelled("xh", "xhosa", LATIN),
    modelled("yo", "yoruba", LATIN),
    modelled("zu", "zulu", LATIN),
    // The models of Hindi and Marathi leave the vowel signs out; the text of CLDR has them.
    written("am", ETHIOPIC, &["am"]),
    written("ckb", ARABIC, &["ckb"]),
    written("fo", LATIN, &["fo"]),
    written("gl", LATIN, &["gl"]),
    written("ha", LATIN, &["ha"]),
    written("hi", DEVANAGARI, &["hi"]),
    written("ht", LATIN, &["ht"]),
    written("ig", LATIN, &["ig"]),
    written("jv", LATIN, &["jv"]),
    written("ku", LATIN, &["ku"]),
    written("ky", CYRILLIC, &["ky"]),
    written("lb", LATIN, &["lb"]),
    written("mg", LATIN, &["mg"]),
    written("mr", DEVANAGARI, &["mr"]),
    written("mt", LATIN, &["mt"]),
    written("ne", DEVANAGARI, &["ne"]),
    written("ny", LATIN, &["ny"]),
    written("ps", ARABIC, &["ps"]),
    written("rn", LATIN, &["rn"]),
    written("rw", LATIN, &["rw"]),
    written("tg", CYRILLIC, &["tg"]),
    written("ti", ETHIOPIC, &["ti"]),
    written("tk", LATIN, &["tk"]),
    written("ug", ARABIC, &["ug"]),
    written("uz", BOTH, &["uz", "uz-Cyrl"]),
];
