//! From letters to sounds and from sounds to keys.

use std::borrow::Cow;

use super::table::{Rule, Ways, Writing};

/// Most ways to read one word, and to write one.
const MOST_WAYS: usize = 48;

/// How unlikely a way may be at most.
pub(super) const MOST_UNLIKELY: u8 = 3;

/// Whether a sound is a vowel.
fn is_vowel(sound: char) -> bool {
    matches!(sound, 'a' | 'e' | 'i' | 'o' | 'u')
}

fn consonants(sounds: &str) -> usize {
    sounds.chars().filter(|sound| !is_vowel(*sound) && *sound != 'y').count()
}

/// The likeliest sounds of a word. `None` where a letter is not known.
pub(super) fn sounds(word: &[char], writing: &Writing) -> Option<String> {
    let mut out = String::with_capacity(word.len() + 4);
    let mut at = 0;
    while at < word.len() {
        let rule = writing.heard(word, at)?;
        add(&mut out, rule.ways.first().map_or("", |(sounds, _)| sounds), writing);
        at += rule.len();
    }
    Some(out)
}

/// Adds what is heard next.
fn add(heard: &mut String, next: &str, writing: &Writing) {
    let again = next.chars().next().filter(|sound| writing.doubled && !is_vowel(*sound) && heard.ends_with(*sound));
    heard.push_str(&next[again.map_or(0, char::len_utf8)..]);
}

/// All that a word may sound like, each with how unlikely it is, up to `most`.
pub(super) fn all_sounds(word: &[char], writing: &Writing, most: u8) -> Vec<(String, u8)> {
    let mut rules: Vec<&Rule> = Vec::new();
    let mut at = 0;
    while at < word.len() {
        let Some(rule) = writing.heard(word, at) else { return Vec::new() };
        rules.push(rule);
        at += rule.len();
    }
    let consonant = |rule: &Rule| rule.ways.first().is_some_and(|(way, _)| consonants(way) > 0);
    let mut found = vec![(String::new(), 0)];
    for (nth, rule) in rules.iter().enumerate() {
        found = longer(&found, &rule.ways, most, |heard, next| add(heard, next, writing));
        // Between two consonants a vowel may be heard that nobody wrote.
        let next = rules.get(nth + 1);
        if !writing.unwritten.is_empty() && consonant(rule) && next.is_some_and(|next| consonant(next)) {
            let ways: Ways = std::iter::once((String::new(), 0)).chain(writing.unwritten.iter().cloned()).collect();
            found = longer(&found, &ways, most, String::push_str);
        }
    }
    // What cases add at the end may be the name's own.
    let bare = |(sounds, cost): &(String, u8)| {
        let bare = without_ending(sounds, writing);
        (bare.len() < sounds.len() && cost < &most).then(|| (bare.to_owned(), cost + 1))
    };
    let bare: Ways = found.iter().filter_map(bare).collect();
    found.extend(bare);
    found
}

/// Each of `found` with each of `ways` behind it.
fn longer(found: &[(String, u8)], ways: &[(String, u8)], most: u8, add: impl Fn(&mut String, &str)) -> Ways {
    let mut longer = Vec::with_capacity(found.len() * ways.len());
    for (text, cost) in found {
        for (way, more) in ways.iter().filter(|(_, more)| cost + more <= most) {
            let mut text = text.clone();
            add(&mut text, way);
            longer.push((text, cost + more));
        }
    }
    if longer.len() > MOST_WAYS {
        longer.sort_by_key(|(_, cost)| *cost);
        longer.truncate(MOST_WAYS);
    }
    longer
}

/// `sounds` without what a case adds in this script, and without its last vowels where cases change
/// them.
fn without_ending<'a>(sounds: &'a str, writing: &Writing) -> &'a str {
    let bare = writing.endings.iter().find_map(|ending| {
        let rest = sounds.strip_suffix(ending.as_str())?;
        (consonants(rest) >= 3).then_some(rest)
    });
    let bare = bare.unwrap_or(sounds);
    let short = bare.trim_end_matches(|sound| is_vowel(sound) || sound == 'y');
    if writing.open && consonants(short) >= 3 { short } else { bare }
}

/// The likeliest key of these sounds as `writing` writes them.
pub(super) fn key(sounds: &str, writing: &Writing) -> Option<String> {
    let sounds = without_nasals(sounds, writing);
    let mut key = String::with_capacity(sounds.len() + 2);
    for sound in without_ending(&sounds, writing).chars() {
        if is_vowel(sound) && key.is_empty() {
            key.push('a');
        }
        key.push_str(writing.written(sound).first().map_or("", |(way, _)| way));
    }
    finished(&key, writing)
}

