//! The record: outlets, frontier, articles, revisions, stories and the log of changes.
//!
//! The record is the truth; everything else is a cursor over its log. [`contract`] says what a
//! keeper of the record must hold to; `sqlite` is the keeper on one machine. Only this crate knows
//! SQL, and it knows neither HTML nor the index: a snapshot of the placer is opaque bytes to it.

pub mod contract;
mod error;
mod sqlite;

use std::path::Path;
use std::sync::Arc;

pub use contract::Record;
pub use error::StoreError;

use sqlite::Sqlite;

/// Opens the record at `url`, making it where there is none, and brings its schema up to date.
///
/// `sqlite:` is the file `record.sqlite` in `data_dir`; `sqlite:PATH` is that file, a relative path
/// being under `data_dir`. Locks by role lie in `locks/` beside the file, so that they are the
/// record's whoever opens it.
///
/// # Errors
/// [`StoreError::Unusable`] for another scheme, and for a place that cannot be opened, written or
/// is no record; [`StoreError::Newer`] for a record of a newer Courant.
pub async fn open(url: &str, data_dir: &Path) -> Result<Arc<dyn Record>, StoreError> {
    let Some(("sqlite", path)) = url.split_once(':') else {
        // Only the scheme is repeated: the rest may hold a password.
        let scheme = url.split(':').next().unwrap_or_default();
        return Err(StoreError::Unusable {
            place: format!("'{scheme}:'"),
            why: "only sqlite: is known here, as in 'sqlite:' or 'sqlite:/path/to/record.sqlite'".to_owned(),
        });
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    let file = data_dir.join(if path.is_empty() { "record.sqlite" } else { path });
    Ok(Arc::new(Sqlite::open(&file, sqlite::PATIENCE).await?))
}
