//! The one write of the collect line: a batch of drafts, of addresses gone and unchanged, of visits
//! and finds, in one transaction.
//!
//! Its one idea: an article is known by any address that ever led to it, so a draft is first asked
//! for its article by all its addresses, and only a draft that none of them names is a new article.

use std::collections::HashSet;

use courant_model::{ArticleId, CanonicalUrl, Capture, ChangeKind, DateSource, Dated, Draft, Facts, Link};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::current::{self, Current};
use super::fault::{Fault, Kept};
use super::{changes, frontier, hosts, rows};
use crate::contract::{Batch, BatchReport, Recorded};

/// Writes `batch`. Drafts go one after the other, so that two of the same page are one article.
pub(super) fn record(tx: &Transaction<'_>, batch: &Batch, now: Timestamp) -> Kept<BatchReport> {
    let mut report = BatchReport::default();
    for draft in &batch.drafts {
        report.recorded.push(record_draft(tx, draft, now)?);
    }
    for url in &batch.unchanged {
        see_again(tx, url, now)?;
    }
    for url in &batch.gone {
        report.withdrawn.extend(withdraw(tx, url, now)?);
    }
    frontier::finish(tx, &batch.outcomes, now)?;
    report.found = frontier::add(tx, &batch.found)?;
    hosts::log(tx, &batch.requests)?;
    report.last = changes::last(tx)?;
    Ok(report)
}

/// The article that `url` names.
pub(super) fn article_at(tx: &Transaction<'_>, url: &CanonicalUrl) -> Kept<Option<ArticleId>> {
    let id: Option<[u8; 16]> = tx
        .prepare_cached("SELECT article FROM addresses WHERE key = ?1")?
        .query_row([url.key()], |row| row.get(0))
        .optional()?;
    Ok(id.map(ArticleId::from_bytes))
}

