//! The binary: reads the command line, runs the command, and turns its end into an exit code:
//! 0 done, 1 nothing found, 2 failed.

mod catalogue;
mod cli;
mod clock;
mod commands;
mod demo;
mod inspect;
mod output;
mod pipeline;
mod place;
mod settings;
mod shutdown;
mod telling;

use std::process::ExitCode;

use clap::Parser;

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Done,
    NothingFound,
}

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::NothingFound) => ExitCode::from(1),
        Err(error) => {
            output::say(format!("courant: {}", output::one_line(&error)));
            ExitCode::from(2)
        }
    }
}
