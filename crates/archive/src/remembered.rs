//! What the archive remembers of its latest captures, so that the same payload is not kept twice and
//! an answer "not modified" names the one it is about.
//!
//! The memory has an end (the oldest go), and is made again from the indexes when a process starts.

use std::borrow::Borrow;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::digest::{self, Bare};
use crate::index::REVISIT;
use crate::lookup;

/// So many captures are remembered, in about 15 MB.
const REMEMBERED: usize = 50_000;

/// Where a payload lies, and what it was an answer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) digest: Bare,
    pub(crate) url: Arc<str>,
    /// To the second, and no more than a hint, where `record` is not known.
    pub(crate) at: Timestamp,
    /// `WARC-Record-ID`; `None` for what is known from an index alone.
    pub(crate) record: Option<Arc<str>>,
    pub(crate) file: Arc<str>,
    pub(crate) offset: u64,
}

pub(crate) struct Remembered {
    room: usize,
    places: VecDeque<Place>,
    /// The number of the first of them: all are numbered as they come.
    first: u64,
    by_digest: HashMap<Bare, u64>,
    by_url: HashMap<Arc<str>, u64>,
}

impl Default for Remembered {
    fn default() -> Self {
        Self::with_room(REMEMBERED)
    }
}

impl Remembered {
    fn with_room(room: usize) -> Self {
        Self { room, places: VecDeque::new(), first: 0, by_digest: HashMap::new(), by_url: HashMap::new() }
    }

    /// What the indexes of a folder tell. An index that cannot be read tells nothing, and some payload
    /// is kept twice.
    pub(crate) fn of(folder: &Path) -> Self {
        let mut remembered = Self::default();
        for entry in lookup::latest(folder, remembered.room).unwrap_or_default() {
            let Some(digest) = entry.digest.as_deref().and_then(digest::read) else { continue };
            let is_success = (200..300).contains(&entry.status);
            if entry.mime == REVISIT {
                if is_success {
                    remembered.answered(&entry.url, &digest);
                }
                continue;
            }
            let (url, file) = (entry.url.into(), remembered.name(&entry.file));
            let place = Place { digest, url, at: entry.at, record: None, file, offset: entry.offset };
            remembered.keep(place, is_success);
        }
        remembered
    }

    /// The file's name, once for all places in it.
    pub(crate) fn name(&self, file: &str) -> Arc<str> {
        match self.places.back() {
            Some(place) if *place.file == *file => Arc::clone(&place.file),
            _ => file.into(),
        }
    }

    /// Addresses that answered with a payload that is gone from memory, and more of them than belong
    /// here: a thousand addresses may answer with the same page.
    fn prune(&mut self) {
        if self.by_url.len() > 2 * self.room {
            let first = self.first;
            self.by_url.retain(|_, number| *number >= first);
            if self.by_url.len() > self.room {
                self.by_url.clear();
            }
        }
    }

    /// Keeps a place in mind; one of a success is what its address answers from now on.
    pub(crate) fn keep(&mut self, place: Place, is_success: bool) {
        let number = self.first + self.places.len() as u64;
        self.by_digest.insert(place.digest, number);
        if is_success {
            self.by_url.insert(Arc::clone(&place.url), number);
        }
        self.places.push_back(place);
        if self.places.len() > self.room
            && let Some(oldest) = self.places.pop_front()
        {
            remove_at(&mut self.by_digest, &oldest.digest, self.first);
            remove_at(&mut self.by_url, &*oldest.url, self.first);
            self.first += 1;
        }
        self.prune();
    }

    /// An address has answered with a payload that lies elsewhere.
    pub(crate) fn answered(&mut self, url: &str, digest: &Bare) {
        match self.by_digest.get(digest) {
            Some(number) => self.by_url.insert(url.into(), *number),
            None => self.by_url.remove(url),
        };
        self.prune();
    }

    /// What was known from an index alone has been looked at.
    pub(crate) fn confirm(&mut self, confirmed: &Place) {
        let number = self.by_digest.get(&confirmed.digest).copied();
        let index = number.and_then(|number| usize::try_from(number.checked_sub(self.first)?).ok());
        if let Some(place) = index.and_then(|index| self.places.get_mut(index)) {
            place.clone_from(confirmed);
        }
    }

