//! Stories: who stands in them, and the account that the record gives of each.
//!
//! The account of a story (title, times, counts) is a cache of its members, made again in the
//! transaction that changes them, so that lists of stories are one index walk.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use courant_model::{
    ArticleId, Change, ChangeKind, Evidence, Facts, Language, OutletId, Placement, Seq, Story, StoryId, StoryMember,
};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::fault::{Fault, Kept};
use super::{Sqlite, changes, rows};
use crate::StoreError;
use crate::contract::{PlacementBatch, Stories, StoryAsk, StoryOrder};

/// The name of the curator's cursor, and of its snapshot.
const PLACE: &str = "place";

/// The columns that [`story_from`] reads, in its order.
const STORY: &str = "id, title, language, title_from, first, last, changed, articles, outlets, languages";

fn story_from(row: &Row<'_>) -> Kept<Story> {
    Ok(Story {
        id: StoryId::from_bytes(row.get(0)?),
        title: row.get(1)?,
        language: Language::parse(rows::text("language", row.get_ref(2)?)?),
        title_from: ArticleId::from_bytes(row.get(3)?),
        first: rows::timestamp(row.get(4)?)?,
        last: rows::timestamp(row.get(5)?)?,
        changed: rows::timestamp(row.get(6)?)?,
        articles: rows::number("count", row.get(7)?)?,
        outlets: rows::read("outlets", row.get_ref(8)?)?,
        languages: rows::read("languages", row.get_ref(9)?)?,
    })
}

/// The story that `id` redirects to, else `id`.
fn resolved(tx: &Transaction<'_>, id: StoryId) -> Kept<StoryId> {
    let into: Option<[u8; 16]> = tx
        .prepare_cached("SELECT into_id FROM story_redirects WHERE id = ?1")?
        .query_row([id.bytes()], |row| row.get(0))
        .optional()?;
    Ok(into.map_or(id, StoryId::from_bytes))
}

fn story(tx: &Transaction<'_>, id: StoryId) -> Kept<Option<Story>> {
    let id = resolved(tx, id)?;
    let mut statement = tx.prepare_cached(&format!("SELECT {STORY} FROM stories WHERE id = ?1"))?;
    let mut found = statement.query([id.bytes()])?;
    found.next()?.map(story_from).transpose()
}

fn place(tx: &Transaction<'_>, batch: &PlacementBatch, now: Timestamp) -> Kept<Seq> {
    let found = changes::cursor(tx, PLACE)?;
    if found != batch.from {
        return Err(StoreError::Deposed { expected: batch.from, found }.into());
    }
    let mut touched = BTreeSet::new();
    for placement in &batch.placements {
        apply(tx, placement, &mut touched, now)?;
    }
    for id in &batch.touched {
        touched.insert(resolved(tx, *id)?);
    }
    for id in touched {
        account(tx, id, now)?;
    }
    tx.prepare_cached("INSERT OR REPLACE INTO cursors (name, seq) VALUES (?1, ?2)")?
        .execute(params![PLACE, rows::signed(batch.to.0)])?;
    if let Some(snapshot) = &batch.snapshot {
        keep_snapshot(tx, batch.to, snapshot)?;
    }
    changes::last(tx)
}

/// Keeps the placer's memory, in place of the one before.
fn keep_snapshot(tx: &Transaction<'_>, seq: Seq, snapshot: &[u8]) -> Kept<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO snapshots (name, seq, body) VALUES (?1, ?2, ?3)")?.execute(params![
        PLACE,
        rows::signed(seq.0),
        snapshot
    ])?;
    Ok(())
}

