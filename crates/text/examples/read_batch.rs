//! Development only.
#![allow(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]
use courant_model::*;
use courant_text::*;
use serde_json::{Value, json};
use std::io::{BufRead, Write};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let agencies = std::fs::read_to_string("data/agencies.toml").unwrap();
    let t: toml::Table = agencies.parse().unwrap();
    let demo: toml::Table = std::fs::read_to_string("data/demo/agencies.toml").unwrap().parse().unwrap();
    let ag: Vec<Agency> = t["agencies"].as_array().unwrap().iter().chain(demo["agencies"].as_array().unwrap()).map(|x| Agency {
        name: x["name"].as_str().unwrap().into(),
        credits: x.get("credits").and_then(|c| c.as_array()).map(|c| c.iter().map(|c| c.as_str().unwrap().to_owned()).collect()).unwrap_or_default(),
    }).collect();
    let agencies = std::sync::Arc::new(Agencies::new(ag));
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut times = vec![];
    for l in std::io::BufReader::new(std::fs::File::open(&a[2]).unwrap()).lines() {
        let j: Value = serde_json::from_str(&l.unwrap()).unwrap();
        let s = |k: &str| j.get(k).and_then(Value::as_str).map(str::to_owned);
        let mut o = match a[1].as_str() {
            "date" => {
                let d = dates::parse(&s("text").unwrap(), s("language").map(|l| Language::parse(&l)), s("now").and_then(|n| n.parse().ok()));
                json!({"date": d.map(|d| Dated{instant:d.instant,offset:d.offset,precision:d.precision,source:DateSource::Text}.to_text()), "precision": d.map(|d| d.precision.as_str())})
            }
            "language" => {
                let (l, c) = language(&s("text").unwrap(), &Hints::default(), None);
                json!({"language": l.as_str(), "confidence": c})
            }
            _ => {
                let bytes = match s("path") { Some(p) => std::fs::read(p).unwrap(), None => { let b = s("body_b64").unwrap(); base64(&b) } };
                let url = s("url").and_then(|u| url::Url::parse(&u).ok()).unwrap_or_else(|| url::Url::parse("http://example.com/").unwrap());
                let langs = j.get("languages").and_then(Value::as_array).map(|a| a.iter().filter_map(Value::as_str).map(Language::parse).collect()).unwrap_or_default();
                let hints = Hints { agencies: agencies.clone(), outlet_languages: langs, time_zone: s("time_zone"), ..Hints::default() };
                let t = std::time::Instant::now();
                let r = read(&bytes, s("content_type").as_deref(), &url, &hints);
                times.push((t.elapsed().as_micros(), s("id").unwrap()));
                json!({"kind": r.kind.as_str(), "canonical": r.canonical.as_ref().map(|c| c.as_str()), "title": r.title, "standfirst": r.standfirst, "authors": r.authors.iter().map(|a| a.name.clone()).collect::<Vec<_>>(),
                 "orgs": r.authors.iter().filter(|a| a.organisation).map(|a| a.name.clone()).collect::<Vec<_>>(),
                 "published": r.published.map(|d| d.to_text()), "psource": r.published.map(|d| d.source.as_str()), "modified": r.modified.map(|d| d.to_text()), "section": r.section, "tags": r.tags, "language": r.language.as_str(), "text": r.body,
                 "images": r.images.iter().map(|i| json!({"url":i.url,"caption":i.caption,"credit":i.credit})).collect::<Vec<_>>(), "links": r.links.iter().map(|l| json!([l.url.as_str(),l.anchor,l.sentence])).collect::<Vec<_>>(), "translations": r.translations.len(), "paywalled": r.paywalled, "dateline": r.dateline, "agency": r.agency, "site_name": r.site_name,
                 "encoding": r.encoding, "notes": r.notes, "us": times.last().unwrap().0 as u64})
            }
        };
        o["id"] = j["id"].clone();
        writeln!(out, "{o}").unwrap();
    }
    times.sort();
    if !times.is_empty() {
        let total: u128 = times.iter().map(|t| t.0).sum();
        eprintln!("median {}us mean {}us p99 {:?} max {:?}", times[times.len()/2].0, total / times.len() as u128, times[times.len()*99/100], times.last().unwrap());
    }
}
fn base64(s: &str) -> Vec<u8> {
    let mut out = vec![]; let mut acc = 0u32; let mut n = 0;
    for b in s.bytes() {
        let v = match b { b'A'..=b'Z' => b - b'A', b'a'..=b'z' => b - b'a' + 26, b'0'..=b'9' => b - b'0' + 52, b'+' => 62, b'/' => 63, _ => continue };
        acc = acc << 6 | v as u32; n += 6;
        if n >= 8 { n -= 8; out.push((acc >> n) as u8); acc &= (1 << n) - 1; }
    }
    out
}
