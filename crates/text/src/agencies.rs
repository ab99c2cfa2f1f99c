//! News and photo agencies, as the catalogue lists them: whose credit stands in a byline, in a
//! caption or at the end of a text. The list is an argument; nothing is read from disk here.

use std::collections::HashMap;

use crate::phrases::Phrases;

/// One agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Its name for readers: `Agence France-Presse`.
    pub name: String,
    /// Strings that credit it, matched case-sensitively as whole words: `AFP`.
    pub credits: Vec<String>,
}

/// The agencies that are known.
#[derive(Debug, Clone, Default)]
pub struct Agencies {
    agencies: Vec<Agency>,
    /// All that credits any of them; `None` where there are none.
    credits: Option<Phrases<'static>>,
    /// Whom each of these credits: the first that lists it.
    owners: HashMap<String, usize>,
}

#[cfg(test)]
impl Agencies {
    /// Agencies for a test: their names, and what credits each.
    pub(crate) fn of(known: &[(&str, &[&str])]) -> Self {
        let agency = |(name, credits): &(&str, &[&str])| Agency {
            name: (*name).to_owned(),
            credits: credits.iter().map(|credit| (*credit).to_owned()).collect(),
        };
        Self::new(known.iter().map(agency).collect())
    }
}

impl Agencies {
    /// Keeps `agencies` for look-ups.
    pub fn new(agencies: Vec<Agency>) -> Self {
        let mut owners = HashMap::new();
        for (at, agency) in agencies.iter().enumerate() {
            for credit in agency.credits.iter().chain(std::iter::once(&agency.name)) {
                owners.entry(credit.clone()).or_insert(at);
            }
        }
        let credits = (!owners.is_empty()).then(|| Phrases::of(owners.keys().cloned()));
        Self { agencies, credits, owners }
    }

    /// The agency that `credit` names as a whole: `AFP`, `(dpa)`, `via REUTERS`.
    pub fn named(&self, credit: &str) -> Option<&Agency> {
        let credit = credit.trim_matches(|c: char| !c.is_alphanumeric());
        self.agencies
            .iter()
            .find(|agency| agency.name == credit || agency.credits.iter().any(|pattern| pattern == credit))
    }

    /// The first agency that `text` credits anywhere, as a whole word. Only for text where a credit
    /// is expected: short patterns (`AP`, `PA`) mean other things in running text.
    pub fn credited_in(&self, text: &str) -> Option<&Agency> {
        let whole = self.credits.as_ref()?.places(text).filter(|(at, credit)| is_whole_word(text, *at, credit));
        let owned = whole.filter_map(|(at, credit)| Some((at, *self.owners.get(credit)?)));
        // Of those that are credited at one place, the one that is listed first.
        owned.min().and_then(|(_, owner)| self.agencies.get(owner))
    }
}

/// Whether `word` stands at `at` of `text` with no letter or digit on either side.
fn is_whole_word(text: &str, at: usize, word: &str) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + word.len()..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn few() -> Agencies {
        let agency = |name: &str, credits: &[&str]| Agency {
            name: name.to_owned(),
            credits: credits.iter().map(|credit| (*credit).to_owned()).collect(),
        };
        Agencies::new(vec![
            agency("Agence France-Presse", &["AFP", "أ ف ب"]),
            agency("Associated Press", &["AP"]),
            agency("Deutsche Presse-Agentur", &["dpa"]),
        ])
    }

    #[test]
    fn a_credit_is_a_whole_word() {
        let agencies = few();
        let found = |text| agencies.credited_in(text).map(|agency| agency.name.as_str());
        assert_eq!(found("Angela Weiss / AFP"), Some("Agence France-Presse"));
        assert_eq!(found("Foto: X/dpa"), Some("Deutsche Presse-Agentur"));
        assert_eq!(found("(أ ف ب)"), Some("Agence France-Presse"));
        assert_eq!(found("SNAP / private"), None);
        assert_eq!(found("AP/AFP"), Some("Associated Press"));
    }

    #[test]
    fn a_name_alone_is_the_agency() {
        let agencies = few();
        assert_eq!(agencies.named("(AFP)").map(|agency| agency.name.as_str()), Some("Agence France-Presse"));
        assert_eq!(agencies.named("AFP reporter"), None);
    }
}
