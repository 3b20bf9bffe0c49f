//! Who may do what: moderators among people, and the bot in a channel.

use serenity::all::{GuildChannel, Member, PartialGuild, Permissions, Route};

use super::bot::Bot;
use super::rest::RestError;
use crate::app::{Error, Result};
use crate::domain::ids::{ChannelId, ServerId};

/// What a drop needs, in the words of Discord's settings.
const DROP_NEEDS: [(Permissions, &str); 3] = [
    (Permissions::VIEW_CHANNEL, "View Channel"),
    (Permissions::SEND_MESSAGES, "Send Messages"),
    (Permissions::EMBED_LINKS, "Embed Links"),
];

/// Whether Discord says that this member may manage the server.
pub fn is_moderator(member: Option<&Member>) -> bool {
    let held = member.and_then(|m| m.permissions).unwrap_or_default();
    held.intersects(Permissions::MANAGE_GUILD | Permissions::ADMINISTRATOR)
}

/// Refuses a channel in which the bot could not post drops, naming what is missing. When Discord cannot be asked, the
/// drop itself will tell.
pub async fn check_drop_channel(bot: &Bot, server: ServerId, channel: ChannelId, thread: bool) -> Result<()> {
    let missing = match missing_for_drops(bot, server, channel, thread).await {
        Ok(missing) => missing,
        Err(RestError::Refused { code: 10003, .. }) => {
            return Err(Error::User("That channel is gone. Choose another one with /drops create.".to_owned()));
        }
        Err(error) => {
            tracing::debug!(%error, "permissions could not be looked up");
            return Ok(());
        }
    };
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::User(format!(
        "I may not post questions in <#{channel}>: I lack {} there. Grant that under Edit Channel, Permissions, then run \
         the command again.",
        missing.join(", ")
    )))
}

/// What the bot lacks for posting drops in a channel, in the words of Discord's settings.
///
/// # Errors
/// [`RestError`], when Discord cannot be asked or the channel is gone.
pub async fn missing_for_drops(
    bot: &Bot,
    server: ServerId,
    channel: ChannelId,
    thread: bool,
) -> std::result::Result<Vec<&'static str>, RestError> {
    let held = match held_in(bot, server, channel).await {
        Err(RestError::Refused { code: 50001, .. }) => Permissions::empty(),
        held => held?,
    };
    let threads = (Permissions::CREATE_PUBLIC_THREADS, "Create Public Threads");
    let needed = DROP_NEEDS.into_iter().chain(thread.then_some(threads));
    Ok(needed.filter(|(p, _)| !held.contains(*p)).map(|(_, name)| name).collect())
}

/// What the bot may do in a channel.
///
/// # Errors
/// [`RestError`]; code 50001 when it may not even see it.
pub async fn held_in(bot: &Bot, server: ServerId, channel: ChannelId) -> std::result::Result<Permissions, RestError> {
    let guild_id = serenity::all::GuildId::new(server.0);
    let channel_id = serenity::all::ChannelId::new(channel.0);
    let channel: GuildChannel = bot.rest.get(Route::Channel { channel_id }, Vec::new()).await?;
    let guild: PartialGuild = bot.rest.get(Route::Guild { guild_id }, Vec::new()).await?;
    let me: Member = bot.rest.get(Route::GuildMember { guild_id, user_id: bot.me }, Vec::new()).await?;
    Ok(guild.user_permissions_in(&channel, &me))
}
