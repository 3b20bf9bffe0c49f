//! Connecting: one client, no privileged intent unless asked for, events handed to where they are dealt with.

pub mod closing;
mod events;

#[cfg(test)]
pub(in crate::discord) use events::manifest;

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serenity::all::{Client, ClientBuilder, GatewayError, GatewayIntents, Http, HttpBuilder, HttpError, UserId};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::commands;
use super::drops::UnderWay;
use super::rest::Rest;
use super::worker;
use crate::app::{App, Error};
use crate::domain::ids::ChannelId;
use crate::http::{Part, Readiness};

/// How long the first requests may take before Discord counts as unreachable.
const REACH_TIMEOUT: Duration = Duration::from_secs(5);

/// How long what is under way may take to finish after the word to stop.
const FINISH_WITHIN: Duration = Duration::from_secs(7);

/// How the bot reaches Discord.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The bot's token.
    pub token: SecretString,
    /// Base URL of a Discord-compatible server or proxy; Discord itself when absent.
    pub api_url: Option<String>,
    /// Whether to ask for the privileged intent to read every message.
    pub message_content: bool,
    /// The most requests a second, interaction answers aside.
    pub requests_per_second: NonZeroU32,
}

/// What every handler works with.
pub struct Bot {
    /// The use cases.
    pub app: App,
    /// Discord's REST API.
    pub rest: Rest,
    /// Whether plain messages in interview threads can be read.
    pub message_content: bool,
    /// Who the bot is.
    pub me: UserId,
    /// When this process began: what was stored before may have been shown by another.
    pub started_at: Timestamp,
    /// Wakes the workers before their next look.
    pub wake: Notify,
    /// Interviews that a task is driving, and whether it must look once more.
    pub driving: Mutex<HashMap<String, bool>>,
    /// Drops on their way.
    pub dropping: UnderWay,
    /// Threads in which nothing written before now can still be unread.
    pub read_threads: Mutex<HashSet<ChannelId>>,
    /// What is under way, to be finished before stopping.
    pub tasks: TaskTracker,
    /// The word to stop.
    pub stop: CancellationToken,
    readiness: Readiness,
}

/// What the framework calls a handler's context.
pub type Context<'a> = poise::ApplicationContext<'a, Arc<Bot>, Error>;

/// Why the bot cannot run; each names the next step.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// 401, or close code 4004.
    #[error(
        "Discord does not accept this token; copy it again from the Bot page of the developer portal into DISCORD_TOKEN"
    )]
    UnknownToken,
    /// No connection, no answer in time, or an answer that is not Discord's.
    #[error("cannot reach Discord at {place}: {reason}; check the network, and discord.api_url if it is set")]
    Unreachable {
        /// Where it was looked for.
        place: String,
        /// What came instead of an answer.
        reason: String,
    },
    /// Close code 4014.
    #[error(
        "Discord does not allow this bot to read messages; switch on Message Content Intent on the Bot page of the \
         developer portal, or set discord.message_content = false"
    )]
    IntentNotAllowed,
    /// Close code 4011.
    #[error("this bot is in more servers than one connection may serve, 2,500; take it out of some and start it again")]
    TooManyServers,
    /// Any other refusal.
    #[error("Discord ended the connection for good: {0}")]
    Refused(String),
}

/// Runs the bot until `stop`, then finishes what it began.
///
/// # Errors
/// [`RunError`], when it cannot connect or Discord will not have it.
pub async fn run(
    app: App,
    connection: Connection,
    readiness: Readiness,
    stop: CancellationToken,
) -> Result<(), RunError> {
    let cell: Arc<OnceLock<Arc<Bot>>> = Arc::new(OnceLock::new());
    let (me, mut client) = tokio::select! {
        reached = reach(&connection, Arc::clone(&cell)) => reached?,
        () = stop.cancelled() => return Ok(()),
    };
    let rest = Rest::new(
        Arc::clone(&client.http),
        &connection.token,
        connection.api_url.as_deref(),
        connection.requests_per_second,
    )
    .map_err(|e| RunError::Refused(format!("the HTTP client cannot be set up: {e}")))?;
    let bot = Arc::new(Bot {
        started_at: app.clock.now(),
        app,
        rest,
        message_content: connection.message_content,
        me,
        wake: Notify::new(),
        driving: Mutex::default(),
        dropping: UnderWay::default(),
        read_threads: Mutex::default(),
        tasks: TaskTracker::new(),
        stop: stop.clone(),
        readiness,
    });
    let _ = cell.set(Arc::clone(&bot));
    worker::start(&bot).await;

    let shards = Arc::clone(&client.shard_manager);
    let watching = tokio::spawn(events::watch_connection(Arc::clone(&bot), Arc::clone(&shards)));
    let outcome = tokio::select! {
        ended = client.start() => ended.map_err(|error| fatal(&error)),
        code = closing::for_good() => Err(closed(code)),
        () = stop.cancelled() => Ok(()),
    };
    stop.cancel();
    watching.abort();
    bot.ready(Part::Gateway, false);
    bot.tasks.close();
    if tokio::time::timeout(FINISH_WITHIN, bot.tasks.wait()).await.is_err() {
        // Nothing is lost: what is unfinished is a row that the next process picks up.
        tracing::warn!("stopping with work under way; it goes on at the next start");
    }
    if outcome.is_ok() {
        // Discord is told; when it was Discord that ended it, there is nobody to tell.
        let _ = tokio::time::timeout(Duration::from_secs(1), shards.shutdown_all()).await;
    }
    outcome
}

