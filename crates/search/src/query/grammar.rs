//! Lexemes to a tree. Recursion happens at groups only, and the lexer bounds those.

use std::collections::VecDeque;

use super::lexer::Lexeme;
use super::{Field, Node, Weight};

/// The tree of these lexemes; what is missing or too much is noted.
pub(super) fn tree(lexemes: Vec<Lexeme>, notes: &mut Vec<String>) -> Node {
    Parser { rest: lexemes.into(), notes }.side_by_side()
}

struct Parser<'a> {
    rest: VecDeque<Lexeme>,
    notes: &'a mut Vec<String>,
}

impl Parser<'_> {
    /// `alternatives alternatives …` up to the group's end.
    fn side_by_side(&mut self) -> Node {
        let mut parts = Vec::new();
        while !matches!(self.rest.front(), None | Some(Lexeme::Close)) {
            parts.extend(self.alternatives());
        }
        all(parts)
    }

    /// `both OR both …`
    fn alternatives(&mut self) -> Option<Node> {
        let parts = self.operands(&Lexeme::Or, "OR", Self::both);
        (!parts.is_empty()).then(|| any(parts))
    }

    /// `one AND one …`
    fn both(&mut self) -> Option<Node> {
        let parts = self.operands(&Lexeme::And, "AND", Self::one);
        (!parts.is_empty()).then(|| all(parts))
    }

    fn operands(&mut self, operator: &Lexeme, name: &str, read: fn(&mut Self) -> Option<Node>) -> Vec<Node> {
        let mut parts: Vec<Node> = read(self).into_iter().collect();
        while self.rest.front() == Some(operator) {
            self.rest.pop_front();
            match read(self) {
                Some(node) => parts.push(node),
                None => self.notes.push(format!("{name} has nothing behind it: it was left out")),
            }
        }
        parts
    }

    /// A word, phrase or group, with `NOT` and a field before it in any number and order.
    fn one(&mut self) -> Option<Node> {
        let (mut negated, mut field) = (false, None);
        while let Some(lexeme) = self.next_in_group() {
            let node = match lexeme {
                Lexeme::Not => {
                    negated = !negated;
                    continue;
                }
                Lexeme::Field(inner) => {
                    if field.replace(inner).is_some() {
                        self.notes
                            .push(format!("of fields one behind the other the last is read: '{}:'", inner.as_str()));
                    }
                    continue;
                }
                Lexeme::And => {
                    self.notes.push("AND has nothing before it: it was left out".to_owned());
                    continue;
                }
                Lexeme::Or => {
                    self.notes.push("OR has nothing before it: it was left out".to_owned());
                    continue;
                }
                Lexeme::Word(text) => Some(Node::Word(text)),
                Lexeme::Phrase(text) => Some(Node::Phrase(text)),
                Lexeme::Near(text, apart) => Some(Node::Near(text, apart)),
                Lexeme::Prefix(text) => Some(Node::Prefix(text)),
                Lexeme::Fuzzy(text, letters) => Some(Node::Fuzzy(text, letters)),
                Lexeme::Terms(terms) => Some(Node::Terms(terms)),
                // `next_in_group` leaves the end of a group where it stands.
                Lexeme::Open | Lexeme::Close => self.group(),
                // What it stood behind was left out.
                Lexeme::Boost(_) => None,
            };
            let weight = self.weight();
            if let Some(node) = node {
                return Some(negate(negated, boosted(self.in_field(field, node), weight)));
            }
        }
        // Nothing followed: a field's name alone is a word like any other.
        if negated && field.is_none() {
            self.notes.push("NOT has nothing behind it: it was left out".to_owned());
        }
        field.map(|field| negate(negated, Node::Word(field.as_str().to_owned())))
    }

    /// The weights that stand here, made one.
    fn weight(&mut self) -> Weight {
        let mut product = Weight::ONE;
        while let Some(Lexeme::Boost(weight)) = self.rest.front() {
            product = product.times(*weight);
            self.rest.pop_front();
        }
        product
    }

    fn next_in_group(&mut self) -> Option<Lexeme> {
        if self.rest.front() == Some(&Lexeme::Close) { None } else { self.rest.pop_front() }
    }

    /// The rest of a group that has been opened; `None` for an empty one.
    fn group(&mut self) -> Option<Node> {
        let node = self.side_by_side();
        self.rest.pop_front();
        if node == Node::All(Vec::new()) {
            self.notes.push("empty parentheses were left out".to_owned());
            return None;
        }
        Some(node)
    }

    fn in_field(&mut self, field: Option<Field>, node: Node) -> Node {
        match (field, node) {
            (None, node) => node,
            (field, Node::Not(inner)) => negate(true, self.in_field(field, *inner)),
            (field, Node::Boosted(inner, weight)) => boosted(self.in_field(field, *inner), weight),
            (Some(outer), Node::Field(inner, node)) => {
                if outer != inner {
                    self.notes.push(format!("of fields one behind the other the last is read: '{}:'", inner.as_str()));
                }
                Node::Field(inner, node)
            }
            (Some(field), node) => Node::Field(field, Box::new(node)),
        }
    }
}

fn negate(negated: bool, node: Node) -> Node {
    match node {
        node if !negated => node,
        Node::Not(inner) => *inner,
        node => Node::Not(Box::new(node)),
    }
}

/// A "not" weighs nothing, and what weighs as much as the rest is not marked.
fn boosted(node: Node, weight: Weight) -> Node {
    match node {
        Node::Not(inner) => Node::Not(inner),
        Node::Boosted(inner, within) => boosted(*inner, within.times(weight)),
        node if weight == Weight::ONE => node,
        node => Node::Boosted(Box::new(node), weight),
    }
}

fn all(parts: Vec<Node>) -> Node {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Node::All(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    if flat.len() == 1 { flat.swap_remove(0) } else { Node::All(flat) }
}

fn any(parts: Vec<Node>) -> Node {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Node::Any(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    if flat.len() == 1 { flat.swap_remove(0) } else { Node::Any(flat) }
}
