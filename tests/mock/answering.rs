//! Ways to answer, and who may.

use coach::playground::{Fault, Options};

use super::story::{Interview, an_answer, number, turns};
use crate::support::app::World;

const EXPLANATION: &str = "I can only read messages that reply to me";

#[tokio::test]
async fn an_answer_may_come_by_form_by_reply_or_by_mention() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start length:30").await;
    let shown = interview.answer(&first, &an_answer(1)).await;
    assert!(!shown.is_ephemeral(), "the thread reads as a conversation");
    assert!(shown.text().contains("point 1"), "{}", shown.text());
    let second = interview.question(2).await;
    ana.reply(&second, &an_answer(2)).unwrap();
    interview.question(3).await;
    ana.mention_bot(&interview.thread, &an_answer(3)).unwrap();
    interview.question(4).await;
    let stored = turns(&world).await;
    let answers: Vec<_> = stored.iter().filter_map(|turn| turn.answer.clone()).collect();
    assert_eq!(answers, [an_answer(1), an_answer(2), an_answer(3)], "without the mention that addressed it");
    let sources: Vec<_> = stored.iter().filter_map(|t| t.answer_source.as_ref()?.split(':').next()).collect();
    assert_eq!(sources, ["modal", "reply", "mention"]);
}

#[tokio::test]
async fn with_message_content_on_a_plain_message_is_an_answer() {
    let options = Options { message_content: true, ..Options::default() };
    let world = World::with(options, &[("COACH_DISCORD__MESSAGE_CONTENT", "true")]).await;
    let ana = world.server.member("ana");
    let (interview, _) = Interview::start(&world, &ana, "/mock start").await;
    ana.say(&interview.thread, &an_answer(1)).unwrap();
    interview.question(2).await;
    let stored = turns(&world).await;
    assert_eq!(stored[0].answer, Some(an_answer(1)));
    assert!(stored[0].answer_source.as_ref().unwrap().starts_with("message:"));
}

#[tokio::test]
async fn a_message_whose_text_is_withheld_gets_one_explanation_a_question() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    let explained = || interview.all_said().matches(EXPLANATION).count();
    ana.say(&interview.thread, "I would put a cache in front of the database").unwrap();
    interview.thread.wait_for("an explanation", |m| m.text().contains(EXPLANATION)).await.unwrap();
    ana.reply_quietly(&first, "And here is some more about the cache").unwrap();
    ana.say(&interview.thread, "Are you there?").unwrap();
    // What is answered afterwards was heard afterwards.
    ana.reply(&first, &an_answer(1)).unwrap();
    interview.question(2).await;
    assert_eq!(explained(), 1);
    ana.say(&interview.thread, "I forgot how this works").unwrap();
    let again = |message: &coach::playground::people::Message| message.text().contains(EXPLANATION);
    let first_id = interview.thread.wait_for("an explanation", again).await.unwrap().id;
    interview.thread.wait_for("another", |m| again(m) && m.id != first_id).await.unwrap();
    assert_eq!(turns(&world).await.iter().filter(|t| t.answer.is_some()).count(), 1);
}

#[tokio::test]
async fn what_others_say_in_the_thread_is_no_answer() {
    let world = World::new().await;
    let (ana, ben) = (world.server.member("ana"), world.server.member("ben"));
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    ana.invite(&interview.thread, &ben).unwrap();
    ben.reply(&first, "I know this one: it is all about the connection pool and its size.").unwrap();
    ben.mention_bot(&interview.thread, "Please listen to me instead, I would use a queue for that.").unwrap();
    let pressed = world.press(&ben, &first, "Answer").await;
    assert!(pressed.is_ephemeral());
    assert_eq!(pressed.text(), format!("This is <@{}>’s interview. Start your own with /mock start.", ana.id));
    ana.reply(&first, &an_answer(1)).unwrap();
    interview.question(2).await;
    assert_eq!(turns(&world).await[0].answer, Some(an_answer(1)));
}

