//! Articles and revisions as they are read. The batch write stands in `record.rs`.

use async_trait::async_trait;
use courant_model::{Article, ArticleId, CanonicalUrl, Language, OutletId, Revision, StoryId};
use jiff::Timestamp;
use rusqlite::{Row, Transaction, params};

use super::fault::{Fault, Kept};
use super::{Sqlite, record, rows};
use crate::StoreError;
use crate::contract::{Articles, Batch, BatchReport, OutletCount};

/// Reads whole articles; to be followed by a `WHERE`.
const ARTICLE: &str = "SELECT a.id, a.url, a.outlet, a.language, a.confidence, a.title, a.standfirst, a.authors, \
     a.published, a.modified, a.section, a.tags, a.images, a.links, a.translations, a.paywalled, a.dateline, \
     a.agency, a.rights, a.first_seen, a.last_seen, a.revision, a.revised, a.withdrawn, m.story, a.credits, a.claims \
     FROM articles a LEFT JOIN story_members m ON m.article = a.id";

/// Reads whole revisions; to be followed by a `WHERE`.
const REVISION: &str = "SELECT r.article, r.number, r.seen, r.extractor, r.title, r.standfirst, r.byline, r.body, \
     r.changed, r.capture, r.digest FROM revisions r";

fn article_from(row: &Row<'_>) -> Kept<Article> {
    Ok(Article {
        id: ArticleId::from_bytes(row.get(0)?),
        url: rows::url(row.get_ref(1)?)?,
        outlet: OutletId::new(rows::text("outlet", row.get_ref(2)?)?),
        language: Language::parse(rows::text("language", row.get_ref(3)?)?),
        confidence: row.get(4)?,
        title: row.get(5)?,
        standfirst: row.get(6)?,
        authors: rows::read("authors", row.get_ref(7)?)?,
        published: rows::read_option("date", row.get_ref(8)?)?,
        modified: rows::read_option("date", row.get_ref(9)?)?,
        section: row.get(10)?,
        tags: rows::read("tags", row.get_ref(11)?)?,
        images: rows::read("images", row.get_ref(12)?)?,
        links: rows::read("links", row.get_ref(13)?)?,
        translations: rows::read("translations", row.get_ref(14)?)?,
        paywalled: row.get(15)?,
        dateline: row.get(16)?,
        agency: row.get(17)?,
        rights: rows::read("rights", row.get_ref(18)?)?,
        first_seen: rows::timestamp(row.get(19)?)?,
        last_seen: rows::timestamp(row.get(20)?)?,
        revision: rows::number("revision", row.get(21)?)?,
        revised: rows::timestamp(row.get(22)?)?,
        withdrawn: rows::timestamp_option(row.get(23)?)?,
        story: row.get::<_, Option<[u8; 16]>>(24)?.map(StoryId::from_bytes),
        credits: rows::read("credits", row.get_ref(25)?)?,
        claims: rows::read("claims", row.get_ref(26)?)?,
    })
}

fn revision_from(row: &Row<'_>) -> Kept<Revision> {
    let revision = Revision {
        article: ArticleId::from_bytes(row.get(0)?),
        number: rows::number("revision", row.get(1)?)?,
        seen: rows::timestamp(row.get(2)?)?,
        extractor: rows::number("extractor", row.get(3)?)?,
        title: row.get(4)?,
        standfirst: row.get(5)?,
        byline: row.get(6)?,
        body: row.get(7)?,
        changed: rows::text("changed parts", row.get_ref(8)?)?.split_whitespace().map(str::to_owned).collect(),
        capture: rows::read_option("capture", row.get_ref(9)?)?,
    };
    let kept: [u8; 32] = row.get(10)?;
    let digest = record::digest(&revision.title, revision.standfirst.as_deref(), &revision.byline, &revision.body);
    if digest != kept {
        return Err(Fault::corrupt("words that differ from what was written, of the article", revision.article));
    }
    Ok(revision)
}

/// The articles of these ids that exist, in the order asked.
pub(super) fn articles(tx: &Transaction<'_>, ids: &[ArticleId]) -> Kept<Vec<Article>> {
    let mut statement = tx.prepare_cached(&format!("{ARTICLE} WHERE a.id = ?1"))?;
    let mut articles = Vec::with_capacity(ids.len());
    for id in ids {
        let mut found = statement.query([id.bytes()])?;
        if let Some(row) = found.next()? {
            articles.push(article_from(row)?);
        }
    }
    Ok(articles)
}

