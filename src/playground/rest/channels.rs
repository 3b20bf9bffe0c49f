//! Channels themselves: reading, changing, deleting, typing. Threads are channels too and are changed here.

use serde_json::{Value, json};

use super::super::channel::{Channel, PRIVATE_THREAD};
use super::super::gateway::intents;
use super::super::limits;
use super::super::permissions::{MANAGE_CHANNELS, MANAGE_THREADS, Overwrite, SEND_MESSAGES_IN_THREADS};
use super::super::refusal::Refusal;
use super::super::snowflake::Snowflake;
use super::super::state::{State, missing_permissions};
use super::messages::sending;
use super::routes::{id, unknown_route, wrong_method};
use super::{Call, Reply, no_content, ok};

/// `rest` is the path below the channel.
pub(super) fn route(state: &mut State, call: &Call, channel: Snowflake, rest: &[&str]) -> Reply {
    match (call.method.as_str(), rest) {
        ("GET", []) => {
            let channel = state.visible_channel(state.bot, channel)?;
            ok(state.channel_json(channel))
        }
        ("PATCH", []) => change(state, call, channel),
        ("DELETE", []) => delete(state, channel),
        ("POST", ["typing"]) => {
            let place = state.visible_channel(state.bot, channel)?;
            let needed = sending(place);
            state.channel_with(state.bot, channel, needed)?;
            state.typing(channel, state.bot);
            no_content()
        }
        ("PUT", ["permissions", target]) => overwrite(state, call, channel, id(target)?),
        (_, []) => Err(wrong_method()),
        _ => Err(unknown_route()),
    }
}

impl State {
    /// Tells that a user is typing.
    pub(crate) fn typing(&mut self, channel: Snowflake, user: Snowflake) {
        let guild = self.channels.get(&channel).and_then(|channel| channel.guild);
        let data = json!({ "channel_id": channel.json(), "user_id": user.json(), "guild_id": guild.map(Snowflake::json),
            "timestamp": self.clock.now_ms() / 1000 });
        self.emit_in_channel("TYPING_START", intents::typing(guild), channel, &data);
    }

    /// Deletes a channel with everything in it, its threads included.
    pub(crate) fn remove_channel(&mut self, id: Snowflake) {
        let Some(channel) = self.channels.get(&id) else { return };
        let (guild, parent) = (channel.guild, channel.thread.as_ref().map(|thread| thread.parent));
        if let Some(parent) = parent {
            let data = json!({ "id": id.json(), "guild_id": guild.map(Snowflake::json), "parent_id": parent.json(),
                "type": channel.kind });
            self.emit_in_channel("THREAD_DELETE", intents::GUILDS, id, &data);
        } else {
            let inside =
                |thread: &&Snowflake| self.channels.get(thread).is_some_and(|channel| channel.permissions_from() == id);
            let threads: Vec<Snowflake> = guild
                .and_then(|id| self.guilds.get(&id))
                .map(|guild| guild.threads.iter().filter(inside).copied().collect())
                .unwrap_or_default();
            self.emit_channel("CHANNEL_DELETE", id);
            for thread in threads {
                self.forget_channel(thread);
            }
        }
        self.forget_channel(id);
    }

    fn forget_channel(&mut self, id: Snowflake) {
        let guild = self.channels.remove(&id).and_then(|channel| channel.guild);
        if let Some(guild) = guild.and_then(|id| self.guilds.get_mut(&id)) {
            guild.threads.remove(&id);
            guild.channels.retain(|channel| *channel != id);
        }
    }
}

fn delete(state: &mut State, id: Snowflake) -> Reply {
    let channel = state.visible_channel(state.bot, id)?;
    if channel.guild.is_some() {
        let needed = if channel.thread.is_some() { MANAGE_THREADS } else { MANAGE_CHANNELS };
        state.channel_with(state.bot, id, needed)?;
    }
    let json = state.channels.get(&id).map(|channel| state.channel_json(channel)).unwrap_or_default();
    state.remove_channel(id);
    ok(json)
}

