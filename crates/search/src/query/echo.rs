//! A tree back to text, with every operator that standing side by side implies, so that a reader
//! sees how the query was read.

use courant_model::Language;

use super::{Field, Node};

/// The tree in the query's own language.
pub(super) fn written(tree: &Node) -> String {
    match tree {
        Node::All(parts) => joined(parts, " AND "),
        Node::Any(parts) => joined(parts, " OR "),
        Node::Not(inner) => format!("NOT {}", grouped(inner)),
        Node::Word(text) => text.clone(),
        Node::Phrase(text) => format!("\"{text}\""),
        Node::Near(text, apart) => format!("\"{text}\"~{apart}"),
        Node::Prefix(text) => format!("{text}*"),
        Node::Fuzzy(text, letters) => format!("{text}~{letters}"),
        Node::Terms(terms) => format!("{{{}}}", terms.iter().map(term).collect::<Vec<_>>().join(", ")),
        Node::Field(field, inner) => format!("{}:{}", field.as_str(), grouped(inner)),
        Node::Boosted(inner, weight) if looks_like_a_field(inner) => format!("({})^{weight}", written(inner)),
        Node::Boosted(inner, weight) => format!("{}^{weight}", grouped(inner)),
    }
}

fn joined(parts: &[Node], between: &str) -> String {
    parts.iter().map(grouped).collect::<Vec<_>>().join(between)
}

fn grouped(node: &Node) -> String {
    match node {
        Node::All(_) | Node::Any(_) => format!("({})", written(node)),
        _ => written(node),
    }
}

/// Whether a sign right behind this would be read as a field's value.
fn looks_like_a_field(node: &Node) -> bool {
    match node {
        Node::Word(text) => text.strip_suffix([':', '：']).is_some_and(|name| Field::parse(name).is_some()),
        Node::Field(_, inner) => looks_like_a_field(inner),
        _ => false,
    }
}

fn term((language, text): &(Language, String)) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '’'));
    if plain { format!("{language}: {text}") } else { format!("{language}: \"{text}\"") }
}
