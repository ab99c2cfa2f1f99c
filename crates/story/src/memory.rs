//! What placing remembers: articles, stories and their strands, the inverted index over strands,
//! and who links where. [`Placer`]'s own doors stand in `place`, `merge` and `snapshot`.
//!
//! Nothing here is read in the order of a hash map: whatever chooses among several breaks ties by
//! an id, so that the same log gives the same stories.

use std::collections::{BTreeMap, HashMap, VecDeque};

use courant_model::{ArticleId, Language, StoryFeatures, StoryId};
use serde::{Deserialize, Serialize};

use crate::Settings;
use crate::terms::{Vector, Vocabulary};

/// So many members of a strand stand for all of it where pairs are compared.
const SKETCH: usize = 8;

pub(crate) type ArticleKey = [u8; 16];
pub(crate) type StoryKey = [u8; 16];
pub(crate) type StrandKey = u32;

/// Places articles in stories, one at a time, in log order.
#[derive(Debug, Clone)]
pub struct Placer {
    pub(crate) settings: Settings,
    pub(crate) memory: Memory,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Memory {
    pub(crate) vocabularies: BTreeMap<String, Vocabulary>,
    pub(crate) articles: HashMap<ArticleKey, Placed>,
    pub(crate) stories: HashMap<StoryKey, StoryMemory>,
    pub(crate) strands: HashMap<StrandKey, Strand>,
    next_strand: StrandKey,
    /// Stories founded so far: gives each its age.
    founded: u64,
    /// By language and term: how much of the term the members of each strand hold together.
    postings: BTreeMap<String, HashMap<u32, BTreeMap<StrandKey, f32>>>,
    /// Which placed article stands at an address.
    pub(crate) at: HashMap<String, ArticleKey>,
    /// Articles that name an address as their translation.
    pub(crate) translated_at: HashMap<String, Vec<ArticleKey>>,
    /// Articles that link to an address.
    pub(crate) linked_from: HashMap<String, Vec<ArticleKey>>,
    /// Stories of one article, in the order founded, for forgetting.
    singles: VecDeque<StoryKey>,
}

/// A placed article.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Placed {
    pub(crate) story: StoryKey,
    pub(crate) strand: StrandKey,
    /// Seconds since 1970.
    pub(crate) moment: i64,
    pub(crate) outlet: String,
    pub(crate) urls: Vec<String>,
    pub(crate) translations: Vec<String>,
    pub(crate) links: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoryMemory {
    /// 0 for the first story ever founded.
    pub(crate) age: u64,
    /// By language.
    pub(crate) strands: BTreeMap<String, StrandKey>,
    pub(crate) size: u32,
}

/// The articles of one story in one language.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Strand {
    pub(crate) story: StoryKey,
    pub(crate) language: String,
    pub(crate) size: u32,
    /// Sum of the members' vectors.
    pub(crate) sum: HashMap<u32, f32>,
    /// The square of that sum's length, kept as members come so that its rounding is the log's.
    pub(crate) squared: f32,
    pub(crate) first: i64,
    pub(crate) last: i64,
    /// Latest members' vectors.
    pub(crate) sketch: VecDeque<Vector>,
    pub(crate) members: Vec<ArticleKey>,
    /// Merging is looked at again when the strand has grown to this size.
    pub(crate) look_again: u32,
}

impl Strand {
    /// Days between a moment and the strand's nearest one; 0 inside its span.
    pub(crate) fn days_from(&self, moment: i64) -> f32 {
        let seconds = (self.first - moment).max(moment - self.last).max(0);
        seconds as f32 / 86_400.0
    }

    /// Cosine of the strand's centroid with a vector of length one.
    pub(crate) fn cosine(&self, vector: &Vector) -> f32 {
        let dot: f32 = vector.0.iter().filter_map(|(term, weight)| self.sum.get(term).map(|sum| sum * weight)).sum();
        if self.squared > 0.0 { dot / self.squared.sqrt() } else { 0.0 }
    }
}

impl Placer {
    /// A placer that remembers nothing.
    pub fn new(settings: Settings) -> Self {
        Self { settings, memory: Memory::default() }
    }

    /// The story that an article is placed in, as far as it is remembered.
    pub fn story_of(&self, article: ArticleId) -> Option<StoryId> {
        self.memory.articles.get(&article.bytes()).map(|placed| StoryId::from_bytes(placed.story))
    }

    /// How many stories are remembered.
    pub fn stories(&self) -> usize {
        self.memory.stories.len()
    }
}

