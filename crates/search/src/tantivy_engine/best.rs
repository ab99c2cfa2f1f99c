//! The best hits of a query: by score with a gentle recency, or by time; behind a cursor; near copies
//! shown once.
//!
//! Ranks are 64-bit numbers, higher first; ties go to the smaller id, so that an order is the same
//! in every walk and on every machine. By score, documents that cannot reach the worst hit kept are never
//! scored: the engine is told the least score that could still matter (block-max WAND, Ding and Suel 2011).
//! Where the total is wanted, that begins once so many are counted as are counted at all.

use std::collections::HashSet;
use std::sync::Arc;

use courant_model::{ArticleId, Language};
use tantivy::columnar::ColumnValues;
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentReader};

use super::schema::{self, column};
use crate::Order;
use crate::cursor::Cursor;

/// Scores fall to half in twenty years. An exponential looks the same from every day: no clock is
/// asked, and a cursor stays true. It parts articles that match alike, and hardly any others: one
/// year weighs 3.5 %.
const HALF_LIFE_MS: f64 = 20.0 * 365.25 * 86_400_000.0;
/// 2020-01-01. Any moment would do; a near one keeps numbers small.
const REFERENCE_MS: i64 = 1_577_836_800_000;
/// Rounding never costs a hit its place: so much less than what would matter is still looked at.
const SLACK: f32 = 1.0 - 1e-5;

/// What a score is worth at this moment. Who dates an article into the future gains nothing: it counts
/// from when it was seen.
fn recency(moment: i64, seen: i64) -> f32 {
    let age = (moment.min(seen).saturating_sub(REFERENCE_MS)) as f64 / HALF_LIFE_MS;
    // A page dated to the year 1 is not worth nothing.
    age.clamp(-4.0, 4.0).exp2() as f32
}

/// A number that orders as the signed one does.
fn unsigned(ms: i64) -> u64 {
    (ms as u64) ^ (1 << 63)
}

/// What to look for.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) order: Order,
    /// At most so many.
    pub(super) limit: usize,
    pub(super) after: Option<Cursor>,
    /// Of a group of copies, only the best.
    pub(super) collapse: bool,
    /// Count what matches, no further than this.
    pub(super) count: u64,
}

/// What a walk came to.
pub(super) struct Ranked {
    /// Best first.
    pub(super) best: Vec<Candidate>,
    /// How many match, if no more than [`Ask::count`]; else that.
    pub(super) total: u64,
    /// Whether that is all.
    pub(super) is_exact: bool,
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
    /// The number of its group of copies; 0 for none.
    pub(super) copies: u64,
}

/// The best hits, best first. `weight` scores where the order is by relevance.
pub(super) fn best(searcher: &Searcher, weight: &dyn Weight, ask: &Ask) -> tantivy::Result<Ranked> {
    let segments: Vec<Columns> = searcher.segment_readers().iter().map(Columns::of).collect::<Result<_, _>>()?;
    let mut kept = Kept { ask: ask.clone(), held: Vec::with_capacity(ask.limit + 1), shown: HashSet::new() };
    if let Some(after) = ask.after.filter(|_| ask.collapse) {
        walk(searcher, weight, &segments, ask.order, &mut |_, columns, doc, rank, _| {
            if rank > after.rank || rank == after.rank && columns.article(doc) <= after.article {
                kept.shown.insert(columns.copies.get_val(doc));
            }
            (f32::from_bits(u32::try_from(after.rank).unwrap_or_default()), after.rank)
        })?;
        kept.shown.remove(&0);
    }
    let mut met = 0;
    walk(searcher, weight, &segments, ask.order, &mut |segment, columns, doc, rank, score| {
        let matters = kept.offer(segment, columns, doc, rank, score);
        met += 1;
        if met > ask.count { matters } else { EVERYTHING }
    })?;
    let best = kept.held.iter().map(|held| held.candidate(searcher, &segments)).collect::<tantivy::Result<_>>()?;
    Ok(Ranked { best, total: met.min(ask.count), is_exact: met <= ask.count })
}

/// The score and the rank that every document reaches.
const EVERYTHING: (Score, u64) = (f32::MIN, 0);

/// What a walk is told of a document: its segment, its columns, its number, rank and score. It answers with
/// the score and the rank that the next must reach to matter.
type Told<'a> = dyn FnMut(usize, &Columns, DocId, u64, Score) -> (Score, u64) + 'a;

/// Tells `each` all living documents that match and may matter.
fn walk(
    searcher: &Searcher,
    weight: &dyn Weight,
    segments: &[Columns],
    order: Order,
    each: &mut Told<'_>,
) -> tantivy::Result<()> {
    let (mut least_score, mut least_rank) = EVERYTHING;
    for (segment, (reader, columns)) in searcher.segment_readers().iter().zip(segments).enumerate() {
        let alive = reader.alive_bitset();
        let lives = |doc: DocId| alive.is_none_or(|alive| alive.is_alive(doc));
        if order != Order::Relevance {
            let column = columns.of_order(order);
            weight.for_each_no_score(reader, &mut |docs| {
                for doc in docs.iter().copied().filter(|doc| lives(*doc)) {
                    let rank = rank_by_time(order, column.get_val(doc));
                    if rank >= least_rank {
                        (_, least_rank) = each(segment, columns, doc, rank, 0.0);
                    }
                }
            })?;
            continue;
        }
        let most = columns.most_recent();
        let reach = |least: Score| if least > 0.0 { least / most * SLACK } else { f32::MIN };
        weight.for_each_pruning(reach(least_score), reader, &mut |doc, score| {
            if lives(doc) {
                let score = (score * columns.recency(doc)).max(0.0);
                (least_score, least_rank) = each(segment, columns, doc, u64::from(score.to_bits()), score);
            }
            reach(least_score)
        })?;
    }
    Ok(())
}

