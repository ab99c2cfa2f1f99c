//! Hard evidence: what pages themselves say about belonging together.
//!
//! Between languages it decides; within one it only adds to what words say. A page that names its
//! translation is believed. Links are weaker, for citing is not belonging: two articles are kin
//! when most of what they link to, and they themselves, are the same addresses.

use std::collections::{BTreeMap, BTreeSet};

use courant_model::{ArticleId, Evidence, StoryFeatures};

use crate::Placer;
use crate::memory::{ArticleKey, StoryKey, StrandKey};

/// So many documents in common count within a language.
const MOST_SHARED: usize = 2;

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
    /// The stories with members in other languages that the pages' own words point to, weightiest
    /// first (then the oldest).
    pub(crate) fn pointed(&self, features: &StoryFeatures) -> Vec<Pointed> {
        let memory = &self.memory;
        let mut found: BTreeMap<StoryKey, Vec<Evidence>> = BTreeMap::new();
        let mut add = |article: ArticleKey, evidence: Evidence| {
            if let Some(placed) = memory.articles.get(&article) {
                let pieces = found.entry(placed.story).or_default();
                if !pieces.contains(&evidence) {
                    pieces.push(evidence);
                }
            }
        };
        for (article, address) in self.translations(features) {
            add(article, Evidence::Translation(address));
        }
        let own = sources(&features.urls, &features.links);
        let kin = |article: &ArticleKey| {
            !self.speaks_its_language(features, *article)
                && self.is_near(features, *article, self.settings.link_days)
                && self.kinship(&own, *article) > self.settings.kinship
        };
        for article in self.linked(features).filter(kin) {
            add(article, Evidence::Link(ArticleId::from_bytes(article)));
        }
        for (address, users) in self.shared(features) {
            users.iter().filter(|user| kin(user)).for_each(|user| add(*user, Evidence::SharedLink(address.to_owned())));
        }
        let age = |story: &StoryKey| memory.stories.get(story).map_or(u64::MAX, |memory| memory.age);
        let mut pointed: Vec<Pointed> =
            found.into_iter().map(|(story, evidence)| Pointed { story, evidence }).collect();
        let total = |pointed: &Pointed| pointed.evidence.iter().map(weight).sum::<f32>();
        pointed.sort_by(|a, b| total(b).total_cmp(&total(a)).then(age(&a.story).cmp(&age(&b.story))));
        pointed
    }

    /// By strand of the article's own language: what links add to the score of its words. They
    /// make a follow-up of words that are near but not near enough; alone they make nothing.
    pub(crate) fn ties(&self, features: &StoryFeatures) -> BTreeMap<StrandKey, f32> {
        let mut links: BTreeMap<StrandKey, (bool, BTreeSet<&str>)> = BTreeMap::new();
        let strand = |article: &ArticleKey| {
            let own = self.speaks_its_language(features, *article)
                && self.is_near(features, *article, self.settings.tie_days);
            self.memory.articles.get(article).filter(|_| own).map(|placed| placed.strand)
        };
        for strand in self.linked(features).filter_map(|article| strand(&article)) {
            links.entry(strand).or_default().0 = true;
        }
        for (address, users) in self.shared(features) {
            for strand in users.iter().filter_map(strand) {
                links.entry(strand).or_default().1.insert(address);
            }
        }
        let worth = |(direct, shared): (bool, BTreeSet<&str>)| {
            let direct = if direct { self.settings.link_bonus } else { 0.0 };
            let shared = self.settings.shared_link_bonus * shared.len().min(MOST_SHARED) as f32;
            (direct + shared).min(self.settings.most_bonus)
        };
        links.into_iter().map(|(strand, links)| (strand, worth(links))).collect()
    }

    /// Members in another language that this article names as its translation, or that name it as
    /// theirs, each with the address that was named.
    fn translations(&self, features: &StoryFeatures) -> Vec<(ArticleKey, String)> {
        let memory = &self.memory;
        let named =
            features.translations.iter().filter_map(|url| memory.at.get(url).map(|article| (*article, url.clone())));
        let naming = features
            .urls
            .iter()
            .flat_map(|url| memory.translated_at.get(url).into_iter().flatten().map(|article| (*article, url.clone())));
        named.chain(naming).filter(|(article, _)| !self.speaks_its_language(features, *article)).collect()
    }

    /// Members that this article links to, and those that link to it.
    fn linked<'a>(&'a self, features: &'a StoryFeatures) -> impl Iterator<Item = ArticleKey> + 'a {
        let to = features.links.iter().filter_map(|url| self.memory.at.get(url));
        let from = features.urls.iter().filter_map(|url| self.memory.linked_from.get(url)).flatten();
        to.chain(from).copied().filter(|article| *article != features.article.bytes())
    }

    /// The documents that this article links to, with the members that do so too. Of a language
    /// whose stories the document does not tell apart (several cite it), or in which everybody
    /// cites it, nobody counts; if that is the article's own language, the document is no evidence.
    fn shared<'a>(&'a self, features: &'a StoryFeatures) -> Vec<(&'a str, Vec<ArticleKey>)> {
        let memory = &self.memory;
        let mut found = Vec::new();
        for url in features.links.iter().filter(|url| !is_front_page(url)) {
            let mut by_language: BTreeMap<&str, Vec<(ArticleKey, StoryKey)>> = BTreeMap::new();
            let users = memory.linked_from.get(url).into_iter().flatten();
            for article in users.filter(|article| **article != features.article.bytes()) {
                let Some(placed) = memory.articles.get(article) else { continue };
                let Some(strand) = memory.strands.get(&placed.strand) else { continue };
                by_language.entry(&strand.language).or_default().push((*article, placed.story));
            }
            let telling = |users: &Vec<(ArticleKey, StoryKey)>| {
                users.len() <= self.settings.link_uses && users.windows(2).all(|pair| pair[0].1 == pair[1].1)
            };
            if by_language.get(features.language.as_str()).is_none_or(telling) {
                let users = by_language.into_values().filter(telling).flatten().map(|(article, _)| article).collect();
                found.push((url.as_str(), users));
            }
        }
        found
    }

    /// Cosine of what the article and a member point to, themselves among it.
    fn kinship(&self, own: &BTreeSet<&str>, article: ArticleKey) -> f32 {
        let Some(placed) = self.memory.articles.get(&article) else { return 0.0 };
        let theirs = sources(&placed.urls, &placed.links);
        let shared = own.intersection(&theirs).count() as f32;
        shared / (own.len() as f32 * theirs.len() as f32).sqrt().max(1.0)
    }

    fn speaks_its_language(&self, features: &StoryFeatures, article: ArticleKey) -> bool {
        let placed = self.memory.articles.get(&article);
        let strand = placed.and_then(|placed| self.memory.strands.get(&placed.strand));
        strand.is_some_and(|strand| strand.language == features.language.as_str())
    }

    fn is_near(&self, features: &StoryFeatures, article: ArticleKey, days: f32) -> bool {
        self.memory.articles.get(&article).is_some_and(|placed| {
            let seconds = (placed.moment - features.moment.as_second()).unsigned_abs();
            seconds as f32 <= days * 86_400.0
        })
    }
}

/// What an article points to: itself, and the documents it links to outside its own host.
fn sources<'a>(urls: &'a [String], links: &'a [String]) -> BTreeSet<&'a str> {
    let host = |url: &'a str| url.split('/').next().unwrap_or_default();
    let own = urls.first().map(|url| host(url));
    let outside = links.iter().filter(|url| Some(host(url)) != own && !is_front_page(url));
    urls.first().into_iter().chain(outside).map(String::as_str).collect()
}

/// A front page or a section says nothing about which story is meant.
fn is_front_page(url: &str) -> bool {
    url.split('?').next().unwrap_or_default().trim_end_matches('/').matches('/').count() < 2
}
