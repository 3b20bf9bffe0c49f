//! Messages: what the playground keeps of one, and how Discord writes it in JSON, with its text or, for a bot
//! without the message content intent, without it.
//!
//! Left out: polls, stickers, forwards, pins and system messages.

use serde_json::{Value, json};

use super::clock::iso;
use super::mentions::Mentions;
use super::snowflake::Snowflake;
use super::state::State;

/// Links make no previews.
pub(crate) const SUPPRESS_EMBEDS: u64 = 1 << 2;
/// The message has a thread.
pub(crate) const HAS_THREAD: u64 = 1 << 5;
/// Only one person sees it.
pub(crate) const EPHEMERAL: u64 = 1 << 6;
/// The answer is being thought about.
pub(crate) const LOADING: u64 = 1 << 7;
/// It notifies nobody.
pub(crate) const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
/// Built of components alone.
pub(crate) const COMPONENTS_V2: u64 = 1 << 15;

/// Message type: an ordinary one.
pub(crate) const PLAIN: u8 = 0;
/// Message type: Discord says that a thread was opened here.
pub(crate) const THREAD_CREATED: u8 = 18;
/// Message type: Discord shows, as the first of a thread, the message it was opened from.
pub(crate) const THREAD_STARTER: u8 = 21;
/// Message type: a reply.
pub(crate) const REPLY: u8 = 19;
/// Message type: the answer to a slash command.
pub(crate) const COMMAND_REPLY: u8 = 20;

/// What people reacted with, and who.
#[derive(Debug, Clone)]
pub(crate) struct Reaction {
    pub(crate) emoji: String,
    pub(crate) users: Vec<Snowflake>,
}

/// One message.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: Snowflake,
    pub(crate) channel: Snowflake,
    pub(crate) guild: Option<Snowflake>,
    pub(crate) author: Snowflake,
    pub(crate) kind: u8,
    pub(crate) flags: u64,
    pub(crate) content: String,
    pub(crate) embeds: Vec<Value>,
    pub(crate) components: Vec<Value>,
    pub(crate) attachments: Vec<Value>,
    pub(crate) mentions: Mentions,
    /// The message this one replies to, in the same channel.
    pub(crate) replies_to: Option<Snowflake>,
    pub(crate) nonce: Value,
    /// Set when an interaction brought it about.
    pub(crate) interaction: Option<Value>,
    pub(crate) reactions: Vec<Reaction>,
    /// For an ephemeral message, the one person who sees it.
    pub(crate) only_for: Option<Snowflake>,
    pub(crate) edited_ms: Option<u64>,
    /// How many messages came before it in its thread.
    pub(crate) position: Option<u64>,
    /// Its place in the order of changes: an edit makes it newer.
    pub(crate) revision: u64,
    /// The body that created or last edited it, as it came.
    pub(crate) request: Value,
}

/// Whether a bot may read text that is not addressed to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextAccess {
    /// It has the message content intent.
    All,
    /// Only what mentions it, what it wrote itself, and DMs.
    Addressed,
}

impl Message {
    /// Whether only one person sees it.
    pub(crate) fn is_ephemeral(&self) -> bool {
        self.only_for.is_some()
    }

    /// Whether there is nothing to see.
    pub(crate) fn is_empty(&self) -> bool {
        self.content.is_empty() && self.embeds.is_empty() && self.components.is_empty() && self.attachments.is_empty()
    }

    fn is_withheld(&self, bot: Snowflake, access: TextAccess) -> bool {
        access == TextAccess::Addressed
            && self.guild.is_some()
            && self.author != bot
            && !self.mentions.users.contains(&bot)
    }
}

impl State {
    /// The message object, as REST gives it to the bot.
    pub(crate) fn message_json(&self, message: &Message, access: TextAccess) -> Value {
        let mut json = self.bare_message_json(message, access);
        if let Some(about) = message.replies_to {
            self.add_reference(&mut json, message, about, access);
        }
        if message.flags & HAS_THREAD != 0
            && let Some(thread) = self.channels.get(&message.id)
        {
            json["thread"] = thread.json(self.bot);
        }
        json
    }

    fn add_reference(&self, json: &mut Value, message: &Message, about: Snowflake, access: TextAccess) {
        let guild = message.guild.map(Snowflake::json);
        if message.kind == THREAD_CREATED {
            json["message_reference"] = json!({ "type": 0, "channel_id": about.json(), "guild_id": guild });
            return;
        }
        let thread = self.channels.get(&message.channel).and_then(|channel| channel.thread.as_ref());
        let parent = thread.filter(|_| message.kind == THREAD_STARTER).map(|thread| thread.parent);
        let channel = parent.unwrap_or(message.channel);
        json["message_reference"] =
            json!({ "type": 0, "channel_id": channel.json(), "message_id": about.json(), "guild_id": guild });
        let original = self.message(channel, about);
        json["referenced_message"] = original.map_or(Value::Null, |m| self.bare_message_json(m, access));
    }

    /// The message object as the gateway sends it: with the server and the author's membership.
    pub(crate) fn message_event_json(&self, message: &Message, access: TextAccess) -> Value {
        let mut json = self.message_json(message, access);
        if let Some(guild) = message.guild.and_then(|id| self.guilds.get(&id)) {
            json["guild_id"] = guild.id.json();
            if let Some(member) = guild.members.get(&message.author) {
                json["member"] = member.partial_json();
            }
        }
        json
    }

    fn bare_message_json(&self, message: &Message, access: TextAccess) -> Value {
        let user = |id: &Snowflake| self.users.get(id).map(super::guild::User::json);
        let mut json = json!({
            "id": message.id.json(), "channel_id": message.channel.json(), "author": user(&message.author),
            "type": message.kind, "flags": message.flags, "timestamp": iso(message.id.created_ms()),
            "edited_timestamp": message.edited_ms.map(iso), "tts": false, "pinned": false,
            "mention_everyone": message.mentions.everyone,
            "mentions": message.mentions.users.iter().filter_map(user).collect::<Vec<_>>(),
            "mention_roles": message.mentions.roles.iter().map(|id| id.json()).collect::<Vec<_>>(),
            "content": "", "embeds": [], "components": [], "attachments": [],
        });
        if !message.is_withheld(self.bot, access) {
            json["content"] = message.content.as_str().into();
            json["embeds"] = message.embeds.as_slice().into();
            json["components"] = message.components.as_slice().into();
            json["attachments"] = message.attachments.as_slice().into();
        }
        if !message.reactions.is_empty() {
            json["reactions"] = message.reactions.iter().map(|reaction| self.reaction_json(reaction)).collect();
        }
        if !message.nonce.is_null() {
            json["nonce"] = message.nonce.clone();
        }
        if let Some(position) = message.position {
            json["position"] = position.into();
        }
        if self.users.get(&message.author).is_some_and(|author| author.bot) {
            json["application_id"] = self.application.json();
        }
        if let Some(interaction) = &message.interaction {
            json["interaction_metadata"] = interaction.clone();
            json["webhook_id"] = self.application.json();
        }
        json
    }

    fn reaction_json(&self, reaction: &Reaction) -> Value {
        let count = reaction.users.len();
        json!({
            "emoji": { "id": null, "name": reaction.emoji }, "count": count, "burst_colors": [], "burst_count": 0,
            "count_details": { "normal": count, "burst": 0 }, "me_burst": false, "burst_me": false,
            "me": reaction.users.contains(&self.bot),
        })
    }
}
