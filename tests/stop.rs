//! Stopping: what was begun is finished, or a row that the next start picks up.
//!
//! The playground gets threads of its own here, since waiting for a process to end blocks the test's.

use std::time::{Duration, Instant};

use coach::playground::people::{Channel, Person};
use coach::playground::{Fault, Options};
use sqlx::SqliteConnection;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::app::World;

/// The longest a stop may take.
const AT_MOST: Duration = Duration::from_secs(10);

const ANSWER: &str =
    "I would put a pool in front, bound it, and watch the wait time, because each connection costs memory.";

/// Stops the bot as an init system does, and expects it to go in good order and in time.
fn stop_well(world: &mut World, signal: &str) -> Duration {
    let (status, took) = world.stop_by(signal);
    assert_eq!(status.code(), Some(0));
    assert!(took < AT_MOST, "{signal} took {took:?}");
    took
}

async fn count(database: &mut SqliteConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(database).await.unwrap()
}

/// Starts an interview and returns its thread, once the first question stands in it.
async fn interview(world: &World, person: &Person) -> Channel {
    world.run(person, "/mock start track:technical length:10").await;
    let thread = world.told(world.channel.wait_for_thread("the interview's thread", |_| true).await);
    world.told(thread.wait_for("the first question", |message| message.button("Answer").is_some()).await);
    thread
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn either_signal_ends_an_idle_bot_at_once_and_says_so() {
    for signal in ["TERM", "INT"] {
        let mut world = World::new().await;
        let took = stop_well(&mut world, signal);
        assert!(took < Duration::from_secs(3), "{signal} took {took:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_while_discord_does_not_answer_at_start_ends_it_without_an_error() {
    let mut world = World::without_bot(Options::default(), &[]).await;
    world.playground.plan_fault("GET", "/users/@me", 1, Fault::Delay(Duration::from_secs(4)));
    world.launch();
    // The database is opened before Discord is asked, so the bot is on its way by then.
    let file = world.database();
    while !file.exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = stop_well(&mut world, "TERM");
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_while_the_gateway_refuses_connections_ends_it() {
    let mut world = World::without_bot(Options::default(), &[]).await;
    world.playground.refuse_gateway_connections(true);
    world.launch();
    world.told(world.playground.wait_for_exchange("the gateway's address", |e| e.path == "/gateway").await);
    stop_well(&mut world, "TERM");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_a_slow_model_is_judging_is_stored_and_the_interview_goes_on_after_the_stop() {
    let model = MockServer::start().await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    Mock::given(method("POST")).respond_with(slow).mount(&model).await;
    let settings = [("OPENAI_BASE_URL", format!("{}/v1", model.uri())), ("COACH_LLM__TIMEOUT_MS", "60000".to_owned())];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut world = World::with(Options::default(), &settings).await;
    let ana = world.server.member("ana");
    let thread = interview(&world, &ana).await;
    let first = thread.messages().into_iter().find(|message| message.button("Answer").is_some()).unwrap();
    world.answer(&ana, &first, "Answer", ANSWER).await;
    // Typing is shown while the model thinks: the request is on its way.
    world.told(world.playground.wait_for_exchange("typing", |e| e.path.ends_with("/typing")).await);
    stop_well(&mut world, "TERM");

    let mut database = world.connect().await;
    let stored = count(&mut database, "SELECT count(*) FROM interview_turns WHERE answer IS NOT NULL").await;
    assert_eq!(stored, 1);
    world.set("COACH_LLM__ENABLED", "false");
    world.start().await;
    let next =
        |message: &coach::playground::people::Message| message.id > first.id && message.button("Answer").is_some();
    world.told(thread.wait_for("the next question", next).await);
    assert_eq!(count(&mut database, "SELECT count(*) FROM interview_turns").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drops_that_discord_takes_long_over_are_finished_or_sent_by_the_next_process_once_each() {
    let mut world = World::new().await;
    let moderator = world.server.moderator("mo");
    const SCHEDULES: usize = 5;
    for minute in 0..SCHEDULES {
        let typed = format!("/drops create channel:#practice time:3:0{minute} days:daily time_zone:UTC");
        world.run(&moderator, &typed).await;
    }
    // Longer than the bot waits for what is under way, so that some requests are cut off after they were made.
    world.playground.plan_fault("POST", "/channels/*/messages", 3, Fault::Delay(Duration::from_secs(20)));
    let mut database = world.connect().await;
    let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM schedules").fetch_all(&mut database).await.unwrap();
    for id in &ids {
        world.run(&moderator, &format!("/drops run schedule:{id}")).await;
    }
    stop_well(&mut world, "TERM");
    assert_eq!(count(&mut database, "SELECT count(*) FROM deliveries").await, 5);
    world.start().await;
    let deadline = Instant::now() + Duration::from_secs(30);
    while count(&mut database, "SELECT count(*) FROM deliveries WHERE status != 'sent'").await > 0 {
        assert!(Instant::now() < deadline, "{}", world.log());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(drops(&world).len(), SCHEDULES, "no drop twice");
}

/// The drops in the channel.
fn drops(world: &World) -> Vec<coach::playground::people::Message> {
    world.channel.messages().into_iter().filter(|message| message.button("Answer").is_some()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_sent_right_before_the_stop_is_answered_or_nowhere() {
    let mut world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, "/question").await;
    world.playground.plan_fault("POST", "/interactions/**", 2, Fault::Delay(Duration::from_millis(700)));
    let pressed = world.told(ana.press(&shown, "Answer").await);
    let modal = world.told(pressed.modal());
    let submitting = tokio::spawn({
        let ana = ana.clone();
        async move { ana.submit(&modal, &[("answer", ANSWER)]).await }
    });
    let mut database = world.connect().await;
    while count(&mut database, "SELECT count(*) FROM attempts").await == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    stop_well(&mut world, "TERM");
    let response = submitting.await.unwrap().unwrap();
    assert!(response.message().unwrap().text().contains("of 100"), "what was graded is shown before the process ends");
    assert_eq!(count(&mut database, "SELECT count(*) FROM attempts").await, 1);
}

#[tokio::test]
async fn buttons_shown_by_a_process_that_was_killed_work_in_the_next() {
    let mut world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, "/question").await;
    world.restart().await;
    let result = world.answer(&ana, &shown, "Answer", ANSWER).await;
    assert!(result.text().contains("of 100"), "{}", result.text());
}
