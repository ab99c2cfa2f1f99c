//! `inspect query`: how a query is understood, and what is looked for in the end. Never an error,
//! whatever is typed.

use std::path::Path;

use anyhow::Result;
use courant_model::Catalogue;
use courant_search::query::Node;
use courant_search::{Alternative, Expanded, Filters, How, Query};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::text_of;
use crate::cli::BatchArgs;
use crate::{Ended, output};

#[derive(Debug, Deserialize)]
pub(super) struct Request {
    query: String,
    /// What `today` and `7d` count from.
    now: Option<Timestamp>,
}

/// What queries are read with.
pub(super) struct Reader<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) now: Timestamp,
}

/// Tells a person how a query is read.
pub(super) fn show(reader: &Reader<'_>, input: &str) -> Result<Ended> {
    let query = Query::parse(&text_of(input)?).at(reader.now);
    let expansion = query.expanded(&Filters::default(), reader.catalogue);
    output::line(if query.is_everything() { "every article".to_owned() } else { query.understood() });
    for note in query.notes().iter().chain(&expansion.notes) {
        output::line(format!("note: {note}"));
    }
    for word in &expansion.words {
        output::line("");
        output::line(&word.typed);
        told(word).into_iter().for_each(|line| output::line(format!("  {line}")));
    }
    Ok(Ended::Done)
}

/// A form, and the languages that share it.
type Shared = (String, Vec<String>);

/// One line for each way of looking: forms, each with the languages that share it.
fn told(word: &Expanded) -> Vec<String> {
    let mut lines: Vec<(How, Vec<Shared>)> = Vec::new();
    for Alternative { language, forms, how } in &word.alternatives {
        let at = lines.iter().position(|(known, _)| known == how).unwrap_or_else(|| {
            lines.push((*how, Vec::new()));
            lines.len() - 1
        });
        for form in forms {
            let line = &mut lines[at].1;
            let nth = line.iter().position(|(known, _)| known == form).unwrap_or_else(|| {
                line.push((form.clone(), Vec::new()));
                line.len() - 1
            });
            line[nth].1.extend(language.map(|language| language.to_string()));
        }
    }
    let shown = |(form, languages): &Shared| match languages.is_empty() {
        true => form.clone(),
        false => format!("{form} ({})", languages.join(" ")),
    };
    let line = |(how, forms): &(How, Vec<_>)| {
        format!("{:<8} {}", how.as_str(), forms.iter().map(shown).collect::<Vec<_>>().join(", "))
    };
    lines.iter().map(line).collect()
}

pub(super) fn one(_: &BatchArgs, input: &str) -> Result<Request> {
    Ok(Request { query: text_of(input)?, now: None })
}

pub(super) fn answer(reader: &Reader<'_>, request: &Request, _: &Path) -> Result<Value> {
    let query = Query::parse(&request.query).at(request.now.unwrap_or(reader.now));
    let expansion = query.expanded(&Filters::default(), reader.catalogue);
    let notes: Vec<&String> = query.notes().iter().chain(&expansion.notes).collect();
    Ok(json!({
        "parsed": tree(query.tree()),
        "understood": query.understood(),
        "notes": notes,
        "expanded": expansion.words.iter().map(expanded).collect::<Vec<_>>(),
    }))
}

fn expanded(word: &Expanded) -> Value {
    let alternative = |one: &Alternative| {
        let language = one.language.map(|language| language.to_string());
        json!({ "language": language, "forms": one.forms, "how": one.how.as_str() })
    };
    json!({ "typed": word.typed, "alternatives": word.alternatives.iter().map(alternative).collect::<Vec<_>>() })
}

/// The tree as JSON: one key a node, named by what it is.
fn tree(node: &Node) -> Value {
    match node {
        Node::All(parts) => json!({ "all": parts.iter().map(tree).collect::<Vec<_>>() }),
        Node::Any(parts) => json!({ "any": parts.iter().map(tree).collect::<Vec<_>>() }),
        Node::Not(part) => json!({ "not": tree(part) }),
        Node::Word(word) => json!({ "word": word }),
        Node::Phrase(words) => json!({ "phrase": words }),
        Node::Near(words, places) => json!({ "phrase": words, "apart": places }),
        Node::Prefix(start) => json!({ "prefix": start }),
        Node::Fuzzy(word, letters) => json!({ "fuzzy": word, "letters": letters }),
        Node::Terms(terms) => {
            let pair = |(language, text): &(courant_model::Language, String)| (language.to_string(), json!(text));
            json!({ "terms": terms.iter().map(pair).map(|pair| Value::Object(Map::from_iter([pair]))).collect::<Vec<_>>() })
        }
        Node::Field(field, part) => json!({ "field": field.as_str(), "of": tree(part) }),
        Node::Boosted(part, weight) => json!({ "weight": weight.factor(), "of": tree(part) }),
    }
}
