//! Telling moderators, once, what they must mend.

use serde_json::Value;
use serenity::all::{CreateMessage, Route};

use super::bot::Bot;
use super::interviews::post;
use super::render::Card;
use super::rest::RestError;
use crate::app::Notice;
use crate::app::Result;
use crate::domain::ids::{ChannelId, ServerId};

/// How often a notice is tried before it is left to `/drops list` alone.
const TRIES: u32 = 8;

/// Sends the next notice due; `false` when there is none.
pub async fn send_next(bot: &Bot) -> Result<bool> {
    let Some(notice) = bot.app.next_notice().await? else { return Ok(false) };
    let message = CreateMessage::from(Card::text(&notice.text));
    match post(bot, notice.channel, message, nonce(&notice.key)).await {
        Ok(_) => bot.app.notice_done(&notice).await?,
        Err(RestError::Refused { .. }) => match elsewhere(bot, &notice).await {
            Some(channel) => bot.app.notice_elsewhere(&notice, channel).await?,
            None => {
                tracing::warn!(channel = %notice.channel, "a notice to moderators reached no channel");
                bot.app.notice_done(&notice).await?;
            }
        },
        Err(_) if notice.tries < TRIES => {}
        Err(error) => {
            tracing::warn!(%error, "a notice to moderators is given up");
            bot.app.notice_done(&notice).await?;
        }
    }
    Ok(true)
}

/// Another channel where a server's moderators may read: the one Discord sends them its own notices in, else the one
/// for system messages.
async fn elsewhere(bot: &Bot, notice: &Notice) -> Option<ChannelId> {
    let ServerId(server) = notice.server.filter(|_| notice.tries <= 1)?;
    let route = Route::Guild { guild_id: serenity::all::GuildId::new(server) };
    let guild: Value = bot.rest.get(route, Vec::new()).await.ok()?;
    ["public_updates_channel_id", "system_channel_id"]
        .into_iter()
        .filter_map(|key| guild[key].as_str()?.parse().ok())
        .map(ChannelId)
        .find(|channel| *channel != notice.channel)
}

/// The end of the key, which is the end of an id.
fn nonce(key: &str) -> String {
    let skip = key.chars().count().saturating_sub(24);
    key.chars().skip(skip).collect()
}
