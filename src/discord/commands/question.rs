//! `/question`: the question most worth answering next, and why it was picked.

use super::options::{self, LevelOption};
use super::{respond, who};
use crate::app::Result;
use crate::discord::bot::Context;
use crate::discord::errors;
use crate::discord::render;
use crate::discord::respond::Audience;
use crate::domain::bank::Wanted;

/// The question most worth answering next, and why it was picked
#[poise::command(slash_command, install_context = "Guild|User", interaction_context = "Guild|BotDm|PrivateChannel")]
pub async fn question(
    ctx: Context<'_>,
    #[description = "A skill or a group of skills"]
    #[autocomplete = "options::topic"]
    topic: Option<String>,
    #[description = "Who is asked this"] level: Option<LevelOption>,
    #[description = "A kind of question"]
    #[autocomplete = "options::category"]
    category: Option<String>,
) -> Result<()> {
    let app = &ctx.data().app;
    let served = std::sync::OnceLock::new();
    respond(ctx, Audience::Public, async {
        let wanted = Wanted {
            topics: topic.iter().map(|t| app.topic_named(t)).collect::<Result<_>>()?,
            categories: category.iter().map(|c| app.category_named(c)).collect::<Result<_>>()?,
            levels: level.map(|l| l.0).into_iter().collect(),
        };
        let picked = app.pick_question(who(ctx), &wanted).await?;
        Ok(render::practice::served(served.get_or_init(|| picked), &app.bank.taxonomy))
    })
    .await?;
    // Nothing about the showing is needed to answer it, so the person neither waits for this write nor hears of its
    // failure: the question could come up again sooner, and that is all.
    if let Some(served) = served.get()
        && let Err(error) = app.question_shown(served).await
    {
        errors::log(&error);
    }
    Ok(())
}
