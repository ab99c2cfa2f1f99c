//! Waiting without sleeping blindly: ask, pause a little, ask again, until the deadline.

use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(20);

/// Asks until there is an answer. `None` once `within` has passed.
pub fn wait_for<T>(within: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + within;
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if Instant::now() >= deadline {
            return None;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Asks until there is an answer.
///
/// # Panics
/// Once `within` has passed, saying `what` was waited for.
pub fn wait<T>(what: &str, within: Duration, ask: impl FnMut() -> Option<T>) -> T {
    wait_for(within, ask).unwrap_or_else(|| panic!("waited {within:?} for {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_the_wait_and_so_does_the_deadline() {
        let mut asked = 0;
        let answer = wait_for(Duration::from_secs(5), || {
            asked += 1;
            (asked == 3).then_some("there")
        });
        assert_eq!((answer, asked), (Some("there"), 3));
        assert_eq!(wait_for(Duration::ZERO, || None::<()>), None);
    }
}
