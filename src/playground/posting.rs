//! What happens to messages: posting, editing, deleting, with everything Discord does on the way (mentions,
//! component ids, attachments, thread counters, nonces) and the events that follow. Permissions to do so are
//! checked by the callers.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::channel::{Channel, PRIVATE_THREAD};
use super::files::Upload;
use super::gateway::intents;
use super::mentions::{self, Mentions};
use super::message::{COMPONENTS_V2, EPHEMERAL, LOADING, Message, PLAIN, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS};
use super::permissions::{EMBED_LINKS, MENTION_EVERYONE};
use super::refusal::Refusal;
use super::snowflake::Snowflake;
use super::state::{State, unknown_message};

/// How long a nonce is remembered ("the past few minutes", Discord says).
const NONCE_MS: u64 = 3 * 60 * 1000;

/// A message about to be posted.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// Discord's number for the type of message.
    pub(crate) kind: u8,
    /// The body as it came.
    pub(crate) body: Value,
    pub(crate) files: Vec<Upload>,
    pub(crate) replies_to: Option<Snowflake>,
    pub(crate) interaction: Option<Value>,
    /// Set for an ephemeral message.
    pub(crate) only_for: Option<Snowflake>,
    /// Flags beyond those the body asks for.
    pub(crate) flags: u64,
    /// Whether missing permissions cut embeds away; interaction replies are exempt.
    pub(crate) keep_embeds: bool,
}

/// Recent nonces and the message each one made.
#[derive(Debug, Default)]
pub(crate) struct Nonces(HashMap<(Snowflake, String), (Snowflake, u64)>);

impl Nonces {
    /// The message this nonce made in the past few minutes.
    pub(crate) fn find(&self, channel: Snowflake, nonce: &Value, now_ms: u64) -> Option<Snowflake> {
        let (message, at_ms) = self.0.get(&(channel, nonce_text(nonce)?))?;
        (now_ms.saturating_sub(*at_ms) < NONCE_MS).then_some(*message)
    }

    fn remember(&mut self, channel: Snowflake, nonce: &Value, message: Snowflake, now_ms: u64) {
        let Some(nonce) = nonce_text(nonce) else { return };
        if self.0.len() >= 10_000 {
            self.0.retain(|_, (_, at_ms)| now_ms.saturating_sub(*at_ms) < NONCE_MS);
        }
        self.0.insert((channel, nonce), (message, now_ms));
    }
}

/// A nonce may be a string or an integer.
fn nonce_text(nonce: &Value) -> Option<String> {
    nonce.as_str().map(str::to_owned).or_else(|| nonce.as_i64().map(|number| number.to_string()))
}

impl State {
    /// Posts a message. The channel must exist.
    pub(crate) fn post(&mut self, channel: Snowflake, author: Snowflake, draft: Draft) -> Snowflake {
        self.post_as(None, channel, author, draft)
    }

    /// Posts a message under a given id: the first one of a forum post has the thread's.
    pub(crate) fn post_as(
        &mut self,
        id: Option<Snowflake>,
        channel: Snowflake,
        author: Snowflake,
        mut draft: Draft,
    ) -> Snowflake {
        let id = id.unwrap_or_else(|| self.mint());
        let guild = self.channels.get(&channel).and_then(|channel| channel.guild);
        let body = std::mem::take(&mut draft.body);
        let mut embeds = array(&body["embeds"]);
        if !draft.keep_embeds && !self.may(author, channel, EMBED_LINKS) {
            embeds.clear();
        }
        let mut attachments = Vec::new();
        self.attach(&body, std::mem::take(&mut draft.files), &mut attachments, &mut embeds);
        let asked = body["flags"].as_u64().unwrap_or(0) & (SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2);
        let ephemeral = if draft.only_for.is_some() { EPHEMERAL } else { 0 };
        let message = Message {
            id,
            channel,
            guild,
            author,
            kind: draft.kind,
            flags: asked | draft.flags | ephemeral,
            content: text(&body["content"]),
            embeds: embeds.into_iter().map(rich).collect(),
            components: numbered(array(&body["components"])),
            attachments,
            mentions: self.pinged(channel, author, &body, draft.replies_to),
            replies_to: draft.replies_to,
            nonce: body["nonce"].clone(),
            interaction: draft.interaction,
            reactions: Vec::new(),
            only_for: draft.only_for,
            edited_ms: None,
            position: None,
            revision: self.next_revision(),
            request: body,
        };
        self.insert(message);
        id
    }

