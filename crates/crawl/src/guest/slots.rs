//! What is known of each origin, behind a lock of its own: of several visits that want a file at
//! once, one asks and the others wait for what it learns.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// So many origins are known at a time; of more, those that nobody uses are forgotten. The ledger
/// keeps what they said.
const MOST: usize = 4096;

/// One origin's slot.
pub(super) type Slot<T> = Arc<tokio::sync::Mutex<Option<T>>>;

/// A slot for each origin.
pub(super) struct Slots<T>(Mutex<HashMap<String, Slot<T>>>);

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Slots<T> {
    /// The slot of `origin`.
    pub(super) fn of(&self, origin: &str) -> Slot<T> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST && !slots.contains_key(origin) {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        slots.entry(origin.to_owned()).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_uses_is_forgotten() {
        let slots: Slots<u32> = Slots::default();
        let used = slots.of("https://used.example");
        *used.try_lock().expect("free") = Some(1);
        for n in 0..2 * MOST {
            *slots.of(&format!("https://{n}.example")).try_lock().expect("free") = Some(2);
        }
        assert!(slots.0.lock().expect("lock").len() <= MOST);
        assert_eq!(*slots.of("https://used.example").try_lock().expect("free"), Some(1));
    }
}
