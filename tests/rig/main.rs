//! The rig as a process of its own, for measures: hosts that answer until they are killed.
//!
//! `courant-rig HOSTS PAGES BYTES PORT FOLDER` prints a line when it listens, and writes a catalogue
//! of its hosts to `FOLDER`.
#![expect(clippy::print_stdout, reason = "the line that says it listens")]

use std::error::Error;
use std::path::PathBuf;
use std::thread;

use courant_tests::press::Press;
use courant_tests::rig::{Manner, Rig};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |name: &str| -> Result<usize, Box<dyn Error>> {
        let text = arguments.next().ok_or_else(|| format!("{name} is missing: HOSTS PAGES BYTES PORT FOLDER"))?;
        Ok(text.parse().map_err(|error| format!("{name} {text}: {error}"))?)
    };
    let (hosts, pages, bytes, port) = (number("HOSTS")?, number("PAGES")?, number("BYTES")?, number("PORT")?);
    let folder = PathBuf::from(arguments.next().ok_or("FOLDER is missing: HOSTS PAGES BYTES PORT FOLDER")?);
    let rig = Rig::open(Press::new(pages, bytes), vec![Manner::default(); hosts], u16::try_from(port)?, false)?;
    rig.write_catalogue(&folder)?;
    println!("{hosts} hosts of {pages} pages, the first at http://{}/", rig.hosts()[0]);
    loop {
        thread::park();
    }
}
