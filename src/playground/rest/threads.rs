//! Threads: opening them, in forums too, who is in them, and the archive.

use serde_json::{Value, json};

use super::super::channel::{
    ANNOUNCEMENT, ANNOUNCEMENT_THREAD, Channel, FORUM, PRIVATE_THREAD, PUBLIC_THREAD, TEXT, Thread,
};
use super::super::limits;
use super::super::message::{HAS_THREAD, THREAD_CREATED, THREAD_STARTER};
use super::super::permissions::{
    CREATE_PRIVATE_THREADS, CREATE_PUBLIC_THREADS, MANAGE_THREADS, READ_MESSAGE_HISTORY, SEND_MESSAGES,
};
use super::super::posting::Draft;
use super::super::refusal::Refusal;
use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::messages::{check, public};
use super::routes::{id, unknown_route, wrong_method};
use super::{Call, Reply, no_content, ok};

/// `rest` is the path below `/channels/{id}/threads`.
pub(super) fn route(state: &mut State, call: &Call, channel: Snowflake, rest: &[&str]) -> Reply {
    match (call.method.as_str(), rest) {
        ("POST", []) => open(state, call, channel),
        ("GET", ["archived", "public"]) => archived(state, call, channel, Archive::Public),
        ("GET", ["archived", "private"]) => archived(state, call, channel, Archive::Private),
        _ => Err(unknown_route()),
    }
}

fn open(state: &mut State, call: &Call, parent: Snowflake) -> Reply {
    let place = state.visible_channel(state.bot, parent)?;
    limits::check_thread(&call.body)?;
    if place.kind == FORUM {
        return open_post(state, call, parent);
    }
    let kind = u8::try_from(call.body["type"].as_u64().unwrap_or(PRIVATE_THREAD.into())).unwrap_or(0);
    let fits = match place.kind {
        TEXT => matches!(kind, PUBLIC_THREAD | PRIVATE_THREAD),
        ANNOUNCEMENT => kind == ANNOUNCEMENT_THREAD,
        _ => return Err(Refusal::new(400, 50024, "Cannot execute action on this channel type")),
    };
    if !fits {
        return Err(Refusal::invalid_form(
            "type",
            "BASE_TYPE_CHOICES",
            "Value must be a thread type that fits the channel.",
        ));
    }
    let needed = if kind == PRIVATE_THREAD { CREATE_PRIVATE_THREADS } else { CREATE_PUBLIC_THREADS };
    state.channel_with(state.bot, parent, needed)?;
    let bot = state.bot;
    let id = state.mint();
    state.add_thread(id, parent, kind, bot, &call.body);
    if kind != PRIVATE_THREAD {
        state.announce(parent, bot, THREAD_CREATED, call.body["name"].as_str().unwrap_or_default(), id);
    }
    created(state, id)
}

/// A post in a forum: a thread with its first message, whose id is the thread's.
fn open_post(state: &mut State, call: &Call, forum: Snowflake) -> Reply {
    state.channel_with(state.bot, forum, SEND_MESSAGES)?;
    let first = &call.body["message"];
    if !first.is_object() {
        return Err(Refusal::invalid_form("message", "BASE_TYPE_REQUIRED", "This field is required"));
    }
    check(first, &call.files)?;
    let bot = state.bot;
    let message = state.open_post(forum, bot, &call.body, call.files.clone());
    let (status, mut thread) = created(state, message)?;
    let first = state.message(message, message).map(|first| state.message_json(first, state.rest_access()));
    thread["message"] = first.unwrap_or_default();
    Ok((status, thread))
}