impl Memory {
    /// Counts an article's words and makes its vector.
    pub(crate) fn learn(&mut self, features: &StoryFeatures) -> Vector {
        let vocabulary = self.vocabularies.entry(features.language.to_string()).or_default();
        vocabulary.learn(&features.terms);
        vocabulary.vector(&features.terms)
    }

    /// The strands of this language that share a word with `vector`, with the dot product of the
    /// vector and the strand's sum, by strand.
    pub(crate) fn near(&self, language: Language, vector: &Vector) -> BTreeMap<StrandKey, f32> {
        let mut near = BTreeMap::new();
        let Some(postings) = self.postings.get(language.as_str()) else { return near };
        for (term, weight) in &vector.0 {
            for (strand, sum) in postings.get(term).into_iter().flatten() {
                *near.entry(*strand).or_insert(0.0) += sum * weight;
            }
        }
        near
    }

    /// Makes a story of no members yet.
    pub(crate) fn found(&mut self, story: StoryKey) {
        self.stories.insert(story, StoryMemory { age: self.founded, strands: BTreeMap::new(), size: 0 });
        self.founded += 1;
        self.singles.push_back(story);
    }

    /// Puts an article into a story that is remembered.
    pub(crate) fn put(&mut self, features: &StoryFeatures, vector: &Vector, story: StoryKey) {
        let strand_key = self.strand_of(story, features.language);
        let moment = features.moment.as_second();
        let article = features.article.bytes();
        if let Some(strand) = self.strands.get_mut(&strand_key) {
            let dot: f32 = vector.0.iter().filter_map(|(term, w)| strand.sum.get(term).map(|sum| sum * w)).sum();
            strand.squared += 2.0 * dot + if vector.0.is_empty() { 0.0 } else { 1.0 };
            for (term, weight) in &vector.0 {
                *strand.sum.entry(*term).or_insert(0.0) += weight;
            }
            (strand.first, strand.last) = match strand.size {
                0 => (moment, moment),
                _ => (strand.first.min(moment), strand.last.max(moment)),
            };
            strand.size += 1;
            strand.members.push(article);
            push_sketch(&mut strand.sketch, vector.clone());
        }
        let postings = self.postings.entry(features.language.to_string()).or_default();
        for (term, weight) in &vector.0 {
            *postings.entry(*term).or_default().entry(strand_key).or_insert(0.0) += weight;
        }
        if let Some(story) = self.stories.get_mut(&story) {
            story.size += 1;
        }
        let placed = Placed {
            story,
            strand: strand_key,
            moment,
            outlet: features.outlet.to_string(),
            urls: Vec::new(),
            translations: Vec::new(),
            links: Vec::new(),
        };
        self.articles.insert(article, placed);
        self.note_addresses(features);
    }

    /// Remembers where an article stands, what it names as its translations and what it links to,
    /// in place of what was remembered of it before.
    pub(crate) fn note_addresses(&mut self, features: &StoryFeatures) {
        let article = features.article.bytes();
        let Some(placed) = self.articles.get_mut(&article) else { return };
        let old = (
            std::mem::replace(&mut placed.urls, features.urls.clone()),
            std::mem::replace(&mut placed.translations, features.translations.clone()),
            std::mem::replace(&mut placed.links, features.links.clone()),
        );
        for url in &old.0 {
            self.at.remove(url);
        }
        old.1.iter().for_each(|url| forget_in(&mut self.translated_at, url, article));
        old.2.iter().for_each(|url| forget_in(&mut self.linked_from, url, article));
        for url in &features.urls {
            self.at.insert(url.clone(), article);
        }
        features.translations.iter().for_each(|url| remember_in(&mut self.translated_at, url, article));
        features.links.iter().for_each(|url| remember_in(&mut self.linked_from, url, article));
    }

    /// Moves everything of story `from` into story `into`.
    pub(crate) fn merge(&mut self, from: StoryKey, into: StoryKey) {
        let Some(ending) = self.stories.remove(&from) else { return };
        for (language, strand_key) in ending.strands {
            let Some(mut moving) = self.strands.remove(&strand_key) else { continue };
            let kept = self.stories.get(&into).and_then(|story| story.strands.get(&language)).copied();
            let target = kept.unwrap_or(strand_key);
            for article in &moving.members {
                if let Some(placed) = self.articles.get_mut(article) {
                    (placed.story, placed.strand) = (into, target);
                }
            }
            match kept.and_then(|kept| self.strands.get_mut(&kept)) {
                Some(strand) => {
                    absorb(strand, &mut moving);
                    self.move_postings(&language, &moving, strand_key, target);
                }
                None => {
                    moving.story = into;
                    self.strands.insert(strand_key, moving);
                    if let Some(story) = self.stories.get_mut(&into) {
                        story.strands.insert(language, strand_key);
                    }
                }
            }
        }
        if let Some(story) = self.stories.get_mut(&into) {
            story.size += ending.size;
        }
    }

