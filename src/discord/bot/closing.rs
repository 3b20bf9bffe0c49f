//! What serenity knows of the connection and keeps to itself: three final close codes, and that it broke.
//!
//! serenity ends the client on 4004, 4013 and 4014. On 4010 and 4011 it goes on reading the closed connection, and on
//! 4012 it connects again for ever; and a connection that breaks is `Connected` to its manager until one works again.
//! It says so nowhere but in its log, so this file listens there. Should it change its words, nothing is lost but the
//! sentence and an exact `/readyz`, and `tests/run.rs` and `tests/health.rs` fail.

use std::fmt;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterFn, LevelFilter};
use tracing_subscriber::layer::Context;

/// Where serenity says it.
const TARGET: &str = "serenity::gateway::shard";

/// What it says, after naming the shard, and the close code that this stands for.
const SAID: [(&str, u16); 3] =
    [("Sent invalid shard data.", 4010), ("Shard has too many guilds.", 4011), ("Unknown unclean close 4012:", 4012)];

/// What it says when the connection broke.
const BROKE: &str = "Websocket error";

static BROKEN: AtomicBool = AtomicBool::new(false);

static CLOSED: LazyLock<watch::Sender<Option<u16>>> = LazyLock::new(|| watch::Sender::new(None));

/// Whether the connection broke and none has worked since.
pub(super) fn is_broken() -> bool {
    BROKEN.load(Ordering::Relaxed)
}

/// Takes note that a connection works.
pub(super) fn works() {
    BROKEN.store(false, Ordering::Relaxed);
}

/// Waits for Discord to close the connection with 4010, 4011 or 4012. Nothing comes of it unless [`listener`] is part
/// of the process's subscriber.
pub(super) async fn for_good() -> u16 {
    let mut closed = CLOSED.subscribe();
    match closed.wait_for(Option::is_some).await.map(|code| *code) {
        Ok(Some(code)) => code,
        // The sender is static.
        _ => std::future::pending().await,
    }
}

/// The part of a subscriber that hears what serenity says of the connection, whatever the operator's filter says.
#[must_use]
pub fn listener<S>() -> impl Layer<S>
where
    S: Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    let wanted = |metadata: &tracing::Metadata<'_>| {
        metadata.is_event() && metadata.target() == TARGET && metadata.level() <= &Level::INFO
    };
    Listener.with_filter(FilterFn::new(wanted).with_max_level_hint(LevelFilter::INFO))
}

struct Listener;

impl<S: Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        event.record(&mut Ear);
    }
}

struct Ear;

impl Visit for Ear {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            let message = format!("{value:?}");
            if message.contains(BROKE) {
                BROKEN.store(true, Ordering::Relaxed);
            }
            if let Some((_, code)) = SAID.iter().find(|(words, _)| message.contains(words)) {
                CLOSED.send_replace(Some(*code));
            }
        }
    }
}
