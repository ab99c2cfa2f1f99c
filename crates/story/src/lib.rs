//! Many documents, pure: which story an article belongs to.
//!
//! Articles come one at a time, in the order of the log, and are placed for good; the same order
//! gives the same stories. Within a language, words decide: the cosine of an article's weighted
//! terms with a story's, less what the days between cost. Across languages hard evidence decides:
//! a page that names its translations, a link from one to the other, links to the same document.
//! Words veto hard evidence, so that an article that cites an old affair does not become part of it.
//!
//! A story has one *strand* a language. This crate knows neither record, index, network, disk nor
//! clock; what it remembers can be frozen into bytes ([`Placer::snapshot`]) and woken again.

mod evidence;
mod memory;
mod merge;
mod place;
mod settings;
mod snapshot;
mod terms;

pub use memory::Placer;
pub use settings::Settings;
pub use snapshot::SnapshotError;
