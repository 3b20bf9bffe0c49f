//! What Discord refuses for good: the schedule pauses, its moderators are told once, and nobody else notices.

use std::time::Duration;

use coach::playground::Fault;
use coach::playground::people::{Channel, Message};
use coach::playground::permissions::{CREATE_PUBLIC_THREADS, EMBED_LINKS, SEND_MESSAGES, VIEW_CHANNEL};

use super::{Stage, THREADING, is_question};

/// A stage with a daily schedule for a channel of its own, made from the practice channel.
async fn stage_with_quiz(options: &str) -> (Stage, Channel) {
    let stage = Stage::new().await;
    let quiz = stage.world.server.text_channel("quiz");
    stage.run(&format!("/drops create channel:#quiz days:daily time_zone:UTC time:09:00 {options}")).await;
    (stage, quiz)
}

fn is_notice(message: &Message) -> bool {
    message.text().starts_with("The question schedule for ")
}

async fn notice_in(stage: &Stage, channel: &Channel) -> String {
    let notice = stage.world.told(channel.wait_for("a word to the moderators", is_notice).await);
    assert!(notice.pings_nobody());
    notice.text()
}

fn notices(channel: &Channel) -> usize {
    channel.messages().iter().filter(|m| is_notice(m)).count()
}

#[tokio::test]
async fn a_lost_permission_pauses_the_schedule_until_it_is_mended_and_is_told_again_when_lost_again() {
    let (stage, quiz) = stage_with_quiz("").await;
    for _ in 1..=2 {
        let last = stage.world.channel.messages().pop().map(|message| message.id);
        quiz.deny_bot(SEND_MESSAGES);
        stage.drop_now().await;
        let wanted = |m: &Message| is_notice(m) && Some(m.id) > last;
        let notice = stage.world.told(stage.world.channel.wait_for("a word to the moderators", wanted).await).text();
        let wanted = format!(
            "The question schedule for <#{}> is paused: I lack Send Messages in its channel. Grant that under Edit \
             Channel, Permissions. Then use /drops resume.",
            quiz.id
        );
        assert_eq!(notice, wanted);
        let list = stage.run("/drops list").await.text();
        assert!(list.contains("⏸️ Paused: I lack Send Messages in its channel. Go on with /drops resume."), "{list}");
        let early = stage.on_schedule("resume").await.text();
        assert!(early.contains("I lack Send Messages there. Grant that under Edit Channel"), "{early}");
        quiz.deny_bot(0);
        assert!(stage.on_schedule("resume").await.text().starts_with("Resumed"));
    }
    stage.drop_now().await;
    stage.question_in(&quiz).await;
    stage.statuses_become(&["failed", "failed", "sent"]).await;
    assert_eq!(notices(&stage.world.channel), 2);
}

#[tokio::test]
async fn a_channel_that_was_deleted_or_closed_is_said_to_be() {
    let (stage, quiz) = stage_with_quiz("").await;
    quiz.deny_bot(VIEW_CHANNEL);
    stage.drop_now().await;
    let notice = notice_in(&stage, &stage.world.channel).await;
    assert!(notice.contains("is paused: I cannot see its channel. Give me View Channel there"), "{notice}");
    let (stage, quiz) = stage_with_quiz("").await;
    stage.drop_now().await;
    stage.question_in(&quiz).await;
    quiz.delete();
    stage.drop_now().await;
    let notice = notice_in(&stage, &stage.world.channel).await;
    assert!(
        notice.ends_with("its channel was deleted. Delete the schedule with /drops delete and create one elsewhere."),
        "{notice}"
    );
    let early = stage.on_schedule("resume").await.text();
    assert!(early.starts_with("That channel is gone."), "{early}");
}

#[tokio::test]
async fn moderators_are_told_elsewhere_when_their_channel_is_gone_too() {
    let (stage, quiz) = stage_with_quiz("").await;
    let (system, updates) = (stage.world.server.text_channel("system"), stage.world.server.text_channel("updates"));
    stage.world.server.set_notice_channels(Some(&system), Some(&updates));
    updates.deny_bot(SEND_MESSAGES);
    quiz.deny_bot(SEND_MESSAGES);
    let away = stage.world.server.text_channel("away");
    stage.world.channel.deny_bot(SEND_MESSAGES);
    let id = stage.schedule_ids().await.remove(0);
    stage.world.run_in(&stage.mia, &away, &format!("/drops run schedule:{id}")).await;
    let notice = notice_in(&stage, &system).await;
    assert!(notice.contains("I lack Send Messages"), "{notice}");
    stage.rows_become("SELECT CAST(count(*) AS TEXT) FROM notices WHERE done_ms IS NOT NULL", &["1"]).await;
    assert_eq!((notices(&updates), notices(&stage.world.channel), notices(&away)), (0, 0, 0));
}

