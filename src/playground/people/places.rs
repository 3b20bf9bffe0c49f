//! Servers and channels: making them, changing what is allowed in them, taking them away, and waiting for what
//! appears in them. What an owner or a moderator does outside of the bot is done here.

use serde_json::json;

use super::super::channel::{ANNOUNCEMENT, FORUM, PRIVATE_THREAD, PUBLIC_THREAD, TEXT};
use super::super::guild::Member;
use super::super::permissions::{self, Bits, Overwrite};
use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::super::{Playground, permissions::ORDINARY};
use super::{Failure, Message, Person};

/// A server.
#[derive(Debug, Clone)]
pub struct Server {
    pub(crate) playground: Playground,
    /// The server's id.
    pub id: Snowflake,
}

/// A channel, thread, forum or DM.
#[derive(Debug, Clone)]
pub struct Channel {
    pub(crate) playground: Playground,
    /// The channel's id.
    pub id: Snowflake,
}

impl Playground {
    /// A new server, with an owner of its own and the bot in it with ordinary permissions.
    #[must_use]
    pub fn add_server(&self, name: &str) -> Server {
        self.server(name, Some(ORDINARY))
    }

    /// A new server in which the bot has just these permissions (and @everyone's).
    #[must_use]
    pub fn add_server_with(&self, name: &str, bot_permissions: Bits) -> Server {
        self.server(name, Some(bot_permissions))
    }

    /// A new server without the bot.
    #[must_use]
    pub fn add_server_without_bot(&self, name: &str) -> Server {
        self.server(name, None)
    }

    fn server(&self, name: &str, bot: Option<Bits>) -> Server {
        let id = self.inner.change(|state| {
            let owner = state.add_user(&format!("owner of {name}"));
            state.add_guild(name, owner, bot)
        });
        Server { playground: self.clone(), id }
    }

    /// A channel or thread by its id.
    #[must_use]
    pub fn channel(&self, id: Snowflake) -> Channel {
        Channel { playground: self.clone(), id }
    }
}

