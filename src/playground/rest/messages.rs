//! Messages in channels: reading, sending, editing, deleting.

use serde_json::Value;

use super::super::channel::Channel;
use super::super::files::Upload;
use super::super::gateway::intents;
use super::super::limits::{self, MessageKind};
use super::super::message::Message;
use super::super::permissions::{
    ATTACH_FILES, MANAGE_MESSAGES, MANAGE_THREADS, READ_MESSAGE_HISTORY, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS,
};
use super::super::posting::{Draft, kind_of};
use super::super::refusal::Refusal;
use super::super::snowflake::Snowflake;
use super::super::state::{State, missing_permissions, unknown_message};
use super::routes::{id, unknown_route, wrong_method};
use super::{Call, Reply, no_content, ok};

/// `rest` is the path below `/channels/{id}/messages`.
pub(super) fn route(state: &mut State, call: &Call, channel: Snowflake, rest: &[&str]) -> Reply {
    match (call.method.as_str(), rest) {
        ("GET", []) => list(state, call, channel),
        ("POST", []) => create(state, call, channel),
        ("POST", ["bulk-delete"]) => bulk_delete(state, call, channel),
        ("GET", [message]) => {
            state.channel_with(state.bot, channel, READ_MESSAGE_HISTORY)?;
            let message = public(state, channel, id(message)?)?;
            ok(state.message_json(message, state.rest_access()))
        }
        ("PATCH", [message]) => edit(state, call, channel, id(message)?),
        ("DELETE", [message]) => delete(state, channel, id(message)?),
        (_, [] | [_]) => Err(wrong_method()),
        _ => Err(unknown_route()),
    }
}

/// The permission that sending needs in this channel.
pub(super) fn sending(channel: &Channel) -> u64 {
    if channel.thread.is_some() { SEND_MESSAGES_IN_THREADS } else { SEND_MESSAGES }
}

/// A message that is not ephemeral: those exist only for their interaction.
pub(super) fn public(state: &State, channel: Snowflake, id: Snowflake) -> Result<&Message, Refusal> {
    state.message(channel, id).filter(|message| !message.is_ephemeral()).ok_or_else(unknown_message)
}

/// Whether `author` may send here, thread locks included.
///
/// # Errors
/// Discord's refusal.
pub(crate) fn may_send(state: &State, author: Snowflake, channel: Snowflake, files: bool) -> Result<(), Refusal> {
    let place = state.visible_channel(author, channel)?;
    if !place.takes_messages() {
        return Err(Refusal::new(400, 50008, "Cannot send messages in a non-text channel"));
    }
    let recipient = place.recipient.and_then(|id| state.users.get(&id));
    if author == state.bot && recipient.is_some_and(|person| person.closes_dms) {
        return Err(Refusal::new(403, 50007, "Cannot send messages to this user"));
    }
    let bits = state.permissions_in(author, place);
    let needed = sending(place) | if files { ATTACH_FILES } else { 0 };
    if bits & needed != needed {
        return Err(missing_permissions());
    }
    match &place.thread {
        Some(thread) if thread.locked && bits & MANAGE_THREADS == 0 => {
            let (code, message) =
                if thread.archived { (50083, "Thread is archived") } else { (160_005, "Thread is locked") };
            Err(Refusal::new(400, code, message))
        }
        _ => Ok(()),
    }
}

/// Checks a message's body. A file alone is a message, but the limits know only the body.
pub(super) fn check(body: &Value, files: &[Upload]) -> Result<(), Refusal> {
    let kind = if files.is_empty() { MessageKind::Create } else { MessageKind::Edit };
    limits::check_message(body, kind)
}

fn create(state: &mut State, call: &Call, channel: Snowflake) -> Reply {
    let bot = state.bot;
    may_send(state, bot, channel, !call.files.is_empty())?;
    check(&call.body, &call.files)?;
    if call.body["enforce_nonce"] == true {
        let before = state.nonces.find(channel, &call.body["nonce"], state.clock.now_ms());
        if let Some(message) = before.and_then(|id| state.message(channel, id)) {
            return ok(state.message_json(message, state.rest_access()));
        }
    }
    let replies_to = referenced(state, channel, &call.body)?;
    let draft = Draft {
        kind: kind_of(replies_to),
        body: call.body.clone(),
        files: call.files.clone(),
        replies_to,
        ..Draft::default()
    };
    let message = state.post(channel, bot, draft);
    let message = state.message(channel, message).ok_or_else(unknown_message)?;
    ok(state.message_json(message, state.rest_access()))
}

