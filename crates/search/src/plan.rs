//! What an engine is to look for: the query and the filters around it, with words cut, names looked
//! up in the catalogue, and whatever holds nothing to look for left out. No engine is known here.
//!
//! A query's word has no known language. It is cut for "unknown" and for every language that the
//! filters or `lang:` name, and each cut that differs is an alternative. So are its stems in every
//! language of its script: `Putina` finds `Putin` in a Polish article, and no other language's
//! stems. What stands in quotes, ends in `*` or names an author has no stems: it is meant as it is
//! written. A word that is cut into several (`covid-19`, every word of Chinese or Japanese) must
//! stand in the article as a phrase.

use std::collections::BTreeSet;

use courant_model::{Catalogue, Language, Network, NetworkId, OutletId, ProjectId, StoryId};
use courant_text::stemmed;
use jiff::Timestamp;

use crate::query::{Field, Node};
use crate::readings::{readings, stems};
use crate::{Facet, Filters, Query};

/// Most words that end in `*`: each walks through all words that begin so, and a query of eighty
/// takes half a second over a hundred thousand articles.
const MAX_PREFIXES: usize = 8;

/// Where words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Title, standfirst, text and byline.
    Anywhere,
    Title,
    Author,
}

/// A fact that an article has or has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    Outlet,
    Language,
    Story,
    Project,
    Agency,
    Cites,
    Kind,
    /// Labels are looked for in their folded spelling.
    Section,
    Tag,
    /// An author's whole name, folded.
    Byline,
}

/// What is so or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flag {
    Paywalled,
    Edited,
}

/// Words side by side, each with its distance from the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sequence {
    pub(crate) words: Vec<(u32, String)>,
    /// The last word need only begin so.
    pub(crate) open_ended: bool,
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Want {
    Everything,
    Nothing,
    All(Vec<Want>),
    Any(Vec<Want>),
    Not(Box<Want>),
    /// One of these sequences in the scope.
    Words(Scope, Vec<Sequence>),
    /// One of these values.
    Fact(Fact, BTreeSet<String>),
    /// So, or not so.
    Flag(Flag, bool),
    /// Published from here on, and before there.
    Published(Option<Timestamp>, Option<Timestamp>),
}

/// A query and its filters, ready for an engine.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    /// The query itself: what is scored and marked.
    pub(crate) query: Want,
    /// The filters beside it: what neither scores nor marks, each with the facet whose counts lift it.
    pub(crate) filters: Vec<(Option<Facet>, Want)>,
    /// What was left out or is not known.
    pub(crate) notes: Vec<String>,
}

impl Plan {
    pub(crate) fn new(query: &Query, filters: &Filters, catalogue: &Catalogue) -> Self {
        let mut languages: BTreeSet<Language> = filters.languages.iter().copied().collect();
        named_languages(query.tree(), &mut languages);
        languages.remove(&Language::UND);
        let mut planner = Planner { languages, catalogue, prefixes: 0, notes: Vec::new() };
        let wanted = match planner.want(query.tree(), Place::Words(Scope::Anywhere)) {
            Some(want) => want,
            None if query.is_everything() => Want::Everything,
            None => {
                planner.notes.push("there is no word to look for: nothing is found".to_owned());
                Want::Nothing
            }
        };
        Self { query: wanted, filters: planner.filters(filters), notes: planner.notes }
    }

    /// Whether a filter narrows the values of `facet`.
    pub(crate) fn is_filtered_by(&self, facet: Facet) -> bool {
        self.filters.iter().any(|(known, _)| *known == Some(facet))
    }

    /// Whether the query has words to score by.
    pub(crate) fn scores(&self) -> bool {
        fn scores(want: &Want) -> bool {
            match want {
                Want::Words(..) => true,
                Want::All(parts) | Want::Any(parts) => parts.iter().any(scores),
                _ => false,
            }
        }
        scores(&self.query)
    }
}

