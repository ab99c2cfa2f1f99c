//! `courant config`: the settings in force.

use anyhow::{Context, Result};

use crate::settings::Settings;
use crate::{Ended, output};

pub(super) fn config(settings: &Settings) -> Result<Ended> {
    output::line(toml::to_string(settings).context("cannot print the settings")?.trim_end());
    Ok(Ended::Done)
}
