//! What stands under a picture: its caption, and who is credited for it, parted by the shapes in which
//! outlets print the two.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::agencies::Agencies;
use crate::fold::fold;
use crate::html::blocks::ends_sentence;
use crate::html::dom::collapsed;
use crate::lexicon;

/// The words before a photographer, in all languages, folded.
static WORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| lexicon::every().credits.iter().map(String::as_str).collect());

/// A credit is no longer, in characters.
const LONGEST: usize = 90;

/// What parts a caption from its credit, where nothing clearer does.
const MARKS: &[&str] = &[" - ", " – ", " — ", " | ", ". ", "。"];

/// Whose credit a caption may bear.
pub(crate) struct Known<'a> {
    agencies: &'a Agencies,
    outlet: Vec<String>,
}

impl<'a> Known<'a> {
    /// The agencies, and the outlet by its names (letters and digits only, folded).
    pub(crate) fn new(agencies: &'a Agencies, outlet: Vec<String>) -> Self {
        Self { agencies, outlet }
    }

    /// Whether `text` credits an agency, or ends with the outlet's name.
    pub(crate) fn credited_in(&self, text: &str) -> bool {
        /// A shorter name is also a word.
        const TELLING: usize = 6;
        let squeezed: String = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
        let outlet = |name: &String| name.len() >= TELLING && squeezed.ends_with(name.as_str());
        self.agencies.credited_in(text).is_some() || self.outlet.iter().any(outlet)
    }
}

/// Parts the text under a picture: caption and credit, either absent where nothing is left.
pub(crate) fn split(text: &str, known: &Known<'_>) -> (Option<String>, Option<String>) {
    let text = collapsed(text);
    let at = in_brackets(&text, known)
        .or_else(|| at_sign(&text))
        .or_else(|| at_word(&text))
        .or_else(|| at_agency(&text, known))
        .or_else(|| at_slash(&text))
        .unwrap_or(text.len());
    let caption = text[..at].trim().trim_end_matches(['-', '–', '—', '|', '/', ' ', ':', '=', '\u{FF1D}']).to_owned();
    let credit = credit_line(&text[at..]);
    (Some(caption).filter(|caption| !caption.is_empty()), Some(credit).filter(|credit| !credit.is_empty()))
}

/// `caption (Foto: X / dpa)`: brackets at the end that hold a credit.
fn in_brackets(text: &str, known: &Known<'_>) -> Option<usize> {
    let open = text.rfind(['(', '[', '\u{FF08}']).filter(|_| text.ends_with([')', ']', '\u{FF09}']))?;
    let inside = text[open..].trim_matches(['(', ')', '[', ']', '\u{FF08}', '\u{FF09}']);
    let slashed = inside.contains(" / ") && !inside.contains(". ");
    let credits = known.credited_in(inside) || inside.contains('©') || slashed || word_at_start(inside).is_some();
    (credits && inside.chars().count() <= LONGEST).then_some(open)
}

/// `caption - Angela Weiss © 2019 AFP`, `caption © X`: the credit begins at the mark before the sign,
/// where that is near.
fn at_sign(text: &str) -> Option<usize> {
    let sign = text.find('©')?;
    let before = &text[..sign];
    let mark = MARKS.iter().filter_map(|mark| before.rfind(mark).map(|at| at + mark.len())).max();
    Some(mark.filter(|at| before[*at..].chars().count() <= 50).unwrap_or(sign))
}

/// `caption. Foto: X`, `Photo by X`: a credit word behind a mark or the end of a sentence.
fn at_word(text: &str) -> Option<usize> {
    let mut word_before = None;
    for (at, c) in text.char_indices() {
        let starts = c.is_alphabetic() && word_before.is_none_or(|before: char| !before.is_alphanumeric());
        word_before = Some(c);
        if starts && text.len() - at <= 200 && word_at_start(&text[at..]).is_some() {
            return Some(at);
        }
    }
    None
}

/// `caption. X / AFP`, `caption | AFP`, or nothing but `X / AFP`.
fn at_agency(text: &str, known: &Known<'_>) -> Option<usize> {
    let is_credit = |tail: &str| tail.chars().count() <= 60 && known.credited_in(tail);
    let marks = MARKS.iter().filter_map(|mark| text.rfind(mark).map(|at| at + mark.len())).max();
    match marks.filter(|at| is_credit(&text[*at..])) {
        Some(at) => Some(at),
        None => (is_credit(text) && !ends_sentence(text)).then_some(0),
    }
}