fn change(state: &mut State, call: &Call, id: Snowflake) -> Reply {
    let channel = state.visible_channel(state.bot, id)?;
    if channel.thread.is_some() {
        let mut whole = call.body.clone();
        if whole.is_object() && whole.get("name").is_none() {
            // The limits are those of a new thread, which must have a name; a change need not.
            whole["name"] = channel.name.as_str().into();
        }
        limits::check_thread(&whole)?;
        may_change_thread(state, channel, &call.body)?;
        state.change_thread(id, &call.body);
    } else {
        state.channel_with(state.bot, id, MANAGE_CHANNELS)?;
        if let Some(channel) = state.channels.get_mut(&id) {
            if let Some(name) = call.body["name"].as_str() {
                name.clone_into(&mut channel.name);
            }
            if let Some(topic) = call.body.get("topic") {
                channel.topic = topic.as_str().map(str::to_owned);
            }
        }
        state.emit_channel("CHANNEL_UPDATE", id);
    }
    ok(state.channels.get(&id).map(|channel| state.channel_json(channel)).unwrap_or_default())
}

/// Anyone who may write in a thread may take it out of the archive, unless it is locked; its owner may change it;
/// for the rest, and for locking, one has to manage threads.
fn may_change_thread(state: &State, channel: &Channel, changes: &Value) -> Result<(), Refusal> {
    let Some(thread) = &channel.thread else { return Ok(()) };
    let bits = state.permissions_in(state.bot, channel);
    if bits & MANAGE_THREADS != 0 {
        return Ok(());
    }
    let only_wakes = changes.as_object().is_some_and(|map| map.len() == 1) && changes["archived"] == false;
    if thread.locked || changes.get("locked").is_some() || changes.get("rate_limit_per_user").is_some() {
        return Err(missing_permissions());
    }
    if thread.archived && changes["archived"] != false {
        return Err(Refusal::new(400, 50083, "Thread is archived"));
    }
    let may_write = bits & SEND_MESSAGES_IN_THREADS != 0;
    if (only_wakes && may_write) || thread.owner == state.bot { Ok(()) } else { Err(missing_permissions()) }
}

impl State {
    /// Changes a thread as `changes` says; who may is checked before.
    pub(crate) fn change_thread(&mut self, id: Snowflake, changes: &Value) {
        let now_ms = self.clock.now_ms();
        let Some(channel) = self.channels.get_mut(&id) else { return };
        if let Some(name) = changes["name"].as_str() {
            name.clone_into(&mut channel.name);
        }
        let private = channel.kind == PRIVATE_THREAD;
        let Some(thread) = &mut channel.thread else { return };
        if let Some(archived) = changes["archived"].as_bool()
            && archived != thread.archived
        {
            thread.archived = archived;
            thread.archive_changed_ms = now_ms;
        }
        if let Some(locked) = changes["locked"].as_bool() {
            thread.locked = locked;
        }
        if let Some(invitable) = changes["invitable"].as_bool().filter(|_| private) {
            thread.invitable = invitable;
        }
        if let Some(minutes) = changes["auto_archive_duration"].as_u64() {
            thread.auto_archive_minutes = minutes;
        }
        self.emit_channel("THREAD_UPDATE", id);
    }

    /// Sets what a channel changes for a role or member, in place of what it changed before.
    pub(crate) fn set_overwrite(&mut self, channel: Snowflake, overwrite: Overwrite) {
        if let Some(channel) = self.channels.get_mut(&channel) {
            channel.overwrites.retain(|known| known.target != overwrite.target);
            channel.overwrites.push(overwrite);
        }
        self.emit_channel("CHANNEL_UPDATE", channel);
    }
}

fn overwrite(state: &mut State, call: &Call, channel: Snowflake, target: Snowflake) -> Reply {
    // Bit 28, Manage Roles, is what changing overwrites takes.
    state.channel_with(state.bot, channel, 1 << 28)?;
    let bits = |name: &str| call.body[name].as_str().and_then(|bits| bits.parse().ok()).unwrap_or(0);
    let is_member = call.body["type"] == 1;
    state.set_overwrite(channel, Overwrite { target, is_member, allow: bits("allow"), deny: bits("deny") });
    no_content()
}
