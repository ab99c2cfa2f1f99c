//! Counts over time: the edges of the buckets by a zone's clock, and which bucket a moment falls into.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Weekday;
use jiff::{RoundMode, Timestamp, ToSpan, Unit, ZonedDateTime, ZonedDateTimeRound};
use tantivy::columnar::ColumnValues;
use tantivy::{DocId, SegmentReader};

use super::schema::column;
use crate::counts::{Bucket, Histogram, HistogramAsk, Interval, MOST_BUCKETS};

/// So many lists of edges are remembered: making one costs more than a query.
const REMEMBERED: usize = 16;

/// Lists of edges that were made before.
#[derive(Default)]
pub(super) struct Remembered(Mutex<Vec<(HistogramAsk, Arc<Edges>)>>);

impl Remembered {
    fn edges(&self, from: i64, to: i64, ask: &HistogramAsk) -> Arc<Edges> {
        let last = floor(to, ask).map(|start| start.timestamp().as_millisecond());
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |edges: &Edges| {
            let reaches = edges.starts.first().is_some_and(|first| *first <= from);
            edges.starts.last().copied() == last && (reaches || edges.starts.len() == MOST_BUCKETS)
        };
        if let Some((_, edges)) = known.iter().find(|(asked, edges)| asked == ask && fits(edges)) {
            return edges.clone();
        }
        known.retain(|(asked, _)| asked != ask);
        if known.len() == REMEMBERED {
            known.remove(0);
        }
        let edges = Arc::new(Edges::between(from, to, ask));
        known.push((ask.clone(), edges.clone()));
        edges
    }
}

/// Where the buckets begin, over all that the index holds.
pub(super) struct Edges {
    interval: Interval,
    /// In milliseconds since 1970, in order.
    starts: Vec<i64>,
    /// How long a bucket is on average, in milliseconds.
    average: f64,
}

impl Edges {
    /// The edges for the moments of these segments.
    pub(super) fn of(readers: &[SegmentReader], ask: &HistogramAsk, known: &Remembered) -> tantivy::Result<Arc<Self>> {
        let mut range: Option<(i64, i64)> = None;
        for reader in readers.iter().filter(|reader| reader.num_docs() > 0) {
            let column = reader.fast_fields().i64(column::MOMENT)?.first_or_default_col(0);
            let (least, most) = (column.min_value(), column.max_value());
            range = Some(range.map_or((least, most), |(from, to)| (from.min(least), to.max(most))));
        }
        let Some((from, to)) = range else {
            return Ok(Arc::new(Self { interval: ask.interval, starts: Vec::new(), average: 1.0 }));
        };
        Ok(known.edges(from, to, ask))
    }

    /// The edges between two moments, in milliseconds; the last [`MOST_BUCKETS`] of them.
    fn between(from: i64, to: i64, ask: &HistogramAsk) -> Self {
        let mut starts = Vec::new();
        let mut edge = floor(to, ask);
        while let Some(start) = edge {
            let at = start.timestamp().as_millisecond();
            starts.push(at);
            if at <= from || starts.len() == MOST_BUCKETS {
                break;
            }
            edge = before(&start, ask.interval).filter(|earlier| earlier.timestamp() < start.timestamp());
        }
        starts.reverse();
        let average = match starts.as_slice() {
            [first, .., last] => (last - first) as f64 / (starts.len() - 1) as f64,
            _ => 1.0,
        };
        Self { interval: ask.interval, starts, average: average.max(1.0) }
    }

    /// The bucket that a moment falls into; `None` before the first.
    fn slot(&self, moment: i64) -> Option<usize> {
        let (first, last) = (*self.starts.first()?, self.starts.len() - 1);
        if moment < first {
            return None;
        }
        // Days and months differ little in length: the guess is off by a few at most.
        let guess = (moment.saturating_sub(first) as f64 / self.average) as usize;
        let mut slot = guess.min(last);
        while slot > 0 && self.starts[slot] > moment {
            slot -= 1;
        }
        while slot < last && self.starts[slot + 1] <= moment {
            slot += 1;
        }
        Some(slot)
    }
}

/// Where the bucket begins that holds this moment.
fn floor(ms: i64, ask: &HistogramAsk) -> Option<ZonedDateTime> {
    let at = Timestamp::from_millisecond(ms).ok()?.to_zoned_datetime(ask.zone.clone());
    match ask.interval {
        Interval::Hour => at.round(ZonedDateTimeRound::new().smallest(Unit::Hour).mode(RoundMode::Floor)).ok(),
        Interval::Day => at.start_of_day().ok(),
        Interval::Week => {
            let days = i64::from(at.weekday().since(Weekday::Monday));
            at.start_of_day().ok()?.checked_sub(days.days()).ok()?.start_of_day().ok()
        }
        Interval::Month => at.first_of_month().ok()?.start_of_day().ok(),
    }
}

