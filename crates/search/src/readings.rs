//! The ways to read a word of a query: it may be cut into several, each in one of its forms.

use courant_model::{Language, Token};
use courant_text::{is_stem, literal_words, query_words};

/// Most ways to read one word in one language: forms multiply along a phrase.
const MAX_READINGS: usize = 8;

/// The ways to read `text` as it is written, in `language`: words side by side, with one form
/// chosen at each place.
pub(crate) fn readings(text: &str, language: Language) -> Vec<Vec<(u32, String)>> {
    combined(&literal_words(text, language).tokens, |forms| forms.iter().collect())
}

/// The same with stems wherever a word of the language has some. None where no word has.
pub(crate) fn stems(text: &str, language: Language) -> Vec<Vec<(u32, String)>> {
    let cut = query_words(text, language).tokens;
    if !cut.iter().any(|token| is_stem(&token.text)) {
        return Vec::new();
    }
    combined(&cut, |forms| {
        let stems: Vec<&Token> = forms.iter().filter(|form| is_stem(&form.text)).collect();
        if stems.is_empty() { forms.iter().collect() } else { stems }
    })
}

fn combined(cut: &[Token], choose: impl Fn(&[Token]) -> Vec<&Token>) -> Vec<Vec<(u32, String)>> {
    let Some(first) = cut.first().map(|token| token.position) else { return Vec::new() };
    let mut readings = vec![Vec::new()];
    for forms in cut.chunk_by(|one, next| one.position == next.position) {
        let mut kept = choose(forms);
        if readings.len() * kept.len() > MAX_READINGS {
            kept.truncate(1);
        }
        let longer = |reading: &Vec<(u32, String)>| {
            let reading = reading.clone();
            kept.iter()
                .map(move |form| {
                    let mut longer = reading.clone();
                    longer.push((form.position - first, form.text.clone()));
                    longer
                })
                .collect::<Vec<_>>()
        };
        readings = readings.iter().flat_map(longer).collect();
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(readings: Vec<Vec<(u32, String)>>) -> Vec<String> {
        let words = |reading: Vec<(u32, String)>| reading.into_iter().map(|(_, word)| word).collect::<Vec<_>>();
        readings.into_iter().map(|reading| words(reading).join(" ")).collect()
    }

    #[test]
    fn a_reading_is_as_written_or_stemmed_never_mixed() {
        let english = Language::parse("en");
        assert_eq!(shown(readings("leaks-2021", english)), ["leaks 2021"]);
        assert_eq!(shown(stems("leaks-2021", english)), ["~en:leak 2021"]);
        assert_eq!(shown(stems("leaked-spies", english)), ["~en:leak ~en:spi"]);
        assert!(stems("2021", english).is_empty() && stems("leaks", Language::UND).is_empty());
    }

    #[test]
    fn forms_multiply_up_to_a_bound() {
        let hebrew = Language::parse("he");
        assert_eq!(shown(stems("הממשלה", hebrew)), ["~he:ממשל", "~he:הממשל"]);
        let many = ["הממשלה"; 6].join("-");
        assert!(stems(&many, hebrew).len() <= MAX_READINGS);
    }
}
