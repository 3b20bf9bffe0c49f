//! `/topics`: what a server draws from, and a refusal to draw from nothing.

use super::{App, Result, refuse};
use crate::domain::ids::{ServerId, Slug};
use crate::domain::taxonomy::Level;
use crate::domain::topics::{RuleKind, TopicRule, TopicRules, WEIGHT_MAX};

/// What a moderator wants changed; at least one of the three names something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TopicChange {
    /// A skill or skill group, as typed.
    pub topic: Option<String>,
    /// A category, as typed.
    pub category: Option<String>,
    /// A level.
    pub level: Option<Level>,
    /// 0 is off, 1 ordinary, up to [`WEIGHT_MAX`].
    pub weight: u8,
}

/// A server's rules, and how much they leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topics {
    /// The rules.
    pub rules: TopicRules,
    /// Questions they leave.
    pub pool: usize,
    /// Questions in the bank.
    pub of: usize,
}

impl App {
    /// What the server draws from.
    pub async fn topics(&self, server: ServerId) -> Result<Topics> {
        Ok(self.with_pool(self.store.topic_rules(server).await?))
    }

    /// Turns topics, categories or levels on or off, or weighs them. Refuses what would leave no question.
    pub async fn set_topics(&self, server: ServerId, change: &TopicChange) -> Result<Topics> {
        if change.weight > WEIGHT_MAX {
            return refuse(format!("A weight is 1 (ordinary) to {WEIGHT_MAX} (most). Choose one of those."));
        }
        let mut named: Vec<(RuleKind, Slug)> = Vec::new();
        if let Some(typed) = &change.topic {
            named.push((RuleKind::Topic, self.topic_named(typed)?));
        }
        if let Some(typed) = &change.category {
            named.push((RuleKind::Category, self.category_named(typed)?));
        }
        if let Some(level) = change.level.and_then(|l| Slug::parse(l.as_str()).ok()) {
            named.push((RuleKind::Level, level));
        }
        if named.is_empty() {
            return refuse("Name a topic, a category or a level to change. /topics show lists what is set now.");
        }
        let new: Vec<TopicRule> =
            named.into_iter().map(|(kind, slug)| TopicRule { kind, slug, weight: change.weight }).collect();
        let rules = self.store.topic_rules(server).await?;
        let topics = self.with_pool(new.iter().cloned().fold(rules, TopicRules::with));
        if topics.pool == 0 {
            return refuse(
                "That would leave this server without a single question, so nothing was changed. Turn something else \
                 on first, or start over with /topics reset.",
            );
        }
        self.store.set_topic_rules(server, &new).await?;
        Ok(topics)
    }

    /// Forgets every rule, so that everything is drawn again.
    pub async fn reset_topics(&self, server: ServerId) -> Result<Topics> {
        self.store.reset_topic_rules(server).await?;
        Ok(self.with_pool(TopicRules::default()))
    }

    /// The skill or group that was typed, by slug or by name.
    pub fn topic_named(&self, typed: &str) -> Result<Slug> {
        let taxonomy = &self.bank.taxonomy;
        let skills = taxonomy.skills.iter().map(|s| (&s.slug, s.name.as_str()));
        let groups = taxonomy.groups.iter().map(|g| (&g.slug, g.name.as_str()));
        named(skills.chain(groups), typed).map_or_else(|| refuse(no_such("topic", typed)), Ok)
    }

    /// The category that was typed, by slug or by name.
    pub fn category_named(&self, typed: &str) -> Result<Slug> {
        let categories = self.bank.taxonomy.categories.iter().map(|c| (&c.slug, c.name.as_str()));
        named(categories, typed).map_or_else(|| refuse(no_such("category", typed)), Ok)
    }

    fn with_pool(&self, rules: TopicRules) -> Topics {
        Topics { pool: rules.pool_size(&self.bank), of: self.bank.questions().len(), rules }
    }
}

fn named<'a>(mut all: impl Iterator<Item = (&'a Slug, &'a str)>, typed: &str) -> Option<Slug> {
    let typed = typed.trim();
    all.find(|(slug, name)| slug.as_str() == typed || name.eq_ignore_ascii_case(typed)).map(|(slug, _)| slug.clone())
}

pub(super) fn no_such(what: &str, typed: &str) -> String {
    let there_is = match shown(typed) {
        nothing if nothing.is_empty() => format!("There is no such {what}."),
        shown => format!("There is no {what} “{shown}”."),
    };
    format!("{there_is} Start typing and choose one from the list.")
}

/// What someone typed, fit to be said back: short, on one line, and without what could be Markdown or a mention.
fn shown(typed: &str) -> String {
    let plain = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '+' | '.' | '&' | '\'');
    typed.chars().filter(plain).take(60).collect::<String>().trim().to_owned()
}
