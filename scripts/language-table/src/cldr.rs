//! The text of Unicode CLDR: names of languages, countries, units, signs, days. Little and of one
//! kind, but real writing in languages that nobody else has, and joined here by frequent words of
//! our own (`words.toml`), for lists of names hold few of the small words that a sentence is made of.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::grams;
use crate::script::Script;
use crate::sources::{Sources, unpacked};

/// Files that hold letters and marks rather than words.
const NO_TEXT: &[&str] = &["characters.json", "typographic.json", "variants.json"];

/// All strings of the wanted locales, by locale.
pub struct Cldr(BTreeMap<String, BTreeSet<(String, String)>>);

impl Cldr {
    pub fn read(sources: &Sources) -> Self {
        let mut wanted: BTreeSet<&str> = crate::languages::KNOWN.iter().flat_map(|known| known.cldr).copied().collect();
        wanted.insert("en");
        let mut strings: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
        // package/<part>/<locale>/<file>
        let parts = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
        let of_use = |path: &str| match &parts(path)[..] {
            [_, _, locale, file] => {
                wanted.contains(&**locale) && file.ends_with(".json") && !NO_TEXT.contains(&&**file)
            }
            _ => false,
        };
        for pack in &sources.cldr {
            unpacked(pack, of_use, |path, bytes| {
                let value: Value = serde_json::from_slice(&bytes).expect("CLDR's JSON is JSON");
                let (part, locale) = (&parts(path)[1], &parts(path)[2]);
                let place = if part == "main" { path.rsplit('/').next().unwrap_or_default() } else { path };
                leaves(&value[part.as_str()], place, strings.entry(locale.clone()).or_default());
            });
        }
        Self(strings)
    }

    /// The words of a language's locales, with how often each is there.
    fn words(&self, locales: &[&str], scripts: &[Script]) -> BTreeMap<Vec<char>, u32> {
        // What a locale lacks it takes from the root, which is close to English.
        let english: BTreeSet<&str> = self.0["en"].iter().map(|(_, text)| text.as_str()).collect();
        let mut words = BTreeMap::new();
        let texts = locales.iter().filter_map(|locale| self.0.get(*locale)).flatten().map(|(_, text)| text.as_str());
        for text in texts.filter(|text| !english.contains(text) && !text.contains(['#', '¤'])) {
            let text = without_places(text);
            for script in scripts {
                grams::words(&text, *script, |word| *words.entry(word.to_vec()).or_default() += 1);
            }
        }
        words
    }
}

/// How often each gram was met.
#[derive(Default)]
pub struct Counts {
    pub grams: HashMap<(Script, usize, u64), f64>,
    /// By kind of gram.
    pub totals: [f64; grams::WORD + 1],
}

/// The grams of a language: those of CLDR and those of our own words, as much of one as of the other.
pub fn count(cldr: &Cldr, own: &str, locales: &[&str], scripts: &[Script]) -> Counts {
    let mut counts = Counts::default();
    for (word, times) in cldr.words(locales, scripts) {
        // Damped, for the name of a sign comes again in every colour of skin.
        counts.add(&word, f64::from(times).sqrt());
    }
    let weight = counts.totals[grams::WORD].max(3000.0);
    // A word's share falls with its rank.
    let share = |rank: usize| 1.0 / (rank as f64 + 3.0);
    let all: f64 = own.split_whitespace().enumerate().map(|(rank, _)| share(rank)).sum();
    for (rank, word) in own.split_whitespace().enumerate() {
        for script in scripts {
            grams::words(word, *script, |word| counts.add(word, weight * share(rank) / all));
        }
    }
    counts
}

impl Counts {
    fn add(&mut self, word: &[char], times: f64) {
        let script = Script::of(word[0]);
        grams::grams(word, |kind, name| {
            *self.grams.entry((script, kind, name)).or_default() += times;
            self.totals[kind] += times;
        });
    }
}

/// All strings below `value`, each with its place, so that one text in two places counts twice.
fn leaves(value: &Value, place: &str, into: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| leaves(value, &format!("{place}/{key}"), into)),
        Value::Array(all) => all.iter().for_each(|value| leaves(value, place, into)),
        Value::String(text) => _ = into.insert((place.to_owned(), text.clone())),
        _ => {}
    }
}

/// Without `{0}` and the like.
fn without_places(text: &str) -> String {
    let mut inside = false;
    let keep = |c: char| {
        let kept = if inside || c == '{' { ' ' } else { c };
        inside = (inside || c == '{') && c != '}';
        kept
    };
    text.chars().map(keep).collect()
}
