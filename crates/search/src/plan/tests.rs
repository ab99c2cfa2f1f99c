use courant_text::{is_sound, is_stem};

use super::*;

fn plan(query: &str) -> Plan {
    Plan::new(&Query::parse(query), &Filters::default(), &Catalogue::default())
}

fn sequences(query: &str) -> Vec<Vec<String>> {
    match plan(query).query {
        Want::Words(_, sequences) => {
            sequences.into_iter().map(|one| one.words.into_iter().map(|(_, word)| word).collect()).collect()
        }
        other => panic!("{query}: {other:?}"),
    }
}

/// Without the readings that hold stems or sounds.
fn written(query: &str) -> Vec<Vec<String>> {
    let mut sequences = sequences(query);
    sequences.retain(|words| !words.iter().any(|word| is_stem(word) || is_sound(word)));
    sequences
}

#[test]
fn words_are_cut_as_documents_are() {
    assert_eq!(written("Économie"), [["economie"]]);
    assert_eq!(written("covid-19"), [["covid", "19"]]);
    assert_eq!(sequences("北京市"), [["北京", "京市"]]);
    assert_eq!(sequences("\"Pegasus Project\""), [["pegasus", "project"]]);
}

#[test]
fn stems_are_looked_for_unless_the_word_is_meant_as_written() {
    let polish = |query: &str| sequences(query).concat().contains(&"~pl:putin".to_owned());
    assert!(polish("Putina") && polish("Putinowi") && polish("title:Putina"));
    assert!(!polish("\"Putina\"") && !polish("putina*") && !polish("author:Putina") && !polish("Путина"));
    assert!(sequences("Путина").concat().contains(&"~ru:путин".to_owned()));
    assert!(sequences("leaks-2021").contains(&vec!["~en:leak".to_owned(), "2021".to_owned()]));
    assert!(sequences("2021") == [["2021"]]);
}

#[test]
fn what_holds_no_word_is_left_out_and_said() {
    assert_eq!(plan("pegasus ???").query, plan("pegasus").query);
    assert!(plan("pegasus ???").notes[0].contains("'???'"));
    assert_eq!(plan("pegasus OR ???").query, plan("pegasus").query);
    assert_eq!(plan("pegasus -(???)").query, plan("pegasus").query);
    assert_eq!(plan("???").query, Want::Nothing);
    assert_eq!(plan("-\"???\"").query, Want::Nothing);
    assert_eq!(plan("").query, Want::Everything);
}

#[test]
fn a_prefix_of_one_letter_is_a_word() {
    assert_eq!(plan("a*").query, plan("a").query);
    assert!(!plan("a*").notes.is_empty());
    assert_ne!(plan("ab*").query, plan("ab").query);
    assert_ne!(plan("北*").query, plan("北").query);
}

#[test]
fn what_is_said_twice_and_prefixes_without_end_are_cut() {
    assert_eq!(plan("a b a").query, plan("a b").query);
    assert_eq!(plan("a OR A").query, plan("a").query);
    let many = plan("aa* bb* cc* dd* ee* ff* gg* hh* ii*");
    assert!(many.notes[0].contains("'ii*'"), "{:?}", many.notes);
    assert_eq!(many.query, plan("aa* bb* cc* dd* ee* ff* gg* hh* ii").query);
}

#[test]
fn names_are_looked_for_in_other_scripts_unless_that_is_turned_off() {
    let sounds = |query: &str, filters: &Filters| {
        let plan = Plan::new(&Query::parse(query), filters, &Catalogue::default());
        format!("{:?}", plan.query).contains("\"^")
    };
    let plain = Filters::default();
    for query in ["snowden", "title:Snowden", "Сноуден", "name:snowden", "author:snowden"] {
        assert!(sounds(query, &plain), "{query}");
    }
    for query in ["\"snowden\"", "snowden*", "2021", "lang:en snowden"] {
        assert!(!sounds(query, &plain), "{query}");
    }
    assert!(!sounds("snowden", &Filters { one_script: true, ..Filters::default() }));
}