/// Carries out one placement; stories whose members it changed are added to `touched`.
fn apply(tx: &Transaction<'_>, placement: &Placement, touched: &mut BTreeSet<StoryId>, now: Timestamp) -> Kept<()> {
    match placement {
        Placement::Founded { article, story } => {
            // An id that is founded (again) is a story of its own from here on.
            tx.prepare_cached("DELETE FROM story_redirects WHERE id = ?1")?.execute([story.bytes()])?;
            if seat(tx, *article, *story, &[], touched, now)? {
                changes::log(tx, now, ChangeKind::StoryCreated, Some(*article), Some(*story), &Facts::none())?;
            }
        }
        Placement::Joined { article, story, evidence } => {
            let story = resolved(tx, *story)?;
            if seat(tx, *article, story, evidence, touched, now)? {
                let facts = Facts::none().with("why", why(evidence));
                changes::log(tx, now, ChangeKind::StoryJoined, Some(*article), Some(story), &facts)?;
            }
        }
        Placement::Merged { from, into, evidence } => {
            let (from, into) = (resolved(tx, *from)?, resolved(tx, *into)?);
            if from != into {
                merge(tx, from, into, evidence)?;
                touched.remove(&from);
                touched.insert(into);
                let facts = Facts::none().with("into", into).with("why", why(evidence));
                changes::log(tx, now, ChangeKind::StoryMerged, None, Some(from), &facts)?;
            }
        }
    }
    Ok(())
}

/// Puts `article` into `story`, out of any other. Returns whether it was not there already.
fn seat(
    tx: &Transaction<'_>,
    article: ArticleId,
    story: StoryId,
    evidence: &[Evidence],
    touched: &mut BTreeSet<StoryId>,
    now: Timestamp,
) -> Kept<bool> {
    let before: Option<[u8; 16]> = tx
        .prepare_cached("SELECT story FROM story_members WHERE article = ?1")?
        .query_row([article.bytes()], |row| row.get(0))
        .optional()?;
    let before = before.map(StoryId::from_bytes);
    if before == Some(story) {
        return Ok(false);
    }
    touched.extend(before);
    touched.insert(story);
    tx.prepare_cached(
        "INSERT INTO story_members (article, story, placed, evidence) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (article) DO UPDATE SET
             story = excluded.story, placed = excluded.placed, evidence = excluded.evidence",
    )?
    .execute(params![article.bytes(), story.bytes(), rows::micros(now), rows::write(&evidence.to_vec())])
    .map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::ConstraintViolation) => {
            Fault::corrupt("a placement of an article that the record does not hold:", article)
        }
        _ => error.into(),
    })?;
    Ok(true)
}

fn merge(tx: &Transaction<'_>, from: StoryId, into: StoryId, evidence: &[Evidence]) -> Kept<()> {
    let (from, into) = (from.bytes(), into.bytes());
    tx.prepare_cached("UPDATE story_members SET story = ?2 WHERE story = ?1")?.execute([from, into])?;
    tx.prepare_cached("DELETE FROM stories WHERE id = ?1")?.execute([from])?;
    tx.prepare_cached("UPDATE story_redirects SET into_id = ?2 WHERE into_id = ?1")?.execute([from, into])?;
    tx.prepare_cached("INSERT OR REPLACE INTO story_redirects (id, into_id, evidence) VALUES (?1, ?2, ?3)")?
        .execute(params![from, into, rows::write(&evidence.to_vec())])?;
    Ok(())
}

