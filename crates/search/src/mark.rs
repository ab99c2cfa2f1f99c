//! Which parts of a text match a query. The text is cut anew, by the same cut that the index was
//! fed, so that marks stand on whole characters in every script; phrases are marked where their
//! words stand side by side, not wherever one of them does.

use std::collections::BTreeSet;
use std::ops::Range;

use courant_model::Words;

use crate::distance::distance;
use crate::plan::{Loose, Plan, Scope, Sequence, Want};

/// What is marked, from a plan: everything that is wanted, nothing that is not.
#[derive(Debug, Default)]
pub(crate) struct Marker {
    /// One entry for each word or phrase of the query, with its alternatives.
    title: Vec<Vec<Sequence>>,
    text: Vec<Vec<Sequence>>,
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
        marker.gather(&plan.query);
        marker
    }

    fn gather(&mut self, want: &Want) {
        match want {
            Want::All(parts) | Want::Any(parts) => parts.iter().for_each(|part| self.gather(part)),
            Want::Boosted(_, inner) => self.gather(inner),
            Want::Words(scope, sequences) => {
                if matches!(scope, Scope::Anywhere | Scope::Title) {
                    self.title.push(sequences.clone());
                }
                if *scope == Scope::Anywhere {
                    self.text.push(sequences.clone());
                }
            }
            _ => (),
        }
    }

    /// How many words and phrases may be marked in standfirst and text.
    pub(crate) fn in_text(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn title(&self, words: &Words) -> Matches {
        matches(&self.title, words)
    }

    pub(crate) fn text(&self, words: &Words) -> Matches {
        matches(&self.text, words)
    }
}

fn matches(wanted: &[Vec<Sequence>], words: &Words) -> Matches {
    let mut found = Matches::default();
    for alternatives in wanted {
        let before = found.ranges.len();
        alternatives.iter().for_each(|sequence| find(sequence, words, &mut found.ranges));
        found.distinct += usize::from(found.ranges.len() > before);
    }
    found.ranges = merged(found.ranges);
    found
}

/// Adds where `sequence` stands in `words`.
fn find(sequence: &Sequence, words: &Words, ranges: &mut Vec<Range<usize>>) {
    if let Loose::Apart(places) = sequence.loose {
        return find_apart(sequence, u32::from(places), words, ranges);
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

/// Ways to go on that are kept at each word of a phrase whose words are apart.
const WAYS: usize = 8;

/// The words of a phrase that was found so far, some places off.
struct Way {
    spent: u32,
    /// Where the phrase would begin by the words found first and last, so that words in their place
    /// say the same.
    begins: [i64; 2],
    tokens: Vec<usize>,
}

/// Adds where the words of `sequence` stand at most so many `places` off, as the engine counts them:
/// what each word is off the one before, or the first, is spent of the same sum.
fn find_apart(sequence: &Sequence, places: u32, words: &Words, ranges: &mut Vec<Range<usize>>) {
    let at = |wanted: &str| -> Vec<usize> {
        words.tokens.iter().enumerate().filter(|(_, token)| token.text == wanted).map(|(at, _)| at).collect()
    };
    let found: Vec<Vec<usize>> = sequence.words.iter().map(|(_, word)| at(word)).collect();
    if found.iter().any(Vec::is_empty) {
        return;
    }
    let begin = |nth: usize, token: usize| -> i64 {
        i64::from(words.tokens[token].position) - i64::from(sequence.words[nth].0)
    };
    let mut marked = BTreeSet::new();
    for first in &found[0] {
        // It stands in a phrase already: another one would mark its neighbours once more.
        if marked.contains(first) {
            continue;
        }
        let mut ways = vec![Way { spent: 0, begins: [begin(0, *first); 2], tokens: vec![*first] }];
        for (nth, tokens) in found.iter().enumerate().skip(1) {
            let mut steps: Vec<(u32, i64, usize, usize)> = Vec::new();
            for (from, way) in ways.iter().enumerate() {
                let left = i64::from(places - way.spent);
                let low = way.begins.iter().min().copied().unwrap_or_default() - left;
                let high = way.begins.iter().max().copied().unwrap_or_default() + left;
                let start = tokens.partition_point(|token| begin(nth, *token) < low);
                for token in tokens[start..].iter().take_while(|token| begin(nth, **token) <= high) {
                    let here = begin(nth, *token);
                    let off = way.begins.iter().map(|begins| begins.abs_diff(here)).min().unwrap_or_default();
                    let spent = way.spent.saturating_add(u32::try_from(off).unwrap_or(u32::MAX));
                    if spent <= places {
                        steps.push((spent, here, *token, from));
                    }
                }
            }
            steps.sort_unstable();
            steps.truncate(WAYS);
            let longer = steps.into_iter().map(|(spent, here, token, from)| Way {
                spent,
                begins: [ways[from].begins[0], here],
                tokens: ways[from].tokens.iter().copied().chain([token]).collect(),
            });
            ways = longer.collect();
        }
        marked.extend(ways.into_iter().next().map(|way| way.tokens).unwrap_or_default());
    }
    ranges
        .extend(marked.iter().map(|token| &words.tokens[*token]).map(|token| token.start as usize..token.end as usize));
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
        let matches = Marker::new(&plan).title(&words(text, Language::parse(language)));
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
        let _ = marker.title(&text);
        assert!(began.elapsed().as_millis() < 1_000, "{:?}", began.elapsed());
    }

    #[test]
    fn only_what_is_wanted_is_marked() {
        check("pegasus -spyware", "en", "Pegasus spyware", &["Pegasus"]);
        check("pegasus OR (nso -spyware)", "en", "Pegasus NSO spyware", &["Pegasus", "NSO"]);
        check("author:smith", "en", "Smith speaks", &[]);
        check("title:smith", "en", "Smith speaks", &["Smith"]);
        check("lang:en outlet:smith", "en", "Smith speaks en", &[]);
        check("", "en", "Smith speaks", &[]);
    }

    #[test]
    fn a_word_of_the_title_alone_is_not_marked_in_the_text() {
        let plan = Plan::new(&Query::parse("title:smith jones"), &Filters::default(), &Catalogue::default());
        let marker = Marker::new(&plan);
        assert_eq!(marker.in_text(), 1);
        assert_eq!(marker.text(&words("Smith, Jones", Language::UND)).ranges.first(), Some(&(7..12)));
    }
}
