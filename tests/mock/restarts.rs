//! `kill -9`, and what was written meanwhile: no answer lost, no question repeated.

use std::time::Duration;

use coach::playground::people::{Channel, Person};
use coach::playground::{Exchange, Fault};

use super::story::{Interview, an_answer, database, number, turns};
use crate::support::app::World;

/// A world, a candidate, and the thread of an interview whose first question waits.
async fn begun(typed: &str) -> (World, Person, Channel) {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, _) = Interview::start(&world, &ana, typed).await;
    let thread = interview.thread.clone();
    (world, ana, thread)
}

fn back_in<'w>(world: &'w World, candidate: &Person, thread: &Channel) -> Interview<'w> {
    Interview { world, candidate: candidate.clone(), thread: thread.clone() }
}

#[tokio::test]
async fn killed_right_after_an_answer_it_asks_the_next_question_once() {
    let (mut world, ana, thread) = begun("/mock start").await;
    let first = back_in(&world, &ana, &thread).question(1).await;
    world.answer(&ana, &first, "Answer", &an_answer(1)).await;
    world.restart().await;
    let interview = back_in(&world, &ana, &thread);
    interview.question(2).await;
    assert_eq!(interview.asked().len(), 2);
    assert_eq!(turns(&world).await[0].answer, Some(an_answer(1)));
}

#[tokio::test]
async fn killed_before_it_heard_that_its_question_is_posted_it_asks_nothing_twice() {
    let (mut world, ana, thread) = begun("/mock start").await;
    let first = back_in(&world, &ana, &thread).question(1).await;
    world.playground.plan_fault("POST", "/channels/*/messages", 1, Fault::DropAfter);
    world.answer(&ana, &first, "Answer", &an_answer(1)).await;
    back_in(&world, &ana, &thread).question(2).await;
    world.kill();
    // Long past the time in which Discord remembers a nonce: only the thread tells.
    world.playground.advance(Duration::from_secs(3_600));
    world.start_again().await;
    let interview = back_in(&world, &ana, &thread);
    let second = interview.question(2).await;
    interview.answer(&second, &an_answer(2)).await;
    interview.question(3).await;
    assert_eq!(interview.asked().len(), 3);
}

#[tokio::test]
async fn a_reply_to_a_question_that_a_killed_bot_never_knew_it_had_posted_is_picked_up() {
    let (mut world, ana, thread) = begun("/mock start").await;
    let first = back_in(&world, &ana, &thread).question(1).await;
    world.playground.plan_fault("POST", "/channels/*/messages", 1, Fault::DropAfter);
    world.answer(&ana, &first, "Answer", &an_answer(1)).await;
    let second = back_in(&world, &ana, &thread).question(2).await;
    world.kill();
    ana.reply(&second, &an_answer(2)).unwrap();
    world.start_again().await;
    let interview = back_in(&world, &ana, &thread);
    interview.question(3).await;
    assert_eq!(turns(&world).await[1].answer, Some(an_answer(2)));
    assert_eq!(interview.asked().len(), 3);
}

#[tokio::test]
async fn answers_sent_while_it_was_down_are_picked_up_as_one() {
    let (mut world, ana, thread) = begun("/mock start").await;
    let (ben, first) = (world.server.member("ben"), back_in(&world, &ana, &thread).question(1).await);
    ana.invite(&thread, &ben).unwrap();
    world.kill();
    ana.reply(&first, "First I would measure where the time goes in a request.").unwrap();
    ben.reply(&first, "Not my interview, but I would buy a larger machine for it.").unwrap();
    ana.say(&thread, "Hello? Is anyone there?").unwrap();
    ana.mention_bot(&thread, "Then I would add an index and measure once more.").unwrap();
    world.start_again().await;
    let interview = back_in(&world, &ana, &thread);
    interview.question(2).await;
    let answer = turns(&world).await[0].answer.clone().unwrap();
    let expected = "First I would measure where the time goes in a request.\n\nThen I would add an index and measure \
                    once more.";
    assert_eq!(answer, expected);
    // Once read, it is not read again as an answer to the next question.
    world.restart().await;
    ana.reply(&back_in(&world, &ana, &thread).question(2).await, &an_answer(2)).unwrap();
    back_in(&world, &ana, &thread).question(3).await;
    assert_eq!(turns(&world).await[1].answer, Some(an_answer(2)));
}

#[tokio::test]
async fn more_messages_than_discord_gives_at_once_are_all_read() {
    let (mut world, ana, thread) = begun("/mock start").await;
    let ben = world.server.member("ben");
    ana.invite(&thread, &ben).unwrap();
    world.kill();
    for n in 0..150 {
        ben.say(&thread, &format!("chatter number {n}")).unwrap();
    }
    ana.mention_bot(&thread, &an_answer(1)).unwrap();
    world.start_again().await;
    back_in(&world, &ana, &thread).question(2).await;
    assert_eq!(turns(&world).await[0].answer, Some(an_answer(1)));
}

#[tokio::test]
async fn only_unreadable_messages_while_it_was_down_get_the_explanation() {
    let (mut world, ana, thread) = begun("/mock start").await;
    world.kill();
    ana.say(&thread, "I would start with the access patterns and go from there").unwrap();
    world.start_again().await;
    let explains = |m: &coach::playground::people::Message| m.text().contains("Press **Answer** under the question");
    world.told(thread.wait_for("an explanation", explains).await);
    assert_eq!(turns(&world).await[0].answer, None);
}

