//! `inspect language`: which language a text is in, and how sure.

use std::path::Path;

use anyhow::Result;
use courant_model::Language;
use courant_text::Hints;
use serde::Deserialize;
use serde_json::{Value, json};

use super::text_of;
use crate::cli::BatchArgs;

#[derive(Debug, Deserialize)]
pub(super) struct Request {
    text: String,
    #[serde(default)]
    hints: RequestHints,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RequestHints {
    /// The `lang` of the page.
    page: Option<String>,
    feed: Option<String>,
    header: Option<String>,
    outlet: Vec<String>,
}

pub(super) fn one(_: &BatchArgs, input: &str) -> Result<Request> {
    Ok(Request { text: text_of(input)?, hints: RequestHints::default() })
}

pub(super) fn answer(request: &Request, _: &Path) -> Result<Value> {
    let known = |tag: &Option<String>| tag.as_deref().map(Language::parse).filter(|language| !language.is_unknown());
    let hints = Hints {
        outlet_languages: request.hints.outlet.iter().map(|tag| Language::parse(tag)).collect(),
        feed_language: known(&request.hints.feed),
        header_language: known(&request.hints.header),
        ..Hints::default()
    };
    let (language, confidence) = courant_text::language(&request.text, &hints, known(&request.hints.page));
    Ok(json!({ "language": language.as_str(), "confidence": confidence }))
}
