//! BCubed: how well clusters agree with gold clusters.
//!
//! Amigó, Gonzalo, Artiles and Verdejo, "A comparison of extrinsic clustering evaluation metrics
//! based on formal constraints" (2009): precision and recall are means over items, so that a large
//! cluster counts by its members and a wrong singleton is not lost.

use std::collections::BTreeMap;

/// Precision, recall and F1 of items that are each given as (gold label, label found).
pub fn bcubed<G: Ord + Clone, F: Ord + Clone>(items: &[(G, F)]) -> (f64, f64, f64) {
    if items.is_empty() {
        return (1.0, 1.0, 1.0);
    }
    let mut both: BTreeMap<(G, F), f64> = BTreeMap::new();
    let mut gold: BTreeMap<G, f64> = BTreeMap::new();
    let mut found: BTreeMap<F, f64> = BTreeMap::new();
    for (g, f) in items {
        *both.entry((g.clone(), f.clone())).or_default() += 1.0;
        *gold.entry(g.clone()).or_default() += 1.0;
        *found.entry(f.clone()).or_default() += 1.0;
    }
    let all = items.len() as f64;
    let mean = |part: &dyn Fn(&(G, F), f64) -> f64| both.iter().map(|(pair, n)| n * part(pair, *n)).sum::<f64>() / all;
    let precision = mean(&|(_, f), n| n / found[f]);
    let recall = mean(&|(g, _), n| n / gold[g]);
    (precision, recall, 2.0 * precision * recall / (precision + recall))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(items: &[(&str, u32)], precision: f64, recall: f64) {
        let (p, r, f1) = bcubed(items);
        assert!((p - precision).abs() < 1e-9 && (r - recall).abs() < 1e-9, "{items:?}: {p} {r}");
        assert!((f1 - 2.0 * p * r / (p + r)).abs() < 1e-9);
    }

    #[test]
    fn clusters_are_scored_item_by_item() {
        check(&[], 1.0, 1.0);
        check(&[("a", 1), ("a", 1), ("b", 2)], 1.0, 1.0);
        // Everything in one cluster: recall is perfect, precision is not.
        check(&[("a", 1), ("a", 1), ("b", 1)], (2.0 / 3.0 + 2.0 / 3.0 + 1.0 / 3.0) / 3.0, 1.0);
        // A cluster that was cut in two.
        check(&[("a", 1), ("a", 2), ("b", 3)], 1.0, (0.5 + 0.5 + 1.0) / 3.0);
    }
}
