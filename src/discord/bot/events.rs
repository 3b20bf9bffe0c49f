//! What the gateway tells, sent to where it is dealt with.

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use serde::de::IgnoredAny;
use serde_json::Value;
use serenity::all::{
    ApplicationId, ConnectionStage, CreateCommand, FullEvent, Interaction, LightMethod, Route, ShardManager,
};

use super::{Bot, Part, closing};
use crate::app::Error;
use crate::discord::render::Card;
use crate::discord::respond::{Audience, Responder};
use crate::discord::rest::RestError;
use crate::discord::{errors, interviews, presses};
use crate::domain::ids::ChannelId;

/// How often the connection is looked at: a probe asks every second at most.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Reports whether the gateway is connected, for as long as the process runs. serenity tells no framework of it, and
/// its event handlers not of every loss.
pub(super) async fn watch_connection(bot: Arc<Bot>, shards: Arc<ShardManager>) {
    loop {
        let connected = {
            let runners = shards.runners.lock().await;
            !closing::is_broken()
                && !runners.is_empty()
                && runners.values().all(|runner| runner.stage == ConnectionStage::Connected)
        };
        if bot.is_ready(Part::Gateway) && !connected {
            tracing::warn!("the connection to Discord was lost; connecting again");
        }
        bot.ready(Part::Gateway, connected);
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn connected(bot: &Bot) {
    closing::works();
    bot.ready(Part::Gateway, true);
}

/// Registers the commands, for as long as it takes: without them the bot is not ready.
pub(super) async fn register(bot: &Arc<Bot>, application_id: ApplicationId, commands: &[CreateCommand]) {
    let manifest = manifest(commands);
    let set = || async {
        let route = Route::Commands { application_id };
        bot.rest.send::<IgnoredAny>(LightMethod::Put, route, Some(&manifest)).await
    };
    let forever =
        ExponentialBuilder::default().with_jitter().with_max_delay(Duration::from_secs(60)).without_max_times();
    let registered = set.retry(forever).notify(|error: &RestError, _| {
        tracing::warn!(%error, "the commands are not registered yet");
    });
    tokio::select! {
        done = registered => {
            bot.ready(Part::Commands, done.is_ok());
            tracing::info!(count = commands.len(), "commands registered");
        }
        () = bot.stop.cancelled() => {}
    }
}

/// The commands as Discord wants them: poise writes the limits of whole numbers as fractions.
pub(in crate::discord) fn manifest(commands: &[CreateCommand]) -> Value {
    fn whole(value: &mut Value) {
        match value {
            Value::Number(number) => {
                #[expect(clippy::cast_possible_truncation, reason = "limits of options are small whole numbers")]
                let whole = number.as_f64().filter(|n| n.fract() == 0.0).map(|n| n as i64);
                if let Some(whole) = whole.filter(|_| number.is_f64()) {
                    *value = whole.into();
                }
            }
            Value::Array(items) => items.iter_mut().for_each(whole),
            Value::Object(fields) => fields.values_mut().for_each(whole),
            _ => {}
        }
    }
    let mut manifest = serde_json::to_value(commands).unwrap_or_default();
    whole(&mut manifest);
    manifest
}

/// Takes one event.
pub(super) async fn happened(
    framework: poise::FrameworkContext<'_, Arc<Bot>, Error>,
    event: &FullEvent,
) -> Result<(), Error> {
    let bot = framework.user_data;
    let _under_way = bot.tasks.token();
    match event {
        FullEvent::Ready { data_about_bot } => {
            // The first thing anyone waits for need not wait for the next look.
            connected(bot);
            metrics::counter!("coach_gateway_sessions_total", "began" => "identified").increment(1);
            tracing::info!(name = data_about_bot.user.name, servers = data_about_bot.guilds.len(), "connected");
            bot.wake.notify_waiters();
            // Events of the time without a connection are gone; the threads themselves still have the answers.
            interviews::catch_up(bot).await;
        }
        FullEvent::Resume { .. } => {
            connected(bot);
            metrics::counter!("coach_gateway_sessions_total", "began" => "resumed").increment(1);
            tracing::info!("connected again");
        }
        FullEvent::InteractionCreate { interaction: Interaction::Component(press) } => {
            presses::pressed(bot, press).await
        }
        FullEvent::InteractionCreate { interaction: Interaction::Modal(form) } => presses::submitted(bot, form).await,
        FullEvent::Message { new_message } => interviews::heard(bot, new_message).await,
        FullEvent::ChannelDelete { channel, .. } => {
            interviews::channel_gone(bot, ChannelId(channel.id.get())).await;
        }
        FullEvent::ThreadDelete { thread, .. } => interviews::thread_gone(bot, ChannelId(thread.id.get())).await,
        _ => {}
    }
    Ok(())
}

/// Answers for the framework: what it could not read, or what panicked.
pub(super) async fn failed(error: poise::FrameworkError<'_, Arc<Bot>, Error>) {
    let (ctx, card) = match error {
        poise::FrameworkError::Command { error, ctx, .. } => (ctx, errors::card(&error)),
        poise::FrameworkError::CommandPanic { ctx, .. } => {
            (ctx, errors::card(&Error::Internal(anyhow::anyhow!("a command panicked"))))
        }
        poise::FrameworkError::ArgumentParse { ctx, error, .. } => {
            (ctx, Card::text(format!("{error} Choose one of the suggestions and run the command again.")))
        }
        poise::FrameworkError::CommandStructureMismatch { ctx, .. } => {
            let text = "That command has changed since your Discord loaded it. Wait a minute, then run it again.";
            let ctx = poise::Context::Application(ctx);
            (ctx, Card::text(text))
        }
        // Its text would hold what a person wrote.
        poise::FrameworkError::UnknownCommand { .. } => return,
        other => {
            tracing::warn!(error = %other, "the framework refused something");
            return;
        }
    };
    if let poise::Context::Application(ctx) = ctx {
        let name = ctx.command().qualified_name.clone();
        let responder = Responder::to_command(&ctx.data().rest, ctx.interaction, name);
        if let Err(error) = responder.answer(Audience::Private, std::future::ready(card)).await {
            tracing::warn!(%error, "an error could not be said");
        }
    }
}
