//! Servers: what is in them, who is in them, and which threads are active.

use serde_json::json;

use super::super::guild::Role;
use super::super::refusal::Refusal;
use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::routes::{id, unknown_route};
use super::threads::{listing, threads_of};
use super::{Call, Reply, no_content, ok};

/// `rest` is the path below the server.
pub(super) fn route(state: &mut State, call: &Call, guild_id: Snowflake, rest: &[&str]) -> Reply {
    let guild = state.guild_of_bot(guild_id)?;
    match (call.method.as_str(), rest) {
        ("GET", []) => {
            let mut body = guild.json();
            if call.query.get("with_counts").is_some_and(|wish| wish == "true") {
                body["approximate_member_count"] = guild.members.len().into();
                body["approximate_presence_count"] = guild.members.len().into();
            }
            ok(body)
        }
        ("GET", ["channels"]) => {
            let channels = guild.channels.iter().filter_map(|id| state.channels.get(id));
            ok(channels.map(|channel| channel.json(state.bot)).collect())
        }
        ("GET", ["roles"]) => ok(guild.roles.iter().map(Role::json).collect()),
        ("GET", ["roles", role]) => {
            let role = guild.role(id(role)?).ok_or_else(|| Refusal::new(404, 10011, "Unknown Role"))?;
            ok(role.json())
        }
        ("GET", ["members"]) if !state.options.guild_members => Err(super::super::state::missing_access()),
        ("GET", ["members"]) => {
            let limit = call.query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(1);
            let mut members: Vec<_> = guild.members.iter().collect();
            members.sort_by_key(|(user, _)| **user);
            let page = members.into_iter().take(limit);
            ok(page.filter_map(|(user, member)| Some(member.json(state.users.get(user)?))).collect())
        }
        ("GET", ["members", user]) => member(state, guild_id, id(user)?),
        ("GET", ["threads", "active"]) => {
            let threads = threads_of(state, Some(guild_id), |_, thread| !thread.archived);
            ok(listing(state, &threads))
        }
        _ => Err(unknown_route()),
    }
}

fn member(state: &State, guild: Snowflake, user: Snowflake) -> Reply {
    let guild = state.guild_of_bot(guild)?;
    let user = state.users.get(&user).ok_or_else(|| Refusal::new(404, 10013, "Unknown User"))?;
    let member = guild.members.get(&user.id).ok_or_else(|| Refusal::new(404, 10007, "Unknown Member"))?;
    ok(member.json(user))
}

/// `DELETE /users/@me/guilds/{id}`: the bot leaves.
pub(super) fn leave(state: &mut State, guild: Snowflake) -> Reply {
    state.guild_of_bot(guild)?;
    state.remove_bot(guild);
    no_content()
}

impl State {
    /// Takes the bot out of a server, its own role too.
    pub(crate) fn remove_bot(&mut self, id: Snowflake) {
        let bot = self.bot;
        let Some(guild) = self.guilds.get_mut(&id) else { return };
        if let Some(member) = guild.members.remove(&bot) {
            guild.roles.retain(|role| !(role.managed && member.roles.contains(&role.id)));
            let data = json!({ "id": id.json() });
            self.emit("GUILD_DELETE", super::super::gateway::intents::GUILDS, Some(id), &data);
        }
    }
}
