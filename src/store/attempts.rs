//! Graded answers, and what every attempt updates: the estimate per skill, and (by a trigger) the summary per question.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use super::{Result, Store, StoreError, db_id, from_db_id, from_json, instant, to_json};
use crate::domain::grade::Grade;
use crate::domain::ids::{MemberId, ServerId, Slug};
use crate::domain::mastery::Mastery;

/// A graded answer about to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAttempt {
    /// UUID.
    pub id: String,
    /// What it came from; storing the same source twice stores it once.
    pub source: String,
    /// The showing it answers, unless it is an interview's.
    pub serving: Option<String>,
    /// The interview it belongs to.
    pub interview: Option<String>,
    /// Who answered.
    pub member: MemberId,
    /// Where, unless in a DM or the terminal.
    pub server: Option<ServerId>,
    /// What was asked.
    pub question: Slug,
    /// What was said; an interview's turns hold their own text.
    pub answer: Option<String>,
    /// What it earned, before hints.
    pub grade: Grade,
    /// Hints taken before it.
    pub hints: u32,
    /// The score after hints, 0 to 1.
    pub score: f64,
    /// Whether it counts for the streak. After a reveal it does not.
    pub counts: bool,
    /// When.
    pub answered_at: Timestamp,
    /// The IANA zone that `local_date` is of.
    pub zone: String,
    /// The practice date it belongs to.
    pub local_date: Date,
}

/// A stored attempt, as far as anything reads it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// UUID.
    pub id: String,
    /// Who.
    pub member: MemberId,
    /// What was asked.
    pub question: Slug,
    /// The showing it answered.
    pub serving: Option<String>,
    /// What it earned, before hints.
    pub grade: Grade,
    /// Hints taken before it.
    pub hints: u32,
    /// The score after hints, 0 to 1.
    pub score: f64,
    /// Whether it counts for the streak.
    pub counts: bool,
}

/// What recording an attempt did.
#[derive(Debug, Clone, PartialEq)]
pub enum Recorded {
    /// It is stored now.
    New,
    /// It was stored before; this is what was stored.
    Already(Box<Attempt>),
}

/// How much a member has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Attempts stored.
    pub attempts: u32,
    /// Different questions among them.
    pub questions: u32,
}

impl Store {
    /// Stores an attempt with its summaries, all or nothing. `trains` lists the skills whose estimate it moves, each with
    /// the attempt's weight for it.
    pub async fn record_attempt(&self, new: &NewAttempt, trains: &[(Slug, f64)]) -> Result<Recorded> {
        let mut tx = self.begin().await?;
        if !insert_attempt(&mut tx, new).await? {
            let row =
                sqlx::query("SELECT * FROM attempts WHERE source = $1").bind(&new.source).fetch_one(&mut *tx).await?;
            return Ok(Recorded::Already(Box::new(attempt(&row)?)));
        }
        if !trains.is_empty() {
            train(&mut tx, new, trains).await?;
        }
        tx.commit().await?;
        Ok(Recorded::New)
    }

    /// One attempt.
    pub async fn attempt(&self, id: &str) -> Result<Option<Attempt>> {
        let row = sqlx::query("SELECT * FROM attempts WHERE id = $1").bind(id).fetch_optional(&self.read).await?;
        row.as_ref().map(attempt).transpose()
    }

    /// The member's estimate for every skill with evidence.
    pub async fn masteries(&self, member: MemberId) -> Result<Vec<Mastery>> {
        let rows =
            sqlx::query("SELECT skill, mean, uncertainty, evidence, updated_ms FROM skill_states WHERE member_id = $1")
                .bind(db_id(member.0))
                .fetch_all(&self.read)
                .await?;
        rows.iter().map(mastery).collect()
    }

    /// How much the member has done.
    pub async fn totals(&self, member: MemberId) -> Result<Totals> {
        let (attempts, questions) = sqlx::query_as(
            "SELECT coalesce(sum(attempts), 0), count(*) FROM question_states WHERE member_id = $1 AND attempts > 0",
        )
        .bind(db_id(member.0))
        .fetch_one(&self.read)
        .await?;
        Ok(Totals { attempts, questions })
    }
}

