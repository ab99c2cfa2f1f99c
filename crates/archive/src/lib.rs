//! What servers answered, kept as they answered it: WARC/1.1 files (ISO 28500:2017) in a folder.
//!
//! [`Archive`] writes one file per process, a gzip member per record with an index beside the file, and
//! reads captures back; [`open_warc`] and [`read_warc`] read WARC and ARC files of anybody's making,
//! leniently. Nothing here knows what a page says.

mod arc;
mod current;
mod decode;
mod digest;
mod error;
mod exchange;
mod heal;
mod http;
mod index;
mod lookup;
mod member;
mod reader;
mod records;
mod remembered;
mod seek;
mod surt;
mod writer;

pub use error::{ArchiveError, WarcFault};
pub use exchange::{Asked, Exchange, Told, WarcInfo};
pub use http::{Decoded, HttpResponse, http_response};
pub use index::Entry;
pub use reader::{Record, RecordKind, Records, open_warc, read_warc};
pub use seek::revisited;
pub use writer::{Archive, Kept};
