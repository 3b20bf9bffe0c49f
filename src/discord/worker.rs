//! What has come due: drops, interviews with something to show, notices. Each loop looks, works until nothing is left,
//! and waits for a moment or for someone to wake it. All of it is rows, so a loop that dies has lost nothing.

use std::sync::Arc;

use super::bot::Bot;
use super::{drops, errors, interviews, notices};
use crate::app::Result;

/// Interviews picked up in one look.
const INTERVIEWS_AT_ONCE: u32 = 50;

/// Starts the loops; they end with the word to stop, each after what it is at.
pub async fn start(bot: &Arc<Bot>) {
    // Once, and before any loop: whatever a dead process had taken is free, and nothing else is.
    if let Err(error) = bot.app.release_leases().await {
        errors::log(&error);
    }
    bot.tasks.spawn(repeat(Arc::clone(bot), async |bot| drops::deliver_due(bot).await));
    bot.tasks.spawn(repeat(Arc::clone(bot), async |bot| drive_pending(bot).await));
    bot.tasks.spawn(repeat(Arc::clone(bot), async |bot| notices::send_next(bot).await));
}

async fn drive_pending(bot: &Arc<Bot>) -> Result<bool> {
    for id in bot.app.pending_mocks(INTERVIEWS_AT_ONCE).await? {
        interviews::drive(bot, id);
    }
    // The drivers are at it in tasks of their own; looking again at once would find the same rows.
    Ok(false)
}

async fn repeat<W>(bot: Arc<Bot>, work: W)
where
    W: AsyncFn(&Arc<Bot>) -> Result<bool>,
{
    while !bot.stop.is_cancelled() {
        match work(&bot).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => errors::log(&error),
        }
        tokio::select! {
            () = bot.wake.notified() => {}
            () = tokio::time::sleep(drops::LOOK_EVERY) => {}
            () = bot.stop.cancelled() => {}
        }
    }
}
