//! A local server that speaks Discord's REST (v10) and gateway well enough that a client library cannot tell.
//!
//! Tests act as people through it. It knows nothing of the bot: it reads what any bot sends and refuses what
//! Discord refuses, with Discord's codes. In reading order:
//!
//! - `state` and what it is made of: `guild`, `channel`, `message`, `interaction`, with `permissions`, `mentions`,
//!   `posting`, `files`, `snowflake`, `clock`;
//! - `rest`, one file per family of routes, with `limits`, `rate_limits`, `faults` and `recorder` in front of it;
//! - `gateway`: sessions, intents, events;
//! - `operator`: moving the clock, planning faults, reading the record; `wire` lets connections break;
//! - `people`: acting as people and seeing what they see, with `manifest` reading `/question topic:redis`.
//!
//! serenity is pointed at it with `HttpBuilder::new(token).proxy(url).ratelimiter_disabled(true)`: the proxy is
//! ignored while serenity's own limiter is on. Left out, since nothing here needs them: voice, stages, polls,
//! stickers, webhooks other than an interaction's, and Components V2 beyond keeping what was sent.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

mod channel;
mod clock;
mod faults;
mod files;
mod gateway;
mod guild;
mod interaction;
pub mod limits;
mod manifest;
mod mentions;
mod message;
mod operator;
pub mod people;
pub mod permissions;
mod posting;
mod rate_limits;
mod recorder;
pub mod refusal;
mod rest;
mod snowflake;
mod state;
mod wire;

pub use faults::Fault;
pub use gateway::intents;
pub use recorder::Exchange;
pub use snowflake::Snowflake;

/// How a playground behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The only bot token accepted.
    pub token: String,
    /// The bot's name.
    pub bot_name: String,
    /// Whether the message content intent is switched on for the application.
    pub message_content: bool,
    /// Whether the members intent is switched on for the application.
    pub guild_members: bool,
    /// How many requests a second are answered over all routes; Discord: 50. None refuses nothing.
    pub requests_per_second: Option<usize>,
    /// Whether identifying more than once in 5 s per shard bucket is refused.
    pub enforce_identify_limit: bool,
    /// How many shards may identify at once.
    pub max_concurrency: u32,
    /// How long the bot may take to acknowledge an interaction, in real time. Discord: 3 s.
    pub acknowledge_within: Duration,
    /// How often clients are told to send heartbeats.
    pub heartbeat_interval: Duration,
    /// How long acting as people waits for anything before it gives up.
    pub patience: Duration,
    /// How many exchanges are kept for reading.
    pub recorded_exchanges: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            token: "playground-token".to_owned(),
            bot_name: "coach".to_owned(),
            message_content: false,
            guild_members: false,
            requests_per_second: None,
            enforce_identify_limit: false,
            max_concurrency: 1,
            acknowledge_within: Duration::from_secs(3),
            heartbeat_interval: Duration::from_millis(41_250),
            patience: Duration::from_secs(10),
            recorded_exchanges: 10_000,
        }
    }
}

/// A running playground. Clones are the same one; it stops when the last is dropped or on [`Playground::shutdown`].
#[derive(Debug, Clone)]
pub struct Playground {
    pub(crate) inner: Arc<Inner>,
    // Dropped with the last clone, which the server's own handle to `inner` must not prevent.
    _stop: Arc<tokio_util::sync::DropGuard>,
}

/// What the server and everybody acting in it share.
#[derive(Debug)]
pub(crate) struct Inner {
    state: Mutex<state::State>,
    faults: Mutex<faults::Faults>,
    limits: Mutex<rate_limits::RateLimits>,
    recorder: Mutex<recorder::Recorder>,
    changed: watch::Sender<u64>,
    shutdown: CancellationToken,
    pub(crate) url: String,
}

impl Inner {
    /// Reads the state.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&state::State) -> T) -> T {
        look(&locked(&self.state))
    }

    /// Changes the state and wakes everybody who waits for a change.
    pub(crate) fn change<T>(&self, act: impl FnOnce(&mut state::State) -> T) -> T {
        let result = act(&mut locked(&self.state));
        self.changed.send_modify(|count| *count += 1);
        result
    }

    /// Tells of every change from here on.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

/// A panic elsewhere leaves the data usable: nothing here is ever half changed on purpose.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Playground {
    /// Starts a playground.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let shutdown = CancellationToken::new();
        let inner = Arc::new(Inner {
            recorder: Mutex::new(recorder::Recorder::new(options.recorded_exchanges)),
            state: Mutex::new(state::State::new(options, url.clone())),
            faults: Mutex::default(),
            limits: Mutex::default(),
            changed: watch::Sender::new(0),
            shutdown: shutdown.clone(),
            url,
        });
        let service = rest::router(Arc::clone(&inner)).into_make_service_with_connect_info::<wire::Wire>();
        let server = axum::serve(wire::Wires(listener), service);
        let stopped = shutdown.clone();
        tokio::spawn(async move {
            // Selecting instead of a graceful end: a test's end must not wait for the bot to hang up.
            tokio::select! {
                result = server => result,
                () = stopped.cancelled() => Ok(()),
            }
        });
        Ok(Self { inner, _stop: Arc::new(shutdown.drop_guard()) })
    }

    /// Stops serving. Connections to the gateway are closed; everything known stays readable.
    pub fn shutdown(&self) {
        self.inner.shutdown.cancel();
    }

    /// The base address, such as `http://127.0.0.1:8177`. REST is at `/api/v10` below it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.inner.url
    }
}