impl Bot {
    /// Says how far a part of being ready is.
    pub fn ready(&self, part: Part, ready: bool) {
        self.readiness.set(part, ready);
    }

    /// Whether a part of being ready is there.
    #[must_use]
    pub fn is_ready(&self, part: Part) -> bool {
        !self.readiness.missing().any(|missing| missing == part)
    }
}

fn http(connection: &Connection) -> Http {
    let builder = HttpBuilder::new(connection.token.expose_secret());
    match &connection.api_url {
        // serenity's limiter ignores a proxy, so behind one it must be off; `rest` waits instead.
        Some(url) => builder.proxy(url).ratelimiter_disabled(true).build(),
        None => builder.build(),
    }
}

/// Asks Discord who we are and where its gateway is, within [`REACH_TIMEOUT`].
async fn reach(connection: &Connection, cell: Arc<OnceLock<Arc<Bot>>>) -> Result<(UserId, Client), RunError> {
    let reached = async {
        let http = http(connection);
        let me = http.get_current_user().await?;
        // serenity falls back to Discord's own gateway when this fails, which a proxy's operator would not expect.
        http.get_gateway().await?;
        Ok((me.id, client(http, connection, cell).await?))
    };
    let reason = match tokio::time::timeout(REACH_TIMEOUT, reached).await {
        Ok(Ok(reached)) => return Ok(reached),
        Ok(Err(error)) => out_of_reach(&error)?,
        Err(_) => format!("no answer within {} s", REACH_TIMEOUT.as_secs()),
    };
    let place = connection.api_url.clone().unwrap_or_else(|| "discord.com".to_owned());
    Err(RunError::Unreachable { place, reason })
}

/// What came instead of an answer, unless it was that the token is wrong.
fn out_of_reach(error: &serenity::Error) -> Result<String, RunError> {
    let serenity::Error::Http(error) = error else { return Ok("what answers there is not Discord".to_owned()) };
    Ok(match error {
        HttpError::UnsuccessfulRequest(response) if response.status_code.as_u16() == 401 => {
            return Err(RunError::UnknownToken);
        }
        // A token that cannot even be a header.
        HttpError::InvalidHeader(_) => return Err(RunError::UnknownToken),
        HttpError::UnsuccessfulRequest(response) => format!("it answered {}", response.status_code),
        HttpError::Request(error) if error.is_connect() => "no connection".to_owned(),
        HttpError::Request(error) if error.is_decode() => "what answers there is not Discord".to_owned(),
        _ => "the connection broke".to_owned(),
    })
}

async fn client(http: Http, connection: &Connection, cell: Arc<OnceLock<Arc<Bot>>>) -> serenity::Result<Client> {
    let mut intents = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES;
    if connection.message_content {
        intents |= GatewayIntents::MESSAGE_CONTENT;
    }
    let framework = poise::Framework::builder()
        .options(poise::FrameworkOptions {
            commands: commands::all(),
            on_error: |error| Box::pin(events::failed(error)),
            event_handler: |framework, event| Box::pin(events::happened(framework, event)),
            allowed_mentions: Some(serenity::all::CreateAllowedMentions::new()),
            initialize_owners: false,
            // There are no commands but slash commands; a mention begins an answer.
            prefix_options: poise::PrefixFrameworkOptions { mention_as_prefix: false, ..Default::default() },
            ..Default::default()
        })
        .setup(move |_ctx, ready, framework| {
            Box::pin(async move {
                let bot = cell.get().cloned().ok_or_else(|| anyhow::anyhow!("connected before it was built"))?;
                let commands = poise::builtins::create_application_commands(&framework.options().commands);
                let (registering, application) = (Arc::clone(&bot), ready.application.id);
                bot.tasks.spawn(async move { events::register(&registering, application, &commands).await });
                Ok(bot)
            })
        })
        .build();
    let client = ClientBuilder::new_with_http(http, intents).framework(framework).await?;
    let mut url = client.ws_url.lock().await;
    // serenity appends its query to the URL as it is.
    if !url.ends_with('/') {
        url.push('/');
    }
    drop(url);
    Ok(client)
}

fn fatal(error: &serenity::Error) -> RunError {
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => closed(4004),
        serenity::Error::Gateway(GatewayError::InvalidGatewayIntents) => closed(4013),
        serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents) => closed(4014),
        other => RunError::Refused(other.to_string()),
    }
}

/// What a close code after which Discord wants no more connections means for the operator.
fn closed(code: u16) -> RunError {
    let fault = match code {
        4004 => return RunError::UnknownToken,
        4011 => return RunError::TooManyServers,
        4014 => return RunError::IntentNotAllowed,
        4010 => "it does not know this shard",
        4012 => "it no longer speaks this version of its API",
        4013 => "it does not know these intents",
        _ => "it gave no reason",
    };
    RunError::Refused(format!("{fault} (close code {code}); look for a newer version of coach"))
}