/// The keys of these sounds, the likeliest first, up to `most` unlikely.
pub(super) fn keys(sounds: &str, writing: &Writing, most: u8) -> Ways {
    let sounds = without_nasals(sounds, writing);
    let mut found = vec![(String::new(), 0)];
    for sound in without_ending(&sounds, writing).chars() {
        if is_vowel(sound) {
            found.iter_mut().filter(|(key, _)| key.is_empty()).for_each(|(key, _)| key.push('a'));
        }
        found = longer(&found, writing.written(sound), most, String::push_str);
    }
    found.into_iter().filter_map(|(key, cost)| Some((finished(&key, writing)?, cost))).collect()
}

/// `sounds` without each `m` and `n` that a script writes only to make another sound.
fn without_nasals<'a>(sounds: &'a str, writing: &Writing) -> Cow<'a, str> {
    if writing.nasals {
        return Cow::Borrowed(sounds);
    }
    let mut out = String::with_capacity(sounds.len());
    let mut rest = sounds.chars().peekable();
    while let Some(sound) = rest.next() {
        let stop = rest.peek().is_some_and(|next| matches!(next, 'p' | 'b' | 't' | 'd' | 'k' | 'g'));
        if !stop || !matches!(sound, 'm' | 'n') {
            out.push(sound);
        }
    }
    Cow::Owned(out)
}

/// A key of so many consonants tells a name without its vowels.
const MANY: usize = 4;

/// A key of so many consonants does without the vowel that is least certain.
const ENOUGH: usize = 3;

/// Shorter keys tell no name, in letters.
const SHORTEST: usize = 3;

/// A key as it is kept; `None` where it is too short to tell a name. Vowels stay where there are
/// few consonants: all in the shortest keys, those that abjads write too in others.
fn finished(key: &str, writing: &Writing) -> Option<String> {
    let mut key = key.to_owned();
    for (from, to) in &writing.joined {
        if key.contains(from.as_str()) {
            key = key.replace(from.as_str(), to);
        }
    }
    let weight = weight(&key);
    let front = key.starts_with(is_soft);
    if weight >= MANY {
        key.retain(|c| !is_soft(c));
        if front {
            key.insert(0, 'a');
        }
    } else {
        key = vowels(&key, weight >= ENOUGH);
        // A consonant that is a vowel too is one at the front.
        if key.starts_with('w') {
            key.insert(0, 'a');
        } else if key.starts_with('y') && weight >= ENOUGH {
            key.replace_range(..1, "a");
        }
        // The last vowel is the one that languages change.
        if key.ends_with(['a', 'e']) && key.len() > SHORTEST {
            key.pop();
        }
    }
    let known = weight + usize::from(key.starts_with('y'));
    (known >= 2 && key.len() >= SHORTEST).then_some(key)
}

/// A key with each group of vowels as short as may be: what is next to `w` or `y` goes, and `few`
/// takes the rest too.
fn vowels(key: &str, few: bool) -> String {
    let mut out = String::with_capacity(key.len());
    let letters: Vec<char> = key.chars().collect();
    let mut at = 0;
    while let Some(&c) = letters.get(at) {
        let end = letters[at..].iter().position(|c| !is_soft(*c)).map_or(letters.len(), |length| at + length);
        if end == at {
            out.push(c);
            at += 1;
            continue;
        }
        let group = &letters[at..end];
        let strong = group.iter().any(|c| matches!(c, 'w' | 'y'));
        let mut last = None;
        for (nth, c) in group.iter().enumerate() {
            let open = at == 0 && nth == 0;
            let kept = open || matches!(c, 'w' | 'y') || !few && !strong && nth == 0;
            if kept && last != Some(*c) {
                out.push(*c);
                last = Some(*c);
            }
        }
        at = end;
    }
    out
}

fn is_soft(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'w' | 'y')
}

/// How unlikely a key may be: the fewer consonants it has, the more words share it by chance.
pub(super) fn bound(key: &str) -> u8 {
    match weight(key) {
        0..ENOUGH => 1,
        ENOUGH..MANY => 2,
        _ => MOST_UNLIKELY,
    }
}

/// Whether a key has enough consonants to tell a name without all of its vowels.
pub(super) fn is_long(key: &str) -> bool {
    weight(key) >= ENOUGH
}

/// How many consonants a key has.
fn weight(key: &str) -> usize {
    key.chars().filter(|c| !is_soft(*c)).count()
}
