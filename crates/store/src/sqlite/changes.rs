//! The log and the cursors over it. Rows are only ever added, and only by [`log`].

use async_trait::async_trait;
use courant_model::{ArticleId, Change, ChangeKind, Facts, Seq, StoryId};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::fault::Kept;
use super::{Sqlite, rows};
use crate::StoreError;
use crate::contract::Changes;

/// The columns that [`change_from`] reads, in its order.
pub(super) const CHANGE: &str = "seq, at, kind, article, story, facts";

/// Adds a row to the log.
pub(super) fn log(
    tx: &Transaction<'_>,
    now: Timestamp,
    kind: ChangeKind,
    article: Option<ArticleId>,
    story: Option<StoryId>,
    facts: &Facts,
) -> Kept<()> {
    tx.prepare_cached("INSERT INTO changes (at, kind, article, story, facts) VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(
        params![
            rows::micros(now),
            kind.as_str(),
            article.map(|id| id.bytes()),
            story.map(|id| id.bytes()),
            rows::write(facts)
        ],
    )?;
    Ok(())
}

/// The log's last row, as this transaction sees it.
pub(super) fn last(tx: &Transaction<'_>) -> Kept<Seq> {
    let seq: i64 = tx.prepare_cached("SELECT coalesce(max(seq), 0) FROM changes")?.query_row([], |row| row.get(0))?;
    Ok(Seq(rows::number("seq", seq)?))
}

/// Where the reader called `name` stands.
pub(super) fn cursor(tx: &Transaction<'_>, name: &str) -> Kept<Seq> {
    let seq: Option<i64> =
        tx.prepare_cached("SELECT seq FROM cursors WHERE name = ?1")?.query_row([name], |row| row.get(0)).optional()?;
    Ok(Seq(rows::number("cursor", seq.unwrap_or(0))?))
}

/// Reads a row of the columns [`CHANGE`].
pub(super) fn change_from(row: &Row<'_>) -> Kept<Change> {
    Ok(Change {
        seq: Seq(rows::number("seq", row.get(0)?)?),
        at: rows::timestamp(row.get(1)?)?,
        kind: rows::named("kind of change", row.get_ref(2)?, ChangeKind::parse)?,
        article: row.get::<_, Option<[u8; 16]>>(3)?.map(ArticleId::from_bytes),
        story: row.get::<_, Option<[u8; 16]>>(4)?.map(StoryId::from_bytes),
        facts: rows::read("facts", row.get_ref(5)?)?,
    })
}

#[async_trait]
impl Changes for Sqlite {
    async fn changes(&self, after: Seq, limit: usize) -> Result<Vec<Change>, StoreError> {
        self.read(move |tx| {
            let sql = format!("SELECT {CHANGE} FROM changes WHERE seq > ?1 ORDER BY seq LIMIT ?2");
            let mut statement = tx.prepare_cached(&sql)?;
            let mut found = statement.query(params![rows::signed(after.0), rows::signed(limit)])?;
            let mut changes = Vec::new();
            while let Some(row) = found.next()? {
                changes.push(change_from(row)?);
            }
            Ok(changes)
        })
        .await
    }

    async fn last_seq(&self) -> Result<Seq, StoreError> {
        self.read(last).await
    }

    async fn cursor(&self, name: &str) -> Result<Seq, StoreError> {
        let name = name.to_owned();
        self.read(move |tx| cursor(tx, &name)).await
    }
}
