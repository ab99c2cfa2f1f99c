//! A tree back to text, with every operator that standing side by side implies, so that a reader
//! sees how the query was read.

use super::Node;

/// The tree in the query's own language.
pub(super) fn written(tree: &Node) -> String {
    match tree {
        Node::All(parts) => joined(parts, " AND "),
        Node::Any(parts) => joined(parts, " OR "),
        Node::Not(inner) => format!("NOT {}", grouped(inner)),
        Node::Word(text) => word(text),
        Node::Phrase(text) => format!("\"{text}\""),
        Node::Prefix(text) => format!("{text}*"),
        Node::Field(field, inner) => format!("{}:{}", field.as_str(), grouped(inner)),
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

/// A word that would be read as an operator is put in quotes.
fn word(text: &str) -> String {
    match text {
        "AND" | "OR" | "NOT" | "&&" | "||" => format!("\"{text}\""),
        _ => text.to_owned(),
    }
}
