//! Which parts of a text match a query. The text is cut anew, by the same cut that the index was
//! fed, so that marks stand on whole characters in every script; phrases are marked where their
//! words stand side by side, not wherever one of them does.

mod apart;

use std::collections::BTreeSet;
use std::ops::Range;

use courant_model::{Language, Words};

use crate::distance::distance;
use crate::plan::{Fact, Loose, Plan, Scope, Sequence, Want};

/// What is marked, from a plan: everything that is wanted, nothing that is not.
#[derive(Debug, Default)]
pub(crate) struct Marker {
    title: Vec<Wanted>,
    text: Vec<Wanted>,
}

/// A word or a phrase of the query.
#[derive(Debug, Clone)]
struct Wanted {
    /// In texts of these languages; `None` in all.
    languages: Option<BTreeSet<String>>,
    /// Any of these.
    sequences: Vec<Sequence>,
}

impl Wanted {
    fn is_of(&self, language: Language) -> bool {
        self.languages.as_ref().is_none_or(|languages| languages.contains(language.as_str()))
    }
}

/// What matches in one text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Matches {
    /// In bytes of the text, in order, merged where they touch or overlap.
    pub(crate) ranges: Vec<Range<usize>>,
    /// How many words and phrases of the query are among them.
    pub(crate) distinct: usize,
}

impl Marker {
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut marker = Self::default();
        marker.gather(&plan.query, None);
        marker
    }

    /// `languages` are those that all of the articles are in.
    fn gather(&mut self, want: &Want, languages: Option<&BTreeSet<String>>) {
        match want {
            Want::All(parts) => {
                let named = parts.iter().find_map(|part| match part {
                    Want::Fact(Fact::Language, values) => Some(values),
                    _ => None,
                });
                parts.iter().for_each(|part| self.gather(part, named.or(languages)));
            }
            Want::Any(parts) => parts.iter().for_each(|part| self.gather(part, languages)),
            Want::Boosted(_, inner) => self.gather(inner, languages),
            Want::Words(scope, sequences) => {
                let wanted = Wanted { languages: languages.cloned(), sequences: sequences.clone() };
                if *scope == Scope::Anywhere {
                    self.text.push(wanted.clone());
                }
                if matches!(scope, Scope::Anywhere | Scope::Title) {
                    self.title.push(wanted);
                }
            }
            _ => (),
        }
    }

    /// How many words and phrases may be marked in standfirst and text.
    pub(crate) fn in_text(&self, language: Language) -> usize {
        self.text.iter().filter(|wanted| wanted.is_of(language)).count()
    }

    pub(crate) fn title(&self, words: &Words, language: Language) -> Matches {
        matches(&self.title, words, language)
    }

    pub(crate) fn text(&self, words: &Words, language: Language) -> Matches {
        matches(&self.text, words, language)
    }
}

fn matches(wanted: &[Wanted], words: &Words, language: Language) -> Matches {
    let mut found = Matches::default();
    for wanted in wanted.iter().filter(|wanted| wanted.is_of(language)) {
        let before = found.ranges.len();
        wanted.sequences.iter().for_each(|sequence| find(sequence, words, &mut found.ranges));
        found.distinct += usize::from(found.ranges.len() > before);
    }
    found.ranges = merged(found.ranges);
    found
}

/// Where `sequence` stands in `words`, each time whole: from its first word to its last.
pub(crate) fn places(sequence: &Sequence, words: &Words) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    find(sequence, words, &mut ranges);
    let each = if matches!(sequence.loose, Loose::Apart(_)) { ranges.len() } else { sequence.words.len() };
    let whole = |parts: &[Range<usize>]| {
        let start = parts.iter().map(|part| part.start).min().unwrap_or_default();
        start..parts.iter().map(|part| part.end).max().unwrap_or_default()
    };
    ranges.chunks(each.max(1)).map(whole).collect()
}

/// Adds where `sequence` stands in `words`.
fn find(sequence: &Sequence, words: &Words, ranges: &mut Vec<Range<usize>>) {
    if let Loose::Apart(places) = sequence.loose {
        return apart::find(sequence, u32::from(places), words, ranges);
    }
    let tokens = &words.tokens;
    let fits = |nth: usize, text: &str| {
        let last = nth + 1 == sequence.words.len();
        let wanted = sequence.words[nth].1.as_str();
        match sequence.loose {
            Loose::OpenEnded if last => text.starts_with(wanted),
            Loose::Letters(letters) => begin_alike(text, wanted) && distance(text, wanted, letters).is_some(),
            _ => text == wanted,
        }
    };
    for (at, first) in tokens.iter().enumerate().filter(|(_, token)| fits(0, &token.text)) {
        let mut parts = Vec::with_capacity(sequence.words.len());
        parts.push(first.start as usize..first.end as usize);
        for (nth, (offset, _)) in sequence.words.iter().enumerate().skip(1) {
            let position = first.position + offset;
            let next = tokens[at..]
                .iter()
                .skip_while(|token| token.position < position)
                .take_while(|token| token.position == position)
                .find(|token| fits(nth, &token.text));
            parts.extend(next.map(|token| token.start as usize..token.end as usize));
        }
        if parts.len() == sequence.words.len() {
            ranges.extend(parts);
        }
    }
}

fn begin_alike(one: &str, other: &str) -> bool {
    one.chars().next() == other.chars().next()
}

