//! The newsrooms that an article may credit, by all their names, as the catalogue lists them. The list
//! is an argument; nothing is read from disk here.

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
        let keys = Keys::of(newsrooms.iter().flat_map(|newsroom| newsroom.names.iter().map(|(_, name)| name.as_str())));
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

    /// The names that a text in `language` may call them by: their own, those of that language, of
    /// the languages they publish in, and English ones, which travel.
    pub(crate) fn names_in(&self, language: Language) -> impl Iterator<Item = (&Newsroom, &str)> {
        let english = Language::parse("en");
        self.newsrooms.iter().flat_map(move |newsroom| {
            let fits = move |of: &Option<Language>| {
                of.is_none_or(|of| of == language || of == english || newsroom.languages.contains(&of))
            };
            newsroom.names.iter().filter(move |(of, _)| fits(of)).map(move |(_, name)| (newsroom, name.as_str()))
        })
    }
}
