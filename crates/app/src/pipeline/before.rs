//! What the record held of an article before this visit, so that a new draft can be compared with
//! it fairly: a newer extractor must never look like an edit.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use courant_archive::Archive;
use courant_crawl::headers;
use courant_model::{Article, Capture, Draft, Revision};
use jiff::Timestamp;
use url::Url;

use super::reading::{self, Page, Read};
use super::visit::AGENT;
use crate::place::Place;

/// An article as it was.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// When it was first seen; `None` where it never was.
    pub(super) first_seen: Option<Timestamp>,
    /// Its last capture, read again by today's extractor, where another version had read it. Goes
    /// into the record before the new draft.
    pub(super) reread: Option<Draft>,
    text: Option<Revision>,
}

/// What the record holds of `draft`'s article.
pub(super) async fn of(place: &Place, archive: &Arc<Mutex<Archive>>, draft: &Draft) -> Result<Before> {
    let mut known = None;
    for address in std::iter::once(&draft.url).chain(&draft.aliases) {
        known = place.record.article_at(address).await?;
        if known.is_some() {
            break;
        }
    }
    let Some(id) = known else { return Ok(Before::default()) };
    let Some(article) = place.record.article(id).await? else { return Ok(Before::default()) };
    let text = place.record.texts(&[id]).await?.pop();
    let reread = match text.as_ref() {
        Some(Revision { extractor, capture: Some(capture), .. }) if *extractor != draft.reading.extractor => {
            read_again(place, archive, &article, capture.clone()).await?
        }
        _ => None,
    };
    Ok(Before { first_seen: Some(article.first_seen), reread, text })
}

impl Before {
    /// Whether `draft` says something that was not there before.
    pub(super) fn differs_from(&self, draft: &Draft) -> bool {
        let new = &draft.reading;
        match (&self.reread, &self.text) {
            (Some(Draft { reading: old, .. }), _) => {
                (&old.title, &old.standfirst, old.byline(), &old.body)
                    != (&new.title, &new.standfirst, new.byline(), &new.body)
            }
            (None, Some(old)) if old.extractor == new.extractor => {
                (&old.title, &old.standfirst, &old.byline, &old.body)
                    != (&new.title, &new.standfirst, &new.byline(), &new.body)
            }
            // Nothing fair to compare with: no edit.
            (None, Some(_)) => false,
            (None, None) => true,
        }
    }
}

async fn read_again(
    place: &Place,
    archive: &Arc<Mutex<Archive>>,
    article: &Article,
    capture: Capture,
) -> Result<Option<Draft>> {
    let (archive, wanted) = (Arc::clone(archive), capture.clone());
    let kept =
        tokio::task::spawn_blocking(move || archive.lock().unwrap_or_else(PoisonError::into_inner).read(&wanted));
    let kept = match kept.await? {
        Ok(kept) => kept,
        Err(error) => {
            // Without the capture a difference is no edit; the new reading takes the old one's place.
            tracing::warn!(%error, article = %article.id, "a capture cannot be read again");
            return Ok(None);
        }
    };
    let Ok(url) = Url::parse(&kept.url) else { return Ok(None) };
    let header = |name: &str| {
        kept.headers.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    };
    let page = Page {
        url,
        asked: vec![article.url.clone()],
        content_type: header("content-type"),
        content_language: None,
        rights: headers::rights(&kept.headers, AGENT),
        body: kept.body,
        truncated: false,
        seen: capture.at,
        capture: Some(capture),
        found_via: None,
        feed_language: Some(article.language),
        feed_published: article.published,
    };
    match reading::read(place, page).await? {
        Read::Article(draft) => Ok(Some(*draft)),
        Read::NotAnArticle { .. } => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use courant_model::{ArticleId, CanonicalUrl, OutletId, PageKind, Reading};

    use super::*;

    fn draft(extractor: u32, body: &str) -> Draft {
        let url = CanonicalUrl::parse("https://press.example/a").expect("a web address");
        let reading = Reading { extractor, body: body.to_owned(), ..Reading::empty(PageKind::Article) };
        Draft {
            url,
            aliases: Vec::new(),
            outlet: OutletId::new("press"),
            reading,
            capture: None,
            seen: Timestamp::UNIX_EPOCH,
            found_via: None,
        }
    }

    fn text(extractor: u32, body: &str) -> Revision {
        Revision {
            article: ArticleId::of(&draft(extractor, body).url),
            number: 1,
            seen: Timestamp::UNIX_EPOCH,
            extractor,
            title: String::new(),
            standfirst: None,
            byline: String::new(),
            body: body.to_owned(),
            changed: Vec::new(),
            capture: None,
        }
    }

    #[test]
    fn another_text_is_news_and_the_same_is_not() {
        let before = Before { text: Some(text(2, "as it was")), ..Before::default() };
        assert!(before.differs_from(&draft(2, "as it is")));
        assert!(!before.differs_from(&draft(2, "as it was")));
        assert!(Before::default().differs_from(&draft(2, "new")));
    }

    #[test]
    fn a_newer_extractor_never_looks_like_an_edit() {
        // Without the capture there is nothing fair to compare with.
        let before = Before { text: Some(text(1, "read by the old one")), ..Before::default() };
        assert!(!before.differs_from(&draft(2, "read by the new one")));
        // With it, the old page as the new one reads it decides.
        let reread = |body| Before { reread: Some(draft(2, body)), text: Some(text(1, "old")), ..Before::default() };
        assert!(!reread("read by the new one").differs_from(&draft(2, "read by the new one")));
        assert!(reread("read by the new one").differs_from(&draft(2, "and then edited")));
    }
}
