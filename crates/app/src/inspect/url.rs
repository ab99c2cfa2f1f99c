//! `inspect url`: how an address is parsed, by which address its page is known, and whether it may
//! be fetched (as far as the address alone tells; what a name resolves to is checked at connect time).

use std::path::Path;

use anyhow::Result;
use courant_model::{canonical, canonical_spelling, site};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::text_of;
use crate::cli::BatchArgs;

#[derive(Debug, Deserialize)]
pub(super) struct Request {
    url: String,
    base: Option<String>,
}

pub(super) fn one(args: &BatchArgs, input: &str) -> Result<Request> {
    Ok(Request { url: text_of(input)?, base: args.url.clone() })
}

pub(super) fn answer(request: &Request, _: &Path) -> Result<Value> {
    let base = match request.base.as_deref().map(Url::parse).transpose() {
        Ok(base) => base,
        Err(error) => return Ok(no_url(&format!("base: {error}"))),
    };
    let url = match Url::options().base_url(base.as_ref()).parse(&request.url) {
        Ok(url) => url,
        Err(error) => {
            let mut told = no_url(&error.to_string());
            told["canonical"] = Value::from(canonical_spelling(&request.url));
            return Ok(told);
        }
    };
    let page = matches!(url.scheme(), "http" | "https") && url.has_host();
    let refusal = courant_outbound::fetchable(&url, &[]).err();
    Ok(json!({
        "href": url.as_str(),
        "canonical": page.then(|| canonical(&url).as_str().to_owned()),
        "fetchable": refusal.is_none(),
        "reason": refusal.map(|refusal| refusal.to_string()),
        "site": url.host_str().and_then(site),
    }))
}

fn no_url(why: &str) -> Value {
    json!({ "href": null, "canonical": null, "fetchable": false, "reason": why, "site": null })
}
