//! Which parts of a text match a query. The text is cut anew, by the same cut that the index was
//! fed, so that marks stand on whole characters in every script; phrases are marked where their
//! words stand side by side, not wherever one of them does.

use std::ops::Range;

use courant_model::Words;

use crate::plan::{Plan, Scope, Sequence, Want};

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
    let tokens = &words.tokens;
    let fits = |nth: usize, text: &str| {
        let last = nth + 1 == sequence.words.len();
        let wanted = sequence.words[nth].1.as_str();
        if sequence.open_ended && last { text.starts_with(wanted) } else { text == wanted }
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
