//! One article of the bundled newsroom: its file, and what it is in each edition.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{body::Block, moment::When};

/// `data/demo/articles/<outlet>/<slug>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArticleFile {
    /// On its outlet's host; may hold a query, as old systems' addresses do.
    pub(super) path: String,
    /// The first edition that has it.
    pub(super) edition: u8,
    /// The event it tells, across languages.
    pub(super) story: String,
    pub(super) language: String,
    pub(super) section: Option<String>,
    pub(super) title: String,
    pub(super) standfirst: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) published: When,
    pub(super) modified: Option<When>,
    pub(super) dateline: Option<String>,
    /// The outlet whose wire is credited.
    pub(super) agency: Option<String>,
    /// `outlet/slug` of the wire text that this is a copy of.
    pub(super) copy_of: Option<String>,
    /// `outlet/slug` of the same text in other languages.
    #[serde(default)]
    pub(super) translations: Vec<String>,
    pub(super) project: Option<String>,
    /// The server prints a teaser only.
    #[serde(default)]
    pub(super) paywalled: bool,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    pub(super) body: String,
    #[serde(default)]
    pub(super) images: Vec<Image>,
    pub(super) edition2: Option<Correction>,
}

/// A picture in an article.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Image {
    pub(super) src: String,
    pub(super) caption: Option<String>,
    pub(super) credit: Option<String>,
}

/// What the second edition changes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Correction {
    title: Option<String>,
    standfirst: Option<String>,
    authors: Option<Vec<String>>,
    dateline: Option<String>,
    pub(super) modified: Option<When>,
    pub(super) body: Option<String>,
    images: Option<Vec<Image>>,
    /// Withdrawn: the server answers 410.
    #[serde(default)]
    pub(super) gone: bool,
}

impl Correction {
    /// Whether it changes anything that a reader sees.
    pub(super) fn is_empty(&self) -> bool {
        self.title.is_none()
            && self.standfirst.is_none()
            && self.authors.is_none()
            && self.dateline.is_none()
            && self.body.is_none()
            && self.images.is_none()
    }
}

/// An article of one outlet, checked and ready to be printed.
#[derive(Debug)]
pub(super) struct Article {
    /// Index of its site.
    pub(super) site: usize,
    pub(super) slug: String,
    pub(super) file: ArticleFile,
    /// Path and query as URLs have them.
    pub(super) path: String,
    pub(super) url: String,
    /// Indexes of the same text in other languages, both ways and through each other.
    pub(super) alternates: Vec<usize>,
    /// The text in each edition.
    pub(super) texts: [Vec<Block>; 2],
}

/// What the server has of an article in one edition.
#[derive(Debug)]
pub(super) enum Presence<'a> {
    NotYet,
    Here(Version<'a>),
    Gone,
}

/// An article as one edition has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version<'a> {
    pub(super) title: &'a str,
    pub(super) standfirst: Option<&'a str>,
    pub(super) authors: &'a [String],
    pub(super) dateline: Option<&'a str>,
    pub(super) modified: Option<&'a When>,
    pub(super) images: &'a [Image],
    pub(super) text: &'a [Block],
}

impl Article {
    /// What edition 1 or 2 has of this article.
    pub(super) fn in_edition(&self, edition: u8) -> Presence<'_> {
        let file = &self.file;
        if edition < file.edition {
            return Presence::NotYet;
        }
        let correction = file.edition2.as_ref().filter(|_| edition >= 2);
        if correction.is_some_and(|c| c.gone) {
            return Presence::Gone;
        }
        Presence::Here(Version {
            title: correction.and_then(|c| c.title.as_deref()).unwrap_or(&file.title),
            standfirst: correction.and_then(|c| c.standfirst.as_deref()).or(file.standfirst.as_deref()),
            authors: correction.and_then(|c| c.authors.as_deref()).unwrap_or(&file.authors),
            dateline: correction.and_then(|c| c.dateline.as_deref()).or(file.dateline.as_deref()),
            modified: correction.and_then(|c| c.modified.as_ref()).or(file.modified.as_ref()),
            images: correction.and_then(|c| c.images.as_deref()).unwrap_or(&file.images),
            text: &self.texts[usize::from(edition >= 2)],
        })
    }

    /// The article as this edition has it, where the server has it.
    pub(super) fn here(&self, edition: u8) -> Option<Version<'_>> {
        match self.in_edition(edition) {
            Presence::Here(version) => Some(version),
            Presence::NotYet | Presence::Gone => None,
        }
    }

    /// All pictures of all editions.
    pub(super) fn pictures(&self) -> HashSet<&str> {
        let later = self.file.edition2.iter().filter_map(|c| c.images.as_ref()).flatten();
        self.file.images.iter().chain(later).map(|i| i.src.as_str()).collect()
    }
}

/// An article in a list, as templates see it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Teaser<'a> {
    pub(super) title: &'a str,
    pub(super) standfirst: Option<&'a str>,
    pub(super) path: &'a str,
    pub(super) url: &'a str,
    pub(super) section: Option<&'a str>,
    pub(super) language: &'a str,
    pub(super) authors: &'a [String],
    pub(super) published: &'a When,
    pub(super) modified: Option<&'a When>,
    pub(super) paywalled: bool,
}

impl<'a> Teaser<'a> {
    pub(super) fn of(article: &'a Article, version: Version<'a>) -> Teaser<'a> {
        Teaser {
            title: version.title,
            standfirst: version.standfirst,
            path: &article.path,
            url: &article.url,
            section: article.file.section.as_deref(),
            language: &article.file.language,
            authors: version.authors,
            published: &article.file.published,
            modified: version.modified,
            paywalled: article.file.paywalled,
        }
    }
}
