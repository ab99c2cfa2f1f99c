//! The place of all data, opened: record, index, archive and catalogue, as the settings say.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::{Context, Result, bail};
use courant_archive::{Archive, WarcInfo};
use courant_model::{CanonicalUrl, Catalogue, Outlet, OutletId, OutletOrigin};
use courant_search::contract::Index;
use courant_store::contract::Record;
use courant_text::{Agencies, Newsrooms};

use crate::catalogue::{self, Known};
use crate::clock::Clock;
use crate::readers::Readers;
use crate::settings::Settings;

/// What every line and command works with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) settings: Arc<Settings>,
    pub(crate) record: Arc<dyn Record>,
    pub(crate) index: Arc<dyn Index>,
    pub(crate) agencies: Arc<Agencies>,
    /// How pages of single outlets are read.
    pub(crate) rules: catalogue::RulesOf,
    /// What is here is the bundled, fictional newsroom's.
    pub(crate) demonstration: bool,
    pub(crate) clock: Clock,
    /// Sites that nobody listed are kept as found outlets.
    keeps_found: bool,
    catalogue: Arc<RwLock<Arc<Catalogue>>>,
    newsrooms: Arc<RwLock<Arc<Newsrooms>>>,
    /// Where documents are read.
    pub(crate) readers: Readers,
}

impl Place {
    /// Opens everything, making what is not there yet.
    pub(crate) async fn open(settings: Settings, known: Known, clock: Clock) -> Result<Self> {
        let dir = &settings.data_dir;
        make_dir(dir)?;
        let record = courant_store::open(settings.record_url(), dir).await?;
        let index = courant_search::open(&settings.index_url())?;
        let mut catalogue = known.catalogue;
        for outlet in record.outlets().await? {
            // The catalogue's own word on an outlet is newer than what was kept of it.
            if catalogue.outlet(&outlet.id).is_none() {
                catalogue.put(outlet);
            }
        }
        Ok(Self {
            settings: Arc::new(settings),
            record,
            index,
            agencies: known.agencies,
            rules: known.rules,
            demonstration: known.demonstration,
            clock,
            keeps_found: true,
            newsrooms: Arc::new(RwLock::new(Arc::new(catalogue::newsrooms(&catalogue)))),
            catalogue: Arc::new(RwLock::new(Arc::new(catalogue))),
            readers: Readers::open().context("cannot start the thread that reads large documents")?,
        })
    }