/// The message replied to.
///
/// # Errors
/// 50035 if it does not exist and the body does not say that this is no matter.
fn referenced(state: &State, channel: Snowflake, body: &Value) -> Result<Option<Snowflake>, Refusal> {
    let reference = &body["message_reference"];
    let Some(wanted) = Snowflake::from_json(&reference["message_id"]) else { return Ok(None) };
    if !state.visible_channel(state.bot, channel).is_ok_and(|place| has(state, place, READ_MESSAGE_HISTORY)) {
        return Err(Refusal::new(403, 160_002, "Cannot reply without permission to read message history"));
    }
    if public(state, channel, wanted).is_ok() {
        return Ok(Some(wanted));
    }
    if reference["fail_if_not_exists"] == false {
        return Ok(None);
    }
    Err(Refusal::invalid_form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message"))
}

fn has(state: &State, channel: &Channel, bits: u64) -> bool {
    state.permissions_in(state.bot, channel) & bits == bits
}

fn list(state: &State, call: &Call, channel: Snowflake) -> Reply {
    let place = state.visible_channel(state.bot, channel)?;
    if !has(state, place, READ_MESSAGE_HISTORY) {
        return ok(Value::Array(Vec::new()));
    }
    let limit = call.query.get("limit").map_or(Ok(50), |limit| limit.parse::<usize>()).unwrap_or(0);
    if !(1..=100).contains(&limit) {
        let message = "int value should be between 1 and 100 inclusive.";
        return Err(Refusal::invalid_form("limit", "NUMBER_TYPE_RANGE", message));
    }
    let mark = |name: &str| call.query.get(name).map(|text| id(text)).transpose();
    let visible = |message: &&Message| !message.is_ephemeral();
    let older = |before: Snowflake, count: usize| {
        place.messages.range(..before).rev().map(|(_, m)| m).filter(visible).take(count)
    };
    let newer = |after: Snowflake, count: usize| {
        let from = Snowflake(after.0.saturating_add(1));
        place.messages.range(from..).map(|(_, m)| m).filter(visible).take(count)
    };
    let mut found: Vec<&Message> = if let Some(around) = mark("around")? {
        let from = Snowflake(around.0.saturating_add(1));
        newer(around, limit / 2).chain(older(from, limit - limit / 2)).collect()
    } else if let Some(after) = mark("after")? {
        newer(after, limit).collect()
    } else {
        older(mark("before")?.unwrap_or(Snowflake(u64::MAX)), limit).collect()
    };
    found.sort_by_key(|message| std::cmp::Reverse(message.id));
    let access = state.rest_access();
    ok(found.into_iter().map(|message| state.message_json(message, access)).collect())
}

fn edit(state: &mut State, call: &Call, channel: Snowflake, message: Snowflake) -> Reply {
    let place = state.visible_channel(state.bot, channel)?;
    let archived = place.thread.as_ref().is_some_and(|thread| thread.archived);
    let old = public(state, channel, message)?;
    if old.author != state.bot {
        return Err(Refusal::new(403, 50005, "Cannot edit a message authored by another user"));
    }
    if archived {
        return Err(Refusal::new(400, 50083, "Thread is archived"));
    }
    limits::check_message(&call.body, MessageKind::Edit)?;
    state.revise(channel, message, &call.body, call.files.clone(), true)?;
    let message = public(state, channel, message)?;
    ok(state.message_json(message, state.rest_access()))
}

fn delete(state: &mut State, channel: Snowflake, message: Snowflake) -> Reply {
    let place = state.visible_channel(state.bot, channel)?;
    let mine = public(state, channel, message)?.author == state.bot;
    if !mine && (place.guild.is_none() || !has(state, place, MANAGE_MESSAGES)) {
        return Err(if place.guild.is_none() {
            Refusal::new(403, 50003, "Cannot execute action on a DM channel")
        } else {
            missing_permissions()
        });
    }
    state.remove_message(channel, message)?;
    no_content()
}

fn bulk_delete(state: &mut State, call: &Call, channel: Snowflake) -> Reply {
    let guild = state.channel_with(state.bot, channel, MANAGE_MESSAGES)?.guild;
    let wanted: Vec<Snowflake> =
        call.body["messages"].as_array().into_iter().flatten().filter_map(Snowflake::from_json).collect();
    if !(2..=100).contains(&wanted.len()) {
        return Err(Refusal::invalid_form("messages", "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 in length."));
    }
    let place = state.channels.get_mut(&channel).ok_or_else(unknown_message)?;
    let gone: Vec<Value> = wanted.iter().filter(|id| place.messages.remove(id).is_some()).map(|id| id.json()).collect();
    let data = serde_json::json!({ "ids": gone, "channel_id": channel.json(), "guild_id": guild.map(Snowflake::json) });
    state.emit_in_channel("MESSAGE_DELETE_BULK", intents::messages(guild), channel, &data);
    no_content()
}
