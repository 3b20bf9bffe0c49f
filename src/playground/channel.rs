//! Channels of every kind the playground knows (text, forum, thread, DM) and how Discord writes them in JSON.
//!
//! Left out: voice, stages, categories, tags and slow mode.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::clock::iso;
use super::message::Message;
use super::permissions::Overwrite;
use super::snowflake::Snowflake;

/// An ordinary text channel.
pub(crate) const TEXT: u8 = 0;
/// A conversation between one person and the bot.
pub(crate) const DM: u8 = 1;
/// An announcement channel.
pub(crate) const ANNOUNCEMENT: u8 = 5;
/// A thread in an announcement channel.
pub(crate) const ANNOUNCEMENT_THREAD: u8 = 10;
/// A thread everyone who sees the channel may join.
pub(crate) const PUBLIC_THREAD: u8 = 11;
/// A thread by invitation.
pub(crate) const PRIVATE_THREAD: u8 = 12;
/// A forum, which holds only posts (threads).
pub(crate) const FORUM: u8 = 15;

/// What a thread has beyond a channel.
#[derive(Debug)]
pub(crate) struct Thread {
    pub(crate) parent: Snowflake,
    pub(crate) owner: Snowflake,
    /// Members and the Unix millisecond they joined at.
    pub(crate) members: BTreeMap<Snowflake, u64>,
    pub(crate) archived: bool,
    pub(crate) locked: bool,
    pub(crate) invitable: bool,
    /// Minutes of silence until the thread archives itself (the playground never does it by itself).
    pub(crate) auto_archive_minutes: u64,
    /// When it was last archived or unarchived, in Unix milliseconds.
    pub(crate) archive_changed_ms: u64,
    /// Messages ever sent, without the first one of a thread opened from a message.
    pub(crate) message_count: u64,
}

impl Thread {
    /// The thread member object.
    pub(crate) fn member_json(&self, thread: Snowflake, user: Snowflake) -> Option<Value> {
        let joined_ms = self.members.get(&user)?;
        Some(json!({
            "id": thread.json(), "user_id": user.json(), "join_timestamp": iso(*joined_ms), "flags": 1,
            "muted": false, "mute_config": null,
        }))
    }
}

/// A channel and everything said in it.
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) id: Snowflake,
    pub(crate) guild: Option<Snowflake>,
    /// Discord's number for the kind of channel.
    pub(crate) kind: u8,
    pub(crate) name: String,
    pub(crate) topic: Option<String>,
    pub(crate) position: usize,
    pub(crate) overwrites: Vec<Overwrite>,
    pub(crate) thread: Option<Thread>,
    /// In a DM, the person on the other side.
    pub(crate) recipient: Option<Snowflake>,
    pub(crate) messages: BTreeMap<Snowflake, Message>,
    pub(crate) last_message: Option<Snowflake>,
}

impl Channel {
    /// A channel with nothing in it.
    pub(crate) fn new(id: Snowflake, guild: Option<Snowflake>, kind: u8, name: &str) -> Self {
        Self {
            id,
            guild,
            kind,
            name: name.to_owned(),
            topic: None,
            position: 0,
            overwrites: Vec::new(),
            thread: None,
            recipient: None,
            messages: BTreeMap::new(),
            last_message: None,
        }
    }

    /// Whether plain messages can be sent here at all.
    pub(crate) fn takes_messages(&self) -> bool {
        self.kind != FORUM
    }

    /// The channel whose permissions apply: the parent for a thread.
    pub(crate) fn permissions_from(&self) -> Snowflake {
        self.thread.as_ref().map_or(self.id, |thread| thread.parent)
    }

    /// The channel object, as `viewer` (whose thread membership is included) gets it.
    pub(crate) fn json(&self, viewer: Snowflake) -> Value {
        let last_message = self.last_message.map(Snowflake::json);
        let mut channel = json!({
            "id": self.id.json(), "type": self.kind, "name": self.name, "last_message_id": last_message, "flags": 0,
            "rate_limit_per_user": 0,
        });
        if let Some(guild) = self.guild {
            channel["guild_id"] = guild.json();
        }
        match &self.thread {
            Some(thread) => self.add_thread_fields(&mut channel, thread, viewer),
            None => self.add_channel_fields(&mut channel),
        }
        channel
    }

    fn add_channel_fields(&self, channel: &mut Value) {
        let overwrite = |o: &Overwrite| {
            json!({ "id": o.target.json(), "type": u8::from(o.is_member), "allow": o.allow.to_string(),
                "deny": o.deny.to_string() })
        };
        channel["permission_overwrites"] = self.overwrites.iter().map(overwrite).collect();
        channel["position"] = self.position.into();
        channel["parent_id"] = Value::Null;
        channel["topic"] = self.topic.clone().into();
        channel["nsfw"] = false.into();
        channel["last_pin_timestamp"] = Value::Null;
        if self.kind == FORUM {
            channel["available_tags"] = json!([]);
            channel["default_reaction_emoji"] = Value::Null;
            channel["default_sort_order"] = Value::Null;
            channel["default_forum_layout"] = 0.into();
        }
    }

    fn add_thread_fields(&self, channel: &mut Value, thread: &Thread, viewer: Snowflake) {
        channel["parent_id"] = thread.parent.json();
        channel["owner_id"] = thread.owner.json();
        channel["message_count"] = thread.message_count.into();
        channel["total_message_sent"] = thread.message_count.into();
        channel["member_count"] = thread.members.len().min(50).into();
        channel["thread_metadata"] = json!({
            "archived": thread.archived, "locked": thread.locked,
            "auto_archive_duration": thread.auto_archive_minutes,
            "archive_timestamp": iso(thread.archive_changed_ms), "create_timestamp": iso(self.id.created_ms()),
        });
        if self.kind == PRIVATE_THREAD {
            channel["thread_metadata"]["invitable"] = thread.invitable.into();
        }
        if let Some(member) = thread.member_json(self.id, viewer) {
            channel["member"] = member;
        }
    }
}