impl Server {
    fn change<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        self.playground.inner.change(act)
    }

    fn new_channel(&self, kind: u8, name: &str) -> Channel {
        let id = self.change(|state| state.add_channel(self.id, kind, name));
        Channel { playground: self.playground.clone(), id }
    }

    /// A new text channel.
    #[must_use]
    pub fn text_channel(&self, name: &str) -> Channel {
        self.new_channel(TEXT, name)
    }

    /// A new forum.
    #[must_use]
    pub fn forum_channel(&self, name: &str) -> Channel {
        self.new_channel(FORUM, name)
    }

    /// A new announcement channel.
    #[must_use]
    pub fn announcement_channel(&self, name: &str) -> Channel {
        self.new_channel(ANNOUNCEMENT, name)
    }

    /// The server's owner.
    #[must_use]
    pub fn owner(&self) -> Person {
        let (id, name) = self.playground.inner.read(|state| {
            let owner = state.guilds.get(&self.id).and_then(|guild| state.users.get(&guild.owner));
            owner.map_or((Snowflake(0), String::new()), |owner| (owner.id, owner.name.clone()))
        });
        Person { playground: self.playground.clone(), id, name }
    }

    /// A new ordinary member.
    #[must_use]
    pub fn member(&self, name: &str) -> Person {
        let person = self.playground.person(name);
        self.join(&person);
        person
    }

    /// A new member with a role that may manage the server, and threads and messages in it.
    #[must_use]
    pub fn moderator(&self, name: &str) -> Person {
        let person = self.member(name);
        let bits = permissions::MANAGE_GUILD | permissions::MANAGE_THREADS | permissions::MANAGE_MESSAGES;
        let role = self.role("Moderators", bits, false);
        self.give_role(&person, role);
        person
    }

    /// Lets somebody join.
    pub fn join(&self, person: &Person) {
        self.change(|state| {
            let joined_ms = state.clock.now_ms();
            if let Some(guild) = state.guilds.get_mut(&self.id) {
                guild.members.insert(person.id, Member { roles: Vec::new(), joined_ms });
            }
            state.emit_member("GUILD_MEMBER_ADD", self.id, person.id);
        });
    }

    /// Lets somebody leave.
    pub fn leave(&self, person: &Person) {
        self.change(|state| {
            if let Some(guild) = state.guilds.get_mut(&self.id) {
                guild.members.remove(&person.id);
            }
            state.emit_member("GUILD_MEMBER_REMOVE", self.id, person.id);
        });
    }

    /// A new role with these permissions; `mentionable` lets anyone ping it.
    #[must_use]
    pub fn role(&self, name: &str, bits: Bits, mentionable: bool) -> Snowflake {
        self.change(|state| state.add_role(self.id, name, bits, mentionable))
    }

    /// Gives a member a role.
    pub fn give_role(&self, person: &Person, role: Snowflake) {
        self.change(|state| {
            if let Some(member) = state.guilds.get_mut(&self.id).and_then(|guild| guild.members.get_mut(&person.id)) {
                member.roles.push(role);
            }
            state.emit_member("GUILD_MEMBER_UPDATE", self.id, person.id);
        });
    }

    /// Sets the permissions of @everyone.
    pub fn set_everyone(&self, bits: Bits) {
        self.change(|state| {
            let everyone = state.guilds.get_mut(&self.id).and_then(|guild| guild.roles.first_mut());
            if let Some(everyone) = everyone {
                everyone.permissions = bits;
            }
            state.emit_role("GUILD_ROLE_UPDATE", self.id, self.id);
        });
    }

    /// Allows a command to everyone, whatever permission it asks for by default, as an administrator can under
    /// Integrations.
    pub fn open_command(&self, name: &str) {
        self.change(|state| {
            if let Some(guild) = state.guilds.get_mut(&self.id) {
                guild.open_commands.insert(name.to_owned());
            }
        });
    }

    /// Sets the permissions of the bot's own role. What @everyone may, it may still.
    pub fn set_bot_permissions(&self, bits: Bits) {
        self.change(|state| {
            let bot = state.bot;
            let Some(guild) = state.guilds.get_mut(&self.id) else { return };
            let mine = guild.members.get(&bot).map(|member| member.roles.clone()).unwrap_or_default();
            for role in guild.roles.iter_mut().filter(|role| mine.contains(&role.id)) {
                role.permissions = bits;
            }
            for role in mine {
                state.emit_role("GUILD_ROLE_UPDATE", self.id, role);
            }
        });
    }

    /// Changes the server's language, such as `de`.
    pub fn set_locale(&self, locale: &str) {
        self.change(|state| {
            if let Some(guild) = state.guilds.get_mut(&self.id) {
                locale.clone_into(&mut guild.locale);
            }
        });
    }

    /// Chooses where Discord tells who joined, and where it tells the moderators what concerns them.
    pub fn set_notice_channels(&self, system: Option<&Channel>, public_updates: Option<&Channel>) {
        self.change(|state| {
            if let Some(guild) = state.guilds.get_mut(&self.id) {
                guild.system_channel = system.map(|channel| channel.id);
                guild.public_updates_channel = public_updates.map(|channel| channel.id);
            }
        });
    }

    /// Takes the bot out of the server.
    pub fn kick_bot(&self) {
        self.change(|state| state.remove_bot(self.id));
    }

    /// Brings the bot back with these permissions.
    pub fn invite_bot(&self, bits: Bits) {
        self.change(|state| state.add_bot(self.id, bits));
    }

    /// Makes the server unavailable, as in an outage: the bot is told, and is still in it.
    pub fn begin_outage(&self) {
        let data = json!({ "id": self.id.json(), "unavailable": true });
        self.change(|state| state.emit("GUILD_DELETE", super::super::intents::GUILDS, Some(self.id), &data));
    }

    /// Makes the server available again.
    pub fn end_outage(&self) {
        self.change(|state| state.emit_guild_create(self.id));
    }

    /// All its threads, archived ones too, oldest first.
    #[must_use]
    pub fn threads(&self) -> Vec<Channel> {
        let ids: Vec<Snowflake> = self.playground.inner.read(|state| {
            state.guilds.get(&self.id).map(|guild| guild.threads.iter().copied().collect()).unwrap_or_default()
        });
        ids.into_iter().map(|id| self.playground.channel(id)).collect()
    }
}

impl Channel {
    fn change<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        self.playground.inner.change(act)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> String {
        self.playground.inner.read(|state| state.channels.get(&self.id).map(|c| c.name.clone()).unwrap_or_default())
    }

