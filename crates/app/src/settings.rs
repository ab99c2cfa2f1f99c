//! Settings: read once at the edge, then passed along, never global.
//!
//! `courant.toml` at the root of the repository is the reference: every key at its default, and a
//! test holds it to [`Settings::default`].

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    pub(crate) data_dir: PathBuf,
    pub(crate) record: PlaceSettings,
    pub(crate) index: PlaceSettings,
    pub(crate) catalogue: CatalogueSettings,
    pub(crate) crawl: CrawlSettings,
    pub(crate) stories: StorySettings,
    pub(crate) serve: ServeSettings,
    pub(crate) log: LogSettings,
}

/// Where a backend keeps its data; empty for the one in `data_dir`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PlaceSettings {
    pub(crate) url: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CatalogueSettings {
    pub(crate) folder: PathBuf,
    pub(crate) bundled: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CrawlSettings {
    pub(crate) contact: String,
    pub(crate) gap_seconds: f64,
    pub(crate) visits: usize,
    pub(crate) day_budget: u32,
    pub(crate) request_log_days: u32,
    pub(crate) max_body_mb: usize,
    pub(crate) sitemap_days: u32,
    pub(crate) connect_seconds: u64,
    pub(crate) header_seconds: u64,
    pub(crate) total_seconds: u64,
    pub(crate) local: Vec<LocalNetwork>,
}

/// A private network that may be visited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocalNetwork {
    pub(crate) network: IpNet,
    pub(crate) gap_seconds: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StorySettings {
    pub(crate) join: f32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ServeSettings {
    pub(crate) bind: SocketAddr,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LogSettings {
    pub(crate) level: String,
    pub(crate) format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    Text,
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("courant-data"),
            record: PlaceSettings::default(),
            index: PlaceSettings::default(),
            catalogue: CatalogueSettings::default(),
            crawl: CrawlSettings::default(),
            stories: StorySettings::default(),
            serve: ServeSettings::default(),
            log: LogSettings::default(),
        }
    }
}

impl Default for CatalogueSettings {
    fn default() -> Self {
        Self { folder: PathBuf::new(), bundled: true }
    }
}

impl Default for CrawlSettings {
    fn default() -> Self {
        Self {
            contact: String::new(),
            gap_seconds: 2.0,
            visits: 256,
            day_budget: 5000,
            request_log_days: 7,
            max_body_mb: 10,
            sitemap_days: 30,
            connect_seconds: 10,
            header_seconds: 20,
            total_seconds: 60,
            local: Vec::new(),
        }
    }
}

impl Default for StorySettings {
    fn default() -> Self {
        Self { join: courant_story::Settings::default().join }
    }
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self { bind: SocketAddr::from(([127, 0, 0, 1], 8080)) }
    }
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { level: "warn".to_owned(), format: LogFormat::Text }
    }
}

/// The file that is read when none is named, if it is there.
pub(crate) const FILE: &str = "courant.toml";

impl Settings {
    /// Reads `file`, or [`FILE`] in the working directory where it exists, or takes the defaults.
    pub(crate) fn load(file: Option<&Path>) -> Result<Self> {
        let path = match file {
            Some(path) => path,
            None if Path::new(FILE).is_file() => Path::new(FILE),
            None => return Ok(Self::default()),
        };
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read settings {}", path.display()))?;
        let settings = Self::parse(&text).with_context(|| format!("settings {}", path.display()))?;
        Ok(settings)
    }

    fn parse(text: &str) -> Result<Self> {
        // The parser's own message points into the text over several lines; one line is enough.
        let settings: Self = toml::from_str(text).map_err(|error| {
            let before = |span: std::ops::Range<usize>| &text.as_bytes()[..span.start.min(text.len())];
            let line = error.span().map(|span| 1 + before(span).iter().filter(|byte| **byte == b'\n').count());
            let message = error.message().lines().collect::<Vec<_>>().join(" ");
            match line {
                Some(line) => anyhow::anyhow!("line {line}: {message}"),
                None => anyhow::anyhow!(message),
            }
        })?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<()> {
        let gaps = self.crawl.local.iter().map(|local| local.gap_seconds).chain([self.crawl.gap_seconds]);
        for gap in gaps {
            if !(0.0..=86_400.0).contains(&gap) {
                bail!("gap_seconds = {gap}: give a number of seconds from 0 to 86400");
            }
        }
        if self.crawl.gap_seconds < 1.0 {
            bail!(
                "crawl.gap_seconds = {}: at least 1 on the open network (a [[crawl.local]] network may have less)",
                self.crawl.gap_seconds
            );
        }
        if self.crawl.visits == 0 {
            bail!("crawl.visits = 0: give at least 1");
        }
        if !(0.0..=1.0).contains(&self.stories.join) {
            bail!("stories.join = {}: give a number from 0 to 1", self.stories.join);
        }
        Ok(())
    }

    /// The user agent that every request bears: product, version, contact.
    pub(crate) fn user_agent(&self) -> String {
        format!("Courant/{} (+{})", env!("CARGO_PKG_VERSION"), self.crawl.contact.trim())
    }

    /// Where the record is.
    pub(crate) fn record_url(&self) -> &str {
        if self.record.url.is_empty() { "sqlite:" } else { &self.record.url }
    }

    /// Where the index is.
    pub(crate) fn index_url(&self) -> String {
        match self.index.url.is_empty() {
            true => format!("tantivy:{}", self.data_dir.join("index").display()),
            false => self.index.url.clone(),
        }
    }

    /// What placing goes by.
    pub(crate) fn placing(&self) -> courant_story::Settings {
        courant_story::Settings { join: self.stories.join, ..courant_story::Settings::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_file_is_the_defaults() {
        let text = include_str!("../../../courant.toml");
        assert_eq!(Settings::parse(text).expect("the reference file is valid"), Settings::default());
        // And it names every key: what the defaults hold, the file must hold as well.
        let file: toml::Table = text.parse().expect("valid TOML");
        let defaults = toml::Table::try_from(Settings::default()).expect("settings are a table");
        for (section, value) in &defaults {
            assert!(file.contains_key(section), "{section} is missing in courant.toml");
            for key in value.as_table().into_iter().flat_map(|table| table.keys()).filter(|key| *key != "local") {
                assert!(file[section].as_table().is_some_and(|t| t.contains_key(key)), "{section}.{key} is missing");
            }
        }
    }

    fn refused(text: &str, told: &str) {
        let error = format!("{:#}", Settings::parse(text).expect_err("refused"));
        assert!(error.contains(told), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }

    #[test]
    fn a_wrong_setting_is_told_in_one_line() {
        refused("[crawl]\ngap = 3", "unknown field `gap`");
        refused("[crawl]\n\ngap_seconds = 0.2", "at least 1");
        refused("[serve]\nbind = \"everywhere\"", "line 2");
        refused("data_dir = ", "line 1");
        refused("[[crawl.local]]\nnetwork = \"10.0.0.0/8\"\ngap_seconds = -1.0", "from 0 to 86400");
    }

    #[test]
    fn the_user_agent_has_the_contact() {
        let mut settings = Settings::default();
        settings.crawl.contact = "https://desk.example/courant".to_owned();
        assert!(settings.user_agent().ends_with("(+https://desk.example/courant)"));
    }
}
