//! Notices: what must be told once, and where.

use jiff::{SignedDuration, Timestamp};

use super::{App, Result};
use crate::domain::ids::ChannelId;
use crate::store::Notice;

/// How long a notice that did not arrive waits for its next try.
const TRY_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(60);

impl App {
    /// The next notice to send now.
    pub async fn next_notice(&self) -> Result<Option<Notice>> {
        let now = self.clock.now();
        let again_at = now.saturating_add(TRY_AGAIN_AFTER).unwrap_or(Timestamp::MAX);
        Ok(self.store.claim_notice(now, again_at).await?)
    }

    /// It was told, or there is nowhere to tell it.
    pub async fn notice_done(&self, notice: &Notice) -> Result<()> {
        Ok(self.store.finish_notice(&notice.key, self.clock.now()).await?)
    }

    /// It is to be told in another channel.
    pub async fn notice_elsewhere(&self, notice: &Notice, channel: ChannelId) -> Result<()> {
        Ok(self.store.redirect_notice(&notice.key, channel, self.clock.now()).await?)
    }
}
