//! Drops owed, on their way, delivered, missed or failed. A row moves forward only; a crash leaves it where the next
//! process can tell what may have happened.

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use super::{Result, Store, StoreError, db_id, from_db_id, instant};
use crate::domain::ids::{MessageId, ServerId, Slug};

/// One drop.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// UUID; its start is the message's nonce.
    pub id: String,
    /// Of which schedule.
    pub schedule_id: String,
    /// The schedule's local date it stands for; none when run by hand.
    pub local_date: Option<String>,
    /// When it was due.
    pub due: Timestamp,
    /// What it asks; none when it was missed.
    pub question: Option<Slug>,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// How often it was tried.
    pub tries: u32,
    /// The message, once Discord has it.
    pub message: Option<MessageId>,
    /// Why it was missed or failed.
    pub reason: Option<String>,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// Nobody has tried yet.
    Owed,
    /// Someone tried; unless they are still at it, nobody knows whether it arrived.
    Sending,
    /// The message is there, its thread is not.
    Threading,
    /// Done.
    Sent,
    /// The catch-up window had passed.
    Missed,
    /// Discord refused for good.
    Failed,
}

impl DeliveryStatus {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Owed => "owed",
            Self::Sending => "sending",
            Self::Threading => "threading",
            Self::Sent => "sent",
            Self::Missed => "missed",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        [Self::Owed, Self::Sending, Self::Threading, Self::Sent, Self::Missed, Self::Failed]
            .into_iter()
            .find(|s| s.as_str() == text)
            .ok_or_else(|| StoreError::Unreadable { what: "a delivery's status", detail: text.to_owned() })
    }
}

/// What a delivered drop leaves behind.
#[derive(Debug, Clone, Copy)]
pub struct Posted<'a> {
    /// The delivery.
    pub id: &'a str,
    /// The message Discord made.
    pub message: MessageId,
    /// Whether a thread is still to be made.
    pub thread_next: bool,
    /// Whose channel it is in.
    pub server: ServerId,
    /// What it asks.
    pub question: &'a Slug,
    /// The notice of the trouble that is over when nothing is left to do.
    pub ends_trouble: &'a str,
}