    fn insert(&mut self, mut message: Message) {
        let (id, channel_id, author) = (message.id, message.channel, message.author);
        let ephemeral = message.is_ephemeral();
        let now_ms = self.clock.now_ms();
        self.nonces.remember(channel_id, &message.nonce, id, now_ms);
        if !ephemeral {
            self.wake_thread(channel_id, author, now_ms);
        }
        if let Some(channel) = self.channels.get_mut(&channel_id) {
            if let Some(thread) = &mut channel.thread
                && !ephemeral
            {
                message.position = Some(thread.message_count);
                thread.message_count += u64::from(id != channel_id);
            }
            if !ephemeral {
                channel.last_message = Some(id);
            }
            channel.messages.insert(id, message);
        }
        self.emit_message("MESSAGE_CREATE", channel_id, id);
        self.add_mentioned(channel_id, id);
    }

    /// Who is mentioned in a thread, and may be there, joins it.
    fn add_mentioned(&mut self, channel: Snowflake, id: Snowflake) {
        let Some(place) = self.channels.get(&channel) else { return };
        let (Some(thread), Some(message)) = (&place.thread, place.messages.get(&id)) else { return };
        let closed = place.kind == PRIVATE_THREAD && !thread.invitable && thread.owner != message.author;
        if message.is_ephemeral() || (closed && !self.manages_threads(message.author, channel)) {
            return;
        }
        let parent = self.channels.get(&thread.parent);
        let may_join = |user: &&Snowflake| {
            !thread.members.contains_key(user) && parent.is_some_and(|parent| self.can_see(**user, parent))
        };
        let joining: Vec<Snowflake> = message.mentions.users.iter().filter(may_join).copied().collect();
        for user in joining {
            self.join_thread(channel, user);
        }
    }

    /// Posts what Discord itself says, such as that the thread `about` was opened.
    pub(crate) fn announce(&mut self, channel: Snowflake, author: Snowflake, kind: u8, text: &str, about: Snowflake) {
        let body = json!({ "content": text, "allowed_mentions": { "parse": [] } });
        self.post(channel, author, Draft { kind, body, replies_to: Some(about), ..Draft::default() });
    }

    /// A message in a thread makes its author a member and brings the thread out of the archive.
    fn wake_thread(&mut self, channel: Snowflake, author: Snowflake, now_ms: u64) {
        let Some(thread) = self.thread_mut(channel) else { return };
        let joined = thread.members.insert(author, now_ms).is_none();
        let woken = std::mem::take(&mut thread.archived);
        if woken {
            thread.archive_changed_ms = now_ms;
            self.emit_channel("THREAD_UPDATE", channel);
        }
        if joined {
            self.emit_thread_members(channel, &[author], &[]);
        }
    }

    /// Edits a message as `body` says; absent fields stay.
    ///
    /// # Errors
    /// 10008 if there is no such message, 50006 if nothing would be left of it.
    pub(crate) fn revise(
        &mut self,
        channel: Snowflake,
        id: Snowflake,
        body: &Value,
        files: Vec<Upload>,
        edited: bool,
    ) -> Result<(), Refusal> {
        let mut message = self.message(channel, id).ok_or_else(unknown_message)?.clone();
        if let Some(content) = body.get("content") {
            message.content = text(content);
            message.mentions = self.pinged(channel, message.author, body, message.replies_to);
        }
        if let Some(embeds) = body["embeds"].as_array() {
            message.embeds.clone_from(embeds);
        }
        if let Some(components) = body["components"].as_array() {
            message.components = numbered(components.clone());
        }
        if let Some(kept) = body["attachments"].as_array() {
            message.attachments.retain(|attachment| kept.iter().any(|keep| keep["id"] == attachment["id"]));
        }
        if let Some(flags) = body["flags"].as_u64() {
            message.flags = (message.flags & !SUPPRESS_EMBEDS) | (flags & (SUPPRESS_EMBEDS | COMPONENTS_V2));
        }
        self.attach(body, files, &mut message.attachments, &mut message.embeds);
        if message.is_empty() {
            return Err(Refusal::new(400, 50006, "Cannot send an empty message"));
        }
        message.flags &= !LOADING;
        message.embeds = std::mem::take(&mut message.embeds).into_iter().map(rich).collect();
        message.edited_ms = edited.then(|| self.clock.now_ms());
        message.revision = self.next_revision();
        message.request = body.clone();
        if let Some(place) = self.channels.get_mut(&channel) {
            place.messages.insert(id, message);
        }
        self.emit_message("MESSAGE_UPDATE", channel, id);
        Ok(())
    }