#[test]
fn facts_are_looked_up() {
    let french = Want::Fact(Fact::Language, ["fr".to_owned()].into());
    assert_eq!(plan("lang:FR").query, french);
    assert_eq!(plan("lang:fra").query, french);
    assert_eq!(plan("network:x").query, Want::Nothing);
    assert_eq!(plan("outlet:\"Le Fil\"").query, Want::Fact(Fact::Outlet, ["le-fil".to_owned()].into()));
    assert!(plan("lang:fr").notes.is_empty());
    assert_eq!(plan("lang:french").notes.len(), 1);
}

#[test]
fn only_words_score() {
    for (query, expected) in [("a", true), ("-a", false), ("lang:fr", false), ("lang:fr (b OR c)", true), ("", false)] {
        assert_eq!(plan(query).scores(), expected, "{query}");
    }
}

fn at(query: &str) -> Plan {
    let now = "2021-07-20T15:30:00Z".parse().expect("a moment");
    Plan::new(&Query::parse(query).at(now), &Filters::default(), &Catalogue::default())
}

fn loose(query: &str) -> Vec<Loose> {
    match plan(query).query {
        Want::Words(_, sequences) => sequences.into_iter().map(|sequence| sequence.loose).collect(),
        other => panic!("{query}: {other:?}"),
    }
}

#[test]
fn words_apart_are_as_written_and_one_word_is_apart_from_none() {
    assert_eq!(loose("\"pegasus project\"~5"), [Loose::Apart(5)]);
    assert_eq!(sequences("\"pegasus projects\"~5"), [["pegasus", "projects"]]);
    assert_eq!(plan("\"pegasus\"~5").query, plan("\"pegasus\"").query);
}

#[test]
fn letters_off_are_bounded_by_the_length_of_the_word() {
    assert_eq!(loose("pegasus~2")[0], Loose::Letters(2));
    assert!(sequences("leaked~1").concat().contains(&"~en:leak".to_owned()), "its own inflections too");
    for (query, read) in [("nso~1", "nso"), ("covid-19~1", "covid-19"), ("2021~1", "2021"), ("间谍~1", "间谍")] {
        assert_eq!(plan(query).query, plan(read).query, "{query}");
        assert!(plan(query).notes[0].contains("without '~'"), "{query}");
    }
    let endless = "abc".repeat(600);
    assert_eq!(plan(&format!("{endless}~2")).query, plan(&endless).query);
    assert_eq!(plan("leaks~2").query, plan("leaks~1").query);
    assert!(plan("leaks~2").notes[0].contains("'leaks~1'"));
    let many = plan("aaaa~ bbbb~ cccc~ dddd~ eeee~");
    assert!(many.notes[0].contains("'eeee~1'"), "{:?}", many.notes);
    assert_eq!(many.query, plan("aaaa~ bbbb~ cccc~ dddd~ eeee").query);
}

#[test]
fn names_are_as_written_wherever_they_stand() {
    let one_script = |query: &str| {
        let filters = Filters { one_script: true, ..Filters::default() };
        Plan::new(&Query::parse(query), &filters, &Catalogue::default()).query
    };
    assert_eq!(one_script("name:Putina"), plan("\"Putina\"").query);
    assert_eq!(one_script("name:(Maria OR put*)"), plan("\"Maria\" OR put*").query);
}

#[test]
fn weights_stay_with_what_they_weigh() {
    assert_eq!(plan("a^2").query, Want::Boosted(2.0, Box::new(plan("a").query)));
    assert_eq!(plan("title:(a b)^0.5").query, Want::Boosted(0.5, Box::new(plan("title:(a b)").query)));
    assert!(plan("a^2").scores() && !plan("lang:fr^2").scores());
}

#[test]
fn a_term_is_looked_for_in_articles_of_its_language() {
    let one = |code: &str, text: &str, expected: &[&str]| {
        let Want::All(parts) = plan(&format!("{{{code}: {text}}}")).query else { panic!("{code}") };
        assert_eq!(parts[0], Want::Fact(Fact::Language, [code.to_owned()].into()));
        let Want::Words(Scope::Anywhere, sequences) = &parts[1] else { panic!("{code}") };
        let shown = |one: &Sequence| one.words.iter().map(|(_, word)| word.as_str()).collect::<Vec<_>>().join(" ");
        assert_eq!(sequences.iter().map(shown).collect::<Vec<_>>(), expected);
    };
    one("fr", "logiciels espions", &["logiciels espions", "~fr:logiciel ~fr:espion"]);
    one("hu", "kémprogram", &["kemprogram", "~hu:kemprogram"]);
    one("zh", "间谍软件", &["间谍 谍软 软件"]);
    assert!(matches!(plan("{en: spyware, fr: espion}").query, Want::Any(terms) if terms.len() == 2));
    assert_eq!(plan("{und: spyware, en: ???}").query, plan("spyware").query);
    assert_eq!(plan("author:{fr: rossi}").expansion().words[0].alternatives.len(), 1, "bylines are not inflected");
}

