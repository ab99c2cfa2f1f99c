//! One walk over all that matches: the total, the best hits behind a cursor, and counts by outlet
//! and language, each with its own filter lifted.
//!
//! Ranks are 64-bit numbers, higher first; ties go to the smaller id, so that an order is the same
//! in every walk and on every machine.

use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::sync::Arc;

use courant_model::{ArticleId, Language};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{ColumnValues, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::schema::{self, column};
use crate::cursor::Cursor;
use crate::{FacetCount, Facets, Order};

/// Scores fall to half in twenty years. An exponential looks the same from every day: no clock is
/// asked, and a cursor stays true. It parts articles that match alike, and hardly any others: one
/// year weighs 3.5 %.
const HALF_LIFE_MS: f64 = 20.0 * 365.25 * 86_400_000.0;
/// 2020-01-01. Any moment would do; a near one keeps numbers small.
const REFERENCE_MS: i64 = 1_577_836_800_000;

/// `score` with recency. Who dates an article into the future gains nothing: it counts from when
/// it was seen.
fn with_recency(score: Score, moment: i64, seen: i64) -> f32 {
    let age = (moment.min(seen).saturating_sub(REFERENCE_MS)) as f64 / HALF_LIFE_MS;
    // A page dated to the year 1 is not worth nothing.
    score * age.clamp(-4.0, 4.0).exp2() as f32
}

/// A number that orders as the signed one does.
fn unsigned(ms: i64) -> u64 {
    (ms as u64) ^ (1 << 63)
}

/// What to gather.
#[derive(Debug, Clone)]
pub(super) struct Gather {
    pub(super) order: Order,
    pub(super) limit: usize,
    pub(super) after: Option<Cursor>,
    pub(super) facets: bool,
    /// Filters that the query leaves to this walk, because counts lift them.
    pub(super) outlets: Option<BTreeSet<String>>,
    pub(super) languages: Option<BTreeSet<String>>,
}

/// What was gathered.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) total: u64,
    /// Best first, at most one more than asked for.
    pub(super) best: Vec<Candidate>,
    pub(super) facets: Option<Facets>,
}

/// A hit before its words are fetched.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) rank: u64,
    pub(super) article: ArticleId,
    pub(super) address: DocAddress,
    pub(super) score: Score,
    pub(super) language: Language,
    pub(super) nosnippet: bool,
}

impl Gather {
    fn kept(&self) -> usize {
        self.limit + 1
    }
}