/// `POST /channels/{id}/messages/{message}/threads`.
pub(super) fn open_from_message(state: &mut State, call: &Call, parent: Snowflake, message: Snowflake) -> Reply {
    let place = state.channel_with(state.bot, parent, CREATE_PUBLIC_THREADS | READ_MESSAGE_HISTORY)?;
    let kind = match place.kind {
        TEXT => PUBLIC_THREAD,
        ANNOUNCEMENT => ANNOUNCEMENT_THREAD,
        _ => return Err(Refusal::new(400, 50024, "Cannot execute action on this channel type")),
    };
    public(state, parent, message)?;
    limits::check_thread(&call.body)?;
    if state.channels.contains_key(&message) {
        return Err(Refusal::new(400, 160_004, "A thread has already been created for this message"));
    }
    if let Some(first) = state.channels.get_mut(&parent).and_then(|place| place.messages.get_mut(&message)) {
        first.flags |= HAS_THREAD;
    }
    let bot = state.bot;
    state.add_thread(message, parent, kind, bot, &call.body);
    state.emit_message("MESSAGE_UPDATE", parent, message);
    state.announce(message, bot, THREAD_STARTER, "", message);
    created(state, message)
}

fn created(state: &State, id: Snowflake) -> Reply {
    let thread = state.channels.get(&id).map(|thread| state.channel_json(thread)).unwrap_or_default();
    Ok((201, thread))
}

impl State {
    /// Opens a thread with this id, named and set as `wishes` says.
    pub(crate) fn add_thread(&mut self, id: Snowflake, parent: Snowflake, kind: u8, owner: Snowflake, wishes: &Value) {
        let now_ms = self.clock.now_ms();
        let guild = self.channels.get(&parent).and_then(|parent| parent.guild);
        let mut channel = Channel::new(id, guild, kind, wishes["name"].as_str().unwrap_or_default());
        channel.thread = Some(Thread {
            parent,
            owner,
            members: [(owner, now_ms)].into(),
            archived: false,
            locked: false,
            invitable: wishes["invitable"].as_bool().unwrap_or(true),
            auto_archive_minutes: wishes["auto_archive_duration"].as_u64().unwrap_or(4320),
            archive_changed_ms: now_ms,
            message_count: 0,
        });
        self.channels.insert(id, channel);
        if let Some(guild) = guild.and_then(|id| self.guilds.get_mut(&id)) {
            guild.threads.insert(id);
        }
        self.emit_new_thread(id);
    }

    /// Opens a post in a forum; its id is its first message's too.
    pub(crate) fn open_post(
        &mut self,
        forum: Snowflake,
        author: Snowflake,
        wishes: &Value,
        files: Vec<super::super::files::Upload>,
    ) -> Snowflake {
        let id = self.mint();
        self.add_thread(id, forum, PUBLIC_THREAD, author, wishes);
        let body = wishes["message"].clone();
        self.post_as(Some(id), id, author, Draft { body, files, ..Draft::default() })
    }
}

/// `GET /channels/{id}/users/@me/threads/archived/private`.
pub(super) fn joined_archive(state: &State, call: &Call, parent: Snowflake) -> Reply {
    archived(state, call, parent, Archive::Joined)
}

/// Which archived threads are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Archive {
    Public,
    Private,
    /// The private ones the bot is in.
    Joined,
}

fn archived(state: &State, call: &Call, parent: Snowflake, archive: Archive) -> Reply {
    let needed = READ_MESSAGE_HISTORY | if archive == Archive::Private { MANAGE_THREADS } else { 0 };
    let place = state.channel_with(state.bot, parent, needed)?;
    let limit = call.query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50);
    let threads = threads_of(state, place.guild, |channel, thread| {
        let fits = match archive {
            Archive::Public => channel.kind != PRIVATE_THREAD,
            Archive::Private => channel.kind == PRIVATE_THREAD,
            Archive::Joined => channel.kind == PRIVATE_THREAD && thread.members.contains_key(&state.bot),
        };
        thread.archived && thread.parent == parent && fits
    });
    let mut page = listing(state, &threads[..threads.len().min(limit)]);
    page["has_more"] = (threads.len() > limit).into();
    ok(page)
}