#[tokio::test]
async fn a_form_of_anothers_interview_is_refused_and_gives_the_words_back() {
    let world = World::new().await;
    let (ana, ben) = (world.server.member("ana"), world.server.member("ben"));
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    ana.invite(&interview.thread, &ben).unwrap();
    let form = ana.press(&first, "Answer").await.unwrap().modal().unwrap();
    let words = vec![("answer".to_owned(), "The words of somebody else, submitted by hand.".to_owned())];
    let refused = ben.submit_raw(&form, &form.custom_id, &words).await.unwrap().settled().await.unwrap();
    assert!(refused.text().contains("Start your own"), "{}", refused.text());
    assert!(refused.text().contains("The words of somebody else"), "{}", refused.text());
    assert_eq!(number(&world, "SELECT count(*) FROM interview_turns WHERE answer IS NOT NULL").await, 0);
}

#[tokio::test]
async fn of_two_forms_at_once_one_is_the_answer_and_the_other_gets_its_words_back() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    let (one, two) = tokio::join!(ana.press(&first, "Answer"), ana.press(&first, "Answer"));
    let (one, two) = (one.unwrap().modal().unwrap(), two.unwrap().modal().unwrap());
    let (left, right) = (an_answer(1), an_answer(10));
    let (left, right) = ([("answer", left.as_str())], [("answer", right.as_str())]);
    let (a, b) = tokio::join!(ana.submit(&one, &left), ana.submit(&two, &right));
    let texts = [a.unwrap().settled().await.unwrap().text(), b.unwrap().settled().await.unwrap().text()];
    let refused: Vec<_> = texts.iter().filter(|t| t.contains("has its answer already")).collect();
    assert_eq!(refused.len(), 1, "{texts:?}");
    assert!(refused[0].contains("Your words, to copy"), "{refused:?}");
    interview.question(2).await;
    assert_eq!(interview.asked().len(), 2, "one answer leads to one question");
}

#[tokio::test]
async fn a_press_on_an_old_question_points_to_the_newest() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    let form = ana.press(&first, "Answer").await.unwrap().modal().unwrap();
    interview.answer(&first, &an_answer(1)).await;
    interview.question(2).await;
    let old = world.press(&ana, &first, "Answer").await;
    assert_eq!(old.text(), "That question has its answer already. Please answer the newest one.");
    // A form that was open all the while.
    let late = ana.submit(&form, &[("answer", "What I typed meanwhile, at length.")]).await.unwrap();
    let late = late.settled().await.unwrap();
    assert!(late.is_ephemeral() && late.text().contains("What I typed meanwhile"), "{}", late.text());
    assert_eq!(turns(&world).await[1].answer, None);
}

#[tokio::test]
async fn an_edited_answer_stays_as_it_was_given() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    let said = ana.reply(&first, &an_answer(1)).unwrap();
    let second = interview.question(2).await;
    ana.edit(&said, "On reflection I would say something entirely different here.").unwrap();
    interview.answer(&second, &an_answer(2)).await;
    interview.question(3).await;
    let answers: Vec<_> = turns(&world).await.into_iter().filter_map(|turn| turn.answer).collect();
    assert_eq!(answers, [an_answer(1), an_answer(2)]);
}

#[tokio::test]
async fn a_reply_to_a_question_whose_posting_seemed_to_fail_is_heard() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    world.playground.plan_fault("POST", "/channels/*/messages", 1, Fault::DropAfter);
    interview.answer(&first, &an_answer(1)).await;
    let second = interview.question(2).await;
    ana.reply(&second, &an_answer(2)).unwrap();
    interview.question(3).await;
    assert_eq!(turns(&world).await[1].answer, Some(an_answer(2)));
    assert_eq!(interview.asked().len(), 3);
}

#[tokio::test]
async fn a_form_for_a_question_whose_posting_seemed_to_fail_does_not_bring_it_back() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    world.playground.plan_fault("POST", "/channels/*/messages", 1, Fault::DropAfter);
    interview.answer(&first, &an_answer(1)).await;
    let second = interview.question(2).await;
    // The nonce no longer helps.
    world.playground.advance(std::time::Duration::from_secs(600));
    interview.answer(&second, &an_answer(2)).await;
    interview.question(3).await;
    assert_eq!(interview.asked().len(), 3);
}
