//! Interactions: what a person did, and how far the bot has got in answering. The rules of acknowledging are in
//! `rest::callbacks`, those of following up in `rest::webhooks`.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::channel::DM;
use super::permissions::{self, Bits};
use super::snowflake::Snowflake;
use super::state::State;

/// Discord's number for a slash command.
pub(crate) const COMMAND: u8 = 2;
/// Discord's number for a press or a selection.
pub(crate) const COMPONENT: u8 = 3;
/// Discord's number for a request for suggestions.
pub(crate) const AUTOCOMPLETE: u8 = 4;
/// Discord's number for a submitted modal.
pub(crate) const MODAL: u8 = 5;

/// After so many milliseconds a token is worth nothing.
const TOKEN_LIFE_MS: u64 = 15 * 60 * 1000;

/// One interaction.
#[derive(Debug)]
pub(crate) struct Interaction {
    pub(crate) id: Snowflake,
    pub(crate) token: String,
    pub(crate) kind: u8,
    pub(crate) user: Snowflake,
    pub(crate) channel: Snowflake,
    /// When it was sent, on the machine's own clock: the time to acknowledge is real.
    pub(crate) sent: Instant,
    /// When it was sent, in Unix milliseconds of the playground's clock.
    pub(crate) sent_ms: u64,
    /// The message it came from: a press, or a modal opened by one.
    pub(crate) source: Option<Snowflake>,
    /// What stands in `interaction_metadata` of its messages.
    pub(crate) metadata: Value,
    /// The callback type it was answered with.
    pub(crate) answer: Option<u8>,
    /// How long the answer took, on the machine's own clock.
    pub(crate) answered_after: Option<Duration>,
    /// The message that `@original` means.
    pub(crate) original: Option<Snowflake>,
    /// Whether the first follow-up still fills the deferred original.
    pub(crate) unfilled: bool,
    pub(crate) followups: Vec<Snowflake>,
    /// The modal it was answered with.
    pub(crate) modal: Option<Value>,
    /// The suggestions it was answered with.
    pub(crate) choices: Option<Value>,
}

/// All interactions, by id and by token.
#[derive(Debug, Default)]
pub(crate) struct Interactions {
    by_id: HashMap<Snowflake, Interaction>,
    by_token: HashMap<String, Snowflake>,
}

impl Interactions {
    /// The interaction with this id.
    pub(crate) fn get(&self, id: Snowflake) -> Option<&Interaction> {
        self.by_id.get(&id)
    }

    /// The interaction with this id, to change it.
    pub(crate) fn get_mut(&mut self, id: Snowflake) -> Option<&mut Interaction> {
        self.by_id.get_mut(&id)
    }

    /// The interaction whose token this is, if it is still worth something.
    pub(crate) fn by_token(&self, token: &str, now_ms: u64) -> Option<&Interaction> {
        let interaction = self.by_id.get(self.by_token.get(token)?)?;
        (now_ms.saturating_sub(interaction.sent_ms) < TOKEN_LIFE_MS).then_some(interaction)
    }

    fn insert(&mut self, interaction: Interaction) {
        self.by_token.insert(interaction.token.clone(), interaction.id);
        self.by_id.insert(interaction.id, interaction);
    }
}

/// What a person is about to do.
#[derive(Debug)]
pub(crate) struct Deed {
    pub(crate) kind: u8,
    pub(crate) user: Snowflake,
    pub(crate) channel: Snowflake,
    /// The `data` of the interaction.
    pub(crate) data: Value,
    /// The message acted on.
    pub(crate) source: Option<Snowflake>,
    /// For a modal, the metadata of the interaction that opened it.
    pub(crate) opened_by: Option<Value>,
}

impl State {
    /// Sends an interaction to the bot. The channel and the user must exist.
    pub(crate) fn interact(&mut self, deed: Deed) -> Snowflake {
        let id = self.mint();
        // Real tokens are long and opaque; nothing may depend on their form.
        let token = format!("aW50ZXJhY3Rpb24{:016x}{:016x}", id.0.wrapping_mul(0x9e37_79b9_7f4a_7c15), id.0);
        let payload = self.interaction_json(id, &token, &deed);
        let guild = self.channels.get(&deed.channel).and_then(|channel| channel.guild);
        let metadata = self.metadata_json(id, &deed, &payload);
        self.interactions.insert(Interaction {
            id,
            token,
            kind: deed.kind,
            user: deed.user,
            channel: deed.channel,
            sent: Instant::now(),
            sent_ms: self.clock.now_ms(),
            source: deed.source,
            metadata,
            answer: None,
            answered_after: None,
            original: None,
            unfilled: false,
            followups: Vec::new(),
            modal: None,
            choices: None,
        });
        // A server the bot is not in (the application is the user's own there) has no shard to go by.
        let known = guild.filter(|id| self.guilds.get(id).is_some_and(|g| g.members.contains_key(&self.bot)));
        self.emit("INTERACTION_CREATE", 0, known, &payload);
        id
    }

