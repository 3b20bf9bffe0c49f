//! `/progress`: the streak and the weakest skills, with the evidence.

use super::{respond, who};
use crate::app::Result;
use crate::discord::bot::Context;
use crate::discord::render;
use crate::discord::respond::Audience;

/// Your streak and your weakest skills, with the evidence and the next step
#[poise::command(slash_command, install_context = "Guild|User", interaction_context = "Guild|BotDm|PrivateChannel")]
pub async fn progress(ctx: Context<'_>) -> Result<()> {
    let app = &ctx.data().app;
    respond(ctx, Audience::Private, async {
        let progress = app.progress(who(ctx)).await?;
        Ok(render::progress::progress(&progress, &app.bank.taxonomy))
    })
    .await
}
