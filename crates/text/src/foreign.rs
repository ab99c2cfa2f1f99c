//! Paragraphs in another language than the text: a statement in the original, a translation below it.
//! They stay where they are; the notes say where.

use courant_model::Language;

use crate::language::surely_other;
use crate::script::weight;

/// A shorter paragraph is a quote, a name or a title, see [`weight`].
const LEAST: usize = 200;
/// So many paragraphs are looked at.
const PARAGRAPHS: usize = 200;

/// Paragraphs in a row in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    /// The first and the last, from 1.
    from: usize,
    to: usize,
    language: Language,
}

/// The runs of paragraphs of `text` that are surely not in `language`.
pub(crate) fn find(text: &str, language: Language) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    if language.is_unknown() {
        return runs;
    }
    for (at, paragraph) in text.split("\n\n").enumerate().take(PARAGRAPHS) {
        // A paragraph says at least a third of its weight in bytes: most short ones are told by length.
        if paragraph.len() < LEAST / 3 || weight(paragraph) < LEAST {
            continue;
        }
        let Some(other) = surely_other(paragraph, language) else { continue };
        match runs.last_mut() {
            Some(run) if run.language == other && run.to == at => run.to = at + 1,
            _ => runs.push(Run { from: at + 1, to: at + 1, language: other }),
        }
    }
    runs
}

/// A note that tells the runs; `None` where there are none.
pub(crate) fn note(runs: &[Run]) -> Option<String> {
    let told = |run: &Run| match run.from == run.to {
        true => format!("paragraph {} is in {}", run.from, run.language),
        false => format!("paragraphs {} to {} are in {}", run.from, run.to, run.language),
    };
    (!runs.is_empty()).then(|| format!("text: {}", runs.iter().map(told).collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FR: &str = "Le ministère a déclaré mardi que les comptes de l'entreprise avaient été fermés, et que les \
        journalistes qui avaient été surveillés pourraient porter plainte devant le tribunal dans les mois qui viennent, \
        avec l'aide de leurs avocats.";
    const EN: &str = "The ministry said on Tuesday that the accounts of the company had been closed, and that the \
        reporters who had been watched could bring their case before the court within the coming months, with the help \
        of their lawyers.";
    const ES: &str = "El ministerio declaró el martes que las cuentas de la empresa habían sido cerradas, y que los \
        periodistas que habían sido vigilados podrían presentar una denuncia ante el tribunal en los próximos meses, con \
        la ayuda de sus abogados.";
    const RU: &str = "Министерство заявило во вторник, что счета компании были закрыты, а журналисты, за которыми \
        следили, смогут обратиться в суд в ближайшие месяцы с помощью своих адвокатов, если они этого захотят, и что \
        расследование продолжается.";
    const JA: &str = "同省は火曜日、会社の口座が閉鎖され、監視されていた記者たちは弁護士の助けを借りて今後数か月以内に裁判所に\
        訴えを起こすことができると述べた。捜査は続いており、関係者の名前はまだ明らかにされていないという。担当者は詳細についての説明を避けた。";

    fn check(paragraphs: &[&str], language: &str, expected: Option<&str>) {
        let found = note(&find(&paragraphs.join("\n\n"), Language::parse(language)));
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn paragraphs_in_another_language_are_noted_in_runs() {
        check(&[FR, EN, EN, FR, RU], "fr", Some("text: paragraphs 2 to 3 are in en, paragraph 5 is in ru"));
        check(&[EN, ES], "en", Some("text: paragraph 2 is in es"));
        check(&[FR, ES], "fr", Some("text: paragraph 2 is in es"));
        check(&[RU, JA], "ru", Some("text: paragraph 2 is in ja"));
        check(&[JA, EN], "ja", Some("text: paragraph 2 is in en"));
    }

    #[test]
    fn what_is_not_sure_is_not_noted() {
        check(&[FR, "“We knew nothing of it at all,” she said.", FR], "fr", None);
        check(&[ES, ES], "es", None);
        check(&[RU], "ru", None);
        check(&[JA], "ja", None);
        check(&[FR, EN], "und", None);
        // Kin are not told apart in a paragraph.
        check(&[ES], "gl", None);
        check(&[""], "fr", None);
    }
}
