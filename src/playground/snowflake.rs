//! Discord's ids: 64 bits, milliseconds since 2015 in the upper 42, written as strings in JSON. Time for them
//! comes from the caller.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde_json::Value;

/// The first millisecond of 2015 (UTC), where Discord's ids begin, in Unix milliseconds.
const EPOCH_MS: u64 = 1_420_070_400_000;
/// Servers are given ids from mid 2020 on, one a millisecond, so that sharding spreads them evenly.
const FIRST_GUILD_MS: u64 = 1_593_561_600_000;

/// One of Discord's ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Snowflake(pub u64);

impl Snowflake {
    /// The Unix millisecond this id was minted in.
    #[must_use]
    pub fn created_ms(self) -> u64 {
        (self.0 >> 22) + EPOCH_MS
    }

    /// Reads an id from JSON, where it may be a string or, in some clients, a number.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        value.as_u64().map(Self).or_else(|| value.as_str()?.parse().ok())
    }

    /// The id as Discord writes it in JSON: a string.
    #[must_use]
    pub fn json(self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl fmt::Display for Snowflake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Snowflake {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Mints ids that only ever grow.
#[derive(Debug, Default)]
pub(crate) struct Mint {
    last: u64,
    guilds: u64,
}

impl Mint {
    /// The next id, at `now_ms` (Unix milliseconds) or just after the last one.
    pub(crate) fn next(&mut self, now_ms: u64) -> Snowflake {
        self.last = (self.last + 1).max(now_ms.saturating_sub(EPOCH_MS) << 22);
        Snowflake(self.last)
    }

    /// The next server's id: consecutive ones fall on different shards.
    pub(crate) fn next_guild(&mut self) -> Snowflake {
        self.guilds += 1;
        Snowflake((FIRST_GUILD_MS - EPOCH_MS + self.guilds) << 22)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_even_when_the_clock_stands_still_or_goes_back() {
        let mut mint = Mint::default();
        let ids = [mint.next(EPOCH_MS + 5), mint.next(EPOCH_MS + 5), mint.next(EPOCH_MS + 1)];
        assert!(ids[0] < ids[1] && ids[1] < ids[2]);
        assert_eq!(ids[0].created_ms(), EPOCH_MS + 5);
    }

    #[test]
    fn consecutive_servers_fall_on_different_shards() {
        let mut mint = Mint::default();
        let shards: Vec<u64> = (0..4).map(|_| (mint.next_guild().0 >> 22) % 4).collect();
        let mut sorted = shards.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3]);
    }

    #[test]
    fn ids_are_read_from_strings_and_numbers_and_nothing_else() {
        assert_eq!(Snowflake::from_json(&"42".into()), Some(Snowflake(42)));
        assert_eq!(Snowflake::from_json(&42.into()), Some(Snowflake(42)));
        for bad in [Value::Null, "".into(), "-1".into(), "٤٢".into(), 1.5.into()] {
            assert_eq!(Snowflake::from_json(&bad), None, "{bad}");
        }
    }
}
