//! `/drops`: scheduled questions. Moderators only.

use poise::serenity_prelude as serenity;
use serenity::{AutocompleteChoice, ChannelType, CreateAutocompleteResponse, PartialChannel, Role};

use super::options::{self, LevelOption};
use super::{moderated, respond, who};
use crate::app::drops::ScheduleForm;
use crate::app::{Error, Result};
use crate::discord::bot::Context;
use crate::discord::permissions::check_drop_channel;
use crate::discord::render;
use crate::discord::respond::Audience;
use crate::domain::ids::{ChannelId, RoleId, ServerId};

/// Scheduled questions for this server
#[poise::command(
    slash_command,
    subcommands("create", "list", "pause", "resume", "delete", "preview", "run"),
    default_member_permissions = "MANAGE_GUILD",
    install_context = "Guild",
    guild_only
)]
pub async fn drops(_: Context<'_>) -> Result<()> {
    Ok(())
}

/// Post a question on these days, at this local time
#[poise::command(slash_command, guild_only)]
#[expect(clippy::too_many_arguments, reason = "one for each of the command's options")]
async fn create(
    ctx: Context<'_>,
    #[description = "Where to post"]
    #[channel_types("Text", "News")]
    channel: PartialChannel,
    #[description = "Local time, such as 9:00 or 6:30 pm"]
    #[max_length = 20]
    time: String,
    #[description = "Days, such as daily, weekdays or mon,thu; weekdays unless said"]
    #[max_length = 60]
    days: Option<String>,
    #[description = "Time zone, such as Europe/Berlin; the server's unless said"]
    #[autocomplete = "options::time_zone"]
    time_zone: Option<String>,
    #[description = "Topics, separated by commas; everything this server draws from unless said"]
    #[autocomplete = "options::topics"]
    topics: Option<String>,
    #[description = "Only questions asked at this level"] level: Option<LevelOption>,
    #[description = "Open a thread for each question"] thread: Option<bool>,
    #[description = "A role to ping"] ping_role: Option<Role>,
) -> Result<()> {
    let bot = ctx.data();
    respond(ctx, Audience::Private, async {
        let server = moderated(ctx)?;
        refuse_other_than_text(&channel)?;
        refuse_everyone(server, ping_role.as_ref())?;
        let form = ScheduleForm {
            channel: ChannelId(channel.id.get()),
            home_channel: ChannelId(ctx.interaction.channel_id.get()),
            days: days.unwrap_or_else(|| "weekdays".to_owned()),
            time,
            zone: time_zone,
            topics,
            level: level.map(|l| l.0),
            thread: thread.unwrap_or(false),
            ping_role: ping_role.map(|r| RoleId(r.id.get())),
            by: who(ctx).member,
        };
        // What was typed is checked before Discord is asked anything.
        bot.app.parse_schedule(server, &form).await?;
        check_drop_channel(bot, server, form.channel, form.thread).await?;
        let schedule = bot.app.create_schedule(server, &form).await?;
        Ok(render::drops::created(&schedule, &bot.app.bank.taxonomy))
    })
    .await
}

/// This server's schedules, and how they stand
#[poise::command(slash_command, guild_only)]
async fn list(ctx: Context<'_>) -> Result<()> {
    let app = &ctx.data().app;
    respond(ctx, Audience::Private, async {
        let schedules = app.schedules_with_history(moderated(ctx)?).await?;
        Ok(render::drops::list(&schedules, &app.bank.taxonomy))
    })
    .await
}

/// Stop a schedule until it is resumed
#[poise::command(slash_command, guild_only)]
async fn pause(
    ctx: Context<'_>,
    #[description = "Which schedule"]
    #[autocomplete = "schedule_choices"]
    schedule: String,
) -> Result<()> {
    let app = &ctx.data().app;
    respond(ctx, Audience::Private, async {
        let schedule = app.pause_schedule(moderated(ctx)?, &schedule).await?;
        Ok(render::drops::changed("Paused. Go on with /drops resume", &schedule, &app.bank.taxonomy))
    })
    .await
}