#[async_trait]
impl Articles for Sqlite {
    async fn record(&self, batch: &Batch, now: Timestamp) -> Result<BatchReport, StoreError> {
        let batch = batch.clone();
        self.write(move |tx| record::record(tx, &batch, now)).await
    }

    async fn article(&self, id: ArticleId) -> Result<Option<Article>, StoreError> {
        self.read(move |tx| Ok(articles(tx, &[id])?.pop())).await
    }

    async fn articles(&self, ids: &[ArticleId]) -> Result<Vec<Article>, StoreError> {
        let ids = ids.to_vec();
        self.read(move |tx| articles(tx, &ids)).await
    }

    async fn article_at(&self, url: &CanonicalUrl) -> Result<Option<ArticleId>, StoreError> {
        let url = url.clone();
        self.read(move |tx| record::article_at(tx, &url)).await
    }

    async fn addresses(&self, id: ArticleId) -> Result<Vec<CanonicalUrl>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.prepare_cached("SELECT url FROM addresses WHERE article = ?1 ORDER BY rowid")?;
            let mut found = statement.query([id.bytes()])?;
            let mut urls = Vec::new();
            while let Some(row) = found.next()? {
                urls.push(rows::url(row.get_ref(0)?)?);
            }
            Ok(urls)
        })
        .await
    }

    async fn texts(&self, ids: &[ArticleId]) -> Result<Vec<Revision>, StoreError> {
        let ids = ids.to_vec();
        self.read(move |tx| {
            let sql = format!(
                "{REVISION} JOIN articles a ON a.id = r.article AND a.revision = r.number WHERE r.article = ?1"
            );
            let mut statement = tx.prepare_cached(&sql)?;
            let mut revisions = Vec::with_capacity(ids.len());
            for id in ids {
                let mut found = statement.query([id.bytes()])?;
                if let Some(row) = found.next()? {
                    revisions.push(revision_from(row)?);
                }
            }
            Ok(revisions)
        })
        .await
    }

    async fn revisions(&self, id: ArticleId) -> Result<Vec<Revision>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.prepare_cached(&format!("{REVISION} WHERE r.article = ?1 ORDER BY r.number"))?;
            let mut found = statement.query([id.bytes()])?;
            let mut revisions = Vec::new();
            while let Some(row) = found.next()? {
                revisions.push(revision_from(row)?);
            }
            Ok(revisions)
        })
        .await
    }

    async fn article_ids(&self, after: Option<ArticleId>, limit: usize) -> Result<Vec<ArticleId>, StoreError> {
        self.read(move |tx| {
            // Nothing is smaller than the empty blob, so it stands for "from the start".
            let after = after.map(|id| id.bytes().to_vec()).unwrap_or_default();
            let mut statement = tx.prepare_cached("SELECT id FROM articles WHERE id > ?1 ORDER BY id LIMIT ?2")?;
            let mut found = statement.query(params![after, rows::signed(limit)])?;
            let mut ids = Vec::new();
            while let Some(row) = found.next()? {
                ids.push(ArticleId::from_bytes(row.get(0)?));
            }
            Ok(ids)
        })
        .await
    }

    async fn linking_to(&self, urls: &[CanonicalUrl], limit: usize) -> Result<Vec<ArticleId>, StoreError> {
        let urls = urls.to_vec();
        self.read(move |tx| {
            let mut statement =
                tx.prepare_cached("SELECT article FROM links WHERE key = ?1 ORDER BY article LIMIT ?2")?;
            // No more than `limit` of each address can be among the first `limit` of all.
            let mut ids = Vec::new();
            for url in &urls {
                let mut found = statement.query(params![url.key(), rows::signed(limit)])?;
                while let Some(row) = found.next()? {
                    ids.push(ArticleId::from_bytes(row.get(0)?));
                }
            }
            ids.sort_unstable();
            ids.dedup();
            ids.truncate(limit);
            Ok(ids)
        })
        .await
    }

    async fn outlet_counts(&self) -> Result<Vec<OutletCount>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(
                "SELECT outlet, count(*), max(first_seen) FROM articles WHERE withdrawn IS NULL
                 GROUP BY outlet ORDER BY outlet",
            )?;
            let mut found = statement.query([])?;
            let mut counts = Vec::new();
            while let Some(row) = found.next()? {
                counts.push(OutletCount {
                    outlet: OutletId::new(rows::text("outlet", row.get_ref(0)?)?),
                    articles: rows::number("count", row.get(1)?)?,
                    newest: rows::timestamp_option(row.get(2)?)?,
                });
            }
            Ok(counts)
        })
        .await
    }
}
