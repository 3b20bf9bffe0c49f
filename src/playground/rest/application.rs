//! Routes about the bot itself: where the gateway is, who it is, its application, its DMs.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::routes::{id, unknown_route};
use super::{Call, Reply, ok};

pub(super) fn route(state: &mut State, call: &Call, segments: &[&str]) -> Reply {
    match (call.method.as_str(), segments) {
        ("GET", ["gateway"]) => ok(json!({ "url": state.gateway_url() })),
        ("GET", ["gateway", "bot"]) => ok(json!({
            "url": state.gateway_url(), "shards": 1,
            "session_start_limit": { "total": 1000, "remaining": 1000_u64.saturating_sub(state.gateway.identified),
                "reset_after": 86_400_000, "max_concurrency": state.options.max_concurrency },
        })),
        ("GET", ["users", "@me"]) => {
            ok(state.users.get(&state.bot).map(super::super::guild::User::self_json).unwrap_or_default())
        }
        ("GET", ["users", "@me", "guilds"]) => ok(guilds(state)),
        ("DELETE", ["users", "@me", "guilds", guild]) => super::guilds::leave(state, id(guild)?),
        ("POST", ["users", "@me", "channels"]) => open_dm(state, call),
        ("GET", ["users", user]) => user_json(state, id(user)?),
        ("GET", ["applications", "@me"] | ["oauth2", "applications", "@me"]) => ok(application_json(state)),
        _ => Err(unknown_route()),
    }
}

fn guilds(state: &State) -> Value {
    let mine = state.guilds.values().filter(|guild| guild.members.contains_key(&state.bot));
    mine.map(|guild| {
        json!({ "id": guild.id.json(), "name": guild.name, "icon": null, "banner": null, "owner": false,
            "permissions": guild.permissions_of(state.bot).to_string(), "features": [] })
    })
    .collect()
}

fn user_json(state: &State, user: Snowflake) -> Reply {
    let user = state.users.get(&user).ok_or_else(|| Refusal::new(404, 10013, "Unknown User"))?;
    ok(user.json())
}

fn open_dm(state: &mut State, call: &Call) -> Reply {
    let person = Snowflake::from_json(&call.body["recipient_id"]);
    let person = person.filter(|id| state.users.contains_key(id));
    let person = person.ok_or_else(|| Refusal::new(404, 10013, "Unknown User"))?;
    if person == state.bot {
        return Err(Refusal::new(400, 50007, "Cannot send messages to this user"));
    }
    let channel = state.dm_with(person);
    ok(state.channels.get(&channel).map(|channel| state.channel_json(channel)).unwrap_or_default())
}

fn application_json(state: &State) -> Value {
    let bot = state.users.get(&state.bot);
    json!({
        "id": state.application.json(), "name": state.options.bot_name, "icon": null, "description": "",
        "bot_public": true, "bot_require_code_grant": false, "verify_key": "0".repeat(64), "team": null,
        "owner": { "id": "1", "username": "owner", "discriminator": "0", "global_name": null, "avatar": null,
            "primary_guild": null, "public_flags": 0, "flags": 0 },
        "flags_new": state.application_flags().to_string(), "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0, "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "flags": state.application_flags(), "bot": bot.map(super::super::guild::User::json), "type": null,
        "summary": "", "hook": true, "integration_types_config": { "0": {}, "1": {} }, "redirect_uris": [],
        "interactions_endpoint_url": null, "role_connections_verification_url": null,
        "approximate_guild_count": state.guilds.len(), "approximate_user_install_count": 0,
    })
}
