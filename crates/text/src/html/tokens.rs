//! What a part of a page is called: the words of its `class` and `id`, as a set of classes. The words
//! are in `data/markup.toml`.

use std::collections::HashMap;
use std::ops::BitOr;
use std::sync::LazyLock;

use toml::{Table, Value};

use crate::quick::Quick;

/// A set of classes that a part's name falls into.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tokens(u16);

impl Tokens {
    pub(crate) const BODY: Self = Self(1);
    pub(crate) const LEAD: Self = Self(1 << 1);
    pub(crate) const RELATED: Self = Self(1 << 2);
    pub(crate) const SHARE: Self = Self(1 << 3);
    pub(crate) const NEWSLETTER: Self = Self(1 << 4);
    pub(crate) const COMMENT: Self = Self(1 << 5);
    pub(crate) const CAPTION: Self = Self(1 << 6);
    pub(crate) const AUTHOR: Self = Self(1 << 7);
    pub(crate) const META: Self = Self(1 << 8);
    pub(crate) const AD: Self = Self(1 << 9);
    pub(crate) const CONSENT: Self = Self(1 << 10);
    pub(crate) const PAYWALL: Self = Self(1 << 11);
    pub(crate) const NAV: Self = Self(1 << 12);
    pub(crate) const FACT: Self = Self(1 << 13);

    /// What stands round an article and is none of it, whatever it is asked for: callers add what else they
    /// mean.
    pub(crate) const FURNITURE: Self = Self(
        Self::RELATED.0
            | Self::SHARE.0
            | Self::NEWSLETTER.0
            | Self::COMMENT.0
            | Self::AUTHOR.0
            | Self::AD.0
            | Self::CONSENT.0,
    );

    /// Each class alone, in the order of their bits.
    pub(crate) const ALL: [Self; 14] = {
        let mut all = [Self(0); 14];
        let mut bit = 0;
        while bit < all.len() {
            all[bit] = Self(1 << bit);
            bit += 1;
        }
        all
    };

    /// Whether the two sets share a class.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The classes of elements' names, each name looked up once a page: pages repeat theirs by the hundred,
/// and whole values as well.
#[derive(Default)]
pub(crate) struct Named<'a> {
    values: HashMap<&'a str, Tokens, Quick>,
    names: HashMap<&'a str, Tokens, Quick>,
}

impl<'a> Named<'a> {
    /// The classes of the names in the value of an attribute.
    pub(crate) fn of(&mut self, value: &'a str) -> Tokens {
        let names = &mut self.names;
        *self.values.entry(value).or_insert_with(|| {
            // Utility classes make values of a thousand letters; names stand in front.
            let parts = value.split_ascii_whitespace().take(12);
            parts.fold(Tokens::default(), |found, part| found | *names.entry(part).or_insert_with(|| named(part)))
        })
    }
}

impl BitOr for Tokens {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// An entry: its first word, whether the last one is a beginning only, the other words.
struct Entry {
    words: Vec<String>,
    open: bool,
    class: Tokens,
}

/// Entries by the first three letters of their first word.
static ENTRIES: LazyLock<HashMap<Vec<u8>, Vec<Entry>>> = LazyLock::new(|| {
    const CLASSES: [(&str, Tokens); 14] = [
        ("body", Tokens::BODY),
        ("lead", Tokens::LEAD),
        ("related", Tokens::RELATED),
        ("share", Tokens::SHARE),
        ("newsletter", Tokens::NEWSLETTER),
        ("comment", Tokens::COMMENT),
        ("caption", Tokens::CAPTION),
        ("author", Tokens::AUTHOR),
        ("meta", Tokens::META),
        ("ad", Tokens::AD),
        ("consent", Tokens::CONSENT),
        ("paywall", Tokens::PAYWALL),
        ("nav", Tokens::NAV),
        ("fact", Tokens::FACT),
    ];
    let table: Table = include_str!("../../../../data/markup.toml").parse().unwrap_or_default();
    let mut entries: HashMap<Vec<u8>, Vec<Entry>> = HashMap::new();
    for (key, class) in CLASSES {
        let Some(Value::Array(list)) = table.get(key) else { continue };
        for text in list.iter().filter_map(Value::as_str) {
            let open = text.ends_with('*');
            let words: Vec<String> = text.trim_end_matches('*').split(' ').map(str::to_owned).collect();
            entries.entry(first_letters(&words[0])).or_default().push(Entry { words, open, class });
        }
    }
    entries
});

fn first_letters(word: &str) -> Vec<u8> {
    word.bytes().take(2).collect()
}

fn named(name: &str) -> Tokens {
    let words = words(name);
    let mut found = Tokens::default();
    for (at, word) in words.iter().enumerate() {
        let Some(entries) = ENTRIES.get(&first_letters(word)) else { continue };
        for entry in entries {
            let matches = words.len() >= at + entry.words.len()
                && entry.words.iter().enumerate().all(|(n, wanted)| {
                    let word = &words[at + n];
                    word == wanted || entry.open && n + 1 == entry.words.len() && word.starts_with(wanted.as_str())
                });
            // "comment-count", "no-comments": a number or a state, no part of the page.
            let counted = entry.class == Tokens::COMMENT
                && words
                    .get(at + entry.words.len())
                    .is_some_and(|next| matches!(next.as_str(), "count" | "open" | "closed" | "enabled"));
            let negated = at > 0 && matches!(words[at - 1].as_str(), "no" | "has" | "with" | "without");
            if matches && !counted && !negated {
                found = found | entry.class;
            }
        }
    }
    found
}

/// `articleBody__main-text` is `article body main text`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut lower_before = false;
    for c in name.chars().take(80) {
        if (!c.is_alphanumeric() || c.is_uppercase() && lower_before) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        assert_eq!(words("articleBody__main-text"), ["article", "body", "main", "text"]);
        assert_eq!(words("HTMLContent2"), ["htmlcontent2"]);
    }

    #[test]
    fn parts_are_known_by_their_names() {
        for (name, class) in [
            ("related-posts", Tokens::RELATED),
            ("relatedArticles", Tokens::RELATED),
            ("c-share__bar", Tokens::SHARE),
            ("entry-content", Tokens::BODY),
            ("articleBody", Tokens::BODY),
            ("comments-area", Tokens::COMMENT),
            ("wp-caption-text", Tokens::CAPTION),
            ("article__standfirst", Tokens::LEAD),
            ("onetrust-banner-sdk", Tokens::CONSENT),
        ] {
            assert!(named(name).meets(class), "{name}");
        }
    }

    #[test]
    fn like_names_of_other_things_are_not() {
        assert!(!named("comments-count").meets(Tokens::COMMENT));
        assert!(!named("no-sidebar").meets(Tokens::NAV));
        assert!(!named("download").meets(Tokens::AD));
        assert!(!named("picture-wrapper").meets(Tokens::CAPTION));
        assert_eq!(named(""), Tokens::default());
    }
}
