//! Registering application commands, globally or for one server.

use serde_json::{Value, json};

use super::super::limits;
use super::super::refusal::Refusal;
use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::routes::{id, unknown_route, wrong_method};
use super::{Call, Reply, no_content, ok};

/// `rest` is the path below the application.
pub(super) fn route(state: &mut State, call: &Call, rest: &[&str]) -> Reply {
    let (scope, rest) = match rest {
        ["commands", rest @ ..] => (None, rest),
        ["guilds", guild, "commands", rest @ ..] => {
            let guild = id(guild)?;
            state.guild_of_bot(guild)?;
            (Some(guild), rest)
        }
        _ => return Err(unknown_route()),
    };
    match (call.method.as_str(), rest) {
        ("PUT", []) => overwrite(state, scope, &call.body),
        ("GET", []) => ok(state.commands.get(&scope).cloned().unwrap_or_default().into()),
        ("POST", []) => create(state, scope, &call.body),
        ("GET", [command]) => {
            let position = find(state, scope, id(command)?)?;
            ok(state.commands.get(&scope).and_then(|commands| commands.get(position)).cloned().unwrap_or_default())
        }
        ("PATCH", [command]) => edit(state, scope, id(command)?, &call.body),
        ("DELETE", [command]) => {
            let position = find(state, scope, id(command)?)?;
            state.commands.entry(scope).or_default().remove(position);
            no_content()
        }
        (_, [] | [_]) => Err(wrong_method()),
        _ => Err(unknown_route()),
    }
}

fn find(state: &State, scope: Option<Snowflake>, command: Snowflake) -> Result<usize, Refusal> {
    let position =
        state.commands.get(&scope).and_then(|commands| commands.iter().position(|c| c["id"] == command.json()));
    position.ok_or_else(|| Refusal::new(404, 10063, "Unknown application command"))
}

fn overwrite(state: &mut State, scope: Option<Snowflake>, body: &Value) -> Reply {
    limits::check_commands(body)?;
    let Some(wanted) = body.as_array() else {
        return Err(Refusal::invalid_form("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"));
    };
    let old = state.commands.remove(&scope).unwrap_or_default();
    let new: Vec<Value> = wanted.iter().map(|command| registered(state, scope, command, &old)).collect();
    state.commands.insert(scope, new.clone());
    ok(new.into())
}

fn create(state: &mut State, scope: Option<Snowflake>, body: &Value) -> Reply {
    limits::check_commands(&json!([body]))?;
    let old = state.commands.remove(&scope).unwrap_or_default();
    let new = registered(state, scope, body, &old);
    let known = old.len();
    let mut kept: Vec<Value> = old.into_iter().filter(|command| command["id"] != new["id"]).collect();
    let status = if kept.len() == known { 201 } else { 200 };
    kept.push(new.clone());
    state.commands.insert(scope, kept);
    Ok((status, new))
}

fn edit(state: &mut State, scope: Option<Snowflake>, command: Snowflake, changes: &Value) -> Reply {
    let position = find(state, scope, command)?;
    let version = state.mint();
    let Some(entry) = state.commands.get_mut(&scope).and_then(|commands| commands.get_mut(position)) else {
        return Err(unknown_route());
    };
    let mut edited = entry.clone();
    for (key, value) in changes.as_object().into_iter().flatten() {
        edited[key] = value.clone();
    }
    limits::check_commands(&json!([edited]))?;
    edited["version"] = version.json();
    *entry = edited.clone();
    ok(edited)
}

/// What was sent as null in an option is not there when it comes back.
fn drop_nulls(options: &mut Value) {
    for option in options.as_array_mut().into_iter().flatten() {
        if let Some(fields) = option.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        if let Some(inner) = option.get_mut("options") {
            drop_nulls(inner);
        }
    }
}

/// The command as Discord keeps it; one of the same name and type keeps its id.
fn registered(state: &mut State, scope: Option<Snowflake>, command: &Value, old: &[Value]) -> Value {
    let kind = command["type"].as_u64().unwrap_or(1);
    let before = old.iter().find(|c| c["name"] == command["name"] && c["type"] == kind);
    let id = before.map(|command| command["id"].clone()).unwrap_or_else(|| state.mint().json());
    let mut kept = json!({
        "id": id, "application_id": state.application.json(), "version": state.mint().json(), "type": kind,
        "name": command["name"], "description": command["description"].as_str().unwrap_or_default(),
        "default_member_permissions": null, "nsfw": false, "integration_types": [0], "contexts": null,
        "dm_permission": true, "name_localizations": null, "description_localizations": null, "options": [],
    });
    for (key, value) in command.as_object().into_iter().flatten() {
        if key != "id" && !(value.is_null() && key == "options") {
            kept[key] = value.clone();
        }
    }
    kept["default_member_permissions"] = match &command["default_member_permissions"] {
        Value::Number(bits) => bits.to_string().into(),
        other => other.clone(),
    };
    drop_nulls(&mut kept["options"]);
    if let Some(guild) = scope {
        kept["guild_id"] = guild.json();
    }
    kept
}
