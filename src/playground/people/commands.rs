//! Running slash commands, with everything Discord's client checks before it sends one.

use serde_json::{Value, json};

use super::super::interaction::{AUTOCOMPLETE, COMMAND, Deed};
use super::super::manifest::{self, Invocation};
use super::super::permissions::{ADMINISTRATOR, USE_APPLICATION_COMMANDS};
use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::{Channel, Failure, Person, Response};

impl Person {
    /// Runs a command as typed, `/question topic:redis level:mid`, and waits for its acknowledgement.
    ///
    /// # Errors
    /// What Discord's client would not let through, and "The application did not respond" when nothing comes in
    /// time.
    pub async fn run(&self, channel: &Channel, typed: &str) -> Result<Response, Failure> {
        let id = self.playground.inner.change(|state| {
            let deed = self.command(state, channel.id, typed, COMMAND)?;
            Ok::<_, Failure>(state.interact(deed))
        })?;
        self.acknowledged(id).await
    }

    /// Sends a command and does not wait for anything: what a person sees who closes their client at once.
    ///
    /// # Errors
    /// What Discord's client would not let through.
    pub fn run_and_look_away(&self, channel: &Channel, typed: &str) -> Result<Response, Failure> {
        let id = self.playground.inner.change(|state| {
            let deed = self.command(state, channel.id, typed, COMMAND)?;
            Ok::<_, Failure>(state.interact(deed))
        })?;
        Ok(Response { playground: self.playground.clone(), id })
    }

    /// The suggestions for the last option typed, as names and values.
    ///
    /// # Errors
    /// As [`Person::run`].
    pub async fn autocomplete(&self, channel: &Channel, typed: &str) -> Result<Vec<(String, String)>, Failure> {
        let id = self.playground.inner.change(|state| {
            let deed = self.command(state, channel.id, typed, AUTOCOMPLETE)?;
            Ok::<_, Failure>(state.interact(deed))
        })?;
        Ok(self.acknowledged(id).await?.suggestions())
    }

    /// Waits for the bot to acknowledge, as long as Discord does and no longer.
    pub(super) async fn acknowledged(&self, id: Snowflake) -> Result<Response, Failure> {
        let deadline = self.playground.inner.read(|state| state.options.acknowledge_within);
        let answered = |state: &State| state.interactions.get(id).and_then(|found| found.answer);
        match self.playground.wait_for(deadline, answered).await {
            Some(_) => Ok(Response { playground: self.playground.clone(), id }),
            None => Err(Failure("The application did not respond".to_owned())),
        }
    }

    fn command(&self, state: &State, channel: Snowflake, typed: &str, kind: u8) -> Result<Deed, Failure> {
        let place = state.visible_channel(self.id, channel)?;
        if !place.takes_messages() {
            return Err(Failure("commands cannot be run in a forum itself".to_owned()));
        }
        let global = state.commands.get(&None);
        let local = place.guild.and_then(|guild| state.commands.get(&Some(guild)));
        let here: Vec<&Value> = global.into_iter().chain(local).flatten().collect();
        let finder = |option: &Value, text: &str| find(state, channel, option, text);
        let read = manifest::read(&here, typed, kind == AUTOCOMPLETE, &finder).map_err(Failure)?;
        self.may_run(state, channel, read.command)?;
        let data = data_of(state, channel, &read);
        Ok(Deed { kind, user: self.id, channel, data, source: None, opened_by: None })
    }

