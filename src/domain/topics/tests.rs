//! What a server's rules leave, and how strongly.

use super::*;
use crate::domain::question::Question;
use crate::domain::samples::{question, slug, taxonomy};

/// `indexes` on PostgreSQL, `vacuum` on PostgreSQL and Redis, `eviction` on Redis; all asked at junior and mid.
fn bank() -> Bank {
    let of = |name: &str, category: &str, skills: &[&str]| Question {
        category: slug(category),
        skills: skills.iter().map(|s| slug(s)).collect(),
        levels: vec![Level::Junior, Level::Mid],
        ..question(name, "postgresql")
    };
    let questions = vec![
        of("indexes", "databases", &["postgresql"]),
        of("vacuum", "technical", &["postgresql", "redis"]),
        of("eviction", "caching", &["redis"]),
    ];
    Bank::new(taxonomy(), questions)
}

fn rule(kind: RuleKind, name: &str, weight: u8) -> TopicRule {
    TopicRule { kind, slug: slug(name), weight }
}

fn drawn(rules: Vec<TopicRule>) -> Vec<(String, u8)> {
    let bank = bank();
    let rules = TopicRules::new(rules);
    let weighed = bank.questions().iter().map(|q| (q.slug.to_string(), rules.weight(q, &bank.taxonomy)));
    weighed.filter(|(_, w)| *w > 0).collect()
}

fn names(drawn: &[(String, u8)]) -> Vec<&str> {
    drawn.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn nothing_set_draws_everything_alike() {
    let drawn = drawn(vec![]);
    assert_eq!(names(&drawn), ["indexes", "vacuum", "eviction"]);
    assert!(drawn.iter().all(|(_, w)| *w == 1));
}

#[test]
fn a_topic_that_is_on_shuts_out_the_others() {
    assert_eq!(names(&drawn(vec![rule(RuleKind::Topic, "postgresql", 1)])), ["indexes", "vacuum"]);
}

#[test]
fn a_topic_that_is_off_leaves_the_others() {
    assert_eq!(names(&drawn(vec![rule(RuleKind::Topic, "postgresql", 0)])), ["eviction"]);
}

#[test]
fn a_rule_on_a_skill_beats_the_rule_on_its_group() {
    let rules = vec![rule(RuleKind::Topic, "stores", 0), rule(RuleKind::Topic, "redis", 2)];
    assert_eq!(drawn(rules), [("eviction".to_owned(), 2)]);
}

#[test]
fn a_category_and_a_topic_must_both_fit() {
    let rules = vec![rule(RuleKind::Topic, "postgresql", 1), rule(RuleKind::Category, "technical", 1)];
    assert_eq!(names(&drawn(rules)), ["vacuum"]);
}

#[test]
fn a_level_nobody_is_asked_at_empties_the_pool() {
    assert_eq!(TopicRules::new(vec![rule(RuleKind::Level, "principal", 1)]).pool_size(&bank()), 0);
    assert_eq!(TopicRules::new(vec![rule(RuleKind::Level, "mid", 1)]).pool_size(&bank()), 3);
    assert_eq!(TopicRules::new(vec![rule(RuleKind::Level, "mid", 0)]).pool_size(&bank()), 3);
}

#[test]
fn a_later_rule_replaces_the_earlier_one_for_the_same_thing() {
    let rules = TopicRules::default().with(rule(RuleKind::Topic, "redis", 0)).with(rule(RuleKind::Topic, "redis", 4));
    assert_eq!(rules.as_slice(), [rule(RuleKind::Topic, "redis", 4)]);
}
