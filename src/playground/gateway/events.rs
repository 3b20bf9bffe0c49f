//! Which event goes to whom: by shard, by intent, and by what the bot can see.

use serde_json::{Value, json};

use super::super::channel::PRIVATE_THREAD;
use super::super::clock::iso;
use super::super::guild::Guild;
use super::super::message::TextAccess;
use super::super::permissions::MANAGE_THREADS;
use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::intents;

impl State {
    /// Sends an event about a server the bot is in (or was, until just now), or outside of any.
    pub(crate) fn emit(&mut self, event: &str, intent: u64, guild: Option<Snowflake>, data: &Value) {
        let is_here = guild.and_then(|id| self.guilds.get(&id)).is_none_or(|g| g.members.contains_key(&self.bot));
        if !is_here && event != "GUILD_DELETE" {
            return;
        }
        let text = data.to_string();
        self.gateway.dispatch(event, intent, guild, |_| &text);
    }

    /// Sends an event that belongs to a channel, if the bot can see the channel.
    pub(crate) fn emit_in_channel(&mut self, event: &str, intent: u64, channel: Snowflake, data: &Value) {
        let Some(place) = self.channels.get(&channel) else { return };
        if self.can_see(self.bot, place) {
            self.emit(event, intent, place.guild, data);
        }
    }

    /// Sends an event about a message, its text withheld where the session may not read it. Ephemeral messages
    /// make no events.
    pub(crate) fn emit_message(&mut self, event: &str, channel: Snowflake, id: Snowflake) {
        let Some(place) = self.channels.get(&channel) else { return };
        let Some(message) = place.messages.get(&id) else { return };
        if message.is_ephemeral() || !self.can_see(self.bot, place) {
            return;
        }
        let (guild, intent) = (message.guild, intents::messages(message.guild));
        if !self.gateway.has_audience(intent, guild) {
            return;
        }
        let all = self.message_event_json(message, TextAccess::All).to_string();
        let addressed = if message.author == self.bot {
            all.clone()
        } else {
            self.message_event_json(message, TextAccess::Addressed).to_string()
        };
        self.gateway.dispatch(event, intent, guild, |intents| {
            if intents & intents::MESSAGE_CONTENT != 0 { &all } else { &addressed }
        });
    }

    /// Sends an event about a channel, which bots get whether they see it or not, or about a thread they see.
    pub(crate) fn emit_channel(&mut self, event: &str, channel: Snowflake) {
        let Some(place) = self.channels.get(&channel) else { return };
        let data = self.channel_json(place);
        if place.thread.is_some() {
            self.emit_in_channel(event, intents::GUILDS, channel, &data);
        } else {
            let guild = place.guild;
            self.emit(event, intents::GUILDS, guild, &data);
        }
    }

    /// Sends an event about a role.
    pub(crate) fn emit_role(&mut self, event: &str, guild: Snowflake, role: Snowflake) {
        let known = self.guilds.get(&guild).and_then(|place| place.role(role));
        if let Some(role) = known.map(super::super::guild::Role::json) {
            let data = json!({ "guild_id": guild.json(), "role": role });
            self.emit(event, intents::GUILDS, Some(guild), &data);
        }
    }

    /// Sends an event about a member: to all who asked for members, and about the bot itself to all.
    pub(crate) fn emit_member(&mut self, event: &str, guild: Snowflake, user: Snowflake) {
        let Some(known) = self.users.get(&user) else { return };
        let member = self.guilds.get(&guild).and_then(|place| place.members.get(&user));
        let mut data = member.map_or_else(|| json!({ "user": known.json() }), |member| member.json(known));
        data["guild_id"] = guild.json();
        let intent = if user == self.bot { intents::GUILDS } else { intents::GUILD_MEMBERS };
        self.emit(event, intent, Some(guild), &data);
    }

    /// Sends THREAD_CREATE, which says that the thread is new.
    pub(crate) fn emit_new_thread(&mut self, thread: Snowflake) {
        if let Some(place) = self.channels.get(&thread) {
            let mut data = self.channel_json(place);
            data["newly_created"] = true.into();
            self.emit_in_channel("THREAD_CREATE", intents::GUILDS, thread, &data);
        }
    }

    /// Tells who joined and left a thread. A bot that was just added to a private thread first hears of it.
    pub(crate) fn emit_thread_members(&mut self, thread: Snowflake, added: &[Snowflake], removed: &[Snowflake]) {
        let Some(place) = self.channels.get(&thread) else { return };
        let Some(inside) = &place.thread else { return };
        let added_json: Vec<Value> = added.iter().filter_map(|user| inside.member_json(thread, *user)).collect();
        let data = json!({
            "id": thread.json(), "guild_id": place.guild.map(Snowflake::json), "member_count": inside.members.len(),
            "added_members": added_json,
            "removed_member_ids": removed.iter().map(|user| user.json()).collect::<Vec<_>>(),
        });
        let (bot, guild, private) = (self.bot, place.guild, place.kind == PRIVATE_THREAD);
        if private && added.contains(&bot) {
            self.emit_channel("THREAD_CREATE", thread);
        }
        let bot_is_concerned = added.contains(&bot) || removed.contains(&bot);
        let intent = if bot_is_concerned { intents::GUILDS } else { intents::GUILD_MEMBERS };
        if removed.contains(&bot) {
            self.emit("THREAD_MEMBERS_UPDATE", intent, guild, &data);
        } else {
            self.emit_in_channel("THREAD_MEMBERS_UPDATE", intent, thread, &data);
        }
    }

    /// Tells that a server is there for the bot.
    pub(crate) fn emit_guild_create(&mut self, guild: Snowflake) {
        let Some(place) = self.guilds.get(&guild) else { return };
        if place.members.contains_key(&self.bot) {
            let data = self.guild_create_json(place);
            self.emit("GUILD_CREATE", intents::GUILDS, Some(guild), &data);
        }
    }

    /// The server object with all that GUILD_CREATE adds; of the members only the bot, as without the intent.
    pub(super) fn guild_create_json(&self, guild: &Guild) -> Value {
        let mut data = guild.json();
        let channel = |id: &Snowflake| self.channels.get(id).map(|channel| channel.json(self.bot));
        let is_active = |id: &&Snowflake| {
            self.channels.get(id).is_some_and(|place| {
                let archived = place.thread.as_ref().is_some_and(|thread| thread.archived);
                !archived && self.can_see(self.bot, place)
            })
        };
        let me = guild.members.get(&self.bot).zip(self.users.get(&self.bot));
        data["channels"] = guild.channels.iter().filter_map(channel).collect();
        data["threads"] = guild.threads.iter().filter(is_active).filter_map(channel).collect();
        data["members"] = me.iter().map(|(member, user)| member.json(user)).collect();
        data["joined_at"] = me.map_or_else(|| iso(guild.id.created_ms()), |(me, _)| iso(me.joined_ms)).into();
        data["member_count"] = guild.members.len().into();
        data["large"] = false.into();
        data["unavailable"] = false.into();
        for empty in ["voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"] {
            data[empty] = json!([]);
        }
        data
    }

    /// Whether the bot hears of every private thread of a channel.
    pub(crate) fn manages_threads(&self, user: Snowflake, channel: Snowflake) -> bool {
        self.channels.get(&channel).is_some_and(|place| self.permissions_in(user, place) & MANAGE_THREADS != 0)
    }
}
