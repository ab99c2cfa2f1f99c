//! Folding: the spelling by which words are compared, blind to what readers leave out when they
//! type. Compatibility forms (NFKC), case, the diacritics of Latin and Greek, the vowel marks of
//! Arabic and Hebrew, the variants of Arabic letters, nukta, joiners, digits of other scripts.
//!
//! Kept: the diacritics of Cyrillic (`й` is a letter of its own) but `ё` and stress marks, kana
//! marks, the vowel signs of Indic scripts. One folding for all languages: the index is asked in
//! languages that it must guess from two words.

use std::sync::LazyLock;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// `text` folded. Idempotent.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Nothing acts across a blank: most words of a Latin text need no tables.
    let mut out = String::with_capacity(text.len());
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        match word.is_ascii() {
            true => out.extend(word.chars().map(|c| c.to_ascii_lowercase())),
            false => push_word(&mut out, word),
        }
    }
    out
}

/// What is below this folds letter by letter, but for marks that join or stay.
const SINGLE: usize = 0x700;

/// What each letter below [`SINGLE`] folds to, and each mark that always goes; `None` for others.
static SINGLES: LazyLock<Vec<Option<Box<str>>>> = LazyLock::new(|| {
    let letters = (0..SINGLE as u32).map(|code| char::from_u32(code).unwrap_or_default());
    let of = |c: char| {
        let folded = fold_word(c.encode_utf8(&mut [0; 4]));
        let alone = c < '\u{300}' || c > '\u{36F}' && (c.is_alphanumeric() || folded.is_empty());
        alone.then(|| folded.into())
    };
    letters.map(of).collect()
});

fn push_word(out: &mut String, word: &str) {
    let begin = out.len();
    for c in word.chars() {
        if c.is_ascii() {
            out.push(if c == '`' { '\'' } else { c.to_ascii_lowercase() });
        } else if let Some(Some(folded)) = SINGLES.get(c as usize) {
            out.push_str(folded);
        } else {
            out.truncate(begin);
            out.push_str(&fold_word(word));
            return;
        }
    }
}

fn fold_word(text: &str) -> String {
    let lower = ComposingNormalizerBorrowed::new_nfkc().normalize(text).to_lowercase();
    let parts = DecomposingNormalizerBorrowed::new_nfkd().normalize(&lower);
    let mut out = String::with_capacity(parts.len());
    let mut base = ' ';
    for c in parts.chars() {
        if is_mark_to_drop(c, base) {
            continue;
        }
        if !('\u{300}'..='\u{36F}').contains(&c) {
            base = c;
        }
        push_folded(&mut out, c);
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(&out).into_owned()
}

/// Whether the mark `c` after the letter `base` makes no other word.
fn is_mark_to_drop(c: char, base: char) -> bool {
    match c {
        '\u{300}'..='\u{36F}' => match base {
            'г' | 'к' => c != '\u{301}', // Macedonian ѓ and ќ.
            'а'..='я' | 'і' | 'ѣ'..='ԯ' => matches!(c, '\u{300}' | '\u{301}') || (base == 'е' && c == '\u{308}'),
            _ => true,
        },
        // Hebrew points, Arabic harakat, superscript alef and tatweel, Quranic signs.
        '\u{591}'..='\u{5C7}' | '\u{5F3}' | '\u{5F4}' => true,
        '\u{610}'..='\u{61A}' | '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}' => true,
        // Nukta of the Indic scripts.
        '\u{93C}' | '\u{9BC}' | '\u{A3C}' | '\u{ABC}' => true,
        // Joiners, soft hyphen, direction marks, variation selectors.
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => true,
        '\u{FE00}'..='\u{FE0F}' => true,
        _ => false,
    }
}

fn push_folded(out: &mut String, c: char) {
    match c {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'đ' | 'ð' => out.push('d'),
        'þ' => out.push_str("th"),
        'ħ' => out.push('h'),
        'ı' => out.push('i'),
        'ŀ' => out.push('l'),
        'ŋ' => out.push('n'),
        'ə' => out.push('e'),
        'ς' => out.push('σ'),
        'ґ' => out.push('г'),
        '\u{671}' => out.push('\u{627}'), // Alef wasla; the other alefs fall apart into alef and mark.
        '\u{649}' | '\u{6CC}' | '\u{6D2}' => out.push('\u{64A}'), // Alef maksura, Persian yeh, yeh barree.
        '\u{6A9}' => out.push('\u{643}'), // Keheh.
        '\u{629}' | '\u{6C1}' | '\u{6BE}' | '\u{6D5}' => out.push('\u{647}'), // Teh marbuta and kinds of heh.
        // Hebrew final letters stay: they are ends of words in every spelling.
        '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' => out.push('\''),
        c => match digit(c) {
            Some(value) => out.push(char::from(b'0' + value)),
            None => out.push(c),
        },
    }
}

/// Where the ten digits of a script begin, in order.
const ZEROS: [u32; 16] =
    [0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0x1040, 0x17E0, 0xFF10];

/// The value of a decimal digit of any script that pages are written in, ASCII not among them.
pub(crate) fn digit(c: char) -> Option<u8> {
    let code = u32::from(c);
    ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)).map(|zero| (code - zero) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &str) {
        assert_eq!(fold(input), expected, "{input}");
        assert_eq!(fold(expected), expected, "not stable: {input}");
    }

    #[test]
    fn latin_and_greek_lose_case_and_marks() {
        check("Zürich", "zurich");
        check("STRASSE Straße", "strasse strasse");
        check("Łódź Đorđe Ærø İzmir Iğdır", "lodz dorde aero izmir igdir");
        check("Việt Nam", "viet nam");
        check("Αθήνας ΟΔΌΣ", "αθηνασ οδοσ");
        check("ﬁnance № ①", "finance no 1");
    }

    #[test]
    fn cyrillic_letters_stay_letters() {
        check("Йод Ёлка Київ", "йод елка київ");
        check("за́мок", "замок");
        check("Ѓорѓи", "ѓорѓи");
    }

    #[test]
    fn arabic_hebrew_and_indic_marks_go() {
        check("أَحْمَد إلى آخر مدرسة", "احمد الي اخر مدرسه");
        check("كتـــاب", "كتاب");
        check("می‌شود کیک", "ميشود كيك");
        check("שָׁלוֹם", "שלום");
        check("क़लम ज़मीन", "कलम जमीन");
    }

    #[test]
    fn digits_are_digits() {
        check("١٩ يوليو ۲۰۲۱ १५ ৩", "19 يوليو 2021 15 3");
    }

    /// Letter by letter it is what it is as a whole.
    #[test]
    fn quick_folding_is_folding() {
        let letters: Vec<char> = (0x20..SINGLE as u32 + 0x20).filter_map(char::from_u32).collect();
        for (at, first) in letters.iter().enumerate() {
            for step in [0, 1, 7, 32, 97, 331, 800, 1_201] {
                let word: String = [*first, letters[(at + step) % letters.len()], *first].iter().collect();
                let word = word.replace(' ', "");
                let mut quick = String::new();
                push_word(&mut quick, &word);
                assert_eq!(quick, fold_word(&word), "{word:?}");
            }
        }
    }

    #[test]
    fn hangul_and_kana_stay_whole() {
        check("정부는", "정부는");
        check("が ガ ｶﾞ", "が ガ ガ");
    }
}
