//! Names of a column's values, the same number for the same name in every segment.
//!
//! A segment's dictionary numbers its own values, and asking it for a name costs a block. So each dictionary
//! is read once, from end to end, when its segment is first counted; after that, counts of segments are added
//! up by number, and only those names are looked at that are told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::columnar::StrColumn;
use tantivy::index::SegmentId;

use super::schema::LABEL;

/// Segments that are remembered beyond those in use: pages of before still stand on some.
const REMEMBERED: usize = 100;

/// The names of all columns that were counted so far.
#[derive(Default)]
pub(super) struct Names(Mutex<HashMap<&'static str, Column>>);

/// The names of one column.
#[derive(Default)]
pub(super) struct Column {
    numbers: HashMap<Arc<str>, u32>,
    names: Vec<Arc<str>>,
    /// Names that are one value: spellings of one label.
    groups: Vec<u32>,
    /// The names of each group.
    members: Vec<Vec<u32>>,
    by_folded: HashMap<Box<str>, u32>,
    /// Of each segment, the number of each of its own.
    segments: HashMap<SegmentId, Arc<[u32]>>,
}

impl Names {
    /// The numbers of a segment's values, by their place in its dictionary.
    pub(super) fn numbers(
        &self,
        column: &'static str,
        segment: SegmentId,
        words: &StrColumn,
    ) -> tantivy::Result<Arc<[u32]>> {
        let mut columns = self.columns();
        let known = columns.entry(column).or_default();
        if let Some(numbers) = known.segments.get(&segment) {
            return Ok(numbers.clone());
        }
        let mut numbers = Vec::with_capacity(words.dictionary().num_terms());
        let mut stream = words.dictionary().stream()?;
        while stream.advance() {
            numbers.push(known.number(&String::from_utf8_lossy(stream.key())));
        }
        let numbers: Arc<[u32]> = numbers.into();
        if known.segments.len() >= REMEMBERED {
            known.segments.clear();
        }
        known.segments.insert(segment, numbers.clone());
        Ok(numbers)
    }

    /// The values that were met most, at most so many, with how often; `counts` are by number. Of equals, the
    /// first by name.
    pub(super) fn most(&self, column: &str, counts: &[u32], most: usize) -> Vec<(String, u64)> {
        let columns = self.columns();
        let Some(known) = columns.get(column) else { return Vec::new() };
        let mut groups = vec![0_u64; known.members.len()];
        for (count, group) in counts.iter().zip(&known.groups) {
            groups[*group as usize] += u64::from(*count);
        }
        let mut met: Vec<u32> = (0..groups.len() as u32).filter(|group| groups[*group as usize] > 0).collect();
        let name = |group: u32| &known.names[known.members[group as usize][0] as usize];
        let order = |one: &u32, other: &u32| {
            let counted = |group: &u32| std::cmp::Reverse(groups[*group as usize]);
            counted(one).cmp(&counted(other)).then_with(|| name(*one).cmp(name(*other)))
        };
        if met.len() > most {
            met.select_nth_unstable_by(most, order);
            met.truncate(most);
        }
        met.sort_unstable_by(order);
        let shown = |group: &u32| {
            let members = &known.members[*group as usize];
            // Of a label's spellings the one met most; of equals, small letters.
            let met = |number: &&u32| {
                let number = **number as usize;
                (counts.get(number).copied().unwrap_or_default(), &known.names[number])
            };
            let best = members.iter().max_by_key(met).unwrap_or(&members[0]);
            let name = &known.names[*best as usize];
            name.split_once(LABEL).map_or(&**name, |(_, shown)| shown).to_owned()
        };
        met.iter().map(|group| (shown(group), groups[*group as usize])).collect()
    }

    fn columns(&self) -> MutexGuard<'_, HashMap<&'static str, Column>> {
        // A name is added whole or not at all.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Column {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        let folded = name.split_once(LABEL).map_or(name, |(folded, _)| folded);
        let group = match self.by_folded.get(folded) {
            Some(group) => *group,
            None => {
                let group = self.members.len() as u32;
                self.members.push(Vec::new());
                self.by_folded.insert(folded.into(), group);
                group
            }
        };
        self.members[group as usize].push(number);
        self.groups.push(group);
        let name: Arc<str> = name.into();
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }
}
