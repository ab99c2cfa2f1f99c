//! An article: the short shape that lists hold, and the whole one with links, pictures and text.

use courant_model as model;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Dated, instant};

/// An article as it is now. `images`, `links`, `credits`, `claims`, `translations`, `rights` and `text` are there only
/// where the whole article is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Article {
    /// 32 hexadecimal digits, for good.
    pub id: String,
    /// Its canonical URL.
    pub url: String,
    /// The outlet's id.
    pub outlet: String,
    /// The outlet's own name; its id where nobody listed it.
    pub outlet_name: String,
    /// ISO 639-1 where one exists, else 639-3; `und` where unsure.
    pub language: String,
    /// How sure the language is, 0 to 1.
    pub language_confidence: f32,
    /// The headline.
    pub title: String,
    /// The paragraph under the headline.
    pub standfirst: Option<String>,
    /// In the order printed.
    pub authors: Vec<Author>,
    /// First published, as the page, the feed or the import said.
    pub published: Option<Dated>,
    /// Last changed, as the page said.
    pub modified: Option<Dated>,
    /// The section of the outlet.
    pub section: Option<String>,
    /// Keywords as the outlet gives them.
    pub tags: Vec<String>,
    /// The place before the first words.
    pub dateline: Option<String>,
    /// The agency that the text is credited to.
    pub agency: Option<String>,
    /// Only a part is shown to those who do not pay.
    pub paywalled: bool,
    /// When Courant first saw it.
    #[schema(format = DateTime)]
    pub first_seen: String,
    /// When Courant last looked and it was there.
    #[schema(format = DateTime)]
    pub last_seen: String,
    /// Number of the current revision, from 1.
    pub revision: u32,
    /// When the current revision was first seen.
    #[schema(format = DateTime)]
    pub revised: String,
    /// When the outlet took it away.
    #[schema(format = DateTime)]
    pub withdrawn: Option<String>,
    /// The story it is placed in.
    pub story: Option<String>,
    /// Its pictures: what is said about them, and where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<Vec<Image>>,
    /// Links in its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<Vec<Link>>,
    /// The outlets that it credits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credits: Option<Vec<Credit>>,
    /// The claims that it reviews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<Vec<Claim>>,
    /// The same article in other languages, as the page says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translations: Option<Vec<Translation>>,
    /// What the publisher asks of those who keep and show the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<Rights>,
    /// Its text, paragraphs parted by an empty line; only for readers who may have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Article {
    /// The short shape, as lists show it: of the standfirst no more than the publisher allows.
    pub fn listed(article: &model::Article, catalogue: &model::Catalogue) -> Self {
        Self {
            id: article.id.to_string(),
            url: article.url.to_string(),
            outlet: article.outlet.to_string(),
            outlet_name: outlet_name(&article.outlet, catalogue),
            language: article.language.to_string(),
            language_confidence: article.confidence,
            title: article.title.clone(),
            standfirst: article.standfirst.as_deref().map(|standfirst| article.rights.excerpt(standfirst).to_owned()),
            authors: article.authors.iter().map(Author::from).collect(),
            published: article.published.map(Dated::from),
            modified: article.modified.map(Dated::from),
            section: article.section.clone(),
            tags: article.tags.clone(),
            dateline: article.dateline.clone(),
            agency: article.agency.clone(),
            paywalled: article.paywalled,
            first_seen: instant(article.first_seen),
            last_seen: instant(article.last_seen),
            revision: article.revision,
            revised: instant(article.revised),
            withdrawn: article.withdrawn.map(instant),
            story: article.story.map(|story| story.to_string()),
            images: None,
            links: None,
            credits: None,
            claims: None,
            translations: None,
            rights: None,
            text: None,
        }
    }

    /// The whole shape; `text` where the reader may have it.
    pub fn whole(article: &model::Article, catalogue: &model::Catalogue, text: Option<String>) -> Self {
        Self {
            images: Some(article.images.iter().map(Image::from).collect()),
            links: Some(article.links.iter().map(Link::from).collect()),
            credits: Some(article.credits.iter().map(Credit::from).collect()),
            claims: Some(article.claims.iter().map(Claim::from).collect()),
            translations: Some(article.translations.iter().map(Translation::from).collect()),
            rights: Some(Rights::from(&article.rights)),
            standfirst: article.standfirst.clone(),
            text,
            ..Self::listed(article, catalogue)
        }
    }
}

/// The name of an outlet, or its id where the catalogue has none.
pub(crate) fn outlet_name(id: &model::OutletId, catalogue: &model::Catalogue) -> String {
    catalogue.outlet(id).map_or_else(|| id.to_string(), |outlet| outlet.name.clone())
}

