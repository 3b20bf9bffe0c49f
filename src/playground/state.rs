//! Everything the playground knows, behind one lock: who exists, what was said, what is connected. Looking things
//! up answers as Discord would, with its refusals; what happens to messages is in `posting`, to sessions in
//! `gateway`, to interactions in `interaction`.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::Options;
use super::channel::{Channel, DM, PRIVATE_THREAD, Thread};
use super::clock::Clock;
use super::files::StoredFile;
use super::gateway::Gateway;
use super::guild::{Guild, Member, Role, User};
use super::interaction::Interactions;
use super::message::{Message, TextAccess};
use super::permissions::{self, Bits, MANAGE_THREADS, VIEW_CHANNEL};
use super::posting::Nonces;
use super::refusal::Refusal;
use super::snowflake::{Mint, Snowflake};

/// What a bot may do in a conversation with one person.
const IN_DMS: Bits = permissions::ORDINARY | permissions::MENTION_EVERYONE;

/// The whole world.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) options: Options,
    /// `http://127.0.0.1:port`, where files are served from.
    pub(crate) url: String,
    pub(crate) clock: Clock,
    pub(crate) mint: Mint,
    pub(crate) application: Snowflake,
    /// The bot's user id.
    pub(crate) bot: Snowflake,
    pub(crate) users: HashMap<Snowflake, User>,
    pub(crate) guilds: BTreeMap<Snowflake, Guild>,
    pub(crate) channels: HashMap<Snowflake, Channel>,
    /// DM channels by the person on the other side.
    pub(crate) dms: HashMap<Snowflake, Snowflake>,
    /// Registered commands: under None the global ones, else one server's. Absent until first registered.
    pub(crate) commands: HashMap<Option<Snowflake>, Vec<Value>>,
    pub(crate) interactions: Interactions,
    pub(crate) gateway: Gateway,
    pub(crate) nonces: Nonces,
    pub(crate) files: HashMap<Snowflake, StoredFile>,
    /// Counts changes to messages.
    pub(crate) revision: u64,
}

impl State {
    /// A world with the bot in it and nothing else.
    pub(crate) fn new(options: Options, url: String) -> Self {
        let clock = Clock::default();
        let mut mint = Mint::default();
        let application = mint.next(clock.now_ms());
        let bot = User {
            id: application,
            name: options.bot_name.clone(),
            bot: true,
            has_app: false,
            closes_dms: false,
            locale: "en-US".to_owned(),
        };
        Self {
            options,
            url,
            clock,
            mint,
            application,
            bot: application,
            users: HashMap::from([(application, bot)]),
            guilds: BTreeMap::new(),
            channels: HashMap::new(),
            dms: HashMap::new(),
            commands: HashMap::new(),
            interactions: Interactions::default(),
            gateway: Gateway::default(),
            nonces: Nonces::default(),
            files: HashMap::new(),
            revision: 0,
        }
    }

    /// A new id.
    pub(crate) fn mint(&mut self) -> Snowflake {
        self.mint.next(self.clock.now_ms())
    }

    /// What the bot may read over REST.
    pub(crate) fn rest_access(&self) -> TextAccess {
        if self.options.message_content { TextAccess::All } else { TextAccess::Addressed }
    }

    /// A new person.
    pub(crate) fn add_user(&mut self, name: &str) -> Snowflake {
        let id = self.mint();
        let locale = "en-US".to_owned();
        let user = User { id, name: name.to_owned(), bot: false, has_app: false, closes_dms: false, locale };
        self.users.insert(id, user);
        id
    }

    /// A new server with its owner, @everyone, and, if `bot_permissions` is given, the bot with a role of its own.
    pub(crate) fn add_guild(&mut self, name: &str, owner: Snowflake, bot_permissions: Option<Bits>) -> Snowflake {
        let id = self.mint.next_guild();
        let mut guild = Guild {
            id,
            name: name.to_owned(),
            owner,
            locale: "en-US".to_owned(),
            roles: Vec::new(),
            members: HashMap::new(),
            channels: Vec::new(),
            threads: std::collections::BTreeSet::new(),
            system_channel: None,
            public_updates_channel: None,
            open_commands: std::collections::BTreeSet::new(),
        };
        guild.roles.push(Role {
            id,
            name: "@everyone".to_owned(),
            permissions: permissions::ORDINARY,
            position: 0,
            mentionable: false,
            managed: false,
        });
        guild.members.insert(owner, Member { roles: Vec::new(), joined_ms: id.created_ms() });
        self.guilds.insert(id, guild);
        if let Some(bits) = bot_permissions {
            self.add_bot(id, bits);
        }
        id
    }

    /// Invites the bot with a role of its own that has these permissions.
    pub(crate) fn add_bot(&mut self, guild: Snowflake, bits: Bits) {
        let (role, joined_ms, name) = (self.mint(), self.clock.now_ms(), self.options.bot_name.clone());
        let bot = self.bot;
        if let Some(guild) = self.guilds.get_mut(&guild) {
            let position = guild.roles.len();
            guild.roles.push(Role { id: role, name, permissions: bits, position, mentionable: false, managed: true });
            guild.members.insert(bot, Member { roles: vec![role], joined_ms });
        }
        self.emit_guild_create(guild);
    }

