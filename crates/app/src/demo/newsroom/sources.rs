//! The files of `data/demo`, as they lie in the binary (a development build reads them from the disk instead).
//!
//! Says where a file is and reads it; what it means is for the modules of each kind.

use anyhow::Context as _;
use rust_embed::Embed;
use serde::de::DeserializeOwned;

#[derive(Embed)]
#[folder = "../../data/demo"]
struct Bundle;

/// The catalogue entries of the fictional outlets: (id, TOML), by id. Their `*.localhost` addresses name no port.
pub(crate) fn outlet_files() -> anyhow::Result<Vec<(String, String)>> {
    toml_files("outlets/")
}

/// The fictional networks with their projects: (id, TOML), by id. Their `*.localhost` addresses name no port.
pub(crate) fn network_files() -> anyhow::Result<Vec<(String, String)>> {
    toml_files("networks/")
}

/// The wire agencies that this press credits, in the schema of `data/agencies.toml`.
pub(crate) fn agencies_file() -> anyhow::Result<String> {
    text("agencies.toml")
}

/// Every file under `folder` whose name ends in `.toml`: its path below `folder` without the ending, and its text.
pub(super) fn toml_files(folder: &str) -> anyhow::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for path in names(folder) {
        let Some(name) = path.strip_prefix(folder).and_then(|n| n.strip_suffix(".toml")) else { continue };
        found.push((name.to_owned(), text(&path)?));
    }
    Ok(found)
}

/// The paths of all files under `folder`, sorted, so that every run tells the newsroom in one order.
pub(super) fn names(folder: &str) -> Vec<String> {
    let mut paths: Vec<String> =
        Bundle::iter().filter(|p| p.starts_with(folder)).map(|p| p.replace('\\', "/")).collect();
    paths.sort();
    paths
}

/// The text of one file of `data/demo`.
pub(super) fn text(path: &str) -> anyhow::Result<String> {
    let file = Bundle::get(path).with_context(|| format!("data/demo/{path} is not in this build"))?;
    String::from_utf8(file.data.into_owned()).with_context(|| format!("data/demo/{path} is not UTF-8"))
}

/// Reads TOML into a type that refuses unknown keys; the error names the file and the line.
pub(super) fn parse<T: DeserializeOwned>(path: &str, toml: &str) -> anyhow::Result<T> {
    toml::from_str(toml).map_err(|e| anyhow::anyhow!("data/demo/{path}: {}", e.to_string().trim_end()))
}