/// The languages that `lang:` names.
fn named_languages(node: &Node, found: &mut BTreeSet<Language>) {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|part| named_languages(part, found)),
        Node::Field(Field::Language, value) => match value.as_ref() {
            Node::Word(code) | Node::Phrase(code) => {
                found.insert(Language::parse(code));
            }
            Node::Any(codes) => found.extend(codes.iter().filter_map(|code| match code {
                Node::Word(code) | Node::Phrase(code) => Some(Language::parse(code)),
                _ => None,
            })),
            _ => (),
        },
        Node::Field(_, inner) => named_languages(inner, found),
        _ => (),
    }
}

/// What a leaf of the tree stands for, by the field around it.
#[derive(Clone, Copy)]
enum Place {
    Words(Scope),
    Value(Field),
}

/// How a word is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meant {
    /// In any of its inflected forms.
    Inflected,
    /// As it is written.
    Literally,
    /// As the beginning of words.
    Begun,
}

struct Planner<'a> {
    languages: BTreeSet<Language>,
    catalogue: &'a Catalogue,
    prefixes: usize,
    notes: Vec<String>,
}

impl Planner<'_> {
    /// `None` where there is nothing to look for.
    fn want(&mut self, node: &Node, place: Place) -> Option<Want> {
        match node {
            Node::All(parts) => self.parts(parts, place, Want::All),
            Node::Any(parts) => self.parts(parts, place, Want::Any),
            Node::Not(inner) => self.want(inner, place).map(|want| Want::Not(Box::new(want))),
            Node::Field(field, inner) => self.want(inner, place_of(*field)),
            Node::Word(text) => self.leaf(text, place, Meant::Inflected),
            Node::Phrase(text) => self.leaf(text, place, Meant::Literally),
            Node::Prefix(text) => self.leaf(text, place, Meant::Begun),
        }
    }

    /// What is left of `parts`, each thing once.
    fn parts(&mut self, parts: &[Node], place: Place, join: fn(Vec<Want>) -> Want) -> Option<Want> {
        let mut wants: Vec<Want> = Vec::with_capacity(parts.len());
        for want in parts.iter().filter_map(|part| self.want(part, place)) {
            if !wants.contains(&want) {
                wants.push(want);
            }
        }
        if wants.len() < 2 { wants.pop() } else { Some(join(wants)) }
    }

    fn leaf(&mut self, text: &str, place: Place, meant: Meant) -> Option<Want> {
        match place {
            Place::Words(scope) => self.words(text, scope, meant),
            Place::Value(field) => {
                if meant == Meant::Begun {
                    self.notes.push(format!("'*' is not read in '{}:'", field.as_str()));
                }
                Some(self.value(field, text))
            }
        }
    }

    fn words(&mut self, text: &str, scope: Scope, meant: Meant) -> Option<Want> {
        let open_ended = meant == Meant::Begun;
        let mut sequences: Vec<Sequence> = Vec::new();
        let mut add = |words| {
            let sequence = Sequence { words, open_ended };
            if !sequences.contains(&sequence) {
                sequences.push(sequence);
            }
        };
        let named = || self.languages.iter().copied();
        std::iter::once(Language::UND).chain(named()).flat_map(|language| readings(text, language)).for_each(&mut add);
        // Names in bylines are not inflected.
        if meant == Meant::Inflected && scope != Scope::Author {
            named().chain(stemmed(text).iter().copied()).flat_map(|language| stems(text, language)).for_each(add);
        }
        if sequences.is_empty() {
            self.notes.push(format!("there is no word in '{text}': it was left out"));
            return None;
        }
        if open_ended {
            let short = sequences.iter().all(too_short);
            self.prefixes += usize::from(!short);
            if short {
                self.notes.push(format!("'{text}*' is too short: it was read as a word"));
            } else if self.prefixes > MAX_PREFIXES {
                self.notes.push(format!("only {MAX_PREFIXES} words can end in '*': '{text}*' was read as a word"));
            }
            let stays = !short && self.prefixes <= MAX_PREFIXES;
            sequences.iter_mut().for_each(|sequence| sequence.open_ended = stays);
        }
        Some(Want::Words(scope, sequences))
    }

    fn value(&mut self, field: Field, text: &str) -> Want {
        match field {
            Field::Outlet => self.outlet(text),
            Field::Language => self.language(text),
            Field::Network => {
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
            Field::Project => {
                let mut ids = vec![ProjectId::new(text).to_string()];
                for project in self.catalogue.networks().flat_map(|network| &network.projects) {
                    if project.names.values().flatten().any(|name| same(name, text)) {
                        ids.push(project.id.to_string());
                    }
                }
                fact(Fact::Project, ids)
            }
            // `place_of` sends these to `words`.
            Field::Title | Field::Author => Want::Nothing,
        }
    }

    fn outlet(&mut self, text: &str) -> Want {
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
        fact(Fact::Outlet, ids)
    }

    fn language(&mut self, text: &str) -> Want {
        let language = Language::parse(text);
        if language.is_unknown() && !same(text, "und") {
            self.notes.push(format!("'{text}' is no language code (two or three letters: fr)"));
            return Want::Nothing;
        }
        fact(Fact::Language, [language.to_string()])
    }

    fn filters(&mut self, filters: &Filters) -> Vec<(Option<Facet>, Want)> {
        let mut wanted = Vec::new();
        let mut any = |facet, fact_: Fact, values: Vec<String>| {
            if !values.is_empty() {
                wanted.push((Some(facet), fact(fact_, values)));
            }
        };
        any(Facet::Outlet, Fact::Outlet, filters.outlets.iter().map(ToString::to_string).collect());
        any(Facet::Language, Fact::Language, filters.languages.iter().map(ToString::to_string).collect());
        any(Facet::Project, Fact::Project, filters.projects.iter().map(ToString::to_string).collect());
        any(Facet::Story, Fact::Story, filters.story.iter().map(ToString::to_string).collect());
        any(Facet::Cites, Fact::Cites, filters.cites.iter().map(ToString::to_string).collect());
        any(Facet::Agency, Fact::Agency, filters.agencies.clone());
        any(Facet::Kind, Fact::Kind, filters.kinds.clone());
        let folded = |labels: &[String]| labels.iter().map(|label| courant_text::folded(label)).collect();
        any(Facet::Section, Fact::Section, folded(&filters.sections));
        any(Facet::Tag, Fact::Tag, folded(&filters.tags));
        any(Facet::Author, Fact::Byline, folded(&filters.authors));
        if !filters.networks.is_empty() {
            wanted.push((Some(Facet::Network), self.members(&filters.networks)));
        }
        if !filters.countries.is_empty() {
            wanted.push((Some(Facet::Country), self.country(&filters.countries)));
        }
        for (facet, flag, value) in
            [(Facet::Paywalled, Flag::Paywalled, filters.paywalled), (Facet::Edited, Flag::Edited, filters.edited)]
        {
            wanted.extend(value.map(|value| (Some(facet), Want::Flag(flag, value))));
        }
        if let Some(author) = &filters.author {
            let names = author.split_whitespace().filter_map(|name| self.words(name, Scope::Author, Meant::Literally));
            wanted.push((None, Want::All(names.collect())));
        }
        if filters.from.is_some() || filters.to.is_some() {
            wanted.push((None, Want::Published(filters.from, filters.to)));
        }
        wanted
    }

    /// Articles of outlets that are or were members of one of these networks.
    fn members(&self, networks: &[NetworkId]) -> Want {
        let networks = networks.iter().filter_map(|id| self.catalogue.network(id));
        fact(Fact::Outlet, networks.flat_map(|network| &network.members).map(|member| member.outlet.to_string()))
    }

    fn country(&self, countries: &[String]) -> Want {
        let of_these = |country: &String| countries.iter().any(|wanted| same(wanted, country));
        let outlets = self.catalogue.outlets().filter(|outlet| outlet.country.as_ref().is_some_and(of_these));
        fact(Fact::Outlet, outlets.map(|outlet| outlet.id.to_string()))
    }
}

