//! Telling moderators, once, what they must mend.

use serde_json::Value;
use serenity::all::{CreateMessage, Route};

use super::bot::Bot;
use super::interviews::post;
use super::render::Card;
use super::rest::RestError;
use crate::app::Notice;
use crate::app::Result;
use crate::domain::ids::ChannelId;

/// How often a notice is tried before it is left to `/drops list` alone.
const TRIES: u32 = 8;

/// Sends the next notice due; `false` when there is none.
pub async fn send_next(bot: &Bot) -> Result<bool> {
    let Some(notice) = bot.app.next_notice().await? else { return Ok(false) };
    let message = CreateMessage::from(Card::text(&notice.text));
    match post(bot, notice.channel, message, nonce(&notice)).await {
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

/// The next channel where a server's moderators may read: the one Discord sends them its own notices in, else the one for
/// system messages.
async fn elsewhere(bot: &Bot, notice: &Notice) -> Option<ChannelId> {
    let route = Route::Guild { guild_id: serenity::all::GuildId::new(notice.server?.0) };
    let guild: Value = bot.rest.get(route, Vec::new()).await.ok()?;
    let places = ["public_updates_channel_id", "system_channel_id"];
    let places: Vec<ChannelId> =
        places.into_iter().filter_map(|key| guild[key].as_str()?.parse().ok()).map(ChannelId).collect();
    let tried = places.iter().position(|place| *place == notice.channel).map_or(0, |at| at + 1);
    places.into_iter().skip(tried).find(|place| *place != notice.channel)
}

/// What the notice is about, and when it was owed: the same trouble, back after it was mended, is told again.
fn nonce(notice: &Notice) -> String {
    let about: String = notice.key.chars().rev().take(12).collect();
    format!("{about}-{:x}", notice.owed_at.as_millisecond())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_notice_of_the_same_trouble_later_has_another_nonce_of_25_characters_at_most() {
        let notice = |ms| Notice {
            key: "schedule-trouble:0199a0b1c2d3e4f5".to_owned(),
            server: None,
            channel: ChannelId(1),
            text: String::new(),
            tries: 0,
            owed_at: Timestamp::from_millisecond(ms).unwrap(),
        };
        assert_ne!(nonce(&notice(1)), nonce(&notice(2)));
        assert_eq!(nonce(&notice(4_102_444_800_000)).len(), 24);
    }
}
