//! Streaks against a slow and obvious reference.
