//! `/articles/ID`: the article, its source first; dates with where they stand, what changed, who
//! cites it, and the story it belongs to. `/articles/ID/revisions/N`: what it said at one time.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use courant_model::{Article, ArticleId, Author, Catalogue, Dated, Revision};

use super::diff::Part;
use super::{Page, html};
use crate::Site;
use crate::account;
use crate::difference;
use crate::fault::Fault;
use crate::tongue::Tongue;
use crate::view::{Entry, Frame, plain, titled, web_address};
use crate::when::When;

#[derive(Template)]
#[template(path = "article.html")]
struct ArticleView {
    frame: Frame,
    entry: Entry,
    title: String,
    standfirst: Option<String>,
    authors: Vec<Author>,
    published: Option<Said>,
    modified: Option<Said>,
    first_seen: When,
    last_seen: When,
    withdrawn: Option<When>,
    section: Option<String>,
    tags: Vec<String>,
    dateline: Option<String>,
    rights: Vec<String>,
    /// The paragraphs; `None` where the reader may not have them.
    text: Option<Vec<String>>,
    images: Vec<Picture>,
    translations: Vec<Translated>,
    revisions: Vec<Row>,
    latest_change: Option<Change>,
    cites: Vec<Entry>,
    cited_by: Vec<Entry>,
    story_mates: Vec<Entry>,
    more_mates: usize,
}

/// A date and where it was said.
struct Said {
    when: When,
    precision: &'static str,
    source: &'static str,
}

impl From<&Dated> for Said {
    fn from(dated: &Dated) -> Self {
        let source = match dated.source.as_str() {
            "text" => "words on the page",
            "url" => "the address",
            "feed" => "the feed",
            "sitemap" => "the sitemap",
            "import" => "the import",
            "json-ld" => "the page’s JSON-LD",
            "meta" => "the page’s metadata",
            "microdata" => "the page’s microdata",
            _ => "a time on the page",
        };
        Self { when: When::from(dated), precision: dated.precision.as_str(), source }
    }
}

/// A picture, in words.
struct Picture {
    caption: Option<String>,
    credit: Option<String>,
    href: Option<String>,
}

/// The article in another language.
struct Translated {
    tongue: Tongue,
    source: String,
    /// Its page here, where it is known here.
    id: Option<String>,
}

/// A line of the list of revisions.
struct Row {
    number: u32,
    seen: When,
    changed: String,
}

/// The latest change, as far as headline, standfirst and byline tell it.
struct Change {
    from: u32,
    to: u32,
    changed: String,
    note: Option<String>,
    title: Vec<Part>,
    standfirst: Vec<Part>,
    text: Vec<Part>,
}

/// Articles of the same story that are named.
const MATES: usize = 8;

pub(crate) async fn article(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Page {
    let article = account::article(&site, &id).await?;
    let revisions = account::revisions(&site, &article).await?;
    let (cites, cited_by) = account::citations(&site, &article).await?;
    let (story_mates, more_mates) = mates(&site, &article).await?;
    let translations = translations(&site, &article).await?;
    let latest_change = latest_change(&revisions, site.full_text).await?;
    let catalogue = site.catalogue();
    let entries = |articles: &[Article]| articles.iter().map(|article| Entry::of(article, &catalogue)).collect();
    let body = revisions.last().map(|revision| revision.body.as_str()).unwrap_or_default();
    html(&ArticleView {
        frame: Frame::new(&site, titled(&article.title), ""),
        entry: Entry::of(&article, &catalogue),
        title: titled(&article.title).to_owned(),
        standfirst: article.standfirst.clone(),
        authors: article.authors.clone(),
        published: article.published.as_ref().map(Said::from),
        modified: article.modified.as_ref().map(Said::from),
        first_seen: When::from(article.first_seen),
        last_seen: When::from(article.last_seen),
        withdrawn: article.withdrawn.map(When::from),
        section: article.section.clone(),
        tags: article.tags.clone(),
        dateline: article.dateline.clone(),
        rights: article.rights.evidence.clone(),
        text: site.full_text.then(|| paragraphs(body)),
        images: pictures(&article),
        translations,
        revisions: revisions.iter().rev().map(row).collect(),
        latest_change,
        cites: entries(&cites),
        cited_by: entries(&cited_by),
        story_mates: entries(&story_mates),
        more_mates,
    })
}

/// The article's paragraphs.
fn paragraphs(body: &str) -> Vec<String> {
    body.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).map(str::to_owned).collect()
}