impl Collector for Gather {
    type Fruit = Gathered;
    type Child = GatherSegment;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<GatherSegment> {
        let columns = reader.fast_fields();
        let moments =
            |name| -> tantivy::Result<Arc<dyn ColumnValues<i64>>> { Ok(columns.i64(name)?.first_or_default_col(0)) };
        let ids =
            |name| -> tantivy::Result<Arc<dyn ColumnValues<u64>>> { Ok(columns.u64(name)?.first_or_default_col(0)) };
        Ok(GatherSegment {
            segment,
            order: self.order,
            kept: self.kept(),
            after: self.after,
            facets: self.facets,
            moment: moments(column::MOMENT)?,
            seen: moments(column::SEEN)?,
            revised: moments(column::REVISED)?,
            id_high: ids(column::ID_HIGH)?,
            id_low: ids(column::ID_LOW)?,
            nosnippet: columns.bool(column::NOSNIPPET)?.first_or_default_col(false),
            outlet: Tally::new(columns.str(column::OUTLET)?, self.outlets.as_ref())?,
            language: Tally::new(columns.str(column::LANGUAGE)?, self.languages.as_ref())?,
            total: 0,
            best: BinaryHeap::with_capacity(self.kept() + 1),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order == Order::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<SegmentGathered>>) -> tantivy::Result<Gathered> {
        let mut all = Gathered::default();
        let (mut outlets, mut languages) = (HashMap::new(), HashMap::new());
        for fruit in fruits {
            let fruit = fruit?;
            all.total += fruit.total;
            all.best.extend(fruit.best);
            fruit.outlets.into_iter().for_each(|(value, count)| *outlets.entry(value).or_default() += count);
            fruit.languages.into_iter().for_each(|(value, count)| *languages.entry(value).or_default() += count);
        }
        all.best.sort_unstable_by_key(place);
        all.best.truncate(self.kept());
        all.facets = self.facets.then(|| Facets { outlets: most_first(outlets), languages: most_first(languages) });
        Ok(all)
    }
}

fn most_first(counts: HashMap<String, u64>) -> Vec<FacetCount> {
    let mut counts: Vec<FacetCount> = counts.into_iter().map(|(value, count)| FacetCount { value, count }).collect();
    counts.sort_unstable_by(|one, other| other.count.cmp(&one.count).then_with(|| one.value.cmp(&other.value)));
    counts
}

/// Smaller is better.
fn place(candidate: &Candidate) -> (std::cmp::Reverse<u64>, ArticleId) {
    (std::cmp::Reverse(candidate.rank), candidate.article)
}

/// A document in the heap: the greatest is the worst.
#[derive(PartialEq, Eq)]
struct Held {
    rank: u64,
    article: ArticleId,
    doc: DocId,
    score: u32,
}

impl Ord for Held {
    fn cmp(&self, other: &Self) -> Ordering {
        other.rank.cmp(&self.rank).then_with(|| self.article.cmp(&other.article))
    }
}

impl PartialOrd for Held {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The walk over one segment.
pub(super) struct GatherSegment {
    segment: SegmentOrdinal,
    order: Order,
    kept: usize,
    after: Option<Cursor>,
    facets: bool,
    moment: Arc<dyn ColumnValues<i64>>,
    seen: Arc<dyn ColumnValues<i64>>,
    revised: Arc<dyn ColumnValues<i64>>,
    id_high: Arc<dyn ColumnValues<u64>>,
    id_low: Arc<dyn ColumnValues<u64>>,
    nosnippet: Arc<dyn ColumnValues<bool>>,
    outlet: Tally,
    language: Tally,
    total: u64,
    best: BinaryHeap<Held>,
}

/// What one segment gave.
pub(super) struct SegmentGathered {
    total: u64,
    best: Vec<Candidate>,
    outlets: Vec<(String, u64)>,
    languages: Vec<(String, u64)>,
}

impl SegmentCollector for GatherSegment {
    type Fruit = tantivy::Result<SegmentGathered>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let (outlet, language) = (self.outlet.ordinal(doc), self.language.ordinal(doc));
        let (of_outlet, in_language) = (self.outlet.admits(outlet), self.language.admits(language));
        if self.facets && in_language {
            self.outlet.count(outlet);
        }
        if self.facets && of_outlet {
            self.language.count(language);
        }
        if of_outlet && in_language {
            self.total += 1;
            self.rank(doc, score);
        }
    }

    fn harvest(self) -> Self::Fruit {
        let mut best = Vec::with_capacity(self.best.len());
        // Looking a name up costs more than all the rest here, and there are few.
        let mut names: HashMap<usize, Language> = HashMap::new();
        for held in &self.best {
            let ordinal = self.language.ordinal(held.doc);
            let language = match names.get(&ordinal) {
                Some(language) => *language,
                None => Language::parse(&self.language.value(ordinal)?),
            };
            names.insert(ordinal, language);
            best.push(Candidate {
                rank: held.rank,
                article: held.article,
                address: DocAddress::new(self.segment, held.doc),
                score: f32::from_bits(held.score),
                language,
                nosnippet: self.nosnippet.get_val(held.doc),
            });
        }
        Ok(SegmentGathered {
            total: self.total,
            best,
            outlets: self.outlet.counts()?,
            languages: self.language.counts()?,
        })
    }
}

impl GatherSegment {
    fn rank(&mut self, doc: DocId, score: Score) {
        let (rank, score) = match self.order {
            Order::Relevance => {
                let score = with_recency(score, self.moment.get_val(doc), self.seen.get_val(doc));
                // Bits of floats from zero up order as the floats do.
                (u64::from(score.max(0.0).to_bits()), score.max(0.0))
            }
            Order::Newest => (unsigned(self.moment.get_val(doc)), 0.0),
            Order::Oldest => (!unsigned(self.moment.get_val(doc)), 0.0),
            Order::Changed => (unsigned(self.revised.get_val(doc)), 0.0),
        };
        if self.after.is_some_and(|after| rank > after.rank) {
            return;
        }
        let full = self.best.len() == self.kept;
        // Most documents end here, without their id being read.
        if full && self.best.peek().is_some_and(|worst| rank < worst.rank) {
            return;
        }
        let article = schema::article(self.id_high.get_val(doc), self.id_low.get_val(doc));
        if self.after.is_some_and(|after| rank == after.rank && article <= after.article) {
            return;
        }
        let held = Held { rank, article, doc, score: score.to_bits() };
        if !full {
            self.best.push(held);
        } else if let Some(mut worst) = self.best.peek_mut()
            && held < *worst
        {
            *worst = held;
        }
    }
}

/// One column of facts: which values are admitted, and how often each was met.
struct Tally {
    column: Option<StrColumn>,
    ordinals: Option<Arc<dyn ColumnValues<u64>>>,
    /// By ordinal; `None` admits all.
    admitted: Option<Vec<bool>>,
    counts: Vec<u64>,
}

impl Tally {
    fn new(column: Option<StrColumn>, admitted: Option<&BTreeSet<String>>) -> tantivy::Result<Self> {
        let values = column.as_ref().map_or(0, |column| column.dictionary().num_terms());
        let admitted = match (&column, admitted) {
            (_, None) => None,
            (None, Some(_)) => Some(Vec::new()),
            (Some(column), Some(wanted)) => {
                let mut admitted = vec![false; values];
                for value in wanted {
                    let ordinal = column.dictionary().term_ord(value.as_bytes())?;
                    if let Some(slot) = ordinal.and_then(|ordinal| admitted.get_mut(ordinal as usize)) {
                        *slot = true;
                    }
                }
                Some(admitted)
            }
        };
        let ordinals = column.as_ref().map(|column| column.ords().clone().first_or_default_col(u64::MAX));
        Ok(Self { column, ordinals, admitted, counts: vec![0; values] })
    }

    fn ordinal(&self, doc: DocId) -> usize {
        self.ordinals.as_ref().map_or(usize::MAX, |ordinals| ordinals.get_val(doc) as usize)
    }

    fn admits(&self, ordinal: usize) -> bool {
        self.admitted.as_ref().is_none_or(|admitted| admitted.get(ordinal) == Some(&true))
    }

    fn count(&mut self, ordinal: usize) {
        if let Some(count) = self.counts.get_mut(ordinal) {
            *count += 1;
        }
    }

    fn value(&self, ordinal: usize) -> tantivy::Result<String> {
        let mut value = String::new();
        if let Some(column) = &self.column {
            column.ord_to_str(ordinal as u64, &mut value)?;
        }
        Ok(value)
    }

    fn counts(&self) -> tantivy::Result<Vec<(String, u64)>> {
        let met = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        met.map(|(ordinal, count)| Ok((self.value(ordinal)?, *count))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recency_is_gentle_and_knows_no_future() {
        let day = 86_400_000;
        let now = REFERENCE_MS + 5 * 365 * day;
        let year_old = with_recency(1.0, now - 365 * day, now) / with_recency(1.0, now, now);
        assert!((0.96..0.97).contains(&year_old), "{year_old}");
        assert_eq!(with_recency(1.0, now + 999 * day, now), with_recency(1.0, now, now));
        assert!(with_recency(1.0, i64::MIN, now) > 0.0);
    }

    #[test]
    fn unsigned_moments_keep_their_order() {
        let moments = [i64::MIN, -1, 0, 1, i64::MAX].map(unsigned);
        assert!(moments.is_sorted());
    }
}
