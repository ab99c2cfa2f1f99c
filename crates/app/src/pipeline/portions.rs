//! What long lists name is recorded in portions: the record has one writer, and fifty thousand addresses
//! of one sitemap would keep every other host's visits waiting for seconds.

use std::collections::VecDeque;

use courant_model::{Outcome, Target};
use courant_store::contract::Batch;

/// So many targets are added to the frontier at a time.
const PORTION: usize = 1_000;

/// The lists of which something is still to be recorded.
#[derive(Default)]
pub(super) struct Portions(VecDeque<(Vec<Target>, Outcome)>);

impl Portions {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds to the batch what a visit found and how it ended: at once, or portion by portion where it
    /// found much. The end comes with the last portion: what is forgotten by a crash is visited again.
    pub(super) fn take_in(&mut self, found: Vec<Target>, outcome: Outcome, batch: &mut Batch) {
        if found.len() > PORTION {
            return self.0.push_back((found, outcome));
        }
        batch.found.extend(found);
        batch.outcomes.push(outcome);
    }

    /// Adds the next portion to the batch.
    pub(super) fn fill(&mut self, batch: &mut Batch) {
        let room = PORTION.saturating_sub(batch.found.len());
        let Some((found, _)) = self.0.front_mut() else { return };
        batch.found.extend(found.split_off(found.len().saturating_sub(room)));
        if found.is_empty() {
            batch.outcomes.extend(self.0.pop_front().map(|(_, outcome)| outcome));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::visit::Visited;
    use courant_model::{CanonicalUrl, OutletId, TargetKind};
    use jiff::Timestamp;

    fn target(number: usize) -> Target {
        let url = CanonicalUrl::parse(&format!("https://a.example/{number}")).expect("a URL");
        let outlet = OutletId::new("a");
        Target::new(url, TargetKind::Page, outlet, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_long_list_ends_with_its_last_portion() {
        let mut portions = Portions::default();
        let mut batch = Batch::default();
        let (short, long) = (target(0), target(1));
        let outcome = |target: &Target| Visited::failed(target, "for a test".to_owned(), Timestamp::UNIX_EPOCH).outcome;
        portions.take_in((0..2 * PORTION + 1).map(target).collect(), outcome(&long), &mut batch);
        portions.take_in(vec![target(7)], outcome(&short), &mut batch);
        assert_eq!((batch.found.len(), batch.outcomes.len()), (1, 1), "a short one does not wait");
        let mut found = std::mem::take(&mut batch).found.len();
        for ended in [0, 0, 1] {
            assert!(!portions.is_empty());
            portions.fill(&mut batch);
            assert!(batch.found.len() <= PORTION);
            assert_eq!(batch.outcomes.len(), ended);
            found += std::mem::take(&mut batch).found.len();
        }
        assert_eq!((found, portions.is_empty()), (2 * PORTION + 2, true));
    }
}
