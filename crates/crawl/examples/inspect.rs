use courant_crawl::*;
use courant_model::Dated;
use serde_json::{Value, json};
use std::io::{BufRead, Write};
fn b64(t: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut bits, mut held) = (0u32, 0);
    for b in t.bytes() {
        let s = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | s as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    out
}
fn d(x: Option<Dated>) -> Value {
    x.map_or(Value::Null, |d| json!(d.to_text()))
}
fn main() {
    let kind = std::env::args().nth(1).unwrap();
    let out = std::io::stdout();
    let mut out = std::io::BufWriter::new(out.lock());
    for line in std::io::stdin().lock().lines() {
        let q: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let id = q["id"].clone();
        let s = |k: &str| q[k].as_str().unwrap_or_default().to_owned();
        let body = b64(&s("body_b64"));
        let ct = q["content_type"].as_str();
        let url = url::Url::parse(&s("url")).unwrap_or(url::Url::parse("http://x.test/").unwrap());
        let a = match kind.as_str() {
            "robots" => {
                let r = Robots::parse(&b64(&s("robots_b64")));
                let agent = s("agent");
                let al: Vec<bool> =
                    q["urls"].as_array().unwrap().iter().map(|u| r.allowed(&agent, u.as_str().unwrap())).collect();
                json!({"id":id,"allowed":al,"sitemaps":r.sitemaps(),"agent_valid":agent_valid(&agent),"lines":r.stats().lines,"directives":r.stats().directives,"unknown":r.stats().unknown})
            }
            "feed" => {
                let r = read_feed(&body, ct, &url);
                let es: Vec<Value> = r.entries.iter().map(|e| json!({"id":e.id,"url":e.url,"title":e.title,"authors":e.authors,"published":d(e.published),"updated":d(e.updated),"summary":e.summary})).collect();
                json!({"id":id,"title":r.title,"entries":es,"encoding":r.encoding,"notes":r.notes})
            }
            "sitemap" => {
                let r = read_sitemap(&body, ct, &url);
                let us: Vec<Value> = r.urls.iter().map(|e| json!({"url":e.url,"lastmod":d(e.lastmod),"news":e.news.as_ref().map(|n| json!({"title":n.title,"language":n.language.map(|l|l.as_str().to_owned()),"published":d(n.published)}))})).collect();
                let ss: Vec<&str> = r.sitemaps.iter().map(|e| e.url.as_str()).collect();
                json!({"id":id,"urls":us,"sitemaps":ss,"notes":r.notes})
            }
            _ => {
                let u = url::Url::parse(&s("url")).ok();
                let f = u.as_ref().map(|u| courant_outbound::fetchable(u, &[]));
                json!({"id":id,"fetchable":matches!(f, Some(Ok(()))),"reason":f.and_then(|r| r.err()).map(|e| e.to_string())})
            }
        };
        writeln!(out, "{a}").unwrap();
    }
}
