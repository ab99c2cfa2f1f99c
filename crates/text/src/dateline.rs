//! Where a report was filed, and the agency that a text is credited to: `PARIS (AFP) - `,
//! `BRÜSSEL. `, `(dpa)`, `Quelle: dpa`, authors that are agencies.

use courant_model::Author;

use crate::agencies::Agencies;

/// Place and agency at the beginning of a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Dateline {
    /// As printed: `PARIS`, `عمّان`.
    pub(crate) place: Option<String>,
    /// The agency's name.
    pub(crate) agency: Option<String>,
}

/// How long a dateline can be, in characters.
const LONGEST: usize = 70;

/// Reads the dateline of the first paragraph.
pub(crate) fn read(paragraph: &str, agencies: &Agencies) -> Dateline {
    let head: String = paragraph.chars().take(LONGEST).collect();
    let Some((line, spaced)) = before_dash(&head) else { return Dateline::default() };
    let (place, bracket) = match line.split_once(['(', '[', '（']) {
        Some((place, rest)) => (place.trim(), rest.split([')', ']', '）']).next()),
        None => (line.trim(), None),
    };
    let agency = bracket
        .and_then(|bracket| agencies.credited_in(bracket))
        .or_else(|| agencies.named(place.rsplit([',', '/', '،']).next().unwrap_or_default()));
    let agency = agency.map(|agency| agency.name.clone());
    // A date may follow: `PARIS, 19 juillet`.
    let place = place.split([',', '،', '/', '|']).next().unwrap_or_default().trim_end_matches(['.', ' ']);
    let place = (is_place(place, agency.is_some() || bracket.is_some() || spaced) && agencies.named(place).is_none())
        .then(|| place.to_owned());
    Dateline { place, agency }
}

/// What stands before the dash that ends a dateline, and whether blanks stand round the dash (or it
/// follows a stop), so that no compound word is taken for one.
fn before_dash(head: &str) -> Option<(&str, bool)> {
    head.char_indices().find_map(|(at, c)| {
        let (before, after) = (&head[..at], &head[at + c.len_utf8()..]);
        let opened = before.matches(['(', '[']).count() > before.matches([')', ']']).count();
        let dash = matches!(c, '-' | '–' | '—' | '―' | '－')
            && (before.ends_with([' ', '.', ')', '\u{A0}']) || matches!(c, '—' | '–'));
        let dash = dash && !opened && (after.starts_with([' ', '\u{A0}']) || !matches!(c, '-'));
        // `BRÜSSEL. Die Kommission`, `LISBOA, O ministro`: capitals throughout.
        let stop =
            matches!(c, '.' | ':') && after.starts_with(' ') && is_capitals(before) && before.chars().count() >= 4;
        (dash || stop).then_some((before, true))
    })
}

fn is_capitals(text: &str) -> bool {
    text.chars().any(char::is_uppercase)
        && !text.chars().any(char::is_lowercase)
        && text.split_whitespace().count() <= 4
}

/// Whether `text` can be a place: one to four words that all begin with a capital, or a short word
/// in a script without capitals.
fn is_place(text: &str, sure: bool) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty()
        || words.len() > 4
        || text.chars().any(|c| c.is_numeric() || matches!(c, '"' | '“' | '«' | '?' | '!'))
    {
        return false;
    }
    let letter = |word: &&str| word.chars().find(|c| c.is_alphabetic());
    let first = words.first().and_then(letter);
    let cased = first.is_some_and(|c| c.is_uppercase() || c.is_lowercase());
    if !cased {
        return first.is_some() && words.len() <= 2 && text.chars().count() <= 16;
    }
    let capital = |word: &&str| letter(word).is_some_and(char::is_uppercase);
    let small = |word: &&str| word.chars().count() <= 3;
    is_capitals(text)
        || sure
            && words.first().is_some_and(capital)
            && words.iter().all(|word| capital(word) || small(word))
            && words.len() <= 3
}

/// The agency that a text is credited to: by its dateline, its authors, or what stands in brackets or
/// alone at its end.
pub(crate) fn agency(
    dateline: &Dateline,
    authors: &[Author],
    text: &str,
    credits: &[&str],
    agencies: &Agencies,
) -> Option<String> {
    let by_author = || authors.iter().find_map(|author| agencies.named(&author.name)).map(|agency| agency.name.clone());
    let at_end = || {
        let last = text.rsplit("\n\n").next()?.trim_end();
        let bracket = last
            .rfind(['(', '['])
            .map(|at| &last[at..])
            .filter(|tail| tail.ends_with([')', ']']) && tail.chars().count() <= 40);
        let alone = (last.chars().count() <= 40).then_some(last);
        bracket.or(alone).and_then(|tail| agencies.credited_in(tail)).map(|agency| agency.name.clone())
    };
    let in_line = || credits.iter().find_map(|line| agencies.credited_in(line)).map(|agency| agency.name.clone());
    dateline.agency.clone().or_else(by_author).or_else(at_end).or_else(in_line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Agencies {
        Agencies::of(&[
            ("Agence France-Presse", &["AFP"]),
            ("Deutsche Presse-Agentur", &["dpa"]),
            ("Reuters", &["Reuters", "ロイター"]),
        ])
    }

    fn check(text: &str, place: Option<&str>, agency: Option<&str>) {
        let found = read(text, &known());
        assert_eq!((found.place.as_deref(), found.agency.as_deref()), (place, agency), "{text}");
    }

    #[test]
    fn datelines_are_read() {
        check("PARIS (AFP) - The minister said", Some("PARIS"), Some("Agence France-Presse"));
        check("PARIS (Meridian) - The minister said", Some("PARIS"), None);
        check("BRÜSSEL - Die Kommission", Some("BRÜSSEL"), None);
        check("BRÜSSEL. Die Kommission", Some("BRÜSSEL"), None);
        check("Berlin (dpa) – Die Regierung", Some("Berlin"), Some("Deutsche Presse-Agentur"));
        check("NEW YORK, July 19 (Reuters) - Shares", Some("NEW YORK"), Some("Reuters"));
        check("عمّان - ردّ الديوان", Some("عمّان"), None);
        check("CIUDAD DE MÉXICO.- El gobierno", Some("CIUDAD DE MÉXICO"), None);
        check("Budapest – A kormány", Some("Budapest"), None);
    }

    #[test]
    fn sentences_have_none() {
        check("The minister said on Monday - and not before - that", None, None);
        check("So it is. And so it was", None, None);
        check("COVID-19 vaccines", None, None);
        check("Long-term plans fail", None, None);
        check("", None, None);
    }

    #[test]
    fn texts_are_credited_in_several_places() {
        let of = |authors: &[&str], text: &str| {
            let authors: Vec<Author> =
                authors.iter().map(|name| Author { name: (*name).to_owned(), organisation: true }).collect();
            agency(&Dateline::default(), &authors, text, &[], &known())
        };
        assert_eq!(of(&["AFP"], "text").as_deref(), Some("Agence France-Presse"));
        assert_eq!(of(&[], "Text.\n\nMehr Text. (dpa)").as_deref(), Some("Deutsche Presse-Agentur"));
        assert_eq!(of(&[], "Text.\n\ndpa/jk").as_deref(), Some("Deutsche Presse-Agentur"));
        assert_eq!(of(&[], "Reuters reported that the minister had left the country long before the end."), None);
    }
}