/// Ranges in order, those that touch or overlap made one.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use courant_model::{Catalogue, Language};
    use courant_text::words;

    use super::*;
    use crate::{Filters, Query};

    fn check(query: &str, language: &str, text: &str, expected: &[&str]) {
        let plan = Plan::new(&Query::parse(query), &Filters::default(), &Catalogue::default());
        let matches = Marker::new(&plan).title(&words(text, Language::parse(language)), Language::parse(language));
        let marked: Vec<&str> = matches.ranges.iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(marked, expected, "{query} in {text}");
    }

    #[test]
    fn words_are_marked_whole_in_every_script() {
        check("pegasus nso", "en", "NSO's Pegasus, Pegasus!", &["NSO", "Pegasus", "Pegasus"]);
        check("economie", "fr", "L’économie numérique", &["économie"]);
        check("التجسس", "ar", "برنامج التَّجَسُّس الجديد", &["التَّجَسُّس"]);
        check("ריגול", "he", "תוכנת רִיגּוּל בטלפון", &["רִיגּוּל"]);
        check("जासूसी", "hi", "यह जासूसी सॉफ्टवेयर है", &["जासूसी"]);
        check("间谍软件", "zh", "新的间谍软件出现", &["间谍软件"]);
        check("スパイ", "ja", "新スパイウェア", &["スパイ"]);
        check("надзор", "ru", "НАДЗОР за прессой", &["НАДЗОР"]);
    }

    #[test]
    fn names_are_marked_across_scripts() {
        check("snowden", "ru", "Дело Сноудена", &["Сноудена"]);
        check("Сноуден", "ar", "قال إدوارد سنودن", &["سنودن"]);
        check("snowden", "en", "Sanden", &[]);
        check("\"snowden\"", "ru", "Дело Сноудена", &[]);
    }

    #[test]
    fn phrases_are_marked_where_they_stand() {
        check("\"pegasus project\"", "en", "Pegasus, a project: the Pegasus Project", &["Pegasus", "Project"]);
        check("谍软", "zh", "软谍 间谍软件", &["谍软"]);
        check("covid-19", "en", "19 covid cases, Covid-19", &["Covid", "19"]);
        check("spy*", "en", "Spyware and espionage by spies: a spy", &["Spyware", "spy"]);
    }

    #[test]
    fn words_apart_are_marked_where_they_stand_nearest() {
        let query = "\"pegasus project\"~3";
        check(query, "en", "Project of nobody. The Pegasus was no secret project.", &["Pegasus", "project"]);
        check(query, "en", "Pegasus is no longer a secret project", &[]);
        check(query, "en", "Pegasus, a Pegasus project, is a project", &["Pegasus", "Pegasus", "project"]);
        check("\"pegasus project\"~2", "en", "The project Pegasus", &["project", "Pegasus"]);
        check("\"pegasus project\"~1", "en", "The project Pegasus", &[]);
        check("\"a b c\"~1", "en", "a x b c", &["a", "b", "c"]);
        check("\"a b c\"~1", "en", "a x b x c", &[]);
        check("\"logiciel espion\"~2", "fr", "Un logiciel très peu espion", &["logiciel", "espion"]);
        check("\"间谍 记者\"~6", "zh", "间谍软件瞄准记者", &["间谍", "记者"]);
    }

    #[test]
    fn words_letters_off_are_marked_whole() {
        check(
            "pegasus~1",
            "en",
            "Pegasos, Pegasus, the pegassus; a peagsus, Megasus",
            &["Pegasos", "Pegasus", "pegassus", "peagsus"],
        );
        check("pegasus~2", "en", "Peggasos und Perseus", &["Peggasos"]);
        check("шпионаж~1", "ru", "О шпиёнаж, шпионаже", &["шпиёнаж", "шпионаже"]);
    }

    #[test]
    fn what_weighs_more_is_marked_as_ever() {
        check("(pegasus OR nso)^2", "en", "NSO made Pegasus", &["NSO", "Pegasus"]);
    }

    #[test]
    fn phrases_of_many_words_take_no_time() {
        let query = format!("\"{}\"~50", "a b ".repeat(60));
        let marker = Marker::new(&Plan::new(&Query::parse(&query), &Filters::default(), &Catalogue::default()));
        let text = words(&"a c b a ".repeat(250), Language::UND);
        let began = std::time::Instant::now();
        let _ = marker.title(&text, Language::UND);
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    }

    #[test]
    fn only_what_is_wanted_is_marked() {
        check("pegasus -spyware", "en", "Pegasus spyware", &["Pegasus"]);
        check("pegasus OR (nso -spyware)", "en", "Pegasus NSO spyware", &["Pegasus", "NSO"]);
        check("author:smith", "en", "Smith speaks", &[]);
        check("title:smith", "en", "Smith speaks", &["Smith"]);
        check("{en: chat, fr: chat noir}", "en", "A chat on a chat noir", &["chat", "chat"]);
        check("{en: spyware, de: Hund}", "de", "Hunde und Spyware", &["Hunde"]);
        check("lang:en outlet:smith", "en", "Smith speaks en", &[]);
        check("", "en", "Smith speaks", &[]);
    }

    #[test]
    fn a_word_of_the_title_alone_is_not_marked_in_the_text() {
        let plan = Plan::new(&Query::parse("title:smith jones"), &Filters::default(), &Catalogue::default());
        let marker = Marker::new(&plan);
        assert_eq!(marker.in_text(Language::UND), 1);
        assert_eq!(marker.text(&words("Smith, Jones", Language::UND), Language::UND).ranges.first(), Some(&(7..12)));
    }
}
