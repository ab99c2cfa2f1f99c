//! Counting all that matches, without scoring it: the total, facets, a histogram.
//!
//! Documents come in blocks; each column reads a block at a time. Values are counted by their ordinals in
//! a segment's dictionary, added up by numbers that all segments share, and named at the end.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use courant_model::OutletId;
use tantivy::columnar::{Cardinality, Column, ColumnValues, StrColumn};
use tantivy::query::Weight;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Searcher, SegmentReader};

use super::histogram::{Edges, Remembered, Slots};
use super::names::Names;
use super::schema::column;
use crate::counts::{Belongings, Facet, FacetCount, Histogram, HistogramAsk};

/// What is to be counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Ask {
    pub(super) facets: Vec<Facet>,
    pub(super) histogram: Option<HistogramAsk>,
    /// At most so many values of a facet.
    pub(super) most: usize,
}

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) total: u64,
    pub(super) facets: Vec<(Facet, Vec<FacetCount>)>,
    pub(super) histogram: Option<Histogram>,
}

/// Counts everything that matches.
pub(super) fn count(
    searcher: &Searcher,
    weight: &dyn Weight,
    ask: &Ask,
    belongings: &Belongings,
    known: &Known,
) -> tantivy::Result<Counted> {
    let readers = searcher.segment_readers();
    let columns: Vec<&'static str> = columns_of(&ask.facets);
    let edges = ask.histogram.as_ref().map(|ask| Edges::of(readers, ask, &known.edges)).transpose()?;
    let mut slots = edges.as_deref().map(Slots::new);
    let mut total = 0;
    let mut sums: Vec<Vec<u32>> = vec![Vec::new(); columns.len()];
    for reader in readers {
        let mut tallies = columns.iter().map(|name| Tally::of(reader, name)).collect::<tantivy::Result<Vec<_>>>()?;
        let moments = reader.fast_fields().i64(column::MOMENT)?.first_or_default_col(0);
        let alive = reader.alive_bitset();
        let mut living = [0; COLLECT_BLOCK_BUFFER_LEN];
        weight.for_each_no_score(reader, &mut |docs| {
            let docs = match alive {
                None => docs,
                Some(alive) => {
                    let mut found = 0;
                    for doc in docs.iter().filter(|doc| alive.is_alive(**doc)) {
                        living[found] = *doc;
                        found += 1;
                    }
                    &living[..found]
                }
            };
            total += docs.len() as u64;
            tallies.iter_mut().for_each(|tally| tally.count(docs));
            if let (Some(edges), Some(slots)) = (&edges, &mut slots) {
                slots.count(edges, &moments, docs);
            }
        })?;
        for ((tally, name), sum) in tallies.iter().zip(&columns).zip(&mut sums) {
            tally.add_to(sum, name, reader, &known.names)?;
        }
    }
    let told = |facet: Facet| {
        let sum = columns.iter().position(|name| *name == column_of(facet)).map_or(&[][..], |at| &sums[at]);
        (facet, counts(facet, sum, &known.names, belongings, ask.most))
    };
    let facets = ask.facets.iter().map(|facet| told(*facet)).collect();
    let histogram = edges.zip(slots).map(|(edges, slots)| slots.histogram(&edges));
    Ok(Counted { total, facets, histogram })
}

/// What is remembered from one counting to the next.
#[derive(Default)]
pub(super) struct Known {
    names: Names,
    edges: Remembered,
}

/// The columns that these facets are counted by, each once.
fn columns_of(facets: &[Facet]) -> Vec<&'static str> {
    let mut columns: Vec<&'static str> = facets.iter().map(|facet| column_of(*facet)).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

fn column_of(facet: Facet) -> &'static str {
    match facet {
        Facet::Outlet | Facet::Network | Facet::Country => column::OUTLET,
        Facet::Project => column::PROJECT,
        Facet::Language => column::LANGUAGE,
        Facet::Author => column::BYLINE,
        Facet::Section => column::SECTION,
        Facet::Tag => column::TAG,
        Facet::Agency => column::AGENCY,
        Facet::Cites => column::CITES,
        Facet::Kind => column::KIND,
        Facet::Paywalled => column::PAYWALLED,
        Facet::Edited => column::EDITED,
        Facet::Story => column::STORY,
    }
}

