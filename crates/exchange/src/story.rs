//! Stories, their members, and why each member is there.

use courant_model as model;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Article, instant};

/// A story, without its articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Story {
    /// 32 hexadecimal digits, for good. A merged story's id leads to the story that took it in.
    pub id: String,
    /// The title of one of its articles.
    pub title: String,
    /// The language of that title.
    pub language: String,
    /// The article whose title it bears.
    pub title_from: String,
    /// The earliest moment of its articles.
    #[schema(format = DateTime)]
    pub first: String,
    /// The latest moment of its articles.
    #[schema(format = DateTime)]
    pub last: String,
    /// When it last gained, lost or changed an article.
    #[schema(format = DateTime)]
    pub changed: String,
    /// How many articles stand in it.
    pub articles: u32,
    /// The ids of their outlets.
    pub outlets: Vec<String>,
    /// Their languages.
    pub languages: Vec<String>,
}

impl From<&model::Story> for Story {
    fn from(story: &model::Story) -> Self {
        Self {
            id: story.id.to_string(),
            title: story.title.clone(),
            language: story.language.to_string(),
            title_from: story.title_from.to_string(),
            first: instant(story.first),
            last: instant(story.last),
            changed: instant(story.changed),
            articles: story.articles,
            outlets: story.outlets.iter().map(ToString::to_string).collect(),
            languages: story.languages.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Why an article stands in a story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Evidence {
    /// Its words are near the story's.
    Words {
        /// How near: higher is nearer.
        score: f32,
        /// The heaviest words in common.
        shared: Vec<String>,
    },
    /// A page says that it is a translation of a member.
    Translation {
        /// The address that says so.
        url: String,
    },
    /// It links to a page that a member links to, and few others do.
    SharedLink {
        /// The page.
        url: String,
    },
    /// It links to a member, or a member to it.
    Link {
        /// The member's id.
        article: String,
    },
}

impl From<&model::Evidence> for Evidence {
    fn from(evidence: &model::Evidence) -> Self {
        match evidence {
            model::Evidence::Words { score, shared } => Self::Words { score: *score, shared: shared.clone() },
            model::Evidence::Translation(url) => Self::Translation { url: url.clone() },
            model::Evidence::SharedLink(url) => Self::SharedLink { url: url.clone() },
            model::Evidence::Link(article) => Self::Link { article: article.to_string() },
        }
    }
}

/// An article in a story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StoryMember {
    /// The article, short.
    pub article: Article,
    /// When it was placed here.
    #[schema(format = DateTime)]
    pub placed: String,
    /// Why it is here; empty for the founder.
    pub evidence: Vec<Evidence>,
}

impl StoryMember {
    /// The member `member`, whose article is `article`.
    pub fn new(member: &model::StoryMember, article: Article) -> Self {
        Self { article, placed: instant(member.placed), evidence: member.evidence.iter().map(Evidence::from).collect() }
    }
}

/// A story with its articles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StoryAccount {
    /// The story itself.
    #[serde(flatten)]
    pub story: Story,
    /// Its articles, earliest first.
    pub members: Vec<StoryMember>,
    /// The log position that the answer stands on.
    pub as_of: u64,
}

/// A list of stories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stories {
    /// In the order asked.
    pub stories: Vec<Story>,
    /// How many there are in all.
    pub total: u64,
    /// `cursor` of the next page; `null` on the last.
    pub next: Option<String>,
    /// The log position that the answer stands on.
    pub as_of: u64,
}