impl Store {
    /// Owes a drop that no schedule planned: a moderator ran it by hand.
    pub async fn owe_delivery(&self, delivery: &Delivery) -> Result<()> {
        let mut tx = self.begin().await?;
        insert_delivery(&mut tx, delivery).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes up to `limit` pending deliveries and hides them from other takers until `lease_until`. Each comes back as it
    /// stood before: one that was already `Sending` may have arrived.
    pub async fn claim_deliveries(&self, now: Timestamp, lease_until: Timestamp, limit: u32) -> Result<Vec<Delivery>> {
        let pending = "SELECT EXISTS (SELECT 1 FROM deliveries
                       WHERE status IN ('owed', 'sending', 'threading') AND next_try_ms <= $1)";
        // Most polls find nothing; they should not wait for the write lock to learn it.
        if !sqlx::query_scalar::<_, bool>(pending).bind(now.as_millisecond()).fetch_one(&self.read).await? {
            return Ok(Vec::new());
        }
        let mut tx = self.begin().await?;
        let rows = sqlx::query(
            "SELECT * FROM deliveries WHERE status IN ('owed', 'sending', 'threading') AND next_try_ms <= $1
             ORDER BY next_try_ms, id LIMIT $2",
        )
        .bind(now.as_millisecond())
        .bind(limit)
        .fetch_all(&mut *tx)
        .await?;
        let claimed = rows.iter().map(delivery).collect::<Result<Vec<_>>>()?;
        for delivery in &claimed {
            sqlx::query(
                "UPDATE deliveries SET status = CASE status WHEN 'owed' THEN 'sending' ELSE status END,
                                       tries = tries + 1, next_try_ms = $2 WHERE id = $1",
            )
            .bind(&delivery.id)
            .bind(lease_until.as_millisecond())
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(claimed)
    }

    /// The message arrived. The drop becomes a serving that anyone in the channel may answer.
    pub async fn delivery_posted(&self, posted: Posted<'_>, now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        let status = if posted.thread_next { DeliveryStatus::Threading } else { DeliveryStatus::Sent };
        sqlx::query("UPDATE deliveries SET status = $2, message_id = $3, reason = NULL WHERE id = $1")
            .bind(posted.id)
            .bind(status.as_str())
            .bind(db_id(posted.message.0))
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO servings (id, server_id, question, served_at_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(posted.id)
        .bind(db_id(posted.server.0))
        .bind(posted.question.as_str())
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
        if !posted.thread_next {
            sqlx::query("DELETE FROM notices WHERE key = $1").bind(posted.ends_trouble).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Nothing is left to do for this delivery, one way or the other.
    pub async fn finish_delivery(&self, id: &str, status: DeliveryStatus, reason: Option<&str>) -> Result<()> {
        sqlx::query("UPDATE deliveries SET status = $2, reason = $3 WHERE id = $1")
            .bind(id)
            .bind(status.as_str())
            .bind(reason)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Not now; try again at that instant. What was settled meanwhile stays settled.
    pub async fn retry_delivery(&self, id: &str, to: DeliveryStatus, at: Timestamp, reason: &str) -> Result<()> {
        sqlx::query(
            "UPDATE deliveries SET status = $2, next_try_ms = $3, reason = $4
             WHERE id = $1 AND status IN ('owed', 'sending', 'threading')",
        )
        .bind(id)
        .bind(to.as_str())
        .bind(at.as_millisecond())
        .bind(reason)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// At start, nobody else is at work on anything: what a dead process had taken is free again.
    pub async fn release_leases(&self, now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        // The pending index covers these three statuses, and SQLite uses it only when all are named.
        sqlx::query(
            "UPDATE deliveries SET next_try_ms = $1
             WHERE status IN ('owed', 'sending', 'threading') AND status <> 'owed' AND next_try_ms > $1",
        )
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
        sqlx::query("UPDATE interviews SET next_try_ms = $1 WHERE scorecard_posted = 0 AND next_try_ms > $1")
            .bind(now.as_millisecond())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// What the schedule has asked or is about to ask, oldest first.
    pub async fn delivered_questions(&self, schedule_id: &str) -> Result<Vec<Slug>> {
        let slugs: Vec<String> = sqlx::query_scalar(
            "SELECT question FROM deliveries WHERE schedule_id = $1 AND question IS NOT NULL
               AND status NOT IN ('failed', 'missed') ORDER BY id",
        )
        .bind(schedule_id)
        .fetch_all(&self.read)
        .await?;
        Ok(slugs.iter().filter_map(|s| Slug::parse(s).ok()).collect())
    }

    /// The schedule's latest deliveries, newest first.
    pub async fn recent_deliveries(&self, schedule_id: &str, limit: u32) -> Result<Vec<Delivery>> {
        let rows = sqlx::query("SELECT * FROM deliveries WHERE schedule_id = $1 ORDER BY id DESC LIMIT $2")
            .bind(schedule_id)
            .bind(limit)
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(delivery).collect()
    }
}

/// Adds a delivery unless its (schedule, local date) already has one.
pub(super) async fn insert_delivery(tx: &mut Transaction<'_, Sqlite>, new: &Delivery) -> Result<()> {
    sqlx::query(
        "INSERT INTO deliveries (id, schedule_id, local_date, due_ms, question, status, next_try_ms, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $4, $7) ON CONFLICT (schedule_id, local_date) DO NOTHING",
    )
    .bind(&new.id)
    .bind(&new.schedule_id)
    .bind(new.local_date.as_deref())
    .bind(new.due.as_millisecond())
    .bind(new.question.as_ref().map(Slug::as_str))
    .bind(new.status.as_str())
    .bind(new.reason.as_deref())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn delivery(row: &SqliteRow) -> Result<Delivery> {
    let question: Option<String> = row.try_get("question")?;
    Ok(Delivery {
        id: row.try_get("id")?,
        schedule_id: row.try_get("schedule_id")?,
        local_date: row.try_get("local_date")?,
        due: instant(row.try_get("due_ms")?)?,
        question: question.and_then(|q| Slug::parse(&q).ok()),
        status: DeliveryStatus::parse(row.try_get("status")?)?,
        tries: row.try_get("tries")?,
        message: row.try_get::<Option<i64>, _>("message_id")?.map(|m| MessageId(from_db_id(m))),
        reason: row.try_get("reason")?,
    })
}