    /// Whether it still exists.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.playground.inner.read(|state| state.channels.contains_key(&self.id))
    }

    /// Whether it is a thread only its members see.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.playground.inner.read(|state| state.channels.get(&self.id).is_some_and(|c| c.kind == PRIVATE_THREAD))
    }

    /// Whether it is a thread in the archive.
    #[must_use]
    pub fn is_archived(&self) -> bool {
        let archived = |state: &State| Some(state.channels.get(&self.id)?.thread.as_ref()?.archived);
        self.playground.inner.read(archived).unwrap_or(false)
    }

    /// All messages everyone may see, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.playground.inner.read(|state| {
            let messages = state.channels.get(&self.id).into_iter().flat_map(|channel| channel.messages.values());
            messages.filter(|message| !message.is_ephemeral()).map(|message| Message::new(state, message)).collect()
        })
    }

    /// A message everyone may see, once there is one as wanted; those already there count.
    ///
    /// # Errors
    /// When patience runs out; what was there instead is in the failure.
    pub async fn wait_for(&self, what: &str, wanted: impl Fn(&Message) -> bool) -> Result<Message, Failure> {
        let mut looked_at = 0;
        let found = |state: &State| {
            let messages = state.channels.get(&self.id)?.messages.values();
            let mut fresh = messages.filter(|m| !m.is_ephemeral() && m.revision > looked_at);
            let found = fresh.find_map(|message| Some(Message::new(state, message)).filter(|view| wanted(view)));
            looked_at = state.revision;
            found
        };
        let result = self.playground.wait(what, found).await;
        result.map_err(|Failure(why)| {
            let there: Vec<String> = self.messages().iter().rev().take(5).map(Message::text).collect();
            Failure(format!("{why}\nthe latest messages are: {there:#?}"))
        })
    }

    /// The threads opened in it, oldest first.
    #[must_use]
    pub fn threads(&self) -> Vec<Channel> {
        let ids = self.playground.inner.read(|state| threads_in(state, self.id));
        ids.into_iter().map(|id| self.playground.channel(id)).collect()
    }

    /// A thread in it whose name is as wanted, once there is one.
    ///
    /// # Errors
    /// When patience runs out.
    pub async fn wait_for_thread(&self, what: &str, wanted: impl Fn(&str) -> bool) -> Result<Channel, Failure> {
        let found = |state: &State| {
            let named = |id: &Snowflake| state.channels.get(id).is_some_and(|channel| wanted(&channel.name));
            threads_in(state, self.id).into_iter().find(named)
        };
        self.playground.wait(what, found).await.map(|id| self.playground.channel(id))
    }

    /// Opens a public thread in it as the server's owner would.
    #[must_use]
    pub fn add_thread(&self, name: &str) -> Channel {
        let id = self.change(|state| {
            let guild = state.channels.get(&self.id).and_then(|channel| state.guilds.get(&channel.guild?));
            let owner = guild.map_or(Snowflake(0), |guild| guild.owner);
            let id = state.mint();
            state.add_thread(id, self.id, PUBLIC_THREAD, owner, &json!({ "name": name }));
            id
        });
        self.playground.channel(id)
    }

    /// Deletes it, with its threads.
    pub fn delete(&self) {
        self.change(|state| state.remove_channel(self.id));
    }

    /// Puts a thread into the archive, or takes it out.
    pub fn set_archived(&self, archived: bool) {
        self.change(|state| state.change_thread(self.id, &json!({ "archived": archived })));
    }

    /// Locks a thread, or unlocks it.
    pub fn set_locked(&self, locked: bool) {
        self.change(|state| state.change_thread(self.id, &json!({ "locked": locked })));
    }

    /// Takes permissions away from the bot in this channel; 0 gives all back.
    pub fn deny_bot(&self, deny: Bits) {
        self.change(|state| {
            let target = state.bot;
            state.set_overwrite(self.id, Overwrite { target, is_member: true, allow: 0, deny });
        });
    }

    /// Takes permissions away from everyone in this channel, or grants them.
    pub fn set_everyone(&self, allow: Bits, deny: Bits) {
        self.change(|state| {
            let guild = state.channels.get(&self.id).and_then(|channel| channel.guild);
            if let Some(target) = guild {
                state.set_overwrite(self.id, Overwrite { target, is_member: false, allow, deny });
            }
        });
    }

    /// Changes what one member may do in this channel.
    pub fn set_member(&self, person: &Person, allow: Bits, deny: Bits) {
        let target = person.id;
        self.change(|state| state.set_overwrite(self.id, Overwrite { target, is_member: true, allow, deny }));
    }
}

fn threads_in(state: &State, parent: Snowflake) -> Vec<Snowflake> {
    let guild = state.channels.get(&parent).and_then(|channel| state.guilds.get(&channel.guild?));
    let threads = guild.into_iter().flat_map(|guild| guild.threads.iter().copied());
    let is_inside = |id: &Snowflake| state.channels.get(id).is_some_and(|thread| thread.permissions_from() == parent);
    threads.filter(is_inside).collect()
}
