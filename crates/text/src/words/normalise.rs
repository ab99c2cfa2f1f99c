//! The spelling of one word: what an apostrophe ties to it goes, marks inside it go, and a number
//! loses the marks of its thousands.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::fold::fold;
use crate::lexicon;
use crate::script::Script;

/// The marks that are written for an apostrophe.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘')
}

/// `word` without the article or conjunction that an apostrophe ties to its front (`l'`, `qu'`,
/// `dell'`) and without the `'s` of English: how many bytes go in front, and what is left.
pub(super) fn without_elision(word: &str) -> (usize, &str) {
    let Some((at, mark)) = word.char_indices().find(|(_, c)| is_apostrophe(*c)) else {
        return (0, word);
    };
    let (head, tail) = (&word[..at], &word[at + mark.len_utf8()..]);
    if tail.eq_ignore_ascii_case("s") {
        return (0, head);
    }
    if tail.chars().nth(1).is_some() && lexicon::elisions().contains(fold(head).as_str()) {
        return (at + mark.len_utf8(), tail);
    }
    (0, word)
}

/// A word as it is indexed.
pub(super) fn letters(word: &str) -> String {
    let mut folded = fold(word);
    if !folded.is_ascii() || folded.bytes().any(|b| !b.is_ascii_alphanumeric()) {
        folded.retain(|c| !matches!(c, '\'' | '.' | '·' | ':' | '"'));
    }
    folded
}

/// A number without the marks that part its thousands: `1.250.000`, `1,250,000` and `1250000` are
/// one number, `3.5` stays.
pub(super) fn number(word: &str) -> String {
    let folded = fold(word);
    let groups: Vec<&str> = folded.split(['.', ',', '\'', '٬']).collect();
    let thousands = groups.len() > 1
        && groups[0].len() <= 3
        && groups[1..].iter().all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()));
    if thousands { groups.concat() } else { folded }
}

/// `word` in lower case with its diacritics, composed, as the rules of a stemmer are written.
/// `dotless`: a capital `I` is the `ı` of Turkish.
pub(super) fn lower(word: &str, dotless: bool) -> String {
    if word.is_ascii() && !dotless {
        return word.to_ascii_lowercase();
    }
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(word);
    let composed = match dotless {
        true => Cow::Owned(composed.replace('I', "ı").replace('İ', "i")),
        false => composed,
    };
    let mut lower = composed.to_lowercase();
    lower.retain(|c| !matches!(c, '\u{307}' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{640}'));
    lower
}

/// Spellings of one word that only its stem makes one: in Devanagari the nasals that are written
/// with a dot, a moon and dot, or in full before a consonant (हिंदी, हिन्दी; after the rules of Lucene's
/// Hindi normaliser); in Hebrew the vav and yod that are doubled to be read as consonants.
pub(super) fn spelt_one_way(word: &mut String) {
    let Some(first) = word.chars().next() else { return };
    let pairs: &[(&str, &str)] = match Script::of(first) {
        Script::Devanagari => &[("न्", "ं"), ("ँ", "ं"), ("म्प", "ंप"), ("म्ब", "ंब"), ("ङ्", "ं"), ("ञ्", "ं"), ("ण्", "ं")],
        Script::Hebrew => &[("וו", "ו"), ("יי", "י")],
        _ => return,
    };
    for (from, to) in pairs {
        if word.contains(from) {
            *word = word.replace(from, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_vary_are_one() {
        for (one, other) in [("हिन्दी", "हिंदी"), ("जाँच", "जांच"), ("הוועדה", "הועדה"), ("bank", "bank")]
        {
            let (mut one, mut other) = (one.to_owned(), other.to_owned());
            spelt_one_way(&mut one);
            spelt_one_way(&mut other);
            assert_eq!(one, other);
        }
    }

    #[test]
    fn lower_case_keeps_the_marks_that_stemmers_read() {
        assert_eq!(lower("STRASSE", false), "strasse");
        assert_eq!(lower("E\u{301}conomie", false), "économie");
        assert_eq!(lower("IŞIK İstanbul", true), "ışık istanbul");
        assert_eq!(lower("İstanbul", false), "istanbul");
    }
}
