//! The sentence round a place in a text, by Unicode's sentence boundaries (UAX #29).

use std::ops::Range;
use std::sync::LazyLock;

use icu_segmenter::options::SentenceBreakInvariantOptions;
use icu_segmenter::{SentenceSegmenter, SentenceSegmenterBorrowed};

static SEGMENTER: LazyLock<SentenceSegmenterBorrowed<'static>> =
    LazyLock::new(|| SentenceSegmenter::new(SentenceBreakInvariantOptions::default()));

/// A sentence is shown as evidence: longer ones are tables or lists.
const LONGEST: usize = 1_000;

/// The sentence of `text` that holds `place`, or the sentences that it spans; `None` where that is
/// nothing but the place itself.
pub(crate) fn around(text: &str, place: &Range<usize>) -> Option<String> {
    let (mut start, mut end) = (0, text.len());
    for boundary in SEGMENTER.segment_str(text) {
        if boundary <= place.start {
            start = boundary;
        }
        if boundary >= place.end {
            end = boundary;
            break;
        }
    }
    let sentence = text.get(start..end)?.trim();
    let anchor = text.get(place.clone())?.trim();
    (sentence.len() > anchor.len() + 1 && sentence.len() <= LONGEST).then(|| sentence.replace('\n', " "))
}

/// All sentences of `text`, blanks at their ends and all; a new line ends one.
pub(crate) fn all(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let mut from = start;
        for boundary in SEGMENTER.segment_str(line).map(|boundary| start + boundary).filter(|end| *end > start) {
            found.push(from..boundary);
            from = boundary;
        }
        start += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, anchor: &str, expected: Option<&str>) {
        let start = text.find(anchor).expect("the anchor");
        assert_eq!(around(text, &(start..start + anchor.len())).as_deref(), expected);
    }

    #[test]
    fn sentences_are_found_in_every_script() {
        check("It began. As Vice reported, it ended. So.", "Vice", Some("As Vice reported, it ended."));
        check("それは始まった。記者が報じた。終わり。", "記者", Some("記者が報じた。"));
        check("बात शुरू हुई। अखबार ने लिखा। अंत।", "अखबार", Some("अखबार ने लिखा।"));
        check("Read this", "Read this", None);
    }

    #[test]
    fn a_text_is_all_its_sentences() {
        let text = "It began. As Vice reported,\nit ended.";
        let found: Vec<&str> = all(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["It began. ", "As Vice reported,\n", "it ended."]);
        assert!(all("").is_empty());
    }
}
