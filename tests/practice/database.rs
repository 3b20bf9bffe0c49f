//! The database locked, failing, out of room, and the process killed: nothing half-stored, no words lost.

use std::time::{Duration, Instant};

use sqlx::Connection;

use super::{ASK_STAMPEDE, STAMPEDE};
use crate::support::app::World;
use crate::support::content::strong_answer;

/// How many rows an answer leaves behind.
const TRACES: &str = "SELECT (SELECT count(*) FROM attempts) + (SELECT count(*) FROM skill_states)
                           + (SELECT count(*) FROM question_states WHERE attempts > 0)";

#[tokio::test]
async fn while_another_program_holds_the_database_an_answer_comes_back_within_three_seconds() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let mut other = world.connect().await;
    let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let began = Instant::now();
    let said = world.answer(&ana, &shown, "Answer", &strong_answer(STAMPEDE)).await;
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(said.is_ephemeral());
    assert!(
        said.content.starts_with("The database is busy, so this was not saved. Try again in a moment. (Reference ")
    );
    let words = format!("```\n{}\n```", strong_answer(STAMPEDE));
    assert_eq!(said.embeds()[0]["description"], words, "the words come back");
    // What only reads goes on, and so does a question, whose showing need not be stored to be answered.
    assert!(world.run(&ana, "/progress").await.text().contains("Current streak"));
    lock.rollback().await.unwrap();
    assert_eq!(world.count(TRACES).await, 0);
    let result = world.answer(&ana, &shown, "Answer", &strong_answer(STAMPEDE)).await;
    assert!(result.text().contains("Streak: 1 day"), "{}", result.text());
}

#[tokio::test]
async fn a_question_asked_while_the_database_is_held_can_be_answered_afterwards() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let mut other = world.connect().await;
    let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let hint = world.press(&ana, &shown, "Hint").await;
    assert!(hint.text().starts_with("The database is busy, so this was not saved."), "{}", hint.text());
    lock.rollback().await.unwrap();
    let result = world.answer(&ana, &shown, "Answer", &strong_answer(STAMPEDE)).await;
    assert!(result.text().contains("Streak: 1 day") && !result.text().contains("hint"), "{}", result.text());
}

#[tokio::test]
async fn a_write_that_fails_halfway_leaves_nothing_behind() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let mut other = world.connect().await;
    // The attempt itself is inserted before its skills are.
    let trap = "CREATE TRIGGER trap BEFORE INSERT ON skill_states BEGIN SELECT RAISE(ABORT, 'trapped'); END";
    sqlx::query(trap).execute(&mut other).await.unwrap();
    let said = world.answer(&ana, &shown, "Answer", &strong_answer(STAMPEDE)).await;
    assert!(said.content.starts_with("My database failed, so this was not saved. Try again;"), "{}", said.content);
    assert!(said.embeds()[0]["description"].as_str().unwrap().contains("That clockwork is a TTL."));
    let reference = said.content.split("(Reference ").nth(1).unwrap().trim_end_matches(')').to_owned();
    assert!(world.log().contains(&reference), "whoever runs it finds the reference in the log");
    assert!(!world.log().contains("clockwork"), "the log keeps no words of an answer");
    assert_eq!(world.count(TRACES).await, 0);
    sqlx::query("DROP TRIGGER trap").execute(&mut other).await.unwrap();
    let result = world.answer(&ana, &shown, "Answer", &strong_answer(STAMPEDE)).await;
    assert!(result.text().contains("Streak: 1 day"), "{}", result.text());
}

#[tokio::test]
async fn a_disk_that_takes_no_more_costs_nobody_their_words_and_the_process_lives_on() {
    let mut world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    world.restart_on_a_small_disk(800).await;
    let mut stored = 0;
    let refused = loop {
        assert!(stored < 200, "the disk never filled up");
        let words = format!("{} Take {stored}.", strong_answer(STAMPEDE));
        let said = world.answer(&ana, &shown, "Answer", &words).await;
        if !said.text().contains(" of 100") {
            assert_eq!(said.embeds()[0]["description"], format!("```\n{words}\n```"));
            break said;
        }
        stored += 1;
    };
    assert!(refused.content.contains("so this was not saved."), "{}", refused.content);
    assert!(world.run(&ana, "/help").await.text().starts_with("Interview Coach"));
    world.restart().await;
    assert_eq!(world.count("SELECT count(*) FROM attempts").await, stored);
    let result = world.answer(&ana, &shown, "Answer", &strong_answer(STAMPEDE)).await;
    assert!(result.text().contains("Streak: 1 day"), "{}", result.text());
}

#[tokio::test]
async fn what_was_shown_as_stored_survives_a_kill() {
    let mut world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    world.press(&ana, &shown, "Hint").await;
    world.restart().await;
    // The old question's buttons say everything themselves.
    let result = world.answer(&ana, &shown, "Answer", &strong_answer(STAMPEDE)).await;
    assert!(result.text().contains("1 hint took 10 points"), "{}", result.text());
    world.restart().await;
    let again = world.answer(&ana, &result, "Retry", "A lock lets one caller rebuild the key while others wait.").await;
    assert!(again.text().contains(", down from "), "{}", again.text());
    assert!(world.run(&ana, "/progress").await.text().contains("2 answers to 1 question"));
}
