//! From an answered page to a draft for the record: read it, decide whose it is, under which
//! address it is known, and whether it is an article at all. Crawls and imports share it.

use anyhow::Result;
use courant_model::{CanonicalUrl, Capture, Dated, Draft, Language, Outlet, PageKind, Reading, Rights};
use courant_text::Hints;
use jiff::Timestamp;
use url::Url;

use crate::place::Place;

/// A page that was answered, with what is known beside its bytes.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// The address that gave the answer.
    pub(crate) url: Url,
    /// The addresses that led there.
    pub(crate) asked: Vec<CanonicalUrl>,
    /// `Content-Type`, as sent.
    pub(crate) content_type: Option<String>,
    /// The language that the header says.
    pub(crate) content_language: Option<Language>,
    /// What the header asks of archives and indexes.
    pub(crate) rights: Rights,
    /// Decoded.
    pub(crate) body: Vec<u8>,
    /// The body is longer than is read.
    pub(crate) truncated: bool,
    /// Where it is kept.
    pub(crate) capture: Option<Capture>,
    /// When it was fetched.
    pub(crate) seen: Timestamp,
    /// Who named it, and what they said of it.
    pub(crate) found_via: Option<String>,
    pub(crate) feed_language: Option<Language>,
    pub(crate) feed_published: Option<Dated>,
}

/// What a page came to.
#[derive(Debug)]
pub(crate) enum Read {
    /// An article.
    Article(Box<Draft>),
    /// Something else; the reason is for a person.
    NotAnArticle { kind: PageKind, reason: String },
}

/// Reads `page`.
pub(crate) async fn read(place: &Place, page: Page) -> Result<Read> {
    let Some(address) = CanonicalUrl::parse(page.url.as_str()) else {
        return Ok(Read::NotAnArticle { kind: PageKind::Other, reason: "not a web address".to_owned() });
    };
    let outlet = place.outlet_of(&address).await?;
    let hints = hints(place, &outlet, &page);
    let work = place.readers.read(page.body.len(), move || {
        let reading = courant_text::read(&page.body, page.content_type.as_deref(), &page.url, &hints);
        (reading, page)
    });
    let (reading, page) = match work.await {
        Ok(read) => read,
        // One page that breaks the reader must not break the line.
        Err(error) => {
            tracing::error!(%error, url = %address, "a page broke the reader");
            return Ok(Read::NotAnArticle { kind: PageKind::Other, reason: "it broke the reader".to_owned() });
        }
    };
    if reading.kind != PageKind::Article {
        // The reader's own note says the kind and what gave it away.
        let told = reading.notes.iter().find(|note| note.starts_with(reading.kind.as_str()));
        let reason = told.cloned().unwrap_or_else(|| reading.kind.as_str().to_owned());
        return Ok(Read::NotAnArticle { kind: reading.kind, reason });
    }
    let catalogue = place.catalogue();
    let is_own = |url: &CanonicalUrl| catalogue.outlet_of(url).is_none_or(|owner| owner.id == outlet.id);
    Ok(Read::Article(Box::new(draft(page, address, &outlet, reading, is_own))))
}

fn hints(place: &Place, outlet: &Outlet, page: &Page) -> Hints {
    Hints {
        outlet_languages: outlet.languages.clone(),
        feed_language: page.feed_language,
        header_language: page.content_language,
        time_zone: outlet.time_zone.clone(),
        agencies: std::sync::Arc::clone(&place.agencies),
        newsrooms: place.newsrooms(),
        rules: place.rules.get(&outlet.id).cloned(),
        rules_at: page.seen,
        now: page.seen,
    }
}

fn draft(
    page: Page,
    address: CanonicalUrl,
    outlet: &Outlet,
    mut reading: Reading,
    is_own: impl Fn(&CanonicalUrl) -> bool,
) -> Draft {
    if page.truncated {
        reading.notes.push(format!("longer than {} bytes: its end is missing", page.body.len()));
    }
    reading.rights = page.rights.and(reading.rights);
    if reading.published.is_none() {
        reading.published = page.feed_published.filter(|dated| dated.instant <= page.seen);
    }
    let url = match &reading.canonical {
        Some(canonical) if may_name_itself(&address, canonical) && is_own(canonical) => canonical.clone(),
        _ => address.clone(),
    };
    let mut aliases = page.asked;
    aliases.push(address);
    aliases.retain(|alias| alias.key() != url.key());
    aliases.dedup();
    let capture = page.capture.filter(|_| !reading.rights.noarchive);
    Draft { url, aliases, outlet: outlet.id.clone(), reading, capture, seen: page.seen, found_via: page.found_via }
}

/// Whether a page at `address` may say that it is `canonical`: another page of the same site, but
/// not its front page. Anything else would let one outlet's page stand for another's article.
fn may_name_itself(address: &CanonicalUrl, canonical: &CanonicalUrl) -> bool {
    let host = |url: &CanonicalUrl| {
        let authority = url.host_and_path().split('/').next().unwrap_or_default();
        authority.split(':').next().unwrap_or_default().to_owned()
    };
    let (from, to) = (host(address), host(canonical));
    let same_site =
        from == to || (courant_model::site(&from).is_some() && courant_model::site(&from) == courant_model::site(&to));
    let is_front = |url: &CanonicalUrl| url.host_and_path().split_once('/').is_none_or(|(_, path)| path.is_empty());
    same_site && (!is_front(canonical) || is_front(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, canonical: &str, allowed: bool) {
        let url = |text| CanonicalUrl::parse(text).expect("a web address");
        assert_eq!(may_name_itself(&url(address), &url(canonical)), allowed, "{address} as {canonical}");
    }

    #[test]
    fn a_page_may_name_itself_within_its_site() {
        check("https://m.example.org/a?x=1", "https://www.example.org/a", true);
        check("https://example.org/a", "https://other.example/a", false);
        check("https://example.org/a", "https://example.org/", false);
        check("http://one.localhost:8421/a?x=1", "http://one.localhost:8421/a", true);
        check("http://one.localhost:8421/a", "http://two.localhost:8421/a", false);
        check("https://one.co.uk/a", "https://two.co.uk/a", false);
    }
}