fn place_of(field: Field) -> Place {
    match field {
        Field::Title => Place::Words(Scope::Title),
        Field::Author => Place::Words(Scope::Author),
        field => Place::Value(field),
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn fact(fact: Fact, values: impl IntoIterator<Item = String>) -> Want {
    let values: BTreeSet<String> = values.into_iter().filter(|value| !value.is_empty()).collect();
    if values.is_empty() { Want::Nothing } else { Want::Fact(fact, values) }
}

/// One letter stands for too many words, unless it is a whole word in its script.
fn too_short(sequence: &Sequence) -> bool {
    matches!(sequence.words.as_slice(), [(_, word)] if word.len() < 2)
}

#[cfg(test)]
mod tests {
    use courant_text::is_stem;

    use super::*;

    fn plan(query: &str) -> Plan {
        Plan::new(&Query::parse(query), &Filters::default(), &Catalogue::default())
    }

    fn sequences(query: &str) -> Vec<Vec<String>> {
        match plan(query).query {
            Want::Words(_, sequences) => {
                sequences.into_iter().map(|one| one.words.into_iter().map(|(_, word)| word).collect()).collect()
            }
            other => panic!("{query}: {other:?}"),
        }
    }

    /// Without the readings that hold stems.
    fn written(query: &str) -> Vec<Vec<String>> {
        let mut sequences = sequences(query);
        sequences.retain(|words| !words.iter().any(|word| is_stem(word)));
        sequences
    }

    #[test]
    fn words_are_cut_as_documents_are() {
        assert_eq!(written("Économie"), [["economie"]]);
        assert_eq!(written("covid-19"), [["covid", "19"]]);
        assert_eq!(sequences("北京市"), [["北京", "京市"]]);
        assert_eq!(sequences("\"Pegasus Project\""), [["pegasus", "project"]]);
    }

    #[test]
    fn stems_are_looked_for_unless_the_word_is_meant_as_written() {
        let polish = |query: &str| sequences(query).concat().contains(&"~pl:putin".to_owned());
        assert!(polish("Putina") && polish("Putinowi") && polish("title:Putina"));
        assert!(!polish("\"Putina\"") && !polish("putina*") && !polish("author:Putina") && !polish("Путина"));
        assert!(sequences("Путина").concat().contains(&"~ru:путин".to_owned()));
        assert!(sequences("leaks-2021").contains(&vec!["~en:leak".to_owned(), "2021".to_owned()]));
        assert!(sequences("2021") == [["2021"]]);
    }

    #[test]
    fn what_holds_no_word_is_left_out_and_said() {
        assert_eq!(plan("pegasus ???").query, plan("pegasus").query);
        assert!(plan("pegasus ???").notes[0].contains("'???'"));
        assert_eq!(plan("pegasus OR ???").query, plan("pegasus").query);
        assert_eq!(plan("pegasus -(???)").query, plan("pegasus").query);
        assert_eq!(plan("???").query, Want::Nothing);
        assert_eq!(plan("-\"???\"").query, Want::Nothing);
        assert_eq!(plan("").query, Want::Everything);
    }

    #[test]
    fn a_prefix_of_one_letter_is_a_word() {
        assert_eq!(plan("a*").query, plan("a").query);
        assert!(!plan("a*").notes.is_empty());
        assert_ne!(plan("ab*").query, plan("ab").query);
        assert_ne!(plan("北*").query, plan("北").query);
    }

    #[test]
    fn what_is_said_twice_and_prefixes_without_end_are_cut() {
        assert_eq!(plan("a b a").query, plan("a b").query);
        assert_eq!(plan("a OR A").query, plan("a").query);
        let many = plan("aa* bb* cc* dd* ee* ff* gg* hh* ii*");
        assert!(many.notes[0].contains("'ii*'"), "{:?}", many.notes);
        assert_eq!(many.query, plan("aa* bb* cc* dd* ee* ff* gg* hh* ii").query);
    }

    #[test]
    fn facts_are_looked_up() {
        let french = Want::Fact(Fact::Language, ["fr".to_owned()].into());
        assert_eq!(plan("lang:FR").query, french);
        assert_eq!(plan("lang:fra").query, french);
        assert_eq!(plan("network:x").query, Want::Nothing);
        assert_eq!(plan("outlet:\"Le Fil\"").query, Want::Fact(Fact::Outlet, ["le-fil".to_owned()].into()));
        assert!(plan("lang:fr").notes.is_empty());
        assert_eq!(plan("lang:french").notes.len(), 1);
    }

    #[test]
    fn only_words_score() {
        for (query, expected) in
            [("a", true), ("-a", false), ("lang:fr", false), ("lang:fr (b OR c)", true), ("", false)]
        {
            assert_eq!(plan(query).scores(), expected, "{query}");
        }
    }
}