    /// Deletes a message.
    ///
    /// # Errors
    /// 10008 if there is no such message.
    pub(crate) fn remove_message(&mut self, channel: Snowflake, id: Snowflake) -> Result<(), Refusal> {
        let entry = self.channels.get_mut(&channel);
        let message = entry.and_then(|channel| channel.messages.remove(&id)).ok_or_else(unknown_message)?;
        if !message.is_ephemeral() {
            let (intent, guild) = (intents::messages(message.guild), message.guild);
            let data = json!({ "id": id.json(), "channel_id": channel.json(),
                "guild_id": guild.map(Snowflake::json) });
            self.emit_in_channel("MESSAGE_DELETE", intent, channel, &data);
        }
        Ok(())
    }

    fn next_revision(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    fn may(&self, user: Snowflake, channel: Snowflake, needed: u64) -> bool {
        self.channels.get(&channel).is_some_and(|channel| self.permissions_in(user, channel) & needed == needed)
    }

    /// Who this body pings when `author` posts it in `channel`.
    fn pinged(&self, channel: Snowflake, author: Snowflake, body: &Value, replies_to: Option<Snowflake>) -> Mentions {
        let replied_to = replies_to.and_then(|id| Some(self.message(channel, id)?.author));
        let written = mentions::written(body["content"].as_str().unwrap_or_default());
        let mut pinged = mentions::allowed(written, &body["allowed_mentions"], replied_to);
        let guild = self.channels.get(&channel).and_then(|channel: &Channel| self.guilds.get(&channel.guild?));
        let may_ping_all = self.may(author, channel, MENTION_EVERYONE);
        pinged.everyone &= may_ping_all && guild.is_some();
        pinged.users.retain(|id| self.users.contains_key(id));
        pinged
            .roles
            .retain(|id| guild.and_then(|guild| guild.role(*id)).is_some_and(|role| role.mentionable || may_ping_all));
        pinged
    }
}

pub(super) fn array(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// Discord trims what is sent.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().trim().to_owned()
}

fn rich(mut embed: Value) -> Value {
    if let Some(fields) = embed.as_object_mut() {
        fields.insert("type".to_owned(), "rich".into());
    }
    for field in embed.get_mut("fields").and_then(Value::as_array_mut).into_iter().flatten() {
        if field.get("inline").is_none() {
            field["inline"] = false.into();
        }
    }
    embed
}

/// Gives each component the numeric `id` Discord would, counting through the message.
fn numbered(mut components: Vec<Value>) -> Vec<Value> {
    fn visit(components: &mut [Value], next: &mut u64) {
        for component in components.iter_mut().filter(|component| component.is_object()) {
            if component.get("id").is_none_or(|id| *id == 0) {
                component["id"] = (*next).into();
            }
            *next += 1;
            if let Some(inner) = component.get_mut("components").and_then(Value::as_array_mut) {
                visit(inner, next);
            }
        }
    }
    visit(&mut components, &mut 1);
    components
}

/// The message type of a reply or of an ordinary message.
pub(crate) fn kind_of(replies_to: Option<Snowflake>) -> u8 {
    if replies_to.is_some() { super::message::REPLY } else { PLAIN }
}
