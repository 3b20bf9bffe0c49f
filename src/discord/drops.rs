//! Delivering drops: at most once each, however often the process dies in between.
//!
//! A drop is claimed in the database before it is sent, and sent with a nonce that Discord enforces for some minutes.
//! One that a dead process had claimed may have arrived, so its channel is searched for it first.

use std::sync::Arc;

use serde_json::{Value, json};
use serenity::all::{CreateMessage, LightMethod, Route};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::bot::Bot;
use super::interviews::{find_own, post};
use super::render;
use super::rest::RestError;
use crate::app::DeliveryStatus;
use crate::app::Result;
use crate::app::drops::DueDrop;
use crate::domain::ids::MessageId;

/// Drops sent at once. More would only queue behind the limit of requests a second.
const AT_ONCE: u32 = 40;

/// A day of silence archives a question's thread.
const ARCHIVE_AFTER_MINUTES: u16 = 1_440;

/// Discord's code for a message that has a thread already.
const THREAD_EXISTS: i64 = 160_004;

/// The first instant that Discord's snowflakes can name, in Unix milliseconds.
const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;

/// Plans what has come due and delivers what is owed; `false` when there was nothing to do.
pub async fn deliver_due(bot: &Arc<Bot>) -> Result<bool> {
    let planned = bot.app.plan_due_drops().await?;
    let due = bot.app.take_due_drops(AT_ONCE).await?;
    let worked = planned > 0 || !due.is_empty();
    let mut sending = JoinSet::new();
    for drop in due {
        let bot = Arc::clone(bot);
        sending.spawn(async move {
            // One server's failure is that server's alone.
            if let Err(error) = deliver(&bot, &drop).await {
                super::errors::log(&error);
            }
        });
    }
    while sending.join_next().await.is_some() {}
    Ok(worked)
}

async fn deliver(bot: &Bot, drop: &DueDrop) -> Result<()> {
    let sent = match drop.delivery.message {
        Some(message) => Ok(message),
        None => send(bot, drop).await,
    };
    let message = match sent {
        Ok(message) => message,
        Err(error) => return settle(bot, drop, &error).await,
    };
    let thread_next = drop.schedule.wanted.thread;
    if drop.delivery.message.is_none() {
        bot.app.drop_posted(drop, message, thread_next).await?;
        let late = bot.app.clock.now().duration_since(drop.delivery.due);
        metrics::counter!("coach_drops_total", "outcome" => "made").increment(1);
        metrics::histogram!("coach_drop_delay_seconds").record(late.as_secs_f64());
    }
    if thread_next { open_thread(bot, drop, message).await } else { Ok(()) }
}

async fn send(bot: &Bot, drop: &DueDrop) -> std::result::Result<MessageId, RestError> {
    let channel = drop.schedule.wanted.channel;
    // Someone tried before, and it may have worked.
    if drop.delivery.status == DeliveryStatus::Sending
        && let Some(message) = find_earlier(bot, drop).await?
    {
        return Ok(message);
    }
    let card = render::drops::drop(drop, &bot.app.bank.taxonomy);
    post(bot, channel, CreateMessage::from(card), nonce(&drop.delivery.id)).await
}

/// The message of an earlier try: among the newest, or right after the moment it was owed.
async fn find_earlier(bot: &Bot, drop: &DueDrop) -> std::result::Result<Option<MessageId>, RestError> {
    let (channel, id) = (drop.schedule.wanted.channel, &drop.delivery.id);
    let found = match find_own(bot, channel, id, None).await {
        Ok(None) => find_own(bot, channel, id, owed_at(id)).await,
        found => found,
    };
    match found {
        // Reading the history is a permission of its own; without it the nonce alone must do.
        Err(RestError::Refused { .. }) => Ok(None),
        found => found,
    }
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
        Ok(_) => bot.app.drop_done(drop, None).await,
        Err(error) if error.code() == Some(THREAD_EXISTS) => bot.app.drop_done(drop, None).await,
        // The question is there, which is what was promised; the missing thread is told and not tried again.
        Err(error @ RestError::Refused { .. }) => bot.app.drop_done(drop, Some(&why(&error).0)).await,
        Err(error) => bot.app.drop_delayed(drop, &error.to_string()).await,
    }
}

async fn settle(bot: &Bot, drop: &DueDrop, error: &RestError) -> Result<()> {
    match error {
        // A revoked token or a proxy's trouble says nothing about this schedule.
        RestError::Refused { status: 400 | 403 | 404, .. } => {
            let (reason, remedy) = why(error);
            metrics::counter!("coach_drops_total", "outcome" => "refused").increment(1);
            bot.app.drop_refused(drop, &reason, remedy).await
        }
        _ => {
            metrics::counter!("coach_drops_total", "outcome" => "delayed").increment(1);
            bot.app.drop_delayed(drop, &error.to_string()).await
        }
    }
}

/// Discord's refusal in words, and what to press.
fn why(error: &RestError) -> (String, &'static str) {
    match error.code() {
        Some(10003) => {
            ("its channel was deleted".to_owned(), "Delete the schedule with /drops delete and create one elsewhere.")
        }
        Some(50001) => {
            ("I cannot see its channel".to_owned(), "Give me View Channel there, under Edit Channel, Permissions.")
        }
        Some(50013) => (
            "I lack a permission in its channel".to_owned(),
            "Give me View Channel, Send Messages, Embed Links and Create Public Threads there, under Edit Channel, \
             Permissions.",
        ),
        _ => (error.to_string(), "Check the channel and what I may do there."),
    }
}

/// 25 characters at most, and random from its first to its last.
fn nonce(delivery: &str) -> String {
    delivery.chars().skip(delivery.len().saturating_sub(24)).collect()
}

/// The longest the next look may wait, so that a drop is not late when its minute comes.
pub const LOOK_EVERY: std::time::Duration = std::time::Duration::from_millis(500);

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
