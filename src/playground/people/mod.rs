//! Acting as people: each [`Person`] sees what that member would see and can do what Discord's client would let
//! them do, so that a test reads like a story. Everything that waits is woken by the event it waits for.
//!
//! `places` holds servers and channels, `views` what people see, `commands` running them, `components` pressing
//! and submitting.

use serde_json::{Value, json};

use super::Playground;
use super::channel::PRIVATE_THREAD;
use super::operator::Failure as Why;
use super::posting::{Draft, kind_of};
use super::rest::may_send;
use super::snowflake::Snowflake;
use super::state::State;

mod commands;
mod components;
mod places;
mod response;
mod views;

pub use super::operator::Failure;
pub use places::{Channel, Server};
pub use response::Response;
pub use views::{Button, Field, Message, Modal, Select};

/// The most characters a person without a subscription can send.
const LONGEST_MESSAGE: usize = 2000;

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Person {
    pub(crate) playground: Playground,
    /// Their user id.
    pub id: Snowflake,
    /// Their name.
    pub name: String,
}

impl Playground {
    /// Somebody new, in no server yet.
    #[must_use]
    pub fn person(&self, name: &str) -> Person {
        let id = self.inner.change(|state| state.add_user(name));
        Person { playground: self.clone(), id, name: name.to_owned() }
    }
}

impl Person {
    /// Their conversation with the bot.
    #[must_use]
    pub fn dm(&self) -> Channel {
        let id = self.playground.inner.change(|state| state.dm_with(self.id));
        Channel { playground: self.playground.clone(), id }
    }

    /// Installs the application to their account, so that its commands follow them everywhere.
    pub fn install_app(&self) {
        self.with_user(|user| user.has_app = true);
    }

    /// Closes their DMs to the bot (50007 when it writes), or opens them again.
    pub fn set_dms_closed(&self, closed: bool) {
        self.with_user(|user| user.closes_dms = closed);
    }

    /// Changes the language of their client, such as `de`.
    pub fn set_locale(&self, locale: &str) {
        self.with_user(|user| locale.clone_into(&mut user.locale));
    }

    fn with_user(&self, change: impl FnOnce(&mut super::guild::User)) {
        self.playground.inner.change(|state| {
            if let Some(user) = state.users.get_mut(&self.id) {
                change(user);
            }
        });
    }

    /// The messages they see in a channel, oldest first: none where they may not look, and no one else's
    /// ephemeral ones.
    #[must_use]
    pub fn sees(&self, channel: &Channel) -> Vec<Message> {
        self.playground.inner.read(|state| {
            let place = state.channels.get(&channel.id).filter(|place| state.can_see(self.id, place));
            let messages = place.into_iter().flat_map(|place| place.messages.values());
            let mine = messages.filter(|message| message.only_for.is_none_or(|only| only == self.id));
            mine.map(|message| Message::new(state, message)).collect()
        })
    }

    /// Says something.
    ///
    /// # Errors
    /// What their client or Discord would say: no permission, nothing to send, too long.
    pub fn say(&self, channel: &Channel, text: &str) -> Result<Message, Why> {
        self.send(channel.id, json!({ "content": text }), None)
    }

    /// Says something to the bot by name: `<@bot> text`.
    ///
    /// # Errors
    /// As [`Person::say`].
    pub fn mention_bot(&self, channel: &Channel, text: &str) -> Result<Message, Why> {
        let bot = self.playground.application_id();
        self.say(channel, &format!("<@{bot}> {text}"))
    }

    /// Replies to a message, which pings its author.
    ///
    /// # Errors
    /// As [`Person::say`].
    pub fn reply(&self, message: &Message, text: &str) -> Result<Message, Why> {
        self.send(message.channel_id, json!({ "content": text }), Some(message.id))
    }

    /// Replies to a message with the ping switched off.
    ///
    /// # Errors
    /// As [`Person::say`].
    pub fn reply_quietly(&self, message: &Message, text: &str) -> Result<Message, Why> {
        let body = json!({ "content": text, "allowed_mentions": { "parse": ["users", "roles", "everyone"] } });
        self.send(message.channel_id, body, Some(message.id))
    }

    fn send(&self, channel: Snowflake, body: Value, replies_to: Option<Snowflake>) -> Result<Message, Why> {
        sendable(&body)?;
        self.playground.inner.change(|state| {
            may_send(state, self.id, channel, false)?;
            let kind = kind_of(replies_to);
            let id = state.post(channel, self.id, Draft { kind, body, replies_to, ..Draft::default() });
            view(state, channel, id)
        })
    }

