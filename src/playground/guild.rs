//! Servers, their roles and members, and users; and how Discord writes them in JSON.
//!
//! Left out: emojis, stickers, voice, boosts, welcome screens. Their fields are present and empty.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::clock::iso;
use super::permissions::{self, Bits, Subject};
use super::snowflake::Snowflake;

/// Somebody with an account, people and the bot alike.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) id: Snowflake,
    pub(crate) name: String,
    pub(crate) bot: bool,
    /// Whether they installed the application to their own account.
    pub(crate) has_app: bool,
    /// Whether they take no DMs from the bot.
    pub(crate) closes_dms: bool,
    /// The language of their client, such as `en-US`.
    pub(crate) locale: String,
}

impl User {
    /// The user object.
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id.json(), "username": self.name, "discriminator": if self.bot { "0001" } else { "0" },
            "global_name": if self.bot { Value::Null } else { self.name.clone().into() }, "avatar": null,
            "bot": self.bot, "system": false, "public_flags": 0, "flags": 0, "banner": null, "accent_color": null,
            "avatar_decoration_data": null, "collectibles": null, "primary_guild": null, "clan": null,
        })
    }

    /// The user object a bot gets about itself.
    pub(crate) fn self_json(&self) -> Value {
        let mut user = self.json();
        user["verified"] = true.into();
        user["mfa_enabled"] = true.into();
        user["email"] = Value::Null;
        user["locale"] = self.locale.as_str().into();
        user
    }
}

/// A role; @everyone is the one whose id is the server's.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) id: Snowflake,
    pub(crate) name: String,
    pub(crate) permissions: Bits,
    pub(crate) position: usize,
    /// Whether anyone may ping it.
    pub(crate) mentionable: bool,
    /// Whether an integration owns it, as a bot's own role.
    pub(crate) managed: bool,
}

impl Role {
    /// The role object.
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id.json(), "name": self.name, "permissions": self.permissions.to_string(),
            "position": self.position, "mentionable": self.mentionable, "managed": self.managed, "hoist": false,
            "color": 0, "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
            "icon": null, "unicode_emoji": null, "flags": 0, "description": null,
        })
    }
}

/// A user in a server.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) roles: Vec<Snowflake>,
    pub(crate) joined_ms: u64,
}

impl Member {
    /// The member object without its user, as it stands beside one in events.
    pub(crate) fn partial_json(&self) -> Value {
        let roles: Vec<Value> = self.roles.iter().map(|role| role.json()).collect();
        json!({
            "roles": roles, "joined_at": iso(self.joined_ms), "nick": null, "avatar": null, "banner": null,
            "premium_since": null, "deaf": false, "mute": false, "flags": 0, "pending": false,
            "communication_disabled_until": null, "avatar_decoration_data": null,
        })
    }

    /// The member object.
    pub(crate) fn json(&self, user: &User) -> Value {
        let mut member = self.partial_json();
        member["user"] = user.json();
        member
    }
}

/// A server.
#[derive(Debug)]
pub(crate) struct Guild {
    pub(crate) id: Snowflake,
    pub(crate) name: String,
    pub(crate) owner: Snowflake,
    /// The language of the server, such as `en-US`.
    pub(crate) locale: String,
    /// All roles, @everyone first.
    pub(crate) roles: Vec<Role>,
    pub(crate) members: HashMap<Snowflake, Member>,
    /// Channels that are not threads, in their order.
    pub(crate) channels: Vec<Snowflake>,
    pub(crate) threads: BTreeSet<Snowflake>,
    /// Where Discord tells who joined.
    pub(crate) system_channel: Option<Snowflake>,
    /// Where Discord tells the moderators what concerns them.
    pub(crate) public_updates_channel: Option<Snowflake>,
    /// Commands that the server's administrators have allowed to everyone, whatever permission they ask for.
    pub(crate) open_commands: BTreeSet<String>,
}

impl Guild {
    /// A member's standing, for the permission algorithm. None if the user is no member.
    pub(crate) fn subject(&self, user: Snowflake) -> Option<Subject<'_>> {
        let member = self.members.get(&user)?;
        let holds = |role: &&Role| role.id == self.id || member.roles.contains(&role.id);
        let granted = self.roles.iter().filter(holds).fold(0, |bits, role| bits | role.permissions);
        Some(Subject { id: user, owns: self.owner == user, roles: &member.roles, granted })
    }

    /// What a user may do in the server as a whole; nothing if they are no member.
    pub(crate) fn permissions_of(&self, user: Snowflake) -> Bits {
        self.subject(user).map_or(0, |subject| permissions::in_guild(&subject))
    }

    /// The role with this id.
    pub(crate) fn role(&self, id: Snowflake) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// The server object, as `GET /guilds/{id}` gives it.
    pub(crate) fn json(&self) -> Value {
        let roles: Vec<Value> = self.roles.iter().map(Role::json).collect();
        json!({
            "id": self.id.json(), "name": self.name, "owner_id": self.owner.json(), "roles": roles,
            "preferred_locale": self.locale, "icon": null, "icon_hash": null, "splash": null,
            "discovery_splash": null, "home_header": null, "region": "deprecated", "afk_channel_id": null,
            "afk_timeout": 300, "widget_enabled": false, "widget_channel_id": null, "verification_level": 1,
            "default_message_notifications": 1, "explicit_content_filter": 2, "emojis": [], "features": [],
            "mfa_level": 0, "application_id": null, "system_channel_id": self.system_channel.map(Snowflake::json), "system_channel_flags": 0,
            "rules_channel_id": null, "max_presences": null, "max_members": 500_000, "vanity_url_code": null,
            "description": null, "banner": null, "premium_tier": 0, "premium_subscription_count": 0,
            "public_updates_channel_id": self.public_updates_channel.map(Snowflake::json), "safety_alerts_channel_id": null, "max_video_channel_users": 25,
            "max_stage_video_channel_users": 50, "nsfw": false, "nsfw_level": 0, "stickers": [],
            "premium_progress_bar_enabled": false, "incidents_data": null,
        })
    }
}
