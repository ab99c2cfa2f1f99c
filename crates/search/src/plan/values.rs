//! Values of fields that hold facts: names looked up, codes checked. A value that names nothing is
//! noted and finds nothing, so that a slip of the pen does not look like an answer.

use std::collections::BTreeSet;

use courant_model::{Language, Network, NetworkId, OutletId, ProjectId, StoryId};
use courant_text::folded;

use super::dates::{self, Reading};
use super::words::Meant;
use super::{Fact, Flag, Planner, Want, When};
use crate::query::Field;

/// What `kind:` may say today; others are looked for all the same.
const KINDS: [&str; 2] = ["article", "fact-check"];

pub(super) fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

pub(super) fn fact(fact: Fact, values: impl IntoIterator<Item = String>) -> Want {
    let values: BTreeSet<String> = values.into_iter().filter(|value| !value.is_empty()).collect();
    if values.is_empty() { Want::Nothing } else { Want::Fact(fact, values) }
}

/// The codes in `lang:fr,ar`.
pub(super) fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '،', '，', '、', ';', '؛', '；']).map(str::trim).filter(|code| !code.is_empty())
}

impl Planner<'_> {
    /// `None` for a switch: it narrows nothing by itself.
    pub(super) fn value(&mut self, field: Field, text: &str, meant: Meant) -> Option<Want> {
        let begun = meant == Meant::Begun;
        match (field, meant) {
            (Field::Section | Field::Tag, Meant::Begun) => (),
            (_, Meant::Begun) => self.notes.push(format!("'*' is not read in '{}:'", field.as_str())),
            (_, Meant::Apart(_) | Meant::Nearly(_)) => {
                self.notes.push(format!("'~' is not read in '{}:'", field.as_str()));
            }
            _ => (),
        }
        let several =
            matches!(field, Field::Language | Field::Country | Field::Kind | Field::Has | Field::Is | Field::Changed);
        let many: Vec<&str> = if several { codes(text).collect() } else { Vec::new() };
        if many.len() > 1 {
            let mut wants: Vec<Want> = Vec::new();
            for want in many.iter().filter_map(|code| self.one_value(field, code, begun)) {
                if !wants.contains(&want) {
                    wants.push(want);
                }
            }
            return if wants.len() < 2 { wants.pop() } else { Some(Want::Any(wants)) };
        }
        self.one_value(field, text, begun)
    }

    fn one_value(&mut self, field: Field, text: &str, begun: bool) -> Option<Want> {
        Some(match field {
            Field::Outlet => self.outlet(Fact::Outlet, text),
            Field::Cites => self.outlet(Fact::Cites, text),
            Field::Language => self.language(text),
            Field::Network => self.network(text),
            Field::Country => {
                let want = self.country(&[text.to_owned()]);
                if want == Want::Nothing {
                    self.notes.push(format!("the catalogue has no outlet of the country '{text}' (two letters: FR)"));
                }
                want
            }
            Field::Story => match text.trim().to_ascii_lowercase().parse::<StoryId>() {
                Ok(story) => fact(Fact::Story, [story.to_string()]),
                Err(error) => {
                    self.notes.push(error.to_string());
                    Want::Nothing
                }
            },
            Field::Project => self.project(text),
            Field::Section => label(Fact::Section, text, begun),
            Field::Tag => label(Fact::Tag, text, begun),
            Field::Agency => fact(Fact::Agency, [folded(text.trim())]),
            Field::Kind => {
                let kind = folded(text.trim()).replace([' ', '_'], "-");
                if !KINDS.contains(&kind.as_str()) {
                    self.notes.push(format!("'{text}' is no kind of article that is known ({})", KINDS.join(", ")));
                }
                fact(Fact::Kind, [kind])
            }
            Field::Has => self.has(text),
            Field::Is => match folded(text.trim()).as_str() {
                "paywalled" => Want::Flag(Flag::Paywalled, true),
                "withdrawn" => Want::Flag(Flag::Withdrawn, true),
                "edited" | "revised" | "changed" => Want::Flag(Flag::Edited, true),
                _ => self.unknown(field, text, "paywalled, withdrawn, edited"),
            },
            Field::Changed => match folded(text.trim()).as_str() {
                part @ ("title" | "standfirst" | "byline") => fact(Fact::Changed, [part.to_owned()]),
                "text" | "body" => fact(Fact::Changed, ["body".to_owned()]),
                "author" => fact(Fact::Changed, ["byline".to_owned()]),
                _ => self.unknown(field, text, "title, standfirst, byline, text"),
            },
            Field::Revision => {
                if !same(text, "any") {
                    self.notes.push(format!("'rev:{text}' is not read, only 'rev:any'"));
                }
                return None;
            }
            Field::Published => self.moment(When::Published, field, text),
            Field::Seen => self.moment(When::Seen, field, text),
            Field::Edited => self.moment(When::Edited, field, text),
            // `place_of` sends these to `words`.
            Field::Title | Field::Author | Field::Name => Want::Nothing,
        })
    }

    fn unknown(&mut self, field: Field, text: &str, known: &str) -> Want {
        self.notes.push(format!("there is no '{}:{text}', only {known}", field.as_str()));
        Want::Nothing
    }

    fn has(&mut self, text: &str) -> Want {
        Want::Has(match folded(text.trim()).as_str() {
            "revision" | "revisions" => return Want::Flag(Flag::Edited, true),
            "story" => Fact::Story,
            "project" => Fact::Project,
            "author" | "authors" | "byline" => Fact::Byline,
            "agency" => Fact::Agency,
            "cites" | "citations" => Fact::Cites,
            "section" => Fact::Section,
            "tag" | "tags" => Fact::Tag,
            _ => {
                return self.unknown(
                    Field::Has,
                    text,
                    "revisions, story, project, author, agency, cites, section, tags",
                );
            }
        })
    }

    fn moment(&mut self, when: When, field: Field, text: &str) -> Want {
        let field = field.as_str();
        match dates::period(text, self.now) {
            Reading::Period(from, to) => Want::Moment(when, from, to),
            Reading::TurnedRound(from, to) => {
                self.notes.push(format!("'{field}:{text}' ends before it begins: it was turned round"));
                Want::Moment(when, from, to)
            }
            Reading::NeedsNow => {
                self.notes.push(format!("'{field}:{text}' counts from today, which is not known here"));
                Want::Nothing
            }
            Reading::Unreadable => {
                self.notes.push(format!(
                    "'{text}' is no date (2021, 2021-07, 2021-07-18, 2021-07..2021-09, >2021, today, 7d, 3m, 1y)"
                ));
                Want::Nothing
            }
        }
    }

    fn network(&mut self, text: &str) -> Want {
        let wanted = NetworkId::new(text);
        let named = |network: &&Network| {
            network.id == wanted
                || same(&network.name, text)
                || network.names.values().flatten().any(|name| same(name, text))
        };
        let networks: Vec<NetworkId> =
            self.catalogue.networks().filter(named).map(|network| network.id.clone()).collect();
        if networks.is_empty() {
            self.notes.push(format!("the catalogue has no network '{text}'"));
        }
        self.members(&networks)
    }

    fn project(&mut self, text: &str) -> Want {
        let mut ids = vec![ProjectId::new(text).to_string()];
        for project in self.catalogue.networks().flat_map(|network| &network.projects) {
            if project.names.values().flatten().any(|name| same(name, text)) {
                ids.push(project.id.to_string());
            }
        }
        fact(Fact::Project, ids)
    }

    fn outlet(&mut self, what: Fact, text: &str) -> Want {
        let id = OutletId::new(text);
        let mut ids: Vec<String> = self
            .catalogue
            .outlets()
            .filter(|outlet| same(&outlet.name, text) || outlet.aliases.values().flatten().any(|name| same(name, text)))
            .map(|outlet| outlet.id.to_string())
            .collect();
        // An outlet that the catalogue forgot may still have articles.
        if ids.is_empty() && self.catalogue.outlet(&id).is_none() {
            self.notes.push(format!("the catalogue has no outlet '{text}'"));
        }
        ids.push(id.to_string());
        fact(what, ids)
    }

    fn language(&mut self, text: &str) -> Want {
        let language = Language::parse(text);
        if language.is_unknown() && !same(text, "und") {
            self.notes.push(format!("'{text}' is no language code (two or three letters: fr)"));
            return Want::Nothing;
        }
        fact(Fact::Language, [language.to_string()])
    }
}

fn label(what: Fact, text: &str, begun: bool) -> Want {
    let label = folded(text.trim());
    match begun {
        true if label.is_empty() => Want::Has(what),
        true => Want::Begins(what, label),
        false => fact(what, [label]),
    }
}
