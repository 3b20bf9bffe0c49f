//! Hearing answers in interview threads: replies, mentions, and plain messages where they can be read.

use std::collections::HashSet;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use serenity::all::{CreateMessage, Message, Route};

use super::{Bot, drive};
use crate::app::Result;
use crate::app::mock::{Heard, Taken};
use crate::discord::rest::RestError;
use crate::discord::{errors, render};
use crate::domain::grade::Gate;
use crate::domain::ids::{ChannelId, MemberId, MessageId};
use crate::domain::interview::AnswerSource;
use crate::store::InterviewRow;

/// Messages in one read: the most that Discord gives.
const PAGE: usize = 100;

/// The first wait before threads that could not be read are tried again, and the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A message as far as an interview is concerned.
struct Remark {
    id: MessageId,
    author: MemberId,
    text: String,
    source: Option<AnswerSource>,
}

impl Remark {
    /// `None` for messages of bots and Discord's own.
    fn from(bot: &Bot, message: &Message) -> Option<Self> {
        if message.author.bot || message.author.system {
            return None;
        }
        let mentioned = message.mentions.iter().any(|u| u.id == bot.me);
        let replied = message.referenced_message.as_ref().is_some_and(|m| m.author.id == bot.me);
        let source = match (replied, mentioned) {
            (true, _) => Some(AnswerSource::Reply),
            (false, true) => Some(AnswerSource::Mention),
            (false, false) => bot.message_content.then_some(AnswerSource::Message),
        };
        Some(Self {
            id: MessageId(message.id.get()),
            author: MemberId(message.author.id.get()),
            text: without_mention(&message.content, bot.me.get()),
            // Discord withholds the text of what is not addressed to us; an empty answer is then no answer.
            source: source.filter(|_| !message.content.is_empty() || message.attachments.is_empty() && mentioned),
        })
    }
}

/// Someone wrote a message somewhere. Nearly always it is none of an interview's.
pub async fn heard(bot: &Arc<Bot>, message: &Message) {
    let Some(heard) = Remark::from(bot, message) else { return };
    let thread = ChannelId(message.channel_id.get());
    let taken = async {
        // What was written before it, while nobody listened, comes first.
        if !lock(bot).contains(&thread)
            && let Some(row) = bot.app.running_in(thread, heard.author).await?
        {
            read(bot, &row).await?;
        }
        take(bot, thread, &heard).await
    };
    if let Err(error) = taken.await {
        errors::log(&error);
    }
}

async fn take(bot: &Arc<Bot>, thread: ChannelId, heard: &Remark) -> Result<()> {
    let Some(source) = heard.source else {
        if let Some(row) = bot.app.running_in(thread, heard.author).await? {
            bot.app.explain_answering(&row).await?;
            bot.wake.notify_waiters();
        }
        return Ok(());
    };
    let answer = || bot.app.answer_mock_by_message(thread, heard.author, heard.id, &heard.text, source);
    let mut taken = answer().await?;
    if matches!(taken, Heard::TooEarly) {
        mark_unread(bot, thread);
        // The question may have become known before the mark was there to be seen.
        taken = answer().await?;
    }
    match taken {
        Heard::Answer(Taken::Stored(row)) => drive(bot, row.id),
        Heard::Answer(Taken::TurnedAway(gate)) => turn_away(bot, thread, heard.id, gate).await,
        Heard::TooLate(row) => {
            bot.app.explain_too_late(&row).await?;
            bot.wake.notify_waiters();
        }
        Heard::TooEarly | Heard::Nothing => {}
    }
    Ok(())
}

async fn turn_away(bot: &Bot, thread: ChannelId, message: MessageId, gate: Gate) {
    let card = render::practice::turned_away(gate, "");
    let channel = serenity::all::ChannelId::new(thread.0);
    let reply = CreateMessage::from(card).reference_message((channel, serenity::all::MessageId::new(message.0)));
    if let Err(error) = super::post(bot, thread, reply, format!("gate-{message}")).await {
        tracing::warn!(%error, "a message could not be answered");
    }
}

/// Reads what was written in the threads of running interviews while nobody listened.
pub async fn catch_up(bot: &Arc<Bot>) {
    lock(bot).clear();
    read_unread(bot).await;
}

/// A question is known to be in that thread: what was written below it before that was known is read now.
pub(super) fn asked_in(bot: &Arc<Bot>, thread: ChannelId) {
    if !lock(bot).contains(&thread) {
        let reader = Arc::clone(bot);
        bot.tasks.spawn(async move { read_unread(&reader).await });
    }
}

