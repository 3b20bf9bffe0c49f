//! Gateway intents: which events a session asked for. Bits as in Discord's documentation; only those the
//! playground sends events for, and the privileged ones.

use super::super::snowflake::Snowflake;

/// Servers, channels and threads.
pub const GUILDS: u64 = 1 << 0;
/// Members; privileged.
pub const GUILD_MEMBERS: u64 = 1 << 1;
/// Presences; privileged.
pub const GUILD_PRESENCES: u64 = 1 << 8;
/// Messages in servers.
pub const GUILD_MESSAGES: u64 = 1 << 9;
/// Reactions in servers.
pub const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
/// Typing in servers.
pub const GUILD_MESSAGE_TYPING: u64 = 1 << 11;
/// Messages in DMs.
pub const DIRECT_MESSAGES: u64 = 1 << 12;
/// Reactions in DMs.
pub const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
/// Typing in DMs.
pub const DIRECT_MESSAGE_TYPING: u64 = 1 << 14;
/// The text of messages that are not addressed to the bot; privileged.
pub const MESSAGE_CONTENT: u64 = 1 << 15;

/// Every bit Discord assigns; others are invalid (4013).
pub(crate) const KNOWN: u64 = 0x0331_FFFF;

/// The intent that message events need, in a server or in a DM.
pub(crate) fn messages(guild: Option<Snowflake>) -> u64 {
    if guild.is_some() { GUILD_MESSAGES } else { DIRECT_MESSAGES }
}

/// The intent that reaction events need.
pub(crate) fn reactions(guild: Option<Snowflake>) -> u64 {
    if guild.is_some() { GUILD_MESSAGE_REACTIONS } else { DIRECT_MESSAGE_REACTIONS }
}

/// The intent that typing events need.
pub(crate) fn typing(guild: Option<Snowflake>) -> u64 {
    if guild.is_some() { GUILD_MESSAGE_TYPING } else { DIRECT_MESSAGE_TYPING }
}
