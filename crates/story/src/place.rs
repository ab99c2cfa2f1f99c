//! Placing one article: its own words first, then what pages say of each other.

use courant_model::{Evidence, Placement, StoryFeatures, StoryId};

use crate::Placer;
use crate::memory::{StoryKey, StrandKey};
use crate::terms::Vector;

/// So many shared words are named as the reason of a join.
const NAMED_WORDS: usize = 6;

/// The best strand for an article, by words.
pub(crate) struct Nearest {
    pub(crate) strand: StrandKey,
    pub(crate) story: StoryKey,
    pub(crate) score: f32,
}

impl Placer {
    /// Places an article that was never placed, and merges the stories that it shows to be one.
    /// Returns what was decided, in order. An article that is placed already is only looked at
    /// again, as [`Placer::revise`] does.
    pub fn place(&mut self, features: &StoryFeatures) -> Vec<Placement> {
        if self.memory.articles.contains_key(&features.article.bytes()) {
            return self.revise(features);
        }
        let vector = self.memory.learn(features);
        let (story, mut placements) = self.choose(features, &vector);
        self.memory.put(features, &vector, story);
        placements.extend(self.merge_pointed(features));
        placements.extend(self.merge_grown(features));
        self.memory.forget_singles(self.settings.singles);
        placements
    }

    /// Looks at a changed article again: it stays where it is, but what it names now (translations,
    /// links) may show that two stories are one.
    pub fn revise(&mut self, features: &StoryFeatures) -> Vec<Placement> {
        if !self.memory.articles.contains_key(&features.article.bytes()) {
            return Vec::new();
        }
        self.memory.note_addresses(features);
        self.merge_pointed(features)
    }

    /// Applies what was decided before: for reading on from a snapshot. Idempotent.
    /// `features` are those of the placed article; a merge needs none.
    pub fn apply(&mut self, placement: &Placement, features: Option<&StoryFeatures>) {
        match (placement, features) {
            (Placement::Founded { story, .. } | Placement::Joined { story, .. }, Some(features)) => {
                if self.memory.articles.contains_key(&features.article.bytes()) {
                    return;
                }
                let vector = self.memory.learn(features);
                if !self.memory.stories.contains_key(&story.bytes()) {
                    self.memory.found(story.bytes());
                }
                self.memory.put(features, &vector, story.bytes());
                if let Some(strand) = self.memory.articles.get(&features.article.bytes()).map(|placed| placed.strand) {
                    self.has_grown(strand);
                }
                self.memory.forget_singles(self.settings.singles);
            }
            (Placement::Merged { from, into, .. }, _) => self.memory.merge(from.bytes(), into.bytes()),
            (_, None) => {}
        }
    }

    fn choose(&mut self, features: &StoryFeatures, vector: &Vector) -> (StoryKey, Vec<Placement>) {
        let article = features.article;
        if let Some(nearest) = self.nearest(features, vector)
            && nearest.score >= self.settings.join
        {
            let story = StoryId::from_bytes(nearest.story);
            let evidence = vec![self.words(features, vector, &nearest)];
            return (nearest.story, vec![Placement::Joined { article, story, evidence }]);
        }
        for pointed in self.pointed(features) {
            if self.words_allow(features, vector, pointed.story) {
                let story = StoryId::from_bytes(pointed.story);
                return (pointed.story, vec![Placement::Joined { article, story, evidence: pointed.evidence }]);
            }
        }
        let story = StoryId::founded_by(article, 0);
        self.memory.found(story.bytes());
        (story.bytes(), vec![Placement::Founded { article, story }])
    }

    /// The strand of the article's language that its words are nearest to.
    pub(crate) fn nearest(&self, features: &StoryFeatures, vector: &Vector) -> Option<Nearest> {
        let moment = features.moment.as_second();
        let ties = self.ties(features);
        let mut best: Option<Nearest> = None;
        for (key, dot) in self.memory.near(features.language, vector) {
            let Some(strand) = self.memory.strands.get(&key) else { continue };
            let days = strand.days_from(moment);
            if days > self.settings.window_days || strand.squared <= 0.0 {
                continue;
            }
            let tied = ties.get(&key).copied().unwrap_or(0.0);
            let score = dot / strand.squared.sqrt() - self.settings.day_cost * days + tied;
            if best.as_ref().is_none_or(|best| score > best.score) {
                best = Some(Nearest { strand: key, story: strand.story, score });
            }
        }
        best
    }

    /// Whether the article's words can stand in a story that other evidence points to: there is
    /// no strand of its language yet, or the words are not too far from it.
    fn words_allow(&self, features: &StoryFeatures, vector: &Vector, story: StoryKey) -> bool {
        let Some(memory) = self.memory.stories.get(&story) else { return false };
        let Some(strand) = memory.strands.get(features.language.as_str()).and_then(|key| self.memory.strands.get(key))
        else {
            return true;
        };
        let days = strand.days_from(features.moment.as_second());
        strand.cosine(vector) - self.settings.day_cost * days >= self.settings.veto
    }

    fn words(&self, features: &StoryFeatures, vector: &Vector, nearest: &Nearest) -> Evidence {
        let vocabulary = self.memory.vocabularies.get(features.language.as_str());
        let strand = self.memory.strands.get(&nearest.strand);
        let shared = match (vocabulary, strand) {
            (Some(vocabulary), Some(strand)) => vector
                .heaviest_shared(&strand.sum, NAMED_WORDS)
                .into_iter()
                .map(|term| vocabulary.text(term).to_owned())
                .collect(),
            _ => Vec::new(),
        };
        Evidence::Words { score: nearest.score, shared }
    }
}
