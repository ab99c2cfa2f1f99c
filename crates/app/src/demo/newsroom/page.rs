//! Pages: what a template is told of its site, its article and the articles around it.
//!
//! Templates (`data/demo/sites/<id>/article.html`, `index.html`) hold all the furniture and all the style; this
//! module gives them values. The names below are the templates' vocabulary.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::article::{Article, Teaser, Version};
use super::body::Block;
use super::moment::{digits, two};
use super::press::Press;
use super::site::{List, Site};
use super::sources;

/// How many links the boxes beside an article hold.
const BOX_LENGTH: usize = 4;
/// How many blocks of a paywalled article are shown.
const TEASER_BLOCKS: usize = 2;
/// A summary's length in characters, where an article has no standfirst.
const SUMMARY_LENGTH: usize = 160;

/// All templates, by their path in `data/demo`.
pub(super) fn templates() -> anyhow::Result<Environment<'static>> {
    let mut templates = Environment::new();
    templates.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates
        .set_auto_escape_callback(|name| if name.ends_with(".json") { AutoEscape::None } else { AutoEscape::Html });
    templates.set_formatter(format_value);
    templates.add_filter("two", two);
    templates.add_filter("digits", digits);
    let pages = sources::names("sites/").into_iter().filter(|p| p.ends_with(".html"));
    for path in pages.chain(sources::names("pages/")).chain(sources::names("listings/")) {
        let text = sources::text(&path)?;
        templates.add_template_owned(path, text)?;
    }
    Ok(templates)
}

/// Prints a value into a page. Slashes stay as they are, as on real pages; a value that is not there is a mistake of
/// the template.
fn format_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_none() {
        return Err(Error::new(ErrorKind::InvalidOperation, "prints a value that is not there"));
    }
    match state.auto_escape() {
        AutoEscape::Html if !value.is_safe() => Ok(out.write_str(&escape(&value.to_string()))?),
        _ => minijinja::escape_formatter(out, state, value),
    }
}

/// Text as HTML and XML want it, also in double quotes.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The site as templates see it.
#[derive(Serialize)]
pub(super) struct SiteView<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) language: &'a str,
    pub(super) direction: &'a str,
    pub(super) notice: &'a str,
    pub(super) months: &'a [String],
    pub(super) weekdays: &'a [String],
    /// `http://lanterne.localhost:8090`.
    pub(super) base: String,
}

impl<'a> SiteView<'a> {
    pub(super) fn of(press: &Press, site: &'a Site) -> SiteView<'a> {
        SiteView {
            id: &site.id,
            name: &site.name,
            language: &site.languages[0],
            direction: &site.file.direction,
            notice: &site.file.notice,
            months: &site.file.months,
            weekdays: &site.file.weekdays,
            base: press.base(site),
        }
    }
}

/// A page that lists articles, as templates see it.
#[derive(Serialize)]
pub(super) struct ListView<'a> {
    pub(super) title: &'a str,
    pub(super) path: &'a str,
    pub(super) url: String,
    pub(super) language: Option<&'a str>,
}

/// The lists of a site, in its navigation's order.
pub(super) fn lists<'a>(press: &Press, site: &'a Site) -> Vec<ListView<'a>> {
    site.file.lists.iter().map(|l| list_view(press, site, l)).collect()
}

fn list_view<'a>(press: &Press, site: &Site, list: &'a List) -> ListView<'a> {
    let url = format!("{}{}", press.base(site), list.path);
    ListView { title: &list.title, path: &list.path, url, language: list.language.as_deref() }
}

/// The articles that a site has in this edition, newest first.
pub(super) fn on_site(press: &Press, site: usize, edition: u8) -> Vec<(&Article, Version<'_>)> {
    let own = press.articles.iter().filter(|a| a.site == site);
    let mut found: Vec<_> = own.filter_map(|a| Some((a, a.here(edition)?))).collect();
    found.sort_by_key(|(a, _)| std::cmp::Reverse(a.file.published.at));
    found
}

/// What `index.html` is told.
pub(super) fn list_page(press: &Press, site: usize, list: &List, edition: u8) -> Value {
    #[derive(Serialize)]
    struct Page<'a> {
        site: SiteView<'a>,
        lists: Vec<ListView<'a>>,
        list: ListView<'a>,
        articles: Vec<Teaser<'a>>,
    }
    let here = &press.sites[site];
    let wanted = |wish: &Option<String>, has: Option<&String>| wish.is_none() || wish.as_ref() == has;
    let articles = on_site(press, site, edition).into_iter().filter(|(a, _)| {
        wanted(&list.project, a.file.project.as_ref())
            && wanted(&list.section, a.file.section.as_ref())
            && wanted(&list.language, Some(&a.file.language))
    });
    Value::from(Serde(Page {
        site: SiteView::of(press, here),
        lists: lists(press, here),
        list: list_view(press, here, list),
        articles: articles.map(|(a, v)| Teaser::of(a, v)).collect(),
    }))
}

