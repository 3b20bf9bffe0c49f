//! Interviews in their threads: opening one, showing what the interviewer says, hearing answers, and picking up what
//! happened while nobody listened.

mod hearing;

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use serenity::all::{CreateMessage, LightMethod, Message, Nonce, Route, UserId};

pub use hearing::{catch_up, heard};

use super::bot::Bot;
use super::components::Action;
use super::render;
use super::rest::RestError;
use crate::app::InterviewRow;
use crate::app::mock::{Asking, ToDo};
use crate::app::{Error, Result, Who};
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::interview::Plan;

/// Discord's types of thread.
const PUBLIC_THREAD: u8 = 11;
const PRIVATE_THREAD: u8 = 12;

/// The first millisecond of 2015, from which Discord's ids count.
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

/// A week without a message archives the thread; the interview goes on all the same.
const ARCHIVE_AFTER_MINUTES: u16 = 10_080;

/// What is said where no interview's thread can be.
pub(super) const NO_THREADS: &str =
    "An interview needs a thread of its own, and there can be none here. Run /mock start in a text channel.";

/// Where an interview's thread is opened.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// The channel.
    pub channel: ChannelId,
    /// Whether only the candidate and moderators shall see the thread.
    pub private: bool,
}

/// Opens the thread and begins the interview in it. Says which thread, and whether it is private.
pub async fn begin(bot: &Arc<Bot>, who: Who, room: Room, plan: Plan) -> Result<(ChannelId, bool)> {
    let (thread, private) = open_thread(bot, room, &render::mock::thread_name(&plan)).await?;
    let thread_id = serenity::all::ChannelId::new(thread.0);
    let member = Route::ChannelThreadMember { channel_id: thread_id, user_id: UserId::new(who.member.0) };
    let begun = match bot.rest.send::<Value>(LightMethod::Put, member, None::<&()>).await {
        Ok(_) => bot.app.begin_mock(who, room.channel, thread, plan).await,
        Err(error) => Err(refused(&error)),
    };
    match begun {
        Ok(id) => {
            hearing::mark_read(bot, thread);
            drive(bot, id);
            Ok((thread, private))
        }
        Err(error) => {
            remove_thread(bot, thread_id).await;
            Err(error)
        }
    }
}

/// An empty thread would only be in the way. Deleting takes a permission that opening does not; whoever opened a thread
/// may close it.
async fn remove_thread(bot: &Bot, channel_id: serenity::all::ChannelId) {
    let route = || Route::Channel { channel_id };
    if bot.rest.send::<Value>(LightMethod::Delete, route(), None::<&()>).await.is_err() {
        let closed = bot.rest.send::<Value>(LightMethod::Patch, route(), Some(&json!({ "archived": true }))).await;
        if let Err(error) = closed {
            tracing::warn!(%error, "an empty thread stays open");
        }
    }
}

async fn open_thread(bot: &Bot, room: Room, name: &str) -> Result<(ChannelId, bool)> {
    let open = async |kind: u8| -> std::result::Result<ChannelId, RestError> {
        let route = Route::ChannelThreads { channel_id: serenity::all::ChannelId::new(room.channel.0) };
        let body = json!({ "name": name, "type": kind, "auto_archive_duration": ARCHIVE_AFTER_MINUTES });
        let made: Value = bot.rest.send(LightMethod::Post, route, Some(&body)).await?;
        let id = made["id"].as_str().and_then(|id| id.parse().ok());
        id.map(ChannelId).ok_or_else(|| RestError::Unavailable("a thread without an id".to_owned()))
    };
    if room.private {
        match open(PRIVATE_THREAD).await {
            Ok(thread) => return Ok((thread, true)),
            // Allowed in this channel, but not everywhere: announcement channels have public threads only.
            Err(RestError::Refused { .. }) => {}
            Err(error) => return Err(refused(&error)),
        }
    }
    Ok((open(PUBLIC_THREAD).await.map_err(|e| refused(&e))?, false))
}

