//! The record on one machine: one SQLite file in WAL mode.
//!
//! One thread holds the only writing connection, and every write is one immediate transaction on
//! it: SQLite has one writer anyway, and so `changes` never shows a row before a smaller one. Reads
//! run beside it, each in a snapshot of its own. Other processes may write the same file; each waits
//! its turn for [`PATIENCE`]. Modules by subject, in the order of the contract.

mod articles;
mod changes;
mod current;
mod fault;
mod frontier;
mod hosts;
mod locks;
mod migrations;
mod outlets;
mod overview;
mod readers;
mod record;
mod relations;
mod rows;
mod stories;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use self::fault::Kept;
use self::readers::Readers;
use crate::StoreError;

/// How long a call waits for another process's write before it gives up as busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Writes that may wait for the writing thread; further callers wait before they enter.
const QUEUE: usize = 64;

/// Statements that a connection keeps prepared: more than there are in this crate.
const STATEMENTS: usize = 128;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A record in a SQLite file.
pub(crate) struct Sqlite {
    /// The folder that holds the file and the locks.
    folder: PathBuf,
    writer: mpsc::Sender<Job>,
    readers: Arc<Readers>,
}

impl Sqlite {
    /// Opens the record in `file`, making file and folder where they are missing.
    pub(crate) async fn open(file: &Path, patience: Duration) -> Result<Self, StoreError> {
        let file = file.to_owned();
        let opened = tokio::task::spawn_blocking(move || Self::open_blocking(&file, patience));
        opened.await.unwrap_or_else(|_| Err(stopped()))
    }

    fn open_blocking(file: &Path, patience: Duration) -> Result<Self, StoreError> {
        let place = file.display().to_string();
        let unusable = |why: String| StoreError::Unusable { place: place.clone(), why };
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        fs::create_dir_all(&folder)
            .map_err(|error| unusable(format!("cannot make the folder {}: {error}", folder.display())))?;
        if file.is_dir() {
            return Err(unusable("it is a folder: name a file in it".to_owned()));
        }
        let mut connection = Connection::open(file).map_err(|error| unusable(error.to_string()))?;
        prepare(&connection, patience).map_err(|error| unusable(error.to_string()))?;
        migrations::migrate(&mut connection, &place)?;
        Ok(Self {
            folder,
            writer: writing_thread(connection).map_err(|error| unusable(error.to_string()))?,
            readers: Arc::new(Readers::new(file.to_owned(), patience)),
        })
    }

    /// Runs `work` in one transaction on the writing connection. It is durable when this returns
    /// `Ok`, and undone when it returns `Err`. A caller that goes away does not stop it.
    async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Transaction<'_>) -> Kept<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // Nobody may be waiting any more; what was written stands all the same.
            let _ = reply.send(in_transaction(connection, work));
        });
        self.writer.send(job).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?.map_err(StoreError::from)
    }

    /// Runs `work` over one snapshot of the record.
    async fn read<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Transaction<'_>) -> Kept<T> + Send + 'static,
    {
        self.readers.clone().read(work).await
    }
}

fn in_transaction<T>(connection: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> Kept<T>) -> Kept<T> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let result = work(&tx)?;
    tx.commit()?;
    Ok(result)
}

/// The thread that writes. It ends, and closes the connection, when the last sender is gone.
fn writing_thread(mut connection: Connection) -> std::io::Result<mpsc::Sender<Job>> {
    let (sender, mut jobs) = mpsc::channel::<Job>(QUEUE);
    thread::Builder::new().name("record-writer".to_owned()).spawn(move || {
        while let Some(job) = jobs.blocking_recv() {
            job(&mut connection);
        }
    })?;
    Ok(sender)
}

/// What every writing connection needs. A full sync at each commit is what makes an acknowledged
/// write survive a lost power supply: `NORMAL` would not, in WAL mode.
fn prepare(connection: &Connection, patience: Duration) -> rusqlite::Result<()> {
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // 64 MB of pages: the indexes of a million articles' addresses are walked at random.
    connection.pragma_update(None, "cache_size", -65_536)?;
    // 16 MB of log between checkpoints, each of which costs two syncs.
    connection.pragma_update(None, "wal_autocheckpoint", 4096)
}

/// A connection that cannot write.
fn reading_connection(file: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "cache_size", -16_384)?;
    Ok(connection)
}

fn stopped() -> StoreError {
    StoreError::Storage("its writing thread has stopped: start courant again".to_owned())
}

#[cfg(test)]
mod tests;
