//! How letters sound and how sounds are written, script by script, as `data/sounds.toml` says.

use std::collections::HashMap;
use std::sync::LazyLock;

use toml::{Table, Value};

use crate::script::Script;
use crate::words::normalise::letters;

/// The table itself, for the fingerprint of the cut.
pub(super) const TEXT: &str = include_str!("../../../../../data/sounds.toml");

/// Ways to read or write something, the likeliest first, each with how unlikely it is.
pub(super) type Ways = Vec<(String, u8)>;

/// The scripts that names are read from and looked for in, and the mark of each in a key.
const SCRIPTS: [(Script, &str, char); 7] = [
    (Script::Latin, "latin", 'l'),
    (Script::Cyrillic, "cyrillic", 'c'),
    (Script::Greek, "greek", 'g'),
    (Script::Arabic, "arabic", 'a'),
    (Script::Hebrew, "hebrew", 'h'),
    (Script::Devanagari, "devanagari", 'd'),
    (Script::Georgian, "georgian", 'k'),
];

/// Letters that stand side by side, and what is heard.
#[derive(Debug)]
pub(super) struct Rule {
    /// Only at the beginning, or at the end.
    first: bool,
    last: bool,
    /// One of these, or none of them, must stand before or behind.
    before: Option<Set>,
    behind: Option<Set>,
    letters: Vec<char>,
    pub(super) ways: Ways,
}

#[derive(Debug)]
struct Set {
    none_of: bool,
    letters: Vec<char>,
}

/// One script.
#[derive(Debug)]
pub(super) struct Writing {
    pub(super) script: Script,
    pub(super) mark: char,
    /// By their first letter, the longest first.
    read: HashMap<char, Vec<Rule>>,
    write: HashMap<char, Ways>,
    /// Sounds that cases add to names, the longest first.
    pub(super) endings: Vec<String>,
    /// Letters of a key that are written as one.
    pub(super) joined: Vec<(String, String)>,
    /// Whether `m` and `n` before a stop are written: in Greek ντ is a `d` as well.
    pub(super) nasals: bool,
    /// Vowels that may be heard between two consonants, though none is written.
    pub(super) unwritten: Ways,
    /// Vowels at the end tell nothing: cases change them.
    pub(super) open: bool,
    /// A consonant that is written twice is heard once.
    pub(super) doubled: bool,
}

static ALL: LazyLock<Vec<Writing>> = LazyLock::new(|| {
    let table: Table = TEXT.parse().unwrap_or_default();
    let usual = lines(table.get("write"));
    let joined = table.get("joined").and_then(Value::as_str).unwrap_or_default();
    let joined: Vec<(String, String)> = joined.split_whitespace().filter_map(pair).collect();
    SCRIPTS
        .iter()
        .filter_map(|(script, name, mark)| {
            let table = table.get(*name)?.as_table()?;
            Some(Writing::new(*script, *mark, table, &usual, &joined))
        })
        .collect()
});

/// All scripts that have a table.
pub(super) fn all() -> &'static [Writing] {
    &ALL
}

/// How `script` is read and written.
pub(super) fn of(script: Script) -> Option<&'static Writing> {
    ALL.iter().find(|writing| writing.script == script)
}

/// Words that are one name, each in a script of its own.
static NAMES: LazyLock<HashMap<String, Vec<usize>>> = LazyLock::new(|| {
    let mut names: HashMap<String, Vec<usize>> = HashMap::new();
    for (row, words) in ROWS.iter().enumerate() {
        words.iter().for_each(|word| names.entry(word.clone()).or_default().push(row));
    }
    names
});

static ROWS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let table: Table = TEXT.parse().unwrap_or_default();
    let rows = table.get("names").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let words = |row: &str| row.split_whitespace().map(letters).collect();
    rows.iter().filter_map(Value::as_str).map(words).collect()
});

/// The other words of the names that `folded` is: those in other scripts that are no stop words there.
pub(super) fn same(folded: &str) -> Vec<String> {
    let script = |word: &str| word.chars().next().map(Script::of);
    let Some(rows) = NAMES.get(&letters(folded)) else { return Vec::new() };
    let mut words: Vec<String> = rows.iter().flat_map(|row| &ROWS[*row]).cloned().collect();
    words.retain(|word| script(word) != script(folded));
    words.sort_unstable();
    words.dedup();
    words
}

