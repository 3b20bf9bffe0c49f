//! Where an interview can be had: permissions, kinds of channels, threads that are archived, locked or gone.

use coach::playground::people::{Channel, Person};
use coach::playground::permissions::{
    CREATE_PRIVATE_THREADS, CREATE_PUBLIC_THREADS, READ_MESSAGE_HISTORY, SEND_MESSAGES_IN_THREADS,
};

use super::story::{Interview, an_answer, number, turns};
use crate::support::app::World;

#[tokio::test]
async fn without_private_threads_the_interview_is_public_and_says_so() {
    let world = World::new().await;
    let (ana, ben) = (world.server.member("ana"), world.server.member("ben"));
    world.channel.deny_bot(CREATE_PRIVATE_THREADS);
    let told = world.run(&ana, "/mock start").await;
    assert!(told.text().contains("others in this channel can read it"), "{}", told.text());
    let interview = Interview::told_of(&world, &ana, &told);
    interview.question(1).await;
    assert!(!interview.thread.is_private());
    assert!(!ben.sees(&interview.thread).is_empty());
}

#[tokio::test]
async fn without_the_permission_for_threads_the_refusal_names_it() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    for missing in [CREATE_PRIVATE_THREADS | CREATE_PUBLIC_THREADS, SEND_MESSAGES_IN_THREADS] {
        world.channel.deny_bot(missing);
        let refused = world.run(&ana, "/mock start").await;
        assert!(refused.is_ephemeral());
        let text = refused.text();
        assert!(text.contains("Create Private Threads and Send Messages in Threads"), "{text}");
    }
    assert!(world.channel.threads().is_empty());
    assert_eq!(number(&world, "SELECT count(*) FROM interviews").await, 0);
}

#[tokio::test]
async fn an_interview_is_for_servers() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let refused = ana.run(&ana.dm(), "/mock start").await.unwrap_err();
    assert!(refused.to_string().contains("only for servers"), "{refused}");
}

#[tokio::test]
async fn started_in_a_thread_the_interview_opens_beside_it() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let talk = world.channel.add_thread("talk");
    let told = world.run_in(&ana, &talk, "/mock start").await;
    let interview = Interview::told_of(&world, &ana, &told);
    interview.question(1).await;
    assert_ne!(interview.thread.id, talk.id);
    assert_eq!(world.channel.threads().len(), 2);
}

#[tokio::test]
async fn started_under_a_post_of_a_forum_the_refusal_says_where_it_works() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let post = world.server.forum_channel("questions").add_thread("a post");
    let refused = world.run_in(&ana, &post, "/mock start").await.text();
    assert!(refused.ends_with("Run /mock start in a text channel."), "{refused}");
}

#[tokio::test]
async fn an_archived_thread_wakes_up_for_the_next_question() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, _) = Interview::start(&world, &ana, "/mock start").await;
    interview.thread.set_archived(true);
    let resumed = world.run(&ana, "/mock resume").await;
    interview.answer(&resumed, &an_answer(1)).await;
    interview.question(2).await;
    assert!(!interview.thread.is_archived());
}

#[tokio::test]
async fn a_locked_thread_keeps_the_interview_waiting_until_it_is_unlocked() {
    let mut world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, _) = Interview::start(&world, &ana, "/mock start").await;
    let thread = interview.thread.clone();
    thread.set_locked(true);
    let resumed = world.run(&ana, "/mock resume").await;
    world.answer(&ana, &resumed, "Answer", &an_answer(1)).await;
    let refused = |x: &coach::playground::Exchange| x.path.ends_with("/messages") && x.status == Some(400);
    world.playground.wait_for_exchange("a refused post", refused).await.unwrap();
    thread.set_locked(false);
    world.restart().await;
    let interview = Interview { world: &world, candidate: ana.clone(), thread };
    interview.question(2).await;
    assert_eq!(interview.asked().len(), 2);
    assert_eq!(turns(&world).await[0].answer, Some(an_answer(1)));
}

#[tokio::test]
async fn deleting_the_thread_ends_the_interview() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    interview.answer(&first, &an_answer(1)).await;
    interview.question(2).await;
    interview.thread.delete();
    let next = started_at_last(&world, &ana).await;
    assert_ne!(next.id, interview.thread.id);
    let history = world.run(&ana, "/mock history").await.text();
    assert!(history.contains("of 100"), "what was answered is not lost: {history}");
    assert_eq!(number(&world, "SELECT count(*) FROM attempts").await, 1);
}

#[tokio::test]
async fn a_thread_deleted_while_the_bot_was_down_ends_the_interview_too() {
    let mut world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    interview.answer(&first, &an_answer(1)).await;
    interview.question(2).await;
    let thread = interview.thread.clone();
    world.kill();
    thread.delete();
    world.start_again().await;
    let gone = |x: &coach::playground::Exchange| x.path.contains(&thread.id.to_string()) && x.status == Some(404);
    world.playground.wait_for_exchange("the thread to be missed", gone).await.unwrap();
    let next = started_at_last(&world, &ana).await;
    assert_ne!(next.id, thread.id);
    assert_eq!(number(&world, "SELECT count(*) FROM interviews WHERE ended_at_ms IS NULL").await, 1);
}

#[tokio::test]
async fn an_interview_works_where_the_history_may_not_be_read() {
    let mut world = World::new().await;
    let ana = world.server.member("ana");
    world.channel.deny_bot(READ_MESSAGE_HISTORY);
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    ana.reply(&first, &an_answer(1)).unwrap();
    interview.question(2).await;
    let thread = interview.thread.clone();
    world.restart().await;
    let interview = Interview { world: &world, candidate: ana.clone(), thread };
    let second = interview.question(2).await;
    interview.answer(&second, &an_answer(2)).await;
    interview.question(3).await;
    assert_eq!(interview.asked().len(), 3);
}

/// Starts an interview as soon as the one before is over, and gives its thread.
async fn started_at_last(world: &World, candidate: &Person) -> Channel {
    let began = std::time::Instant::now();
    loop {
        let told = world.run(candidate, "/mock start").await;
        if told.text().starts_with("Your interview is in") {
            return Interview::told_of(world, candidate, &told).thread;
        }
        assert!(told.text().contains("already have a mock interview running"), "{}", told.text());
        assert!(began.elapsed() < std::time::Duration::from_secs(10), "the interview does not end");
    }
}
