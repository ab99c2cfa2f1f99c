//! How languages say that somebody else found something out: "as first reported by {}", "{} hat
//! berichtet". The patterns stand in `data/languages`, one string each:
//!
//! - `{}` is the name. Between it and the words next to it, marks of quotation and words of
//!   `source_gap` may stand ("by *the* {}"), and up to three others where one of them is a word of
//!   `source_nouns` ("by the *British newspaper* {}").
//! - `…` stands for up to sixteen words or marks (48 ideographs or kana), or none.
//! - `reveal*` is every word that begins so; `told|tells` is either.

use super::names::ARTICLES;
use super::tokens::{Kind, Token, tokens};
use crate::script::is_cjk;

/// How much `…` stands for: a word costs [`WORD`], an ideograph or kana one.
const GAP: usize = 48;
const WORD: usize = 3;
/// The most words between a name and its pattern.
const BETWEEN: usize = 7;
/// The most of those that are in no list.
const UNKNOWN: usize = 3;

/// One word of a pattern, folded; a prefix where a star stood.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    folded: String,
    prefix: bool,
}

impl Piece {
    fn meets(&self, token: &Token<'_>) -> bool {
        if self.prefix { token.folded.starts_with(&self.folded) } else { token.folded == self.folded }
    }
}

/// A step of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Gap,
    /// Any of these runs of words.
    Words(Vec<Vec<Piece>>),
}

/// One pattern: what stands before a name, the nearest first, and what stands behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    before: Vec<Step>,
    behind: Vec<Step>,
}

impl Template {
    /// Reads a pattern; `None` where it has no `{}`, or nothing beside it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (before, behind) = text.split_once("{}")?;
        let mut before = steps(before);
        before.reverse();
        for step in &mut before {
            if let Step::Words(runs) = step {
                runs.iter_mut().for_each(|run| run.reverse());
            }
        }
        let behind = steps(behind);
        let says = |steps: &[Step]| steps.iter().any(|step| *step != Step::Gap);
        (says(&before) || says(&behind)).then_some(Self { before, behind })
    }
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for word in text.split_whitespace() {
        if word == "…" {
            steps.push(Step::Gap);
            continue;
        }
        let run = |alternative: &str| -> Vec<Piece> {
            let prefix = alternative.ends_with('*');
            let tokens = tokens(alternative.trim_end_matches('*'));
            let last = tokens.len().saturating_sub(1);
            let piece =
                |(at, token): (usize, &Token<'_>)| Piece { folded: token.folded.clone(), prefix: prefix && at == last };
            tokens.iter().enumerate().map(piece).collect()
        };
        let runs: Vec<Vec<Piece>> = word.split('|').map(run).filter(|run| !run.is_empty()).collect();
        if !runs.is_empty() {
            steps.push(Step::Words(runs));
        }
    }
    steps
}

/// The words that may stand between a name and its pattern.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Between {
    gap: Vec<Piece>,
    nouns: Vec<Piece>,
}

impl Between {
    /// Of two lists of words, as they stand in a file.
    pub(crate) fn new(gap: &[String], nouns: &[String]) -> Self {
        let pieces = |list: &[String]| {
            let piece =
                |word: &String| Piece { folded: word.trim_end_matches('*').to_owned(), prefix: word.ends_with('*') };
            list.iter().map(piece).collect()
        };
        Self { gap: pieces(gap), nouns: pieces(nouns) }
    }

    fn is_gap(&self, token: &Token<'_>) -> bool {
        self.gap.iter().any(|piece| piece.meets(token))
    }

    fn is_noun(&self, token: &Token<'_>) -> bool {
        self.nouns.iter().any(|piece| piece.meets(token))
    }
}

/// What stands round a name, told away from it.
pub(super) struct Around<'a, 't> {
    /// Before it, the nearest first.
    pub(super) before: Vec<&'a Token<'t>>,
    /// Behind it.
    pub(super) behind: &'a [Token<'t>],
}

