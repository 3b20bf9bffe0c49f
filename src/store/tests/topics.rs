//! The rules of servers.

use super::super::StoreError;
use super::{GUILD, fresh};
use crate::domain::ids::ServerId;
use crate::domain::samples::slug;
use crate::domain::topics::{RuleKind, TopicRule, TopicRules};

fn rule(kind: RuleKind, name: &str, weight: u8) -> TopicRule {
    TopicRule { kind, slug: slug(name), weight }
}

#[tokio::test]
async fn rules_are_kept_per_server_and_the_last_weight_stands() {
    let store = fresh().await;
    assert_eq!(store.topic_rules(GUILD).await.unwrap(), TopicRules::default());
    let (kafka, mid) = (rule(RuleKind::Topic, "kafka", 5), rule(RuleKind::Level, "mid", 0));
    store.set_topic_rules(GUILD, &[rule(RuleKind::Topic, "kafka", 1), mid.clone()]).await.unwrap();
    store.set_topic_rules(GUILD, &[kafka.clone(), rule(RuleKind::Category, "kafka", 2)]).await.unwrap();
    let expected = [rule(RuleKind::Category, "kafka", 2), mid, kafka];
    assert_eq!(store.topic_rules(GUILD).await.unwrap().as_slice(), expected);
    assert_eq!(store.topic_rules(ServerId(1)).await.unwrap().as_slice(), []);
}

#[tokio::test]
async fn resetting_forgets_the_rules_of_one_server_and_counts_them() {
    let store = fresh().await;
    let rules = [rule(RuleKind::Topic, "kafka", 1), rule(RuleKind::Topic, "redis", 1)];
    store.set_topic_rules(GUILD, &rules).await.unwrap();
    store.set_topic_rules(ServerId(1), &rules).await.unwrap();
    assert_eq!(store.reset_topic_rules(GUILD).await.unwrap(), 2);
    assert_eq!(store.reset_topic_rules(GUILD).await.unwrap(), 0);
    assert_eq!(store.topic_rules(ServerId(1)).await.unwrap().as_slice().len(), 2);
}

#[tokio::test]
async fn one_bad_weight_refuses_the_whole_change() {
    let store = fresh().await;
    let rules = [rule(RuleKind::Topic, "kafka", 1), rule(RuleKind::Topic, "redis", 6)];
    assert!(matches!(store.set_topic_rules(GUILD, &rules).await, Err(StoreError::Other(_))));
    assert_eq!(store.topic_rules(GUILD).await.unwrap().as_slice(), []);
}
