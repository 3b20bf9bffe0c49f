//! Delivering drops: at most once each, however often the process dies in between.
//!
//! A drop is claimed in the database before it is sent, and sent with a nonce that Discord enforces for some minutes.
//! One that a dead process had claimed may have arrived, so its channel is searched for it first.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};
use serenity::all::{CreateMessage, LightMethod, Message, Nonce, Permissions, Route};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::bot::Bot;
use super::interviews::find_own;
use super::permissions;
use super::render;
use super::rest::RestError;
use crate::app::DeliveryStatus;
use crate::app::Result;
use crate::app::drops::DueDrop;
use crate::domain::ids::MessageId;

/// Drops on their way at once. More would only queue behind the limit of requests a second.
const AT_ONCE: u32 = 40;

/// The longest the next look may wait, so that a drop is not late when its minute comes.
pub const LOOK_EVERY: Duration = Duration::from_millis(500);

/// A day of silence archives a question's thread.
const ARCHIVE_AFTER_MINUTES: u16 = 1_440;

/// Discord's code for a message that has a thread already.
const THREAD_EXISTS: i64 = 160_004;

/// The first instant that Discord's snowflakes can name, in Unix milliseconds.
const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;

/// Which drops are on their way, so that one that takes long neither holds up the others nor is taken twice.
pub struct UnderWay {
    slots: Arc<Semaphore>,
    ids: Mutex<HashSet<String>>,
}

impl Default for UnderWay {
    fn default() -> Self {
        Self { slots: Arc::new(Semaphore::new(AT_ONCE as usize)), ids: Mutex::default() }
    }
}

/// A drop's place among those on their way; free again when it is let go.
struct Place {
    bot: Arc<Bot>,
    id: String,
    _slot: OwnedSemaphorePermit,
}

impl UnderWay {
    /// How many more can be taken, once half of all places are free or some time has passed: taking many at once is one
    /// write to the disk instead of many.
    async fn room(&self) -> u32 {
        let _ = tokio::time::timeout(LOOK_EVERY, self.slots.acquire_many(AT_ONCE / 2)).await;
        u32::try_from(self.slots.available_permits()).unwrap_or(AT_ONCE)
    }

