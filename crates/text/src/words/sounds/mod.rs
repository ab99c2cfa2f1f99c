//! Names across scripts: the name that one text spells `Snowden` another spells Сноуден, سنودن or סנודן.
//!
//! A document's word that looks like a name has one more form beside its spelling and its stem: a key
//! of what is heard, marked with its script (`^csndn`). A query's word is heard in every likely way,
//! and each is written as each *other* script would write it; its own script is left to spellings and
//! stems, so that Snowden does not find Sanden. Keys hold consonants by kind (`b` and `p` are one,
//! for Arabic has no `p`), in short names with the vowels that abjads write too (`w`, `y`), in the
//! shortest with all: Putin is no بطن. `data/sounds.toml` says how letters sound and sounds are
//! written. Names that no rule tells (Joe, Jan) stand there as words.
//!
//! What a name looks like: a capital at its front, where the script has any; elsewhere any word that is
//! no stop word. Words of three consonants or more lose what cases add to them; shorter ones must
//! have a vowel that is written.
//!
//! The idea of keys of sound is that of Soundex and its kin; matching by ways to write is that of
//! transliteration lattices (Knight and Graehl 1998), without weights learnt from anything.

mod key;
mod table;

use courant_model::Language;

use super::normalise::is_apostrophe;
use super::stems;
use crate::fold::fold;
use crate::lexicon;
use crate::script::Script;
use table::Writing;

/// What a key begins with. No cut leaves it at the front of a word.
const MARK: char = '^';

/// Most keys of one word in one script.
const MOST_KEYS: usize = 8;

/// A stop word of so many letters is not looked for as a name.
const SHORTEST: usize = 3;

/// Longer words are no names, in letters.
const LONGEST: usize = 24;

/// Whether a form of a word is what a name sounds like, and no spelling.
pub fn is_sound(form: &str) -> bool {
    form.starts_with(MARK)
}

/// The text of the tables, for the fingerprint of the cut.
pub(super) fn rules() -> &'static str {
    table::TEXT
}

/// Whether a document's word looks like a name, stop words aside: it begins with a capital, or its
/// script has none.
pub(super) fn may_be_name(word: &str) -> bool {
    let Some(first) = word.chars().next() else { return false };
    match Script::of(first) {
        Script::Latin | Script::Cyrillic | Script::Greek => first.is_uppercase(),
        script => table::of(script).is_some(),
    }
}

/// The key of a document's word, of `word` as it stands there and `folded`, and another where its
/// front may be an article or a preposition. None where it looks like no name.
pub(super) fn of_document(word: &str, folded: &str, language: Language, mut push: impl FnMut(String)) {
    if !may_be_name(word) || lexicon::of(language).is_some_and(|lexicon| lexicon.stop_words.contains(folded)) {
        return;
    }
    let Some(writing) = word.chars().next().map(Script::of).and_then(table::of) else { return };
    let mut push = |key: String| push(format!("{MARK}{}{key}", writing.mark));
    let bare = without_prefix(folded, writing.script);
    // An article is no part of an Arabic name; other letters at the front may be.
    let article = bare.is_some_and(|bare| writing.script == Script::Arabic && folded.len() - bare.len() > ONE_LETTER);
    if !article && let Some(key) = key_of(word, writing) {
        push(key);
    }
    // What is short without its front is too often another word.
    if let Some(key) = bare.and_then(|bare| key_of(bare, writing)).filter(|key| article || key::is_long(key)) {
        push(key);
    }
}

/// The bytes of one letter of Arabic.
const ONE_LETTER: usize = 2;

/// A folded word of Arabic or Hebrew without the article or preposition that is written with it.
fn without_prefix(folded: &str, script: Script) -> Option<&str> {
    let language = match script {
        Script::Arabic => "ar",
        Script::Hebrew => "he",
        _ => return None,
    };
    stems::of(Language::parse(language)).and_then(|stems| stems.without_prefix(folded))
}

