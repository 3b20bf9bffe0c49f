//! What choosing the next question needs to know of a member and a server, in one read.

use jiff::Timestamp;
use serde::Deserialize;
use sqlx::Row;

use super::attempts::skill_named;
use super::topics::rule;
use super::{Result, Store, db_id, from_json, instant, parsed};
use crate::domain::ids::{MemberId, ServerId, Slug};
use crate::domain::mastery::Mastery;
use crate::domain::taxonomy::Level;
use crate::domain::topics::TopicRules;

/// A member and a server, as far as selection is concerned.
#[derive(Debug, Clone, PartialEq)]
pub struct Choosing {
    /// The level the member practises for.
    pub level: Option<Level>,
    /// The server's rules. None means that it draws from everything.
    pub rules: TopicRules,
    /// Every question the member has met.
    pub questions: Vec<QuestionState>,
    /// The member's estimate for every skill with evidence.
    pub skills: Vec<Mastery>,
}

/// What a member and one question have been through.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionState {
    /// Which question.
    pub question: Slug,
    /// When it was last shown or answered.
    pub last_seen: Timestamp,
    /// The last attempt's score, 0 to 1.
    pub last_score: Option<f64>,
    /// Attempts so far.
    pub attempts: u32,
}

/// A row of `question_states`, as JSON.
#[derive(Deserialize)]
struct StateRow(String, i64, Option<f64>, u32);

/// A row of `skill_states`, as JSON.
#[derive(Deserialize)]
struct SkillRow(String, f64, f64, u32, i64);

/// A row of `topic_rules`, as JSON.
#[derive(Deserialize)]
struct RuleRow(String, String, u8);

impl Store {
    /// What choosing for this member, in that server or in none, needs.
    pub async fn choosing(&self, member: MemberId, server: Option<ServerId>) -> Result<Choosing> {
        // Rows as JSON: one value crosses to the reader instead of a value per column and row.
        let row = sqlx::query(
            "SELECT (SELECT level FROM members WHERE id = $1) AS level,
                    (SELECT json_group_array(json_array(kind, slug, weight)) FROM
                        (SELECT kind, slug, weight FROM topic_rules WHERE server_id = $2 ORDER BY kind, slug)) AS rules,
                    (SELECT json_group_array(json_array(question, last_seen_ms, last_score, attempts))
                     FROM question_states WHERE member_id = $1) AS questions,
                    (SELECT json_group_array(json_array(skill, mean, uncertainty, evidence, updated_ms))
                     FROM skill_states WHERE member_id = $1) AS skills",
        )
        .bind(db_id(member.0))
        .bind(server.map(|s| db_id(s.0)))
        .fetch_one(&self.read)
        .await?;
        let level: Option<String> = row.try_get("level")?;
        let rules: Vec<RuleRow> = from_json("topic rules", row.try_get("rules")?)?;
        let questions: Vec<StateRow> = from_json("question states", row.try_get("questions")?)?;
        let skills: Vec<SkillRow> = from_json("skill states", row.try_get("skills")?)?;
        Ok(Choosing {
            level: level.map(|l| parsed::<Level>("a level", &l)).transpose()?,
            rules: rules
                .into_iter()
                .map(|RuleRow(kind, slug, weight)| rule(&kind, &slug, weight))
                .collect::<Result<_>>()
                .map(TopicRules::new)?,
            // A slug that no longer parses belongs to content long gone; it cannot be selected anyway.
            questions: questions.into_iter().filter_map(StateRow::read).collect::<Result<_>>()?,
            skills: skills.into_iter().map(SkillRow::read).collect::<Result<_>>()?,
        })
    }
}

impl StateRow {
    fn read(self) -> Option<Result<QuestionState>> {
        let Self(question, last_seen_ms, last_score, attempts) = self;
        let question = Slug::parse(&question).ok()?;
        Some(instant(last_seen_ms).map(|last_seen| QuestionState { question, last_seen, last_score, attempts }))
    }
}

impl SkillRow {
    fn read(self) -> Result<Mastery> {
        let Self(skill, mean, uncertainty, evidence, updated_ms) = self;
        Ok(Mastery { skill: skill_named(&skill)?, mean, uncertainty, evidence, last: instant(updated_ms)? })
    }
}
