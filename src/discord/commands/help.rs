//! `/help`: the commands by purpose, and the one best next step.

use super::{respond, who};
use crate::app::Result;
use crate::discord::bot::Context;
use crate::discord::permissions::is_moderator;
use crate::discord::render;
use crate::discord::respond::Audience;

/// What I can do, and the best next step for you
#[poise::command(slash_command, install_context = "Guild|User", interaction_context = "Guild|BotDm|PrivateChannel")]
pub async fn help(ctx: Context<'_>) -> Result<()> {
    let app = &ctx.data().app;
    respond(ctx, Audience::Private, async {
        let next = app.next_step(who(ctx)).await?;
        Ok(render::help::help(&next, is_moderator(ctx.interaction.member.as_deref())))
    })
    .await
}