/// What `article.html` is told.
pub(super) fn article_page(press: &Press, article: &Article, version: Version<'_>, edition: u8) -> Value {
    #[derive(Serialize)]
    struct Page<'a> {
        site: SiteView<'a>,
        lists: Vec<ListView<'a>>,
        a: ArticleView<'a>,
        /// Of the same investigation.
        related: Vec<Teaser<'a>>,
        latest: Vec<Teaser<'a>>,
    }
    let site = &press.sites[article.site];
    let mut others = on_site(press, article.site, edition);
    others.retain(|(a, _)| a.slug != article.slug);
    let akin = |a: &Article| a.file.project.is_some() && a.file.project == article.file.project;
    let related = others.iter().filter(|(a, _)| akin(a)).take(BOX_LENGTH);
    Value::from(Serde(Page {
        site: SiteView::of(press, site),
        lists: lists(press, site),
        a: ArticleView::of(press, article, version, edition),
        related: related.map(|(a, v)| Teaser::of(a, *v)).collect(),
        latest: others.iter().take(BOX_LENGTH).map(|(a, v)| Teaser::of(a, *v)).collect(),
    }))
}

/// A whole article as templates see it.
#[derive(Serialize)]
struct ArticleView<'a> {
    #[serde(flatten)]
    teaser: Teaser<'a>,
    slug: &'a str,
    /// The credited wire's name as this outlet prints it.
    agency: Option<&'a str>,
    dateline: Option<&'a str>,
    tags: &'a [String],
    /// The start of the text, for those that print one where there is no standfirst.
    summary: String,
    blocks: &'a [Block],
    images: Vec<ImageView<'a>>,
    image_urls: Vec<String>,
    /// The same as JSON-LD has them.
    image_objects: Vec<Json>,
    persons: Vec<Json>,
    /// `persons` as references into a graph, and the nodes that these lead to.
    person_ids: Vec<Json>,
    person_nodes: Vec<Json>,
    alternates: Vec<Alternate<'a>>,
    /// The site's page of this article's investigation.
    series: Option<ListView<'a>>,
}

#[derive(Serialize)]
struct ImageView<'a> {
    path: &'a str,
    url: String,
    caption: Option<&'a str>,
    credit: Option<&'a str>,
}

#[derive(Serialize)]
struct Alternate<'a> {
    language: &'a str,
    url: &'a str,
}

impl<'a> ArticleView<'a> {
    fn of(press: &'a Press, article: &'a Article, version: Version<'a>, edition: u8) -> ArticleView<'a> {
        let site = &press.sites[article.site];
        let file = &article.file;
        let base = press.base(site);
        let shown = if file.paywalled { TEASER_BLOCKS.min(version.text.len()) } else { version.text.len() };
        let agency = agency_name(press, site, file.agency.as_deref());
        let signed = Signed { site, base: &base, authors: version.authors, agency };
        let images = version.images.iter().map(|i| ImageView {
            path: &i.src,
            url: format!("{base}{}", i.src),
            caption: i.caption.as_deref(),
            credit: i.credit.as_deref(),
        });
        let images: Vec<ImageView> = images.collect();
        let object =
            |i: &ImageView| json!({"@type": "ImageObject", "url": i.url, "caption": i.caption, "creditText": i.credit});
        let others = article.alternates.iter().map(|at| &press.articles[*at]);
        let others = others.filter(|other| other.here(edition).is_some());
        let series = site.file.lists.iter().find(|l| l.project.is_some() && l.project == file.project);
        ArticleView {
            teaser: Teaser::of(article, version),
            slug: &article.slug,
            agency,
            dateline: version.dateline,
            tags: &file.tags,
            summary: summary(version),
            blocks: &version.text[..shown],
            image_urls: images.iter().map(|i| i.url.clone()).collect(),
            image_objects: images.iter().map(object).collect(),
            images,
            persons: signed.objects(),
            person_ids: signed.references(),
            person_nodes: signed.nodes(),
            alternates: others.map(|o| Alternate { language: &o.file.language, url: &o.url }).collect(),
            series: series.map(|l| list_view(press, site, l)),
        }
    }
}

/// The credited wire's name as this outlet prints it; nothing on the wire's own pages.
fn agency_name<'a>(press: &'a Press, site: &'a Site, agency: Option<&str>) -> Option<&'a str> {
    let agency = press.sites.iter().find(|s| Some(s.id.as_str()) == agency && s.id != site.id)?;
    Some(site.file.agencies.get(&agency.id).unwrap_or(&agency.name))
}

/// The start of the first paragraph, cut between words.
fn summary(version: Version<'_>) -> String {
    let first = version.text.iter().find(|b| b.kind == "paragraph").map_or("", |b| b.words.as_str());
    if first.chars().count() <= SUMMARY_LENGTH {
        return first.to_owned();
    }
    let cut: String = first.chars().take(SUMMARY_LENGTH).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{whole}…")
}

/// Who signs, as JSON-LD has them: people, or the wire, or the outlet.
struct Signed<'a> {
    site: &'a Site,
    base: &'a str,
    authors: &'a [String],
    agency: Option<&'a str>,
}

impl Signed<'_> {
    fn objects(&self) -> Vec<Json> {
        if self.authors.is_empty() {
            return vec![json!({"@type": "Organization", "name": self.agency.unwrap_or(&self.site.name)})];
        }
        self.authors.iter().map(|name| json!({"@type": "Person", "name": name})).collect()
    }

    /// The same, as references into a graph.
    fn references(&self) -> Vec<Json> {
        (1..=self.objects().len()).map(|n| json!({"@id": self.id(n)})).collect()
    }

    /// The graph's nodes that the references lead to.
    fn nodes(&self) -> Vec<Json> {
        let with_id = |(at, mut node): (usize, Json)| {
            node["@id"] = json!(self.id(at + 1));
            node
        };
        self.objects().into_iter().enumerate().map(with_id).collect()
    }

    fn id(&self, number: usize) -> String {
        format!("{}/#/schema/contributor/{number}", self.base)
    }
}
