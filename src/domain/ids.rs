//! Identifiers as types, so that a channel can never be passed where a member is meant.
//!
//! Discord's snowflakes are 64-bit; ours are UUID version 7 in text; content has slugs.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! snowflake {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

snowflake!(
    /// A person: a Discord user's snowflake, or [`MemberId::LOCAL`] in the terminal.
    MemberId
);
snowflake!(
    /// A Discord server (guild).
    ServerId
);
snowflake!(
    /// A Discord channel or thread.
    ChannelId
);
snowflake!(
    /// A Discord message.
    MessageId
);
snowflake!(
    /// A Discord role.
    RoleId
);

impl MemberId {
    /// Whoever sits at the terminal. Discord never issues snowflake 0.
    pub const LOCAL: Self = Self(0);
}

/// The name of a piece of content: lower-case words joined by hyphens, stable for ever once published.
///
/// Cheap to clone: the bank hands out thousands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(Arc<str>);

impl Slug {
    /// The longest slug allowed, in bytes: a `custom_id` (100) must hold one beside a UUID.
    pub const MAX_LEN: usize = 48;

    /// Parses a slug.
    ///
    /// # Errors
    /// [`BadSlug`] when it is empty, too long, or has anything but `a-z`, `0-9` and single inner hyphens.
    pub fn parse(text: &str) -> Result<Self, BadSlug> {
        let well_formed = !text.is_empty()
            && text.len() <= Self::MAX_LEN
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        if well_formed { Ok(Self(text.into())) } else { Err(BadSlug) }
    }

    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Slug {
    type Error = BadSlug;

    fn try_from(text: String) -> Result<Self, BadSlug> {
        Self::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0.as_ref().to_owned()
    }
}

/// Text that is not a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a slug is 1 to 48 of a-z, 0-9 and single hyphens between them")]
pub struct BadSlug;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_lower_case_words_joined_by_hyphens() {
        for good in ["a", "p99-bottleneck", "oauth-2-0"] {
            assert!(Slug::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a b", "é", &"a".repeat(49)] {
            assert_eq!(Slug::parse(bad), Err(BadSlug), "{bad}");
        }
    }
}