/// Inserts the attempt; `false` when its source was stored before.
async fn insert_attempt(tx: &mut Transaction<'_, Sqlite>, new: &NewAttempt) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO attempts (id, source, serving_id, interview_id, member_id, server_id, question, answer, grade, grader,
                               hints, score, counts, answered_at_ms, zone, local_date)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (source) DO NOTHING",
    )
    .bind(&new.id)
    .bind(&new.source)
    .bind(new.serving.as_deref())
    .bind(new.interview.as_deref())
    .bind(db_id(new.member.0))
    .bind(new.server.map(|s| db_id(s.0)))
    .bind(new.question.as_str())
    .bind(new.answer.as_deref())
    .bind(to_json("a grade", &new.grade)?)
    .bind(&new.grade.grader)
    .bind(new.hints)
    .bind(new.score)
    .bind(new.counts)
    .bind(new.answered_at.as_millisecond())
    .bind(&new.zone)
    .bind(new.local_date.to_string())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves the member's estimates for the trained skills: one statement reads them all, one writes them all.
async fn train(tx: &mut Transaction<'_, Sqlite>, new: &NewAttempt, trains: &[(Slug, f64)]) -> Result<()> {
    let skills: Vec<&str> = trains.iter().map(|(skill, _)| skill.as_str()).collect();
    let rows = sqlx::query(
        "SELECT skill, mean, uncertainty, evidence, updated_ms FROM skill_states
         WHERE member_id = $1 AND skill IN (SELECT value FROM json_each($2))",
    )
    .bind(db_id(new.member.0))
    .bind(to_json("skills", &skills)?)
    .fetch_all(&mut **tx)
    .await?;
    let before: Vec<Mastery> = rows.iter().map(mastery).collect::<Result<_>>()?;
    let mut write = sqlx::QueryBuilder::new(
        "INSERT INTO skill_states (member_id, skill, mean, uncertainty, evidence, updated_ms) ",
    );
    write.push_values(trains, |mut row, (skill, weight)| {
        let known = before.iter().find(|m| m.skill == *skill).cloned();
        let after = known.unwrap_or_else(|| Mastery::unknown(skill.clone(), new.answered_at));
        let after = after.update(new.score, *weight, new.answered_at);
        row.push_bind(db_id(new.member.0))
            .push_bind(skill.as_str())
            .push_bind(after.mean)
            .push_bind(after.uncertainty)
            .push_bind(after.evidence)
            .push_bind(after.last.as_millisecond());
    });
    write.push(
        " ON CONFLICT (member_id, skill) DO UPDATE SET mean = excluded.mean, uncertainty = excluded.uncertainty,
             evidence = excluded.evidence, updated_ms = excluded.updated_ms",
    );
    write.build().execute(&mut **tx).await?;
    Ok(())
}

fn attempt(row: &SqliteRow) -> Result<Attempt> {
    let question = Slug::parse(row.try_get("question")?)
        .map_err(|e| StoreError::Unreadable { what: "an attempt's question", detail: e.to_string() })?;
    Ok(Attempt {
        id: row.try_get("id")?,
        member: MemberId(from_db_id(row.try_get("member_id")?)),
        question,
        serving: row.try_get("serving_id")?,
        grade: from_json("a grade", row.try_get("grade")?)?,
        hints: row.try_get("hints")?,
        score: row.try_get("score")?,
        counts: row.try_get("counts")?,
    })
}

fn mastery(row: &SqliteRow) -> Result<Mastery> {
    Ok(Mastery {
        skill: skill_named(row.try_get("skill")?)?,
        mean: row.try_get("mean")?,
        uncertainty: row.try_get("uncertainty")?,
        evidence: row.try_get("evidence")?,
        last: instant(row.try_get("updated_ms")?)?,
    })
}

pub(super) fn skill_named(slug: &str) -> Result<Slug> {
    Slug::parse(slug).map_err(|e| StoreError::Unreadable { what: "a skill", detail: e.to_string() })
}
