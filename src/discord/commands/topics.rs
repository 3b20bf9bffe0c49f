//! `/topics`: what this server draws its questions from.

use super::options::{self, LevelOption};
use super::{moderated, respond};
use crate::app::Result;
use crate::app::topics::TopicChange;
use crate::discord::bot::Context;
use crate::discord::render;
use crate::discord::respond::Audience;

/// What this server draws its questions from
#[poise::command(
    slash_command,
    subcommands("show", "set", "reset"),
    default_member_permissions = "MANAGE_GUILD",
    install_context = "Guild",
    guild_only
)]
pub async fn topics(_: Context<'_>) -> Result<()> {
    Ok(())
}

/// What is set, and how many questions it leaves
#[poise::command(slash_command, guild_only)]
async fn show(ctx: Context<'_>) -> Result<()> {
    let app = &ctx.data().app;
    respond(ctx, Audience::Private, async {
        let topics = app.topics(moderated(ctx)?).await?;
        Ok(render::topics::topics(&topics, "This server's topics", &app.bank.taxonomy))
    })
    .await
}

/// Turn a topic, category or level on or off, or have it come up more often
#[poise::command(slash_command, guild_only)]
async fn set(
    ctx: Context<'_>,
    #[description = "A skill or a group of skills"]
    #[autocomplete = "options::topic"]
    topic: Option<String>,
    #[description = "A kind of question"]
    #[autocomplete = "options::category"]
    category: Option<String>,
    #[description = "A level"] level: Option<LevelOption>,
    #[description = "On: draw from it, and only from what is on. Off: never. On unless said"] enabled: Option<bool>,
    #[description = "How often it comes up, from 1 (ordinary) to 5 (most)"]
    #[min = 1]
    #[max = 5]
    weight: Option<u8>,
) -> Result<()> {
    let app = &ctx.data().app;
    respond(ctx, Audience::Private, async {
        let server = moderated(ctx)?;
        let weight = if enabled.unwrap_or(true) { weight.unwrap_or(1) } else { 0 };
        let change = TopicChange { topic, category, level: level.map(|l| l.0), weight };
        let topics = app.set_topics(server, &change).await?;
        Ok(render::topics::topics(&topics, "Set. This server's topics now", &app.bank.taxonomy))
    })
    .await
}

/// Draw from everything again
#[poise::command(slash_command, guild_only)]
async fn reset(ctx: Context<'_>) -> Result<()> {
    let app = &ctx.data().app;
    respond(ctx, Audience::Private, async {
        let topics = app.reset_topics(moderated(ctx)?).await?;
        Ok(render::topics::topics(&topics, "Reset. This server draws from everything", &app.bank.taxonomy))
    })
    .await
}
