//! Makes the table that languages are told by, `data/languages/grams.bin`:
//!
//! ```text
//! cargo run --release --manifest-path scripts/language-table/Cargo.toml [-- --check]
//! ```
//!
//! Everything that goes in is pinned by version and checksum, nothing is drawn by lot, so the same
//! command makes the same bytes. `--check` writes nothing and fails if the file is not what would
//! be written. What the figures in [`table`] were tuned on is told there.

// Shared with the reader of the table, so that the two cut and name grams alike.
#[allow(dead_code, reason = "the reader uses more of it")]
#[path = "../../../crates/text/src/language/grams.rs"]
mod grams;
#[allow(dead_code, reason = "the reader uses more of it")]
#[path = "../../../crates/text/src/script.rs"]
mod script;

mod choice;
mod cldr;
mod langidentify;
mod languages;
mod lingua;
mod shares;
mod sources;
mod table;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let out = root.join("data/languages/grams.bin");
    let sources = sources::fetch(&root.join("target/language-sources"));
    let shares = shares::gather(&sources);
    let table = table::write(&choice::choose(&shares), &shares);
    if std::env::args().any(|arg| arg == "--check") {
        let same = std::fs::read(&out).is_ok_and(|bytes| bytes == table);
        println!("{} {}", out.display(), if same { "is what would be written" } else { "differs" });
        return if same { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    std::fs::write(&out, &table).expect("data/languages can be written to");
    println!("{}: {} bytes", out.display(), table.len());
    ExitCode::SUCCESS
}
