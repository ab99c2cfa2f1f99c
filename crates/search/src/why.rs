//! Why a hit matched: for each word of the query the form of it that stands in the article, where, and how it
//! came from what was typed.

use courant_model::Language;
use courant_text::words;

use crate::mark::places;
use crate::passage::texts;
use crate::plan::{How, Origin, Scope};

/// What of a hit matched one word, phrase or term of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// As typed, without signs.
    pub typed: String,
    /// As it stands in the article.
    pub found: String,
    /// Where: `title`, `standfirst`, `text`; `past`, what it used to say.
    pub field: &'static str,
    /// The language by whose rules it was found, where there is one.
    pub language: Option<Language>,
    /// How it came from what was typed.
    pub how: How,
}

/// What is looked at, in this order: the name of a field, and its text.
pub(crate) type Fields<'a> = [(&'static str, &'a str)];

/// The first place where each of `origins` stands; none for what only facts or the byline matched, or what
/// stands further on than texts are read.
pub(crate) fn why(origins: &[Origin], fields: &Fields<'_>, language: Language) -> Vec<Why> {
    let mut left: Vec<&Origin> = origins.iter().filter(|origin| origin.scope != Scope::Author).collect();
    let mut found = Vec::new();
    for (field, text) in fields {
        for piece in texts(text) {
            if left.is_empty() {
                return found;
            }
            let cut = words(piece, language);
            left.retain(|origin| {
                let here = origin.scope == Scope::Anywhere || *field == "title";
                let first = |(by, sequence): &(Option<Language>, _)| {
                    let place = places(sequence, &cut).into_iter().next()?;
                    let found = piece.get(place)?.to_owned();
                    let how = How::of(sequence);
                    Some(Why { typed: origin.typed.clone(), found, field, language: *by, how })
                };
                let why = here.then(|| origin.sequences.iter().find_map(first)).flatten();
                let stays = why.is_none();
                found.extend(why);
                stays
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use courant_model::Catalogue;

    use super::*;
    use crate::plan::Plan;
    use crate::{Filters, Query};

    fn check(query: &str, language: &str, fields: &Fields<'_>, expected: &[(&str, &str, &str, &str)]) {
        let plan = Plan::new(&Query::parse(query), &Filters::default(), &Catalogue::default());
        let found = why(&plan.origins, fields, Language::parse(language));
        let told: Vec<(&str, &str, &str, &str)> =
            found.iter().map(|why| (why.typed.as_str(), why.found.as_str(), why.field, why.how.as_str())).collect();
        assert_eq!(told, expected, "{query}");
    }

    #[test]
    fn each_word_is_told_by_its_first_form() {
        let fields =
            [("title", "Spies at work"), ("standfirst", ""), ("text", "Nothing here.\nPegasus spied on them.")];
        check(
            "spy pegasus",
            "en",
            &fields,
            &[("spy", "Spies", "title", "stem"), ("pegasus", "Pegasus", "text", "written")],
        );
        check("\"pegasus spied\"", "en", &fields, &[("pegasus spied", "Pegasus spied", "text", "written")]);
        check("peg*", "en", &fields, &[("peg", "Pegasus", "text", "prefix")]);
        check("pegasos~1", "en", &fields, &[("pegasos", "Pegasus", "text", "fuzzy")]);
        check("title:pegasus", "en", &fields, &[]);
        check("lang:en", "en", &fields, &[]);
    }

    #[test]
    fn a_name_in_another_script_is_told_as_heard() {
        let fields = [("title", "Интервью со Сноуденом")];
        check("snowden", "ru", &fields, &[("snowden", "Сноуденом", "title", "sound")]);
    }

    #[test]
    fn the_language_is_told_by_whose_rules_it_was_found() {
        let plan = Plan::new(&Query::parse("Putina"), &Filters::default(), &Catalogue::default());
        let found = why(&plan.origins, &[("text", "Putin w Moskwie")], Language::parse("pl"));
        assert_eq!(found[0].language, Some(Language::parse("pl")));
    }
}
