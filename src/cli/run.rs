//! `coach run`: the bot, until it is told to stop.

use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use super::wiring::open_app;
use crate::config::Settings;
use crate::discord::bot::{self, Connection};
use crate::http::{self, Part, Readiness};
use crate::telemetry;

/// How long the database may take to close.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// Runs until SIGTERM or Ctrl-C.
///
/// # Errors
/// Whatever keeps the bot from starting or ends it for good, as one sentence with the next step.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let token = settings.token()?.clone();
    let connection = Connection {
        token,
        api_url: settings.discord.api_url.clone(),
        message_content: settings.discord.message_content,
        requests_per_second: NonZeroU32::new(settings.drops.requests_per_second).unwrap_or(NonZeroU32::MIN),
    };
    // Two, though one would cost less: on some close codes serenity's reader spins and never gives its thread back.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(serve(settings, connection));
    // What is still running by now is not waited for; it is rows, and goes on at the next start.
    runtime.shutdown_background();
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn serve(settings: &Settings, connection: Connection) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    stop_on_signals(stop.clone())?;
    let metrics = settings.http.listen.map(|_| telemetry::start_metrics()).transpose()?;
    let readiness = Readiness::new();
    let app = open_app(settings).await?;
    readiness.set(Part::Database, true);
    let server = match settings.http.listen.zip(metrics) {
        Some((address, metrics)) => {
            let listener = http::bind(address).await?;
            Some(tokio::spawn(http::serve(listener, readiness.clone(), metrics, stop.clone())))
        }
        None => None,
    };
    let store = app.store.clone();
    let ran = bot::run(app, connection, readiness, stop.clone()).await;
    stop.cancel();
    // A statement that hangs on another program's lock must not keep the process; what is committed stays committed.
    let _ = tokio::time::timeout(CLOSE_WITHIN, store.close()).await;
    if let Some(server) = server {
        server.await.context("the HTTP server")??;
    }
    tracing::info!("stopped");
    Ok(ran?)
}

/// SIGTERM and Ctrl-C stop in good order.
fn stop_on_signals(stop: CancellationToken) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stop.cancel();
    });
    Ok(())
}
