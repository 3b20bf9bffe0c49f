//! Mock interviews and their turns. Every turn is stored before it is shown.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Result, Store, StoreError, db_id, from_db_id, from_json, instant, to_json};
use crate::domain::grade::Grade;
use crate::domain::ids::{ChannelId, MemberId, MessageId, ServerId, Slug};
use crate::domain::interview::{Plan, Scorecard};

/// An interview about to begin.
#[derive(Debug, Clone, PartialEq)]
pub struct NewInterview {
    /// UUID.
    pub id: String,
    /// The candidate.
    pub member: MemberId,
    /// Where, unless in the terminal.
    pub server: Option<ServerId>,
    /// The channel whose thread it is in.
    pub channel: ChannelId,
    /// Its thread, already made: until then there is nothing to lose.
    pub thread: ChannelId,
    /// What it will ask.
    pub plan: Plan,
}

/// A stored interview.
#[derive(Debug, Clone, PartialEq)]
pub struct InterviewRow {
    /// UUID.
    pub id: String,
    /// The candidate.
    pub member: MemberId,
    /// Where, unless in the terminal.
    pub server: Option<ServerId>,
    /// The channel whose thread it is in.
    pub channel: ChannelId,
    /// Its thread.
    pub thread: ChannelId,
    /// What it asks.
    pub plan: Plan,
    /// When it began.
    pub started_at: Timestamp,
    /// The last message of the thread that was considered as an answer.
    pub seen_message: Option<MessageId>,
    /// When it ended, if it has.
    pub ended_at: Option<Timestamp>,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// The result, once it has ended.
    pub scorecard: Option<Scorecard>,
    /// Whether the result is shown, or there was nowhere to show it.
    pub scorecard_posted: bool,
    /// Attempts at the pending step since the last one that worked.
    pub tries: u32,
}

/// Something about to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTurn {
    /// 1 for the first.
    pub seq: u32,
    /// The bank's question it belongs to.
    pub question: Slug,
    /// The rubric point it probes; none for the question itself.
    pub point: Option<Slug>,
    /// What is said.
    pub asked: String,
    /// Whose words they are: `bank`, or the model and prompt version.
    pub asked_by: String,
    /// What the coach says of the answer before, if anything.
    pub feedback: Option<String>,
}

/// A stored turn.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnRow {
    /// What was asked.
    pub turn: NewTurn,
    /// When.
    pub asked_at: Timestamp,
    /// The message that asks it, once Discord has it.
    pub message: Option<MessageId>,
    /// The answer, when, and what it came from.
    pub answer: Option<(String, Timestamp, String)>,
    /// What the answer earned, once judged.
    pub grade: Option<Grade>,
}

