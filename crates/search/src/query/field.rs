//! The fields that can stand before a colon.

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Words of the title.
    Title,
    /// Words of the byline.
    Author,
    /// Words that are a name: as written, wherever they stand.
    Name,
    /// The outlet: its id, or a name that the catalogue knows.
    Outlet,
    /// An outlet of this network.
    Network,
    /// The project: its id, or a name that the catalogue knows.
    Project,
    /// An outlet of this country: ISO 3166-1 alpha-2.
    Country,
    /// The article's language: a code of two or three letters.
    Language,
    /// The outlet's own section.
    Section,
    /// One of the outlet's own tags.
    Tag,
    /// The story: its id.
    Story,
    /// The agency that is credited: its id.
    Agency,
    /// An outlet that the article credits or links to, named as in [`Field::Outlet`].
    Cites,
    /// What the article is: `article`, `fact-check`.
    Kind,
    /// What there is of it: `revisions`, `story`, `project`, …
    Has,
    /// How it is: `paywalled`, `withdrawn`, `edited`.
    Is,
    /// What one of its revisions changed: `title`, `standfirst`, `byline`, `text`.
    Changed,
    /// `any`: what pages used to say is looked through as well.
    Revision,
    /// When it was published, else first seen.
    Published,
    /// When it was first seen.
    Seen,
    /// When its current revision was first seen.
    Edited,
}

impl Field {
    const NAMES: [(&'static str, Self); 23] = [
        ("title", Self::Title),
        ("author", Self::Author),
        ("name", Self::Name),
        ("outlet", Self::Outlet),
        ("network", Self::Network),
        ("project", Self::Project),
        ("country", Self::Country),
        ("lang", Self::Language),
        ("language", Self::Language),
        ("section", Self::Section),
        ("tag", Self::Tag),
        ("story", Self::Story),
        ("agency", Self::Agency),
        ("cites", Self::Cites),
        ("kind", Self::Kind),
        ("has", Self::Has),
        ("is", Self::Is),
        ("changed", Self::Changed),
        ("rev", Self::Revision),
        ("published", Self::Published),
        ("date", Self::Published),
        ("seen", Self::Seen),
        ("edited", Self::Edited),
    ];

    /// The name that is written before the colon.
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }

    /// The field of this name, in any case of letters.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, field)| *field)
    }

    /// Whether the field holds words of the article, rather than one fact about it.
    pub fn holds_words(self) -> bool {
        matches!(self, Self::Title | Self::Author | Self::Name)
    }

    /// Whether the field holds a moment.
    pub fn holds_dates(self) -> bool {
        matches!(self, Self::Published | Self::Seen | Self::Edited)
    }
}
