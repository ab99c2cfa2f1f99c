//! A corpus of any size: invented words, distributed as words of languages are (Zipf), in twelve languages
//! and five scripts, with inflected forms, outlets, dates, authors, tags and near copies. The same seed gives
//! the same articles.

use courant_model::{ArticleId, Language, OutletId, Token, Words};
use courant_search::Document;
use courant_text::words;
use jiff::Timestamp;

/// Of a language: its code, its share of articles, its syllables' sounds, and endings that inflect.
struct Kind {
    code: &'static str,
    share: f64,
    first: &'static str,
    second: &'static str,
    endings: &'static [&'static str],
}

const LATIN: (&str, &str) = ("bcdfghklmnprstvw", "aeiou");

const KINDS: &[Kind] = &[
    Kind { code: "en", share: 0.30, first: LATIN.0, second: LATIN.1, endings: &["", "s", "ed", "ing"] },
    Kind { code: "es", share: 0.12, first: LATIN.0, second: LATIN.1, endings: &["o", "a", "os", "as"] },
    Kind { code: "fr", share: 0.12, first: LATIN.0, second: "aeioué", endings: &["e", "es", "er", "ons"] },
    Kind { code: "de", share: 0.08, first: LATIN.0, second: "aeiouü", endings: &["", "en", "er", "ung"] },
    Kind { code: "pt", share: 0.06, first: LATIN.0, second: "aeiouã", endings: &["o", "a", "os", "ar"] },
    Kind { code: "it", share: 0.05, first: LATIN.0, second: LATIN.1, endings: &["o", "i", "a", "are"] },
    Kind {
        code: "ru", share: 0.10, first: "бвгдзклмнпрст", second: "аеиоу", endings: &["", "а", "ом", "ами"]
    },
    Kind {
        code: "uk", share: 0.03, first: "бвгдзклмнпрст", second: "аеиоу", endings: &["", "а", "ом", "ами"]
    },
    Kind {
        code: "ar", share: 0.06, first: "بتجدرسشعفقكلمن", second: "اويه", endings: &["", "ة", "ات", "ين"]
    },
    Kind {
        code: "he", share: 0.03, first: "בגדזחטכלמנסעפקרשת", second: "אויה", endings: &["", "ים", "ות", "ה"]
    },
    Kind {
        code: "hi", share: 0.02, first: "कगचजतदनपबमरलवसह", second: "ािुे", endings: &["", "ों", "ी", "ा"]
    },
    Kind { code: "zh", share: 0.03, first: "", second: "", endings: &[""] },
];

const LEMMAS: usize = 12_000;
const PARAGRAPHS: usize = 2_500;
const TITLES: usize = 4_000;
const WORDS: usize = 62;
const OUTLETS: usize = 200;

/// Numbers that look random (xorshift64*, Vigna 2016).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A rank below `most`: the first twice as likely as the second.
    fn zipf(&mut self, most: usize) -> usize {
        let top = (most as f64).ln();
        ((self.share() * top).exp() as usize).clamp(1, most) - 1
    }
}

/// What articles of one language are made of.
struct Pool {
    language: Language,
    share: f64,
    /// Commonest first, each with its forms.
    lemmas: Vec<Vec<String>>,
    titles: Vec<(String, Words)>,
    paragraphs: Vec<(String, Words)>,
}

impl Pool {
    fn new(kind: &Kind, dice: &mut Dice) -> Self {
        let language = Language::parse(kind.code);
        let lemmas: Vec<Vec<String>> = (0..LEMMAS).map(|rank| lemma(kind, rank, dice)).collect();
        let joint = if kind.code == "zh" { "" } else { " " };
        let mut text = |length: usize| {
            let word = |dice: &mut Dice| {
                let forms = &lemmas[dice.zipf(LEMMAS)];
                forms[dice.below(forms.len())].clone()
            };
            let text = (0..length).map(|_| word(dice)).collect::<Vec<_>>().join(joint);
            let words = words(&text, language);
            (text, words)
        };
        let titles = (0..TITLES).map(|_| text(9)).collect();
        let paragraphs = (0..PARAGRAPHS).map(|_| text(WORDS)).collect();
        Self { language, share: kind.share, lemmas, titles, paragraphs }
    }
}

/// The forms of a word; common ones are short.
fn lemma(kind: &Kind, rank: usize, dice: &mut Dice) -> Vec<String> {
    if kind.code == "zh" {
        let sign = |dice: &mut Dice| char::from_u32(0x4E00 + dice.zipf(3_000) as u32).unwrap_or('的');
        return vec![(0..1 + dice.below(3)).map(|_| sign(dice)).collect()];
    }
    let pick = |dice: &mut Dice, letters: &str| letters.chars().nth(dice.below(letters.chars().count())).unwrap_or('a');
    let syllables = 1 + usize::from(rank > 40) + usize::from(rank > 600) + dice.below(2);
    let mut stem = String::new();
    for _ in 0..syllables {
        stem.push(pick(dice, kind.first));
        stem.push(pick(dice, kind.second));
    }
    stem.push(pick(dice, kind.first));
    if rank < 100 {
        return vec![stem];
    }
    kind.endings.iter().map(|ending| format!("{stem}{ending}")).collect()
}

