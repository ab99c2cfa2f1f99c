//! Counting all that matches, without scoring it: the total, facets, a histogram.
//!
//! Documents come in blocks; each column reads a block at a time. Values are counted by their ordinals in
//! a segment's dictionary and named at the end.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use tantivy::columnar::{Cardinality, Column, ColumnValues, StrColumn};
use tantivy::query::Weight;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Searcher, SegmentReader, TERMINATED};

use super::histogram::{Edges, Remembered, Slots};
use super::schema::{LABEL, column};
use crate::counts::{Belongings, Facet, FacetCount, Histogram, HistogramAsk};

/// Of a dictionary with more values than this, only the most frequent are named.
const SMALL: usize = 2_000;
/// So many of each segment. Each is then counted in every segment, so that counts are exact; what is
/// frequent in all of them together is so in at least one.
const FREQUENT: usize = 100;

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

/// How many documents match, counting no further than `most`; and whether that is all.
pub(super) fn total(searcher: &Searcher, weight: &dyn Weight, most: u64) -> tantivy::Result<(u64, bool)> {
    let mut total = 0;
    for reader in searcher.segment_readers() {
        let mut docs = weight.scorer(reader, 1.0)?;
        let alive = reader.alive_bitset();
        let mut buffer = [0; COLLECT_BLOCK_BUFFER_LEN];
        while docs.doc() != TERMINATED {
            let found = docs.fill_buffer(&mut buffer);
            total +=
                buffer[..found].iter().filter(|doc| alive.is_none_or(|alive| alive.is_alive(**doc))).count() as u64;
            if total > most {
                return Ok((most, false));
            }
        }
    }
    Ok((total, true))
}

/// Counts everything that matches.
pub(super) fn count(
    searcher: &Searcher,
    weight: &dyn Weight,
    ask: &Ask,
    belongings: &Belongings,
    known: &Remembered,
) -> tantivy::Result<Counted> {
    let readers = searcher.segment_readers();
    let columns: Vec<&'static str> = columns_of(&ask.facets);
    let edges = ask.histogram.as_ref().map(|ask| Edges::of(readers, ask, known)).transpose()?;
    let mut slots = edges.as_deref().map(Slots::new);
    let mut total = 0;
    let mut segments: Vec<Vec<Tally>> = Vec::with_capacity(readers.len());
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
        segments.push(tallies);
    }
    let mut named = HashMap::new();
    for (at, name) in columns.iter().enumerate() {
        named.insert(*name, names(segments.iter().map(|tallies| &tallies[at]))?);
    }
    let facets = ask.facets.iter().map(|facet| (*facet, counts(*facet, &named, belongings, ask.most))).collect();
    let histogram = edges.zip(slots).map(|(edges, slots)| slots.histogram(&edges));
    Ok(Counted { total, facets, histogram })
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

/// The counts of `facet` out of those of its column.
fn counts(
    facet: Facet,
    named: &HashMap<&'static str, HashMap<String, u64>>,
    belongings: &Belongings,
    most: usize,
) -> Vec<FacetCount> {
    let Some(values) = named.get(column_of(facet)) else { return Vec::new() };
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let outlets = |outlet: &str| values.get(outlet).copied().unwrap_or_default();
    match facet {
        Facet::Network => {
            for (outlet, networks) in &belongings.networks {
                networks
                    .iter()
                    .for_each(|network| *counts.entry(network.clone()).or_default() += outlets(outlet.as_str()));
            }
        }
        Facet::Country => {
            for (outlet, country) in &belongings.countries {
                *counts.entry(country.clone()).or_default() += outlets(outlet.as_str());
            }
        }
        Facet::Author | Facet::Section | Facet::Tag => return labels(values, most),
        _ => counts.extend(values.iter().map(|(value, count)| (value.clone(), *count))),
    }
    most_first(counts.into_iter(), most)
}

/// Labels that differ only in their spelling are one: it is shown as it is most often.
fn labels(values: &HashMap<String, u64>, most: usize) -> Vec<FacetCount> {
    let mut by_folded: BTreeMap<&str, (u64, &str, u64)> = BTreeMap::new();
    for (value, count) in values {
        let Some((folded, shown)) = value.split_once(LABEL) else { continue };
        let (all, best, most) = by_folded.entry(folded).or_insert((0, shown, 0));
        *all += count;
        // Of equals, small letters.
        if (*count, shown) > (*most, *best) {
            (*best, *most) = (shown, *count);
        }
    }
    most_first(by_folded.into_values().map(|(count, shown, _)| (shown.to_owned(), count)), most)
}

fn most_first(counts: impl Iterator<Item = (String, u64)>, most: usize) -> Vec<FacetCount> {
    let counts = counts.filter(|(_, count)| *count > 0).map(|(value, count)| FacetCount { value, count });
    let mut counts: Vec<FacetCount> = counts.collect();
    counts.sort_unstable_by(|one, other| other.count.cmp(&one.count).then_with(|| one.value.cmp(&other.value)));
    counts.truncate(most);
    counts
}

/// The counts of one column by name, from those of all segments by ordinal.
fn names<'a>(segments: impl Iterator<Item = &'a Tally> + Clone) -> tantivy::Result<HashMap<String, u64>> {
    let mut wanted: HashSet<String> = HashSet::new();
    let mut named: HashMap<String, u64> = HashMap::new();
    for tally in segments.clone() {
        match tally.frequent() {
            None => {
                for (ordinal, count) in tally.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                    *named.entry(tally.name(ordinal)?).or_default() += u64::from(*count);
                }
            }
            Some(ordinals) => {
                for ordinal in ordinals {
                    wanted.insert(tally.name(ordinal)?);
                }
            }
        }
    }
    for tally in segments.filter(|tally| tally.is_large()) {
        let Values::Words(words) = &tally.values else { continue };
        for value in &wanted {
            let ordinal = words.dictionary().term_ord(value.as_bytes())?;
            let count = ordinal.and_then(|ordinal| tally.counts.get(ordinal as usize)).copied().unwrap_or_default();
            *named.entry(value.clone()).or_default() += u64::from(count);
        }
    }
    Ok(named)
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

    fn is_large(&self) -> bool {
        self.counts.len() > SMALL
    }

    /// The ordinals that are met most, where the dictionary is a large one.
    fn frequent(&self) -> Option<Vec<usize>> {
        if !self.is_large() {
            return None;
        }
        let met = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let mut met: Vec<(u32, usize)> = met.map(|(ordinal, count)| (*count, ordinal)).collect();
        if met.len() > FREQUENT {
            met.select_nth_unstable_by(FREQUENT, |one, other| other.cmp(one));
            met.truncate(FREQUENT);
        }
        Some(met.into_iter().map(|(_, ordinal)| ordinal).collect())
    }

    fn name(&self, ordinal: usize) -> tantivy::Result<String> {
        let mut value = String::new();
        match &self.values {
            Values::Words(words) => {
                words.ord_to_str(ordinal as u64, &mut value)?;
            }
            Values::Flags(_) => value.push_str(if ordinal == 1 { "true" } else { "false" }),
            Values::None => (),
        }
        Ok(value)
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