/// Where the bucket before begins.
fn before(start: &ZonedDateTime, interval: Interval) -> Option<ZonedDateTime> {
    let earlier = match interval {
        Interval::Hour => return start.checked_sub(1.hour()).ok(),
        Interval::Day => start.checked_sub(1.day()),
        Interval::Week => start.checked_sub(1.week()),
        Interval::Month => start.checked_sub(1.month()),
    };
    // Where a day has no midnight, its next neighbour's clock does not shift with it.
    earlier.ok()?.start_of_day().ok()
}

/// Counts, a bucket each.
pub(super) struct Slots {
    counts: Vec<u64>,
    earlier: u64,
}

impl Slots {
    pub(super) fn new(edges: &Edges) -> Self {
        Self { counts: vec![0; edges.starts.len()], earlier: 0 }
    }

    pub(super) fn count(&mut self, edges: &Edges, moments: &Arc<dyn ColumnValues<i64>>, docs: &[DocId]) {
        for doc in docs {
            match edges.slot(moments.get_val(*doc)) {
                Some(slot) => self.counts[slot] += 1,
                None => self.earlier += 1,
            }
        }
    }

    /// The buckets from the first that has any to the last.
    pub(super) fn histogram(self, edges: &Edges) -> Histogram {
        let first = self.counts.iter().position(|count| *count > 0).unwrap_or(0);
        let end = self.counts.iter().rposition(|count| *count > 0).map_or(first, |last| last + 1);
        let bucket = |at: usize| Bucket {
            start: Timestamp::from_millisecond(edges.starts[at]).unwrap_or_default(),
            count: self.counts[at],
        };
        Histogram { interval: edges.interval, buckets: (first..end).map(bucket).collect(), earlier: self.earlier }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn edges(interval: Interval, zone: &str, from: &str, to: &str) -> Edges {
        let ms = |text: &str| text.parse::<Timestamp>().expect("a moment").as_millisecond();
        Edges::between(ms(from), ms(to), &HistogramAsk { interval, zone: TimeZone::get(zone).expect("a zone") })
    }

    fn starts(edges: &Edges) -> Vec<String> {
        edges.starts.iter().map(|ms| Timestamp::from_millisecond(*ms).expect("a moment").to_string()).collect()
    }

    #[test]
    fn days_begin_by_the_clock_of_the_zone() {
        let days = edges(Interval::Day, "Europe/Paris", "2021-03-27T12:00:00Z", "2021-03-29T12:00:00Z");
        assert_eq!(starts(&days), ["2021-03-26T23:00:00Z", "2021-03-27T23:00:00Z", "2021-03-28T22:00:00Z"]);
        let weeks = edges(Interval::Week, "UTC", "2021-07-18T12:00:00Z", "2021-07-19T12:00:00Z");
        assert_eq!(starts(&weeks), ["2021-07-12T00:00:00Z", "2021-07-19T00:00:00Z"]);
        let months = edges(Interval::Month, "Asia/Tokyo", "2021-01-31T14:59:59Z", "2021-01-31T15:00:00Z");
        assert_eq!(starts(&months), ["2020-12-31T15:00:00Z", "2021-01-31T15:00:00Z"]);
        let hours = edges(Interval::Hour, "Asia/Kolkata", "2021-07-18T10:00:00Z", "2021-07-18T10:40:00Z");
        assert_eq!(starts(&hours), ["2021-07-18T09:30:00Z", "2021-07-18T10:30:00Z"]);
    }

    #[test]
    fn every_moment_has_its_bucket() {
        for (interval, zone) in [
            (Interval::Hour, "Europe/Paris"),
            (Interval::Day, "America/Sao_Paulo"),
            (Interval::Week, "Asia/Beirut"),
            (Interval::Month, "UTC"),
        ] {
            let edges = edges(interval, zone, "2010-01-15T00:00:00Z", "2010-07-19T00:00:00Z");
            assert!(edges.starts.is_sorted_by(|one, next| one < next), "{zone}");
            for (slot, start) in edges.starts.iter().enumerate() {
                assert_eq!(edges.slot(*start), Some(slot), "{zone}");
                assert_eq!(edges.slot(start - 1), slot.checked_sub(1), "{zone}");
            }
            assert_eq!(edges.slot(i64::MIN), None);
            assert_eq!(edges.slot(i64::MAX), Some(edges.starts.len() - 1));
        }
    }

    #[test]
    fn edges_are_made_once() {
        let ask = HistogramAsk { interval: Interval::Day, zone: TimeZone::UTC };
        let known = Remembered::default();
        let edges = known.edges(86_400_000, 10 * 86_400_000, &ask);
        assert!(Arc::ptr_eq(&edges, &known.edges(2 * 86_400_000, 10 * 86_400_000 + 9, &ask)));
        assert!(!Arc::ptr_eq(&edges, &known.edges(86_400_000, 11 * 86_400_000, &ask)), "a day more");
    }

    #[test]
    fn a_moment_far_off_makes_no_endless_list() {
        let edges = edges(Interval::Hour, "UTC", "0001-01-01T00:00:00Z", "2021-07-19T00:00:00Z");
        assert_eq!(edges.starts.len(), MOST_BUCKETS);
        assert_eq!(edges.slot(i64::MIN / 2), None);
    }
}
