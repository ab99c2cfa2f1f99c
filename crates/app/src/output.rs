//! Results to stdout, talk to stderr: the only file that prints.
//!
//! A reader who closes the pipe (`courant search … | head`) has seen enough: that is no error.

use std::io::{self, IsTerminal, Write};

/// Writes one result line to stdout.
pub(crate) fn line(text: impl AsRef<str>) {
    let mut out = io::stdout().lock();
    if let Err(error) = writeln!(out, "{}", text.as_ref())
        && error.kind() == io::ErrorKind::BrokenPipe
    {
        std::process::exit(0);
    }
}

/// Writes a value as one line of JSON to stdout.
pub(crate) fn json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    line(serde_json::to_string(value)?);
    Ok(())
}

/// Many lines of JSON to stdout, buffered.
pub(crate) struct Lines(io::BufWriter<io::Stdout>);

/// Whether anybody still reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listener {
    There,
    Gone,
}

impl Lines {
    pub(crate) fn new() -> Self {
        Self(io::BufWriter::new(io::stdout()))
    }

    /// Writes one line.
    pub(crate) fn write(&mut self, value: &impl serde::Serialize) -> anyhow::Result<Listener> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        listener(self.0.write_all(&line))
    }

    /// Hands over what is buffered.
    pub(crate) fn end(mut self) -> anyhow::Result<Listener> {
        listener(self.0.flush())
    }
}

fn listener(written: io::Result<()>) -> anyhow::Result<Listener> {
    match written {
        Ok(()) => Ok(Listener::There),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Listener::Gone),
        Err(error) => Err(error.into()),
    }
}

/// Says something to the person at the terminal.
pub(crate) fn say(text: impl AsRef<str>) {
    // Whoever closed stderr does not want to hear.
    let _ = writeln!(io::stderr().lock(), "{}", text.as_ref());
}

/// Whether results go to a person's terminal, and colour is welcome (<https://no-color.org>).
pub(crate) fn in_colour() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A progress bar on stderr, counting `what`; nothing where stderr is no terminal.
pub(crate) fn progress(what: &'static str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} ({per_sec})")
        .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
    indicatif::ProgressBar::new(0).with_style(style).with_message(what)
}

/// A line on stderr that tells how far work has come whose end nobody knows; nothing where stderr
/// is no terminal.
pub(crate) fn spinner() -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{spinner} {msg}")
        .unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner());
    indicatif::ProgressBar::new_spinner().with_style(style)
}

/// An error and its causes as one line; a cause that the line before tells already is left out.
pub(crate) fn one_line(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(|cause| cause.to_string().replace(['\n', '\r'], " ")) {
        if !told.contains(cause.as_str()) {
            if !told.is_empty() {
                told.push_str(": ");
            }
            told.push_str(&cause);
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn an_error_is_one_line_and_says_nothing_twice() {
        let error = Err::<(), _>(io::Error::other("disk\nfull")).context("cannot write a").expect_err("an error");
        assert_eq!(one_line(&error), "cannot write a: disk full");
        let repeated = anyhow::anyhow!("no").context("cannot: no");
        assert_eq!(one_line(&repeated), "cannot: no");
    }
}