fn refused(error: &RestError) -> Error {
    match error {
        RestError::Refused { code: 50001 | 50013, .. } => Error::User(
            "I may not open a thread here. Ask a moderator to give me Create Private Threads and Send Messages in \
             Threads in this channel, then run /mock start again."
                .to_owned(),
        ),
        RestError::Refused { code: 10003, .. } => {
            Error::User("This channel is gone. Run /mock start in another one.".to_owned())
        }
        // Not a kind of channel that has such threads: a forum wants a post instead.
        RestError::Refused { code: 50024 | 50035, .. } => Error::User(NO_THREADS.to_owned()),
        RestError::Refused { code, message, .. } => {
            Error::User(format!("Discord would not open a thread here ({message}, code {code}). Try another channel."))
        }
        RestError::RateLimited { .. } | RestError::Unavailable(_) => {
            Error::User("Discord is not answering me right now. Run /mock start again in a minute.".to_owned())
        }
    }
}

/// Drives an interview until the candidate has the word, in a task of its own. One task at a time drives an interview; a
/// second call makes it look once more.
pub fn drive(bot: &Arc<Bot>, id: String) {
    {
        let mut driving = bot.driving.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(again) = driving.get_mut(&id) {
            *again = true;
            return;
        }
        driving.insert(id.clone(), false);
    }
    let driver = Arc::clone(bot);
    bot.tasks.spawn(async move {
        loop {
            if let Err(error) = drive_once(&driver, &id).await {
                super::errors::log(&error);
                // What failed once may fail every time; without a pause it would fail, and be logged, twice a second.
                if let Err(error) = driver.app.mock_delayed(&id).await {
                    super::errors::log(&error);
                }
            }
            let mut driving = driver.driving.lock().unwrap_or_else(PoisonError::into_inner);
            match driving.get_mut(&id) {
                Some(again) if *again && !driver.stop.is_cancelled() => *again = false,
                _ => {
                    driving.remove(&id);
                    return;
                }
            }
        }
    });
}

async fn drive_once(bot: &Arc<Bot>, id: &str) -> Result<()> {
    loop {
        let todo = while_typing(bot, id, bot.app.advance_mock(id)).await?;
        let (row, shown) = match &todo {
            ToDo::Nothing => return Ok(()),
            ToDo::Ask(asking) => (&asking.interview, show_turn(bot, asking).await),
            ToDo::Score(row) => (row.as_ref(), show_scorecard(bot, row).await),
        };
        match shown {
            Ok(()) => {}
            Err(Shown::Gone) => {
                bot.app.end_interview(row).await?;
                bot.app.scorecard_shown(&row.id).await?;
            }
            Err(Shown::Later(reason)) => {
                tracing::warn!(interview = row.id, reason, "an interview's message waits");
                return bot.app.mock_delayed(&row.id).await;
            }
            Err(Shown::Failed(error)) => return Err(error),
        }
    }
}

/// Why something is not shown.
enum Shown {
    /// The thread is deleted.
    Gone,
    /// Discord will not have it now.
    Later(String),
    /// We could not note that it is shown.
    Failed(Error),
}

impl From<RestError> for Shown {
    fn from(error: RestError) -> Self {
        match error {
            RestError::Refused { code: 10003, .. } => Self::Gone,
            other => Self::Later(other.to_string()),
        }
    }
}

