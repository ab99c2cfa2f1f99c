//! `inspect robots`: what a robots.txt lets an agent visit (RFC 9309).

use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine as _;
use courant_crawl::{Robots, agent_valid};
use serde::Deserialize;
use serde_json::{Value, json};

use super::read_input;
use crate::cli::BatchArgs;

/// The product token that Courant looks for in robots.txt.
const AGENT: &str = "Courant";

#[derive(Debug, Deserialize)]
pub(super) struct Request {
    robots_b64: String,
    agent: String,
    #[serde(default)]
    urls: Vec<String>,
}

pub(super) fn one(args: &BatchArgs, input: &str) -> Result<Request> {
    let bytes = read_input(Path::new(input), Path::new("."))?;
    Ok(Request {
        robots_b64: base64::engine::general_purpose::STANDARD.encode(bytes),
        agent: AGENT.to_owned(),
        urls: args.url.iter().cloned().collect(),
    })
}

pub(super) fn answer(request: &Request, _: &Path) -> Result<Value> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(&request.robots_b64).context("robots_b64")?;
    let robots = Robots::parse(&bytes);
    let stats = robots.stats();
    Ok(json!({
        "allowed": request.urls.iter().map(|url| robots.allowed(&request.agent, url)).collect::<Vec<_>>(),
        "crawl_delay": robots.crawl_delay(&request.agent).map(|delay| delay.as_secs_f64()),
        "sitemaps": robots.sitemaps(),
        "agent_valid": agent_valid(&request.agent),
        "lines": stats.lines,
        "directives": stats.directives,
        "unknown": stats.unknown,
    }))
}
