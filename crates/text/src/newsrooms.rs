//! The newsrooms that an article may credit, by all their names, as the catalogue lists them. The list
//! is an argument; nothing is read from disk here.

use std::collections::HashSet;

use courant_model::{CanonicalUrl, HostRule, Language, OutletId};

use crate::sources::Keys;

/// One newsroom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newsroom {
    /// Its id.
    pub id: OutletId,
    /// The languages it publishes in.
    pub languages: Vec<Language>,
    /// Its names: those of a language where one is given, else its own.
    pub names: Vec<(Option<Language>, String)>,
    /// Which addresses are its own.
    pub hosts: Vec<HostRule>,
}

/// The newsrooms that are known.
#[derive(Debug, Clone, Default)]
pub struct Newsrooms {
    newsrooms: Vec<Newsroom>,
    keys: Option<Keys>,
}

impl Newsrooms {
    /// Keeps `newsrooms` for look-ups. Of several with one name the earlier are preferred.
    pub fn new(newsrooms: Vec<Newsroom>) -> Self {
        let keys = Keys::of(
            newsrooms
                .iter()
                .enumerate()
                .flat_map(|(at, newsroom)| newsroom.names.iter().map(move |(_, name)| (at, name.as_str()))),
        );
        Self { newsrooms, keys: Some(keys) }
    }

    /// Whether `text` may name any of them; most texts do not.
    pub(crate) fn may_be_in(&self, text: &str) -> bool {
        self.keys.as_ref().is_some_and(|keys| keys.are_in(text))
    }

    /// The newsroom that `url` belongs to: the longest host and path decide.
    pub(crate) fn at(&self, url: &CanonicalUrl) -> Option<&Newsroom> {
        let place = url.host_and_path();
        let (authority, path) = place.find('/').map_or((place, ""), |at| place.split_at(at));
        let covered = |newsroom: &Newsroom| newsroom.hosts.iter().filter_map(|rule| rule.covers(authority, path)).max();
        let known = self.newsrooms.iter().filter_map(|newsroom| Some((covered(newsroom)?, newsroom)));
        known.max_by_key(|(covered, _)| *covered).map(|(_, newsroom)| newsroom)
    }

    /// Adds the places in the list of those whom `text` may name.
    pub(crate) fn named_in(&self, text: &str, found: &mut HashSet<usize>) {
        if let Some(keys) = &self.keys {
            keys.owners_in(text, found);
        }
    }

    /// The names that a text in `language` may call those at `places` by: their own, those of that
    /// language, of the languages they publish in, and English ones, which travel.
    pub(crate) fn names_in<'s>(
        &'s self,
        language: Language,
        places: &'s HashSet<usize>,
    ) -> impl Iterator<Item = (&'s Newsroom, &'s str)> {
        let english = Language::parse("en");
        let chosen = self.newsrooms.iter().enumerate().filter(|(at, _)| places.contains(at));
        chosen.flat_map(move |(_, newsroom)| {
            let fits = move |of: &Option<Language>| {
                of.is_none_or(|of| of == language || of == english || newsroom.languages.contains(&of))
            };
            newsroom.names.iter().filter(move |(of, _)| fits(of)).map(move |(_, name)| (newsroom, name.as_str()))
        })
    }
}
