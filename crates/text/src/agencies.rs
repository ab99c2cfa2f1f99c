//! News and photo agencies, as the catalogue lists them: whose credit stands in a byline, in a
//! caption or at the end of a text. The list is an argument; nothing is read from disk here.

/// One agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Its name for readers: `Agence France-Presse`.
    pub name: String,
    /// Strings that credit it, matched case-sensitively as whole words: `AFP`.
    pub credits: Vec<String>,
}

/// The agencies that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agencies {
    agencies: Vec<Agency>,
}

impl Agencies {
    /// Keeps `agencies` for look-ups.
    pub fn new(agencies: Vec<Agency>) -> Self {
        Self { agencies }
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
        self.agencies
            .iter()
            .filter_map(|agency| {
                let names = agency.credits.iter().chain(std::iter::once(&agency.name));
                names.filter_map(|pattern| whole_word(text, pattern)).min().map(|at| (at, agency))
            })
            .min_by_key(|(at, _)| *at)
            .map(|(_, agency)| agency)
    }
}

/// Where `pattern` stands in `text` with no letter or digit on either side.
fn whole_word(text: &str, pattern: &str) -> Option<usize> {
    if pattern.is_empty() {
        return None;
    }
    text.match_indices(pattern).map(|(at, _)| at).find(|&at| {
        let before = text[..at].chars().next_back();
        let after = text[at + pattern.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
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
