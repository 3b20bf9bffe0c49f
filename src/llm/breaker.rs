//! A circuit breaker: after several failures in a row the endpoint is left alone for a while, so that a dead LLM
//! does not cost every turn its whole timeout.
//!
//! Time is an argument. What it leaves out: what counts as a failure (`errors`).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Counts consecutive failures of one endpoint and says whether to call it now.
#[derive(Debug)]
pub(super) struct Breaker {
    threshold: u32,
    cool_down: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    next_trial: Option<Instant>,
}

impl Breaker {
    /// A breaker that opens after `threshold` failures in a row and then lets one trial through per `cool_down`.
    pub(super) fn new(threshold: u32, cool_down: Duration) -> Self {
        Self { threshold, cool_down, state: Mutex::default() }
    }

    /// Whether a call may go out. While open, one trial passes per cool-down; a trial that is dropped without a
    /// verdict therefore blocks nobody for longer than that.
    pub(super) fn admits(&self, now: Instant) -> bool {
        let mut state = self.lock();
        match state.next_trial {
            None => true,
            Some(trial) if now < trial => false,
            Some(_) => {
                state.next_trial = Some(now + self.cool_down);
                true
            }
        }
    }

    /// The endpoint answered: all is forgiven.
    pub(super) fn succeeded(&self) {
        *self.lock() = State::default();
    }

    /// The endpoint failed.
    pub(super) fn failed(&self, now: Instant) {
        let mut state = self.lock();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= self.threshold {
            state.next_trial = Some(now + self.cool_down);
        }
    }

    /// The state is two plain values, whole after every statement: a panic elsewhere cannot have torn it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOL_DOWN: Duration = Duration::from_secs(30);

    fn opened(now: Instant) -> Breaker {
        let breaker = Breaker::new(3, COOL_DOWN);
        (0..3).for_each(|_| breaker.failed(now));
        breaker
    }

    #[test]
    fn it_opens_only_after_three_failures_in_a_row() {
        let (now, breaker) = (Instant::now(), Breaker::new(3, COOL_DOWN));
        breaker.failed(now);
        breaker.failed(now);
        breaker.succeeded();
        breaker.failed(now);
        breaker.failed(now);
        assert!(breaker.admits(now));
        breaker.failed(now);
        assert!(!breaker.admits(now));
        assert!(!breaker.admits(now + COOL_DOWN - Duration::from_millis(1)));
    }

    #[test]
    fn after_the_cool_down_one_trial_passes_and_decides() {
        let now = Instant::now();
        let later = now + COOL_DOWN;

        let healed = opened(now);
        assert!(healed.admits(later));
        assert!(!healed.admits(later), "only one trial at a time");
        healed.succeeded();
        assert!(healed.admits(later));

        let still_dead = opened(now);
        assert!(still_dead.admits(later));
        still_dead.failed(later);
        assert!(!still_dead.admits(later + COOL_DOWN / 2));
        assert!(still_dead.admits(later + COOL_DOWN));
    }

    #[test]
    fn a_trial_that_is_never_decided_does_not_block_for_ever() {
        let now = Instant::now();
        let breaker = opened(now);
        assert!(breaker.admits(now + COOL_DOWN));
        assert!(breaker.admits(now + COOL_DOWN * 2));
    }
}