/// The kinds of evidence, each once: `words link`.
fn why(evidence: &[Evidence]) -> String {
    let mut kinds: Vec<&str> = Vec::new();
    for evidence in evidence {
        let kind = match evidence {
            Evidence::Words { .. } => "words",
            Evidence::Translation(_) => "translation",
            Evidence::SharedLink(_) => "shared-link",
            Evidence::Link(_) => "link",
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds.join(" ")
}

/// What an account is made of: one member's part in it.
struct Part {
    article: ArticleId,
    title: String,
    language: Language,
    outlet: OutletId,
    moment: i64,
    is_withdrawn: bool,
}

/// The members of a story as parts of its account, by their moments.
fn parts(tx: &Transaction<'_>, id: StoryId) -> Kept<Vec<Part>> {
    let mut statement = tx.prepare_cached(
        "SELECT a.id, a.title, a.language, a.outlet, a.moment, a.withdrawn IS NOT NULL
         FROM story_members m JOIN articles a ON a.id = m.article WHERE m.story = ?1 ORDER BY a.moment, a.id",
    )?;
    let mut found = statement.query([id.bytes()])?;
    let mut parts = Vec::new();
    while let Some(row) = found.next()? {
        parts.push(Part {
            article: ArticleId::from_bytes(row.get(0)?),
            title: row.get(1)?,
            language: Language::parse(rows::text("language", row.get_ref(2)?)?),
            outlet: OutletId::new(rows::text("outlet", row.get_ref(3)?)?),
            moment: row.get(4)?,
            is_withdrawn: row.get(5)?,
        });
    }
    Ok(parts)
}

/// Makes the account of a story again: of the articles that stand, or, where all are withdrawn, of
/// all. Its title is that of the earliest article in the language that most of them are in; of
/// languages as frequent, the one that was first. A story without members is no more.
fn account(tx: &Transaction<'_>, id: StoryId, now: Timestamp) -> Kept<()> {
    let mut parts = parts(tx, id)?;
    if parts.iter().any(|part| !part.is_withdrawn) {
        parts.retain(|part| !part.is_withdrawn);
    }
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        tx.prepare_cached("DELETE FROM stories WHERE id = ?1")?.execute([id.bytes()])?;
        return Ok(());
    };
    let mut counts: HashMap<Language, usize> = HashMap::new();
    let (mut outlets, mut languages) = (Vec::new(), Vec::new());
    for part in &parts {
        *counts.entry(part.language).or_default() += 1;
        if !outlets.contains(&part.outlet) {
            outlets.push(part.outlet.clone());
        }
        if !languages.contains(&part.language) {
            languages.push(part.language);
        }
    }
    // `min_by_key` keeps the first of equals, and languages stand in the order of their first articles.
    let frequent = languages.iter().min_by_key(|language| std::cmp::Reverse(counts.get(*language))).copied();
    let titled = parts.iter().find(|part| Some(part.language) == frequent).unwrap_or(first);
    let title_before: Option<String> = tx
        .prepare_cached("SELECT title FROM stories WHERE id = ?1")?
        .query_row([id.bytes()], |row| row.get(0))
        .optional()?;
    tx.prepare_cached(
        "INSERT OR REPLACE INTO stories
             (id, title, language, title_from, first, last, changed, articles, breadth, outlets, languages)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        id.bytes(),
        titled.title,
        titled.language.as_str(),
        titled.article.bytes(),
        first.moment,
        last.moment,
        rows::micros(now),
        rows::signed(parts.len()),
        rows::signed(outlets.len()),
        rows::write(&outlets),
        rows::write(&languages),
    ])?;
    if title_before.is_some_and(|before| before != titled.title) {
        changes::log(tx, now, ChangeKind::StoryRenamed, None, Some(id), &Facts::none())?;
    }
    Ok(())
}

fn story_list(tx: &Transaction<'_>, ask: &StoryAsk) -> Kept<(Vec<Story>, u64)> {
    let order = match ask.order {
        StoryOrder::Latest => "last DESC, id",
        StoryOrder::Widest => "breadth DESC, articles DESC, last DESC, id",
        StoryOrder::Changed => "changed DESC, id",
    };
    let which = "articles >= ?1 AND (?2 IS NULL OR EXISTS (SELECT 1 FROM json_each(languages) WHERE value = ?2))";
    let language = ask.language.as_ref().map(Language::as_str);
    let all: i64 = tx
        .prepare_cached(&format!("SELECT count(*) FROM stories WHERE {which}"))?
        .query_row(params![ask.at_least, language], |row| row.get(0))?;
    let mut statement =
        tx.prepare_cached(&format!("SELECT {STORY} FROM stories WHERE {which} ORDER BY {order} LIMIT ?3 OFFSET ?4"))?;
    let mut found =
        statement.query(params![ask.at_least, language, rows::signed(ask.limit), rows::signed(ask.offset)])?;
    let mut stories = Vec::new();
    while let Some(row) = found.next()? {
        stories.push(story_from(row)?);
    }
    Ok((stories, rows::number("count", all)?))
}

