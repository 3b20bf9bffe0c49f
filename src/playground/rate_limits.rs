//! Rate limits: the headers on every answer, and the global limit (Discord: 50 a second) when there is one.
//!
//! Buckets are per route and major parameter, as Discord's, but generous: nobody is refused by one unless a fault
//! is planned.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// Requests a bucket allows in its window.
const BUCKET_LIMIT: u32 = 1000;
/// How long a bucket's window is.
const BUCKET_WINDOW: Duration = Duration::from_secs(1);
/// The time in which requests count against the global limit.
const GLOBAL_WINDOW: Duration = Duration::from_secs(1);

/// What has been used up.
#[derive(Debug, Default)]
pub(crate) struct RateLimits {
    buckets: HashMap<String, (Instant, u32)>,
    recent: VecDeque<Instant>,
}

/// What the headers say.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Allowance {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset_after: Duration,
    pub(crate) bucket: String,
}

impl RateLimits {
    /// Counts a request against its bucket.
    pub(crate) fn count(&mut self, route: String, now: Instant) -> Allowance {
        if self.buckets.len() >= 10_000 {
            self.buckets.retain(|_, (since, _)| now.duration_since(*since) < BUCKET_WINDOW);
        }
        let hash = route
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let entry = self.buckets.entry(route).or_insert((now, 0));
        if now.duration_since(entry.0) >= BUCKET_WINDOW {
            *entry = (now, 0);
        }
        entry.1 += 1;
        Allowance {
            limit: BUCKET_LIMIT,
            remaining: BUCKET_LIMIT.saturating_sub(entry.1),
            reset_after: BUCKET_WINDOW.saturating_sub(now.duration_since(entry.0)),
            bucket: format!("{hash:016x}"),
        }
    }

    /// Counts a request against the global limit. Some is how long to wait: the request is refused.
    pub(crate) fn globally(&mut self, limit: usize, now: Instant) -> Option<Duration> {
        while self.recent.front().is_some_and(|at| now.duration_since(*at) >= GLOBAL_WINDOW) {
            self.recent.pop_front();
        }
        if self.recent.len() >= limit {
            return self.recent.front().map(|at| GLOBAL_WINDOW.saturating_sub(now.duration_since(*at)));
        }
        self.recent.push_back(now);
        None
    }
}

/// The bucket of a request: method and path, with every id but the major parameter (the first) made anonymous.
pub(crate) fn route(method: &str, segments: &[&str]) -> String {
    let mut route = method.to_owned();
    for (position, segment) in segments.iter().enumerate() {
        let is_minor = position > 1 && (segment.len() > 24 || segment.bytes().all(|byte| byte.is_ascii_digit()));
        route.push('/');
        route.push_str(if is_minor { ":id" } else { segment });
    }
    route
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifty_first_request_in_a_second_is_refused_and_told_how_long_to_wait() {
        let (mut limits, start) = (RateLimits::default(), Instant::now());
        for n in 0..50 {
            assert_eq!(limits.globally(50, start + Duration::from_millis(n)), None);
        }
        let wait = limits.globally(50, start + Duration::from_millis(400));
        assert_eq!(wait, Some(Duration::from_millis(600)));
        assert_eq!(limits.globally(50, start + Duration::from_secs(1)), None);
    }

    #[test]
    fn a_bucket_is_per_route_and_channel_and_not_per_message() {
        let one = route("GET", &["channels", "1", "messages", "22"]);
        assert_eq!(one, route("GET", &["channels", "1", "messages", "33"]));
        assert_ne!(one, route("GET", &["channels", "2", "messages", "22"]));
        assert_ne!(one, route("PATCH", &["channels", "1", "messages", "22"]));
    }

    #[test]
    fn what_remains_shrinks_and_comes_back() {
        let (mut limits, start) = (RateLimits::default(), Instant::now());
        assert_eq!(limits.count("GET/x".to_owned(), start).remaining, BUCKET_LIMIT - 1);
        assert_eq!(limits.count("GET/x".to_owned(), start).remaining, BUCKET_LIMIT - 2);
        assert_eq!(limits.count("GET/x".to_owned(), start + BUCKET_WINDOW).remaining, BUCKET_LIMIT - 1);
    }
}
