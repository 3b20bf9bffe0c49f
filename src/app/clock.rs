//! The one place that reads the time. Everything else is told.

use jiff::{SignedDuration, Timestamp};

/// The system's clock, shifted for trying schedules and streaks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    offset: SignedDuration,
}

impl Clock {
    /// A clock that runs `offset` ahead of the system's.
    #[must_use]
    pub const fn shifted(offset: SignedDuration) -> Self {
        Self { offset }
    }

    /// A clock that shows that instant now, and runs on.
    #[cfg(test)]
    pub fn at(instant: Timestamp) -> Self {
        Self::shifted(instant.duration_since(Timestamp::now()))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::now().saturating_add(self.offset).unwrap_or(Timestamp::MAX)
    }
}
