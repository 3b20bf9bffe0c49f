//! `/mock`: a mock interview in a thread.

use serenity::all::{ChannelType, Permissions};

use super::options::{self, LevelOption, StyleOption, TrackOption};
use super::{respond, who};
use crate::app::mock::{DEFAULT_MINUTES, MockForm};
use crate::app::{Error, Result};
use crate::discord::bot::Context;
use crate::discord::interviews::{self, Room};
use crate::discord::render;
use crate::discord::respond::Audience;
use crate::domain::ids::ChannelId;
use crate::domain::interview::Style;
use crate::domain::taxonomy::Track;

/// How many past interviews are listed.
const LISTED: u32 = 10;

/// Mock interviews
#[poise::command(
    slash_command,
    subcommands("start", "end", "resume", "history"),
    install_context = "Guild",
    guild_only
)]
pub async fn mock(_: Context<'_>) -> Result<()> {
    Ok(())
}

/// Start a mock interview in a thread of its own
#[poise::command(slash_command, guild_only)]
async fn start(
    ctx: Context<'_>,
    #[description = "What it is about; technical unless said"] track: Option<TrackOption>,
    #[description = "A skill or a group of skills"]
    #[autocomplete = "options::topic"]
    topic: Option<String>,
    #[description = "How senior the role is; your profile's level unless said"] level: Option<LevelOption>,
    #[description = "The length in minutes, 10 to 90; 30 unless said"]
    #[min = 10]
    #[max = 90]
    length: Option<u32>,
    #[description = "When you get feedback; after each answer unless said"] style: Option<StyleOption>,
) -> Result<()> {
    let bot = ctx.data();
    respond(ctx, Audience::Private, async {
        let form = MockForm {
            track: track.map_or(Track::Technical, |t| t.0),
            topic,
            level: level.map(|l| l.0),
            minutes: length.unwrap_or(DEFAULT_MINUTES),
            style: style.map_or(Style::Coached, |s| s.0),
        };
        let room = room(ctx)?;
        let plan = bot.app.plan_mock(who(ctx), &form).await?;
        let (thread, private) = interviews::begin(bot, who(ctx), room, plan).await?;
        Ok(render::mock::started(thread, private))
    })
    .await
}

/// End your mock interview and get the scorecard
#[poise::command(slash_command, guild_only)]
async fn end(ctx: Context<'_>) -> Result<()> {
    let bot = ctx.data();
    respond(ctx, Audience::Private, async {
        let row = bot.app.end_mock(who(ctx)).await?;
        interviews::drive(bot, row.id);
        Ok(render::mock::ended(row.thread))
    })
    .await
}

/// Go back to your mock interview
#[poise::command(slash_command, guild_only)]
async fn resume(ctx: Context<'_>) -> Result<()> {
    let bot = ctx.data();
    respond(ctx, Audience::Private, async {
        let (row, waiting) = bot.app.running_mock(who(ctx)).await?;
        interviews::drive(bot, row.id.clone());
        Ok(render::mock::resumed(&row, waiting.as_ref()))
    })
    .await
}

/// Your past mock interviews and their scores
#[poise::command(slash_command, guild_only)]
async fn history(ctx: Context<'_>) -> Result<()> {
    let app = &ctx.data().app;
    respond(ctx, Audience::Private, async {
        let past = app.past_mocks(who(ctx), LISTED).await?;
        Ok(render::mock::history(&past))
    })
    .await
}

/// Where the interview's thread can be opened, and of which kind. A private thread needs its own permission; where
/// only public ones may be made, the candidate is told that others can read along.
fn room(ctx: Context<'_>) -> Result<Room> {
    let held = ctx.interaction.app_permissions.unwrap_or(Permissions::all());
    let channel = ctx.interaction.channel.as_ref();
    let parent = match channel.map(|c| c.kind) {
        Some(ChannelType::PublicThread | ChannelType::PrivateThread) => channel.and_then(|c| c.parent_id),
        Some(ChannelType::Text) | None => Some(ctx.interaction.channel_id),
        Some(_) => None,
    };
    let Some(parent) = parent else {
        return Err(Error::User(interviews::NO_THREADS.to_owned()));
    };
    let allows = |permission| held.intersects(permission | Permissions::ADMINISTRATOR);
    let private = allows(Permissions::CREATE_PRIVATE_THREADS);
    if !(private || allows(Permissions::CREATE_PUBLIC_THREADS)) || !allows(Permissions::SEND_MESSAGES_IN_THREADS) {
        return Err(Error::User(
            "I may not open a thread here. Ask a moderator to give me Create Private Threads and Send Messages in \
             Threads in this channel, then run /mock start again."
                .to_owned(),
        ));
    }
    Ok(Room { channel: ChannelId(parent.get()), private })
}
