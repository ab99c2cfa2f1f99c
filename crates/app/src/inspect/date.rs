//! `inspect date`: which moment a date in words means.

use std::path::Path;

use anyhow::{Context, Result};
use courant_model::{DateSource, Dated, Language};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::text_of;
use crate::cli::BatchArgs;

#[derive(Debug, Deserialize)]
pub(super) struct Request {
    text: String,
    language: Option<String>,
    now: Option<String>,
}

pub(super) fn one(_: &BatchArgs, input: &str) -> Result<Request> {
    Ok(Request { text: text_of(input)?, language: None, now: Some(Timestamp::now().to_string()) })
}

pub(super) fn answer(request: &Request, _: &Path) -> Result<Value> {
    let language = request.language.as_deref().map(Language::parse).filter(|language| !language.is_unknown());
    let now = request.now.as_deref().map(str::parse).transpose().context("now")?;
    let parsed = courant_text::dates::parse(&request.text, language, now);
    let dated = parsed.map(|parsed| Dated {
        instant: parsed.instant,
        offset: parsed.offset,
        precision: parsed.precision,
        source: DateSource::Text,
    });
    Ok(json!({
        "date": dated.map(|dated| dated.to_text()),
        "precision": dated.map(|dated| dated.precision.as_str()),
    }))
}
