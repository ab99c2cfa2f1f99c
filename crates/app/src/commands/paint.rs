//! How results look on a terminal: a little colour where it is welcome, and right-to-left text kept
//! in its own isolate so that it does not turn the line around it (Unicode bidi, UAX 9).

use courant_exchange::{Article, Run};
use courant_model::{Direction, Language};

use crate::output;

/// Paints, or leaves plain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    colour: bool,
}

impl Paint {
    /// As stdout wants it.
    pub(crate) fn for_stdout() -> Self {
        Self { colour: output::in_colour() }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    pub(crate) fn removed(self, text: &str) -> String {
        if self.colour { self.wrap("31;9", text) } else { format!("[-{text}-]") }
    }

    pub(crate) fn added(self, text: &str) -> String {
        if self.colour { self.wrap("32;1", text) } else { format!("{{+{text}+}}") }
    }

    /// Runs of text in `language`, those that match in colour.
    pub(crate) fn runs(self, runs: &[Run], language: &str) -> String {
        let text = runs.iter().map(|run| if run.hit { self.wrap("33;1", &run.text) } else { visible(&run.text) });
        isolate(&text.collect::<String>(), language)
    }

    /// One line on an article: when, whose, in which language, and what is particular about it.
    pub(crate) fn facts(self, article: &Article) -> String {
        let day = article.published.as_ref().map_or("no date", |dated| dated.date.as_str());
        let mut facts = vec![day.replace('T', " "), visible(&article.outlet_name), article.language.clone()];
        if article.revision > 1 {
            facts.push(format!("edited {}×", article.revision - 1));
        }
        if article.paywalled {
            facts.push("paywalled".to_owned());
        }
        if article.withdrawn.is_some() {
            facts.push("withdrawn".to_owned());
        }
        self.dim(&facts.join(" · "))
    }

    fn wrap(self, code: &str, text: &str) -> String {
        let text = visible(text);
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text }
    }
}

/// `text` in an isolate of its own where its language runs right to left.
pub(crate) fn isolate(text: &str, language: &str) -> String {
    match Language::parse(language).direction() {
        Direction::Rtl => format!("\u{2067}{text}\u{2069}"),
        Direction::Ltr => text.to_owned(),
    }
}

/// `text` without control characters: a page must not be able to drive the terminal.
pub(crate) fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_cannot_drive_the_terminal() {
        let paint = Paint { colour: false };
        assert_eq!(paint.bold("a\u{1b}[31mb\nc"), "a [31mb c");
        let run = Run { text: "\u{1b}]0;x\u{7}".to_owned(), hit: false };
        assert!(!paint.runs(&[run], "en").contains('\u{1b}'));
    }

    #[test]
    fn right_to_left_text_stands_in_an_isolate() {
        assert_eq!(isolate("שלום", "he"), "\u{2067}שלום\u{2069}");
        assert_eq!(isolate("salut", "fr"), "salut");
    }

    #[test]
    fn changes_are_told_without_colour_too() {
        let paint = Paint { colour: false };
        assert_eq!(paint.removed("old") + &paint.added("new"), "[-old-]{+new+}");
    }
}
