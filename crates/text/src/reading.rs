//! Reads a page.
use courant_model::{PageKind, Reading};
use url::Url;

use crate::page::Page;
use crate::{Hints, body, charset, html, title};

/// Reads a page.
pub fn read(bytes: &[u8], content_type: Option<&str>, url: &Url, hints: &Hints) -> Reading {
    let tld = url.host_str().and_then(|host| host.rsplit('.').next());
    let decoded = charset::decode_html(bytes, content_type, tld);
    let (dom, cut) = html::dom::parse(&decoded.text);
    let page = Page::of(&dom, url, hints);
    let title = title::find(&page);
    let body = body::find(&page, &title);
    let text = body.blocks.iter().map(|at| page.blocks.blocks[*at].text.as_str()).collect::<Vec<_>>().join("\n\n");
    let text = if body.structured.is_empty() { text } else { body.structured.join("\n\n") };
    let (language, confidence) = crate::language(&text, hints, page.language);
    let mut notes: Vec<String> = decoded.note.into_iter().chain(cut).collect();
    notes.extend(body.notes);
    Reading {
        title: title.text,
        body: text,
        language,
        confidence,
        encoding: decoded.encoding.to_owned(),
        extractor: crate::EXTRACTOR,
        notes,
        ..Reading::empty(PageKind::Article)
    }
}