    /// The catalogue as it is now.
    pub(crate) fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The names by which articles credit the outlets that somebody named.
    pub(crate) fn newsrooms(&self) -> Arc<Newsrooms> {
        Arc::clone(&self.newsrooms.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The catalogue as a cell that follows what is found.
    pub(crate) fn catalogue_cell(&self) -> Arc<RwLock<Arc<Catalogue>>> {
        Arc::clone(&self.catalogue)
    }

    /// The same place, for whoever only looks: sites that are met on the way are not kept.
    pub(crate) fn only_looked_at(&self) -> Self {
        Self { keeps_found: false, ..self.clone() }
    }

    /// The outlet that an address belongs to. A site that nobody listed becomes an outlet marked
    /// `found`, kept in the record.
    pub(crate) async fn outlet_of(&self, url: &CanonicalUrl) -> Result<Outlet> {
        if let Some(outlet) = self.catalogue().outlet_of(url) {
            return Ok(outlet.clone());
        }
        let authority = url.host_and_path().split('/').next().unwrap_or_default();
        let host = authority.split(':').next().unwrap_or_default();
        let mut outlet = Outlet::found(courant_model::site(host).unwrap_or(authority));
        if let Some(listed) = self.catalogue().outlet(&outlet.id)
            && !listed.hosts.contains(&outlet.hosts[0])
        {
            // A listed outlet bears the site's name as its id: the found one takes another.
            outlet.id = OutletId::new(&format!("found-{}", outlet.id));
        }
        if self.keeps_found {
            self.record.put_outlet(&outlet, self.clock.now()).await?;
        }
        self.know(outlet.clone());
        Ok(outlet)
    }

    /// Takes an outlet into the catalogue of this process; the record hears nothing of it.
    pub(crate) fn know(&self, outlet: Outlet) {
        let mut next = Catalogue::clone(&self.catalogue());
        next.put(outlet);
        self.replace_catalogue(next);
    }

    fn replace_catalogue(&self, next: Catalogue) {
        *self.catalogue.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
    }

    /// Takes in what others did to the record's outlets since: added, found, removed. What the
    /// catalogue's files say of an outlet stays.
    pub(crate) async fn learn_outlets(&self) -> Result<()> {
        let kept = self.record.outlets().await?;
        let known = self.catalogue();
        let mut next = Catalogue::clone(&known);
        for outlet in known.outlets().filter(|outlet| outlet.origin != OutletOrigin::Listed) {
            if !kept.iter().any(|kept| kept.id == outlet.id) {
                next.remove(&outlet.id);
            }
        }
        for outlet in kept {
            if known.outlet(&outlet.id).is_none_or(|known| known.origin != OutletOrigin::Listed) {
                next.put(outlet);
            }
        }
        if next != *known {
            // Found outlets have no part in these: `know` leaves them as they are.
            let newsrooms = Arc::new(catalogue::newsrooms(&next));
            *self.newsrooms.write().unwrap_or_else(PoisonError::into_inner) = newsrooms;
            self.replace_catalogue(next);
        }
        Ok(())
    }

    /// The archive, for `writer`: one file per writing process.
    pub(crate) fn archive(&self, writer: &str) -> Result<Archive> {
        let software = format!("courant/{}", env!("CARGO_PKG_VERSION"));
        let info = WarcInfo { software, user_agent: self.settings.user_agent() };
        Archive::open(&self.settings.data_dir.join("archive"), writer, info).context("cannot open the archive")
    }
}

/// Makes the data directory, or says in one line why it cannot be used.
fn make_dir(dir: &Path) -> Result<()> {
    if dir.exists() && !dir.is_dir() {
        bail!("data directory {} is a file: name a folder with --data-dir", dir.display());
    }
    std::fs::create_dir_all(dir)
        .with_context(|| format!("cannot make data directory {}: name another with --data-dir", dir.display()))
}

#[cfg(test)]
mod tests {
    use courant_text::Hints;
    use url::Url;

    use super::*;

    fn credits(place: &Place) -> Vec<String> {
        let told = "The minister resigned on Monday after the payments became public. ".repeat(8);
        let page = format!(
            "<html lang=en><title>The minister resigned</title><article><h1>The minister resigned</h1><p>{told}</p>\
             <p>The payments were first reported by The Lantern, a newspaper in the capital.</p></article>"
        );
        let url = Url::parse("https://press.example/2026/minister").expect("an address");
        let hints = Hints { newsrooms: place.newsrooms(), ..Hints::default() };
        let reading = courant_text::read(page.as_bytes(), Some("text/html"), &url, &hints);
        reading.credits.into_iter().map(|credit| credit.outlet.to_string()).collect()
    }

    #[tokio::test]
    async fn an_outlet_that_another_process_adds_is_credited_from_then_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings { data_dir: folder.path().join("data"), ..Settings::default() };
        let known = catalogue::known(&catalogue::Files::new()).expect("an empty catalogue");
        let place = Place::open(settings, known, Clock::system()).await.expect("a place");
        assert!(credits(&place).is_empty());
        let lantern = Outlet {
            name: "The Lantern".to_owned(),
            languages: vec![courant_model::Language::parse("en")],
            origin: OutletOrigin::Added,
            ..Outlet::found("lantern.example")
        };
        place.record.put_outlet(&lantern, place.clock.now()).await.expect("kept");
        place.learn_outlets().await.expect("learnt");
        assert_eq!(credits(&place), ["lantern.example"]);
    }
}
