//! A language as Courant names it: the primary subtag of BCP 47 (RFC 5646), two letters where
//! ISO 639-1 has them, else three (ISO 639-3). "Unknown" is a value: `und`.

use std::fmt;

/// Two or three lower-case ASCII letters; [`Language::UND`] where nobody knows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language([u8; 3]);

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The value of HTML's `dir` attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// Three-letter codes (639-3, and 639-2/B where pages use it) that have a two-letter name.
const SHORTER: &[(&str, &str)] = &[
    ("afr", "af"),
    ("amh", "am"),
    ("ara", "ar"),
    ("arb", "ar"),
    ("aze", "az"),
    ("azj", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bos", "bs"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("chi", "zh"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("cze", "cs"),
    ("dan", "da"),
    ("deu", "de"),
    ("dut", "nl"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("eus", "eu"),
    ("fas", "fa"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("ger", "de"),
    ("gle", "ga"),
    ("glg", "gl"),
    ("gre", "el"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("isl", "is"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("kaz", "kk"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nno", "nn"),
    ("nob", "nb"),
    ("nor", "no"),
    ("ori", "or"),
    ("pan", "pa"),
    ("per", "fa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("pus", "ps"),
    ("ron", "ro"),
    ("rum", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slo", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("snd", "sd"),
    ("som", "so"),
    ("spa", "es"),
    ("sqi", "sq"),
    ("srp", "sr"),
    ("swa", "sw"),
    ("swe", "sv"),
    ("swh", "sw"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("uzn", "uz"),
    ("vie", "vi"),
    ("ydd", "yi"),
    ("yid", "yi"),
    ("zho", "zh"),
    ("zul", "zu"),
];

/// Two-letter codes that were renamed, and macrolanguage members that readers look for under one name.
const RENAMED: &[(&str, &str)] = &[("iw", "he"), ("in", "id"), ("ji", "yi"), ("nb", "no"), ("nn", "no")];

impl Language {
    /// Nobody knows.
    pub const UND: Self = Self(*b"und");

    /// Reads a language tag (`fr`, `fr-BE`, `zh_Hant`, `fra`); anything else is `und`.
    ///
    /// ```
    /// use courant_model::Language;
    /// assert_eq!(Language::parse("pt-BR").to_string(), "pt");
    /// assert_eq!(Language::parse("cmn").to_string(), "zh");
    /// assert_eq!(Language::parse("???"), Language::UND);
    /// ```
    pub fn parse(tag: &str) -> Self {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|b| b.is_ascii_lowercase()) {
            return Self::UND;
        }
        let mut name = primary.as_str();
        for table in [SHORTER, RENAMED] {
            if let Some((_, shorter)) = table.iter().find(|(long, _)| *long == name) {
                name = shorter;
            }
        }
        let mut bytes = [0; 3];
        bytes[..name.len()].copy_from_slice(name.as_bytes());
        Self(bytes)
    }

    /// The code: two or three letters.
    pub fn as_str(&self) -> &str {
        let len = if self.0[2] == 0 { 2 } else { 3 };
        // Only `parse` and `UND` make values, and both write ASCII letters.
        std::str::from_utf8(&self.0[..len]).unwrap_or("und")
    }

    /// Whether this is `und`.
    pub fn is_unknown(&self) -> bool {
        *self == Self::UND
    }

    /// Which way text in this language runs in its usual script.
    pub fn direction(&self) -> Direction {
        match self.as_str() {
            "ar" | "he" | "fa" | "ur" | "yi" | "ps" | "sd" | "ug" | "dv" | "ckb" | "arz" | "arc" => Direction::Rtl,
            _ => Direction::Ltr,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Language({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_their_primary_language() {
        for (tag, expected) in [
            ("fr", "fr"),
            ("FR-be", "fr"),
            ("zh_Hant_TW", "zh"),
            ("deu", "de"),
            ("iw", "he"),
            ("nb-NO", "no"),
            ("ckb", "ckb"),
            ("", "und"),
            ("x", "und"),
            ("english", "und"),
            ("1a", "und"),
        ] {
            assert_eq!(Language::parse(tag).as_str(), expected, "{tag}");
        }
    }

    #[test]
    fn arabic_and_hebrew_run_right_to_left() {
        assert_eq!(Language::parse("ar").direction(), Direction::Rtl);
        assert_eq!(Language::parse("iw").direction(), Direction::Rtl);
        assert_eq!(Language::parse("ja").direction(), Direction::Ltr);
    }
}
