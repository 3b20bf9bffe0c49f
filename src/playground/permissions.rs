//! Discord's permission algorithm: who may do what where. Pure; the facts are handed in.
//!
//! Rule by rule it follows the "Permissions" topic of Discord's developer documentation: the owner and
//! administrators may do everything; otherwise roles add up, then channel overwrites apply in the order
//! @everyone, roles, member; and some denials imply others. Time-outs are left out.

use super::snowflake::Snowflake;

/// A set of Discord's permission bits.
pub type Bits = u64;

/// Add reactions nobody has added yet.
pub const ADD_REACTIONS: Bits = 1 << 6;
/// Everything, whatever the overwrites say.
pub const ADMINISTRATOR: Bits = 1 << 3;
/// Change channels.
pub const MANAGE_CHANNELS: Bits = 1 << 4;
/// Change the server: what moderators have.
pub const MANAGE_GUILD: Bits = 1 << 5;
/// See a channel at all.
pub const VIEW_CHANNEL: Bits = 1 << 10;
/// Send messages; in a forum, open posts.
pub const SEND_MESSAGES: Bits = 1 << 11;
/// Send text to speech.
pub const SEND_TTS_MESSAGES: Bits = 1 << 12;
/// Delete others' messages.
pub const MANAGE_MESSAGES: Bits = 1 << 13;
/// Have embeds shown; without it they are dropped in silence.
pub const EMBED_LINKS: Bits = 1 << 14;
/// Attach files.
pub const ATTACH_FILES: Bits = 1 << 15;
/// Read messages sent before.
pub const READ_MESSAGE_HISTORY: Bits = 1 << 16;
/// Ping @everyone, @here and roles that do not let themselves be pinged.
pub const MENTION_EVERYONE: Bits = 1 << 17;
/// Use application commands.
pub const USE_APPLICATION_COMMANDS: Bits = 1 << 31;
/// Change, delete and see all threads.
pub const MANAGE_THREADS: Bits = 1 << 34;
/// Open public threads.
pub const CREATE_PUBLIC_THREADS: Bits = 1 << 35;
/// Open private threads.
pub const CREATE_PRIVATE_THREADS: Bits = 1 << 36;
/// Send messages inside threads.
pub const SEND_MESSAGES_IN_THREADS: Bits = 1 << 38;

/// What an ordinary member (and a bot invited with sensible permissions) has.
pub const ORDINARY: Bits = ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | SEND_MESSAGES_IN_THREADS;

/// Every bit Discord knows.
pub const ALL: Bits = (1 << 53) - 1;

/// What a channel changes for one role or member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overwrite {
    /// The role's or the member's id; @everyone's is the server's.
    pub target: Snowflake,
    /// Whether `target` is a member.
    pub is_member: bool,
    /// Bits granted.
    pub allow: Bits,
    /// Bits taken away.
    pub deny: Bits,
}

/// A member as the algorithm sees one.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The member's user id.
    pub id: Snowflake,
    /// Whether they own the server.
    pub owns: bool,
    /// Their roles, without @everyone.
    pub roles: &'a [Snowflake],
    /// The union of the permissions of @everyone and of those roles.
    pub granted: Bits,
}

/// Permissions in the server as a whole.
#[must_use]
pub fn in_guild(subject: &Subject<'_>) -> Bits {
    if subject.owns || subject.granted & ADMINISTRATOR != 0 { ALL } else { subject.granted }
}

/// Permissions in a channel with these overwrites; for a thread, pass its parent's.
#[must_use]
pub fn in_channel(subject: &Subject<'_>, guild: Snowflake, overwrites: &[Overwrite]) -> Bits {
    let base = in_guild(subject);
    if base == ALL {
        return ALL;
    }
    let everyone = overwrites.iter().filter(|o| !o.is_member && o.target == guild);
    let roles = overwrites.iter().filter(|o| !o.is_member && subject.roles.contains(&o.target));
    let member = overwrites.iter().filter(|o| o.is_member && o.target == subject.id);
    let after_everyone = applied(base, everyone);
    let after_roles = applied(after_everyone, roles);
    with_implied_denials(applied(after_roles, member))
}

