//! Relations: near copies, citations, projects. An article's own are replaced whole.

use async_trait::async_trait;
use courant_model::{ArticleId, ChangeKind, Facts, OutletId, ProjectId, Seq};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::fault::Kept;
use super::{Sqlite, changes};
use crate::StoreError;
use crate::contract::{Relates, Relations};

fn relations(tx: &Transaction<'_>, id: ArticleId) -> Kept<Relations> {
    let copy_of: Option<[u8; 16]> = tx
        .prepare_cached("SELECT original FROM copies WHERE article = ?1")?
        .query_row([id.bytes()], |row| row.get(0))
        .optional()?;
    let told = |sql: &str| -> Kept<Vec<(String, String)>> {
        let mut statement = tx.prepare_cached(sql)?;
        let rows = statement.query_map([id.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    let cites = told("SELECT outlet, sentence FROM cites WHERE article = ?1 ORDER BY outlet")?;
    let projects = told("SELECT project, sentence FROM article_projects WHERE article = ?1 ORDER BY project")?;
    Ok(Relations {
        article: id,
        copy_of: copy_of.map(ArticleId::from_bytes),
        cites: cites.into_iter().map(|(outlet, sentence)| (OutletId::new(&outlet), sentence)).collect(),
        projects: projects.into_iter().map(|(project, sentence)| (ProjectId::new(&project), sentence)).collect(),
    })
}

fn relate(tx: &Transaction<'_>, wanted: &Relations, now: Timestamp) -> Kept<()> {
    let id = wanted.article;
    let there = tx.prepare_cached("SELECT 1 FROM articles WHERE id = ?1")?.exists([id.bytes()])?;
    if !there {
        return Ok(());
    }
    // As they come back: in order, of two with one name the last.
    let known = relations(tx, id)?;
    for table in ["copies", "cites", "article_projects"] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE article = ?1"))?.execute([id.bytes()])?;
    }
    if let Some(original) = wanted.copy_of {
        tx.prepare_cached("INSERT INTO copies (article, original) VALUES (?1, ?2)")?
            .execute(params![id.bytes(), original.bytes()])?;
    }
    let mut statement =
        tx.prepare_cached("INSERT OR REPLACE INTO cites (article, outlet, sentence) VALUES (?1, ?2, ?3)")?;
    for (outlet, sentence) in &wanted.cites {
        statement.execute(params![id.bytes(), outlet.as_str(), sentence])?;
    }
    let mut statement =
        tx.prepare_cached("INSERT OR REPLACE INTO article_projects (article, project, sentence) VALUES (?1, ?2, ?3)")?;
    for (project, sentence) in &wanted.projects {
        statement.execute(params![id.bytes(), project.as_str(), sentence])?;
    }
    let kept = relations(tx, id)?;
    let changed = [
        ("copies", known.copy_of != kept.copy_of),
        ("cites", known.cites != kept.cites),
        ("projects", known.projects != kept.projects),
    ];
    let changed: Vec<&str> = changed.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect();
    if !changed.is_empty() {
        let facts = Facts::none().with("changed", changed.join(" "));
        changes::log(tx, now, ChangeKind::ArticleUpdated, Some(id), None, &facts)?;
    }
    Ok(())
}

#[async_trait]
impl Relates for Sqlite {
    async fn relate(&self, relations: &[Relations], now: Timestamp) -> Result<Seq, StoreError> {
        let relations = relations.to_vec();
        self.write(move |tx| {
            for one in &relations {
                relate(tx, one, now)?;
            }
            changes::last(tx)
        })
        .await
    }

    async fn relations(&self, ids: &[ArticleId]) -> Result<Vec<Relations>, StoreError> {
        let ids = ids.to_vec();
        self.read(move |tx| {
            let mut found = Vec::new();
            for id in ids {
                let one = relations(tx, id)?;
                if one.copy_of.is_some() || !one.cites.is_empty() || !one.projects.is_empty() {
                    found.push(one);
                }
            }
            Ok(found)
        })
        .await
    }
}
