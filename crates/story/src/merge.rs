//! When two stories turn out to be one. The older id goes on.

use std::collections::BTreeMap;

use courant_model::{Evidence, Placement, StoryFeatures, StoryId};

use crate::Placer;
use crate::memory::{StoryKey, Strand, StrandKey};

/// A strand is compared with its neighbours when it has two members, and again each time it has
/// grown by this factor.
const GROWTH: f32 = 1.34;
/// So many terms of a strand's sum look for neighbours.
const PROBES: usize = 80;

impl Placer {
    /// Merges the stories that the article's own page shows to be one with its story.
    pub(crate) fn merge_pointed(&mut self, features: &StoryFeatures) -> Vec<Placement> {
        let mut merged = Vec::new();
        for pointed in self.pointed(features) {
            let Some(own) = self.memory.articles.get(&features.article.bytes()).map(|placed| placed.story) else {
                break;
            };
            let other = pointed.story;
            if own == other || !self.memory.stories.contains_key(&other) {
                continue;
            }
            // Links are weak where the other side was chosen by words: both stories must then have
            // no language in common that disagrees. Translations are only held to that as well.
            if self.strands_agree(own, other, pointed.is_translation()) {
                merged.push(self.merge_into_elder(own, other, pointed.evidence));
            }
        }
        merged
    }

    /// Compares the article's strand with its neighbours by words, if it has grown enough.
    pub(crate) fn merge_grown(&mut self, features: &StoryFeatures) -> Vec<Placement> {
        let Some(key) = self.memory.articles.get(&features.article.bytes()).map(|placed| placed.strand) else {
            return Vec::new();
        };
        if !self.has_grown(key) {
            return Vec::new();
        }
        let Some((other, score)) = self.nearest_strand(key) else { return Vec::new() };
        let stories = (self.story_of_strand(key), self.story_of_strand(other));
        let (Some(own), Some(theirs)) = stories else { return Vec::new() };
        if own == theirs || !self.quorum(key, other) || !self.strands_agree(own, theirs, false) {
            return Vec::new();
        }
        let evidence = vec![Evidence::Words { score, shared: self.shared_words(key, other) }];
        vec![self.merge_into_elder(own, theirs, evidence)]
    }

    /// Whether the strand has grown enough to be looked at again; it is not, then, before it has
    /// grown once more.
    pub(crate) fn has_grown(&mut self, key: StrandKey) -> bool {
        match self.memory.strands.get_mut(&key) {
            Some(strand) if strand.size >= strand.look_again => {
                strand.look_again = ((strand.size as f32 * GROWTH).ceil() as u32).max(strand.size + 1);
                true
            }
            _ => false,
        }
    }

    fn merge_into_elder(&mut self, a: StoryKey, b: StoryKey, evidence: Vec<Evidence>) -> Placement {
        let age = |story: &StoryKey| self.memory.stories.get(story).map_or(u64::MAX, |memory| memory.age);
        let (into, from) = if age(&a) <= age(&b) { (a, b) } else { (b, a) };
        self.memory.merge(from, into);
        Placement::Merged { from: StoryId::from_bytes(from), into: StoryId::from_bytes(into), evidence }
    }

    /// Whether the two stories may be one: in every language that both have, their words agree.
    /// Where a page names a translation (`named`), words that do not contradict are enough.
    fn strands_agree(&self, a: StoryKey, b: StoryKey, named: bool) -> bool {
        let (Some(a), Some(b)) = (self.memory.stories.get(&a), self.memory.stories.get(&b)) else { return false };
        let least = if named { self.settings.veto } else { self.settings.merge };
        a.strands.iter().all(|(language, key)| {
            let pair = (self.memory.strands.get(key), b.strands.get(language).and_then(|k| self.memory.strands.get(k)));
            match pair {
                (Some(ours), Some(theirs)) => self.strand_score(ours, theirs) >= least,
                _ => true,
            }
        })
    }

    fn nearest_strand(&self, key: StrandKey) -> Option<(StrandKey, f32)> {
        let strand = self.memory.strands.get(&key)?;
        let mut terms: Vec<(u32, f32)> = strand.sum.iter().map(|(term, weight)| (*term, *weight)).collect();
        terms.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        terms.truncate(PROBES);
        terms.sort_by_key(|(term, _)| *term);
        let language = courant_model::Language::parse(&strand.language);
        let candidates = self.memory.near(language, &crate::terms::Vector(terms));
        let mut best: Option<(StrandKey, f32)> = None;
        for other_key in candidates.into_keys().filter(|other| *other != key) {
            let Some(other) = self.memory.strands.get(&other_key) else { continue };
            let score = self.strand_score(strand, other);
            if score >= self.settings.merge && best.is_none_or(|(_, best)| score > best) {
                best = Some((other_key, score));
            }
        }
        best
    }

    /// Cosine of two strands' centroids, less the days between their spans.
    fn strand_score(&self, a: &Strand, b: &Strand) -> f32 {
        let seconds = (a.first - b.last).max(b.first - a.last).max(0);
        let days = seconds as f32 / 86_400.0;
        if days > self.settings.window_days || a.squared <= 0.0 || b.squared <= 0.0 {
            return f32::NEG_INFINITY;
        }
        sum_dot(a, b) / (a.squared.sqrt() * b.squared.sqrt()) - self.settings.day_cost * days
    }

    /// Whether enough pairs of members are alike.
    fn quorum(&self, a: StrandKey, b: StrandKey) -> bool {
        let (Some(a), Some(b)) = (self.memory.strands.get(&a), self.memory.strands.get(&b)) else { return false };
        let pairs = a.sketch.len() * b.sketch.len();
        let alike = a
            .sketch
            .iter()
            .flat_map(|one| b.sketch.iter().map(move |other| one.dot(other)))
            .filter(|cosine| *cosine >= self.settings.alike)
            .count();
        pairs > 0 && alike as f32 >= self.settings.quorum * pairs as f32
    }

    fn shared_words(&self, a: StrandKey, b: StrandKey) -> Vec<String> {
        let (Some(a), Some(b)) = (self.memory.strands.get(&a), self.memory.strands.get(&b)) else { return Vec::new() };
        let Some(vocabulary) = self.memory.vocabularies.get(&a.language) else { return Vec::new() };
        let mut shared: BTreeMap<u32, f32> = BTreeMap::new();
        for (term, weight) in &a.sum {
            if let Some(theirs) = b.sum.get(term) {
                shared.insert(*term, weight * theirs);
            }
        }
        let mut shared: Vec<(u32, f32)> = shared.into_iter().collect();
        shared.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        shared.into_iter().take(6).map(|(term, _)| vocabulary.text(term).to_owned()).collect()
    }

    fn story_of_strand(&self, key: StrandKey) -> Option<StoryKey> {
        self.memory.strands.get(&key).map(|strand| strand.story)
    }
}

/// Dot product of two sums, added up in the order of terms so that rounding never depends on a
/// hash map.
fn sum_dot(a: &Strand, b: &Strand) -> f32 {
    let (small, large) = if a.sum.len() <= b.sum.len() { (a, b) } else { (b, a) };
    let mut products: Vec<(u32, f32)> = small
        .sum
        .iter()
        .filter_map(|(term, weight)| large.sum.get(term).map(|other| (*term, weight * other)))
        .collect();
    products.sort_by_key(|(term, _)| *term);
    products.into_iter().map(|(_, product)| product).sum()
}