#[tokio::test]
async fn a_thread_that_cannot_be_read_at_first_is_read_later() {
    let (mut world, ana, thread) = begun("/mock start").await;
    world.kill();
    ana.mention_bot(&thread, &an_answer(1)).unwrap();
    world.playground.plan_fault("GET", "/channels/*/messages", 2, Fault::DropBefore);
    world.start_again().await;
    back_in(&world, &ana, &thread).question(2).await;
    assert_eq!(turns(&world).await[0].answer, Some(an_answer(1)));
}

#[tokio::test]
async fn what_was_written_first_is_the_answer_even_if_something_newer_is_heard_live() {
    let (mut world, ana, thread) = begun("/mock start").await;
    world.kill();
    ana.mention_bot(&thread, "I wrote this while nobody was listening to me.").unwrap();
    world.playground.plan_fault("GET", "/channels/*/messages", 1, Fault::Delay(Duration::from_millis(300)));
    world.start_again().await;
    ana.mention_bot(&thread, "And this as soon as somebody was there again.").unwrap();
    back_in(&world, &ana, &thread).question(2).await;
    let answer = turns(&world).await[0].answer.clone().unwrap();
    assert!(answer.starts_with("I wrote this while nobody was listening to me."), "{answer}");
}

#[tokio::test]
async fn killed_while_the_scorecard_is_on_its_way_it_is_posted_once() {
    let (mut world, ana, thread) = begun("/mock start").await;
    world.playground.plan_fault("POST", "/channels/*/messages", 1, Fault::DropAfter);
    world.run(&ana, "/mock end").await;
    back_in(&world, &ana, &thread).scorecard().await;
    world.kill();
    world.playground.advance(Duration::from_secs(3_600));
    world.start_again().await;
    let looked = |x: &Exchange| x.method == "GET" && x.path.contains(&thread.id.to_string());
    world.playground.wait_for_exchange("a look into the thread", looked).await.unwrap();
    let (next, _) = Interview::start(&world, &ana, "/mock start").await;
    assert_ne!(next.thread.id, thread.id);
    let scorecards = thread.messages().iter().filter(|m| super::story::is_scorecard(m)).count();
    assert_eq!(scorecards, 1);
}

#[tokio::test]
async fn slow_posts_change_nothing() {
    let (mut world, ana, thread) = begun("/mock start").await;
    let first = back_in(&world, &ana, &thread).question(1).await;
    world.playground.plan_fault("POST", "/channels/*/messages", 2, Fault::Delay(Duration::from_millis(300)));
    world.answer(&ana, &first, "Answer", &an_answer(1)).await;
    // Killed while the request is under way: it may or may not arrive.
    world.restart().await;
    let interview = back_in(&world, &ana, &thread);
    let second = interview.question(2).await;
    interview.answer(&second, &an_answer(2)).await;
    interview.question(3).await;
    assert_eq!(interview.asked().len(), 3);
}

#[tokio::test]
async fn an_interview_goes_on_after_days_without_the_bot() {
    let (mut world, ana, thread) = begun("/mock start").await;
    world.kill();
    world.set("COACH_CLOCK__OFFSET_SECONDS", "777600");
    world.start_again().await;
    let interview = back_in(&world, &ana, &thread);
    let first = interview.question(1).await;
    interview.answer(&first, &an_answer(1)).await;
    interview.question(2).await;
    assert_eq!(interview.asked().len(), 2);
}

#[tokio::test]
async fn a_damaged_interview_ends_with_what_is_readable_and_bothers_nobody() {
    let (mut world, ana, thread) = begun("/mock start").await;
    let interview = back_in(&world, &ana, &thread);
    let first = interview.question(1).await;
    interview.answer(&first, &an_answer(1)).await;
    interview.question(2).await;
    world.kill();
    tamper(&world, "UPDATE interview_turns SET seq = 5 WHERE seq = 2").await;
    tamper(
        &world,
        "UPDATE interview_turns SET answer = 'x', answer_source = 'modal:1', answered_at_ms = 1 WHERE seq = 5",
    )
    .await;
    world.start_again().await;
    let text = back_in(&world, &ana, &thread).scorecard().await.text();
    assert!(text.contains("1 of 1 answered"), "{text}");
    Interview::start(&world, &ana, "/mock start").await;
    let complaints = world.log().matches("cannot go on").count();
    assert_eq!(complaints, 1, "{}", world.log());
}

#[tokio::test]
async fn an_interview_that_cannot_be_read_is_left_alone_between_tries() {
    let (mut world, ana, thread) = begun("/mock start").await;
    let first = back_in(&world, &ana, &thread).question(1).await;
    world.answer(&ana, &first, "Answer", &an_answer(1)).await;
    back_in(&world, &ana, &thread).question(2).await;
    world.kill();
    tamper(&world, "UPDATE interview_turns SET message_id = NULL WHERE seq = 2").await;
    tamper(&world, "UPDATE interviews SET plan = '{}'").await;
    world.start_again().await;
    // Others are served all the same, and what is broken is tried a few times, not twice a second.
    let ben = world.server.member("ben");
    let (interview, first) = Interview::start(&world, &ben, "/mock start track:behavioral length:10").await;
    interview.play(first).await;
    let tries = number(&world, "SELECT tries FROM interviews ORDER BY started_at_ms LIMIT 1").await;
    assert!((1..=3).contains(&tries), "{tries} tries");
}

/// Does to the database what no bot does.
async fn tamper(world: &World, sql: &'static str) {
    database(world).await.close().await;
    let url = format!("sqlite://{}", world.database().display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query(sql).execute(&pool).await.unwrap();
    pool.close().await;
}
