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
mod readers;
mod settings;
mod shutdown;
mod telling;

use std::process::ExitCode;

use clap::Parser;

/// The C library's allocator keeps what large bodies and their trees leave behind, for each thread: on a
/// crawl among hostile servers it held 340 MB where this one holds 280 (`scripts/prove hostile`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Done,
    NothingFound,
}

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error),
    };
    match commands::run(cli) {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::NothingFound) => ExitCode::from(1),
        Err(error) => {
            output::say(format!("courant: {}", output::one_line(&error)));
            ExitCode::from(2)
        }
    }
}

/// Help and version go out as they are; what was typed wrongly is told in one line.
fn not_understood(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind;
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // Nothing more can be done for whoever closed the stream.
        let _ = error.print();
        return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
    }
    let told = error.render().to_string();
    // The first paragraph says what is wrong, at times with a list below it; the rest is usage.
    let wrong: Vec<&str> = told.split("\n\n").next().unwrap_or_default().split_whitespace().collect();
    let wrong = wrong.join(" ");
    let wrong = wrong.strip_prefix("error: ").unwrap_or(&wrong);
    output::say(format!("courant: {wrong}: --help shows what can be given"));
    ExitCode::from(2)
}
