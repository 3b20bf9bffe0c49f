//! Reactions to messages.

use serde_json::json;

use super::super::gateway::intents;
use super::super::message::Reaction;
use super::super::permissions::{ADD_REACTIONS, MANAGE_MESSAGES, READ_MESSAGE_HISTORY};
use super::super::refusal::Refusal;
use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::messages::public;
use super::routes::{id, unknown_route};
use super::{Call, Reply, no_content, ok};

/// `rest` is the path below the emoji.
pub(super) fn route(
    state: &mut State,
    call: &Call,
    (channel, message): (Snowflake, Snowflake),
    emoji: &str,
    rest: &[&str],
) -> Reply {
    state.channel_with(state.bot, channel, READ_MESSAGE_HISTORY)?;
    public(state, channel, message)?;
    if emoji.is_ascii() && !emoji.contains(':') {
        return Err(Refusal::new(400, 10014, "Unknown Emoji"));
    }
    let bot = state.bot;
    match (call.method.as_str(), rest) {
        ("PUT", ["@me"]) => {
            if !has_reaction(state, channel, message, emoji) {
                state.channel_with(bot, channel, ADD_REACTIONS)?;
            }
            state.react(channel, message, bot, emoji);
            no_content()
        }
        ("DELETE", ["@me"]) => {
            state.unreact(channel, message, bot, emoji);
            no_content()
        }
        ("DELETE", [user]) => {
            state.channel_with(bot, channel, MANAGE_MESSAGES)?;
            state.unreact(channel, message, id(user)?, emoji);
            no_content()
        }
        ("GET", []) => {
            let reaction = state.message(channel, message).and_then(|m| m.reactions.iter().find(|r| r.emoji == emoji));
            let users = reaction.map(|reaction| reaction.users.as_slice()).unwrap_or_default();
            ok(users.iter().filter_map(|id| state.users.get(id)).map(super::super::guild::User::json).collect())
        }
        _ => Err(unknown_route()),
    }
}

fn has_reaction(state: &State, channel: Snowflake, message: Snowflake, emoji: &str) -> bool {
    state.message(channel, message).is_some_and(|message| message.reactions.iter().any(|r| r.emoji == emoji))
}

impl State {
    /// Adds a user's reaction, once.
    pub(crate) fn react(&mut self, channel: Snowflake, message: Snowflake, user: Snowflake, emoji: &str) {
        let place = self.channels.get_mut(&channel);
        let Some(found) = place.and_then(|place| place.messages.get_mut(&message)) else { return };
        let added = match found.reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
            Some(reaction) if reaction.users.contains(&user) => false,
            Some(reaction) => {
                reaction.users.push(user);
                true
            }
            None => {
                found.reactions.push(Reaction { emoji: emoji.to_owned(), users: vec![user] });
                true
            }
        };
        if added {
            self.emit_reaction("MESSAGE_REACTION_ADD", channel, message, user, emoji);
        }
    }

    /// Takes a user's reaction back.
    pub(crate) fn unreact(&mut self, channel: Snowflake, message: Snowflake, user: Snowflake, emoji: &str) {
        let place = self.channels.get_mut(&channel);
        let Some(found) = place.and_then(|place| place.messages.get_mut(&message)) else { return };
        for reaction in found.reactions.iter_mut().filter(|reaction| reaction.emoji == emoji) {
            reaction.users.retain(|known| *known != user);
        }
        found.reactions.retain(|reaction| !reaction.users.is_empty());
        self.emit_reaction("MESSAGE_REACTION_REMOVE", channel, message, user, emoji);
    }

    fn emit_reaction(&mut self, event: &str, channel: Snowflake, message: Snowflake, user: Snowflake, emoji: &str) {
        let guild = self.channels.get(&channel).and_then(|channel| channel.guild);
        let mut data = json!({ "user_id": user.json(), "channel_id": channel.json(), "message_id": message.json(),
            "emoji": { "id": null, "name": emoji }, "burst": false, "type": 0 });
        if let Some(guild) = guild.and_then(|id| self.guilds.get(&id)) {
            data["guild_id"] = guild.id.json();
            if let Some((member, user)) = guild.members.get(&user).zip(self.users.get(&user)) {
                data["member"] = member.json(user);
            }
        }
        if let Some(author) = self.message(channel, message).map(|message| message.author) {
            data["message_author_id"] = author.json();
        }
        self.emit_in_channel(event, intents::reactions(guild), channel, &data);
    }
}
