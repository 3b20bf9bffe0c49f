//! The close codes after which a connection is never made again and which serenity keeps to itself.
//!
//! serenity ends the client on 4004, 4013 and 4014. On 4010 and 4011 it goes on reading the closed connection, and on
//! 4012 it connects again for ever. It says so nowhere but in its log, so this file listens there. Should it change
//! its words, the process waits for a gateway that will not have it, and `/readyz` says so; `tests/run.rs` would tell.

use std::fmt;
use std::sync::LazyLock;

use tokio::sync::watch;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::layer::Context;

/// Where serenity says it.
const TARGET: &str = "serenity::gateway::shard";

/// What it says, after naming the shard, and the close code that this stands for.
const SAID: [(&str, u16); 3] =
    [("Sent invalid shard data.", 4010), ("Shard has too many guilds.", 4011), ("Unknown unclean close 4012:", 4012)];

static CLOSED: LazyLock<watch::Sender<Option<u16>>> = LazyLock::new(|| watch::Sender::new(None));

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

/// The part of a subscriber that hears serenity close for good, whatever the operator's filter says.
#[must_use]
pub fn listener<S>() -> impl Layer<S>
where
    S: Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    let wanted = |metadata: &tracing::Metadata<'_>| {
        metadata.is_event() && metadata.target() == TARGET && metadata.level() <= &Level::WARN
    };
    Listener.with_filter(FilterFn::new(wanted).with_max_level_hint(tracing::level_filters::LevelFilter::WARN))
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
            if let Some((_, code)) = SAID.iter().find(|(words, _)| message.contains(words)) {
                CLOSED.send_replace(Some(*code));
            }
        }
    }
}