fn members(tx: &Transaction<'_>, id: StoryId) -> Kept<Vec<StoryMember>> {
    let id = resolved(tx, id)?;
    let mut statement = tx.prepare_cached(
        "SELECT m.article, m.placed, m.evidence FROM story_members m JOIN articles a ON a.id = m.article
         WHERE m.story = ?1 ORDER BY a.moment, a.id",
    )?;
    let mut found = statement.query([id.bytes()])?;
    let mut members = Vec::new();
    while let Some(row) = found.next()? {
        members.push(StoryMember {
            article: ArticleId::from_bytes(row.get(0)?),
            placed: rows::timestamp(row.get(1)?)?,
            evidence: rows::read("evidence", row.get_ref(2)?)?,
        });
    }
    Ok(members)
}

fn story_changes(tx: &Transaction<'_>, id: StoryId, limit: usize) -> Kept<Vec<Change>> {
    let id = resolved(tx, id)?;
    // By row numbers first: a row may concern the story and its member at once.
    let sql = format!(
        "SELECT {} FROM changes WHERE seq IN (
             SELECT seq FROM changes WHERE story = ?1
             UNION SELECT c.seq FROM story_redirects r JOIN changes c ON c.story = r.id WHERE r.into_id = ?1
             UNION SELECT c.seq FROM story_members m JOIN changes c ON c.article = m.article WHERE m.story = ?1)
         ORDER BY seq DESC LIMIT ?2",
        changes::CHANGE
    );
    let mut statement = tx.prepare_cached(&sql)?;
    let mut found = statement.query(params![id.bytes(), rows::signed(limit)])?;
    let mut rows_of_it = Vec::new();
    while let Some(row) = found.next()? {
        rows_of_it.push(changes::change_from(row)?);
    }
    Ok(rows_of_it)
}

#[async_trait]
impl Stories for Sqlite {
    async fn place(&self, batch: &PlacementBatch, now: Timestamp) -> Result<Seq, StoreError> {
        let batch = batch.clone();
        self.write(move |tx| place(tx, &batch, now)).await
    }

    async fn snapshot(&self) -> Result<Option<(Seq, Vec<u8>)>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached("SELECT seq, body FROM snapshots WHERE name = ?1")?;
            let mut found = statement.query([PLACE])?;
            let Some(row) = found.next()? else { return Ok(None) };
            Ok(Some((Seq(rows::number("seq", row.get(0)?)?), row.get(1)?)))
        })
        .await
    }

    async fn story(&self, id: StoryId) -> Result<Option<Story>, StoreError> {
        self.read(move |tx| story(tx, id)).await
    }

    async fn stories(&self, ids: &[StoryId]) -> Result<Vec<Story>, StoreError> {
        let ids = ids.to_vec();
        self.read(move |tx| {
            let mut stories = Vec::with_capacity(ids.len());
            for id in ids {
                stories.extend(story(tx, id)?);
            }
            Ok(stories)
        })
        .await
    }

    async fn story_list(&self, ask: &StoryAsk) -> Result<(Vec<Story>, u64), StoreError> {
        let ask = ask.clone();
        self.read(move |tx| story_list(tx, &ask)).await
    }

    async fn members(&self, id: StoryId) -> Result<Vec<StoryMember>, StoreError> {
        self.read(move |tx| members(tx, id)).await
    }

    async fn story_changes(&self, id: StoryId, limit: usize) -> Result<Vec<Change>, StoreError> {
        self.read(move |tx| story_changes(tx, id, limit)).await
    }

    async fn forget_stories(&self, snapshot: &[u8], _now: Timestamp) -> Result<(), StoreError> {
        let snapshot = snapshot.to_vec();
        self.write(move |tx| {
            for table in ["story_members", "stories", "story_redirects"] {
                tx.execute(&format!("DELETE FROM {table}"), [])?;
            }
            tx.execute("DELETE FROM cursors WHERE name = ?1", [PLACE])?;
            keep_snapshot(tx, changes::last(tx)?, &snapshot)
        })
        .await
    }
}
