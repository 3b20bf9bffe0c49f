//! The gateway's bad days: whatever ends the connection, the bot comes back and answers.

use std::time::Duration;

use coach::playground::{Options, intents};

use crate::support::app::World;

/// How a connection came back.
#[derive(Debug, PartialEq)]
enum Back {
    Resumed,
    Anew,
}

/// Waits until the bot is connected again after something happened, and says how it came back.
async fn back(world: &World, before: (u64, u64)) -> Back {
    let (identified, resumed) = before;
    let back = tokio::select! {
        result = world.playground.wait_for_resumes(resumed + 1) => { world.told(result); Back::Resumed }
        result = world.playground.wait_for_identifies(identified + 1) => { world.told(result); Back::Anew }
    };
    world.told(world.playground.wait_for_gateway().await);
    back
}

/// A command works, which is what all of this is about.
async fn still_answers(world: &World) {
    let ana = world.server.member("ana");
    let shown = world.run(&ana, "/question").await;
    assert!(shown.button("Answer").is_some(), "{}", shown.text());
}

/// Has the playground end the connection in some way and expects the bot back.
async fn survives(options: Options, end: impl FnOnce(&World)) -> Back {
    let world = World::with(options, &[]).await;
    let before = world.playground.gateway_counts();
    end(&world);
    let back = back(&world, before).await;
    still_answers(&world).await;
    back
}

#[tokio::test]
async fn a_close_that_leaves_the_session_alone_is_resumed() {
    for code in [1000, 1001, 4000, 4001, 4002, 4005, 4008] {
        let back = survives(Options::default(), |world| world.playground.close_gateway(code)).await;
        assert_eq!(back, Back::Resumed, "{code}");
    }
}

#[tokio::test]
async fn a_session_that_timed_out_is_begun_anew() {
    assert_eq!(survives(Options::default(), |world| world.playground.close_gateway(4009)).await, Back::Anew);
}

#[tokio::test]
async fn an_invalid_sequence_is_begun_anew() {
    assert_eq!(survives(Options::default(), |world| world.playground.close_gateway(4007)).await, Back::Anew);
}

#[tokio::test]
async fn a_close_for_not_being_authenticated_is_got_over() {
    let options = Options { heartbeat_interval: Duration::from_millis(500), ..Options::default() };
    survives(options, |world| world.playground.close_gateway(4003)).await;
}

#[tokio::test]
async fn being_asked_to_reconnect_resumes() {
    assert_eq!(survives(Options::default(), |world| world.playground.ask_to_reconnect()).await, Back::Resumed);
}

#[tokio::test]
async fn an_invalid_session_that_may_be_resumed_is_resumed() {
    assert_eq!(survives(Options::default(), |world| world.playground.invalidate_sessions(true)).await, Back::Resumed);
}

#[tokio::test]
async fn an_invalid_session_that_may_not_be_resumed_is_begun_anew() {
    assert_eq!(survives(Options::default(), |world| world.playground.invalidate_sessions(false)).await, Back::Anew);
}

#[tokio::test]
async fn a_connection_that_breaks_off_without_a_word_is_resumed() {
    assert_eq!(survives(Options::default(), |world| world.playground.cut_gateway()).await, Back::Resumed);
}

#[tokio::test]
async fn a_gateway_that_no_longer_acknowledges_heartbeats_is_left_for_a_new_connection() {
    let options = Options { heartbeat_interval: Duration::from_millis(300), ..Options::default() };
    let world = World::with(options, &[]).await;
    let before = world.playground.gateway_counts();
    world.playground.ignore_heartbeats(true);
    world.wait_for_log("the connection to Discord was lost").await;
    world.playground.ignore_heartbeats(false);
    back(&world, before).await;
    still_answers(&world).await;
}

#[tokio::test]
async fn a_gateway_that_refuses_connections_for_a_while_is_tried_until_it_is_back() {
    let world = World::new().await;
    let before = world.playground.gateway_counts();
    world.playground.refuse_gateway_connections(true);
    world.playground.cut_gateway();
    world.wait_for_log("the connection to Discord was lost").await;
    world.playground.refuse_gateway_connections(false);
    back(&world, before).await;
    still_answers(&world).await;
}

#[tokio::test]
async fn an_answer_given_during_an_outage_fails_visibly_and_works_when_pressed_again() {
    let world =
        World::with(Options { acknowledge_within: Duration::from_millis(800), ..Options::default() }, &[]).await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, "/question").await;
    let modal = world.told(world.told(ana.press(&shown, "Answer").await).modal());
    let before = world.playground.gateway_counts();
    world.playground.refuse_gateway_connections(true);
    world.playground.cut_gateway();
    world.wait_for_log("the connection to Discord was lost").await;
    let answer =
        [("answer", "I would bound the pool and watch how long callers wait, because connections cost memory.")];
    let lost = ana.submit(&modal, &answer).await.unwrap_err();
    assert_eq!(lost.to_string(), "The application did not respond");
    world.playground.refuse_gateway_connections(false);
    back(&world, before).await;
    let result = world.told(world.told(ana.submit(&modal, &answer).await).settled().await);
    assert!(result.text().contains("of 100"), "{}", result.text());
}

#[tokio::test]
async fn no_privileged_intent_is_asked_for_and_the_text_of_messages_stays_unknown() {
    let world = World::new().await;
    assert_eq!(world.playground.session_intents(), [intents::GUILDS | intents::GUILD_MESSAGES]);
}

#[tokio::test]
async fn the_message_content_intent_is_asked_for_when_it_is_switched_on_in_both_places() {
    let options = Options { message_content: true, ..Options::default() };
    let world = World::with(options, &[("COACH_DISCORD__MESSAGE_CONTENT", "true")]).await;
    let asked = intents::GUILDS | intents::GUILD_MESSAGES | intents::MESSAGE_CONTENT;
    assert_eq!(world.playground.session_intents(), [asked]);
}
