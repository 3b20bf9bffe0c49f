//! `/guide`: everything there is to read, a page at a time.

use super::{options, respond};
use crate::app::Result;
use crate::discord::bot::Context;
use crate::discord::render;
use crate::discord::respond::Audience;

/// Skills, frameworks, interviews, resume, pay and more: short pages, each with what practises it
#[poise::command(slash_command, install_context = "Guild|User", interaction_context = "Guild|BotDm|PrivateChannel")]
pub async fn guide(
    ctx: Context<'_>,
    #[description = "What to read about; leave it out to see all there is"]
    #[autocomplete = "options::guide"]
    topic: Option<String>,
) -> Result<()> {
    let app = &ctx.data().app;
    respond(ctx, Audience::Private, async {
        Ok(match topic {
            Some(typed) => render::guide::page(&app.article(&typed)?, 0),
            None => render::guide::index(&app.bank),
        })
    })
    .await
}