/// `caption - X / Outlet`: two names parted by a slash, behind a mark.
fn at_slash(text: &str) -> Option<usize> {
    let at = MARKS.iter().filter_map(|mark| text.rfind(mark).map(|at| at + mark.len())).max()?;
    let tail = &text[at..];
    let (photographer, outlet) = tail.split_once(" / ")?;
    let name =
        |part: &str| part.chars().next().is_some_and(|c| !c.is_lowercase()) && part.split_whitespace().count() <= 5;
    (name(photographer) && name(outlet) && tail.chars().count() <= LONGEST && !ends_sentence(tail)).then_some(at)
}

/// Where what a credit word at the beginning of `text` introduces begins: behind `Foto:`, `Photo by`.
fn word_at_start(text: &str) -> Option<usize> {
    const BY: &[&str] = &["by ", "von ", "par ", "di ", "por ", "av ", "af "];
    const COLONS: &[char] = &[':', '\u{FF1A}', '/', '\u{FF0F}', '©', '|', '・'];
    let mut folded = String::new();
    let mut longest = None;
    for (at, c) in text.char_indices().take(30) {
        folded.push_str(&fold(c.encode_utf8(&mut [0; 4])));
        if !WORDS.contains(folded.as_str()) {
            continue;
        }
        let end = at + c.len_utf8();
        let rest = text[end..].trim_start();
        let blanks = text.len() - end - rest.len();
        if rest.starts_with(COLONS) {
            let behind = rest.trim_start_matches(|c: char| COLONS.contains(&c) || c.is_whitespace());
            longest = Some(text.len() - behind.len());
        } else if let Some(by) =
            BY.iter().find(|by| rest.get(..by.len()).is_some_and(|start| start.eq_ignore_ascii_case(by)))
        {
            longest = Some(end + blanks + by.len());
        }
    }
    longest
}

/// A credit without the word before it, the signs of copyright and years: `Angela Weiss / AFP`.
pub(crate) fn credit_line(text: &str) -> String {
    let outer: &[char] =
        &['©', ' ', '(', ')', '\u{FF08}', '\u{FF09}', '[', ']', ':', '\u{FF1A}', '/', '|', '-', '–', '.', ','];
    let mut text = text.trim_start_matches(outer);
    // A drawing stays one: `Grafik: X` is no photograph.
    while let Some(length) = word_at_start(text).filter(|_| !is_drawn(text)) {
        text = text[length..].trim_start_matches(outer);
    }
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let parts = text.split('©').map(|part| {
        let words: Vec<&str> = part.split_whitespace().filter(|word| !is_year(word)).collect();
        words.join(" ").trim_matches(outer).to_owned()
    });
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" / ")
}

/// Whether a credit begins by saying that the picture was drawn.
fn is_drawn(text: &str) -> bool {
    let folded = fold(text);
    ["illustr", "ilustr", "grafi", "graphi", "infogra", "иллюстр", "ілюстр"].iter().any(|word| folded.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Agencies {
        Agencies::of(&[
            ("Agence France-Presse", &["AFP"]),
            ("dpa", &["dpa"]),
            ("Associated Press", &["AP"]),
            ("Getty Images", &["Getty Images"]),
        ])
    }

    fn check(text: &str, caption: &str, credit: &str) {
        let agencies = known();
        let (found_caption, found_credit) = split(text, &Known::new(&agencies, vec!["lalanterne".to_owned()]));
        assert_eq!(found_caption.as_deref().unwrap_or_default(), caption, "{text}");
        assert_eq!(found_credit.as_deref().unwrap_or_default(), credit, "{text}");
    }

    #[test]
    fn credits_are_parted_from_captions() {
        check("The logo of Amazon - Angela Weiss © 2019 AFP", "The logo of Amazon", "Angela Weiss / AFP");
        check("Das Gericht in Paris. (Foto: Kai Moor / dpa)", "Das Gericht in Paris.", "Kai Moor / dpa");
        check("Das Gericht. Foto: Kai Moor", "Das Gericht.", "Kai Moor");
        check("Foto: X / dpa", "", "X / dpa");
        check("Court in Paris (AP Photo/Jane Roe)", "Court in Paris", "AP Photo/Jane Roe");
        check("Court in Paris. Jane Roe/AFP", "Court in Paris.", "Jane Roe/AFP");
        check("Un plan - Infographie La Lanterne", "Un plan", "Infographie La Lanterne");
        check("Netzplan. Grafik: La Lanterne", "Netzplan.", "Grafik: La Lanterne");
        check("Le tribunal. © Jane Roe", "Le tribunal.", "Jane Roe");
        check("Photo by Jane Roe", "", "Jane Roe");
        check("法院大樓(攝影:王小明)", "法院大樓", "王小明");
        check("مبنى المحكمة (نديم صوايا / الفنار الجديد)", "مبنى المحكمة", "نديم صوايا / الفنار الجديد");
        check("A court (in Paris)", "A court (in Paris)", "");
        check("", "", "");
    }
}