/// The corpus.
pub(crate) struct Corpus {
    pools: Vec<Pool>,
    seed: u64,
}

impl Corpus {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        Self { pools: KINDS.iter().map(|kind| Pool::new(kind, &mut dice)).collect(), seed }
    }

    /// The article of this number. Of ten, one is a near copy of one shortly before it.
    pub(crate) fn article(&self, number: u64) -> Document {
        let mut dice = Dice::new(self.seed ^ (number + 1).wrapping_mul(0xD6E8_FEB8_6659_FD93));
        dice.next();
        let copied = (number > 20 && dice.below(10) == 0).then(|| number - 1 - dice.below(20) as u64);
        let original = copied.unwrap_or(number);
        let mut says = Dice::new(self.seed ^ (original + 7).wrapping_mul(0xA076_1D64_78BD_642F));
        says.next();
        let pool = self.pool(says.share());
        let (title, title_words) = &pool.titles[says.below(TITLES)];
        let (standfirst, standfirst_words) = &pool.titles[says.below(TITLES)];
        let mut body = String::new();
        let mut body_words = Words::default();
        for _ in 0..4 + says.below(3) {
            let (text, words) = &pool.paragraphs[says.below(PARAGRAPHS)];
            append(&mut body_words, words, body.len());
            body.push_str(text);
            body.push('\n');
        }
        // More articles of late than of old, over six years.
        let age = (dice.share() * dice.share() * 6.0 * 365.25 * 86_400.0) as i64;
        let moment = Timestamp::from_second(1_790_000_000 - age).unwrap_or_default();
        let author = format!("Author {}", dice.zipf(3_000));
        let outlet = OutletId::new(&format!("outlet-{}", dice.zipf(OUTLETS)));
        Document {
            title: title.clone(),
            title_words: title_words.clone(),
            standfirst: standfirst.clone(),
            standfirst_words: standfirst_words.clone(),
            body,
            body_words,
            author_words: words(&author, pool.language),
            authors: vec![author],
            section: Some(format!("Section {}", dice.below(12))),
            tags: (0..dice.below(4)).map(|_| format!("Tag {}", dice.zipf(5_000))).collect(),
            paywalled: dice.below(5) == 0,
            revision: 1 + u32::from(dice.below(8) == 0),
            copy_of: (copied.is_some() || dice.below(12) == 0).then(|| id(original)),
            ..Document::empty(id(number), outlet, pool.language, moment)
        }
    }

    fn pool(&self, mut share: f64) -> &Pool {
        for pool in &self.pools {
            share -= pool.share;
            if share < 0.0 {
                return pool;
            }
        }
        &self.pools[0]
    }

    /// A word whose place among the commonest of its language is between these.
    pub(crate) fn word(&self, dice: &mut Dice, from: usize, to: usize) -> String {
        let pool = &self.pools[dice.below(self.pools.len() - 1)];
        word_of(pool, dice, from, to)
    }

    /// So many words of one language.
    pub(crate) fn words(&self, dice: &mut Dice, from: usize, to: usize, count: usize) -> Vec<String> {
        let pool = &self.pools[dice.below(self.pools.len() - 1)];
        (0..count).map(|_| word_of(pool, dice, from, to)).collect()
    }

    /// Words that stand side by side somewhere.
    pub(crate) fn phrase(&self, dice: &mut Dice, count: usize) -> String {
        let pool = &self.pools[dice.below(self.pools.len() - 1)];
        let (text, _) = &pool.paragraphs[dice.below(PARAGRAPHS)];
        let words: Vec<&str> = text.split(' ').collect();
        let at = dice.below(words.len().saturating_sub(count));
        words[at..(at + count).min(words.len())].join(" ")
    }
}

fn word_of(pool: &Pool, dice: &mut Dice, from: usize, to: usize) -> String {
    let forms = &pool.lemmas[from + dice.below(to - from)];
    forms[dice.below(forms.len())].clone()
}

fn id(number: u64) -> ArticleId {
    let spread = u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835) | u128::from(number);
    ArticleId::from_bytes(spread.to_be_bytes())
}

/// Adds the words of a paragraph that begins at this byte.
fn append(all: &mut Words, paragraph: &Words, at: usize) {
    let first = all.tokens.last().map_or(0, |token| token.position + 1);
    all.tokens.extend(paragraph.tokens.iter().map(|token| Token {
        text: token.text.clone(),
        position: first + token.position,
        start: at as u32 + token.start,
        end: at as u32 + token.end,
    }));
}
