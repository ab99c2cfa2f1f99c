//! A small pool of connections that only read, each call on a blocking thread and in a snapshot of
//! its own: in WAL mode a reader neither waits for the writer nor holds it up.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction};
use tokio::sync::Semaphore;

use super::fault::{Fault, Kept};
use super::{reading_connection, stopped};
use crate::StoreError;

/// Reads at one time. Each keeps a page cache of up to 16 MB.
const READERS: usize = 4;

/// The pool.
pub(super) struct Readers {
    file: PathBuf,
    patience: Duration,
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(file: PathBuf, patience: Duration) -> Self {
        Self { file, patience, turns: Arc::new(Semaphore::new(READERS)), idle: Mutex::new(Vec::new()) }
    }

    /// Runs `work` over one snapshot.
    pub(super) async fn read<T, W>(self: Arc<Self>, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Transaction<'_>) -> Kept<T> + Send + 'static,
    {
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| stopped())?;
        let reading = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let mut connection = self.take()?;
            let result = in_snapshot(&mut connection, work);
            // A connection that failed may be the reason: it is not used again.
            if result.is_ok() {
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            }
            result
        });
        match reading.await {
            Ok(result) => result.map_err(StoreError::from),
            Err(_) => Err(StoreError::Busy("a read was cut off".to_owned())),
        }
    }

    fn take(&self) -> Kept<Connection> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(connection) => Ok(connection),
            None => reading_connection(&self.file, self.patience).map_err(Fault::from),
        }
    }
}

fn in_snapshot<T>(connection: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> Kept<T>) -> Kept<T> {
    let tx = connection.transaction()?;
    let result = work(&tx)?;
    tx.finish()?;
    Ok(result)
}
