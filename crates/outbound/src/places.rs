//! Places for large bodies: a few, so that what servers send decides nothing about our memory.
//!
//! A small body is free. A large one waits for a place and keeps it until the last copy of its answer is
//! dropped. Servers must not be able to sit on all places: whoever has one while others wait, and has not
//! got its body in time, gives it up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// A body of up to so many bytes as transferred,
pub const SMALL_RAW: usize = 256 * 1024;
/// and of up to so many when decoded, needs no place among the large ones.
pub const SMALL_DECODED: usize = 512 * 1024;

/// A place among the large bodies, or none that is needed. Says nothing about the answer: any two are
/// equal.
#[derive(Debug, Clone, Default)]
pub struct Place {
    _held: Option<Arc<OwnedSemaphorePermit>>,
}

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

/// All places of a client.
#[derive(Debug)]
pub(crate) struct Places {
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Places {
    pub(crate) fn new(places: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(places.max(1))), waiting: AtomicUsize::new(0) }
    }

    /// Waits for a place, in the order of asking; `None` where none is free before `end`.
    pub(crate) async fn take(&self, end: Instant) -> Option<Place> {
        let waits = Waits::new(&self.waiting);
        let taken = tokio::time::timeout_at(end, Arc::clone(&self.free).acquire_owned()).await.ok()?;
        drop(waits);
        // The semaphore is never closed.
        Some(Place { _held: taken.ok().map(Arc::new) })
    }

    /// Whether a body is waiting for a place.
    pub(crate) fn wanted(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }
}

/// One that waits, until it no longer does: its place has come, or its visit was given up.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn new(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Until when the bytes of a body are waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    /// For all of it.
    pub(crate) end: Instant,
    /// Where others wait for the place that it has.
    pub(crate) courtesy: Option<Instant>,
}

/// So often a body that is late looks whether others wait.
const LOOK: Duration = Duration::from_millis(100);

impl Deadline {
    /// What `next` comes to; `None` where it is too late.
    pub(crate) async fn of<T>(self, places: &Places, next: impl Future<Output = T>) -> Option<T> {
        tokio::pin!(next);
        loop {
            let now = Instant::now();
            let until = match self.courtesy {
                None => self.end,
                Some(courtesy) if courtesy > now => courtesy.min(self.end),
                Some(_) if places.wanted() => return None,
                Some(_) => (now + LOOK).min(self.end),
            };
            match tokio::time::timeout_at(until, &mut next).await {
                Ok(came) => return Some(came),
                Err(_) if until >= self.end => return None,
                Err(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    fn soon(milliseconds: u64) -> Instant {
        Instant::now() + Duration::from_millis(milliseconds)
    }

    #[tokio::test]
    async fn a_place_is_free_when_its_last_copy_is_dropped() {
        let places = Places::new(1);
        let first = places.take(soon(50)).await.expect("one is free");
        let copy = first.clone();
        drop(first);
        assert!(places.take(soon(50)).await.is_none() && !places.wanted());
        drop(copy);
        assert!(places.take(soon(50)).await.is_some());
    }

    #[tokio::test]
    async fn who_is_late_gives_way_only_to_others_that_wait() {
        let places = Places::new(1);
        let begun = Instant::now();
        let deadline = Deadline { end: soon(900), courtesy: Some(soon(200)) };
        assert_eq!(deadline.of(&places, ready(1)).await, Some(1));
        let _held = places.take(soon(50)).await.expect("one is free");
        let late = async { (deadline.of(&places, pending::<()>()).await, begun.elapsed()) };
        let ((late, at), other) = tokio::join!(late, places.take(soon(600)));
        assert!(late.is_none() && other.is_none());
        assert!((200..600).contains(&at.as_millis()), "{at:?}");
        assert_eq!(deadline.of(&places, pending::<()>()).await, None);
        assert!(begun.elapsed().as_millis() >= 900, "nobody waits: to the end");
    }
}