    fn may_run(&self, state: &State, channel: Snowflake, command: &Value) -> Result<(), Failure> {
        let refused = |why: &str| Err(Failure(format!("/{}: {why}", command["name"].as_str().unwrap_or_default())));
        let place = state.visible_channel(self.id, channel)?;
        let context = state.context_of(channel);
        let contexts = command["contexts"].as_array();
        let in_context = contexts.map_or(context == 0 || command["dm_permission"] != false, |contexts| {
            contexts.iter().any(|allowed| *allowed == context)
        });
        if !in_context {
            return refused(if context == 0 { "it is not for servers" } else { "it is only for servers" });
        }
        let installed_as = |kind: u64| {
            command["integration_types"].as_array().is_none_or(|kinds| kinds.iter().any(|known| *known == kind))
        };
        let guild = place.guild.and_then(|id| state.guilds.get(&id));
        let bot_is_here = guild.is_none_or(|guild| guild.members.contains_key(&state.bot));
        let has_app = state.users.get(&self.id).is_some_and(|user| user.has_app);
        if !(bot_is_here && installed_as(0) || has_app && installed_as(1)) {
            return refused("the application is not installed here");
        }
        let Some(guild) = guild else { return Ok(()) };
        let bits = state.permissions_in(self.id, place);
        let needed = command["default_member_permissions"].as_str().and_then(|bits| bits.parse().ok());
        let open = guild.open_commands.contains(command["name"].as_str().unwrap_or_default());
        let allowed = match needed {
            None => true,
            Some(_) if open => true,
            Some(0_u64) => bits & ADMINISTRATOR != 0,
            Some(needed) => bits & needed == needed,
        };
        if allowed && bits & USE_APPLICATION_COMMANDS != 0 {
            return Ok(());
        }
        refused(&format!("{} lacks the permission to run it", self.name))
    }
}

fn data_of(state: &State, channel: Snowflake, read: &Invocation<'_>) -> Value {
    let mut data =
        json!({ "id": read.command["id"], "name": read.command["name"], "type": 1, "options": read.options });
    if !read.command["guild_id"].is_null() {
        data["guild_id"] = read.command["guild_id"].clone();
    }
    let guild = state.channels.get(&channel).and_then(|channel| state.guilds.get(&channel.guild?));
    for (kind, id) in &read.named {
        let key = id.to_string();
        if let Some(user) = state.users.get(id) {
            data["resolved"]["users"][&key] = user.json();
            if let Some(guild) = guild
                && let Some(member) = guild.members.get(id)
            {
                data["resolved"]["members"][&key] = member.partial_json();
                data["resolved"]["members"][&key]["permissions"] = guild.permissions_of(*id).to_string().into();
            }
        } else if let Some(role) = guild.and_then(|guild| guild.role(*id)).filter(|_| matches!(kind, 8 | 9)) {
            data["resolved"]["roles"][&key] = role.json();
        } else if let Some(named) = state.channels.get(id) {
            data["resolved"]["channels"][&key] = named.json(state.bot);
            data["resolved"]["channels"][&key]["permissions"] =
                state.permissions_in(state.bot, named).to_string().into();
        } else if let Some(file) = state.files.get(id) {
            let url = format!("{}/attachments/{id}/{}", state.url, file.name);
            data["resolved"]["attachments"][&key] = json!({ "id": key, "filename": file.name, "size": file.bytes.len(),
                "url": url, "proxy_url": url, "content_type": file.content_type, "ephemeral": true });
        }
    }
    data
}

/// What an option's text names: `@ana`, `#practice`, `@Role`, or an id, of a kind the option takes.
fn find(state: &State, channel: Snowflake, option: &Value, text: &str) -> Option<Snowflake> {
    let name = text.trim_start_matches(['@', '#']);
    let id = text.trim_matches(['<', '>', '@', '#', '&', '!']).parse::<Snowflake>().ok();
    let guild = state.channels.get(&channel).and_then(|channel| state.guilds.get(&channel.guild?));
    let user = || {
        let is_meant = |user: &&Snowflake| Some(**user) == id || state.users.get(user).is_some_and(|u| u.name == name);
        guild.and_then(|guild| guild.members.keys().find(is_meant).copied())
    };
    let role = || guild.and_then(|guild| guild.roles.iter().find(|r| Some(r.id) == id || r.name == name)).map(|r| r.id);
    let place = || {
        let ids = guild.into_iter().flat_map(|guild| guild.channels.iter().chain(&guild.threads));
        let mut places = ids.filter_map(|id| state.channels.get(id));
        let found = places.find(|place| Some(place.id) == id || place.name == name)?;
        let kinds = option["channel_types"].as_array().filter(|kinds| !kinds.is_empty());
        kinds.is_none_or(|kinds| kinds.iter().any(|kind| *kind == found.kind)).then_some(found.id)
    };
    match option["type"].as_u64() {
        Some(6) => user(),
        Some(7) => place(),
        Some(8) => role(),
        Some(9) => user().or_else(role),
        Some(11) => id.filter(|id| state.files.contains_key(id)),
        _ => None,
    }
}
