//! What a reader typed, and how it is read. Our own small language, lenient by design: any text has
//! a reading, and whatever was odd in it becomes a note instead of an error.
//!
//! ```text
//! spyware nso              all words must stand in the article
//! "pegasus project"        a phrase, as written (also “…”, „…“, «…»)
//! spy*                     words that begin so
//! a OR b    a AND b        either; both
//! -word     NOT word       not this one (also before a phrase, a group, a field)
//! (a OR b) c               groups, up to sixteen deep
//! title:word author:"…"    only there; also title:(a OR b)
//! outlet: lang: network: country: story: project:        facts of the article
//! ```
//!
//! `AND` binds closest, then `OR`, then standing side by side: `a b OR c` is `a (b OR c)`, as in
//! search engines at large; `a AND b OR c` is `(a AND b) OR c`. Operators are upper case, so that
//! "and" can be looked for. How words are cut and matched is not decided here but in [`crate::plan`].

mod echo;
mod grammar;
mod lexer;

/// Longest text that is read, in characters.
pub const MAX_LENGTH: usize = 512;
/// Most parentheses inside each other.
pub const MAX_DEPTH: usize = 16;

/// A field that can stand before a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Words of the title.
    Title,
    /// Words of the byline.
    Author,
    /// The outlet: its id, or a name that the catalogue knows.
    Outlet,
    /// The article's language: a code of two or three letters.
    Language,
    /// An outlet of this network.
    Network,
    /// An outlet of this country: ISO 3166-1 alpha-2.
    Country,
    /// The story: its id.
    Story,
    /// The project: its id, or a name that the catalogue knows.
    Project,
}

impl Field {
    const NAMES: [(&'static str, Self); 9] = [
        ("title", Self::Title),
        ("author", Self::Author),
        ("outlet", Self::Outlet),
        ("lang", Self::Language),
        ("language", Self::Language),
        ("network", Self::Network),
        ("country", Self::Country),
        ("story", Self::Story),
        ("project", Self::Project),
    ];

    /// The name that is written before the colon.
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }

    /// The field of this name, in any case of letters.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, field)| *field)
    }

    /// Whether the field holds words of the article, rather than one fact about it.
    pub fn holds_words(self) -> bool {
        matches!(self, Self::Title | Self::Author)
    }
}

/// The tree of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// All of these; none at all matches every article.
    All(Vec<Node>),
    /// At least one of these (two or more).
    Any(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// A word as typed; the cut may find several words in it, which then stand side by side.
    Word(String),
    /// Words side by side, as written.
    Phrase(String),
    /// Words that begin so.
    Prefix(String),
    /// This, looked for in one field.
    Field(Field, Box<Node>),
}

/// A query, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    tree: Node,
    notes: Vec<String>,
}

impl Query {
    /// Reads `text`, whatever it is. The empty text matches every article.
    pub fn parse(text: &str) -> Self {
        let (lexemes, mut notes) = lexer::lexemes(text);
        let tree = grammar::tree(lexemes, &mut notes);
        let mut said = std::collections::HashSet::new();
        notes.retain(|note| said.insert(note.clone()));
        Self { tree, notes }
    }

    /// The reading.
    pub fn tree(&self) -> &Node {
        &self.tree
    }

    /// What was odd, and how it was read all the same; each thing once.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The reading in the query's own language, with every parenthesis that it implies. Reading it
    /// again gives the same.
    pub fn understood(&self) -> String {
        echo::written(&self.tree)
    }