    /// A payload with this digest.
    pub(crate) fn payload(&self, digest: &Bare) -> Option<&Place> {
        self.place(*self.by_digest.get(digest)?)
    }

    /// The payload that this address has answered with at last.
    pub(crate) fn answer(&self, url: &str) -> Option<&Place> {
        self.place(*self.by_url.get(url)?)
    }

    /// There is no such payload after all.
    pub(crate) fn forget(&mut self, digest: &Bare) {
        let Some(number) = self.by_digest.remove(digest) else { return };
        if let Some(url) = self.place(number).map(|place| Arc::clone(&place.url)) {
            remove_at(&mut self.by_url, &*url, number);
        }
    }

    fn place(&self, number: u64) -> Option<&Place> {
        self.places.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }
}

/// Removes a key that leads to `number`; one that leads to what came later stays.
fn remove_at<K, Q>(numbers: &mut HashMap<K, u64>, key: &Q, number: u64)
where
    K: Borrow<Q> + Eq + Hash,
    Q: Eq + Hash + ?Sized,
{
    if numbers.get(key) == Some(&number) {
        numbers.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(number: u8, url: &str) -> Place {
        Place {
            digest: [number; 20],
            url: url.into(),
            at: Timestamp::from_second(i64::from(number)).unwrap(),
            record: None,
            file: "a.warc.gz".into(),
            offset: u64::from(number),
        }
    }

    #[test]
    fn the_oldest_go_and_the_memory_has_an_end() {
        let mut remembered = Remembered::with_room(3);
        for number in 0..100 {
            remembered.keep(place(number, ["a", "b"][usize::from(number) % 2]), true);
        }
        assert_eq!((remembered.places.len(), remembered.by_digest.len(), remembered.by_url.len()), (3, 3, 2));
        assert_eq!(remembered.payload(&[97; 20]), Some(&place(97, "b")));
        assert_eq!(remembered.payload(&[96; 20]), None);
        assert_eq!(remembered.answer("b"), Some(&place(99, "b")));
        assert_eq!(remembered.answer("a"), Some(&place(98, "a")));
        remembered.keep(place(100, "c"), true);
        remembered.keep(place(101, "c"), true);
        assert_eq!((remembered.answer("a"), remembered.by_url.len()), (None, 2));
    }

    #[test]
    fn an_address_is_known_by_its_last_payload() {
        let mut remembered = Remembered::with_room(3);
        remembered.keep(place(1, "a"), true);
        remembered.keep(place(2, "b"), true);
        remembered.answered("a", &[2; 20]);
        assert_eq!(remembered.answer("a"), Some(&place(2, "b")), "a copy of what b said");
        remembered.answered("a", &[9; 20]);
        assert_eq!(remembered.answer("a"), None, "nobody knows where that lies");
        remembered.keep(place(3, "b"), false);
        assert_eq!(remembered.answer("b"), Some(&place(2, "b")), "a page about a fault is no answer");
        for number in 0..1000 {
            remembered.answered(&number.to_string(), &[2; 20]);
            assert!(remembered.by_url.len() <= 6);
        }
        let exact = Place { record: Some("<urn:uuid:x>".into()), ..place(2, "b") };
        remembered.confirm(&exact);
        assert_eq!(remembered.payload(&[2; 20]), Some(&exact));
    }

    #[test]
    fn what_is_not_there_after_all_is_forgotten() {
        let mut remembered = Remembered::with_room(9);
        remembered.keep(place(1, "a"), true);
        remembered.keep(place(2, "a"), true);
        remembered.forget(&[1; 20]);
        assert_eq!(remembered.payload(&[1; 20]), None);
        assert_eq!(remembered.answer("a"), Some(&place(2, "a")), "another one");
        remembered.forget(&[2; 20]);
        remembered.forget(&[2; 20]);
        assert_eq!(remembered.answer("a"), None);
    }
}