/// Other articles of its story, latest first, and how many more there are.
async fn mates(site: &Site, article: &Article) -> Result<(Vec<Article>, usize), Fault> {
    let Some(story) = article.story else { return Ok((Vec::new(), 0)) };
    let members = site.record.members(story).await?;
    let mut ids: Vec<ArticleId> = members.iter().rev().map(|member| member.article).collect();
    ids.retain(|id| *id != article.id);
    let more = ids.len().saturating_sub(MATES);
    ids.truncate(MATES);
    Ok((account::listed(site, &ids).await?, more))
}

async fn translations(site: &Site, article: &Article) -> Result<Vec<Translated>, Fault> {
    let mut translated = Vec::new();
    for translation in &article.translations {
        let known = site.record.article_at(&translation.url).await?;
        if known != Some(article.id) {
            translated.push(Translated {
                tongue: Tongue::from(translation.language),
                source: translation.url.to_string(),
                id: known.map(|id| id.to_string()),
            });
        }
    }
    Ok(translated)
}

fn pictures(article: &Article) -> Vec<Picture> {
    let told = article.images.iter().filter(|image| image.caption.is_some() || image.credit.is_some());
    told.map(|image| Picture {
        caption: image.caption.clone(),
        credit: image.credit.clone(),
        href: web_address(&image.url),
    })
    .collect()
}

fn row(revision: &Revision) -> Row {
    Row { number: revision.number, seen: When::from(revision.seen), changed: changed(revision) }
}

/// What changed, in words.
fn changed(revision: &Revision) -> String {
    let words = revision.changed.iter().map(|part| match part.as_str() {
        "title" => "headline",
        "body" => "text",
        other => other,
    });
    words.collect::<Vec<_>>().join(", ")
}

async fn latest_change(revisions: &[Revision], with_text: bool) -> Result<Option<Change>, Fault> {
    let [.., from, to] = revisions else { return Ok(None) };
    let diff = difference::between(from, to, with_text).await?;
    let shown = |parts: Vec<_>| if Part::any_change(&parts) { Part::around_changes(parts) } else { Vec::new() };
    Ok(Some(Change {
        from: from.number,
        to: to.number,
        changed: changed(to),
        note: diff.note,
        title: shown(diff.title),
        standfirst: shown(diff.standfirst),
        text: shown(diff.text.unwrap_or_default()),
    }))
}

#[derive(Template)]
#[template(path = "revision.html")]
struct RevisionView {
    frame: Frame,
    entry: Entry,
    number: u32,
    last: u32,
    seen: When,
    changed: String,
    title: String,
    standfirst: Option<String>,
    byline: String,
    text: Option<Vec<String>>,
    capture: Option<String>,
}

pub(crate) async fn revision(State(site): State<Arc<Site>>, Path((id, number)): Path<(String, String)>) -> Page {
    let article = account::article(&site, &id).await?;
    let revisions = account::revisions(&site, &article).await?;
    let found = number.parse().ok().and_then(|number: u32| revisions.iter().find(|r| r.number == number));
    let revision = found.ok_or_else(|| Fault::not_found("revision", &number, "the article's page lists them"))?;
    html(&revision_view(&site, &article, revision, &site.catalogue()))
}

fn revision_view(site: &Site, article: &Article, revision: &Revision, catalogue: &Catalogue) -> RevisionView {
    let heading = format!("Revision {} of “{}”", revision.number, titled(&article.title));
    RevisionView {
        frame: Frame::new(site, heading, ""),
        entry: Entry { title: plain(titled(&article.title)), ..Entry::of(article, catalogue) },
        number: revision.number,
        last: article.revision,
        seen: When::from(revision.seen),
        changed: changed(revision),
        title: titled(&revision.title).to_owned(),
        standfirst: revision.standfirst.clone(),
        byline: revision.byline.clone(),
        text: site.full_text.then(|| paragraphs(&revision.body)),
        capture: revision
            .capture
            .as_ref()
            .map(|capture| format!("{} at byte {}, {}", capture.file, capture.offset, capture.digest)),
    }
}
