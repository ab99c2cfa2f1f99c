//! The index line: rows of the log -> the articles they are about, as they are now -> documents.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use courant_model::{Article, ArticleId, Catalogue, ChangeKind, Revision, Seq};
use courant_search::Document;
use courant_search::contract::{Feed, IndexBatch};
use courant_store::StoreError;
use courant_store::contract::Relations;

use super::past::past;
use crate::place::Place;

/// Rows of the log taken at a time.
const STEP: usize = 500;

/// Feeds the index with the rows after `from`; returns where it stands then.
pub(crate) async fn index_once(place: &Place, feed: &mut dyn Feed, from: Seq) -> Result<Seq> {
    let changes = place.record.changes(from, STEP).await?;
    let Some(last) = changes.last().map(|change| change.seq) else { return Ok(from) };
    let mut articles: BTreeSet<ArticleId> = BTreeSet::new();
    for change in &changes {
        articles.extend(change.article);
        if let (ChangeKind::StoryMerged | ChangeKind::StorySplit, Some(story)) = (change.kind, change.story) {
            articles.extend(place.record.members(story).await?.into_iter().map(|member| member.article));
        }
    }
    let ids: Vec<ArticleId> = articles.into_iter().collect();
    let put = documents(place, &ids).await?;
    let kept: BTreeSet<ArticleId> = put.iter().map(|document| document.article).collect();
    let remove = ids.into_iter().filter(|id| !kept.contains(id)).collect();
    feed.apply(IndexBatch { put, remove }, last).await?;
    Ok(last)
}

/// An article and all that its document is made of.
struct Known {
    article: Article,
    text: Revision,
    /// Where there is more than one.
    revisions: Vec<Revision>,
    relations: Option<Relations>,
}

/// The documents of those articles that are there and may be found.
async fn documents(place: &Place, ids: &[ArticleId]) -> Result<Vec<Document>> {
    let articles = place.record.articles(ids).await?;
    let texts = texts(place, ids).await?;
    let relations = place.record.relations(ids).await?;
    let mut relations: BTreeMap<ArticleId, Relations> = relations.into_iter().map(|one| (one.article, one)).collect();
    let now = place.clock.now();
    let mut known = Vec::new();
    for (article, text) in pair(articles, texts).filter(|(article, _)| !article.rights.hidden(now)) {
        let revisions = if article.revision > 1 { revisions(place, article.id).await? } else { Vec::new() };
        let relations = relations.remove(&article.id);
        known.push(Known { article, text, revisions, relations });
    }
    let catalogue = place.catalogue();
    let work = move || known.into_iter().map(|known| document(known, &catalogue)).collect();
    Ok(tokio::task::spawn_blocking(work).await?)
}

/// The texts of those articles that have one that can be read. One that cannot is passed over:
/// `courant verify` names it.
pub(super) async fn texts(place: &Place, ids: &[ArticleId]) -> Result<Vec<Revision>> {
    match place.record.texts(ids).await {
        Err(StoreError::Corrupt(_)) => {}
        texts => return Ok(texts?),
    }
    let mut readable = Vec::new();
    for id in ids {
        match place.record.texts(&[*id]).await {
            Err(error @ StoreError::Corrupt(_)) => tracing::error!(%error, article = %id, "a text cannot be read"),
            texts => readable.extend(texts?),
        }
    }
    Ok(readable)
}

/// All revisions of an article; none where one cannot be read: what it says now is found all the same.
async fn revisions(place: &Place, id: ArticleId) -> Result<Vec<Revision>> {
    match place.record.revisions(id).await {
        Err(error @ StoreError::Corrupt(_)) => {
            tracing::error!(%error, article = %id, "an earlier text cannot be read");
            Ok(Vec::new())
        }
        revisions => Ok(revisions?),
    }
}

/// Articles beside their texts; both come in the order asked, but either may lack some.
pub(super) fn pair(articles: Vec<Article>, texts: Vec<Revision>) -> impl Iterator<Item = (Article, Revision)> {
    let mut texts: BTreeMap<ArticleId, Revision> = texts.into_iter().map(|text| (text.article, text)).collect();
    articles.into_iter().filter_map(move |article| texts.remove(&article.id).map(|text| (article, text)))
}

fn document(known: Known, catalogue: &Catalogue) -> Document {
    let Known { article, text, revisions, relations } = known;
    let changed: BTreeSet<&String> = revisions.iter().flat_map(|revision| &revision.changed).collect();
    let credited = article.credits.iter().map(|credit| &credit.outlet);
    let linked = article.links.iter().filter_map(|link| catalogue.outlet_of(&link.url)).map(|outlet| &outlet.id);
    let cited = relations.iter().flat_map(|relations| &relations.cites).map(|(outlet, _)| outlet);
    let cites: BTreeSet<_> = credited.chain(linked).chain(cited).filter(|outlet| **outlet != article.outlet).collect();
    let document = Document {
        revision: text.number,
        seen: article.first_seen,
        revised: article.revised,
        story: article.story,
        paywalled: article.paywalled,
        withdrawn: article.withdrawn.is_some(),
        nosnippet: article.rights.nosnippet,
        cites: cites.into_iter().cloned().collect(),
        projects: relations.iter().flat_map(|known| &known.projects).map(|(project, _)| project.clone()).collect(),
        copy_of: relations.as_ref().and_then(|relations| relations.copy_of),
        changed: changed.into_iter().cloned().collect(),
        past: past(&revisions, article.language),
        kind: if article.claims.is_empty() { "article" } else { "fact-check" }.to_owned(),
        ..Document::empty(article.id, article.outlet.clone(), article.language, article.moment())
    };
    let document = Document {
        section: article.section,
        tags: article.tags,
        authors: article.authors.into_iter().map(|author| author.name).collect(),
        agency: article.agency,
        ..document
    };
    document.saying(text.title, text.standfirst.unwrap_or_default(), text.body, &text.byline)
}
