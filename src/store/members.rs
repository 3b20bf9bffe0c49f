//! Members and servers: who they are, and which clock they live by.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Result, Store, db_id, instant, parsed};
use crate::domain::ids::{MemberId, ServerId};
use crate::domain::streak::DEFAULT_DAY_START;
use crate::domain::taxonomy::Level;

/// A member's profile. Someone who has set nothing has the default one.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Who.
    pub id: MemberId,
    /// The level they practise for.
    pub level: Option<Level>,
    /// Their IANA zone.
    pub zone: Option<String>,
    /// The local hour, 0 to 6, at which their day starts.
    pub day_start_hour: u8,
    /// The first date that the present zone may earn, after a move.
    pub not_before: Option<Date>,
    /// A change of clock that waits for the current practice day to end.
    pub next_clock: Option<NextClock>,
    /// Bit set of weekdays without practice, Monday in bit 0.
    pub rest_weekdays: u8,
}

/// A zone and day start that apply from an instant on.
#[derive(Debug, Clone, PartialEq)]
pub struct NextClock {
    /// The IANA zone.
    pub zone: String,
    /// The local hour, 0 to 6.
    pub day_start_hour: u8,
    /// From when.
    pub from: Timestamp,
}

impl Member {
    /// A member of whom nothing is known yet.
    #[must_use]
    pub const fn new(id: MemberId) -> Self {
        Self {
            id,
            level: None,
            zone: None,
            day_start_hour: DEFAULT_DAY_START,
            not_before: None,
            next_clock: None,
            rest_weekdays: 0,
        }
    }
}

impl Store {
    /// Stores the whole profile, and the days that its change of clock jumps over.
    pub async fn save_member(&self, member: &Member, skipped: &[Date], now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        let next = member.next_clock.as_ref();
        sqlx::query(
            "INSERT INTO members (id, level, zone, day_start_hour, not_before, next_zone, next_day_start_hour, next_from_ms,
                                  rest_weekdays, created_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (id) DO UPDATE SET level = excluded.level, zone = excluded.zone,
                 day_start_hour = excluded.day_start_hour, not_before = excluded.not_before, next_zone = excluded.next_zone,
                 next_day_start_hour = excluded.next_day_start_hour, next_from_ms = excluded.next_from_ms,
                 rest_weekdays = excluded.rest_weekdays",
        )
        .bind(db_id(member.id.0))
        .bind(member.level.map(Level::as_str))
        .bind(member.zone.as_deref())
        .bind(member.day_start_hour)
        .bind(member.not_before.map(|d| d.to_string()))
        .bind(next.map(|n| n.zone.as_str()))
        .bind(next.map(|n| n.day_start_hour))
        .bind(next.map(|n| n.from.as_millisecond()))
        .bind(member.rest_weekdays)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
        for date in skipped {
            sqlx::query("INSERT INTO excused_days (member_id, local_date) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(db_id(member.id.0))
                .bind(date.to_string())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The server's zone, if one is set.
    pub async fn server_zone(&self, id: ServerId) -> Result<Option<String>> {
        let zone: Option<Option<String>> = sqlx::query_scalar("SELECT zone FROM servers WHERE id = $1")
            .bind(db_id(id.0))
            .fetch_optional(&self.read)
            .await?;
        Ok(zone.flatten())
    }

    /// Sets the server's zone if it has none: the first schedule's zone is the best guess until a moderator says more.
    pub async fn default_server_zone(&self, id: ServerId, zone: &str, now: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO servers (id, zone, joined_at_ms) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET zone = coalesce(zone, excluded.zone)",
        )
        .bind(db_id(id.0))
        .bind(zone)
        .bind(now.as_millisecond())
        .execute(&self.write)
        .await?;
        Ok(())
    }
}

/// Reads a row of `members`.
pub(super) fn member(id: MemberId, row: &SqliteRow) -> Result<Member> {
    let level: Option<String> = row.try_get("level")?;
    let not_before: Option<String> = row.try_get("not_before")?;
    let next: (Option<String>, Option<u8>, Option<i64>) =
        (row.try_get("next_zone")?, row.try_get("next_day_start_hour")?, row.try_get("next_from_ms")?);
    let next_clock = match next {
        (Some(zone), Some(day_start_hour), Some(from_ms)) => {
            Some(NextClock { zone, day_start_hour, from: instant(from_ms)? })
        }
        _ => None,
    };
    Ok(Member {
        id,
        level: level.map(|l| parsed::<Level>("a level", &l)).transpose()?,
        zone: row.try_get("zone")?,
        day_start_hour: row.try_get("day_start_hour")?,
        not_before: not_before.map(|d| parsed::<Date>("a date", &d)).transpose()?,
        next_clock,
        rest_weekdays: row.try_get("rest_weekdays")?,
    })
}