fn key_of(word: &str, writing: &Writing) -> Option<String> {
    let letters = letters(word, writing)?;
    key::key(&key::sounds(&letters, writing)?, writing)
}

/// The keys and words that a name typed as `word` may stand under in other scripts; none where it is
/// too short to tell, or a word that tells nothing. `word` is in any case of letters.
pub fn sounds_like(word: &str) -> Vec<String> {
    let folded = fold(word.trim());
    let script = folded.chars().map(Script::of).find(|script| *script != Script::Other);
    let Some(own) = script.and_then(table::of) else { return Vec::new() };
    let mut found = table::same(&folded);
    // "puțin" is a stop word, and Putin none: only the shortest are left out, and no capital ones.
    let short = folded.chars().nth(SHORTEST).is_none() && !word.starts_with(char::is_uppercase);
    let stop = short && lexicon::languages().any(|(_, lexicon)| lexicon.stop_words.contains(&folded));
    let mut heard = heard(word.trim(), own);
    heard.extend(without_prefix(&folded, own.script).into_iter().flat_map(|bare| self::heard(bare, own)));
    for writing in table::all().iter().filter(|writing| writing.script != own.script) {
        let keys = keys_in(&heard, writing).into_iter().filter(|key| !stop || key::is_long(key));
        found.extend(keys.map(|key| format!("{MARK}{}{key}", writing.mark)));
    }
    found
}

/// What a word may sound like, each with how unlikely it is.
fn heard(word: &str, own: &Writing) -> Vec<(String, u8)> {
    letters(word, own).map_or_else(Vec::new, |letters| key::all_sounds(&letters, own, key::MOST_UNLIKELY))
}

/// The keys of a word that is heard so in another script, the likeliest first.
fn keys_in(heard: &[(String, u8)], other: &Writing) -> Vec<String> {
    let mut keys: Vec<(String, u8)> = Vec::new();
    for (sounds, cost) in heard {
        for (key, more) in key::keys(sounds, other, key::MOST_UNLIKELY - cost) {
            let cost = cost + more;
            match keys.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => *known = cost.min(*known),
                None if cost <= key::bound(&key) => keys.push((key, cost)),
                None => (),
            }
        }
    }
    keys.sort_by_key(|(_, cost)| *cost);
    keys.truncate(MOST_KEYS);
    keys.into_iter().map(|(key, _)| key).collect()
}

/// The letters of a word as the table of its script has them: folded, but where it tells marked
/// letters apart. `None` where there are none, or too many.
fn letters(word: &str, writing: &Writing) -> Option<Vec<char>> {
    let mut letters: Vec<char> = Vec::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        if writing.knows(c) {
            letters.push(c);
        } else if is_apostrophe(c) || matches!(c, '׳' | '״' | '"') {
            if writing.script == Script::Hebrew {
                letters.push('\'');
            }
        } else {
            letters.extend(fold(c.encode_utf8(&mut [0; 4])).chars());
        }
    }
    if writing.script == Script::Devanagari {
        letters = with_inherent_vowels(&letters);
    }
    (!letters.is_empty() && letters.len() <= LONGEST).then_some(letters)
}

/// Letters of Devanagari with the vowel that each consonant has where no other sign follows, but at
/// the end; a consonant that is written twice with a virama between stands once.
fn with_inherent_vowels(letters: &[char]) -> Vec<char> {
    let is_consonant = |c: &char| ('\u{915}'..='\u{939}').contains(c);
    let mut whole = Vec::with_capacity(letters.len() * 2);
    let mut at = 0;
    while let Some(c) = letters.get(at) {
        let next = letters.get(at + 1);
        if is_consonant(c) && next == Some(&'\u{94D}') && letters.get(at + 2) == Some(c) {
            at += 2;
            continue;
        }
        whole.push(*c);
        if is_consonant(c) && next.is_some_and(|next| is_consonant(next) || *next == '\u{902}') {
            whole.push('अ');
        }
        at += 1;
    }
    whole
}