#[test]
fn values_are_facts() {
    let fact = |fact: Fact, value: &str| Want::Fact(fact, [value.to_owned()].into());
    assert_eq!(plan("section:Économie").query, fact(Fact::Section, "economie"));
    assert_eq!(plan("tag:\"Data  Leaks\"").query, fact(Fact::Tag, "data leaks"));
    assert_eq!(plan("tag:Leak*").query, Want::Begins(Fact::Tag, "leak".to_owned()));
    assert_eq!(plan("agency:AFP").query, fact(Fact::Agency, "afp"));
    assert_eq!(plan("cites:\"Le Fil\"").query, fact(Fact::Cites, "le-fil"));
    assert!(plan("cites:nobody").notes[0].contains("nobody"));
    assert_eq!(plan("kind:\"Fact check\"").query, fact(Fact::Kind, "fact-check"));
    assert_eq!(plan("kind:poem").notes.len(), 1);
    assert_eq!(plan("changed:text").query, fact(Fact::Changed, "body"));
    assert_eq!(plan("changed:(title OR byline)").query, plan("changed:title,author").query);
    assert_eq!(plan("is:paywalled").query, Want::Flag(Flag::Paywalled, true));
    assert_eq!(plan("has:revisions").query, plan("is:edited").query);
    assert_eq!(plan("has:Story").query, Want::Has(Fact::Story));
    assert_eq!(plan("lang:fr،ar").query, plan("lang:(fr OR ar)").query);
    for query in ["has:images", "is:good", "changed:everything", "published:soon", "seen:2021-13"] {
        assert_eq!((plan(query).query, plan(query).notes.len()), (Want::Nothing, 1), "{query}");
    }
    assert!(plan("outlet:le*").notes.iter().any(|note| note.contains("'*'")));
    assert!(plan("lang:fr~1").notes[0].contains("'~'"));
}

#[test]
fn looking_back_is_a_switch_and_no_condition() {
    for query in ["pegasus rev:any", "rev:any pegasus", "pegasus OR rev:any", "(pegasus (REV:Any))"] {
        let (with, without) = (plan(query), plan("pegasus"));
        assert!(with.past && !without.past, "{query}");
        assert_eq!(with.query, without.query, "{query}");
    }
    assert_eq!((plan("rev:any").query, plan("rev:any").past), (Want::Everything, true));
    assert!(!plan("pegasus -rev:any").past);
    let second = plan("pegasus rev:2");
    assert!(!second.past && second.notes[0].contains("'rev:2'"));
    assert_eq!(plan("rev:any ???").query, Want::Nothing);
}

#[test]
fn moments_are_periods_of_the_right_clock() {
    let moment = |text: &str| Some(text.parse::<Timestamp>().expect("a moment"));
    let month = Want::Moment(When::Published, moment("2021-07-01T00:00Z"), moment("2021-08-01T00:00Z"));
    assert_eq!(plan("published:2021-07").query, month);
    assert_eq!(at("seen:7d").query, Want::Moment(When::Seen, moment("2021-07-13T00:00Z"), None));
    assert_eq!(at("edited:<2021").query, Want::Moment(When::Edited, None, moment("2021-01-01T00:00Z")));
    assert!(plan("seen:7d").notes[0].contains("today"));
    let turned = plan("published:2022..2021");
    assert!(turned.notes[0].contains("turned round") && turned.query != Want::Nothing);
}

