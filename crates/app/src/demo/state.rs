//! How far a demonstration has come, kept beside its data so that a killed one goes on.

use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

const FILE: &str = "demo.toml";

/// The port that the newsroom's addresses bear, the edition being crawled, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    pub(super) port: u16,
    pub(super) edition: u8,
    /// How often the demonstration was started on this data before.
    pub(super) starts: u32,
}

impl State {
    /// What an earlier start left in `dir`; `None` where there was none.
    pub(super) fn read(dir: &Path) -> Result<Option<Self>> {
        let path = dir.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let state = toml::from_str(&text)
            .with_context(|| format!("{} is damaged: remove the folder and start the demo anew", path.display()))?;
        Ok(Some(state))
    }

    /// Writes it whole or not at all.
    pub(super) fn write(self, dir: &Path) -> Result<()> {
        let path = dir.join(FILE);
        let fresh = dir.join("demo.toml.new");
        std::fs::write(&fresh, toml::to_string(&self)?)
            .and_then(|()| std::fs::rename(&fresh, &path))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_nothing_else_is_guessed() {
        let dir = tempfile::tempdir().expect("a folder");
        assert_eq!(State::read(dir.path()).expect("read"), None);
        let state = State { port: 8421, edition: 2, starts: 1 };
        state.write(dir.path()).expect("written");
        assert_eq!(State::read(dir.path()).expect("read"), Some(state));
        std::fs::write(dir.path().join(FILE), "edition = ").expect("written");
        assert!(State::read(dir.path()).is_err());
    }
}
