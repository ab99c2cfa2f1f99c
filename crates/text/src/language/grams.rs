//! How a text is cut for the n-gram table, and how a gram is named there: lower-case letters of one
//! script, in words; runs of one to five letters inside a word, and the word itself. The tool that
//! makes the table (`scripts/language-table`) reads this very file, so the two cannot drift apart.

use crate::script::Script;

/// The longest run of letters that is looked up.
pub(crate) const LONGEST: usize = 5;

/// The place of whole words beside the lengths of runs, 1 to [`LONGEST`].
pub(crate) const WORD: usize = LONGEST + 1;

/// Words are cut here: what is longer is an address or a slip.
const LONGEST_WORD: usize = 40;

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Calls `each` with the words of `text` that are written in `script`, lower-cased.
pub(crate) fn words(text: &str, script: Script, mut each: impl FnMut(&[char])) {
    let mut word: Vec<char> = Vec::with_capacity(LONGEST_WORD);
    let mut foreign = false;
    for c in text.chars() {
        if joins(c) {
            continue;
        }
        match Script::of(c) {
            Script::Other => {
                if !foreign && !word.is_empty() {
                    each(&word);
                }
                word.clear();
                foreign = false;
            }
            // A word of two scripts is a name, a formula or a trick.
            own if own != script => foreign = true,
            _ if word.len() < LONGEST_WORD => word.push(lower(c)),
            _ => {}
        }
    }
    if !foreign && !word.is_empty() {
        each(&word);
    }
}

/// Calls `each` with the kind (a length, or [`WORD`]) and the name of each gram of `word`.
pub(crate) fn grams(word: &[char], mut each: impl FnMut(usize, u64)) {
    for start in 0..word.len() {
        let mut state = 0;
        for (length, c) in word[start..].iter().take(LONGEST).enumerate() {
            state = step(state, *c);
            each(length + 1, mixed(state));
        }
    }
    each(WORD, mixed(word.iter().fold(STEP, |state, c| step(state, *c))));
}

fn step(state: u64, c: char) -> u64 {
    (state.rotate_left(23) ^ u64::from(c)).wrapping_mul(STEP)
}

fn mixed(state: u64) -> u64 {
    let state = (state ^ (state >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    state ^ (state >> 32)
}

fn lower(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    // Of what becomes several (`İ`), the first is the letter.
    c.to_lowercase().next().unwrap_or(c)
}

/// Vowel signs and stretching of Arabic and the soft hyphen: written or not, the word is the same.
fn joins(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{200C}' | '\u{200D}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, script: Script) -> Vec<String> {
        let mut found = Vec::new();
        words(text, script, |word| found.push(word.iter().collect()));
        found
    }

    #[test]
    fn words_are_lower_case_and_of_one_script() {
        assert_eq!(cut("L'État, c’est MOI!", Script::Latin), ["l", "état", "c", "est", "moi"]);
        assert_eq!(cut("Компания Apple, ИП Иванов2", Script::Cyrillic), ["компания", "ип", "иванов"]);
        assert_eq!(cut("İstanbul", Script::Latin), ["istanbul"]);
        assert_eq!(cut("Pаypal login", Script::Latin), ["login"]);
    }

    #[test]
    fn marks_that_may_be_left_out_are() {
        assert_eq!(cut("كِتَابٌ", Script::Arabic), cut("كتاب", Script::Arabic));
        assert_eq!(cut("Staats\u{AD}anwalt", Script::Latin), ["staatsanwalt"]);
    }

    #[test]
    fn a_word_of_any_length_is_cut() {
        assert_eq!(cut(&"a".repeat(10_000), Script::Latin)[0].len(), LONGEST_WORD);
    }

    #[test]
    fn grams_are_runs_of_up_to_five_and_the_word() {
        let word: Vec<char> = "ministre".chars().collect();
        let mut counts = [0; WORD + 1];
        let mut names = std::collections::HashSet::new();
        grams(&word, |kind, name| {
            counts[kind] += 1;
            names.insert(name);
        });
        assert_eq!(counts, [0, 8, 7, 6, 5, 4, 1]);
        // Only the `i` comes twice.
        assert_eq!(names.len(), 30);
    }

    #[test]
    fn a_word_is_not_the_run_of_its_letters() {
        let mut names = Vec::new();
        grams(&['d', 'e'], |kind, name| names.push((kind, name)));
        let (run, word) = (names[1], names[3]);
        assert_eq!((run.0, word.0), (2, WORD));
        assert_ne!(run.1, word.1);
    }
}
