//! `/.well-known/tdmrep.json`: what an origin reserves of text and data mining (TDMRep, W3C Community
//! Group report, section 6).
//!
//! The file is a list of rules, each with a pattern as in robots.txt. Of those that match a path the
//! first holds, however little it says: unlike robots.txt the report goes by their order ("the most
//! specific match is the first in sequence"). What cannot be read says nothing.

use serde_json::Value;

use crate::robots::{Pattern, normal};

/// What is reserved of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// Whether text and data mining is reserved.
    pub reserved: bool,
    /// Where its conditions are.
    pub policy: Option<String>,
    /// The pattern that matched.
    pub location: String,
}

/// All that an origin says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reservations(Vec<(Pattern, Reservation)>);

/// So many rules are read.
const MOST: usize = 1000;

impl Reservations {
    /// Reads the file. One that is no list of rules, or whose rules lack a part, has fewer of them.
    pub fn parse(bytes: &[u8]) -> Self {
        let Ok(Value::Array(rules)) = serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
        else {
            return Self::default();
        };
        Self(rules.iter().take(MOST).filter_map(rule).collect())
    }

    /// What is said of a path (with its query), as it stands in a URL.
    pub fn of(&self, path: &str) -> Option<Reservation> {
        let path = normal(path.as_bytes());
        self.0.iter().find(|(pattern, _)| pattern.matches(&path)).map(|(_, reservation)| reservation.clone())
    }
}

fn rule(rule: &Value) -> Option<(Pattern, Reservation)> {
    let location = rule.get("location")?.as_str()?.trim();
    // The report writes a number. A string says the same, and is read so that no wish is missed.
    let reserved = match rule.get("tdm-reservation")? {
        Value::Number(number) => match number.as_u64()? {
            1 => true,
            0 => false,
            _ => return None,
        },
        Value::String(text) if text == "1" => true,
        _ => return None,
    };
    let policy = rule.get("tdm-policy").and_then(Value::as_str).map(|policy| policy.trim().to_owned());
    let reservation = Reservation { reserved, policy: policy.filter(|_| reserved), location: location.to_owned() };
    Some((Pattern::new(location.as_bytes()), reservation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reserved(file: &str, path: &str) -> Option<bool> {
        Reservations::parse(file.as_bytes()).of(path).map(|reservation| reservation.reserved)
    }

    #[test]
    fn the_first_rule_that_matches_holds() {
        let file = r#"[
            {"location": "*.pdf$", "tdm-reservation": 1},
            {"location": "/stories/open/*", "tdm-reservation": 0, "tdm-policy": "https://press.example/other.json"},
            {"location": "/stories/*", "tdm-reservation": 1, "tdm-policy": "https://press.example/policy.json"},
            {"location": "/stories/later/*", "tdm-reservation": 0},
            {"location": "/price-%24", "tdm-reservation": 1},
            {"location": "/", "tdm-reservation": 0}
        ]"#;
        for (path, expected) in [
            ("/", Some(false)),
            ("/stories/a", Some(true)),
            ("/stories/open/a", Some(false)),
            ("/stories/later/a", Some(true)),
            ("/stories/open/report.pdf", Some(true)),
            ("/about?x=1", Some(false)),
            ("/report.pdf?x=1", Some(false)),
            ("/price-$", Some(true)),
        ] {
            assert_eq!(reserved(file, path), expected, "{path}");
        }
        let all = Reservations::parse(file.as_bytes());
        let story = all.of("/stories/a").expect("a rule");
        assert_eq!(story.policy.as_deref(), Some("https://press.example/policy.json"));
        assert_eq!(story.location, "/stories/*");
        assert_eq!(all.of("/stories/open/a").expect("a rule").policy, None, "what is free has no conditions");
        assert_eq!(reserved(r#"[{"location": "/a/", "tdm-reservation": 1}]"#, "/b"), None, "nobody speaks of it");
    }

    #[test]
    fn what_cannot_be_read_says_nothing() {
        for file in ["", "null", "{}", "[", "[1, null, \"x\", {}]", r#"[{"location": "/"}]"#, "<html>not found</html>"]
        {
            assert_eq!(reserved(file, "/"), None, "{file}");
        }
        for odd in ["\"yes\"", "2", "true", "-1", "null", "[1]"] {
            assert_eq!(reserved(&format!("[{{\"location\": \"/\", \"tdm-reservation\": {odd}}}]"), "/"), None, "{odd}");
        }
        assert_eq!(reserved("\u{feff}[{\"location\": \"/\", \"tdm-reservation\": \"1\"}]", "/a"), Some(true));
        // Deep nesting ends the reading, not the process.
        assert_eq!(reserved(&"[".repeat(1_000_000), "/"), None);
    }
}
