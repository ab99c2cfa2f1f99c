//! Scripts, as far as reading needs them: which writing a character belongs to, and whether that
//! writing parts its words by spaces. By block, not by property tables: what is rare is `Other`.

/// A writing system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    Devanagari,
    Bengali,
    Gurmukhi,
    Gujarati,
    Oriya,
    Tamil,
    Telugu,
    Kannada,
    Malayalam,
    Sinhala,
    Thai,
    Lao,
    Tibetan,
    Myanmar,
    Georgian,
    Hangul,
    Ethiopic,
    Khmer,
    Kana,
    Han,
    /// Digits, marks, signs, and scripts that no page here is written in.
    Other,
}

impl Script {
    /// All of them, in the order of their numbers.
    pub(crate) const ALL: [Self; Self::Other as usize + 1] = [
        Self::Latin,
        Self::Greek,
        Self::Cyrillic,
        Self::Armenian,
        Self::Hebrew,
        Self::Arabic,
        Self::Devanagari,
        Self::Bengali,
        Self::Gurmukhi,
        Self::Gujarati,
        Self::Oriya,
        Self::Tamil,
        Self::Telugu,
        Self::Kannada,
        Self::Malayalam,
        Self::Sinhala,
        Self::Thai,
        Self::Lao,
        Self::Tibetan,
        Self::Myanmar,
        Self::Georgian,
        Self::Hangul,
        Self::Ethiopic,
        Self::Khmer,
        Self::Kana,
        Self::Han,
        Self::Other,
    ];

    /// The script of a letter.
    pub(crate) fn of(c: char) -> Self {
        if c.is_ascii() {
            return if c.is_ascii_alphabetic() { Self::Latin } else { Self::Other };
        }
        match u32::from(c) {
            0xAA | 0xBA | 0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x2AF => Self::Latin,
            0x1E00..=0x1EFF | 0xFF21..=0xFF3A | 0xFF41..=0xFF5A => Self::Latin,
            0x370..=0x3FF | 0x1F00..=0x1FFF => Self::Greek,
            0x400..=0x52F | 0x1C80..=0x1C8F | 0xA640..=0xA69F => Self::Cyrillic,
            0x531..=0x58F => Self::Armenian,
            0x5D0..=0x5F4 | 0xFB1D..=0xFB4F => Self::Hebrew,
            0x620..=0x64A | 0x66E..=0x6D3 | 0x6D5 | 0x6EE..=0x6FF | 0x750..=0x77F | 0x8A0..=0x8FF => Self::Arabic,
            0xFB50..=0xFDFF | 0xFE70..=0xFEFC => Self::Arabic,
            0x900..=0x97F => Self::Devanagari,
            0x980..=0x9FF => Self::Bengali,
            0xA00..=0xA7F => Self::Gurmukhi,
            0xA80..=0xAFF => Self::Gujarati,
            0xB00..=0xB7F => Self::Oriya,
            0xB80..=0xBFF => Self::Tamil,
            0xC00..=0xC7F => Self::Telugu,
            0xC80..=0xCFF => Self::Kannada,
            0xD00..=0xD7F => Self::Malayalam,
            0xD80..=0xDFF => Self::Sinhala,
            0xE01..=0xE5B => Self::Thai,
            0xE81..=0xEDF => Self::Lao,
            0xF00..=0xFFF => Self::Tibetan,
            0x1000..=0x109F => Self::Myanmar,
            0x10A0..=0x10FF | 0x1C90..=0x1CBF => Self::Georgian,
            0x1100..=0x11FF | 0x3131..=0x318E | 0xAC00..=0xD7A3 => Self::Hangul,
            0x1200..=0x139F => Self::Ethiopic,
            0x1780..=0x17FF => Self::Khmer,
            0x3041..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF | 0x31F0..=0x31FF | 0xFF66..=0xFF9F => Self::Kana,
            0x3005..=0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF => Self::Han,
            _ => Self::Other,
        }
    }
}

/// Whether `c` belongs to a writing of ideographs and kana, where two characters are a word.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(Script::of(c), Script::Han | Script::Kana)
}

/// How much `text` says, in letters of an alphabet: an ideograph or kana counts three, a syllable of
/// Hangul two. Lengths of blocks are compared by this, so that one measure serves every script.
pub(crate) fn weight(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let of = |c: char| match Script::of(c) {
        Script::Han | Script::Kana => 3,
        Script::Hangul => 2,
        _ => 1,
    };
    text.chars().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_know_their_script() {
        for (c, script) in [
            ('a', Script::Latin),
            ('ß', Script::Latin),
            ('ế', Script::Latin),
            ('Ω', Script::Greek),
            ('ж', Script::Cyrillic),
            ('א', Script::Hebrew),
            ('ش', Script::Arabic),
            ('ی', Script::Arabic),
            ('ह', Script::Devanagari),
            ('ก', Script::Thai),
            ('ნ', Script::Georgian),
            ('한', Script::Hangul),
            ('ア', Script::Kana),
            ('ー', Script::Kana),
            ('漢', Script::Han),
            ('々', Script::Han),
            ('1', Script::Other),
            (' ', Script::Other),
        ] {
            assert_eq!(Script::of(c), script, "{c}");
        }
    }

    #[test]
    fn each_stands_at_its_number() {
        assert!(Script::ALL.into_iter().enumerate().all(|(at, script)| script as usize == at));
    }

    #[test]
    fn an_ideograph_says_more_than_a_letter() {
        assert_eq!(weight("abc"), 3);
        assert_eq!(weight("政府"), 6);
        assert_eq!(weight("정부"), 4);
        assert_eq!(weight("été"), 3);
    }
}