impl Around<'_, '_> {
    /// Whether `template` fits.
    pub(super) fn fits(&self, template: &Template, between: &Between) -> bool {
        let before =
            || template.before.is_empty() || from_name(&|at| self.before.get(at).copied(), &template.before, between);
        let behind = || template.behind.is_empty() || from_name(&|at| self.behind.get(at), &template.behind, between);
        before() && behind()
    }
}

/// Whether `steps` are met from the name on, less what may stand between.
fn from_name<'a, 't: 'a>(at: &dyn Fn(usize) -> Option<&'a Token<'t>>, steps: &[Step], between: &Between) -> bool {
    let (mut skipped, mut unknown, mut noun) = (0, 0, false);
    loop {
        if (unknown == 0 || noun) && met(at, skipped, steps) {
            return true;
        }
        let Some(token) = at(skipped) else { return false };
        match token.kind {
            Kind::Quote => {}
            // What is tied to a name is its ending, or the second half of a word that it begins.
            Kind::Word if token.tied && skipped == 0 => {}
            Kind::Word if between.is_noun(token) => noun = true,
            Kind::Word if between.is_gap(token) || is_article(token) => {}
            Kind::Word => unknown += 1,
            Kind::Mark => return false,
        }
        skipped += 1;
        if skipped > BETWEEN || unknown > UNKNOWN {
            return false;
        }
    }
}

/// The article of a name, which stays with it in other languages (`The Guardian`).
fn is_article(token: &Token<'_>) -> bool {
    token.is_capital() && ARTICLES.contains(&token.folded.as_str())
}

/// Whether `steps` are met from token `from` on.
fn met<'a, 't: 'a>(at: &dyn Fn(usize) -> Option<&'a Token<'t>>, from: usize, steps: &[Step]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    match step {
        Step::Gap => {
            let (mut next, mut cost) = (from, 0);
            while cost <= GAP
                && let Some(token) = at(next)
            {
                if met(at, next, rest) {
                    return true;
                }
                cost += if token.raw.starts_with(is_cjk) { 1 } else { WORD };
                next += 1;
            }
            false
        }
        Step::Words(runs) => runs.iter().any(|run| {
            let fits = |(offset, piece): (usize, &Piece)| at(from + offset).is_some_and(|token| piece.meets(token));
            run.iter().enumerate().all(fits) && met(at, from + run.len(), rest)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the pattern is met round `@` in a sentence.
    fn check(template: &str, sentence: &str, expected: bool) {
        let template = Template::parse(template).expect("a pattern");
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let between = Between::new(&words(&["the", "by"]), &words(&["newspaper", "media*"]));
        let tokens = tokens(sentence);
        let at = tokens.iter().position(|token| token.folded == "@").expect("a name");
        let around = Around { before: tokens[..at].iter().rev().collect(), behind: &tokens[at + 1..] };
        assert_eq!(around.fits(&template, &between), expected, "{sentence}");
    }

    #[test]
    fn a_pattern_is_met_beside_a_name() {
        check("report|article by {}", "a report by the \"@\" says", true);
        check("report|article by {}", "an article by @", true);
        check("according to {}", "according to the British newspaper @", true);
        check("according to {}", "according to his mother @", false);
        check("according to {}", "according to police, @ is", false);
        check("{} reveal*", "@ revealed it", true);
        check("{} reveal*", "@ was revealed", false);
        check("told … to {}", "she told all of it, late, to @", true);
        check("wie {} … berichtet", "wie @ am Freitag berichtet", true);
        check("wie {} … berichtet", "@ am Freitag berichtet", false);
        check("据{}报道", "据@报道", true);
        assert!(Template::parse("no name").is_none() && Template::parse(" … {}").is_none());
    }

    #[test]
    fn gaps_cost_little() {
        let sentence = format!("{}@", "told ".repeat(400));
        check("told … a … b … c {}", &sentence, false);
    }
}