/// The threads of a server that the bot sees and `wanted` wants, newest first.
pub(super) fn threads_of(
    state: &State,
    guild: Option<Snowflake>,
    wanted: impl Fn(&Channel, &Thread) -> bool,
) -> Vec<&Channel> {
    let threads = guild.and_then(|id| state.guilds.get(&id)).into_iter().flat_map(|guild| guild.threads.iter().rev());
    threads
        .filter_map(|id| state.channels.get(id))
        .filter(|channel| channel.thread.as_ref().is_some_and(|thread| wanted(channel, thread)))
        .filter(|channel| state.can_see(state.bot, channel))
        .collect()
}

/// A list of threads with the bot's memberships.
pub(super) fn listing(state: &State, threads: &[&Channel]) -> Value {
    let membership = |channel: &&Channel| channel.thread.as_ref()?.member_json(channel.id, state.bot);
    json!({
        "has_more": false,
        "threads": threads.iter().map(|channel| channel.json(state.bot)).collect::<Vec<_>>(),
        "members": threads.iter().filter_map(membership).collect::<Vec<_>>(),
    })
}

/// `rest` is the path below `/channels/{id}/thread-members`.
pub(super) fn members(state: &mut State, call: &Call, id_of_thread: Snowflake, rest: &[&str]) -> Reply {
    let place = state.visible_channel(state.bot, id_of_thread)?;
    let Some(thread) = &place.thread else {
        return Err(Refusal::new(400, 50024, "Cannot execute action on this channel type"));
    };
    let user = match rest {
        [] if call.method == "GET" => {
            let all = thread.members.keys().filter_map(|user| thread.member_json(id_of_thread, *user));
            return ok(all.collect());
        }
        ["@me"] => state.bot,
        [user] => id(user)?,
        _ => return Err(unknown_route()),
    };
    let changes = call.method != "GET";
    if changes && thread.archived {
        return Err(Refusal::new(400, 50083, "Thread is archived"));
    }
    match call.method.as_str() {
        "GET" => {
            ok(thread.member_json(id_of_thread, user).ok_or_else(|| Refusal::new(404, 10007, "Unknown Member"))?)
        }
        "PUT" => {
            may_add(state, place, thread, user)?;
            state.join_thread(id_of_thread, user);
            no_content()
        }
        "DELETE" => {
            let owns = place.kind == PRIVATE_THREAD && thread.owner == state.bot;
            if user != state.bot && !owns {
                state.channel_with(state.bot, id_of_thread, MANAGE_THREADS)?;
            }
            state.leave_thread(id_of_thread, user);
            no_content()
        }
        _ => Err(wrong_method()),
    }
}

fn may_add(state: &State, place: &Channel, thread: &Thread, user: Snowflake) -> Result<(), Refusal> {
    let guild = place.guild.and_then(|id| state.guilds.get(&id));
    if guild.is_none_or(|guild| !guild.members.contains_key(&user)) {
        return Err(Refusal::new(404, 10013, "Unknown User"));
    }
    if user == state.bot {
        return Ok(());
    }
    state.channel_with(state.bot, place.id, super::messages::sending(place))?;
    if place.kind == PRIVATE_THREAD && !thread.invitable && thread.owner != state.bot {
        state.channel_with(state.bot, place.id, MANAGE_THREADS)?;
    }
    Ok(())
}

impl State {
    /// Adds somebody to a thread.
    pub(crate) fn join_thread(&mut self, thread: Snowflake, user: Snowflake) {
        let now_ms = self.clock.now_ms();
        let joined = self.thread_mut(thread).is_some_and(|thread| thread.members.insert(user, now_ms).is_none());
        if joined {
            self.emit_thread_members(thread, &[user], &[]);
        }
    }

    /// Takes somebody out of a thread.
    pub(crate) fn leave_thread(&mut self, thread: Snowflake, user: Snowflake) {
        let left = self.thread_mut(thread).is_some_and(|thread| thread.members.remove(&user).is_some());
        if left {
            self.emit_thread_members(thread, &[], &[user]);
        }
    }
}
