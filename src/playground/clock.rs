//! The playground's clock: the machine's, moved forward at will, so that tokens and nonces can expire in a test.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The machine's clock plus what it was advanced by.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead_ms: u64,
}

impl Clock {
    /// Now, in Unix milliseconds.
    pub(crate) fn now_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX).saturating_add(self.ahead_ms)
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&mut self, by: Duration) {
        self.ahead_ms = self.ahead_ms.saturating_add(u64::try_from(by.as_millis()).unwrap_or(u64::MAX));
    }
}

/// A Unix millisecond as Discord writes instants: `2026-01-02T03:04:05.678000+00:00`.
pub(crate) fn iso(ms: u64) -> String {
    let instant = i64::try_from(ms).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    instant.unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S.%6f+00:00").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_discord_writes_them() {
        assert_eq!(iso(1_600_000_000_007), "2020-09-13T12:26:40.007000+00:00");
        assert_eq!(iso(u64::MAX), iso(0), "an instant out of range is no reason to fall over");
    }

    #[test]
    fn advancing_moves_the_clock_at_once() {
        let mut clock = Clock::default();
        let before = clock.now_ms();
        clock.advance(Duration::from_secs(900));
        assert!(clock.now_ms() >= before + 900_000);
    }
}