impl From<Error> for Shown {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

async fn show_turn(bot: &Arc<Bot>, asking: &Asking) -> std::result::Result<(), Shown> {
    let (row, seq) = (&asking.interview, asking.turn.seq);
    let action = Action::MockAnswer { interview: row.id.clone(), seq };
    let message = match already_shown(bot, row, asking.asked_at, &action).await? {
        Some(message) => message,
        None => {
            let card = render::mock::turn(asking, &action);
            post(bot, row.thread, CreateMessage::from(card), nonce(&row.id, seq)).await?
        }
    };
    bot.app.turn_shown(&row.id, seq, message).await?;
    hearing::asked_in(bot, row.thread);
    Ok(())
}

async fn show_scorecard(bot: &Bot, row: &InterviewRow) -> std::result::Result<(), Shown> {
    // Every scorecard has this button, and no other message does.
    let marker = Action::MockAgain { interview: row.id.clone() };
    if let Some(ended_at) = row.ended_at
        && already_shown(bot, row, ended_at, &marker).await?.is_none()
    {
        let card = render::mock::scorecard(row, &bot.app.bank);
        post(bot, row.thread, CreateMessage::from(card), nonce(&row.id, 0)).await?;
    }
    hearing::mark_unread(bot, row.thread);
    Ok(bot.app.scorecard_shown(&row.id).await?)
}

/// The message that shows this already. Asked only where an earlier try, or an earlier process, may have got through:
/// Discord's own check of the nonce lasts for minutes, the thread for ever.
async fn already_shown(
    bot: &Bot,
    row: &InterviewRow,
    decided_at: jiff::Timestamp,
    marker: &Action,
) -> std::result::Result<Option<MessageId>, RestError> {
    if row.tries == 0 && decided_at >= bot.started_at {
        return Ok(None);
    }
    // In quotes, the id of turn 1 is no part of that of turn 12.
    let part = format!("\"{marker}\"");
    let found = match find_own(bot, row.thread, &part, None).await {
        Ok(None) => find_own(bot, row.thread, &part, Some(shortly_before(decided_at))).await,
        found => found,
    };
    match found {
        // Without the permission to read the thread, the nonce alone must do.
        Err(RestError::Refused { code: 50001 | 50013, .. }) => Ok(None),
        found => found,
    }
}

/// The id a message would have had a minute before, since clocks differ.
pub(super) fn shortly_before(instant: jiff::Timestamp) -> MessageId {
    let since_epoch = instant.as_millisecond().saturating_sub(DISCORD_EPOCH_MS + 60_000);
    MessageId(u64::try_from(since_epoch).unwrap_or(0) << 22)
}

/// Our message in a channel with a component whose JSON holds this, among the last hundred or the first hundred after a moment.
pub(super) async fn find_own(
    bot: &Bot,
    channel: ChannelId,
    part: &str,
    after: Option<MessageId>,
) -> std::result::Result<Option<MessageId>, RestError> {
    let channel_id = serenity::all::ChannelId::new(channel.0);
    let mut params = vec![("limit", "100".to_owned())];
    params.extend(after.map(|id| ("after", id.to_string())));
    let messages: Vec<Value> = bot.rest.get(Route::ChannelMessages { channel_id }, params).await?;
    let me = bot.me.to_string();
    let ours = messages
        .iter()
        .find(|m| m["author"]["id"].as_str() == Some(me.as_str()) && m["components"].to_string().contains(part));
    Ok(ours.and_then(|m| m["id"].as_str()?.parse().ok()).map(MessageId))
}

/// Posts with a nonce, so that a request sent twice within minutes makes one message.
pub(super) async fn post(
    bot: &Bot,
    channel: ChannelId,
    message: CreateMessage,
    nonce: String,
) -> std::result::Result<MessageId, RestError> {
    let route = Route::ChannelMessages { channel_id: serenity::all::ChannelId::new(channel.0) };
    let message = message.nonce(Nonce::String(nonce)).enforce_nonce(true);
    let made: Message = bot.rest.send(LightMethod::Post, route, Some(&message)).await?;
    Ok(MessageId(made.id.get()))
}

/// 25 characters at most: the random end of the id, and the turn.
fn nonce(id: &str, seq: u32) -> String {
    let tail: String = id.chars().skip(id.len().saturating_sub(18)).collect();
    format!("{tail}-{seq}")
}

/// Shows that someone is typing for as long as `work` takes, when a model may take long over it.
async fn while_typing<T>(bot: &Arc<Bot>, id: &str, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    if !bot.app.llm.is_enabled() {
        return work.await;
    }
    // What needs no model is done before anyone could see it being typed.
    if let Ok(done) = tokio::time::timeout(Duration::from_millis(300), &mut work).await {
        return done;
    }
    let Ok(Some(row)) = bot.app.interview(id).await else { return work.await };
    let route = || Route::ChannelTyping { channel_id: serenity::all::ChannelId::new(row.thread.0) };
    loop {
        // Discord shows it for ten seconds.
        let _ = bot.rest.send::<Value>(LightMethod::Post, route(), None::<&()>).await;
        if let Ok(done) = tokio::time::timeout(Duration::from_secs(8), &mut work).await {
            return done;
        }
    }
}

/// The thread was deleted: the interview ends, and its scorecard stays in `/mock history`.
pub async fn thread_gone(bot: &Arc<Bot>, thread: ChannelId) {
    let ended = async {
        if let Some(row) = bot.app.interview_in(thread).await? {
            if row.ended_at.is_none() {
                bot.app.end_interview(&row).await?;
            }
            bot.app.scorecard_shown(&row.id).await?;
        }
        Ok::<(), Error>(())
    };
    if let Err(error) = ended.await {
        super::errors::log(&error);
    }
}