#[tokio::test]
async fn with_nowhere_to_tell_them_the_list_still_says_why() {
    let (stage, quiz) = stage_with_quiz("").await;
    quiz.deny_bot(SEND_MESSAGES);
    stage.world.channel.deny_bot(SEND_MESSAGES);
    stage.drop_now().await;
    stage.rows_become("SELECT CAST(count(*) AS TEXT) FROM notices WHERE done_ms IS NOT NULL", &["1"]).await;
    let list = stage.run("/drops list").await.text();
    assert!(list.contains("Paused: I lack Send Messages in its channel."), "{list}");
}

#[tokio::test]
async fn a_thread_that_may_not_be_opened_costs_nobody_the_question() {
    let (stage, quiz) = stage_with_quiz("thread:true").await;
    quiz.deny_bot(CREATE_PUBLIC_THREADS);
    stage.drop_now().await;
    stage.question_in(&quiz).await;
    let notice = notice_in(&stage, &stage.world.channel).await;
    assert!(
        notice.ends_with(
            "posted its question without a thread: I lack Create Public Threads in its channel. Grant that under Edit \
             Channel, Permissions."
        ),
        "{notice}"
    );
    let list = stage.run("/drops list").await.text();
    assert!(list.contains(", without a thread: I lack Create Public Threads in its channel."), "{list}");
    stage.drop_now().await;
    stage.statuses_become(&["sent", "sent"]).await;
    assert_eq!(notices(&stage.world.channel), 1, "once is enough");
    quiz.deny_bot(0);
    stage.drop_now().await;
    stage.statuses_become(&["sent", "sent", "sent"]).await;
    stage.rows_become("SELECT key FROM notices", &[]).await;
    assert_eq!(quiz.threads().len(), 1);
}

#[tokio::test]
async fn without_the_right_to_embed_the_question_comes_as_text() {
    let (stage, quiz) = stage_with_quiz("topics:caching").await;
    quiz.deny_bot(EMBED_LINKS);
    stage.drop_now().await;
    let readable = |m: &Message| is_question(m) && m.content.starts_with("**");
    let question = stage.world.told(quiz.wait_for("a question that can be read", readable).await);
    assert!(question.embeds().is_empty() && question.content.chars().count() > 200, "{}", question.text());
    stage.statuses_become(&["sent"]).await;
}

#[tokio::test]
async fn a_thread_that_discord_cannot_open_is_given_up_with_the_window_and_the_question_stays_posted() {
    let mut stage = Stage::at("2027-03-03T08:00:00Z").await;
    stage.daily("time:09:00 thread:true").await;
    stage.fail("POST", THREADING, 100, Fault::Answer { status: 500, code: 0 });
    stage.restart_at("2027-03-03T09:00:02Z").await;
    stage.statuses_become(&["threading"]).await;
    stage.restart_at("2027-03-03T15:01:00Z").await;
    stage.statuses_become(&["sent"]).await;
    assert_eq!(stage.questions().len(), 1);
    let list = stage.run("/drops list").await.text();
    assert!(list.contains("without a thread: Discord did not answer: status 500."), "{list}");
}

#[tokio::test]
async fn one_servers_trouble_neither_stops_nor_delays_anothers_drops() {
    let (stage, quiz) = stage_with_quiz("").await;
    let other = stage.world.playground.add_server("Elsewhere");
    let (room, eve) = (other.text_channel("general"), other.moderator("eve"));
    let create = "/drops create channel:#general days:daily time_zone:UTC time:09:00";
    assert!(stage.world.run_in(&eve, &room, create).await.text().starts_with("Created"));
    let ids = stage.schedule_ids().await;
    let in_quiz = format!("/channels/{}/messages", quiz.id);
    for fault in [
        Fault::RateLimit { retry_after: Duration::from_secs(50), global: false },
        Fault::Delay(Duration::from_secs(25)),
        Fault::Answer { status: 403, code: 50013 },
    ] {
        stage.fail("POST", &in_quiz, 1, fault.clone());
        stage.run(&format!("/drops run schedule:{}", ids[0])).await;
        let last = room.messages().pop().map(|message| message.id);
        let began = std::time::Instant::now();
        stage.world.run_in(&eve, &room, &format!("/drops run schedule:{}", ids[1])).await;
        let next = |m: &Message| is_question(m) && Some(m.id) > last;
        stage.world.told(room.wait_for("the other server's question", next).await);
        assert!(began.elapsed() < Duration::from_secs(10), "{fault:?} held it up for {:?}", began.elapsed());
    }
    assert!(stage.run("/drops list").await.text().contains("1. "));
}
