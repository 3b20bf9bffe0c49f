//! Hearing answers in interview threads: replies, mentions, and plain messages where they can be read.

use std::sync::Arc;

use serde_json::Value;
use serenity::all::{CreateMessage, Message, Route};

use super::{Bot, drive};
use crate::app::Result;
use crate::app::mock::Taken;
use crate::discord::{errors, render};
use crate::domain::grade::Gate;
use crate::domain::ids::{ChannelId, MemberId, MessageId};
use crate::domain::interview::AnswerSource;

/// A message as far as an interview is concerned.
struct Heard {
    id: MessageId,
    author: MemberId,
    text: String,
    source: Option<AnswerSource>,
}

impl Heard {
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
    let Some(heard) = Heard::from(bot, message) else { return };
    let thread = ChannelId(message.channel_id.get());
    if let Err(error) = take(bot, thread, &heard).await {
        errors::log(&error);
    }
}

async fn take(bot: &Arc<Bot>, thread: ChannelId, heard: &Heard) -> Result<()> {
    let Some(source) = heard.source else {
        if let Some(row) = bot.app.running_in(thread, heard.author).await? {
            bot.app.explain_answering(&row).await?;
            bot.wake.notify_waiters();
        }
        return Ok(());
    };
    match bot.app.answer_mock_by_message(thread, heard.author, heard.id, &heard.text, source).await? {
        Some(Taken::Stored(row)) => drive(bot, row.id),
        Some(Taken::TurnedAway(gate)) => turn_away(bot, thread, heard.id, gate).await,
        None => {}
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

/// Reads what was written in the threads of running interviews while nobody listened. Several messages in a row are one
/// answer: their author could not know which would be heard.
pub async fn catch_up(bot: &Arc<Bot>) {
    let unread = match bot.app.unread_threads().await {
        Ok(unread) => unread,
        Err(error) => return errors::log(&error),
    };
    for (row, after) in unread {
        let channel_id = serenity::all::ChannelId::new(row.thread.0);
        let params = vec![("after", after.to_string()), ("limit", "100".to_owned())];
        let messages: Vec<Value> = match bot.rest.get(Route::ChannelMessages { channel_id }, params).await {
            Ok(messages) => messages,
            Err(error) if error.code() == Some(10003) => {
                super::thread_gone(bot, row.thread).await;
                continue;
            }
            Err(error) => {
                tracing::warn!(interview = row.id, %error, "a thread could not be read");
                continue;
            }
        };
        let mut heard: Vec<Heard> = messages
            .into_iter()
            .filter_map(|m| serde_json::from_value::<Message>(m).ok())
            .filter_map(|m| Heard::from(bot, &m))
            .filter(|h| h.author == row.member)
            .collect();
        heard.sort_by_key(|h| h.id);
        let last = heard.last().map(|h| h.id);
        let answers: Vec<Heard> = heard.into_iter().filter(|h| h.source.is_some()).collect();
        if let Some(joined) = join(answers)
            && let Err(error) = take(bot, row.thread, &joined).await
        {
            errors::log(&error);
        }
        if let Some(last) = last
            && let Err(error) = bot.app.thread_read(&row.id, last).await
        {
            errors::log(&error);
        }
    }
}

/// Several messages as one, known by the first.
fn join(heard: Vec<Heard>) -> Option<Heard> {
    heard.into_iter().reduce(|mut all, next| {
        all.text.push_str("\n\n");
        all.text.push_str(&next.text);
        all
    })
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