/// Go on with a paused schedule
#[poise::command(slash_command, guild_only)]
async fn resume(
    ctx: Context<'_>,
    #[description = "Which schedule"]
    #[autocomplete = "schedule_choices"]
    schedule: String,
) -> Result<()> {
    let bot = ctx.data();
    respond(ctx, Audience::Private, async {
        let server = moderated(ctx)?;
        let wanted = bot.app.schedule(server, &schedule).await?.wanted;
        check_drop_channel(bot, server, wanted.channel, wanted.thread).await?;
        let schedule = bot.app.resume_schedule(server, &schedule).await?;
        Ok(render::drops::changed("Resumed", &schedule, &bot.app.bank.taxonomy))
    })
    .await
}

/// Delete a schedule and its history
#[poise::command(slash_command, guild_only)]
async fn delete(
    ctx: Context<'_>,
    #[description = "Which schedule"]
    #[autocomplete = "schedule_choices"]
    schedule: String,
) -> Result<()> {
    let app = &ctx.data().app;
    respond(ctx, Audience::Private, async {
        let mut schedule = app.delete_schedule(moderated(ctx)?, &schedule).await?;
        schedule.next = None;
        Ok(render::drops::changed("Deleted. What it posted stays", &schedule, &app.bank.taxonomy))
    })
    .await
}

/// The next seven questions of a schedule, and how long its pool lasts
#[poise::command(slash_command, guild_only)]
async fn preview(
    ctx: Context<'_>,
    #[description = "Which schedule"]
    #[autocomplete = "schedule_choices"]
    schedule: String,
) -> Result<()> {
    let app = &ctx.data().app;
    respond(ctx, Audience::Private, async {
        let preview = app.preview_schedule(moderated(ctx)?, &schedule).await?;
        Ok(render::drops::preview(&preview))
    })
    .await
}

/// Post a question of a schedule now; its own days stay as they are
#[poise::command(slash_command, guild_only)]
async fn run(
    ctx: Context<'_>,
    #[description = "Which schedule"]
    #[autocomplete = "schedule_choices"]
    schedule: String,
) -> Result<()> {
    let bot = ctx.data();
    respond(ctx, Audience::Private, async {
        let server = moderated(ctx)?;
        let channel = bot.app.schedule(server, &schedule).await?.wanted.channel;
        let question = bot.app.run_schedule(server, &schedule).await?;
        bot.wake.notify_waiters();
        Ok(render::drops::running(&question, channel))
    })
    .await
}

/// Discord's client offers text channels only; what arrives otherwise is refused by name.
fn refuse_other_than_text(channel: &PartialChannel) -> Result<()> {
    match channel.kind {
        ChannelType::Text | ChannelType::News => Ok(()),
        ChannelType::Forum => Err(Error::User(
            "Drops cannot go to forum channels yet. Choose a text channel; with the option thread each question gets a \
             thread of its own."
                .to_owned(),
        )),
        _ => Err(Error::User("Drops go to text channels. Choose one.".to_owned())),
    }
}

/// The role of @everyone has the server's id. Pinging it is not for a schedule.
fn refuse_everyone(server: ServerId, role: Option<&Role>) -> Result<()> {
    if role.is_some_and(|role| role.id.get() == server.0) {
        return Err(Error::User(
            "Drops do not ping everyone. Choose a role that people take because they want the questions.".to_owned(),
        ));
    }
    Ok(())
}

/// Completes a schedule by what it does.
async fn schedule_choices(ctx: Context<'_>, partial: &str) -> CreateAutocompleteResponse {
    // Completion answers people who may not use the command too; they see no schedules.
    let schedules = match moderated(ctx) {
        Ok(server) => ctx.data().app.schedules(server).await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let typed = partial.to_lowercase();
    let choices = (1..).zip(&schedules).filter_map(|(number, s)| {
        let name = render::drops::one_line(number, s);
        let fits = name.to_lowercase().contains(&typed) || s.wanted.id == partial;
        fits.then(|| AutocompleteChoice::new(render::clip(&name, 100), s.wanted.id.clone()))
    });
    CreateAutocompleteResponse::new().set_choices(choices.take(25).collect())
}
