//! What moderators must be told once: rows until a channel has them.

use jiff::Timestamp;
use sqlx::Row;

use super::{Result, Store, db_id, from_db_id, instant};
use crate::domain::ids::{ChannelId, ServerId};

/// A message owed to a server's moderators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about; the same thing is told once.
    pub key: String,
    /// Whose moderators it is for, if it is for moderators.
    pub server: Option<ServerId>,
    /// Where to say it.
    pub channel: ChannelId,
    /// What to say.
    pub text: String,
    /// How often it was tried.
    pub tries: u32,
    /// When it was owed: what tells it from an earlier notice of the same trouble, which was forgotten since.
    pub owed_at: Timestamp,
}

impl Store {
    /// Owes a notice, unless one with this key was owed before.
    pub async fn owe_notice(&self, new: &Notice) -> Result<()> {
        sqlx::query(
            "INSERT INTO notices (key, server_id, channel_id, text, next_try_ms, owed_ms) VALUES ($1, $2, $3, $4, $5, $5)
             ON CONFLICT DO NOTHING",
        )
        .bind(&new.key)
        .bind(new.server.map(|s| db_id(s.0)))
        .bind(db_id(new.channel.0))
        .bind(&new.text)
        .bind(new.owed_at.as_millisecond())
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// The next notice due, put off to `again_at` so that nobody else takes it meanwhile.
    pub async fn claim_notice(&self, now: Timestamp, again_at: Timestamp) -> Result<Option<Notice>> {
        let pending = "SELECT EXISTS (SELECT 1 FROM notices WHERE done_ms IS NULL AND next_try_ms <= $1)";
        if !sqlx::query_scalar::<_, bool>(pending).bind(now.as_millisecond()).fetch_one(&self.read).await? {
            return Ok(None);
        }
        let row = sqlx::query(
            "UPDATE notices SET tries = tries + 1, next_try_ms = $2
             WHERE key = (SELECT key FROM notices WHERE done_ms IS NULL AND next_try_ms <= $1
                          ORDER BY next_try_ms LIMIT 1)
             RETURNING key, server_id, channel_id, text, tries, owed_ms",
        )
        .bind(now.as_millisecond())
        .bind(again_at.as_millisecond())
        .fetch_optional(&self.write)
        .await?;
        row.map(|row| {
            Ok(Notice {
                key: row.try_get("key")?,
                server: row.try_get::<Option<i64>, _>("server_id")?.map(|s| ServerId(from_db_id(s))),
                channel: ChannelId(from_db_id(row.try_get("channel_id")?)),
                text: row.try_get("text")?,
                tries: row.try_get("tries")?,
                owed_at: instant(row.try_get("owed_ms")?)?,
            })
        })
        .transpose()
    }

    /// Says a notice somewhere else: the channel it was for is gone or closed.
    pub async fn redirect_notice(&self, key: &str, channel: ChannelId, now: Timestamp) -> Result<()> {
        sqlx::query("UPDATE notices SET channel_id = $2, next_try_ms = $3 WHERE key = $1")
            .bind(key)
            .bind(db_id(channel.0))
            .bind(now.as_millisecond())
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Marks a notice as told, or as given up.
    pub async fn finish_notice(&self, key: &str, now: Timestamp) -> Result<()> {
        sqlx::query("UPDATE notices SET done_ms = $2 WHERE key = $1")
            .bind(key)
            .bind(now.as_millisecond())
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Forgets a notice, so that the same trouble is told again the next time it begins.
    pub async fn forget_notice(&self, key: &str) -> Result<()> {
        sqlx::query("DELETE FROM notices WHERE key = $1").bind(key).execute(&self.write).await?;
        Ok(())
    }
}
