//! `inspect query`: how a query is understood. Never an error, whatever is typed.

use std::path::Path;

use anyhow::Result;
use courant_search::Query;
use courant_search::query::Node;
use serde::Deserialize;
use serde_json::{Value, json};

use super::text_of;
use crate::cli::BatchArgs;

#[derive(Debug, Deserialize)]
pub(super) struct Request {
    query: String,
}

pub(super) fn one(_: &BatchArgs, input: &str) -> Result<Request> {
    Ok(Request { query: text_of(input)? })
}

pub(super) fn answer(request: &Request, _: &Path) -> Result<Value> {
    let query = Query::parse(&request.query);
    Ok(json!({ "parsed": tree(query.tree()), "understood": query.understood(), "notes": query.notes() }))
}

/// The tree as JSON: one key a node, named by what it is.
fn tree(node: &Node) -> Value {
    match node {
        Node::All(parts) => json!({ "all": parts.iter().map(tree).collect::<Vec<_>>() }),
        Node::Any(parts) => json!({ "any": parts.iter().map(tree).collect::<Vec<_>>() }),
        Node::Not(part) => json!({ "not": tree(part) }),
        Node::Word(word) => json!({ "word": word }),
        Node::Phrase(words) => json!({ "phrase": words }),
        Node::Prefix(start) => json!({ "prefix": start }),
        Node::Field(field, part) => json!({ "field": field.as_str(), "of": tree(part) }),
    }
}