/// Hash of a revision's words, by which a reader of the record knows that they are as written.
pub(super) fn digest(title: &str, standfirst: Option<&str>, byline: &str, body: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for part in [title, standfirst.unwrap_or_default(), byline, body] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// What changes in an article's row besides the reading.
struct Standing {
    published: Option<Dated>,
    first_seen: Timestamp,
    last_seen: Timestamp,
    revision: u32,
    revised: Timestamp,
    withdrawn: Option<Timestamp>,
}

fn record_draft(tx: &Transaction<'_>, draft: &Draft, now: Timestamp) -> Kept<Recorded> {
    let known = known_article(tx, draft)?;
    let id = known.unwrap_or_else(|| ArticleId::of(&draft.url));
    let recorded = match current::current(tx, id)? {
        None if known.is_some() => return Err(Fault::corrupt("an address of an article that is not there", id)),
        None => record_new(tx, id, draft, now)?,
        Some(current) => record_again(tx, id, &current, draft, now)?,
    };
    learn_addresses(tx, id, draft)?;
    Ok(recorded)
}

/// The article of the first of the draft's addresses that leads to the draft's own.
fn known_article(tx: &Transaction<'_>, draft: &Draft) -> Kept<Option<ArticleId>> {
    if let Some(id) = article_at(tx, &draft.url)? {
        return Ok(Some(id));
    }
    for url in &draft.aliases {
        if let Some(id) = article_at(tx, url)?
            && !is_of_another_outlet(tx, id, draft)?
        {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Whether the article that an alias of the draft led to is another outlet's, and answers at an address
/// that the draft does not claim. Else a page of one outlet that once redirected to another's article
/// would take that article over as soon as it shows something of its own.
fn is_of_another_outlet(tx: &Transaction<'_>, id: ArticleId, draft: &Draft) -> Kept<bool> {
    let mut statement = tx.prepare_cached("SELECT outlet, url FROM articles WHERE id = ?1")?;
    let mut found = statement.query([id.bytes()])?;
    let Some(row) = found.next()? else { return Ok(false) };
    if rows::text("outlet", row.get_ref(0)?)? == draft.outlet.as_str() {
        return Ok(false);
    }
    let own = rows::url(row.get_ref(1)?)?;
    Ok(!std::iter::once(&draft.url).chain(&draft.aliases).any(|url| url.key() == own.key()))
}

/// Notes the addresses that led here. One that leads to another article already stays with that
/// one: what was linked to, cited and watched under it does not change hands.
fn learn_addresses(tx: &Transaction<'_>, id: ArticleId, draft: &Draft) -> Kept<()> {
    let mut statement = tx
        .prepare_cached("INSERT INTO addresses (key, article, url) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO NOTHING")?;
    for url in std::iter::once(&draft.url).chain(&draft.aliases) {
        statement.execute(params![url.key(), id.bytes(), url.as_str()])?;
    }
    Ok(())
}

fn record_new(tx: &Transaction<'_>, id: ArticleId, draft: &Draft, now: Timestamp) -> Kept<Recorded> {
    let seen = draft.seen.min(now);
    let standing = Standing {
        published: draft.reading.published,
        first_seen: seen,
        last_seen: seen,
        revision: 1,
        revised: seen,
        withdrawn: None,
    };
    put_article(tx, id, draft, &standing)?;
    put_revision(tx, id, 1, seen, draft, "")?;
    put_links(tx, id, &draft.reading.links)?;
    changes::log(tx, now, ChangeKind::ArticleNew, Some(id), None, &Facts::none())?;
    Ok(Recorded::New(id))
}

fn record_again(
    tx: &Transaction<'_>,
    id: ArticleId,
    current: &Current,
    draft: &Draft,
    now: Timestamp,
) -> Kept<Recorded> {
    // An older capture that comes late (a back-file imported) says nothing of how the article stands
    // now. The capture of the current words is another matter: a newer extractor has read it again.
    // A clock that was wrong once must not keep out what is seen from now on.
    let is_reread = draft.capture.is_some() && draft.capture == current.capture;
    let (article, seen) = (&current.article, draft.seen.min(now));
    if rows::micros(seen) < rows::micros(article.revised.min(now)) && !is_reread {
        return Ok(Recorded::Same(id));
    }
    let same_extractor = draft.reading.extractor == current.extractor;
    let changed = if same_extractor { current::edited(current, draft) } else { Vec::new() };
    let returned = article.withdrawn.is_some_and(|withdrawn| rows::micros(seen) >= rows::micros(withdrawn));
    let revised = !changed.is_empty();
    let revision = if revised { article.revision.saturating_add(1) } else { article.revision };
    let standing = Standing {
        published: draft.reading.published.or(article.published.filter(|date| was_told_by_others(date.source))),
        first_seen: article.first_seen,
        last_seen: article.last_seen.max(seen),
        revision,
        revised: if revised { seen } else { article.revised },
        withdrawn: if returned { None } else { article.withdrawn },
    };
    put_article(tx, id, draft, &standing)?;
    if article.links != draft.reading.links {
        drop_links(tx, id, &article.links)?;
        put_links(tx, id, &draft.reading.links)?;
    }
    if returned {
        changes::log(tx, now, ChangeKind::ArticleReturned, Some(id), None, &Facts::none())?;
    }
    if revised {
        let changed = changed.join(" ");
        put_revision(tx, id, revision, seen, draft, &changed)?;
        let facts = Facts::none().with("revision", revision).with("changed", changed);
        changes::log(tx, now, ChangeKind::ArticleRevised, Some(id), None, &facts)?;
    } else if !same_extractor {
        let before = tx
            .prepare_cached("SELECT changed FROM revisions WHERE article = ?1 AND number = ?2")?
            .query_row(params![id.bytes(), revision], |row| row.get::<_, String>(0))?;
        put_revision(tx, id, revision, article.revised, draft, &before)?;
    }
    if !returned && !revised {
        let updated = current::updated(current, draft, standing.published);
        if !updated.is_empty() {
            let facts = Facts::none().with("changed", updated.join(" "));
            changes::log(tx, now, ChangeKind::ArticleUpdated, Some(id), None, &facts)?;
        }
    }
    Ok(match (returned, revised) {
        (true, _) => Recorded::Returned(id),
        (false, true) => Recorded::Revised(id),
        (false, false) => Recorded::Same(id),
    })
}

/// A date that a feed, a sitemap or an import told stays when the page names none: the page never
/// said it, so the page cannot take it back.
fn was_told_by_others(source: DateSource) -> bool {
    matches!(source, DateSource::Feed | DateSource::Sitemap | DateSource::Import)
}

/// Writes the article's row, whether it is there or not.
fn put_article(tx: &Transaction<'_>, id: ArticleId, draft: &Draft, standing: &Standing) -> Kept<()> {
    let reading = &draft.reading;
    let moment = standing.published.map_or(standing.first_seen, |dated| dated.instant);
    tx.prepare_cached(
        "INSERT INTO articles (id, url, outlet, language, confidence, title, standfirst, authors, published,
             modified, section, tags, images, links, translations, paywalled, dateline, agency, rights, moment,
             first_seen, last_seen, revision, revised, withdrawn, credits, claims)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
             ?21, ?22, ?23, ?24, ?25, ?26, ?27)
         ON CONFLICT (id) DO UPDATE SET
             url = excluded.url, outlet = excluded.outlet, language = excluded.language,
             confidence = excluded.confidence, title = excluded.title, standfirst = excluded.standfirst,
             authors = excluded.authors, published = excluded.published, modified = excluded.modified,
             section = excluded.section, tags = excluded.tags, images = excluded.images, links = excluded.links,
             translations = excluded.translations, paywalled = excluded.paywalled, dateline = excluded.dateline,
             agency = excluded.agency, rights = excluded.rights, moment = excluded.moment,
             last_seen = excluded.last_seen, revision = excluded.revision, revised = excluded.revised,
             withdrawn = excluded.withdrawn, credits = excluded.credits, claims = excluded.claims",
    )?
    .execute(params![
        id.bytes(),
        draft.url.as_str(),
        draft.outlet.as_str(),
        reading.language.as_str(),
        rows::finite(reading.confidence),
        reading.title,
        reading.standfirst,
        rows::write(&reading.authors),
        standing.published.as_ref().map(rows::write),
        reading.modified.as_ref().map(rows::write),
        reading.section,
        rows::write(&reading.tags),
        rows::write(&reading.images),
        rows::write(&reading.links),
        rows::write(&reading.translations),
        reading.paywalled,
        reading.dateline,
        reading.agency,
        rows::write(&reading.rights),
        rows::micros(moment),
        rows::micros(standing.first_seen),
        rows::micros(standing.last_seen),
        standing.revision,
        rows::micros(standing.revised),
        standing.withdrawn.map(rows::micros),
        rows::write(&reading.credits),
        rows::write(&reading.claims),
    ])?;
    Ok(())
}

/// Writes a revision, in place of the one with its number.
fn put_revision(
    tx: &Transaction<'_>,
    id: ArticleId,
    number: u32,
    seen: Timestamp,
    draft: &Draft,
    changed: &str,
) -> Kept<()> {
    let reading = &draft.reading;
    let byline = reading.byline();
    tx.prepare_cached(
        "INSERT OR REPLACE INTO revisions
             (article, number, seen, extractor, title, standfirst, byline, body, changed, capture, digest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        id.bytes(),
        number,
        rows::micros(seen),
        reading.extractor,
        reading.title,
        reading.standfirst,
        byline,
        reading.body,
        changed,
        draft.capture.as_ref().map(rows::write::<Capture>),
        digest(&reading.title, reading.standfirst.as_deref(), &byline, &reading.body),
    ])?;
    Ok(())
}

fn put_links(tx: &Transaction<'_>, id: ArticleId, links: &[Link]) -> Kept<()> {
    let mut statement = tx.prepare_cached("INSERT OR IGNORE INTO links (key, article) VALUES (?1, ?2)")?;
    for link in links {
        statement.execute(params![link.url.key(), id.bytes()])?;
    }
    Ok(())
}

fn drop_links(tx: &Transaction<'_>, id: ArticleId, links: &[Link]) -> Kept<()> {
    let mut statement = tx.prepare_cached("DELETE FROM links WHERE key = ?1 AND article = ?2")?;
    for key in links.iter().map(|link| link.url.key()).collect::<HashSet<_>>() {
        statement.execute(params![key, id.bytes()])?;
    }
    Ok(())
}

/// An answer that said "as before": the article stands, again if it was withdrawn.
fn see_again(tx: &Transaction<'_>, url: &CanonicalUrl, now: Timestamp) -> Kept<()> {
    let Some(id) = article_at(tx, url)? else { return Ok(()) };
    let returned = tx
        .prepare_cached("UPDATE articles SET withdrawn = NULL WHERE id = ?1 AND withdrawn <= ?2")?
        .execute(params![id.bytes(), rows::micros(now)])?
        > 0;
    tx.prepare_cached("UPDATE articles SET last_seen = max(last_seen, ?2) WHERE id = ?1")?
        .execute(params![id.bytes(), rows::micros(now)])?;
    if returned {
        changes::log(tx, now, ChangeKind::ArticleReturned, Some(id), None, &Facts::none())?;
    }
    Ok(())
}

/// Withdraws the article at `url`. A side address that died (a short link, an old redirect) takes
/// nothing away while the article's own address is visited and answers.
fn withdraw(tx: &Transaction<'_>, url: &CanonicalUrl, now: Timestamp) -> Kept<Option<ArticleId>> {
    let Some(id) = article_at(tx, url)? else { return Ok(None) };
    let own: String =
        tx.prepare_cached("SELECT url FROM articles WHERE id = ?1")?.query_row([id.bytes()], |row| row.get(0))?;
    let own = rows::url(rusqlite::types::ValueRef::Text(own.as_bytes()))?;
    if own.key() != url.key() {
        let answers = tx
            .prepare_cached("SELECT 1 FROM targets WHERE key = ?1 AND state = 'open' AND visited IS NOT NULL")?
            .exists([own.key()])?;
        if answers {
            return Ok(None);
        }
    }
    let withdrawn = tx
        .prepare_cached("UPDATE articles SET withdrawn = ?2 WHERE id = ?1 AND withdrawn IS NULL")?
        .execute(params![id.bytes(), rows::micros(now)])?;
    if withdrawn == 0 {
        return Ok(None);
    }
    changes::log(tx, now, ChangeKind::ArticleWithdrawn, Some(id), None, &Facts::none())?;
    Ok(Some(id))
}
