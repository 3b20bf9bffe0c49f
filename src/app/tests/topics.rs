//! What a server draws from.

use super::{Bench, GUILD, refusal};
use crate::app::topics::TopicChange;
use crate::domain::samples;
use crate::domain::taxonomy::Level;

fn topic(name: &str, weight: u8) -> TopicChange {
    TopicChange { topic: Some(name.to_owned()), weight, ..TopicChange::default() }
}

#[tokio::test]
async fn a_change_that_leaves_no_question_is_refused_and_nothing_is_stored() {
    let bench = Bench::new(samples::bank(3)).await;
    for change in [topic("kafka", 1), TopicChange { level: Some(Level::Intern), weight: 1, ..topic("kafka", 0) }] {
        assert!(refusal(bench.set_topics(GUILD, &change).await).starts_with("That would leave this server without"));
    }
    let topics = bench.topics(GUILD).await.unwrap();
    assert_eq!((topics.pool, topics.of, topics.rules.as_slice().len()), (3, 3, 0));
}

#[tokio::test]
async fn topics_go_by_slug_or_name_and_a_reset_draws_from_everything_again() {
    let bench = Bench::real().await;
    let all = bench.bank.questions().len();
    let narrowed = bench.set_topics(GUILD, &topic(" postgresql ", 3)).await.unwrap();
    assert!(narrowed.pool > 0 && narrowed.pool < all, "{narrowed:?}");
    let again = bench.set_topics(GUILD, &topic("POSTGRESQL", 5)).await.unwrap();
    assert_eq!((again.pool, again.rules.as_slice().len()), (narrowed.pool, 1));
    assert_eq!(bench.topics(GUILD).await.unwrap(), again);
    assert_eq!(bench.reset_topics(GUILD).await.unwrap().pool, all);
    assert_eq!(bench.topics(GUILD).await.unwrap().pool, all);
}

#[tokio::test]
async fn what_was_typed_wrong_is_said_back_short_and_with_the_next_step() {
    let bench = Bench::new(samples::bank(3)).await;
    let long = "🦀".repeat(5_000);
    let sentence = refusal(bench.set_topics(GUILD, &topic(&long, 1)).await);
    assert_eq!(sentence, "There is no such topic. Start typing and choose one from the list.");
    let long = refusal(bench.set_topics(GUILD, &topic(&"kafkaesque ".repeat(500), 1)).await);
    assert!(long.starts_with("There is no topic “kafkaesque kafka") && long.chars().count() < 200, "{long}");
    assert!(refusal(bench.category_named("nonsense")).starts_with("There is no category “nonsense”."));
    let nothing = TopicChange { weight: 1, ..TopicChange::default() };
    assert!(refusal(bench.set_topics(GUILD, &nothing).await).starts_with("Name a topic, a category or a level"));
    let heavy = refusal(bench.set_topics(GUILD, &topic("kafka", 6)).await);
    assert_eq!(heavy, "A weight is 1 (ordinary) to 5 (most). Choose one of those.");
}