    /// Whether nothing was asked for: every article matches.
    pub fn is_everything(&self) -> bool {
        matches!(&self.tree, Node::All(parts) if parts.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn understood(text: &str) -> String {
        Query::parse(text).understood()
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(understood(text), expected, "{text:?}");
    }

    fn note(text: &str) -> String {
        Query::parse(text).notes().join("; ")
    }

    #[test]
    fn words_stand_side_by_side() {
        check("spyware  nso\tgroup", "spyware AND nso AND group");
        check("", "");
        check("   ", "");
        assert!(Query::parse("  \n").is_everything());
        assert!(!Query::parse("!!!").is_everything());
    }

    #[test]
    fn operators_bind_and_or_side_by_side() {
        check("a b OR c", "a AND (b OR c)");
        check("a AND b OR c", "(a AND b) OR c");
        check("a OR b AND c d", "(a OR (b AND c)) AND d");
        check("(a b) OR c", "(a AND b) OR c");
        check("(a OR b) OR c", "a OR b OR c");
        check("a && b || c", "(a AND b) OR c");
        check("a and b or c", "a AND and AND b AND or AND c");
    }

    #[test]
    fn minus_not_and_bang_negate() {
        check("a -b", "a AND NOT b");
        check("NOT a", "NOT a");
        check("NOT NOT a", "a");
        check("!a", "NOT a");
        check("-(a b)", "NOT (a AND b)");
        check("-\"a b\"", "NOT \"a b\"");
        check("a OR NOT b", "a OR NOT b");
        check("-title:a", "NOT title:a");
        check("title:-a", "NOT title:a");
        check("title:(-a)", "NOT title:a");
        check("www-form-encoded", "www-form-encoded");
        check("a - b", "a AND - AND b");
        check("--abc", "--abc");
    }

    #[test]
    fn phrases_in_any_quotes() {
        check("\"pegasus  project\" nso", "\"pegasus project\" AND nso");
        check("“pegasus project”", "\"pegasus project\"");
        check("„Pegasus-Projekt“ x", "\"Pegasus-Projekt\" AND x");
        check("«projet pegasus»", "\"projet pegasus\"");
        check("\"open to the end", "\"open to the end\"");
        assert!(note("\"open").contains("quote"), "{}", note("\"open"));
        check("\"\" a", "a");
        check("title:\"a b\"", "title:\"a b\"");
    }

    #[test]
    fn a_hebrew_acronym_keeps_its_gershayim() {
        check("צה\"ל הודיע", "צה\"ל AND הודיע");
        check("\"דובר צה\"ל\" x", "\"דובר צה\"ל\" AND x");
    }

    #[test]
    fn prefixes_end_in_a_star() {
        check("spy*", "spy*");
        check("*", "");
        check("* a", "a");
        check("*spy", "spy");
        check("title:spy*", "title:spy*");
        assert_eq!(Query::parse("spy*").tree(), &Node::Prefix("spy".to_owned()));
        assert!(note("b*d").contains("end of a word"));
    }

    #[test]
    fn fields_hold_a_word_a_phrase_or_a_group() {
        check("title:pegasus nso", "title:pegasus AND nso");
        check("TITLE:a", "title:a");
        check("language:fr", "lang:fr");
        check("Pegasus Project: what", "Pegasus AND Project: AND what");
        check("title:(a OR b) c", "title:(a OR b) AND c");
        check("outlet:\"Le Monde\"", "outlet:\"Le Monde\"");
        check("outlet:le*", "outlet:le*");
        check("title:author:a", "author:a");
        check("title：标题", "title:标题");
        check("title:", "title:");
        check("a title:", "a AND title:");
    }

    #[test]
    fn an_unknown_field_is_read_as_words() {
        check("abc:toto x", "abc:toto AND x");
        assert!(note("abc:toto").contains("'abc'"));
        check("abc:(a b)", "abc: AND a AND b");
        check("https://example.org/a", "https://example.org/a");
        assert_eq!(note("https://example.org/a"), "");
        assert_eq!(note("10:30"), "");
    }

    #[test]
    fn what_is_not_read_yet_is_said() {
        check("a^3 b~2", "a AND b");
        check("a^2^", "a");
        check("\"a b\"~2 c", "\"a b\" AND c");
        check("\"a b\"* c", "\"a b\" AND c");
        assert!(note("a~2").contains("~2"));
    }

    #[test]
    fn crooked_parentheses_and_operators_are_mended() {
        check("(a OR abc", "a OR abc");
        check("a) b", "a AND b");
        check("()", "");
        check("OR a", "a");
        check("a OR", "a");
        check("a OR OR b", "a OR b");
        check("AND", "");
        check("a AND )", "a");
        assert!(note("(a").contains("parenthesis"));
        assert!(note("OR a").contains("OR"));
        check("（a OR b） c", "(a OR b) AND c");
    }

    #[test]
    fn length_and_depth_are_capped() {
        let long = "word ".repeat(200);
        let query = Query::parse(&long);
        assert!(query.understood().replace(" AND", "").len() <= MAX_LENGTH);
        assert!(query.understood().ends_with("word"), "cut between words");
        assert!(query.notes()[0].contains("512"));
        let deep = format!("{}a{} b", "(x OR (".repeat(40), "))".repeat(40));
        let query = Query::parse(&deep);
        assert!(query.understood().contains('a') && query.understood().ends_with('b'));
        assert!(query.notes().len() == 1 && query.notes()[0].contains("16"), "{:?}", query.notes());
        check(&"NOT ".repeat(101), "");
        check(&format!("{}a", "title:".repeat(60)), "title:a");
    }

    #[test]
    fn any_tongue_and_any_sign_has_a_reading() {
        for text in ["田中さんにあげて下さい", "👩🏽", "'", "\"'\"'\"''''\"", "\u{202a}\u{202a}᚛", "\0\u{1}a", "%*.*s"]
        {
            let query = Query::parse(text);
            let _ = query.understood();
        }
        check("<script>alert(123)</script>", "<script>alert AND 123 AND </script>");
        check("\0a\u{7}b", "a AND b");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn no_text_is_an_error_and_its_words_are_echoed(text in "\\PC{0,80}") {
            let echo = understood(&text).to_lowercase();
            for word in text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 3) {
                prop_assert!(echo.contains(&word.to_lowercase()[..4]), "{:?} in {:?}", word, echo);
            }
        }

        #[test]
        fn reading_the_echo_gives_the_same(text in "[a-c\"():*~^2+!| \\-אב”&]{0,60}|((NOT|AND|OR|title:|outlet:|a|b\\*|\\(|\\)|-|\") ?){0,24}") {
            let once = understood(&text);
            prop_assert_eq!(understood(&once), once);
        }
    }
}