    /// Edits a message of their own.
    ///
    /// # Errors
    /// When it is not theirs, is gone, or the new text cannot be sent.
    pub fn edit(&self, message: &Message, text: &str) -> Result<Message, Why> {
        let body = json!({ "content": text });
        sendable(&body)?;
        self.playground.inner.change(|state| {
            if message.author_id != self.id {
                return Err(Why(format!("{} cannot edit another's message", self.name)));
            }
            state.revise(message.channel_id, message.id, &body, Vec::new(), true)?;
            view(state, message.channel_id, message.id)
        })
    }

    /// Deletes a message: their own, or any if they manage messages.
    ///
    /// # Errors
    /// When they may not, or it is gone.
    pub fn delete_message(&self, message: &Message) -> Result<(), Why> {
        self.playground.inner.change(|state| {
            if message.author_id != self.id {
                state.channel_with(self.id, message.channel_id, super::permissions::MANAGE_MESSAGES)?;
            }
            Ok(state.remove_message(message.channel_id, message.id)?)
        })
    }

    /// Reacts to a message.
    ///
    /// # Errors
    /// When they may not.
    pub fn react(&self, message: &Message, emoji: &str) -> Result<(), Why> {
        self.playground.inner.change(|state| {
            state.channel_with(self.id, message.channel_id, super::permissions::ADD_REACTIONS)?;
            state.react(message.channel_id, message.id, self.id, emoji);
            Ok(())
        })
    }

    /// Starts typing.
    pub fn start_typing(&self, channel: &Channel) {
        self.playground.inner.change(|state| state.typing(channel.id, self.id));
    }

    /// Opens a public thread.
    ///
    /// # Errors
    /// When they may not.
    pub fn open_thread(&self, channel: &Channel, name: &str) -> Result<Channel, Why> {
        let id = self.playground.inner.change(|state| {
            state.channel_with(self.id, channel.id, super::permissions::CREATE_PUBLIC_THREADS)?;
            let id = state.mint();
            state.add_thread(id, channel.id, super::channel::PUBLIC_THREAD, self.id, &json!({ "name": name }));
            state.announce(channel.id, self.id, super::message::THREAD_CREATED, name, id);
            Ok::<_, Why>(id)
        })?;
        Ok(Channel { playground: self.playground.clone(), id })
    }

    /// Opens a post in a forum.
    ///
    /// # Errors
    /// When they may not, or there is nothing to send.
    pub fn open_post(&self, forum: &Channel, name: &str, text: &str) -> Result<Channel, Why> {
        let wishes = json!({ "name": name, "message": { "content": text } });
        sendable(&wishes["message"])?;
        let id = self.playground.inner.change(|state| {
            state.channel_with(self.id, forum.id, super::permissions::SEND_MESSAGES)?;
            Ok::<_, Why>(state.open_post(forum.id, self.id, &wishes, Vec::new()))
        })?;
        Ok(Channel { playground: self.playground.clone(), id })
    }

    /// Joins a thread they can see.
    ///
    /// # Errors
    /// When they cannot see it.
    pub fn join(&self, thread: &Channel) -> Result<(), Why> {
        self.playground.inner.change(|state| {
            state.visible_channel(self.id, thread.id)?;
            state.join_thread(thread.id, self.id);
            Ok(())
        })
    }

    /// Invites somebody into a thread.
    ///
    /// # Errors
    /// When they cannot see it themselves, or it is private and closed to invitations.
    pub fn invite(&self, thread: &Channel, guest: &Person) -> Result<(), Why> {
        self.playground.inner.change(|state| {
            let place = state.visible_channel(self.id, thread.id)?;
            let closed = place
                .thread
                .as_ref()
                .is_some_and(|inside| place.kind == PRIVATE_THREAD && !inside.invitable && inside.owner != self.id);
            if closed && !state.manages_threads(self.id, thread.id) {
                return Err(Why("this thread is closed to invitations".to_owned()));
            }
            state.join_thread(thread.id, guest.id);
            Ok(())
        })
    }

    /// Leaves a thread.
    pub fn leave(&self, thread: &Channel) {
        self.playground.inner.change(|state| state.leave_thread(thread.id, self.id));
    }
}

fn sendable(body: &Value) -> Result<(), Why> {
    let text = body["content"].as_str().unwrap_or_default().trim();
    let length = text.chars().count();
    if length == 0 {
        return Err(Why("there is nothing to send".to_owned()));
    }
    if length > LONGEST_MESSAGE {
        return Err(Why(format!("{length} characters are too many for one message")));
    }
    Ok(())
}

/// A message as people see it now.
pub(crate) fn view(state: &State, channel: Snowflake, id: Snowflake) -> Result<Message, Why> {
    let message = state.message(channel, id);
    message.map(|message| Message::new(state, message)).ok_or_else(|| Why("the message is gone".to_owned()))
}
