//! For `scripts/body-weights`: reads pages that a list names, and writes either what their blocks are
//! judged by, or what is read of them with a table of weights. A line of JSON a page, in and out:
//! `{"id", "url", "path"}` goes in.
//!
//! `body_samples samples LIST` or `body_samples read LIST [WEIGHTS]`.

use std::io::{BufWriter, Write};

use courant_text::{Hints, fitting};
use serde_json::{Value, json};
use url::Url;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (what, list, weights) = match &arguments[..] {
        [what, list] => (what.as_str(), list, None),
        [what, list, weights] => (what.as_str(), list, Some(weights)),
        _ => return Err("body_samples samples LIST, or body_samples read LIST [WEIGHTS]".into()),
    };
    let weights = match weights {
        Some(path) => Some(fitting::Weights::parse(&std::fs::read_to_string(path)?)?),
        None => None,
    };
    if what == "samples" {
        writeln!(out, "{}", json!({ "names": fitting::names() }))?;
    }
    for line in std::fs::read_to_string(list)?.lines() {
        let page: Value = serde_json::from_str(line)?;
        let field = |name: &str| page[name].as_str().ok_or_else(|| format!("{list}: a page without {name}"));
        let (id, url, bytes) = (field("id")?, Url::parse(field("url")?)?, std::fs::read(field("path")?)?);
        let answer = match what {
            "samples" => samples(id, &bytes, &url),
            _ => reading(id, &bytes, &url, weights.as_ref()),
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

fn samples(id: &str, bytes: &[u8], url: &Url) -> Value {
    let (samples, body) = fitting::samples(bytes, url, &Hints::default());
    let blocks: Vec<Value> = samples
        .iter()
        .map(|sample| json!({ "text": sample.text, "weight": sample.weight, "values": sample.values }))
        .collect();
    json!({ "id": id, "body": body, "blocks": blocks })
}

fn reading(id: &str, bytes: &[u8], url: &Url, weights: Option<&fitting::Weights>) -> Value {
    let hints = Hints::default();
    let reading = match weights {
        Some(weights) => fitting::read(bytes, url, &hints, weights),
        None => courant_text::read(bytes, None, url, &hints),
    };
    let parts: Vec<&str> = reading.standfirst.as_deref().into_iter().chain([reading.body.as_str()]).collect();
    json!({
        "id": id,
        "kind": reading.kind.as_str(),
        "title": reading.title,
        "standfirst": reading.standfirst,
        "authors": reading.authors.iter().map(|author| &author.name).collect::<Vec<_>>(),
        "published": reading.published.map(|dated| dated.to_text()),
        "language": reading.language.as_str(),
        "text": parts.join("\n\n"),
        "notes": reading.notes,
    })
}
