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
fn words_of_a_phrase_may_be_apart() {
    check("\"a  b\"~2 c", "\"a b\"~2 AND c");
    check("title:“a b”～5", "title:\"a b\"~5");
    check("\"a b\"~0", "\"a b\"");
    check("\"a b\"~", "\"a b\"");
    assert!(note("\"a b\"~").contains("'~'"));
    check("\"a b\"~5000", "\"a b\"~50");
    assert!(note("\"a b\"~5000").contains("~50"));
    check("\"a b\"~99999999999999999999999", "\"a b\"");
    check("\"a b\"* c", "\"a b\" AND c");
    check("\"\"~2 a", "a");
    assert_eq!(Query::parse("\"a b\"~2").tree(), &Node::Near("a b".to_owned(), 2));
}

#[test]
fn words_may_be_letters_off() {
    check("pegasus~", "pegasus~1");
    check("pegasus~1 -nso~2", "pegasus~1 AND NOT nso~2");
    check("pegasus~0", "pegasus");
    check("pegasus~9", "pegasus~2");
    assert!(note("pegasus~9").contains("'~2'"));
    check("pegasus~0.8", "pegasus~1");
    assert!(note("pegasus~0.8").contains("'~1'"));
    check("2020~2021", "2020~2021");
    check("spy*~1", "spy*");
    assert!(note("spy*~1").contains("'spy*'"));
    check("~ ~1", "~ AND ~1");
    assert_eq!(Query::parse("pegasus~1").tree(), &Node::Fuzzy("pegasus".to_owned(), 1));
    assert_eq!(note("pegasus~1 spy*"), "");
}

#[test]
fn parts_weigh_more_or_less() {
    check("a^3 b", "a^3 AND b");
    check("a^2^", "a^2");
    assert!(note("a^2^").contains("'^'"));
    check("\"a b\"~2^0.5", "\"a b\"~2^0.5");
    check("(a OR b)^3 c", "(a OR b)^3 AND c");
    check("title:(a b)^2", "title:(a AND b)^2");
    check("title:(a^2)", "title:a^2");
    check("spy*^2 pegasus~1^2", "spy*^2 AND pegasus~1^2");
    check("((a^2))^3", "a^6");
    check("a^99 b^0", "a^10 AND b^0.1");
    assert!(note("a^99").contains("0.1 to 10"));
    check("a^1", "a");
    check("(NOT a)^2", "NOT a");
    check("()^2 a", "a");
    check("a)^2 b", "a AND b");
    check("(a)~3 b", "a AND b");
    check("AND^2", "\"AND\"^2");
    check("(title: )^2", "(title:)^2");
}

#[test]
fn a_term_map_says_one_thing_in_several_languages() {
    let map = "{en: spyware, fr: logiciel espion, he: רוגלה, ar: برامج التجسس}";
    check(map, map);
    assert_eq!(note(map), "");
    check("{\"en\": \"spyware\"; fr: \"logiciel, espion\"} nso", "{en: spyware, fr: \"logiciel, espion\"} AND nso");
    check("{en: spyware، ar: برامج، fr：espion｝", "{en: spyware, ar: برامج, fr: espion}");
    check("-{en: spyware}^2", "NOT {en: spyware}^2");
    check("title:{en: spyware}", "title:{en: spyware}");
    check("{en: a, fr: b", "{en: a, fr: b}");
    assert!(note("{en: a, fr: b").contains("brace"));
    check("{en: a, klingon: b, c}", "{en: a, und: b, und: c}");
    assert!(note("{en: a, klingon: b}").contains("'klingon'"));
    check("{en: , fr: b}", "{fr: b}");
    check("{en: צה\"ל}", "{en: \"צה\"ל\"}");
    check("{en:} a", "a");
    check("{title: a}", "{title: AND a}");
    check("{klingon: a}", "{und: a}");
    check("{0} {a b} ${HOME}", "{0} AND {a AND b} AND ${HOME}");
    let term = |code: &str, text: &str| (Language::parse(code), text.to_owned());
    let terms = Node::Terms(vec![term("en", "spyware"), term("fr", "logiciel espion")]);
    assert_eq!(Query::parse("{en: spyware, fr-BE:  logiciel  espion, en: spyware}").tree(), &terms);
}

#[test]
fn dates_are_kept_as_typed() {
    check("published:2021-07..2021-09 nso", "published:2021-07..2021-09 AND nso");
    check("date:>=2021 seen:7d", "published:>=2021 AND seen:7d");
    check("edited:..2021-07-18T10:00Z", "edited:..2021-07-18T10:00Z");
    check("published:[2021-07 TO 2021-09]^2", "published:2021-07..2021-09^2");
    check("published:{2021 TO *]", "published:2021..");
    check("published:[2021", "published:[2021");
    check("published：＞2021", "published:>2021");
}

#[test]
fn signs_of_other_keyboards_are_read() {
    check("（a OR b） －c", "(a OR b) AND NOT c");
    check("spy＊", "spy*");
    check("\u{200f}-\u{200f}\"א ב\"\u{200e}", "NOT \"א ב\"");
    check("title\u{200f}:a", "title:a");
    check("什么！ ！好", "什么！ AND ！好");
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
    let long = "word ".repeat(800);
    let query = Query::parse(&long);
    assert!(query.understood().replace(" AND", "").len() <= MAX_LENGTH);
    assert!(query.understood().ends_with("word"), "cut between words");
    assert!(query.notes()[0].contains("2000"));
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
    fn reading_the_echo_gives_the_same(text in hostile()) {
        let once = Query::parse(&text);
        let again = Query::parse(&once.understood());
        prop_assert_eq!(again.tree(), once.tree(), "{:?} was read as {:?}", text, once.understood());
        prop_assert_eq!(again.understood(), once.understood());
    }
}

/// Texts full of signs, and texts full of whole operators.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c1.\"():*~^2+!|{},;> \\-\u{5d0}\u{5d1}\u{201d}&\u{200f}\u{ff5e}\u{ff0d}]{0,60}",
        "((NOT|AND|OR|title:|outlet:|published:|rev:any|a|b\\*|a~2|\\^3|~|\\{|\\}|en: |fr:|,|\\(|\\)|-|\"|\\[|\\]| TO ) ?){0,24}",
        "\\PC{0,60}",
    ]
}

fn depth(node: &Node) -> usize {
    match node {
        Node::All(parts) | Node::Any(parts) => 1 + parts.iter().map(depth).max().unwrap_or(0),
        Node::Not(inner) | Node::Field(_, inner) | Node::Boosted(inner, _) => 1 + depth(inner),
        _ => 1,
    }
}

#[test]
fn a_text_without_end_is_read_in_no_time() {
    let began = std::time::Instant::now();
    let pieces = [
        "(a OR (b ",
        "\"",
        "{en:a,",
        "a^2 ",
        "NOT ",
        "a~",
        "- ",
        "title:(NOT (",
        "{",
        "a:b:",
        "*",
        "[",
        "published:[ ",
        "\u{202e}",
    ];
    for piece in pieces {
        let query = Query::parse(&piece.repeat(65_536 / piece.len()));
        assert!(depth(query.tree()) <= 4 * MAX_DEPTH, "{piece}");
        assert!(query.understood().len() <= 16_000, "{piece}");
    }
    assert!(began.elapsed().as_millis() < 2_000, "{:?}", began.elapsed());
}
