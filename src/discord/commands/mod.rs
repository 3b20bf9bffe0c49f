//! Slash commands, one file each. [`all`] is the one list; the manifest is snapshot-tested.

mod drops;
mod guide;
mod help;
mod mock;
mod options;
mod profile;
mod progress;
mod question;
mod topics;

use std::sync::Arc;

use super::bot::{Bot, Context};
use super::errors;
use super::permissions::is_moderator;
use super::render::Card;
use super::respond::{Audience, Responder};
use crate::app::{Error, Result, Who};
use crate::domain::ids::{MemberId, ServerId};

/// Every command.
#[must_use]
pub fn all() -> Vec<poise::Command<Arc<Bot>, Error>> {
    vec![
        question::question(),
        mock::mock(),
        progress::progress(),
        profile::profile(),
        guide::guide(),
        help::help(),
        drops::drops(),
        topics::topics(),
    ]
}

/// Who runs the command, and where.
fn who(ctx: Context<'_>) -> Who {
    let server = ctx.interaction.guild_id.map(|id| ServerId(id.get()));
    Who { member: MemberId(ctx.interaction.user.id.get()), server }
}

/// The server, for someone who may manage it. Discord hides these commands from others, but a server can be set to
/// show them to anyone, so it is checked again.
fn moderated(ctx: Context<'_>) -> Result<ServerId> {
    let Some(server) = who(ctx).server else {
        return Err(Error::User("This works in a server only. Run it in a channel of yours.".to_owned()));
    };
    if is_moderator(ctx.interaction.member.as_deref()) {
        Ok(server)
    } else {
        Err(Error::User("This needs the Manage Server permission. Ask a moderator of this server.".to_owned()))
    }
}

/// Answers the command with what `work` makes, or with its error.
async fn respond(ctx: Context<'_>, audience: Audience, work: impl Future<Output = Result<Card>> + Send) -> Result<()> {
    let _under_way = ctx.data().tasks.token();
    let card = async { work.await.unwrap_or_else(|error| errors::card(&error)) };
    let responder = Responder::to_command(&ctx.data().rest, ctx.interaction, ctx.command().qualified_name.clone());
    if let Err(error) = responder.answer(audience, card).await {
        tracing::warn!(command = ctx.command().qualified_name.as_ref(), %error, "an answer did not arrive");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
