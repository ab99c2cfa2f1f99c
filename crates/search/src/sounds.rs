//! Names across scripts: what a word is looked for by where it is written in other letters.

use courant_text::sounds_like;

/// Each key or word that `text` may stand under in other scripts, as a sequence of one word. Where
/// an article is written before a name (`al-Assad`), the name's; none for other words that are cut
/// into several.
pub(crate) fn sounds(text: &str) -> Vec<Vec<(u32, String)>> {
    let name = match text.split_once('-') {
        Some((article, name)) if article.chars().count() <= LONGEST_ARTICLE => name,
        _ => text,
    };
    if name.contains(|c: char| c == '-' || c.is_whitespace()) {
        return Vec::new();
    }
    sounds_like(name).into_iter().map(|form| vec![(0, form)]).collect()
}

/// `al`, `el`, `аль`, `אל`, in letters.
const LONGEST_ARTICLE: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_looked_for_in_other_scripts() {
        let forms = |text: &str| sounds(text).concat().into_iter().map(|(_, form)| form).collect::<Vec<_>>();
        assert!(!forms("Snowden").is_empty());
        assert_eq!(forms("al-Assad"), forms("Assad"));
        assert!(forms("covid-19").is_empty() && forms("2021").is_empty() && forms("北京").is_empty());
    }
}
