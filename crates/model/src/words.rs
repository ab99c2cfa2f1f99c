//! A text cut into words for search: what the index is given, whichever engine keeps it.

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The word as it is indexed: folded, lower case.
    pub text: String,
    /// Which word of the text it is; several forms of one word share a position.
    pub position: u32,
    /// Where it begins in the text, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// The words of one text, in order of position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Ordered by position.
    pub tokens: Vec<Token>,
}

impl Words {
    /// The words' texts, in order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(|token| token.text.as_str())
    }
}
