//! Drop schedules: what is due, and moving on to the next occurrence in the transaction that plans this one.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::deliveries::insert_delivery;
use super::{Delivery, Result, Store, db_id, from_db_id, from_json, instant, parsed, to_json};
use crate::domain::ids::{ChannelId, MemberId, RoleId, ServerId, Slug};
use crate::domain::taxonomy::Level;

/// A schedule as a moderator made it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSchedule {
    /// UUID.
    pub id: String,
    /// Whose.
    pub server: ServerId,
    /// Where its drops go.
    pub channel: ChannelId,
    /// Where it was made, and so where its moderators read.
    pub home_channel: ChannelId,
    /// Bit set of weekdays, Monday in bit 0.
    pub days: u8,
    /// Local time in minutes after midnight.
    pub minute_of_day: u16,
    /// IANA zone.
    pub zone: String,
    /// Skills or groups; none means whatever the server draws from.
    pub topics: Vec<Slug>,
    /// Only questions asked at this level.
    pub level: Option<Level>,
    /// Whether each drop gets a thread.
    pub thread: bool,
    /// The only role a drop may ping.
    pub ping_role: Option<RoleId>,
    /// Who made it.
    pub created_by: MemberId,
}

/// A schedule with where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// What the moderator asked for.
    pub wanted: NewSchedule,
    /// Why it is paused, if it is.
    pub paused_reason: Option<String>,
    /// The next occurrence: instant and local date.
    pub next: Option<(Timestamp, String)>,
}

impl Store {
    /// Adds a schedule with its first occurrence.
    pub async fn add_schedule(&self, new: &NewSchedule, next: (Timestamp, &str), now: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO schedules (id, server_id, channel_id, home_channel_id, days, minute_of_day, zone, topics,
                                    level, thread, ping_role_id, next_due_ms, next_local_date, created_by, created_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        )
        .bind(&new.id)
        .bind(db_id(new.server.0))
        .bind(db_id(new.channel.0))
        .bind(db_id(new.home_channel.0))
        .bind(new.days)
        .bind(new.minute_of_day)
        .bind(&new.zone)
        .bind(to_json("topics", &new.topics)?)
        .bind(new.level.map(Level::as_str))
        .bind(new.thread)
        .bind(new.ping_role.map(|r| db_id(r.0)))
        .bind(next.0.as_millisecond())
        .bind(next.1)
        .bind(db_id(new.created_by.0))
        .bind(now.as_millisecond())
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// The server's schedules, oldest first.
    pub async fn schedules(&self, server: ServerId) -> Result<Vec<Schedule>> {
        let rows = sqlx::query("SELECT * FROM schedules WHERE server_id = $1 ORDER BY id")
            .bind(db_id(server.0))
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(schedule).collect()
    }

    /// One schedule, whichever server it is of.
    pub async fn schedule(&self, id: &str) -> Result<Option<Schedule>> {
        let row = sqlx::query("SELECT * FROM schedules WHERE id = $1").bind(id).fetch_optional(&self.read).await?;
        row.as_ref().map(schedule).transpose()
    }

    /// Pauses a schedule and says why. What it owes is missed; what someone has tried to post is looked at once more, since
    /// only Discord knows whether it is there.
    pub async fn pause_schedule(&self, id: &str, reason: &str, now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE schedules SET paused_reason = $2 WHERE id = $1")
            .bind(id)
            .bind(reason)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "UPDATE deliveries SET status = 'missed', reason = 'its schedule was paused'
             WHERE schedule_id = $1 AND status = 'owed'",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        sqlx::query("UPDATE deliveries SET next_try_ms = $2 WHERE schedule_id = $1 AND status = 'sending'")
            .bind(id)
            .bind(now.as_millisecond())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Resumes a schedule at its next occurrence.
    pub async fn resume_schedule(&self, id: &str, next: (Timestamp, &str)) -> Result<()> {
        sqlx::query("UPDATE schedules SET paused_reason = NULL, next_due_ms = $2, next_local_date = $3 WHERE id = $1")
            .bind(id)
            .bind(next.0.as_millisecond())
            .bind(next.1)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Deletes a schedule and what it delivered; says whether there was one.
    pub async fn delete_schedule(&self, id: &str) -> Result<bool> {
        let done = sqlx::query("DELETE FROM schedules WHERE id = $1").bind(id).execute(&self.write).await?;
        Ok(done.rows_affected() > 0)
    }

    /// Running schedules whose next occurrence has come, the longest due first.
    pub async fn due_schedules(&self, now: Timestamp, limit: u32) -> Result<Vec<Schedule>> {
        let rows = sqlx::query(
            "SELECT * FROM schedules WHERE paused_reason IS NULL AND next_due_ms <= $1 ORDER BY next_due_ms LIMIT $2",
        )
        .bind(now.as_millisecond())
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(schedule).collect()
    }

    /// In one transaction: owes (or records as missed) each planned delivery and moves its schedule on. A delivery whose
    /// (schedule, local date) already has one is dropped, and so is one whose schedule moved meanwhile.
    pub async fn plan_deliveries(&self, planned: &[(Delivery, Option<(Timestamp, String)>)]) -> Result<()> {
        let mut tx = self.begin().await?;
        for (delivery, next) in planned {
            let moved = sqlx::query(
                "UPDATE schedules SET next_due_ms = $3, next_local_date = $4
                 WHERE id = $1 AND next_due_ms = $2 AND paused_reason IS NULL",
            )
            .bind(&delivery.schedule_id)
            .bind(delivery.due.as_millisecond())
            .bind(next.as_ref().map(|n| n.0.as_millisecond()))
            .bind(next.as_ref().map(|n| n.1.as_str()))
            .execute(&mut *tx)
            .await?;
            if moved.rows_affected() == 1 {
                insert_delivery(&mut tx, delivery).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}

fn schedule(row: &SqliteRow) -> Result<Schedule> {
    let level: Option<String> = row.try_get("level")?;
    let due: Option<i64> = row.try_get("next_due_ms")?;
    let date: Option<String> = row.try_get("next_local_date")?;
    Ok(Schedule {
        wanted: NewSchedule {
            id: row.try_get("id")?,
            server: ServerId(from_db_id(row.try_get("server_id")?)),
            channel: ChannelId(from_db_id(row.try_get("channel_id")?)),
            home_channel: ChannelId(from_db_id(row.try_get("home_channel_id")?)),
            days: row.try_get("days")?,
            minute_of_day: row.try_get("minute_of_day")?,
            zone: row.try_get("zone")?,
            topics: from_json("a schedule's topics", row.try_get("topics")?)?,
            level: level.map(|l| parsed::<Level>("a level", &l)).transpose()?,
            thread: row.try_get("thread")?,
            ping_role: row.try_get::<Option<i64>, _>("ping_role_id")?.map(|r| RoleId(from_db_id(r))),
            created_by: MemberId(from_db_id(row.try_get("created_by")?)),
        },
        paused_reason: row.try_get("paused_reason")?,
        next: due.zip(date).map(|(ms, date)| Ok::<_, super::StoreError>((instant(ms)?, date))).transpose()?,
    })
}
