//! An article, as it grows: a [`Reading`] of one page, a [`Draft`] for the record, an [`Article`]
//! that the record keeps, and its [`Revision`]s.

use jiff::Timestamp;

use crate::{ArticleId, CanonicalUrl, Dated, Language, OutletId, Rights, StoryId};

/// What a page turned out to be. Only [`PageKind::Article`] ever becomes an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageKind {
    /// One piece of journalism.
    Article,
    /// A front page, a section, a list.
    Index,
    /// A page that asks for consent before it shows anything.
    ConsentWall,
    /// A page that asks whether the visitor is a person.
    Challenge,
    /// A page that asks for an account.
    Login,
    /// "Not found", said with status 200.
    SoftNotFound,
    /// Anything else: empty shells, files, players.
    Other,
}

impl PageKind {
    const ALL: [Self; 7] =
        [Self::Article, Self::Index, Self::ConsentWall, Self::Challenge, Self::Login, Self::SoftNotFound, Self::Other];

    /// The name that the record and the outside shapes use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Index => "index",
            Self::ConsentWall => "consent-wall",
            Self::Challenge => "challenge",
            Self::Login => "login",
            Self::SoftNotFound => "soft-404",
            Self::Other => "other",
        }
    }

    /// Reads what [`Self::as_str`] wrote.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Who wrote a piece.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Author {
    /// The name as printed, without "By".
    pub name: String,
    /// An agency, a newsroom or another organisation rather than a person.
    pub organisation: bool,
}

/// A picture of an article. Courant keeps what is said about it, never the picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    /// Absolute address.
    pub url: String,
    /// What the caption says, without the credit.
    pub caption: Option<String>,
    /// Photographer and agency as printed: `Angela Weiss / AFP`.
    pub credit: Option<String>,
}

/// A link out of the article's own text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub url: CanonicalUrl,
    /// The words that carry it.
    pub anchor: String,
    /// The sentence around it, where one was found.
    pub sentence: Option<String>,
}

/// An outlet that an article names as the source of something it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Whose work is credited.
    pub outlet: OutletId,
    /// Its name as printed, cases and prefixes and all.
    pub name: String,
    /// The sentence that credits it.
    pub sentence: String,
    /// Whether that sentence links to the outlet.
    pub linked: bool,
}

/// A claim that the page reviews, as it says itself (schema.org `ClaimReview`).
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// What was claimed.
    pub claim: String,
    /// Who claimed it.
    pub claimant: Option<String>,
    /// What the reviewers found.
    pub rating: Rating,
    /// Where the review stands, absolute.
    pub url: Option<String>,
    /// When it was reviewed.
    pub reviewed: Option<Dated>,
    /// When it was claimed.
    pub claimed: Option<Dated>,
}

/// A verdict on a claim: in words, as a number on the reviewers' own scale, or both.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rating {
    /// In words: `Mostly false`.
    pub name: Option<String>,
    /// As a number; finite.
    pub value: Option<f64>,
    /// The number that stands for true.
    pub best: Option<f64>,
    /// The number that stands for false.
    pub worst: Option<f64>,
}

/// The same article in another language, as the page itself says (`hreflang`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// Its language.
    pub language: Language,
    /// Its address.
    pub url: CanonicalUrl,
}

/// What one page says: the result of reading it. Text is plain, paragraphs parted by one empty line.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What the page is. All below may be empty where it is no article.
    pub kind: PageKind,
    /// The address that the page gives itself.
    pub canonical: Option<CanonicalUrl>,
    /// Headline without outlet suffix.
    pub title: String,
    /// The paragraph under the headline, where the page sets one apart.
    pub standfirst: Option<String>,
    /// In the order printed.
    pub authors: Vec<Author>,
    /// First published.
    pub published: Option<Dated>,
    /// Last changed, as the page says.
    pub modified: Option<Dated>,
    /// The section of the outlet.
    pub section: Option<String>,
    /// Keywords as the outlet gives them.
    pub tags: Vec<String>,
    /// The language of the text, `und` where unsure.
    pub language: Language,
    /// How sure, 0 to 1.
    pub confidence: f32,
    /// The article's own paragraphs.
    pub body: String,
    /// Its pictures.
    pub images: Vec<Image>,
    /// Links in its text.
    pub links: Vec<Link>,
    /// The outlets that it credits, in the order of the text.
    pub credits: Vec<Credit>,
    /// The claims that it reviews.
    pub claims: Vec<Claim>,
    /// Its translations.
    pub translations: Vec<Translation>,
    /// Only a part is shown to those who do not pay.
    pub paywalled: bool,
    /// Place before the first words: `PARIS`.
    pub dateline: Option<String>,
    /// The agency that the text is credited to.
    pub agency: Option<String>,
    /// The outlet's name as the page says it.
    pub site_name: Option<String>,
    /// The character encoding that the bytes were read by (WHATWG name).
    pub encoding: String,
    /// What the page's markup asks of archives and indexes.
    pub rights: Rights,
    /// Version of the extractor that made this reading.
    pub extractor: u32,
    /// What was odd, and how it was read all the same.
    pub notes: Vec<String>,
}