    /// A new role.
    pub(crate) fn add_role(&mut self, guild: Snowflake, name: &str, bits: Bits, mentionable: bool) -> Snowflake {
        let id = self.mint();
        if let Some(guild) = self.guilds.get_mut(&guild) {
            let position = guild.roles.len();
            let name = name.to_owned();
            guild.roles.push(Role { id, name, permissions: bits, position, mentionable, managed: false });
        }
        self.emit_role("GUILD_ROLE_CREATE", guild, id);
        id
    }

    /// A new channel that is not a thread.
    pub(crate) fn add_channel(&mut self, guild: Snowflake, kind: u8, name: &str) -> Snowflake {
        let id = self.mint();
        let mut channel = Channel::new(id, Some(guild), kind, name);
        if let Some(guild) = self.guilds.get_mut(&guild) {
            channel.position = guild.channels.len();
            guild.channels.push(id);
        }
        self.channels.insert(id, channel);
        self.emit_channel("CHANNEL_CREATE", id);
        id
    }

    /// The DM channel with a person, made on first use.
    pub(crate) fn dm_with(&mut self, person: Snowflake) -> Snowflake {
        if let Some(id) = self.dms.get(&person) {
            return *id;
        }
        let id = self.mint();
        let mut channel = Channel::new(id, None, DM, "");
        channel.recipient = Some(person);
        self.channels.insert(id, channel);
        self.dms.insert(person, id);
        id
    }

    /// The channel object as the bot gets it.
    pub(crate) fn channel_json(&self, channel: &Channel) -> Value {
        let mut json = channel.json(self.bot);
        if let Some(person) = channel.recipient.and_then(|id| self.users.get(&id)) {
            json["recipients"] = json!([person.json()]);
            json["last_pin_timestamp"] = Value::Null;
        }
        json
    }

    /// A message, wherever it is visible.
    pub(crate) fn message(&self, channel: Snowflake, id: Snowflake) -> Option<&Message> {
        self.channels.get(&channel)?.messages.get(&id)
    }

    /// The thread part of a channel.
    pub(crate) fn thread_mut(&mut self, channel: Snowflake) -> Option<&mut Thread> {
        self.channels.get_mut(&channel)?.thread.as_mut()
    }

    /// What a user may do in a channel; nothing where they are not.
    pub(crate) fn permissions_in(&self, user: Snowflake, channel: &Channel) -> Bits {
        let Some(guild) = channel.guild else {
            let takes_part = user == self.bot || channel.recipient == Some(user);
            return if takes_part { IN_DMS } else { 0 };
        };
        let Some(guild) = self.guilds.get(&guild) else { return 0 };
        let Some(subject) = guild.subject(user) else { return 0 };
        let source = self.channels.get(&channel.permissions_from()).unwrap_or(channel);
        let bits = permissions::in_channel(&subject, guild.id, &source.overwrites);
        if self.is_shut_out(user, channel, bits) { 0 } else { bits }
    }

    fn is_shut_out(&self, user: Snowflake, channel: &Channel, bits: Bits) -> bool {
        channel.kind == PRIVATE_THREAD
            && bits & MANAGE_THREADS == 0
            && channel.thread.as_ref().is_some_and(|thread| !thread.members.contains_key(&user))
    }

    /// Whether a user sees a channel.
    pub(crate) fn can_see(&self, user: Snowflake, channel: &Channel) -> bool {
        self.permissions_in(user, channel) & VIEW_CHANNEL != 0
    }

    /// A channel the user can see.
    ///
    /// # Errors
    /// 10003 if there is none, 50001 if it is closed to the user.
    pub(crate) fn visible_channel(&self, user: Snowflake, id: Snowflake) -> Result<&Channel, Refusal> {
        let channel = self.channels.get(&id).ok_or_else(|| Refusal::new(404, 10003, "Unknown Channel"))?;
        if self.can_see(user, channel) { Ok(channel) } else { Err(missing_access()) }
    }

    /// A channel in which the user has all of `needed`.
    ///
    /// # Errors
    /// As [`State::visible_channel`], and 50013 if a permission is missing.
    pub(crate) fn channel_with(&self, user: Snowflake, id: Snowflake, needed: Bits) -> Result<&Channel, Refusal> {
        let channel = self.visible_channel(user, id)?;
        if self.permissions_in(user, channel) & needed == needed { Ok(channel) } else { Err(missing_permissions()) }
    }

    /// A server the bot is in.
    ///
    /// # Errors
    /// 10004 if there is none, 50001 if the bot is not in it.
    pub(crate) fn guild_of_bot(&self, id: Snowflake) -> Result<&Guild, Refusal> {
        let guild = self.guilds.get(&id).ok_or_else(|| Refusal::new(404, 10004, "Unknown Guild"))?;
        if guild.members.contains_key(&self.bot) { Ok(guild) } else { Err(missing_access()) }
    }
}

/// 403 with code 50001.
pub(crate) fn missing_access() -> Refusal {
    Refusal::new(403, 50001, "Missing Access")
}

/// 403 with code 50013.
pub(crate) fn missing_permissions() -> Refusal {
    Refusal::new(403, 50013, "Missing Permissions")
}

/// 404 with code 10008.
pub(crate) fn unknown_message() -> Refusal {
    Refusal::new(404, 10008, "Unknown Message")
}
