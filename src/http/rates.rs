//! How often one key may ask: a bucket of `requests_burst` that fills by `requests_per_second`.
//!
//! Invariants: what one key does never takes from another's bucket; a key whose bucket is full is forgotten in time, so
//! that memory is bounded by the keys that are in use.

use super::error::{ApiError, ProblemCode};
use super::limits::Limits;
use super::meters;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Requests between two times that full buckets are looked for.
const BETWEEN_SWEEPS: usize = 4_096;

/// The buckets of all keys, by the clock `C`.
pub(super) struct Rates<C: Clock = DefaultClock> {
    buckets: RateLimiter<String, HashMapStateStore<String>, C, NoOpMiddleware<C::Instant>>,
    clock: C,
    requests: AtomicUsize,
}

impl<C: Clock + Clone> Rates<C> {
    /// Buckets within `limits`.
    pub(super) fn new(limits: &Limits, clock: C) -> Self {
        let quota = Quota::per_second(limits.requests_per_second).allow_burst(limits.requests_burst);
        Self {
            buckets: RateLimiter::hashmap_with_clock(quota, clock.clone()),
            clock,
            requests: AtomicUsize::new(0),
        }
    }

    /// Counts a request of the key called `name`.
    ///
    /// # Errors
    /// `rate_limited`, with the time after which one more would pass.
    pub(super) fn count(&self, name: &String) -> Result<(), ApiError> {
        if self.requests.fetch_add(1, Ordering::Relaxed) % BETWEEN_SWEEPS == BETWEEN_SWEEPS - 1 {
            self.buckets.retain_recent();
        }
        self.buckets.check_key(name).map_err(|not_until| {
            meters::rate_limited();
            let detail = "this key asks too often: wait as long as `Retry-After` says";
            let wait = not_until.wait_time_from(self.clock.now());
            ApiError::new(ProblemCode::RateLimited, detail).retry_after(wait)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;
    use std::num::NonZeroU32;
    use std::time::Duration;

    fn rates() -> (Rates<FakeRelativeClock>, FakeRelativeClock) {
        let limits = Limits {
            requests_per_second: NonZeroU32::new(10).unwrap(),
            requests_burst: NonZeroU32::new(20).unwrap(),
            ..Limits::default()
        };
        let clock = FakeRelativeClock::default();
        (Rates::new(&limits, clock.clone()), clock)
    }

    #[test]
    fn a_key_has_its_burst_then_its_rate_and_takes_nothing_from_another() {
        let (rates, clock) = rates();
        let (ours, other) = ("ours".to_owned(), "other".to_owned());
        let passed = |key| (0..100).filter(|_| rates.count(key).is_ok()).count();
        assert_eq!(passed(&ours), 20);
        assert_eq!(passed(&other), 20);
        clock.advance(Duration::from_secs(1));
        assert_eq!(passed(&ours), 10);
        let refused = rates.count(&ours).unwrap_err();
        assert_eq!(refused.code(), ProblemCode::RateLimited);
    }

    #[test]
    fn keys_that_rest_are_forgotten() {
        let (rates, clock) = rates();
        for key in 0..1_000 {
            rates.count(&format!("key {key}")).unwrap();
        }
        assert_eq!(rates.buckets.len(), 1_000);
        clock.advance(Duration::from_mins(1));
        let busy = "busy".to_owned();
        for _ in 0..BETWEEN_SWEEPS {
            let _ = rates.count(&busy);
        }
        assert!(rates.buckets.len() <= 2, "{}", rates.buckets.len());
    }
}
