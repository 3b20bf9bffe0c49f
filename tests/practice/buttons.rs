//! What each button of a question does, for whoever presses it.

use super::{ASK_STAMPEDE, STAMPEDE};
use crate::support::app::World;
use crate::support::content::{strong_answer, weak_answer};

#[tokio::test]
async fn hints_cost_points_and_say_so_until_there_are_none() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let first = world.press(&ana, &shown, "Hint").await;
    assert!(first.is_ephemeral());
    assert!(first.text().starts_with("**Hint 1 of 7.** "), "{}", first.text());
    assert!(first.text().ends_with("-# Hints so far take 10 points off your next answer to this question."));
    let second = world.press(&ana, &shown, "Hint").await;
    assert!(second.text().starts_with("**Hint 2 of 7.** ") && second.text().contains("take 20 points"));
    let result = world.answer(&ana, &shown, "Answer", &strong_answer(STAMPEDE)).await.text();
    assert!(result.contains("2 hints took 20 points · Streak: 1 day"), "{result}");
    for _ in 3..=7 {
        world.press(&ana, &shown, "Hint").await;
    }
    let none = world.press(&ana, &shown, "Hint").await;
    assert!(none.text().starts_with("You have had every hint for this question."), "{}", none.text());
    assert_eq!(world.count("SELECT count(DISTINCT point) FROM hints").await, 7);
}

#[tokio::test]
async fn hints_are_charged_only_to_who_took_them() {
    let world = World::new().await;
    let (ana, ben) = (world.server.member("ana"), world.server.member("ben"));
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    world.press(&ana, &shown, "Hint").await;
    let result = world.answer(&ben, &shown, "Answer", &strong_answer(STAMPEDE)).await;
    assert!(!result.text().contains("hint"), "{}", result.text());
}

#[tokio::test]
async fn two_presses_at_once_get_two_different_hints() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let (one, two) = tokio::join!(world.press(&ana, &shown, "Hint"), world.press(&ana, &shown, "Hint"));
    assert_ne!(one.text(), two.text());
    assert_eq!(world.count("SELECT count(*) FROM hints").await, 2);
}

#[tokio::test]
async fn skip_puts_another_question_in_the_same_place() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let mut titles = Vec::new();
    let mut shown = world.run(&ana, "/question").await;
    for _ in 0..5 {
        titles.push(shown.text().lines().next().unwrap().to_owned());
        let next = world.press(&ana, &shown, "Skip").await;
        assert_eq!(next.id, shown.id, "updated in place");
        shown = next;
    }
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 5, "a skipped question does not come back while others remain");
    assert_eq!(world.channel.messages().len(), 1);
    assert_eq!(world.count("SELECT count(*) FROM attempts").await, 0);
}

#[tokio::test]
async fn skip_by_another_member_leaves_the_owners_question_alone() {
    let world = World::new().await;
    let (ana, ben) = (world.server.member("ana"), world.server.member("ben"));
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let theirs = world.press(&ben, &shown, "Skip").await;
    assert!(theirs.is_ephemeral());
    assert!(theirs.text().starts_with("That question was drawn for someone else. Here is one for you."));
    assert_eq!(world.channel.messages()[0].text(), shown.text());
    // Their own can be skipped in place.
    let next = world.press(&ben, &theirs, "Skip").await;
    assert_eq!(next.id, theirs.id);
}

#[tokio::test]
async fn reveal_shows_the_model_answer_and_earns_nothing_and_says_so() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let revealed = world.press(&ana, &shown, "Reveal").await;
    assert!(revealed.is_ephemeral());
    let warning = "Answers to this one are practice from here on: they move neither your streak nor your skills.";
    assert!(revealed.text().starts_with(warning), "{}", revealed.text());
    assert!(revealed.text().contains("Model answer · Explain cache stampede"));
    let result = world.answer(&ana, &shown, "Answer", &strong_answer(STAMPEDE)).await;
    assert!(result.text().contains("Practice after a reveal: not counted"), "{}", result.text());
    assert_eq!(world.count("SELECT count(*) FROM attempts WHERE counts = 0").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM skill_states").await, 0);
    let progress = world.run(&ana, "/progress").await.text();
    assert!(progress.contains("Current streak\n0 days"), "{progress}");
    let shared = world.press(&ana, &result, "Share").await;
    assert!(shared.text().contains("Practised after reading the model answer."), "{}", shared.text());
}

#[tokio::test]
async fn the_model_answer_after_an_attempt_takes_nothing_away() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    assert!(shown.button("Model answer").is_none());
    let result = world.answer(&ana, &shown, "Answer", &weak_answer(STAMPEDE)).await;
    let model = world.press(&ana, &result, "Model answer").await;
    assert!(model.text().starts_with("Model answer · "), "no warning: {}", model.text());
    assert!(model.text().contains("**How to structure it**") && model.text().contains("**Often said, and wrong**"));
    let retried = world.answer(&ana, &result, "Retry", &strong_answer(STAMPEDE)).await;
    assert!(retried.text().contains("Streak: 1 day"), "{}", retried.text());
}

#[tokio::test]
async fn a_shared_result_gives_away_neither_the_answer_nor_the_rubric() {
    let world = World::new().await;
    let (ana, ben) = (world.server.member("ana"), world.server.member("ben"));
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let result = world.answer(&ana, &shown, "Answer", &weak_answer(STAMPEDE)).await;
    let shared = world.press(&ana, &result, "Share").await;
    assert!(!shared.is_ephemeral() && shared.pings_nobody());
    let text = shared.text();
    assert!(text.contains(&format!("Shared by <@{}>.", ana.id)), "{text}");
    assert!(text.contains("of 7 points covered in full."), "{text}");
    for words in ["thundering herd", "single flight", "one caller rebuilds"] {
        assert!(!text.contains(words), "{text}");
    }
    // Whoever sees it can try the same question.
    let theirs = world.press(&ben, &shared, "Try this question").await;
    assert!(theirs.is_ephemeral() && theirs.text().starts_with("Explain cache stampede"));
}

#[tokio::test]
async fn nobody_shares_someone_elses_result() {
    let world = World::new().await;
    let (ana, ben) = (world.server.member("ana"), world.server.member("ben"));
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let result = world.answer(&ana, &shown, "Answer", &weak_answer(STAMPEDE)).await;
    let share = result.button("Share").unwrap().custom_id;
    let refused = world.told(world.told(ben.press_raw(&shown, &share).await).settled().await);
    assert!(refused.is_ephemeral());
    assert_eq!(refused.text(), "That result is someone else's. Use /question to get your own.");
}

#[tokio::test]
async fn the_next_question_is_another_one() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let result = world.answer(&ana, &shown, "Answer", &weak_answer(STAMPEDE)).await;
    let next = world.press(&ana, &result, "Next question").await;
    assert!(next.is_ephemeral());
    assert!(!next.text().starts_with("Explain cache stampede"), "{}", next.text());
    assert!(next.button("Answer").is_some() && next.text().contains("Why this one: "));
}
