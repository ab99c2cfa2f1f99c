//! Where documents are read: small ones on as many threads as there are processors, large ones on one
//! thread of their own.
//!
//! The tree of a large document takes many times its size, and an allocator keeps for each thread what
//! it once took: on one thread, one after the other, they take it once. The small ones never wait for
//! them, and the threads that wait for servers read nothing.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use tokio::sync::{Semaphore, oneshot};

/// A document of more bytes than this is large.
pub(crate) const LARGE: usize = 500_000;

type Job = Box<dyn FnOnce() + Send>;

/// Reads documents. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Readers {
    seats: Arc<Semaphore>,
    large: Sender<Job>,
}

/// A reader broke: it panicked, on this one document.
#[derive(Debug)]
pub(crate) struct Broke(String);

impl fmt::Display for Broke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Readers {
    pub(crate) fn open() -> std::io::Result<Self> {
        let (large, jobs) = channel::<Job>();
        thread::Builder::new().name("reads-large".to_owned()).spawn(move || {
            for job in jobs {
                job();
            }
        })?;
        let processors = thread::available_parallelism().map_or(2, usize::from);
        Ok(Self { seats: Arc::new(Semaphore::new(processors)), large })
    }

    /// Reads a document of so many bytes.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Broke> {
        let work = move || catch_unwind(AssertUnwindSafe(work)).map_err(|_| Broke("the reader panicked".to_owned()));
        let lost = || Broke("the reader's thread is gone".to_owned());
        if bytes > LARGE {
            let (reply, answer) = oneshot::channel();
            // Whoever asked may have gone: then nobody hears the answer.
            let job = Box::new(move || drop(reply.send(work())));
            self.large.send(job).map_err(|_| lost())?;
            return answer.await.map_err(|_| lost())?;
        }
        // The seats are never closed; if they were, the work would still be done.
        let seat = Arc::clone(&self.seats).acquire_owned().await.ok();
        let read = tokio::task::spawn_blocking(move || {
            let read = work();
            drop(seat);
            read
        });
        read.await.map_err(|_| lost())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_document_that_breaks_the_reader_breaks_no_other() {
        let readers = Readers::open().expect("a thread");
        for bytes in [10, 2 * LARGE] {
            let broke: Result<(), Broke> = readers.read(bytes, || panic!("for a test")).await;
            assert!(broke.is_err(), "{bytes}");
            assert_eq!(readers.read(bytes, || 7).await.ok(), Some(7), "{bytes}");
        }
    }

    #[tokio::test]
    async fn small_ones_do_not_wait_for_large_ones() {
        let readers = Readers::open().expect("a thread");
        let (go, wait) = channel::<()>();
        let large = tokio::spawn({
            let readers = readers.clone();
            async move { readers.read(2 * LARGE, move || wait.recv().is_ok()).await }
        });
        assert_eq!(readers.read(10, || 7).await.ok(), Some(7));
        go.send(()).expect("it waits");
        assert_eq!(large.await.expect("no panic").ok(), Some(true));
    }
}
