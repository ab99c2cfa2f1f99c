//! Which page is at which address: the newsroom's desk takes a host and a target and finds what to print.

use axum::http::HeaderMap;
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use url::{Position, Url};

use super::answer::{Answer, encode};
use super::article::{Article, Presence};
use super::page::SiteView;
use super::press::Press;
use super::site::Site;
use super::{listing, page, sources};

/// The press in one edition, ready to answer.
pub(super) struct Desk<'a> {
    pub(super) press: &'a Press,
    pub(super) templates: &'a Environment<'static>,
    pub(super) edition: u8,
}

impl Desk<'_> {
    pub(super) fn answer(&self, host: &str, target: &str, asked: &HeaderMap) -> Answer {
        let name = host.rsplit_once(':').filter(|(_, p)| p.bytes().all(|b| b.is_ascii_digit()));
        let name = name.map_or(host, |(name, _)| name).trim_end_matches('.').to_ascii_lowercase();
        let Some(at) = self.press.sites.iter().position(|s| s.host == name) else {
            return self.roster(target);
        };
        let site = &self.press.sites[at];
        let Some(url) = Url::parse(&self.press.base(site)).ok().and_then(|b| b.join(target).ok()) else {
            return self.missing(site, 404);
        };
        self.resource(at, &url, asked).unwrap_or_else(|| self.missing(site, 404))
    }

    /// What is at this address of a site.
    fn resource(&self, at: usize, url: &Url, asked: &HeaderMap) -> Option<Answer> {
        let site = &self.press.sites[at];
        let path = url.path();
        if path == "/robots.txt" {
            let text = listing::robots(self.press, site);
            return Some(Answer::new(200, "text/plain; charset=utf-8", text.into_bytes()));
        }
        if let Some(redirect) =
            site.file.redirects.iter().find(|r| r.from == url[Position::BeforePath..] || r.from == path)
        {
            let to = self.press.articles.iter().find(|a| a.site == at && a.slug == redirect.to)?;
            return Some(Answer::moved(redirect.status, &to.url));
        }
        self.listing(at, path, asked).or_else(|| self.article(at, url, asked)).or_else(|| self.furniture(at, path))
    }

    /// Feeds, sitemaps and index pages.
    fn listing(&self, at: usize, path: &str, asked: &HeaderMap) -> Option<Answer> {
        let site = &self.press.sites[at];
        let file = &site.file;
        let (template, kind, values) = if let Some(feed) = file.feeds.iter().find(|f| f.path == path) {
            let (template, kind) = feed.format.template();
            let kind = format!("{kind}; charset={}", site.encoding.name());
            (template.to_owned(), kind, listing::feed(self.press, at, feed, self.edition))
        } else if let Some(map) = file.sitemaps.iter().find(|s| s.path == path) {
            let values = listing::sitemap(self.press, at, map, self.edition);
            (map.format.template().to_owned(), "application/xml".to_owned(), values)
        } else {
            let list = file.lists.iter().find(|l| l.path == path)?;
            let values = page::list_page(self.press, at, list, self.edition);
            (format!("sites/{}/index.html", site.id), file.html_type.clone(), values)
        };
        let changed = listing::site_changed(self.press, at, self.edition);
        let answer = self.print(200, site, &template, &kind, values);
        Some(answer.validated(file.validators, changed, asked))
    }

    fn article(&self, at: usize, url: &Url, asked: &HeaderMap) -> Option<Answer> {
        let site = &self.press.sites[at];
        let article = self.press.articles.iter().find(|a| a.site == at && is_at(a, url))?;
        let version = match article.in_edition(self.edition) {
            Presence::NotYet => return None,
            Presence::Gone => return Some(self.missing(site, 410)),
            Presence::Here(version) => version,
        };
        let values = page::article_page(self.press, article, version, self.edition);
        let template = format!("sites/{}/{}.html", site.id, if site.file.wall { "wall" } else { "article" });
        let answer = self.print(200, site, &template, &site.file.html_type, values);
        let changed = listing::changed(article, version, self.edition);
        Some(answer.validated(site.file.validators, changed, asked))
    }

    /// Style sheets, and pictures: all of them drawn, none photographed.
    fn furniture(&self, at: usize, path: &str) -> Option<Answer> {
        let site = &self.press.sites[at];
        if path == "/style.css" {
            let text = sources::text(&format!("sites/{}/style.css", site.id)).ok()?;
            return Some(Answer::new(200, "text/css; charset=utf-8", text.into_bytes()));
        }
        let own = self.press.articles.iter().filter(|a| a.site == at);
        let drawn = path.starts_with("/img/") || own.into_iter().any(|a| a.pictures().contains(path));
        drawn.then(|| Answer::new(200, "image/svg+xml", drawing(path).into_bytes()))
    }

    /// The page for a host that is no site of the newsroom.
    fn roster(&self, target: &str) -> Answer {
        let status = if target == "/" { 200 } else { 404 };
        let sites: Vec<_> = self.press.sites.iter().map(|s| SiteView::of(self.press, s)).collect();
        let values = context! { sites => Value::from(Serde(sites)) };
        let (status, text) = self.render(status, "pages/roster.html", values);
        Answer::new(status, "text/html; charset=utf-8", text.into_bytes())
    }

    fn missing(&self, site: &Site, status: u16) -> Answer {
        let values = context! {
            site => Value::from(Serde(SiteView::of(self.press, site))),
            charset => site.encoding.name(),
            status,
        };
        self.print(status, site, "pages/missing.html", &site.file.html_type, values)
    }

    fn print(&self, status: u16, site: &Site, template: &str, kind: &str, values: Value) -> Answer {
        let (status, text) = self.render(status, template, values);
        Answer::new(status, kind, encode(&text, site.encoding))
    }

    /// A template that cannot be rendered is a mistake of the bundled files, which the tests would show; a reader of
    /// the demonstration gets it in words.
    fn render(&self, status: u16, template: &str, values: Value) -> (u16, String) {
        let rendered = self.templates.get_template(template).and_then(|t| t.render(values));
        match rendered {
            Ok(text) => (status, text),
            Err(e) => (500, format!("data/demo/{template}: {e:#}")),
        }
    }
}

/// Whether this is the article's address, whatever else hangs on its query.
fn is_at(article: &Article, url: &Url) -> bool {
    let (path, query) = article.path.split_once('?').unwrap_or((&article.path, ""));
    path == url.path()
        && (query.is_empty() || query.split('&').all(|want| url.query_pairs().any(|(k, v)| want == format!("{k}={v}"))))
}

/// A drawing in place of a photograph, its colours from the path.
fn drawing(path: &str) -> String {
    let hash = blake3::hash(path.as_bytes());
    let [hue, height, ..] = hash.as_bytes().map(u32::from);
    let (hue, top) = (hue * 360 / 256, 180 + height / 2);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 675\" width=\"1200\" height=\"675\">\
         <rect width=\"1200\" height=\"675\" fill=\"hsl({hue} 35% 78%)\"/>\
         <circle cx=\"930\" cy=\"{top}\" r=\"90\" fill=\"hsl({hue} 60% 92%)\"/>\
         <path d=\"M0 560 L300 {top} L520 520 L760 360 L1200 600 V675 H0 Z\" fill=\"hsl({hue} 30% 42%)\"/>\
         </svg>"
    )
}
