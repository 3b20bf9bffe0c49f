//! `/profile`: the level someone practises for and the clock they live by.

use super::options::{self, LevelOption};
use super::{respond, who};
use crate::app::Result;
use crate::app::profile::ProfileChange;
use crate::discord::bot::Context;
use crate::discord::render;
use crate::discord::respond::Audience;

/// Your level, time zone and day start; without options, what is set
#[poise::command(slash_command, install_context = "Guild|User", interaction_context = "Guild|BotDm|PrivateChannel")]
pub async fn profile(
    ctx: Context<'_>,
    #[description = "The level you practise for"] level: Option<LevelOption>,
    #[description = "Where you live, such as Europe/Berlin"]
    #[autocomplete = "options::time_zone"]
    time_zone: Option<String>,
    #[description = "The hour at which your day starts, 0 to 6; 4 unless set"]
    #[min = 0]
    #[max = 6]
    day_start: Option<u8>,
) -> Result<()> {
    let app = &ctx.data().app;
    respond(ctx, Audience::Private, async {
        let change = ProfileChange { level: level.map(|l| l.0), time_zone, day_start };
        let changed = change != ProfileChange::default();
        let profile = match changed {
            true => app.change_profile(who(ctx), &change).await?,
            false => app.profile(who(ctx)).await?,
        };
        Ok(render::profile::profile(&profile, changed))
    })
    .await
}
