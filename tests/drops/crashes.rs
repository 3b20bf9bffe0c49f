//! At most once, however the process dies and whatever Discord was told or not told.

use std::time::Duration;

use coach::playground::Fault;
use coach::playground::permissions::READ_MESSAGE_HISTORY;

use super::{POSTING, Stage, THREADING, now_ms};

/// A stage on which Discord has a drop's message and the bot never heard of it.
async fn posted_unheard(options: &str) -> Stage {
    let stage = Stage::at("2027-03-03T08:00:00Z").await;
    stage.daily(&format!("time:09:00 {options}")).await;
    stage.fail("POST", POSTING, 1, Fault::DropAfter);
    stage.drop_now().await;
    stage.question().await;
    stage
}

#[tokio::test]
async fn a_message_that_the_dead_process_never_heard_of_is_found_and_gets_its_thread() {
    let mut stage = posted_unheard("thread:true").await;
    stage.world.restart().await;
    stage.statuses_become(&["sent"]).await;
    assert_eq!((stage.questions().len(), stage.world.channel.threads().len()), (1, 1));
    assert_eq!(stage.posts(), 1, "the history said that it is there");
    assert_eq!(stage.rows("SELECT CAST(count(*) AS TEXT) FROM servings").await, ["1"]);
}

#[tokio::test]
async fn it_is_found_after_the_nonce_has_expired_and_others_have_talked_for_long() {
    let mut stage = posted_unheard("").await;
    stage.world.kill();
    stage.world.playground.advance(Duration::from_secs(600));
    let ana = stage.world.server.member("ana");
    for n in 0..150 {
        ana.say(&stage.world.channel, &format!("message {n}")).unwrap();
    }
    stage.start().await;
    stage.statuses_become(&["sent"]).await;
    assert_eq!((stage.questions().len(), stage.posts()), (1, 1));
}

#[tokio::test]
async fn a_process_that_lives_on_looks_before_it_posts_again() {
    let stage = posted_unheard("").await;
    stage.statuses_become(&["sent"]).await;
    assert_eq!((stage.questions().len(), stage.posts()), (1, 1));
}

#[tokio::test]
async fn without_the_history_the_nonce_keeps_it_to_one_message() {
    let mut stage = posted_unheard("").await;
    stage.world.channel.deny_bot(READ_MESSAGE_HISTORY);
    stage.world.restart().await;
    stage.statuses_become(&["sent"]).await;
    assert_eq!((stage.questions().len(), stage.posts()), (1, 2));
}

#[tokio::test]
async fn without_history_and_nonce_it_is_rather_recorded_as_missed_than_posted_twice() {
    let mut stage = posted_unheard("").await;
    stage.world.channel.deny_bot(READ_MESSAGE_HISTORY);
    stage.world.playground.advance(Duration::from_secs(600));
    stage.restart_at("2027-03-03T08:10:00Z").await;
    stage.statuses_become(&["missed"]).await;
    assert_eq!((stage.questions().len(), stage.posts()), (1, 1));
    let list = stage.run("/drops list").await.text();
    assert!(list.contains("without Read Message History I cannot tell"), "{list}");
}

#[tokio::test]
async fn a_message_that_never_reached_discord_is_posted_by_the_next_process() {
    let mut stage = Stage::new().await;
    stage.daily("time:09:00 thread:true").await;
    stage.fail("POST", POSTING, 1, Fault::DropBefore);
    stage.drop_now().await;
    stage.statuses_become(&["sending"]).await;
    stage.world.restart().await;
    stage.statuses_become(&["sent"]).await;
    assert_eq!((stage.questions().len(), stage.world.channel.threads().len()), (1, 1));
}

#[tokio::test]
async fn killed_between_message_and_thread_only_the_thread_is_made() {
    for fault in [Fault::DropBefore, Fault::DropAfter] {
        let mut stage = Stage::new().await;
        stage.daily("time:09:00 thread:true").await;
        stage.fail("POST", THREADING, 1, fault);
        stage.drop_now().await;
        stage.statuses_become(&["threading"]).await;
        stage.world.restart().await;
        stage.statuses_become(&["sent"]).await;
        assert_eq!((stage.posts(), stage.world.channel.threads().len()), (1, 1));
    }
}

#[tokio::test]
async fn what_discord_fails_to_take_is_posted_when_it_recovers() {
    let stage = Stage::new().await;
    stage.daily("time:09:00").await;
    stage.fail("POST", POSTING, 1, Fault::Answer { status: 500, code: 0 });
    stage.drop_now().await;
    stage.statuses_become(&["sending"]).await;
    stage.rows_become("SELECT reason FROM deliveries", &["Discord did not answer: status 500"]).await;
    stage.statuses_become(&["sent"]).await;
    assert_eq!(stage.questions().len(), 1);
    assert_eq!(stage.rows("SELECT reason FROM deliveries").await, [""], "what is over is not told as if it were not");
}

#[tokio::test]
async fn what_discord_fails_to_take_until_its_window_has_passed_is_missed_and_listed() {
    let mut stage = Stage::at("2027-03-03T08:00:00Z").await;
    stage.daily("time:09:00").await;
    stage.fail("POST", POSTING, 100, Fault::Answer { status: 503, code: 0 });
    stage.restart_at("2027-03-03T09:00:02Z").await;
    stage.statuses_become(&["sending"]).await;
    stage.restart_at("2027-03-03T15:01:00Z").await;
    stage.statuses_become(&["missed"]).await;
    let list = stage.run("/drops list").await.text();
    assert!(list.contains("Missed <t:1804064400:f>: the catch-up window had passed."), "{list}");
    let asked = stage.on_schedule("preview").await.text();
    assert!(!asked.contains("are left before they repeat"), "a question that never came counts as asked:\n{asked}");
    assert_eq!(stage.questions().len(), 0);
}

#[tokio::test]
async fn a_rate_limit_is_waited_out_by_everyone_it_is_about() {
    for global in [false, true] {
        let stage = Stage::new().await;
        let other = stage.world.server.text_channel("other");
        stage.run("/drops create channel:#other days:daily time:10:00 time_zone:UTC").await;
        stage.daily("time:09:00").await;
        let ids = stage.schedule_ids().await;
        stage.fail("POST", POSTING, 1, Fault::RateLimit { retry_after: Duration::from_secs(1), global });
        let before = now_ms();
        stage.drop_now().await;
        let limited = stage.world.playground.wait_for_exchange("a 429", |e| e.status == Some(429)).await;
        stage.world.told(limited);
        // One more in the same channel, and one in another.
        stage.drop_now().await;
        stage.run(&format!("/drops run schedule:{}", ids[0])).await;
        let elsewhere = stage.question_in(&other).await;
        stage.statuses_become(&["sent", "sent", "sent"]).await;
        for question in stage.questions() {
            assert!(question.id.created_ms() >= before + 1_000, "global: {global}");
        }
        assert_eq!(elsewhere.id.created_ms() >= before + 1_000, global, "only a global limit is about other channels");
        assert_eq!((stage.questions().len(), stage.world.playground.invalid_requests()), (2, 1));
    }
}
