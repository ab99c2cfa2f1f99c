//! What the record holds of an article when it is seen again, and what of that a new draft says
//! otherwise.
//!
//! Two questions, kept apart: [`edited`] asks whether a reader would see other words, [`updated`]
//! whether anything that is derived from the record (index, stories) has to be made again.

use courant_model::{Article, ArticleId, Capture, Dated, Draft};
use rusqlite::Transaction;

use super::fault::{Fault, Kept};
use super::{articles, rows};

/// Everything of an article that decides what a new sighting means.
pub(super) struct Current {
    pub(super) article: Article,
    /// Version of the extractor that read the current revision.
    pub(super) extractor: u32,
    pub(super) capture: Option<Capture>,
    title: String,
    standfirst: Option<String>,
    byline: String,
    body: String,
}

/// The article of this id and its current revision; `None` where there is none.
pub(super) fn current(tx: &Transaction<'_>, id: ArticleId) -> Kept<Option<Current>> {
    let Some(article) = articles::articles(tx, &[id])?.pop() else { return Ok(None) };
    let mut statement = tx.prepare_cached(
        "SELECT extractor, capture, title, standfirst, byline, body FROM revisions
         WHERE article = ?1 AND number = ?2",
    )?;
    let mut found = statement.query(rusqlite::params![id.bytes(), article.revision])?;
    let Some(row) = found.next()? else {
        return Err(Fault::corrupt("a current revision that is not there, of the article", id));
    };
    Ok(Some(Current {
        extractor: rows::number("extractor", row.get(0)?)?,
        capture: rows::read_option("capture", row.get_ref(1)?)?,
        title: row.get(2)?,
        standfirst: row.get(3)?,
        byline: row.get(4)?,
        body: row.get(5)?,
        article,
    }))
}

/// The four parts of a revision, each with its words as kept and as the draft has them.
fn parts<'a>(current: &'a Current, draft: &'a Draft, byline: &'a str) -> [(&'static str, &'a str, &'a str); 4] {
    let reading = &draft.reading;
    let standfirst = reading.standfirst.as_deref().unwrap_or_default();
    [
        ("title", &current.title, &reading.title),
        ("standfirst", current.standfirst.as_deref().unwrap_or_default(), standfirst),
        ("byline", &current.byline, byline),
        ("body", &current.body, &reading.body),
    ]
}

/// Which of the four parts of a revision say something else. Runs of white space count as one:
/// how a page is broken into lines is no edit.
pub(super) fn edited(current: &Current, draft: &Draft) -> Vec<&'static str> {
    parts(current, draft, &draft.reading.byline())
        .into_iter()
        .filter(|(_, old, new)| !old.split_whitespace().eq(new.split_whitespace()))
        .map(|(part, _, _)| part)
        .collect()
}

/// What a draft that is no edit says otherwise; `published` is the date that the record keeps of it.
/// How sure the language is belongs to the reading, not to the article, and is not asked.
///
/// Nouns are compared as they are kept: to the microsecond, and in today's shapes on both sides.
pub(super) fn updated(current: &Current, draft: &Draft, published: Option<Dated>) -> Vec<&'static str> {
    let (kept, reading) = (&current.article, &draft.reading);
    let date = |date: Option<Dated>| date.as_ref().map(rows::write);
    let mut updated: Vec<&str> = [
        ("url", kept.url != draft.url),
        ("outlet", kept.outlet != draft.outlet),
        ("language", kept.language != reading.language),
        ("authors", kept.authors != reading.authors),
        ("published", date(kept.published) != date(published)),
        ("modified", date(kept.modified) != date(reading.modified)),
        ("section", kept.section != reading.section),
        ("tags", kept.tags != reading.tags),
        ("images", kept.images != reading.images),
        ("links", kept.links != reading.links),
        ("credits", kept.credits != reading.credits),
        ("claims", rows::write(&kept.claims) != rows::write(&reading.claims)),
        ("translations", kept.translations != reading.translations),
        ("paywalled", kept.paywalled != reading.paywalled),
        ("dateline", kept.dateline != reading.dateline),
        ("agency", kept.agency != reading.agency),
        ("rights", rows::write(&kept.rights) != rows::write(&reading.rights)),
    ]
    .into_iter()
    .filter(|(_, is_other)| *is_other)
    .map(|(field, _)| field)
    .collect();
    // Words are replaced in place only by another extractor's; the index holds them to the letter.
    if reading.extractor != current.extractor {
        let byline = reading.byline();
        updated
            .extend(parts(current, draft, &byline).iter().filter(|(_, old, new)| old != new).map(|(part, ..)| *part));
    }
    updated
}
