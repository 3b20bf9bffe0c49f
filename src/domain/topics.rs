//! What a server draws its questions from: rules on topics, categories and levels, each with a weight.
//!
//! Nothing set means everything. As soon as something of a kind is on, only what is on is drawn; what is off is never
//! drawn. A rule on a skill beats the rule on its group.

use super::bank::Bank;
use super::ids::Slug;
use super::question::Question;
use super::taxonomy::{Level, Taxonomy};

/// The most a rule can favour something; 1 is ordinary and 0 is off.
pub const WEIGHT_MAX: u8 = 5;

/// One rule: this topic, category or level at this weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicRule {
    /// What the slug names.
    pub kind: RuleKind,
    /// A skill or skill group, a category, or a level.
    pub slug: Slug,
    /// 0 is off, 1 the ordinary weight, up to [`WEIGHT_MAX`].
    pub weight: u8,
}

/// What a rule's slug names. One slug may be both a skill and a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleKind {
    /// A skill or skill group.
    Topic,
    /// A category.
    Category,
    /// A level.
    Level,
}

impl RuleKind {
    /// Every kind, in the order people see.
    pub const ALL: [Self; 3] = [Self::Topic, Self::Category, Self::Level];

    /// The kind's name in the database and in commands.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Category => "category",
            Self::Level => "level",
        }
    }
}

/// A server's rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TopicRules(Vec<TopicRule>);

impl TopicRules {
    /// Rules in any order; of two for the same thing the first counts.
    #[must_use]
    pub const fn new(rules: Vec<TopicRule>) -> Self {
        Self(rules)
    }

    /// The rules themselves.
    #[must_use]
    pub fn as_slice(&self) -> &[TopicRule] {
        &self.0
    }

    /// These rules with one more, which replaces an earlier one for the same thing.
    #[must_use]
    pub fn with(mut self, rule: TopicRule) -> Self {
        self.0.retain(|r| r.kind != rule.kind || r.slug != rule.slug);
        self.0.push(rule);
        self
    }

    /// How strongly the question is drawn: 0 is never, 1 ordinary, more is more often.
    #[must_use]
    pub fn weight(&self, question: &Question, taxonomy: &Taxonomy) -> u8 {
        let topic = self.topic_weight(question, taxonomy);
        let category = self.of(RuleKind::Category, question.category.as_str());
        let category = category.unwrap_or(if self.any_on(RuleKind::Category) { 0 } else { 1 });
        if topic == 0 || category == 0 || !self.some_level_on(&question.levels) {
            return 0;
        }
        topic.max(category)
    }

    /// How many questions of the bank these rules leave.
    #[must_use]
    pub fn pool_size(&self, bank: &Bank) -> usize {
        bank.questions().iter().filter(|q| self.weight(q, &bank.taxonomy) > 0).count()
    }

    fn of(&self, kind: RuleKind, slug: &str) -> Option<u8> {
        self.0.iter().find(|r| r.kind == kind && r.slug.as_str() == slug).map(|r| r.weight)
    }

    fn any_on(&self, kind: RuleKind) -> bool {
        self.0.iter().any(|r| r.kind == kind && r.weight > 0)
    }

    /// A question is off when its primary skill is; it is on when any of its skills is.
    fn topic_weight(&self, question: &Question, taxonomy: &Taxonomy) -> u8 {
        let of_skill = |skill: &Slug| {
            self.of(RuleKind::Topic, skill.as_str()).or_else(|| {
                let group = &taxonomy.skill(skill.as_str())?.group;
                self.of(RuleKind::Topic, group.as_str())
            })
        };
        if of_skill(question.primary_skill()) == Some(0) {
            return 0;
        }
        let best = question.skills.iter().filter_map(of_skill).max();
        best.unwrap_or(if self.any_on(RuleKind::Topic) { 0 } else { 1 })
    }

    fn some_level_on(&self, levels: &[Level]) -> bool {
        let otherwise = if self.any_on(RuleKind::Level) { 0 } else { 1 };
        levels.iter().any(|l| self.of(RuleKind::Level, l.as_str()).unwrap_or(otherwise) > 0)
    }
}

#[cfg(test)]
mod tests;