impl Reading {
    /// A reading that holds nothing, of a page of this kind.
    pub fn empty(kind: PageKind) -> Self {
        Self {
            kind,
            canonical: None,
            title: String::new(),
            standfirst: None,
            authors: Vec::new(),
            published: None,
            modified: None,
            section: None,
            tags: Vec::new(),
            language: Language::UND,
            confidence: 0.0,
            body: String::new(),
            images: Vec::new(),
            links: Vec::new(),
            credits: Vec::new(),
            claims: Vec::new(),
            translations: Vec::new(),
            paywalled: false,
            dateline: None,
            agency: None,
            site_name: None,
            encoding: "UTF-8".to_owned(),
            rights: Rights::default(),
            extractor: 0,
            notes: Vec::new(),
        }
    }

    /// The authors as one line, `Ada Bell, Jon Orr`; empty where none is known.
    pub fn byline(&self) -> String {
        byline(&self.authors)
    }
}

fn byline(authors: &[Author]) -> String {
    authors.iter().map(|author| author.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Where a capture lies in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// Name of the WARC file, relative to the archive's place.
    pub file: String,
    /// Where the response record's gzip member begins, in bytes.
    pub offset: u64,
    /// `sha1:` and base32 of the payload, as in `WARC-Payload-Digest`.
    pub digest: String,
    /// When it was fetched.
    pub at: Timestamp,
}

/// An article on its way into the record: a reading, and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The canonical URL: what the page says, where it may say so, else the final address.
    pub url: CanonicalUrl,
    /// Other addresses that led to it (asked, redirected, final).
    pub aliases: Vec<CanonicalUrl>,
    /// Decided by the final address.
    pub outlet: OutletId,
    /// What the page says; its kind is `Article`.
    pub reading: Reading,
    /// The capture it was read from; `None` where the page may not be kept.
    pub capture: Option<Capture>,
    /// When it was fetched or imported.
    pub seen: Timestamp,
    /// The feed, sitemap or file that named it.
    pub found_via: Option<String>,
}

/// An article as the record keeps it, but for its text: lists never load bodies, so the words
/// stand in the [`Revision`].
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// From its first canonical URL, for good.
    pub id: ArticleId,
    /// Its canonical URL as last seen.
    pub url: CanonicalUrl,
    /// Whose it is.
    pub outlet: OutletId,
    /// As in [`Reading`].
    pub language: Language,
    /// As in [`Reading`].
    pub confidence: f32,
    /// The title of the current revision.
    pub title: String,
    /// The standfirst of the current revision.
    pub standfirst: Option<String>,
    /// The authors of the current revision.
    pub authors: Vec<Author>,
    /// As in [`Reading`].
    pub published: Option<Dated>,
    /// As in [`Reading`].
    pub modified: Option<Dated>,
    /// As in [`Reading`].
    pub section: Option<String>,
    /// As in [`Reading`].
    pub tags: Vec<String>,
    /// As in [`Reading`].
    pub images: Vec<Image>,
    /// As in [`Reading`].
    pub links: Vec<Link>,
    /// As in [`Reading`].
    pub credits: Vec<Credit>,
    /// As in [`Reading`].
    pub claims: Vec<Claim>,
    /// As in [`Reading`].
    pub translations: Vec<Translation>,
    /// As in [`Reading`].
    pub paywalled: bool,
    /// As in [`Reading`].
    pub dateline: Option<String>,
    /// As in [`Reading`].
    pub agency: Option<String>,
    /// Of the page's header and markup together.
    pub rights: Rights,
    /// When Courant first saw it.
    pub first_seen: Timestamp,
    /// When Courant last looked and it was there.
    pub last_seen: Timestamp,
    /// Number of the current revision, from 1.
    pub revision: u32,
    /// When the current revision was first seen.
    pub revised: Timestamp,
    /// When the outlet took it away; `None` while it stands.
    pub withdrawn: Option<Timestamp>,
    /// The story it is placed in, once the curator has read it.
    pub story: Option<StoryId>,
}

impl Article {
    /// The authors as one line; empty where none is known.
    pub fn byline(&self) -> String {
        byline(&self.authors)
    }

    /// The moment that stories, lists and the index sort by: published where known, else first seen.
    pub fn moment(&self) -> Timestamp {
        self.published.map_or(self.first_seen, |dated| dated.instant)
    }
}

/// What an article said at one time. A new one is kept when title, standfirst, byline or body changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Whose revision this is.
    pub article: ArticleId,
    /// 1, 2, 3 …
    pub number: u32,
    /// When it was first seen.
    pub seen: Timestamp,
    /// Version of the extractor that read it: revisions of different versions are never compared.
    pub extractor: u32,
    /// As in [`Reading`].
    pub title: String,
    /// As in [`Reading`].
    pub standfirst: Option<String>,
    /// The authors as one line.
    pub byline: String,
    /// As in [`Reading`].
    pub body: String,
    /// What changed since the one before: of `title`, `standfirst`, `byline`, `body`; empty in the first.
    pub changed: Vec<String>,
    /// The capture it was read from.
    pub capture: Option<Capture>,
}