/// The counts of `facet` out of those of its column, by number.
fn counts(facet: Facet, sums: &[u32], names: &Names, belongings: &Belongings, most: usize) -> Vec<FacetCount> {
    let column = column_of(facet);
    let counts: Vec<(String, u64)> = match facet {
        Facet::Paywalled | Facet::Edited => {
            let told = ["false", "true"].into_iter().zip(sums);
            return most_first(told.map(|(value, count)| (value.to_owned(), u64::from(*count))), most);
        }
        Facet::Network | Facet::Country => {
            let outlets: HashMap<String, u64> = names.most(column, sums, usize::MAX).into_iter().collect();
            let counted = |outlet: &OutletId| outlets.get(outlet.as_str()).copied().unwrap_or_default();
            let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
            if facet == Facet::Network {
                for (outlet, networks) in &belongings.networks {
                    networks.iter().for_each(|network| *counts.entry(network).or_default() += counted(outlet));
                }
            } else {
                for (outlet, country) in &belongings.countries {
                    *counts.entry(country).or_default() += counted(outlet);
                }
            }
            return most_first(counts.into_iter().map(|(value, count)| (value.to_owned(), count)), most);
        }
        _ => names.most(column, sums, most),
    };
    counts.into_iter().map(|(value, count)| FacetCount { value, count }).collect()
}

fn most_first(counts: impl Iterator<Item = (String, u64)>, most: usize) -> Vec<FacetCount> {
    let counts = counts.filter(|(_, count)| *count > 0).map(|(value, count)| FacetCount { value, count });
    let mut counts: Vec<FacetCount> = counts.collect();
    counts.sort_unstable_by(|one, other| other.count.cmp(&one.count).then_with(|| one.value.cmp(&other.value)));
    counts.truncate(most);
    counts
}

/// Counts of one column of one segment.
struct Tally {
    values: Values,
    counts: Vec<u32>,
}

enum Values {
    /// Texts, by their ordinals in a dictionary.
    Words(StrColumn),
    /// False and true.
    Flags(Arc<dyn ColumnValues<bool>>),
    /// No document of the segment has one.
    None,
}

impl Tally {
    fn of(reader: &SegmentReader, name: &str) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        if matches!(name, column::PAYWALLED | column::EDITED) {
            let flags = columns.bool(name)?.first_or_default_col(false);
            return Ok(Self { values: Values::Flags(flags), counts: vec![0; 2] });
        }
        Ok(match columns.str(name)? {
            Some(words) => Self { counts: vec![0; words.dictionary().num_terms()], values: Values::Words(words) },
            None => Self { values: Values::None, counts: Vec::new() },
        })
    }

    fn count(&mut self, docs: &[DocId]) {
        match &self.values {
            Values::Words(words) => count_ordinals(words.ords(), docs, &mut self.counts),
            Values::Flags(flags) => docs.iter().for_each(|doc| self.counts[usize::from(flags.get_val(*doc))] += 1),
            Values::None => (),
        }
    }

    /// Adds the counts to those of other segments, by numbers that all share.
    fn add_to(
        &self,
        sums: &mut Vec<u32>,
        column: &'static str,
        reader: &SegmentReader,
        names: &Names,
    ) -> tantivy::Result<()> {
        let mut add = |number: usize, count: u32| {
            if number >= sums.len() {
                sums.resize(number + 1, 0);
            }
            sums[number] += count;
        };
        match &self.values {
            Values::Words(words) => {
                let numbers = names.numbers(column, reader.segment_id(), words)?;
                let met = self.counts.iter().zip(numbers.iter()).filter(|(count, _)| **count > 0);
                met.for_each(|(count, number)| add(*number as usize, *count));
            }
            Values::Flags(_) => self.counts.iter().enumerate().for_each(|(number, count)| add(number, *count)),
            Values::None => (),
        }
        Ok(())
    }
}

fn count_ordinals(column: &Column<u64>, docs: &[DocId], counts: &mut [u32]) {
    let mut add = |ordinal: u64| {
        if let Some(count) = counts.get_mut(ordinal as usize) {
            *count += 1;
        }
    };
    match column.get_cardinality() {
        Cardinality::Full => {
            let mut ordinals = [0; COLLECT_BLOCK_BUFFER_LEN];
            let ordinals = &mut ordinals[..docs.len()];
            column.values.get_vals(docs, ordinals);
            ordinals.iter().for_each(|ordinal| add(*ordinal));
        }
        Cardinality::Optional => {
            let mut ordinals = [None; COLLECT_BLOCK_BUFFER_LEN];
            let ordinals = &mut ordinals[..docs.len()];
            column.first_vals(docs, ordinals);
            ordinals.iter().flatten().for_each(|ordinal| add(*ordinal));
        }
        Cardinality::Multivalued => docs.iter().for_each(|doc| column.values_for_doc(*doc).for_each(&mut add)),
    }
}