fn lists(want: &Want) -> usize {
    match want {
        Want::All(parts) | Want::Any(parts) => parts.iter().map(lists).sum(),
        Want::Not(inner) | Want::Boosted(_, inner) => lists(inner),
        Want::Words(scope, sequences) => {
            let fields = if *scope == Scope::Anywhere { 4 } else { 1 };
            let one = |sequence: &Sequence| match sequence.loose {
                Loose::Letters(_) => FUZZY_WORDS,
                _ => sequence.words.len(),
            };
            fields * sequences.iter().map(one).sum::<usize>()
        }
        _ => 1,
    }
}

#[test]
fn a_long_query_costs_no_more_than_any() {
    let words = |n: usize, stem: &str| {
        (0..n)
            .map(|n| {
                format!(
                    "{stem}{}",
                    ["x", "y", "z"].map(|c| c.repeat(n % 7 + 1)).concat() + &"abcdefgh"[n % 8..] + &"q".repeat(n / 8)
                )
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    let middling = plan(&words(40, "w"));
    assert!(lists(&middling.query) <= 2_000, "{}", lists(&middling.query));
    assert!(middling.notes.iter().any(|note| note.contains("as written")), "{:?}", middling.notes);
    assert!(!middling.notes.iter().any(|note| note.contains("left out")), "{:?}", middling.notes);
    let letters: Vec<String> = ('a'..='z').flat_map(|a| ('a'..='z').map(move |b| format!("{a}{b}"))).collect();
    let long = plan(&letters.join(" "));
    assert!(lists(&long.query) <= 2_000, "{}", lists(&long.query));
    assert!(long.notes.iter().any(|note| note.contains("too much")), "{:?}", long.notes);
    assert_eq!(plan(&"pegasus ".repeat(200)).query, plan("pegasus").query);
}

#[test]
fn what_the_words_become_is_told_by_language() {
    let words = plan("Putina \"Le Monde\" -lang:fr -spy* pegasus~1").expansion().words;
    let typed: Vec<&str> = words.iter().map(|word| word.typed.as_str()).collect();
    assert_eq!(typed, ["Putina", "Le Monde", "spy", "pegasus"]);
    let polish = |word: &&Alternative| word.language == Some(Language::parse("pl"));
    assert_eq!(
        words[0].alternatives[0],
        Alternative { language: None, forms: vec!["putina".to_owned()], how: How::Written }
    );
    let found = words[0].alternatives.iter().find(polish).expect("Polish");
    assert_eq!((found.how, found.forms.as_slice()), (How::Stem, ["putin".to_owned()].as_slice()));
    assert!(words[1].alternatives.iter().all(|one| one.how == How::Written));
    assert_eq!((words[2].alternatives[0].how, words[2].alternatives.len()), (How::Prefix, 1));
    assert_eq!(words[3].alternatives[0].how, How::Fuzzy(1));
    let map = plan("{hu: kémprogramot, zh: 间谍软件}").expansion().words;
    assert!(map[0].alternatives.iter().all(|one| one.language == Some(Language::parse("hu"))));
    assert_eq!(map[1].alternatives[0].forms, ["间谍 谍软 软件"]);
}

#[test]
fn beside_a_language_no_other_stems_are_looked_for() {
    let stems = |query: &str| -> Vec<String> {
        let words = plan(query).expansion().words.into_iter().find(|word| word.typed == "Putina").expect("the word");
        let stem = |one: &Alternative| Some(one.language?.to_string()).filter(|_| one.how == How::Stem);
        words.alternatives.iter().filter_map(stem).collect()
    };
    assert_eq!(stems("Putina lang:pl"), ["pl"]);
    assert_eq!(stems("lang:(pl OR cs) (a OR Putina)"), ["cs", "pl"]);
    assert_eq!(stems("(lang:ru x) OR (Putina lang:pl,fr)"), ["fr", "pl"]);
    for query in ["Putina", "Putina -lang:pl", "Putina OR lang:pl", "Putina lang:p*"] {
        assert!(stems(query).len() > 9, "{query}: {:?}", stems(query));
    }
    let many =
        (1..60).map(|n| format!("leaked{}", "abcdefgh"[n % 8..].repeat(n / 8 + 1))).collect::<Vec<_>>().join(" OR ");
    assert!(!plan(&many).notes.is_empty());
    assert!(plan(&format!("lang:pl ({many})")).notes.is_empty());
}
