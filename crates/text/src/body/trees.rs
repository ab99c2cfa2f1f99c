//! Boosted decision trees: the judgement on single blocks, as figures in a table.
//!
//! The table is `data/body.trees`, made by `scripts/body-weights` from labelled pages; this file reads
//! it and asks it. A tree is a run of nodes, each a feature, a bound and two ways on; its leaves are
//! sums that the logistic function makes a probability of.

use std::sync::LazyLock;

use super::features::COUNT;

/// The trees that come with the program.
static SHIPPED: LazyLock<Trees> =
    LazyLock::new(|| Trees::parse(include_str!("../../../../data/body.trees")).unwrap_or_default());

/// An ensemble of trees.
#[derive(Debug, Default, Clone)]
pub(crate) struct Trees {
    nodes: Vec<Node>,
    /// Where each tree begins in `nodes`.
    roots: Vec<usize>,
}

/// A node: where the feature's value is at most the bound, the left child is next. The left child stands
/// behind its parent: eight bytes a node, so that all the trees stay at hand.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// A bound; of a leaf, its sum.
    bound: f32,
    /// A feature, or [`LEAF`].
    feature: u16,
    /// The right child, counted from the root.
    right: u16,
}

/// So many trees are walked side by side: in one alone, each step waits for the one before.
const ABREAST: usize = 8;

/// The feature of a leaf.
const LEAF: u16 = u16::MAX;

impl Trees {
    /// The trees that come with the program.
    pub(crate) fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads a table. A line a node: `feature bound left right`, children counted from the root of
    /// the tree, the left one the next line; `= sum` is a leaf, `tree` begins a tree, `#` a remark.
    pub(crate) fn parse(table: &str) -> Result<Self, String> {
        let mut trees = Self::default();
        for (number, line) in table.lines().enumerate() {
            let odd = || format!("line {}: '{line}' is no node of a tree", number + 1);
            let words: Vec<&str> = line.split_whitespace().collect();
            let node = match words[..] {
                [] => continue,
                [first, ..] if first.starts_with('#') => continue,
                ["tree"] => {
                    trees.roots.push(trees.nodes.len());
                    continue;
                }
                ["=", sum] => Node { bound: sum.parse().map_err(|_| odd())?, feature: LEAF, right: 0 },
                [feature, bound, left, right] => {
                    let next = trees.roots.last().map(|root| trees.nodes.len() - root + 1);
                    if left.parse().ok() != next {
                        return Err(odd());
                    }
                    Node {
                        bound: bound.parse().map_err(|_| odd())?,
                        feature: feature.parse().map_err(|_| odd())?,
                        right: right.parse().map_err(|_| odd())?,
                    }
                }
                _ => return Err(odd()),
            };
            if trees.roots.is_empty() {
                return Err(odd());
            }
            trees.nodes.push(node);
        }
        trees.check().map(|()| trees)
    }

    /// Children lie behind their parents and within their tree: each walk ends.
    fn check(&self) -> Result<(), String> {
        for (at, root) in self.roots.iter().enumerate() {
            let end = self.roots.get(at + 1).copied().unwrap_or(self.nodes.len());
            let tree = &self.nodes[*root..end];
            let whole = |(at, node): (usize, &Node)| {
                let fits = at + 1 < tree.len() && (at + 1..tree.len()).contains(&usize::from(node.right));
                node.feature == LEAF || fits && usize::from(node.feature) < COUNT
            };
            if tree.is_empty() || !tree.iter().enumerate().all(whole) {
                return Err(format!("tree {} is not whole", at + 1));
            }
        }
        Ok(())
    }

    /// How likely a block with these features is the article's, 0 to 1.
    pub(crate) fn judge(&self, values: &[f32; COUNT]) -> f32 {
        let mut sum = 0.0;
        for roots in self.roots.chunks(ABREAST) {
            let mut at = [0; ABREAST];
            at[..roots.len()].copy_from_slice(roots);
            let mut walking = true;
            while walking {
                walking = false;
                for (at, root) in at.iter_mut().zip(roots) {
                    let node = &self.nodes[*at];
                    if let Some(value) = values.get(usize::from(node.feature)) {
                        *at = if *value <= node.bound { *at + 1 } else { root + usize::from(node.right) };
                        walking = true;
                    }
                }
            }
            sum += at.iter().zip(roots).map(|(at, _)| self.nodes[*at].bound).sum::<f32>();
        }
        1.0 / (1.0 + f32::exp(-sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_asked() {
        let trees = Trees::parse("# two trees\ntree\n0 10 1 2\n= -1.5\n= 0.5\ntree\n= 1\n").expect("a table");
        let judge = |value| {
            let mut values = [0.0; COUNT];
            values[0] = value;
            trees.judge(&values)
        };
        assert!((judge(20.0) - 0.8176).abs() < 0.001);
        assert!((judge(10.0) - 0.3775).abs() < 0.001);
    }

    #[test]
    fn a_broken_table_is_refused() {
        for table in
            ["0 1 2 3", "tree\n0 1 1 2\n= 1", "tree\n0 1 0 0", "tree\n9999 1 1 2\n= 1\n= 1", "tree\n= x", "tree"]
        {
            assert!(Trees::parse(table).is_err(), "{table}");
        }
    }

    #[test]
    fn the_shipped_trees_are_whole() {
        let shipped = Trees::parse(include_str!("../../../../data/body.trees"));
        assert!(shipped.is_ok_and(|trees| trees.roots.len() >= 40));
    }
}