/// Denials first, then grants, each of the whole layer at once.
fn applied<'a>(bits: Bits, layer: impl Iterator<Item = &'a Overwrite>) -> Bits {
    let (allow, deny) = layer.fold((0, 0), |(allow, deny), o| (allow | o.allow, deny | o.deny));
    (bits & !deny) | allow
}

/// Who cannot see a channel can do nothing there; who cannot send cannot embed, attach or ping either.
fn with_implied_denials(bits: Bits) -> Bits {
    if bits & VIEW_CHANNEL == 0 {
        return 0;
    }
    if bits & (SEND_MESSAGES | SEND_MESSAGES_IN_THREADS) == 0 {
        return bits & !(EMBED_LINKS | ATTACH_FILES | MENTION_EVERYONE | SEND_TTS_MESSAGES);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUILD: Snowflake = Snowflake(1);
    const ANA: Snowflake = Snowflake(10);
    const HELPERS: Snowflake = Snowflake(20);
    const MUTED: Snowflake = Snowflake(21);

    fn ana(roles: &[Snowflake]) -> Subject<'_> {
        Subject { id: ANA, owns: false, roles, granted: ORDINARY }
    }

    fn role(target: Snowflake, allow: Bits, deny: Bits) -> Overwrite {
        Overwrite { target, is_member: false, allow, deny }
    }

    #[test]
    fn owners_and_administrators_are_above_overwrites() {
        let closed = [role(GUILD, 0, ALL)];
        let owner = Subject { owns: true, granted: 0, ..ana(&[]) };
        let admin = Subject { granted: ADMINISTRATOR, ..ana(&[]) };
        assert_eq!(in_channel(&owner, GUILD, &closed), ALL);
        assert_eq!(in_channel(&admin, GUILD, &closed), ALL);
    }

    #[test]
    fn a_role_overrules_everyone_and_a_member_overrules_a_role() {
        let closed = role(GUILD, 0, SEND_MESSAGES);
        let open = role(HELPERS, SEND_MESSAGES, 0);
        let not_ana = Overwrite { target: ANA, is_member: true, allow: 0, deny: SEND_MESSAGES };
        assert_eq!(in_channel(&ana(&[HELPERS]), GUILD, &[closed]) & SEND_MESSAGES, 0);
        assert_ne!(in_channel(&ana(&[HELPERS]), GUILD, &[closed, open]) & SEND_MESSAGES, 0);
        assert_eq!(in_channel(&ana(&[HELPERS]), GUILD, &[not_ana, closed, open]) & SEND_MESSAGES, 0);
    }

    #[test]
    fn among_roles_a_grant_beats_a_denial_whatever_their_order() {
        let overwrites = [role(HELPERS, SEND_MESSAGES, 0), role(MUTED, 0, SEND_MESSAGES)];
        assert_ne!(in_channel(&ana(&[HELPERS, MUTED]), GUILD, &overwrites) & SEND_MESSAGES, 0);
    }

    #[test]
    fn who_cannot_see_a_channel_can_do_nothing_there() {
        assert_eq!(in_channel(&ana(&[]), GUILD, &[role(GUILD, SEND_MESSAGES, VIEW_CHANNEL)]), 0);
    }

    #[test]
    fn who_cannot_send_cannot_embed_either() {
        let muted = role(GUILD, 0, SEND_MESSAGES | SEND_MESSAGES_IN_THREADS);
        let bits = in_channel(&ana(&[]), GUILD, &[muted]);
        assert_eq!(bits & EMBED_LINKS, 0);
        assert_ne!(bits & READ_MESSAGE_HISTORY, 0);
    }
}
