//! Hard evidence: what pages themselves say about belonging together.

use std::collections::BTreeMap;

use courant_model::{ArticleId, Evidence, StoryFeatures};

use crate::memory::{ArticleKey, Memory, StoryKey};
use crate::{Placer, Settings};

/// How much one piece of evidence weighs when several stories compete for an article. A page that
/// names its translation is believed before any number of links; a link to the member itself
/// before a source in common.
fn weight(evidence: &Evidence) -> f32 {
    match evidence {
        Evidence::Translation(_) => 100.0,
        Evidence::Link(_) => 3.0,
        Evidence::SharedLink(_) => 1.0,
        Evidence::Words { score, .. } => *score,
    }
}

/// A story that evidence points to.
pub(crate) struct Pointed {
    pub(crate) story: StoryKey,
    pub(crate) evidence: Vec<Evidence>,
}

impl Pointed {
    /// Whether a page names its translation: that holds at any distance in time.
    pub(crate) fn is_translation(&self) -> bool {
        self.evidence.iter().any(|piece| matches!(piece, Evidence::Translation(_)))
    }
}

impl Placer {
    /// The stories that the pages' own words point to, weightiest first (then the oldest).
    pub(crate) fn pointed(&self, features: &StoryFeatures) -> Vec<Pointed> {
        let memory = &self.memory;
        let mut found: BTreeMap<StoryKey, Vec<Evidence>> = BTreeMap::new();
        let mut add = |article: ArticleKey, evidence: Evidence| {
            if let Some(placed) = memory.articles.get(&article)
                && article != features.article.bytes()
            {
                let pieces = found.entry(placed.story).or_default();
                if !pieces.contains(&evidence) {
                    pieces.push(evidence);
                }
            }
        };
        for (article, address) in translations(memory, features) {
            add(article, Evidence::Translation(address));
        }
        for article in linked(memory, features, &self.settings) {
            add(article, Evidence::Link(ArticleId::from_bytes(article)));
        }
        for (article, address) in shared_links(memory, features, &self.settings) {
            add(article, Evidence::SharedLink(address));
        }
        let age = |story: &StoryKey| memory.stories.get(story).map_or(u64::MAX, |memory| memory.age);
        let mut pointed: Vec<Pointed> =
            found.into_iter().map(|(story, evidence)| Pointed { story, evidence }).collect();
        let total = |pointed: &Pointed| pointed.evidence.iter().map(weight).sum::<f32>();
        pointed.sort_by(|a, b| total(b).total_cmp(&total(a)).then(age(&a.story).cmp(&age(&b.story))));
        pointed
    }
}

/// Members that this article names as its translation, or that name it as theirs.
fn translations(memory: &Memory, features: &StoryFeatures) -> Vec<(ArticleKey, String)> {
    let named =
        features.translations.iter().filter_map(|url| memory.at.get(url).map(|article| (*article, url.clone())));
    let naming = features
        .urls
        .iter()
        .flat_map(|url| memory.translated_at.get(url).into_iter().flatten().map(|article| (*article, url.clone())));
    named.chain(naming).filter(|(article, _)| speaks_another(memory, features, *article)).collect()
}

/// Members in another language that this article links to or that link to it, published about the
/// same time.
fn linked(memory: &Memory, features: &StoryFeatures, settings: &Settings) -> Vec<ArticleKey> {
    let to = features.links.iter().filter_map(|url| memory.at.get(url)).copied();
    let from = features.urls.iter().filter_map(|url| memory.linked_from.get(url)).flatten().copied();
    to.chain(from)
        .filter(|article| {
            speaks_another(memory, features, *article) && near_in_time(memory, features, *article, settings)
        })
        .collect()
}

/// Members in another language that link to a document this article links to, published about
/// the same time. A document that tells stories of one language apart in no way (several of them
/// cite it) or that everybody cites is no evidence.
fn shared_links(memory: &Memory, features: &StoryFeatures, settings: &Settings) -> Vec<(ArticleKey, String)> {
    let mut shared = Vec::new();
    for url in &features.links {
        let Some(users) = memory.linked_from.get(url) else { continue };
        if is_front_page(url) || users.len() > settings.link_uses || is_ambiguous(memory, users) {
            continue;
        }
        for article in users {
            if speaks_another(memory, features, *article) && near_in_time(memory, features, *article, settings) {
                shared.push((*article, url.clone()));
            }
        }
    }
    shared
}

fn speaks_another(memory: &Memory, features: &StoryFeatures, article: ArticleKey) -> bool {
    let placed = memory.articles.get(&article);
    let strand = placed.and_then(|placed| memory.strands.get(&placed.strand));
    strand.is_some_and(|strand| strand.language != features.language.as_str())
}

fn near_in_time(memory: &Memory, features: &StoryFeatures, article: ArticleKey, settings: &Settings) -> bool {
    memory.articles.get(&article).is_some_and(|placed| {
        let seconds = (placed.moment - features.moment.as_second()).unsigned_abs();
        seconds as f32 <= settings.link_days * 86_400.0
    })
}

/// Whether articles of one language in different stories cite it.
fn is_ambiguous(memory: &Memory, users: &[ArticleKey]) -> bool {
    let mut stories: BTreeMap<&str, StoryKey> = BTreeMap::new();
    users.iter().filter_map(|article| memory.articles.get(article)).any(|placed| {
        let Some(strand) = memory.strands.get(&placed.strand) else { return false };
        *stories.entry(strand.language.as_str()).or_insert(placed.story) != placed.story
    })
}

/// A front page or a section says nothing about which story is meant.
fn is_front_page(url: &str) -> bool {
    url.split('?').next().unwrap_or_default().trim_end_matches('/').matches('/').count() < 2
}
