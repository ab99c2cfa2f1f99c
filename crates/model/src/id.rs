//! Ids. They come from content, never from arrival or sequence, so that the same log gives the
//! same ids on every machine. Only [`Seq`] counts arrivals, and it is a position, not an identity.

use std::fmt;
use std::str::FromStr;

use crate::CanonicalUrl;

/// A string that is no id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError {
    input: String,
    wanted: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is no {}", self.input, self.wanted)
    }
}

impl std::error::Error for IdError {}

macro_rules! hash_id {
    ($(#[$doc:meta])* $name:ident, $wanted:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// The id with these sixteen bytes, as [`Self::bytes`] gave them.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The sixteen bytes of the id.
            pub fn bytes(&self) -> [u8; 16] {
                self.0
            }

            fn hashed(parts: &[&[u8]]) -> Self {
                let mut hasher = blake3::Hasher::new();
                for part in parts {
                    hasher.update(part);
                    hasher.update(&[0]);
                }
                let mut bytes = [0; 16];
                bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
                Self(bytes)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Reads the 32 hexadecimal digits that `Display` writes.
            fn from_str(text: &str) -> Result<Self, IdError> {
                let wrong = || IdError { input: text.to_owned(), wanted: $wanted };
                if text.len() != 32 || !text.is_ascii() {
                    return Err(wrong());
                }
                let mut bytes = [0; 16];
                for (i, byte) in bytes.iter_mut().enumerate() {
                    *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|_| wrong())?;
                }
                Ok(Self(bytes))
            }
        }
    };
}

hash_id!(
    /// An article: 128 bits of the blake3 hash of its first canonical URL less its scheme. Written as 32
    /// lower-case hexadecimal digits.
    ArticleId,
    "article id (32 hexadecimal digits)"
);

hash_id!(
    /// A story: made from the article that founded it in log order. Never reused: a merged story's
    /// id redirects to the one that took it in.
    StoryId,
    "story id (32 hexadecimal digits)"
);

impl ArticleId {
    /// The id of the article whose first canonical URL is `url`.
    pub fn of(url: &CanonicalUrl) -> Self {
        Self::hashed(&[b"article", url.key().as_bytes()])
    }
}

impl StoryId {
    /// The id of the story that `article` founds. `nth` is 0 for the first story an article
    /// founds; an article that is split off a story it founded founds its next one.
    pub fn founded_by(article: ArticleId, nth: u32) -> Self {
        Self::hashed(&[b"story", &article.bytes(), &nth.to_le_bytes()])
    }
}

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The id, lower-cased; what is neither a letter, a digit nor `.` becomes a hyphen.
            pub fn new(text: &str) -> Self {
                let mut slug = String::with_capacity(text.len());
                for c in text.trim().to_lowercase().chars() {
                    if c.is_alphanumeric() || c == '.' {
                        slug.push(c);
                    } else if !slug.ends_with('-') {
                        slug.push('-');
                    }
                }
                Self(slug.trim_matches('-').to_owned())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

slug_id!(
    /// An outlet's id: a short slug (`le-monde`), or the host of a site that nobody listed.
    OutletId
);
slug_id!(
    /// A network's id (`occrp`).
    NetworkId
);
slug_id!(
    /// A project's id (`pegasus-project`).
    ProjectId
);

/// A position in the log of changes: 1, 2, 3 … `Seq::START` stands before the first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seq(pub u64);

impl Seq {
    /// Before the first change.
    pub const START: Self = Self(0);
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical;

    fn article(url: &str) -> ArticleId {
        ArticleId::of(&canonical(&url::Url::parse(url).expect("a URL")))
    }

    #[test]
    fn an_id_is_its_text_and_back() {
        let id = article("https://example.org/a");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().len(), 32);
    }

    #[test]
    fn query_noise_does_not_change_an_article_id() {
        let clean = article("https://example.org/a?id=7");
        assert_eq!(clean, article("https://example.org/a?utm_source=x&id=7#top"));
        assert_ne!(clean, article("https://example.org/a?id=8"));
    }

    #[test]
    fn odd_text_is_no_id() {
        for odd in ["", "zz", "g0000000000000000000000000000000", "é000000000000000000000000000000"] {
            assert!(odd.parse::<ArticleId>().is_err(), "{odd}");
        }
    }

    #[test]
    fn an_article_founds_several_stories_under_different_ids() {
        let id = article("https://example.org/a");
        assert_ne!(StoryId::founded_by(id, 0), StoryId::founded_by(id, 1));
    }

    #[test]
    fn a_slug_is_made_of_any_name() {
        assert_eq!(OutletId::new(" Le Monde ").as_str(), "le-monde");
        assert_eq!(OutletId::new("www.example.org").as_str(), "www.example.org");
    }
}