/// Who links whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Citations {
    /// Known articles that this one links to.
    pub cites: Vec<Article>,
    /// Known articles that link to this one.
    pub cited_by: Vec<Article>,
    /// The log position that the answer stands on.
    pub as_of: u64,
}

/// Who wrote a piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Author {
    /// The name as printed.
    pub name: String,
    /// An agency, a newsroom or another organisation rather than a person.
    pub organisation: bool,
}

impl From<&model::Author> for Author {
    fn from(author: &model::Author) -> Self {
        Self { name: author.name.clone(), organisation: author.organisation }
    }
}

/// A picture: what is said about it. Courant keeps no pictures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Image {
    /// Where it is.
    pub url: String,
    /// What the caption says.
    pub caption: Option<String>,
    /// Photographer and agency as printed.
    pub credit: Option<String>,
}

impl From<&model::Image> for Image {
    fn from(image: &model::Image) -> Self {
        Self { url: image.url.clone(), caption: image.caption.clone(), credit: image.credit.clone() }
    }
}

/// A link out of the article's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Link {
    /// Where it leads.
    pub url: String,
    /// The words that carry it.
    pub anchor: String,
    /// The sentence around it.
    pub sentence: Option<String>,
}

impl From<&model::Link> for Link {
    fn from(link: &model::Link) -> Self {
        Self { url: link.url.to_string(), anchor: link.anchor.clone(), sentence: link.sentence.clone() }
    }
}

/// An outlet that an article names as the source of something it tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Credit {
    /// The outlet's id.
    pub outlet: String,
    /// Its name as printed.
    pub name: String,
    /// The sentence that credits it.
    pub sentence: String,
    /// Whether that sentence links to the outlet.
    pub linked: bool,
}

impl From<&model::Credit> for Credit {
    fn from(credit: &model::Credit) -> Self {
        Self {
            outlet: credit.outlet.to_string(),
            name: credit.name.clone(),
            sentence: credit.sentence.clone(),
            linked: credit.linked,
        }
    }
}

/// A claim that an article reviews (schema.org `ClaimReview`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Claim {
    /// What was claimed.
    pub claim: String,
    /// Who claimed it.
    pub claimant: Option<String>,
    /// The verdict in words.
    pub rating: Option<String>,
    /// The verdict on the reviewers' own scale.
    pub rating_value: Option<f64>,
    /// The number that stands for true.
    pub best_rating: Option<f64>,
    /// The number that stands for false.
    pub worst_rating: Option<f64>,
    /// Where the review stands.
    pub url: Option<String>,
    /// When it was reviewed.
    pub reviewed: Option<Dated>,
    /// When it was claimed.
    pub claimed: Option<Dated>,
}

impl From<&model::Claim> for Claim {
    fn from(claim: &model::Claim) -> Self {
        Self {
            claim: claim.claim.clone(),
            claimant: claim.claimant.clone(),
            rating: claim.rating.name.clone(),
            rating_value: claim.rating.value,
            best_rating: claim.rating.best,
            worst_rating: claim.rating.worst,
            url: claim.url.clone(),
            reviewed: claim.reviewed.map(Dated::from),
            claimed: claim.claimed.map(Dated::from),
        }
    }
}

/// The same article in another language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Translation {
    /// Its language.
    pub language: String,
    /// Its address.
    pub url: String,
}

impl From<&model::Translation> for Translation {
    fn from(translation: &model::Translation) -> Self {
        Self { language: translation.language.to_string(), url: translation.url.to_string() }
    }
}

/// What a publisher asks of those who keep and show a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rights {
    /// Not to be found by search.
    pub noindex: bool,
    /// No copy is kept.
    pub noarchive: bool,
    /// No words of the text are shown in results.
    pub nosnippet: bool,
    /// Results show at most so many characters of the text.
    pub max_snippet: Option<u32>,
    /// Its links are not followed.
    pub nofollow: bool,
    /// Not to be given to those who train models.
    pub noai: bool,
    /// Not to be shown after this moment.
    #[schema(format = DateTime)]
    pub unavailable_after: Option<String>,
    /// Text and data mining is reserved.
    pub tdm_reserved: bool,
    /// Where its conditions are.
    pub tdm_policy: Option<String>,
    /// The statements as found.
    pub evidence: Vec<String>,
}

impl From<&model::Rights> for Rights {
    fn from(rights: &model::Rights) -> Self {
        Self {
            noindex: rights.noindex,
            noarchive: rights.noarchive,
            nosnippet: rights.nosnippet,
            max_snippet: rights.max_snippet,
            nofollow: rights.nofollow,
            noai: rights.noai,
            unavailable_after: rights.unavailable_after.map(instant),
            tdm_reserved: rights.tdm_reserved == Some(true),
            tdm_policy: rights.tdm_policy.clone(),
            evidence: rights.evidence.clone(),
        }
    }
}