fn rank_by_time(order: Order, moment: i64) -> u64 {
    if order == Order::Oldest { !unsigned(moment) } else { unsigned(moment) }
}

/// The columns of one segment that ranking reads.
struct Columns {
    moment: Arc<dyn ColumnValues<i64>>,
    seen: Arc<dyn ColumnValues<i64>>,
    revised: Arc<dyn ColumnValues<i64>>,
    id_high: Arc<dyn ColumnValues<u64>>,
    id_low: Arc<dyn ColumnValues<u64>>,
    copies: Arc<dyn ColumnValues<u64>>,
}

impl Columns {
    fn of(reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let moments = |name| -> tantivy::Result<_> { Ok(columns.i64(name)?.first_or_default_col(0)) };
        let numbers = |name| -> tantivy::Result<_> { Ok(columns.u64(name)?.first_or_default_col(0)) };
        Ok(Self {
            moment: moments(column::MOMENT)?,
            seen: moments(column::SEEN)?,
            revised: moments(column::REVISED)?,
            id_high: numbers(column::ID_HIGH)?,
            id_low: numbers(column::ID_LOW)?,
            copies: numbers(column::COPIES)?,
        })
    }

    fn of_order(&self, order: Order) -> &Arc<dyn ColumnValues<i64>> {
        if order == Order::Changed { &self.revised } else { &self.moment }
    }

    fn recency(&self, doc: DocId) -> f32 {
        recency(self.moment.get_val(doc), self.seen.get_val(doc))
    }

    /// What a score of this segment is worth at most.
    fn most_recent(&self) -> f32 {
        recency(self.moment.max_value(), self.seen.max_value())
    }

    fn article(&self, doc: DocId) -> ArticleId {
        schema::article(self.id_high.get_val(doc), self.id_low.get_val(doc))
    }
}

/// A hit that is kept for now.
struct Held {
    rank: u64,
    article: ArticleId,
    segment: usize,
    doc: DocId,
    score: Score,
    copies: u64,
}

impl Held {
    /// Smaller is better.
    fn place(&self) -> (std::cmp::Reverse<u64>, ArticleId) {
        (std::cmp::Reverse(self.rank), self.article)
    }

    fn candidate(&self, searcher: &Searcher, segments: &[Columns]) -> tantivy::Result<Candidate> {
        let columns = searcher.segment_reader(self.segment as u32).fast_fields();
        let address = DocAddress::new(self.segment as u32, self.doc);
        Ok(Candidate {
            rank: self.rank,
            article: self.article,
            address,
            score: self.score,
            language: language(searcher, address)?,
            nosnippet: columns.bool(column::NOSNIPPET)?.first(self.doc).unwrap_or(false),
            copies: segments[self.segment].copies.get_val(self.doc),
        })
    }
}

/// The language of a document.
pub(super) fn language(searcher: &Searcher, address: DocAddress) -> tantivy::Result<Language> {
    let columns = searcher.segment_reader(address.segment_ord).fast_fields();
    let Some(languages) = columns.str(column::LANGUAGE)? else { return Ok(Language::UND) };
    let Some(ordinal) = languages.ords().first(address.doc_id) else { return Ok(Language::UND) };
    let mut code = String::new();
    Ok(if languages.ord_to_str(ordinal, &mut code)? { Language::parse(&code) } else { Language::UND })
}

/// The best so far, best first.
struct Kept {
    ask: Ask,
    held: Vec<Held>,
    /// Groups of copies of which one was on a page before.
    shown: HashSet<u64>,
}

impl Kept {
    fn offer(&mut self, segment: usize, columns: &Columns, doc: DocId, rank: u64, score: Score) -> (Score, u64) {
        self.take(segment, columns, doc, rank, score);
        match self.held.last() {
            Some(worst) if self.held.len() >= self.ask.limit => (worst.score, worst.rank),
            _ => EVERYTHING,
        }
    }

    fn take(&mut self, segment: usize, columns: &Columns, doc: DocId, rank: u64, score: Score) {
        if self.ask.after.is_some_and(|after| rank > after.rank) {
            return;
        }
        let full = self.held.len() >= self.ask.limit;
        // Most documents end here, without their id being read.
        if full && self.held.last().is_some_and(|worst| rank < worst.rank) {
            return;
        }
        let article = columns.article(doc);
        if self.ask.after.is_some_and(|after| rank == after.rank && article <= after.article) {
            return;
        }
        let copies = if self.ask.collapse { columns.copies.get_val(doc) } else { 0 };
        let held = Held { rank, article, segment, doc, score, copies };
        if copies != 0 {
            if self.shown.contains(&copies) {
                return;
            }
            if let Some(at) = self.held.iter().position(|known| known.copies == copies) {
                if self.held[at].place() <= held.place() {
                    return;
                }
                self.held.remove(at);
            }
        }
        let at = self.held.partition_point(|known| known.place() < held.place());
        self.held.insert(at, held);
        self.held.truncate(self.ask.limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recency_is_gentle_and_knows_no_future() {
        let day = 86_400_000;
        let now = REFERENCE_MS + 5 * 365 * day;
        let year_old = recency(now - 365 * day, now) / recency(now, now);
        assert!((0.96..0.97).contains(&year_old), "{year_old}");
        assert_eq!(recency(now + 999 * day, now), recency(now, now));
        assert!(recency(i64::MIN, now) > 0.0);
    }

    #[test]
    fn unsigned_moments_keep_their_order() {
        let moments = [i64::MIN, -1, 0, 1, i64::MAX].map(unsigned);
        assert!(moments.is_sorted());
        assert!(rank_by_time(Order::Oldest, 1) > rank_by_time(Order::Oldest, 2));
    }
}