    /// Forgets the single articles that were placed longest ago, beyond `keep` of them.
    pub(crate) fn forget_singles(&mut self, keep: usize) {
        while self.singles.len() > keep {
            let Some(story) = self.singles.pop_front() else { return };
            if self.stories.get(&story).is_some_and(|memory| memory.size == 1) {
                self.forget(story);
            }
        }
    }

    fn forget(&mut self, story: StoryKey) {
        let Some(memory) = self.stories.remove(&story) else { return };
        for (language, strand_key) in memory.strands {
            let Some(strand) = self.strands.remove(&strand_key) else { continue };
            if let Some(postings) = self.postings.get_mut(&language) {
                for term in strand.sum.keys() {
                    if let Some(strands) = postings.get_mut(term) {
                        strands.remove(&strand_key);
                        if strands.is_empty() {
                            postings.remove(term);
                        }
                    }
                }
            }
            for article in strand.members {
                let Some(placed) = self.articles.remove(&article) else { continue };
                for url in &placed.urls {
                    self.at.remove(url);
                }
                placed.translations.iter().for_each(|url| forget_in(&mut self.translated_at, url, article));
                placed.links.iter().for_each(|url| forget_in(&mut self.linked_from, url, article));
            }
        }
    }

    fn strand_of(&mut self, story: StoryKey, language: Language) -> StrandKey {
        let language = language.to_string();
        if let Some(strand) = self.stories.get(&story).and_then(|memory| memory.strands.get(&language)) {
            return *strand;
        }
        let key = self.next_strand;
        self.next_strand += 1;
        if let Some(memory) = self.stories.get_mut(&story) {
            memory.strands.insert(language.clone(), key);
        }
        let strand = Strand {
            story,
            language,
            size: 0,
            sum: HashMap::new(),
            squared: 0.0,
            first: 0,
            last: 0,
            sketch: VecDeque::new(),
            members: Vec::new(),
            look_again: 2,
        };
        self.strands.insert(key, strand);
        key
    }

    fn move_postings(&mut self, language: &str, moving: &Strand, from: StrandKey, to: StrandKey) {
        let Some(postings) = self.postings.get_mut(language) else { return };
        for term in moving.sum.keys() {
            if let Some(strands) = postings.get_mut(term)
                && let Some(weight) = strands.remove(&from)
            {
                *strands.entry(to).or_insert(0.0) += weight;
            }
        }
    }
}

fn absorb(strand: &mut Strand, moving: &mut Strand) {
    let mut terms: Vec<(u32, f32)> = moving.sum.iter().map(|(term, weight)| (*term, *weight)).collect();
    terms.sort_by_key(|(term, _)| *term);
    let dot: f32 = terms.iter().filter_map(|(term, weight)| strand.sum.get(term).map(|sum| sum * weight)).sum();
    strand.squared += 2.0 * dot + moving.squared;
    for (term, weight) in terms {
        *strand.sum.entry(term).or_insert(0.0) += weight;
    }
    strand.first = strand.first.min(moving.first);
    strand.last = strand.last.max(moving.last);
    strand.size += moving.size;
    strand.members.append(&mut moving.members);
    for vector in moving.sketch.drain(..) {
        push_sketch(&mut strand.sketch, vector);
    }
}

fn push_sketch(sketch: &mut VecDeque<Vector>, vector: Vector) {
    if sketch.len() == SKETCH {
        sketch.pop_front();
    }
    sketch.push_back(vector);
}

fn remember_in(map: &mut HashMap<String, Vec<ArticleKey>>, url: &str, article: ArticleKey) {
    let articles = map.entry(url.to_owned()).or_default();
    if !articles.contains(&article) {
        articles.push(article);
    }
}

fn forget_in(map: &mut HashMap<String, Vec<ArticleKey>>, url: &str, article: ArticleKey) {
    if let Some(articles) = map.get_mut(url) {
        articles.retain(|other| *other != article);
        if articles.is_empty() {
            map.remove(url);
        }
    }
}
