//! What a member's clock and streak are derived from, in one read: it stands before every answer.

use jiff::civil::Date;
use sqlx::Row;

use super::members::member;
use super::{Member, Result, Store, db_id, from_json, parsed};
use crate::domain::ids::{MemberId, ServerId};

/// Where a member stands, as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Their profile; the default one if they are new.
    pub member: Member,
    /// The zone of their last practice date.
    pub last_zone: Option<String>,
    /// The zone of the server they are in.
    pub server_zone: Option<String>,
    /// The dates on which they practised, oldest first. Streaks are derived from these and nothing else.
    pub practice_dates: Vec<Date>,
    /// The days that may not break their streak.
    pub excused_days: Vec<Date>,
}

impl Store {
    /// Where the member stands, in that server or in none.
    pub async fn standing(&self, id: MemberId, server: Option<ServerId>) -> Result<Standing> {
        let row = sqlx::query(
            "SELECT level, zone, day_start_hour, not_before, next_zone, next_day_start_hour, next_from_ms, rest_weekdays,
                    members.id IS NOT NULL AS known,
                    (SELECT zone FROM attempts WHERE member_id = $1 AND counts = 1
                     ORDER BY local_date DESC, answered_at_ms DESC LIMIT 1) AS last_zone,
                    (SELECT zone FROM servers WHERE id = $2) AS server_zone,
                    (SELECT json_group_array(local_date) FROM
                        (SELECT DISTINCT local_date FROM attempts WHERE member_id = $1 AND counts = 1 ORDER BY local_date))
                        AS practice_dates,
                    (SELECT json_group_array(local_date) FROM
                        (SELECT local_date FROM excused_days WHERE member_id = $1 ORDER BY local_date)) AS excused_days
             FROM (SELECT 1) LEFT JOIN members ON members.id = $1",
        )
        .bind(db_id(id.0))
        .bind(server.map(|s| db_id(s.0)))
        .fetch_one(&self.read)
        .await?;
        Ok(Standing {
            member: if row.try_get("known")? { member(id, &row)? } else { Member::new(id) },
            last_zone: row.try_get("last_zone")?,
            server_zone: row.try_get("server_zone")?,
            practice_dates: dates(row.try_get("practice_dates")?)?,
            excused_days: dates(row.try_get("excused_days")?)?,
        })
    }
}

fn dates(json: &str) -> Result<Vec<Date>> {
    let dates: Vec<String> = from_json("local dates", json)?;
    dates.iter().map(|date| parsed::<Date>("a local date", date)).collect()
}
