//! What each server draws its questions from.

use sqlx::Row;

use super::{Result, Store, StoreError, db_id};
use crate::domain::ids::{ServerId, Slug};
use crate::domain::topics::{RuleKind, TopicRule, TopicRules};

impl Store {
    /// The server's rules, by kind and slug. None means that it draws from everything.
    pub async fn topic_rules(&self, server: ServerId) -> Result<TopicRules> {
        let rows = sqlx::query("SELECT kind, slug, weight FROM topic_rules WHERE server_id = $1 ORDER BY kind, slug")
            .bind(db_id(server.0))
            .fetch_all(&self.read)
            .await?;
        rows.iter()
            .map(|row| rule(row.try_get("kind")?, row.try_get("slug")?, row.try_get("weight")?))
            .collect::<Result<Vec<_>>>()
            .map(TopicRules::new)
    }

    /// Adds the rules, or changes their weights.
    pub async fn set_topic_rules(&self, server: ServerId, rules: &[TopicRule]) -> Result<()> {
        let mut tx = self.begin().await?;
        for rule in rules {
            sqlx::query(
                "INSERT INTO topic_rules (server_id, kind, slug, weight) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (server_id, kind, slug) DO UPDATE SET weight = excluded.weight",
            )
            .bind(db_id(server.0))
            .bind(rule.kind.as_str())
            .bind(rule.slug.as_str())
            .bind(rule.weight)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Forgets every rule of the server; says how many there were.
    pub async fn reset_topic_rules(&self, server: ServerId) -> Result<u64> {
        let done = sqlx::query("DELETE FROM topic_rules WHERE server_id = $1")
            .bind(db_id(server.0))
            .execute(&self.write)
            .await?;
        Ok(done.rows_affected())
    }
}

/// Reads the values of a row of `topic_rules`.
pub(super) fn rule(kind: &str, slug: &str, weight: u8) -> Result<TopicRule> {
    let unreadable = |detail: String| StoreError::Unreadable { what: "a topic rule", detail };
    let known = RuleKind::ALL.into_iter().find(|k| k.as_str() == kind);
    let kind = known.ok_or_else(|| unreadable(kind.to_owned()))?;
    Ok(TopicRule { kind, slug: Slug::parse(slug).map_err(|e| unreadable(e.to_string()))?, weight })
}