impl Writing {
    fn new(
        script: Script,
        mark: char,
        table: &Table,
        usual: &[(String, Ways)],
        usual_joined: &[(String, String)],
    ) -> Self {
        let mut read: HashMap<char, Vec<Rule>> = HashMap::new();
        for (pattern, ways) in lines(table.get("read")) {
            let rule = Rule::new(&pattern, ways);
            if let Some(first) = rule.letters.first() {
                read.entry(*first).or_default().push(rule);
            }
        }
        // The longest first; of the same length, those that ask for more around them, as listed.
        read.values_mut().for_each(|rules| rules.sort_by_key(|rule| std::cmp::Reverse(rule.letters.len())));
        let own = lines(table.get("write"));
        let write = usual.iter().chain(&own).filter_map(|(sound, ways)| Some((sound.chars().next()?, ways.clone())));
        let words = |key: &str| -> Vec<String> {
            let text = table.get(key).and_then(Value::as_str).unwrap_or_default();
            text.split_whitespace().map(str::to_owned).collect()
        };
        let flag = |key: &str| table.get(key).and_then(Value::as_bool).unwrap_or_default();
        let mut endings = words("endings");
        endings.sort_by_key(|ending| std::cmp::Reverse(ending.len()));
        Self {
            script,
            mark,
            read,
            write: write.collect(),
            endings,
            joined: usual_joined.iter().cloned().chain(words("joined").iter().filter_map(|text| pair(text))).collect(),
            unwritten: words("unwritten").iter().map(|word| way(word)).collect(),
            nasals: table.get("nasals").and_then(Value::as_bool).unwrap_or(true),
            open: flag("open"),
            doubled: flag("doubled"),
        }
    }

    /// What is heard from `at` on, and how many letters say it.
    pub(super) fn heard(&self, word: &[char], at: usize) -> Option<&Rule> {
        self.read.get(word.get(at)?)?.iter().find(|rule| rule.fits(word, at))
    }

    /// Whether any rule begins with this letter.
    pub(super) fn knows(&self, letter: char) -> bool {
        self.read.contains_key(&letter)
    }

    /// How a sound is written.
    pub(super) fn written(&self, sound: char) -> &[(String, u8)] {
        self.write.get(&sound).map_or(&[], Vec::as_slice)
    }
}

impl Rule {
    fn new(pattern: &str, ways: Ways) -> Self {
        let first = pattern.starts_with('^');
        let last = pattern.ends_with('$');
        let mut rest = pattern.trim_start_matches('^').trim_end_matches('$');
        let mut before = None;
        if let Some((set, behind)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            (before, rest) = (Some(Set::new(set)), behind);
        }
        let (letters, behind) = match rest.split_once('{') {
            Some((letters, set)) => (letters, Some(Set::new(set.trim_end_matches('}')))),
            None => (rest, None),
        };
        Self { first, last, before, behind, letters: letters.chars().collect(), ways }
    }

    /// How many letters it takes.
    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }

    fn fits(&self, word: &[char], at: usize) -> bool {
        let end = at + self.letters.len();
        word.get(at..end) == Some(&self.letters)
            && (!self.first || at == 0)
            && (!self.last || end == word.len())
            && self.before.as_ref().is_none_or(|set| set.fits(at.checked_sub(1).and_then(|at| word.get(at))))
            && self.behind.as_ref().is_none_or(|set| set.fits(word.get(end)))
    }
}

impl Set {
    fn new(text: &str) -> Self {
        Self { none_of: text.starts_with('!'), letters: text.trim_start_matches('!').chars().collect() }
    }

    fn fits(&self, letter: Option<&char>) -> bool {
        letter.is_some_and(|letter| self.letters.contains(letter)) != self.none_of
    }
}

/// Two texts with `=` between.
fn pair(text: &str) -> Option<(String, String)> {
    text.split_once('=').map(|(from, to)| (from.to_owned(), to.to_owned()))
}

/// A way to read or write something: a digit behind it says how unlikely it is, `-` is silence.
fn way(text: &str) -> (String, u8) {
    let plain = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let cost = text[plain.len()..].parse().unwrap_or(0);
    (plain.replace('-', ""), cost)
}

/// Lines of a table: something, and the ways to read or write it.
fn lines(value: Option<&Value>) -> Vec<(String, Ways)> {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    let line = |line: &str| {
        let mut parts = line.split_whitespace();
        Some((parts.next()?.to_owned(), parts.map(way).collect()))
    };
    text.lines().filter_map(line).collect()
}