impl Store {
    /// Begins an interview with its first turn. `false` when the member already has one running.
    pub async fn begin_interview(&self, new: &NewInterview, first: &NewTurn, now: Timestamp) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "INSERT INTO interviews (id, member_id, server_id, channel_id, thread_id, plan, started_at_ms, next_try_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING",
        )
        .bind(&new.id)
        .bind(db_id(new.member.0))
        .bind(new.server.map(|s| db_id(s.0)))
        .bind(db_id(new.channel.0))
        .bind(db_id(new.thread.0))
        .bind(to_json("a plan", &new.plan)?)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        insert_turn(&mut tx, &new.id, first, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// One interview.
    pub async fn interview(&self, id: &str) -> Result<Option<InterviewRow>> {
        let row = sqlx::query("SELECT * FROM interviews WHERE id = $1").bind(id).fetch_optional(&self.read).await?;
        row.as_ref().map(interview).transpose()
    }

    /// The interview in that thread.
    pub async fn interview_in(&self, thread: ChannelId) -> Result<Option<InterviewRow>> {
        let row = sqlx::query("SELECT * FROM interviews WHERE thread_id = $1")
            .bind(db_id(thread.0))
            .fetch_optional(&self.read)
            .await?;
        row.as_ref().map(interview).transpose()
    }

    /// The member's running interview.
    pub async fn running_interview(&self, member: MemberId) -> Result<Option<InterviewRow>> {
        let row = sqlx::query("SELECT * FROM interviews WHERE member_id = $1 AND ended_at_ms IS NULL")
            .bind(db_id(member.0))
            .fetch_optional(&self.read)
            .await?;
        row.as_ref().map(interview).transpose()
    }

    /// The member's ended interviews, newest first.
    pub async fn past_interviews(&self, member: MemberId, limit: u32) -> Result<Vec<InterviewRow>> {
        let rows = sqlx::query(
            "SELECT * FROM interviews WHERE member_id = $1 AND ended_at_ms IS NOT NULL ORDER BY id DESC LIMIT $2",
        )
        .bind(db_id(member.0))
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(interview).collect()
    }

    /// Every running interview: what to look at after having been away.
    pub async fn running_interviews(&self) -> Result<Vec<InterviewRow>> {
        let rows = sqlx::query("SELECT * FROM interviews WHERE ended_at_ms IS NULL ORDER BY started_at_ms")
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(interview).collect()
    }

    /// Ids of interviews with something to do now: an answer to judge, a turn or a scorecard to post.
    pub async fn pending_interviews(&self, now: Timestamp, limit: u32) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT i.id FROM interviews i
             WHERE i.scorecard_posted = 0 AND i.next_try_ms <= $1 AND (
                 i.ended_at_ms IS NOT NULL OR EXISTS (
                     SELECT 1 FROM interview_turns t WHERE t.interview_id = i.id
                     AND t.seq = (SELECT max(seq) FROM interview_turns WHERE interview_id = i.id)
                     AND (t.message_id IS NULL OR t.answer IS NOT NULL)))
             ORDER BY i.next_try_ms LIMIT $2",
        )
        .bind(now.as_millisecond())
        .bind(limit)
        .fetch_all(&self.read)
        .await?)
    }

    /// The turns of an interview, first to last.
    pub async fn turns(&self, id: &str) -> Result<Vec<TurnRow>> {
        let rows = sqlx::query("SELECT * FROM interview_turns WHERE interview_id = $1 ORDER BY seq")
            .bind(id)
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(turn).collect()
    }

    /// Discord has the message of a turn. The step worked, so the next one starts with no tries behind it.
    pub async fn turn_posted(&self, id: &str, seq: u32, message: MessageId) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE interview_turns SET message_id = $3 WHERE interview_id = $1 AND seq = $2")
            .bind(id)
            .bind(seq)
            .bind(db_id(message.0))
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE interviews SET tries = 0 WHERE id = $1").bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Stores an answer to a turn that has none. `false` when the turn was answered before, the interview has ended, or
    /// this source was stored before: the first answer stands.
    pub async fn answer_turn(&self, id: &str, seq: u32, text: &str, source: &str, now: Timestamp) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE interview_turns SET answer = $3, answer_source = $4, answered_at_ms = $5
             WHERE interview_id = $1 AND seq = $2 AND answer IS NULL
               AND NOT EXISTS (SELECT 1 FROM interview_turns WHERE answer_source = $4)
               AND EXISTS (SELECT 1 FROM interviews WHERE id = $1 AND ended_at_ms IS NULL)",
        )
        .bind(id)
        .bind(seq)
        .bind(text)
        .bind(source)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 1 {
            sqlx::query("UPDATE interviews SET next_try_ms = $2, tries = 0 WHERE id = $1")
                .bind(id)
                .bind(now.as_millisecond())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Stores something to ask, unless the interview has ended or that turn exists.
    pub async fn add_turn(&self, id: &str, new: &NewTurn, now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        let open: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM interviews WHERE id = $1 AND ended_at_ms IS NULL)
                AND NOT EXISTS (SELECT 1 FROM interview_turns WHERE interview_id = $1 AND seq = $2)",
        )
        .bind(id)
        .bind(new.seq)
        .fetch_one(&mut *tx)
        .await?;
        if open {
            insert_turn(&mut tx, id, new, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Whether an answer came from this source before.
    pub async fn answer_known(&self, source: &str) -> Result<bool> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM interview_turns WHERE answer_source = $1)")
            .bind(source)
            .fetch_one(&self.read)
            .await?)
    }

    /// Stores what an answer earned together with what is asked next, so that no crash can part them. `false` when
    /// someone else was faster or the interview has ended meanwhile.
    pub async fn judged(
        &self,
        id: &str,
        seq: u32,
        grade: &Grade,
        next: Option<&NewTurn>,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE interview_turns SET grade = $3 WHERE interview_id = $1 AND seq = $2 AND grade IS NULL
               AND EXISTS (SELECT 1 FROM interviews WHERE id = $1 AND ended_at_ms IS NULL)",
        )
        .bind(id)
        .bind(seq)
        .bind(to_json("a grade", grade)?)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        if let Some(next) = next {
            insert_turn(&mut tx, id, next, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Ends an interview with its scorecard, which is then owed to the thread. `false` when it had ended already.
    pub async fn end_interview(&self, id: &str, reason: &str, scorecard: &Scorecard, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE interviews SET ended_at_ms = $2, end_reason = $3, scorecard = $4, next_try_ms = $2, tries = 0
             WHERE id = $1 AND ended_at_ms IS NULL",
        )
        .bind(id)
        .bind(now.as_millisecond())
        .bind(reason)
        .bind(to_json("a scorecard", scorecard)?)
        .execute(&self.write)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The scorecard is posted, or there is nowhere left to post it.
    pub async fn scorecard_posted(&self, id: &str) -> Result<()> {
        sqlx::query("UPDATE interviews SET scorecard_posted = 1 WHERE id = $1").bind(id).execute(&self.write).await?;
        Ok(())
    }

    /// Notes how far the thread was read for answers.
    pub async fn seen_message(&self, id: &str, message: MessageId) -> Result<()> {
        sqlx::query("UPDATE interviews SET seen_message_id = max(coalesce(seen_message_id, 0), $2) WHERE id = $1")
            .bind(id)
            .bind(db_id(message.0))
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// How often the pending step failed, whatever else of the row can be read; 0 for an unknown interview.
    pub async fn interview_tries(&self, id: &str) -> Result<u32> {
        let tries = sqlx::query_scalar("SELECT tries FROM interviews WHERE id = $1").bind(id);
        Ok(tries.fetch_optional(&self.read).await?.unwrap_or(0))
    }

    /// The pending step failed; try it again at that instant.
    pub async fn retry_interview(&self, id: &str, at: Timestamp) -> Result<()> {
        sqlx::query("UPDATE interviews SET next_try_ms = $2, tries = tries + 1 WHERE id = $1")
            .bind(id)
            .bind(at.as_millisecond())
            .execute(&self.write)
            .await?;
        Ok(())
    }
}

async fn insert_turn(
    tx: &mut sqlx::Transaction<'_, sqlx::Sqlite>,
    id: &str,
    new: &NewTurn,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO interview_turns (interview_id, seq, question, point, asked, asked_by, feedback, asked_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(new.seq)
    .bind(new.question.as_str())
    .bind(new.point.as_ref().map(Slug::as_str))
    .bind(&new.asked)
    .bind(&new.asked_by)
    .bind(new.feedback.as_deref())
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn interview(row: &SqliteRow) -> Result<InterviewRow> {
    let scorecard: Option<String> = row.try_get("scorecard")?;
    Ok(InterviewRow {
        id: row.try_get("id")?,
        member: MemberId(from_db_id(row.try_get("member_id")?)),
        server: row.try_get::<Option<i64>, _>("server_id")?.map(|s| ServerId(from_db_id(s))),
        channel: ChannelId(from_db_id(row.try_get("channel_id")?)),
        thread: ChannelId(from_db_id(row.try_get("thread_id")?)),
        plan: from_json("a plan", row.try_get("plan")?)?,
        started_at: instant(row.try_get("started_at_ms")?)?,
        seen_message: row.try_get::<Option<i64>, _>("seen_message_id")?.map(|m| MessageId(from_db_id(m))),
        ended_at: row.try_get::<Option<i64>, _>("ended_at_ms")?.map(instant).transpose()?,
        end_reason: row.try_get("end_reason")?,
        scorecard: scorecard.map(|s| from_json("a scorecard", &s)).transpose()?,
        scorecard_posted: row.try_get("scorecard_posted")?,
        tries: row.try_get("tries")?,
    })
}

fn turn(row: &SqliteRow) -> Result<TurnRow> {
    let slug =
        |text: String| Slug::parse(&text).map_err(|e| StoreError::Unreadable { what: "a turn", detail: e.to_string() });
    let answer: Option<String> = row.try_get("answer")?;
    let answered_at = row.try_get::<Option<i64>, _>("answered_at_ms")?.map(instant).transpose()?;
    let source: Option<String> = row.try_get("answer_source")?;
    let grade: Option<String> = row.try_get("grade")?;
    Ok(TurnRow {
        turn: NewTurn {
            seq: row.try_get("seq")?,
            question: slug(row.try_get("question")?)?,
            point: row.try_get::<Option<String>, _>("point")?.map(slug).transpose()?,
            asked: row.try_get("asked")?,
            asked_by: row.try_get("asked_by")?,
            feedback: row.try_get("feedback")?,
        },
        asked_at: instant(row.try_get("asked_at_ms")?)?,
        message: row.try_get::<Option<i64>, _>("message_id")?.map(|m| MessageId(from_db_id(m))),
        answer: answer.zip(answered_at).zip(source).map(|((text, at), source)| (text, at, source)),
        grade: grade.map(|g| from_json("a grade", &g)).transpose()?,
    })
}