    /// A place for this drop; none while it has one.
    fn enter(bot: &Arc<Bot>, id: &str) -> Option<Place> {
        let slot = Arc::clone(&bot.dropping.slots).try_acquire_owned().ok()?;
        let new = bot.dropping.ids.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned());
        new.then(|| Place { bot: Arc::clone(bot), id: id.to_owned(), _slot: slot })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.bot.dropping.ids.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

/// Plans what has come due and begins to deliver what is owed; `false` when there was nothing to do.
pub async fn deliver_due(bot: &Arc<Bot>) -> Result<bool> {
    let mut worked = bot.app.plan_due_drops().await? > 0;
    let room = bot.dropping.room().await;
    if room == 0 {
        return Ok(worked);
    }
    for drop in bot.app.take_due_drops(room).await? {
        let Some(place) = UnderWay::enter(bot, &drop.delivery.id) else { continue };
        worked = true;
        bot.tasks.spawn(async move {
            // One server's failure is that server's alone.
            if let Err(error) = deliver(&place.bot, &drop).await {
                super::errors::log(&error);
            }
        });
    }
    Ok(worked)
}

async fn deliver(bot: &Bot, drop: &DueDrop) -> Result<()> {
    let thread_next = drop.schedule.wanted.thread;
    let message = match drop.delivery.message {
        Some(message) => message,
        None => match send(bot, drop).await {
            Ok(Outcome::Posted(message)) => {
                bot.app.drop_posted(drop, message, thread_next).await?;
                let late = bot.app.clock.now().duration_since(drop.delivery.due);
                metrics::counter!("coach_drops_total", "outcome" => "made").increment(1);
                metrics::histogram!("coach_drop_delay_seconds").record(late.as_secs_f64());
                message
            }
            Ok(Outcome::Withdrawn(reason)) => return bot.app.drop_withdrawn(drop, reason).await,
            Err(error) => return settle(bot, drop, &error).await,
        },
    };
    if thread_next { open_thread(bot, drop, message).await } else { Ok(()) }
}

/// What came of sending a drop.
enum Outcome {
    /// Its message is there, from this try or an earlier one.
    Posted(MessageId),
    /// It is not there, as far as anyone can tell, and is not to be posted any more.
    Withdrawn(&'static str),
}

async fn send(bot: &Bot, drop: &DueDrop) -> std::result::Result<Outcome, RestError> {
    // Someone tried before, and it may have worked.
    if drop.delivery.status == DeliveryStatus::Sending {
        if let Some(message) = find_earlier(bot, drop).await? {
            return Ok(Outcome::Posted(message));
        }
        if drop.withdrawn.is_none() && !drop.nonce_holds && !may_read_history(bot, drop).await {
            return Ok(Outcome::Withdrawn(
                "it may have been posted before I was restarted, and without Read Message History I cannot tell",
            ));
        }
    }
    if let Some(reason) = drop.withdrawn {
        return Ok(Outcome::Withdrawn(reason));
    }
    post(bot, drop).await.map(Outcome::Posted)
}

async fn post(bot: &Bot, drop: &DueDrop) -> std::result::Result<MessageId, RestError> {
    let channel_id = serenity::all::ChannelId::new(drop.schedule.wanted.channel.0);
    let message = CreateMessage::from(render::drops::drop(drop, &bot.app.bank.taxonomy))
        .nonce(Nonce::String(nonce(&drop.delivery.id)))
        .enforce_nonce(true);
    let route = Route::ChannelMessages { channel_id };
    let made: Message = bot.rest.send(LightMethod::Post, route, Some(&message)).await?;
    // Without Embed Links Discord takes the message and leaves its embed out: the question itself.
    if made.embeds.is_empty() {
        let route = Route::ChannelMessage { channel_id, message_id: made.id };
        let body = json!({ "content": render::drops::as_text(drop), "allowed_mentions": { "parse": [] } });
        if let Err(error) = bot.rest.send::<Value>(LightMethod::Patch, route, Some(&body)).await {
            tracing::warn!(schedule = drop.schedule.wanted.id, %error, "a question without its embed stays without text");
        }
    }
    Ok(MessageId(made.id.get()))
}

/// The message of an earlier try: among the newest, or right after the moment it was owed.
async fn find_earlier(bot: &Bot, drop: &DueDrop) -> std::result::Result<Option<MessageId>, RestError> {
    let (channel, id) = (drop.schedule.wanted.channel, &drop.delivery.id);
    let found = match find_own(bot, channel, id, None).await {
        Ok(None) => find_own(bot, channel, id, owed_at(id)).await,
        found => found,
    };
    match found {
        // Posting will be refused in the same way, and says why.
        Err(RestError::Refused { .. }) => Ok(None),
        found => found,
    }
}

/// Whether a search that found nothing means that nothing is there: without the permission Discord shows an empty channel.
async fn may_read_history(bot: &Bot, drop: &DueDrop) -> bool {
    let wanted = &drop.schedule.wanted;
    let held = permissions::held_in(bot, wanted.server, wanted.channel).await;
    held.map_or(true, |held| held.contains(Permissions::READ_MESSAGE_HISTORY))
}

/// The id a message had that was posted when the delivery was owed, a little earlier to be safe.
fn owed_at(delivery: &str) -> Option<MessageId> {
    let (seconds, _) = Uuid::parse_str(delivery).ok()?.get_timestamp()?.to_unix();
    let since_epoch = (seconds.saturating_sub(60) * 1_000).checked_sub(DISCORD_EPOCH_MS)?;
    Some(MessageId(since_epoch << 22))
}

async fn open_thread(bot: &Bot, drop: &DueDrop, message: MessageId) -> Result<()> {
    let route = Route::ChannelMessageThreads {
        channel_id: serenity::all::ChannelId::new(drop.schedule.wanted.channel.0),
        message_id: serenity::all::MessageId::new(message.0),
    };
    let name = render::clip(&drop.question.title, 100);
    let body = json!({ "name": name, "auto_archive_duration": ARCHIVE_AFTER_MINUTES });
    match bot.rest.send::<Value>(LightMethod::Post, route, Some(&body)).await {
        Ok(_) => bot.app.drop_threaded(drop).await,
        Err(error) if error.code() == Some(THREAD_EXISTS) => bot.app.drop_threaded(drop).await,
        Err(error @ RestError::Refused { .. }) => {
            let (reason, remedy) = why(bot, drop, &error).await;
            bot.app.drop_without_thread(drop, &reason, &remedy).await
        }
        Err(error) => bot.app.thread_delayed(drop, &error.to_string()).await,
    }
}

async fn settle(bot: &Bot, drop: &DueDrop, error: &RestError) -> Result<()> {
    let outcome = |outcome: &'static str| metrics::counter!("coach_drops_total", "outcome" => outcome).increment(1);
    match error {
        // A revoked token or a proxy's trouble says nothing about this schedule.
        RestError::Refused { status: 400 | 403 | 404, .. } => {
            outcome("refused");
            let (reason, remedy) = why(bot, drop, error).await;
            let remedy = if error.code() == Some(UNKNOWN_CHANNEL) {
                remedy
            } else {
                format!("{remedy} Then use /drops resume.")
            };
            bot.app.drop_refused(drop, &reason, &remedy).await
        }
        RestError::RateLimited { retry_after } => {
            outcome("delayed");
            let wait = SignedDuration::try_from(*retry_after).unwrap_or(SignedDuration::from_secs(60));
            bot.app.drop_held(drop, wait, &error.to_string()).await
        }
        _ => {
            outcome("delayed");
            bot.app.drop_delayed(drop, &error.to_string()).await
        }
    }
}

/// Discord's code for a channel that is gone.
const UNKNOWN_CHANNEL: i64 = 10_003;

/// Discord's refusal in words, and what to press.
async fn why(bot: &Bot, drop: &DueDrop, error: &RestError) -> (String, String) {
    let wanted = &drop.schedule.wanted;
    match error.code() {
        Some(UNKNOWN_CHANNEL) => (
            "its channel was deleted".to_owned(),
            "Delete the schedule with /drops delete and create one elsewhere.".to_owned(),
        ),
        Some(50001) => (
            "I cannot see its channel".to_owned(),
            "Give me View Channel there, under Edit Channel, Permissions.".to_owned(),
        ),
        Some(50013) => {
            let missing = permissions::missing_for_drops(bot, wanted.server, wanted.channel, wanted.thread).await;
            let missing = missing.unwrap_or_default();
            let what = if missing.is_empty() { "a permission".to_owned() } else { missing.join(", ") };
            (format!("I lack {what} in its channel"), "Grant that under Edit Channel, Permissions.".to_owned())
        }
        _ => (error.to_string(), "Check the channel and what I may do there.".to_owned()),
    }
}

/// 25 characters at most, and random from its first to its last.
fn nonce(delivery: &str) -> String {
    delivery.chars().skip(delivery.len().saturating_sub(24)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn the_search_starts_a_minute_before_the_delivery_was_owed() {
        let id = Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 1_800_000_060, 0));
        let from = owed_at(&id.simple().to_string()).unwrap();
        let at = Timestamp::from_millisecond(i64::try_from((from.0 >> 22) + DISCORD_EPOCH_MS).unwrap()).unwrap();
        assert_eq!(at, Timestamp::from_second(1_800_000_000).unwrap());
    }
}