/// Reads the threads that may hold something unread. One that Discord will not show now is tried again until it does: an
/// answer in it is still an answer.
async fn read_unread(bot: &Arc<Bot>) {
    let mut pause = FIRST_PAUSE;
    loop {
        match read_all(bot).await {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => errors::log(&error),
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = LONGEST_PAUSE.min(pause * 2),
            () = bot.stop.cancelled() => return,
        }
    }
}

async fn read_all(bot: &Arc<Bot>) -> Result<bool> {
    let mut all = true;
    for row in bot.app.running_mocks().await? {
        if bot.stop.is_cancelled() {
            return Ok(true);
        }
        if !lock(bot).contains(&row.thread) {
            all &= read(bot, &row).await?;
        }
    }
    Ok(all)
}

/// Reads a thread from the question that waits on. Several messages in a row are one answer: their author could not know
/// which would be heard. `false` when Discord would not show it now.
async fn read(bot: &Arc<Bot>, row: &InterviewRow) -> Result<bool> {
    // Whoever finds out that the question to come is in the thread has it read from there on.
    let Some(after) = bot.app.unread_after(row).await? else { return Ok(true) };
    let messages = match messages_after(bot, row.thread, after).await {
        Ok(messages) => messages,
        Err(RestError::Refused { code: 10003, .. }) => {
            super::thread_gone(bot, row.thread).await;
            Vec::new()
        }
        Err(error @ RestError::Refused { .. }) => {
            tracing::warn!(interview = row.id, %error, "a thread may not be read");
            Vec::new()
        }
        Err(error) => {
            tracing::warn!(interview = row.id, %error, "a thread is not read yet");
            return Ok(false);
        }
    };
    mark_read(bot, row.thread);
    let mut heard: Vec<Remark> =
        messages.iter().filter_map(|m| Remark::from(bot, m)).filter(|h| h.author == row.member).collect();
    heard.sort_by_key(|h| h.id);
    let Some(last) = heard.last().map(|h| h.id) else { return Ok(true) };
    let addressed = heard.iter().any(|h| h.source.is_some());
    // Where nothing was addressed to us, one message stands for all: its author is told how to answer.
    if let Some(joined) = heard.into_iter().filter(|h| h.source.is_some() || !addressed).reduce(join) {
        take(bot, row.thread, &joined).await?;
    }
    bot.app.thread_read(&row.id, last).await?;
    Ok(true)
}

async fn messages_after(
    bot: &Bot,
    thread: ChannelId,
    mut after: MessageId,
) -> std::result::Result<Vec<Message>, RestError> {
    let channel_id = serenity::all::ChannelId::new(thread.0);
    let mut all = Vec::new();
    loop {
        let params = vec![("after", after.to_string()), ("limit", PAGE.to_string())];
        let page: Vec<Value> = bot.rest.get(Route::ChannelMessages { channel_id }, params).await?;
        let full = page.len() >= PAGE;
        let read: Vec<Message> = page.into_iter().filter_map(|m| serde_json::from_value(m).ok()).collect();
        let newest = read.iter().map(|m| MessageId(m.id.get())).max();
        all.extend(read);
        match newest.filter(|newest| full && *newest > after) {
            Some(newest) => after = newest,
            None => return Ok(all),
        }
    }
}

/// Two messages as one, known by the later.
fn join(mut all: Remark, next: Remark) -> Remark {
    all.text.push_str("\n\n");
    all.text.push_str(&next.text);
    Remark { id: next.id, ..all }
}

/// Nothing written in that thread before now is unread.
pub(super) fn mark_read(bot: &Bot, thread: ChannelId) {
    lock(bot).insert(thread);
}

/// Something may be unread in that thread, or nobody needs to know any more.
pub(super) fn mark_unread(bot: &Bot, thread: ChannelId) {
    lock(bot).remove(&thread);
}

fn lock(bot: &Bot) -> MutexGuard<'_, HashSet<ChannelId>> {
    bot.read_threads.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The text without the mention that addressed it to us.
fn without_mention(text: &str, me: u64) -> String {
    let mention = [format!("<@{me}>"), format!("<@!{me}>")];
    let mut rest = text.trim();
    for mention in &mention {
        rest = rest.strip_prefix(mention.as_str()).unwrap_or(rest).trim_start();
        rest = rest.strip_suffix(mention.as_str()).unwrap_or(rest).trim_end();
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mention_that_addresses_us_is_no_part_of_the_answer() {
        assert_eq!(without_mention("<@7> use a lock", 7), "use a lock");
        assert_eq!(without_mention("use a lock <@!7>", 7), "use a lock");
        assert_eq!(without_mention("ask <@8> first", 7), "ask <@8> first");
        assert_eq!(without_mention("<@7>", 7), "");
    }
}
