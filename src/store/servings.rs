//! Questions put before people, and the help they took with them.

use jiff::Timestamp;
use sqlx::Row;

use super::{Result, Store, db_id};
use crate::domain::ids::{MemberId, ServerId, Slug};

/// A question about to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewServing {
    /// Goes into the message's buttons.
    pub id: String,
    /// For whom; nobody in particular for a drop.
    pub member: Option<MemberId>,
    /// Where, unless in a DM or the terminal.
    pub server: Option<ServerId>,
    /// What.
    pub question: Slug,
}

/// What a member has done with one showing.
#[derive(Debug, Clone, PartialEq)]
pub struct SoFar {
    /// Their latest attempt: its id, and its score after hints, 0 to 1.
    pub last: Option<(String, f64)>,
    /// Hints taken.
    pub hints: u32,
    /// Whether they asked for the answer.
    pub revealed: bool,
}

impl Store {
    /// Records a showing. For a member it also counts as seen (by a trigger), so that selection does not repeat it.
    pub async fn record_serving(&self, serving: &NewServing, now: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO servings (id, member_id, server_id, question, served_at_ms) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(&serving.id)
        .bind(serving.member.map(|m| db_id(m.0)))
        .bind(serving.server.map(|s| db_id(s.0)))
        .bind(serving.question.as_str())
        .bind(now.as_millisecond())
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// What a member has done with a showing so far.
    pub async fn so_far(&self, serving: &str, member: MemberId) -> Result<SoFar> {
        let row = sqlx::query(
            "SELECT last.id AS attempt, last.score AS score,
                    (SELECT count(*) FROM hints WHERE serving_id = $1 AND member_id = $2) AS hints,
                    EXISTS (SELECT 1 FROM reveals WHERE serving_id = $1 AND member_id = $2) AS revealed
             FROM (SELECT 1) LEFT JOIN attempts AS last ON last.id = (
                 SELECT id FROM attempts WHERE serving_id = $1 AND member_id = $2
                 ORDER BY answered_at_ms DESC, id DESC LIMIT 1)",
        )
        .bind(serving)
        .bind(db_id(member.0))
        .fetch_one(&self.read)
        .await?;
        let attempt: Option<String> = row.try_get("attempt")?;
        Ok(SoFar {
            last: attempt.map(|id| Ok::<_, sqlx::Error>((id, row.try_get("score")?))).transpose()?,
            hints: row.try_get("hints")?,
            revealed: row.try_get("revealed")?,
        })
    }

    /// Gives the first of `points` that this member has not had with this serving, and how many they have then had.
    /// `None` when all are given. Two presses at once get two different hints.
    pub async fn take_hint(
        &self,
        serving: &str,
        member: MemberId,
        points: &[Slug],
        now: Timestamp,
    ) -> Result<Option<(Slug, u32)>> {
        let mut tx = self.begin().await?;
        let given: Vec<String> = sqlx::query_scalar("SELECT point FROM hints WHERE serving_id = $1 AND member_id = $2")
            .bind(serving)
            .bind(db_id(member.0))
            .fetch_all(&mut *tx)
            .await?;
        let Some(next) = points.iter().find(|p| !given.iter().any(|g| g == p.as_str())) else { return Ok(None) };
        sqlx::query("INSERT INTO hints (serving_id, member_id, point, given_at_ms) VALUES ($1, $2, $3, $4)")
            .bind(serving)
            .bind(db_id(member.0))
            .bind(next.as_str())
            .bind(now.as_millisecond())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Some((next.clone(), u32::try_from(given.len() + 1).unwrap_or(u32::MAX))))
    }

    /// Records that the model answer was shown on request.
    pub async fn record_reveal(&self, serving: &str, member: MemberId, now: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO reveals (serving_id, member_id, revealed_at_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(serving)
        .bind(db_id(member.0))
        .bind(now.as_millisecond())
        .execute(&self.write)
        .await?;
        Ok(())
    }
}