    fn interaction_json(&self, id: Snowflake, token: &str, deed: &Deed) -> Value {
        let user = self.users.get(&deed.user);
        let channel = self.channels.get(&deed.channel);
        let guild = channel.and_then(|channel| self.guilds.get(&channel.guild?));
        let user_json = user.map(super::guild::User::json);
        let mut payload = json!({
            "id": id.json(), "application_id": self.application.json(), "type": deed.kind, "data": deed.data,
            "channel_id": deed.channel.json(), "token": token, "version": 1,
            "locale": user.map(|user| user.locale.as_str()), "entitlements": [], "attachment_size_limit": 10_485_760,
            "app_permissions": self.app_permissions(deed.channel).to_string(),
            "authorizing_integration_owners": self.owners_json(deed), "context": self.context_of(deed.channel),
        });
        if let Some(channel) = channel {
            payload["channel"] = channel.json(self.bot);
            payload["channel"]["permissions"] = self.permissions_in(deed.user, channel).to_string().into();
        }
        match (guild, user) {
            (Some(guild), Some(user)) => {
                payload["guild_id"] = guild.id.json();
                payload["guild_locale"] = guild.locale.as_str().into();
                payload["guild"] = json!({ "id": guild.id.json(), "locale": guild.locale, "features": [] });
                if let Some(member) = guild.members.get(&deed.user) {
                    payload["member"] = member.json(user);
                    let bits = channel.map_or(0, |channel| self.permissions_in(deed.user, channel));
                    payload["member"]["permissions"] = bits.to_string().into();
                }
            }
            _ => payload["user"] = user_json.unwrap_or_default(),
        }
        if let Some(message) = deed.source.and_then(|id| self.message(deed.channel, id)) {
            payload["message"] = self.message_json(message, super::message::TextAccess::All);
        }
        payload
    }

    fn metadata_json(&self, id: Snowflake, deed: &Deed, payload: &Value) -> Value {
        let mut metadata = json!({
            "id": id.json(), "type": deed.kind, "user": self.users.get(&deed.user).map(super::guild::User::json),
            "authorizing_integration_owners": payload["authorizing_integration_owners"],
        });
        match deed.kind {
            COMMAND => {
                metadata["name"] = deed.data["name"].clone();
                metadata["command_type"] = 1.into();
            }
            COMPONENT => metadata["interacted_message_id"] = deed.source.map(Snowflake::json).unwrap_or_default(),
            MODAL => {
                metadata["triggering_interaction_metadata"] = deed.opened_by.clone().unwrap_or_default();
            }
            _ => {}
        }
        metadata
    }

    /// 0 in a server, 1 in a DM with the bot.
    pub(crate) fn context_of(&self, channel: Snowflake) -> u8 {
        u8::from(self.channels.get(&channel).is_some_and(|channel| channel.kind == DM))
    }

    /// What the bot may do where the interaction happened.
    fn app_permissions(&self, channel: Snowflake) -> Bits {
        let Some(channel) = self.channels.get(&channel) else { return 0 };
        let is_member =
            channel.guild.and_then(|id| self.guilds.get(&id)).is_none_or(|guild| guild.members.contains_key(&self.bot));
        if is_member { self.permissions_in(self.bot, channel) } else { permissions::ORDINARY }
    }

    /// Who installed the application where: "0" a server (zero in DMs), "1" the person.
    fn owners_json(&self, deed: &Deed) -> Value {
        let mut owners = json!({});
        let channel = self.channels.get(&deed.channel);
        let guild = channel.and_then(|channel| channel.guild);
        match guild.and_then(|id| self.guilds.get(&id)) {
            Some(guild) if guild.members.contains_key(&self.bot) => owners["0"] = guild.id.json(),
            Some(_) => {}
            None => owners["0"] = "0".into(),
        }
        if self.users.get(&deed.user).is_some_and(|user| user.has_app) {
            owners["1"] = deed.user.json();
        }
        owners
    }
}
