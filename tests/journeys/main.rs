//! Whole journeys, through the binary that users start. What belongs where:
//!
//! | suite | what it holds Courant to |
//! | --- | --- |
//! | `demo` | the bundled newsroom, both editions, against `data/demo/gold.jsonl`: found, read, placed, revised |
//! | `kills` | `kill -9` at any moment of the crawl: nothing lost, nothing doubled, ids as they were |
//! | `newsroom` | a rude newsroom: robots, pauses, one connection, limits, redirects, 304, 410, noarchive |
//! | `import` | WARC files: a small one made here, and the evaluation data's where it is there |
//! | `api` | the JSON API and the feeds: the document, problems, pages of a list, redirects, host names |
//! | `browser` | the site in Chromium: quiet, self-contained, right to left, no wider than a phone |
//! | `bad_input` | wrong flags, settings, folders, files, queries: one clear line, exit 2, never a panic |
//! | `rebuild` | index and stories made anew say the same as before |
//! | `archive` | the archive is read by other tools |
//! | `discovery` | how pages are found, and what is left |
//! | `polite` | many hosts, two collectors, kills: what the servers' log says |
//! | `ssrf` | no connection to an address inside |
//! | `hostile` | a crawl among hostile servers: memory, time, the others' pace |
//! | `hostile_pages` | pages made to hurt their reader: time, memory, nothing of theirs that runs |
//! | `measured` | the figures on the evaluation data, where it is there, against `docs/floors.toml` |
//! | `promises` | files of the repository that make promises: scripts, compose file, documents |
//!
//! A suite that cannot run here says `skipped: …` on stderr. The served demo is shared
//! (`courant_tests::demo`); every other test has a place of its own.

mod api;
mod archive;
mod bad_input;
mod browser;
mod corpus;
mod demo;
mod discovery;
mod hostile;
mod hostile_pages;
mod import;
mod kills;
mod measured;
mod newsroom;
mod polite;
mod promises;
mod rebuild;
mod ssrf;
